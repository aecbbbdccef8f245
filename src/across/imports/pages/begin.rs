//! The page before the upload, and the upload.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::actions;
use super::super::by::By;
use super::super::model::{Register, Sheet, Stage, read};
use super::super::queries::{self, Past};
use crate::base::db::Db;
use crate::base::error::Result;
use crate::base::form::FieldErrors;
use crate::base::reading::LARGEST;
use crate::base::seal::Keys;
use crate::base::store::Store;
use crate::base::upload::{File, Upload};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::ImportId;
use crate::org::access::{Chrome, Visit};
use crate::org::files::named;

/// What happened, in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

#[derive(Template)]
#[template(path = "imports/start.html")]
struct Start {
    chrome: Chrome,
    register: Register,
    once: String,
    errors: FieldErrors,
    past: Vec<Past>,
    was_dropped: bool,
    now: DateTime<Utc>,
}

impl Start {
    fn base(&self) -> String {
        format!("{}/import", self.register.path())
    }
}

async fn page(visit: &mut Visit, register: Register, errors: FieldErrors) -> Result<Start> {
    let past = queries::list(&mut visit.tx, &visit.me, register).await?;
    Ok(Start {
        chrome: visit.chrome(register.section()),
        register,
        once: visit.once(),
        errors,
        past,
        was_dropped: false,
        now: visit.tx.now,
    })
}

/// What an import does, the template, the form, and the imports before.
pub(super) async fn start(
    mut visit: Visit,
    register: Register,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let mut page = page(&mut visit, register, FieldErrors::new()).await?;
    page.was_dropped = asked.done == "dropped";
    Ok(Page(page).into_response())
}

/// A file that was read.
struct Came {
    once: String,
    read: Result<(String, Sheet), String>,
}

/// Reads what was uploaded, checks it and keeps it until it is confirmed. The file itself is not kept.
pub(super) async fn upload(
    State(db): State<Db>,
    Extension(store): Extension<Store>,
    Extension(keys): Extension<Keys>,
    register: Register,
    visit: Visit,
    upload: Upload,
) -> Result<Response> {
    let now = visit.tx.now;
    let coming = async {
        let received = upload.receive(&store, now, LARGEST).await?;
        let once = received
            .fields
            .0
            .into_iter()
            .find(|(name, _)| name == "once");
        Ok(Came {
            once: once.map(|(_, key)| key).unwrap_or_default(),
            read: looked_at(register, received.file).await?,
        })
    };
    let (mut visit, came) = visit.meanwhile(&db, coming).await?;
    let (name, sheet) = match came.read {
        Ok(read) => read,
        Err(sentence) => {
            let mut errors = FieldErrors::new();
            errors.add("file", sentence);
            return Ok(Page(page(&mut visit, register, errors).await?).unprocessable());
        }
    };
    let id = ImportId::at(visit.tx.now);
    let location = format!("{}/import/{id}", register.path());
    if let Some(answer) = visit.claim(&came.once, &location).await? {
        return Ok(answer);
    }
    let by = By::new(&visit.me, &keys);
    actions::take_in(&mut visit.tx, &by, (id, register, &name), &sheet).await?;
    visit.done(&location).await
}

async fn looked_at(
    register: Register,
    file: Option<File>,
) -> Result<Result<(String, Sheet), String>> {
    let Some(file) = file else {
        return Ok(Err("请选择要上传的表格。".to_owned()));
    };
    let Some(arrived) = file.content else {
        return Ok(Err(
            "文件超过 10 MB。请删掉图片和不用的工作表，或分成几份导入。".to_owned(),
        ));
    };
    let read = match named(&file.name) {
        Ok(name) => {
            let sheet = arrived
                .worked_on(move |content| read(register, content))
                .await?;
            sheet.map(|sheet| (name, sheet))
        }
        Err(sentence) => Err(sentence.replace("添加", "上传")),
    };
    arrived.give_up().await?;
    Ok(read)
}
