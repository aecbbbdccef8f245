//! Requests in a life: asked, decided, contested, taken back, and what a decision does.

use chrono::{DateTime, Utc};
use street_whistle::org::access::Viewer;
use street_whistle::org::{DepartmentId, PersonId};
use street_whistle::work::clocks::{Clock, Stage as Timed};
use street_whistle::work::requests::{Ask, Kind as Asked, Request, State, Suspension, until};
use street_whistle::work::whistles::{Assignment, AssignmentStage, Role, Stage};
use street_whistle::work::{AssignmentId, RequestId};

use super::{Life, Refused, refused};

impl Life {
    pub(super) fn asks(&mut self, me: &Viewer, ask: &Ask) -> Result<(), Refused> {
        let turn = self.turn(me);
        turn.may_ask(ask.kind()).map_err(refused)?;
        let level = turn.first_level(ask.kind());
        let mine = self.mine(me)?;
        let (mut proposed_id, mut until_day, mut cause) = (None, None, None);
        match ask {
            Ask::Return(to, _) => {
                self.takes(me.department(), *to)?;
                proposed_id = Some(*to);
            }
            Ask::Suspension(day, _) => until_day = Some(*day),
            Ask::Appeal(why) => cause = Some(*why),
            Ask::Extension => {}
        }
        let role = self.part(mine).role;
        let request = Request {
            id: RequestId(self.id()),
            assignment_id: mine,
            role,
            department: String::new(),
            kind: ask.kind(),
            level,
            state: State::Open,
            reason: String::new(),
            asked_at: self.now,
            asked_by: me.person,
            asker: String::new(),
            proposed_id,
            proposed: None,
            duty: None,
            until_day,
            cause,
            decided_at: None,
            decider: None,
            decided_words: None,
            version: 0,
            choices: None,
        };
        self.waits_for_decision(request);
        self.tells(
            match ask.kind() {
                Asked::Return => "ask_return",
                Asked::Extension => "ask_extension",
                Asked::Suspension => "ask_suspension",
                Asked::Appeal => "appeal",
            },
            me,
        );
        Ok(())
    }

    pub(super) fn waits_for_decision(&mut self, request: Request) {
        let limit = request.kind.limit(request.level, &self.case.rules);
        let limit = limit.expect("a sound limit");
        let (of, about) = (request.assignment_id, request.id.0);
        self.case.requests.push(request);
        self.times(Some(of), (Timed::Decide, limit), Some(about));
    }

