//! Drafting a whistle: one page, plain forms, kept as often as one likes.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::super::actions::{self, Seen};
use super::super::model::{Case, Kind, MoveKind, Role, Stage, choice_lacks};
use super::super::queries::{self, Draft, Options};
use super::basis::{self, Proposed};
use super::moves::minute;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::{DepartmentId, NodeId};
use crate::work::duties;
use crate::work::matters::{self, Candidate};
use crate::work::{MatterId, WhistleId};

/// Most assisting departments that one whistle calls.
pub(super) const ASSISTS: usize = 8;

/// The condition of closing of a draft whose matters bring none.
const COMMON_CLOSING: &str = "问题解决，现场恢复正常";

/// What the draft page sends. Department and ask repeat: the first is the lead.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DraftForm {
    version: String,
    once: String,
    /// Which button: save, more, propose, request, submit, sound.
    act: String,
    kind: String,
    matter: Vec<String>,
    title: String,
    place: String,
    pub(super) department: Vec<String>,
    pub(super) ask: Vec<String>,
    /// The duty item that is cited, of several that fit.
    duty: String,
    choice_reason: String,
    meets_at: String,
    problem: String,
    own_measures: String,
    closing_condition: String,
}

impl DraftForm {
    /// Takes from a matter what is not written yet.
    fn begin(&mut self, from: &Candidate) {
        let place = from.place_id.to_string();
        for (typed, known) in [
            (&mut self.title, &from.title),
            (&mut self.problem, &from.detail),
            (&mut self.own_measures, &from.measures),
            (&mut self.place, &place),
        ] {
            if typed.trim().is_empty() {
                typed.clone_from(known);
            }
        }
        let plain = [String::new(), COMMON_CLOSING.to_owned()];
        if !from.closing.is_empty() && plain.contains(&self.closing_condition) {
            self.closing_condition.clone_from(&from.closing);
        }
    }
}

#[derive(Template)]
#[template(path = "whistles/draft.html")]
pub(super) struct DraftPage {
    chrome: Chrome,
    id: Option<WhistleId>,
    form: DraftForm,
    errors: FieldErrors,
    refused: String,
    /// What is kept now and differs, where somebody else was first.
    kept_now: Vec<(&'static str, String)>,
    flash: &'static str,
    refusal: Option<String>,
    candidates: Vec<Candidate>,
    options: Options,
    proposed: Proposed,
    is_street: bool,
    requested: bool,
    drafter: String,
    rows: usize,
    now: DateTime<Utc>,
}

impl DraftPage {
    fn kind(&self) -> Kind {
        self.form.kind.parse().unwrap_or(Kind::Routine)
    }

    /// The button that sends the draft on, as this post and kind allow: its act and its words.
    fn onward(&self) -> (&'static str, String) {
        match (self.is_street, self.kind().approver()) {
            (false, _) => ("request", "送街道审核".to_owned()),
            (true, None) => ("send", "吹哨".to_owned()),
            (true, Some(_)) => ("send", "送审".to_owned()),
        }
    }

    fn typed_department(&self, row: &usize) -> &str {
        self.form.department.get(*row).map_or("", String::as_str)
    }

    fn typed_ask(&self, row: &usize) -> &str {
        self.form.ask.get(*row).map_or("", String::as_str)
    }

    fn ask_error(&self, row: &usize) -> &str {
        self.errors.of(&format!("ask-{row}"))
    }

    fn chooses(&self, matter: &Candidate) -> bool {
        self.form.matter.contains(&matter.id.to_string())
    }

    fn action(&self) -> String {
        self.id.map_or_else(
            || "/whistles".to_owned(),
            |id| format!("/whistles/{id}/edit"),
        )
    }

    /// On what the department of a row stands.
    fn stands_on(&self, row: &usize) -> String {
        self.proposed.stands_on(*row, self.typed_department(row))
    }

    /// When a reason for the choice is asked for.
    fn reason_hint(&self) -> &'static str {
        match (self.kind(), self.proposed.cited()) {
            (Kind::Emergency, _) => "应急哨可以不填。",
            (_, Some(_)) => "没有选清单建议的主办部门时，必须写明。",
            (_, None) if self.proposed.asked => "清单没有这一类，必须写明为什么选这个部门。",
            (_, None) => "不选清单建议的主办部门，或清单没有这一类时，必须写明。",
        }
    }

    /// Whether a lead is chosen that the list proposes, or a reason stands beside it.
    fn is_founded(&self) -> bool {
        let lead = self.typed_department(&0).parse().ok();
        let proposed = self.proposed.cited().map(|p| p.lead_id);
        let lack = choice_lacks(self.kind(), proposed, lead, &self.form.choice_reason);
        lead.is_some() && lack.is_none()
    }

