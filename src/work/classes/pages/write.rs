//! The form of a class: filled in, looked at, kept.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::super::actions;
use super::super::model::{
    AHEAD, Asked, CONDITIONS, Class, ClassForm, Difference, Local, Major, difference,
};
use super::super::queries;
use super::preview::look;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Saved, Section, Visit};
use crate::org::documents::{self, Basis};

/// What is changed: a class, or a new one among these major classes.
#[derive(Clone, Debug)]
pub(super) enum Of {
    Class(Box<Class>),
    New(Vec<Major>),
}

impl Of {
    pub(super) fn class(&self) -> Option<&Class> {
        match self {
            Self::Class(class) => Some(class),
            Self::New(_) => None,
        }
    }

    pub(super) fn majors(&self) -> &[Major] {
        match self {
            Self::Class(_) => &[],
            Self::New(majors) => majors,
        }
    }

    /// Where its form is sent.
    pub(super) fn action(&self) -> String {
        self.class().map_or_else(
            || "/classes".to_owned(),
            |class| format!("/classes/{}/edit", class.code),
        )
    }

    /// Where one goes without changing anything.
    pub(super) fn back(&self) -> String {
        self.class().map_or_else(
            || "/classes".to_owned(),
            |class| format!("/classes/{}", class.code),
        )
    }

    pub(super) fn title(&self) -> String {
        self.class().map_or_else(
            || "增设本地类别".to_owned(),
            |class| format!("改类别 {}", class.code),
        )
    }
}

#[derive(Template)]
#[template(path = "classes/write.html")]
struct Write {
    chrome: Chrome,
    of: Of,
    form: ClassForm,
    errors: FieldErrors,
    refused: String,
    /// What somebody else kept meanwhile.
    kept_now: Vec<Difference>,
    citable: Vec<Basis>,
    today: NaiveDate,
    rows: usize,
}

impl Write {
    fn filing(&self, row: &usize) -> &str {
        self.form.row(*row).0
    }

    fn closing(&self, row: &usize) -> &str {
        self.form.row(*row).1
    }

    fn wrong(&self, field: &str, row: &usize) -> &str {
        self.errors.of(&format!("{field}-{row}"))
    }

    fn last_day(&self) -> String {
        words::day(self.today + chrono::Duration::days(AHEAD))
    }

