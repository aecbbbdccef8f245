//! The verbs of clocks: start, stop, stand still, run on, add time. A clock that stops after its
//! due time is breached in the same transaction, so that no way out of a stage hides lateness.

pub(super) mod changing;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::{Clock, Given, Rules, Stage, shortened};
use super::queries::clocks::{self as queries, Of};
use super::queries::limits;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::org::TenantId;
use crate::org::calendar::{self, Calendar, Limit, Unit};
use crate::work::whistles::Kind;

/// How many breaches one sweep writes at most; the next goes on.
const SWEPT: i64 = 500;

/// The limits of a whistle as it sounds: their version, and what each stage is given.
#[derive(Clone, Debug)]
pub struct Limits {
    version: Uuid,
    given: Vec<Given>,
    calendar: Calendar,
}

impl Limits {
    /// The version, which the whistle keeps.
    pub fn version(&self) -> Uuid {
        self.version
    }

    /// What a stage is given.
    pub fn of(&self, stage: Stage) -> Option<Given> {
        self.given.iter().copied().find(|g| g.stage == stage)
    }

    /// When a stage that begins at `start` would be due.
    pub fn due(&self, stage: Stage, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let given = self.of(stage)?;
        Some(self.calendar.due(start, given.limit, &[]).ok()?.at)
    }
}

/// The limits of a whistle: of the version that a sounded one keeps, else of today's.
pub async fn limits_of(
    tx: &mut Tx,
    tenant: TenantId,
    (whistle, kind, version): (Uuid, Kind, Option<Uuid>),
) -> Result<Limits> {
    let (now, today) = (tx.now, tx.today());
    let held = limits::of_whistle(tx, tenant, (whistle, kind, version), today).await?;
    let held = held.ok_or_else(|| anyhow::anyhow!("no version of limits holds today"))?;
    let first_word = held.of_kind.iter().find(|l| l.0 == Stage::FirstFeedback);
    let first_word = first_word.map(|l| l.1);
    let given = held.of_kind.into_iter().map(|(stage, limit)| {
        let (limit, from_class) = if stage == Stage::Close {
            let of_kind = (limit, first_word);
            shortened(&held.calendar, kind, now, of_kind, held.of_class)
        } else {
            (limit, false)
        };
        Given {
            stage,
            limit,
            from_class,
        }
    });
    let given = given.collect();
    Ok(Limits {
        version: held.version,
        given,
        calendar: held.calendar,
    })
}

/// The rules of a whistle: of the version it sounded under; of today's, if it has not, or if none
/// is meant.
pub async fn rules(tx: &mut Tx, tenant: TenantId, whistle: Option<Uuid>) -> Result<Rules> {
    let today = tx.today();
    let rules = limits::rules(tx, tenant, whistle, today).await?;
    rules.ok_or_else(|| anyhow::anyhow!("no version of limits holds today").into())
}

/// A clock that begins now; its due time is still to be set.
fn begun(start: DateTime<Utc>, given: Given) -> Clock {
    Clock {
        id: uuid_at(start),
        assignment_id: None,
        about: None,
        exempt: false,
        stage: given.stage,
        amount: given.limit.amount(),
        unit: given.limit.unit(),
        extra: 0,
        from_class: given.from_class,
        started_at: start,
        due_at: None,
        soon_at: None,
        paused_at: None,
        stopped_at: None,
        breached_at: None,
        pauses: Vec::new(),
    }
}

/// A clock that begins now and is due when its limit is over.
fn clock(calendar: &Calendar, start: DateTime<Utc>, given: Given) -> Clock {
    let mut clock = begun(start, given);
    set_due(&mut clock, calendar);
    clock
}

/// The due time by the calendar; unknown while the calendar does not reach that far.
fn set_due(clock: &mut Clock, calendar: &Calendar) {
    let due = clock.due(calendar).ok();
    clock.due_at = due.as_ref().map(|due| due.at);
    clock.soon_at = due.map(|due| due.soon_at);
}

