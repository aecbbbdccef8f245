//! The SQL of matters behind a whistle: sets of rows, locked in one order.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::org::access::{PostKind, Viewer};
use crate::org::{NodeId, TenantId};
use crate::work::matters::model::{SolvedLevel, Stage};
use crate::work::{MatterId, WhistleId};

/// Locks the matters that stand live behind the whistle at this stage.
pub(crate) async fn lock(
    tx: &mut Tx,
    me: &Viewer,
    whistle: WhistleId,
    stage: Stage,
) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select m.id
           from matters m
          where m.tenant_id = $1 and m.stage = $3
            and m.id in (select w.matter_id from whistle_matters w
                          where w.tenant_id = $1 and w.whistle_id = $2 and w.live)
          order by m.id
            for update",
        me.tenant.0,
        whistle.0,
        stage as Stage
    );
    Ok(ids.fetch_all(&mut **tx).await?)
}

/// Moves locked matters on together; with a solution they are solved by the whistle.
pub(crate) async fn advance(
    tx: &mut Tx,
    me: &Viewer,
    ids: &[Uuid],
    to: Stage,
    solution: Option<&str>,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update matters
            set stage = $3, waiting_since = $4, ended_at = $5, solved_level = $6, solution = $7,
                version = version + 1
          where tenant_id = $1 and id = any ($2)",
        me.tenant.0,
        ids,
        to as Stage,
        now,
        to.is_ended().then_some(now),
        solution.map(|_| SolvedLevel::Whistle) as Option<SolvedLevel>,
        solution
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The matters that the closing of the whistle solved are at the departments again.
pub(crate) async fn reopen(tx: &mut Tx, tenant: TenantId, whistle: WhistleId) -> Result<Vec<Uuid>> {
    let now = tx.now;
    let ids = sqlx::query_scalar!(
        "update matters
            set stage = 'whistled', waiting_since = $3, ended_at = null, solved_level = null, solution = null,
                version = version + 1
          where tenant_id = $1 and stage = 'solved' and solved_level = 'whistle'
            and id in (select w.matter_id from whistle_matters w
                        where w.tenant_id = $1 and w.whistle_id = $2 and w.live)
         returning id",
        tenant.0,
        whistle.0,
        now
    );
    Ok(ids.fetch_all(&mut **tx).await?)
}

/// Puts an open matter behind a whistle that has sounded; says no if it has ended meanwhile or
/// stands behind another.
pub(crate) async fn join(tx: &mut Tx, me: &Viewer, whistle: WhistleId, id: MatterId) -> Result<()> {
    let now = tx.now;
    let moved = sqlx::query!(
        "update matters m set stage = 'whistled', waiting_since = $3, version = version + 1
          where m.tenant_id = $1 and m.id = $2 and m.stage in ('filed', 'accepted', 'raised')
            and not exists (select from whistle_matters w
                             where w.tenant_id = $1 and w.matter_id = m.id and w.live)",
        me.tenant.0,
        id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    if moved.rows_affected() == 0 {
        return Err(Error::Refused(
            "新报的事项已经结束，或者已写进别的哨单，不能并入。请选“不重启”，写明情况。".to_owned(),
        ));
    }
    let joined = sqlx::query!(
        "insert into whistle_matters (tenant_id, whistle_id, matter_id) values ($1, $2, $3)",
        me.tenant.0,
        whistle.0,
        id.0
    )
    .execute(&mut **tx)
    .await;
    on_constraint(joined, "handler_never_judges", || {
        Error::Refused(
            "新报的事项是核查过这张哨单的人发现或处置的，不能并入。请选“不重启”，另行吹哨。"
                .to_owned(),
        )
    })?;
    Ok(())
}

/// A matter that a draft may stand on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The matter.
    pub id: MatterId,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Who told it: `楼栋长 周强` or `居民 张* 来电`.
    pub who: String,
    /// When it was filed.
    pub filed_at: DateTime<Utc>,
    /// Its place.
    pub place_id: NodeId,
    /// Its class.
    pub class_code: String,
    /// The problem in the finder's words.
    pub detail: String,
    /// What grid, community and street did themselves, joined.
    pub measures: String,
    /// The condition of closing of the condition it was filed under; empty if it has none.
    pub closing: String,
}

/// What the viewer's draft may stand on: newest first, at most 200.
pub(crate) async fn candidates(
    db: &mut PgConnection,
    me: &Viewer,
    whistle: Option<WhistleId>,
) -> Result<Vec<Candidate>> {
    let rows = sqlx::query_as!(
        Candidate,
        r#"select m.id, m.number, m.title,
                  coalesce('居民 ' || m.teller_name_mask || ' 来电', o.title || ' ' || p.name) as "who!",
                  m.filed_at, m.place_id, m.class_code, m.detail,
                  coalesce((select string_agg(s.words, '；' order by s.id) from matter_steps s
                             where s.tenant_id = $1 and s.matter_id = m.id), '') as "measures!",
                  coalesce(k.closing, '') as "closing!"
             from matters m
             left join class_conditions k on k.tenant_id = $1 and k.class_code = m.class_code
                  and k.version = m.class_version and k.position = m.condition
             join people p on p.tenant_id = $1 and p.id = m.filed_by
             join posts o on o.tenant_id = $1 and o.id = m.filed_post
            where m.tenant_id = $1 and m.ended_at is null
              and (($2 = 'street_dispatcher' and m.street_code = $3 and m.stage = 'raised')
                or ($2 in ('community_secretary', 'community_worker')
                    and m.community_code = $3 and m.stage in ('accepted', 'raised')))
              and not exists (select from whistle_matters w
                               where w.tenant_id = $1 and w.matter_id = m.id and w.live
                                 and w.whistle_id is distinct from $4)
            order by m.id desc
            limit 200"#,
        me.tenant.0,
        me.kind as PostKind,
        me.node_code(),
        whistle.map(|w| w.0)
    );
    Ok(rows.fetch_all(db).await?)
}
