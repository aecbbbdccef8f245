//! The sample's supervision: what the rules would have brought for the clocks that are short or
//! over now, each at the office's next opening after it was due. The city's letters run for their
//! answer; those whose time is over are answered, but for one, which brings a yellow card; so do
//! three late assignments of a department in this month.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::supervising_queries::{self as queries, Late, Passed, ReplyRow, SupervisionRow};
use super::timing;
use super::timing_queries::ClockRow;
use super::town::Town;
use crate::base::clock::day_of;
use crate::base::id::uuid_at;
use crate::org::TenantId;
use crate::org::calendar::{self, Calendar, Limit, Unit};
use crate::work::clocks::Stage;
use crate::work::supervision::{Level, month};

/// Late assignments in a month that bring a yellow card.
const LATE_FOR_YELLOW: usize = 3;
/// Working days in which it answers the city's letter, by the same.
const REPLY_DAYS: i64 = 3;

/// What departments answer, in turn.
const ANSWERS: [&str; 3] = [
    "已安排施工队明日进场，三日内办结，过程每日报街道。",
    "主要负责人已到现场，今日派专人跟办，办结后当天反馈。",
    "原因是人手不足，已从别的片区抽调两人，本周内办完。",
];

/// Everything that supervision has done so far.
#[derive(Debug, Default)]
pub(super) struct Supervision {
    /// In the order in which they were issued.
    pub(super) papers: Vec<SupervisionRow>,
    pub(super) replies: Vec<ReplyRow>,
}

/// Computes and writes it.
pub(super) async fn supervise(
    db: &mut PgConnection,
    (tenant, town): (Uuid, &Town),
    now: DateTime<Utc>,
) -> Result<Supervision, sqlx::Error> {
    let broken = |error| sqlx::Error::Protocol(format!("{error:?}"));
    let calendar = calendar::all(db, TenantId(tenant)).await.map_err(broken)?;
    let late = queries::late(db, tenant, now).await?;
    let passed = queries::passed(db, tenant, now).await?;
    let mut done = Supervision {
        papers: late
            .iter()
            .flat_map(|one| papers(one, &calendar, now))
            .collect(),
        replies: Vec::new(),
    };
    let carded = often_late(&passed, &calendar, now);
    done.papers.sort_by_key(|paper| paper.at);
    let clocks = done.ask_for_answers((&carded, town), &calendar, now)?;
    done.papers.extend(carded);
    done.papers.sort_by_key(|paper| paper.at);
    timing::insert(db, tenant, clocks, now).await?;
    queries::insert(db, tenant, &done.papers).await?;
    queries::answer(db, tenant, &done.replies).await?;
    Ok(done)
}

