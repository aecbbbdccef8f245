//! The SQL of the list and of its sheet.

use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::base::clock::{day_of, midnight};
use crate::base::error::Result;
use crate::base::finding::SOUGHT;
use crate::base::paging::Key;
use crate::org::NodeId;
use crate::org::access::{PostKind, Reach, Viewer};
use crate::org::calendar::Calendar;
use crate::org::units::TreeNode;
use crate::work::MatterId;
use crate::work::clocks::Nearest;
use crate::work::matters::model::{Facts, SolvedLevel, Stage, Who, narrowed};

/// Which matters a list means. Empty texts do not narrow it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each narrows the list by itself"
)]
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Each stands in number, title, text, spot or a name of the place.
    pub(crate) words: Option<Vec<String>>,
    /// The code of a node: it and all below it.
    pub(crate) place: String,
    pub(crate) stage: Option<Stage>,
    /// Solved on one of these levels; none does not narrow.
    pub(crate) solved: Vec<SolvedLevel>,
    /// A class code or the name of a major class.
    pub(crate) class: String,
    pub(crate) from: Option<NaiveDate>,
    pub(crate) to: Option<NaiveDate>,
    /// Only what waits for the viewer.
    pub(crate) waiting: bool,
    /// Only what is not ended.
    pub(crate) open: bool,
    /// Ended from this day to that, both included.
    pub(crate) ended_from: Option<NaiveDate>,
    pub(crate) ended_to: Option<NaiveDate>,
    /// Only what was not ended when this day was over.
    pub(crate) on: Option<NaiveDate>,
    /// Only what passed no limit.
    pub(crate) in_time: bool,
    /// Only what is past its limit now.
    pub(crate) late: bool,
}

/// Which rows of the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) after: Option<Key>,
    pub(crate) limit: i64,
}

/// One row.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: MatterId,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) class: String,
    /// The names of its place, from the community down.
    pub(crate) places: Vec<String>,
    pub(crate) place_code: String,
    pub(crate) spot: String,
    pub(crate) filer: String,
    pub(crate) filer_title: String,
    pub(crate) teller_name_mask: Option<String>,
    pub(crate) teller_phone_mask: Option<String>,
    pub(crate) stage: Stage,
    pub(crate) solved_level: Option<SolvedLevel>,
    pub(crate) urgent: bool,
    pub(crate) filed_at: DateTime<Utc>,
    pub(crate) waiting_since: DateTime<Utc>,
    pub(crate) ended_at: Option<DateTime<Utc>>,
    pub(crate) behind_whistle: bool,
    pub(crate) nearest: Option<Nearest>,
    pub(crate) late: bool,
    pub(crate) order_key: i64,
}

impl Row {
    /// Its whole place.
    pub(crate) fn place(&self) -> String {
        self.places.join(" ")
    }

    /// The part of its place just below the node that the list is about.
    pub(crate) fn place_below(&self, code: &str) -> &str {
        let below = match code.len() {
            0..12 => 0,
            12..15 => 1,
            15..18 => 2,
            _ => 3,
        };
        let part = self.places.get(below).or(self.places.last());
        part.map_or("", String::as_str)
    }

    /// Whether it waits for the viewer.
    pub(crate) fn waits_for(&self, me: &Viewer) -> bool {
        Facts {
            stage: self.stage,
            who: Who::of(me, &self.place_code),
            behind_whistle: self.behind_whistle,
            measured: false,
            has_others: false,
            merged_from: None,
            target_open: false,
        }
        .waits()
    }
}

/// A class to choose from.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Class {
    pub(crate) code: String,
    pub(crate) name: String,
}

/// Where counting the list stops: half of what other lists count, because its filters are many and each row
/// of a large city is looked at.
pub(crate) const COUNTED: i64 = 10_000;

/// All that the list's page shows.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) rows: Vec<Row>,
    /// How many in each stage; counting stops at [`COUNTED`].
    pub(crate) counts: HashMap<Stage, i64>,
    pub(crate) calendar: Calendar,
    pub(crate) tree: Vec<TreeNode>,
    pub(crate) quick: Vec<Class>,
    pub(crate) majors: Vec<String>,
    /// Whether more than [`SOUGHT`] matters have the words: then only so many are listed.
    pub(crate) cut: bool,
}

/// The first instant of a local day, or of the day after it.
fn start(day: Option<NaiveDate>, days: i64) -> Option<DateTime<Utc>> {
    let day = day?.checked_add_signed(Duration::days(days))?;
    Some(midnight(day))
}

