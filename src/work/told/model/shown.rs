//! How a row holds for what it is told of, in which words, and the rows that the page shows.

use super::audiences::Told;
use crate::org::events::Verb;
use crate::org::notices::Class;

/// The verbs whose rows the page shows for whistles, in the order of a whistle's life.
pub(in super::super) const WHISTLE_STEPS: [Verb; 36] = [
    Verb::Request,
    Verb::SendBack,
    Verb::Submit,
    Verb::Approve,
    Verb::Refuse,
    Verb::Sound,
    Verb::Verify,
    Verb::Sign,
    Verb::Report,
    Verb::Feedback,
    Verb::Uncooperative,
    Verb::CheckPass,
    Verb::CheckFail,
    Verb::Rate,
    Verb::Review,
    Verb::Close,
    Verb::Reopen,
    Verb::Withdraw,
    Verb::AskReturn,
    Verb::Contest,
    Verb::Reassign,
    Verb::DenyReturn,
    Verb::AskExtension,
    Verb::GrantExtension,
    Verb::DenyExtension,
    Verb::AskSuspension,
    Verb::Suspend,
    Verb::DenySuspension,
    Verb::Resume,
    Verb::Milestone,
    Verb::Appeal,
    Verb::Exempt,
    Verb::DenyAppeal,
    Verb::Lapse,
    Verb::TakeBack,
    Verb::Calendar,
];

/// The same for matters.
pub(in super::super) const MATTER_STEPS: [Verb; 5] = [
    Verb::Raise,
    Verb::SendBack,
    Verb::Whistle,
    Verb::Solve,
    Verb::Reject,
];

/// What a whistle is to those who are told of it.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct Facts {
    pub(in super::super) is_emergency: bool,
    pub(in super::super) is_checking: bool,
    pub(in super::super) is_closing: bool,
}

/// The row as it holds for this whistle now: a check is asked for when everybody has fed back,
/// closing when both sides have rated; of an emergency everything that asks is danger.
pub(in super::super) fn as_it_stands(told: Told, verb: Verb, facts: Facts) -> Option<Told> {
    if verb == Verb::Rate && !facts.is_closing {
        return None;
    }
    let ask = if verb == Verb::Feedback && !facts.is_checking {
        ""
    } else {
        told.ask
    };
    let told = Told { ask, ..told };
    let presses = facts.is_emergency && (verb == Verb::Sound || !told.ask.is_empty());
    Some(if presses {
        Told {
            class: Class::Danger,
            ..told
        }
    } else {
        told
    })
}

/// What a notice says first: who did what, and what is asked.
pub(in super::super) fn title(seat: &str, did: &str, ask: &str) -> String {
    if ask.is_empty() {
        format!("{seat}{did}")
    } else {
        format!("{seat}{did}，请{ask}")
    }
}

/// What it was done to, and in which words.
pub(in super::super) fn words(title: &str, sentence: &str) -> String {
    if sentence.is_empty() {
        title.to_owned()
    } else {
        format!("{title}：{sentence}")
    }
}
