//! Which move is open to whom, and when. The page's buttons and the POST's permission are both
//! this; the database keeps "who handled never judges" a second time.

use super::{Assignment, AssignmentStage, Case, Kind, Role, Stage};
use crate::base::error::Error;
use crate::org::access::{Level, PostKind, Seat, Viewer};

/// What can be done to a whistle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveKind {
    /// Change the draft.
    Edit,
    /// A community asks its street to blow it.
    Request,
    /// The street gives a request back to the community.
    SendBack,
    /// Send for approval.
    Submit,
    /// Blow it without approval (express, emergency).
    Sound,
    /// Approve; it sounds.
    Approve,
    /// Refuse; back to the drafter.
    Refuse,
    /// Say afterwards whether an emergency was one.
    Verify,
    /// Sign.
    Sign,
    /// Report in.
    Report,
    /// Record work.
    Handle,
    /// Say the result.
    FeedBack,
    /// Say that an assistant does not co-operate.
    MarkUncooperative,
    /// Look on the spot.
    Check,
    /// Rate the departments.
    Rate,
    /// Rate the whistle.
    Review,
    /// Close.
    Close,
    /// Call back.
    Withdraw,
}

impl MoveKind {
    /// Every move, in the order in which a page offers them.
    pub const ALL: [MoveKind; 18] = [
        Self::Sign,
        Self::Report,
        Self::FeedBack,
        Self::Handle,
        Self::MarkUncooperative,
        Self::Approve,
        Self::Refuse,
        Self::Check,
        Self::Rate,
        Self::Close,
        Self::Verify,
        Self::Review,
        Self::Sound,
        Self::Submit,
        Self::Request,
        Self::Edit,
        Self::SendBack,
        Self::Withdraw,
    ];

    /// The last part of its address, and its name in `?do=`.
    pub fn path(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Request => "request",
            Self::SendBack => "return",
            Self::Submit => "submission",
            Self::Sound => "sounding",
            Self::Approve => "approval",
            Self::Refuse => "refusal",
            Self::Verify => "verification",
            Self::Sign => "signing",
            Self::Report => "reporting",
            Self::Handle => "steps",
            Self::FeedBack => "feedback",
            Self::MarkUncooperative => "non-cooperation",
            Self::Check => "check",
            Self::Rate => "ratings",
            Self::Review => "review",
            Self::Close => "closure",
            Self::Withdraw => "withdrawal",
        }
    }

    /// The word on its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Edit => "修改草稿",
            Self::Request => "申请街道吹哨",
            Self::SendBack => "退回社区",
            Self::Submit => "送审",
            Self::Sound => "吹哨",
            Self::Approve => "同意吹哨",
            Self::Refuse => "不同意",
            Self::Verify => "事后核实",
            Self::Sign => "签收",
            Self::Report => "报到",
            Self::Handle => "记录处置",
            Self::FeedBack => "反馈",
            Self::MarkUncooperative => "标记未配合",
            Self::Check => "核查",
            Self::Rate => "评价",
            Self::Review => "评价哨单",
            Self::Close => "办结",
            Self::Withdraw => "撤回哨单",
        }
    }

    /// Finds a move by the last part of its address.
    pub fn read(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.path() == path)
    }
}

