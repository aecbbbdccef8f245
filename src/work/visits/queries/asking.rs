//! The SQL of asking: whom a passed check leaves to be asked, the calls, the links, the answers.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::TenantId;
use crate::org::access::{PostKind, Viewer};
use crate::org::events::By;
use crate::work::visits::model::{Said, State, Way};
use crate::work::whistles::Kind;
use crate::work::{VisitId, WhistleId};

/// What the database says when one who took part would ask the resident.
fn took_part() -> Error {
    Error::Refused("您办理、核查或评价过这件事，须请他人回访。".to_owned())
}

/// A matter whose teller is to be asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub(crate) matter: Uuid,
    /// The matter behind the whistle that it was merged into.
    pub(crate) merged_into: Option<Uuid>,
}

/// The matters whose tellers are to be asked about the whistle: those behind it and those merged
/// into such, if somebody left a name or a number and is not being asked already, nor was in this
/// round. Who told the same trouble twice from one number is called once.
pub(crate) async fn told(
    tx: &mut Tx,
    me: &Viewer,
    whistle: WhistleId,
    round: i16,
) -> Result<Vec<Told>> {
    let told = sqlx::query_as!(
        Told,
        r#"
        with about as materialized (
            select m.id, null::uuid as merged_into, m.teller_name_mask, m.teller_phone_mask
              from whistle_matters w
              join matters m on m.tenant_id = $1 and m.id = w.matter_id
             where w.tenant_id = $1 and w.whistle_id = $2 and w.live
            union all
            select m.id, m.merged_into, m.teller_name_mask, m.teller_phone_mask
              from whistle_matters w
              join matters m on m.tenant_id = $1 and m.merged_into = w.matter_id
             where w.tenant_id = $1 and w.whistle_id = $2 and w.live
        )
        select a.id as "matter!", a.merged_into
          from about a
         where (a.teller_name_mask is not null or a.teller_phone_mask is not null)
           and not exists (select from visits v
                            where v.tenant_id = $1 and v.matter_id = a.id
                              and (v.state = 'waiting' or v.whistle_id = $2 and v.round = $3))
           and (a.merged_into is null
                or not exists (select from about o
                                 join personal_values x on x.tenant_id = $1 and x.owner_id = o.id
                                      and x.field = 'teller_phone'
                                 join personal_values y on y.tenant_id = $1 and y.owner_id = a.id
                                      and y.field = 'teller_phone' and y.digest = x.digest
                                where o.id <> a.id
                                  and (o.merged_into is null or o.id < a.id)))
         order by a.id
        "#,
        me.tenant.0,
        whistle.0,
        round
    );
    Ok(told.fetch_all(&mut **tx).await?)
}

/// Leaves one matter's teller to be asked.
pub(crate) async fn ask(
    tx: &mut Tx,
    me: &Viewer,
    (whistle, told): (WhistleId, Told),
    (round, until): (i16, DateTime<Utc>),
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into visits (tenant_id, id, whistle_id, matter_id, merged_into, round, state, asked_at, window_ends_at)
         values ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8)",
        me.tenant.0,
        uuid_at(now),
        whistle.0,
        told.matter,
        told.merged_into,
        round,
        now,
        until
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The whistle that a visit belongs to, so that it can be locked first.
pub(crate) async fn whistle_of(tx: &mut Tx, tenant: TenantId, id: VisitId) -> Result<WhistleId> {
    let whistle = sqlx::query_scalar!(
        "select whistle_id from visits where tenant_id = $1 and id = $2",
        tenant.0,
        id.0
    );
    let whistle = whistle.fetch_optional(&mut **tx).await?;
    whistle.map(WhistleId).ok_or(Error::NotFound)
}

/// A visit, locked.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) id: VisitId,
    pub(crate) whistle: WhistleId,
    pub(crate) matter: Uuid,
    pub(crate) state: State,
    pub(crate) version: i32,
    pub(crate) window_ends_at: DateTime<Utc>,
    pub(crate) title: String,
    pub(crate) tries: i64,
}

/// Locks a visit; its whistle is locked already.
pub(crate) async fn hold(tx: &mut Tx, tenant: TenantId, id: VisitId) -> Result<Held> {
    let row = sqlx::query!(
        r#"select v.whistle_id, v.matter_id, v.state as "state: State", v.version, v.window_ends_at, m.title,
                  (select count(*) from visit_tries t where t.tenant_id = $1 and t.visit_id = v.id) as "tries!"
             from visits v
             join matters m on m.tenant_id = $1 and m.id = v.matter_id
            where v.tenant_id = $1 and v.id = $2
              for update of v"#,
        tenant.0,
        id.0
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Held {
        id,
        whistle: WhistleId(row.whistle_id),
        matter: row.matter_id,
        state: row.state,
        version: row.version,
        window_ends_at: row.window_ends_at,
        title: row.title,
        tries: row.tries,
    })
}

/// Keeps one call of the desk.
pub(crate) async fn call(
    tx: &mut Tx,
    me: &Viewer,
    held: &Held,
    (reached, words): (bool, &str),
) -> Result<()> {
    let now = tx.now;
    let number = i16::try_from(held.tries + 1).map_err(anyhow::Error::from)?;
    let kept = sqlx::query!(
        "insert into visit_tries (tenant_id, id, whistle_id, visit_id, number, reached, words, person_id, post_id,
                                  post_kind, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        me.tenant.0,
        uuid_at(now),
        held.whistle.0,
        held.id.0,
        number,
        reached,
        words,
        me.person.0,
        me.post.0,
        me.kind as PostKind,
        now
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "visitor_is_neutral", took_part)?;
    Ok(())
}

