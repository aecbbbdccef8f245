//! Objections in the sample: in each period that was shown, upheld ones, dismissed ones and one that
//! was taken back; and open ones where the window is open now.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::objecting_queries::{self as queries, Made, Seated};
use crate::base::clock::day_of;
use crate::base::id::uuid_at;
use crate::org::calendar::{Calendar, Due, Limit, NoDue, Unit};
use crate::work::assessment::{Book, Item, ObjectionState, Reason};

/// What is objected, and how it goes.
struct Plan {
    /// In which items, the likeliest first.
    items: &'static [Item],
    reason: Reason,
    words: &'static str,
    evidence: &'static str,
    goes: Goes,
}

enum Goes {
    /// The votes, in order: the second that agrees decides.
    Voted(&'static [bool]),
    TakenBack,
    /// Nobody has called a panel yet.
    Unsent,
}

const PLANS: [Plan; 6] = [
    Plan {
        items: &[Item::Close, Item::Report, Item::Sign],
        reason: Reason::Weather,
        words: "连日强降雨，工地按通知停工，当日无法进场。",
        evidence: "停工通知 1 份，气象预警信号记录 1 份。",
        goes: Goes::Voted(&[true, true]),
    },
    Plan {
        items: &[Item::Rating],
        reason: Reason::WrongRating,
        words: "到场和配合有签到表为证，评价与事实不符。",
        evidence: "现场签到表 1 份。",
        goes: Goes::Voted(&[false, true, false]),
    },
    Plan {
        items: &[Item::Report, Item::Responded, Item::Sign, Item::Solved],
        reason: Reason::Unreachable,
        words: "三次联系诉求人没有接通。",
        evidence: "通话记录 1 份。",
        goes: Goes::TakenBack,
    },
    Plan {
        items: &[Item::FirstCheck, Item::Close, Item::Satisfied],
        reason: Reason::ThirdParty,
        words: "配件由厂家供货，厂家延误，已当日告知街道。",
        evidence: "供货合同和厂家说明各 1 份。",
        goes: Goes::Voted(&[true, false, true]),
    },
    Plan {
        items: &[Item::Satisfied, Item::Solved, Item::Rating],
        reason: Reason::WrongDispatch,
        words: "其中一处属小区自管，不在本部门职责内。",
        evidence: "权责清单和现场照片各 1 份。",
        goes: Goes::Unsent,
    },
    Plan {
        items: &[Item::Sign, Item::Report, Item::Close, Item::Rating],
        reason: Reason::ForceMajeure,
        words: "当日全市停电抢修，联络员电脑无法登录。",
        evidence: "供电公司停电通知 1 份。",
        goes: Goes::Voted(&[true]),
    },
];
/// The last two are open: only a period that is still shown has them.
const ENDED: usize = 4;
/// So many sit on a panel.
const PANEL: usize = 3;

/// A period that is shown.
pub(super) struct Shown<'a> {
    pub(super) id: Uuid,
    pub(super) book: &'a Book,
    pub(super) at: DateTime<Utc>,
    pub(super) is_over: bool,
}

/// Makes the objections of a period, as far as they have come by now.
pub(super) async fn object(
    db: &mut PgConnection,
    tenant: Uuid,
    office: Seated,
    shown: &Shown<'_>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let assessed = shown.book.assessed(shown.at);
    let plans = if shown.is_over { ENDED } else { PLANS.len() };
    let mut used: Vec<Uuid> = Vec::new();
    for (place, plan) in (1..).zip(PLANS.iter().take(plans)) {
        let asked_at = shown.at + TimeDelta::minutes(40 * place);
        let fits = |item: &Item| {
            let mut cases = assessed.cases.iter();
            let fit = cases.find(|c| {
                let is_new = c.is_of_whistle() && !used.contains(&c.id);
                is_new && c.loses(&assessed.scheme, *item)
            });
            fit.map(|case| (case, *item))
        };
        let Some((case, item)) = plan.items.iter().find_map(fits) else {
            continue;
        };
        if asked_at > now {
            break;
        }
        used.push(case.id);
        let department = case.department.0;
        let Some(by) = queries::clerk(db, tenant, department, day_of(asked_at)).await? else {
            continue;
        };
        let called = called(
            shown.book.calendar(),
            asked_at,
            shown.book.scheme().window_days,
        );
        let Ok((called_at, due)) = called else {
            continue;
        };
        let about = (case.whistle, department);
        let panel = queries::neutral(db, tenant, about, day_of(called_at)).await?;
        if panel.len() < PANEL {
            continue;
        }
        let made = Made {
            id: uuid_at(asked_at),
            period: shown.id,
            department,
            item,
            whistle: case.whistle,
            assignment: case.id,
            reason: plan.reason,
            words: plan.words,
            evidence: plan.evidence,
            at: asked_at,
            by,
        };
        queries::make(db, tenant, &made).await?;
        let sentence = format!("{}，{}：{}", item.label(), plan.reason.label(), plan.words);
        let act = (asked_at, "object_score", sentence.as_str());
        queries::record(db, tenant, (made.id, by), act).await?;
        let call = (called_at, &due, panel.as_slice());
        goes(db, tenant, (office, call), (&made, &plan.goes), now).await?;
    }
    Ok(())
}

