//! The case page: the file on the left, what the viewer may do on the right.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::super::model::{
    Assignment, AssignmentStage, Case, Check, Heard, MoveKind, Outcome, Rating, Recurrence,
    ReportWay, Review, Role, Stage, Story,
};
use super::super::queries;
use super::moves::{MoveForm, photographed, phrased};
use crate::base::clock::day_of;
use crate::base::error::Result;
use crate::base::form::FieldErrors;
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::{Chrome, Permission, Section, Viewer, Visit};
use crate::org::photos::{Photo, Tray};
use crate::work::WhistleId;
use crate::work::clocks::{Clock, Lamp, Nearest, Stage as Timed, Told};
use crate::work::requests::{Kind as Ask, Milestone, Request, State, Turn};
use crate::work::supervision::Supervised;

#[derive(Template)]
#[template(path = "whistles/show.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that the page asks"
)]
pub(super) struct Show {
    pub(super) chrome: Chrome,
    pub(super) case: Case,
    pub(super) story: Story,
    pub(super) mine: Option<Assignment>,
    pub(super) lead: String,
    pub(super) moves: Vec<MoveKind>,
    /// What will be the viewer's, with what must happen first.
    pub(super) not_yet: Vec<(&'static str, &'static str)>,
    /// What the viewer's department can ask for.
    pub(super) asks: Vec<Ask>,
    /// The requests that the viewer decides on.
    pub(super) decided_by_me: Vec<Request>,
    pub(super) doing: Option<MoveKind>,
    pub(super) form: MoveForm,
    pub(super) tray: Tray,
    pub(super) errors: FieldErrors,
    pub(super) flash: String,
    pub(super) refused: String,
    pub(super) conflict: Vec<(&'static str, String)>,
    pub(super) once: String,
    pub(super) now: DateTime<Utc>,
    pub(super) sees_matters: bool,
    /// Whether the viewer sees what streets and departments do with the five powers.
    pub(super) sees_powers: bool,
    /// Whether the viewer calls departments together for the street.
    pub(super) calls: bool,
    pub(super) is_department: bool,
    /// The department that views, if one does.
    pub(super) department_id: Option<DepartmentId>,
    /// Whether the viewer may supervise it now.
    pub(super) supervises: bool,
    /// What is and was timed, for the panel that explains it.
    pub(super) timed: Vec<Told>,
    pub(super) decides: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    #[serde(rename = "do")]
    doing: String,
    done: String,
}

/// One cell of the table of departments.
pub(super) enum Cell {
    /// Done, when, and a word to it.
    Done(String, String),
    /// The live one: its lamp and words, when it is due, and the clock behind it.
    Live(Lamp, String, String, Uuid),
    /// Not there yet.
    Ahead,
}

pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<WhistleId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let (case, story) = queries::told(&mut visit.tx, &visit.me, id).await?;
    let flash = match wish.done.as_str() {
        "asked" => "已提出申请，裁定人已收到消息；答复前各时限照常计时。".to_owned(),
        other => MoveKind::read(other)
            .map(|mv| done(mv, &case))
            .unwrap_or_default(),
    };
    let mut page = Show::of(&visit, case, story);
    page.flash = flash;
    if let Some(mv) = MoveKind::read(&wish.doing).filter(|mv| page.moves.contains(mv)) {
        page.doing = Some(mv);
        page.tray = tray(Some(mv), &page.story, page.now);
    }
    Ok(Page(page).into_response())
}

/// An empty tray for the form of a move.
fn tray(mv: Option<MoveKind>, story: &Story, now: DateTime<Utc>) -> Tray {
    let step = mv.and_then(photographed);
    Tray::new(now, step.is_some_and(|step| story.demand.asks(step)))
}

