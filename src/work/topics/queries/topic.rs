//! One topic within the viewer's reach, in one round trip.

use chrono::NaiveDate;
use sqlx::types::Json;

use super::super::model::{Count, Department, Item, Place, Stage, Topic};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;
use crate::org::events::Entry;
use crate::work::TopicId;

/// The topic with its lists, and how many matters of its class came in its places before and since, in
/// periods of thirty days. What is counted is bounded: three periods before and twelve since.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(crate) async fn topic(tx: &mut Tx, me: &Viewer, id: TopicId) -> Result<Topic> {
    let (today, reach): (NaiveDate, _) = (tx.today(), me.reach());
    let area = reach.area().to_owned();
    let row = sqlx::query!(
        r#"
        select t.title, t.month, t.class_code, c.name as "class!", t.goal, t.stage as "stage: Stage", t.version,
               t.taken_up_at, t.scheme, t.scheme_at, t.ended_at, t.ended_words,
               (select json_agg(json_build_object('id', d.id, 'name', d.name) order by w.position)
                  from topic_departments w
                  join departments d on d.tenant_id = $1 and d.id = w.department_id
                 where w.tenant_id = $1 and w.topic_id = t.id) as "departments!: Json<Vec<Department>>",
               (select json_agg(json_build_object('id', p.node_id, 'level', p.node_level, 'code', p.node_code,
                                                  'name', topic_place($1, p.node_code)) order by p.node_code)
                  from topic_places p where p.tenant_id = $1 and p.topic_id = t.id) as "places!: Json<Vec<Place>>",
               coalesce((select json_agg(json_build_object('id', i.id, 'list', i.list, 'words', i.words,
                                'department', json_build_object('id', d.id, 'name', d.name), 'due_day', i.due_day,
                                'done_at', i.done_at, 'done_words', i.done_words, 'doer', h.name, 'dropped', i.dropped)
                                order by i.due_day nulls last, i.id)
                  from topic_items i
                  join departments d on d.tenant_id = $1 and d.id = i.department_id
                  left join people h on h.tenant_id = $1 and h.id = i.done_by
                 where i.tenant_id = $1 and i.topic_id = t.id), '[]') as "items!: Json<Vec<Item>>",
               coalesce((select json_agg(json_build_object('place', p.node_code, 'number', k.number, 'n', m.n))
                  from topic_places p
                 cross join generate_series(-3, 11) as k (number)
                 cross join lateral (select day_of(t.taken_up_at) + k.number * 30 as first) b
                 cross join lateral (
                       select count(*) as n from matters m
                        where m.tenant_id = $1 and m.street_code = left(p.node_code, 9) and m.class_code = t.class_code
                          and (p.node_level = 1 or m.grid_code = p.node_code)
                          and m.filed_at >= b.first::timestamp at time zone 'Asia/Shanghai'
                          and m.filed_at < (least(b.first + 29, $3) + 1)::timestamp at time zone 'Asia/Shanghai') m
                 where p.tenant_id = $1 and p.topic_id = t.id and b.first <= $3), '[]')
                  as "counts!: Json<Vec<Count>>",
               coalesce(t.scheme_by = $4, false) or exists (select from topic_items i where i.tenant_id = $1
                  and i.topic_id = t.id and i.done_by = $4 and not i.dropped) as "took_part!",
               coalesce((select json_agg(json_build_object('at', e.at, 'verb', e.verb, 'person_name', e.person_name,
                         'seat', e.seat, 'sentence', e.sentence) order by e.at desc, e.id desc)
                  from events e where e.tenant_id = $1 and e.subject_id = t.id), '[]') as "timeline!: Json<Vec<Entry>>"
          from topics t
          join classes_on($1, $3) c on c.code = t.class_code
         where t.tenant_id = $1 and t.id = $2 and not $5
           and ($6::uuid is null or exists (select from topic_departments d where d.tenant_id = $1
                    and d.topic_id = t.id and d.department_id = $6))
           and ($7::text = '' or exists (select from topic_places p where p.tenant_id = $1 and p.topic_id = t.id
                    and (starts_with(p.node_code, $7) or starts_with($7, p.node_code))))
        "#,
        me.tenant.0,
        id.0,
        today,
        me.person.0,
        reach.nothing,
        reach.department,
        area
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Topic {
        id,
        title: row.title,
        month: row.month,
        class_code: row.class_code,
        class: row.class,
        goal: row.goal,
        stage: row.stage,
        version: row.version,
        taken_up_at: row.taken_up_at,
        scheme: row.scheme,
        scheme_at: row.scheme_at,
        ended_at: row.ended_at,
        ended_words: row.ended_words,
        departments: row.departments.0,
        places: row.places.0,
        items: row.items.0,
        counts: row.counts.0,
        took_part: row.took_part,
        timeline: row.timeline.0,
    })
}
