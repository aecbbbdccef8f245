//! Which move is open from which stage, and to whom. The page's buttons and the POST's permission
//! are both this. Pure.

use super::exercise::Exercise;
use super::words::{Origin, Power, Stage};
use crate::org::DepartmentId;
use crate::org::access::{Permission, PostKind, Seat, Viewer};
use crate::work::whistles::Refusal;

/// What can be done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Move {
    /// The street gives its opinion.
    Opine,
    /// The street records what was agreed.
    Minute,
    /// The department answers.
    Answer,
    /// The street accepts the answer.
    Accept,
    /// The street objects to it.
    Object,
    /// The city's office finds the street right.
    Uphold,
    /// The city's office finds the department right.
    Dismiss,
    /// Who began it calls it back.
    CallOff,
    /// Time ran out for whoever had the word.
    FallSilent,
}

impl Move {
    /// Every move.
    pub(in super::super) const ALL: [Move; 9] = [
        Self::Opine,
        Self::Minute,
        Self::Answer,
        Self::Accept,
        Self::Object,
        Self::Uphold,
        Self::Dismiss,
        Self::CallOff,
        Self::FallSilent,
    ];
}

/// Where a move leads; none if it is not open there. `round` counts the department's answers: after
/// an upheld objection it answers once more, and that answer is not objected to.
pub(in super::super) fn next(stage: Stage, made: Move, round: i16) -> Option<Stage> {
    match (stage, made) {
        (Stage::Opining, Move::Opine | Move::FallSilent)
        | (Stage::Meeting, Move::Minute)
        | (Stage::Objected, Move::Uphold) => Some(Stage::Answering),
        (Stage::Answering, Move::Answer) => Some(Stage::Reacting),
        (Stage::Reacting, Move::Object) if round == 1 => Some(Stage::Objected),
        (Stage::Reacting, Move::Accept | Move::FallSilent) | (Stage::Objected, Move::Dismiss) => {
            Some(Stage::Closed)
        }
        (Stage::Opining | Stage::Meeting, Move::CallOff) => Some(Stage::Withdrawn),
        (Stage::Answering, Move::CallOff) if round == 1 => Some(Stage::Withdrawn),
        (
            Stage::Opining
            | Stage::Meeting
            | Stage::Answering
            | Stage::Reacting
            | Stage::Objected
            | Stage::Closed
            | Stage::Withdrawn,
            Move::Opine
            | Move::Minute
            | Move::Answer
            | Move::Accept
            | Move::Object
            | Move::Uphold
            | Move::Dismiss
            | Move::CallOff
            | Move::FallSilent,
        ) => None,
    }
}

const OVER: Refusal = Refusal::Over("这一步已经办过了。请刷新看最新情况。");

/// Whether a post speaks for its street or department on a power: a cadre is spoken of by the
/// secretary and by the head alone.
pub(in super::super) fn speaks(me: &Viewer, power: Power) -> bool {
    match me.kind {
        PostKind::StreetSecretary | PostKind::DepartmentHead => true,
        PostKind::StreetDeputy | PostKind::StreetDispatcher | PostKind::DepartmentClerk => {
            power != Power::Cadre
        }
        PostKind::CityLeader
        | PostKind::CityOffice
        | PostKind::StreetChecker
        | PostKind::CommunitySecretary
        | PostKind::CommunityWorker
        | PostKind::GridChief
        | PostKind::GridSecretary
        | PostKind::BuildingChief
        | PostKind::BuildingLeader
        | PostKind::UnitChief
        | PostKind::UnitHousehold
        | PostKind::SystemAdmin
        | PostKind::SecurityAdmin
        | PostKind::AuditAdmin => false,
    }
}

/// The side for which a post speaks, if it does for any.
pub(in super::super) fn side(me: &Viewer) -> Option<Origin> {
    if me.kind.is_street() {
        Some(Origin::Street)
    } else if me.kind.is_department() {
        Some(Origin::Department)
    } else {
        None
    }
}

/// Whether the viewer adds and removes files and photos of a record: either side, while it is open. A
/// cadre record keeps none, because neither is sealed.
pub(in super::super) fn takes_files(
    me: &Viewer,
    (power, stage): (Power, Stage),
    (street, department): (&str, DepartmentId),
) -> bool {
    let own = sits_in_street(me, street) || sits_in_department(me, department);
    own && speaks(me, power) && power != Power::Cadre && !stage.is_over()
}

fn sits_in_street(me: &Viewer, street: &str) -> bool {
    matches!(&me.seat, Seat::Node { code, .. } if code == street) && me.kind.is_street()
}

fn sits_in_department(me: &Viewer, department: DepartmentId) -> bool {
    me.department() == Some(department) && me.kind.is_department()
}

impl Exercise {
    /// Whether the viewer may make this move now.
    pub(in super::super) fn may(&self, me: &Viewer, made: Move) -> Result<(), Refusal> {
        if !self.is_turn_of(me, made) {
            return Err(Refusal::NotYours);
        }
        match next(self.stage, made, self.round) {
            // Silence has had its effect, or has it within the minute.
            Some(_) if self.is_silent(made) => Err(Refusal::Over(
                "期限已过，按逾期处理：未提意见视为无意见，未表态视为认可答复。",
            )),
            Some(_) if made == Move::Minute && self.is_ahead() => Err(Refusal::NotYet(
                "协调会还没有开。开会后登记到会情况和纪要。",
            )),
            Some(_) => Ok(()),
            None => Err(OVER),
        }
    }

    /// Whether the time for a word that may fall silent is over.
    fn is_silent(&self, made: Move) -> bool {
        let falls = matches!(made, Move::Opine | Move::Accept | Move::Object);
        let due = self.nearest.and_then(|n| n.due_at);
        falls && due.is_some_and(|due| due < self.now)
    }

    /// Whether the viewer's post is the one that makes such a move.
    fn is_turn_of(&self, me: &Viewer, made: Move) -> bool {
        let street = self.is_of_street(me) && speaks(me, self.power);
        let department = self.is_of_department(me) && speaks(me, self.power);
        match made {
            Move::Opine | Move::Minute | Move::Accept | Move::Object => street,
            Move::Answer => department,
            Move::Uphold | Move::Dismiss => me.kind.may(Permission::RulePowers),
            Move::CallOff => match self.origin {
                Origin::Street => street,
                // What the street has answered must be answered: it cannot be made to vanish.
                Origin::Department => department && self.stage == Stage::Opining,
            },
            // Only the program says that time ran out.
            Move::FallSilent => false,
        }
    }

    /// Whether the viewer sits in the record's street.
    pub(in super::super) fn is_of_street(&self, me: &Viewer) -> bool {
        sits_in_street(me, &self.street_code)
    }

    /// Whether the viewer sits in the answering department.
    pub(in super::super) fn is_of_department(&self, me: &Viewer) -> bool {
        sits_in_department(me, self.department_id)
    }
}
