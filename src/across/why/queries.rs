//! A person's posts and one item by its number, without what it says.

use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Held, Item};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;

/// Who is asked about, and what.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) posts: Vec<Held>,
    /// None: nothing has this number.
    pub(super) item: Option<Item>,
}

/// The person's posts today, those he stands in for, and the item: one round trip.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(super) async fn asked(tx: &mut Tx, me: &Viewer, person: Uuid, number: &str) -> Result<Asked> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        with mine as (
            select m.post_id, null::text as absent from appointments m
             where m.tenant_id = $1 and m.person_id = $2
               and m.from_day <= $3 and (m.to_day is null or m.to_day > $3)
            union all
            select m.post_id, h.name from leaves l
              join people h on h.tenant_id = $1 and h.id = l.person_id
              join appointments m on m.tenant_id = $1 and m.person_id = l.person_id
                   and m.from_day <= $3 and (m.to_day is null or m.to_day > $3)
             where l.tenant_id = $1 and l.ended_at is null and $3 between l.from_day and l.to_day
               and l.person_id <> $2 and stand_in($1, l.person_id, $3) = $2)
        select p.name,
               coalesce((select json_agg(json_build_object(
                       'kind', o.kind, 'title', o.title, 'node_id', o.node_id, 'node_level', o.node_level,
                       'node_code', o.node_code, 'node_name', n.name, 'department_id', o.department_id,
                       'department_name', d.name, 'absent', m.absent)
                       order by m.absent nulls first, o.kind, o.id)
                  from mine m
                  join posts o on o.tenant_id = $1 and o.id = m.post_id
                  left join nodes n on n.tenant_id = $1 and n.id = o.node_id
                  left join departments d on d.tenant_id = $1 and d.id = o.department_id), '[]')
                  as "posts!: Json<Vec<Held>>",
               coalesce(
                   (select json_build_object('what', 'matter', 'number', m.number, 'place_code', m.place_code,
                           'place', n.name)
                      from matters m join nodes n on n.tenant_id = $1 and n.id = m.place_id
                     where m.tenant_id = $1 and m.number in ($4, upper($4))),
                   (select json_build_object('what', 'whistle', 'number', w.number, 'place_code', w.place_code,
                           'place', n.name, 'sounded', w.sounded_at is not null,
                           'departments', coalesce((select json_agg(json_build_object('id', d.id, 'name', d.name)
                                                            order by a.role, d.position, d.id)
                               from assignments a
                               join departments d on d.tenant_id = $1 and d.id = a.department_id
                              where a.tenant_id = $1 and a.whistle_id = w.id), '[]'))
                      from whistles w join nodes n on n.tenant_id = $1 and n.id = w.place_id
                     where w.tenant_id = $1 and w.number in ($4, upper($4))),
                   (select json_build_object('what', 'exercise', 'number', e.number, 'street_code', e.street_code,
                           'place', n.name, 'cadre', e.power = 'cadre',
                           'departments', coalesce((select json_agg(json_build_object('id', d.id, 'name', d.name)
                                                            order by d.position, d.id)
                               from departments d
                              where d.tenant_id = $1 and (d.id = e.department_id or exists (
                                    select from exercise_parties y where y.tenant_id = $1 and y.exercise_id = e.id
                                       and y.department_id = d.id))), '[]'))
                      from power_exercises e
                      join nodes n on n.tenant_id = $1 and n.code = e.street_code
                     where e.tenant_id = $1 and e.number in ($4, upper($4)))) as "item: Json<Item>"
          from people p
         where p.tenant_id = $1 and p.id = $2
        "#,
        me.tenant.0,
        person,
        today,
        number
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Asked {
        name: row.name,
        posts: row.posts.0,
        item: row.item.map(|item| item.0),
    })
}
