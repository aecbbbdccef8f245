//! The year at a glance (工作日历), and changing it: first what would move, then the change.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Deserialize;

use super::change::ChangeForm;
use super::months::{Month, months};
use super::preview::Preview;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::calendar::{self, Change, DayKind, OfficeHours, Standing, WorkDayMode};
use crate::work::clocks::actions::changing;

/// The years that a calendar can have.
const YEARS: std::ops::RangeInclusive<i32> = 2020..=2100;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    year: String,
    done: String,
}

/// What stands in the right column.
#[derive(Default)]
struct Side {
    form: ChangeForm,
    errors: FieldErrors,
    refused: String,
    preview: Option<Preview>,
}

#[derive(Template)]
#[template(path = "clocks/calendar.html")]
pub(super) struct CalendarPage {
    chrome: Chrome,
    now: DateTime<Utc>,
    today: NaiveDate,
    year: i32,
    length: usize,
    source: String,
    months: Vec<Month>,
    standing: Standing,
    may_set: bool,
    side: Side,
    has_half: bool,
    flash: String,
    stale: bool,
    once: String,
}

impl CalendarPage {
    fn of(visit: &Visit, year: i32, standing: Standing, side: Side) -> Self {
        let today = visit.tx.today();
        let changed = match &side.preview {
            Some(preview) => preview.changed.clone(),
            None => BTreeSet::new(),
        };
        let months = months(&standing.calendar, year, today, &changed);
        let half = |d: &calendar::SpecialDay| d.kind == DayKind::Half && d.day.year() == year;
        let has_half = standing.calendar.special_days().any(half);
        let source = standing.years.iter().find(|y| y.year == year);
        Self {
            chrome: visit.chrome(Section::Calendar),
            now: visit.tx.now,
            today,
            year,
            length: standing.calendar.year_length(year).unwrap_or_default(),
            source: source.map_or(String::new(), |y| y.source.clone()),
            months,
            has_half,
            may_set: visit.me.kind.may(Permission::SetCalendar),
            side,
            flash: String::new(),
            stale: false,
            once: visit.once(),
            standing,
        }
    }

    /// Links to the other years that are known, and to the next.
    fn other_years(&self) -> Vec<i32> {
        let known = self.standing.years.iter().map(|y| y.year);
        let next = std::iter::once(self.today.year() + 1);
        let mut years: Vec<i32> = known.chain(next).filter(|y| *y != self.year).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// The next year, if its notice is not known.
    fn unknown(&self) -> Option<i32> {
        let next = self.today.year() + 1;
        (!self.standing.calendar.knows(next)).then_some(next)
    }

    fn hours(&self) -> Vec<&OfficeHours> {
        self.standing.calendar.hours_from(self.today)
    }

    fn is_future(&self, hours: &OfficeHours) -> bool {
        hours.from_day > self.today
    }

    fn own_days(&self) -> Vec<&calendar::OwnDay> {
        let own = self.standing.own.iter();
        own.filter(|d| d.day.year() == self.year).collect()
    }

    fn is_changing(&self) -> bool {
        self.side.preview.is_some()
    }

    fn what(&self) -> &str {
        match self.side.form.what.as_str() {
            "" => "days",
            what => what,
        }
    }

    /// How working days are counted.
    fn counts(&self) -> String {
        let mode = self.standing.calendar.mode();
        format!("{}：{}", mode.label(), Self::mode_note(&mode))
    }

    fn mode_label(mode: &WorkDayMode) -> &'static str {
        mode.label()
    }

    fn mode_note(mode: &WorkDayMode) -> &'static str {
        match mode {
            WorkDayMode::Dates => "收到当日不计，最后一个工作日下班时到期",
            WorkDayMode::Hours => "收到就计，一天办公时间为 1 个工作日",
        }
    }

    fn kind_label(kind: &DayKind) -> &'static str {
        match kind {
            DayKind::Off => "休，不上班",
            DayKind::Work => "班，上班",
            DayKind::Half => "半日",
        }
    }

    /// A month and day as they are typed.
    fn season(at: &i16) -> String {
        format!("{:02}-{:02}", at / 100, at % 100)
    }

    fn wrong(&self, field: &str) -> &str {
        self.side.errors.of(field)
    }
}

