//! Writing outlines and stations, as the system administrator's import would have.

use chrono::{DateTime, Days, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::circling::Drawn;

/// Writes what is drawn.
pub(super) async fn insert(
    db: &mut PgConnection,
    tenant: Uuid,
    drawn: &Drawn,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let kept_at = now - Days::new(400);
    sqlx::query!(
        "insert into node_outlines (tenant_id, id, node_id, number, shape, corners, west, south, east, north, source,
                                    kept_at, kept_by, kept_post)
         select $1, r.id, r.node_id, 1, r.shape, r.corners, r.west, r.south, r.east, r.north, '网格边界.geojson', $3,
                a.person_id, o.id
           from jsonb_to_recordset($2) as r (id uuid, node_id uuid, shape jsonb, corners integer, west float8, south float8,
                east float8, north float8)
           join posts o on o.tenant_id = $1 and o.kind = 'system_admin'
           join appointments a on a.tenant_id = $1 and a.post_id = o.id and a.to_day is null",
        tenant,
        Json(&drawn.outlines) as _,
        kept_at
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into stations (tenant_id, id, kind, name, address, hours, longitude, latitude, node_id, node_level, node_code,
                               opened_on, kept_at, kept_by, kept_post)
         select $1, r.id, r.kind, r.name, r.address, r.hours, r.longitude, r.latitude, r.node_id, 2, r.node_code,
                r.opened_on, $3, a.person_id, o.id
           from jsonb_to_recordset($2) as r (id uuid, kind station_kind, name text, address text, hours text,
                longitude float8, latitude float8, node_id uuid, node_code text, opened_on date)
           join posts o on o.tenant_id = $1 and o.kind = 'system_admin'
           join appointments a on a.tenant_id = $1 and a.post_id = o.id and a.to_day is null",
        tenant,
        Json(&drawn.stations) as _,
        kept_at
    )
    .execute(&mut *db)
    .await?;
    Ok(())
}
