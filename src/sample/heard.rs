//! The residents' word on what was done: whom the city office asked, what they said, one whistle
//! sent back to its check, one trouble that came again.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::doors::CITIES;
use super::rows::{Act, EventRow, MatterRow, VisitRow};
use super::story::Story;
use super::town::Actor;

/// What residents say, beside the answer and the feeling.
const SOLVED: &[(&str, &str, &str)] = &[
    ("solved", "satisfied", "来得快，当天就好了。"),
    ("solved", "satisfied", ""),
    ("solved", "satisfied", "办得好，楼里都说好。"),
    ("solved", "basically", "好了，就是等得久了点。"),
    ("solved", "satisfied", "没有再犯。"),
    ("partly", "basically", "大部分好了，早晚还有一点。"),
    ("solved", "satisfied", ""),
    ("partly", "unsatisfied", "只办了楼前，楼后没有办。"),
];
const UNSOLVED: &str = "好了两天，又跟以前一样。";
const NOT_REACHED: [&str; 3] = ["无人接听。", "停机。", "换了时间再打，仍无人接听。"];

/// A passed check with a matter behind the whistle.
struct Passed {
    whistle: usize,
    matter: usize,
    at: DateTime<Utc>,
}

impl Story<'_> {
    /// What residents said of everything that passed its check.
    pub(super) fn residents(&mut self) {
        let Some(desk) = self.office() else {
            return;
        };
        let mut passed = self.passed();
        // The latest first.
        passed.sort_by_key(|p| std::cmp::Reverse(p.at));
        let mut said = SOLVED.iter().cycle();
        let mut unreachable = false;
        let mut back = None;
        for (turn, passed) in passed.iter().enumerate() {
            let closed = self.rows.whistles[passed.whistle].closed;
            let Some(closed) = closed else {
                self.visit(passed, ("waiting", None));
                if turn == 0 {
                    self.tries(1, &desk);
                }
                continue;
            };
            let is_recent = passed.at >= self.clock.now() - TimeDelta::days(31);
            if !is_recent && !self.dice.percent(80) {
                continue;
            }
            let later = passed.at.max(closed.at) + TimeDelta::hours(2);
            if later >= self.clock.now() {
                self.visit(passed, ("waiting", None));
            } else if back.is_none() {
                back = Some(passed.whistle);
                let answer = ("unsolved", "unsatisfied", UNSOLVED);
                self.heard(passed, &desk, later, answer);
                self.sent_back(passed, &desk, later, &closed);
            } else if unreachable || back == Some(passed.whistle) {
                let answer = *said.next().unwrap_or(&SOLVED[0]);
                self.heard(passed, &desk, later, answer);
            } else {
                unreachable = true;
                self.visit(passed, ("unreachable", Some(later)));
                self.tries(3, &desk);
            }
        }
        self.comes_again(&passed);
    }

    /// Who sits at the neutral desk.
    fn office(&self) -> Option<Actor> {
        let post = self.town.posts.iter().find(|p| p.kind == "city_office")?;
        let held = self.town.appointments.iter();
        let person = held.rev().find(|a| a.post == post.id)?.person;
        let name = self.town.people.iter().find(|p| p.id == person)?;
        Some(Actor {
            person,
            name: name.name.clone(),
            post: post.id,
            kind: "city_office",
            seat: self.city().to_owned(),
            department: None,
        })
    }

    fn city(&self) -> &'static str {
        let of_prefix = CITIES.iter().find(|c| c.prefix == self.spec.prefix);
        of_prefix.map_or("", |c| c.name)
    }

    /// The whistles whose last check was passed, each with the matters that residents told.
    fn passed(&mut self) -> Vec<Passed> {
        let mut passed = Vec::new();
        for whistle in 0..self.rows.whistles.len() {
            let id = self.rows.whistles[whistle].id;
            let checks = self.rows.checks.iter().filter(|c| c.whistle == id);
            let Some(check) = checks.max_by_key(|c| c.round).filter(|c| c.passed) else {
                continue;
            };
            let at = check.act.at;
            let behind = self.rows.whistle_matters.iter();
            let behind: Vec<Uuid> = behind.filter(|b| b.0 == id && b.2).map(|b| b.1).collect();
            for (turn, matter) in behind.into_iter().enumerate() {
                let found = self.rows.matters.iter().position(|m| m.id == matter);
                let Some(matter) = found.filter(|_| turn == 0 || self.dice.percent(85)) else {
                    continue;
                };
                let teller = self.teller();
                self.rows.matters[matter].teller = Some(teller);
                passed.push(Passed {
                    whistle,
                    matter,
                    at,
                });
            }
        }
        passed
    }

    fn visit(&mut self, passed: &Passed, (state, ended_at): (&'static str, Option<DateTime<Utc>>)) {
        self.rows.visits.push(VisitRow {
            id: self.ids.id(passed.at),
            whistle: self.rows.whistles[passed.whistle].id,
            matter: self.rows.matters[passed.matter].id,
            asked_at: passed.at,
            state,
            ended_at,
            said: None,
            recorder: None,
            tries: Vec::new(),
        });
    }

    /// Calls that reached nobody, the last one when the visit ended.
    fn tries(&mut self, count: usize, desk: &Actor) {
        let now = self.clock.now();
        let Some(visit) = self.rows.visits.last_mut() else {
            return;
        };
        let last = visit.ended_at.unwrap_or(now - TimeDelta::minutes(40));
        let mut noted = Vec::new();
        for (number, words) in (1_i32..).zip(NOT_REACHED).take(count) {
            let before = i32::try_from(count).unwrap_or(1) - number;
            let at = (last - TimeDelta::minutes(35) * before).max(visit.asked_at);
            visit.tries.push((desk.act(at), words));
            noted.push((at, number, words));
        }
        let whistle = visit.whistle;
        for (at, number, words) in noted {
            let end = if number == 3 {
                "回访无效，不计入满意率。"
            } else {
                ""
            };
            let sentence = format!("第 {number} 次未接通。{end}{words}");
            self.event(("whistle", whistle), "visit_try", desk, at, &sentence);
        }
    }

    /// Somebody answered; every third over a link.
    fn heard(
        &mut self,
        passed: &Passed,
        desk: &Actor,
        at: DateTime<Utc>,
        said: (&'static str, &'static str, &'static str),
    ) {
        self.visit(passed, ("answered", Some(at)));
        let over_link = self.rows.visits.len().is_multiple_of(3);
        let whistle = self.rows.whistles[passed.whistle].id;
        let title = self.rows.matters[passed.matter].title.clone();
        let label = match said {
            ("solved", "satisfied", _) => "解决了，满意",
            ("solved", ..) => "解决了，基本满意",
            ("partly", "basically", _) => "解决了一部分，基本满意",
            ("partly", ..) => "解决了一部分，不满意",
            _ => "没有解决，不满意",
        };
        let sentence = format!("{title}：{label}。{}", said.2);
        self.event(("whistle", whistle), "visit", desk, at, &sentence);
        if let (true, Some(event)) = (over_link, self.rows.events.last_mut()) {
            of_resident(event);
        }
        if let Some(visit) = self.rows.visits.last_mut() {
            visit.said = Some(said);
            visit.recorder = (!over_link).then(|| desk.act(at));
        }
    }

    /// The whistle goes back to the check.
    fn sent_back(&mut self, passed: &Passed, desk: &Actor, at: DateTime<Utc>, closed: &Act) {
        let (id, number) = {
            let row = &self.rows.whistles[passed.whistle];
            (row.id, row.number.clone().unwrap_or_default())
        };
        let reason = format!("群众反映未解决：{UNSOLVED}");
        let at = at + TimeDelta::seconds(1);
        self.event(("whistle", id), "reopen", desk, at, &reason);
        let behind: Vec<Uuid> = self
            .rows
            .whistle_matters
            .iter()
            .filter(|b| b.0 == id)
            .map(|b| b.1)
            .collect();
        let sentence = format!("哨单 {number} 重启：{reason}");
        for matter in behind {
            self.event(("matter", matter), "reopen", desk, at, &sentence);
        }
        debug_assert!(at > closed.at, "it was closed before");
        self.rows.reopened.push((self.ids.id(at), id, at, reason));
    }

    /// In the building of a whistle closed lately the same trouble is filed once more.
    fn comes_again(&mut self, passed: &[Passed]) {
        let since = self.clock.now() - TimeDelta::days(30);
        let sent_back: Vec<Uuid> = self.rows.reopened.iter().map(|r| r.1).collect();
        let shown = self.spec.streets.first().map_or("", |s| s.code);
        let again = passed.iter().filter(|p| {
            let whistle = &self.rows.whistles[p.whistle];
            whistle.closed.is_some_and(|c| c.at >= since)
                && !sent_back.contains(&whistle.id)
                && self.rows.matters[p.matter].place.level >= 4
        });
        // The street whose people the door offers comes first.
        let again = again.min_by_key(|p| {
            let place = &self.rows.matters[p.matter].place.code;
            !place.starts_with(shown)
        });
        let Some((closed, old)) = again.map(|p| (p.whistle, p.matter)) else {
            return;
        };
        let closed = &self.rows.whistles[closed];
        let (whistle, number) = (closed.id, closed.number.clone().unwrap_or_default());
        let at = self.ago(75);
        let old = self.rows.matters[old].clone();
        let id = self.ids.id(at);
        let title = format!("{}，又出现了", old.title);
        let of_whistle = format!("办结后 30 天内，同一楼栋又报 {title}。");
        let of_matter = format!("与 30 天内办结的哨单 {number} 同类，同楼，由街道决定是否重启。");
        for (subject, verb, sentence) in [
            (("matter", id), "file", old.detail.clone()),
            (("whistle", whistle), "recur", of_whistle),
            (("matter", id), "recur", of_matter),
        ] {
            self.filed_again(&old, (subject, verb), at, sentence);
        }
        let proposal = self.ids.id(at);
        self.rows.proposals.push((proposal, whistle, id, at));
        self.rows.matters.push(MatterRow {
            id,
            title,
            teller: None,
            filed_at: at,
            stage: "filed",
            waiting_since: at,
            ended_at: None,
            solved_level: None,
            solution: None,
            reject_reason: None,
            merged: None,
            ..old
        });
    }

    /// An event by whoever filed the old matter.
    fn filed_again(
        &mut self,
        old: &MatterRow,
        ((subject, subject_id), verb): ((&'static str, Uuid), &'static str),
        at: DateTime<Utc>,
        sentence: String,
    ) {
        let filed = |e: &&EventRow| e.subject_id == old.id && e.verb == "file";
        let Some(first) = self.rows.events.iter().find(filed).cloned() else {
            return;
        };
        self.rows.events.push(EventRow {
            id: self.ids.id(at),
            at,
            subject,
            subject_id,
            verb,
            sentence,
            ..first
        });
    }
}

/// Of a resident who answers over a link the record keeps no name.
fn of_resident(event: &mut EventRow) {
    event.person = None;
    event.person_name.clear();
    event.post = None;
    "群众".clone_into(&mut event.seat);
}
