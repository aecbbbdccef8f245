//! What the form of a new record offers, and what is known already of where it comes from.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::Power;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::work::{MatterId, PlanId, WhistleId};

/// A grant of the plan in force.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Grant {
    pub(in super::super) department: DepartmentId,
    pub(in super::super) name: String,
    pub(in super::super) power: Power,
    pub(in super::super) scope: String,
}

/// The plan in force, with what it grants and to which streets.
#[derive(Clone, Debug)]
pub(in super::super) struct Plan {
    pub(in super::super) id: PlanId,
    pub(in super::super) name: String,
    pub(in super::super) grants: Vec<Grant>,
    pub(in super::super) streets: Vec<(String, String)>,
}

/// The plan in force on a day, if there is one.
pub(in super::super) async fn plan(
    tx: &mut Tx,
    me: &Viewer,
    day: NaiveDate,
) -> Result<Option<Plan>> {
    let row = sqlx::query!(
        r#"select l.id, l.name,
                  coalesce((select json_agg(json_build_object('department', d.id, 'name', d.name, 'power', g.power,
                         'scope', g.scope) order by d.position, g.power)
                     from plan_grants g join departments d on d.tenant_id = $1 and d.id = g.department_id
                    where g.tenant_id = $1 and g.plan_id = l.id), '[]') as "grants!: Json<Vec<Grant>>",
                  coalesce((select json_agg(json_build_array(n.code, n.name) order by n.code)
                     from plan_streets s join nodes n on n.tenant_id = $1 and n.id = s.street_id
                    where s.tenant_id = $1 and s.plan_id = l.id), '[]') as "streets!: Json<Vec<(String, String)>>"
             from empowerment_plans l
            where l.tenant_id = $1 and l.from_day <= $2 and (l.to_day is null or l.to_day > $2)"#,
        me.tenant.0,
        day
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Plan {
        id: PlanId(row.id),
        name: row.name,
        grants: row.grants.0,
        streets: row.streets.0,
    }))
}

/// What a whistle already says.
#[derive(Clone, Debug)]
pub(in super::super) struct FromWhistle {
    pub(in super::super) title: String,
    pub(in super::super) number: String,
    pub(in super::super) problem: String,
    pub(in super::super) measures: String,
    pub(in super::super) place: String,
    pub(in super::super) lead: Option<Uuid>,
    pub(in super::super) departments: Vec<Uuid>,
}

/// The whistle, if it is the street's own.
pub(in super::super) async fn from_whistle(
    tx: &mut Tx,
    me: &Viewer,
    id: WhistleId,
) -> Result<Option<FromWhistle>> {
    let street = me.reach().street;
    Ok(sqlx::query_as!(
        FromWhistle,
        r#"select w.title, coalesce(w.number, '') as "number!", w.problem, w.own_measures as measures, n.name as place,
                  (select a.department_id from assignments a where a.tenant_id = $1 and a.whistle_id = w.id
                      and a.role = 'lead' and a.stage <> 'relieved') as lead,
                  coalesce((select array_agg(a.department_id) from assignments a where a.tenant_id = $1
                      and a.whistle_id = w.id and a.stage <> 'relieved'), '{}') as "departments!"
             from whistles w
             join nodes n on n.tenant_id = $1 and n.id = w.place_id
            where w.tenant_id = $1 and w.id = $2 and w.street_code = $3"#,
        me.tenant.0,
        id.0,
        street
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// What repeated matters already say: the same class in the same community within a year.
#[derive(Clone, Debug)]
pub(in super::super) struct FromMatter {
    pub(in super::super) title: String,
    pub(in super::super) class: String,
    pub(in super::super) place: String,
    pub(in super::super) community: String,
    pub(in super::super) households: i32,
    pub(in super::super) alike: Vec<Alike>,
}

/// A matter of the same kind.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Alike {
    pub(in super::super) id: MatterId,
    pub(in super::super) number: String,
    pub(in super::super) title: String,
    pub(in super::super) filed_on: NaiveDate,
    pub(in super::super) place: String,
}

/// Matters that a proposal names at most.
pub(in super::super) const ALIKE: i64 = 20;

/// The matter with those like it, if it is the street's own.
pub(in super::super) async fn from_matter(
    tx: &mut Tx,
    me: &Viewer,
    id: MatterId,
) -> Result<Option<FromMatter>> {
    let (street, now, today) = (me.reach().street, tx.now, tx.today());
    let row = sqlx::query!(
        r#"select m.title, c.name as "class!", n.name as place, coalesce(k.name, s.name) as "community!",
                  coalesce(n.households, g.households, k.households, 0) as "households!",
                  coalesce((select json_agg(x) from (
                      select o.id, o.number, o.title, (o.filed_at at time zone 'Asia/Shanghai')::date as filed_on,
                             p.name as place
                        from matters o join nodes p on p.tenant_id = $1 and p.id = o.place_id
                       where o.tenant_id = $1 and o.class_code = m.class_code and o.street_code = m.street_code
                         and o.community_code is not distinct from m.community_code
                         and o.filed_at > $4::timestamptz - interval '365 days' and o.stage <> 'rejected'
                       order by o.filed_at desc limit $5) x), '[]') as "alike!: Json<Vec<Alike>>"
             from matters m
             join classes_on($1, $6) c on c.code = m.class_code
             join nodes n on n.tenant_id = $1 and n.id = m.place_id
             join nodes s on s.tenant_id = $1 and s.code = m.street_code
             left join nodes k on k.tenant_id = $1 and k.code = m.community_code
             left join nodes g on g.tenant_id = $1 and g.code = m.grid_code
            where m.tenant_id = $1 and m.id = $2 and m.street_code = $3"#,
        me.tenant.0,
        id.0,
        street,
        now,
        ALIKE,
        today
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| FromMatter {
        title: row.title,
        class: row.class,
        place: row.place,
        community: row.community,
        households: row.households,
        alike: row.alike.0,
    }))
}
