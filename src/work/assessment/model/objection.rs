//! Objections (申诉): a department says that one case should not cost it points in one item. A panel
//! of three (评议组), none of whom had to do with the case, decides; two agree. What is upheld does
//! not count in that item and stays in sight.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Assessed, Case, Exact, Item, Life, Period, Scheme, Score, Stage, score};
use crate::base::error::{Error, Result};
use crate::base::words;
use crate::coded;
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::org::calendar::{Calendar, Unit};
use crate::org::events::Subject;
use crate::org::files::{FileRow, Owner, OwnerKind};
use crate::work::ObjectionId;
use crate::work::clocks::Lamp;

/// How many sit on a panel, and how many of them decide.
pub(crate) const PANEL: usize = 3;
const DECIDE: usize = 2;
/// Why the mark on a cadre record cannot be objected to: a panel would have to judge on what it may
/// not read, and what a department says in an objection stands in the clear.
pub(crate) const SEALED: &str = "干部考评内容已加密，评议组不能查阅，这类评价不受理申诉。有疑问的，由部门负责人向市治理办反映。";
/// What is written when a panel's time is over.
pub const SILENCE: &str = "评议组逾期未决，维持原来的计分。";

coded! {
    /// Why it should not count.
    Reason as "objection_reason" {
        /// The weather.
        Weather = "weather" "恶劣天气",
        /// What nobody could help.
        ForceMajeure = "force_majeure" "不可抗力",
        /// It was not this department's.
        WrongDispatch = "wrong_dispatch" "派错单位",
        /// Somebody else was the cause.
        ThirdParty = "third_party" "第三方原因",
        /// The resident could not be reached.
        Unreachable = "unreachable" "诉求人联系不上",
        /// The rating does not agree with the facts.
        WrongRating = "wrong_rating" "评价与事实不符",
    }
}

coded! {
    /// What came of it.
    ObjectionState as "objection_state" {
        /// Nothing yet.
        Open = "open" "未决",
        /// The case does not count in the item.
        Upheld = "upheld" "成立",
        /// It counts as before.
        Dismissed = "dismissed" "不成立",
        /// The department took it back.
        TakenBack = "taken_back" "已撤回",
    }
}

/// An objection as a case knows of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Raised {
    pub(in super::super) id: ObjectionId,
    pub(in super::super) period: Period,
    pub(in super::super) item: Item,
    pub(in super::super) reason: Reason,
    pub(in super::super) state: ObjectionState,
    pub(in super::super) asked_at: DateTime<Utc>,
    pub(in super::super) asker: String,
    pub(in super::super) panel_at: Option<DateTime<Utc>>,
    pub(in super::super) soon_at: Option<DateTime<Utc>>,
    pub(in super::super) due_at: Option<DateTime<Utc>>,
    /// Posts that have still to vote.
    pub(in super::super) asked: Vec<Uuid>,
}

/// What an upheld objection takes out of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exempted {
    /// The item in which the case does not count.
    pub item: Item,
    /// Why.
    pub reason: Reason,
    /// By which objection.
    pub objection: ObjectionId,
}

/// A post on a panel.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Member {
    pub(in super::super) post: Uuid,
    pub(in super::super) seat: String,
    pub(in super::super) voted_at: Option<DateTime<Utc>>,
    pub(in super::super) voter: Option<String>,
    pub(in super::super) upholds: Option<bool>,
    pub(in super::super) words: Option<String>,
}

/// An objection with its panel.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Objection {
    pub(in super::super) id: ObjectionId,
    pub(in super::super) version: i32,
    pub(in super::super) period: Period,
    pub(in super::super) department_id: DepartmentId,
    pub(in super::super) department: String,
    pub(in super::super) item: Item,
    /// The whistle; none if it is about a record of a power.
    pub(in super::super) whistle: Option<Uuid>,
    /// The assignment, or the record.
    pub(in super::super) case: Uuid,
    pub(in super::super) number: String,
    pub(in super::super) title: String,
    pub(in super::super) street: String,
    pub(in super::super) street_code: String,
    pub(in super::super) problem: String,
    pub(in super::super) ask: String,
    pub(in super::super) result: String,
    /// What was said in the record, if it is about one.
    pub(in super::super) record: Option<Spoken>,
    pub(in super::super) reason: Reason,
    pub(in super::super) words: String,
    pub(in super::super) evidence: String,
    pub(in super::super) files: Vec<FileRow>,
    pub(in super::super) asked_at: DateTime<Utc>,
    pub(in super::super) asker: String,
    pub(in super::super) state: ObjectionState,
    pub(in super::super) panel_at: Option<DateTime<Utc>>,
    pub(in super::super) sender: Option<String>,
    pub(in super::super) soon_at: Option<DateTime<Utc>>,
    pub(in super::super) due_at: Option<DateTime<Utc>>,
    pub(in super::super) decided_at: Option<DateTime<Utc>>,
    pub(in super::super) decided_words: Option<String>,
    pub(in super::super) panel: Vec<Member>,
}

