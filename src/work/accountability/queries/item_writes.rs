//! What is written about rectification items.

use uuid::Uuid;

use super::super::model::{Item, ItemMove, NewItem, Source, Stage};
use super::items;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::access::Viewer;
use crate::work::RectificationId;

/// Adds an item.
pub(crate) async fn insert(
    tx: &mut Tx,
    me: &Viewer,
    (id, number): (RectificationId, &str),
    new: &NewItem,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into rectifications (tenant_id, id, number, source, source_name, source_day, problem, measure,
                                     department_id, street_id, street_level, street_code, due_day, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        me.tenant.0,
        id.0,
        number,
        new.source as Source,
        new.source_name,
        new.source_day,
        new.problem,
        new.measure,
        new.body.department(),
        new.body.street(),
        new.body.street().map(|_| 1_i16),
        new.body.street_code(),
        new.due_day,
        me.person.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The item, locked, so that of two acts one comes after, and seen as it was left.
pub(crate) async fn hold(tx: &mut Tx, me: &Viewer, id: RectificationId) -> Result<Item> {
    sqlx::query!(
        "select id from rectifications where tenant_id = $1 and id = $2 for update",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    items::item(tx, me, id).await
}

/// Adds a step with the whistles that prove it.
pub(crate) async fn insert_step(
    tx: &mut Tx,
    me: &Viewer,
    (item, mv): (RectificationId, ItemMove),
    (words, proofs): (&str, &[Uuid]),
) -> Result<()> {
    let (id, now) = (uuid_at(tx.now), tx.now);
    sqlx::query!(
        "insert into rectification_steps (tenant_id, id, rectification_id, act, person_id, post_id, at, words)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        me.tenant.0,
        id,
        item.0,
        mv as ItemMove,
        me.person.0,
        me.post.0,
        now,
        words
    )
    .execute(&mut **tx)
    .await?;
    for whistle in proofs {
        sqlx::query!(
            "insert into rectification_proofs (tenant_id, step_id, whistle_id) values ($1, $2, $3)",
            me.tenant.0,
            id,
            whistle
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Moves an item on: who reported and who verified follow from the stage it comes to.
pub(crate) async fn advance(
    tx: &mut Tx,
    me: &Viewer,
    (id, mv): (RectificationId, ItemMove),
    to: Stage,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update rectifications
            set version = version + 1, stage = $3,
                reported_by = case $4 when 'report' then $5 when 'return' then null else reported_by end,
                reported_at = case $4 when 'report' then $6 when 'return' then null else reported_at end,
                verified_by = case $4 when 'verify' then $5 end,
                verified_at = case $4 when 'verify' then $6 end
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        to as Stage,
        mv.code(),
        me.person.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The whistles of these numbers that the viewer sees, with their numbers.
pub(crate) async fn named(
    tx: &mut Tx,
    me: &Viewer,
    numbers: &[String],
) -> Result<Vec<(Uuid, String)>> {
    let reach = me.reach();
    let rows = sqlx::query!(
        r#"select w.id, w.number as "number!" from whistles w
            where w.tenant_id = $1 and w.number = any($2) and not $3
              and ($4::text is null or w.street_code = $4)
              and ($5::uuid is null or exists (select from assignments a where a.tenant_id = $1
                       and a.whistle_id = w.id and a.department_id = $5))
            order by w.number"#,
        me.tenant.0,
        numbers,
        reach.nothing,
        reach.street,
        reach.department,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.number)).collect())
}
