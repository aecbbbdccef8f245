//! Reading and keeping objections and their panels.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Candidate, Item, Objection, ObjectionState, Period, Reason};
use crate::base::db::{Tx, on_constraint, refused_by};
use crate::base::error::{Error, Result};
use crate::base::paging::{COUNTED, Paged};
use crate::org::access::{PostKind, Viewer};
use crate::org::calendar::Calendar;
use crate::org::{DepartmentId, TenantId};
use crate::work::ObjectionId;

/// A new objection.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct New<'a> {
    pub(in super::super) id: ObjectionId,
    /// The row of the period.
    pub(in super::super) period: Uuid,
    pub(in super::super) department: DepartmentId,
    pub(in super::super) item: Item,
    /// The whistle and the assignment; none if it is about a record.
    pub(in super::super) task: Option<(Uuid, Uuid)>,
    /// The record of a power, if it is about one.
    pub(in super::super) exercise: Option<Uuid>,
    pub(in super::super) reason: Reason,
    pub(in super::super) words: &'a str,
    pub(in super::super) evidence: &'a str,
}

/// Keeps one. Of two about the same, the second is told so.
pub(in super::super) async fn insert(tx: &mut Tx, me: &Viewer, new: &New<'_>) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "insert into assessment_objections (tenant_id, id, period_id, department_id, item, whistle_id, assignment_id,
                                            exercise_id, reason, words, evidence, asked_at, asked_by, asked_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        me.tenant.0,
        new.id.0,
        new.period,
        new.department.0,
        new.item as Item,
        new.task.map(|(whistle, _)| whistle),
        new.task.map(|(_, assignment)| assignment),
        new.exercise,
        new.reason as Reason,
        new.words,
        new.evidence,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await;
    kept.map_err(|error| match refused_by(&error).as_deref() {
        Some("assessment_objections_once" | "assessment_objections_once_of_exercise") => {
            Error::Refused("这一件的这一项已经申诉过，只能申诉一次。".to_owned())
        }
        _ => error.into(),
    })?;
    Ok(())
}

/// One objection, locked.
pub(in super::super) async fn hold(
    tx: &mut Tx,
    tenant: TenantId,
    id: ObjectionId,
) -> Result<Objection> {
    sqlx::query!(
        "select id from assessment_objections where tenant_id = $1 and id = $2 for update",
        tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    find(tx, tenant, id).await
}

/// One objection as it stands.
pub(in super::super) async fn find(
    tx: &mut Tx,
    tenant: TenantId,
    id: ObjectionId,
) -> Result<Objection> {
    let objection = sqlx::query_scalar!(
        r#"select objection_json($1, $2) as "objection: Json<Objection>""#,
        tenant.0,
        id.0
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(objection.ok_or(Error::NotFound)?.0)
}

/// All posts of city and streets, with what would keep each from the panel.
pub(in super::super) async fn candidates(
    tx: &mut Tx,
    me: &Viewer,
    of: &Objection,
) -> Result<Vec<Candidate>> {
    let today = tx.today();
    let found = sqlx::query_scalar!(
        r#"select coalesce(json_agg(json_build_object('post', o.id, 'kind', o.kind,
                      'seat', coalesce(n.name || '·', '') || o.title, 'holder', y.name,
                      'same_street', coalesce(o.node_code = street_of_objection($1, $2), false),
                      'took_part', m.person_id is not null and had_to_do($1, $2, m.person_id, $3))
                      order by o.kind, n.code, o.id), '[]') as "found!: Json<Vec<Candidate>>"
             from posts o
             left join nodes n on n.tenant_id = $1 and n.id = o.node_id
             left join appointments m on m.tenant_id = $1 and m.post_id = o.id and m.from_day <= $3
                  and (m.to_day is null or m.to_day > $3)
             left join people y on y.tenant_id = $1 and y.id = m.person_id
            where o.tenant_id = $1
              and o.kind in ('city_leader', 'city_office', 'street_secretary', 'street_deputy', 'street_dispatcher',
                             'street_checker')
              and o.valid_from <= $3 and (o.valid_to is null or o.valid_to > $3)"#,
        me.tenant.0,
        of.id.0,
        today
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(found.0)
}

/// Calls the panel.
pub(in super::super) async fn call(
    tx: &mut Tx,
    me: &Viewer,
    id: ObjectionId,
    (soon, due): (DateTime<Utc>, DateTime<Utc>),
    members: &[&Candidate],
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update assessment_objections
            set panel_at = $3, panel_by = $4, panel_post = $5, soon_at = $6, due_at = $7, version = version + 1
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        now,
        me.person.0,
        me.post.0,
        soon,
        due
    )
    .execute(&mut **tx)
    .await?;
    let posts: Vec<Uuid> = members.iter().map(|m| m.post).collect();
    let kinds: Vec<PostKind> = members.iter().map(|m| m.kind).collect();
    let kept = sqlx::query!(
        "insert into objection_members (tenant_id, objection_id, post_id, post_kind, position)
         select $1, $2, x.post, x.kind, x.position
           from unnest($3::uuid[], $4::post_kind[]) with ordinality as x (post, kind, position)",
        me.tenant.0,
        id.0,
        &posts,
        &kinds as &[PostKind]
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "panel_is_neutral", || {
        Error::Refused("评议组成员不能是评价街道的，也不能参与过这件事，请另选。".to_owned())
    })?;
    Ok(())
}

