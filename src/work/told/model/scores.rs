//! What departments are told of the special assessment. No whistle and no matter stands behind it.

use super::audiences::{Audience as A, Step, Told, knows, step};
use crate::org::events::Verb;
use crate::org::notices::Class;

/// The verbs whose rows the page shows for the assessment.
pub(in super::super) const SCORE_STEPS: [Verb; 2] = [Verb::ShowScores, Verb::FreezeScores];

/// From now on one may object, and not for long: that presses as a limit does.
const SHOWN: &[Told] = &[in_time(A::EachClerk), in_time(A::EachHead)];
const FROZEN: &[Told] = &[knows(A::EachClerk), knows(A::EachHead)];

const fn in_time(audience: A) -> Told {
    Told {
        audience,
        class: Class::Limit,
        ask: "核对得分",
    }
}

/// What is told when scores are shown or frozen; nothing of any other act.
pub fn of_scores(verb: Verb) -> Step {
    if verb == Verb::ShowScores {
        step("公示专项考核得分", SHOWN)
    } else if verb == Verb::FreezeScores {
        step("封存专项考核得分", FROZEN)
    } else {
        step("", &[])
    }
}
