//! The desks, one for each kind of post.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike, Utc};
use serde::Deserialize;

use super::figures::{self, Class, Department, JUDGED_FROM, Look, Street, queries::City};
use super::model::{self, Figure, Tab, Task};
use super::queries::{self, Beside, Counts, Filed, SHOWN};
use crate::base::clock::{day_of, midnight};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, PostKind, Routes, Section, Visit};
use crate::org::announcements::Unread;
use crate::org::audit;
use crate::org::backups::Stands;
use crate::org::calendar::Calendar;
use crate::org::events::Verb;
use crate::work::figures::{
    self as counted, Asked, Figure as Counted, RANKED_FROM, ScopeKind, Shown, Span,
};
use crate::work::visits::{Rate, Tally};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new().show("/", Access::SignedIn, desk)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    act: String,
}

async fn desk(visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let kind = visit.me.kind;
    if kind.may(Permission::SeeFigures) {
        leader(visit).await
    } else if kind.is_ground() && kind != PostKind::GridChief {
        ground(visit).await
    } else if kind.may(Permission::SeeMatters) || kind.may(Permission::SeeWhistles) {
        work(visit, &wish.act).await
    } else {
        admin(visit).await
    }
}

/// The next year, from 1 November on, for those who enter its notice.
fn asked_year(visit: &Visit) -> Option<i32> {
    let today = visit.tx.today();
    let asks = today.month() >= 11 && visit.me.kind.may(Permission::SetCalendar);
    asks.then(|| today.year() + 1)
}

async fn admin(mut visit: Visit) -> Result<Response> {
    let year = asked_year(&visit);
    // One look at the database either way.
    let (counts, audit, unread) = if visit.me.kind == PostKind::AuditAdmin {
        let mut counts = audit::counts(&mut visit.tx, &visit.me).await?;
        let unread = std::mem::take(&mut counts.unread.0);
        (None, Some(counts), unread)
    } else {
        let mut counts = queries::counts(&mut visit.tx, &visit.me, year).await?;
        let unread = std::mem::take(&mut counts.unread.0);
        (Some(counts), None, unread)
    };
    let missing_year = year.filter(|_| counts.as_ref().is_some_and(|c| !c.knows_year));
    let sees = visit.me.kind.may(Permission::SeeBackups);
    let begun = counts.as_ref().filter(|c| sees && c.has_streets);
    let backups = begun.map(|c| Stands::of(c.last_backup, c.failed_backup));
    Ok(Page(AdminDesk {
        chrome: visit.chrome(Section::Desk),
        now: visit.tx.now,
        missing_year,
        no_backup: backups.and_then(|b| b.warning(visit.tx.now)),
        counts,
        audit,
        unread,
        appoints: visit.me.kind.may(Permission::Appoint),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "desk/admin.html")]
struct AdminDesk {
    chrome: Chrome,
    now: DateTime<Utc>,
    missing_year: Option<i32>,
    /// What is wrong with the backups.
    no_backup: Option<String>,
    counts: Option<Counts>,
    audit: Option<audit::Counts>,
    unread: Vec<Unread>,
    appoints: bool,
}

impl AdminDesk {
    /// What the last walk over the seals found, in words.
    fn checked(audit: &audit::Counts) -> String {
        match audit.checked_at {
            Some(at) => format!("{} 核对", words::minute(at)),
            None => "还没有核对过".to_owned(),
        }
    }

    fn who_appoints(&self) -> &'static str {
        if self.appoints {
            "待任命"
        } else {
            "由安全管理员任命"
        }
    }
}

#[derive(Template)]
#[template(path = "desk/work.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that the page asks"
)]
struct WorkDesk {
    chrome: Chrome,
    tasks: Vec<Task>,
    tabs: Vec<Tab>,
    beside: Beside,
    calendar: Calendar,
    unread: Vec<Unread>,
    filed: Vec<Filed>,
    asked: String,
    place: String,
    place_id: String,
    now: DateTime<Utc>,
    files: bool,
    drafts: bool,
    is_street: bool,
    is_grid: bool,
    is_department: bool,
}

impl WorkDesk {
    fn all(&self) -> i64 {
        self.tabs.iter().map(|t| t.count).sum()
    }

    fn groups(&self) -> Vec<(&'static str, Vec<&Task>)> {
        let tomorrow = midnight(day_of(self.now)) + chrono::Duration::days(1);
        model::grouped(&self.tasks, self.now, tomorrow)
    }

    /// How many live whistles have this lamp.
    fn lamp(&self, code: &str) -> i64 {
        self.beside.lamps.get(code).copied().unwrap_or(0)
    }

    /// The list of matters filed lately, as the figures beside count them.
    fn lately_href(&self, solved: &str) -> String {
        let from = &words::minute(queries::lately_from(self.now))[..10];
        format!("/matters?from={from}{solved}")
    }

    fn is_first(&self, task: &Task) -> bool {
        self.groups()
            .first()
            .and_then(|(_, tasks)| tasks.first())
            .is_some_and(|first| {
                (first.id, first.request, first.act) == (task.id, task.request, task.act)
            })
    }

