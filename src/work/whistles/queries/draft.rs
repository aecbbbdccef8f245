//! What a draft offers to choose from, and keeping a draft.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Kind, Role};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;
use crate::org::{DepartmentId, NodeId};
use crate::work::duties::Proposal;
use crate::work::{AssignmentId, DutyItemId, MatterId, WhistleId};

/// Something to choose, with its name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Named {
    pub(in super::super) id: Uuid,
    pub(in super::super) name: String,
}

/// Departments and places a draft may name.
#[derive(Clone, Debug)]
pub(in super::super) struct Options {
    pub(in super::super) departments: Vec<Named>,
    pub(in super::super) places: Vec<Named>,
    pub(in super::super) proposals: Vec<Proposal>,
}

/// Departments in force, the places within the drafter's reach (street, communities, grids, and
/// the places of the matters on offer), and what the duty list proposes for the matters chosen.
pub(in super::super) async fn options(
    tx: &mut Tx,
    me: &Viewer,
    also: &[Uuid],
    classes: &[String],
) -> Result<Options> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        select (select coalesce(json_agg(json_build_object('id', d.id, 'name', d.name) order by d.position), '[]')
                  from departments d
                 where d.tenant_id = $1 and d.valid_from <= $3 and (d.valid_to is null or d.valid_to > $3))
                 as "departments!: Json<Vec<Named>>",
               (select coalesce(json_agg(json_build_object('id', n.id, 'name',
                         (select string_agg(u.name, ' ' order by u.level) from nodes u
                           where u.tenant_id = $1 and u.level >= 2
                             and u.code in (n.code, left(n.code, 12), left(n.code, 15), left(n.code, 18))
                              or u.tenant_id = $1 and u.code = n.code)) order by n.code), '[]')
                  from nodes n
                 where n.tenant_id = $1 and n.code like $2 || '%'
                   and n.valid_from <= $3 and (n.valid_to is null or n.valid_to > $3)
                   and (n.level <= 3 or n.id = any($4))) as "places!: Json<Vec<Named>>",
               duties_for($1, $5, $3) as "proposals!: Json<Vec<Proposal>>"
        "#,
        me.tenant.0,
        me.node_code(),
        today,
        also,
        classes,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Options {
        departments: row.departments.0,
        places: row.places.0,
        proposals: row.proposals.0,
    })
}

/// A draft to keep: everything a person wrote.
#[derive(Clone, Debug)]
pub(in super::super) struct Draft {
    pub(in super::super) kind: Kind,
    pub(in super::super) title: String,
    pub(in super::super) problem: String,
    pub(in super::super) own_measures: String,
    pub(in super::super) closing_condition: String,
    pub(in super::super) place: NodeId,
    pub(in super::super) matters: Vec<MatterId>,
    pub(in super::super) asks: Vec<(Role, DepartmentId, String)>,
    /// The version of the duty item that it cites.
    pub(in super::super) duty: Option<DutyItemId>,
    pub(in super::super) choice_reason: String,
    /// When a joint enforcement meets.
    pub(in super::super) meets_at: Option<DateTime<Utc>>,
}

