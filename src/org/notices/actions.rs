//! Telling posts, and sending the mails that follow. None commits; the caller does.

use chrono::Duration;
use uuid::Uuid;

use super::MAIL;
use super::model::{Message, Parcel, State, Wishes, digest_letter, letter};
use super::queries::{self, Hearer, NewDelivery};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::base::mail::{Enclosed, Handed, Letter, Mail};
use crate::base::queue::{self, Job, Outcome, Wanted};
use crate::base::seal::Keys;
use crate::base::words;
use crate::org::TenantId;
use crate::org::access::Viewer;
use crate::org::personal::{self, Field};

/// How long a mail waits for a server to be configured before it looks again.
const UNCONFIGURED: Duration = Duration::minutes(10);
/// How long a mail waits for an address from an older program to be sealed.
const UNSEALED: Duration = Duration::minutes(2);
/// Why a mail goes nowhere whose reader has taken the address away.
const UNWANTED: &str = "收件人已经不留邮箱，消息在“消息”里看。";

/// Tells posts something: a notice in the inbox of each, also of one that nobody holds, and a mail
/// to each present holder who wants one.
pub async fn tell(tx: &mut Tx, tenant: TenantId, posts: &[Uuid], message: &Message) -> Result<()> {
    tell_asking(tx, tenant, posts, message, "").await
}

/// Tells posts something and asks them to do something, in a word such as 签收.
pub async fn tell_asking(
    tx: &mut Tx,
    tenant: TenantId,
    posts: &[Uuid],
    message: &Message,
    ask: &str,
) -> Result<()> {
    if posts.is_empty() {
        return Ok(());
    }
    let notices = queries::add(tx, tenant, posts, message, ask).await?;
    let now = tx.now;
    let mut hearers = queries::hearers(tx, tenant, posts).await?;
    // Who holds two of the posts hears once.
    hearers.dedup_by_key(|hearer| hearer.person);
    hearers.retain(|hearer| hearer.wishes.mails(message.class, now).is_some());
    if hearers.is_empty() {
        return Ok(());
    }
    let (city, host) = queries::city(tx, tenant).await?;
    let (subject, body) = letter(&city, &host, message);
    let notice_of = |hearer: &Hearer| {
        let place = posts.iter().position(|post| *post == hearer.post);
        place.and_then(|place| notices.get(place).copied())
    };
    let mails = hearers.iter().map(|hearer| NewDelivery {
        id: uuid_at(now),
        notice: notice_of(hearer),
        person: hearer.person,
        subject: subject.clone(),
        body: body.clone(),
        due_at: hearer.wishes.mails(message.class, now).unwrap_or(now),
    });
    let mails: Vec<NewDelivery> = mails.collect();
    post(tx, tenant, Parcel::AtOnce, &mails).await
}

/// Keeps mails and enqueues their sending.
async fn post(tx: &mut Tx, tenant: TenantId, kind: Parcel, mails: &[NewDelivery]) -> Result<()> {
    queries::add_deliveries(tx, tenant, kind, mails).await?;
    let jobs = mails.iter().map(|mail| Wanted {
        kind: MAIL,
        key: mail.id.to_string(),
        payload: serde_json::Value::Null,
        run_at: mail.due_at,
    });
    let jobs: Vec<Wanted> = jobs.collect();
    queue::enqueue_each(tx, tenant.0, &jobs).await
}

/// The viewer's own address and wishes.
pub(super) async fn wishes(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
) -> Result<(Option<String>, Wishes)> {
    let (wishes, sealed) = queries::wishes(tx, me).await?;
    let own = (me.tenant, me.person.0, Field::Mail);
    let address = sealed.map(|sealed| personal::open(keys, own, &sealed));
    Ok((address.transpose()?, wishes))
}

/// Keeps the viewer's own address, sealed, and the wishes.
pub(super) async fn keep_wishes(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
    (mail, wishes): (Option<&str>, Wishes),
) -> Result<()> {
    let owner = (me.tenant, me.person.0);
    match mail {
        Some(mail) => personal::keep(tx, keys, owner, &[(Field::Mail, mail)]).await?,
        None => personal::unkeep(tx, owner, Field::Mail).await?,
    }
    let mask = mail.map(words::masked_mail);
    queries::keep_wishes(tx, me, mask.as_deref(), wishes).await
}

async fn address(
    tx: &mut Tx,
    keys: &Keys,
    tenant: TenantId,
    person: Uuid,
) -> Result<Option<String>> {
    let kept = personal::values(tx, keys, (tenant, Field::Mail), &[person]).await?;
    Ok(kept.into_iter().next())
}

