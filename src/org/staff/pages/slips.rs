//! Slips for many accounts (成批账号条): unit by unit, shown once, printed, cut and handed over.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::super::actions::{self, SLIPS_AT_ONCE, Slip};
use super::super::queries::{self, Waiting};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// What the button sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UnitForm {
    once: String,
    unit: String,
}

#[derive(Template)]
#[template(path = "staff/slips.html")]
pub(super) struct SlipsPage {
    chrome: Chrome,
    units: Vec<Waiting>,
    chosen: String,
    once: String,
    flash: &'static str,
    refused: String,
}

impl SlipsPage {
    fn people(&self) -> i64 {
        self.units.iter().map(|u| u.people).sum()
    }
}

/// The slips, shown this once.
#[derive(Template)]
#[template(path = "staff/slips_made.html")]
struct MadePage {
    chrome: Chrome,
    slips: Vec<(String, Slip)>,
    now: DateTime<Utc>,
}

async fn page(visit: &mut Visit) -> Result<SlipsPage> {
    Ok(SlipsPage {
        units: queries::waiting(&mut visit.tx, &visit.me).await?,
        chrome: visit.chrome(Section::People),
        chosen: String::new(),
        once: visit.once(),
        flash: "",
        refused: String::new(),
    })
}

/// Who waits for a slip.
pub(super) async fn ask(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Page<SlipsPage>> {
    let mut page = page(&mut visit).await?;
    if !asked.done.is_empty() {
        page.flash = "账号条已生成过，密码不再显示。没有打印到的，请在各人的“账号”里重置密码。";
    }
    Ok(Page(page))
}

/// Makes slips for a unit and shows them. A second click finds that there were some.
pub(super) async fn make(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<UnitForm>,
) -> Result<Response> {
    if form.once.parse::<Uuid>().is_err() {
        return Err(Error::Unreadable(
            "这一页不完整。请从“成批账号条”重新打开，再办一次。",
        ));
    }
    if let Some(answer) = visit.claim(&form.once, "/people/slips?done=made").await? {
        return Ok(answer);
    }
    let made = if form.unit.is_empty() {
        let mut errors = FieldErrors::new();
        errors.add("unit", "请选择一个单位。");
        Err(Error::Invalid(errors))
    } else {
        actions::hand_out(&mut visit.tx, &visit.me, &form.unit).await
    };
    let why = match made {
        Ok(slips) => {
            let page = MadePage {
                chrome: visit.chrome(Section::People),
                slips,
                now: visit.tx.now,
            };
            visit.tx.commit().await?;
            return Ok(Page(page).into_response());
        }
        Err(error) => error.again()?,
    };
    let status: StatusCode = why.status();
    let mut visit = visit.afresh(&db).await?;
    let mut page = page(&mut visit).await?;
    page.chosen = form.unit;
    page.refused = match why {
        Again::Refused(sentence) => sentence,
        Again::Invalid(errors) => errors.sentences(),
        Again::Stale => "这些账号刚被别人改过，下面是现在的情况。".to_owned(),
    };
    Ok((status, Page(page)).into_response())
}
