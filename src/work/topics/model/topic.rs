//! A topic, where it stands, and who may do what to it now.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::item::{Item, List};
use super::periods::Count;
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::{Permission, Viewer};
use crate::org::events::Entry;
use crate::work::TopicId;
use crate::work::whistles::Refusal;

/// So many lines at most in the three lists together.
const ITEMS: usize = 60;

crate::coded! {
    /// Where a topic stands.
    Stage as "topic_stage" {
        /// Taken up; the lead writes its scheme.
        TakenUp = "taken_up" "已立题",
        /// The scheme is there, the lists are worked off.
        UnderWay = "under_way" "推进中",
        /// Done.
        Concluded = "concluded" "已结题",
        /// Given up.
        Withdrawn = "withdrawn" "已撤题",
    }
}

impl Stage {
    /// Whether nothing more is done.
    pub(in super::super) fn is_over(self) -> bool {
        match self {
            Self::Concluded | Self::Withdrawn => true,
            Self::TakenUp | Self::UnderWay => false,
        }
    }
}

/// A department that works on it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(in super::super) struct Department {
    pub(in super::super) id: DepartmentId,
    pub(in super::super) name: String,
}

/// A street or a grid that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(in super::super) struct Place {
    pub(in super::super) id: Uuid,
    pub(in super::super) level: i16,
    pub(in super::super) code: String,
    /// With what it lies in.
    pub(in super::super) name: String,
}

/// What can be done to a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Move {
    /// Hand in the scheme.
    HandIn,
    /// Add a line to a list.
    Add,
    /// Say that a line is done.
    Finish,
    /// Say that a line is not done any more.
    Drop,
    /// Conclude it.
    Conclude,
    /// Give it up.
    Withdraw,
}

impl Move {
    /// In the order of the page.
    pub(in super::super) const ALL: [Move; 6] = [
        Self::Conclude,
        Self::Finish,
        Self::HandIn,
        Self::Add,
        Self::Drop,
        Self::Withdraw,
    ];

    /// The last part of its address, and the beginning of its fields' ids.
    pub(in super::super) fn code(self) -> &'static str {
        match self {
            Self::HandIn => "scheme",
            Self::Add => "items",
            Self::Finish => "done",
            Self::Drop => "dropped",
            Self::Conclude => "conclusion",
            Self::Withdraw => "withdrawal",
        }
    }

    /// The button.
    pub(in super::super) fn label(self) -> &'static str {
        match self {
            Self::HandIn => "报送方案",
            Self::Add => "列入清单",
            Self::Finish => "办完一项",
            Self::Drop => "不再办一项",
            Self::Conclude => "结题",
            Self::Withdraw => "撤题",
        }
    }

    /// What its words are called.
    pub(in super::super) fn words_label(self) -> &'static str {
        match self {
            Self::HandIn => "方案",
            Self::Add => "内容",
            Self::Finish => "办理结果",
            Self::Drop => "不再办的理由",
            Self::Conclude => "办成了什么",
            Self::Withdraw => "撤题理由",
        }
    }

    /// How long they may be.
    pub(in super::super) fn longest(self) -> usize {
        match self {
            Self::HandIn => 2000,
            Self::Add => 200,
            Self::Finish | Self::Drop => 300,
            Self::Conclude | Self::Withdraw => 500,
        }
    }

    /// Whether it is about one line.
    pub(in super::super) fn picks_item(self) -> bool {
        match self {
            Self::Finish | Self::Drop => true,
            Self::HandIn | Self::Add | Self::Conclude | Self::Withdraw => false,
        }
    }
}

/// A topic with everything its page shows.
#[derive(Clone, Debug)]
pub(in super::super) struct Topic {
    pub(in super::super) id: TopicId,
    pub(in super::super) title: String,
    pub(in super::super) month: NaiveDate,
    pub(in super::super) class_code: String,
    pub(in super::super) class: String,
    pub(in super::super) goal: String,
    pub(in super::super) stage: Stage,
    pub(in super::super) version: i32,
    pub(in super::super) taken_up_at: DateTime<Utc>,
    pub(in super::super) scheme: Option<String>,
    pub(in super::super) scheme_at: Option<DateTime<Utc>>,
    pub(in super::super) ended_at: Option<DateTime<Utc>>,
    pub(in super::super) ended_words: Option<String>,
    /// The lead first.
    pub(in super::super) departments: Vec<Department>,
    pub(in super::super) places: Vec<Place>,
    pub(in super::super) items: Vec<Item>,
    pub(in super::super) counts: Vec<Count>,
    /// Whether the viewer worked on it.
    pub(in super::super) took_part: bool,
    pub(in super::super) timeline: Vec<Entry>,
}

impl Topic {
    /// `2026 年 11 月`
    pub(in super::super) fn month_title(&self) -> String {
        words::month_title(self.month)
    }

    /// The department in the lead.
    pub(in super::super) fn lead(&self) -> &str {
        self.departments.first().map_or("", |d| d.name.as_str())
    }