/// Keeps a new draft, or a changed one, with its matters and planned assignments. A place
/// outside the drafter's reach is not found.
#[expect(
    clippy::cognitive_complexity,
    reason = "the macros count, not the two branches"
)]
pub(in super::super) async fn keep_draft(
    tx: &mut Tx,
    me: &Viewer,
    id: WhistleId,
    draft: &Draft,
    is_new: bool,
) -> Result<()> {
    let now = tx.now;
    let (level, code) = place_of(tx, me, draft.place).await?;
    let duty = draft.duty.map(|d| d.0);
    let kept = if is_new {
        sqlx::query!(
            "insert into whistles (tenant_id, id, kind, title, problem, own_measures, closing_condition, place_id,
                 place_level, place_code, from_community, stage, waiting_since, drafted_at, drafted_by, drafted_post,
                 duty_item_id, choice_reason, meets_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'draft', $12, $12, $13, $14,
                 $15, nullif($16, ''), $17)",
            me.tenant.0,
            id.0,
            draft.kind as Kind,
            draft.title,
            draft.problem,
            draft.own_measures,
            draft.closing_condition,
            draft.place.0,
            level,
            code,
            me.kind.is_community(),
            now,
            me.person.0,
            me.post.0,
            duty,
            draft.choice_reason,
            draft.meets_at
        )
        .execute(&mut **tx)
        .await
    } else {
        sqlx::query!(
            "update whistles set kind = $3, title = $4, problem = $5, own_measures = $6, closing_condition = $7,
                 place_id = $8, place_level = $9, place_code = $10, duty_item_id = $11,
                 choice_reason = nullif($12, ''), meets_at = $13, version = version + 1
              where tenant_id = $1 and id = $2",
            me.tenant.0,
            id.0,
            draft.kind as Kind,
            draft.title,
            draft.problem,
            draft.own_measures,
            draft.closing_condition,
            draft.place.0,
            level,
            code,
            duty,
            draft.choice_reason,
            draft.meets_at
        )
        .execute(&mut **tx)
        .await
    };
    on_constraint(kept, "on_standing_ground", || {
        Error::Refused("这个地点刚刚撤销或调整过。请刷新后重新选择地点。".to_owned())
    })?;
    keep_matters(tx, me, id, &draft.matters).await?;
    keep_asks(tx, me, id, &draft.asks).await
}

/// Level and code of a place within the drafter's reach.
async fn place_of(tx: &mut Tx, me: &Viewer, place: NodeId) -> Result<(i16, String)> {
    let row = sqlx::query!(
        "select level, code from nodes
          where tenant_id = $1 and id = $2 and code like $3 || '%'",
        me.tenant.0,
        place.0,
        me.node_code()
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok((row.level, row.code))
}

async fn keep_matters(tx: &mut Tx, me: &Viewer, id: WhistleId, matters: &[MatterId]) -> Result<()> {
    let chosen: Vec<Uuid> = matters.iter().map(|m| m.0).collect();
    sqlx::query!(
        "delete from whistle_matters where tenant_id = $1 and whistle_id = $2 and not matter_id = any($3)",
        me.tenant.0,
        id.0,
        &chosen
    )
    .execute(&mut **tx)
    .await?;
    for matter in chosen {
        let kept = sqlx::query!(
            "insert into whistle_matters (tenant_id, whistle_id, matter_id) values ($1, $2, $3)
             on conflict (tenant_id, whistle_id, matter_id) do nothing",
            me.tenant.0,
            id.0,
            matter
        )
        .execute(&mut **tx)
        .await;
        on_constraint(kept, "whistle_matters_one_live", || {
            Error::Refused("有一件事项已在另一张哨单里。请刷新后重新勾选。".to_owned())
        })?;
    }
    Ok(())
}

async fn keep_asks(
    tx: &mut Tx,
    me: &Viewer,
    id: WhistleId,
    asks: &[(Role, DepartmentId, String)],
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "delete from assignments where tenant_id = $1 and whistle_id = $2 and stage = 'planned'",
        me.tenant.0,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    for (position, (role, department, ask)) in (0_i16..).zip(asks) {
        let kept = sqlx::query!(
            "insert into assignments (tenant_id, id, whistle_id, department_id, role, position, ask, stage, waiting_since)
             values ($1, $2, $3, $4, $5, $6, $7, 'planned', $8)",
            me.tenant.0,
            AssignmentId::at(now).0,
            id.0,
            department.0,
            *role as Role,
            position,
            ask,
            now
        )
        .execute(&mut **tx)
        .await;
        on_constraint(kept, "to_standing_department", || {
            Error::Refused("有一个部门刚刚撤销。请刷新后重新选择部门。".to_owned())
        })?;
    }
    Ok(())
}
