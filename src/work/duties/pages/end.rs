//! The step that ends an item: asked for, looked at, kept.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::model::{AHEAD, Item, Turn, Why, day_of_effect, turns};
use super::super::{actions, queries};
use super::preview::{citing, rest};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::work::DutyItemId;

/// What the step sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EndForm {
    once: String,
    /// Which button: preview, save or edit.
    act: String,
    reason: String,
    from_day: String,
}

#[derive(Template)]
#[template(path = "duties/end.html")]
struct EndPage {
    chrome: Chrome,
    item: Item,
    form: EndForm,
    errors: FieldErrors,
    refused: String,
    /// Whether the version that is shown can be ended.
    is_open: bool,
    last_day: String,
}

/// What ends, when, and whom the list proposes then.
#[derive(Template)]
#[template(path = "duties/end_check.html")]
struct EndCheck {
    chrome: Chrome,
    item: Item,
    form: EndForm,
    why: Why,
    turns: Vec<Turn>,
    effects: Vec<String>,
}

/// The form.
pub(super) async fn ask(mut visit: Visit, Path(id): Path<DutyItemId>) -> Result<Response> {
    let form = EndForm {
        once: visit.once(),
        from_day: words::day(visit.tx.today()),
        ..EndForm::default()
    };
    Ok(Page(page(&mut visit, id, form).await?).into_response())
}

async fn page(visit: &mut Visit, id: DutyItemId, form: EndForm) -> Result<EndPage> {
    let item = queries::item(&mut visit.tx, &visit.me, id).await?;
    let today = visit.tx.today();
    let refused = match actions::may_end(&item, today) {
        Ok(()) => String::new(),
        Err(Error::Refused(sentence)) => sentence,
        Err(_) => "这一项刚被别人改过，这里是旧版本。请看最后一版，再决定停不停用。".to_owned(),
    };
    Ok(EndPage {
        chrome: visit.chrome(Section::Duties),
        is_open: refused.is_empty(),
        refused,
        errors: FieldErrors::new(),
        item,
        form,
        last_day: words::day(today + chrono::Duration::days(AHEAD)),
    })
}

fn read(visit: &Visit, form: &EndForm) -> Result<Why> {
    let mut errors = FieldErrors::new();
    let reason = errors.text("reason", "停用理由", &form.reason, (2, 300));
    let from_day = day_of_effect(&mut errors, &form.from_day, visit.tx.today());
    errors.or(Why { from_day, reason }).map_err(Error::Invalid)
}

/// The answer: looked at, then kept.
pub(super) async fn end(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<DutyItemId>,
    Form(form): Form<EndForm>,
) -> Result<Response> {
    if form.act == "edit" {
        return Ok(Page(page(&mut visit, id, form).await?).into_response());
    }
    let why = if form.act == "save" {
        let location = format!("/duties/{id}?done=end");
        if let Some(answer) = visit.claim(&form.once, &location).await? {
            return Ok(answer);
        }
        match ends(&mut visit, id, &form).await {
            Ok(()) => return visit.done(&location).await,
            Err(error) => error.again()?,
        }
    } else {
        match look(&mut visit, id, &form).await {
            Ok(page) => return Ok(Page(page).into_response()),
            Err(error) => error.again()?,
        }
    };
    again(visit.afresh(&db).await?, id, form, why).await
}

async fn ends(visit: &mut Visit, id: DutyItemId, form: &EndForm) -> Result<()> {
    let why = read(visit, form)?;
    actions::end(&mut visit.tx, &visit.me, id, &why).await
}

async fn look(visit: &mut Visit, id: DutyItemId, form: &EndForm) -> Result<EndCheck> {
    let why = read(visit, form)?;
    let item = queries::item(&mut visit.tx, &visit.me, id).await?;
    let today = visit.tx.today();
    actions::may_end(&item, today)?;
    let of = (item.number, why.from_day);
    let covered = queries::covered(&mut visit.tx, &visit.me, of, &[]).await?;
    let turns = turns(item.number, &covered, None);
    let mut effects = vec![if why.from_day > today {
        let day = words::day(why.from_day);
        format!("{day} 零点起停用，以前照现行的办；停用以前可以撤回。")
    } else {
        "确认后立即停用，起草哨单时不再按这一项建议部门。".to_owned()
    }];
    effects.push("项号不再使用；历次版本和先例留着，随时可查。".to_owned());
    effects.extend(citing(&item));
    effects.push(rest(&turns, covered.len()));
    let form = EndForm {
        once: visit.once(),
        ..form.clone()
    };
    Ok(EndCheck {
        chrome: visit.chrome(Section::Duties),
        item,
        form,
        why,
        turns,
        effects,
    })
}

/// The form again, with what was typed.
async fn again(mut visit: Visit, id: DutyItemId, form: EndForm, why: Again) -> Result<Response> {
    let mut page = page(&mut visit, id, form).await?;
    let status: StatusCode = why.status();
    match why {
        Again::Invalid(errors) => page.errors = errors,
        // The page has looked anew and says so itself.
        Again::Refused(_) | Again::Stale => {}
    }
    Ok((status, Page(page)).into_response())
}
