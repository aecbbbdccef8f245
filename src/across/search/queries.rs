//! The SQL of the search: all kinds in one statement, so that the page is one round trip.

use chrono::NaiveDate;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Department, Found, Group, Kind, Matter, Person, Place, Whistle};
use crate::base::error::Result;
use crate::base::finding::SOUGHT;
use crate::org::access::Viewer;
use crate::org::calendar::Calendar;

/// What is asked for.
pub(super) struct Sought<'a> {
    pub(super) words: &'a [String],
    /// What was typed, if it may be a number.
    pub(super) number: String,
    /// One kind alone.
    pub(super) only: Option<Kind>,
    /// How many of each kind.
    pub(super) size: i64,
    /// Those of the kind that stand after this one.
    pub(super) after: Option<Uuid>,
}

/// What the viewer finds, of each kind the first and how many there are.
#[expect(clippy::too_many_lines, reason = "one statement, one round trip")]
pub(super) async fn find(
    db: &mut PgConnection,
    me: &Viewer,
    sought: &Sought<'_>,
    today: NaiveDate,
) -> Result<(Found, Calendar)> {
    let reach = me.reach();
    let asks = |kind: Kind| sought.only.is_none_or(|only| only == kind) && kind.is_for(me);
    let row = sqlx::query!(
        r#"
        with words as materialized (
            select w.at::integer as at, w.word, search_like(w.word) as liked
              from unnest(search_words($1, $2)) with ordinality as w (word, at)
        ), matter_ids as materialized (
            select s.id from search_ids($1, 'matter', $2, $6, null, $3, $4) as s (id) where $5
        ), whistle_ids as materialized (
            select s.id from search_ids($1, 'whistle', $2, $6, $8, $3, $4) as s (id) where $7
        ), whistles_seen as materialized (
            select w.*, case when $8::uuid is null then w.due_stage else o.due_stage end as d_stage,
                   case when $8::uuid is null then w.due_unit else o.due_unit end as d_unit,
                   case when $8::uuid is null then w.due_at else o.due_at end as d_due,
                   case when $8::uuid is null then w.soon_at else o.soon_at end as d_soon
              from whistles w
              left join assignments o on $8::uuid is not null and o.tenant_id = $1 and o.whistle_id = w.id
                   and o.department_id = $8
             where w.tenant_id = $1 and w.id = any (array(select i.id from whistle_ids i))
               and ($9::text is null or w.street_code = $9)
               and ($10::text is null or w.community_code = $10)
               and ($8::uuid is null or o.id is not null)
               and case when $9::text is not null then not (w.stage = 'draft' and w.from_community)
                        when $10::text is not null then w.sounded_at is not null or w.from_community
                        else w.sounded_at is not null end
        ), named as materialized (
            select s.word, s.code from search_places($1, (select array_agg(w.word order by w.at) from words w), 5) s
             where $11
        ), places as materialized (
            select n.id, n.code, n.level, n.name,
                   not exists (select from words w where w.word = split_part(n.sounds, e'\n', 1)) as other
              from nodes n
             where n.tenant_id = $1 and n.valid_from <= $3 and (n.valid_to is null or n.valid_to > $3)
               and n.code in (select d.code from named d)
               and ((select count(*) from words) = 1
                    or (select count(distinct d.word) from named d
                         where d.code in (n.code, left(n.code, 9), left(n.code, 12), left(n.code, 15), left(n.code, 18)))
                       = (select count(*) from words))
        ), departments_found as materialized (
            select d.id, d.name, d.kind, d.position from departments d
             where d.tenant_id = $1 and $12 and d.valid_from <= $3 and (d.valid_to is null or d.valid_to > $3)
               and not exists (select from words w where not search_names(d.sounds, w.word))
        ), people_found as materialized (
            select p.id, p.name, p.identity from people p
             where p.tenant_id = $1 and p.id in (select y.id from search_people($1, $2, $3) as y (id) where $13)
             limit $4
        )
        select (select array_agg(w.word order by w.at) from words w) as "words!",
               calendar_around($1, $3) as "calendar!: Json<Calendar>",
               (select json_build_object('n', (select count(*) from matter_ids), 'rows', coalesce(json_agg(r
                           order by r.exact desc, r.titled desc, r.order_key, r.id), '[]'))
                  from (select m.id, m.number, m.title, m.spot, m.stage, m.solved_level, m.urgent, m.waiting_since,
                               m.order_key, m.exact, m.titled,
                               array(select a.name from nodes a
                                      where a.tenant_id = $1
                                        and a.code in (m.community_code, m.grid_code,
                                                       left(m.place_code, 18), m.place_code)
                                      order by a.level) as places,
                               due_json(m.due_stage, m.due_unit, m.due_at, m.soon_at) as nearest,
                               matter_was_late($1, m.id) as late
                          from (select x.*, x.number = $14 as exact,
                                       not exists (select from words w where search_text(x.title) not like w.liked) as titled
                                  from matters x
                                 where x.tenant_id = $1 and x.id = any (array(select i.id from matter_ids i))
                                 order by exact desc, titled desc, x.order_key, x.id
                                 limit $15) m) r) as "matters!: Json<Group<Matter>>",
               (select json_build_object('n', (select count(*) from whistles_seen), 'rows', coalesce(json_agg(r
                           order by r.exact desc, r.titled desc, r.order_key, r.id), '[]'))
                  from (select w.id, w.number, w.title, w.kind, concat_ws(' ', s.name, nullif(p.name, s.name)) as place,
                               (select d.name from assignments a
                                  join departments d on d.tenant_id = $1 and d.id = a.department_id
                                 where a.tenant_id = $1 and a.whistle_id = w.id and a.role = 'lead'
                                   and a.stage <> 'relieved') as lead,
                               w.stage, coalesce(w.closed_at, w.withdrawn_at) as ended_at,
                               due_json(w.d_stage, w.d_unit, w.d_due, w.d_soon) as nearest,
                               whistle_was_late($1, w.id) as late,
                               w.order_key, w.exact, w.titled
                          from (select x.*, coalesce(x.number = $14, false) as exact,
                                       not exists (select from words v where search_text(x.title) not like v.liked) as titled
                                  from whistles_seen x
                                 order by exact desc, titled desc, x.order_key, x.id
                                 limit $15) w
                          join nodes s on s.tenant_id = $1 and s.code = w.street_code
                          join nodes p on p.tenant_id = $1 and p.id = w.place_id) r) as "whistles!: Json<Group<Whistle>>",
               (select json_build_object('n', (select count(*) from places), 'rows', coalesce(json_agg(r
                           order by r.other, length(r.code), r.code), '[]'))
                  from (select p.id, p.code, p.level, p.other,
                               array(select a.name from nodes a
                                      where a.tenant_id = $1 and a.code in (left(p.code, 9), left(p.code, 12),
                                            left(p.code, 15), left(p.code, 18), p.code)
                                      order by a.level) as names,
                               (select string_agg(y.name, '、' order by y.name)
                                  from posts o
                                  join appointments m on m.tenant_id = $1 and m.post_id = o.id
                                   and m.from_day <= $3 and (m.to_day is null or m.to_day > $3)
                                  join people y on y.tenant_id = $1 and y.id = m.person_id
                                 where o.tenant_id = $1 and o.node_id = p.id
                                   and o.kind in ('street_secretary', 'community_secretary', 'grid_chief',
                                                  'building_chief', 'unit_chief')) as chief
                          from (select x.* from places x
                                 where $16::uuid is null
                                    or (x.other, length(x.code), x.code) >
                                       (select k.other, length(k.code), k.code from places k where k.id = $16)
                                 order by x.other, length(x.code), x.code limit $15) p) r) as "places!: Json<Group<Place>>",
               (select json_build_object('n', (select count(*) from departments_found), 'rows', coalesce(json_agg(r
                           order by r.kind, r.position, r.id), '[]'))
                  from (select d.id, d.name, d.kind, d.position,
                               (select string_agg(y.name, '、' order by y.name)
                                  from posts o
                                  join appointments m on m.tenant_id = $1 and m.post_id = o.id
                                   and m.from_day <= $3 and (m.to_day is null or m.to_day > $3)
                                  join people y on y.tenant_id = $1 and y.id = m.person_id
                                 where o.tenant_id = $1 and o.department_id = d.id and o.kind = 'department_head') as head
                          from (select x.* from departments_found x
                                 where $16::uuid is null or (x.kind, x.position, x.id) >
                                       (select k.kind, k.position, k.id from departments_found k where k.id = $16)
                                 order by x.kind, x.position, x.id limit $15) d) r)
                   as "departments!: Json<Group<Department>>",
               (select json_build_object('n', (select count(*) from people_found), 'rows', coalesce(json_agg(r
                           order by r.name, r.id), '[]'))
                  from (select p.id, p.name, p.identity,
                               array(select concat(seat_name($1, o.node_id, o.department_id) || '·', o.title)
                                       from appointments m
                                       join posts o on o.tenant_id = $1 and o.id = m.post_id
                                      where m.tenant_id = $1 and m.person_id = p.id
                                        and m.from_day <= $3 and (m.to_day is null or m.to_day > $3)
                                      order by o.kind, m.from_day) as posts
                          from (select x.* from people_found x order by x.name, x.id limit $15) p) r)
                   as "people!: Json<Group<Person>>"
        "#,
        me.tenant.0,
        sought.words,
        today,
        i32::try_from(SOUGHT + 1).unwrap_or(i32::MAX),
        asks(Kind::Matters),
        reach.area(),
        asks(Kind::Whistles),
        reach.department,
        reach.street,
        reach.community,
        asks(Kind::Places),
        asks(Kind::Departments),
        asks(Kind::People),
        sought.number,
        sought.size,
        sought.after
    )
    .fetch_one(db)
    .await?;
    let found = Found {
        words: row.words,
        matters: row.matters.0,
        whistles: row.whistles.0,
        places: row.places.0,
        departments: row.departments.0,
        people: row.people.0,
    };
    Ok((found, row.calendar.0))
}