/// What was said in a record of a power whose mark is objected to.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Spoken {
    pub(in super::super) matter: String,
    /// The street's opinion; may be empty.
    pub(in super::super) opinion: String,
    /// The minutes of a co-ordination; empty if it is none.
    pub(in super::super) minutes: String,
    /// The department's last answer.
    pub(in super::super) answer: String,
    /// What the street said to it.
    pub(in super::super) reaction: String,
}

/// A post that could sit on a panel.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Candidate {
    pub(in super::super) post: Uuid,
    pub(in super::super) kind: crate::org::access::PostKind,
    pub(in super::super) seat: String,
    /// Who holds it; nobody if it is vacant.
    pub(in super::super) holder: Option<String>,
    /// It sits in the street whose whistle it is.
    pub(in super::super) same_street: bool,
    /// Its holder had to do with the case, or sits in the department.
    pub(in super::super) took_part: bool,
}

/// Where an objection stands, in words.
pub(crate) fn standing(state: ObjectionState, has_panel: bool) -> &'static str {
    match (state, has_panel) {
        (ObjectionState::Open, false) => "待送评议组",
        (ObjectionState::Open, true) => "评议中",
        (ObjectionState::Upheld, _) => "成立，已剔除",
        (ObjectionState::Dismissed | ObjectionState::TakenBack, _) => state.label(),
    }
}

