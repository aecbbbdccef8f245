//! The SQL of the number series.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::base::error::Result;
use crate::org::access::Viewer;

/// The next number of a series on a day, held until the transaction ends.
pub(super) async fn next(
    db: &mut PgConnection,
    me: &Viewer,
    series: &str,
    day: NaiveDate,
) -> Result<i32> {
    Ok(sqlx::query_scalar!(
        "insert into number_series (tenant_id, series, day, last) values ($1, $2, $3, 1)
         on conflict (tenant_id, series, day) do update set last = number_series.last + 1
         returning last",
        me.tenant.0,
        series,
        day
    )
    .fetch_one(db)
    .await?)
}
