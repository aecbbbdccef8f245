//! The forms of a record: each is checked, done once, and answered by the record's page.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;

use super::super::actions::answering::{self, Opined, Seen};
use super::super::model::{AnswerKind, Exercise, Move, OpinionKind, Pool, Power, RulingKind};
use super::super::queries::case;
use super::super::queries::writes::{Held, Said};
use super::show::{SaidForm, Show};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::seal::Keys;
use crate::base::web::{Form, Path};
use crate::org::DepartmentId;
use crate::org::access::Visit;
use crate::work::{ExerciseId, TaskId};

/// The document's longest lists.
const ITEMS: usize = 20;

fn seen(id: ExerciseId, form: &SaidForm) -> Seen {
    Seen {
        id,
        version: form.version.parse().unwrap_or(0),
    }
}

/// Goes to the record when the act is done, or shows the page again with what was typed.
async fn end(
    (db, visit): (&Db, Visit),
    id: ExerciseId,
    (form, location): (SaidForm, &str),
    done: Result<()>,
) -> Result<Response> {
    match done {
        Ok(()) => visit.done(location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(db).await?;
            Ok(Show::of(&mut visit, id).await?.again(form, why))
        }
    }
}

/// A day that a body decided on: not ahead.
fn decided(errors: &mut FieldErrors, visit: &Visit, typed: &str) -> Option<NaiveDate> {
    let day = errors.day("decided_on", "决定日期", typed)?;
    if day > visit.tx.today() {
        errors.add("decided_on", "决定日期不能晚于今天。");
        return None;
    }
    Some(day)
}

/// The street's opinion.
pub(super) async fn opine(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path(id): Path<ExerciseId>,
    Form(form): Form<SaidForm>,
) -> Result<Response> {
    let location = format!("/powers/{id}?done=opined");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let done = opines(&mut visit, &keys, id, &form).await;
    end((&db, visit), id, (form, &location), done).await
}

async fn opines(visit: &mut Visit, keys: &Keys, id: ExerciseId, form: &SaidForm) -> Result<()> {
    let of = case::exercise(&mut visit.tx, &visit.me, id).await?;
    let mut errors = FieldErrors::new();
    let kind = errors.choice::<OpinionKind>("kind", "街道意见", &form.kind);
    let kind = kind.filter(|k| OpinionKind::CHOICES.contains(k));
    let words = errors.text("words", "意见内容", &form.words, (0, 1000));
    let items = items(&of, &form.items, &mut errors);
    if kind.is_some_and(|k| k != OpinionKind::Agree) && words.is_empty() && items.is_empty() {
        errors.add("words", "不同意或有修改建议的，请写明意见。");
    }
    let body = errors.text("body", "决定机构", &form.body, (2, 60));
    let decided_on = decided(&mut errors, visit, &form.decided_on);
    let (Some(kind), Some(decided_on)) = (kind, decided_on) else {
        return Err(Error::Invalid(errors));
    };
    errors.or(()).map_err(Error::Invalid)?;
    let opined = Opined {
        kind,
        words: &words,
        items: &items,
        body: &body,
        decided_on,
    };
    answering::opine(&mut visit.tx, &visit.me, keys, seen(id, form), &opined).await
}

/// The items of an opinion on a plan: a line each.
fn items(of: &Exercise, typed: &str, errors: &mut FieldErrors) -> Vec<String> {
    if of.power != Power::Planning {
        return Vec::new();
    }
    let lines = typed.lines().map(str::trim).filter(|l| !l.is_empty());
    let items: Vec<String> = lines.map(str::to_owned).collect();
    if items.len() > ITEMS {
        errors.add(
            "items",
            format!("最多 {ITEMS} 条，现在是 {} 条。", items.len()),
        );
    }
    let long = |item: &&String| !(2..=300).contains(&item.chars().count());
    if let Some(item) = items.iter().find(long) {
        let head: String = item.chars().take(12).collect();
        errors.add("items", format!("“{head}”这一条应为 2 至 300 个字。"));
    }
    items
}

/// The minutes of a co-ordination.
pub(super) async fn minute(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<ExerciseId>,
    Form(form): Form<SaidForm>,
) -> Result<Response> {
    let location = format!("/powers/{id}?done=minuted");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let done = minutes(&mut visit, id, &form).await;
    end((&db, visit), id, (form, &location), done).await
}

async fn minutes(visit: &mut Visit, id: ExerciseId, form: &SaidForm) -> Result<()> {
    let of = case::exercise(&mut visit.tx, &visit.me, id).await?;
    let mut errors = FieldErrors::new();
    let host = errors.text("host", "主持人", &form.host, (2, 30));
    let words = errors.text("words", "纪要", &form.words, (2, 2000));
    let came = attendance(&of, form, &mut errors);
    let tasks = tasks(visit, &of, form, &mut errors);
    errors.or(()).map_err(Error::Invalid)?;
    let held = Held {
        host: &host,
        words: &words,
        came: &came,
        tasks: &tasks,
    };
    answering::minute(&mut visit.tx, &visit.me, seen(id, form), &held).await
}

