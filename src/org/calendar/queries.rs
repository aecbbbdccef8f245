//! The SQL of the calendar.

use chrono::{DateTime, Days, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::model::Calendar;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::org::TenantId;

/// How far around today a calendar is loaded for the pages and the clocks.
const AROUND: Days = Days::new(420);

/// The tenant's calendar around today.
pub async fn load(tx: &mut Tx, tenant: TenantId) -> Result<Calendar> {
    let today = tx.today();
    between(tx, tenant, today - AROUND, today + AROUND).await
}

/// The tenant's calendar, all of it.
pub async fn all(db: &mut PgConnection, tenant: TenantId) -> Result<Calendar> {
    let (first, last) = (1970, 2100);
    let new_year = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    between(db, tenant, new_year(first), new_year(last)).await
}

/// The tenant's calendar between two days.
pub async fn between(
    db: &mut PgConnection,
    tenant: TenantId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Calendar> {
    Ok(sqlx::query_scalar!(
        r#"select calendar_of($1, $2, $3) as "calendar!: Json<Calendar>""#,
        tenant.0,
        from,
        to
    )
    .fetch_one(db)
    .await?
    .0)
}

/// What a new tenant begins with; every part of it can be changed. Needs the owner's
/// connection.
pub async fn furnish(
    db: &mut PgConnection,
    tenant: TenantId,
    now: DateTime<Utc>,
) -> std::result::Result<(), sqlx::Error> {
    sqlx::query!(
        "select furnish_calendar($1, $2, $3)::text as done",
        tenant.0,
        uuid_at(now),
        uuid_at(now)
    )
    .fetch_one(db)
    .await?;
    Ok(())
}