    /// Whether a department can take a part.
    pub(super) fn takes(&self, own: Option<DepartmentId>, to: DepartmentId) -> Result<(), Refused> {
        let mut parts = self.case.assignments.iter();
        let known = parts.find(|a| a.department_id == to).map(|a| a.stage);
        if own == Some(to) {
            return Err("itself".to_owned());
        }
        match known {
            Some(AssignmentStage::Relieved | AssignmentStage::Uncooperative) => {
                Err("out of it".to_owned())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn request(&self, id: RequestId) -> Result<Request, Refused> {
        let found = self.case.requests.iter().find(|r| r.id == id).cloned();
        found.ok_or_else(|| "no such request".to_owned())
    }

    pub(super) fn ends(&mut self, id: RequestId, state: State) {
        let now = self.now;
        self.stops(|c| c.about == Some(id.0) && c.stage == Timed::Decide);
        let mut requests = self.case.requests.iter_mut();
        if let Some(request) = requests.find(|r| r.id == id) {
            request.state = state;
            request.decided_at = Some(now);
        }
    }

    pub(super) fn decides(
        &mut self,
        me: &Viewer,
        id: RequestId,
        (grants, to): (bool, Option<DepartmentId>),
    ) -> Result<(), Refused> {
        let request = self.request(id)?;
        self.turn(me).may_decide(&request).map_err(refused)?;
        let own = self.part(request.assignment_id).clone();
        if !grants {
            self.ends(id, State::Denied);
            self.tells(
                match request.kind {
                    Asked::Return => "deny_return",
                    Asked::Extension => "deny_extension",
                    Asked::Suspension => "deny_suspension",
                    Asked::Appeal => "deny_appeal",
                },
                me,
            );
            return Ok(());
        }
        match request.kind {
            Asked::Return => {
                match to {
                    Some(to) => self.takes(Some(own.department_id), to)?,
                    None if own.role == Role::Lead => return Err("a lead is needed".to_owned()),
                    None => {}
                }
                self.ends(id, State::Granted);
                self.drops(Some(own.id), me);
                self.gives(&own, to);
                self.tells("reassign", me);
            }
            Asked::Extension => {
                let longer = |c: &Clock| {
                    c.assignment_id == Some(own.id.0) && c.stage == Timed::Close && c.is_running()
                };
                let at = self.case.clocks.iter().position(longer);
                let at = at.ok_or("stands")?;
                self.ends(id, State::Granted);
                let mut clock = self.case.clocks[at].clone();
                clock.extra += clock.amount;
                self.counts(&mut clock);
                self.case.clocks[at] = clock;
                self.tells("grant_extension", me);
            }
            Asked::Suspension => {
                let day = request.until_day.ok_or("no day")?;
                let end = until(&self.case.calendar, day);
                if end <= self.now {
                    return Err("past".to_owned());
                }
                self.ends(id, State::Granted);
                self.puts_aside(id, end);
                self.tells("suspend", me);
            }
            Asked::Appeal => {
                self.ends(id, State::Granted);
                for clock in &mut self.case.clocks {
                    let own = clock.assignment_id == Some(own.id.0);
                    if own && clock.breached_at.is_some() && clock.stage != Timed::Decide {
                        clock.exempt = true;
                    }
                }
                self.tells("exempt", me);
            }
        }
        Ok(())
    }

    /// Gives a part to another department, or to none.
    pub(super) fn gives(&mut self, own: &Assignment, to: Option<DepartmentId>) {
        self.stops_part(own.id, &[]);
        self.part(own.id).stage = AssignmentStage::Relieved;
        let mut parts = self.case.assignments.iter();
        let known = to.and_then(|to| parts.find(|a| a.department_id == to).map(|a| a.id));
        match (to, known) {
            (Some(_), Some(known)) if own.role == Role::Lead => {
                let part = self.part(known);
                part.role = Role::Lead;
                if part.stage == AssignmentStage::FedBack {
                    part.stage = AssignmentStage::Reported;
                }
                self.closing_runs_on(known);
            }
            (Some(to), None) => {
                let id = AssignmentId(self.id());
                self.case.assignments.push(Assignment {
                    id,
                    department_id: to,
                    stage: AssignmentStage::Sent,
                    rework_count: 0,
                    fed_back_at: None,
                    reviewed: false,
                    ..own.clone()
                });
                self.calls(id);
            }
            (None, _) | (Some(_), Some(_)) => {}
        }
        self.is_all_fed_back();
    }

    /// When nobody is left at work, the check is due.
    pub(super) fn is_all_fed_back(&mut self) {
        let open = self.case.assignments.iter().any(|a| a.stage.is_open());
        if self.case.stage == Stage::Sounded && !open {
            self.case.stage = Stage::Checking;
            self.starts(None, Timed::Check);
        }
    }

    pub(super) fn puts_aside(&mut self, request_id: RequestId, until_at: DateTime<Utc>) {
        let now = self.now;
        self.case.suspension = Some(Suspension {
            request_id,
            from_at: now,
            until_at,
            ended_at: None,
        });
        self.breaks();
        let parts = self.case.assignments.iter();
        let open: Vec<AssignmentId> = parts.filter(|a| a.stage.is_open()).map(|a| a.id).collect();
        for clock in &mut self.case.clocks {
            let at_work = open.iter().any(|id| clock.assignment_id == Some(id.0));
            if at_work && clock.is_running() {
                clock.paused_at = Some(now);
            }
        }
        for id in open {
            self.times_until(id, Timed::Suspension, until_at);
        }
    }

    pub(super) fn goes_on(&mut self) {
        if let Some(suspension) = &mut self.case.suspension {
            suspension.ended_at = Some(self.now);
        }
        self.stops(|c| c.stage == Timed::Suspension);
        self.runs_on(|c| c.paused_at.is_some());
        self.told.push(("resume", None));
    }

    pub(super) fn contests(&mut self, me: &Viewer, id: RequestId) -> Result<(), Refused> {
        let request = self.request(id)?;
        self.turn(me).may_contest(&request).map_err(refused)?;
        self.rises(&request, me.person);
        self.tells("contest", me);
        Ok(())
    }

    /// The same, asked of the level above.
    pub(super) fn rises(&mut self, request: &Request, asked_by: PersonId) {
        let Some(level) = request.kind.above(request.level) else {
            return;
        };
        let next = Request {
            id: RequestId(self.id()),
            level,
            state: State::Open,
            asked_at: self.now,
            asked_by,
            decided_at: None,
            ..request.clone()
        };
        self.waits_for_decision(next);
    }

    pub(super) fn takes_back(&mut self, me: &Viewer, id: RequestId) -> Result<(), Refused> {
        let request = self.request(id)?;
        self.turn(me).may_take_back(&request).map_err(refused)?;
        self.drops(Some(request.assignment_id), me);
        Ok(())
    }

    /// What is asked of one part, or of all, has lost its object.
    pub(super) fn drops(&mut self, of: Option<AssignmentId>, me: &Viewer) {
        let open = self
            .case
            .requests
            .iter()
            .filter(|r| r.state == State::Open && of.is_none_or(|of| r.assignment_id == of));
        let ids: Vec<RequestId> = open.map(|r| r.id).collect();
        for id in ids {
            self.ends(id, State::TakenBack);
            self.tells("take_back", me);
        }
    }
}
