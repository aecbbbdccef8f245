//! The SQL of what comes in as `GeoJSON`.

use chrono::{DateTime, Duration, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Bounds, Facts, Feature, Kept, Polygons, StationKind};
use crate::base::db::{Tx, one_changed};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::access::Viewer;
use crate::org::{ImportId, NodeId};

/// What was looked at and not kept is gone after so many days.
const DAYS: i64 = 3;

/// A file with what it is checked against.
#[derive(Debug)]
pub(in super::super) struct Upload {
    /// Its name; empty for one that is not kept yet.
    pub(in super::super) name: String,
    pub(in super::super) features: Vec<Feature>,
    pub(in super::super) facts: Facts,
}

/// What the features of a file are checked against: the living nodes with their streets, and the
/// stations of the communities.
pub(in super::super) async fn facts(
    tx: &mut Tx,
    me: &Viewer,
    features: Vec<Feature>,
) -> Result<Upload> {
    let mut codes: Vec<String> = features.iter().map(|f| f.code.clone()).collect();
    codes.sort_unstable();
    codes.dedup();
    let (_, facts) = asked(tx, me, (&codes, None)).await?;
    Ok(Upload {
        name: String::new(),
        features,
        facts,
    })
}

/// The same of a file that waits to be confirmed. Not found once it is over.
pub(in super::super) async fn upload(tx: &mut Tx, me: &Viewer, id: ImportId) -> Result<Upload> {
    let (kept, facts) = asked(tx, me, (&[], Some(id))).await?;
    let (name, features) = kept.ok_or(Error::NotFound)?;
    Ok(Upload {
        name,
        features,
        facts,
    })
}

/// Name and features of a file that waits, if one is named, and the facts about codes or about its own.
async fn asked(
    tx: &mut Tx,
    me: &Viewer,
    (codes, id): (&[String], Option<ImportId>),
) -> Result<(Option<(String, Vec<Feature>)>, Facts)> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        with kept as materialized (
            select u.file_name, u.content from map_uploads u
             where u.tenant_id = $1 and u.id = $3 and u.stage = 'checked'
        ), codes as materialized (
            select c.code from unnest($2::text[]) as c (code)
            union
            select f.value->>'code' from kept k, jsonb_array_elements(k.content) f
        ), named as materialized (
            select n.* from nodes n
             where n.tenant_id = $1
               and n.code in (select c.code from codes c union select left(c.code, 9) from codes c)
               and n.valid_from <= $4 and (n.valid_to is null or n.valid_to > $4)
        )
        select (select k.file_name from kept k) as file_name,
               (select k.content from kept k) as "content: Json<Vec<Feature>>",
               json_build_object(
                   'nodes', (select coalesce(json_agg(json_build_object('id', n.id, 'code', n.code, 'level', n.level,
                                    'name', n.name, 'party_name', n.party_name, 'households', n.households,
                                    'version', n.version, 'longitude', n.longitude, 'latitude', n.latitude,
                                    'number', coalesce(o.number, 0), 'shape', o.shape) order by n.code), '[]')
                               from named n
                               left join lateral (select x.number, x.shape from node_outlines x
                                                   where x.tenant_id = $1 and x.node_id = n.id
                                                   order by x.number desc limit 1) o on true),
                   'stations', (select coalesce(json_agg(json_build_object('id', s.id, 'node_id', s.node_id,
                                    'version', s.version, 'kind', s.kind, 'name', s.name, 'address', s.address,
                                    'hours', s.hours, 'longitude', s.longitude, 'latitude', s.latitude)), '[]')
                               from stations s
                               join named n on n.id = s.node_id
                              where s.tenant_id = $1 and s.closed_on is null)) as "facts!: Json<Facts>"
        "#,
        me.tenant.0,
        codes,
        id.map(|id| id.0),
        today
    )
    .fetch_one(&mut **tx)
    .await?;
    let content = row.content.map(|content| content.0);
    Ok((row.file_name.zip(content), row.facts.0))
}

