//! What may be asked by whom and when, who decides, within which limit, and what silence does.
//! The page's buttons and the POST's permission are both this. Pure.

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::clock::day_of;
use crate::coded;
use crate::org::access::{PostKind, Viewer};
use crate::org::calendar::{Calendar, Limit, NoDue, Unit};
use crate::org::{DepartmentId, PersonId};
use crate::work::clocks::{Clock, Stage as Timed};
use crate::work::duties::RulingLevel as Level;
use crate::work::whistles::{
    Assignment, AssignmentStage, Case, Kind as Whistle, PUT_ASIDE, Refusal, Role, Stage,
};
use crate::work::{AssignmentId, DutyItemId, MilestoneId, RequestId};

coded! {
    /// What is asked for.
    Kind as "request_kind" {
        /// Another department is responsible.
        Return = "return" "退回",
        /// More time to feed back.
        Extension = "extension" "延期",
        /// To be put aside until a day.
        Suspension = "suspension" "挂账",
        /// A breach shall not count.
        Appeal = "appeal" "超时申诉",
    }
}

impl Kind {
    /// The words on its button.
    pub fn ask(self) -> &'static str {
        match self {
            Self::Return => "申请退回",
            Self::Extension => "申请延期",
            Self::Suspension => "申请挂账",
            Self::Appeal => "超时申诉",
        }
    }

    /// The words on the button that grants it.
    pub fn grant(self) -> &'static str {
        match self {
            Self::Return => "改派",
            Self::Extension => "同意延期",
            Self::Suspension => "同意挂账",
            Self::Appeal => "不计入考核",
        }
    }

    /// The words on the button that denies it.
    pub fn deny(self) -> &'static str {
        match self {
            Self::Return => "维持原派",
            Self::Extension => "不同意延期",
            Self::Suspension => "不同意挂账",
            Self::Appeal => "驳回申诉",
        }
    }

    /// What happens if nobody decides in time.
    /// The last level leaves a return with whoever received it first, in the role it has.
    pub fn silence(self, level: Level, role: Role) -> &'static str {
        match (self, level) {
            (Self::Return, Level::CityLeader) => match role {
                Role::Lead => "逾期未决，由首接部门继续主办。",
                Role::Assist => "逾期未决，由首接部门继续协办。",
            },
            (Self::Return, Level::Street | Level::CityOffice) => "逾期未决，自动提请上一级裁定。",
            (Self::Extension, _) => "逾期未批，按原时限办理。",
            (Self::Suspension, _) => "逾期未批，不挂账，按原时限办理。",
            (Self::Appeal, _) => "逾期未决，超时照常计入考核。",
        }
    }

    /// How long the decider has.
    pub(super) fn limit(self, level: Level) -> Result<Limit, NoDue> {
        match (self, level) {
            (Self::Return, Level::Street | Level::CityLeader) => Limit::new(2, Unit::WorkHour),
            (Self::Return, Level::CityOffice) | (Self::Extension | Self::Appeal, _) => {
                Limit::new(1, Unit::WorkDay)
            }
            (Self::Suspension, _) => Limit::new(2, Unit::WorkDay),
        }
    }

    /// The level that hears a contest; none if this one is final.
    pub fn above(self, level: Level) -> Option<Level> {
        match (self, level) {
            (Self::Return | Self::Appeal, Level::Street) => Some(Level::CityOffice),
            (Self::Return, Level::CityOffice) => Some(Level::CityLeader),
            (Self::Return, Level::CityLeader)
            | (Self::Appeal, Level::CityOffice | Level::CityLeader)
            | (Self::Extension | Self::Suspension, _) => None,
        }
    }
}

coded! {
    /// How far a request is at its level.
    State as "request_state" {
        /// Somebody must decide.
        Open = "open" "待裁定",
        /// As asked.
        Granted = "granted" "同意",
        /// Not as asked.
        Denied = "denied" "不同意",
        /// Nobody decided in time.
        Lapsed = "lapsed" "逾期未决",
        /// Taken back, or it has lost its object.
        TakenBack = "taken_back" "已撤回",
    }
}

coded! {
    /// Why a breach shall not count.
    Cause as "appeal_cause" {
        /// The weather.
        Weather = "weather" "天气",
        /// Force majeure.
        ForceMajeure = "force_majeure" "不可抗力",
        /// Sent to the wrong department.
        WrongDispatch = "wrong_dispatch" "派单错误",
        /// Somebody else.
        ThirdParty = "third_party" "第三方原因",
        /// Who complained could not be reached.
        Unreachable = "unreachable" "联系不上诉求人",
    }
}

