//! The SQL of the map: one statement, with the conditions of the list of matters.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sqlx::types::Json;

use super::model::{By, Found, MOST, Row};
use crate::base::clock::midnight;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;
use crate::org::places::Outline;
use crate::work::figures::Span;

/// Which matters are meant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The code of a node; nothing: the city.
    pub(super) code: &'a str,
    pub(super) by: By,
    /// A class code or the name of a major class; nothing: all.
    pub(super) class: &'a str,
    pub(super) span: Span,
}

fn start(day: NaiveDate, days: i64) -> Option<DateTime<Utc>> {
    let day = day.checked_add_signed(Duration::days(days))?;
    Some(midnight(day))
}

/// The matters filed in some days by place, with the outlines behind them.
#[expect(clippy::too_many_lines, reason = "one statement, one round trip")]
pub(super) async fn find(tx: &mut Tx, tenant: TenantId, asked: Asked<'_>) -> Result<Found> {
    let today = tx.today();
    let code = asked.code;
    let exactly = |length: usize| (code.len() == length).then_some(code);
    let row = sqlx::query!(
        r#"
        with counted as materialized (
            select left(m.place_code, $8) as code, length(m.place_code) < $8 as is_wider, c.major, count(*) as n
              from matters m
              join classes c on c.tenant_id = $1 and c.code = m.class_code
             where m.tenant_id = $1
               and ($2::text is null or m.street_code = $2)
               and ($3::text is null or m.community_code = $3)
               and ($4::text is null or m.grid_code = $4)
               and ($5::text is null or starts_with(m.place_code, $5))
               and m.filed_at >= $6 and m.filed_at < $7
               and ($9::text = '' or c.code = $9 or c.major = $9)
             group by 1, 2, 3
        ), places as materialized (
            select k.code, sum(k.n)::bigint as n, json_object_agg(k.major, k.n) as by
              from counted k where not k.is_wider
             group by k.code
        ), most as materialized (
            select * from places p order by p.n desc, p.code limit $10
        ), stands as materialized (
            select left(b.code, $8) as code, avg(b.longitude) as longitude, avg(b.latitude) as latitude
              from nodes b
             where b.tenant_id = $1 and b.level = 4 and b.code >= $11 and b.code < $11 || ':' and b.longitude is not null
             group by 1
        )
        select (select coalesce(json_agg(json_build_array(n.code, n.name) order by n.code), '[]')
                  from nodes n
                 where n.tenant_id = $1
                   and n.code in (left($11, 9), left($11, 12), left($11, 15), left($11, 18), $11))
                   as "path!: Json<Vec<(String, String)>>",
               (select coalesce(json_agg(r order by r.n desc, r.code), '[]')
                  from (select p.code, n.name, coalesce(n.valid_to <= $12, false) as is_closed, p.n, p.by,
                               coalesce(s.longitude, (o.west + o.east) / 2) as longitude,
                               coalesce(s.latitude, (o.south + o.north) / 2) as latitude
                          from most p
                          join nodes n on n.tenant_id = $1 and n.code = p.code
                          left join stands s on s.code = left(p.code, 18)
                          left join lateral (select x.west, x.east, x.south, x.north from node_outlines x
                                              where x.tenant_id = $1 and x.node_id = n.id
                                              order by x.number desc limit 1) o on true) r) as "rows!: Json<Vec<Row>>",
               (select coalesce(sum(k.n), 0)::bigint from counted k) as "total!",
               (select coalesce(sum(k.n), 0)::bigint from counted k where k.is_wider) as "wider!",
               (select count(*) from places) as "places!",
               outlines_of($1, $11, $13, $12) as "outlines!: Json<Vec<Outline>>",
               (select coalesce(json_agg(json_build_array(c.code, c.quick_name) order by c.quick_order, c.code), '[]')
                  from classes_on($1, $12) c where c.quick_order is not null and c.in_use)
                   as "quick!: Json<Vec<(String, String)>>",
               (select coalesce(json_agg(x.major order by x.first), '[]')
                  from (select c.major, min(c.code) as first from classes c where c.tenant_id = $1 group by c.major) x)
                   as "majors!: Json<Vec<String>>"
        "#,
        tenant.0,
        exactly(9),
        exactly(12),
        code.get(..15),
        (code.len() > 15).then_some(code),
        start(asked.span.first, 0),
        start(asked.span.last, 1),
        i32::try_from(asked.by.length()).unwrap_or(i32::MAX),
        asked.class,
        MOST,
        code,
        today,
        asked.by.deepest()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Found {
        path: row.path.0,
        rows: row.rows.0,
        total: row.total,
        wider: row.wider,
        places: row.places,
        outlines: row.outlines.0,
        quick: row.quick.0,
        majors: row.majors.0,
    })
}
