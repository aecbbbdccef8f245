//! The job of one order: when it is due the report is written and handed in, once for each span of
//! days, and only to whoever may still see what is in it.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::base::clock::day_of;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::mail::{Enclosed, Mail};
use crate::base::queue::{Job, Outcome};
use crate::base::seal::Keys;
use crate::base::sheet::Format;
use crate::org::TenantId;
use crate::org::access::Permission;
use crate::org::notices::{self, Parcel, Piece, State, site};
use crate::work::ReportId;
use crate::work::bulletins;
use crate::work::figures::{self, Asked, ScopeKind, Span};
use crate::work::reports::model::{Frame, Rhythm, of_bulletin, of_figures};
use crate::work::reports::queries::{self, Due};

/// The kind of job that sends a report; its key is the order with its version.
pub const SEND: &str = "report";
/// How long a report waits for a server to be configured before it looks again.
const UNCONFIGURED: Duration = Duration::minutes(10);

const LEFT: &str = "订的时候的职务现在不是您的了，没有送。请用现在的职务重新订，或者停发这一份。";
const OUT_OF_REACH: &str = "您的职务现在看不到这个范围的数据，没有送。请改范围，或者停发这一份。";
const GONE: &str = "这个范围已经撤销，没有送。请改范围，或者停发这一份。";
const NO_ADDRESS: &str = "您没有留邮箱，没有送。请在“怎么收消息”里填邮箱。";
const OLDER: &str = "一直没有送出，已经到了下一期，这一期不再送。";

/// What is sent of an order that came due.
struct Report {
    span: Span,
    /// How many before it are left out.
    passed: i32,
    subject: String,
    text: String,
    file: Option<Enclosed>,
}

/// Sends what is due of an order. While no server is configured it waits; then the newest is sent, as
/// after any standstill.
pub async fn send(tx: &mut Tx, job: &Job, (mail, keys): (&Mail, &Keys)) -> Result<Outcome> {
    let tenant = TenantId(job.tenant);
    let now = tx.now;
    let Some((id, version)) = order_of(&job.key) else {
        return Ok(Outcome::Done);
    };
    let Some(due) = queries::hold_due(tx, tenant, (id, version)).await? else {
        return Ok(Outcome::Done);
    };
    let Some(next_at) = due.next_at else {
        return Ok(Outcome::Done);
    };
    if next_at > now {
        return Ok(Outcome::At(next_at));
    }
    if !mail.is_configured() {
        return Ok(Outcome::At(now + UNCONFIGURED));
    }
    let bulletin = match due.wanted.rhythm {
        Rhythm::Bulletin => bulletins::newest_after(tx, tenant, due.since).await?,
        Rhythm::Daily | Rhythm::Weekly | Rhythm::Monthly => None,
    };
    let since = bulletin.as_ref().map_or(due.since, |b| b.issued_at);
    let is_bulletin = due.wanted.rhythm == Rhythm::Bulletin;
    let outcome = if is_bulletin && bulletin.is_none() {
        Outcome::Done
    } else {
        let report = written(tx, tenant, &due, (next_at, bulletin.as_ref())).await?;
        handed_in(tx, job, (id, &due), report, (mail, keys)).await?
    };
    if outcome != Outcome::Done {
        return Ok(outcome);
    }
    let next = due.wanted.rhythm.next(due.wanted.hour, now);
    queries::go_on(tx, tenant, id, (next, since)).await?;
    Ok(Outcome::At(next))
}

/// The order and the version of a job's key.
fn order_of(key: &str) -> Option<(ReportId, i32)> {
    let (id, version) = key.split_once(':')?;
    Some((id.parse().ok()?, version.parse().ok()?))
}

/// Why a report is not to be sent, if it is not.
fn withheld(due: &Due) -> Option<&'static str> {
    let may_read = due.post.may(Permission::ReadFigures);
    let is_within = due.wanted.rhythm == Rhythm::Bulletin
        || ScopeKind::within(&due.own, &due.wanted.scope).is_some();
    if !due.holds {
        Some(LEFT)
    } else if !may_read || !is_within {
        Some(OUT_OF_REACH)
    } else if due.name.is_none() {
        Some(GONE)
    } else if !due.has_mail {
        Some(NO_ADDRESS)
    } else {
        None
    }
}

