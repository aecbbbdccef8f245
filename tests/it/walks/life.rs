//! The life of a whistle in memory. What may be done is asked of the product's own rules; what an
//! act leaves behind is written here a second time, as short as it can be. The walk through the
//! pages compares each of its acts with this, so that neither can go its own way.

mod asked;
mod timed;

use chrono::{DateTime, Duration, Utc};
use street_whistle::org::access::{PostKind, Viewer};
use street_whistle::org::calendar::Limit;
use street_whistle::org::{DepartmentId, PersonId};
use street_whistle::work::clocks::Stage as Timed;
use street_whistle::work::requests::{Ask, Turn};
use street_whistle::work::visits::{Answer, State as Visit};
use street_whistle::work::whistles::{
    Assignment, AssignmentStage, Case, Check, Kind, MoveKind, Rating, Refusal, Side, Stage,
};
use street_whistle::work::{AssignmentId, RequestId};
use uuid::Uuid;

/// What can be done to a whistle, with what the form would say.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// A plain move; of a check, that it passed; of a report-in, that nothing was agreed.
    Move(MoveKind),
    /// A report-in at which something was agreed.
    Agree,
    /// The lead says that this department does not co-operate.
    Mark(AssignmentId),
    /// The check failed; these go back to work.
    Rework(Vec<AssignmentId>),
    /// A request.
    Ask(Ask),
    /// A decision on one: whether it is granted, and who has it from now on.
    Decide(RequestId, bool, Option<DepartmentId>),
    /// One level up.
    Contest(RequestId),
    /// Taken back.
    TakeBack(RequestId),
    /// What was put aside goes on before its day.
    Resume,
    /// The resident says how it is; which visit.
    Hear(usize, Answer),
    /// The resident was not reached.
    Miss(usize),
    /// The street reopens because the same trouble came again.
    Recur,
}

impl Act {
    /// Its name, for counting.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Move(mv) => mv.path().to_owned(),
            Self::Agree => "reporting, agreed".to_owned(),
            Self::Mark(_) => "non-cooperation".to_owned(),
            Self::Rework(_) => "rework".to_owned(),
            Self::Ask(ask) => format!("ask {:?}", ask.kind()),
            Self::Decide(_, yes, _) => format!("decide {yes}"),
            Self::Contest(_) => "contest".to_owned(),
            Self::TakeBack(_) => "take back".to_owned(),
            Self::Resume => "resume".to_owned(),
            Self::Hear(_, answer) => format!("hear {answer:?}"),
            Self::Miss(_) => "miss".to_owned(),
            Self::Recur => "recur".to_owned(),
        }
    }
}

/// What somebody did that binds him later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Told or worked on a matter behind it.
    Found,
    /// Acted for a department.
    Handled,
    Checked,
    Rated,
    Closed,
}

/// A whistle with all that its rules ask, and what happened to it.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) case: Case,
    /// How long each stage may take.
    pub(super) limits: Vec<(Timed, Limit)>,
    pub(super) deeds: Vec<(PersonId, Deed)>,
    /// Whether somebody left a number and is to be asked.
    pub(super) has_teller: bool,
    /// How far each asking is, and how often nobody was reached.
    pub(super) visits: Vec<(Visit, usize)>,
    /// The events: verb and department.
    pub(super) told: Vec<(&'static str, Option<DepartmentId>)>,
    /// The clock of every event of lateness.
    pub(super) breaches: Vec<Uuid>,
    pub(super) now: DateTime<Utc>,
    /// For ids.
    pub(super) made: u128,
}

/// Why something was not done.
pub(super) type Refused = String;

fn refused(refusal: Refusal) -> Refused {
    refusal.sentence().to_owned()
}

impl Life {
    /// Does it, or says why not and leaves everything as it was.
    pub(super) fn does(&mut self, me: &Viewer, act: &Act) -> Result<(), Refused> {
        self.looks_on(Some(me.person));
        let done = self.acts(me, act);
        self.looks_on(None);
        done
    }