/// Who came: department, name and rank.
type Came = Vec<(DepartmentId, Option<(String, String)>)>;

fn attendance(of: &Exercise, form: &SaidForm, errors: &mut FieldErrors) -> Came {
    let typed = |list: &[String], row: usize| list.get(row).map_or("", |t| t.trim()).to_owned();
    let row = |(row, party): (usize, &super::super::model::Party)| {
        let (name, rank) = (typed(&form.attendee, row), typed(&form.rank, row));
        if name.is_empty() && rank.is_empty() {
            return (party.id, None);
        }
        let field = format!("attendee-{row}");
        let name = errors.text(&field, "到会人", &name, (2, 30));
        let rank = errors.text(&field, "职务", &rank, (2, 30));
        (party.id, Some((name, rank)))
    };
    of.parts.parties.iter().enumerate().map(row).collect()
}

fn tasks(
    visit: &Visit,
    of: &Exercise,
    form: &SaidForm,
    errors: &mut FieldErrors,
) -> Vec<(TaskId, DepartmentId, String, NaiveDate)> {
    let today = visit.tx.today();
    let mut tasks = Vec::new();
    for (row, words) in form.task.iter().enumerate() {
        if words.trim().is_empty() {
            continue;
        }
        let (field, typed) = (format!("task-{row}"), |list: &[String]| {
            list.get(row).map_or("", |t| t.trim()).to_owned()
        });
        let words = errors.text(&field, "议定事项", words, (2, 300));
        let who = typed(&form.who).parse::<DepartmentId>().ok();
        let who = who.filter(|id| of.parts.parties.iter().any(|p| p.id == *id));
        if who.is_none() {
            errors.add(&field, "请选择由哪个到会部门落实。");
        }
        let due = errors.day(&field, "落实日期", &typed(&form.due));
        if due.is_some_and(|day| day < today) {
            errors.add(&field, "落实日期不能早于今天。");
        }
        if let (Some(who), Some(due)) = (who, due) {
            tasks.push((TaskId::at(visit.tx.now), who, words, due));
        }
    }
    tasks
}