/// Why a move is not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not this post's business; the page does not speak of it.
    NotYours,
    /// Not at this stage; what must happen first.
    NotYet(&'static str),
    /// The time for it has passed.
    Over(&'static str),
    /// This person took part and may not judge.
    TookPart(&'static str),
}

impl Refusal {
    /// The sentence for the person who tried.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotYours => "当前职务不能办这一步，请由负责的职务办理。",
            Self::NotYet(sentence) | Self::Over(sentence) | Self::TookPart(sentence) => sentence,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(refusal.sentence().to_owned())
    }
}

const OVER: Refusal = Refusal::Over("哨单已经结束，不能再办这一步。请刷新看最新情况。");
const PAST: Refusal = Refusal::Over("这一步已经办过了。请刷新看最新情况。");
/// While the whistle is put aside.
pub const PUT_ASIDE: Refusal = Refusal::NotYet("挂账期间停办，复办后再办。");
const NOT_SOUNDED: Refusal = Refusal::NotYet("哨单吹响后");

impl Case {
    /// Whether the move is open to this viewer now.
    pub fn may(&self, mv: MoveKind, me: &Viewer) -> Result<(), Refusal> {
        if !self.is_business_of(mv, me) {
            return Err(Refusal::NotYours);
        }
        self.is_time_for(mv)?;
        self.is_not_put_aside(mv)?;
        match mv {
            MoveKind::Sign
            | MoveKind::Report
            | MoveKind::Handle
            | MoveKind::FeedBack
            | MoveKind::MarkUncooperative
            | MoveKind::Review => self.department_may(mv, me),
            MoveKind::Check if self.is_involved => {
                Err(Refusal::TookPart("您上报或办理过这件事，须请他人核查。"))
            }
            MoveKind::Rate | MoveKind::Close if self.has_handled => Err(Refusal::TookPart(
                "您替部门办理过这件事，须请他人评价和办结。",
            )),
            MoveKind::Rate if Case::side_of(me.kind).is_some_and(|s| self.has_rated(s)) => {
                Err(PAST)
            }
            MoveKind::Approve | MoveKind::Refuse if self.drafted_by == me.person => {
                Err(Refusal::TookPart("自己起草的哨单须请他人审批。"))
            }
            MoveKind::Withdraw if self.assignments.iter().any(|a| a.fed_back_at.is_some()) => Err(
                Refusal::Over("已有部门反馈，不能再撤哨。请核查、评价后办结。"),
            ),
            MoveKind::Close if self.kind == Kind::Emergency && self.verified_at.is_none() => {
                Err(Refusal::NotYet("分管副主任事后核实后"))
            }
            MoveKind::Edit
            | MoveKind::Request
            | MoveKind::SendBack
            | MoveKind::Submit
            | MoveKind::Sound
            | MoveKind::Approve
            | MoveKind::Refuse
            | MoveKind::Verify
            | MoveKind::Check
            | MoveKind::Rate
            | MoveKind::Close
            | MoveKind::Withdraw => Ok(()),
        }
    }

    /// The stage a move leads to. `good`: of a check, that it passed; of a feedback, that no
    /// other department is still at work; of a rating, that it is the last one.
    pub fn leads_to(&self, mv: MoveKind, good: bool) -> Stage {
        match mv {
            MoveKind::Edit
            | MoveKind::Verify
            | MoveKind::Sign
            | MoveKind::Report
            | MoveKind::Handle
            | MoveKind::MarkUncooperative
            | MoveKind::Review => self.stage,
            MoveKind::Request => Stage::Requested,
            MoveKind::SendBack | MoveKind::Refuse => Stage::Draft,
            MoveKind::Submit => Stage::Approving,
            MoveKind::Sound | MoveKind::Approve => Stage::Sounded,
            MoveKind::FeedBack => {
                if good {
                    Stage::Checking
                } else {
                    Stage::Sounded
                }
            }
            MoveKind::Check => {
                if good {
                    Stage::Rating
                } else {
                    Stage::Sounded
                }
            }
            MoveKind::Rate => {
                if good {
                    Stage::Closing
                } else {
                    Stage::Rating
                }
            }
            MoveKind::Close => Stage::Closed,
            MoveKind::Withdraw => Stage::Withdrawn,
        }
    }

    /// The moves open to this viewer, in the order in which the page offers them.
    pub fn open_to(&self, me: &Viewer) -> Vec<MoveKind> {
        MoveKind::ALL
            .into_iter()
            .filter(|mv| self.may(*mv, me).is_ok())
            .collect()
    }

    /// The moves that will be this viewer's, with what must happen first.
    pub fn not_yet(&self, me: &Viewer) -> Vec<(MoveKind, &'static str)> {
        let waits = |mv: MoveKind| match self.may(mv, me) {
            Err(Refusal::NotYet(first) | Refusal::TookPart(first)) => Some((mv, first)),
            Ok(()) | Err(Refusal::NotYours | Refusal::Over(_)) => None,
        };
        MoveKind::ALL.into_iter().filter_map(waits).collect()
    }

    /// Whether the move belongs to the viewer's post at its seat, at whatever stage.
    fn is_business_of(&self, mv: MoveKind, me: &Viewer) -> bool {
        use PostKind as P;
        let street = me.kind.is_street() && self.is_at_seat(me);
        let community = me.kind.is_community() && self.is_at_seat(me);
        let dispatcher = street && me.kind == P::StreetDispatcher;
        match mv {
            MoveKind::Edit => match (self.from_community, self.stage) {
                (true, Stage::Draft) => community,
                _ => dispatcher,
            },
            MoveKind::Request => community && self.from_community,
            MoveKind::SendBack => dispatcher && self.from_community,
            MoveKind::Submit => {
                dispatcher && self.kind.approver().is_some() && self.is_streets_to_send()
            }
            MoveKind::Sound => {
                dispatcher && self.kind.approver().is_none() && self.is_streets_to_send()
            }
            MoveKind::Approve | MoveKind::Refuse => street && self.kind.approver() == Some(me.kind),
            MoveKind::Verify => {
                street && me.kind == P::StreetDeputy && self.kind == Kind::Emergency
            }
            MoveKind::Sign
            | MoveKind::Report
            | MoveKind::Handle
            | MoveKind::FeedBack
            | MoveKind::Review => me.kind.is_department() && self.mine(me).is_some(),
            MoveKind::MarkUncooperative => {
                me.kind.is_department() && self.mine(me).is_some_and(Assignment::leads)
            }
            MoveKind::Check => community || (street && me.kind == P::StreetChecker),
            MoveKind::Rate => community || dispatcher || (street && me.kind == P::StreetDeputy),
            MoveKind::Close => {
                street
                    && match self.kind {
                        Kind::Tough => me.kind == P::StreetSecretary,
                        Kind::Routine
                        | Kind::Express
                        | Kind::JointEnforcement
                        | Kind::Emergency => {
                            matches!(me.kind, P::StreetDispatcher | P::StreetDeputy)
                        }
                    }
            }
            MoveKind::Withdraw => match (self.from_community, self.stage) {
                (true, Stage::Draft) => community,
                _ => {
                    dispatcher
                        || (street && matches!(me.kind, P::StreetDeputy | P::StreetSecretary))
                }
            },
        }
    }

    /// A community's own draft is not the street's to send.
    fn is_streets_to_send(&self) -> bool {
        !(self.from_community && self.stage == Stage::Draft)
    }

    /// Whether the viewer sits at the whistle's street or community.
    fn is_at_seat(&self, me: &Viewer) -> bool {
        match &me.seat {
            Seat::Node {
                level: Level::Street,
                code,
                ..
            } => *code == self.street_code,
            Seat::Node {
                level: Level::Community,
                code,
                ..
            } => self.community_code.as_ref() == Some(code),
            Seat::Node { .. } | Seat::City | Seat::Department { .. } => false,
        }
    }

    /// Whether the stage is right for the move.
    #[expect(
        clippy::too_many_lines,
        reason = "one table of moves and stages, read as a whole"
    )]
    fn is_time_for(&self, mv: MoveKind) -> Result<(), Refusal> {
        use Stage as S;
        match mv {
            MoveKind::Edit => match self.stage {
                S::Draft | S::Requested => Ok(()),
                S::Approving => Err(Refusal::Over("已经送审，要改请先由审批人退回。")),
                S::Sounded | S::Checking | S::Rating | S::Closing => {
                    Err(Refusal::Over("哨单已吹响，内容不能再改。"))
                }
                S::Closed | S::Withdrawn => Err(OVER),
            },
            MoveKind::Request => self.only_in(S::Draft),
            MoveKind::SendBack => self.only_in(S::Requested),
            MoveKind::Submit | MoveKind::Sound => match self.stage {
                S::Draft | S::Requested => Ok(()),
                S::Approving | S::Sounded | S::Checking | S::Rating | S::Closing => Err(PAST),
                S::Closed | S::Withdrawn => Err(OVER),
            },
            MoveKind::Approve | MoveKind::Refuse => match self.stage {
                S::Approving => Ok(()),
                S::Draft | S::Requested => Err(Refusal::NotYet("送审后")),
                S::Sounded | S::Checking | S::Rating | S::Closing => Err(PAST),
                S::Closed | S::Withdrawn => Err(OVER),
            },
            MoveKind::Verify => match self.stage {
                S::Draft | S::Requested | S::Approving => Err(NOT_SOUNDED),
                S::Sounded | S::Checking | S::Rating | S::Closing => {
                    if self.verified_at.is_none() {
                        Ok(())
                    } else {
                        Err(PAST)
                    }
                }
                S::Closed | S::Withdrawn => Err(OVER),
            },
            MoveKind::Sign
            | MoveKind::Report
            | MoveKind::Handle
            | MoveKind::FeedBack
            | MoveKind::MarkUncooperative => match self.stage {
                S::Sounded => Ok(()),
                S::Draft | S::Requested | S::Approving => Err(NOT_SOUNDED),
                S::Checking | S::Rating | S::Closing => Err(PAST),
                S::Closed | S::Withdrawn => Err(OVER),
            },
            MoveKind::Check => self.only_after(S::Checking, "主办反馈后"),
            MoveKind::Rate => self.only_after(S::Rating, "核查通过后"),
            MoveKind::Close => self.only_after(S::Closing, "街道和社区评价后"),
            MoveKind::Review => match self.stage {
                S::Rating | S::Closing | S::Closed => Ok(()),
                S::Draft | S::Requested | S::Approving | S::Sounded | S::Checking => {
                    Err(Refusal::NotYet("核查通过后"))
                }
                S::Withdrawn => Err(OVER),
            },
            MoveKind::Withdraw => match self.stage {
                S::Draft | S::Requested | S::Approving | S::Sounded => Ok(()),
                S::Checking | S::Rating | S::Closing => Err(Refusal::Over(
                    "部门已经反馈，不能再撤哨。请核查、评价后办结。",
                )),
                S::Closed | S::Withdrawn => Err(OVER),
            },
        }
    }

    /// While the whistle is put aside only progress is recorded, and an emergency verified.
    fn is_not_put_aside(&self, mv: MoveKind) -> Result<(), Refusal> {
        let stands = match mv {
            MoveKind::Sign
            | MoveKind::Report
            | MoveKind::FeedBack
            | MoveKind::MarkUncooperative
            | MoveKind::Check
            | MoveKind::Rate
            | MoveKind::Close
            | MoveKind::Withdraw => self.is_suspended(),
            MoveKind::Edit
            | MoveKind::Request
            | MoveKind::SendBack
            | MoveKind::Submit
            | MoveKind::Sound
            | MoveKind::Approve
            | MoveKind::Refuse
            | MoveKind::Verify
            | MoveKind::Handle
            | MoveKind::Review => false,
        };
        if stands { Err(PUT_ASIDE) } else { Ok(()) }
    }

    fn only_in(&self, stage: Stage) -> Result<(), Refusal> {
        if self.stage == stage {
            Ok(())
        } else if self.stage.is_over() {
            Err(OVER)
        } else {
            Err(PAST)
        }
    }

    fn only_after(&self, stage: Stage, first: &'static str) -> Result<(), Refusal> {
        if self.stage == stage {
            Ok(())
        } else if self.stage.is_over() {
            Err(OVER)
        } else if self.stage < stage {
            Err(Refusal::NotYet(first))
        } else {
            Err(PAST)
        }
    }

    /// A department's own part of the rules: where its assignment stands.
    #[expect(
        clippy::too_many_lines,
        reason = "one table of moves and stages, read as a whole"
    )]
    fn department_may(&self, mv: MoveKind, me: &Viewer) -> Result<(), Refusal> {
        use AssignmentStage as A;
        let Some(mine) = self.mine(me) else {
            return Err(Refusal::NotYours);
        };
        if self.judged {
            return Err(Refusal::TookPart(
                "您核查或评价过这件事，须请本部门他人办理。",
            ));
        }
        match mv {
            MoveKind::Sign => match mine.stage {
                A::Sent => Ok(()),
                A::Planned => Err(NOT_SOUNDED),
                A::Signed | A::Reported | A::FedBack | A::Passed => Err(PAST),
                A::Uncooperative | A::Withdrawn | A::Relieved => Err(OVER),
            },
            MoveKind::Report => match mine.stage {
                A::Signed => Ok(()),
                A::Planned | A::Sent => Err(Refusal::NotYet("签收后")),
                A::Reported | A::FedBack | A::Passed => Err(PAST),
                A::Uncooperative | A::Withdrawn | A::Relieved => Err(OVER),
            },
            MoveKind::Handle => match mine.stage {
                A::Reported => Ok(()),
                A::Planned | A::Sent | A::Signed => Err(Refusal::NotYet("报到后")),
                A::FedBack | A::Passed => Err(PAST),
                A::Uncooperative | A::Withdrawn | A::Relieved => Err(OVER),
            },
            MoveKind::FeedBack => match mine.stage {
                A::Reported if mine.role == Role::Lead && self.open_assists().next().is_some() => {
                    Err(Refusal::NotYet("协办部门都反馈，或标记未配合后"))
                }
                A::Reported => Ok(()),
                A::Planned | A::Sent | A::Signed => Err(Refusal::NotYet("报到后")),
                A::FedBack | A::Passed => Err(PAST),
                A::Uncooperative | A::Withdrawn | A::Relieved => Err(OVER),
            },
            MoveKind::MarkUncooperative => match mine.stage {
                A::Reported if self.open_assists().next().is_some() => Ok(()),
                A::Planned | A::Sent | A::Signed => Err(Refusal::NotYours),
                A::Reported
                | A::FedBack
                | A::Passed
                | A::Uncooperative
                | A::Withdrawn
                | A::Relieved => Err(Refusal::Over("没有还在办理的协办部门。")),
            },
            MoveKind::Review => match mine.stage {
                A::Relieved => Err(OVER),
                A::Planned
                | A::Sent
                | A::Signed
                | A::Reported
                | A::FedBack
                | A::Uncooperative
                | A::Passed
                | A::Withdrawn => {
                    if mine.reviewed {
                        Err(PAST)
                    } else {
                        Ok(())
                    }
                }
            },
            MoveKind::Edit
            | MoveKind::Request
            | MoveKind::SendBack
            | MoveKind::Submit
            | MoveKind::Sound
            | MoveKind::Approve
            | MoveKind::Refuse
            | MoveKind::Verify
            | MoveKind::Check
            | MoveKind::Rate
            | MoveKind::Close
            | MoveKind::Withdraw => Err(Refusal::NotYours),
        }
    }
}
