//! The check list, and the two pages on which the city's frame is ticked off.

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::divisions::{self, Community, Town};
use super::model::{
    DEPARTMENTS, Part, Standing, Step, community_of, department_of, missing, parts, street_of,
};
use super::queries::{self, Known};
use crate::base::db::Db;
use crate::base::error::{Again, Result};
use crate::base::web::{Page, Query, Typed};
use crate::org::access::{Access, Chrome, Permission, PostKind, Routes, Section, Visit};
use crate::org::redraw::{self, Founding};
use crate::org::units::DepartmentKind;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeeStaff);
    const CHANGE: Access = Access::Can(Permission::ChangeChain);
    Routes::new()
        .get("/setup", SEE, show)
        .get("/setup/streets", CHANGE, ask_streets)
        .post("/setup/streets", CHANGE, add_streets)
        .get("/setup/departments", CHANGE, ask_departments)
        .post("/setup/departments", CHANGE, add_departments)
}

#[derive(Template)]
#[template(path = "setup/show.html")]
struct Show {
    chrome: Chrome,
    kind: PostKind,
    parts: Vec<Part>,
    missing: usize,
    done: Option<&'static str>,
}

impl Show {
    /// Whether this viewer can open where the step is done.
    fn opens(&self, step: &Step) -> bool {
        let needs = match step.href.split('?').next().unwrap_or_default() {
            "/setup/streets" | "/setup/departments" => Permission::ChangeChain,
            "/people" | "/staffing" => Permission::SeeStaff,
            "/calendar" | "/limits" | "/classes" => Permission::SeeCalendar,
            "/duties" => Permission::SeeDuties,
            "/powers" => Permission::SeePowers,
            _ => Permission::SeeChain,
        };
        self.kind.may(needs)
    }

    fn is_mine(&self, step: &Step) -> bool {
        step.by.is(self.kind)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    done: String,
}

fn told(done: &str) -> Option<&'static str> {
    match done {
        "streets" => Some("已设立勾选的街道和社区，各级职务空缺，由安全管理员任命。"),
        "departments" => Some("已设立勾选的部门，负责人、联络员空缺，由安全管理员任命。"),
        _ => None,
    }
}

