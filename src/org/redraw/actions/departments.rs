//! Departments: added, changed, ended.

use super::super::model::DepartmentForm;
use super::super::queries::{self, Department};
use super::reason;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};

const ENDED: &str = "这个部门已经撤销，不能再改。";

/// Adds a department from today on.
pub(in super::super) async fn add(
    tx: &mut Tx,
    me: &Viewer,
    id: DepartmentId,
    form: &DepartmentForm,
) -> Result<()> {
    let (code, facts) = form.read_new().map_err(Error::Invalid)?;
    queries::add_department(tx, me, (id, &code), &facts).await?;
    let sentence = format!("{}，{}，代码 {code}。", facts.name, facts.kind.label());
    record(tx, me, id, Verb::AddDepartment, &sentence).await
}

/// Changes what a department is called, its kind or its place.
pub(in super::super) async fn amend(
    tx: &mut Tx,
    me: &Viewer,
    id: DepartmentId,
    form: &DepartmentForm,
) -> Result<()> {
    let before = queries::department(tx, me, id).await?;
    if before.valid_to.is_some() {
        return Err(Error::Refused(ENDED.to_owned()));
    }
    let version: i32 = form.version.parse().map_err(|_| Error::Stale)?;
    if version != before.version {
        return Err(Error::Stale);
    }
    let facts = form.read().map_err(Error::Invalid)?;
    let Some(sentence) = facts.changes(&before.facts) else {
        return Err(Error::Refused(
            "没有改动，不用保存。要改什么就在下面改，不改请返回。".to_owned(),
        ));
    };
    queries::amend_department(tx, me, (id, version), &facts).await?;
    record(tx, me, id, Verb::AmendDepartment, &sentence).await
}

/// Ends a department that has nothing open any more; its posts go with it.
pub(in super::super) async fn end(
    tx: &mut Tx,
    me: &Viewer,
    id: DepartmentId,
    (seen, why): (&str, &str),
) -> Result<()> {
    queries::hold_department(tx, me, id).await?;
    let department = queries::department(tx, me, id).await?;
    if department.valid_to.is_some() {
        return Err(Error::Refused(ENDED.to_owned()));
    }
    if department.seen != seen {
        return Err(Error::Stale);
    }
    if let Some(sentence) = stands_in_the_way(&department) {
        return Err(Error::Refused(sentence));
    }
    let mut errors = FieldErrors::new();
    let why = reason(&mut errors, "撤销理由", why);
    errors.or(()).map_err(Error::Invalid)?;
    let posts = queries::end_department(tx, me, id).await?;
    let name = &department.facts.name;
    let words = format!("{name}撤销。");
    if !posts.is_empty() {
        events::record_each(tx, me, (Subject::Post, &posts), Verb::AbolishPost, &words).await?;
    }
    let sentence = format!("{words}职务 {} 个一并撤销。理由：{why}", posts.len());
    record(tx, me, id, Verb::EndDepartment, &sentence).await
}

/// What must be over first, and where that is done; nothing if nothing must.
pub(in super::super) fn stands_in_the_way(department: &Department) -> Option<String> {
    let each = [
        (
            department.assignments,
            "件哨单任务没有办完（在哨单里由这个部门办完，或由街道改派、撤哨）",
        ),
        (
            department.exercises,
            "件五项权力没有办完（在“五项权力”里办完或撤回）",
        ),
        (
            department.tasks,
            "项三年计划任务、整改事项还由它负责（请市治理办先了结或终止）",
        ),
        (
            department.duties,
            "项权责清单还列着它（请市治理办先在“权责清单”里改由别的部门负责）",
        ),
    ];
    let left: Vec<String> = each
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    (!left.is_empty()).then(|| {
        format!(
            "{}还有 {}，现在不能撤销。",
            department.facts.name,
            left.join("；")
        )
    })
}

async fn record(
    tx: &mut Tx,
    me: &Viewer,
    id: DepartmentId,
    verb: Verb,
    sentence: &str,
) -> Result<()> {
    events::record(tx, me, (Subject::Department, id.0), verb, sentence).await
}
