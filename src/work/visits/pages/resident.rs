//! The resident's page, behind a one-time link: facts, two questions, one sentence, one button.
//! Nobody signs in here, and nothing on it says who told the matter.

use askama::Template;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::base::assets;
use crate::base::db::{Db, Tx};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, see_other};
use crate::base::words;
use crate::org::access::digest;
use crate::org::{TenantId, tenants};
use crate::work::visits::actions::asking as actions;
use crate::work::visits::model::{Answer, Feeling, Said, State, tenant_of};
use crate::work::visits::queries::case::{self as queries, Case};
use crate::work::visits::queries::door::{self, Opened};

/// What the frame of these pages shows.
#[derive(Clone, Debug)]
struct Frame {
    city: String,
    css: &'static str,
    narrow_css: &'static str,
}

/// A link that exists, with the visit it opens and the transaction of this request.
struct Door {
    frame: Frame,
    tenant: TenantId,
    tx: Tx,
    link: Opened,
    case: Case,
}

/// What a link is good for now.
enum Good {
    /// The resident may answer.
    Answer,
    /// The resident has answered over it.
    Used,
    /// Nothing any more; why, and what one can do.
    Nothing(&'static str, &'static str),
}

impl Door {
    /// What the token opens. The token names its tenant, so that the tenant is known before the
    /// first query; a guess finds nothing and leaves nothing.
    async fn of(db: &Db, token: &str) -> Result<Option<Self>> {
        let Some(code) = tenant_of(token) else {
            return Ok(None);
        };
        let mut outside = db.begin_outside().await?;
        let Some((tenant, city)) = tenants::of_code(&mut outside, code).await? else {
            return Ok(None);
        };
        drop(outside);
        let mut tx = db.begin(tenant.0).await?;
        let Some(link) = door::opened(&mut tx, tenant, &digest(token)).await? else {
            return Ok(None);
        };
        let case = queries::find(&mut tx, tenant, None, link.visit).await?;
        Ok(Some(Self {
            frame: Frame {
                city,
                css: assets::css(),
                narrow_css: assets::narrow_css(),
            },
            tenant,
            tx,
            link,
            case,
        }))
    }

    fn good_for(&self) -> Good {
        if self.link.expires_at <= self.tx.now {
            return Good::Nothing("这个链接过期了", "回访的时间已经过去，不能再答。");
        }
        if self.link.used_at.is_some() {
            return Good::Used;
        }
        match self.case.state {
            State::Waiting => Good::Answer,
            State::Answered => Good::Nothing(
                "这件事已经回答过了",
                "您在电话里或者用另一个链接答过，不用再答，也不能改。",
            ),
            State::Unreachable => Good::Nothing("这次回访结束了", "打了几次电话没有接通。"),
            State::Expired if self.case.is_apart => Good::Nothing(
                "这件事正在单独办",
                "它和别人反映的事分开了，正在单独办。办好以后再请您说。",
            ),
            State::Expired => Good::Nothing(
                "这件事正在重新办",
                "有人反映没有解决，已经退回去重办。办好以后再请您说。",
            ),
        }
    }
}

/// A link of which nothing is known, and one that is good for nothing any more.
#[derive(Template)]
#[template(path = "visits/gone.html")]
struct Gone {
    frame: Frame,
    heading: &'static str,
    why: &'static str,
    number: String,
    answer_href: String,
}

fn unknown() -> Response {
    let page = Gone {
        frame: Frame {
            city: String::new(),
            css: assets::css(),
            narrow_css: assets::narrow_css(),
        },
        heading: "没有这个链接",
        why: "网址可能没有抄全。请从收到的消息里重新点开，或者照着一个字一个字抄。",
        number: String::new(),
        answer_href: String::new(),
    };
    (StatusCode::NOT_FOUND, Page(page)).into_response()
}

fn gone(door: Door, heading: &'static str, why: &'static str, answer_href: String) -> Response {
    let page = Gone {
        frame: door.frame,
        heading,
        why,
        number: door.case.whistle_number,
        answer_href,
    };
    (StatusCode::GONE, Page(page)).into_response()
}

fn used(door: Door, token: &str) -> Response {
    let answer = format!("/r/{token}/answer");
    gone(
        door,
        "这个链接已经用过",
        "您的回答已经收到，不能再答，也不能改。",
        answer,
    )
}

