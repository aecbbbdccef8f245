//! The register of phrases, its file, and the form of one.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions::{self, Weighed};
use super::model::{Content, Difference, Phrase, PhraseForm, Step, Version, offered};
use super::queries;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::base::paging::Paged;
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Section, Visit};
use crate::org::events;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeeStaff);
    const SET: Access = Access::Can(Permission::SetPhrases);
    Routes::new()
        .get("/phrases", SEE, list)
        .get("/phrases.csv", SEE, export)
        .get("/phrases.xlsx", SEE, export)
        .get("/phrases/new", SET, blank)
        .post("/phrases", SET, create)
        .get("/phrases/{id}", SET, edit)
        .post("/phrases/{id}", SET, change)
}

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    step: String,
    /// `no`: those out of use.
    #[serde(skip_serializing_if = "String::is_empty")]
    used: String,
    #[serde(skip_serializing)]
    done: String,
}

impl Asked {
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }

    fn keeps(&self, phrase: &Phrase, today: NaiveDate) -> bool {
        let step: Option<Step> = self.step.parse().ok();
        step.is_none_or(|step| step == phrase.step) && phrase.is_used(today) != (self.used == "no")
    }

    fn step(&self) -> Option<Step> {
        self.step.parse().ok()
    }
}

/// The phrases of one step.
struct Part {
    step: Step,
    phrases: Vec<Phrase>,
}

#[derive(Template)]
#[template(path = "phrases/list.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    parts: Vec<Part>,
    total: usize,
    may_set: bool,
    today: NaiveDate,
    now: chrono::DateTime<chrono::Utc>,
}

impl List {
    /// What a phrase says now, or will say if it has not begun.
    fn shown<'a>(&self, phrase: &'a Phrase) -> Option<&'a Version> {
        phrase.on(self.today).or(phrase.last())
    }

    fn has_begun(&self, version: &Version) -> bool {
        version.from_day <= self.today
    }

    /// What comes after what it says now.
    fn next(&self, phrase: &Phrase, shown: &Version) -> Option<String> {
        let next = phrase.next(self.today)?;
        let day = words::day(next.from_day);
        let words = if !next.is_used {
            "停用".to_owned()
        } else if next.text != shown.text {
            format!("改为：{}", next.text)
        } else if next.version == shown.version || !shown.is_used {
            "在用".to_owned()
        } else {
            format!("排序 {}", next.position)
        };
        Some(format!("{day} 起{words}"))
    }
}

async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let today = visit.tx.today();
    let all = queries::all(&mut visit.tx, &visit.me).await?;
    let mut parts: Vec<Part> = Vec::new();
    let mut total = 0;
    for phrase in all.into_iter().filter(|p| asked.keeps(p, today)) {
        total += 1;
        match parts.last_mut().filter(|part| part.step == phrase.step) {
            Some(part) => part.phrases.push(phrase),
            None => parts.push(Part {
                step: phrase.step,
                phrases: vec![phrase],
            }),
        }
    }
    Ok(Page(List {
        chrome: visit.chrome(Section::Phrases),
        asked,
        parts,
        total,
        may_set: visit.me.kind.may(Permission::SetPhrases),
        today,
        now: visit.tx.now,
    })
    .into_response())
}

/// Exactly the list, as the import reads it again.
async fn export(mut visit: Visit, format: Format, Query(asked): Query<Asked>) -> Result<Response> {
    let today = visit.tx.today();
    let columns = vec![
        Column::number("编号"),
        Column::text("步骤", 14).of(Step::ALL.iter().map(|s| s.label())),
        Column::text("常用语", 70),
        Column::number("排序"),
        Column::text("情况", 8).of(["在用", "停用"]),
        Column::day("生效日期"),
    ];
    let mut sheet = Sheet::new(format, ("phrases", "常用语"), columns)?;
    let mut all = queries::all(&mut visit.tx, &visit.me).await?;
    all.retain(|phrase| asked.keeps(phrase, today));
    let page = Paged::new(all, 0, 1, |phrase| phrase.number);
    sheet.add(page, cells)?;
    events::sheet(visit, sheet).await
}

fn cells(phrase: Phrase) -> Vec<Cell> {
    let Some(last) = phrase.versions.into_iter().next() else {
        return Vec::new();
    };
    vec![
        phrase.number.into(),
        phrase.step.label().into(),
        last.text.as_str().into(),
        i32::from(last.position).into(),
        last.state().into(),
        last.from_day.into(),
    ]
}

#[derive(Template)]
#[template(path = "phrases/write.html")]
struct Write {
    chrome: Chrome,
    /// The one that is changed.
    phrase: Option<Phrase>,
    form: PhraseForm,
    errors: FieldErrors,
    refused: String,
    today: NaiveDate,
}

impl Write {
    fn has_begun(&self, version: &Version) -> bool {
        version.from_day <= self.today
    }

    fn action(&self) -> String {
        action(self.phrase.as_ref())
    }

    fn title(&self) -> String {
        self.phrase.as_ref().map_or_else(
            || "增加常用语".to_owned(),
            |p| format!("修改第 {} 条", p.number),
        )
    }
}

fn action(phrase: Option<&Phrase>) -> String {
    phrase.map_or_else(|| "/phrases".to_owned(), |p| format!("/phrases/{}", p.id))
}

