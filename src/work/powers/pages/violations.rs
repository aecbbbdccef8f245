//! Violations: the list and exactly the same list as a file, the form that tells one, the step that
//! strikes one.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::actions::violations as acts;
use super::super::model::{Fault, Origin, Power, ViolationKind};
use super::super::queries::form::{self, Plan};
use super::super::queries::violations::{self, Filter, Listed, Violation};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::paging::PAGE;
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::{Chrome, Permission, PostKind, Section, Viewer, Visit};
use crate::org::events;
use crate::work::ViolationId;

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    department: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    street: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    power: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    kind: String,
    /// `standing` or `struck`.
    #[serde(skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    to: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
    #[serde(skip_serializing)]
    done: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        let day = |text: &str| text.trim().parse::<NaiveDate>().ok();
        let street = self.street.trim();
        Filter {
            department: self.department.parse().ok(),
            street: (!street.is_empty()).then(|| street.to_owned()),
            power: self.power.parse().ok(),
            kind: self.kind.parse().ok(),
            struck: match self.state.as_str() {
                "standing" => Some(false),
                "struck" => Some(true),
                _ => None,
            },
            from: day(&self.from),
            to: day(&self.to),
        }
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

/// Whether the viewer tells violations: a street its own, the city's office any.
fn tells(me: &Viewer) -> bool {
    me.kind.may(Permission::RulePowers)
        || me.kind.is_street() && me.kind.may(Permission::ExercisePowers)
}

#[derive(Template)]
#[template(path = "powers/violations.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    filter: Filter,
    listed: Listed,
    flash: &'static str,
    scope: String,
    me: PostKind,
    tells: bool,
    now: DateTime<Utc>,
}

impl List {
    fn is_street(&self) -> bool {
        self.me.is_street()
    }

    fn is_department(&self) -> bool {
        self.me.is_department()
    }

    /// Whether the viewer may strike.
    fn rules(&self) -> bool {
        self.me.may(Permission::RulePowers)
    }
}

impl Violation {
    /// Who found it.
    fn found_by(&self) -> &str {
        self.finder.as_deref().unwrap_or("系统发现")
    }
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let filter = asked.filter();
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let listed = violations::list(&mut visit.tx, &visit.me, &filter, part).await?;
    let page = List {
        chrome: visit.chrome(Section::Powers),
        listed,
        filter,
        flash: match asked.done.as_str() {
            "told" => "已登记，部门已收到消息。",
            "struck" => "已撤销登记，这一条留在表里。",
            _ => "",
        },
        scope: format!(
            "范围：{}，{}。",
            visit.me.seat_name(),
            words::minute(visit.tx.now)
        ),
        me: visit.me.kind,
        tells: tells(&visit.me),
        now: visit.tx.now,
        asked,
    };
    Ok(Page(page).into_response())
}

/// The list as a file, without what cadre ones say.
pub(super) async fn export(
    mut visit: Visit,
    format: Format,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let filter = asked.filter();
    let mut sheet = Sheet::new(format, ("violations", "应征未征"), columns())?;
    let mut after = None;
    loop {
        let page = violations::export(&mut visit.tx, &visit.me, &filter, after).await?;
        after = sheet.add(page, cells)?;
        if after.is_none() {
            return events::sheet(visit, sheet).await;
        }
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::day("发生日期"),
        Column::text("情形", 18).of(ViolationKind::ALL.iter().map(|k| k.label())),
        Column::text("部门", 26),
        Column::text("权力", 22).of(Power::ALL.iter().map(|p| p.label())),
        Column::text("街道", 14),
        Column::text("情况", 50),
        Column::text("行权记录", 20),
        Column::minute("发现时间"),
        Column::text("谁发现的", 20),
        Column::minute("撤销时间"),
        Column::text("谁撤销的", 12),
        Column::text("撤销理由", 40),
    ]
}

fn cells(v: Violation) -> Vec<Cell> {
    let found_by = v.found_by().to_owned();
    vec![
        v.happened_on.into(),
        v.kind.label().into(),
        v.department.into(),
        v.power.label().into(),
        v.street.into(),
        v.words.unwrap_or_else(|| "另行授权查看".to_owned()).into(),
        v.number.into(),
        v.found_at.into(),
        found_by.into(),
        v.struck_at.into(),
        v.striker.into(),
        v.struck_words.into(),
    ]
}

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TellForm {
    once: String,
    department: String,
    power: String,
    street: String,
    happened_on: String,
    decided: String,
    evidence: String,
}

#[derive(Template)]
#[template(path = "powers/violation_new.html")]
struct TellPage {
    chrome: Chrome,
    /// The plan in force today.
    plan: Option<Plan>,
    is_street: bool,
    reads_cadre: bool,
    form: TellForm,
    errors: FieldErrors,
    refused: String,
}

impl TellPage {
    /// The departments of the plan, once each.
    fn departments(&self) -> Vec<(DepartmentId, &str)> {
        let mut all: Vec<(DepartmentId, &str)> = Vec::new();
        for grant in self.plan.iter().flat_map(|p| &p.grants) {
            if all.last().is_none_or(|(id, _)| *id != grant.department) {
                all.push((grant.department, &grant.name));
            }
        }
        all
    }

    /// The powers with which a department must ask, as far as the viewer speaks of them.
    fn powers(&self) -> Vec<Power> {
        let all = Power::ALL.iter().copied();
        all.filter(|p| must_ask(*p, self.reads_cadre)).collect()
    }

