//! What silence means: a street that gives no opinion in time has no objection, one that says
//! nothing to an answer accepts it.

use super::super::model::{Move, OpinionKind, ReactionKind, Stage, next};
use super::super::queries::{case, lapsing, writes};
use super::{Side, Word, in_time, note, time};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::TenantId;
use crate::org::events::{By, Verb};
use crate::work::ExerciseId;
use crate::work::clocks::Stage as Timed;

/// How many silences one sweep answers at most; the next goes on.
const SWEPT: i64 = 200;

/// Answers every silence whose time has come; says how many.
pub async fn lapse_due(tx: &mut Tx, tenant: TenantId) -> Result<usize> {
    let silent = lapsing::silent(tx, tenant, SWEPT).await?;
    for id in &silent {
        lapse(tx, tenant, *id).await?;
    }
    Ok(silent.len())
}

async fn lapse(tx: &mut Tx, tenant: TenantId, id: ExerciseId) -> Result<()> {
    let of = case::of_program(tx, tenant, id).await?;
    let stage = next(of.stage, Move::FallSilent, of.round).ok_or(Error::Stale)?;
    let (sentence, to, ask) = if of.stage == Stage::Opining {
        in_time(tx, tenant, &of, Timed::Opinion, "街道逾期未答").await?;
        let said = (OpinionKind::Silent, "");
        writes::add_opinion(tx, (tenant, None), id, said, ("", None)).await?;
        writes::step(tx, tenant, &of, stage).await?;
        let timed = (Timed::Answer, of.power.answer());
        time(tx, tenant, id, timed, &of.rules).await?;
        ("街道逾期未答复，视为无意见。", Side::Department, "答复")
    } else {
        in_time(tx, tenant, &of, Timed::Reaction, "街道逾期未表态").await?;
        let said = (ReactionKind::Silent, "");
        writes::add_reaction(tx, (tenant, None), &of, said, None).await?;
        writes::step(tx, tenant, &of, stage).await?;
        ("街道逾期未表态，视为认可答复。", Side::Street, "")
    };
    let word = Word {
        verb: Verb::Silent,
        sentence,
        to,
        ask,
    };
    note(tx, By::Program(tenant), (id, of.power, &of.title), word).await
}