    fn acts(&mut self, me: &Viewer, act: &Act) -> Result<(), Refused> {
        match act {
            Act::Move(mv) => self.moves(me, *mv),
            Act::Agree => {
                self.case.may(MoveKind::Report, me).map_err(refused)?;
                self.reports(me, &[Timed::Report, Timed::FirstFeedback])
            }
            Act::Mark(whom) => self.marks(me, *whom),
            Act::Rework(named) => self.fails(me, named),
            Act::Ask(ask) => self.asks(me, ask),
            Act::Decide(id, grants, to) => self.decides(me, *id, (*grants, *to)),
            Act::Contest(id) => self.contests(me, *id),
            Act::TakeBack(id) => self.takes_back(me, *id),
            Act::Resume => {
                self.turn(me).may_resume().map_err(refused)?;
                self.goes_on();
                Ok(())
            }
            Act::Hear(visit, answer) => self.hears(me, *visit, Some(*answer)),
            Act::Miss(visit) => self.hears(me, *visit, None),
            Act::Recur => {
                if me.kind != PostKind::StreetDeputy || !self.reopens() {
                    return Err("not now".to_owned());
                }
                Ok(())
            }
        }
    }

    /// What this person did before, as the case tells its rules.
    fn looks_on(&mut self, person: Option<PersonId>) {
        let did = |deed: Deed| person.is_some_and(|p| self.deeds.contains(&(p, deed)));
        let handled = did(Deed::Handled);
        let (involved, judged) = (
            handled || did(Deed::Found),
            did(Deed::Checked) || did(Deed::Rated) || did(Deed::Closed),
        );
        self.case.has_handled = handled;
        self.case.is_involved = involved;
        self.case.judged = judged;
    }

    pub(super) fn turn<'a>(&'a self, me: &'a Viewer) -> Turn<'a> {
        Turn {
            case: &self.case,
            me,
            now: self.now,
        }
    }

    fn tells(&mut self, verb: &'static str, me: &Viewer) {
        self.told.push((verb, me.department()));
    }

    fn id(&mut self) -> Uuid {
        self.made += 1;
        Uuid::from_u128(self.made)
    }

    fn moves(&mut self, me: &Viewer, mv: MoveKind) -> Result<(), Refused> {
        self.case.may(mv, me).map_err(refused)?;
        let sends = matches!(
            mv,
            MoveKind::Request | MoveKind::Submit | MoveKind::Sound | MoveKind::Approve
        );
        if let Some(lack) = self.case.meeting_lacks(self.now).filter(|_| sends) {
            return Err(lack);
        }
        match mv {
            MoveKind::Edit => {
                // Who changes a draft names a meeting that is ahead.
                let ahead = self.now + Duration::hours(30);
                self.case.meets_at = self.case.meets_at.map(|_| ahead);
            }
            MoveKind::Request => {
                self.case.stage = Stage::Requested;
                self.starts(None, Timed::Approve);
                self.tells("request", me);
            }
            MoveKind::SendBack | MoveKind::Refuse => {
                self.stops_whole(Timed::Approve);
                self.case.stage = Stage::Draft;
                self.tells(
                    if mv == MoveKind::Refuse {
                        "refuse"
                    } else {
                        "send_back"
                    },
                    me,
                );
            }
            MoveKind::Submit => {
                self.stops_whole(Timed::Approve);
                self.case.stage = Stage::Approving;
                self.starts(None, Timed::Approve);
                self.tells("submit", me);
            }
            MoveKind::Sound | MoveKind::Approve => self.sounds(me),
            MoveKind::Verify => {
                self.case.verified_at = Some(self.now);
                self.stops_whole(Timed::Verify);
                self.tells("verify", me);
            }
            MoveKind::Sign => {
                let mine = self.handles(me)?;
                self.part(mine).stage = AssignmentStage::Signed;
                self.stops_part(mine, &[Timed::Sign]);
                self.tells("sign", me);
            }
            MoveKind::Report => return self.reports(me, &[Timed::Report]),
            MoveKind::Handle => {
                let mine = self.handles(me)?;
                self.stops_part(mine, &[Timed::FirstFeedback]);
                self.tells("handle", me);
            }
            MoveKind::FeedBack => self.feeds_back(me)?,
            MoveKind::Review => {
                let mine = self.mine(me)?;
                self.part(mine).reviewed = true;
                self.tells("review", me);
            }
            MoveKind::Check => self.passes(me),
            MoveKind::Rate => self.rates(me)?,
            MoveKind::Close => {
                self.stops_all();
                self.case.stage = Stage::Closed;
                self.case.closed_at = Some(self.now);
                self.deeds.push((me.person, Deed::Closed));
                self.tells("close", me);
            }
            MoveKind::Withdraw => self.withdraws(me),
            MoveKind::MarkUncooperative => return Err("whom?".to_owned()),
        }
        Ok(())
    }

