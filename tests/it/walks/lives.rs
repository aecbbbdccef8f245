//! A hundred thousand moves of whole whistles, in memory: returned, reassigned, put aside, sent to
//! rework, reopened, by people who sometimes hold two posts, over random calendars and limits,
//! while time passes and the sweep sometimes does not run. After every move all that must hold of
//! a life is looked at, and at the end every kind of act must have been done.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use street_whistle::base::clock::day_of;
use street_whistle::org::access::{PostKind, Viewer};
use street_whistle::org::calendar::{Limit, Unit};
use street_whistle::org::{DepartmentId, PersonId};
use street_whistle::work::clocks::Stage as Timed;
use street_whistle::work::requests::{Ask, Cause, Kind as Asked};
use street_whistle::work::visits::Answer;
use street_whistle::work::whistles::{AssignmentStage, Kind, MoveKind, Role, Stage};
use street_whistle::work::{AssignmentId, DutyItemId, RequestId};
use uuid::Uuid;

use super::invariants::OF_A_LIFE;
use super::life::{Act, Deed, Life};
use super::{asked_for, clocks};
use crate::harness::{assignment_at, case_at, viewer_at};

/// Moves of all lives together, unless `WALK_MOVES` asks for more.
const MOVES: u64 = 100_000;
/// What is tried in one life.
const TRIES: usize = 200;

/// Everybody who has to do with the whistle: person, post, and which department.
const CAST: [(u128, PostKind, u128); 23] = [
    (1, PostKind::StreetDispatcher, 0),
    (2, PostKind::StreetDispatcher, 0),
    (3, PostKind::StreetDeputy, 0),
    (4, PostKind::StreetDeputy, 0),
    (5, PostKind::StreetSecretary, 0),
    (6, PostKind::StreetChecker, 0),
    (7, PostKind::CommunitySecretary, 0),
    (8, PostKind::CommunityWorker, 0),
    (9, PostKind::CommunityWorker, 0),
    (10, PostKind::CityOffice, 0),
    (11, PostKind::CityLeader, 0),
    (12, PostKind::DepartmentClerk, 1),
    (13, PostKind::DepartmentHead, 1),
    (14, PostKind::DepartmentClerk, 2),
    (15, PostKind::DepartmentHead, 2),
    (16, PostKind::DepartmentClerk, 3),
    (17, PostKind::DepartmentClerk, 4),
    // People who stand in for others, or are lent.
    (12, PostKind::StreetChecker, 0),
    (14, PostKind::CommunityWorker, 0),
    (2, PostKind::DepartmentClerk, 1),
    (4, PostKind::DepartmentClerk, 2),
    (9, PostKind::DepartmentClerk, 3),
    (16, PostKind::StreetDispatcher, 0),
];

/// The same, at their desks.
pub(super) static VIEWERS: LazyLock<Vec<Viewer>> = LazyLock::new(|| {
    CAST.iter()
        .map(|(person, kind, of)| viewer_at(*person, *kind, *of))
        .collect()
});

/// A draft of a random kind, at a random time, under random limits.
fn begins(dice: &mut StdRng) -> Life {
    let first: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
    let now = first + Duration::minutes(dice.random_range(0..400_000));
    let kind = *Kind::ALL.choose(dice).unwrap();
    let from_community = dice.random_range(0..4) == 0 && kind != Kind::Emergency;
    let mut case = case_at(kind, from_community, Stage::Draft, now);
    case.calendar = clocks::calendar(dice);
    case.meets_at = (kind == Kind::JointEnforcement)
        .then(|| now + Duration::minutes(dice.random_range(60..6_000)));
    case.drafted_by = PersonId(Uuid::from_u128(if from_community { 7 } else { 1 }));
    if dice.random_range(0..8) == 0 && !from_community {
        case.community_code = None;
    }
    case.assignments.clear();
    for number in 1..=dice.random_range(1..4) {
        let role = if number == 1 {
            Role::Lead
        } else {
            Role::Assist
        };
        case.assignments
            .push(assignment_at(number, role, AssignmentStage::Planned, now));
    }
    let limits = Timed::ALL
        .iter()
        .map(|stage| (*stage, limit(dice)))
        .collect();
    Life {
        case,
        limits,
        deeds: vec![
            (PersonId(Uuid::from_u128(8)), Deed::Found),
            (PersonId(Uuid::from_u128(14)), Deed::Found),
        ],
        has_teller: dice.random_range(0..3) > 0,
        visits: Vec::new(),
        told: vec![("draft", None)],
        breaches: Vec::new(),
        now,
        made: 1_000,
    }
}

fn limit(dice: &mut StdRng) -> Limit {
    let unit = *Unit::ALL.choose(dice).unwrap();
    Limit::new(dice.random_range(1..9), unit).unwrap()
}

/// Somebody and what he tries: mostly something that his page offers, sometimes anything.
fn wish(life: &Life, dice: &mut StdRng) -> (&'static Viewer, Act) {
    let me = VIEWERS.choose(dice).unwrap();
    match dice.random_range(0..10) {
        0..4 => (me, anything(life, me, dice)),
        4..7 if !life.case.requests.is_empty() => {
            let request = life.case.requests.choose(dice).unwrap();
            let decides = |me: &&Viewer| life.turn(me).may_decide(request).is_ok();
            let decider = VIEWERS.sample(dice, VIEWERS.len()).find(decides);
            (decider.unwrap_or(me), answer(request.id, dice))
        }
        _ => {
            for me in VIEWERS.sample(dice, VIEWERS.len()) {
                let open = life.case.open_to(me);
                if let Some(mv) = open.choose(dice) {
                    return (me, bent(life, *mv, dice));
                }
            }
            (me, anything(life, me, dice))
        }
    }
}