    fn verb(code: &str) -> &'static str {
        Verb::read(code).map_or("", Verb::label)
    }

    /// Whether there are more than the list shows.
    fn more(&self) -> bool {
        i64::try_from(self.tasks.len()).unwrap_or(SHOWN) >= SHOWN
    }
}

async fn work(mut visit: Visit, act: &str) -> Result<Response> {
    let me = visit.me.clone();
    let wanted = (!act.is_empty()).then_some(act);
    let desk = queries::desk(&mut visit.tx, &me, wanted).await?;
    let is_grid = me.kind == PostKind::GridChief;
    let filed = if is_grid {
        queries::filed(&mut visit.tx, &me).await?.0
    } else {
        Vec::new()
    };
    let place_id = match &me.seat {
        crate::org::access::Seat::Node { id, .. } => id.to_string(),
        crate::org::access::Seat::Department { id, .. } => id.to_string(),
        crate::org::access::Seat::City => String::new(),
    };
    Ok(Page(WorkDesk {
        chrome: visit.chrome(Section::Desk),
        tasks: desk.tasks,
        tabs: desk.tabs,
        beside: desk.beside,
        calendar: desk.calendar,
        unread: desk.unread,
        filed,
        asked: act.to_owned(),
        place: me.seat_name().to_owned(),
        place_id,
        now: visit.tx.now,
        files: me.kind.may(Permission::FileMatters),
        drafts: me.kind.may(Permission::DraftWhistles),
        is_street: me.kind.is_street(),
        is_grid,
        is_department: me.kind.is_department(),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "desk/ground.html")]
struct GroundDesk {
    chrome: Chrome,
    unread: Vec<Unread>,
    filed: Vec<Filed>,
    place: String,
    now: DateTime<Utc>,
    files: bool,
}

async fn ground(mut visit: Visit) -> Result<Response> {
    let me = visit.me.clone();
    let (filed, unread) = queries::filed(&mut visit.tx, &me).await?;
    Ok(Page(GroundDesk {
        chrome: visit.chrome(Section::Desk),
        unread,
        filed,
        place: me.seat_name().to_owned(),
        now: visit.tx.now,
        files: me.kind.may(Permission::FileMatters),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "desk/leader.html")]
struct LeaderDesk {
    chrome: Chrome,
    unread: Vec<Unread>,
    missing_year: Option<i32>,
    strip: Vec<Figure>,
    yesterday: Vec<(Counted, Shown, i64)>,
    levels: Vec<(Counted, Shown, i64)>,
    rates: Vec<(&'static str, Shown)>,
    heard: Tally,
    departments: Vec<Department>,
    unranked: usize,
    streets: Vec<Street>,
    months: Vec<Span>,
    classes: Vec<Class>,
    hot: Vec<(String, Shown, i64, i64)>,
    city: City,
    open: i64,
    asks: bool,
    /// Objections of streets that the city's office rules on.
    objections: i64,
    now: DateTime<Utc>,
}

impl LeaderDesk {
    /// Whether enough residents answered for a rate.
    fn hears_enough(&self) -> bool {
        self.heard.response() != Rate::TooFew
    }

    /// What was solved where, as the drawing's words.
    fn levels_label(&self) -> String {
        let of = |(figure, shown, _): &(Counted, Shown, i64)| {
            format!("{} {} 件", figure.label(), shown.reading.count)
        };
        let levels: Vec<String> = self.levels.iter().map(of).collect();
        format!("近 30 天解决的事项：{}", levels.join("，"))
    }

    /// Where a level's part of the bar begins.
    fn begins(&self, at: &usize) -> i64 {
        self.levels.iter().take(*at).map(|(.., width)| width).sum()
    }
}

async fn leader(mut visit: Visit) -> Result<Response> {
    let me = visit.me.clone();
    let look = Look::on(visit.tx.today());
    let year = asked_year(&visit);
    let asked = Asked {
        parts: look.year,
        hands_on: true,
        ..Asked::of(("", ScopeKind::City), look.lately)
    };
    let read = counted::read(&mut visit.tx, me.tenant, asked).await?;
    let read = read.ok_or(Error::NotFound)?;
    let days = (look.days(), &read.live);
    let mut city = figures::queries::city(&mut visit.tx, &me, days, year).await?;
    let (departments, unranked) = figures::departments(&read, &city, &look);
    Ok(Page(LeaderDesk {
        chrome: visit.chrome(Section::Desk),
        unread: std::mem::take(&mut city.unread),
        missing_year: year.filter(|_| !city.knows_year),
        strip: figures::strip(&read, &city, &look),
        yesterday: figures::yesterday(&city, &read.scope, &look),
        levels: figures::levels(&read, &look),
        rates: figures::rates(&read, &look),
        heard: read.sums.heard(),
        departments,
        unranked,
        streets: figures::streets(&read, &city, &look),
        months: Span::twelve_months_to(visit.tx.today()),
        classes: figures::classes(&city, &look),
        hot: figures::hot(&city, &look),
        open: read.sums.whistles_open,
        asks: me.kind.may(Permission::AskResidents),
        objections: visit.waiting.powers,
        city,
        now: visit.tx.now,
    })
    .into_response())
}
