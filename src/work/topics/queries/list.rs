//! The topics of a year and what is proposed, in one round trip.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::types::Json;

use super::super::model::{Proposal, Stage};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::access::{Permission, Viewer};
use crate::work::TopicId;

/// So many proposals are shown, those that came most often first.
pub(crate) const SHOWN: i64 = 50;

/// What the list is narrowed to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filter {
    /// The year of the month that a topic is of.
    pub(crate) year: i32,
    pub(crate) stage: Option<Stage>,
}

/// A topic in the list.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: TopicId,
    pub(crate) title: String,
    pub(crate) month: NaiveDate,
    pub(crate) class: String,
    /// The first place, and how many there are.
    pub(crate) place: String,
    pub(crate) places: i64,
    pub(crate) lead: String,
    pub(crate) stage: Stage,
    /// Lines of its lists that are done, are late, and all that count.
    pub(crate) done: i64,
    pub(crate) late: i64,
    pub(crate) items: i64,
}

/// All that the page shows.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) rows: Vec<Row>,
    /// Years of which there are topics, the latest first.
    pub(crate) years: Vec<i32>,
    pub(crate) proposals: Vec<Proposal>,
    /// How many proposals there are, shown or not.
    pub(crate) proposed: i64,
}

/// The topics within the viewer's reach, and the proposals on its ground. A year has few topics; more
/// than five hundred are not listed.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(crate) async fn list(tx: &mut Tx, me: &Viewer, filter: Filter) -> Result<Listed> {
    let (today, reach) = (tx.today(), me.reach());
    let area = reach.area().to_owned();
    let sees_matters = me.kind.may(Permission::SeeMatters) && !reach.nothing;
    let row = sqlx::query!(
        r#"
        with seen as (
            select t.* from topics t
             where t.tenant_id = $1 and not $3
               and ($4::uuid is null or exists (select from topic_departments d where d.tenant_id = $1
                        and d.topic_id = t.id and d.department_id = $4))
               and ($5::text = '' or exists (select from topic_places p where p.tenant_id = $1 and p.topic_id = t.id
                        and (starts_with(p.node_code, $5) or starts_with($5, p.node_code))))
        ), proposed as materialized (
            select x.* from topic_proposals($1, $2, $5) x where $6
        )
        select coalesce((select json_agg(r order by r.month desc, r.id desc) from (
                   select t.id, t.title, t.month, c.name as class, l.name as lead, t.stage,
                          topic_place($1, (select min(p.node_code) from topic_places p
                                            where p.tenant_id = $1 and p.topic_id = t.id)) as place,
                          (select count(*) from topic_places p where p.tenant_id = $1 and p.topic_id = t.id) as places,
                          i.done, i.late, i.items
                     from seen t
                     join classes_on($1, $2) c on c.code = t.class_code
                     join departments l on l.tenant_id = $1 and l.id = t.lead_id
                     cross join lateral (
                          select count(*) filter (where i.done_at is not null) as done, count(*) as items,
                                 count(*) filter (where i.done_at is null and i.due_day < $2 and t.ended_at is null) as late
                            from topic_items i
                           where i.tenant_id = $1 and i.topic_id = t.id and not i.dropped) i
                    where t.month >= make_date($7, 1, 1) and t.month < make_date($7 + 1, 1, 1)
                      and ($8::topic_stage is null or t.stage = $8)
                    order by t.month desc, t.id desc limit 500) r), '[]') as "rows!: Json<Vec<Row>>",
               coalesce((select json_agg(y.year order by y.year desc)
                           from (select distinct extract(year from t.month)::integer as year from seen t) y), '[]')
                  as "years!: Json<Vec<i32>>",
               coalesce((select json_agg(r order by r.n desc, r.last_at desc, r.grid_code) from (
                   select p.class_code, c.name as class, n.id as grid, p.grid_code,
                          topic_place($1, p.grid_code) as place, p.n, p.from_day, p.first_at, p.last_at
                     from (select * from proposed x order by x.n desc, x.last_at desc, x.grid_code limit $9) p
                     join classes_on($1, $2) c on c.code = p.class_code
                     join nodes n on n.tenant_id = $1 and n.code = p.grid_code) r), '[]')
                  as "proposals!: Json<Vec<Proposal>>",
               (select count(*) from proposed) as "proposed!"
        "#,
        me.tenant.0,
        today,
        reach.nothing,
        reach.department,
        area,
        sees_matters,
        filter.year,
        filter.stage as Option<Stage>,
        SHOWN
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Listed {
        rows: row.rows.0,
        years: row.years.0,
        proposals: row.proposals.0,
        proposed: row.proposed,
    })
}
