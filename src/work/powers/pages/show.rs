//! One record: what was asked and said on the left, the form of whoever's turn it is on the right.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::model::{
    AnswerKind, CadreWord, Exercise, Move, Opened, OpinionKind, Origin, Party, Pool, Power,
    RulingKind, SecretPart, Stage, Task,
};
use super::super::queries::case;
use crate::base::error::{Again, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::FileId;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::events::Entry;
use crate::org::files::Shown;
use crate::org::photos::{Album, Filled};
use crate::work::ExerciseId;
use crate::work::clocks::Told;
use crate::work::whistles::Refusal;

/// What any form of the page carries. Names that repeat come row by row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SaidForm {
    pub(super) version: String,
    pub(super) once: String,
    pub(super) kind: String,
    pub(super) words: String,
    pub(super) items: String,
    pub(super) item: Vec<String>,
    pub(super) item_words: Vec<String>,
    pub(super) body: String,
    pub(super) decided_on: String,
    pub(super) pool: String,
    pub(super) budget_year: String,
    pub(super) score: String,
    pub(super) host: String,
    pub(super) attendee: Vec<String>,
    pub(super) rank: Vec<String>,
    pub(super) who: Vec<String>,
    pub(super) task: Vec<String>,
    pub(super) due: Vec<String>,
}

/// Rows of the minutes for what was agreed.
const TASKS: usize = 6;

#[derive(Template)]
#[template(path = "powers/show.html")]
pub(super) struct Show {
    chrome: Chrome,
    of: Exercise,
    /// What the viewer may do now.
    moves: Vec<Move>,
    /// What will be the viewer's, with what must happen first.
    why_not: &'static str,
    /// What the viewer's department has still to do of what was agreed.
    own_tasks: Vec<Task>,
    timed: Vec<Told>,
    form: SaidForm,
    errors: FieldErrors,
    flash: &'static str,
    refused: String,
    once: String,
    sees_matters: bool,
    /// What is sealed, on the page of whoever opened it.
    opened: Option<Opened>,
    /// The files of the record, with what was typed if the page is shown again.
    files: Shown,
    /// The same of its photos.
    album: Album,
    now: DateTime<Utc>,
}

impl Show {
    pub(super) async fn of(visit: &mut Visit, id: ExerciseId) -> Result<Self> {
        let mut of = case::exercise(&mut visit.tx, &visit.me, id).await?;
        let me = &visit.me;
        let files = Shown::of(
            std::mem::take(&mut of.parts.files),
            ("附件", format!("/powers/{id}/files")),
            of.takes_files_of(me),
            || visit.once(),
        );
        let album = Album::of(
            std::mem::take(&mut of.parts.photos),
            format!("/powers/{id}"),
            of.takes_files_of(me),
            (visit.tx.now, visit.once()),
        );
        let open = |made: &Move| of.may(me, *made).is_ok();
        let moves: Vec<Move> = Move::ALL.into_iter().filter(open).collect();
        let why = Move::ALL.iter().find_map(|made| match of.may(me, *made) {
            Err(Refusal::NotYet(why) | Refusal::TookPart(why)) => Some(why),
            Ok(()) | Err(Refusal::NotYours | Refusal::Over(_)) => None,
        });
        let mine = |t: &&Task| Some(t.department_id) == me.department() && t.done_at.is_none();
        let own_tasks = of.parts.tasks.iter().filter(mine).cloned().collect();
        let timed = of.timed();
        Ok(Self {
            chrome: visit.chrome(Section::Exercises),
            moves,
            why_not: why.unwrap_or_default(),
            own_tasks,
            timed,
            form: SaidForm::default(),
            errors: FieldErrors::new(),
            flash: "",
            refused: String::new(),
            once: visit.once(),
            opened: None,
            files: files.without_pictures(),
            album,
            sees_matters: visit.me.kind.may(Permission::SeeMatters),
            now: visit.tx.now,
            of,
        })
    }