/// The list in one round trip: rows, counts, tree and choices. The same conditions serve the
/// page, its total and the sheet.
#[expect(
    clippy::too_many_lines,
    clippy::cognitive_complexity,
    reason = "one statement, one round trip"
)]
pub(crate) async fn find(
    db: &mut PgConnection,
    me: &Viewer,
    filter: &Filter,
    part: Part,
    now: DateTime<Utc>,
) -> Result<Found> {
    let today = day_of(now);
    let reach = narrowed(&me.reach(), &filter.place);
    let area = reach.area().to_owned();
    let Reach {
        nothing,
        street,
        community,
        grid,
        below,
        department: _,
    } = reach;
    let row = sqlx::query!(
        r#"
        with sought as materialized (
            select s.id from search_ids($1, 'matter', $7, $8, null, $23, $9) as s (id) where $7::text[] is not null and not $2
        ), found as not materialized (
            select m.*
              from matters m
             where m.tenant_id = $1 and not $2
               and ($3::text is null or m.street_code = $3)
               and ($4::text is null or m.community_code = $4)
               and ($5::text is null or m.grid_code = $5)
               and ($6::text is null or starts_with(m.place_code, $6))
               and ($7::text[] is null or m.id = any (array(select s.id from sought s)))
               and ($10::matter_stage is null or m.stage = $10)
               and ($11::solved_level[] = '{}' or m.solved_level = any ($11))
               and ($12::text = '' or m.class_code = any (array(
                    select c.code from classes c where c.tenant_id = $1 and (c.code = $12 or c.major = $12))))
               and ($13::timestamptz is null or m.filed_at >= $13)
               and ($14::timestamptz is null or m.filed_at < $14)
               and (not $15 or m.ended_at is null)
               and (not $16 or m.id in (select x.id from matters_waiting($1, $17, $18) x))
               and ($25::timestamptz is null or m.ended_at >= $25)
               and ($26::timestamptz is null or m.ended_at < $26)
               and ($27::timestamptz is null or (m.filed_at < $27 and (m.ended_at is null or m.ended_at >= $27)))
               and (not $28 or not matter_was_late($1, m.id))
               and (not $29 or (m.ended_at is null and m.due_at < $30)))
        select (select coalesce(json_agg(r order by r.order_key, r.id), '[]')
                  from (select m.id, m.number, m.title, coalesce(c.quick_name, c.name) as class,
                               array(select a.name from nodes a
                                      where a.tenant_id = $1
                                        and a.code in (m.community_code, m.grid_code,
                                                       left(m.place_code, 18), m.place_code)
                                      order by a.level) as places,
                               m.place_code, m.spot, o.title as filer_title, p.name as filer,
                               m.teller_name_mask, m.teller_phone_mask, m.stage, m.solved_level, m.urgent,
                               m.filed_at, m.waiting_since, m.ended_at, m.order_key,
                               due_json(m.due_stage, m.due_unit, m.due_at, m.soon_at) as nearest,
                               matter_was_late($1, m.id) as late,
                               exists (select from whistle_matters w where w.tenant_id = $1
                                          and w.matter_id = m.id and w.live) as behind_whistle
                          from (select f.* from found f
                                 where $19::uuid is null or (f.order_key, f.id) > ($24::bigint, $19)
                                 order by f.order_key, f.id
                                 limit $20) m
                          join classes_on($1, $23) c on c.code = m.class_code
                          join people p on p.tenant_id = $1 and p.id = m.filed_by
                          join posts o on o.tenant_id = $1 and o.id = m.filed_post) r) as "rows!: Json<Vec<Row>>",
               (select coalesce(json_object_agg(s.stage, s.n), '{}')
                  from (select l.stage, count(*) as n
                          from (select m.stage from found m limit $21) l
                         group by l.stage) s) as "counts!: Json<HashMap<Stage, i64>>",
               (select count(*) from sought) as "sought!",
               calendar_around($1, $23) as "calendar!: Json<Calendar>",
               chain_tree($1, $18, $22, $23) as "tree!: Json<Vec<TreeNode>>",
               (select coalesce(json_agg(json_build_object('code', c.code, 'name', c.quick_name) order by c.quick_order, c.code), '[]')
                  from classes_on($1, $23) c where c.quick_order is not null and c.in_use) as "quick!: Json<Vec<Class>>",
               (select json_agg(x.major order by x.first)
                  from (select c.major, min(c.code) as first from classes c where c.tenant_id = $1 group by c.major) x
               ) as "majors!: Json<Vec<String>>"
        "#,
        me.tenant.0,
        nothing,
        street,
        community,
        grid,
        below,
        filter.words.as_deref(),
        area,
        i32::try_from(SOUGHT + 1).unwrap_or(i32::MAX),
        filter.stage as Option<Stage>,
        &filter.solved as &[SolvedLevel],
        filter.class,
        start(filter.from, 0),
        start(filter.to, 1),
        filter.open || filter.waiting,
        filter.waiting,
        me.kind as PostKind,
        me.node_code(),
        part.after.map(|a| a.id),
        part.limit,
        COUNTED + 1,
        filter.place,
        today,
        part.after.map(|a| a.order),
        start(filter.ended_from, 0),
        start(filter.ended_to, 1),
        start(filter.on, 1),
        filter.in_time,
        filter.late,
        now
    )
    .fetch_one(db)
    .await?;
    Ok(Found {
        rows: row.rows.0,
        counts: row.counts.0,
        calendar: row.calendar.0,
        tree: row.tree.0,
        quick: row.quick.0,
        majors: row.majors.0,
        cut: row.sought > SOUGHT,
    })
}

/// The code of a node, for an address that names it by id.
pub(crate) async fn code_of(db: &mut PgConnection, me: &Viewer, id: NodeId) -> Result<String> {
    let code = sqlx::query_scalar!(
        "select code from nodes where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0
    );
    Ok(code.fetch_one(db).await?)
}
