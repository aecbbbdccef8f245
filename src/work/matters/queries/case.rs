//! The SQL of the case page: one matter with all that stands around it, in one round trip.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::types::Json;

use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::access::{Reach, Viewer};
use crate::org::calendar::Calendar;
use crate::org::events::Entry;
use crate::org::photos::Demand;
use crate::work::classes::Condition;
use crate::work::clocks::Clock;
use crate::work::matters::model::{Facts, SolvedLevel, Stage, Who, narrowed};
use crate::work::phrases::Phrases;
use crate::work::{MatterId, WhistleId};

/// Own work on a matter.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Step {
    pub(crate) at: DateTime<Utc>,
    pub(crate) who: String,
    pub(crate) words: String,
}

/// Another matter, named on the page of this one.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Other {
    pub(crate) id: MatterId,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) stage: Stage,
    pub(crate) filed_at: DateTime<Utc>,
}

/// A whistle behind which the matter stands or stood.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Behind {
    pub(crate) id: WhistleId,
    pub(crate) number: Option<String>,
    pub(crate) title: String,
    pub(crate) live: bool,
}

/// A matter as its page shows it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) id: MatterId,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) class: String,
    pub(crate) detail: String,
    pub(crate) place: String,
    pub(crate) spot: String,
    pub(crate) urgent: bool,
    pub(crate) teller_name_mask: Option<String>,
    pub(crate) teller_phone_mask: Option<String>,
    /// Whether the teller is forgotten because the time of keeping is over.
    pub(crate) is_anonymised: bool,
    pub(crate) filed_at: DateTime<Utc>,
    pub(crate) filer: String,
    pub(crate) filer_seat: String,
    pub(crate) waiting_since: DateTime<Utc>,
    pub(crate) level: Option<SolvedLevel>,
    pub(crate) solution: Option<String>,
    pub(crate) reject_reason: Option<String>,
    pub(crate) version: i32,
    pub(crate) facts: Facts,
    pub(crate) steps: Vec<Step>,
    pub(crate) others: Vec<Other>,
    pub(crate) into: Option<Other>,
    pub(crate) near: Vec<Other>,
    /// How many of its class there were in its community within a year, counted up to 20.
    pub(crate) alike: i64,
    pub(crate) whistles: Vec<Behind>,
    pub(crate) timeline: Vec<Entry>,
    pub(crate) clocks: Vec<Clock>,
    pub(crate) calendar: Calendar,
    /// Where the city wants photos.
    pub(crate) demand: Demand,
    /// The conditions of filing that its class has today, to choose from while it waits.
    pub(crate) conditions: Vec<Condition>,
    /// The one that was chosen when it was accepted.
    pub(crate) condition: Option<Condition>,
    /// What its forms offer to be said.
    pub(crate) phrases: Phrases,
}