    /// The page again: what was typed is kept.
    pub(super) fn again(mut self, form: SaidForm, why: Again) -> Response {
        let status = why.status();
        self.form = form;
        match why {
            Again::Invalid(errors) => self.errors = errors,
            Again::Refused(sentence) => self.refused = sentence,
            Again::Stale => {
                "这件记录刚被别人办过一步，您的还没有保存。请看过最新情况再办。"
                    .clone_into(&mut self.refused);
            }
        }
        (status, Page(self)).into_response()
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

    /// The page again, with what is wrong about its photos.
    pub(super) fn with_album(mut self, filled: Filled, why: Again) -> Response {
        let status = why.status();
        let errors = match why {
            Again::Invalid(errors) => errors,
            Again::Refused(sentence) => {
                self.refused = sentence;
                FieldErrors::new()
            }
            // The page has looked anew and says so itself.
            Again::Stale => FieldErrors::new(),
        };
        self.album = self.album.again(filled, errors);
        (status, Page(self)).into_response()
    }

    /// The page with what was sealed in the clear.
    pub(super) fn reading(mut self, opened: Opened) -> Response {
        self.opened = Some(opened);
        Page(self).into_response()
    }

    /// The page without it, and why.
    pub(super) fn refusing(mut self, sentence: String) -> Response {
        self.refused = sentence;
        (StatusCode::CONFLICT, Page(self)).into_response()
    }

    /// One side's word, if it was opened.
    fn said(&self, part: SecretPart) -> Option<&CadreWord> {
        self.opened.as_ref().and_then(|o| o.part(part))
    }

    fn may(&self, made: Move) -> bool {
        self.moves.contains(&made)
    }

    fn reacts(&self) -> bool {
        self.may(Move::Accept)
    }

    /// Whether the page asks anything of the viewer.
    fn only_looks(&self) -> bool {
        self.moves.iter().all(|m| *m == Move::CallOff) && self.own_tasks.is_empty()
    }

    fn is_mine(&self) -> bool {
        !self.only_looks()
    }

    /// Whether the answer goes item by item.
    fn by_items(&self) -> bool {
        !self.of.parts.items.is_empty()
    }

    fn answer_hint(&self) -> &'static str {
        if self.of.is_sealed() {
            "写明街道意见怎样运用；没有采纳的写明理由。"
        } else {
            "没有全部采纳的写明理由。"
        }
    }

    fn is_project(&self) -> bool {
        self.of.power == Power::Project
    }

    fn typed_item(&self, row: &usize) -> &str {
        self.form.item.get(*row).map_or("", String::as_str)
    }

    fn typed_item_words(&self, row: &usize) -> &str {
        self.form.item_words.get(*row).map_or("", String::as_str)
    }

    fn typed(list: &[String], row: &usize) -> String {
        list.get(*row).cloned().unwrap_or_default()
    }

    fn task_rows(&self) -> std::ops::Range<usize> {
        0..TASKS
    }

    fn error_of(&self, field: &str, row: &usize) -> &str {
        self.errors.of(&format!("{field}-{row}"))
    }

    /// The objection that a second answer follows is upheld; what the ruling means.
    fn is_again(&self) -> bool {
        self.of.round == 2 && self.of.stage == Stage::Answering
    }

    fn who(&self, entry: &Entry) -> String {
        format!("{} {}", entry.seat, entry.person_name)
            .trim()
            .to_owned()
    }

    fn came(party: &Party) -> String {
        match (party.came, &party.attendee, &party.rank) {
            (Some(true), Some(name), Some(rank)) => format!("{name}，{rank}"),
            (Some(_), ..) => "未到会".to_owned(),
            (None, ..) => "还没有开会".to_owned(),
        }
    }

    /// How a thing agreed stands.
    fn mark(&self, task: &Task) -> &'static str {
        let until = self.of.calendar.end_of(task.due_day);
        match task.done_at {
            Some(at) if at > until => "已落实，超期",
            Some(_) => "已落实",
            None if self.now > until => "超期未落实",
            None => "未到期",
        }
    }

    fn wrong_count(&self) -> String {
        format!("没有保存，有 {} 处要改。", self.errors.len())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
}

/// The record.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<ExerciseId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let mut page = Show::of(&mut visit, id).await?;
    page.flash = match wish.done.as_str() {
        "begun" => "已送出，对方已收到消息。",
        "opined" => "已提出意见，部门已收到消息。",
        "minuted" => "已形成纪要，各部门已收到消息。",
        "performed" => "已登记落实情况。",
        "answered" => "已答复，街道已收到消息。",
        "accepted" => "已认可答复，这件记录办结。",
        "objected" => "已提出异议，市治理办已收到消息。",
        "ruled" => "已裁定，双方已收到消息。",
        "called-off" => "已撤回。",
        "attached" => "已添加附件。",
        "removed" => "已移除附件，登记保留。",
        "photographed" => "已添加照片。",
        "unphotographed" => "已移除照片，登记保留。",
        _ => "",
    };
    Ok(Page(page).into_response())
}