/// The year asked for, or this one.
fn year_of(asked: &str, today: NaiveDate) -> Result<i32> {
    const WRONG: Error =
        Error::Unreadable("网址里的年份不对。请从工作日历页选择年份，2020 至 2100 年。");
    match asked.trim() {
        "" => Ok(today.year()),
        year => year.parse().ok().filter(|y| YEARS.contains(y)).ok_or(WRONG),
    }
}

/// The year, for everybody.
pub(super) async fn look(
    mut visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Page<CalendarPage>> {
    let year = year_of(&asked.year, visit.tx.today())?;
    let standing = calendar::standing(&mut visit.tx, visit.me.tenant).await?;
    let done = standing.changes.first().filter(|_| !asked.done.is_empty());
    let flash = done.map_or(String::new(), |c| c.sentence.clone());
    let mut page = CalendarPage::of(&visit, year, standing, Side::default());
    page.flash = flash;
    Ok(Page(page))
}

/// The form of a change, or what the change would move.
pub(super) async fn edit(mut visit: Visit, Query(form): Query<ChangeForm>) -> Result<Response> {
    if form.preview.is_empty() {
        let standing = calendar::standing(&mut visit.tx, visit.me.tenant).await?;
        let year = shown_year(&form, visit.tx.today());
        let side = Side {
            form,
            ..Side::default()
        };
        return Ok(Page(CalendarPage::of(&visit, year, standing, side)).into_response());
    }
    let (status, page) = previewed(&mut visit, form).await?;
    Ok((status, Page(page)).into_response())
}

/// The year in which a form plays.
fn shown_year(form: &ChangeForm, today: NaiveDate) -> i32 {
    let typed = form.from.get(..4).and_then(|year| year.parse().ok());
    let typed = typed.filter(|y| YEARS.contains(y) && form.what != "hours");
    typed.unwrap_or(today.year())
}

/// The page with the preview of what was typed, or with what is wrong.
async fn previewed(visit: &mut Visit, form: ChangeForm) -> Result<(StatusCode, CalendarPage)> {
    let today = visit.tx.today();
    let year = shown_year(&form, today);
    let standing = calendar::standing(&mut visit.tx, visit.me.tenant).await?;
    let mut side = Side {
        form,
        ..Side::default()
    };
    let worked_out = match side.form.read(today) {
        Ok(change) => match standing.changed(&change, today) {
            Ok(after) => Some((change, after)),
            Err(refused) => {
                side.refused = refused.to_string();
                None
            }
        },
        Err(errors) => {
            side.errors = errors;
            None
        }
    };
    let Some((change, after)) = worked_out else {
        let page = CalendarPage::of(visit, year, standing, side);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page));
    };
    let mut preview = Preview::of(visit, &standing, &after, (&change, year)).await?;
    preview.hidden = side.form.hidden();
    preview.other.0 = side.form.link();
    preview.other.1 = match change {
        Change::Days { .. } => "改别的日子",
        Change::Year { .. } | Change::Hours(_) | Change::NoHours { .. } | Change::Mode(_) => {
            "返回修改"
        }
    };
    side.preview = Some(preview);
    Ok((
        StatusCode::OK,
        CalendarPage::of(visit, year, standing, side),
    ))
}

/// Makes the change, once.
pub(super) async fn change(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<ChangeForm>,
) -> Result<Response> {
    let year = shown_year(&form, visit.tx.today());
    let there = format!("/calendar?year={year}&done=1");
    let made = match form.read(visit.tx.today()) {
        Err(errors) => Err(Error::Invalid(errors)),
        Ok(change) => {
            if let Some(earlier) = visit.claim(&form.once, &there).await? {
                return Ok(earlier);
            }
            let version = form.version.parse().unwrap_or(0);
            changing::change(&mut visit.tx, &visit.me, &change, version).await
        }
    };
    let why = match made {
        Ok(_) => return visit.done(&there).await,
        Err(error) => error.again()?,
    };
    let mut visit = visit.afresh(&db).await?;
    let (status, mut page) = previewed(&mut visit, form).await?;
    let status = match why {
        Again::Stale => {
            page.stale = true;
            StatusCode::CONFLICT
        }
        Again::Refused(_) | Again::Invalid(_) => status,
    };
    Ok((status, Page(page)).into_response())
}
