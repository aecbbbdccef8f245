//! Who may do what, when: one table for matters and one for whistles, drawn from the same pure
//! functions that draw the buttons and judge the forms.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use street_whistle::org::access::{Level, PostKind, Seat, Viewer};
use street_whistle::org::calendar::{Calendar, WorkDayMode};
use street_whistle::org::{
    AppointmentId, DepartmentId, NodeId, PersonId, PostId, SessionId, TenantId,
};
use street_whistle::work::matters::{self, Facts, Who};
use street_whistle::work::whistles::{
    Assignment, AssignmentStage, Case, Kind, MoveKind, Refusal, Role, Stage,
};
use street_whistle::work::{AssignmentId, WhistleId};
use uuid::Uuid;

#[test]
fn the_moves_of_a_matter() {
    let mut table = String::from(
        "Rows: stage, and what is special. Columns: grid chief, community, street, others.\n\
         Letters: the stage it leads to or stays in (F filed, A accepted, R raised, S solved, X rejected, M merged); \
         w: something else comes first; ·: not this post's, or not now.\n",
    );
    for mv in matters::MoveKind::ALL {
        writeln!(table, "\n{}", mv.label()).unwrap();
        for stage in matters::Stage::ALL {
            let special: &[(&str, Bend)] = &[
                ("", |_| {}),
                ("nothing done yet", |f| f.measured = false),
                ("others merged into it", |f| f.has_others = true),
                ("in a whistle", |f| f.behind_whistle = true),
                ("merged into an ended one", |f| f.target_open = false),
                ("merged when raised", |f| {
                    f.merged_from = Some(matters::Stage::Raised);
                }),
            ];
            let mut plain = String::new();
            for (name, bend) in special {
                let cells: Vec<String> = Who::ALL
                    .iter()
                    .map(|who| cell(mv, *stage, *who, *bend))
                    .collect();
                let row = cells.join(" ");
                if name.is_empty() {
                    plain.clone_from(&row);
                }
                if row.contains(|c: char| c.is_ascii_alphabetic())
                    && (name.is_empty() || row != plain)
                {
                    let which = format!("{} {name}", stage.code());
                    writeln!(table, "  {which:36} {row}").unwrap();
                }
            }
        }
    }
    insta::assert_snapshot!("moves_of_a_matter", table);
}

fn cell(mv: matters::MoveKind, stage: matters::Stage, who: Who, bend: fn(&mut Facts)) -> String {
    let mut facts = Facts {
        stage,
        who,
        behind_whistle: false,
        measured: true,
        has_others: false,
        merged_from: (stage == matters::Stage::Merged).then_some(matters::Stage::Filed),
        target_open: true,
    };
    bend(&mut facts);
    match facts.play(mv) {
        Ok(next) if next.stage == matters::Stage::Rejected => "X".to_owned(),
        Ok(next) => next.stage.code()[..1].to_uppercase(),
        Err(matters::Refusal::First(_)) => "w".to_owned(),
        Err(_) => "·".to_owned(),
    }
}

/// What makes the facts of a matter special.
type Bend = fn(&mut Facts);

const STAGES: [Stage; 9] = [
    Stage::Draft,
    Stage::Requested,
    Stage::Approving,
    Stage::Sounded,
    Stage::Checking,
    Stage::Rating,
    Stage::Closing,
    Stage::Closed,
    Stage::Withdrawn,
];

/// The columns: who acts, and what he is to the whistle.
const ACTORS: [(&str, PostKind); 9] = [
    ("SS", PostKind::StreetSecretary),
    ("SD", PostKind::StreetDeputy),
    ("SW", PostKind::StreetDispatcher),
    ("SC", PostKind::StreetChecker),
    ("CS", PostKind::CommunitySecretary),
    ("CW", PostKind::CommunityWorker),
    ("DH", PostKind::DepartmentHead),
    ("DC", PostKind::DepartmentClerk),
    ("CL", PostKind::CityLeader),
];

/// What a whistle can be: its kind, and whether a community drafted it.
const WHISTLES: [(&str, Kind, bool); 5] = [
    ("日常哨", Kind::Routine, false),
    ("快捷哨", Kind::Express, false),
    ("攻坚哨", Kind::Tough, false),
    ("应急哨", Kind::Emergency, false),
    ("社区申请的日常哨", Kind::Routine, true),
];