/// After a call that reached nobody: it waits for the next, or ends as not reached.
pub(crate) async fn not_reached(tx: &mut Tx, me: &Viewer, held: &Held, ends: bool) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update visits set version = version + 1,
                state = case when $3 then 'unreachable'::visit_state else state end,
                ended_at = case when $3 then $4::timestamptz end
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        held.id.0,
        ends,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps what the resident said.
pub(crate) async fn answer(tx: &mut Tx, by: By<'_>, id: VisitId, said: &Said) -> Result<()> {
    let now = tx.now;
    let (way, me) = match by {
        By::Post(me) => (Way::Desk, Some(me)),
        By::Resident(_) | By::Program(_) => (Way::Link, None),
    };
    let kept = sqlx::query!(
        "update visits set version = version + 1, state = 'answered', ended_at = $3, answer = $4, feeling = $5,
                words = $6, way = $7, person_id = $8, post_id = $9, post_kind = $10
          where tenant_id = $1 and id = $2",
        by.tenant().0,
        id.0,
        now,
        said.answer as _,
        said.feeling as _,
        said.words,
        way as Way,
        me.map(|m| m.person.0),
        me.map(|m| m.post.0),
        me.map(|m| m.kind) as Option<PostKind>
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "visitor_is_neutral", took_part)?;
    Ok(())
}

/// The whistle is at the check again: what nobody has answered yet will be asked anew.
/// Answers the matters of those.
pub(crate) async fn overtake(
    tx: &mut Tx,
    tenant: TenantId,
    whistle: WhistleId,
) -> Result<Vec<Uuid>> {
    let now = tx.now;
    let matters = sqlx::query_scalar!(
        "update visits set version = version + 1, state = 'expired', ended_at = $3
          where tenant_id = $1 and whistle_id = $2 and state = 'waiting' returning matter_id",
        tenant.0,
        whistle.0,
        now
    );
    Ok(matters.fetch_all(&mut **tx).await?)
}

/// Locks the whistle of a matter, or of the one it was merged into, so that nobody asks about it
/// or takes an answer meanwhile. Whistles come before matters, for everybody.
pub(crate) async fn hold_whistle(
    tx: &mut Tx,
    tenant: TenantId,
    (matter, number): (Option<Uuid>, Option<&str>),
) -> Result<()> {
    sqlx::query_scalar!(
        "select w.id
           from matters m
           join whistle_matters b on b.tenant_id = $1 and b.matter_id = coalesce(m.merged_into, m.id) and b.live
           join whistles w on w.tenant_id = $1 and w.id = b.whistle_id
          where m.tenant_id = $1 and (m.id = $2 or m.number = $3)
            for no key update of w",
        tenant.0,
        matter,
        number
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(())
}

/// A whistle that has passed its check and is not closed yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passed {
    pub(crate) whistle: Uuid,
    pub(crate) kind: Kind,
    pub(crate) limits: Option<Uuid>,
    pub(crate) reopened: i16,
}

/// The whistle that a merged matter goes along with, if its residents are being asked already.
pub(crate) async fn passed(tx: &mut Tx, tenant: TenantId, matter: Uuid) -> Result<Option<Passed>> {
    let passed = sqlx::query_as!(
        Passed,
        r#"select w.id as whistle, w.kind as "kind: Kind", w.limits_id as limits, w.reopened
             from matters m
             join whistle_matters b on b.tenant_id = $1 and b.matter_id = m.merged_into and b.live
             join whistles w on w.tenant_id = $1 and w.id = b.whistle_id
            where m.tenant_id = $1 and m.id = $2 and w.stage in ('rating', 'closing')"#,
        tenant.0,
        matter
    );
    Ok(passed.fetch_optional(&mut **tx).await?)
}

/// The matter goes its own way: its teller is not asked about the whistle any more. Says whether
/// somebody was to be asked.
pub(crate) async fn drop_asking(tx: &mut Tx, tenant: TenantId, matter: Uuid) -> Result<bool> {
    let now = tx.now;
    let dropped = sqlx::query!(
        "update visits set version = version + 1, state = 'expired', ended_at = $3
          where tenant_id = $1 and matter_id = $2 and merged_into is not null and state = 'waiting'",
        tenant.0,
        matter,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(dropped.rows_affected() > 0)
}

/// The tenant's code, for the link.
pub(crate) async fn tenant_code(tx: &mut Tx, me: &Viewer) -> Result<String> {
    let code = sqlx::query_scalar!("select code from tenants where id = $1", me.tenant.0);
    Ok(code.fetch_one(&mut **tx).await?)
}

/// Keeps a link; of its token only the digest.
pub(crate) async fn link(tx: &mut Tx, me: &Viewer, held: &Held, digest: &[u8]) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "insert into visit_links (tenant_id, id, whistle_id, visit_id, token_digest, made_at, expires_at,
                                  person_id, post_id, post_kind)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        me.tenant.0,
        uuid_at(now),
        held.whistle.0,
        held.id.0,
        digest,
        now,
        held.window_ends_at,
        me.person.0,
        me.post.0,
        me.kind as PostKind
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "visitor_is_neutral", took_part)?;
    Ok(())
}
