//! The SQL of leaves.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use super::model::Leave;
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::org::PersonId;
use crate::org::access::Viewer;

/// Somebody who may stand in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Candidate {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) title: String,
}

/// A leave on the page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) id: Uuid,
    /// The deputy of one's own leave, the absent of another's.
    pub(super) name: String,
    pub(super) from_day: NaiveDate,
    pub(super) to_day: NaiveDate,
    pub(super) ended_at: Option<DateTime<Utc>>,
}

/// What the page of somebody's leaves shows.
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) candidates: Vec<Candidate>,
    /// The person's own, newest first.
    pub(super) own: Vec<Entry>,
    /// Those of others for whom the person stands in, now or later.
    pub(super) others: Vec<Entry>,
}

/// The page of somebody's leaves: one round trip. Who holds a post in the same unit today may stand in;
/// administrators only for their kind.
pub(super) async fn shown(tx: &mut Tx, me: &Viewer, person: PersonId) -> Result<Shown> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        with seat as (
            select p.node_id, p.department_id, p.kind
              from appointments m
              join posts p on p.tenant_id = $1 and p.id = m.post_id
             where m.tenant_id = $1 and m.person_id = $2
               and m.from_day <= $3 and (m.to_day is null or m.to_day > $3)
        ), candidates as (
            select distinct on (m.person_id) m.person_id as id, h.name, p.title, p.kind
              from seat s
              join posts p on p.tenant_id = $1 and p.node_id is not distinct from s.node_id
                   and p.department_id is not distinct from s.department_id
                   and case when s.kind in ('system_admin', 'security_admin', 'audit_admin') then p.kind = s.kind
                            else p.kind not in ('system_admin', 'security_admin', 'audit_admin') end
              join appointments m on m.tenant_id = $1 and m.post_id = p.id
                   and m.from_day <= $3 and (m.to_day is null or m.to_day > $3)
              join people h on h.tenant_id = $1 and h.id = m.person_id
             where m.person_id <> $2
             order by m.person_id, p.kind
        )
        select h.name,
               coalesce((select json_agg(json_build_object('id', c.id, 'name', c.name, 'title', c.title)
                                         order by c.kind, c.name) from candidates c), '[]')
                 as "candidates!: Json<Vec<Candidate>>",
               coalesce((select json_agg(x) from (
                    select l.id, h.name, l.from_day, l.to_day, l.ended_at from leaves l
                      join people h on h.tenant_id = $1 and h.id = l.deputy_id
                     where l.tenant_id = $1 and l.person_id = $2
                     order by l.from_day desc, l.id desc limit 20) x), '[]') as "own!: Json<Vec<Entry>>",
               coalesce((select json_agg(x) from (
                    select l.id, h.name, l.from_day, l.to_day, l.ended_at from leaves l
                      join people h on h.tenant_id = $1 and h.id = l.person_id
                     where l.tenant_id = $1 and l.deputy_id = $2 and l.ended_at is null and l.to_day >= $3
                     order by l.from_day, l.id limit 50) x), '[]') as "others!: Json<Vec<Entry>>"
          from people h
         where h.tenant_id = $1 and h.id = $2
        "#,
        me.tenant.0,
        person.0,
        today
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Shown {
        name: row.name,
        candidates: row.candidates.0,
        own: row.own.0,
        others: row.others.0,
    })
}

/// Holds both persons of a leave, so that two leaves that would meet are entered one after the
/// other.
pub(super) async fn hold(tx: &mut Tx, me: &Viewer, new: Leave) -> Result<()> {
    sqlx::query_scalar!(
        "select id from people where tenant_id = $1 and id in ($2, $3) order by id for no key update",
        me.tenant.0,
        new.person,
        new.deputy
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// All leaves in force on some day of a span.
pub(super) async fn meeting(tx: &mut Tx, me: &Viewer, new: Leave) -> Result<Vec<Leave>> {
    Ok(sqlx::query_as!(
        Leave,
        r#"select person_id as person, deputy_id as deputy, from_day as "from", to_day as "to" from leaves
            where tenant_id = $1 and ended_at is null and from_day <= $3 and to_day >= $2"#,
        me.tenant.0,
        new.from,
        new.to
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Keeps a leave; one that meets another of the same person is refused.
pub(super) async fn add(tx: &mut Tx, me: &Viewer, new: Leave) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "insert into leaves (tenant_id, id, person_id, deputy_id, from_day, to_day, at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        me.tenant.0,
        uuid_at(now),
        new.person,
        new.deputy,
        new.from,
        new.to,
        now
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "leaves_once", || {
        let mut errors = FieldErrors::new();
        errors.add(
            "from",
            "这段日子与已登记的请假重叠。请改日期，或先结束那一次。",
        );
        Error::Invalid(errors)
    })?;
    Ok(())
}

/// Ends one of somebody's leaves; says whether there was such a one.
pub(super) async fn end(tx: &mut Tx, me: &Viewer, person: PersonId, id: Uuid) -> Result<bool> {
    let (now, today) = (tx.now, tx.today());
    let ended = sqlx::query!(
        "update leaves set ended_at = $4
          where tenant_id = $1 and person_id = $2 and id = $3 and ended_at is null and to_day >= $5",
        me.tenant.0,
        person.0,
        id,
        now,
        today
    )
    .execute(&mut **tx)
    .await?;
    Ok(ended.rows_affected() == 1)
}
