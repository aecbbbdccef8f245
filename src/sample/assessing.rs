//! The special assessment in the sample: a scheme that cites its document, two quarters that were
//! shown and frozen by the program's own method, and after them one that is shown now, late enough
//! that departments may still object today. This quarter stays a preview.

use chrono::{DateTime, Days, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::assessing_queries::{self as queries, ShownRow};
use super::documents;
use super::objecting::{self, Shown};
use super::objecting_queries::Seated;
use super::town::Town;
use crate::base::clock::{day_of, midnight};
use crate::base::id::uuid_at;
use crate::org::TenantId;
use crate::org::calendar::{Calendar, NoDue};
use crate::work::assessment::{self, Book, Period, Scheme, Small, objections_until};

/// The document that the scheme stands on.
const PAPER: &str = "市治办发〔2026〕5号";
/// How many working days ago the last quarter was shown, the best first: its window of five is open
/// still, and there was time for objections to come to each of their states.
const AGO: [usize; 4] = [3, 4, 5, 2];

/// Makes the scheme, freezes two quarters and shows the one after them.
pub(super) async fn assess(
    db: &mut PgConnection,
    tenant: Uuid,
    town: &Town,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let post = town.city_post("city_office");
    let office = Seated {
        post,
        person: town.holder(post),
    };
    let last = Period::quarter_of(day_of(now)).previous();
    let mut open = None;
    for period in [last, last.previous()] {
        let book = book(db, tenant, period).await?;
        open = open.or_else(|| shown_late(&book, now).map(|at| (period, at)));
    }
    // Where the calendar does not reach today, nothing is shown, and the last two are frozen.
    let newest = open.map_or(last, |(period, _)| period.previous());
    let frozen = [newest.previous(), newest];
    make_scheme(db, (tenant, office), frozen[0]).await?;
    for period in frozen {
        freeze(db, (tenant, office), period, now).await?;
    }
    if let Some((period, at)) = open {
        let (_, until) = show(db, (tenant, office), period, at, now).await?;
        queries::tell_shown(db, tenant, (period, at), until).await?;
    }
    Ok(())
}

/// A version that begins with the first of the quarters, or with the first one in which its document
/// was there; made while that quarter ran.
async fn make_scheme(
    db: &mut PgConnection,
    (tenant, office): (Uuid, Seated),
    first: Period,
) -> Result<(), sqlx::Error> {
    let paper = documents::rows()
        .into_iter()
        .find(|r| r.paper.code == PAPER);
    let Some(paper) = paper else { return Ok(()) };
    let period = first.max(Period::quarter_of(documents::day(paper.paper.from)));
    let before = book(db, tenant, period).await?;
    let made_at = period.bounds().0 + TimeDelta::days(20) + TimeDelta::hours(10);
    let scheme = Scheme {
        id: uuid_at(made_at),
        number: before.scheme().number + 1,
        from_day: period.first(),
        note: "引用专项考核办法，样本不足的不参加排名".to_owned(),
        small: Small::Unranked,
        basis: queries::basis(db, tenant, PAPER).await?,
        ..before.scheme().clone()
    };
    assessment::insert_scheme(
        db,
        (TenantId(tenant), Some(office.person)),
        &scheme,
        made_at,
    )
    .await
}

/// Shows a quarter on the first morning after its lock, lets departments object, and freezes it on
/// the first morning after the window, when nothing is open any more.
async fn freeze(
    db: &mut PgConnection,
    (tenant, office): (Uuid, Seated),
    period: Period,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let before = book(db, tenant, period).await?;
    let locked = before
        .locked()
        .and_then(|at| morning(before.calendar(), at));
    let Ok(at) = locked else { return Ok(()) };
    let ends = objections_until(before.calendar(), before.scheme(), at);
    if ends.is_err() || at > now {
        return Ok(());
    }
    let (row, until) = show(db, (tenant, office), period, at, now).await?;
    let settled = queries::settled(db, tenant, row.id).await?;
    let after = settled.map_or(until, |at| at.max(until));
    let Ok(at) = morning(before.calendar(), after) else {
        return Ok(());
    };
    if at > now {
        return Ok(());
    }
    let snapshot = book(db, tenant, period).await?.snapshot(at);
    let written = snapshot.written().map_err(|why| failed(&why))?;
    let acted = (office.post, office.person);
    queries::freeze(db, tenant, acted, (&row, &(at, written))).await
}

/// Shows a quarter, with the objections that were made since; answers until when one may object.
async fn show(
    db: &mut PgConnection,
    (tenant, office): (Uuid, Seated),
    period: Period,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(ShownRow, DateTime<Utc>), sqlx::Error> {
    let book = book(db, tenant, period).await?;
    let no_due = |why: NoDue| failed(&anyhow::anyhow!("{why}"));
    let until = objections_until(book.calendar(), book.scheme(), at).map_err(no_due)?;
    let row = ShownRow {
        id: uuid_at(at),
        period: period.to_string(),
        title: period.title(),
        scheme: book.scheme().id,
        locked_at: book.locked().map_err(no_due)?,
        shown_at: at,
        objections_until: until,
    };
    queries::show(db, tenant, (office.post, office.person), &row).await?;
    let shown = Shown {
        id: row.id,
        book: &book,
        at,
        is_over: until <= now,
    };
    objecting::object(db, tenant, office, &shown, now).await?;
    Ok((row, until))
}

async fn book(db: &mut PgConnection, tenant: Uuid, period: Period) -> Result<Book, sqlx::Error> {
    let book = assessment::book(db, TenantId(tenant), period).await;
    book.map_err(|why| failed(&anyhow::anyhow!("{why:?}")))
}

fn failed(why: &anyhow::Error) -> sqlx::Error {
    sqlx::Error::Protocol(format!("{why:#}"))
}

/// The morning on which the office showed it, if its window is open still and it was locked by then.
fn shown_late(book: &Book, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (calendar, scheme) = (book.calendar(), book.scheme());
    let locked = book.locked().ok()?;
    let mornings = AGO
        .into_iter()
        .filter_map(|days| worked_before(calendar, now, days));
    let mut mornings = mornings.filter(|at| *at >= locked);
    mornings.find(|at| objections_until(calendar, scheme, *at).is_ok_and(|until| until > now))
}

/// The morning of the working day that lies so many working days before today.
fn worked_before(calendar: &Calendar, now: DateTime<Utc>, days: usize) -> Option<DateTime<Utc>> {
    /// No holiday is longer.
    const FARTHEST: u64 = 40;
    let back = (1..FARTHEST).filter_map(|back| day_of(now).checked_sub_days(Days::new(back)));
    let opens = back.filter_map(|day| {
        let opens = calendar.opening(midnight(day)).ok()?;
        (day_of(opens) == day).then_some(opens)
    });
    let nth = opens.into_iter().nth(days.checked_sub(1)?)?;
    Some(nth + TimeDelta::minutes(45))
}

/// Three quarters of an hour after the office opens next.
fn morning(calendar: &Calendar, after: DateTime<Utc>) -> Result<DateTime<Utc>, NoDue> {
    let opens = calendar.opening(after + TimeDelta::minutes(1))?;
    Ok(opens + TimeDelta::minutes(45))
}