fn write(visit: &Visit, phrase: Option<Phrase>, form: PhraseForm) -> Write {
    Write {
        chrome: visit.chrome(Section::Phrases),
        phrase,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
        today: visit.tx.today(),
    }
}

async fn blank(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let all = queries::all(&mut visit.tx, &visit.me).await?;
    let own = all.iter().filter(|p| Some(p.step) == asked.step());
    let last = own.filter_map(|p| p.last()).map(|v| v.position).max();
    let form = PhraseForm {
        once: visit.once(),
        step: asked.step,
        position: last.map_or(10, |last| (last + 10).min(999)).to_string(),
        used: "yes".to_owned(),
        from_day: words::day(visit.tx.today()),
        ..PhraseForm::default()
    };
    Ok(Page(write(&visit, None, form)).into_response())
}

async fn found(visit: &mut Visit, id: Uuid) -> Result<Phrase> {
    let all = queries::all(&mut visit.tx, &visit.me).await?;
    all.into_iter()
        .find(|phrase| phrase.id == id)
        .ok_or(Error::NotFound)
}

async fn edit(mut visit: Visit, Path(id): Path<Uuid>) -> Result<Response> {
    let phrase = found(&mut visit, id).await?;
    let form = PhraseForm {
        once: visit.once(),
        ..PhraseForm::of(&phrase, visit.tx.today())
    };
    Ok(Page(write(&visit, Some(phrase), form)).into_response())
}

async fn create(
    State(db): State<Db>,
    visit: Visit,
    Form(form): Form<PhraseForm>,
) -> Result<Response> {
    keep(&db, visit, None, form).await
}

async fn change(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Form(form): Form<PhraseForm>,
) -> Result<Response> {
    keep(&db, visit, Some(id), form).await
}

async fn keep(db: &Db, mut visit: Visit, own: Option<Uuid>, form: PhraseForm) -> Result<Response> {
    match form.act.as_str() {
        "save" => save(db, visit, own, form).await,
        "edit" => {
            let phrase = match own {
                Some(id) => Some(found(&mut visit, id).await?),
                None => None,
            };
            Ok(Page(write(&visit, phrase, form)).into_response())
        }
        _ => match look(&mut visit, own, &form).await {
            Ok(page) => Ok(Page(page).into_response()),
            Err(error) => again(visit.afresh(db).await?, own, form, error.again()?).await,
        },
    }
}

#[derive(Template)]
#[template(path = "phrases/preview.html")]
struct Preview {
    chrome: Chrome,
    /// The one that is changed.
    phrase: Option<Phrase>,
    form: PhraseForm,
    content: Content,
    changes: Vec<Difference>,
    /// What the form will offer, in its order.
    offered: Vec<(String, bool)>,
    today: NaiveDate,
}

impl Preview {
    fn action(&self) -> String {
        action(self.phrase.as_ref())
    }

    /// What was to come from that day on and will not.
    fn gone(&self) -> Option<&Version> {
        let next = self.phrase.as_ref()?.next(self.today)?;
        (next.from_day >= self.content.from_day).then_some(next)
    }
}

/// What a change changes, before anything is written.
async fn look(visit: &mut Visit, own: Option<Uuid>, form: &PhraseForm) -> Result<Preview> {
    let (tx, me) = (&mut visit.tx, &visit.me);
    let Weighed { content, all } = match own {
        Some(id) => actions::weigh(tx, me, id, form).await?,
        None => actions::weigh_new(tx, me, form).await?,
    };
    let (mut phrase, mut changes) = (None, Vec::new());
    if let Some(id) = own {
        let (own, last) = actions::own(&all, id)?;
        changes = content.differences(own.step, last);
        phrase = Some(own.clone());
    }
    Ok(Preview {
        offered: offered(&all, own, &content),
        chrome: visit.chrome(Section::Phrases),
        phrase,
        form: form.clone(),
        content,
        changes,
        today: visit.tx.today(),
    })
}

async fn save(db: &Db, mut visit: Visit, own: Option<Uuid>, form: PhraseForm) -> Result<Response> {
    let location = if own.is_some() {
        "/phrases?done=change"
    } else {
        "/phrases?done=add"
    };
    if let Some(answer) = visit.claim(&form.once, location).await? {
        return Ok(answer);
    }
    let (tx, me) = (&mut visit.tx, &visit.me);
    let done = if let Some(id) = own {
        actions::change(tx, me, id, &form).await
    } else {
        let id = uuid_at(tx.now);
        actions::add(tx, me, id, &form).await
    };
    match done {
        Ok(()) => visit.done(location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(db).await?, own, form, why).await
        }
    }
}

/// The form again with everything that was typed; where somebody else was first it goes on from
/// what is there now, which stands below it.
async fn again(
    mut visit: Visit,
    own: Option<Uuid>,
    mut form: PhraseForm,
    why: Again,
) -> Result<Response> {
    let phrase = match own {
        Some(id) => Some(found(&mut visit, id).await?),
        None => None,
    };
    if let Some(phrase) = &phrase {
        phrase.step.code().clone_into(&mut form.step);
    }
    let status = why.status();
    if let (Again::Stale, Some(last)) = (&why, phrase.as_ref().and_then(Phrase::last)) {
        form.version = last.version.to_string();
    }
    let mut page = write(&visit, phrase, form);
    (page.errors, page.refused) = why.said("您打开这一页以后，别人改过常用语，修改记录在下面。您填的还在，核对后再保存一次就以您填的为准。");
    Ok((status, Page(page)).into_response())
}
