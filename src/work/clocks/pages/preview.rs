//! What a change would move, told before it is made.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::base::clock::day_of;
use crate::base::error::Result;
use crate::base::words;
use crate::org::access::{Permission, Visit};
use crate::org::calendar::{Calendar, Change, Standing};
use crate::work::clocks::model::{Effect, Moved, moves};
use crate::work::clocks::queries::moving::{self, Field};

/// Cases that a preview lists at most.
const SHOWN: usize = 20;
/// So many stand open; the others behind a fold, so that the button is in sight.
const OPEN: usize = 6;

/// One case that would move.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// What it is called.
    pub(super) title: String,
    /// Where it is; empty for somebody who does not see it.
    pub(super) href: String,
    /// Which of its limits, and how many more.
    pub(super) note: String,
    /// When it was due.
    pub(super) old: String,
    /// When it will be due.
    pub(super) new: String,
    /// Whether it would be late at once.
    pub(super) late: bool,
}

/// The whole preview, as the form of the change carries it.
#[derive(Clone, Debug, Default)]
pub(super) struct Preview {
    /// `11-30 改为休`.
    pub(super) heading: String,
    /// Why, and how the year changes.
    pub(super) reason: String,
    /// The cases, at most twenty.
    pub(super) rows: Vec<Row>,
    /// How many there are.
    pub(super) count: usize,
    /// `都是 17:30`, if they are.
    pub(super) clock: String,
    /// What does not move, in words.
    pub(super) unmoved: String,
    /// The days that would differ.
    pub(super) changed: BTreeSet<NaiveDate>,
    /// Where the form leads.
    pub(super) action: &'static str,
    /// What it carries.
    pub(super) hidden: Vec<(&'static str, String)>,
    /// The way back, and its words.
    pub(super) other: (String, &'static str),
}

impl Preview {
    /// The rows that stand open.
    pub(super) fn first_rows(&self) -> &[Row] {
        &self.rows[..self.rows.len().min(OPEN)]
    }

    /// The rows behind the fold.
    pub(super) fn more_rows(&self) -> &[Row] {
        &self.rows[self.rows.len().min(OPEN)..]
    }

    /// What a change of the standing calendar would do.
    pub(super) async fn of(
        visit: &mut Visit,
        standing: &Standing,
        after: &Calendar,
        (change, year): (&Change, i32),
    ) -> Result<Self> {
        let field = moving::field(&mut visit.tx, visit.me.tenant).await?;
        let now = visit.tx.now;
        let before = &standing.calendar;
        let moved = moves(before, after, now, &field.running);
        let effect = Effect::of(&moved);
        let sees = visit.me.kind.may(Permission::SeeWhistles);
        let clock = common_clock(&effect);
        let shown = effect.items.iter().take(SHOWN);
        let mut reason = format!("{}{}", change.weekday(), change.reason());
        if let (Ok(was), Ok(is)) = (before.year_length(year), after.year_length(year))
            && was != is
        {
            let reason_end = if reason.is_empty() { "" } else { "。" };
            let said = reason.trim_end_matches('，');
            reason = format!("{said}{reason_end}全年工作日 {was} 变 {is}");
        }
        Ok(Self {
            heading: heading(change),
            reason,
            rows: shown
                .map(|(m, more)| row(m, *more, (now, sees, clock.is_empty())))
                .collect(),
            count: effect.items.len(),
            clock,
            unmoved: unmoved(&field, &effect),
            changed: before.differing(after),
            action: "/calendar/edit",
            hidden: Vec::new(),
            other: ("/calendar/edit?what=days".to_owned(), "改别的日子"),
        })
    }
}

/// `改日历：11-30 改为休`; a year's notice says itself what it is.
fn heading(change: &Change) -> String {
    match change {
        Change::Days { .. } => format!("改日历：{}", change.words()),
        Change::Year { .. } | Change::Hours(_) | Change::NoHours { .. } | Change::Mode(_) => {
            change.words()
        }
    }
}

/// The hour at which all were and will be due, if it is one.
fn common_clock(effect: &Effect<'_>) -> String {
    let hour = |at: DateTime<Utc>| words::minute(at)[11..].to_owned();
    let due = |m: &Moved<'_>| [m.of.clock.due_at, m.due_at];
    let all = effect.items.iter().flat_map(|(m, _)| due(m)).flatten();
    let mut hours: Vec<String> = all.map(hour).collect();
    hours.dedup();
    match hours.as_slice() {
        [one] => one.clone(),
        _ => String::new(),
    }
}

fn row(
    moved: &Moved<'_>,
    more: usize,
    (now, sees, with_clock): (DateTime<Utc>, bool, bool),
) -> Row {
    let clock = &moved.of.clock;
    let of = moved.of;
    let (title, href) = match (sees, of.whistle, of.matter, of.exercise) {
        (true, Some(id), ..) => (of.title.clone(), format!("/whistles/{id}")),
        (true, None, Some(id), _) => (of.title.clone(), format!("/matters/{id}")),
        (true, None, None, Some(id)) => (of.title.clone(), format!("/powers/{id}")),
        (false, Some(_), ..) => ("哨单".to_owned(), String::new()),
        (false, None, _, Some(_)) => ("行权记录".to_owned(), String::new()),
        (false, None, _, None) | (true, None, None, None) => ("事项".to_owned(), String::new()),
    };
    let note = match more {
        0 => clock.stage.label().to_owned(),
        n => format!("{}等 {} 个时限", clock.stage.label(), n + 1),
    };
    let written = |at: Option<DateTime<Utc>>| {
        at.map_or("算不出来".to_owned(), |at| {
            due_words(at, now, with_clock)
        })
    };
    let same_day = clock.due_at.map(day_of) == moved.due_at.map(day_of);
    let new = match moved.due_at {
        Some(at) if with_clock && same_day => words::minute(at)[11..].to_owned(),
        at => written(at),
    };
    Row {
        title,
        href,
        note,
        old: written(clock.due_at),
        new,
        late: moved.due_at.is_some_and(|due| due < now),
    }
}

/// `11-30`, `11-30 12:00`, `2027-01-05`.
fn due_words(at: DateTime<Utc>, now: DateTime<Utc>, with_clock: bool) -> String {
    let whole = words::minute(at);
    let begins = if day_of(at).year() == day_of(now).year() {
        5
    } else {
        0
    };
    let ends = if with_clock { whole.len() } else { 10 };
    whole[begins..ends].to_owned()
}

fn unmoved(field: &Field, effect: &Effect<'_>) -> String {
    let moved = effect.moved_items();
    let still = field.open.iter().filter(|o| !moved.contains(&o.item));
    let (mut late, mut paused, mut other) = (0, 0, 0);
    for open in still {
        match (open.late, open.paused) {
            (true, _) => late += 1,
            (false, true) => paused += 1,
            (false, false) => other += 1,
        }
    }
    let closed = field.closed;
    format!(
        "不变：已超期 {late} 件，挂账 {paused} 件，其他在办 {other} 件，已办结哨单 {closed} 件。"
    )
}
