//! What stands at nodes that are to be changed.

use chrono::NaiveDate;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Kin, Named, Root, Sight};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::access::{Level, Viewer};

/// The nodes that are to be changed together, with everything that hangs on them: one round trip.
/// They come in the order of their codes; one that there is not is not found.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(in super::super) async fn sight(tx: &mut Tx, me: &Viewer, ids: &[Uuid]) -> Result<Sight> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        with roots as (
            select n.* from nodes n where n.tenant_id = $1 and n.id = any($2)
        ), kin as materialized (
            select k.id, k.code, k.version, r.id as root
              from roots r
              join nodes k on k.tenant_id = $1 and k.code >= r.code and k.code < r.code || ':'
                   and k.valid_to is null
        ), seats as materialized (
            select k.root, k.id as node, o.id, o.kind, o.title, a.id as term, p.name
              from kin k
              join posts o on o.tenant_id = $1 and o.node_id = k.id and o.valid_to is null
              left join appointments a on a.tenant_id = $1 and a.post_id = o.id
                   and (a.to_day is null or a.to_day > greatest($3, a.from_day))
              left join people p on p.tenant_id = $1 and p.id = a.person_id
        )
        select coalesce((select json_agg(json_build_object(
                   'id', r.id, 'level', r.level, 'code', r.code, 'name', r.name, 'party_name', r.party_name,
                   'households', r.households, 'longitude', r.longitude, 'latitude', r.latitude,
                   'valid_to', r.valid_to, 'version', r.version,
                   'parent', (select json_build_object('id', p.id, 'name', p.name)
                                from nodes p where p.tenant_id = $1 and p.id = r.parent_id),
                   'children', coalesce((select json_agg(json_build_object('id', c.id, 'name', c.name) order by c.code)
                                  from nodes c
                                 where c.tenant_id = $1 and c.parent_id = r.id and c.valid_to is null), '[]'),
                   'below', (select count(*) from kin k where k.root = r.id and k.id <> r.id),
                   'own', coalesce((select json_agg(json_build_object('title', s.title, 'name', s.name)
                                                    order by s.kind, s.title, s.id)
                             from seats s where s.node = r.id), '[]'),
                   'posts', (select count(distinct s.id) from seats s where s.root = r.id),
                   'held', (select count(distinct s.id) from seats s where s.root = r.id and s.term is not null),
                   'matters', (select count(*) from matters m
                                where m.tenant_id = $1 and m.street_code = left(r.code, 9) and m.ended_at is null
                                  and m.place_code >= r.code and m.place_code < r.code || ':'),
                   'whistles', (select count(*) from whistles w
                                 where w.tenant_id = $1 and w.street_code = left(r.code, 9)
                                   and w.closed_at is null and w.withdrawn_at is null
                                   and w.place_code >= r.code and w.place_code < r.code || ':'),
                   'exercises', (select count(*) from power_exercises e
                                  where e.tenant_id = $1 and e.street_code = r.code
                                    and e.closed_at is null and e.withdrawn_at is null),
                   'tasks', (select count(*) from plan_tasks t
                              where t.tenant_id = $1 and t.street_code = r.code
                                and t.confirmed_at is null and t.ended_at is null)
                          + (select count(*) from rectifications i
                              where i.tenant_id = $1 and i.street_code = r.code and i.verified_at is null))
                   order by r.code) from roots r), '[]') as "roots!: Json<Vec<Root>>",
               coalesce((select json_agg(json_build_object('id', s.id, 'name', s.name, 'party_name', s.party_name)
                                         order by s.code)
                  from nodes s
                 where s.tenant_id = $1 and s.valid_to is null and s.id <> all($2)
                   and exists (select from roots r where r.level = s.level
                                  and r.parent_id is not distinct from s.parent_id)), '[]') as "siblings!: Json<Vec<Named>>",
               md5(concat((select string_agg(concat(k.id, k.version), ',' order by k.code) from kin k),
                          (select string_agg(concat(s.id, s.term), ',' order by s.id, s.term) from seats s))) as "seen!"
        "#,
        me.tenant.0,
        ids,
        today
    )
    .fetch_one(&mut **tx)
    .await?;
    if row.roots.0.len() != ids.len() {
        return Err(Error::NotFound);
    }
    Ok(Sight {
        roots: row.roots.0,
        siblings: row.siblings.0,
        seen: row.seen,
    })
}

/// Everything living at and below these nodes, in the order of codes.
pub(in super::super) async fn kin(tx: &mut Tx, me: &Viewer, ids: &[Uuid]) -> Result<Vec<Kin>> {
    Ok(sqlx::query_as!(
        Kin,
        r#"select k.id, k.level, k.parent_id, k.code, k.name, k.party_name, k.households, k.longitude, k.latitude
             from nodes r
             join nodes k on k.tenant_id = $1 and k.code >= r.code and k.code < r.code || ':' and k.valid_to is null
            where r.tenant_id = $1 and r.id = any($2)
            order by k.code"#,
        me.tenant.0,
        ids
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Where a new node is put.
#[derive(Clone, Debug)]
pub(in super::super) struct Above {
    /// The node above; none: the city.
    pub(in super::super) id: Option<Uuid>,
    pub(in super::super) level: Option<Level>,
    pub(in super::super) name: String,
    pub(in super::super) code: String,
    pub(in super::super) valid_from: Option<NaiveDate>,
    pub(in super::super) valid_to: Option<NaiveDate>,
    /// The highest code that was ever given below it.
    pub(in super::super) last: Option<String>,
    /// The living ones below it, both names.
    pub(in super::super) names: Vec<String>,
}

/// What a new node below this one, or a new street, stands beside.
pub(in super::super) async fn above(
    tx: &mut Tx,
    me: &Viewer,
    parent: Option<Uuid>,
) -> Result<Above> {
    let row = sqlx::query!(
        r#"
        select p.id as "id?", p.level as "level?", coalesce(p.name, t.name) as "name!", coalesce(p.code, t.code) as "code!",
               p.valid_from as "valid_from?", p.valid_to,
               (select max(n.code) from nodes n
                 where n.tenant_id = $1 and n.parent_id is not distinct from $2) as last,
               array(select x.name from (
                     select n.name from nodes n
                      where n.tenant_id = $1 and n.parent_id is not distinct from $2 and n.valid_to is null
                     union all
                     select n.party_name from nodes n
                      where n.tenant_id = $1 and n.parent_id is not distinct from $2 and n.valid_to is null) x) as "names!"
          from tenants t
          left join nodes p on p.tenant_id = $1 and p.id = $2
         where t.id = $1
        "#,
        me.tenant.0,
        parent
    )
    .fetch_one(&mut **tx)
    .await?;
    if row.id != parent {
        return Err(Error::NotFound);
    }
    let level = row.level.map(Level::try_from).transpose();
    Ok(Above {
        id: row.id,
        level: level.map_err(anyhow::Error::msg)?,
        name: row.name,
        code: row.code,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        last: row.last,
        names: row.names,
    })
}

impl Above {
    /// The number after the highest that was ever given: no code is given twice.
    pub(in super::super) fn next_number(&self) -> u32 {
        let tail = self.last.as_deref().and_then(|l| l.get(self.code.len()..));
        tail.and_then(|t| t.parse::<u32>().ok())
            .map_or(1, |n| n + 1)
    }
}