    fn mine(&self, me: &Viewer) -> Result<AssignmentId, Refused> {
        let mine = self.case.mine(me).map(|a| a.id);
        mine.ok_or_else(|| "not called".to_owned())
    }

    /// Who acts for a department is bound by it.
    fn handles(&mut self, me: &Viewer) -> Result<AssignmentId, Refused> {
        self.deeds.push((me.person, Deed::Handled));
        self.mine(me)
    }

    fn part(&mut self, id: AssignmentId) -> &mut Assignment {
        let mut parts = self.case.assignments.iter_mut();
        parts.find(|a| a.id == id).expect("the part is there")
    }

    fn sounds(&mut self, me: &Viewer) {
        self.stops_whole(Timed::Approve);
        self.case.stage = Stage::Sounded;
        self.case.sounded_at = Some(self.now);
        let ids: Vec<AssignmentId> = self.case.assignments.iter().map(|a| a.id).collect();
        for id in ids {
            self.calls(id);
        }
        if self.case.kind == Kind::Emergency {
            self.starts(None, Timed::Verify);
        }
        self.tells("sound", me);
    }

    fn calls(&mut self, id: AssignmentId) {
        let now = self.now;
        let part = self.part(id);
        part.stage = AssignmentStage::Sent;
        part.sent_at = Some(now);
        let is_joint = self.case.kind == Kind::JointEnforcement;
        let meeting = self.case.meeting_ahead(now);
        self.starts(Some(id), Timed::Sign);
        match meeting {
            Some(at) => self.times_until(id, Timed::Report, at),
            None => self.starts(Some(id), Timed::Report),
        }
        // Before the meeting of a joint enforcement there is nothing to tell.
        if !is_joint {
            self.starts(Some(id), Timed::FirstFeedback);
        }
        self.starts(Some(id), Timed::Close);
    }

    fn reports(&mut self, me: &Viewer, stages: &[Timed]) -> Result<(), Refused> {
        let mine = self.handles(me)?;
        self.part(mine).stage = AssignmentStage::Reported;
        if self.case.kind == Kind::JointEnforcement {
            self.starts(Some(mine), Timed::FirstFeedback);
        }
        self.stops_part(mine, stages);
        self.tells("report", me);
        Ok(())
    }

    fn feeds_back(&mut self, me: &Viewer) -> Result<(), Refused> {
        let mine = self.handles(me)?;
        let now = self.now;
        let part = self.part(mine);
        part.stage = AssignmentStage::FedBack;
        part.fed_back_at = Some(now);
        self.drops(Some(mine), me);
        self.stops_part(mine, &[]);
        if !self.case.assignments.iter().any(|a| a.stage.is_open()) {
            self.case.stage = Stage::Checking;
            self.starts(None, Timed::Check);
        }
        self.tells("feedback", me);
        Ok(())
    }

    fn marks(&mut self, me: &Viewer, whom: AssignmentId) -> Result<(), Refused> {
        self.case
            .may(MoveKind::MarkUncooperative, me)
            .map_err(refused)?;
        if !self.case.open_assists().any(|a| a.id == whom) {
            return Err("not at work".to_owned());
        }
        self.handles(me)?;
        self.part(whom).stage = AssignmentStage::Uncooperative;
        self.drops(Some(whom), me);
        self.stops_part(whom, &[]);
        self.tells("uncooperative", me);
        Ok(())
    }

    fn checks(&mut self, me: &Viewer, passed: bool) {
        self.deeds.push((me.person, Deed::Checked));
        self.case.checks.push(Check {
            round: 0,
            passed,
            words: String::new(),
            person: String::new(),
            at: self.now,
        });
        self.stops_whole(Timed::Check);
    }

