//! One rectification item: what was found, what was done about it, and the forms of whoever's turn
//! it is.

use askama::Template;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Item, ItemMove, Proven, Stage, lamp, left};
use super::super::queries::items as queries;
use super::{STALE, Wish, version};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::FileId;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::files::Shown;
use crate::work::RectificationId;

/// What any form of the page carries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ItemMoveForm {
    once: String,
    version: String,
    words: String,
    whistles: String,
}

#[derive(Template)]
#[template(path = "accountability/item.html")]
pub(super) struct Show {
    chrome: Chrome,
    item: Item,
    open: Vec<ItemMove>,
    not_yet: Vec<(ItemMove, &'static str)>,
    /// The form that was sent and is wrong, if any.
    doing: Option<ItemMove>,
    form: ItemMoveForm,
    errors: FieldErrors,
    refused: String,
    flash: &'static str,
    once: String,
    files: Shown,
    today: NaiveDate,
    now: DateTime<Utc>,
}

impl Show {
    pub(super) async fn of(visit: &mut Visit, id: RectificationId) -> Result<Self> {
        let mut item = queries::item(&mut visit.tx, &visit.me, id).await?;
        let files = Shown::of(
            std::mem::take(&mut item.files),
            ("佐证附件", format!("{}/files", Proven::Item(id).page())),
            item.may(ItemMove::Progress, &visit.me).is_ok(),
            || visit.once(),
        );
        Ok(Self {
            chrome: visit.chrome(Section::Rectifications),
            open: item.open_to(&visit.me),
            not_yet: item.not_yet(&visit.me),
            item,
            doing: None,
            form: ItemMoveForm::default(),
            errors: FieldErrors::new(),
            refused: String::new(),
            flash: "",
            once: visit.once(),
            files,
            today: visit.tx.today(),
            now: visit.tx.now,
        })
    }

    fn lamp(&self) -> &'static str {
        lamp(self.item.due_day, self.today).code()
    }

    fn left(&self) -> String {
        left(self.item.due_day, self.today)
    }

    /// The page again, with what is wrong about its files.
    pub(super) fn with_files(mut self, typed: Option<(FileId, &str)>, why: Again) -> Response {
        let status = why.status();
        match why {
            Again::Invalid(errors) => match typed {
                Some((file, reason)) => self.files = self.files.keeping(file, reason, &errors),
                None => self.files.errors = errors,
            },
            Again::Refused(sentence) => self.refused = sentence,
            // The page has looked anew and says so itself.
            Again::Stale => {}
        }
        (status, Page(self)).into_response()
    }

    fn is_doing(&self, mv: &ItemMove) -> bool {
        self.doing == Some(*mv)
    }

    /// What was typed into a form's words, or nothing.
    fn words(&self, mv: &ItemMove) -> &str {
        if self.is_doing(mv) {
            &self.form.words
        } else {
            ""
        }
    }

    fn error(&self, mv: &ItemMove, field: &str) -> &str {
        if self.is_doing(mv) {
            self.errors.of(field)
        } else {
            ""
        }
    }

    /// The id of a field: the same name stands in several forms.
    fn id(mv: &ItemMove, field: &str) -> String {
        format!("{}-{field}", mv.code())
    }

    /// The id of the first wrong field.
    fn first_wrong(&self) -> String {
        self.doing
            .map_or_else(String::new, |mv| Self::id(&mv, self.errors.first()))
    }

    /// The last part of the address of a move.
    fn path(mv: &ItemMove) -> &'static str {
        match mv {
            ItemMove::Progress => "progress",
            ItemMove::Report => "report",
            ItemMove::Return => "return",
            ItemMove::Verify => "verification",
        }
    }

    fn hint(mv: &ItemMove) -> &'static str {
        match mv {
            ItemMove::Report => "照片和文件先在“佐证附件”里添加，报后到退回前不能再添加。",
            ItemMove::Progress | ItemMove::Return | ItemMove::Verify => "",
        }
    }

    /// Whether it is the one thing to do now.
    fn is_primary(mv: &ItemMove) -> bool {
        matches!(mv, ItemMove::Report | ItemMove::Verify)
    }
}

/// The item.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<RectificationId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let mut page = Show::of(&mut visit, id).await?;
    page.flash = match wish.done.as_str() {
        "new" => "已列入整改。",
        "progress" => "已报进展。",
        "report" => "已报整改完成，等核实。",
        "return" => "已退回继续整改。",
        "verify" => "已核实销号。",
        "attached" => "已添加附件。",
        "removed" => "已移除附件，登记保留。",
        _ => "",
    };
    Ok(Page(page).into_response())
}

/// Reports progress.
pub(super) async fn progress(
    Shared(db): Shared<Db>,
    visit: Visit,
    Path(id): Path<RectificationId>,
    Form(form): Form<ItemMoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, ItemMove::Progress), form).await
}

/// Says that it is mended.
pub(super) async fn report(
    Shared(db): Shared<Db>,
    visit: Visit,
    Path(id): Path<RectificationId>,
    Form(form): Form<ItemMoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, ItemMove::Report), form).await
}

/// Sends it back to work.
pub(super) async fn send_back(
    Shared(db): Shared<Db>,
    visit: Visit,
    Path(id): Path<RectificationId>,
    Form(form): Form<ItemMoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, ItemMove::Return), form).await
}

/// Strikes it off.
pub(super) async fn verify(
    Shared(db): Shared<Db>,
    visit: Visit,
    Path(id): Path<RectificationId>,
    Form(form): Form<ItemMoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, ItemMove::Verify), form).await
}

async fn act(
    db: &Db,
    mut visit: Visit,
    (id, mv): (RectificationId, ItemMove),
    form: ItemMoveForm,
) -> Result<Response> {
    let location = format!("/rectifications/{id}?done={}", mv.code());
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match acts(&mut visit, (id, mv), &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(db).await?, (id, mv), form, why).await
        }
    }
}

/// How many whistles a report may name.
const MOST_PROOFS: usize = 20;

async fn acts(
    visit: &mut Visit,
    (id, mv): (RectificationId, ItemMove),
    form: &ItemMoveForm,
) -> Result<()> {
    let version = version(&form.version)?;
    let mut errors = FieldErrors::new();
    let words = errors.text("words", mv.words_label(), &form.words, (2, 500));
    let mut numbers = Vec::new();
    if mv == ItemMove::Report {
        let typed = errors.text("whistles", "哨单编号", &form.whistles, (0, 600));
        let apart = |c: char| c.is_whitespace() || "，、；,;".contains(c);
        numbers = typed
            .split(apart)
            .filter(|n| !n.is_empty())
            .map(str::to_owned)
            .collect();
        numbers.sort();
        numbers.dedup();
        if numbers.len() > MOST_PROOFS {
            errors.add("whistles", format!("最多写 {MOST_PROOFS} 张哨单，请删减。"));
        }
    }
    errors.or(()).map_err(Error::Invalid)?;
    let (tx, me) = (&mut visit.tx, &visit.me);
    actions::step(tx, me, (id, version), mv, (&words, &numbers)).await
}

/// The page again with everything that was typed.
async fn again(
    mut visit: Visit,
    (id, mv): (RectificationId, ItemMove),
    form: ItemMoveForm,
    why: Again,
) -> Result<Response> {
    let mut page = Show::of(&mut visit, id).await?;
    page.doing = Some(mv);
    page.form = form;
    let status = why.status();
    (page.errors, page.refused) = why.said(STALE);
    Ok((status, Page(page)).into_response())
}
