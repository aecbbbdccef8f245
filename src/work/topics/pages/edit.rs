//! Changing title, month and goal of a topic that is not over.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Topic, months};
use super::super::queries::topic as queries;
use super::{STALE, version};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::work::TopicId;

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EditForm {
    once: String,
    version: String,
    title: String,
    month: String,
    goal: String,
}

#[derive(Template)]
#[template(path = "topics/edit.html")]
struct Edit {
    chrome: Chrome,
    topic: Topic,
    form: EditForm,
    errors: FieldErrors,
    refused: String,
    today: NaiveDate,
}

impl Edit {
    /// The months to choose from, its own among them: code and words.
    fn months(&self) -> Vec<(String, String)> {
        let mut all = months(self.today);
        if !all.contains(&self.topic.month) {
            all.insert(0, self.topic.month);
        }
        let all = all.into_iter();
        all.map(|m| (words::month_code(m), words::month_title(m)))
            .collect()
    }
}

/// The form, filled with what holds.
pub(super) async fn form(mut visit: Visit, Path(id): Path<TopicId>) -> Result<Response> {
    let topic = queries::topic(&mut visit.tx, &visit.me, id).await?;
    let form = EditForm {
        once: visit.once(),
        version: topic.version.to_string(),
        title: topic.title.clone(),
        month: words::month_code(topic.month),
        goal: topic.goal.clone(),
    };
    Ok(Page(page(&visit, topic, form)).into_response())
}

fn page(visit: &Visit, topic: Topic, form: EditForm) -> Edit {
    Edit {
        chrome: visit.chrome(Section::Topics),
        topic,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
        today: visit.tx.today(),
    }
}

/// Keeps it.
pub(super) async fn keep(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<TopicId>,
    Form(form): Form<EditForm>,
) -> Result<Response> {
    let location = format!("/topics/{id}?done=amended");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match store(&mut visit, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let status = why.status();
            let mut visit = visit.afresh(&db).await?;
            let topic = queries::topic(&mut visit.tx, &visit.me, id).await?;
            let mut form = form;
            form.once = visit.once();
            if let Again::Stale = why {
                form.version = topic.version.to_string();
            }
            let mut page = page(&visit, topic, form);
            (page.errors, page.refused) = why.said(STALE);
            Ok((status, Page(page)).into_response())
        }
    }
}

async fn store(visit: &mut Visit, id: TopicId, form: &EditForm) -> Result<()> {
    let seen = (id, version(&form.version)?);
    let mut errors = FieldErrors::new();
    let title = errors.text("title", "题目", &form.title, (2, 60));
    let month = words::month_of(&form.month).filter(|m| chrono::Datelike::year(m) >= 1949);
    if month.is_none() {
        errors.add("month", "请选择月份。");
    }
    let goal = errors.text("goal", "办结标准", &form.goal, (2, 300));
    let Some(month) = month.filter(|_| errors.is_empty()) else {
        return Err(Error::Invalid(errors));
    };
    let to = (title.as_str(), month, goal.as_str());
    actions::amend(&mut visit.tx, &visit.me, seen, to).await
}
