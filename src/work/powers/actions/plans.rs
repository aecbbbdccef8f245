//! Making and ending plans.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::super::model::Draft;
use super::super::queries::plans;
use super::wrong;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::words;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::work::PlanId;

/// Makes a plan: the one before it ends on the day it begins. `before` is the plan that the form
/// was drawn from.
pub(in super::super) async fn make(
    tx: &mut Tx,
    me: &Viewer,
    (id, before): (PlanId, Option<PlanId>),
    draft: &Draft,
) -> Result<()> {
    let last = plans::hold(tx, me, None).await?;
    if last.as_ref().map(|l| l.id) != before {
        return Err(Error::Stale);
    }
    let mut number = 1;
    if let Some(last) = last {
        // Records keep the plan under which they were begun, so that no plan reaches back.
        let soonest = after(last.from_day).max(tx.today());
        if draft.from_day < soonest {
            return Err(wrong(
                "from_day",
                format!(
                    "“{}”自 {} 起施行，新方案最早从 {} 起施行。",
                    last.name,
                    words::day(last.from_day),
                    words::day(soonest)
                ),
            ));
        }
        if last.to_day.is_none_or(|to| to > draft.from_day) {
            plans::end(tx, me, last.id, draft.from_day).await?;
        }
        number = last.number + 1;
    }
    plans::insert(tx, me, (id, number), draft).await?;
    let departments: BTreeSet<_> = draft.grants.iter().map(|g| g.0).collect();
    let sentence = format!(
        "{}，自 {} 起施行，{} 个部门，{} 个街道。",
        draft.name,
        words::day(draft.from_day),
        departments.len(),
        draft.streets.len()
    );
    events::record(tx, me, (Subject::Plan, id.0), Verb::Plan, &sentence).await
}

/// Ends a plan from a day on. What stands on it keeps it.
pub(in super::super) async fn end(
    tx: &mut Tx,
    me: &Viewer,
    id: PlanId,
    (day, reason): (NaiveDate, &str),
) -> Result<()> {
    let plan = plans::hold(tx, me, Some(id)).await?;
    let plan = plan.ok_or(Error::NotFound)?;
    let today = tx.today();
    if plan.to_day.is_some_and(|to| to <= today) {
        return Err(Error::Refused("这个方案已经终止。".to_owned()));
    }
    let soonest = after(plan.from_day).max(today);
    if day < soonest {
        let sentence = format!("终止日期最早写 {}。", words::day(soonest));
        return Err(wrong("day", sentence));
    }
    if let Some(to) = plan.to_day.filter(|to| day >= *to) {
        let sentence = format!("这个方案到 {} 为止，要终止就写更早的一天。", words::day(to));
        return Err(wrong("day", sentence));
    }
    plans::end(tx, me, id, day).await?;
    let sentence = format!("自 {} 起终止：{reason}", words::day(day));
    events::record(tx, me, (Subject::Plan, id.0), Verb::EndPlan, &sentence).await
}

fn after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}