/// What the flash says after a move: the button's verb, and what follows.
fn done(mv: MoveKind, case: &Case) -> String {
    let next = match (mv, case.stage) {
        (MoveKind::Sound | MoveKind::Approve, _) => {
            format!(
                "编号 {}，{} 个部门收到任务。",
                case.shown_number(),
                case.assignments.len()
            )
        }
        (MoveKind::FeedBack, Stage::Checking) => "全部部门已反馈，等核查。".to_owned(),
        (MoveKind::Check, Stage::Rating) => "核查通过，等街道和社区评价。".to_owned(),
        (MoveKind::Check, _) => "核查不通过，已退回部门返工。".to_owned(),
        (MoveKind::Rate, Stage::Closing) => "评价齐了，等街道办结。".to_owned(),
        (MoveKind::Submit, _) => format!("{}。", case.kind.approval()),
        _ => String::new(),
    };
    format!("已{}。{next}", mv.label())
}

/// What will be this viewer's: moves, and what a department can ask for.
fn not_yet(turn: Turn<'_>) -> Vec<(&'static str, &'static str)> {
    let moves = turn.case.not_yet(turn.me).into_iter();
    let moves = moves.map(|(mv, first)| (mv.label(), first));
    let asks = turn.not_yet().into_iter();
    let asks = asks.map(|(kind, first)| (kind.ask(), first));
    moves.chain(asks).collect()
}

/// The requests that this viewer decides on now.
fn decided_by(turn: Turn<'_>) -> Vec<Request> {
    let all = turn.case.requests.iter();
    all.filter(|r| turn.may_decide(r).is_ok())
        .cloned()
        .collect()
}

impl Show {
    /// The page as this viewer sees it.
    pub(super) fn of(visit: &Visit, case: Case, story: Story) -> Self {
        let me: &Viewer = &visit.me;
        let moves = case.open_to(me);
        let now = visit.tx.now;
        let turn = Turn {
            case: &case,
            me,
            now,
        };
        let not_yet = not_yet(turn);
        let asks = turn.open();
        let decided_by_me = decided_by(turn);
        let lead = case.lead().map_or(String::new(), |l| l.department.clone());
        let mine = case.mine(me).cloned();
        let story = story.seen_by(me, &case);
        let case = case.seen_by(me);
        let doing = moves
            .first()
            .copied()
            .filter(|mv| *mv != MoveKind::Withdraw);
        Self {
            chrome: visit.chrome(Section::Whistles),
            lead,
            moves,
            not_yet,
            asks,
            decided_by_me,
            doing,
            form: MoveForm::for_today(visit.tx.now),
            tray: tray(doing, &story, visit.tx.now),
            errors: FieldErrors::new(),
            flash: String::new(),
            refused: String::new(),
            conflict: Vec::new(),
            once: visit.once(),
            now: visit.tx.now,
            sees_matters: me.kind.may(Permission::SeeMatters),
            sees_powers: me.kind.may(Permission::SeePowers) && !me.kind.is_department(),
            calls: me.kind.may(Permission::ExercisePowers) && me.kind.is_street(),
            is_department: me.kind.is_department(),
            decides: me.kind.may(Permission::DecideReopening),
            department_id: me.department(),
            supervises: me.kind.may(Permission::Supervise) && case.stage == Stage::Sounded,
            mine,
            timed: case.timed(&visit.tx.now),
            case,
            story,
        }
    }

    /// Whether the form that is shown takes photos.
    fn takes_photos(&self) -> bool {
        self.doing.and_then(photographed).is_some()
    }

    /// The phrases that the form offers.
    fn phrases(&self) -> &[String] {
        self.story.phrases.of(self.doing.and_then(phrased))
    }

    fn place(&self) -> String {
        format!("/whistles/{}", self.case.id)
    }

    /// What was photographed of the matters behind it.
    fn found(&self) -> Vec<Photo> {
        let all = self.story.matters.iter().flat_map(|m| &m.photos);
        all.cloned().collect()
    }