/// A duty item as a request cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// The version.
    pub id: DutyItemId,
    /// 第 n 项.
    pub number: i32,
    /// Its name.
    pub name: String,
}

/// One request at one level.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Whose part of the whistle it is about.
    pub assignment_id: AssignmentId,
    /// The department that asks.
    pub department: String,
    /// Its role.
    pub role: Role,
    /// What is asked for.
    pub kind: Kind,
    /// Who decides.
    pub level: Level,
    /// How far it is.
    pub state: State,
    /// Why it is asked.
    pub reason: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// By whom.
    pub asked_by: PersonId,
    /// That person's name.
    pub asker: String,
    /// The department held responsible.
    pub proposed_id: Option<DepartmentId>,
    /// Its name.
    pub proposed: Option<String>,
    /// The duty item cited.
    pub duty: Option<Cited>,
    /// Until when to be put aside.
    pub until_day: Option<NaiveDate>,
    /// Why a breach shall not count.
    pub cause: Option<Cause>,
    /// When it was decided, or ended otherwise.
    pub decided_at: Option<DateTime<Utc>>,
    /// The name of who decided.
    pub decider: Option<String>,
    /// In which words.
    pub decided_words: Option<String>,
    /// For forms: the state one saw.
    pub version: i32,
    /// The departments to which it can be given: id and name.
    pub choices: Option<Vec<(DepartmentId, String)>>,
}

impl Request {
    /// Who decides, in words.
    pub fn by_whom(&self) -> &'static str {
        seat_of(self.kind, self.level)
    }

    /// `退回，市治理办裁定` and so on: what it is, at which level.
    pub fn name(&self) -> String {
        let level = match (self.kind, self.level) {
            (Kind::Return, level) => level.label(),
            (Kind::Appeal, Level::Street) => "街道初审",
            (Kind::Appeal, Level::CityOffice | Level::CityLeader) => "市治理办复审",
            (Kind::Extension | Kind::Suspension, Level::Street) => "街道审批",
            (Kind::Extension | Kind::Suspension, _) => "市治理办审批",
        };
        format!("{}，{level}", self.kind.label())
    }

    /// What happens if nobody decides in time.
    pub fn silence(&self) -> &'static str {
        self.kind.silence(self.level, self.role)
    }

    /// How it stands, in the words of its kind.
    pub fn standing(&self) -> &'static str {
        standing(self.kind, self.state)
    }
}

/// How a request of a kind stands, in the words of its kind: who is responsible is ruled on, the
/// rest is approved.
fn standing(kind: Kind, state: State) -> &'static str {
    match (state, kind) {
        (State::Open, Kind::Extension | Kind::Suspension | Kind::Appeal) => "待审批",
        (State::Granted, kind) => kind.grant(),
        (State::Denied, kind) => kind.deny(),
        (State::Open, Kind::Return) | (State::Lapsed | State::TakenBack, _) => state.label(),
    }
}

/// Who decides on a kind at a level, in words.
pub(super) fn seat_of(kind: Kind, level: Level) -> &'static str {
    match (kind, level) {
        (Kind::Appeal, Level::Street) => "街道分管副主任",
        (_, Level::Street) => "街道",
        (_, Level::CityOffice) => "市治理办",
        (_, Level::CityLeader) => "市领导",
    }
}

/// What is to be reached while a whistle is put aside.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Milestone {
    /// Its id.
    pub id: MilestoneId,
    /// The request that names it.
    pub request_id: RequestId,
    /// By when.
    pub due_day: NaiveDate,
    /// What.
    pub words: String,
    /// When it was reached.
    pub done_at: Option<DateTime<Utc>>,
}

impl Milestone {
    /// `按时完成`, `逾期完成`, `逾期`, `未到`.
    pub fn mark(&self, today: NaiveDate) -> &'static str {
        match self.done_at.map(day_of) {
            Some(day) if day <= self.due_day => "按时完成",
            Some(_) => "逾期完成",
            None if today > self.due_day => "逾期未完成",
            None => "未到",
        }
    }
}

/// That a whistle is or was put aside.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Suspension {
    /// By which request.
    pub request_id: RequestId,
    /// Since when.
    pub from_at: DateTime<Utc>,
    /// Until when.
    pub until_at: DateTime<Utc>,
    /// When it went on again.
    pub ended_at: Option<DateTime<Utc>>,
}

/// When a suspension until a day is over: when the office closes on it. A day off is over at its
/// own end and not at the last close before it, because who was promised that day has all of it;
/// the work goes on at the next opening either way.
pub fn until(calendar: &Calendar, day: NaiveDate) -> DateTime<Utc> {
    calendar.end_of(day)
}

