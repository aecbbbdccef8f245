//! One photo with everything that its own page shows. Pure.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{Photo, Removal, Step, described};
use crate::org::PhotoId;
use crate::org::access::{Permission, Viewer};
use crate::org::events::Subject;

/// A photo among those that one leafs through.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Leaf {
    /// Which.
    pub id: PhotoId,
    /// Whether it was removed.
    pub gone: bool,
}

/// One photo, as its own page shows it.
#[derive(Clone, Debug, Deserialize)]
pub struct Whole {
    /// Which.
    pub id: PhotoId,
    /// At which step.
    pub step: Step,
    /// When the step was done.
    pub at: DateTime<Utc>,
    /// By whom.
    pub who: String,
    /// What kind of thing the step is recorded of.
    pub subject: Subject,
    /// The thing.
    pub subject_id: Uuid,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// What everybody sees, in the store.
    pub content_id: Uuid,
    /// Its thumbnail.
    pub small_id: Uuid,
    /// The digest of the file that came, in hexadecimal.
    pub original_sha256: String,
    /// How long that was.
    pub original_bytes: i64,
    /// When parts were blackened last.
    pub redacted_at: Option<DateTime<Utc>>,
    /// By whom.
    pub redacter: Option<String>,
    /// Why.
    pub redaction_reason: Option<String>,
    /// The sealed original, in the store.
    pub sealed_id: Option<Uuid>,
    /// The key that sealed it.
    pub key_name: Option<String>,
    /// What was added shows, in words of whoever added it; may be empty.
    pub caption: String,
    /// Who took it away, if somebody did.
    pub removal: Option<Removal>,
    /// All that one leafs through: those of the step, or all that were added to the thing.
    pub set: Vec<Leaf>,
}

impl Whole {
    /// Whether it was added to a thing, and not taken with a step.
    pub fn is_added(&self) -> bool {
        self.step == Step::Added
    }

    /// What it is called: `发现时照片 2`.
    pub fn name(&self) -> String {
        format!("{}照片 {}", self.step.label(), self.number())
    }

    /// For those who do not see it.
    pub fn alt(&self, now: &DateTime<Utc>) -> String {
        let photo = Photo {
            id: self.id,
            step: self.step,
            at: self.at,
            who: self.who.clone(),
            width: self.width,
            height: self.height,
            redacted: self.redacted_at.is_some(),
        };
        described(&self.caption, photo.alt(&self.number(), now))
    }

    /// Its place in the set, from one. Those that were removed keep theirs.
    pub fn number(&self) -> usize {
        1 + self
            .set
            .iter()
            .position(|leaf| leaf.id == self.id)
            .unwrap_or(0)
    }

    /// How many were removed.
    pub fn gone(&self) -> usize {
        self.set.iter().filter(|leaf| leaf.gone).count()
    }

    /// The one before it and the one after it that are still there.
    pub fn neighbours(&self) -> (Option<PhotoId>, Option<PhotoId>) {
        let there = |leaf: &&Leaf| !leaf.gone;
        let (before, after) = self.set.split_at(self.number() - 1);
        let before = before.iter().rev().find(there);
        let after = after.iter().skip(1).find(there);
        (before.map(|leaf| leaf.id), after.map(|leaf| leaf.id))
    }

    /// Where the sealed original belongs: sealed there, it opens nowhere else.
    pub(in super::super) fn seal_place(&self, tenant: Uuid) -> String {
        seal_place(tenant, self.id)
    }

    /// Columns and rows of the net that is laid over it to be blackened.
    pub fn net(&self) -> (u32, u32) {
        if self.width >= self.height {
            (16, 12)
        } else {
            (12, 16)
        }
    }
}

/// Where a sealed original belongs: sealed there, it opens nowhere else.
pub(in super::super) fn seal_place(tenant: Uuid, photo: PhotoId) -> String {
    format!("photo/{tenant}/{photo}")
}

/// A photo, and what whoever sees it may do with it.
#[derive(Clone, Debug)]
pub struct Sight {
    /// The photo.
    pub photo: Whole,
    /// Blacken parts of it.
    pub may_redact: bool,
    /// Look at the sealed original.
    pub may_open: bool,
    /// Take it away.
    pub may_remove: bool,
}

impl Sight {
    /// As the viewer's post may; nobody takes it away.
    pub fn of(photo: Whole, me: &Viewer) -> Self {
        Self {
            may_redact: me.kind.may(Permission::RedactPhotos),
            may_open: me.kind.may(Permission::OpenOriginals),
            may_remove: false,
            photo,
        }
    }

    /// The same, where whoever may add photos may also take one away.
    #[must_use]
    pub fn removable(self, may_remove: bool) -> Self {
        Self { may_remove, ..self }
    }

    /// The same, of a thing that only who keeps it changes.
    #[must_use]
    pub fn kept_by(self, keeps: bool) -> Self {
        Self {
            may_redact: self.may_redact && keeps,
            may_open: self.may_open && keeps,
            may_remove: keeps,
            photo: self.photo,
        }
    }
}