/// What the resident types.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnswerForm {
    solved: String,
    happy: String,
    words: String,
}

#[derive(Template)]
#[template(path = "visits/ask.html")]
struct Ask {
    frame: Frame,
    case: Case,
    token: String,
    form: AnswerForm,
    errors: FieldErrors,
    now: DateTime<Utc>,
}

impl Ask {
    fn of(door: Door, token: String) -> Self {
        Self {
            now: door.tx.now,
            frame: door.frame,
            case: door.case,
            token,
            form: AnswerForm::default(),
            errors: FieldErrors::new(),
        }
    }
}

/// The page on which the resident answers.
pub(super) async fn ask(Shared(db): Shared<Db>, Path(token): Path<String>) -> Result<Response> {
    let Some(door) = Door::of(&db, &token).await? else {
        return Ok(unknown());
    };
    match door.good_for() {
        Good::Answer => Ok(Page(Ask::of(door, token)).into_response()),
        Good::Used => Ok(used(door, &token)),
        Good::Nothing(heading, why) => Ok(gone(door, heading, why, String::new())),
    }
}

/// Takes the one answer. The same answer again is a button pressed twice.
pub(super) async fn answer(
    Shared(db): Shared<Db>,
    Path(token): Path<String>,
    Form(form): Form<AnswerForm>,
) -> Result<Response> {
    let Some(mut door) = Door::of(&db, &token).await? else {
        return Ok(unknown());
    };
    let there = format!("/r/{token}/answer");
    let said = checked(&form);
    match door.good_for() {
        Good::Nothing(heading, why) => return Ok(gone(door, heading, why, String::new())),
        Good::Used if said.as_ref().is_ok_and(|said| is_kept(&door.case, said)) => {
            return Ok(see_other(&there));
        }
        Good::Used => return Ok(used(door, &token)),
        Good::Answer => {}
    }
    let said = match said {
        Ok(said) => said,
        Err(errors) => {
            let mut page = Ask::of(door, token);
            (page.form, page.errors) = (form, errors);
            return Ok(Page(page).unprocessable());
        }
    };
    let link = (door.link.id, door.link.visit);
    match actions::answer_over_link(&mut door.tx, door.tenant, link, &said).await {
        Ok(()) => {
            door.tx.commit().await?;
            Ok(see_other(&there))
        }
        // Somebody was first: the link says what is so now.
        Err(Error::Refused(_)) => Ok(see_other(&format!("/r/{token}"))),
        Err(error) => Err(error),
    }
}

fn checked(form: &AnswerForm) -> std::result::Result<Said, FieldErrors> {
    let mut errors = FieldErrors::new();
    let answer = errors.choice::<Answer>("solved", "解决了没有", &form.solved);
    let feeling = errors.choice::<Feeling>("happy", "满意不满意", &form.happy);
    let words = errors.text("words", "说一句", &form.words, (0, 500));
    match (answer, feeling) {
        (Some(answer), Some(feeling)) if errors.is_empty() => Ok(Said {
            answer,
            feeling,
            words,
        }),
        _ => Err(errors),
    }
}

fn is_kept(case: &Case, said: &Said) -> bool {
    case.answer == Some(said.answer)
        && case.feeling == Some(said.feeling)
        && case.words.as_deref() == Some(said.words.as_str())
}

#[derive(Template)]
#[template(path = "visits/kept.html")]
struct Kept {
    frame: Frame,
    case: Case,
    answer: Answer,
    feeling: Feeling,
    now: DateTime<Utc>,
}

/// What was kept, and what follows.
pub(super) async fn kept(Shared(db): Shared<Db>, Path(token): Path<String>) -> Result<Response> {
    let Some(door) = Door::of(&db, &token).await? else {
        return Ok(unknown());
    };
    match (door.good_for(), door.case.answer, door.case.feeling) {
        (Good::Used, Some(answer), Some(feeling)) => Ok(Page(Kept {
            now: door.tx.now,
            frame: door.frame,
            case: door.case,
            answer,
            feeling,
        })
        .into_response()),
        (Good::Nothing(heading, why), ..) => Ok(gone(door, heading, why, String::new())),
        (Good::Used | Good::Answer, ..) => Ok(see_other(&format!("/r/{token}"))),
    }
}