    /// Those that assist.
    pub(in super::super) fn helpers(&self) -> String {
        let names = self.departments.iter().skip(1).map(|d| d.name.as_str());
        names.collect::<Vec<_>>().join("、")
    }

    /// The lines of one list.
    pub(in super::super) fn list(&self, list: List) -> Vec<&Item> {
        self.items.iter().filter(|i| i.list == list).collect()
    }

    /// The lines that this move can be about.
    pub(in super::super) fn items_for(&self, mv: Move, me: &Viewer) -> Vec<&Item> {
        let fits = |item: &&Item| {
            item.is_open()
                && match mv {
                    Move::Finish => me.department() == Some(item.department.id),
                    Move::Drop => true,
                    Move::HandIn | Move::Add | Move::Conclude | Move::Withdraw => false,
                }
        };
        self.items.iter().filter(fits).collect()
    }

    fn leads(&self, me: &Viewer) -> bool {
        let lead = self.departments.first().map(|d| d.id);
        lead.is_some() && lead == me.department()
    }

    /// Whether the move is open to this viewer now: the page's buttons and the post's permission.
    pub(in super::super) fn may(&self, mv: Move, me: &Viewer) -> Result<(), Refusal> {
        let office = me.kind.may(Permission::ChangeTopics);
        let works = me.kind.may(Permission::ReportProgress);
        let is_mine = match mv {
            Move::HandIn => self.leads(me) && works,
            Move::Add => office || self.leads(me) && works,
            Move::Finish => {
                works
                    && me
                        .department()
                        .is_some_and(|d| self.departments.iter().any(|of| of.id == d))
            }
            Move::Drop | Move::Conclude | Move::Withdraw => office,
        };
        if !is_mine {
            return Err(Refusal::NotYours);
        }
        match self.stage {
            Stage::Concluded => {
                return Err(Refusal::Over("这个课题已经结题。请刷新看最新情况。"));
            }
            Stage::Withdrawn => {
                return Err(Refusal::Over("这个课题已经撤题。请刷新看最新情况。"));
            }
            Stage::TakenUp | Stage::UnderWay => {}
        }
        self.is_time_for(mv, me)
    }

    fn is_time_for(&self, mv: Move, me: &Viewer) -> Result<(), Refusal> {
        let has_scheme = match self.stage {
            Stage::UnderWay => true,
            Stage::TakenUp | Stage::Concluded | Stage::Withdrawn => false,
        };
        match mv {
            Move::HandIn if has_scheme => Err(Refusal::Over("方案已经报送。要补充的，列入清单。")),
            Move::HandIn if self.list(List::Task).is_empty() => {
                Err(Refusal::NotYet("任务清单列出至少一项后"))
            }
            Move::Finish | Move::Conclude if !has_scheme => {
                Err(Refusal::NotYet("牵头部门报送方案后"))
            }
            Move::Finish | Move::Drop if self.items_for(mv, me).is_empty() => {
                Err(Refusal::Over("清单里没有还要办的事项。请刷新看最新情况。"))
            }
            Move::Conclude if self.items.iter().any(Item::is_open) => {
                Err(Refusal::NotYet("清单各项办完，或者注明不再办后"))
            }
            Move::Conclude if self.took_part => Err(Refusal::TookPart(
                "您报过这个课题的办理情况，须请他人结题。",
            )),
            Move::Add if self.items.len() >= ITEMS => Err(Refusal::Over(
                "三张清单合计最多 60 项，已经列满。请把小的事项并到一起。",
            )),
            Move::HandIn
            | Move::Add
            | Move::Finish
            | Move::Drop
            | Move::Conclude
            | Move::Withdraw => Ok(()),
        }
    }

    /// Whether title, month and goal can be changed by this viewer now.
    pub(in super::super) fn may_amend(&self, me: &Viewer) -> bool {
        me.kind.may(Permission::ChangeTopics) && !self.stage.is_over()
    }

    /// What this viewer can do now.
    pub(in super::super) fn open_to(&self, me: &Viewer) -> Vec<Move> {
        let all = Move::ALL.into_iter();
        all.filter(|mv| self.may(*mv, me).is_ok()).collect()
    }

    /// What this viewer could do, with what must happen first.
    pub(in super::super) fn not_yet(&self, me: &Viewer) -> Vec<(Move, &'static str)> {
        let waits = |mv: Move| match self.may(mv, me) {
            Err(Refusal::NotYet(first) | Refusal::TookPart(first)) => Some((mv, first)),
            Ok(()) | Err(Refusal::NotYours | Refusal::Over(_)) => None,
        };
        Move::ALL.into_iter().filter_map(waits).collect()
    }
}

/// A topic as it is taken up.
#[derive(Clone, Debug)]
pub(in super::super) struct NewTopic {
    pub(in super::super) title: String,
    pub(in super::super) month: NaiveDate,
    pub(in super::super) class: String,
    pub(in super::super) goal: String,
    /// The lead first.
    pub(in super::super) departments: Vec<Department>,
    pub(in super::super) places: Vec<Place>,
}
