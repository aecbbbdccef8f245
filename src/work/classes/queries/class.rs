//! Classes with their versions, the major classes, and what a change is looked at beside.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::types::Json;

use super::super::model::{Class, Condition, Family, Major, Named, Version};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::TenantId;
use crate::org::access::Viewer;
use crate::org::calendar::Limit;

/// One class with all its versions.
pub(in super::super) async fn class(tx: &mut Tx, me: &Viewer, code: &str) -> Result<Class> {
    let found = classes(tx, me, Some(code)).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// All classes with all their versions, or the one of a code: one round trip.
pub async fn classes(tx: &mut Tx, me: &Viewer, code: Option<&str>) -> Result<Vec<Class>> {
    let today = tx.today();
    let rows = sqlx::query!(
        r#"
        select c.code, c.family as "family: Family", c.major, c.is_local,
               (select json_agg(json_build_object('number', v.number, 'from_day', v.from_day, 'name', v.name,
                       'quick', case when v.quick_order is not null
                           then json_build_object('order', v.quick_order, 'name', v.quick_name) end,
                       'in_use', v.in_use, 'conditions', conditions_json($1, v.class_code, v.number),
                       'reason', v.reason, 'basis', basis_json($1, v.document_id, v.clause),
                       'made_at', v.made_at, 'by', p.name) order by v.number desc)
                  from class_versions v
                  left join people p on p.tenant_id = $1 and p.id = v.made_by
                 where v.tenant_id = $1 and v.class_code = c.code) as "versions!: Json<Vec<Version>>",
               (select json_build_object('amount', l.amount, 'unit', l.unit)
                  from class_limits l
                 where l.tenant_id = $1 and l.class_code = c.code
                   and l.version_id = (select x.id from limit_versions x
                                        where x.tenant_id = $1 and x.from_day <= $3
                                        order by x.from_day desc limit 1)) as "limit: Json<Limit>",
               coalesce((select json_agg(json_build_object('id', i.id, 'number', i.number, 'name', i.name)
                       order by i.number)
                  from duty_classes d
                  join duty_items i on i.tenant_id = $1 and i.id = d.duty_item_id
                       and i.from_day <= $3 and (i.to_day is null or i.to_day > $3)
                 where d.tenant_id = $1 and d.class_code = c.code), '[]') as "duties!: Json<Vec<Named>>"
          from classes c
         where c.tenant_id = $1 and ($2::text is null or c.code = $2)
         order by c.code
        "#,
        me.tenant.0,
        code,
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    let classes = rows.into_iter().map(|row| Class {
        code: row.code,
        family: row.family,
        major: row.major,
        is_local: row.is_local,
        versions: row.versions.0,
        limit: row.limit.map(|l| l.0),
        duties: row.duties.0,
    });
    Ok(classes.collect())
}

/// The conditions of filing of a class that hold on a day.
pub async fn conditions_on(
    tx: &mut Tx,
    tenant: TenantId,
    class: &str,
    day: NaiveDate,
) -> Result<Vec<Condition>> {
    let found = sqlx::query_scalar!(
        r#"select conditions_json($1, c.code, c.version) as "found!: Json<Vec<Condition>>"
             from classes_on($1, $3) c
            where c.code = $2"#,
        tenant.0,
        class,
        day
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found.map(|f| f.0).unwrap_or_default())
}

/// The major classes, each with the codes that the city may still give.
pub async fn majors(tx: &mut Tx, me: &Viewer) -> Result<Vec<Major>> {
    let rows = sqlx::query!(
        r#"select code, family as "family: Family", major, is_local from classes
            where tenant_id = $1 order by code"#,
        me.tenant.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let all = rows.into_iter();
    let all: Vec<_> = all
        .map(|row| (row.code, row.family, row.major, row.is_local))
        .collect();
    Ok(Major::all(&all))
}

/// What stands beside a class on a day, so that a change says what it does there.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Sight {
    /// Matters of it that are not ended.
    pub(in super::super) open: i64,
    /// Of these, what is still to be accepted.
    pub(in super::super) waiting: i64,
    /// The other classes on the quick list.
    pub(in super::super) quick: Vec<OnQuickList>,
    /// The code of another class in use in the same major class with the same name.
    pub(in super::super) named: Option<String>,
    /// How many others are in use.
    pub(in super::super) others: i64,
}

/// Another class on the quick list.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct OnQuickList {
    pub(in super::super) order: i16,
    pub(in super::super) name: String,
}

/// What stands beside the class of a code under a name, on a day.
pub(in super::super) async fn sight(
    tx: &mut Tx,
    me: &Viewer,
    (code, name): (&str, &str),
    day: NaiveDate,
) -> Result<Sight> {
    let row = sqlx::query!(
        r#"
        with others as materialized (
            select c.* from classes_on($1, $4) c where c.code <> $2 and c.in_use)
        select (select count(*) from matters m
                 where m.tenant_id = $1 and m.class_code = $2 and m.ended_at is null) as "open!",
               (select count(*) from matters m
                 where m.tenant_id = $1 and m.class_code = $2 and m.ended_at is null and m.stage = 'filed') as "waiting!",
               coalesce((select json_agg(json_build_object('order', o.quick_order, 'name', o.quick_name)
                       order by o.quick_order, o.code)
                  from others o where o.quick_order is not null), '[]') as "quick!: Json<Vec<OnQuickList>>",
               (select min(o.code) from others o
                 where left(o.code, -3) = left($2, -3) and o.name = $3) as named,
               (select count(*) from others) as "others!"
        "#,
        me.tenant.0,
        code,
        name,
        day
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Sight {
        open: row.open,
        waiting: row.waiting,
        quick: row.quick.0,
        named: row.named,
        others: row.others,
    })
}