#[test]
fn the_moves_of_a_whistle() {
    let mut table = String::from(
        "Rows: who acts. Columns: draft, requested, approving, sounded, checking, rating, closing, closed, withdrawn.\n\
         o: open; w: something else comes first; -: over; x: took part and may not judge; ·: not this post's.\n\
         SS street secretary, SD deputy, SW dispatcher, SC checker; CS community secretary, CW worker; DH head and\n\
         DC clerk of the leading department; CL city leader. While it sounds the departments have reported in.\n",
    );
    for mv in MoveKind::ALL {
        let mut blocks: Vec<(Vec<&str>, String)> = Vec::new();
        for (name, kind, from_community) in WHISTLES {
            let block = block(mv, kind, from_community);
            match blocks.iter_mut().find(|(_, same)| *same == block) {
                Some((names, _)) => names.push(name),
                None => blocks.push((vec![name], block)),
            }
        }
        for (names, block) in blocks {
            let which = if names.len() == WHISTLES.len() {
                "任何哨".to_owned()
            } else {
                names.join("、")
            };
            if block.is_empty() {
                writeln!(table, "\n{}：{which}没有这一步", mv.label()).unwrap();
            } else {
                write!(table, "\n{}：{which}\n{block}", mv.label()).unwrap();
            }
        }
    }
    insta::assert_snapshot!("moves_of_a_whistle", table);
}

/// One move of one kind: a row for each post that has to do with it.
fn block(mv: MoveKind, kind: Kind, from_community: bool) -> String {
    let mut block = String::new();
    for (name, post) in ACTORS {
        let marks = STAGES.map(|stage| mark(&case(kind, from_community, stage), mv, &viewer(post)));
        if marks.iter().any(|m| *m != "·") {
            writeln!(block, "  {name}  {}", marks.join(" ")).unwrap();
        }
    }
    block
}

#[test]
fn the_moves_of_an_assignment() {
    const ASSIGNMENT: [(AssignmentStage, &str); 9] = [
        (AssignmentStage::Planned, "planned"),
        (AssignmentStage::Sent, "sent"),
        (AssignmentStage::Signed, "signed"),
        (AssignmentStage::Reported, "reported"),
        (AssignmentStage::FedBack, "fed back"),
        (AssignmentStage::Uncooperative, "uncooperative"),
        (AssignmentStage::Passed, "passed"),
        (AssignmentStage::Withdrawn, "withdrawn"),
        (AssignmentStage::Relieved, "relieved"),
    ];
    let moves = [
        MoveKind::Sign,
        MoveKind::Report,
        MoveKind::Handle,
        MoveKind::FeedBack,
        MoveKind::MarkUncooperative,
    ];
    let mut table = String::from(
        "While the whistle sounds. Rows: the leading department's stage, the assisting one's. \
         Columns: sign, report, handle, feed back, mark as not co-operating; by the lead, by the assistant.\n",
    );
    for (lead, lead_name) in ASSIGNMENT {
        for (assist, assist_name) in ASSIGNMENT {
            let mut case = case(Kind::Routine, false, Stage::Sounded);
            case.assignments[0].stage = lead;
            case.assignments[1].stage = assist;
            let by = |department: u128| {
                let mut me = viewer(PostKind::DepartmentClerk);
                me.seat = seat_of_department(department);
                moves.map(|mv| mark(&case, mv, &me)).join(" ")
            };
            writeln!(
                table,
                "{lead_name:14} {assist_name:14} {}   {}",
                by(1),
                by(2)
            )
            .unwrap();
        }
    }
    insta::assert_snapshot!("moves_of_an_assignment", table);
}

#[test]
fn who_found_or_handled_may_not_judge_at_any_stage() {
    for stage in STAGES {
        for kind in Kind::ALL {
            for (_, post) in ACTORS {
                let mut case = case(*kind, false, stage);
                case.is_involved = true;
                assert!(case.may(MoveKind::Check, &viewer(post)).is_err());
                case.has_handled = true;
                for mv in [MoveKind::Check, MoveKind::Rate, MoveKind::Close] {
                    assert!(
                        case.may(mv, &viewer(post)).is_err(),
                        "{post:?} {mv:?} {stage:?}"
                    );
                }
            }
        }
    }
}

