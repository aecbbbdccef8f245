//! How personal data are kept: the limit of a day, the times of keeping, what was forgotten, and who
//! looked at how many.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;

use super::super::actions;
use super::super::model::RulesForm;
use super::super::queries::{self, Shown};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};

/// How far back the page counts who looked, in days.
const LATELY: i64 = 30;

#[derive(Template)]
#[template(path = "personal/rules.html")]
struct RulesPage {
    chrome: Chrome,
    shown: Shown,
    form: RulesForm,
    errors: FieldErrors,
    flash: &'static str,
    refused: String,
    may_set: bool,
    once: String,
    now: DateTime<Utc>,
}

impl RulesPage {
    async fn of(visit: &mut Visit) -> Result<Self> {
        let since = visit.tx.today() - Duration::days(LATELY - 1);
        let shown = queries::shown(&mut visit.tx, &visit.me, since).await?;
        Ok(Self {
            chrome: visit.chrome(Section::Personal),
            form: RulesForm::of(&shown.rules),
            shown,
            errors: FieldErrors::new(),
            flash: "",
            refused: String::new(),
            may_set: visit.me.kind.may(Permission::SetPersonal),
            once: visit.once(),
            now: visit.tx.now,
        })
    }

    fn wrong(&self) -> String {
        format!("没有保存，有 {} 处要改：", self.errors.len())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
}

/// The rules and what follows from them.
pub(super) async fn show(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let mut page = RulesPage::of(&mut visit).await?;
    if wish.done == "set" {
        page.flash = "已保存，从现在起按新的设置办。";
    }
    Ok(Page(page).into_response())
}

/// Changes the rules.
pub(super) async fn set(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<RulesForm>,
) -> Result<Response> {
    const DONE: &str = "/personal?done=set";
    if let Some(answer) = visit.claim(&form.once, DONE).await? {
        return Ok(answer);
    }
    let set = match form.read() {
        Ok(rules) => actions::set_rules(&mut visit.tx, &visit.me, &rules).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    let why = match set {
        Ok(()) => return visit.done(DONE).await,
        Err(error) => error.again()?,
    };
    let mut visit = visit.afresh(&db).await?;
    let mut page = RulesPage::of(&mut visit).await?;
    let (status, version) = (why.status(), page.form.version.clone());
    page.form = form;
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => page.refused = sentence,
        Again::Stale => {
            let rules = &page.shown.rules;
            page.refused = format!(
                "您打开这一页以后，别人改过：现在是每天 {} 人，诉求人信息 {} 个月，离任人员电话 {} 个月。下面是您填的，核对后再保存一次。",
                rules.sights, rules.teller_months, rules.people_months
            );
            page.form.version = version;
        }
    }
    Ok((status, Page(page)).into_response())
}