/// The newest report that is due; or only which it would be, and why it is not sent.
async fn written(
    tx: &mut Tx,
    tenant: TenantId,
    due: &Due,
    (next_at, bulletin): (DateTime<Utc>, Option<&bulletins::PutOut>),
) -> Result<std::result::Result<Report, (Report, &'static str)>> {
    let (now, today, wanted) = (tx.now, tx.today(), &due.wanted);
    let name = due.name.as_deref().unwrap_or("（范围已撤销）");
    let day = wanted.rhythm.newest(wanted.hour, now);
    let mut report = Report {
        span: bulletin.map_or(wanted.rhythm.span(day), |b| Span::month_of(b.month)),
        passed: wanted.rhythm.passed(day_of(next_at), day),
        subject: String::new(),
        text: String::new(),
        file: None,
    };
    let span = report.span;
    if let Some(why) = withheld(due) {
        report.subject = format!("{name}{}，{}", wanted.rhythm.label(), span.title());
        return Ok(Err((report, why)));
    }
    let order = wanted.told(name);
    let site = site(&due.host);
    let frame = Frame {
        city: &due.city,
        site: &site,
        person: &due.person_name,
        order: &order,
        passed: report.passed,
    };
    if let Some(bulletin) = bulletin {
        (report.subject, report.text) = of_bulletin(bulletin, frame);
        return Ok(Ok(report));
    }
    let kind = ScopeKind::of_key(&wanted.scope).unwrap_or(ScopeKind::City);
    let asked = Asked::of((&wanted.scope, kind), span);
    let Some(read) = figures::read(tx, tenant, asked).await? else {
        report.subject = format!("{name}{}，{}", wanted.rhythm.label(), span.title());
        return Ok(Err((report, GONE)));
    };
    let table = figures::table(&read, due.post, (span, today), Format::Xlsx)?;
    let days = (wanted.rhythm, span, today);
    (report.subject, report.text) = of_figures(&read, due.post, days, frame);
    report.file = Some(Enclosed {
        name: format!("{}.xlsx", report.subject),
        ..table.enclosed().await?
    });
    Ok(Ok(report))
}

/// Hands in a report, once for its days; whatever older one still waits is given up. Done means that
/// it came to its end, whichever.
async fn handed_in(
    tx: &mut Tx,
    job: &Job,
    (id, due): (ReportId, &Due),
    written: std::result::Result<Report, (Report, &'static str)>,
    tools: (&Mail, &Keys),
) -> Result<Outcome> {
    let tenant = TenantId(job.tenant);
    let (report, why) = match written {
        Ok(report) => (report, None),
        Err((report, why)) => (report, Some(why)),
    };
    let (wanted, first) = (&due.wanted, report.span.first);
    let noted = queries::noted(tx, tenant, id, (wanted, first)).await?;
    let mail = match noted {
        Some(noted) if noted.state == State::Waiting => noted.id,
        Some(_) => return Ok(Outcome::Done),
        None => noted_now(tx, tenant, (id, due), &report).await?,
    };
    if let Some(why) = why {
        notices::give_up(tx, tenant, mail, why).await?;
        return Ok(Outcome::Done);
    }
    let name = format!("{id}-{}-{first}", wanted.rhythm.code());
    let piece = Piece {
        id: mail,
        person: due.person,
        name: &name,
        subject: &report.subject,
        text: &report.text,
        file: report.file.as_ref(),
    };
    notices::hand_in(tx, job, piece, tools).await
}

/// Notes a report and its mail, in the place of those that never went.
async fn noted_now(
    tx: &mut Tx,
    tenant: TenantId,
    (id, due): (ReportId, &Due),
    report: &Report,
) -> Result<Uuid> {
    for older in queries::waiting(tx, tenant, id).await? {
        notices::give_up(tx, tenant, older, OLDER).await?;
    }
    let to = (due.person, Parcel::Report);
    let mail = notices::note(tx, tenant, to, &report.subject).await?;
    let days = (&due.wanted, report.span, report.passed);
    queries::note(tx, tenant, (id, mail), days).await?;
    Ok(mail)
}
