//! The verbs of evidence packs. None commits; the page does.

use super::model::{Facts, Made, Offer, Purpose, Recipe, files, may_be_made, packed, sha256};
use super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::seal::Keys;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::org::personal::{self, Field};
use crate::work::PackId;
use crate::work::assessment::{self, Assessed, Book, Period, Stage};

/// Makes a pack and keeps its digest; the bytes follow from the same facts again.
pub(super) async fn make(
    tx: &mut Tx,
    me: &Viewer,
    (keys, id): (&Keys, PackId),
    (offer, period, purpose): (&Offer, Period, Purpose),
) -> Result<()> {
    let book = assessment::book(tx, me.tenant, period).await?;
    let frozen = book.life().filter(|l| l.stage == Stage::Frozen);
    let cut_at = may_be_made(period, book.locked(), frozen.is_some(), me, tx.now)?;
    let subject = offer.subject()?;
    let recipe = Recipe {
        subject,
        name: offer.name.clone(),
        code: offer.code.clone(),
        period,
        purpose,
        cut_at,
        snapshot: frozen
            .filter(|_| subject.is_department())
            .and_then(|l| l.digest.clone()),
    };
    let (facts, bytes) = built(tx, me, keys, (&recipe, &book)).await?;
    let made = Made {
        id,
        recipe,
        sha256: sha256(&bytes),
    };
    queries::insert(tx, me, &made, (facts.cases.len(), bytes.len())).await?;
    let sentence = format!(
        "{}，{}，{}，SHA-256 {}。",
        made.recipe.name,
        period.title(),
        purpose.label(),
        made.sha256
    );
    events::record(tx, me, (Subject::Pack, id.0), Verb::MakePack, &sentence).await
}

/// The bytes of a pack that was made. Other bytes are never handed out under its digest.
pub(super) async fn again(
    tx: &mut Tx,
    me: &Viewer,
    (keys, id): (&Keys, PackId),
) -> Result<(Made, Vec<u8>)> {
    let made = queries::made(tx, me, id).await?;
    let book = assessment::book(tx, me.tenant, made.recipe.period).await?;
    let (_, bytes) = built(tx, me, keys, (&made.recipe, &book)).await?;
    if sha256(&bytes) != made.sha256 {
        return Err(Error::Refused(format!(
            "{}{}的材料包生成以后，系统里的事实有更正，现在得到的内容和当时的摘要不同，所以不再提供下载。\
             请从“材料包”重新生成一份；以前下载的那一份仍可以核对。",
            made.recipe.name,
            made.recipe.period.title()
        )));
    }
    Ok((made, bytes))
}

async fn built(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
    (recipe, book): (&Recipe, &Book),
) -> Result<(Facts, Vec<u8>)> {
    let mut facts = queries::facts(tx, me, recipe).await?;
    // A teller's name may stand in what somebody wrote.
    let tellers = personal::values(tx, keys, (me.tenant, Field::TellerName), &facts.told).await?;
    facts.names.extend(tellers);
    let assessed = frozen(recipe, book, tx)?;
    let files = files(book.city(), recipe, &facts, assessed.as_ref())?;
    Ok((facts, packed(files)?))
}

/// The frozen scores, if they enter.
fn frozen(recipe: &Recipe, book: &Book, tx: &Tx) -> Result<Option<Assessed>> {
    let Some(digest) = &recipe.snapshot else {
        return Ok(None);
    };
    if book.life().and_then(|l| l.digest.as_ref()) != Some(digest) {
        return Err(Error::Internal(anyhow::anyhow!(
            "the frozen scores of a pack are not there"
        )));
    }
    Ok(Some(book.assessed(tx.now)))
}