/// Starts the clocks of these stages now, as the limits give them.
pub async fn start(
    tx: &mut Tx,
    tenant: TenantId,
    of: Of,
    limits: &Limits,
    stages: &[Stage],
) -> Result<()> {
    let now = tx.now;
    let given = stages.iter().filter_map(|stage| limits.of(*stage));
    let clocks: Vec<Clock> = given
        .map(|given| clock(&limits.calendar, now, given))
        .collect();
    queries::start(tx, tenant, of, None, &clocks).await
}

/// Starts one clock with a limit of its own, about something (a request, a supervision).
pub async fn start_one(
    tx: &mut Tx,
    tenant: TenantId,
    of: Of,
    about: Option<Uuid>,
    (stage, limit): (Stage, Limit),
) -> Result<()> {
    let now = tx.now;
    let calendar = calendar::load(tx, tenant).await?;
    let given = Given {
        stage,
        limit,
        from_class: false,
    };
    queries::start(tx, tenant, of, about, &[clock(&calendar, now, given)]).await
}

/// Starts a clock that is due at a given moment: a day to which something was put aside, a time
/// that was agreed, maybe about one thing of several.
pub async fn start_until(
    tx: &mut Tx,
    tenant: TenantId,
    of: Of,
    about: Option<Uuid>,
    (stage, until): (Stage, DateTime<Utc>),
) -> Result<()> {
    let now = tx.now;
    let hours = (until - now).num_hours().clamp(1, Unit::NaturalHour.most());
    let limit = Limit::new(hours, Unit::NaturalHour)
        .map_err(|refused| anyhow::anyhow!("a limit of hours: {refused}"))?;
    let given = Given {
        stage,
        limit,
        from_class: false,
    };
    let clock = Clock {
        due_at: Some(until),
        soon_at: Some(now + (until - now) * 2 / 3),
        ..begun(now, given)
    };
    queries::start(tx, tenant, of, about, &[clock]).await
}

/// The promise made to the resident: the limit of the class.
pub async fn promise(tx: &mut Tx, tenant: TenantId, matter: Uuid, class: &str) -> Result<()> {
    let today = tx.today();
    let limit = limits::of_class(tx, tenant, class, today).await?;
    let Some(limit) = limit else { return Ok(()) };
    start_one(
        tx,
        tenant,
        Of::Matter(matter),
        None,
        (Stage::Promise, limit),
    )
    .await
}

/// Stops the clocks of these stages of an item; if none is named, all of them but a decision's,
/// which ends with its request. What is over is breached first.
pub async fn stop(
    tx: &mut Tx,
    tenant: TenantId,
    of: Of,
    stages: &[Stage],
    reason: &str,
) -> Result<()> {
    let is_whole = of.assignment().is_none() && !stages.is_empty();
    let mut stopped = Vec::new();
    for clock in not_stopped(tx, tenant, of).await? {
        let named = if stages.is_empty() {
            clock.stage != Stage::Decide
        } else {
            stages.contains(&clock.stage)
        };
        if !named || (is_whole && clock.assignment_id.is_some()) {
            continue;
        }
        stopped.push(clock.id);
        if let Some(since) = clock.paused_at {
            let calendar = calendar::load(tx, tenant).await?;
            runs_from(tx, tenant, &calendar, (clock, since), reason).await?;
        }
    }
    queries::stop(tx, tenant, &stopped, reason).await
}

/// The clocks of an item that have not stopped. What is over is breached first.
async fn not_stopped(tx: &mut Tx, tenant: TenantId, of: Of) -> Result<Vec<Clock>> {
    let clocks = queries::of(tx, tenant, of, false).await?;
    if clocks.iter().any(|clock| clock.is_passed(&tx.now)) {
        find_breaches(tx, tenant, Some(of)).await?;
    }
    Ok(clocks)
}

/// A clock runs on from where it stood since an instant; the time since then does not count, and its
/// due time moves with it, also if it is stopped right after: what was done meanwhile was not late.
async fn runs_from(
    tx: &mut Tx,
    tenant: TenantId,
    calendar: &Calendar,
    (mut clock, since): (Clock, DateTime<Utc>),
    reason: &str,
) -> Result<()> {
    let now = tx.now;
    queries::add_pause(tx, tenant, clock.id, (since, now), reason).await?;
    clock.pauses.push(calendar::Pause {
        from: since,
        to: Some(now),
    });
    if clock.unit.is_working() {
        set_due(&mut clock, calendar);
    } else {
        clock.stood(since, now);
    }
    queries::run(tx, tenant, &clock).await
}

