//! The list of rectification items and one item, each in one round trip.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Body, Item, Narrow, Source, Stage, Step};
use crate::base::db::{Tx, anywhere};
use crate::base::error::{Error, Result};
use crate::base::paging::{BATCH, COUNTED, Key, PAGE, Paged};
use crate::org::access::Viewer;
use crate::org::events::Entry;
use crate::org::files::FileRow;
use crate::work::RectificationId;

/// What the list is narrowed to; absent ones do not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) words: Option<String>,
    pub(crate) body: Narrow,
    pub(crate) stage: Option<Stage>,
}

/// One item in the list.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) number: String,
    pub(crate) source: Source,
    pub(crate) source_name: String,
    pub(crate) problem: String,
    pub(crate) measure: String,
    pub(crate) body: Body,
    pub(crate) due_day: NaiveDate,
    pub(crate) stage: Stage,
    /// How many files prove it.
    pub(crate) files: i64,
    pub(crate) reported_at: Option<DateTime<Utc>>,
    pub(crate) verifier: Option<String>,
    pub(crate) verified_at: Option<DateTime<Utc>>,
    pub(crate) order_key: i64,
}

/// The list, how long each tab is, and what the filter offers.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) page: Paged<Row, Key>,
    pub(crate) counts: HashMap<Stage, i64>,
    pub(crate) bodies: Vec<Body>,
}

/// One page of the list, what is due first, after the given key.
pub(crate) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<Key>, i64),
) -> Result<Listed> {
    rows(tx, me, filter, (after, from), PAGE).await
}

/// The part of the export after the given row.
pub(crate) async fn export(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    after: Option<Key>,
) -> Result<Paged<Row, Key>> {
    Ok(rows(tx, me, filter, (after, 1), BATCH).await?.page)
}

#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
async fn rows(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<Key>, i64),
    size: i64,
) -> Result<Listed> {
    let reach = me.reach();
    let words = filter.words.as_deref().map(anywhere);
    let row = sqlx::query!(
        r#"
        with seen as (
            select i.* from rectifications i
             where i.tenant_id = $1 and not $2
               and (($3::text is null and $4::uuid is null) or i.street_code = $3 or i.department_id = $4)
        ), named as (
            select s.*, (s.due_day - date '2000-01-01')::bigint
                        + case when s.verified_at is null then 0 else 1000000 end as order_key
              from seen s
             where ($5::text is null or s.problem ilike $5 or s.measure ilike $5 or s.number ilike $5
                    or s.source_name ilike $5)
               and (not $6 or (s.department_id is null and s.street_id is null))
               and ($7::uuid is null or s.street_id = $7) and ($8::uuid is null or s.department_id = $8)
        )
        select (select coalesce(json_object_agg(c.stage, c.n), '{}') from (
                   select l.stage, count(*) as n from (select stage from named limit $9) l group by l.stage) c)
                  as "counts!: Json<HashMap<Stage, i64>>",
               coalesce((select json_agg(r order by r.order_key, r.id) from (
                   select k.id, k.number, k.source, k.source_name, k.problem, k.measure,
                          body_json($1, k.department_id, k.street_code) as body, k.due_day, k.stage, k.order_key,
                          (select count(*) from files f where f.tenant_id = $1 and f.owner_kind = 'rectification'
                              and f.owner_id = k.id and f.removed_at is null) as files,
                          k.reported_at, k.verified_at,
                          (select p.name from people p where p.tenant_id = $1 and p.id = k.verified_by) as verifier
                     from named k
                    where ($10::rectification_stage is null or k.stage = $10)
                      and ($11::uuid is null or (k.order_key, k.id) > ($12::bigint, $11))
                    order by k.order_key, k.id limit $13) r), '[]') as "rows!: Json<Vec<Row>>",
               coalesce((select json_agg(x.body order by x.place, x.code) from (
                   select distinct on (s.department_id, s.street_code)
                          case when s.department_id is not null then 2 when s.street_id is not null then 1 else 0 end
                             as place,
                          coalesce(s.street_code, s.department_id::text, '') as code,
                          body_json($1, s.department_id, s.street_code) as body from seen s) x), '[]')
                  as "bodies!: Json<Vec<Body>>"
        "#,
        me.tenant.0,
        reach.nothing,
        reach.street,
        reach.department,
        words,
        filter.body.city,
        filter.body.street,
        filter.body.department,
        COUNTED + 1,
        filter.stage as Option<Stage>,
        after.map(|key| key.id),
        after.map(|key| key.order),
        size + 1,
    )
    .fetch_one(&mut **tx)
    .await?;
    let counts = row.counts.0;
    let total = match filter.stage {
        Some(stage) => counts.get(&stage).copied().unwrap_or(0),
        None => counts.values().sum(),
    };
    let key = |r: &Row| Key {
        order: r.order_key,
        id: r.id,
    };
    Ok(Listed {
        page: Paged::sized(row.rows.0, size, (total, from), key),
        counts,
        bodies: row.bodies.0,
    })
}