/// Keeps a vote.
pub(in super::super) async fn vote(
    tx: &mut Tx,
    me: &Viewer,
    id: ObjectionId,
    (upholds, words): (bool, &str),
) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "update objection_members set voted_at = $4, voted_by = $5, upholds = $6, words = $7
          where tenant_id = $1 and objection_id = $2 and post_id = $3",
        me.tenant.0,
        id.0,
        me.post.0,
        now,
        me.person.0,
        upholds,
        words
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| match refused_by(&error).as_deref() {
        Some("panel_is_neutral") => {
            Error::Refused("参与过这件事的人不能表决，请告诉市治理办。".to_owned())
        }
        Some("objection_members_voter_key") => {
            Error::Refused("已在另一个职务上表决，每人一票。".to_owned())
        }
        _ => error.into(),
    })?;
    if kept.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}

/// Counts the version up, so that who saw it before the vote is told.
pub(in super::super) async fn touch(tx: &mut Tx, tenant: TenantId, id: ObjectionId) -> Result<()> {
    sqlx::query!(
        "update assessment_objections set version = version + 1 where tenant_id = $1 and id = $2",
        tenant.0,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes what came of it, once.
pub(in super::super) async fn end(
    tx: &mut Tx,
    tenant: TenantId,
    id: ObjectionId,
    (state, words): (ObjectionState, &str),
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update assessment_objections set state = $3, decided_at = $4, decided_words = $5, version = version + 1
          where tenant_id = $1 and id = $2",
        tenant.0,
        id.0,
        state as ObjectionState,
        now,
        words
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The open ones whose panel has let its time pass, the earliest first.
pub(in super::super) async fn over(tx: &mut Tx, tenant: TenantId, most: i64) -> Result<Vec<Uuid>> {
    let now = tx.now;
    Ok(sqlx::query_scalar!(
        "select id from assessment_objections
          where tenant_id = $1 and state = 'open' and due_at < $2 order by due_at, id limit $3",
        tenant.0,
        now,
        most
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The posts of the city's office, or of a department.
pub(in super::super) async fn posts(
    tx: &mut Tx,
    tenant: TenantId,
    department: Option<DepartmentId>,
) -> Result<Vec<Uuid>> {
    let today = tx.today();
    Ok(sqlx::query_scalar!(
        "select o.id from posts o
          where o.tenant_id = $1 and (o.valid_to is null or o.valid_to > $3)
            and case when $2::uuid is null then o.kind = 'city_office' else o.department_id = $2 end
          order by o.id",
        tenant.0,
        department.map(|d| d.0),
        today
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Which objections the list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Tab {
    /// Those that wait for this post.
    Mine,
    /// All that are open.
    Open,
    /// All that have ended.
    Ended,
}

impl Tab {
    /// In an address.
    pub(in super::super) fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Open => "open",
            Self::Ended => "ended",
        }
    }
}

/// The list, and how long each tab is.
#[derive(Clone, Debug)]
pub(in super::super) struct Listed {
    pub(in super::super) page: Paged<Objection, ObjectionId>,
    pub(in super::super) mine: i64,
    pub(in super::super) open: i64,
    pub(in super::super) ended: i64,
    pub(in super::super) waiting: Vec<Uuid>,
    pub(in super::super) calendar: Calendar,
}

/// One page of the list, the newest first, after the given one.
pub(in super::super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    (tab, period): (Tab, Option<Period>),
    (after, from, size): (Option<Uuid>, i64, i64),
) -> Result<Listed> {
    let today = tx.today();
    let street = me.kind.is_street().then(|| me.node_code().to_owned());
    let row = sqlx::query!(
        r#"
        with waiting as materialized (
            select w.objection_id from objections_waiting($1, $2, $3) w
        ), kept as not materialized (
            select b.id, b.state
              from assessment_objections b
              join assessment_periods p on p.tenant_id = $1 and p.id = b.period_id
              left join whistles w on w.tenant_id = $1 and w.id = b.whistle_id
              left join power_exercises e on e.tenant_id = $1 and e.id = b.exercise_id
             where b.tenant_id = $1
               and ($4::uuid is null or b.department_id = $4)
               and ($5::text is null or coalesce(w.street_code, e.street_code) = $5 or exists (select from objection_members m
                        where m.tenant_id = $1 and m.objection_id = b.id and m.post_id = $3))
               and ($6::text is null or p.period = $6)
        )
        select (select count(*) from (select from kept k where k.id in (select objection_id from waiting) limit $7) c) as "mine!",
               (select count(*) from (select from kept k where k.state = 'open' limit $7) c) as "open!",
               (select count(*) from (select from kept k where k.state <> 'open' limit $7) c) as "ended!",
               coalesce((select array_agg(objection_id) from waiting), '{}') as "waiting!",
               coalesce((select json_agg(objection_json($1, x.id) order by x.id desc) from (
                   select k.id from kept k
                    where case $8 when 'mine' then k.id in (select objection_id from waiting)
                                  when 'open' then k.state = 'open' else k.state <> 'open' end
                      and ($9::uuid is null or k.id < $9)
                    order by k.id desc limit $10) x), '[]') as "rows!: Json<Vec<Objection>>",
               calendar_around($1, $11) as "calendar!: Json<Calendar>"
        "#,
        me.tenant.0,
        me.kind as PostKind,
        me.post.0,
        me.department().map(|d| d.0),
        street,
        period.map(|p| p.to_string()),
        COUNTED + 1,
        tab.code(),
        after,
        size + 1,
        today,
    )
    .fetch_one(&mut **tx)
    .await?;
    let total = match tab {
        Tab::Mine => row.mine,
        Tab::Open => row.open,
        Tab::Ended => row.ended,
    };
    Ok(Listed {
        page: Paged::sized(row.rows.0, size, (total, from), |r| r.id),
        mine: row.mine,
        open: row.open,
        ended: row.ended,
        waiting: row.waiting,
        calendar: row.calendar.0,
    })
}