/// Stops the clocks about one thing (a request, a supervision). What is over is breached first.
pub async fn stop_about(
    tx: &mut Tx,
    tenant: TenantId,
    of: Of,
    about: Uuid,
    reason: &str,
) -> Result<()> {
    find_breaches(tx, tenant, Some(of)).await?;
    queries::stop_about(tx, tenant, about, reason).await
}

/// A stopped clock of an assignment runs on: the time since it stopped does not count (返工).
pub async fn run_on(
    tx: &mut Tx,
    tenant: TenantId,
    of: Of,
    stage: Stage,
    reason: &str,
) -> Result<()> {
    let clocks = queries::of(tx, tenant, of, true).await?;
    let last = clocks.into_iter().rev().find(|c| c.stage == stage);
    let stopped = last.and_then(|clock| clock.stopped_at.map(|at| (clock, at)));
    let Some(stopped) = stopped else {
        return Ok(());
    };
    let calendar = calendar::load(tx, tenant).await?;
    runs_from(tx, tenant, &calendar, stopped, reason).await
}

/// A stopped clock runs as if it had never stopped: the promise of a matter that was merged and
/// is taken apart again.
pub async fn go_on(tx: &mut Tx, tenant: TenantId, of: Of, stage: Stage) -> Result<()> {
    let clocks = queries::of(tx, tenant, of, true).await?;
    let last = clocks.into_iter().rev().find(|c| c.stage == stage);
    match last {
        Some(clock) if clock.stopped_at.is_some() => queries::run(tx, tenant, &clock).await,
        Some(_) | None => Ok(()),
    }
}

/// Stands every running clock of an assignment still (挂账).
pub async fn pause(tx: &mut Tx, tenant: TenantId, of: Of) -> Result<()> {
    for clock in not_stopped(tx, tenant, of).await? {
        if clock.stage != Stage::Suspension && clock.is_running() {
            queries::pause(tx, tenant, clock.id).await?;
        }
    }
    Ok(())
}

/// Every clock that stood still runs on; the time since then does not count.
pub async fn resume(tx: &mut Tx, tenant: TenantId, of: Of, reason: &str) -> Result<()> {
    let calendar = calendar::load(tx, tenant).await?;
    for clock in queries::of(tx, tenant, of, false).await? {
        if let Some(since) = clock.paused_at {
            runs_from(tx, tenant, &calendar, (clock, since), reason).await?;
        }
    }
    Ok(())
}

/// Adds time to a running clock, in its own unit; answers the new due time.
pub async fn extend(
    tx: &mut Tx,
    tenant: TenantId,
    of: Of,
    stage: Stage,
    more: i32,
) -> Result<Option<DateTime<Utc>>> {
    let calendar = calendar::load(tx, tenant).await?;
    let clocks = queries::of(tx, tenant, of, false).await?;
    let Some(mut clock) = clocks.into_iter().find(|c| c.stage == stage) else {
        return Ok(None);
    };
    clock.extra += more;
    set_due(&mut clock, &calendar);
    queries::run(tx, tenant, &clock).await?;
    Ok(clock.due_at)
}

/// All clocks of an item.
pub async fn all(tx: &mut Tx, tenant: TenantId, of: Of) -> Result<Vec<Clock>> {
    queries::of(tx, tenant, of, true).await
}

/// Writes the breaches that are due, each once, the earliest first; answers how many.
pub async fn find_breaches(tx: &mut Tx, tenant: TenantId, of: Option<Of>) -> Result<usize> {
    let passed = queries::passed(tx, tenant, of, SWEPT).await?;
    for one in &passed {
        let limit = Limit::new(i64::from(one.amount), one.unit).ok();
        // What was agreed has no limit to tell.
        let limit = limit.filter(|_| !one.is_agreed);
        let sentence = one.stage.passed(limit, one.due_at);
        queries::breach(tx, tenant, one, &sentence).await?;
    }
    Ok(passed.len())
}
