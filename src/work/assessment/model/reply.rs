//! Answers about the five powers: a street that exercised a power says how good the department's
//! answer was, from 1 to 5. A closed record with a mark is a case that is rated and nothing else.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{Case, Subject};
use crate::org::DepartmentId;
use crate::work::whistles::Role;

/// Figures in a mark: a street gives a whistle five, an answer one, which counts for all.
const FIGURES: i64 = 5;

/// What the tables say of one record that a street marked.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Reply {
    id: Uuid,
    department: DepartmentId,
    number: String,
    title: String,
    street: String,
    score: i64,
    closed_at: DateTime<Utc>,
    /// What it says is sealed: it counts, and is not opened from here.
    sealed: bool,
}

impl Reply {
    /// The case, if it was closed in the period and before an instant.
    pub(crate) fn as_of(
        &self,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        until: DateTime<Utc>,
    ) -> Option<Case> {
        let counts = self.closed_at >= from && self.closed_at < to && self.closed_at <= until;
        counts.then(|| Case {
            id: self.id,
            department: self.department,
            whistle: self.id,
            number: self.number.clone(),
            title: self.title.clone(),
            street: self.street.clone(),
            subject: Subject::Power,
            role: Role::Lead,
            marks: vec![self.score * FIGURES],
            times: Vec::new(),
            first_check: None,
            answers: Vec::new(),
            returned: None,
            suspended: false,
            relieved: false,
            exempted: Vec::new(),
            sealed: self.sealed,
        })
    }
}
