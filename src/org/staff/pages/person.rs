//! One person: what is kept, posts, account, signed-in browsers; and the form of what is kept.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Account, IDENTITIES, PersonForm, Standing};
use super::super::queries::{self, Held, Person};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::seal::Keys;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::PersonId;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::personal::{Opened, Purpose, SightForm};

#[derive(Template)]
#[template(path = "staff/person.html")]
pub(super) struct Show {
    chrome: Chrome,
    person: Person,
    standing: Standing,
    today: NaiveDate,
    now: DateTime<Utc>,
    may_change: bool,
    may_appoint: bool,
    may_explain: bool,
    flash: &'static str,
    pub(super) refused: String,
    /// The number, while shown in the clear.
    plain: Option<Opened>,
}

impl Show {
    /// What the number may be looked at for.
    fn purposes(&self) -> [Purpose; 3] {
        [Purpose::Contact, Purpose::Verify, Purpose::Request]
    }

    /// Whether a post is held, was held or will be.
    fn holds(&self, held: &Held) -> &'static str {
        if held.from_day > self.today {
            "未到任"
        } else if held.to_day.is_some_and(|to| to <= self.today) {
            "已离任"
        } else {
            "在任"
        }
    }

    /// From when, until which last day.
    fn span(held: &Held) -> String {
        super::post::span(held.from_day, held.to_day)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
}

/// One person.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<PersonId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let mut page = page(&mut visit, id).await?;
    page.flash = match wish.done.as_str() {
        "new" => "已登记。有职务的，请安全管理员任命并开通账号。",
        "changed" => "已保存。",
        "slip" => "账号条已生成过，密码不再显示。没有打印到的，请重置密码。",
        "unlocked" => "已解锁。",
        "closed" => "账号已停用，已登录的设备已退出。",
        "reopened" => "账号已恢复，原密码仍可用。",
        "ended" => "那台设备已退出。",
        "factor" => "第二因子已重置，须用的人下次登录时重新设置。",
        _ => "",
    };
    Ok(Page(page).into_response())
}

/// The person as the register has it now.
pub(super) async fn page(visit: &mut Visit, id: PersonId) -> Result<Show> {
    let person = queries::person(&mut visit.tx, &visit.me, id).await?;
    Ok(Show {
        chrome: visit.chrome(Section::People),
        standing: Account::standing(person.account.as_ref(), visit.tx.now),
        person,
        today: visit.tx.today(),
        now: visit.tx.now,
        may_change: visit.me.kind.may(Permission::ChangePeople),
        may_appoint: visit.me.kind.may(Permission::Appoint),
        may_explain: visit.me.kind.may(Permission::ExplainSight),
        flash: "",
        refused: String::new(),
        plain: None,
    })
}

/// The person with the number in the clear; that it was asked for is on record.
pub(super) async fn unmask(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path(id): Path<PersonId>,
    Form(form): Form<SightForm>,
) -> Result<Response> {
    let mut shown = page(&mut visit, id).await?;
    match actions::unmask(&mut visit.tx, &visit.me, (&keys, id), &form).await {
        Ok(opened) => {
            shown.plain = Some(opened);
            visit.tx.commit().await?;
            Ok(Page(shown).into_response())
        }
        Err(error) => {
            let why = error.again()?;
            let status = why.status();
            let mut visit = visit.afresh(&db).await?;
            let mut shown = page(&mut visit, id).await?;
            shown.refused = match why {
                Again::Invalid(errors) => errors.sentences(),
                Again::Refused(sentence) => sentence,
                Again::Stale => return Err(Error::Stale),
            };
            Ok((status, Page(shown)).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "staff/write.html")]
struct WritePage {
    chrome: Chrome,
    /// Who is changed; none for a new one.
    before: Option<Person>,
    form: PersonForm,
    errors: FieldErrors,
    refused: String,
}

impl WritePage {
    fn title(&self) -> &'static str {
        if self.before.is_some() {
            "修改人员"
        } else {
            "登记人员"
        }
    }

    fn action(&self) -> String {
        self.before.as_ref().map_or_else(
            || "/people".to_owned(),
            |p| format!("/people/{}/edit", p.id),
        )
    }

    fn back(&self) -> String {
        self.before
            .as_ref()
            .map_or_else(|| "/people".to_owned(), |p| format!("/people/{}", p.id))
    }

    fn kept_phone(&self) -> Option<String> {
        let facts = self.before.as_ref().map(|p| &p.facts)?;
        facts.phone_mask.clone()
    }

    fn hint_of_phone(&self) -> String {
        match self.kept_phone() {
            Some(phone) => format!("现在是 {phone}，不改就留空。"),
            None => "手机或座机，只写数字。".to_owned(),
        }
    }
}

/// The form of a new person.
pub(super) async fn blank(visit: Visit) -> Result<Response> {
    let form = PersonForm {
        once: visit.once(),
        ..PersonForm::default()
    };
    Ok(Page(written(&visit, None, form)).into_response())
}

fn written(visit: &Visit, before: Option<Person>, form: PersonForm) -> WritePage {
    WritePage {
        chrome: visit.chrome(Section::People),
        before,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    }
}

/// Enters a person.
pub(super) async fn enter(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Form(form): Form<PersonForm>,
) -> Result<Response> {
    let id = PersonId::at(visit.tx.now);
    let location = format!("/people/{id}?done=new");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match actions::enter(&mut visit.tx, &visit.me, (&keys, id), &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let visit = visit.afresh(&db).await?;
            Ok(again(written(&visit, None, form), why))
        }
    }
}

/// The form of somebody in the register.
pub(super) async fn edit(mut visit: Visit, Path(id): Path<PersonId>) -> Result<Response> {
    let person = queries::person(&mut visit.tx, &visit.me, id).await?;
    let facts = person.facts.clone();
    let form = PersonForm {
        once: visit.once(),
        version: person.version.to_string(),
        name: facts.name,
        identity: facts.identity,
        home_unit: facts.home_unit.unwrap_or_default(),
        member: if facts.is_member { "1" } else { "" }.to_owned(),
        ..PersonForm::default()
    };
    Ok(Page(written(&visit, Some(person), form)).into_response())
}

/// Changes what is kept of somebody.
pub(super) async fn change(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path(id): Path<PersonId>,
    Form(mut form): Form<PersonForm>,
) -> Result<Response> {
    let location = format!("/people/{id}?done=changed");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match actions::change(&mut visit.tx, &visit.me, (&keys, id), &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let person = queries::person(&mut visit.tx, &visit.me, id).await?;
            let stale = match &why {
                Again::Stale => {
                    form.version = person.version.to_string();
                    form.once = visit.once();
                    now_reads(&person)
                }
                Again::Invalid(_) | Again::Refused(_) => String::new(),
            };
            let mut page = written(&visit, Some(person), form);
            page.refused = stale;
            Ok(again(page, why))
        }
    }
}

/// What somebody else has saved meanwhile.
fn now_reads(person: &Person) -> String {
    let facts = &person.facts;
    format!(
        "您打开这一页以后，别人改过这个人：现在是{}，{}，编制单位{}，{}。下面是您填的，核对后再保存一次就以您填的为准。",
        facts.name,
        facts.identity,
        facts.home_unit.as_deref().unwrap_or("空"),
        if facts.is_member {
            "党员"
        } else {
            "不是党员"
        },
    )
}

fn again(mut page: WritePage, why: Again) -> Response {
    let status = why.status();
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => page.refused = sentence,
        // What it is now stands above the form already.
        Again::Stale => {}
    }
    (status, Page(page)).into_response()
}
