//! The forms of the moves: checked, played, and when something is in the way shown again with
//! every word still there.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::show::{Hands, Show};
use crate::base::conflict::Conflict;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::store::Store;
use crate::base::upload::Upload;
use crate::base::web::{Page, Path};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::photos::{self, Came, Step};
use crate::work::MatterId;
use crate::work::matters::actions::moves::{self as actions, Said, Seen};
use crate::work::matters::model::{MoveKind, Refusal};
use crate::work::matters::queries::case::{self as queries, Case};
use crate::work::phrases;

/// What a move's form carries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MoveForm {
    pub(super) version: String,
    pub(super) once: String,
    pub(super) words: String,
    /// The phrase to be put before the words.
    pub(super) phrase: String,
    /// The number of the matter to merge into, chosen or typed; the typed one counts.
    pub(super) into: String,
    pub(super) into_number: String,
    /// The condition of filing under which it is accepted: version and position.
    pub(super) condition: String,
    /// The tray in which its photos stand.
    pub(super) tray: String,
}

/// What a form asks for in words: label and hint.
pub(super) fn asks(mv: MoveKind) -> Option<(&'static str, &'static str)> {
    match mv {
        MoveKind::Measure => Some(("做了什么", "写明何时、谁、做了什么。")),
        MoveKind::Solve => Some(("怎么解决的", "写明做了什么、结果怎样。")),
        MoveKind::Raise => Some(("上报理由", "写明社区为什么办不了，要街道做什么。")),
        MoveKind::SendBack => Some(("退回理由", "写明为什么应由社区办，怎么办。")),
        MoveKind::Reject => Some((
            "不予受理的理由",
            "写明为什么不属于受理范围，已怎样告知诉求人。",
        )),
        MoveKind::Accept | MoveKind::Merge | MoveKind::Split => None,
    }
}

/// The step whose phrases a move's form offers.
pub(super) fn phrased(mv: MoveKind) -> Option<phrases::Step> {
    match mv {
        MoveKind::Raise => Some(phrases::Step::Raise),
        MoveKind::SendBack => Some(phrases::Step::SendBack),
        MoveKind::Reject => Some(phrases::Step::Reject),
        MoveKind::Accept
        | MoveKind::Measure
        | MoveKind::Solve
        | MoveKind::Merge
        | MoveKind::Split => None,
    }
}

/// The step whose photos a move's form takes.
pub(super) fn photographed(mv: MoveKind) -> Option<Step> {
    match mv {
        MoveKind::Measure => Some(Step::Progress),
        MoveKind::Solve => Some(Step::Finished),
        MoveKind::Accept
        | MoveKind::Raise
        | MoveKind::SendBack
        | MoveKind::Reject
        | MoveKind::Merge
        | MoveKind::Split => None,
    }
}

impl MoveForm {
    /// The checked words, or the number to merge into.
    fn check(&self, mv: MoveKind) -> Result<String, FieldErrors> {
        let mut errors = FieldErrors::new();
        let words = match (asks(mv), mv) {
            (Some((label, _)), _) => errors.text("words", label, &self.words, (2, 500)),
            (None, MoveKind::Merge) => self.target(&mut errors),
            (None, _) => String::new(),
        };
        errors.or(words)
    }

    fn target(&self, errors: &mut FieldErrors) -> String {
        let typed = errors.text("into_number", "编号", &self.into_number, (0, 30));
        let number = if typed.is_empty() {
            self.into.trim().to_owned()
        } else {
            typed
        };
        if number.is_empty() {
            errors.add("into_number", "选一件，或者填写并入哪一件的编号。");
        } else if number.chars().any(char::is_control) {
            errors.add("into_number", "编号里有看不见的控制字符，请重新输入。");
        }
        number.to_ascii_uppercase()
    }
}