fn mark(case: &Case, mv: MoveKind, me: &Viewer) -> &'static str {
    match case.may(mv, me) {
        Ok(()) => "o",
        Err(Refusal::NotYet(_)) => "w",
        Err(Refusal::Over(_)) => "-",
        Err(Refusal::TookPart(_)) => "x",
        Err(Refusal::NotYours) => "·",
    }
}

fn seat_of_department(number: u128) -> Seat {
    Seat::Department {
        id: DepartmentId(Uuid::from_u128(number)),
        name: "供水公司".to_owned(),
    }
}

fn viewer(kind: PostKind) -> Viewer {
    let node = |level, code: &str| Seat::Node {
        id: NodeId(Uuid::nil()),
        level,
        code: code.to_owned(),
        name: String::new(),
    };
    let seat = if kind.is_street() {
        node(Level::Street, "220882001")
    } else if kind.is_community() {
        node(Level::Community, "220882001001")
    } else if kind.is_department() {
        seat_of_department(1)
    } else {
        Seat::City
    };
    Viewer {
        tenant: TenantId(Uuid::nil()),
        city: String::new(),
        prefix: String::new(),
        session: SessionId(Uuid::nil()),
        person: PersonId(Uuid::nil()),
        name: String::new(),
        appointment: AppointmentId(Uuid::nil()),
        post: PostId(Uuid::nil()),
        kind,
        title: String::new(),
        seat,
        several_posts: false,
        must_change: false,
        large: false,
    }
}

/// A whistle with a leading and an assisting department, both as far as the stage asks.
fn case(kind: Kind, from_community: bool, stage: Stage) -> Case {
    let at: DateTime<Utc> = "2026-11-23T06:00:00Z".parse().unwrap();
    let department = match stage {
        Stage::Draft | Stage::Requested | Stage::Approving => AssignmentStage::Planned,
        Stage::Sounded => AssignmentStage::Reported,
        Stage::Checking => AssignmentStage::FedBack,
        Stage::Rating | Stage::Closing | Stage::Closed => AssignmentStage::Passed,
        Stage::Withdrawn => AssignmentStage::Withdrawn,
    };
    let assignment = |number: u128, role| Assignment {
        id: AssignmentId(Uuid::from_u128(number)),
        department_id: DepartmentId(Uuid::from_u128(number)),
        department: String::new(),
        liaison: None,
        role,
        ask: String::new(),
        stage: department,
        version: 1,
        waiting_since: at,
        sent_at: None,
        signed_at: None,
        reported_at: None,
        report_way: None,
        arrived_at: None,
        report_who: None,
        report_agreed: None,
        fed_back_at: None,
        result: None,
        rework_count: 0,
        uncooperative_reason: None,
        reviewed: false,
    };
    Case {
        id: WhistleId(Uuid::nil()),
        number: None,
        kind,
        title: String::new(),
        meets_at: None,
        problem: String::new(),
        own_measures: String::new(),
        closing_condition: String::new(),
        basis: None,
        choice_reason: None,
        place_id: NodeId(Uuid::nil()),
        place: String::new(),
        street_code: "220882001".to_owned(),
        street: String::new(),
        community_code: Some("220882001001".to_owned()),
        from_community,
        stage,
        waiting_since: at,
        version: 1,
        reopened: 0,
        drafted_at: at,
        drafted_by: PersonId(Uuid::from_u128(9)),
        drafter: String::new(),
        refusal: None,
        limits_id: None,
        supervisions: Vec::new(),
        clocks: Vec::new(),
        calendar: Calendar::new(WorkDayMode::Dates, [], [], Vec::new()),
        approved_at: None,
        approver: None,
        sounded_at: None,
        verified_at: (kind == Kind::Emergency && stage == Stage::Closed).then_some(at),
        verified_true: None,
        outcome: None,
        closing_words: None,
        closed_at: None,
        withdraw_reason: None,
        has_handled: false,
        judged: false,
        is_involved: false,
        assignments: vec![assignment(1, Role::Lead), assignment(2, Role::Assist)],
        checks: Vec::new(),
        ratings: Vec::new(),
        reviews: Vec::new(),
        matters: Vec::new(),
        visits: Vec::new(),
        recurrences: Vec::new(),
        requests: Vec::new(),
        milestones: Vec::new(),
        suspension: None,
        timeline: Vec::new(),
    }
}