/// When a panel is called, until when it votes, and who sits on it.
type Call<'a> = (DateTime<Utc>, &'a Due, &'a [Seated]);

/// What becomes of one.
async fn goes(
    db: &mut PgConnection,
    tenant: Uuid,
    (office, (at, due, panel)): (Seated, Call<'_>),
    (made, goes): (&Made<'_>, &Goes),
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let id = made.id;
    let votes = match goes {
        Goes::Unsent => return Ok(()),
        Goes::TakenBack => {
            let at = made.at + TimeDelta::hours(3);
            if at <= now {
                let state = ObjectionState::TakenBack;
                queries::end(db, tenant, id, (at, state, "申诉部门撤回。")).await?;
                let act = (at, "drop_score", "不再申诉，维持原来的计分。");
                queries::record(db, tenant, (id, made.by), act).await?;
            }
            return Ok(());
        }
        Goes::Voted(votes) => votes,
    };
    if at > now {
        return Ok(());
    }
    queries::call(db, tenant, (id, office), (at, due.soon_at, due.at), panel).await?;
    let act = (at, "call_panel", "评议组 3 人，不含评价人。");
    queries::record(db, tenant, (id, office), act).await?;
    votes_of(db, tenant, (id, at), (votes, panel), now).await
}

/// The votes of a panel, and what they come to.
async fn votes_of(
    db: &mut PgConnection,
    tenant: Uuid,
    (id, at): (Uuid, DateTime<Utc>),
    (votes, panel): (&[bool], &[Seated]),
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (mut yes, mut no) = (0, 0);
    for (place, (upholds, by)) in (1..).zip(votes.iter().zip(panel.iter().copied())) {
        let at = at + TimeDelta::minutes(50 * place);
        if at > now {
            break;
        }
        let words = if *upholds {
            "证据齐全，与核查记录一致，应予剔除。"
        } else {
            "证据不足以推翻原来的记录。"
        };
        queries::vote(db, tenant, (id, by), (at, *upholds, words)).await?;
        if *upholds {
            yes += 1;
        } else {
            no += 1;
        }
        let state = match (yes, no) {
            (2, _) => ObjectionState::Upheld,
            (_, 2) => ObjectionState::Dismissed,
            _ => {
                queries::record(db, tenant, (id, by), (at, "vote", "已表决。")).await?;
                continue;
            }
        };
        let said = format!("评议组 {yes} 票成立、{no} 票不成立。");
        queries::end(db, tenant, id, (at, state, &said)).await?;
        let verb = if state == ObjectionState::Upheld {
            "uphold_score"
        } else {
            "dismiss_score"
        };
        queries::record(db, tenant, (id, by), (at, verb, &said)).await?;
    }
    Ok(())
}

/// The panel is called on the next morning, and has as long as the window is.
fn called(
    calendar: &Calendar,
    asked_at: DateTime<Utc>,
    days: i16,
) -> Result<(DateTime<Utc>, Due), NoDue> {
    let at = calendar.opening(asked_at + TimeDelta::hours(18))? + TimeDelta::minutes(30);
    let due = calendar.due(at, Limit::new(days.into(), Unit::WorkDay)?, &[])?;
    Ok((at, due))
}
