//! The register as a list: rows, total and the filter's choices in one round trip.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::types::Json;

use super::super::model::{Condition, Family};
use crate::base::db::{Tx, anywhere};
use crate::base::error::Result;
use crate::base::paging::{BATCH, PAGE, Paged};
use crate::org::access::Viewer;
use crate::org::calendar::Limit;

/// Which classes a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum State {
    /// Those that are filed.
    InUse,
    /// Those that are not, or not yet.
    Ended,
    /// Those that a version still to come changes.
    Coming,
    /// All.
    All,
}

impl State {
    /// In the order of the filter.
    pub(in super::super) const ALL: [Self; 4] = [Self::InUse, Self::Ended, Self::Coming, Self::All];

    /// Its word in addresses.
    pub(in super::super) fn code(self) -> &'static str {
        match self {
            Self::InUse => "in_use",
            Self::Ended => "ended",
            Self::Coming => "coming",
            Self::All => "all",
        }
    }

    /// What the page calls it.
    pub(in super::super) fn label(self) -> &'static str {
        match self {
            Self::InUse => "在用",
            Self::Ended => "停用或未启用",
            Self::Coming => "有改动待生效",
            Self::All => "全部",
        }
    }

    /// The one of a word; what is in use, if it is none.
    pub(in super::super) fn read(code: &str) -> Self {
        let known = Self::ALL.into_iter().find(|s| s.code() == code);
        known.unwrap_or(Self::InUse)
    }
}

/// What the filter row narrows the list to; absent ones do not.
#[derive(Clone, Debug)]
pub(in super::super) struct Filter {
    /// In code, name, quick name or a condition.
    pub(in super::super) words: Option<String>,
    pub(in super::super) family: Option<Family>,
    /// The beginning of the codes of a major class.
    pub(in super::super) major: Option<String>,
    pub(in super::super) state: State,
}

/// One class in the list, as it is today.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Row {
    pub(in super::super) code: String,
    pub(in super::super) family: Family,
    pub(in super::super) major: String,
    pub(in super::super) is_local: bool,
    pub(in super::super) name: String,
    pub(in super::super) quick_order: Option<i16>,
    pub(in super::super) quick_name: Option<String>,
    pub(in super::super) in_use: bool,
    pub(in super::super) from_day: NaiveDate,
    pub(in super::super) limit: Option<Limit>,
    pub(in super::super) conditions: Vec<Condition>,
    /// The day of the next version to come.
    pub(in super::super) next: Option<NaiveDate>,
}

/// The list and the choices of its filter.
#[derive(Clone, Debug)]
pub(in super::super) struct Listed {
    pub(in super::super) page: Paged<Row, String>,
    /// Beginning of the codes, name, and how many of the filter's state there are.
    pub(in super::super) majors: Vec<(String, String, i64)>,
}

/// One page of the list by code, after the given code.
pub(in super::super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<String>, i64),
) -> Result<Listed> {
    rows(tx, me, filter, (after, from), PAGE).await
}

/// The part of the export after the given code.
pub(in super::super) async fn export(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    after: Option<String>,
) -> Result<Paged<Row, String>> {
    Ok(rows(tx, me, filter, (after, 1), BATCH).await?.page)
}

async fn rows(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<String>, i64),
    size: i64,
) -> Result<Listed> {
    let today = tx.today();
    let words = filter.words.as_deref().map(anywhere);
    let row = sqlx::query!(
        r#"
        with shown as materialized (
            select c.*, (select min(v.from_day) from class_versions v
                          where v.tenant_id = $1 and v.class_code = c.code and v.from_day > $2
                            and v.number >= c.version
                            and not exists (select from class_versions l where l.tenant_id = $1
                                   and l.class_code = c.code and l.number > v.number and l.from_day <= v.from_day)) as next
              from classes_on($1, $2) c
        ), meant as materialized (
            select s.* from shown s
             where ($3::text is null or s.code ilike $3 or s.name ilike $3 or s.quick_name ilike $3
                    or exists (select from class_conditions k where k.tenant_id = $1 and k.class_code = s.code
                                  and k.version = s.version and (k.filing ilike $3 or k.closing ilike $3)))
               and ($4::class_family is null or s.family = $4)
               and case $5 when 'in_use' then s.in_use when 'ended' then not s.in_use
                           when 'coming' then s.next is not null else true end
        ), kept as materialized (
            select m.* from meant m where $6::text is null or left(m.code, -3) = $6
        )
        select (select count(*) from kept) as "total!",
               coalesce((select json_agg(r order by r.code) from (
                   select k.code, k.family, k.major, k.is_local, k.name, k.quick_order, k.quick_name, k.in_use,
                          k.from_day, k.next, conditions_json($1, k.code, k.version) as conditions,
                          (select json_build_object('amount', l.amount, 'unit', l.unit) from class_limits l
                            where l.tenant_id = $1 and l.class_code = k.code
                              and l.version_id = (select x.id from limit_versions x
                                                   where x.tenant_id = $1 and x.from_day <= $2
                                                   order by x.from_day desc limit 1)) as limit
                     from kept k
                    where $7::text is null or k.code > $7
                    order by k.code limit $8) r), '[]') as "rows!: Json<Vec<Row>>",
               coalesce((select json_agg(json_build_array(m.key, m.name, m.n) order by m.key) from (
                   select left(c.code, -3) as key, min(c.major) as name,
                          count(*) filter (where exists (select from meant x where x.code = c.code)) as n
                     from classes c where c.tenant_id = $1
                    group by left(c.code, -3)) m), '[]') as "majors!: Json<Vec<(String, String, i64)>>"
        "#,
        me.tenant.0,
        today,
        words,
        filter.family as Option<Family>,
        filter.state.code(),
        filter.major,
        after,
        size + 1
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Listed {
        page: Paged::sized(row.rows.0, size, (row.total, from), |r| r.code.clone()),
        majors: row.majors.0,
    })
}
