//! The life of a period: preview, shown to the departments (公示), frozen (封存).

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Period, Scheme};
use crate::base::clock::{day_of, midnight};
use crate::base::error::{Error, Result};
use crate::base::words;
use crate::coded;
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::org::calendar::{Calendar, Due, Limit, NoDue, Unit};

coded! {
    /// How far a period has come; before that it is a preview.
    Stage as "assessment_stage" {
        /// The departments see their own, and may object.
        Shown = "shown" "公示中",
        /// Over.
        Frozen = "frozen" "已封存",
    }
}

/// A period that was shown, as its row says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// The row.
    pub id: Uuid,
    /// Which period.
    pub period: Period,
    /// Its scheme.
    pub scheme_id: Uuid,
    /// Shown or frozen.
    pub stage: Stage,
    /// Counted up with each act.
    pub version: i32,
    /// Facts recorded later do not count.
    pub locked_at: DateTime<Utc>,
    /// When the departments first saw it.
    pub shown_at: DateTime<Utc>,
    /// Until when they may object.
    pub objections_until: DateTime<Utc>,
    /// When it was frozen.
    pub frozen_at: Option<DateTime<Utc>>,
    /// The digest of what was frozen.
    pub digest: Option<String>,
    /// How many objections were made.
    pub objections: i64,
    /// How many of them are not decided.
    pub open_objections: i64,
}

/// When the office closes on the n-th working day after a day.
fn working_days_after(
    calendar: &Calendar,
    at: DateTime<Utc>,
    days: i16,
) -> Result<DateTime<Utc>, NoDue> {
    let limit = Limit::new(days.into(), Unit::WorkDay)?;
    Ok(calendar.due(at, limit, &[])?.at)
}

/// When the facts of a period are locked: so many working days after its last day.
pub fn locks_at(
    calendar: &Calendar,
    scheme: &Scheme,
    period: Period,
) -> Result<DateTime<Utc>, NoDue> {
    let end = midnight(period.after()) - Duration::minutes(1);
    working_days_after(calendar, end, scheme.locked_days)
}

/// Until when departments may object to what is shown now.
pub fn objections_until(
    calendar: &Calendar,
    scheme: &Scheme,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, NoDue> {
    working_days_after(calendar, now, scheme.window_days)
}

/// Until when a panel votes that is called now: as long as the window is.
pub(crate) fn objection_time(
    calendar: &Calendar,
    scheme: &Scheme,
    now: DateTime<Utc>,
) -> Result<Due, NoDue> {
    let limit = Limit::new(scheme.window_days.into(), Unit::WorkDay)?;
    calendar.due(now, limit, &[])
}

fn refused<T>(sentence: impl Into<String>) -> Result<T> {
    Err(Error::Refused(sentence.into()))
}

/// Why a period cannot be shown now; else until when facts counted.
pub(crate) fn may_be_shown(
    period: Period,
    life: Option<&Life>,
    locked: Result<DateTime<Utc>, NoDue>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>> {
    if !period.is_published() {
        return refused("月份只供参考，不公示也不封存。请打开季度或年度。");
    }
    if let Some(life) = life {
        return refused(match life.stage {
            Stage::Shown => format!("{}已在公示，不用再公示。", period.title()),
            Stage::Frozen => format!("{}已封存，不能再公示。", period.title()),
        });
    }
    let today = day_of(now);
    if !period.has_ended(today) {
        let last = words::day(period.last());
        return refused(format!(
            "{}到 {last} 才结束，结束后再公示。",
            period.title()
        ));
    }
    let locked = locked.or_else(|why| refused(why.to_string()))?;
    if now < locked {
        let at = words::minute(locked);
        return refused(format!("各项事实记录到 {at} 为止，过后再公示。"));
    }
    Ok(locked)
}

/// Why a period cannot be frozen now.
pub(crate) fn may_be_frozen(
    period: Period,
    life: Option<&Life>,
    now: DateTime<Utc>,
) -> Result<&Life> {
    let Some(life) = life else {
        return refused(format!("{}还没有公示，公示期满后再封存。", period.title()));
    };
    match life.stage {
        Stage::Frozen => {
            let at = life.frozen_at.map(words::minute).unwrap_or_default();
            refused(format!(
                "{}已于 {at} 封存，不能再封存一次。",
                period.title()
            ))
        }
        Stage::Shown if now < life.objections_until => {
            let at = words::minute(life.objections_until);
            refused(format!("公示期到 {at} 为止，期满后再封存。"))
        }
        Stage::Shown if life.open_objections > 0 => refused(format!(
            "还有 {} 件申诉没有结果，都有结果后再封存。",
            life.open_objections
        )),
        Stage::Shown => Ok(life),
    }
}

/// How much of a period a post sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// City and streets: everything.
    All,
    /// A department while its score is shown: its own, without a place.
    Own(DepartmentId),
    /// A department after the freeze: its own, and where everybody stands.
    OwnAndRanking(DepartmentId),
    /// A department before its score is shown.
    Nothing,
}

impl Sight {
    /// What this viewer sees at this stage.
    pub(crate) fn of(me: &Viewer, life: Option<&Life>) -> Self {
        match (me.department(), life.map(|l| l.stage)) {
            (None, _) => Self::All,
            (Some(_), None) => Self::Nothing,
            (Some(own), Some(Stage::Shown)) => Self::Own(own),
            (Some(own), Some(Stage::Frozen)) => Self::OwnAndRanking(own),
        }
    }

    /// Whether the score of a department may be opened.
    pub(crate) fn opens(self, department: DepartmentId) -> bool {
        match self {
            Self::All => true,
            Self::Own(own) | Self::OwnAndRanking(own) => own == department,
            Self::Nothing => false,
        }
    }

    /// Whether places are shown.
    pub(crate) fn ranks(self) -> bool {
        match self {
            Self::All | Self::OwnAndRanking(_) => true,
            Self::Own(_) | Self::Nothing => false,
        }
    }
}

/// From which day a new scheme may begin: the quarter that runs, or a later one.
pub(crate) fn earliest_start(today: NaiveDate) -> NaiveDate {
    Period::quarter_of(today).first()
}
