//! Whose turn it is: what a viewer may ask, decide, contest and take back now. The page's buttons
//! and the POST's permission are both this.

use chrono::{DateTime, Utc};

use super::rows::Request;
use super::words::{Kind, State, decides};
use crate::org::access::Viewer;
use crate::work::AssignmentId;
use crate::work::clocks::{Clock, Rule, Stage as Timed};
use crate::work::duties::RulingLevel as Level;
use crate::work::whistles::{
    Assignment, AssignmentStage, Case, Kind as Whistle, PUT_ASIDE, Refusal, Stage,
};

const TWICE: Refusal = Refusal::Over("本部门已申请过一次，不能再申请。");
const OPEN: Refusal = Refusal::Over("本部门已有一件申请在等答复，答复后再申请。");
const OVER: Refusal = Refusal::Over("哨单已经结束，不能再申请。请刷新看最新情况。");
const WORKED: Refusal = Refusal::Over("本部门的任务已经反馈，不用再申请。");

/// A viewer's turn at the requests of a whistle.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// The whistle.
    pub case: &'a Case,
    /// Who looks.
    pub me: &'a Viewer,
    /// Now.
    pub now: DateTime<Utc>,
}

impl Turn<'_> {
    /// Whether this may be asked for.
    pub fn may_ask(self, kind: Kind) -> Result<(), Refusal> {
        let mine = self.mine().ok_or(Refusal::NotYours)?;
        if self.case.judged {
            return Err(Refusal::TookPart(
                "您核查或评价过这件事，须请本部门他人申请。",
            ));
        }
        match kind {
            Kind::Appeal => self.may_appeal(mine),
            Kind::Return | Kind::Extension | Kind::Suspension => {
                self.is_at_work(mine)?;
                match kind {
                    Kind::Return => self.may_return(mine),
                    Kind::Extension => self.may_extend(mine),
                    Kind::Suspension | Kind::Appeal => self.may_suspend(mine),
                }
            }
        }
    }

    /// What can be asked for now.
    pub fn open(self) -> Vec<Kind> {
        let may = |kind: &Kind| self.may_ask(*kind).is_ok();
        Kind::ALL.iter().copied().filter(may).collect()
    }

    /// What could be asked for, with what must happen first.
    pub fn not_yet(self) -> Vec<(Kind, &'static str)> {
        let waits = |kind: &Kind| match self.may_ask(*kind) {
            Err(Refusal::NotYet(first) | Refusal::TookPart(first)) => Some((*kind, first)),
            Ok(()) | Err(Refusal::NotYours | Refusal::Over(_)) => None,
        };
        Kind::ALL.iter().filter_map(waits).collect()
    }

    fn mine(&self) -> Option<&Assignment> {
        self.case
            .mine(self.me)
            .filter(|_| self.me.kind.is_department())
    }

    /// The requests of an assignment of one kind.
    fn of(&self, id: AssignmentId, kind: Kind) -> impl Iterator<Item = &Request> {
        let all = self.case.requests.iter();
        all.filter(move |r| r.assignment_id == id && r.kind == kind)
    }

    fn is_at_work(self, mine: &Assignment) -> Result<(), Refusal> {
        let mut own = self.case.requests.iter();
        match self.case.stage {
            Stage::Sounded => {}
            Stage::Draft | Stage::Requested | Stage::Approving => return Err(Refusal::NotYours),
            Stage::Checking | Stage::Rating | Stage::Closing => return Err(WORKED),
            Stage::Closed | Stage::Withdrawn => return Err(OVER),
        }
        if !mine.stage.is_open() {
            Err(WORKED)
        } else if self.case.is_suspended() {
            Err(PUT_ASIDE)
        } else if own.any(|r| r.assignment_id == mine.id && r.state == State::Open) {
            Err(OPEN)
        } else {
            Ok(())
        }
    }

    fn may_return(self, mine: &Assignment) -> Result<(), Refusal> {
        if self.of(mine.id, Kind::Return).next().is_some() {
            return Err(TWICE);
        }
        let is_emergency = self.case.kind == Whistle::Emergency;
        if self.return_ends(mine).is_some_and(|end| self.now > end) {
            return Err(Refusal::Over(
                "退回须在签收时限届满后规定的时间内提出，现在已过期限。",
            ));
        }
        match (is_emergency, mine.stage) {
            (true, AssignmentStage::Sent | AssignmentStage::Signed) => Err(Refusal::NotYet(
                "应急哨先处置、后提争议：报到后才能申请退回。",
            )),
            (false, AssignmentStage::Reported) => Err(Refusal::Over(
                "本部门已经报到，不能再退回。确需他人办理的，请与街道商定。",
            )),
            (
                _,
                AssignmentStage::Planned
                | AssignmentStage::Sent
                | AssignmentStage::Signed
                | AssignmentStage::Reported
                | AssignmentStage::FedBack
                | AssignmentStage::Uncooperative
                | AssignmentStage::Passed
                | AssignmentStage::Withdrawn
                | AssignmentStage::Relieved,
            ) => Ok(()),
        }
    }

    /// Until when a return can be asked for: one working day after the limit to sign.
    pub(in super::super) fn return_ends(&self, mine: &Assignment) -> Option<DateTime<Utc>> {
        let sign = self.clock(mine.id, Timed::Sign)?.due_at?;
        let limit = self.case.rules.limit(Rule::AskReturn).ok()?;
        Some(self.case.calendar.due(sign, limit, &[]).ok()?.at)
    }

    fn clock(&self, id: AssignmentId, stage: Timed) -> Option<&Clock> {
        let mut clocks = self.case.clocks.iter().rev();
        clocks.find(|c| c.assignment_id == Some(id.0) && c.stage == stage)
    }

    /// The running clock that an extension would make longer.
    pub(in super::super) fn close_clock(&self) -> Option<&Clock> {
        let mine = self.mine()?;
        self.clock(mine.id, Timed::Close).filter(|c| c.is_running())
    }

    fn may_extend(self, mine: &Assignment) -> Result<(), Refusal> {
        let most = match self.case.kind {
            Whistle::Express => Rule::ExtensionsExpress,
            Whistle::JointEnforcement => Rule::ExtensionsJoint,
            Whistle::Routine => Rule::ExtensionsRoutine,
            Whistle::Tough => return Err(Refusal::NotYet("攻坚哨不延期，确需延后的申请挂账。")),
            Whistle::Emergency => {
                return Err(Refusal::NotYet(
                    "应急哨不延期，险情排除后需根治的，由街道另吹攻坚哨。",
                ));
            }
        };
        let most = self.case.rules.count(most);
        if i64::try_from(self.granted(mine.id)).is_ok_and(|granted| granted >= most) {
            return Err(Refusal::Over("这类哨单的延期次数已经用完，不能再延期。"));
        }
        let Some(clock) = self.close_clock() else {
            return Err(Refusal::Over("反馈时限没有在计时，不能延期。"));
        };
        match clock.due_at {
            Some(due) if self.now <= due => Ok(()),
            Some(_) => Err(Refusal::NotYet(
                "反馈时限已经超过，不能再延期，请尽快反馈。",
            )),
            None => Err(Refusal::NotYet(
                "反馈时限算不出来，请先请市治理办录入放假安排。",
            )),
        }
    }

    fn granted(&self, id: AssignmentId) -> usize {
        let all = self.of(id, Kind::Extension);
        all.filter(|r| r.state == State::Granted).count()
    }

    fn may_suspend(self, mine: &Assignment) -> Result<(), Refusal> {
        if !mine.leads() {
            return Err(Refusal::NotYours);
        }
        if self.case.kind == Whistle::Emergency {
            return Err(Refusal::NotYet(
                "险情不能挂账；排除后需根治的，由街道另吹攻坚哨。",
            ));
        }
        if self.case.suspension.is_some() {
            return Err(Refusal::Over("一张哨单只能挂账一次，已经挂过账。"));
        }
        if self.case.requests.iter().any(|r| r.state == State::Open) {
            return Err(Refusal::NotYet("这张哨单上其他部门的申请答复后"));
        }
        match mine.stage {
            AssignmentStage::Reported => Ok(()),
            AssignmentStage::Planned
            | AssignmentStage::Sent
            | AssignmentStage::Signed
            | AssignmentStage::FedBack
            | AssignmentStage::Uncooperative
            | AssignmentStage::Passed
            | AssignmentStage::Withdrawn
            | AssignmentStage::Relieved => Err(Refusal::NotYet("报到后")),
        }
    }

    /// The department's breaches that count.
    pub(in super::super) fn breaches(&self) -> Vec<&Clock> {
        let Some(mine) = self.mine() else {
            return Vec::new();
        };
        breaches_of(self.case, mine.id)
    }

    fn may_appeal(self, mine: &Assignment) -> Result<(), Refusal> {
        if self.of(mine.id, Kind::Appeal).next().is_some() {
            return Err(TWICE);
        }
        match (self.case.stage, self.breaches().is_empty()) {
            (Stage::Closed, false) => Ok(()),
            (Stage::Sounded | Stage::Checking | Stage::Rating | Stage::Closing, false) => {
                Err(Refusal::NotYet("哨单办结后"))
            }
            (Stage::Closed, true) => Err(Refusal::Over("本部门没有超时，不用申诉。")),
            (_, _) => Err(Refusal::NotYours),
        }
    }

    /// At which level a new request begins.
    pub fn first_level(&self, kind: Kind) -> Level {
        let again = self.mine().is_some_and(|mine| self.granted(mine.id) > 0);
        match kind {
            Kind::Extension if again || self.case.kind == Whistle::JointEnforcement => {
                Level::CityOffice
            }
            Kind::Suspension => Level::CityOffice,
            Kind::Return | Kind::Appeal | Kind::Extension => Level::Street,
        }
    }

    /// Whether this viewer decides on it now.
    pub fn may_decide(self, request: &Request) -> Result<(), Refusal> {
        if !decides(request.kind, request.level, self.me.kind) {
            return Err(Refusal::NotYours);
        }
        if request.state != State::Open {
            return Err(Refusal::Over("这件申请已经答复过。请刷新看最新情况。"));
        }
        if self.case.is_suspended() {
            return Err(PUT_ASIDE);
        }
        if request.asked_by == self.me.person {
            return Err(Refusal::TookPart("自己提出的申请须请他人答复。"));
        }
        if self.case.has_handled {
            return Err(Refusal::TookPart("您替部门办理过这件事，须请他人答复。"));
        }
        match self.decide_clock(request).and_then(|c| c.due_at) {
            Some(due) if self.now > due => Err(Refusal::Over(
                "答复时限已过，按逾期未决处理，不能再答复。请稍后刷新。",
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// The clock of its decision.
    pub fn decide_clock(&self, request: &Request) -> Option<&Clock> {
        let mut clocks = self.case.clocks.iter();
        clocks.find(|c| c.about == Some(request.id.0) && c.stage == Timed::Decide)
    }

    /// Whether the department may go one level up.
    pub fn may_contest(self, request: &Request) -> Result<(), Refusal> {
        let asks = self.mine().is_some_and(|m| m.id == request.assignment_id);
        let Some(above) = request.kind.above(request.level).filter(|_| asks) else {
            return Err(Refusal::NotYours);
        };
        let mut chain = self.of(request.assignment_id, request.kind);
        if request.state != State::Denied || chain.any(|r| r.level == above) {
            return Err(Refusal::Over(
                "这件申请现在不能再提请上一级。请刷新看最新情况。",
            ));
        }
        let open = self.mine().is_some_and(|m| m.stage.is_open());
        if request.kind == Kind::Return && !(open && self.case.stage == Stage::Sounded) {
            return Err(WORKED);
        }
        match self.contest_ends(request) {
            Some(end) if self.now > end => Err(Refusal::Over("提请上一级的期限已过，不能再提请。")),
            Some(_) | None => Ok(()),
        }
    }

    /// Until when a denial can be contested.
    pub fn contest_ends(&self, request: &Request) -> Option<DateTime<Utc>> {
        let limit = self.case.rules.limit(Rule::Contest).ok()?;
        Some(
            self.case
                .calendar
                .due(request.decided_at?, limit, &[])
                .ok()?
                .at,
        )
    }

    /// Whether the department may take it back.
    pub fn may_take_back(self, request: &Request) -> Result<(), Refusal> {
        if self.mine().is_none_or(|m| m.id != request.assignment_id) {
            Err(Refusal::NotYours)
        } else if request.state == State::Open {
            Ok(())
        } else {
            Err(Refusal::Over("这件申请已经答复过，不能撤回。"))
        }
    }

    /// Whether the lead may go on before the day, and note what was reached.
    pub fn may_resume(self) -> Result<(), Refusal> {
        if !self.mine().is_some_and(Assignment::leads) {
            Err(Refusal::NotYours)
        } else if self.case.is_suspended() {
            Ok(())
        } else {
            Err(Refusal::Over("这张哨单现在没有挂账。请刷新看最新情况。"))
        }
    }
}

/// The breaches of an assignment that its department answers for.
pub(in super::super) fn breaches_of(case: &Case, id: AssignmentId) -> Vec<&Clock> {
    let clocks = case.clocks.iter();
    clocks
        .filter(|c| c.assignment_id == Some(id.0) && c.breached_at.is_some())
        .filter(|c| c.stage != Timed::Decide && !c.exempt)
        .collect()
}
