//! The SQL of what comes again: the closed whistle that a new matter is like, and the proposal.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::access::Viewer;
use crate::work::visits::model::{Near, RECURS_NEAR};
use crate::work::whistles::Stage;
use crate::work::{MatterId, RecurrenceId, WhistleId};

/// A closed whistle that a new matter is like.
#[derive(Clone, Debug)]
pub(crate) struct Like {
    pub(crate) whistle: WhistleId,
    pub(crate) number: String,
    pub(crate) near: Near,
    /// Within how many days of its close the same trouble counts as come again.
    pub(crate) days: i64,
}

/// The whistle about the same class of matter that the street closed lately in the same building,
/// or in one so near: the nearest, then the one closed last. What has no position is near only
/// to itself. Step by step, so that distances are counted for those few alone.
pub(crate) async fn closed_like(
    tx: &mut Tx,
    me: &Viewer,
    class: &str,
    place_code: &str,
) -> Result<Option<Like>> {
    let (now, today) = (tx.now, tx.today());
    let row = sqlx::query!(
        r#"
        with lasts as materialized (
            select (rules_json($1, null, $6)->'recur_days'->>'amount')::int as days
        ), here as materialized (
            select n.longitude, n.latitude from nodes n
             where n.tenant_id = $1 and n.code in ($4, left($4, 18)) and length(n.code) >= 18
               and n.longitude is not null
             order by n.level desc limit 1
        ), closed as materialized (
            select w.id, w.number, w.closed_at from whistles w
             where w.tenant_id = $1 and w.street_code = left($4, 9) and w.closed_at >= $2::timestamptz - make_interval(days => (select days from lasts))
               and w.stage = 'closed'
        ), lately as materialized (
            select c.id, c.number, c.closed_at, left(m.place_code, 18) = left($4, 18) as same,
                   (select metres_apart(h.longitude, h.latitude, n.longitude, n.latitude)
                      from nodes n cross join here h
                     where n.tenant_id = $1 and n.code in (m.place_code, left(m.place_code, 18))
                       and length(n.code) >= 18 and n.longitude is not null
                     order by n.level desc limit 1) as apart
              from closed c
              join whistle_matters b on b.tenant_id = $1 and b.whistle_id = c.id and b.live
              join matters m on m.tenant_id = $1 and m.id = b.matter_id
             where m.class_code = $3
        )
        select l.id, l.number as "number!",
               case when not l.same then round(l.apart)::smallint end as metres,
               (select days from lasts)::bigint as "days!"
          from lately l
         where l.same or l.apart <= $5
         order by l.same desc, case when not l.same then l.apart end, l.closed_at desc
         limit 1
        "#,
        me.tenant.0,
        now,
        class,
        place_code,
        RECURS_NEAR,
        today
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|r| Like {
        whistle: WhistleId(r.id),
        number: r.number,
        near: Near::read(r.metres),
        days: r.days,
    }))
}

/// Proposes to the street that the whistle be reopened for the matter.
pub(crate) async fn propose(tx: &mut Tx, me: &Viewer, like: &Like, matter: MatterId) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into reopen_proposals (tenant_id, id, whistle_id, matter_id, at, metres)
         values ($1, $2, $3, $4, $5, $6)",
        me.tenant.0,
        uuid_at(now),
        like.whistle.0,
        matter.0,
        now,
        like.near.metres()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A proposal with both things it compares.
#[derive(Clone, Debug)]
pub(crate) struct Proposal {
    pub(crate) id: RecurrenceId,
    pub(crate) at: DateTime<Utc>,
    pub(crate) accepted: Option<bool>,
    pub(crate) decided_at: Option<DateTime<Utc>>,
    pub(crate) reason: Option<String>,
    pub(crate) whistle: WhistleId,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) stage: Stage,
    pub(crate) closed_at: Option<DateTime<Utc>>,
    pub(crate) closing_words: Option<String>,
    pub(crate) lead: String,
    pub(crate) matter: MatterId,
    pub(crate) matter_number: String,
    pub(crate) matter_title: String,
    pub(crate) detail: String,
    pub(crate) class: String,
    pub(crate) place: String,
    pub(crate) near: Near,
    /// Where the whistle is.
    pub(crate) old_place: String,
}

/// Locks a proposal that is to be decided.
pub(crate) async fn hold(tx: &mut Tx, me: &Viewer, id: RecurrenceId) -> Result<()> {
    sqlx::query_scalar!(
        "select id from reopen_proposals where tenant_id = $1 and id = $2 for update",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(())
}

/// The proposal, if it concerns the viewer's street.
pub(crate) async fn proposal(tx: &mut Tx, me: &Viewer, id: RecurrenceId) -> Result<Proposal> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"select o.at, o.accepted, o.decided_at, o.reason, w.id as whistle, w.number as "number!", w.title,
                  w.stage as "stage: Stage", w.closed_at, w.closing_words,
                  coalesce((select d.name from assignments a
                     join departments d on d.tenant_id = $1 and d.id = a.department_id
                    where a.tenant_id = $1 and a.whistle_id = w.id and a.role = 'lead' and a.stage <> 'relieved'), '') as "lead!",
                  m.id as matter, m.number as matter_number, m.title as matter_title, m.detail,
                  coalesce(c.quick_name, c.name) as "class!",
                  (select string_agg(n.name, ' ' order by n.level) from nodes n
                    where n.tenant_id = $1
                      and n.code in (m.community_code, m.grid_code, left(m.place_code, 18), m.place_code)) as "place!",
                  o.metres,
                  (select string_agg(n.name, ' ' order by n.level) from nodes n
                    where n.tenant_id = $1
                      and n.code in (w.community_code, left(w.place_code, 15), left(w.place_code, 18),
                                     w.place_code)) as "old_place!"
             from reopen_proposals o
             join whistles w on w.tenant_id = $1 and w.id = o.whistle_id
             join matters m on m.tenant_id = $1 and m.id = o.matter_id
             join classes_on($1, $4) c on c.code = m.class_code
            where o.tenant_id = $1 and o.id = $2 and w.street_code = $3"#,
        me.tenant.0,
        id.0,
        me.node_code(),
        today
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Proposal {
        id,
        at: row.at,
        accepted: row.accepted,
        decided_at: row.decided_at,
        reason: row.reason,
        whistle: row.whistle.into(),
        number: row.number,
        title: row.title,
        stage: row.stage,
        closed_at: row.closed_at,
        closing_words: row.closing_words,
        lead: row.lead,
        matter: row.matter.into(),
        matter_number: row.matter_number,
        matter_title: row.matter_title,
        detail: row.detail,
        class: row.class,
        place: row.place,
        near: Near::read(row.metres),
        old_place: row.old_place,
    })
}

/// Which street whistle a proposal is about, so that it can be locked first.
pub(crate) async fn whistle_of(tx: &mut Tx, me: &Viewer, id: RecurrenceId) -> Result<WhistleId> {
    let whistle: Option<Uuid> = sqlx::query_scalar!(
        "select whistle_id from reopen_proposals where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    whistle.map(WhistleId).ok_or(Error::NotFound)
}

/// Keeps the decision: with a reason it is declined.
pub(crate) async fn decide(
    tx: &mut Tx,
    me: &Viewer,
    id: RecurrenceId,
    declined: Option<&str>,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update reopen_proposals set decided_at = $3, decided_by = $4, accepted = $5, reason = $6
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        now,
        me.person.0,
        declined.is_none(),
        declined
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
