//! What files prove: a task or a rectification item.

use crate::org::events::Subject;
use crate::org::files::{Owner, OwnerKind};
use crate::work::{PlanTaskId, RectificationId};

/// The thing that a file is kept with as proof (佐证附件).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proven {
    Task(PlanTaskId),
    Item(RectificationId),
}

impl Proven {
    /// The owner of its files.
    pub(crate) fn owner(self) -> Owner {
        let (kind, id, subject) = match self {
            Self::Task(id) => (OwnerKind::Task, id.0, Subject::Task),
            Self::Item(id) => (OwnerKind::Rectification, id.0, Subject::Rectification),
        };
        Owner {
            kind,
            id,
            subject: (subject, id),
        }
    }

    /// Its page.
    pub(crate) fn page(self) -> String {
        match self {
            Self::Task(id) => format!("/tasks/{id}"),
            Self::Item(id) => format!("/rectifications/{id}"),
        }
    }
}