macro_rules! handlers {
    ($($(#[$doc:meta])* $name:ident = $mv:ident),+ $(,)?) => {$(
        $(#[$doc])*
        pub(super) async fn $name(
            State(db): State<Db>,
            Extension(store): Extension<Store>,
            visit: Visit,
            Path(id): Path<MatterId>,
            upload: Upload,
        ) -> Result<Response> {
            let (visit, came) = photos::taken(&db, &store, visit, upload).await?;
            play(&db, visit, (id, MoveKind::$mv), came).await
        }
    )+};
}
handlers! {
    /// 受理
    accept = Accept,
    /// 记录处置
    measure = Measure,
    /// 标记解决
    solve = Solve,
    /// 上报街道
    raise = Raise,
    /// 退社区处理
    send_back = SendBack,
    /// 不予受理
    reject = Reject,
    /// 并案
    merge = Merge,
    /// 拆案
    split = Split,
}

/// Makes the move, or shows the page again with what is in the way.
async fn play(
    db: &Db,
    mut visit: Visit,
    (id, mv): (MatterId, MoveKind),
    came: Came,
) -> Result<Response> {
    let there = format!("/matters/{id}?done={}", mv.code());
    let mut form: MoveForm = came.typed.into_form()?;
    form.tray = came.tray.map_or_else(String::new, |t| t.to_string());
    if phrased(mv).is_some() {
        phrases::put_before(&mut form.phrase, &mut form.words);
    }
    let played = match form.check(mv) {
        _ if !came.errors.is_empty() => Err(Error::Invalid(came.errors)),
        Err(errors) => Err(Error::Invalid(errors)),
        Ok(words) => {
            if let Some(earlier) = visit.claim(&form.once, &there).await? {
                return Ok(earlier);
            }
            let version = form.version.parse().unwrap_or(0);
            let (words, tray) = (words.as_str(), came.tray);
            let condition = form.condition.as_str();
            let said = Said { words, tray };
            act(&mut visit, Seen { id, version }, (mv, condition), said).await
        }
    };
    let why = match played {
        Ok(()) => return visit.done(&there).await,
        Err(error) => error.again()?,
    };
    let mut visit = visit.afresh(db).await?;
    let status = why.status();
    let mut hands = Hands {
        doing: Some(mv),
        form,
        ..Hands::default()
    };
    match why {
        Again::Stale => return stale(&mut visit, id, mv, &hands.form).await,
        Again::Refused(refused) => hands.refused = refused,
        Again::Invalid(errors) => hands.errors = errors,
    }
    let page = Show::of(&mut visit, id, hands).await?;
    Ok((status, Page(page)).into_response())
}

async fn act(
    visit: &mut Visit,
    seen: Seen,
    (mv, condition): (MoveKind, &str),
    said: Said<'_>,
) -> Result<()> {
    let (tx, me, words) = (&mut visit.tx, &visit.me, said.words);
    match mv {
        MoveKind::Accept => actions::accept(tx, me, seen, condition).await,
        MoveKind::Measure => actions::measure(tx, me, seen, said).await,
        MoveKind::Solve => actions::solve(tx, me, seen, said).await,
        MoveKind::Raise => actions::raise(tx, me, seen, words).await,
        MoveKind::SendBack => actions::send_back(tx, me, seen, words).await,
        MoveKind::Merge => actions::merge(tx, me, seen, words).await,
        MoveKind::Split => actions::split(tx, me, seen).await,
        MoveKind::Reject => actions::reject(tx, me, seen, words).await,
    }
}

#[derive(Template)]
#[template(path = "matters/conflict.html")]
struct ConflictPage {
    chrome: Chrome,
    conflict: Conflict,
}

/// Both versions beside one another, and the same move again on the new one, if it is open.
async fn stale(visit: &mut Visit, id: MatterId, mv: MoveKind, form: &MoveForm) -> Result<Response> {
    let case = queries::find(&mut visit.tx, &visit.me, id).await?;
    let labelled = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let mut typed = vec![labelled("要办", mv.label())];
    if let Some((label, _)) = asks(mv) {
        typed.push(labelled(label, &form.words));
    }
    if mv == MoveKind::Merge {
        typed.push(labelled(
            "并入",
            &format!("{} {}", form.into, form.into_number),
        ));
    }
    let chosen = case.conditions.iter().find(|c| c.key() == form.condition);
    if let Some(chosen) = chosen {
        typed.push(labelled("立案条件", &chosen.filing));
    }
    let version = case.version.to_string();
    let once = visit.once();
    let hidden = [
        ("version", version.as_str()),
        ("once", once.as_str()),
        ("words", form.words.as_str()),
        ("into", form.into.as_str()),
        ("into_number", form.into_number.as_str()),
        ("tray", form.tray.as_str()),
        ("condition", form.condition.as_str()),
    ];
    let closed = case.facts.play(mv).err().map(Refusal::sentence);
    let conflict = Conflict {
        name: format!("{} {}", case.number, case.title),
        now: now(&case),
        typed,
        closed: closed.unwrap_or_default(),
        action: format!("/matters/{id}/{}", mv.path()),
        hidden: hidden.into_iter().map(|(n, v)| labelled(n, v)).collect(),
        button: format!("按现在的情况{}", mv.label()),
        back: format!("/matters/{id}"),
    };
    let chrome = visit.chrome(Section::Matters);
    let page = Page(ConflictPage { chrome, conflict });
    Ok((StatusCode::CONFLICT, page).into_response())
}

fn now(case: &Case) -> Vec<(String, String)> {
    let mut now = vec![("环节".to_owned(), case.facts.stage.label().to_owned())];
    if let Some(last) = case.timeline.first() {
        let who = format!("{} {} {}", last.label(), last.seat, last.person_name);
        now.push(("最近".to_owned(), who));
        now.push(("时间".to_owned(), words::minute(last.at)));
        if !last.sentence.is_empty() {
            now.push(("内容".to_owned(), last.sentence.clone()));
        }
    }
    now
}
