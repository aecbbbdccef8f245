//! What departments and the city's office are told of topics (每月一题).

use super::audiences::{Audience as A, Step, Told, asked, knows, step};
use crate::org::events::Verb;

/// The verbs whose rows the page shows for topics, in the order of a topic's life.
pub(in super::super) const TOPIC_STEPS: [Verb; 8] = [
    Verb::TakeUpTopic,
    Verb::AmendTopic,
    Verb::HandInScheme,
    Verb::AddTopicItem,
    Verb::FinishTopicItem,
    Verb::DropTopicItem,
    Verb::ConcludeTopic,
    Verb::WithdrawTopic,
];

const TAKEN_UP: &[Told] = &[
    asked(A::TopicLeadClerk, "报送方案"),
    asked(A::TopicLeadHead, "报送方案"),
    knows(A::TopicAssistClerk),
    knows(A::TopicAssistHead),
];
const HANDED_IN: &[Told] = &[
    asked(A::TopicAssistClerk, "按清单办理"),
    asked(A::TopicAssistHead, "按清单办理"),
    knows(A::TopicLeadHead),
    knows(A::CityOffice),
];
const ADDED: &[Told] = &[asked(A::ItemClerk, "办理"), asked(A::ItemHead, "办理")];
const FINISHED: &[Told] = &[
    knows(A::TopicLeadClerk),
    knows(A::TopicLeadHead),
    knows(A::CityOffice),
];
const DROPPED: &[Told] = &[
    knows(A::ItemClerk),
    knows(A::ItemHead),
    knows(A::TopicLeadClerk),
    knows(A::TopicLeadHead),
];
const ALL: &[Told] = &[
    knows(A::TopicLeadClerk),
    knows(A::TopicLeadHead),
    knows(A::TopicAssistClerk),
    knows(A::TopicAssistHead),
];

/// What is told of an act on a topic; nothing of any other act.
pub fn of_topic(verb: Verb) -> Step {
    if verb == Verb::TakeUpTopic {
        step("立题", TAKEN_UP)
    } else if verb == Verb::AmendTopic {
        step("修改课题", ALL)
    } else if verb == Verb::HandInScheme {
        step("报送课题方案", HANDED_IN)
    } else if verb == Verb::AddTopicItem {
        step("列入课题清单", ADDED)
    } else if verb == Verb::FinishTopicItem {
        step("办完课题清单事项", FINISHED)
    } else if verb == Verb::DropTopicItem {
        step("注明清单事项不再办", DROPPED)
    } else if verb == Verb::ConcludeTopic {
        step("结题", ALL)
    } else if verb == Verb::WithdrawTopic {
        step("撤题", ALL)
    } else {
        step("", &[])
    }
}
