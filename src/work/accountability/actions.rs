//! The verbs of plans, tasks and rectification items. None commits; the page does.

use chrono::NaiveDate;
use uuid::Uuid;

use super::model::{ItemMove, NewItem, NewPlan, NewTask, Proven, Task, TaskMove};
use super::queries::{item_writes, items, task_writes, tasks};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::FileId;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::org::files::{self, Content};
use crate::work::numbers::{self, Series};
use crate::work::{PlanTaskId, RectificationId, TaskMilestoneId, ThreeYearPlanId};

/// Makes a plan.
pub(super) async fn plan(
    tx: &mut Tx,
    me: &Viewer,
    id: ThreeYearPlanId,
    new: &NewPlan,
) -> Result<()> {
    task_writes::insert_plan(tx, me, id, new).await?;
    let sentence = format!("《{}》，{}—{} 年。", new.title, new.years.0, new.years.1);
    events::record(
        tx,
        me,
        (Subject::ThreeYearPlan, id.0),
        Verb::MakePlan,
        &sentence,
    )
    .await
}

/// Sets a task.
pub(super) async fn task(tx: &mut Tx, me: &Viewer, id: PlanTaskId, new: &NewTask) -> Result<()> {
    let number = task_writes::next_number(tx, me, new.plan).await?;
    task_writes::insert_task(tx, me, (id, number), new).await?;
    let due = words::day(new.due_day);
    let sentence = format!("{}，{due} 前：{}", new.body.name, new.goal);
    note(tx, me, id, Verb::SetTask, &sentence).await
}

async fn note(tx: &mut Tx, me: &Viewer, id: PlanTaskId, verb: Verb, words: &str) -> Result<()> {
    events::record(tx, me, (Subject::Task, id.0), verb, words).await
}

/// Holds the task and asks the model.
async fn begin(tx: &mut Tx, me: &Viewer, seen: (PlanTaskId, i32), mv: TaskMove) -> Result<Task> {
    let task = task_writes::hold(tx, me, seen.0).await?;
    task.may(mv, me)?;
    if task.version != seen.1 {
        return Err(Error::Stale);
    }
    task_writes::touch(tx, me, seen.0).await?;
    Ok(task)
}

/// Reports progress.
pub(super) async fn progress(
    tx: &mut Tx,
    me: &Viewer,
    seen: (PlanTaskId, i32),
    words: &str,
) -> Result<()> {
    begin(tx, me, seen, TaskMove::Progress).await?;
    task_writes::insert_progress(tx, me, seen.0, words).await?;
    note(tx, me, seen.0, Verb::Progress, words).await
}

/// Says that a milestone is reached.
pub(super) async fn reach(
    tx: &mut Tx,
    me: &Viewer,
    seen: (PlanTaskId, i32),
    (milestone, words): (TaskMilestoneId, &str),
) -> Result<()> {
    let task = begin(tx, me, seen, TaskMove::Reach).await?;
    let Some(what) = task.ahead().into_iter().find(|m| m.id == milestone) else {
        return Err(wrong("milestone", "请选择还没有达到的节点。".to_owned()));
    };
    task_writes::reach(tx, me, (seen.0, milestone), words).await?;
    let sentence = format!("{}：{words}", what.words);
    note(tx, me, seen.0, Verb::Milestone, &sentence).await
}

/// Adds a milestone.
pub(super) async fn add_milestone(
    tx: &mut Tx,
    me: &Viewer,
    seen: (PlanTaskId, i32),
    (day, words): (NaiveDate, &str),
) -> Result<()> {
    let task = begin(tx, me, seen, TaskMove::AddMilestone).await?;
    if day > task.due_day || !task.plan.has(day) {
        return Err(wrong(
            "day",
            format!(
                "节点日期写在 {} 至 {} 之间。",
                words::day(task.plan.days().0),
                words::day(task.due_day)
            ),
        ));
    }
    task_writes::insert_milestone(tx, me, seen.0, (day, words)).await?;
    let sentence = format!("{} 前：{words}", words::day(day));
    note(tx, me, seen.0, Verb::AddMilestone, &sentence).await
}

/// Confirms that the task is done.
pub(super) async fn confirm(
    tx: &mut Tx,
    me: &Viewer,
    seen: (PlanTaskId, i32),
    words: &str,
) -> Result<()> {
    begin(tx, me, seen, TaskMove::Confirm).await?;
    task_writes::confirm(tx, me, seen.0, words).await?;
    note(tx, me, seen.0, Verb::ConfirmTask, words).await
}

