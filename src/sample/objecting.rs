//! Objections in the sample: in each period that was shown, upheld ones, dismissed ones and one that
//! was taken back; one that its panel left undecided where the window is over, and where it is open
//! those that wait for a panel or for votes.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::assessing_queries::{self, Heard};
use super::objecting_queries::{self as queries, Made, Seated};
use crate::base::clock::day_of;
use crate::base::id::uuid_at;
use crate::org::calendar::{Calendar, Due, Limit, NoDue, Unit};
use crate::work::assessment::{Assessed, Book, Case, Item, ObjectionState, Reason, SILENCE};

/// What is objected, and how it goes.
struct Plan {
    when: When,
    about: About,
    /// In which items, the likeliest first.
    items: &'static [Item],
    reason: Reason,
    words: &'static str,
    evidence: &'static str,
    goes: Goes,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// In every period.
    Always,
    /// Where the window is open now.
    Open,
    /// Where it is over.
    Over,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// A department's part of a whistle.
    Whistle,
    /// An answer about one of the five powers.
    Power,
}

enum Goes {
    /// The votes, in order: the second that agrees decides.
    Voted(&'static [bool]),
    /// One votes, and then the time is over.
    Lapsed,
    TakenBack,
    /// Nobody has called a panel yet.
    Unsent,
}

const PLANS: [Plan; 9] = [
    Plan {
        when: When::Always,
        about: About::Whistle,
        items: &[Item::Close, Item::Report, Item::Sign],
        reason: Reason::Weather,
        words: "连日强降雨，工地按通知停工，当日无法进场。",
        evidence: "停工通知 1 份，气象预警信号记录 1 份。",
        goes: Goes::Voted(&[true, true]),
    },
    Plan {
        when: When::Always,
        about: About::Whistle,
        items: &[Item::Rating],
        reason: Reason::WrongRating,
        words: "到场和配合有签到表为证，评价与事实不符。",
        evidence: "现场签到表 1 份。",
        goes: Goes::Voted(&[false, true, false]),
    },
    Plan {
        when: When::Always,
        about: About::Whistle,
        items: &[Item::Report, Item::Responded, Item::Sign, Item::Solved],
        reason: Reason::Unreachable,
        words: "三次联系诉求人没有接通。",
        evidence: "通话记录 1 份。",
        goes: Goes::TakenBack,
    },
    Plan {
        when: When::Always,
        about: About::Whistle,
        items: &[Item::FirstCheck, Item::Close, Item::Satisfied],
        reason: Reason::ThirdParty,
        words: "配件由厂家供货，厂家延误，已当日告知街道。",
        evidence: "供货合同和厂家说明各 1 份。",
        goes: Goes::Voted(&[true, false, true]),
    },
    Plan {
        when: When::Open,
        about: About::Whistle,
        items: &[Item::Satisfied, Item::Solved, Item::Rating],
        reason: Reason::WrongDispatch,
        words: "其中一处属小区自管，不在本部门职责内。",
        evidence: "权责清单和现场照片各 1 份。",
        goes: Goes::Unsent,
    },
    Plan {
        when: When::Open,
        about: About::Whistle,
        items: &[Item::Sign, Item::Report, Item::Close, Item::Rating],
        reason: Reason::ForceMajeure,
        words: "当日全市停电抢修，联络员电脑无法登录。",
        evidence: "供电公司停电通知 1 份。",
        goes: Goes::Voted(&[true]),
    },
    Plan {
        when: When::Open,
        about: About::Power,
        items: &[Item::Rating],
        reason: Reason::WrongRating,
        words: "答复已经逐条说明理由并附依据，评分没有写明不足在哪里。",
        evidence: "书面答复和会议记录各 1 份。",
        goes: Goes::Unsent,
    },
    Plan {
        when: When::Over,
        about: About::Power,
        items: &[Item::Rating],
        reason: Reason::WrongRating,
        words: "议定事项已经按期落实，现场照片可以证明。",
        evidence: "落实前后照片各 1 张。",
        goes: Goes::Voted(&[true, true]),
    },
    Plan {
        when: When::Over,
        about: About::Whistle,
        items: &[Item::Rating, Item::Satisfied, Item::Close],
        reason: Reason::ForceMajeure,
        words: "地下管线资料缺失，需要先行勘察。",
        evidence: "勘察报告 1 份。",
        goes: Goes::Lapsed,
    },
];
/// So many sit on a panel.
const PANEL: usize = 3;
/// What happened before is not told any more.
const TOLD: TimeDelta = TimeDelta::days(5);

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
    let held = |plan: &&Plan| match plan.when {
        When::Always => true,
        When::Open => !shown.is_over,
        When::Over => shown.is_over,
    };
    let mut used: Vec<Uuid> = Vec::new();
    for (place, plan) in (1..).zip(PLANS.iter().filter(held)) {
        let asked_at = shown.at + TimeDelta::minutes(40 * place);
        let Some((case, item)) = fitting(&assessed, plan, &used) else {
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
        let id = uuid_at(asked_at);
        let made = Made {
            id,
            period: shown.id,
            department,
            item,
            whistle: case.is_of_whistle().then_some(case.whistle),
            case: case.id,
            title: &case.title,
            link: format!("{}/objections/{id}", shown.book.period().path()),
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
        let who = queries::seat(db, tenant, by.post).await?;
        let asks = (who.as_str(), "申诉得分", "送评议组");
        told(db, tenant, (&[office.post], &made), (act, asks), now).await?;
        let calendar = shown.book.calendar();
        let days = shown.book.scheme().window_days;
        // Where the calendar does not reach so far, no panel can be called.
        let Ok((called_at, due)) = called(calendar, asked_at, days) else {
            continue;
        };
        let panel = queries::neutral(db, tenant, (id, case.id), day_of(called_at)).await?;
        let call = (called_at, &due, panel.as_slice());
        // A small city has no three who are neutral: there it waits, or is over without a panel.
        let way = match (panel.len() == PANEL, shown.is_over) {
            (true, _) => &plan.goes,
            (false, true) => &Goes::TakenBack,
            (false, false) => &Goes::Unsent,
        };
        goes(db, tenant, (office, call), (&made, way), now).await?;
    }
    Ok(())
}

/// A case that lost points in one of the items of a plan, and that nobody has objected to yet.
fn fitting<'a>(assessed: &'a Assessed, plan: &Plan, used: &[Uuid]) -> Option<(&'a Case, Item)> {
    let is_whistle = plan.about == About::Whistle;
    plan.items.iter().find_map(|item| {
        let mut cases = assessed.cases.iter();
        let fit = cases.find(|c| {
            let is_new = c.is_of_whistle() == is_whistle && !c.sealed && !used.contains(&c.id);
            is_new && c.loses(&assessed.scheme, *item)
        });
        fit.map(|case| (case, *item))
    })
}

/// When something was done, what, and in which sentence.
type Act<'a> = (DateTime<Utc>, &'static str, &'a str);

/// What is told of an act about an objection, if it was lately: who did what, and what is asked.
async fn told(
    db: &mut PgConnection,
    tenant: Uuid,
    (posts, made): (&[Uuid], &Made<'_>),
    ((at, verb, sentence), (who, did, ask)): (Act<'_>, (&str, &str, &'static str)),
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if at < now - TOLD {
        return Ok(());
    }
    let asks = if ask.is_empty() {
        String::new()
    } else {
        format!("，请{ask}")
    };
    let heard = Heard {
        at,
        class: "step",
        verb,
        title: format!("{who}{did}{asks}"),
        words: format!("{}。{sentence}", made.title),
        link: made.link.clone(),
        ask,
    };
    assessing_queries::tell(db, tenant, posts, &heard).await
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
        Goes::Lapsed => &[true][..],
    };
    if at > now {
        return Ok(());
    }
    queries::call(db, tenant, (id, office), (at, due.soon_at, due.at), panel).await?;
    let act = (at, "call_panel", "评议组 3 人，不含评价人。");
    queries::record(db, tenant, (id, office), act).await?;
    let posts: Vec<Uuid> = panel.iter().map(|m| m.post).collect();
    let city = queries::seat(db, tenant, office.post).await?;
    let asks = (city.as_str(), "送评议组", "表决");
    told(db, tenant, (&posts, made), (act, asks), now).await?;
    votes_of(db, tenant, (office, made, at), (votes, panel), now).await?;
    // The sweep comes within a minute.
    let swept = due.at + TimeDelta::minutes(1);
    if matches!(goes, Goes::Lapsed) && swept <= now {
        let ended = (swept, ObjectionState::Dismissed, SILENCE);
        queries::end(db, tenant, id, ended).await?;
        queries::record_silence(db, tenant, id, (swept, SILENCE)).await?;
    }
    Ok(())
}

/// The votes of a panel, and what they come to.
async fn votes_of(
    db: &mut PgConnection,
    tenant: Uuid,
    (office, made, at): (Seated, &Made<'_>, DateTime<Utc>),
    (votes, panel): (&[bool], &[Seated]),
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let id = made.id;
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
        let (verb, did) = if state == ObjectionState::Upheld {
            ("uphold_score", "申诉成立")
        } else {
            ("dismiss_score", "申诉不成立")
        };
        let act = (at, verb, said.as_str());
        queries::record(db, tenant, (id, by), act).await?;
        let asks = ("评议组决定：", did, "");
        let posts = [made.by.post, office.post];
        told(db, tenant, (&posts, made), (act, asks), now).await?;
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
