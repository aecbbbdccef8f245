//! The form that begins a record. What a whistle or a matter already says is filled in.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::actions::asking;
use super::super::model::{
    Ask, Award, Content, Origin, Phase, Planning, Power, Project, side, speaks,
};
use super::super::queries::form::{self, Grant, Plan};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::seal::Keys;
use crate::base::web::{Form, Page, Query};
use crate::org::DepartmentId;
use crate::org::access::{Chrome, Section, Visit};
use crate::work::{MatterId, WhistleId};

/// What the form sends, and what its address brings along.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BeginForm {
    once: String,
    power: String,
    department: String,
    street: Vec<String>,
    title: String,
    matter: String,
    basis: String,
    decide_on: String,
    phase: String,
    area: String,
    residents: String,
    beneficiaries: String,
    site: String,
    estimate: String,
    candidate: String,
    award: String,
    meets_at: String,
    place: String,
    party: Vec<String>,
    whistle: String,
    behind: Vec<String>,
}

#[derive(Template)]
#[template(path = "powers/begin.html")]
struct BeginPage {
    chrome: Chrome,
    origin: Origin,
    /// The plan in force, narrowed to what the viewer may begin.
    plan: Option<Plan>,
    power: Option<Power>,
    /// The matters behind it: id, words.
    alike: Vec<(MatterId, String)>,
    /// The whistle behind it: id, words.
    whistle: Option<(WhistleId, String)>,
    form: BeginForm,
    errors: FieldErrors,
    refused: String,
}

impl BeginPage {
    /// The powers that the viewer may begin, each with how many departments grant it.
    fn powers(&self) -> Vec<(Power, usize)> {
        let grants = self.plan.as_ref().map_or(&[][..], |p| &p.grants);
        let count = |power: Power| grants.iter().filter(|g| g.power == power).count();
        let all = Power::ALL.iter().map(|p| (*p, count(*p)));
        all.filter(|(_, n)| *n > 0).collect()
    }

    /// The grants of the chosen power.
    fn grants(&self) -> Vec<&Grant> {
        let all = self.plan.iter().flat_map(|p| &p.grants);
        all.filter(|g| Some(g.power) == self.power).collect()
    }

    fn streets(&self) -> &[(String, String)] {
        self.plan.as_ref().map_or(&[], |p| &p.streets)
    }

    fn title(&self) -> &'static str {
        match self.power {
            Some(power) => power.record(self.origin),
            None if self.origin == Origin::Department => "征求街道意见",
            None => "提建议、召集协调",
        }
    }

    /// Where a record of it is begun.
    fn href(&self, power: &Power) -> String {
        match power {
            Power::Cadre => "/powers/cadre/new".to_owned(),
            Power::Planning | Power::Coordination | Power::Project | Power::Award => {
                format!("/powers/new?power={}", power.code())
            }
        }
    }

    fn is(&self, power: Power) -> bool {
        self.power == Some(power)
    }

    fn asks(&self) -> bool {
        self.origin == Origin::Department
    }

    fn is_chosen(&self, department: &DepartmentId) -> bool {
        self.form.department == department.to_string()
    }

    fn is_called(&self, department: &DepartmentId) -> bool {
        self.form.party.contains(&department.to_string())
    }

    fn is_asked(&self, street: &str) -> bool {
        self.form.street.iter().any(|s| s == street)
    }

    fn is_behind(&self, matter: &MatterId) -> bool {
        self.form.behind.contains(&matter.to_string())
    }

    fn button(&self) -> &'static str {
        match (self.power, self.origin) {
            (Some(Power::Coordination), _) => "召集协调",
            (_, Origin::Department) => "征求意见",
            (_, Origin::Street) => "提出建议",
        }
    }

    fn matter_label(&self) -> &'static str {
        match self.power {
            Some(Power::Coordination) => "要协调什么",
            Some(Power::Project) => "为什么需要",
            Some(Power::Planning) => "规划内容",
            Some(Power::Award) => "事迹和理由",
            Some(Power::Cadre) | None => "内容",
        }
    }
}

/// A blank form, filled in with what is known.
pub(super) async fn blank(mut visit: Visit, Query(mut form): Query<BeginForm>) -> Result<Response> {
    form.once = visit.once();
    let known = known(&mut visit, &mut form).await?;
    let page = page(&mut visit, form, known).await?;
    Ok(Page(page).into_response())
}

/// Where a record comes from, in words.
#[derive(Default)]
struct Known {
    alike: Vec<(MatterId, String)>,
    whistle: Option<(WhistleId, String)>,
}