    fn streets(&self) -> &[(String, String)] {
        self.plan.as_ref().map_or(&[], |p| &p.streets)
    }
}

/// Whether a department begins records of a power; of cadres speak only some.
fn must_ask(power: Power, reads_cadre: bool) -> bool {
    power.begins(Origin::Department) && (reads_cadre || power != Power::Cadre)
}

async fn tell_page(visit: &mut Visit, form: TellForm) -> Result<TellPage> {
    let today = visit.tx.today();
    Ok(TellPage {
        chrome: visit.chrome(Section::Powers),
        plan: form::plan(&mut visit.tx, &visit.me, today).await?,
        is_street: visit.me.kind.is_street(),
        reads_cadre: visit.me.kind.may(Permission::ReadCadre),
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// A blank form.
pub(super) async fn blank(mut visit: Visit) -> Result<Response> {
    if !tells(&visit.me) {
        return Err(Error::Forbidden);
    }
    let form = TellForm {
        once: visit.once(),
        ..TellForm::default()
    };
    Ok(Page(tell_page(&mut visit, form).await?).into_response())
}

/// Keeps it.
pub(super) async fn create(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<TellForm>,
) -> Result<Response> {
    if !tells(&visit.me) {
        return Err(Error::Forbidden);
    }
    let location = "/powers/violations?done=told";
    if let Some(answer) = visit.claim(&form.once, location).await? {
        return Ok(answer);
    }
    let id = ViolationId::at(visit.tx.now);
    let told = match checked(&visit, &form) {
        Ok(fault) => acts::tell(&mut visit.tx, &visit.me, id, &fault).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match told {
        Ok(()) => visit.done(location).await,
        Err(error) => {
            let why = error.again()?;
            let mut page = tell_page(&mut visit.afresh(&db).await?, form).await?;
            let status = why.status();
            (page.errors, page.refused) = why.said("赋权方案刚有变动，请核对后再登记。");
            Ok((status, Page(page)).into_response())
        }
    }
}

/// What a violation must say to be kept.
fn checked(visit: &Visit, form: &TellForm) -> std::result::Result<Fault, FieldErrors> {
    let mut errors = FieldErrors::new();
    let department = errors.choice::<DepartmentId>("department", "部门", &form.department);
    let reads_cadre = visit.me.kind.may(Permission::ReadCadre);
    let power = errors.choice::<Power>("power", "权力", &form.power);
    if power.is_some_and(|p| !must_ask(p, reads_cadre)) {
        errors.add("power", "这项权力不在这里登记，请另选。");
    }
    let street = if visit.me.kind.is_street() {
        visit.me.node_code().to_owned()
    } else {
        form.street.trim().to_owned()
    };
    if street.is_empty() {
        errors.add("street", "请选择没有征求哪个街道。");
    }
    let happened_on = errors.day("happened_on", "发生日期", &form.happened_on);
    if happened_on.is_some_and(|day| day > visit.tx.today()) {
        errors.add("happened_on", "发生日期不能晚于今天。");
    }
    let decided = errors.text("decided", "没有征求就决定了什么", &form.decided, (2, 200));
    let evidence = errors.text("evidence", "从哪里看到", &form.evidence, (2, 280));
    match (department, power, happened_on) {
        (Some(department), Some(power), Some(happened_on)) if errors.is_empty() => Ok(Fault {
            department,
            power,
            street,
            words: format!("{decided}\n依据：{evidence}"),
            happened_on,
        }),
        _ => Err(errors),
    }
}

/// What the step sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StrikeForm {
    once: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "powers/violation_strike.html")]
struct StrikePage {
    chrome: Chrome,
    of: Violation,
    form: StrikeForm,
    errors: FieldErrors,
    refused: String,
}

async fn strike_page(visit: &mut Visit, id: ViolationId, form: StrikeForm) -> Result<StrikePage> {
    let of = violations::violation(&mut visit.tx, &visit.me, id).await?;
    let refused = if of.struck_at.is_some() {
        "这一条已经撤销。"
    } else {
        ""
    };
    Ok(StrikePage {
        chrome: visit.chrome(Section::Powers),
        of,
        form,
        errors: FieldErrors::new(),
        refused: refused.to_owned(),
    })
}

/// The question.
pub(super) async fn ask(mut visit: Visit, Path(id): Path<ViolationId>) -> Result<Response> {
    let form = StrikeForm {
        once: visit.once(),
        ..StrikeForm::default()
    };
    Ok(Page(strike_page(&mut visit, id, form).await?).into_response())
}

/// The answer.
pub(super) async fn strike(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<ViolationId>,
    Form(form): Form<StrikeForm>,
) -> Result<Response> {
    let location = "/powers/violations?done=struck";
    if let Some(answer) = visit.claim(&form.once, location).await? {
        return Ok(answer);
    }
    let mut errors = FieldErrors::new();
    let reason = errors.text("reason", "撤销理由", &form.reason, (2, 300));
    let struck = match errors.or(()) {
        Ok(()) => acts::strike(&mut visit.tx, &visit.me, id, &reason).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match struck {
        Ok(()) => visit.done(location).await,
        Err(error) => {
            let why = error.again()?;
            let mut page = strike_page(&mut visit.afresh(&db).await?, id, form).await?;
            let status = why.status();
            match why {
                Again::Invalid(errors) => page.errors = errors,
                Again::Refused(sentence) => page.refused = sentence,
                // The page has looked anew and says so itself.
                Again::Stale => {}
            }
            Ok((status, Page(page)).into_response())
        }
    }
}
