//! The SQL of the register of stations.

use chrono::NaiveDate;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Ground, Station, StationKind};
use crate::base::db::{Tx, on_constraint, one_changed};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::access::Viewer;
use crate::org::events::Entry;

/// The communities that stand within the viewer's ground, by street.
pub(in super::super) async fn grounds(tx: &mut Tx, me: &Viewer) -> Result<Vec<Ground>> {
    let today = tx.today();
    let grounds = sqlx::query_scalar!(
        r#"select coalesce(json_agg(json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'street', t.name)
                                    order by c.code), '[]') as "grounds!: Json<Vec<Ground>>"
             from nodes c
             join nodes t on t.tenant_id = $1 and t.id = c.parent_id
            where c.tenant_id = $1 and c.level = 2 and starts_with(c.code, $2)
              and c.valid_from <= $3 and (c.valid_to is null or c.valid_to > $3)"#,
        me.tenant.0,
        me.node_code(),
        today
    );
    Ok(grounds.fetch_one(&mut **tx).await?.0)
}

/// A station as its form shows it.
#[derive(Clone, Debug)]
pub(in super::super) struct Found {
    pub(in super::super) station: Station,
    pub(in super::super) version: i32,
    pub(in super::super) closed_on: Option<NaiveDate>,
    /// What was changed about it, the newest first.
    pub(in super::super) events: Vec<Entry>,
}

/// A station on the viewer's ground.
pub(in super::super) async fn station(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<Found> {
    let row = sqlx::query!(
        r#"select s.kind as "kind: StationKind", s.name, s.address, s.hours, s.longitude, s.latitude, s.node_id, s.node_code,
                  c.name as community, s.opened_on, s.closed_on, s.version,
                  (select coalesce(json_agg(e), '[]') from (
                      select x.at, x.verb, x.person_name, x.seat, x.sentence from events x
                       where x.tenant_id = $1 and x.subject_id = s.id and x.subject = 'station'
                       order by x.at desc, x.id desc limit 30) e) as "events!: Json<Vec<Entry>>"
             from stations s
             join nodes c on c.tenant_id = $1 and c.id = s.node_id
            where s.tenant_id = $1 and s.id = $2 and starts_with(s.node_code, $3)"#,
        me.tenant.0,
        id,
        me.node_code()
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Found {
        station: Station {
            kind: row.kind,
            name: row.name,
            address: row.address,
            hours: row.hours,
            point: (row.longitude, row.latitude),
            community: row.node_id.into(),
            community_code: row.node_code,
            community_name: row.community,
            opened_on: row.opened_on,
        },
        version: row.version,
        closed_on: row.closed_on,
        events: row.events.0,
    })
}

/// Locks a station, so that one change is made at a time.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<()> {
    sqlx::query_scalar!(
        "select id from stations where tenant_id = $1 and id = $2 and starts_with(node_code, $3) for no key update",
        me.tenant.0,
        id,
        me.node_code()
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(())
}

/// What is said when the community has a station of this name already.
fn same_name() -> Error {
    let mut errors = FieldErrors::new();
    errors.add(
        "name",
        "这个社区已有叫这个名称、还在开放的站点，请换一个名称，或者去改那一个。",
    );
    Error::Invalid(errors)
}

/// Keeps a new station.
pub(in super::super) async fn add(
    tx: &mut Tx,
    me: &Viewer,
    (id, station): (Uuid, &Station),
) -> Result<()> {
    let now = tx.now;
    let added = sqlx::query!(
        "insert into stations (tenant_id, id, kind, name, address, hours, longitude, latitude, node_id, node_level, node_code,
                               opened_on, kept_at, kept_by, kept_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 2, $10, $11, $12, $13, $14)",
        me.tenant.0,
        id,
        station.kind as StationKind,
        station.name,
        station.address,
        station.hours,
        station.point.0,
        station.point.1,
        station.community.0,
        station.community_code,
        station.opened_on,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await;
    on_constraint(added, "stations_name_key", same_name)?;
    Ok(())
}

/// Keeps what a station is from now on.
pub(in super::super) async fn amend(
    tx: &mut Tx,
    me: &Viewer,
    (id, version): (Uuid, i32),
    station: &Station,
) -> Result<()> {
    let now = tx.now;
    let amended = sqlx::query!(
        "update stations set kind = $4, name = $5, address = $6, hours = $7, longitude = $8, latitude = $9, node_id = $10,
                node_code = $11, opened_on = $12, version = version + 1, kept_at = $13, kept_by = $14, kept_post = $15
          where tenant_id = $1 and id = $2 and version = $3 and closed_on is null",
        me.tenant.0,
        id,
        version,
        station.kind as StationKind,
        station.name,
        station.address,
        station.hours,
        station.point.0,
        station.point.1,
        station.community.0,
        station.community_code,
        station.opened_on,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await;
    let amended = on_constraint(amended, "stations_name_key", same_name)?;
    one_changed(amended.rows_affected())
}

/// Closes a station from a day on.
pub(in super::super) async fn close(
    tx: &mut Tx,
    me: &Viewer,
    (id, version): (Uuid, i32),
    day: NaiveDate,
) -> Result<()> {
    let now = tx.now;
    let closed = sqlx::query!(
        "update stations set closed_on = $4, version = version + 1, kept_at = $5, kept_by = $6, kept_post = $7
          where tenant_id = $1 and id = $2 and version = $3 and closed_on is null",
        me.tenant.0,
        id,
        version,
        day,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    one_changed(closed.rows_affected())
}