/// Fills in what the whistle or the matters say already, where nothing is typed yet.
async fn known(visit: &mut Visit, form: &mut BeginForm) -> Result<Known> {
    let mut known = Known::default();
    let typed = !form.title.is_empty();
    if let Ok(id) = form.whistle.parse::<WhistleId>() {
        let found = form::from_whistle(&mut visit.tx, &visit.me, id).await?;
        let from = found.ok_or(Error::NotFound)?;
        known.whistle = Some((id, format!("{} {}", from.number, from.title)));
        if !typed {
            form.title = from.title.chars().take(60).collect();
            form.matter = format!("{}\n已做：{}", from.problem, from.measures);
            form.place = from.place;
            form.department = from.lead.map(|d| d.to_string()).unwrap_or_default();
            let others = from.departments.iter().filter(|d| Some(**d) != from.lead);
            form.party = others.map(ToString::to_string).collect();
        }
    }
    if let Some(Ok(id)) = form.behind.first().map(|id| id.parse::<MatterId>()) {
        let found = form::from_matter(&mut visit.tx, &visit.me, id).await?;
        let from = found.ok_or(Error::NotFound)?;
        if !typed {
            form.title = format!("{}{}治理项目", from.community, from.class);
            form.title = form.title.chars().take(60).collect();
            form.matter = format!(
                "{}近一年发生“{}”{} 件，例如{}{}。",
                from.community,
                from.class,
                from.alike.len(),
                from.place,
                from.title
            );
            form.site.clone_from(&from.place);
            if from.households > 0 {
                form.beneficiaries = from.households.to_string();
            }
            form.behind = from.alike.iter().map(|m| m.id.to_string()).collect();
        }
        let said = from.alike.into_iter().map(|m| {
            let words = format!("{} {} {} {}", m.filed_on, m.number, m.place, m.title);
            (m.id, words)
        });
        known.alike = said.collect();
    }
    Ok(known)
}