/// The check list.
async fn show(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let facts = queries::facts(&mut visit.tx, &visit.me).await?;
    let parts = parts(&facts);
    Ok(Page(Show {
        chrome: visit.chrome(Section::Setup),
        kind: visit.me.kind,
        missing: missing(&parts),
        parts,
        done: told(&asked.done),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "setup/streets.html")]
struct Streets {
    chrome: Chrome,
    county: String,
    towns: Vec<Town>,
    known: Known,
    /// What was ticked; none: the form is new.
    ticked: Option<HashSet<String>>,
    once: String,
    refused: String,
}

impl Streets {
    fn is_known(&self, code: &str) -> bool {
        self.known.contains_key(code)
    }

    fn is_closed(&self, code: &str) -> bool {
        self.known.get(code).is_some_and(|stands| !stands)
    }

    /// What a community will be called.
    fn called(town: &Town, community: &Community) -> String {
        community_of(community, &town.communities).name
    }

    fn is_ticked(&self, code: &str) -> bool {
        match &self.ticked {
            Some(ticked) => ticked.contains(code),
            // Who takes a street takes its communities, unless he says otherwise; what is missing in a
            // street that is there was left out on purpose.
            None => code.len() == 12 && !code.get(..9).is_some_and(|street| self.is_known(street)),
        }
    }

    /// `社区、村 12 个，已有 3 个`
    fn size(&self, town: &Town) -> String {
        let known = town.communities.iter().filter(|c| self.is_known(&c.code));
        match known.count() {
            0 => format!("社区、村 {} 个", town.communities.len()),
            n => format!("社区、村 {} 个，已有 {n} 个", town.communities.len()),
        }
    }
}

async fn streets(visit: &mut Visit) -> Result<Streets> {
    let (county, known) = queries::known(&mut visit.tx, &visit.me).await?;
    Ok(Streets {
        chrome: visit.chrome(Section::Setup),
        towns: divisions::of_county(&county)?,
        county,
        known,
        ticked: None,
        once: visit.once(),
        refused: String::new(),
    })
}

async fn ask_streets(mut visit: Visit) -> Result<Response> {
    Ok(Page(streets(&mut visit).await?).into_response())
}

/// The values of the fields that were ticked, by the names that a form gives them: `t.220882001`.
fn ticks(typed: &Typed) -> HashSet<String> {
    let names = typed
        .0
        .iter()
        .filter_map(|(name, _)| name.strip_prefix("t."));
    names.map(str::to_owned).collect()
}

fn once_of(typed: &Typed) -> &str {
    typed.field("once").unwrap_or_default()
}

/// Sets up what was ticked.
async fn add_streets(State(db): State<Db>, mut visit: Visit, typed: Typed) -> Result<Response> {
    const LOCATION: &str = "/setup?done=streets";
    let typed = typed.single()?;
    if let Some(answer) = visit.claim(once_of(&typed), LOCATION).await? {
        return Ok(answer);
    }
    let ticked = ticks(&typed);
    let wanted = wanted(&streets(&mut visit).await?, &ticked);
    match redraw::found(&mut visit.tx, &visit.me, &wanted).await {
        Ok(()) => visit.done(LOCATION).await,
        Err(error) => {
            let why = error.again()?;
            let status = why.status();
            let mut visit = visit.afresh(&db).await?;
            let mut page = streets(&mut visit).await?;
            page.refused = sentence(why);
            page.ticked = Some(ticked);
            Ok((status, Page(page)).into_response())
        }
    }
}

/// The ticked towns, and the ticked communities of those and of the towns that there are.
fn wanted(page: &Streets, ticked: &HashSet<String>) -> Vec<Founding> {
    let mut wanted = Vec::new();
    for town in &page.towns {
        let taken = ticked.contains(&town.code) && !page.is_known(&town.code);
        if taken {
            wanted.push(street_of(town));
        }
        if taken || page.is_known(&town.code) {
            let communities = town.communities.iter();
            let new = communities.filter(|c| ticked.contains(&c.code) && !page.is_known(&c.code));
            wanted.extend(new.map(|c| community_of(c, &town.communities)));
        }
    }
    wanted
}

fn sentence(why: Again) -> String {
    match why {
        Again::Invalid(errors) => errors.sentences(),
        Again::Refused(sentence) => sentence,
        Again::Stale => {
            "您打开这一页以后，组织有变动，没有办。请重新打开这一页，核对后再办。".to_owned()
        }
    }
}

#[derive(Template)]
#[template(path = "setup/departments.html")]
struct Departments {
    chrome: Chrome,
    used: Vec<String>,
    ticked: Option<HashSet<String>>,
    once: String,
    refused: String,
}

impl Departments {
    fn is_used(&self, code: &str, name: &str) -> bool {
        self.used.iter().any(|used| used == code || used == name)
    }

    fn is_ticked(&self, code: &str) -> bool {
        self.ticked.as_ref().is_none_or(|t| t.contains(code))
    }
}

async fn departments(visit: &mut Visit) -> Result<Departments> {
    Ok(Departments {
        used: redraw::used_by_departments(&mut visit.tx, &visit.me).await?,
        chrome: visit.chrome(Section::Setup),
        ticked: None,
        once: visit.once(),
        refused: String::new(),
    })
}

async fn ask_departments(mut visit: Visit) -> Result<Response> {
    Ok(Page(departments(&mut visit).await?).into_response())
}

/// Sets up the ticked departments of the start list.
async fn add_departments(State(db): State<Db>, mut visit: Visit, typed: Typed) -> Result<Response> {
    const LOCATION: &str = "/setup?done=departments";
    let typed = typed.single()?;
    if let Some(answer) = visit.claim(once_of(&typed), LOCATION).await? {
        return Ok(answer);
    }
    let ticked = ticks(&typed);
    let taken = DEPARTMENTS.iter().filter(|d| ticked.contains(d.0));
    let wanted: Vec<_> = taken.map(department_of).collect();
    match redraw::found_departments(&mut visit.tx, &visit.me, &wanted).await {
        Ok(()) => visit.done(LOCATION).await,
        Err(error) => {
            let why = error.again()?;
            let status = why.status();
            let mut visit = visit.afresh(&db).await?;
            let mut page = departments(&mut visit).await?;
            page.refused = sentence(why);
            page.ticked = Some(ticked);
            Ok((status, Page(page)).into_response())
        }
    }
}