/// Ends the task without being done.
pub(super) async fn end(
    tx: &mut Tx,
    me: &Viewer,
    seen: (PlanTaskId, i32),
    reason: &str,
) -> Result<()> {
    begin(tx, me, seen, TaskMove::End).await?;
    task_writes::end(tx, me, seen.0, reason).await?;
    note(tx, me, seen.0, Verb::EndTask, reason).await
}

/// Lists a problem to be mended.
pub(super) async fn item(
    tx: &mut Tx,
    me: &Viewer,
    id: RectificationId,
    new: &NewItem,
) -> Result<()> {
    let number = numbers::take(tx, me, Series::Rectification, 'Z').await?;
    item_writes::insert(tx, me, (id, &number), new).await?;
    let due = words::day(new.due_day);
    let sentence = format!("{}，{due} 前整改：{}", new.body.name, new.problem);
    let subject = (Subject::Rectification, id.0);
    events::record(tx, me, subject, Verb::ListProblem, &sentence).await
}

/// Makes a move of an item.
pub(super) async fn step(
    tx: &mut Tx,
    me: &Viewer,
    (id, version): (RectificationId, i32),
    mv: ItemMove,
    (words, numbers): (&str, &[String]),
) -> Result<()> {
    let item = item_writes::hold(tx, me, id).await?;
    let to = item.may(mv, me)?;
    if item.version != version {
        return Err(Error::Stale);
    }
    let proofs = proofs(tx, me, numbers).await?;
    item_writes::insert_step(tx, me, (id, mv), (words, &proofs)).await?;
    item_writes::advance(tx, me, (id, mv), to).await?;
    let verb = match mv {
        ItemMove::Progress => Verb::Progress,
        ItemMove::Report => Verb::ReportMended,
        ItemMove::Return => Verb::ReturnMended,
        ItemMove::Verify => Verb::StrikeOff,
    };
    events::record(tx, me, (Subject::Rectification, id.0), verb, words).await
}

/// The whistles of these numbers; each must exist and be seen by who names it.
async fn proofs(tx: &mut Tx, me: &Viewer, numbers: &[String]) -> Result<Vec<Uuid>> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let found = item_writes::named(tx, me, numbers).await?;
    let unknown = numbers
        .iter()
        .find(|n| found.iter().all(|(_, number)| number != *n));
    if let Some(number) = unknown {
        return Err(wrong(
            "whistles",
            format!("没有编号为“{number}”的哨单，或者不在您的管辖范围内。请核对编号。"),
        ));
    }
    Ok(found.into_iter().map(|(id, _)| id).collect())
}

/// Whether the viewer, who sees the thing, may keep and remove its proof: whoever may report of it now.
pub(super) async fn may_prove(tx: &mut Tx, me: &Viewer, of: Proven) -> Result<()> {
    match of {
        Proven::Task(id) => tasks::task(tx, me, id).await?.may(TaskMove::Progress, me)?,
        Proven::Item(id) => {
            items::item(tx, me, id).await?.may(ItemMove::Progress, me)?;
        }
    }
    Ok(())
}

/// Holds the thing that is proven. A task moves on, so that nobody confirms it on other proof than was
/// seen; an item stands still by itself while it is verified.
async fn hold(tx: &mut Tx, me: &Viewer, of: Proven) -> Result<()> {
    match of {
        Proven::Task(id) => {
            let task = task_writes::hold(tx, me, id).await?;
            task.may(TaskMove::Progress, me)?;
            task_writes::touch(tx, me, id).await
        }
        Proven::Item(id) => {
            let item = item_writes::hold(tx, me, id).await?;
            item.may(ItemMove::Progress, me)?;
            Ok(())
        }
    }
}

/// Keeps a file as proof.
pub(super) async fn attach(tx: &mut Tx, me: &Viewer, of: Proven, content: &Content) -> Result<()> {
    hold(tx, me, of).await?;
    files::attach(tx, me, of.owner(), content).await?;
    Ok(())
}

/// Removes a file; its row stays.
pub(super) async fn detach(
    tx: &mut Tx,
    me: &Viewer,
    (of, file): (Proven, FileId),
    reason: &str,
) -> Result<()> {
    hold(tx, me, of).await?;
    files::remove(tx, me, (of.owner(), file), reason).await
}

fn wrong(field: &str, sentence: String) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(field, sentence);
    Error::Invalid(errors)
}