    /// What is called how and stands where, for the head.
    fn about(&self) -> String {
        let Some(class) = self.of.class() else {
            return "编码由系统给，从 99 往下排，给过的不再用".to_owned();
        };
        let last = class.last();
        let name = last.map_or("", |v| v.content.name.as_str());
        let number = last.map_or(0, |v| v.number);
        format!("{name}，以第 {number} 版为底")
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    /// `end`: the form begins with 停用.
    act: String,
}

/// The form of a new class.
pub(super) async fn blank(mut visit: Visit) -> Result<Response> {
    let today = visit.tx.today();
    let form = ClassForm {
        once: visit.once(),
        in_use: "yes".to_owned(),
        from_day: words::day(today),
        ..ClassForm::default()
    };
    Ok(Page(write(&mut visit, None, form).await?).into_response())
}

/// The form of a class as its last version is.
pub(super) async fn edit(
    mut visit: Visit,
    Path(code): Path<String>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let class = queries::class(&mut visit.tx, &visit.me, &code).await?;
    let last = class.last().ok_or(Error::NotFound)?;
    let mut form = ClassForm::of(last, visit.once(), visit.tx.today());
    if wish.act == "end" {
        "no".clone_into(&mut form.in_use);
    }
    let of = Of::Class(Box::new(class));
    Ok(Page(drawn(&mut visit, of, form).await?).into_response())
}

async fn of(visit: &mut Visit, code: Option<&str>) -> Result<Of> {
    Ok(match code {
        Some(code) => Of::Class(Box::new(
            queries::class(&mut visit.tx, &visit.me, code).await?,
        )),
        None => Of::New(queries::majors(&mut visit.tx, &visit.me).await?),
    })
}

async fn write(visit: &mut Visit, code: Option<&str>, form: ClassForm) -> Result<Write> {
    let of = of(visit, code).await?;
    drawn(visit, of, form).await
}

async fn drawn(visit: &mut Visit, of: Of, form: ClassForm) -> Result<Write> {
    let citable = documents::citable(&mut visit.tx, &visit.me).await?;
    let typed = form.filing.len().max(form.closing.len());
    let more = usize::from(form.act == "more");
    Ok(Write {
        chrome: visit.chrome(Section::Classes),
        of,
        rows: (typed + more).clamp(3, CONDITIONS.max(typed)),
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
        kept_now: Vec::new(),
        citable,
        today: visit.tx.today(),
    })
}

/// A new class: looked at, then kept.
pub(super) async fn create(
    State(db): State<Db>,
    visit: Visit,
    Form(form): Form<ClassForm>,
) -> Result<Response> {
    answer(&db, visit, None, form).await
}

/// A change of a class: looked at, then kept.
pub(super) async fn change(
    State(db): State<Db>,
    visit: Visit,
    Path(code): Path<String>,
    Form(form): Form<ClassForm>,
) -> Result<Response> {
    answer(&db, visit, Some(code), form).await
}

async fn answer(
    db: &Db,
    mut visit: Visit,
    code: Option<String>,
    form: ClassForm,
) -> Result<Response> {
    let code = code.as_deref();
    let tried = match form.act.as_str() {
        "edit" | "more" => {
            return Ok(Page(write(&mut visit, code, form).await?).into_response());
        }
        "save" => save(&mut visit, code, &form).await,
        _ => match look(&mut visit, code, &form).await {
            Ok(page) => return Ok(Page(page).into_response()),
            Err(error) => Err(error),
        },
    };
    let why = match tried {
        Ok(saved) => return visit.saved(saved).await,
        Err(error) => error.again()?,
    };
    again(visit.afresh(db).await?, code, form, why).await
}

/// The form read against what there is.
pub(super) async fn read(
    visit: &mut Visit,
    code: Option<&str>,
    form: &ClassForm,
) -> Result<(Of, Asked)> {
    let of = of(visit, code).await?;
    let citable = documents::citable(&mut visit.tx, &visit.me).await?;
    let today = visit.tx.today();
    let read = form.read(&citable, today);
    let no_major = of.class().is_none() && !of.majors().iter().any(|m| m.key == form.major);
    match read {
        Ok(asked) if !no_major => Ok((of, asked)),
        read => {
            let mut errors = FieldErrors::new();
            if no_major {
                errors.add("major", "请选择大类。");
            }
            if let Err(others) = read {
                errors.extend(others);
            }
            Err(Error::Invalid(errors))
        }
    }
}

/// The new class with the code that it gets; none where a class is changed.
pub(super) fn local(of: &Of, form: &ClassForm) -> Result<Option<Local>> {
    let Some(major) = of.majors().iter().find(|m| m.key == form.major) else {
        return Ok(None);
    };
    let Some(code) = major.next().map(str::to_owned) else {
        let mut errors = FieldErrors::new();
        errors.add(
            "major",
            "这一大类的本地编码已经用完，请改用已有的类别，或者选别的大类。",
        );
        return Err(Error::Invalid(errors));
    };
    Ok(Some(Local {
        major: major.clone(),
        code,
    }))
}

async fn save(visit: &mut Visit, code: Option<&str>, form: &ClassForm) -> Result<Saved> {
    let there = match code {
        Some(code) => format!("/classes/{code}?done=change"),
        None => format!("/classes/{}?done=new", form.version),
    };
    if let Some(earlier) = visit.claim(&form.once, &there).await? {
        return Ok(Saved::Earlier(earlier));
    }
    let (of, asked) = read(visit, code, form).await?;
    let kept = (&asked.content, &asked.why);
    match (local(&of, form)?, code) {
        (Some(local), _) => {
            let local = Local {
                code: form.version.clone(),
                ..local
            };
            actions::add(&mut visit.tx, &visit.me, &local, kept).await?;
        }
        (None, code) => {
            let code = code.ok_or(Error::NotFound)?;
            let seen = form.version.parse().map_err(|_| Error::Stale)?;
            actions::change(&mut visit.tx, &visit.me, (code, seen), kept).await?;
        }
    }
    Ok(Saved::Now(there))
}

/// The form again with everything that was typed. Where somebody else was first it goes on from what
/// is kept now, which stands beside it.
async fn again(
    mut visit: Visit,
    code: Option<&str>,
    mut form: ClassForm,
    why: Again,
) -> Result<Response> {
    form.once = visit.once();
    let seen = form.version.parse::<i32>().unwrap_or(0);
    let mut page = write(&mut visit, code, form).await?;
    let status: StatusCode = why.status();
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => page.refused = sentence,
        Again::Stale => {
            if let Some((last, number, differs)) = page.of.class().and_then(|c| newer(c, seen)) {
                page.refused = format!(
                    "您打开这一页以后，{last}改了这个类别，您的还没有保存。表单里是您填的，核对后再预览一次，就以您的为准。"
                );
                page.kept_now = differs;
                page.form.version = number.to_string();
            } else {
                "刚有人在这个大类增设了一个，编码顺延，您的还没有保存。请再预览一次。"
                    .clone_into(&mut page.refused);
            }
        }
    }
    Ok((status, Page(page)).into_response())
}

/// Who made the last version, its number, and what it says otherwise than the one that was seen.
fn newer(class: &Class, seen: i32) -> Option<(String, i32, Vec<Difference>)> {
    let last = class.last()?;
    let old = class.versions.iter().find(|v| v.number == seen);
    let differs = difference(old.map(|v| &v.content), &last.content);
    let who = last.by.clone().unwrap_or_default();
    Some((who, last.number, differs))
}
