//! What leads where, and who may: two tables that a person can read.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::rules::{Move, next};
use super::{AnswerKind, Exercise, Origin, Parts, Power, Stage};
use crate::org::access::{Factor, Level, PostKind, Seat, Viewer};
use crate::org::calendar::{Calendar, WorkDayMode};
use crate::org::{AppointmentId, DepartmentId, NodeId, PersonId, PostId, SessionId, TenantId};
use crate::work::ExerciseId;
use crate::work::clocks::Rules;

const STREET: &str = "220882001";

fn viewer(kind: PostKind) -> Viewer {
    let seat = if kind.is_department() {
        Seat::Department {
            id: DepartmentId(Uuid::from_u128(1)),
            name: String::new(),
        }
    } else if kind.is_street() || kind.is_community() || kind.is_ground() {
        Seat::Node {
            id: NodeId(Uuid::nil()),
            level: Level::Street,
            code: STREET.to_owned(),
            name: String::new(),
        }
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
        factor: Factor::None,
        large: false,
    }
}

fn exercise(power: Power, origin: Origin, stage: Stage) -> Exercise {
    let now: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().unwrap();
    let parts: Parts = serde_json::from_value(json!({
        "files": [], "photos": [], "readings": [], "times_read": 0, "scope": "", "plan": "", "basis": null, "whistle": null, "matters": [], "planning": null, "project": null,
        "award": null, "opinion": null, "items": [], "answers": [], "reactions": [], "ruling": null, "parties": [],
        "minutes": null, "tasks": []
    }))
    .unwrap();
    Exercise {
        id: ExerciseId(Uuid::nil()),
        number: String::new(),
        power,
        origin,
        stage,
        version: 1,
        title: String::new(),
        matter: String::new(),
        basis: String::new(),
        department_id: DepartmentId(Uuid::from_u128(1)),
        department: String::new(),
        street_code: STREET.to_owned(),
        street: String::new(),
        round: 1,
        decide_on: None,
        meets_at: None,
        place: None,
        asked_at: now,
        asker: String::new(),
        withdraw_reason: None,
        nearest: None,
        parts,
        clocks: Vec::new(),
        timeline: Vec::new(),
        calendar: Calendar::new(WorkDayMode::Dates, [], [], Vec::new()),
        rules: Rules::of_two(),
        now,
    }
}

/// Every stage with what leads from it, in the first and in the second round.
#[test]
fn every_stage_says_what_leads_from_it() {
    let mut table = String::new();
    for stage in Stage::ALL {
        for round in [1, 2] {
            let led = Move::ALL.iter().filter_map(|made| {
                let to = next(*stage, *made, round)?;
                Some(format!("{made:?}→{to:?}"))
            });
            let led: Vec<String> = led.collect();
            writeln!(table, "{stage:?} {round}: {}", led.join(" ")).unwrap();
        }
    }
    insta::assert_snapshot!(table, @r"
    Opining 1: Opine→Answering CallOff→Withdrawn FallSilent→Answering
    Opining 2: Opine→Answering CallOff→Withdrawn FallSilent→Answering
    Meeting 1: Minute→Answering CallOff→Withdrawn
    Meeting 2: Minute→Answering CallOff→Withdrawn
    Answering 1: Answer→Reacting CallOff→Withdrawn
    Answering 2: Answer→Reacting
    Reacting 1: Accept→Closed Object→Objected FallSilent→Closed
    Reacting 2: Accept→Closed FallSilent→Closed
    Objected 1: Uphold→Answering Dismiss→Closed
    Objected 2: Uphold→Answering Dismiss→Closed
    Closed 1: 
    Closed 2: 
    Withdrawn 1: 
    Withdrawn 2:
    ");
}

/// Who may do what at which stage, for each power: those that may do nothing are left out.
#[test]
fn only_the_posts_that_speak_for_a_side_move_a_record() {
    let records = [
        (Power::Cadre, Origin::Department),
        (Power::Planning, Origin::Department),
        (Power::Coordination, Origin::Street),
        (Power::Project, Origin::Street),
    ];
    let mut table = String::new();
    for (power, origin) in records {
        writeln!(table, "{power:?} by {origin:?}").unwrap();
        for kind in PostKind::ALL {
            let me = viewer(kind);
            let stands = |stage: &&Stage| match stage {
                Stage::Meeting => power == Power::Coordination,
                Stage::Opining => origin == Origin::Department,
                Stage::Answering
                | Stage::Reacting
                | Stage::Objected
                | Stage::Closed
                | Stage::Withdrawn => true,
            };
            let may = Stage::ALL.iter().filter(stands).filter_map(|stage| {
                let of = exercise(power, origin, *stage);
                let open = Move::ALL.iter().filter(|made| of.may(&me, **made).is_ok());
                let open: Vec<String> = open.map(|made| format!("{made:?}")).collect();
                (!open.is_empty()).then(|| format!("{stage:?}({})", open.join(",")))
            });
            let may: Vec<String> = may.collect();
            if !may.is_empty() {
                writeln!(table, "  {kind:?}: {}", may.join(" ")).unwrap();
            }
        }
    }
    insta::assert_snapshot!(table, @r"
    Cadre by Department
      CityOffice: Objected(Uphold,Dismiss)
      StreetSecretary: Opining(Opine) Reacting(Accept,Object)
      DepartmentHead: Opining(CallOff) Answering(Answer)
    Planning by Department
      CityOffice: Objected(Uphold,Dismiss)
      StreetSecretary: Opining(Opine) Reacting(Accept,Object)
      StreetDeputy: Opining(Opine) Reacting(Accept,Object)
      StreetDispatcher: Opining(Opine) Reacting(Accept,Object)
      DepartmentHead: Opining(CallOff) Answering(Answer)
      DepartmentClerk: Opining(CallOff) Answering(Answer)
    Coordination by Street
      CityOffice: Objected(Uphold,Dismiss)
      StreetSecretary: Meeting(Minute,CallOff) Answering(CallOff) Reacting(Accept,Object)
      StreetDeputy: Meeting(Minute,CallOff) Answering(CallOff) Reacting(Accept,Object)
      StreetDispatcher: Meeting(Minute,CallOff) Answering(CallOff) Reacting(Accept,Object)
      DepartmentHead: Answering(Answer)
      DepartmentClerk: Answering(Answer)
    Project by Street
      CityOffice: Objected(Uphold,Dismiss)
      StreetSecretary: Answering(CallOff) Reacting(Accept,Object)
      StreetDeputy: Answering(CallOff) Reacting(Accept,Object)
      StreetDispatcher: Answering(CallOff) Reacting(Accept,Object)
      DepartmentHead: Answering(Answer)
      DepartmentClerk: Answering(Answer)
    ");
}

#[test]
fn answers_of_items_make_one_answer() {
    use AnswerKind::{Adopted, NotAdopted, Partly};
    for (items, whole) in [
        (&[][..], None),
        (&[Adopted, Adopted][..], Some(Adopted)),
        (&[NotAdopted, NotAdopted][..], Some(NotAdopted)),
        (&[Adopted, NotAdopted][..], Some(Partly)),
        (&[Partly][..], Some(Partly)),
    ] {
        assert_eq!(AnswerKind::of_items(items), whole, "{items:?}");
    }
}
