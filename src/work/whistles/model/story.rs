//! What is told of one whistle and decides nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Case;
use crate::org::access::Viewer;
use crate::org::events::Entry;
use crate::org::photos::{Demand, Photo};
use crate::work::phrases::Phrases;
use crate::work::supervision::Supervised;
use crate::work::visits::{Answer, Feeling, State};
use crate::work::{AssignmentId, ExerciseId, MatterId, RecurrenceId, powers};

/// What a department says of the whistle.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Review {
    /// The department's assignment.
    pub(crate) assignment_id: AssignmentId,
    /// Whether the kind was right.
    pub(crate) kind_right: bool,
    /// Whether the facts were right.
    pub(crate) facts_right: bool,
    /// How the street co-operated, 1 to 5.
    pub(crate) cooperation: i16,
    /// Words; required at 1 and 5.
    pub(crate) words: String,
}

/// A matter behind the whistle.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct MatterBehind {
    /// Its id.
    pub(crate) id: MatterId,
    /// Its number.
    pub(crate) number: String,
    /// Its title.
    pub(crate) title: String,
    /// Where.
    pub(crate) place: String,
    /// When it was filed.
    pub(crate) filed_at: DateTime<Utc>,
    /// What was photographed of it.
    #[serde(default)]
    pub(crate) photos: Vec<Photo>,
}

/// What a resident said of a matter behind the whistle, without name and number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Heard {
    /// The matter's title.
    pub(crate) matter: String,
    /// After which passed check.
    pub(crate) round: i16,
    /// How far the asking is.
    pub(crate) state: State,
    /// Whether it is solved.
    pub(crate) answer: Option<Answer>,
    /// How it feels.
    pub(crate) feeling: Option<Feeling>,
    /// In the resident's words.
    pub(crate) words: Option<String>,
    /// When it ended.
    pub(crate) ended_at: Option<DateTime<Utc>>,
}

/// A matter of the same class in the same building, filed soon after the close.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Recurrence {
    /// The proposal.
    pub(crate) id: RecurrenceId,
    /// The new matter's number.
    pub(crate) number: String,
    /// Its title.
    pub(crate) title: String,
    /// When it was filed.
    pub(crate) at: DateTime<Utc>,
}

/// A co-ordination that the street called about a whistle.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Called {
    /// Its record.
    pub(crate) id: ExerciseId,
    /// Its title.
    pub(crate) title: String,
    /// Where it stands.
    pub(crate) stage: powers::Stage,
    /// When it meets.
    pub(crate) meets_at: DateTime<Utc>,
}

/// What only the page of a whistle tells.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    /// Today's liaison of each department, whose post is not vacant.
    pub(crate) liaisons: Vec<(AssignmentId, String)>,
    /// The co-ordinations that the street called about it.
    pub(crate) called: Vec<Called>,
    /// Urging, letters and cards, newest first.
    pub(crate) supervisions: Vec<Supervised>,
    /// What departments say of it.
    pub(crate) reviews: Vec<Review>,
    /// The matters behind it.
    pub(crate) matters: Vec<MatterBehind>,
    /// What the residents who told them said.
    pub(crate) visits: Vec<Heard>,
    /// The same trouble come again, that the street has not decided on.
    pub(crate) recurrences: Vec<Recurrence>,
    /// What happened, newest first.
    pub(crate) timeline: Vec<Entry>,
    /// Where the city wants photos.
    pub(crate) demand: Demand,
    /// What its forms offer to be said.
    pub(crate) phrases: Phrases,
}

impl Story {
    /// What this viewer may see of it: a department sees what it said itself, and what it was told; the
    /// lead sees what all were told.
    #[must_use]
    pub(crate) fn seen_by(mut self, me: &Viewer, case: &Case) -> Self {
        let Some(department) = me.department() else {
            return self;
        };
        let own = case.mine(me).map(|a| a.id);
        let leads = case.lead().is_some_and(|l| l.department_id == department);
        self.reviews.retain(|r| own == Some(r.assignment_id));
        self.supervisions
            .retain(|s| leads || s.department_id == Some(department.0));
        self
    }

    /// Who answers for a department's part today.
    pub(crate) fn liaison(&self, of: &AssignmentId) -> Option<&str> {
        let found = self.liaisons.iter().find(|(id, _)| id == of);
        found.map(|(_, name)| name.as_str())
    }
}