    /// How many gates of a whistle are passed so far (`domain.md` 2.3).
    fn gates(&self) -> [(bool, &'static str); 4] {
        let form = &self.form;
        let measured = !form.own_measures.trim().is_empty() || self.kind() == Kind::Emergency;
        [
            (!form.matter.is_empty(), "来自事项，现场已核实"),
            (measured, "先自行处置"),
            (self.is_founded(), "权责清单已查，选定主办部门"),
            (false, "街道审批"),
        ]
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    matter: String,
    done: String,
}

/// A blank draft, perhaps begun from a matter.
pub(super) async fn blank(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let candidates = matters::candidates(&mut visit.tx, &visit.me, None).await?;
    let mut form = DraftForm {
        once: visit.once(),
        kind: Kind::Routine.code().to_owned(),
        closing_condition: COMMON_CLOSING.to_owned(),
        ..DraftForm::default()
    };
    if let Some(from) = candidates.iter().find(|c| c.id.to_string() == wish.matter) {
        form.matter = vec![wish.matter];
        form.begin(from);
    }
    let page = page(&mut visit, None, form, candidates, true).await?;
    Ok(Page(page).into_response())
}

/// A kept draft.
pub(super) async fn edit(
    mut visit: Visit,
    Path(id): Path<WhistleId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let (case, story) = queries::told(&mut visit.tx, &visit.me, id).await?;
    case.may(MoveKind::Edit, &visit.me)?;
    let candidates = matters::candidates(&mut visit.tx, &visit.me, Some(id)).await?;
    let matters = story.matters.iter().map(|m| m.id.to_string()).collect();
    let form = kept(&case, matters, visit.once());
    let mut page = page(&mut visit, Some(&case), form, candidates, false).await?;
    if wish.done == "save" {
        page.flash = "草稿已存。";
    }
    Ok(Page(page).into_response())
}

/// The form of a kept draft about these matters.
fn kept(case: &Case, matter: Vec<String>, once: String) -> DraftForm {
    DraftForm {
        version: case.version.to_string(),
        once,
        act: String::new(),
        kind: case.kind.code().to_owned(),
        matter,
        title: case.title.clone(),
        place: case.place_id.to_string(),
        department: case
            .assignments
            .iter()
            .map(|a| a.department_id.to_string())
            .collect(),
        ask: case.assignments.iter().map(|a| a.ask.clone()).collect(),
        duty: case
            .basis
            .as_ref()
            .map_or(String::new(), |b| b.id.to_string()),
        choice_reason: case.choice_reason.clone().unwrap_or_default(),
        meets_at: case.meets_at.map(words::minute).unwrap_or_default(),
        problem: case.problem.clone(),
        own_measures: case.own_measures.clone(),
        closing_condition: case.closing_condition.clone(),
    }
}

/// The page of a form; `fills` puts the departments in that the duty list proposes.
async fn page(
    visit: &mut Visit,
    case: Option<&Case>,
    mut form: DraftForm,
    candidates: Vec<Candidate>,
    fills: bool,
) -> Result<DraftPage> {
    let places: Vec<Uuid> = candidates.iter().map(|c| c.place_id.0).collect();
    let ticked = |id: MatterId| form.matter.contains(&id.to_string());
    let classes = basis::classes(&candidates, ticked);
    let first = candidates.iter().find(|c| ticked(c.id));
    if let (true, Some(first)) = (fills, first) {
        form.begin(first);
    }
    let mut options = queries::options(&mut visit.tx, &visit.me, &places, &classes).await?;
    let fits = std::mem::take(&mut options.proposals);
    // Who asks for an item's departments has chosen the item, not yet the lead.
    let lead = form.department.first().filter(|_| !fills);
    let lead = lead.map_or("", String::as_str);
    let proposed = Proposed::of(fits, !classes.is_empty(), &form.duty, lead);
    if let (true, Some(cited)) = (fills, proposed.cited()) {
        basis::fill(&mut form, cited);
    }
    let rows = form.department.len().clamp(2, ASSISTS + 1);
    let me = &visit.me;
    Ok(DraftPage {
        chrome: visit.chrome(Section::Whistles),
        id: case.map(|c| c.id),
        errors: FieldErrors::new(),
        refused: String::new(),
        kept_now: Vec::new(),
        flash: "",
        refusal: case.and_then(|c| c.refusal.clone()),
        candidates,
        options,
        proposed,
        is_street: me.kind.is_street(),
        requested: case.is_some_and(|c| c.stage == Stage::Requested),
        drafter: case.map_or_else(|| me.name.clone(), |c| c.drafter.clone()),
        rows,
        now: visit.tx.now,
        form,
    })
}

/// Keeps a new draft and perhaps sends it on.
pub(super) async fn create(
    State(db): State<Db>,
    visit: Visit,
    Form(form): Form<DraftForm>,
) -> Result<Response> {
    let id = WhistleId::at(visit.tx.now);
    keep(&db, visit, id, true, form).await
}

/// Keeps a changed draft and perhaps sends it on.
pub(super) async fn change(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<WhistleId>,
    Form(form): Form<DraftForm>,
) -> Result<Response> {
    keep(&db, visit, id, false, form).await
}

async fn keep(
    db: &Db,
    mut visit: Visit,
    id: WhistleId,
    is_new: bool,
    form: DraftForm,
) -> Result<Response> {
    if form.act == "more" || form.act == "propose" {
        return look(visit, id, is_new, form).await;
    }
    let sends = form.act == "send" || form.act == "request";
    let location = if sends {
        format!("/whistles/{id}?done={}", onward(&form).path())
    } else {
        format!("/whistles/{id}/edit?done=save")
    };
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match store(&mut visit, id, is_new, &form, sends).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(db).await?, id, is_new, form, why).await
        }
    }
}