/// A department has done what was agreed.
pub(super) async fn perform(
    State(db): State<Db>,
    mut visit: Visit,
    Path((id, task)): Path<(ExerciseId, TaskId)>,
    Form(form): Form<SaidForm>,
) -> Result<Response> {
    let location = format!("/powers/{id}?done=performed");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let mut errors = FieldErrors::new();
    let words = errors.text("words", "落实情况", &form.words, (2, 500));
    let done = match errors.or(()) {
        Ok(()) => answering::perform(&mut visit.tx, &visit.me, (id, task), &words).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    end((&db, visit), id, (form, &location), done).await
}

/// The department's answer.
pub(super) async fn answer(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path(id): Path<ExerciseId>,
    Form(form): Form<SaidForm>,
) -> Result<Response> {
    let location = format!("/powers/{id}?done=answered");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let done = answers(&mut visit, &keys, id, &form).await;
    end((&db, visit), id, (form, &location), done).await
}

async fn answers(visit: &mut Visit, keys: &Keys, id: ExerciseId, form: &SaidForm) -> Result<()> {
    let of = case::exercise(&mut visit.tx, &visit.me, id).await?;
    let mut errors = FieldErrors::new();
    let items = item_answers(&of, form, &mut errors);
    let pool = pool(&of, form, &mut errors);
    let kind = if of.power == Power::Project {
        pool.map(|(pool, _)| pool.answer())
    } else if of.parts.items.is_empty() {
        errors.choice::<AnswerKind>("kind", "答复", &form.kind)
    } else {
        let kinds: Vec<AnswerKind> = items.iter().map(|i| i.0).collect();
        AnswerKind::of_items(&kinds)
    };
    let words = errors.text("words", "答复内容", &form.words, (0, 1000));
    if words.is_empty() {
        if of.is_sealed() {
            errors.add("words", "请写明街道意见怎样运用；没有采纳的写明理由。");
        } else if kind.is_some_and(|k| k != AnswerKind::Adopted) {
            errors.add("words", "没有全部采纳的，请写明理由。");
        }
    }
    let body = errors.text("body", "决定机构", &form.body, (2, 60));
    let decided_on = decided(&mut errors, visit, &form.decided_on);
    let (Some(kind), Some(decided_on)) = (kind, decided_on) else {
        return Err(Error::Invalid(errors));
    };
    errors.or(()).map_err(Error::Invalid)?;
    let said = Said {
        kind,
        words: &words,
        body: &body,
        decided_on,
        items: &items,
        pool,
    };
    answering::answer(&mut visit.tx, &visit.me, keys, seen(id, form), &said).await
}

/// What is done with each item, each with a reason unless it is adopted.
fn item_answers(
    of: &Exercise,
    form: &SaidForm,
    errors: &mut FieldErrors,
) -> Vec<(AnswerKind, String)> {
    let mut answers = Vec::new();
    for (row, _) in of.parts.items.iter().enumerate() {
        let field = format!("item-{row}");
        let typed = form.item.get(row).map_or("", String::as_str);
        let words = form.item_words.get(row).map_or("", String::as_str);
        let words = errors.text(&field, "理由", words, (0, 300));
        let Some(kind) = errors.choice::<AnswerKind>(&field, "这一条的答复", typed) else {
            continue;
        };
        if kind != AnswerKind::Adopted && words.chars().count() < 2 {
            errors.add(&field, "没有全部采纳的这一条，请写明理由。");
        }
        answers.push((kind, words));
    }
    answers
}

/// Into which pool a project comes, and in which budget year.
fn pool(of: &Exercise, form: &SaidForm, errors: &mut FieldErrors) -> Option<(Pool, Option<i16>)> {
    if of.power != Power::Project {
        return None;
    }
    let pool = errors.choice::<Pool>("pool", "怎样处理", &form.pool)?;
    let typed = form.budget_year.trim();
    if !pool.has_budget() {
        return Some((pool, None));
    }
    let year = typed.parse::<i16>().ok();
    let year = year.filter(|y| (2020..=2100).contains(y));
    if year.is_none() {
        errors.add("budget_year", "列入或并入项目的，写明预算年度，例如 2027。");
    }
    Some((pool, Some(year?)))
}

/// The street accepts or objects.
pub(super) async fn react(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path(id): Path<ExerciseId>,
    Form(form): Form<SaidForm>,
) -> Result<Response> {
    let objects = form.kind == "object";
    let done = if objects { "objected" } else { "accepted" };
    let location = format!("/powers/{id}?done={done}");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let done = reacts(&mut visit, &keys, id, &form).await;
    end((&db, visit), id, (form, &location), done).await
}

async fn reacts(visit: &mut Visit, keys: &Keys, id: ExerciseId, form: &SaidForm) -> Result<()> {
    let mut errors = FieldErrors::new();
    let made = match form.kind.as_str() {
        "accept" => Some(Move::Accept),
        "object" => Some(Move::Object),
        _ => {
            errors.add("kind", "请选择认可还是提出异议。");
            None
        }
    };
    let score = errors.mark("score", "部门的答复", &form.score);
    // A mark at either end is explained, so that nobody gives it by habit.
    let least = if made == Some(Move::Object) || score == 1 || score == 5 {
        2
    } else {
        0
    };
    let words = errors.text("words", "理由", &form.words, (least, 500));
    let Some(made) = made.filter(|_| errors.is_empty()) else {
        return Err(Error::Invalid(errors));
    };
    answering::react(
        &mut visit.tx,
        &visit.me,
        keys,
        seen(id, form),
        (made, &words),
        score,
    )
    .await
}

/// The city's office rules.
pub(super) async fn rule(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path(id): Path<ExerciseId>,
    Form(form): Form<SaidForm>,
) -> Result<Response> {
    let location = format!("/powers/{id}?done=ruled");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let mut errors = FieldErrors::new();
    let kind = errors.choice::<RulingKind>("kind", "怎样裁定", &form.kind);
    let words = errors.text("words", "裁定理由", &form.words, (2, 500));
    let done = match kind {
        Some(kind) if errors.is_empty() => {
            let (tx, me) = (&mut visit.tx, &visit.me);
            answering::rule(tx, me, &keys, seen(id, &form), (kind, &words)).await
        }
        _ => Err(Error::Invalid(errors)),
    };
    end((&db, visit), id, (form, &location), done).await
}

/// Who began it calls it back.
pub(super) async fn call_off(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<ExerciseId>,
    Form(form): Form<SaidForm>,
) -> Result<Response> {
    let location = format!("/powers/{id}?done=called-off");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let of = case::exercise(&mut visit.tx, &visit.me, id).await?;
    let mut errors = FieldErrors::new();
    // Why a cadre record is called back would say what it is about.
    let least = if of.is_sealed() { 0 } else { 2 };
    let reason = errors.text("reason", "撤回理由", &form.words, (least, 300));
    let done = match errors.or(()) {
        Ok(()) => answering::call_off(&mut visit.tx, &visit.me, seen(id, &form), &reason).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    end((&db, visit), id, (form, &location), done).await
}