    /// The version that the form of the move carries: a department's is its assignment's.
    fn version(&self) -> i32 {
        match (&self.mine, self.is_department) {
            (Some(mine), true) => mine.version,
            _ => self.case.version,
        }
    }

    /// The moves offered as links beside the one whose form is open.
    fn others(&self) -> Vec<MoveKind> {
        self.moves
            .iter()
            .copied()
            .filter(|mv| Some(*mv) != self.doing)
            .collect()
    }

    fn signed(&self, a: &Assignment) -> Cell {
        self.cell(
            a,
            AssignmentStage::Sent,
            (a.signed_at, String::new()),
            &[Timed::Sign],
        )
    }

    fn reported(&self, a: &Assignment) -> Cell {
        let way = a.report_way.map_or("", ReportWay::label);
        let done = (a.reported_at, way.to_owned());
        self.cell(a, AssignmentStage::Signed, done, &[Timed::Report])
    }

    fn fed_back(&self, a: &Assignment) -> Cell {
        if a.stage == AssignmentStage::Uncooperative {
            return Cell::Done(
                "未配合".to_owned(),
                a.uncooperative_reason.clone().unwrap_or_default(),
            );
        }
        let done = (a.fed_back_at, a.result.clone().unwrap_or_default());
        let stages = [Timed::FirstFeedback, Timed::Close, Timed::Suspension];
        self.cell(a, AssignmentStage::Reported, done, &stages)
    }

    fn cell(
        &self,
        a: &Assignment,
        live: AssignmentStage,
        (at, note): (Option<DateTime<Utc>>, String),
        stages: &[Timed],
    ) -> Cell {
        let clock = self.case.running(Some(a.id), stages);
        match (clock, at) {
            (Some(clock), _) if a.stage == live && self.case.stage == Stage::Sounded => {
                let nearest = clock.nearest();
                let due = clock.due_at.map(|due| words::short_minute(due, self.now));
                Cell::Live(
                    nearest.lamp(&self.now),
                    nearest.words(&self.case.calendar, &self.now),
                    due.map_or(String::new(), |due| format!("截止 {due}")),
                    clock.id,
                )
            }
            (_, Some(at)) => Cell::Done(words::short_minute(at, self.now), note),
            (_, None) => Cell::Ahead,
        }
    }

    /// Whether the viewer's department still owes the answer to a letter.
    fn owes(&self, supervised: &Supervised) -> bool {
        supervised.is_owed_by(self.department_id)
    }

    /// What is due first: of a department's own assignment, else of the whole whistle.
    fn nearest(&self) -> Option<Nearest> {
        let own = self.mine.as_ref().map(|m| m.id);
        self.case.running(own, &[]).map(Clock::nearest)
    }

    /// The name of a department by its assignment.
    fn department(&self, id: &crate::work::AssignmentId) -> &str {
        self.case
            .assignments
            .iter()
            .find(|a| a.id == *id)
            .map_or("", |a| a.department.as_str())
    }

