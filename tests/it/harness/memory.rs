//! A whistle and a person at a desk in memory, for what the rules say without a database.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use street_whistle::org::access::{Factor, Level, PostKind, Seat, Viewer};
use street_whistle::org::calendar::{Calendar, Unit, WorkDayMode};
use street_whistle::org::{
    AppointmentId, DepartmentId, NodeId, PersonId, PostId, SessionId, TenantId,
};
use street_whistle::work::clocks::{Rule, Rules, Value};
use street_whistle::work::whistles::{Assignment, AssignmentStage, Case, Kind, Role, Stage};
use street_whistle::work::{AssignmentId, WhistleId};
use uuid::Uuid;

/// A person at a desk: of the street, the community or the city, or of a department with a number.
pub(crate) fn viewer_at(person: u128, kind: PostKind, department: u128) -> Viewer {
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
        Seat::Department {
            id: DepartmentId(Uuid::from_u128(department)),
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
        person: PersonId(Uuid::from_u128(person)),
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

/// The part of the department with this number.
pub(crate) fn assignment_at(
    number: u128,
    role: Role,
    stage: AssignmentStage,
    at: DateTime<Utc>,
) -> Assignment {
    Assignment {
        id: AssignmentId(Uuid::from_u128(number)),
        department_id: DepartmentId(Uuid::from_u128(number)),
        department: String::new(),
        role,
        ask: String::new(),
        stage,
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
    }
}

/// The rules as the program brings them.
fn rules() -> Rules {
    let rule = |rule: &Rule| {
        let (amount, unit) = match rule {
            Rule::DecideReturnStreet | Rule::DecideReturnLeader => (2, Some(Unit::WorkHour)),
            Rule::DecideSuspension => (2, Some(Unit::WorkDay)),
            Rule::Reply | Rule::Minutes => (3, Some(Unit::WorkDay)),
            Rule::AskBefore | Rule::OpinionPlanning | Rule::AnswerPlanning => {
                (10, Some(Unit::WorkDay))
            }
            Rule::AnswerProject => (15, Some(Unit::WorkDay)),
            Rule::OpinionCadre
            | Rule::OpinionProject
            | Rule::OpinionAward
            | Rule::AnswerCadre
            | Rule::AnswerCoordination
            | Rule::AnswerAward
            | Rule::Reaction
            | Rule::Ruling => (5, Some(Unit::WorkDay)),
            Rule::ExtensionsExpress | Rule::ExtensionsJoint => (1, None),
            Rule::RecurDays => (30, None),
            Rule::LateForYellow | Rule::VisitTries => (3, None),
            Rule::YellowForRed | Rule::ReworksForCity | Rule::ExtensionsRoutine => (2, None),
            Rule::DecideReturnCity
            | Rule::DecideExtension
            | Rule::DecideAppeal
            | Rule::AskReturn
            | Rule::Contest => (1, Some(Unit::WorkDay)),
        };
        (*rule, Value { amount, unit })
    };
    let rules: BTreeMap<Rule, Value> = Rule::ALL.iter().map(rule).collect();
    Rules::try_from(rules).unwrap()
}

/// A whistle of the street or its community, without departments, at a stage.
pub(crate) fn case_at(kind: Kind, from_community: bool, stage: Stage, at: DateTime<Utc>) -> Case {
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
        rules: rules(),
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
        assignments: Vec::new(),
        checks: Vec::new(),
        ratings: Vec::new(),
        requests: Vec::new(),
        milestones: Vec::new(),
        suspension: None,
    }
}
