//! Departments: a new one, what one is called, its end.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::super::actions;
use super::super::model::DepartmentForm;
use super::super::queries::{self, Department};
use super::{Wrong, shown};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::web::{Form, Path};
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::units::DepartmentKind;

#[derive(Template)]
#[template(path = "redraw/department.html")]
struct Write {
    chrome: Chrome,
    /// The department that is changed; none for a new one.
    of: Option<Department>,
    form: DepartmentForm,
    wrong: Wrong,
}

impl Write {
    fn title(&self) -> &'static str {
        match self.of {
            None => "设立部门",
            Some(_) => "改名称、种类和排序",
        }
    }

    fn trail(&self) -> Vec<(String, String)> {
        match &self.of {
            Some(department) => trail(department).into(),
            None => vec![("/departments".to_owned(), "部门".to_owned())],
        }
    }

    fn action(&self) -> String {
        match &self.of {
            None => "/departments".to_owned(),
            Some(d) => format!("/departments/{}/edit", d.id),
        }
    }

    fn back(&self) -> String {
        match &self.of {
            None => "/departments".to_owned(),
            Some(d) => format!("/departments/{}", d.id),
        }
    }
}

/// The way to a department's own page, for the crumbs of what is done with it.
fn trail(department: &Department) -> [(String, String); 2] {
    [
        ("/departments".to_owned(), "部门".to_owned()),
        (
            format!("/departments/{}", department.id),
            department.facts.name.clone(),
        ),
    ]
}

/// The form of a new department.
pub(super) async fn blank(mut visit: Visit) -> Result<Response> {
    let position = queries::next_position(&mut visit.tx, &visit.me).await?;
    let form = DepartmentForm {
        once: visit.once(),
        position: position.to_string(),
        ..DepartmentForm::default()
    };
    Ok(shown(written(&visit, None, form), None))
}

fn written(visit: &Visit, of: Option<Department>, form: DepartmentForm) -> Write {
    Write {
        chrome: visit.chrome(Section::Departments),
        of,
        form,
        wrong: Wrong::default(),
    }
}

/// Adds it.
pub(super) async fn add(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<DepartmentForm>,
) -> Result<Response> {
    let id = DepartmentId::at(visit.tx.now);
    let location = format!("/departments/{id}?done=added");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match actions::add_department(&mut visit.tx, &visit.me, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let visit = visit.afresh(&db).await?;
            let mut page = written(&visit, None, form);
            let status = why.status();
            page.wrong = Wrong::of(why);
            Ok(shown(page, Some(status)))
        }
    }
}

async fn standing(visit: &mut Visit, id: DepartmentId) -> Result<Department> {
    let department = queries::department(&mut visit.tx, &visit.me, id).await?;
    if department.valid_to.is_some() {
        return Err(Error::Refused(
            "这个部门已经撤销，不能再改。请回到部门列表看现在的部门。".to_owned(),
        ));
    }
    Ok(department)
}

/// The form of a department as it is called now.
pub(super) async fn edit(mut visit: Visit, Path(id): Path<DepartmentId>) -> Result<Response> {
    let department = standing(&mut visit, id).await?;
    let form = filled(&visit, &department);
    Ok(shown(written(&visit, Some(department), form), None))
}

fn filled(visit: &Visit, department: &Department) -> DepartmentForm {
    DepartmentForm {
        once: visit.once(),
        version: department.version.to_string(),
        code: department.code.clone(),
        name: department.facts.name.clone(),
        kind: department.facts.kind.code().to_owned(),
        position: department.facts.position.to_string(),
    }
}

/// Changes it.
pub(super) async fn amend(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<DepartmentId>,
    Form(mut form): Form<DepartmentForm>,
) -> Result<Response> {
    let location = format!("/departments/{id}?done=amended");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match actions::amend_department(&mut visit.tx, &visit.me, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let now = standing(&mut visit, id).await?;
            let status = why.status();
            let mut wrong = Wrong::of(why);
            if wrong.refused == super::STALE {
                let fresh = filled(&visit, &now);
                wrong.refused = format!(
                    "您打开这一页以后，别人改过这个部门：现在是{}，{}，排序 {}。下面是您填的，核对后再保存一次就以您填的为准。",
                    now.facts.name,
                    now.facts.kind.label(),
                    now.facts.position
                );
                form.version = fresh.version;
                form.once = fresh.once;
            }
            let mut page = written(&visit, Some(now), form);
            page.wrong = wrong;
            Ok(shown(page, Some(status)))
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EndForm {
    once: String,
    seen: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "redraw/department_end.html")]
struct Ending {
    chrome: Chrome,
    department: Department,
    today: String,
    form: EndForm,
    wrong: Wrong,
}

impl Ending {
    fn trail(&self) -> [(String, String); 2] {
        trail(&self.department)
    }

    fn barred(&self) -> Option<String> {
        actions::stands_in_the_way(&self.department)
    }
}

/// What will happen, and the form.
pub(super) async fn ask_ending(mut visit: Visit, Path(id): Path<DepartmentId>) -> Result<Response> {
    let form = EndForm {
        once: visit.once(),
        ..EndForm::default()
    };
    Ok(shown(ending(&mut visit, id, form).await?, None))
}

async fn ending(visit: &mut Visit, id: DepartmentId, form: EndForm) -> Result<Ending> {
    Ok(Ending {
        department: standing(visit, id).await?,
        chrome: visit.chrome(Section::Departments),
        today: words::day(visit.tx.today()),
        form,
        wrong: Wrong::default(),
    })
}

/// Ends it.
pub(super) async fn end(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<DepartmentId>,
    Form(form): Form<EndForm>,
) -> Result<Response> {
    let location = format!("/departments/{id}?done=ended");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let asked = (form.seen.as_str(), form.reason.as_str());
    match actions::end_department(&mut visit.tx, &visit.me, id, asked).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = ending(&mut visit, id, form).await?;
            let status = why.status();
            page.wrong = Wrong::of(why);
            Ok(shown(page, Some(status)))
        }
    }
}
