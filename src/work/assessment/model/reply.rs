//! Answers about the five powers: a street that exercised a power says how good the department's
//! answer was, from 1 to 5. A closed record with a mark is a case that is rated and nothing else.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{Case, Raised, Subject, upheld};
use crate::org::DepartmentId;
use crate::work::whistles::Role;

/// Figures in a mark: a street gives a whistle five, an answer one, which counts for all.
const FIGURES: i64 = 5;

/// What the tables say of one record that a street marked.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Reply {
    pub(super) id: Uuid,
    department: DepartmentId,
    number: String,
    title: String,
    street: String,
    score: i64,
    closed_at: DateTime<Utc>,
    /// What it says is sealed: it counts, and neither number nor street is told.
    sealed: bool,
    /// What the department objected to.
    pub(super) objections: Vec<Raised>,
}

impl Reply {
    /// The case, if it was closed in the period and before an instant.
    pub(crate) fn as_of(
        &self,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        until: DateTime<Utc>,
    ) -> Option<Case> {
        let counts = self.closed_at >= from && self.closed_at < to && self.closed_at <= until;
        let told = |words: &str| {
            if self.sealed {
                String::new()
            } else {
                words.to_owned()
            }
        };
        counts.then(|| Case {
            id: self.id,
            department: self.department,
            whistle: self.id,
            number: told(&self.number),
            title: self.title.clone(),
            street: told(&self.street),
            subject: Subject::Power,
            role: Role::Lead,
            marks: vec![self.score * FIGURES],
            times: Vec::new(),
            first_check: None,
            answers: Vec::new(),
            returned: None,
            suspended: false,
            relieved: false,
            exempted: upheld(&self.objections),
            sealed: self.sealed,
        })
    }
}
