//! Putting a city leader in charge of a department. Never commits; the page does.

use super::leaders::Naming;
use super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};

/// Names the city leader in charge of a department, in the place of whoever was.
pub(super) async fn name_leader(
    tx: &mut Tx,
    me: &Viewer,
    id: DepartmentId,
    asked: Naming,
) -> Result<()> {
    let held = queries::hold(tx, me, id).await?;
    if held.valid_to.is_some_and(|to| to <= tx.today()) {
        let sentence = "这个部门已经撤销，不用再指定分管市领导。";
        return Err(Error::Refused(sentence.to_owned()));
    }
    if held.naming != asked.seen {
        return Err(Error::Stale);
    }
    let mut errors = FieldErrors::new();
    let candidates = queries::candidates(tx, me).await?;
    let leader = candidates.iter().find(|c| c.post == asked.post);
    if leader.is_none() {
        errors.add("leader", "请从名单里选，只有市领导职务可以分管部门。");
    }
    if held.post == Some(asked.post) {
        errors.add("leader", "现在就由他分管，不用改。要换人，请选别的职务。");
    }
    let earliest = held.from_day.unwrap_or(held.valid_from);
    if asked.from < earliest {
        let since = words::day(earliest);
        errors.add(
            "from",
            if held.from_day.is_some() {
                format!("不能早于现任开始分管的 {since}。")
            } else {
                format!("不能早于部门设立的 {since}。")
            },
        );
    }
    let (Some(leader), true) = (leader, errors.is_empty()) else {
        return Err(Error::Invalid(errors));
    };
    queries::name_leader(tx, me, id, asked).await?;
    let sentence = format!("{}，{} 起。", leader.words(), words::day(asked.from));
    let subject = (Subject::Department, id.0);
    events::record(tx, me, subject, Verb::NameLeader, &sentence).await
}
