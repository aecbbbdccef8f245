//! What may be done to a matter, when and by whom: one pure function.

use super::{MoveKind, SolvedLevel, Stage, Who};
use {MoveKind as M, Stage as S, Who as W};

type Played = Result<Next, Refusal>;

/// All that decides what may be done to a matter.
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts are independent of one another"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Where it stands.
    pub stage: Stage,
    /// What the viewer is to it.
    pub who: Who,
    /// Whether a whistle that is drafted or sounds stands on it.
    pub behind_whistle: bool,
    /// Whether somebody recorded what was done.
    pub measured: bool,
    /// Whether other matters were merged into it.
    pub has_others: bool,
    /// If merged: where it stood before.
    pub merged_from: Option<Stage>,
    /// If merged: whether the one it went into is still open.
    pub target_open: bool,
}

/// What a move leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// The stage after it.
    pub stage: Stage,
    /// If solved: how far up it had to go.
    pub level: Option<SolvedLevel>,
}

impl Next {
    fn to(stage: Stage) -> Self {
        Self { stage, level: None }
    }
}

/// Why a move may not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is another post's to do.
    NotYours(MoveKind, &'static str),
    /// Something else comes first; the words say what.
    First(&'static str),
    /// The stage has no such move.
    NotNow(MoveKind, Stage),
}

impl Refusal {
    /// One sentence that says what to do.
    pub fn sentence(self) -> String {
        match self {
            Self::NotYours(mv, whose) => format!("{}由{whose}办。", mv.label()),
            Self::First(words) => words.to_owned(),
            Self::NotNow(mv, stage) => {
                format!("这件事现在是“{}”，不能{}。", stage.label(), mv.label())
            }
        }
    }
}

const GRID: &str = "本网格的网格长";
const COMMUNITY: &str = "所在社区";
const STREET: &str = "所在街道的指挥调度中心";
const IN_WHISTLE: &str = "这件事已写进哨单，先从哨单里移出，或者撤哨。";

impl Facts {
    /// What the move leads to, or why not. The page's buttons and the POST both ask here.
    pub fn play(self, mv: MoveKind) -> Played {
        match mv {
            M::Accept => self.accept(),
            M::Measure => self.own_work(mv).map(|_| Next::to(self.stage)),
            M::Solve => self.solve(),
            M::Raise => self.raise(),
            M::SendBack => self.send_back(),
            M::Merge => self.merge(),
            M::Split => self.split(),
            M::Reject => self.reject(),
        }
    }

    /// The moves open now.
    pub fn open(self) -> Vec<MoveKind> {
        let all = M::ALL.into_iter();
        all.filter(|mv| self.play(*mv).is_ok()).collect()
    }

    /// The moves that will be open once something else is done, with what that is.
    pub fn not_yet(self) -> Vec<(MoveKind, &'static str)> {
        let all = M::ALL.into_iter();
        all.filter_map(|mv| match self.play(mv) {
            Err(Refusal::First(words)) => Some((mv, words)),
            Ok(_) | Err(Refusal::NotYours(..) | Refusal::NotNow(..)) => None,
        })
        .collect()
    }

    /// Whether it waits for the viewer; the same rule as `matters_waiting` in the database.
    pub fn waits(self) -> bool {
        match (self.stage, self.who) {
            (S::Filed, W::Grid | W::Community) | (S::Accepted, W::Community) => true,
            (S::Raised, W::Street) => !self.behind_whistle,
            (S::Filed, W::Street | W::Other)
            | (S::Accepted, W::Grid | W::Street | W::Other)
            | (S::Raised, W::Grid | W::Community | W::Other)
            | (
                S::Whistled | S::Solved | S::Rejected | S::Merged,
                W::Grid | W::Community | W::Street | W::Other,
            ) => false,
        }
    }

    /// Whether a whistle may be drafted on it by this viewer.
    pub fn may_stand_behind_whistle(self) -> bool {
        let stands = match self.who {
            W::Community => matches!(self.stage, S::Accepted | S::Raised),
            W::Street => self.stage == S::Raised,
            W::Grid | W::Other => false,
        };
        stands && !self.behind_whistle
    }

    fn accept(self) -> Played {
        match (self.stage, self.who) {
            (S::Filed, W::Community) => Ok(Next::to(S::Accepted)),
            (S::Filed, W::Grid | W::Street | W::Other) => {
                Err(Refusal::NotYours(M::Accept, COMMUNITY))
            }
            (
                stage @ (S::Accepted
                | S::Raised
                | S::Whistled
                | S::Solved
                | S::Rejected
                | S::Merged),
                W::Grid | W::Community | W::Street | W::Other,
            ) => Err(Refusal::NotNow(M::Accept, stage)),
        }
    }

    /// Whether the viewer works on it now, and on which level that counts.
    fn own_work(self, mv: MoveKind) -> Result<SolvedLevel, Refusal> {
        match (self.stage, self.who) {
            (S::Filed, W::Grid) => Ok(SolvedLevel::Grid),
            (S::Filed, W::Community) => Err(Refusal::First("先受理。")),
            (S::Filed, W::Street | W::Other) => Err(Refusal::NotYours(mv, GRID)),
            (S::Accepted, W::Community) => Ok(SolvedLevel::Community),
            (S::Accepted, W::Grid | W::Street | W::Other) => Err(Refusal::NotYours(mv, COMMUNITY)),
            (S::Raised, W::Street) if self.behind_whistle => Err(Refusal::First(IN_WHISTLE)),
            (S::Raised, W::Street) => Ok(SolvedLevel::Street),
            (S::Raised, W::Grid | W::Community | W::Other) => Err(Refusal::NotYours(mv, STREET)),
            (
                stage @ (S::Whistled | S::Solved | S::Rejected | S::Merged),
                W::Grid | W::Community | W::Street | W::Other,
            ) => Err(Refusal::NotNow(mv, stage)),
        }
    }

    /// Solving needs work on record; the words given with it become that record if there is none.
    fn solve(self) -> Played {
        let level = self.own_work(M::Solve)?;
        self.outside_whistles(Next {
            stage: S::Solved,
            level: Some(level),
        })
    }

    fn raise(self) -> Played {
        match (self.stage, self.who) {
            (S::Filed, W::Community) => Err(Refusal::First("先受理。")),
            (S::Accepted, W::Community) if self.measured => Ok(Next::to(S::Raised)),
            (S::Accepted, W::Community) => {
                Err(Refusal::First("先记录处置，写明社区自己做了什么。"))
            }
            (S::Filed | S::Accepted, W::Grid | W::Street | W::Other) => {
                Err(Refusal::NotYours(M::Raise, COMMUNITY))
            }
            (
                stage @ (S::Raised | S::Whistled | S::Solved | S::Rejected | S::Merged),
                W::Grid | W::Community | W::Street | W::Other,
            ) => Err(Refusal::NotNow(M::Raise, stage)),
        }
    }

    fn reject(self) -> Played {
        match (self.stage, self.who) {
            (S::Filed | S::Accepted, W::Community) => self.outside_whistles(Next::to(S::Rejected)),
            (S::Filed | S::Accepted, W::Grid | W::Street | W::Other) => {
                Err(Refusal::NotYours(M::Reject, COMMUNITY))
            }
            (
                stage @ (S::Raised | S::Whistled | S::Solved | S::Rejected | S::Merged),
                W::Grid | W::Community | W::Street | W::Other,
            ) => Err(Refusal::NotNow(M::Reject, stage)),
        }
    }

    fn send_back(self) -> Played {
        match (self.stage, self.who) {
            (S::Raised, W::Street) => self.outside_whistles(Next::to(S::Accepted)),
            (S::Raised, W::Grid | W::Community | W::Other) => {
                Err(Refusal::NotYours(M::SendBack, STREET))
            }
            (
                stage
                @ (S::Filed | S::Accepted | S::Whistled | S::Solved | S::Rejected | S::Merged),
                W::Grid | W::Community | W::Street | W::Other,
            ) => Err(Refusal::NotNow(M::SendBack, stage)),
        }
    }

    fn merge(self) -> Played {
        let others = Refusal::First("已有事项并入本件：把另一件并到本件来，或者先拆开。");
        match (self.stage, self.who) {
            (S::Filed | S::Accepted, W::Community) | (S::Raised, W::Street) => {
                if self.has_others {
                    Err(others)
                } else {
                    self.outside_whistles(Next::to(S::Merged))
                }
            }
            (S::Filed | S::Accepted, W::Grid | W::Street | W::Other) => {
                Err(Refusal::NotYours(M::Merge, COMMUNITY))
            }
            (S::Raised, W::Grid | W::Community | W::Other) => {
                Err(Refusal::NotYours(M::Merge, STREET))
            }
            (
                stage @ (S::Whistled | S::Solved | S::Rejected | S::Merged),
                W::Grid | W::Community | W::Street | W::Other,
            ) => Err(Refusal::NotNow(M::Merge, stage)),
        }
    }

    /// Who may merge at a stage may take apart what was merged at it.
    fn split(self) -> Played {
        let back = match (self.stage, self.merged_from) {
            (S::Merged, Some(from)) => from,
            (S::Merged, None) => S::Filed,
            (
                stage
                @ (S::Filed | S::Accepted | S::Raised | S::Whistled | S::Solved | S::Rejected),
                _,
            ) => return Err(Refusal::NotNow(M::Split, stage)),
        };
        let splits = match back {
            S::Raised | S::Whistled => W::Street,
            S::Filed | S::Accepted | S::Solved | S::Rejected | S::Merged => W::Community,
        };
        if self.who != splits {
            let whose = if splits == W::Street {
                STREET
            } else {
                COMMUNITY
            };
            return Err(Refusal::NotYours(M::Split, whose));
        }
        if self.target_open {
            Ok(Next::to(back))
        } else {
            Err(Refusal::First(
                "并入的那一件已经结束，不能再拆开。有新情况请另行上报。",
            ))
        }
    }

    fn outside_whistles(self, next: Next) -> Played {
        if self.behind_whistle {
            Err(Refusal::First(IN_WHISTLE))
        } else {
            Ok(next)
        }
    }
}

/// A matter that another is to be merged into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub stage: Stage,
    /// Its place.
    pub place_code: String,
}

impl Target {
    /// Why this one cannot take the other in, if so.
    pub fn refuses(self, number: &str, place_code: &str) -> Option<String> {
        let mine = &self.number;
        if mine == number {
            Some("不能并入它自己。请填另一件的编号。".to_owned())
        } else if self.place_code.get(..9) != place_code.get(..9) {
            Some(format!("{mine} 不在同一街道，不能并案。"))
        } else if self.stage == S::Merged {
            Some(format!(
                "{mine} 已并入别的事项。请填最后并入的那一件的编号。"
            ))
        } else if self.stage.is_ended() {
            let stage = self.stage.label();
            Some(format!("{mine} 已结束（{stage}），不能并入。"))
        } else {
            None
        }
    }
}
