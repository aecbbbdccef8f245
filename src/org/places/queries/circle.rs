//! The SQL of the five-minute circle: each page is one statement, and all of them ask one function
//! which buildings are reached.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::super::model::{Building, Circle, METRES, Outline, Place, StationLine, Which};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;

/// How many stations a page lists.
const MOST: i64 = 500;
/// How many dots it draws.
const DOTS: i64 = 4_000;

/// Everything about a place: a street, community or grid by its code, or the city by none. Nothing if no
/// such place stands.
#[expect(clippy::too_many_lines, reason = "one statement, one round trip")]
pub(in super::super) async fn circle(
    tx: &mut Tx,
    tenant: TenantId,
    code: &str,
) -> Result<Option<Circle>> {
    let today = tx.today();
    // A grid has no parts that are counted by themselves.
    let (level, length): (i16, i32) = match code.len() {
        0 => (1, 9),
        9 => (2, 12),
        _ => (3, 15),
    };
    // Outlines of grids are drawn where one looks at a community.
    let deepest: i16 = if code.len() >= 12 { 3 } else { 2 };
    let row = sqlx::query!(
        r#"
        with reached as materialized (
            select * from buildings_reached($1, $2, $3, $4)
        ), near as (
            select s.id, count(*) as buildings
              from reached r
              join stations s on s.tenant_id = $1 and s.latitude between r.latitude - $4 / 111000 and r.latitude + $4 / 111000
                   and metres_apart(r.longitude, r.latitude, s.longitude, s.latitude) <= $4
             group by s.id
        ), grain as (
            select greatest((max(r.latitude) - min(r.latitude)) / 130, (max(r.longitude) - min(r.longitude)) / 200,
                            0.00002) as size
              from reached r
        )
        select (select coalesce(json_agg(json_build_object('code', n.code, 'name', n.name) order by n.code), '[]')
                  from nodes n
                 where n.tenant_id = $1 and n.code in (left($2, 9), left($2, 12), left($2, 15)) and n.level <= 3
                   and n.valid_from <= $3 and (n.valid_to is null or n.valid_to > $3)) as "path!: Json<Vec<Place>>",
               (select coalesce(json_agg(p order by p.code), '[]')
                  from (select n.code, n.name, count(r.id) filter (where r.reached) as covered,
                               count(r.id) filter (where not r.reached) as uncovered,
                               count(r.id) filter (where r.reached is null) as unplaced
                          from nodes n
                          left join reached r on left(r.code, $6) = n.code
                         where n.tenant_id = $1 and n.level = $5 and n.code >= $2 and n.code < $2 || ':'
                           and n.valid_from <= $3 and (n.valid_to is null or n.valid_to > $3)
                         group by n.code, n.name) p) as "parts!: Json<Vec<super::super::model::Part>>",
               (select coalesce(json_agg(d), '[]')
                  from (select avg(r.longitude) as longitude, avg(r.latitude) as latitude, r.reached
                          from reached r, grain g
                         where r.reached is not null
                         group by floor(r.longitude / g.size), floor(r.latitude / g.size), r.reached
                         order by r.reached limit $8) d) as "dots!: Json<Vec<super::super::model::Dot>>",
               (select coalesce(json_agg(s order by s.is_closed, s.node_code, s.kind, s.name), '[]')
                  from (select s.id, s.kind, s.name, s.address, s.hours, s.longitude, s.latitude, s.opened_on, s.closed_on,
                               s.node_code, c.name as community, t.name as street, coalesce(n.buildings, 0) as buildings,
                               coalesce(c.valid_to <= $3, false) as is_homeless,
                               coalesce(s.closed_on <= $3, false) as is_closed
                          from stations s
                          join nodes c on c.tenant_id = $1 and c.id = s.node_id
                          join nodes t on t.tenant_id = $1 and t.code = left(s.node_code, 9)
                          left join near n on n.id = s.id
                         where s.tenant_id = $1 and starts_with(s.node_code, left($2, 12))
                         order by coalesce(s.closed_on <= $3, false), s.node_code, s.kind, s.name
                         limit $9) s) as "stations!: Json<Vec<StationLine>>",
               outlines_of($1, $2, $7, $3) as "outlines!: Json<Vec<Outline>>"
        "#,
        tenant.0,
        code,
        today,
        METRES,
        level,
        length,
        deepest,
        DOTS,
        MOST
    )
    .fetch_one(&mut **tx)
    .await?;
    let stands = code.is_empty() || row.path.0.iter().any(|place| place.code == code);
    Ok(stands.then_some(Circle {
        path: row.path.0,
        parts: row.parts.0,
        dots: row.dots.0,
        stations: row.stations.0,
        outlines: row.outlines.0,
    }))
}

/// Which part of the list of buildings.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Part<'a> {
    pub(in super::super) code: &'a str,
    pub(in super::super) which: Which,
    /// The code after which it begins.
    pub(in super::super) after: &'a str,
    pub(in super::super) limit: i64,
}

/// A part of the list of buildings.
#[derive(Debug, Deserialize)]
pub(in super::super) struct Found {
    pub(in super::super) path: Vec<Place>,
    pub(in super::super) rows: Vec<Building>,
    pub(in super::super) total: i64,
}

/// The buildings of a place that are reached, are not, or have no position, in the order of their codes.
pub(in super::super) async fn buildings(
    db: &mut PgConnection,
    tenant: TenantId,
    part: Part<'_>,
    today: NaiveDate,
) -> Result<Found> {
    let row = sqlx::query!(
        r#"
        with meant as materialized (
            select r.* from buildings_reached($1, $2, $3, $4) r
             where case $5 when 'covered' then r.reached when 'uncovered' then not r.reached else r.reached is null end
        )
        select (select coalesce(json_agg(json_build_object('code', n.code, 'name', n.name) order by n.code), '[]')
                  from nodes n
                 where n.tenant_id = $1 and n.code in (left($2, 9), left($2, 12), left($2, 15)) and n.level <= 3
                   and n.valid_from <= $3 and (n.valid_to is null or n.valid_to > $3)) as "path!: Json<Vec<Place>>",
               (select count(*) from meant) as "total!",
               (select coalesce(json_agg(b order by b.code), '[]')
                  from (select m.id, m.code, m.name, g.name as grid, c.name as community, t.name as street,
                               near.name as nearest, near.metres
                          from (select * from meant m where m.code > $6 order by m.code limit $7) m
                          join nodes g on g.tenant_id = $1 and g.code = left(m.code, 15)
                          join nodes c on c.tenant_id = $1 and c.code = left(m.code, 12)
                          join nodes t on t.tenant_id = $1 and t.code = left(m.code, 9)
                          left join lateral (
                               select s.name,
                                      ceil(metres_apart(m.longitude, m.latitude, s.longitude, s.latitude))::bigint as metres
                                 from stations s
                                where s.tenant_id = $1 and m.longitude is not null
                                  and s.opened_on <= $3 and (s.closed_on is null or s.closed_on > $3)
                                order by metres_apart(m.longitude, m.latitude, s.longitude, s.latitude), s.id
                                limit 1) near on true
                         order by m.code) b) as "rows!: Json<Vec<Building>>"
        "#,
        tenant.0,
        part.code,
        today,
        METRES,
        part.which.code(),
        part.after,
        part.limit
    )
    .fetch_one(db)
    .await?;
    Ok(Found {
        path: row.path.0,
        rows: row.rows.0,
        total: row.total,
    })
}
