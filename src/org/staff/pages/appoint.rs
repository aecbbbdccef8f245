//! The steps that ask before somebody is appointed or relieved, or a post is abolished.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::super::actions::{self, Appointing};
use super::super::model::Term;
use super::super::queries::{self, CANDIDATES, Candidate, Post};
use super::post::{STALE, optional_day};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::PostId;
use crate::org::access::{Chrome, Section, Visit};

/// What the steps send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StepForm {
    once: String,
    /// Words that the name or sign-in name holds.
    q: String,
    person: String,
    from_day: String,
    term_to: String,
    /// The appointment that the page named as the present one; empty if vacant.
    holder: String,
    last_day: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "staff/appoint.html")]
struct AppointPage {
    chrome: Chrome,
    post: Post,
    today: NaiveDate,
    form: StepForm,
    candidates: Vec<Candidate>,
    errors: FieldErrors,
    refused: String,
}

impl AppointPage {
    /// Whom the appointment would relieve.
    fn holder(&self) -> Option<&Term> {
        self.post.holder(self.today)
    }

    fn holder_id(&self) -> String {
        self.holder().map(|h| h.id.to_string()).unwrap_or_default()
    }

    /// Whether the search showed only a part.
    fn is_cut(&self) -> bool {
        i64::try_from(self.candidates.len()).is_ok_and(|n| n >= CANDIDATES)
    }
}

async fn asked(visit: &mut Visit, id: PostId, form: StepForm) -> Result<AppointPage> {
    let post = queries::post(&mut visit.tx, &visit.me, id).await?;
    let words = form.q.trim();
    let candidates = if words.is_empty() {
        Vec::new()
    } else {
        queries::candidates(&mut visit.tx, &visit.me, words, None).await?
    };
    Ok(AppointPage {
        chrome: visit.chrome(Section::Staffing),
        today: visit.tx.today(),
        post,
        form,
        candidates,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// Looks for somebody, and asks from when.
pub(super) async fn ask(
    mut visit: Visit,
    Path(id): Path<PostId>,
    Query(form): Query<StepForm>,
) -> Result<Response> {
    let form = StepForm {
        once: visit.once(),
        q: form.q,
        from_day: words::day(visit.tx.today()),
        ..StepForm::default()
    };
    Ok(Page(asked(&mut visit, id, form).await?).into_response())
}

/// Appoints.
pub(super) async fn appoint(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<PostId>,
    Form(form): Form<StepForm>,
) -> Result<Response> {
    let location = format!("/staffing/{id}?done=appointed");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let done = match read(&form) {
        Ok(new) => actions::appoint(&mut visit.tx, &visit.me, id, new).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match done {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = asked(&mut visit, id, form).await?;
            let status = why.status();
            (page.errors, page.refused) = told(why);
            Ok((status, Page(page)).into_response())
        }
    }
}

fn read(form: &StepForm) -> std::result::Result<Appointing, FieldErrors> {
    let mut errors = FieldErrors::new();
    let person = errors.choice("person", "任职的人", &form.person);
    let from = errors.day("from_day", "任职日期", &form.from_day);
    let term_to = optional_day(&mut errors, &form.term_to);
    let holder = form.holder.parse::<Uuid>().ok();
    match (person, from) {
        (Some(person), Some(from)) => errors.or(Appointing {
            person,
            from,
            term_to,
            holder,
        }),
        _ => Err(errors),
    }
}

/// What went wrong, for the field or for the whole.
fn told(why: Again) -> (FieldErrors, String) {
    match why {
        Again::Invalid(errors) => (errors, String::new()),
        Again::Refused(sentence) => (FieldErrors::new(), sentence),
        Again::Stale => (FieldErrors::new(), STALE.to_owned()),
    }
}

/// The step that relieves the holder, and the one that abolishes the post.
#[derive(Template)]
#[template(path = "staff/leave_post.html")]
struct LeavePage {
    chrome: Chrome,
    post: Post,
    /// Whether the post itself is to go.
    abolishes: bool,
    today: NaiveDate,
    form: StepForm,
    errors: FieldErrors,
    refused: String,
}

impl LeavePage {
    fn holder(&self) -> Option<&Term> {
        self.post.holder(self.today)
    }

    fn step(&self) -> &'static str {
        if self.abolishes {
            "撤销职务"
        } else {
            "免职"
        }
    }

    fn title(&self) -> String {
        match self.holder() {
            Some(holder) if !self.abolishes => {
                format!("免去{}的{}职务？", holder.name, self.post.titled())
            }
            _ => format!("撤销{}这个职务？", self.post.titled()),
        }
    }
}

async fn leaving(
    visit: &mut Visit,
    id: PostId,
    abolishes: bool,
    form: StepForm,
) -> Result<LeavePage> {
    let post = queries::post(&mut visit.tx, &visit.me, id).await?;
    let today = visit.tx.today();
    if !abolishes && post.holder(today).is_none() {
        return Err(Error::Refused(
            "这个职务现在空缺，没有人可免。请回到职务页看现在的情况。".to_owned(),
        ));
    }
    Ok(LeavePage {
        chrome: visit.chrome(Section::Staffing),
        post,
        abolishes,
        today,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// Asks for the last day of the holder.
pub(super) async fn ask_relief(mut visit: Visit, Path(id): Path<PostId>) -> Result<Response> {
    let form = StepForm {
        once: visit.once(),
        last_day: words::day(visit.tx.today()),
        ..StepForm::default()
    };
    Ok(Page(leaving(&mut visit, id, false, form).await?).into_response())
}

/// Relieves the holder.
pub(super) async fn relieve(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<PostId>,
    Form(form): Form<StepForm>,
) -> Result<Response> {
    let location = format!("/staffing/{id}?done=relieved");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let mut errors = FieldErrors::new();
    let last = errors.day("last_day", "任职到哪天", &form.last_day);
    let reason = errors.text("reason", "免职理由", &form.reason, (2, 200));
    let done = match (form.holder.parse::<Uuid>(), last) {
        (Err(_), _) => Err(Error::Stale),
        (Ok(term), Some(last)) if errors.is_empty() => {
            actions::relieve(&mut visit.tx, &visit.me, id, (term, last), &reason).await
        }
        _ => Err(Error::Invalid(errors)),
    };
    left(visit, &db, (id, false, location), (form, done)).await
}

/// Asks why a post is abolished.
pub(super) async fn ask_abolition(mut visit: Visit, Path(id): Path<PostId>) -> Result<Response> {
    let form = StepForm {
        once: visit.once(),
        ..StepForm::default()
    };
    Ok(Page(leaving(&mut visit, id, true, form).await?).into_response())
}

/// Abolishes a post.
pub(super) async fn abolish(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<PostId>,
    Form(form): Form<StepForm>,
) -> Result<Response> {
    let location = format!("/staffing/{id}?done=abolished");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let done = actions::abolish(&mut visit.tx, &visit.me, id, &form.reason).await;
    left(visit, &db, (id, true, location), (form, done)).await
}

async fn left(
    visit: Visit,
    db: &Db,
    (id, abolishes, location): (PostId, bool, String),
    (form, done): (StepForm, Result<()>),
) -> Result<Response> {
    match done {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(db).await?;
            let mut page = leaving(&mut visit, id, abolishes, form).await?;
            let status = why.status();
            (page.errors, page.refused) = told(why);
            Ok((status, Page(page)).into_response())
        }
    }
}