/// The job of one mail: the row is locked, the mail handed in, and how that went noted in the
/// transaction that ends the job. It goes where the person reads mail by now.
pub async fn deliver(tx: &mut Tx, job: &Job, (mail, keys): (&Mail, &Keys)) -> Result<Outcome> {
    let tenant = TenantId(job.tenant);
    let id: Uuid = job.key.parse().map_err(anyhow::Error::from)?;
    let now = tx.now;
    let Some(held) = queries::hold(tx, tenant, id).await? else {
        return Ok(Outcome::Done);
    };
    let Some(to) = address(tx, keys, tenant, held.person).await? else {
        // Not sealed yet: the job that does it comes every minute after an upgrade.
        if held.wanted {
            let later = now + UNSEALED;
            queries::put_off(tx, tenant, id, later, None).await?;
            return Ok(Outcome::At(later));
        }
        queries::end(tx, tenant, id, State::Failed, Some(UNWANTED)).await?;
        return Ok(Outcome::Done);
    };
    let letter = Letter {
        id: &job.key,
        to: &to,
        subject: &held.subject,
        text: &held.body,
        file: None,
    };
    handed_in(tx, job, id, mail.hand_in(letter).await).await
}

/// Notes how handing in went.
async fn handed_in(tx: &mut Tx, job: &Job, id: Uuid, handed: Handed) -> Result<Outcome> {
    let (tenant, now) = (TenantId(job.tenant), tx.now);
    match handed {
        Handed::Taken => {
            queries::end(tx, tenant, id, State::Sent, None).await?;
            Ok(Outcome::Done)
        }
        Handed::Refused(why) => {
            queries::end(tx, tenant, id, State::Failed, Some(&why)).await?;
            Ok(Outcome::Done)
        }
        Handed::Later(why) => {
            queries::put_off(tx, tenant, id, job.next_try(now), Some(&why)).await?;
            Ok(Outcome::Again(why))
        }
        Handed::Nowhere => {
            let later = now + UNCONFIGURED;
            queries::put_off(tx, tenant, id, later, None).await?;
            Ok(Outcome::At(later))
        }
    }
}

/// Notes a mail of another area, which writes its text anew at each try and sends it by a job of its
/// own; says its id.
pub async fn note(
    tx: &mut Tx,
    tenant: TenantId,
    (person, kind): (Uuid, Parcel),
    subject: &str,
) -> Result<Uuid> {
    let now = tx.now;
    let id = uuid_at(now);
    let mail = NewDelivery {
        id,
        notice: None,
        person,
        subject: subject.to_owned(),
        body: String::new(),
        due_at: now,
    };
    queries::add_deliveries(tx, tenant, kind, &[mail]).await?;
    Ok(id)
}

/// A mail that was noted goes nowhere any more.
pub async fn give_up(tx: &mut Tx, tenant: TenantId, id: Uuid, why: &str) -> Result<()> {
    queries::end(tx, tenant, id, State::Failed, Some(why)).await
}

/// A mail that was noted, as it is written now.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// The id it was noted under.
    pub id: Uuid,
    /// To whom.
    pub person: Uuid,
    /// Names it for good, over all tries.
    pub name: &'a str,
    /// The subject.
    pub subject: &'a str,
    /// The text.
    pub text: &'a str,
    /// What goes with it.
    pub file: Option<&'a Enclosed>,
}

/// Hands in a mail that was noted, in the job of its area; it goes where the person reads mail by now.
/// Done means that it came to its end, whichever.
pub async fn hand_in(
    tx: &mut Tx,
    job: &Job,
    piece: Piece<'_>,
    (mail, keys): (&Mail, &Keys),
) -> Result<Outcome> {
    let (tenant, now) = (TenantId(job.tenant), tx.now);
    let Some(to) = address(tx, keys, tenant, piece.person).await? else {
        let later = now + UNSEALED;
        queries::put_off(tx, tenant, piece.id, later, None).await?;
        return Ok(Outcome::At(later));
    };
    let letter = Letter {
        id: piece.name,
        to: &to,
        subject: piece.subject,
        text: piece.text,
        file: piece.file,
    };
    handed_in(tx, job, piece.id, mail.hand_in(letter).await).await
}

/// The job of the morning: one mail to everyone who wants a digest and has something new unread.
pub async fn digest(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let now = tx.now;
    let (city, host) = queries::city(tx, tenant).await?;
    let mut after = None;
    loop {
        let readers = queries::readers(tx, tenant, now - Duration::days(1), after).await?;
        let full = readers.len() == queries::READERS;
        let mails = readers.into_iter().map(|reader| {
            let (subject, body) = digest_letter(&city, &host, reader.unread, &reader.newest);
            NewDelivery {
                id: uuid_at(now),
                notice: None,
                person: reader.person,
                subject,
                body,
                due_at: reader.wishes.after_quiet(now),
            }
        });
        let mails: Vec<NewDelivery> = mails.collect();
        post(tx, tenant, Parcel::Digest, &mails).await?;
        match mails.last() {
            Some(last) if full => after = Some(last.person),
            Some(_) | None => return Ok(()),
        }
    }
}
