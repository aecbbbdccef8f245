//! The special assessment in the sample: a scheme that cites its document, and the two quarters
//! before this one, shown and frozen by the program's own method. This quarter stays open.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::assessing_queries::{self as queries, ShownRow};
use super::objecting::{self, Shown};
use super::objecting_queries::Seated;
use super::town::Town;
use crate::base::clock::day_of;
use crate::base::id::uuid_at;
use crate::org::TenantId;
use crate::org::calendar::{Calendar, NoDue};
use crate::work::assessment::{self, Book, Period, Scheme, Small, objections_until};

/// The document that the scheme stands on.
const PAPER: &str = "市治办发〔2026〕5号";

/// When the facts of a period were locked, when it was shown, until when one could object, when it was frozen.
struct Days {
    locked_at: DateTime<Utc>,
    shown_at: DateTime<Utc>,
    objections_until: DateTime<Utc>,
    frozen_at: DateTime<Utc>,
}

/// Makes the scheme and freezes what is over by now.
pub(super) async fn assess(
    db: &mut PgConnection,
    tenant: Uuid,
    town: &Town,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let last = Period::quarter_of(day_of(now)).previous();
    let before = last.previous();
    let office = town.city_post("city_office");
    let person = town.holder(office);
    let first = book(db, tenant, before).await?;
    let made_at = before.bounds().0 - TimeDelta::days(20);
    let basis = queries::basis(db, tenant, PAPER).await?;
    let scheme = Scheme {
        id: uuid_at(made_at),
        number: first.scheme().number + 1,
        from_day: before.first(),
        note: "引用专项考核办法，样本不足的不参加排名".to_owned(),
        small: Small::Unranked,
        basis,
        ..first.scheme().clone()
    };
    assessment::insert_scheme(db, (TenantId(tenant), Some(person)), &scheme, made_at).await?;
    for period in [before, last] {
        let before = book(db, tenant, period).await?;
        let Ok(days) = days(&before) else { continue };
        if days.shown_at > now {
            continue;
        }
        let row = ShownRow {
            id: uuid_at(days.shown_at),
            period: period.to_string(),
            title: period.title(),
            scheme: scheme.id,
            locked_at: days.locked_at,
            shown_at: days.shown_at,
            objections_until: days.objections_until,
        };
        queries::show(db, tenant, (office, person), &row).await?;
        let shown = Shown {
            id: row.id,
            book: &before,
            at: days.shown_at,
            is_over: days.frozen_at <= now,
        };
        let seated = Seated {
            post: office,
            person,
        };
        objecting::object(db, tenant, seated, &shown, now).await?;
        if days.frozen_at <= now {
            let snapshot = book(db, tenant, period).await?.snapshot(days.frozen_at);
            let written = snapshot.written().map_err(|why| failed(&why))?;
            let frozen = (days.frozen_at, written);
            queries::freeze(db, tenant, (office, person), (&row, &frozen)).await?;
        }
    }
    Ok(())
}

async fn book(db: &mut PgConnection, tenant: Uuid, period: Period) -> Result<Book, sqlx::Error> {
    let book = assessment::book(db, TenantId(tenant), period).await;
    book.map_err(|why| failed(&anyhow::anyhow!("{why:?}")))
}

fn failed(why: &anyhow::Error) -> sqlx::Error {
    sqlx::Error::Protocol(format!("{why:#}"))
}

/// The office shows on the first morning after the lock, and freezes on the first after the window.
fn days(book: &Book) -> Result<Days, NoDue> {
    let calendar = book.calendar();
    let locked_at = book.locked()?;
    let shown_at = morning(calendar, locked_at)?;
    let objections_until = objections_until(calendar, book.scheme(), shown_at)?;
    Ok(Days {
        locked_at,
        shown_at,
        objections_until,
        frozen_at: morning(calendar, objections_until)?,
    })
}

/// Three quarters of an hour after the office opens next.
fn morning(calendar: &Calendar, after: DateTime<Utc>) -> Result<DateTime<Utc>, NoDue> {
    let opens = calendar.opening(after + TimeDelta::minutes(1))?;
    Ok(opens + TimeDelta::minutes(45))
}