/// Which move the sending button means.
fn onward(form: &DraftForm) -> MoveKind {
    let kind: Kind = form.kind.parse().unwrap_or(Kind::Routine);
    match (form.act.as_str(), kind.approver()) {
        ("request", _) => MoveKind::Request,
        (_, Some(_)) => MoveKind::Submit,
        (_, None) => MoveKind::Sound,
    }
}

async fn store(
    visit: &mut Visit,
    id: WhistleId,
    is_new: bool,
    form: &DraftForm,
    sends: bool,
) -> Result<()> {
    let mut draft = checked(form)?;
    let (tx, me) = (&mut visit.tx, &visit.me);
    let offered = matters::candidates(tx, me, (!is_new).then_some(id)).await?;
    draft.matters.retain(|m| offered.iter().any(|c| c.id == *m));
    let classes = basis::classes(&offered, |id| draft.matters.contains(&id));
    let fits = duties::proposals(tx, me, &classes).await?;
    let lead = form.department.first().map_or("", String::as_str);
    let proposed = Proposed::of(fits, !classes.is_empty(), &form.duty, lead);
    draft.duty = proposed.cited().map(|p| p.id);
    if sends {
        let now_by = (tx.now, form.act == "send");
        let lacks = actions::lacks(&draft, proposed.cited(), now_by);
        lacks.or(()).map_err(Error::Invalid)?;
        let lead = draft.asks.first().map(|(_, department, _)| *department);
        if lead.is_some() && lead == proposed.cited().map(|p| p.lead_id) {
            // Who follows the list needs no reason.
            draft.choice_reason.clear();
        }
    }
    let version = form.version.parse().unwrap_or(0);
    if is_new {
        actions::draft(tx, me, id, &draft).await?;
    } else {
        actions::edit(tx, me, Seen { id, version }, &draft).await?;
    }
    if !sends {
        return Ok(());
    }
    let seen = Seen {
        id,
        version: if is_new { 1 } else { version + 1 },
    };
    let mv = onward(form);
    if mv == MoveKind::Request {
        actions::request(tx, me, seen).await
    } else if mv == MoveKind::Submit {
        actions::submit(tx, me, seen).await
    } else {
        actions::sound(tx, me, seen).await
    }
}

/// What a draft must be to be kept at all; what it needs to be sent, [`actions::lacks`] says.
fn checked(form: &DraftForm) -> Result<Draft> {
    let mut errors = FieldErrors::new();
    let kind = errors
        .choice("kind", "种类", &form.kind)
        .unwrap_or(Kind::Routine);
    let title = errors.text("title", "标题", &form.title, (2, 60));
    let place = errors.choice::<NodeId>("place", "地点", &form.place);
    let problem = errors.text("problem", "问题", &form.problem, (0, 1000));
    let own_measures = errors.text("own_measures", "自己已做", &form.own_measures, (0, 1000));
    let closing_condition = errors.text(
        "closing_condition",
        "结案条件",
        &form.closing_condition,
        (0, 200),
    );
    let choice_reason = errors.text("choice_reason", "自选理由", &form.choice_reason, (0, 300));
    let meets_at = meeting(kind, form, &mut errors);
    let asks = asks(form, &mut errors);
    let matters = form
        .matter
        .iter()
        .filter_map(|m| m.parse::<MatterId>().ok())
        .collect();
    let place = place.unwrap_or(NodeId(Uuid::nil()));
    errors
        .or(Draft {
            kind,
            title,
            problem,
            own_measures,
            closing_condition,
            place,
            matters,
            asks,
            duty: None,
            choice_reason,
            meets_at,
        })
        .map_err(Error::Invalid)
}