    /// The cells of a department's row, with the names of their columns.
    fn cells(&self, a: &Assignment) -> [(&'static str, Cell); 3] {
        [
            ("签收", self.signed(a)),
            ("报到", self.reported(a)),
            ("反馈", self.fed_back(a)),
        ]
    }

    fn who(&self, e: &crate::org::events::Entry) -> String {
        format!("{} {}", e.seat, e.person_name).trim().to_owned()
    }

    /// Whether the street may call a co-ordination about it: while the departments are at work.
    fn may_call(&self) -> bool {
        self.calls && self.case.stage == Stage::Sounded
    }

    fn wrong_count(&self) -> String {
        format!("没有保存，有 {} 处要改。", self.errors.len())
    }

    /// The local day of an instant.
    fn day_of(at: &DateTime<Utc>) -> chrono::NaiveDate {
        day_of(*at)
    }

    /// Why there is nothing to do for this viewer.
    fn idle(&self) -> String {
        let aside = self.case.suspension.as_ref();
        match aside.filter(|_| self.case.is_suspended()) {
            _ if self.case.stage.is_over() => "哨单已经结束，没有要办的。".to_owned(),
            Some(s) => {
                let day = words::day(day_of(s.until_at));
                format!("挂账至 {day}，其间停办停表，到期自动复办，您不用办。")
            }
            None => "这一步由别人办，您不用办。".to_owned(),
        }
    }

    /// Whether the meeting has passed before the whistle could sound.
    fn missed_meeting(&self) -> bool {
        self.case.sounded_at.is_none()
            && !self.case.stage.is_over()
            && self.case.meets_at.is_some_and(|at| at <= self.now)
    }

    fn condition_hint(&self) -> String {
        format!("结案条件：{}", self.case.closing_condition)
    }

    fn closing_hint(&self) -> String {
        format!("办结后 {} 件事项转为已解决。", self.story.matters.len())
    }

    /// The error at a department's marks.
    fn rating_error(&self, row: &usize) -> &str {
        self.errors.of(&format!("rating-{row}"))
    }

    /// Whether the viewer is a department that assists.
    fn only_assists(&self) -> bool {
        self.is_department && self.mine.as_ref().is_some_and(|m| m.role == Role::Assist)
    }

    /// Whether the viewer may follow the links to the matters behind.
    fn links_matters(&self) -> bool {
        self.sees_matters
    }

    /// The same trouble come again, for those who decide on it or live with it.
    fn recurrences(&self) -> &[Recurrence] {
        if self.is_department {
            &[]
        } else {
            &self.story.recurrences
        }
    }

    /// Whether the decision on what came again is all that the viewer has to do here.
    fn only_decides(&self) -> bool {
        self.decides && self.doing.is_none() && !self.recurrences().is_empty()
    }

    /// What a resident said, in one line.
    fn heard(visit: &Heard) -> String {
        match (visit.answer, visit.feeling) {
            (Some(answer), Some(feeling)) => {
                let words = visit.words.as_deref().unwrap_or_default();
                format!("{}，{}。{words}", answer.label(), feeling.label())
            }
            _ => visit.state.label().to_owned(),
        }
    }

    /// The time for a decision, while it runs.
    fn decide_by(&self, request: &Request) -> Option<Nearest> {
        let mut clocks = self.case.clocks.iter();
        let clock = clocks.find(|c| c.about == Some(request.id.0) && c.is_running());
        clock.map(Clock::nearest)
    }

    /// Whether nobody has decided yet.
    fn is_open(request: &Request) -> bool {
        request.state == State::Open
    }

    fn mark(&self, milestone: &Milestone) -> &'static str {
        milestone.mark(day_of(self.now))
    }

    /// The suspension that the lead can end, by its request.
    fn put_aside(&self) -> Option<&Request> {
        let suspension = self.case.suspension.as_ref()?;
        let leads = self.mine.as_ref().is_some_and(Assignment::leads);
        let mut all = self.case.requests.iter();
        all.find(|r| r.id == suspension.request_id)
            .filter(|_| leads && self.case.is_suspended())
    }

    fn check_result(check: &Check) -> &'static str {
        if check.passed { "通过" } else { "不通过" }
    }

    fn marks(rating: &Rating) -> String {
        let Rating {
            speed,
            attendance,
            result,
            attitude,
            cooperation,
            ..
        } = rating;
        format!(
            "速度 {speed}，到场 {attendance}，结果 {result}，态度 {attitude}，配合 {cooperation}"
        )
    }

    fn verdict(review: &Review) -> String {
        let kind = if review.kind_right {
            "种类恰当"
        } else {
            "种类不当"
        };
        let facts = if review.facts_right {
            "情况属实"
        } else {
            "情况不实"
        };
        format!("{kind}，{facts}，街道配合 {} 分", review.cooperation)
    }
}
