//! One objection: what was said, what it would change, its panel and how it went; and the forms of
//! whoever's turn it is.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::super::actions::objections as actions;
use super::super::super::model::{
    Book, Effect, Member, Objection, ObjectionState, Period, effect, lamp, path,
};
use super::super::super::queries::book;
use super::super::cases::result;
use super::version;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::FileId;
use crate::org::access::{Chrome, Permission, Section, Viewer, Visit};
use crate::org::files::Shown;
use crate::work::ObjectionId;

/// What any form of the page carries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct ObjectionForm {
    version: String,
    once: String,
    vote: String,
    words: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Wish {
    done: String,
}

/// One entry of how it went.
#[derive(Debug)]
struct Entry {
    at: DateTime<Utc>,
    verb: &'static str,
    who: String,
    sentence: String,
}

#[derive(Template)]
#[template(path = "assessment/objection.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a form of its own that the page offers or not"
)]
struct Show {
    chrome: Chrome,
    now: DateTime<Utc>,
    objection: Objection,
    result: String,
    effect: Option<Effect>,
    lamp: Option<(&'static str, String)>,
    /// Where the whistle or the record is, if the viewer sees it.
    href: Option<String>,
    /// The evidence.
    files: Shown,
    me: Viewer,
    calls: bool,
    votes: bool,
    takes_back: bool,
    is_frozen: bool,
    once: String,
    form: ObjectionForm,
    errors: FieldErrors,
    refused: String,
    flash: &'static str,
}

impl Show {
    fn path(&self) -> String {
        self.objection.path()
    }

    fn score(&self) -> String {
        let o = &self.objection;
        let (period, item) = (o.period.path(), o.item.code());
        format!("{period}/{}?item={item}#cases", o.department_id)
    }

    /// Where the member's vote stands, as far as the viewer may read it.
    fn vote(&self, member: &Member) -> String {
        match (member.upholds, self.objection.shows_vote(member, &self.me)) {
            (None, _) if self.objection.is_open() => "待表决".to_owned(),
            (None, _) => "没有表决".to_owned(),
            (Some(_), false) => "已表决".to_owned(),
            (Some(upholds), true) => {
                let vote = if upholds { "成立" } else { "不成立" };
                let words = member.words.as_deref().unwrap_or_default();
                format!("{vote}：{words}")
            }
        }
    }

    /// How it went, the newest first.
    fn went(&self) -> Vec<Entry> {
        let o = &self.objection;
        let mut went = vec![Entry {
            at: o.asked_at,
            verb: "提出申诉",
            who: format!("{} {}", o.department, o.asker),
            sentence: format!("{}：{}", o.reason.label(), o.words),
        }];
        if let Some((at, sender)) = o.panel_at.zip(o.sender.as_ref()) {
            let until = o.due_at.map(words::minute).unwrap_or_default();
            went.push(Entry {
                at,
                verb: "送评议组",
                who: format!("市城乡基层治理办 {sender}"),
                sentence: format!("{} 人，不含评价人，{until} 前表决。", o.panel.len()),
            });
        }
        for member in &o.panel {
            if let Some(at) = member.voted_at {
                let voter = member.voter.as_deref().unwrap_or_default();
                went.push(Entry {
                    at,
                    verb: "表决",
                    who: format!("{} {voter}", member.seat),
                    sentence: String::new(),
                });
            }
        }
        if let Some((at, said)) = o.decided_at.zip(o.decided_words.as_ref()) {
            went.push(Entry {
                at,
                verb: match o.state {
                    ObjectionState::Upheld => "申诉成立",
                    ObjectionState::TakenBack => "撤回申诉",
                    ObjectionState::Open | ObjectionState::Dismissed => "申诉不成立",
                },
                who: if o.state == ObjectionState::TakenBack {
                    o.department.clone()
                } else {
                    "评议组".to_owned()
                },
                sentence: said.clone(),
            });
        }
        went.reverse();
        went
    }

    /// What happens next, for whoever has nothing to do.
    fn next(&self) -> &'static str {
        let o = &self.objection;
        match (o.state, o.panel_at.is_some(), self.is_frozen) {
            (ObjectionState::Open, false, _) => "等市治理办送评议组。",
            (ObjectionState::Open, true, _) => "等评议组表决，两票一致即有结果。",
            (ObjectionState::Upheld, _, false) => {
                "这一件在这一项已经剔除，得分已重算，这一件仍可查。"
            }
            (ObjectionState::Upheld, _, true) => "这一件在这一项已经剔除，随得分一起封存。",
            (ObjectionState::Dismissed | ObjectionState::TakenBack, ..) => {
                "维持原来的计分，不能再次申诉。"
            }
        }
    }
}

/// One objection.
pub(in super::super) async fn look(
    mut visit: Visit,
    Path(of): Path<(Period, ObjectionId)>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let mut page = page(&mut visit, of).await?;
    page.flash = match wish.done.as_str() {
        "asked" => "已提出申诉，市治理办会送评议组。证据的文件可以在本页添加。",
        "called" => "已送评议组，三名成员已收到消息。",
        "voted" => "已记下您的表决。",
        "taken-back" => "已撤回申诉。",
        "attached" => "已添加附件。",
        "removed" => "已移除附件，登记保留。",
        _ => "",
    };
    Ok(Page(page).into_response())
}

