//! The pages of the departments (部门): the list, and one department with the city leader in charge.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};

use super::super::actions;
use super::super::holders::Holders;
use super::super::leaders::{Candidate, LeaderForm, Leaders};
use super::super::model::{AsOf, DepartmentKind};
use super::super::queries;
use super::{Asked, answered};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::{Chrome, Permission, PostKind, Section, Visit};
use crate::org::events;

/// A department as the list shows it.
struct Entry {
    id: DepartmentId,
    name: String,
    kind: DepartmentKind,
    holders: Holders,
    open: i64,
}

#[derive(Template)]
#[template(path = "units/departments.html")]
struct Departments {
    chrome: Chrome,
    asof: AsOf,
    action: String,
    entries: Vec<Entry>,
    counts: bool,
    /// Whether the viewer may add departments.
    may_change: bool,
}

impl Entry {
    /// The responsible leader and the liaison.
    fn people(&self) -> [(String, bool); 2] {
        [PostKind::DepartmentHead, PostKind::DepartmentClerk].map(|kind| self.holders.at(kind))
    }
}

impl Departments {
    /// The departments by kind.
    fn groups(&self) -> Vec<(&'static str, Vec<&Entry>)> {
        let of = |kind| self.entries.iter().filter(|e| e.kind == kind).collect();
        let all = DepartmentKind::ALL.map(|kind: DepartmentKind| (kind.label(), of(kind)));
        all.into_iter()
            .filter(|(_, entries): &(_, Vec<_>)| !entries.is_empty())
            .collect()
    }
}

/// The departments of a day.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let asof = AsOf::read(&asked.day, visit.tx.today());
    let found = queries::departments(&mut visit.tx, &visit.me, asof.day, None).await?;
    let entries = found.into_iter().map(|d| Entry {
        id: d.id,
        name: d.name,
        kind: d.kind,
        holders: Holders::on(&d.posts.0, asof.day),
        open: d.open,
    });
    let page = Departments {
        chrome: visit.chrome(Section::Departments),
        action: "/departments".to_owned(),
        entries: entries.collect(),
        counts: visit.me.kind.may(Permission::SeeWhistles),
        may_change: visit.me.kind.may(Permission::ChangeChain) && asof.is_today,
        asof: asof.clone(),
    };
    Ok(answered(page, &asof))
}

#[derive(Template)]
#[template(path = "units/department.html")]
struct DepartmentPage {
    chrome: Chrome,
    asof: AsOf,
    action: String,
    department: queries::Department,
    holders: Holders,
    leaders: Leaders,
    /// What the form that names a leader offers; none: the viewer does not name one here.
    candidates: Option<Vec<Candidate>>,
    form: LeaderForm,
    errors: FieldErrors,
    refused: &'static str,
    flash: &'static str,
    counts: bool,
    now: DateTime<Utc>,
    /// Whether the viewer may change it here.
    may_change: bool,
    /// What was changed, for administrators; nothing for others.
    events: Option<Vec<events::Entry>>,
}

impl DepartmentPage {
    /// The responsible leader and the liaison.
    fn people(&self) -> [(&'static str, String, bool); 2] {
        [
            ("负责人", PostKind::DepartmentHead),
            ("联络员", PostKind::DepartmentClerk),
        ]
        .map(|(name, kind)| {
            let (names, vacant) = self.holders.at(kind);
            (name, names, vacant)
        })
    }

    fn wrong(&self) -> String {
        format!("没有指定，有 {} 处要改。", self.errors.len())
    }

    /// What the button says.
    fn verb(&self) -> &'static str {
        match self.leaders.current {
            Some(_) => "更换分管市领导",
            None => "指定分管市领导",
        }
    }

    /// The naming that stands on the page, which the form sends along.
    fn seen(&self) -> String {
        let current = self.leaders.current.as_ref();
        current.map_or_else(String::new, |l| l.id.to_string())
    }
}

/// The page on a day; a leader is named on the page of today.
async fn drawn(visit: &mut Visit, id: DepartmentId, asof: AsOf) -> Result<DepartmentPage> {
    let found = queries::departments(&mut visit.tx, &visit.me, asof.day, Some(id)).await?;
    let mut department = found.into_iter().next().ok_or(Error::NotFound)?;
    let named = department.leaders.take().map_or_else(Vec::new, |l| l.0);
    let stands = department.valid_to.is_none_or(|to| to > asof.day);
    let candidates = department.candidates.take().map(|c| c.0);
    let events = department.events.take().map_or_else(Vec::new, |e| e.0);
    let kind = visit.me.kind;
    Ok(DepartmentPage {
        chrome: visit.chrome(Section::Departments),
        action: format!("/departments/{id}"),
        holders: Holders::on(&department.posts.0, asof.day),
        leaders: Leaders::on(named, asof.day),
        candidates: candidates.filter(|_| stands && asof.is_today),
        may_change: kind.may(Permission::ChangeChain)
            && asof.is_today
            && department.valid_to.is_none(),
        events: kind.may(Permission::SeeStaff).then_some(events),
        department,
        form: LeaderForm {
            once: visit.once(),
            from: words::day(visit.tx.today()),
            ..LeaderForm::default()
        },
        errors: FieldErrors::new(),
        refused: "",
        flash: "",
        counts: visit.me.kind.may(Permission::SeeWhistles),
        now: visit.tx.now,
        asof,
    })
}

/// One department on a day.
pub(super) async fn department(
    mut visit: Visit,
    Path(id): Path<DepartmentId>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let asof = AsOf::read(&asked.day, visit.tx.today());
    let mut page = drawn(&mut visit, id, asof.clone()).await?;
    page.flash = match asked.done.as_str() {
        "named" => "已指定分管市领导，今后的黄牌、红牌同时告知。",
        "added" => "已设立。请安全管理员设职务、任命负责人和联络员。",
        "amended" => "已保存。",
        "ended" => "已撤销，职务一并撤销，以前的情况仍可按日期查看。",
        _ => "",
    };
    Ok(answered(page, &asof))
}

/// Names the city leader in charge.
pub(super) async fn named(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<DepartmentId>,
    Form(form): Form<LeaderForm>,
) -> Result<Response> {
    let location = format!("/departments/{id}?done=named");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let named = match form.read(visit.tx.today()) {
        Ok(asked) => actions::name_leader(&mut visit.tx, &visit.me, id, asked).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    let again = match named {
        Ok(()) => return visit.done(&location).await,
        Err(error) => error.again()?,
    };
    let mut visit = visit.afresh(&db).await?;
    let today = AsOf::read("", visit.tx.today());
    let mut page = drawn(&mut visit, id, today).await?;
    let once = std::mem::take(&mut page.form.once);
    page.form = LeaderForm { once, ..form };
    let status = again.status();
    match again {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => return Err(Error::Refused(sentence)),
        Again::Stale => page.refused = "刚被别人指定过。请核对现任，确实要换再办。",
    }
    Ok((status, Page(page)).into_response())
}