/// Keeps what was read until it is confirmed. What nobody confirmed for days goes.
pub(in super::super) async fn insert(
    tx: &mut Tx,
    me: &Viewer,
    (id, name): (ImportId, &str),
    features: &[Feature],
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update map_uploads set stage = 'dropped', content = null, ended_at = $2
          where tenant_id = $1 and stage = 'checked' and uploaded_at < $3",
        me.tenant.0,
        now,
        now - Duration::days(DAYS)
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into map_uploads (tenant_id, id, file_name, stage, content, uploaded_at, uploaded_by, uploaded_post)
         values ($1, $2, $3, 'checked', $4, $5, $6, $7)",
        me.tenant.0,
        id.0,
        name,
        Json(features) as _,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// It was kept, or dropped. Not found if somebody else was first.
pub(in super::super) async fn end(
    tx: &mut Tx,
    me: &Viewer,
    id: ImportId,
    is_kept: bool,
) -> Result<()> {
    let now = tx.now;
    let ended = sqlx::query!(
        "update map_uploads set stage = case when $3 then 'done'::import_stage else 'dropped' end, content = null, ended_at = $4
          where tenant_id = $1 and id = $2 and stage = 'checked'",
        me.tenant.0,
        id.0,
        is_kept,
        now
    )
    .execute(&mut **tx)
    .await?;
    if ended.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// An import of before.
#[derive(Clone, Debug)]
pub(in super::super) struct Past {
    pub(in super::super) id: ImportId,
    pub(in super::super) name: String,
    pub(in super::super) at: DateTime<Utc>,
    pub(in super::super) person: String,
    pub(in super::super) is_waiting: bool,
    pub(in super::super) is_kept: bool,
}

/// The last ten imports, the newest first.
pub(in super::super) async fn past(tx: &mut Tx, me: &Viewer) -> Result<Vec<Past>> {
    let rows = sqlx::query_as!(
        Past,
        r#"select u.id as "id: ImportId", u.file_name as name, u.uploaded_at as at, p.name as person,
                  u.stage = 'checked' as "is_waiting!", u.stage = 'done' as "is_kept!"
             from map_uploads u
             join people p on p.tenant_id = $1 and p.id = u.uploaded_by
            where u.tenant_id = $1
            order by u.uploaded_at desc limit 10"#,
        me.tenant.0
    );
    Ok(rows.fetch_all(&mut **tx).await?)
}

/// Keeps the outlines of nodes under their next numbers.
pub(in super::super) async fn keep_outlines(
    tx: &mut Tx,
    me: &Viewer,
    source: &str,
    outlines: &[(NodeId, i32, &Polygons)],
) -> Result<()> {
    let now = tx.now;
    let ids: Vec<Uuid> = outlines.iter().map(|_| uuid_at(now)).collect();
    let nodes: Vec<Uuid> = outlines.iter().map(|(node, ..)| node.0).collect();
    let numbers: Vec<i32> = outlines.iter().map(|(_, number, _)| number + 1).collect();
    let shapes: Vec<Json<&Polygons>> = outlines.iter().map(|(.., shape)| Json(*shape)).collect();
    let corners = outlines.iter().map(|(.., shape)| {
        let corners: usize = shape.iter().flatten().map(Vec::len).sum();
        i32::try_from(corners).unwrap_or(i32::MAX)
    });
    let corners: Vec<i32> = corners.collect();
    let sides: Vec<[f64; 4]> = outlines
        .iter()
        .filter_map(|(.., shape)| Bounds::of(shape.iter().flatten().flatten().copied()))
        .map(Bounds::sides)
        .collect();
    let side = |at: usize| -> Vec<f64> {
        let side = sides.iter().filter_map(|sides| sides.get(at).copied());
        side.collect()
    };
    sqlx::query!(
        "insert into node_outlines (tenant_id, id, node_id, number, shape, corners, west, south, east, north, source,
                                    kept_at, kept_by, kept_post)
         select $1, x.id, x.node_id, x.number, x.shape, x.corners, x.west, x.south, x.east, x.north, $2, $3, $4, $5
           from unnest($6::uuid[], $7::uuid[], $8::integer[], $9::jsonb[], $10::integer[], $11::float8[], $12::float8[],
                       $13::float8[], $14::float8[])
                as x (id, node_id, number, shape, corners, west, south, east, north)",
        me.tenant.0,
        source,
        now,
        me.person.0,
        me.post.0,
        &ids,
        &nodes,
        &numbers,
        &shapes as _,
        &corners,
        &side(0),
        &side(1),
        &side(2),
        &side(3)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Says of a station that is there already what the file says of it.
pub(in super::super) async fn move_station(
    tx: &mut Tx,
    me: &Viewer,
    before: &Kept,
    (kind, address, hours): (StationKind, &str, &str),
    at: (f64, f64),
) -> Result<()> {
    let now = tx.now;
    let moved = sqlx::query!(
        "update stations set kind = $4, address = $5, hours = $6, longitude = $7, latitude = $8, version = version + 1,
                kept_at = $9, kept_by = $10, kept_post = $11
          where tenant_id = $1 and id = $2 and version = $3 and closed_on is null",
        me.tenant.0,
        before.id,
        before.version,
        kind as StationKind,
        address,
        hours,
        at.0,
        at.1,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    one_changed(moved.rows_affected())
}