/// The matter, if it lies within the viewer's reach.
#[expect(clippy::too_many_lines, reason = "one statement, one round trip")]
pub(crate) async fn find(tx: &mut Tx, me: &Viewer, id: MatterId) -> Result<Case> {
    let (now, today) = (tx.now, tx.today());
    let Reach {
        nothing,
        street,
        community,
        grid,
        below,
        department: _,
    } = narrowed(&me.reach(), "");
    let row = sqlx::query!(
        r#"
        select m.id, m.number, m.title, coalesce(c.quick_name, c.name) as "class!", m.detail,
               (select string_agg(a.name, ' ' order by a.level) from nodes a
                 where a.tenant_id = $1
                   and a.code in (m.community_code, m.grid_code, left(m.place_code, 18), m.place_code)) as "place!",
               m.place_code, m.spot, m.urgent, m.teller_name_mask, m.teller_phone_mask,
               m.anonymised_at is not null as "is_anonymised!", m.filed_at,
               o.title || ' ' || p.name as "filer!", coalesce(f.name, '') as "filer_seat!",
               m.waiting_since, m.solved_level as "level: SolvedLevel", m.solution, m.reject_reason,
               m.version, m.stage as "stage: Stage", m.merged_from as "merged_from: Stage",
               (select coalesce(json_agg(json_build_object('at', s.at, 'words', s.words,
                           'who', so.title || ' ' || sp.name) order by s.at, s.id), '[]')
                  from matter_steps s
                  join people sp on sp.tenant_id = $1 and sp.id = s.person_id
                  join posts so on so.tenant_id = $1 and so.id = s.post_id
                 where s.tenant_id = $1 and s.matter_id = m.id) as "steps!: Json<Vec<Step>>",
               (select coalesce(json_agg(json_build_object('id', x.id, 'number', x.number, 'title', x.title,
                           'stage', x.stage, 'filed_at', x.filed_at) order by x.id), '[]')
                  from matters x
                 where x.tenant_id = $1 and x.merged_into = m.id) as "others!: Json<Vec<Other>>",
               (select json_build_object('id', x.id, 'number', x.number, 'title', x.title,
                           'stage', x.stage, 'filed_at', x.filed_at)
                  from matters x
                 where x.tenant_id = $1 and x.id = m.merged_into) as "into: Json<Other>",
               (select coalesce(json_agg(n order by n.id desc), '[]')
                  from (select x.id, x.number, x.title, x.stage, x.filed_at
                          from matters x
                         where x.tenant_id = $1 and m.ended_at is null and x.ended_at is null
                           and x.community_code = m.community_code
                           and (x.grid_code = m.grid_code or x.place_id = m.place_id)
                           and x.class_code = m.class_code and x.id <> m.id
                         order by x.id desc
                         limit 10) n) as "near!: Json<Vec<Other>>",
               (select count(*) from (select from matters x
                         where x.tenant_id = $1 and x.street_code = m.street_code and x.class_code = m.class_code
                           and x.community_code is not distinct from m.community_code and x.stage <> 'rejected'
                           and x.filed_at > $8::timestamptz - interval '365 days'
                         limit 20) n) as "alike!",
               (select coalesce(json_agg(json_build_object('id', w.id, 'number', w.number, 'title', w.title,
                           'live', b.live) order by w.id desc), '[]')
                  from whistle_matters b
                  join whistles w on w.tenant_id = $1 and w.id = b.whistle_id
                 where b.tenant_id = $1 and b.matter_id = m.id) as "whistles!: Json<Vec<Behind>>",
               (select coalesce(json_agg(json_build_object('at', e.at, 'verb', e.verb, 'person_name', e.person_name,
                           'seat', e.seat, 'sentence', e.sentence, 'photos', photos_of_event($1, e.id))
                           order by e.at desc, e.verb = 'file', e.id desc), '[]')
                  from events e
                 where e.tenant_id = $1
                   and e.subject_id = any (array(
                       select m.id
                       union all
                       select b.whistle_id from whistle_matters b
                        where b.tenant_id = $1 and b.matter_id = m.id))) as "timeline!: Json<Vec<Entry>>",
               coalesce((select json_agg(clock_json($1, c.id) order by c.started_at, c.id)
                  from clocks c where c.tenant_id = $1 and c.matter_id = m.id), '[]')
                  as "clocks!: Json<Vec<Clock>>",
               calendar_of($1, m.filed_at::date - 2, m.filed_at::date + 420) as "calendar!: Json<Calendar>",
               photos_demanded($1, $9) as "demand!: Json<Demand>",
               case when m.stage = 'filed' then conditions_json($1, c.code, c.version) else '[]' end
                  as "conditions!: Json<Vec<Condition>>",
               (select json_build_object('version', k.version, 'position', k.position,
                           'filing', k.filing, 'closing', k.closing)
                  from class_conditions k
                 where k.tenant_id = $1 and k.class_code = m.class_code and k.version = m.class_version
                   and k.position = m.condition) as "condition: Json<Condition>",
               phrases_json($1, '{reject,raise,send_back}', $9) as "phrases!: Json<Phrases>"
          from matters m
          join classes_on($1, $9) c on c.code = m.class_code
          join people p on p.tenant_id = $1 and p.id = m.filed_by
          join posts o on o.tenant_id = $1 and o.id = m.filed_post
          left join nodes f on f.tenant_id = $1 and f.id = o.node_id
         where m.tenant_id = $1 and not $2
           and ($3::text is null or m.street_code = $3)
           and ($4::text is null or m.community_code = $4)
           and ($5::text is null or m.grid_code = $5)
           and ($6::text is null or starts_with(m.place_code, $6))
           and m.id = $7
        "#,
        me.tenant.0,
        nothing,
        street,
        community,
        grid,
        below,
        id.0,
        now,
        today
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    let into = row.into.map(|i| i.0);
    let whistles = row.whistles.0;
    Ok(Case {
        facts: Facts {
            stage: row.stage,
            who: Who::of(me, &row.place_code),
            behind_whistle: whistles.iter().any(|w| w.live),
            measured: !row.steps.0.is_empty(),
            has_others: !row.others.0.is_empty(),
            merged_from: row.merged_from,
            target_open: into.as_ref().is_some_and(|i| !i.stage.is_ended()),
        },
        id: row.id.into(),
        number: row.number,
        title: row.title,
        class: row.class,
        detail: row.detail,
        place: row.place,
        spot: row.spot,
        urgent: row.urgent,
        teller_name_mask: row.teller_name_mask,
        teller_phone_mask: row.teller_phone_mask,
        is_anonymised: row.is_anonymised,
        filed_at: row.filed_at,
        filer: row.filer,
        filer_seat: row.filer_seat,
        waiting_since: row.waiting_since,
        level: row.level,
        solution: row.solution,
        reject_reason: row.reject_reason,
        version: row.version,
        steps: row.steps.0,
        others: row.others.0,
        into,
        near: row.near.0,
        alike: row.alike,
        whistles,
        timeline: row.timeline.0,
        clocks: row.clocks.0,
        calendar: row.calendar.0,
        demand: row.demand.0,
        conditions: row.conditions.0,
        condition: row.condition.map(|c| c.0),
        phrases: row.phrases.0,
    })
}