async fn page(visit: &mut Visit, mut form: BeginForm, known: Known) -> Result<BeginPage> {
    let today = visit.tx.today();
    let origin = side(&visit.me).ok_or(Error::Forbidden)?;
    let mut plan = form::plan(&mut visit.tx, &visit.me, today).await?;
    let (me, own) = (&visit.me, visit.me.department());
    if let Some(plan) = &mut plan {
        plan.grants.retain(|g| {
            g.power.begins(origin)
                && speaks(me, g.power)
                && own.is_none_or(|own| g.department == own)
        });
    }
    if let Some(own) = own {
        form.department = own.to_string();
    }
    let power = form.power.parse().ok();
    let granted = |power: &Power| {
        let mut grants = plan.iter().flat_map(|p| &p.grants);
        grants.any(|g| g.power == *power)
    };
    Ok(BeginPage {
        chrome: visit.chrome(Section::Exercises),
        origin,
        // A cadre record has a page of its own.
        power: power.filter(|p| *p != Power::Cadre && granted(p)),
        plan,
        alike: known.alike,
        whistle: known.whistle,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// Begins it.
pub(super) async fn create(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Form(form): Form<BeginForm>,
) -> Result<Response> {
    let location = "/powers/records?tab=open";
    if let Some(answer) = visit.claim(&form.once, location).await? {
        return Ok(answer);
    }
    match begin(&mut visit, &keys, &form).await {
        Ok(id) => visit.done(&format!("/powers/{id}?done=begun")).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, form, why).await
        }
    }
}

async fn begin(
    visit: &mut Visit,
    keys: &Keys,
    form: &BeginForm,
) -> Result<crate::work::ExerciseId> {
    let origin = side(&visit.me).ok_or(Error::Forbidden)?;
    let mut errors = FieldErrors::new();
    let power = errors.choice::<Power>("power", "权力", &form.power);
    let power = power.filter(|p| p.begins(origin) && speaks(&visit.me, *p));
    let Some(power) = power else {
        return Err(Error::Refused(
            "这项权力不由本职务提起。请核对赋权方案。".to_owned(),
        ));
    };
    let ask = checked(visit, (form, power, origin), &mut errors);
    match ask {
        Some(ask) if errors.is_empty() => asking::begin(&mut visit.tx, &visit.me, keys, &ask).await,
        _ => Err(Error::Invalid(errors)),
    }
}

/// What a record must say to begin.
fn checked(
    visit: &Visit,
    (form, power, origin): (&BeginForm, Power, Origin),
    errors: &mut FieldErrors,
) -> Option<Ask> {
    let department = match visit.me.department() {
        Some(own) => Some(own),
        None => errors.choice("department", "部门", &form.department),
    };
    let streets = match origin {
        Origin::Street => vec![visit.me.node_code().to_owned()],
        Origin::Department => {
            if form.street.is_empty() {
                errors.add("street", "请至少选择一个街道。");
            }
            let mut streets = form.street.clone();
            streets.sort_unstable();
            streets.dedup();
            streets
        }
    };
    let title = errors.text("title", "事由", &form.title, (2, 60));
    let matter = errors.text("matter", "内容", &form.matter, (2, 1000));
    let basis = errors.text("basis", "来文依据", &form.basis, (0, 120));
    let decide_on = (origin == Origin::Department)
        .then(|| errors.day("decide_on", "拟决定日期", &form.decide_on))
        .flatten();
    let content = content(visit, (form, power, department), errors);
    let behind = form.behind.iter().filter_map(|id| id.parse().ok());
    Some(Ask {
        origin,
        department: department?,
        streets,
        title,
        matter,
        basis,
        whistle: form.whistle.parse().ok(),
        matters: behind.collect(),
        decide_on,
        content: content?,
    })
}

/// What only this power asks for.
fn content(
    visit: &Visit,
    (form, power, department): (&BeginForm, Power, Option<DepartmentId>),
    errors: &mut FieldErrors,
) -> Option<Content> {
    match power {
        Power::Planning => {
            let area = errors.text("area", "范围", &form.area, (2, 200));
            let residents = errors.text("residents", "群众意见", &form.residents, (0, 500));
            let phase = errors.choice::<Phase>("phase", "规划阶段", &form.phase)?;
            Some(Content::Planning(Planning {
                phase,
                area,
                residents,
            }))
        }
        Power::Project => {
            let site = errors.text("site", "地点", &form.site, (2, 120));
            let residents = errors.text("residents", "群众意见", &form.residents, (0, 500));
            let beneficiaries = form.beneficiaries.trim().parse::<i32>().ok();
            let beneficiaries = beneficiaries.filter(|n| (1..=1_000_000).contains(n));
            if beneficiaries.is_none() {
                errors.add("beneficiaries", "受益户数写整数，例如 128。");
            }
            let estimate = yuan(&form.estimate);
            if estimate.is_none() {
                errors.add("estimate", "估算写万元，例如 12.5；还没有估算写 0。");
            }
            Some(Content::Project(Project {
                beneficiaries: beneficiaries?,
                site,
                estimate: estimate?,
                residents,
                pool: None,
                budget_year: None,
            }))
        }
        Power::Award => Some(Content::Award(Award {
            candidate: errors.text("candidate", "拟评对象", &form.candidate, (2, 60)),
            award: errors.text("award", "荣誉名称", &form.award, (2, 60)),
        })),
        Power::Coordination => {
            let place = errors.text("place", "地点", &form.place, (2, 60));
            let at = errors.minute("meets_at", "开会时间", &form.meets_at);
            if at.is_some_and(|at| at <= visit.tx.now) {
                errors.add("meets_at", "开会时间要晚于现在。");
            }
            let mut others: Vec<DepartmentId> =
                form.party.iter().filter_map(|id| id.parse().ok()).collect();
            others.retain(|id| Some(*id) != department);
            others.sort_unstable();
            others.dedup();
            Some(Content::Coordination(at?, place, others))
        }
        // Begun on a page of its own, where what is written is sealed.
        Power::Cadre => None,
    }
}

/// Yuan of an amount in ten thousands, with up to four places.
fn yuan(typed: &str) -> Option<i64> {
    let typed = typed.trim();
    let (whole, rest) = typed.split_once('.').unwrap_or((typed, ""));
    if rest.len() > 4 || !rest.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole
        .parse()
        .ok()
        .filter(|w| (0..=10_000_000).contains(w))?;
    let rest: i64 = format!("{rest:0<4}").parse().ok()?;
    Some(whole * 10_000 + rest)
}

/// The form again with everything that was typed.
async fn again(mut visit: Visit, mut form: BeginForm, why: Again) -> Result<Response> {
    let known = known(&mut visit, &mut form).await?;
    let mut page = page(&mut visit, form, known).await?;
    let status = why.status();
    (page.errors, page.refused) = why.said("赋权方案刚有变动，请核对后再提交。");
    Ok((status, Page(page)).into_response())
}

#[cfg(test)]
mod tests {
    use super::yuan;

    #[test]
    fn ten_thousands_are_read_as_written() {
        for (typed, yuan_) in [
            ("0", Some(0)),
            ("12.5", Some(125_000)),
            (" 3 ", Some(30_000)),
            ("0.0001", Some(1)),
            ("1.23456", None),
            ("-1", None),
            ("1e3", None),
            ("", None),
            ("10000001", None),
        ] {
            assert_eq!(yuan(typed), yuan_, "{typed}");
        }
    }
}
