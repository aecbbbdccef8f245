//! The clocks that follow from the sample's story: computed by the program's own function from
//! what happened when, so that lamps, breaches and explanations are those it would have had.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::timing_queries::{self as queries, ClockRow, Facts, Part, Whistle};
use crate::base::id::uuid_at;
use crate::org::calendar::{Calendar, Limit, Pause, Unit};
use crate::work::clocks::Stage;
use crate::work::whistles::{AssignmentStage, Kind, Stage as WhistleStage};

/// When something was stopped, and by what.
type End = Option<(DateTime<Utc>, &'static str)>;

/// Computes and writes the clocks of everything that the story tells.
pub(super) async fn wind(
    db: &mut PgConnection,
    tenant: Uuid,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let first = queries::first_version(db, tenant).await?;
    let version = uuid_at(now);
    queries::own_limits(db, (tenant, first, version), now).await?;
    let facts = queries::facts(db, tenant, version).await?;
    let mut rows = Vec::new();
    for whistle in &facts.whistles {
        of_whistle(&facts, whistle, &mut rows);
        for part in &whistle.parts {
            of_part(&facts, whistle, part, &mut rows);
        }
    }
    for matter in &facts.matters {
        let class = facts
            .classes
            .iter()
            .find(|(code, ..)| *code == matter.class);
        let limit = class.and_then(|(_, amount, unit)| Limit::new(*amount, *unit).ok());
        let Some(limit) = limit else { continue };
        let end = matter.ended_at.map(|at| (at, "解决"));
        let row = row(
            &facts.calendar,
            (Stage::Promise, limit),
            (matter.filed_at, end),
            &[],
        );
        rows.push(ClockRow {
            matter_id: Some(matter.id),
            ..row
        });
    }
    for visit in &facts.visits {
        let Some(limit) = limit(&facts, visit.kind, Stage::Visit) else {
            continue;
        };
        let end = visit.ended_at.map(|at| (at, "回访"));
        let row = row(
            &facts.calendar,
            (Stage::Visit, limit),
            (visit.asked_at, end),
            &[],
        );
        rows.push(ClockRow {
            matter_id: Some(visit.matter),
            ..row
        });
    }
    queries::put_under(db, tenant, facts.version).await?;
    insert(db, tenant, rows, now).await
}

/// Writes clocks, with the breaches of those that were passed.
pub(super) async fn insert(
    db: &mut PgConnection,
    tenant: Uuid,
    mut rows: Vec<ClockRow>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    for row in &mut rows {
        let limit = Limit::new(i64::from(row.amount), row.unit).ok();
        let late = row
            .due_at
            .filter(|due| *due < row.stopped_at.unwrap_or(now));
        let limit = limit.filter(|_| !row.agreed);
        row.passed = late.map(|due| row.stage.passed(limit, due));
    }
    queries::insert_clocks(db, tenant, &rows, now).await
}

fn limit(facts: &Facts, kind: Kind, stage: Stage) -> Option<Limit> {
    let found = facts.limits.iter().find(|l| l.0 == kind && l.1 == stage)?;
    Limit::new(found.2, found.3).ok()
}

/// A clock from when it started until something stopped it, by the calendar.
pub(super) fn row(
    calendar: &Calendar,
    (stage, limit): (Stage, Limit),
    (start, end): (DateTime<Utc>, End),
    pauses: &[(DateTime<Utc>, DateTime<Utc>)],
) -> ClockRow {
    let stood: Vec<Pause> = pauses
        .iter()
        .map(|(from, to)| Pause {
            from: *from,
            to: Some(*to),
        })
        .collect();
    let due = calendar.due(start, limit, &stood).ok();
    ClockRow {
        id: uuid_at(start),
        matter_id: None,
        whistle_id: None,
        assignment_id: None,
        exercise_id: None,
        about: None,
        stage,
        amount: limit.amount(),
        unit: limit.unit(),
        from_class: false,
        agreed: false,
        started_at: start,
        due_at: due.as_ref().map(|d| d.at),
        soon_at: due.map(|d| d.soon_at),
        stopped_at: end.map(|e| e.0.max(start)),
        stop_reason: end.map(|e| e.1.to_owned()),
        passed: None,
        pauses: pauses.to_vec(),
    }
}

/// The clocks of the whole whistle: approval, verification, checks, rating, closing.
fn of_whistle(facts: &Facts, w: &Whistle, rows: &mut Vec<ClockRow>) {
    let ended = w.ended_at.map(|at| (at, "办结"));
    let mut add = |stage, start: DateTime<Utc>, end: End| {
        if let Some(limit) = limit(facts, w.kind, stage) {
            let row = row(&facts.calendar, (stage, limit), (start, end.or(ended)), &[]);
            rows.push(ClockRow {
                whistle_id: Some(w.id),
                ..row
            });
        }
    };
    if w.sounded_at.is_none() && w.ended_at.is_none() {
        add(Stage::Approve, w.waiting_since, None);
    } else if w.kind.approver().is_some() {
        let sounded = w.sounded_at.map(|at| (at, "吹响"));
        add(Stage::Approve, w.drafted_at, sounded);
    }
    let Some(sounded) = w.sounded_at else { return };
    if w.kind == Kind::Emergency {
        add(
            Stage::Verify,
            sounded,
            w.verified_at.map(|at| (at, "事后核实")),
        );
    }
    let fed_back_before = |at: DateTime<Utc>| {
        let all = w.parts.iter().flat_map(|p| &p.feedbacks);
        all.filter(|f| **f <= at).max().copied().unwrap_or(sounded)
    };
    for (at, _) in &w.checks {
        add(Stage::Check, fed_back_before(*at), Some((*at, "核查")));
    }
    if w.stage == WhistleStage::Checking {
        add(Stage::Check, w.waiting_since, None);
    }
    let passed = w.checks.iter().rev().find(|c| c.1).map(|c| c.0);
    let (Some(passed), false) = (passed, w.stage <= WhistleStage::Checking) else {
        return;
    };
    let is_rated = w.stage > WhistleStage::Rating;
    let rated = w.rated_at.filter(|_| is_rated).map(|at| (at, "评价"));
    add(Stage::Rating, passed, rated);
    if let Some((rated, _)) = rated {
        add(Stage::Conclude, rated, None);
    }
}

/// The clocks of one department.
fn of_part(facts: &Facts, w: &Whistle, part: &Part, rows: &mut Vec<ClockRow>) {
    let Some(sent) = part.sent_at else { return };
    let over = match part.stage {
        AssignmentStage::Uncooperative => Some((part.waiting_since, "未配合")),
        AssignmentStage::Withdrawn => Some((part.waiting_since, "撤哨")),
        AssignmentStage::Relieved => Some((part.waiting_since, "改派")),
        AssignmentStage::Planned
        | AssignmentStage::Sent
        | AssignmentStage::Signed
        | AssignmentStage::Reported
        | AssignmentStage::FedBack
        | AssignmentStage::Passed => None,
    };
    let pauses: Vec<_> = part
        .feedbacks
        .iter()
        .zip(&part.reworks)
        .map(|(fed_back, rework)| (*fed_back, *rework))
        .collect();
    let last = part.feedbacks.last().copied();
    let closed = last.filter(|_| part.feedbacks.len() > part.reworks.len());
    let stops = [
        (Stage::Sign, part.signed_at, "签收"),
        (Stage::Report, part.reported_at, "报到"),
        (Stage::FirstFeedback, part.first_word, "处置"),
        (Stage::Close, closed, "反馈"),
    ];
    for (stage, at, reason) in stops {
        let Some(of_kind) = limit(facts, w.kind, stage) else {
            continue;
        };
        let end = at.map(|at| (at, reason)).or(over);
        let stood: &[_] = if stage == Stage::Close { &pauses } else { &[] };
        let class = w.class.as_ref().filter(|_| stage == Stage::Close);
        let (limit, from_class) = shortened(facts, w.kind, sent, of_kind, class);
        // Of a joint enforcement the first word is asked for once its department has reported in.
        let waits = stage == Stage::FirstFeedback && w.kind == Kind::JointEnforcement;
        let start = if waits { part.reported_at } else { Some(sent) };
        let Some(start) = start else { continue };
        let meeting = w.meets_at.filter(|at| stage == Stage::Report && *at > sent);
        let row = match meeting {
            Some(at) => met(facts, at, (sent, end), limit),
            None => row(&facts.calendar, (stage, limit), (start, end), stood),
        };
        rows.push(ClockRow {
            whistle_id: Some(w.id),
            assignment_id: Some(part.id),
            from_class,
            ..row
        });
    }
}

/// The clock of a report that is due at a meeting, as [`crate::work::clocks::start_until`] starts it.
fn met(
    facts: &Facts,
    at: DateTime<Utc>,
    (sent, end): (DateTime<Utc>, End),
    plain: Limit,
) -> ClockRow {
    let hours = (at - sent).num_hours().max(1);
    let limit = Limit::new(hours, Unit::NaturalHour).unwrap_or(plain);
    ClockRow {
        agreed: true,
        due_at: Some(at),
        soon_at: Some(sent + (at - sent) * 2 / 3),
        ..row(&facts.calendar, (Stage::Report, limit), (sent, end), &[])
    }
}

fn shortened(
    facts: &Facts,
    kind: Kind,
    sent: DateTime<Utc>,
    of_kind: Limit,
    class: Option<&String>,
) -> (Limit, bool) {
    let found = facts.classes.iter().find(|(code, ..)| Some(code) == class);
    let of_class = found.and_then(|(_, amount, unit)| Limit::new(*amount, *unit).ok());
    let both = (of_kind, limit(facts, kind, Stage::FirstFeedback));
    crate::work::clocks::shortened(&facts.calendar, kind, sent, both, of_class)
}