impl Supervision {
    /// The clock of each letter. One that is late, of a department that has no card yet, stays
    /// without answer; the others that are late by now were answered the next day.
    fn ask_for_answers(
        &mut self,
        (carded, town): (&[SupervisionRow], &Town),
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Result<Vec<ClockRow>, sqlx::Error> {
        let limit = Limit::new(REPLY_DAYS, Unit::WorkDay)
            .map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
        let letters = self.papers.iter().filter(|p| p.level == Level::City);
        let mut letters: Vec<(&SupervisionRow, ClockRow)> = letters
            .map(|letter| {
                let clock = ClockRow {
                    whistle_id: Some(letter.whistle_id),
                    assignment_id: letter.assignment_id,
                    about: Some(letter.id),
                    ..timing::row(calendar, (Stage::Reply, limit), (letter.at, None), &[])
                };
                (letter, clock)
            })
            .collect();
        let silent = silent(&letters, (carded, town), calendar, now);
        for (at, (letter, clock)) in letters.iter_mut().enumerate() {
            let is_over = clock.due_at.is_some_and(|due| due < now);
            // The first was answered in any case, so that an answer can be seen.
            if silent.as_ref().map(|s| s.0) != Some(at) && (is_over || at == 0) {
                let reply = reply(letter, self.replies.len(), calendar, now);
                clock.stopped_at = Some(reply.at);
                clock.stop_reason = Some("回复督办".to_owned());
                self.replies.push(reply);
            }
        }
        let clocks = letters.into_iter().map(|(_, clock)| clock).collect();
        self.papers.extend(silent.map(|(_, card)| card));
        Ok(clocks)
    }
}

/// Which letter stays without answer, and the card that it brings when the office opens next:
/// rather one of a department without a leader in charge, so that this lack can be seen too.
fn silent(
    letters: &[(&SupervisionRow, ClockRow)],
    (carded, town): (&[SupervisionRow], &Town),
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Option<(usize, SupervisionRow)> {
    let late = letters.iter().enumerate().skip(1);
    let late = late.filter_map(|(at, (letter, clock))| {
        let opens = calendar.opening(clock.due_at?).ok()?;
        let has_card = |card: &SupervisionRow| card.department_id == letter.department_id;
        if opens >= now || carded.iter().any(has_card) {
            return None;
        }
        let reason = format!("{}没有在期限内回复督办函。", letter.seat);
        let card = SupervisionRow {
            clock_id: Some(clock.id),
            ..card(letter, opens, reason)
        };
        Some((at, card))
    });
    late.min_by_key(|(_, card)| {
        let leader = card.department_id.and_then(|d| town.leader_of(d));
        leader.is_some()
    })
}

/// The answer of the next working day; sooner, if the letter is younger.
fn reply(
    letter: &SupervisionRow,
    count: usize,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> ReplyRow {
    let next = letter.at + TimeDelta::days(1);
    let opens = calendar.opening(next).unwrap_or(next) + TimeDelta::minutes(50);
    let at = if opens < now {
        opens
    } else {
        letter.at + (now - letter.at) / 2
    };
    ReplyRow {
        id: uuid_at(at),
        supervision_id: letter.id,
        at,
        words: ANSWERS[count % ANSWERS.len()],
    }
}

/// The cards of this month: a department's third late assignment, when the office opened next.
fn often_late(passed: &[Passed], calendar: &Calendar, now: DateTime<Utc>) -> Vec<SupervisionRow> {
    let mut late: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    let mut cards: Vec<SupervisionRow> = Vec::new();
    for one in passed {
        let of = late.entry(one.department_id).or_default();
        let period = month(day_of(now));
        if !of.insert(one.assignment_id) || of.len() != LATE_FOR_YELLOW {
            continue;
        }
        let Some(at) = calendar.opening(one.due_at).ok().filter(|at| *at < now) else {
            continue;
        };
        let reason = format!("{}本月 {LATE_FOR_YELLOW} 件任务超期。", one.seat);
        let of = SupervisionRow {
            id: uuid_at(at),
            whistle_id: one.whistle_id,
            assignment_id: None,
            department_id: Some(one.department_id),
            seat: one.seat.clone(),
            level: Level::Yellow,
            stage: None,
            clock_id: None,
            period: Some(period),
            at,
            verb: Level::Yellow.verb().code(),
            sentence: Level::Yellow.sentence(&reason),
            reason,
        };
        cards.push(of);
    }
    cards
}

/// A yellow card for what a paper was about. Its id is of its own instant: lists go by ids.
fn card(of: &SupervisionRow, at: DateTime<Utc>, reason: String) -> SupervisionRow {
    SupervisionRow {
        id: uuid_at(at),
        assignment_id: None,
        level: Level::Yellow,
        stage: None,
        clock_id: None,
        at,
        verb: Level::Yellow.verb().code(),
        sentence: Level::Yellow.sentence(&reason),
        reason,
        ..of.clone()
    }
}

/// The papers of one clock, in order.
fn papers(one: &Late, calendar: &Calendar, now: DateTime<Utc>) -> Vec<SupervisionRow> {
    let (Some(due), Some(soon)) = (one.clock.due_at, one.clock.soon_at) else {
        return Vec::new();
    };
    let half = due + (due - one.clock.started_at) / 2;
    let times = [
        (Level::Urge, soon),
        (Level::Street, due),
        (Level::City, half),
    ];
    let of_department = one.department_id.is_some();
    let times = times
        .into_iter()
        .filter(|(level, _)| of_department || *level != Level::City);
    let issued = times.filter_map(|(level, from)| {
        let at = if one.urgent {
            from
        } else {
            calendar.opening(from).ok()?
        };
        (at < now).then(|| row(one, level, at, calendar))
    });
    issued.collect()
}

fn row(one: &Late, level: Level, at: DateTime<Utc>, calendar: &Calendar) -> SupervisionRow {
    let left = match one.clock.due_at {
        Some(due) => calendar.left(one.clock.unit, at + TimeDelta::minutes(1), due),
        None => String::new(),
    };
    let reason = format!("{}{}{left}。", one.seat, one.clock.stage.label());
    SupervisionRow {
        id: uuid_at(at),
        whistle_id: one.whistle_id,
        assignment_id: one.clock.assignment_id,
        department_id: one.department_id,
        seat: one.seat.clone(),
        level,
        stage: Some(one.clock.stage),
        clock_id: Some(one.clock.id),
        period: None,
        at,
        verb: level.verb().code(),
        sentence: level.sentence(&reason),
        reason,
    }
}