/// The lamp of a panel's time and what it says.
pub(crate) fn lamp(
    (soon, due): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Option<(Lamp, String)> {
    let (soon, due) = soon.zip(due)?;
    let lamp = if now > due {
        Lamp::Red
    } else if now >= soon {
        Lamp::Yellow
    } else {
        Lamp::Green
    };
    Some((lamp, calendar.left(Unit::WorkDay, now, due)))
}

fn refused<T>(sentence: impl Into<String>) -> Result<T> {
    Err(Error::Refused(sentence.into()))
}

/// Why a department cannot object to this period now; else its row.
pub(crate) fn may_object(period: Period, life: Option<&Life>, now: DateTime<Utc>) -> Result<&Life> {
    let Some(life) = life else {
        let title = period.title();
        return refused(format!("{title}还没有公示，公示以后再申诉。"));
    };
    let until = words::minute(life.objections_until);
    match life.stage {
        Stage::Frozen => refused(format!("{}已封存，不能再申诉。", period.title())),
        Stage::Shown if now > life.objections_until => {
            refused(format!("申诉期到 {until} 为止，已经过了，不能再申诉。"))
        }
        Stage::Shown => Ok(life),
    }
}

/// Why this case is nothing to object to in this item.
pub(crate) fn can_be_objected(
    scheme: &Scheme,
    case: &Case,
    item: Item,
    raised: &[Raised],
) -> Result<()> {
    if let Some(before) = raised.iter().find(|r| r.item == item) {
        let at = words::minute(before.asked_at);
        return refused(format!("这一件的这一项 {at} 已经申诉过，只能申诉一次。"));
    }
    if case.sealed {
        return refused(SEALED);
    }
    if !case.loses(scheme, item) {
        return refused("这一件在这一项没有失分，不用申诉。");
    }
    Ok(())
}

impl Candidate {
    /// Why this post may not sit on the panel of an objection about a case of this name.
    pub(crate) fn lacks(&self, noun: &str) -> Option<String> {
        if self.holder.is_none() {
            Some("空缺".to_owned())
        } else if self.same_street {
            Some("是评价街道的职务".to_owned())
        } else if self.took_part {
            Some(format!("参与过这件{noun}，或在申诉部门任职"))
        } else {
            None
        }
    }
}

impl Objection {
    /// Where it is shown.
    pub(crate) fn path(&self) -> String {
        path(self.period, self.id)
    }

    /// What it is about is called.
    pub(crate) fn noun(&self) -> &'static str {
        if self.whistle.is_some() {
            "哨单"
        } else {
            "行权记录"
        }
    }

    /// Where what it is about is shown; a street sees its own alone.
    pub(crate) fn case_path(&self, me: &Viewer) -> Option<String> {
        let elsewhere = me.kind.is_street() && me.node_code() != self.street_code;
        let path = match self.whistle {
            Some(whistle) => format!("/whistles/{whistle}"),
            None => format!("/powers/{}", self.case),
        };
        (!elsewhere).then_some(path)
    }

    /// Why the viewer cannot add evidence: only the department does, while nothing has come of it.
    pub(crate) fn may_take_files(&self, me: &Viewer) -> Result<()> {
        if me.department() != Some(self.department_id) {
            return Err(Error::Forbidden);
        }
        if !self.is_open() {
            return refused(format!("这件申诉{}，不能再添加证据。", self.standing()));
        }
        Ok(())
    }

    /// Why the viewer cannot take evidence away again: a panel judges on it.
    pub(crate) fn may_give_files(&self, me: &Viewer) -> Result<()> {
        self.may_take_files(me)?;
        if self.panel_at.is_some() {
            return refused("已送评议组，证据不能再移除。可以再添加。");
        }
        Ok(())
    }

    /// Where it stands.
    pub(crate) fn standing(&self) -> &'static str {
        standing(self.state, self.panel_at.is_some())
    }

    /// Whether nothing has come of it yet.
    pub(crate) fn is_open(&self) -> bool {
        self.state == ObjectionState::Open
    }

    /// City all, a department its own, a street what is about its whistles or what its post decides.
    pub(crate) fn is_seen_by(&self, me: &Viewer) -> bool {
        match me.department() {
            Some(own) => own == self.department_id,
            None if me.kind.is_street() => {
                me.node_code() == self.street_code || self.panel.iter().any(|m| m.post == me.post.0)
            }
            None => true,
        }
    }

    /// The viewer's own place on the panel.
    pub(crate) fn mine(&self, me: &Viewer) -> Option<&Member> {
        self.panel.iter().find(|m| m.post == me.post.0)
    }

    /// Why no panel can be called now.
    pub(crate) fn may_be_sent(&self) -> Result<()> {
        if !self.is_open() {
            return refused(format!("这件申诉{}，不用再送。", self.standing()));
        }
        if self.panel_at.is_some() {
            return refused("这件申诉已经送评议组，不能再送一次。");
        }
        Ok(())
    }

    /// Why the viewer cannot vote now.
    pub(crate) fn may_vote(&self, me: &Viewer, now: DateTime<Utc>) -> Result<()> {
        let Some(mine) = self.mine(me) else {
            return Err(Error::Forbidden);
        };
        if mine.voted_at.is_some() {
            return refused("这一票已经投过，每人一票，不能再改。");
        }
        if !self.is_open() {
            return refused(format!("这件申诉已有结果：{}。", self.standing()));
        }
        if self.due_at.is_some_and(|due| now > due) {
            return refused("评议时限已过，维持原来的计分，不能再表决。");
        }
        Ok(())
    }

    /// Why the department cannot take it back.
    pub(crate) fn may_be_taken_back(&self, me: &Viewer) -> Result<()> {
        if me.department() != Some(self.department_id) {
            return Err(Error::Forbidden);
        }
        if !self.is_open() {
            return refused(format!("这件申诉{}，不能再撤回。", self.standing()));
        }
        Ok(())
    }

    /// Votes so far: for, against.
    pub(crate) fn votes(&self) -> (usize, usize) {
        let of = |upholds| {
            let votes = self.panel.iter().filter(|m| m.upholds == Some(upholds));
            votes.count()
        };
        (of(true), of(false))
    }

    /// What one more vote decides, with its words; nothing while no two agree.
    pub(crate) fn decided_with(&self, upholds: bool) -> Option<(ObjectionState, String)> {
        let (mut yes, mut no) = self.votes();
        if upholds {
            yes += 1;
        } else {
            no += 1;
        }
        let words = format!("评议组 {yes} 票成立、{no} 票不成立。");
        if yes >= DECIDE {
            Some((ObjectionState::Upheld, words))
        } else if no >= DECIDE {
            Some((ObjectionState::Dismissed, words))
        } else {
            None
        }
    }

    /// What the viewer may read of a vote: each his own, all when it is over.
    pub(crate) fn shows_vote(&self, member: &Member, me: &Viewer) -> bool {
        !self.is_open() || member.post == me.post.0
    }
}

