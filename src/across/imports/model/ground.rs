//! The chain as an import finds it, and what it does to it.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::org::access::Level;
use crate::org::redraw::NodeFacts;

/// A node that there is or was, in one of the streets of the table.
#[derive(Clone, Debug)]
pub(in super::super) struct Ground {
    pub(in super::super) id: Uuid,
    pub(in super::super) parent: Option<Uuid>,
    pub(in super::super) level: Level,
    pub(in super::super) code: String,
    pub(in super::super) version: i32,
    pub(in super::super) valid_from: NaiveDate,
    pub(in super::super) is_closed: bool,
    pub(in super::super) facts: NodeFacts,
}

/// What the chain is checked against.
#[derive(Clone, Debug)]
pub(in super::super) struct ChainFacts {
    /// The code that the streets' codes begin with.
    pub(in super::super) code: String,
    pub(in super::super) ground: Vec<Ground>,
}

/// A node to be added: below a kept one, one of this plan, or the city.
#[derive(Clone, Debug)]
pub(in super::super) struct Add {
    pub(in super::super) level: Level,
    pub(in super::super) above: Above,
    pub(in super::super) code: String,
    pub(in super::super) facts: NodeFacts,
}

/// What a new node stands below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in super::super) enum Above {
    City,
    Kept(Uuid),
    /// The one with this place in the plan.
    New(usize),
}

/// A node that will be called otherwise, or corrected.
#[derive(Clone, Debug)]
pub(in super::super) struct Rename {
    pub(in super::super) id: Uuid,
    pub(in super::super) version: i32,
    pub(in super::super) facts: NodeFacts,
    /// Whether it gets another name.
    pub(in super::super) is_named: bool,
    /// Both sides, as the record tells it.
    pub(in super::super) sentence: String,
}

/// What an import of the chain writes; parents stand before their children.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct ChainPlan {
    pub(in super::super) adds: Vec<Add>,
    pub(in super::super) changes: Vec<Rename>,
}