/// The meeting of a joint enforcement; what was typed for another kind is left out.
fn meeting(kind: Kind, form: &DraftForm, errors: &mut FieldErrors) -> Option<DateTime<Utc>> {
    let typed = form.meets_at.trim();
    if kind != Kind::JointEnforcement || typed.is_empty() {
        return None;
    }
    let at = minute(typed);
    if at.is_none() {
        errors.add("meets_at", "集合时间写成 2026-11-25 09:00 的样子。");
    }
    at
}

/// The departments in their rows: the first is the lead, an empty row is none.
fn asks(form: &DraftForm, errors: &mut FieldErrors) -> Vec<(Role, DepartmentId, String)> {
    let mut asks: Vec<(Role, DepartmentId, String)> = Vec::new();
    for (row, typed) in form.department.iter().enumerate().take(ASSISTS + 1) {
        let ask = form.ask.get(row).map_or("", String::as_str);
        let ask = errors.text(&format!("ask-{row}"), "请它办什么", ask, (0, 300));
        let Ok(department) = typed.parse::<DepartmentId>() else {
            if !ask.is_empty() {
                errors.add(format!("ask-{row}"), "写了请办的事，还没有选部门。");
            }
            continue;
        };
        if asks.iter().any(|(_, d, _)| *d == department) {
            errors.add(format!("ask-{row}"), "这个部门已经选过，一个部门只写一行。");
        }
        let role = if row == 0 { Role::Lead } else { Role::Assist };
        asks.push((role, department, ask));
    }
    asks
}

/// The page with one more row for an assisting department, or with the departments that the
/// duty list proposes; nothing is kept yet.
async fn look(mut visit: Visit, id: WhistleId, is_new: bool, form: DraftForm) -> Result<Response> {
    let more = form.act == "more";
    let mut page = drawn(&mut visit, id, is_new, form, !more).await?;
    if more {
        page.rows = (page.rows + 1).min(ASSISTS + 1);
    }
    Ok(Page(page).into_response())
}

async fn drawn(
    visit: &mut Visit,
    id: WhistleId,
    is_new: bool,
    form: DraftForm,
    fills: bool,
) -> Result<DraftPage> {
    let whistle = (!is_new).then_some(id);
    let candidates = matters::candidates(&mut visit.tx, &visit.me, whistle).await?;
    let case = match whistle {
        Some(id) => Some(queries::case(&mut visit.tx, &visit.me, id).await?),
        None => None,
    };
    page(visit, case.as_ref(), form, candidates, fills).await
}

/// What is kept now where it differs from what was typed.
fn differing(case: &Case, form: &DraftForm) -> Vec<(&'static str, String)> {
    let asks: Vec<String> = case
        .assignments
        .iter()
        .map(|a| format!("{} {}：{}", a.role.label(), a.department, a.ask))
        .collect();
    let kept = kept(case, Vec::new(), String::new());
    let same_asks = kept.department == form.department && kept.ask == form.ask;
    [
        ("种类", case.kind.label(), kept.kind == form.kind),
        ("标题", case.title.as_str(), kept.title == form.title),
        ("地点", case.place.as_str(), kept.place == form.place),
        ("请谁办什么", &asks.join("；"), same_asks),
        (
            "自选理由",
            &kept.choice_reason,
            kept.choice_reason == form.choice_reason,
        ),
        (
            "集合时间",
            &kept.meets_at,
            kept.meets_at == form.meets_at.trim(),
        ),
        ("问题", &case.problem, kept.problem == form.problem),
        (
            "自己已做",
            &case.own_measures,
            kept.own_measures == form.own_measures,
        ),
        (
            "结案条件",
            &case.closing_condition,
            kept.closing_condition == form.closing_condition,
        ),
        ("环节", case.stage_label(), false),
    ]
    .into_iter()
    .filter(|(_, _, same)| !same)
    .map(|(label, value, _)| (label, value.to_owned()))
    .collect()
}

/// The page again with everything that was typed.
async fn again(
    mut visit: Visit,
    id: WhistleId,
    is_new: bool,
    mut form: DraftForm,
    why: Again,
) -> Result<Response> {
    let mut kept_now = Vec::new();
    if let (Again::Stale, false) = (&why, is_new) {
        let case = queries::case(&mut visit.tx, &visit.me, id).await?;
        kept_now = differing(&case, &form);
        form.version = case.version.to_string();
    }
    let mut page = drawn(&mut visit, id, is_new, form, false).await?;
    page.kept_now = kept_now;
    let status = why.status();
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => page.refused = sentence,
        Again::Stale => {
            page.refused = "这张草稿刚被别人改过，您的还没有保存。表单里是您填的，\
                            再存一次就以您的为准。"
                .into();
        }
    }
    Ok((status, Page(page)).into_response())
}
