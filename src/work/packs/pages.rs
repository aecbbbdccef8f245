//! The pages of evidence packs: the list, the form of a new one, the file.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::model::{Maker, Offer, Purpose, Row, offered};
use super::{actions, queries};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::paging::{PAGE, Paged};
use crate::base::seal::Keys;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Section, Visit};
use crate::org::events::{self, Subject};
use crate::work::PackId;
use crate::work::assessment::Period;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let make = Access::Can(Permission::MakePacks);
    Routes::new()
        .get("/packs", make, list)
        .get("/packs/new", make, blank)
        .post("/packs", make, create)
        .get("/packs/{id}/file", make, file)
}

/// Where in the list, and what has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
    n: String,
    done: String,
}

#[derive(Template)]
#[template(path = "packs/list.html")]
struct List {
    chrome: Chrome,
    page: Paged<Row, PackId>,
    of: Maker,
    made: bool,
    scope: String,
    now: DateTime<Utc>,
}

impl List {
    /// When one can be made.
    fn when(&self) -> &'static str {
        match self.of {
            Maker::City => "季度或者年度结束、过了记录期，就可以生成；部门的得分封存以后才附上。",
            Maker::Street => "季度或者年度结束、过了记录期，就可以生成。",
            Maker::Department => "专项考核封存以后，可以生成本部门的材料包。",
        }
    }
}

/// The list.
async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let page = queries::list(&mut visit.tx, &visit.me, part).await?;
    let page = List {
        chrome: visit.chrome(Section::Packs),
        page,
        of: Maker::of(&visit.me),
        made: asked.done == "1",
        scope: format!(
            "范围：{}，{}。",
            visit.me.seat_name(),
            words::minute(visit.tx.now)
        ),
        now: visit.tx.now,
    };
    Ok(Page(page).into_response())
}

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct PackForm {
    once: String,
    subject: String,
    period: String,
    purpose: String,
}

#[derive(Template)]
#[template(path = "packs/new.html")]
struct NewPage {
    chrome: Chrome,
    offers: Vec<Offer>,
    periods: Vec<Period>,
    /// Of these, those whose scores are frozen.
    frozen: Vec<Period>,
    of: Maker,
    form: PackForm,
    errors: FieldErrors,
    refused: String,
}

impl NewPage {
    async fn of(visit: &mut Visit, form: PackForm) -> Result<Self> {
        let (offers, frozen) = queries::offers(&mut visit.tx, &visit.me).await?;
        let of = Maker::of(&visit.me);
        let mut periods = offered(visit.tx.today());
        if of == Maker::Department {
            periods.retain(|p| frozen.contains(p));
        }
        Ok(Self {
            chrome: visit.chrome(Section::Packs),
            form: PackForm {
                subject: match &offers[..] {
                    // Whoever has one only need not choose.
                    [only] if form.subject.is_empty() => only.key(),
                    _ => form.subject,
                },
                ..form
            },
            offers,
            periods,
            frozen,
            of,
            errors: FieldErrors::new(),
            refused: String::new(),
        })
    }

    /// A period as it is offered: whether scores go with it.
    fn label(&self, period: &Period) -> String {
        let title = period.title();
        match self.of {
            Maker::Department | Maker::City if self.frozen.contains(period) => {
                format!("{title}（已封存，附得分）")
            }
            Maker::Street | Maker::Department | Maker::City => title,
        }
    }

    fn hint(&self) -> &'static str {
        match self.of {
            Maker::City => {
                "已经结束、过了记录期的季度和年度。部门的得分封存以后才附上；街道不计得分。"
            }
            Maker::Street => "已经结束、过了记录期的季度和年度。",
            Maker::Department => "专项考核已经封存的季度和年度。",
        }
    }

    fn chose(&self, period: &Period) -> bool {
        self.form.period == period.to_string()
    }
}

/// The form.
async fn blank(mut visit: Visit) -> Result<Response> {
    let form = PackForm {
        once: visit.once(),
        ..PackForm::default()
    };
    Ok(Page(NewPage::of(&mut visit, form).await?).into_response())
}

/// Makes a pack.
async fn create(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Form(form): Form<PackForm>,
) -> Result<Response> {
    let location = "/packs?done=1";
    if let Some(answer) = visit.claim(&form.once, location).await? {
        return Ok(answer);
    }
    match make(&mut visit, &keys, &form).await {
        Ok(()) => visit.done(location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, form, why).await
        }
    }
}

async fn make(visit: &mut Visit, keys: &Keys, form: &PackForm) -> Result<()> {
    let (tx, me) = (&mut visit.tx, &visit.me);
    let (offers, _) = queries::offers(tx, me).await?;
    let mut errors = FieldErrors::new();
    let offer = offers.iter().find(|o| o.key() == form.subject);
    if offer.is_none() {
        errors.add("subject", "请选择部门或者街道。");
    }
    let period = match form.period.parse::<Period>() {
        Ok(period) => Some(period),
        Err(_) if form.period.is_empty() => {
            errors.add("period", "请选择时期。");
            None
        }
        Err(sentence) => {
            errors.add("period", sentence);
            None
        }
    };
    let purpose = errors.choice::<Purpose>("purpose", "用途", &form.purpose);
    match (offer, period, purpose) {
        (Some(offer), Some(period), Some(purpose)) if errors.is_empty() => {
            let id = PackId::at(tx.now);
            actions::make(tx, me, (keys, id), (offer, period, purpose)).await
        }
        _ => Err(Error::Invalid(errors)),
    }
}

/// The form again with what was chosen.
async fn again(mut visit: Visit, form: PackForm, why: Again) -> Result<Response> {
    let mut page = NewPage::of(&mut visit, form).await?;
    let status = why.status();
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => page.refused = sentence,
        // Nothing is changed here that somebody else could have changed first.
        Again::Stale => {}
    }
    Ok((status, Page(page)).into_response())
}

/// The pack itself.
async fn file(
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path(id): Path<PackId>,
) -> Result<Response> {
    let (made, bytes) = actions::again(&mut visit.tx, &visit.me, (&keys, id)).await?;
    let short = made.sha256.get(..8).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!(
                "attachment; filename=\"pack-{}-{short}.zip\"",
                made.recipe.period
            ),
        ),
    ];
    let sentence = format!("下载材料包，SHA-256 {short}。");
    events::download(visit, (Subject::Pack, id.0), &sentence).await?;
    Ok((headers, bytes).into_response())
}
