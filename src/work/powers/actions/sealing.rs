//! Sealing what is said about a cadre, and opening it again for somebody whose reading is recorded.

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::super::model::{
    CadreSubject, CadreWord, Exercise, Opened, SEALED, SEALED_BODY, SecretPart,
};
use super::super::queries::{case, secrets};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::seal::{Keys, SealError, Sealed};
use crate::org::TenantId;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::work::ExerciseId;

/// What of a word stands in the clear.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clear<'a> {
    pub(super) words: &'a str,
    pub(super) body: &'a str,
    /// Whether anything of it is sealed.
    is_sealed: bool,
}

impl Clear<'_> {
    /// What the event and the notice say.
    pub(super) fn sentence(self, open: String) -> String {
        if self.is_sealed {
            SEALED.to_owned()
        } else {
            open
        }
    }
}

/// Seals a word about a cadre and leaves nothing of it in the clear; any other stands as it is.
pub(super) async fn keep<'a>(
    tx: &mut Tx,
    me: &Viewer,
    (keys, of, part): (&Keys, &Exercise, SecretPart),
    (words, body): (&'a str, &'a str),
    spoken: CadreWord,
) -> Result<Clear<'a>> {
    let is_sealed = of.is_sealed();
    if !is_sealed {
        return Ok(Clear {
            words,
            body,
            is_sealed,
        });
    }
    seal(tx, me, (keys, of.id, part), &spoken).await?;
    Ok(Clear {
        words: "",
        body: SEALED_BODY,
        is_sealed,
    })
}

/// Seals whom a record is about.
pub(super) async fn keep_subject(
    tx: &mut Tx,
    me: &Viewer,
    (keys, id): (&Keys, ExerciseId),
    subject: &CadreSubject,
) -> Result<()> {
    seal(tx, me, (keys, id, SecretPart::Subject), subject).await
}

async fn seal<T: Serialize>(
    tx: &mut Tx,
    me: &Viewer,
    (keys, id, part): (&Keys, ExerciseId, SecretPart),
    said: &T,
) -> Result<()> {
    let sealed = sealed(keys, (me.tenant, id, part), said)?;
    secrets::add(tx, me, (id, part), &sealed).await
}

/// One part of a cadre record as the database keeps it.
pub fn sealed<T: Serialize>(
    keys: &Keys,
    (tenant, id, part): (TenantId, ExerciseId, SecretPart),
    said: &T,
) -> Result<Sealed> {
    let text = Zeroizing::new(serde_json::to_vec(said).map_err(anyhow::Error::from)?);
    Ok(keys.seal(&text, &part.place(tenant, id))?)
}

/// Opens a cadre record and records that the viewer read it. What does not open as a whole is not
/// shown, and so not read.
pub(in super::super) async fn read(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
    id: ExerciseId,
) -> Result<Opened> {
    let of = case::exercise(tx, me, id).await?;
    if !of.is_sealed() {
        return Err(Error::NotFound);
    }
    let opened = open(me, keys, id, &secrets::all(tx, me, id).await?)?;
    secrets::add_reading(tx, me, id).await?;
    let sentence = "查阅了干部考评建议的内容。";
    events::record(tx, me, (Subject::Exercise, id.0), Verb::Read, sentence).await?;
    Ok(opened)
}

/// Seals parts anew that stand under another key than the first; what does not open stays as it is.
pub async fn reseal(tx: &mut Tx, tenant: TenantId, keys: &Keys) -> Result<()> {
    let Some(first) = keys.names().into_iter().next() else {
        return Ok(());
    };
    for (id, part, sealed) in secrets::under_others(tx, tenant, &first).await? {
        let place = part.place(tenant, id);
        match keys.open(&sealed, &place) {
            Ok(text) => {
                let anew = keys.seal(&text, &place)?;
                secrets::reseal(tx, tenant, (id, part), &anew).await?;
            }
            Err(error) => {
                tracing::error!(exercise = %id, ?error, "a sealed part stays under its old key");
            }
        }
    }
    Ok(())
}

fn open(me: &Viewer, keys: &Keys, id: ExerciseId, all: &[(SecretPart, Sealed)]) -> Result<Opened> {
    let mut subject = None;
    let mut spoken = Vec::new();
    for (part, sealed) in all {
        let text = keys.open(sealed, &part.place(me.tenant, id))?;
        match part {
            SecretPart::Subject => subject = Some(told(&text)?),
            SecretPart::Opinion
            | SecretPart::Answer
            | SecretPart::SecondAnswer
            | SecretPart::Reaction
            | SecretPart::SecondReaction
            | SecretPart::Ruling => spoken.push((*part, told(&text)?)),
        }
    }
    let subject = subject.ok_or(SealError::Altered)?;
    Ok(Opened { subject, spoken })
}

fn told<T: DeserializeOwned>(text: &[u8]) -> Result<T> {
    // What serde would quote is the text itself, so its error is left out.
    serde_json::from_slice(text).map_err(|_| SealError::Altered.into())
}