/// The last day until which something may be put aside.
pub(super) fn latest(today: NaiveDate) -> NaiveDate {
    today.checked_add_months(Months::new(12)).unwrap_or(today)
}

/// The first one.
pub(super) fn soonest(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(1)).unwrap_or(today)
}

/// What is asked for, checked.
#[derive(Clone, Debug)]
pub enum Ask {
    /// The department held responsible, by which duty item.
    Return(DepartmentId, DutyItemId),
    /// One more original limit.
    Extension,
    /// Until which day, with what by when.
    Suspension(NaiveDate, Vec<(NaiveDate, String)>),
    /// Why the breach shall not count.
    Appeal(Cause),
}

impl Ask {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Return(..) => Kind::Return,
            Self::Extension => Kind::Extension,
            Self::Suspension(..) => Kind::Suspension,
            Self::Appeal(_) => Kind::Appeal,
        }
    }
}

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
                "退回须在签收时限届满后 1 个工作日内提出，现在已过期限。",
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
    pub(super) fn return_ends(&self, mine: &Assignment) -> Option<DateTime<Utc>> {
        let sign = self.clock(mine.id, Timed::Sign)?.due_at?;
        let day = Limit::new(1, Unit::WorkDay).ok()?;
        Some(self.case.calendar.due(sign, day, &[]).ok()?.at)
    }

    fn clock(&self, id: AssignmentId, stage: Timed) -> Option<&Clock> {
        let mut clocks = self.case.clocks.iter().rev();
        clocks.find(|c| c.assignment_id == Some(id.0) && c.stage == stage)
    }

    /// The running clock that an extension would make longer.
    pub(super) fn close_clock(&self) -> Option<&Clock> {
        let mine = self.mine()?;
        self.clock(mine.id, Timed::Close).filter(|c| c.is_running())
    }

    fn may_extend(self, mine: &Assignment) -> Result<(), Refusal> {
        let most = match self.case.kind {
            Whistle::Express | Whistle::JointEnforcement => 1,
            Whistle::Routine => 2,
            Whistle::Tough => return Err(Refusal::NotYet("攻坚哨不延期，确需延后的申请挂账。")),
            Whistle::Emergency => {
                return Err(Refusal::NotYet(
                    "应急哨不延期，险情排除后需根治的，由街道另吹攻坚哨。",
                ));
            }
        };
        if self.granted(mine.id) >= most {
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
    pub(super) fn breaches(&self) -> Vec<&Clock> {
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
    pub(super) fn first_level(&self, kind: Kind) -> Level {
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
            Some(end) if self.now > end => Err(Refusal::Over(
                "提请上一级须在答复后 1 个工作日内，现在已过期限。",
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// Until when a denial can be contested.
    pub fn contest_ends(&self, request: &Request) -> Option<DateTime<Utc>> {
        let day = Limit::new(1, Unit::WorkDay).ok()?;
        Some(
            self.case
                .calendar
                .due(request.decided_at?, day, &[])
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
pub(super) fn breaches_of(case: &Case, id: AssignmentId) -> Vec<&Clock> {
    let clocks = case.clocks.iter();
    clocks
        .filter(|c| c.assignment_id == Some(id.0) && c.breached_at.is_some())
        .filter(|c| c.stage != Timed::Decide && !c.exempt)
        .collect()
}

/// Whether a post decides on a kind at a level; where, is its reach.
pub(super) fn decides(kind: Kind, level: Level, post: PostKind) -> bool {
    match level {
        Level::Street => {
            post == PostKind::StreetDeputy
                || (post == PostKind::StreetDispatcher && kind != Kind::Appeal)
        }
        Level::CityOffice => post == PostKind::CityOffice,
        Level::CityLeader => post == PostKind::CityLeader,
    }
}

/// A row of the list of requests.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) whistle_id: Uuid,
    pub(super) number: Option<String>,
    pub(super) title: String,
    pub(super) street: String,
    pub(super) department: String,
    pub(super) kind: Kind,
    pub(super) level: Level,
    pub(super) state: State,
    pub(super) asked_at: DateTime<Utc>,
    pub(super) decided_at: Option<DateTime<Utc>>,
    pub(super) mine: bool,
    pub(super) nearest: Option<crate::work::clocks::Nearest>,
}

impl Row {
    /// Who decides.
    pub(super) fn by_whom(&self) -> &'static str {
        seat_of(self.kind, self.level)
    }

    /// How it stands.
    pub(super) fn standing(&self) -> &'static str {
        standing(self.kind, self.state)
    }
}
