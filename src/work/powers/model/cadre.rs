//! What a cadre record (干部考评) says: who it is about, and each side's word. It is kept sealed, part
//! by part, and stands in the clear only on the page of somebody who opened it. Pure.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::exercise::Exercise;
use super::words::{OpinionKind, Power};
use crate::coded;
use crate::org::TenantId;
use crate::work::ExerciseId;

/// The title of every cadre record.
pub const CADRE_TITLE: &str = "干部考评建议";

/// What events and notices say instead of what was said.
pub const SEALED: &str = "内容已加密，查阅留有记录。";

/// What stands for the body that decided.
pub const SEALED_BODY: &str = "另行授权查阅";

/// Why a cadre record was called back, as far as it is said.
pub(in super::super) const CALLED_OFF: &str = "由提起方撤回。";

coded! {
    /// One part of a record, sealed by itself.
    SecretPart as "secret_part" {
        /// Who it is about.
        Subject = "subject" "征求的事",
        /// The street's opinion.
        Opinion = "opinion" "街道意见",
        /// The department's answer.
        Answer = "answer" "部门答复",
        /// Its answer after an upheld objection.
        SecondAnswer = "second_answer" "部门重新答复",
        /// What the street says to the answer.
        Reaction = "reaction" "街道表态",
        /// What it says to the second.
        SecondReaction = "second_reaction" "街道再次表态",
        /// What the city's office says to the objection.
        Ruling = "ruling" "市治理办裁定",
    }
}

impl SecretPart {
    /// The answer of a round.
    pub fn answer(round: i16) -> Self {
        if round == 1 {
            Self::Answer
        } else {
            Self::SecondAnswer
        }
    }

    /// The reaction to the answer of a round.
    pub fn reaction(round: i16) -> Self {
        if round == 1 {
            Self::Reaction
        } else {
            Self::SecondReaction
        }
    }

    /// The one place in which this part of a record opens.
    pub(in super::super) fn place(self, tenant: TenantId, id: ExerciseId) -> String {
        format!("{}|{id}|{}", tenant.0, self.code())
    }
}

coded! {
    /// What is to be decided about a cadre. Only ever stored within a sealed text.
    CadreEvent as "text" {
        /// The appraisal of a year.
        Appraisal = "appraisal" "年度考核",
        /// Appointed or dismissed.
        Appointment = "appointment" "任免",
        /// Moved to another post.
        Transfer = "transfer" "调动",
        /// Honoured.
        Honour = "honour" "评优",
        /// Disciplined.
        Discipline = "discipline" "处分",
    }
}

/// Whom a record is about, and what is intended. Its `Debug` says nothing: it shall not come into a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CadreSubject {
    /// The cadre's name.
    pub name: String,
    /// The cadre's post.
    pub position: String,
    /// What is to be decided.
    pub event: CadreEvent,
    /// The opinion or grade that is intended or proposed.
    pub proposal: String,
    /// The facts.
    pub facts: String,
    /// The letter or paper that set it off; may be empty.
    pub basis: String,
}

/// One side's word. Its `Debug` says nothing: it shall not come into a log.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CadreWord {
    /// Of an opinion: which way.
    pub kind: Option<OpinionKind>,
    /// In words; may be empty.
    pub words: String,
    /// Of an opinion and an answer: which body decided it.
    pub body: String,
}

impl fmt::Debug for CadreSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CadreSubject").finish_non_exhaustive()
    }
}

impl fmt::Debug for CadreWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CadreWord").finish_non_exhaustive()
    }
}

/// Everything that a record says, opened.
#[derive(Clone)]
pub(in super::super) struct Opened {
    /// Whom it is about.
    pub(in super::super) subject: CadreSubject,
    /// What was said, in the order in which it is said.
    pub(in super::super) spoken: Vec<(SecretPart, CadreWord)>,
}

impl Opened {
    /// One side's word, if it was said.
    pub(in super::super) fn part(&self, part: SecretPart) -> Option<&CadreWord> {
        let found = self.spoken.iter().find(|(p, _)| *p == part);
        found.map(|(_, spoken)| spoken)
    }
}

/// Once that somebody read what a record says.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Reading {
    /// When.
    pub(in super::super) at: DateTime<Utc>,
    /// Who.
    pub(in super::super) by: String,
    /// Acting for which place or department.
    pub(in super::super) seat: String,
}

impl Exercise {
    /// Whether what it says is sealed.
    pub(in super::super) fn is_sealed(&self) -> bool {
        self.power == Power::Cadre
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn no_two_parts_open_in_the_same_place() {
        let (tenant, id) = (TenantId(Uuid::nil()), ExerciseId(Uuid::nil()));
        let mut places: Vec<String> = SecretPart::ALL
            .iter()
            .map(|p| p.place(tenant, id))
            .collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), SecretPart::ALL.len());
    }
}
