//! What somebody wants by mail, and what became of the last of it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rhythm::{Rhythm, hour_word};
use crate::coded;
use crate::org::notices::State;
use crate::work::ReportId;
use crate::work::figures::Span;

coded! {
    /// How an order stands.
    Stage as "report_stage" {
        /// It is sent.
        Active = "active" "在送",
        /// Not for a while.
        Paused = "paused" "暂停",
        /// No more.
        Ended = "ended" "停发",
    }
}

/// An order of the viewer's own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Order {
    /// Its id.
    pub(in super::super) id: ReportId,
    /// As which post it was ordered.
    pub(in super::super) post: String,
    /// The key of the part of the city.
    pub(in super::super) scope: String,
    /// What that is called; nothing, if there is none any more.
    pub(in super::super) name: Option<String>,
    /// How often.
    pub(in super::super) rhythm: Rhythm,
    /// At which hour.
    pub(in super::super) hour: i16,
    /// How it stands.
    pub(in super::super) stage: Stage,
    /// Which version.
    pub(in super::super) version: i32,
    /// When the next is due, unless it is paused.
    pub(in super::super) next_at: Option<DateTime<Utc>>,
    /// The last ones, the newest first.
    pub(in super::super) sendings: Vec<Sending>,
}

impl Order {
    /// `全市`, `慧阳街道`; of bulletins nothing.
    pub(in super::super) fn scope_name(&self) -> &str {
        self.name.as_deref().unwrap_or("（范围已撤销）")
    }

    /// `慧阳街道周报`
    pub(in super::super) fn title(&self) -> String {
        title(self.rhythm, self.scope_name())
    }

    /// `每周一 08:00`
    pub(in super::super) fn when(&self) -> String {
        when(self.rhythm, self.hour)
    }

    /// Whether the mail server was asked in vain for what is still to be sent.
    pub(in super::super) fn is_tried(&self) -> bool {
        self.sendings
            .first()
            .is_some_and(|s| s.state == State::Waiting)
    }
}

/// `慧阳街道周报`; bulletins are the whole city's.
pub(in super::super) fn title(rhythm: Rhythm, scope: &str) -> String {
    format!("{scope}{}", rhythm.label())
}

/// `每周一 08:00`
pub(in super::super) fn when(rhythm: Rhythm, hour: i16) -> String {
    format!("{} {}", rhythm.when(), hour_word(hour))
}

/// One report that came due.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Sending {
    /// Its id, and that of its mail.
    pub(in super::super) id: Uuid,
    /// Of which days.
    pub(in super::super) first: NaiveDate,
    /// Until this one.
    pub(in super::super) last: NaiveDate,
    /// How many before it were left out.
    pub(in super::super) passed: i32,
    /// How its mail stands.
    pub(in super::super) state: State,
    /// When it is tried next.
    pub(in super::super) due_at: DateTime<Utc>,
    /// How often it was tried in vain.
    pub(in super::super) tries: i32,
    /// Why it was in vain.
    pub(in super::super) last_error: String,
    /// When it came to its end.
    pub(in super::super) ended_at: Option<DateTime<Utc>>,
}

impl Sending {
    /// The days in words.
    pub(in super::super) fn days(&self) -> String {
        Span {
            first: self.first,
            last: self.last,
        }
        .title()
    }
}
