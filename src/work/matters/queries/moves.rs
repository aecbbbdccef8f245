//! The SQL of moves: hold a matter, load what the rules ask, store what they say.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::access::{Reach, Viewer};
use crate::work::MatterId;
use crate::work::classes::Condition;
use crate::work::matters::model::{Facts, SolvedLevel, Stage, Target, Who, narrowed};

/// A matter held by this transaction, with what the rules ask.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) id: MatterId,
    pub(crate) number: String,
    pub(crate) place_code: String,
    pub(crate) class: String,
    pub(crate) version: i32,
    pub(crate) merged_into: Option<MatterId>,
    pub(crate) facts: Facts,
}

/// Locks the matter, and with it the one of the given number, in one order for everybody.
pub(crate) async fn lock(
    tx: &mut Tx,
    me: &Viewer,
    id: MatterId,
    other: Option<&str>,
) -> Result<()> {
    let Reach {
        nothing,
        street,
        community,
        grid,
        below,
        department: _,
    } = narrowed(&me.reach(), "");
    let held = sqlx::query_scalar!(
        "select m.id
           from matters m
          where m.tenant_id = $1 and not $2
            and ($3::text is null or m.street_code = $3)
            and ($4::text is null or m.community_code = $4)
            and ($5::text is null or m.grid_code = $5)
            and ($6::text is null or starts_with(m.place_code, $6))
            and (m.id = $7 or m.number = $8)
          order by m.id
            for update",
        me.tenant.0,
        nothing,
        street,
        community,
        grid,
        below,
        id.0,
        other
    )
    .fetch_all(&mut **tx)
    .await?;
    if held.contains(&id.0) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// The facts of a matter that is locked: read in a statement of its own, so that they are as
/// fresh as the lock.
pub(crate) async fn held(db: &mut PgConnection, me: &Viewer, id: MatterId) -> Result<Held> {
    let row = sqlx::query!(
        r#"select m.id, m.number, m.place_code, m.class_code, m.version, m.stage as "stage: Stage",
                  m.merged_into, m.merged_from as "merged_from: Stage",
                  exists (select from whistle_matters w where w.tenant_id = $1
                             and w.matter_id = m.id and w.live) as "behind_whistle!",
                  exists (select from matter_steps s where s.tenant_id = $1
                             and s.matter_id = m.id) as "measured!",
                  exists (select from matters o where o.tenant_id = $1
                             and o.merged_into = m.id) as "has_others!",
                  exists (select from matters t where t.tenant_id = $1
                             and t.id = m.merged_into and t.ended_at is null) as "target_open!"
             from matters m
            where m.tenant_id = $1 and m.id = $2"#,
        me.tenant.0,
        id.0
    )
    .fetch_one(db)
    .await?;
    Ok(Held {
        id: row.id.into(),
        number: row.number,
        class: row.class_code,
        version: row.version,
        merged_into: row.merged_into.map(MatterId),
        facts: Facts {
            stage: row.stage,
            who: Who::of(me, &row.place_code),
            behind_whistle: row.behind_whistle,
            measured: row.measured,
            has_others: row.has_others,
            merged_from: row.merged_from,
            target_open: row.target_open,
        },
        place_code: row.place_code,
    })
}

/// A matter that may take another in, within the viewer's reach.
pub(crate) async fn target(
    db: &mut PgConnection,
    me: &Viewer,
    number: &str,
) -> Result<Option<(MatterId, Target)>> {
    let Reach {
        nothing,
        street,
        community,
        grid,
        below,
        department: _,
    } = narrowed(&me.reach(), "");
    let row = sqlx::query!(
        r#"select m.id, m.number, m.stage as "stage: Stage", m.place_code
             from matters m
            where m.tenant_id = $1 and not $2
              and ($3::text is null or m.street_code = $3)
              and ($4::text is null or m.community_code = $4)
              and ($5::text is null or m.grid_code = $5)
              and ($6::text is null or starts_with(m.place_code, $6))
              and m.number = $7"#,
        me.tenant.0,
        nothing,
        street,
        community,
        grid,
        below,
        number
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| {
        let target = Target {
            number: r.number,
            stage: r.stage,
            place_code: r.place_code,
        };
        (r.id.into(), target)
    }))
}

/// The number of a matter.
pub(crate) async fn number(db: &mut PgConnection, me: &Viewer, id: MatterId) -> Result<String> {
    let number = sqlx::query_scalar!(
        "select number from matters where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0
    );
    Ok(number.fetch_one(db).await?)
}

/// What changes with a move.
#[derive(Debug)]
pub(crate) struct Change<'a> {
    pub(crate) stage: Stage,
    pub(crate) level: Option<SolvedLevel>,
    /// How it was solved, or why it is none.
    pub(crate) words: Option<&'a str>,
    pub(crate) merged_into: Option<MatterId>,
}

/// Moves a held matter on. The clock starts anew only with a new stage.
pub(crate) async fn advance(
    tx: &mut Tx,
    me: &Viewer,
    held: &Held,
    change: Change<'_>,
) -> Result<()> {
    let now = tx.now;
    let was = held.facts.stage;
    let ended: Option<DateTime<Utc>> = change.stage.is_ended().then_some(now);
    let solution = change.words.filter(|_| change.stage == Stage::Solved);
    let reason = change.words.filter(|_| change.stage == Stage::Rejected);
    sqlx::query!(
        "update matters
            set stage = $3, waiting_since = case when stage = $3 then waiting_since else $4 end,
                ended_at = $5, solved_level = $6, solution = $7, reject_reason = $8,
                merged_into = $9, merged_from = $10, version = version + 1
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        held.id.0,
        change.stage as Stage,
        now,
        ended,
        change.level as Option<SolvedLevel>,
        solution,
        reason,
        change.merged_into.map(|m| m.0),
        change.merged_into.map(|_| was) as Option<Stage>
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps the condition of filing that was chosen, before the stage says that it is accepted.
pub(crate) async fn choose(
    tx: &mut Tx,
    me: &Viewer,
    matter: MatterId,
    condition: &Condition,
) -> Result<()> {
    sqlx::query!(
        "update matters set class_version = $3, condition = $4 where tenant_id = $1 and id = $2",
        me.tenant.0,
        matter.0,
        condition.version,
        condition.position
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Records own work (自行处置).
pub(crate) async fn add_step(
    tx: &mut Tx,
    me: &Viewer,
    matter: MatterId,
    words: &str,
) -> Result<()> {
    const JUDGED: &str = "您核查过这件事的哨单，不能再参与处置。请由其他同事记录。";
    let now = tx.now;
    let added: std::result::Result<Uuid, sqlx::Error> = sqlx::query_scalar!(
        "insert into matter_steps (tenant_id, id, matter_id, person_id, post_id, at, words)
         values ($1, $2, $3, $4, $5, $6, $7) returning id",
        me.tenant.0,
        uuid_at(now),
        matter.0,
        me.person.0,
        me.post.0,
        now,
        words
    )
    .fetch_one(&mut **tx)
    .await;
    let judged = || Error::Refused(JUDGED.to_owned());
    on_constraint(added, "handler_never_judges", judged).map(|_| ())
}