async fn page(visit: &mut Visit, (period, id): (Period, ObjectionId)) -> Result<Show> {
    let book = book::book_with(&mut visit.tx, visit.me.tenant, period, Some(id)).await?;
    let me = visit.me.clone();
    let now = visit.tx.now;
    let mut objection = book.objection.clone().ok_or(Error::NotFound)?;
    if !objection.is_seen_by(&me) {
        return Err(Error::NotFound);
    }
    let assessed = book.assessed(now);
    let mut cases = assessed.cases.iter();
    let case = cases.find(|c| c.id == objection.case);
    let lamp = if objection.is_open() {
        lamp((objection.soon_at, objection.due_at), &book.calendar, now)
    } else {
        None
    };
    let mut files = Shown::of(
        std::mem::take(&mut objection.files),
        ("证据附件", format!("{}/files", objection.path())),
        objection.may_take_files(&me).is_ok(),
        || visit.once(),
    );
    files.may_remove = objection.may_give_files(&me).is_ok();
    Ok(Show {
        chrome: visit.chrome(Section::Assessment),
        now,
        result: case
            .map(|c| result(&book, c, objection.item))
            .unwrap_or_default(),
        effect: effect(
            &assessed,
            objection.department_id,
            (objection.case, objection.item),
        ),
        lamp: lamp.map(|(lamp, words)| (lamp.code(), words)),
        href: objection.case_path(&me),
        files,
        calls: me.kind.may(Permission::ChangeAssessment) && objection.may_be_sent().is_ok(),
        votes: objection.may_vote(&me, now).is_ok(),
        takes_back: objection.may_be_taken_back(&me).is_ok(),
        is_frozen: is_frozen(&book),
        once: visit.once(),
        form: ObjectionForm::default(),
        errors: FieldErrors::new(),
        refused: String::new(),
        flash: "",
        objection,
        me,
    })
}

fn is_frozen(book: &Book) -> bool {
    book.life.as_ref().is_some_and(|l| l.frozen_at.is_some())
}

/// A member votes.
pub(in super::super) async fn vote(
    State(db): State<Db>,
    mut visit: Visit,
    Path(of): Path<(Period, ObjectionId)>,
    Form(form): Form<ObjectionForm>,
) -> Result<Response> {
    let location = format!("{}?done=voted", path(of.0, of.1));
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match votes(&mut visit, of, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => again(&db, visit, of, form, error).await,
    }
}

async fn votes(visit: &mut Visit, of: (Period, ObjectionId), form: &ObjectionForm) -> Result<()> {
    let mut errors = FieldErrors::new();
    let upholds = match form.vote.as_str() {
        "uphold" => true,
        "dismiss" => false,
        _ => {
            errors.add("vote", "请选择成立或不成立。");
            false
        }
    };
    let words = errors.text("words", "评议意见", &form.words, (2, 300));
    errors.or(()).map_err(Error::Invalid)?;
    actions::vote(&mut visit.tx, &visit.me, of, (upholds, &words)).await
}

/// The department takes it back.
pub(in super::super) async fn take_back(
    State(db): State<Db>,
    mut visit: Visit,
    Path(of): Path<(Period, ObjectionId)>,
    Form(form): Form<ObjectionForm>,
) -> Result<Response> {
    let location = format!("{}?done=taken-back", path(of.0, of.1));
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let kept = match version(&form.version) {
        Ok(version) => actions::take_back(&mut visit.tx, &visit.me, of, version).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(()) => visit.done(&location).await,
        Err(error) => again(&db, visit, of, form, error).await,
    }
}

async fn again(
    db: &Db,
    visit: Visit,
    of: (Period, ObjectionId),
    form: ObjectionForm,
    error: Error,
) -> Result<Response> {
    let why = error.again()?;
    let mut visit = visit.afresh(db).await?;
    let mut page = page(&mut visit, of).await?;
    let status = why.status();
    (page.errors, page.refused) = why.said("这件申诉刚被别人办过，请看清最新情况再办。");
    page.form = form;
    Ok((status, Page(page)).into_response())
}

/// The page again, with what is wrong about its evidence.
pub(super) async fn again_with_files(
    db: &Db,
    visit: Visit,
    of: (Period, ObjectionId),
    typed: Option<(FileId, &str)>,
    error: Error,
) -> Result<Response> {
    let why = error.again()?;
    let mut visit = visit.afresh(db).await?;
    let mut page = page(&mut visit, of).await?;
    let status = why.status();
    match why {
        Again::Invalid(errors) => match typed {
            Some((file, reason)) => page.files = page.files.keeping(file, reason, &errors),
            None => page.files.errors = errors,
        },
        Again::Refused(sentence) => page.refused = sentence,
        // The page has looked anew and says so itself.
        Again::Stale => {}
    }
    Ok((status, Page(page)).into_response())
}