fn part(life: &Life, dice: &mut StdRng) -> AssignmentId {
    life.case.assignments.choose(dice).unwrap().id
}

fn rework(life: &Life, dice: &mut StdRng) -> Act {
    let parts = life.case.assignments.iter().map(|a| a.id);
    Act::Rework(parts.filter(|_| dice.random_range(0..2) == 0).collect())
}

/// A move as somebody would make it: what ends a life early is rare.
fn bent(life: &Life, mv: MoveKind, dice: &mut StdRng) -> Act {
    let seldom = dice.random_range(0..60) == 0;
    let ends = matches!(
        mv,
        MoveKind::Withdraw | MoveKind::Edit | MoveKind::Refuse | MoveKind::SendBack
    );
    if ends && !seldom {
        Act::Move(MoveKind::Sound)
    } else if mv == MoveKind::Check && dice.random_range(0..3) == 0 {
        rework(life, dice)
    } else if mv == MoveKind::Report && dice.random_range(0..2) == 0 {
        Act::Agree
    } else if mv == MoveKind::MarkUncooperative {
        Act::Mark(part(life, dice))
    } else {
        Act::Move(mv)
    }
}

fn answer(id: RequestId, dice: &mut StdRng) -> Act {
    match dice.random_range(0..12) {
        0 => Act::TakeBack(id),
        1 | 2 => Act::Contest(id),
        _ => {
            let grants = dice.random_range(0..3) > 0;
            let department = DepartmentId(Uuid::from_u128(dice.random_range(1..5)));
            Act::Decide(
                id,
                grants,
                (dice.random_range(0..4) > 0).then_some(department),
            )
        }
    }
}

/// Whatever this person might try, allowed or not.
fn anything(life: &Life, me: &Viewer, dice: &mut StdRng) -> Act {
    let department = DepartmentId(Uuid::from_u128(dice.random_range(1..5)));
    let last = life.visits.len().saturating_sub(1);
    match dice.random_range(0..16) {
        0 => Act::Agree,
        1 => Act::Mark(part(life, dice)),
        2 => rework(life, dice),
        3..=7 if me.kind.is_department() => Act::Ask(ask(life, department, dice)),
        3..=5 => Act::Hear(last, *Answer::ALL.choose(dice).unwrap()),
        6 | 7 => Act::Miss(last),
        8 if dice.random_range(0..6) == 0 => Act::Resume,
        9 if dice.random_range(0..4) == 0 => Act::Recur,
        _ => bent(life, *MoveKind::ALL.choose(dice).unwrap(), dice),
    }
}

fn ask(life: &Life, department: DepartmentId, dice: &mut StdRng) -> Ask {
    // Only an emergency may be given back by who is at work.
    let returns = life.case.kind == Kind::Emergency && dice.random_range(0..3) > 0;
    let kind = if returns {
        Asked::Return
    } else {
        *Asked::ALL.choose(dice).unwrap()
    };
    match kind {
        Asked::Return => Ask::Return(department, DutyItemId(Uuid::nil())),
        Asked::Extension => Ask::Extension,
        Asked::Suspension => {
            let day = day_of(life.now) + Duration::days(dice.random_range(1..60));
            Ask::Suspension(day, vec![(day, "管材到货".to_owned())])
        }
        Asked::Appeal => Ask::Appeal(Cause::Weather),
    }
}

/// What must hold of a life, or the sentence that does not.
fn looks(life: &Life) -> Result<(), String> {
    for (sentence, broken) in OF_A_LIFE {
        let broken = broken(life);
        if !broken.is_empty() {
            return Err(format!("{sentence}\n{broken:#?}"));
        }
    }
    Ok(())
}

#[test]
fn a_hundred_thousand_moves_of_whole_whistles_keep_the_invariants() {
    let wanted = asked_for("WALK_MOVES", MOVES).max(MOVES);
    let seed = asked_for("WALK_SEED", 20_261_124);
    let mut done: BTreeMap<String, usize> = BTreeMap::new();
    let (mut moves, mut number) = (0, 0);
    while moves < wanted {
        let mut dice = StdRng::seed_from_u64(seed.rotate_left(32) ^ number);
        number += 1;
        let mut life = begins(&mut dice);
        let mut said: Vec<String> = Vec::new();
        for _ in 0..TRIES {
            if dice.random_range(0..12) == 0 {
                let most = *[90, 900, 9_000].choose(&mut dice).unwrap();
                life.passes_time(Duration::minutes(dice.random_range(1..most)));
                // Now and then the program is down for a while.
                if dice.random_range(0..5) > 0 {
                    life.is_swept();
                    said.push(format!("{} swept", life.now));
                }
            }
            let (me, act) = wish(&life, &mut dice);
            if life.does(me, &act).is_err() {
                continue;
            }
            moves += 1;
            said.push(format!("{} {:?} {act:?}", life.now, me.kind));
            *done.entry(act.name()).or_default() += 1;
            if let Err(broken) = looks(&life) {
                let parts = life.case.assignments.iter();
                let parts: Vec<_> = parts.map(|a| (a.role, a.stage)).collect();
                panic!(
                    "seed {seed}, life {number}, {:?}: {broken}\n{said:#?}\n{parts:?}",
                    life.case.kind
                );
            }
        }
    }
    // Every move but the two that carry more, and each of the other acts with all it can say.
    let moves = MoveKind::ALL.len() - 1;
    let others = [
        "agreed",
        "mark",
        "rework",
        "contest",
        "take back",
        "resume",
        "miss",
        "recur",
    ];
    let kinds = moves + others.len() + Asked::ALL.len() + Answer::ALL.len() + 2;
    assert_eq!(done.len(), kinds, "every act was done: {done:#?}");
}