/// An objection as the owner of its files.
pub(crate) fn owner(id: ObjectionId) -> Owner {
    Owner {
        kind: OwnerKind::Objection,
        id: id.0,
        subject: (Subject::Objection, id.0),
    }
}

/// What upheld objections take out of a case. It is decided after the lock, so it counts whenever it
/// was recorded.
pub(crate) fn upheld(raised: &[Raised]) -> Vec<Exempted> {
    let upheld = raised.iter().filter(|o| o.state == ObjectionState::Upheld);
    upheld
        .map(|o| Exempted {
            item: o.item,
            reason: o.reason,
            objection: o.id,
        })
        .collect()
}

/// Where an objection is shown.
pub(crate) fn path(period: Period, id: ObjectionId) -> String {
    format!("{}/objections/{id}", period.path())
}

/// What an objection changes if it is upheld.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    /// The item in words, with the case and without it.
    pub(in super::super) item: (String, String),
    /// The score, with the case and without it.
    pub(in super::super) total: (Option<Exact>, Option<Exact>),
}

impl Effect {
    /// `19/22 变 19/21，84.4 变 84.6`
    pub(crate) fn words(&self) -> String {
        let shown =
            |total: &Option<Exact>| total.as_ref().map_or("不计分".to_owned(), |t| t.decimal(1));
        format!(
            "{} 变 {}，{} 变 {}",
            self.item.0,
            self.item.1,
            shown(&self.total.0),
            shown(&self.total.1)
        )
    }
}

/// What the score is with a case, and without it in one item; by the method itself.
pub(crate) fn effect(
    assessed: &Assessed,
    department: DepartmentId,
    (case_id, item): (Uuid, Item),
) -> Option<Effect> {
    let standing = assessed.of(department).ok()?;
    let scored = |is_out: bool| -> Score {
        let cases: Vec<Case> = assessed
            .cases_of(department)
            .map(|case| {
                let mut case = case.clone();
                if case.id == case_id {
                    case.exempted.retain(|e| e.item != item);
                    if is_out {
                        case.exempted.push(Exempted {
                            item,
                            reason: Reason::ForceMajeure,
                            objection: ObjectionId(Uuid::nil()),
                        });
                    }
                }
                case
            })
            .collect();
        score(&assessed.scheme, &standing.score.department, &cases)
    };
    let (with, without) = (scored(false), scored(true));
    let of = |score: &Score| score.item(item).map(super::ItemScore::words);
    Some(Effect {
        item: (of(&with)?, of(&without)?),
        total: (with.total, without.total),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_votes_that_agree_decide() {
        let member = |upholds| Member {
            post: Uuid::nil(),
            seat: String::new(),
            voted_at: None,
            voter: None,
            upholds,
            words: None,
        };
        let decided = |votes: [Option<bool>; 3], next| {
            let objection = Objection {
                panel: votes.map(member).to_vec(),
                ..blank()
            };
            objection.decided_with(next).map(|(state, _)| state)
        };
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(decided([None; 3], true), None);
        assert_eq!(decided([yes, None, None], false), None);
        let upheld = Some(ObjectionState::Upheld);
        assert_eq!(decided([yes, None, None], true), upheld);
        assert_eq!(decided([no, yes, None], true), upheld);
        let dismissed = Some(ObjectionState::Dismissed);
        assert_eq!(decided([no, yes, None], false), dismissed);
    }

    fn blank() -> Objection {
        let at = DateTime::UNIX_EPOCH;
        Objection {
            id: ObjectionId(Uuid::nil()),
            version: 1,
            period: Period::Quarter(2026, 3),
            department_id: DepartmentId(Uuid::nil()),
            department: String::new(),
            item: Item::Close,
            whistle: Some(Uuid::nil()),
            case: Uuid::nil(),
            number: String::new(),
            title: String::new(),
            street: String::new(),
            street_code: String::new(),
            problem: String::new(),
            ask: String::new(),
            result: String::new(),
            record: None,
            reason: Reason::Weather,
            words: String::new(),
            evidence: String::new(),
            files: Vec::new(),
            asked_at: at,
            asker: String::new(),
            state: ObjectionState::Open,
            panel_at: None,
            sender: None,
            soon_at: None,
            due_at: None,
            decided_at: None,
            decided_words: None,
            panel: Vec::new(),
        }
    }
}
