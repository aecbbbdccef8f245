//! The SQL of the calendar.

use chrono::{Days, NaiveDate};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::model::Calendar;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;

/// How far around today a calendar is loaded for the pages and the clocks.
const AROUND: Days = Days::new(420);

/// The tenant's calendar around today.
pub async fn load(tx: &mut Tx, tenant: TenantId) -> Result<Calendar> {
    let today = tx.today();
    between(tx, tenant, today - AROUND, today + AROUND).await
}

/// The tenant's calendar, all of it.
pub async fn load_all(tx: &mut Tx, tenant: TenantId) -> Result<Calendar> {
    let (first, last) = (1970, 2100);
    let new_year = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    between(tx, tenant, new_year(first), new_year(last)).await
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

/// What a new tenant begins with; every part of it can be changed.
pub async fn furnish(
    db: &mut PgConnection,
    tenant: TenantId,
) -> std::result::Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into office_hours (tenant_id, id, name, from_day, season_from, season_to, sessions)
         values ($1, $2, '冬季', '2020-01-01', 1001, 430, '{510,720,780,1050}'),
                ($1, $3, '夏季', '2020-01-01', 501, 930, '{510,720,810,1080}')",
        tenant.0,
        uuid::Uuid::now_v7(),
        uuid::Uuid::now_v7(),
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into calendar_rules (tenant_id) values ($1)",
        tenant.0
    )
    .execute(db)
    .await?;
    Ok(())
}