    fn passes(&mut self, me: &Viewer) {
        self.checks(me, true);
        self.case.stage = Stage::Rating;
        for part in &mut self.case.assignments {
            if part.stage == AssignmentStage::FedBack {
                part.stage = AssignmentStage::Passed;
            }
        }
        self.starts(None, Timed::Rating);
        if self.has_teller && !self.visits.iter().any(|v| v.0 == Visit::Waiting) {
            self.visits.push((Visit::Waiting, 0));
        }
        self.tells("check_pass", me);
    }

    fn fails(&mut self, me: &Viewer, named: &[AssignmentId]) -> Result<(), Refused> {
        self.case.may(MoveKind::Check, me).map_err(refused)?;
        let back = |a: &Assignment| named.contains(&a.id) && a.stage == AssignmentStage::FedBack;
        if !self.case.assignments.iter().any(back) {
            return Err("nobody to go back to work".to_owned());
        }
        self.checks(me, false);
        self.case.stage = Stage::Sounded;
        let mut again = Vec::new();
        for part in self.case.assignments.iter_mut().filter(|a| back(a)) {
            part.stage = AssignmentStage::Reported;
            part.rework_count += 1;
            again.push(part.id);
        }
        for id in again {
            self.closing_runs_on(id);
        }
        self.tells("check_fail", me);
        Ok(())
    }

    fn rates(&mut self, me: &Viewer) -> Result<(), Refused> {
        let side = Case::side_of(me.kind).ok_or("rates for nobody")?;
        let rated: Vec<AssignmentId> = self.case.bound().map(|a| a.id).collect();
        for assignment_id in rated {
            self.case.ratings.push(Rating {
                assignment_id,
                round: self.case.reopened,
                side,
                speed: 3,
                attendance: 3,
                result: 3,
                attitude: 3,
                cooperation: 3,
                words: String::new(),
            });
        }
        self.deeds.push((me.person, Deed::Rated));
        let all = |case: &Case| case.sides().iter().all(|s: &Side| case.has_rated(*s));
        if all(&self.case) {
            self.case.stage = Stage::Closing;
            self.stops_whole(Timed::Rating);
            self.starts(None, Timed::Conclude);
        }
        self.tells("rate", me);
        Ok(())
    }

    fn withdraws(&mut self, me: &Viewer) {
        self.drops(None, me);
        self.stops_all();
        self.case.stage = Stage::Withdrawn;
        for part in &mut self.case.assignments {
            if part.stage != AssignmentStage::Relieved {
                part.stage = AssignmentStage::Withdrawn;
            }
        }
        self.tells("withdraw", me);
    }

    fn hears(&mut self, me: &Viewer, visit: usize, answer: Option<Answer>) -> Result<(), Refused> {
        let took_part = self.deeds.iter().any(|(p, _)| *p == me.person);
        let held = self.visits.get_mut(visit).filter(|v| v.0 == Visit::Waiting);
        let Some(held) = held.filter(|_| me.kind == PostKind::CityOffice && !took_part) else {
            return Err("nobody to ask".to_owned());
        };
        match answer {
            None => {
                held.1 += 1;
                if held.1 == 3 {
                    held.0 = Visit::Unreachable;
                }
                self.tells("visit_try", me);
            }
            Some(answer) => {
                held.0 = Visit::Answered;
                self.tells("visit", me);
                if answer == Answer::Unsolved {
                    self.reopens();
                }
            }
        }
        Ok(())
    }

    /// Back to the check; says whether it went.
    fn reopens(&mut self) -> bool {
        if !self.case.stage.may_reopen() {
            return false;
        }
        self.stops_all();
        self.case.stage = Stage::Checking;
        self.case.reopened += 1;
        self.case.closed_at = None;
        self.deeds.retain(|d| d.1 != Deed::Closed);
        for part in &mut self.case.assignments {
            if part.stage == AssignmentStage::Passed {
                part.stage = AssignmentStage::FedBack;
            }
        }
        self.starts(None, Timed::Check);
        for visit in &mut self.visits {
            if visit.0 == Visit::Waiting {
                visit.0 = Visit::Expired;
            }
        }
        self.told.push(("reopen", None));
        true
    }
}