/// One item within the viewer's reach.
pub(crate) async fn item(tx: &mut Tx, me: &Viewer, id: RectificationId) -> Result<Item> {
    let reach = me.reach();
    let row = sqlx::query!(
        r#"
        select i.number, i.source as "source: Source", i.source_name, i.source_day, i.problem, i.measure,
               body_json($1, i.department_id, i.street_code) as "body!: Json<Body>", i.due_day,
               i.stage as "stage: Stage", i.version, i.verified_at,
               exists (select from rectification_steps s where s.tenant_id = $1 and s.rectification_id = i.id
                          and s.person_id = $3 and s.act in ('progress', 'report'))
                  or kept_files($1, 'rectification', i.id, $3) as "reported!",
               exists (select from rectification_steps s where s.tenant_id = $1 and s.rectification_id = i.id
                          and s.person_id = $3 and s.act in ('return', 'verify')) as "judged!",
               coalesce((select json_agg(json_build_object('act', s.act, 'at', s.at, 'person', p.name, 'words', s.words,
                         'proofs', coalesce((select json_agg(json_build_array(w.id, w.number) order by w.number)
                             from rectification_proofs f
                             join whistles w on w.tenant_id = $1 and w.id = f.whistle_id
                            where f.tenant_id = $1 and f.step_id = s.id), '[]')) order by s.id desc)
                  from rectification_steps s
                  join people p on p.tenant_id = $1 and p.id = s.person_id
                 where s.tenant_id = $1 and s.rectification_id = i.id), '[]') as "steps!: Json<Vec<Step>>",
               coalesce((select json_agg(json_build_object('at', e.at, 'verb', e.verb, 'person_name', e.person_name,
                         'seat', e.seat, 'sentence', e.sentence) order by e.at desc, e.id desc)
                  from events e where e.tenant_id = $1 and e.subject_id = i.id), '[]') as "timeline!: Json<Vec<Entry>>",
               files_json($1, 'rectification', i.id) as "files!: Json<Vec<FileRow>>"
          from rectifications i
         where i.tenant_id = $1 and i.id = $2 and not $4
           and (($5::text is null and $6::uuid is null) or i.street_code = $5 or i.department_id = $6)
        "#,
        me.tenant.0,
        id.0,
        me.person.0,
        reach.nothing,
        reach.street,
        reach.department,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Item {
        id,
        number: row.number,
        source: row.source,
        source_name: row.source_name,
        source_day: row.source_day,
        problem: row.problem,
        measure: row.measure,
        body: row.body.0,
        due_day: row.due_day,
        stage: row.stage,
        version: row.version,
        verified_at: row.verified_at,
        took_part: (row.reported, row.judged),
        steps: row.steps.0,
        timeline: row.timeline.0,
        files: row.files.0,
    })
}
