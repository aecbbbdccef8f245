//! The walk: people of all posts do at random what the pages let them do, over a random calendar,
//! while time passes and the sweep runs. Each act is also done in memory and must come to the same;
//! the invariants of the rows are looked at again and again.
//!
//! `WALK_MOVES=100000 cargo test --test it walks` walks further, `WALK_SEED=7` another way.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, Duration, Utc};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use street_whistle::org::calendar::{self, Limit, Pause};
use street_whistle::org::{DepartmentId, TenantId};
use street_whistle::work::clocks::Clock;
use street_whistle::work::requests::{Ask, Cause};
use street_whistle::work::visits::Answer;
use street_whistle::work::whistles::MoveKind;
use street_whistle::work::{AssignmentId, DutyItemId, RequestId};

use super::invariants::OF_ROWS;
use super::life::{Act, Life};
use super::{asked_for, replay, same};
use crate::harness::{Person, Town};

/// Moves of one walk unless told otherwise.
const MOVES: usize = 60;
/// Moves between two looks.
const STRIDE: usize = 60;
/// Whistles that live at the same time.
const LIVING: usize = 4;

/// What can be done next: by whom, where, with which fields.
#[derive(Clone, Debug)]
struct Move {
    who: String,
    path: String,
    fields: Vec<(&'static str, String)>,
    /// What it is to the rules; none: supervision, which leaves the whistle as it is.
    act: Option<Act>,
}

fn part(id: &str) -> AssignmentId {
    AssignmentId(id.parse().unwrap())
}

/// Who acts for a department.
fn clerk_of(department: &str) -> String {
    let key = match department {
        "供水公司" => "water",
        "住房和城乡建设局" => "housing",
        "市场监督管理局" => "market",
        _ => "enforcement",
    };
    format!("{key} clerk")
}

fn doing(who: &str, path: String, fields: Vec<(&'static str, String)>, act: Act) -> Move {
    Move {
        who: who.to_owned(),
        path,
        fields,
        act: Some(act),
    }
}

struct Walk {
    town: Town,
    dice: StdRng,
    people: BTreeMap<String, Person>,
    done: BTreeMap<String, usize>,
    tried: usize,
    /// The one item of the duty list.
    item: String,
    at: DateTime<Utc>,
}

#[tokio::test]
async fn whatever_is_done_in_whichever_order_the_invariants_hold() {
    let moves = usize::try_from(asked_for("WALK_MOVES", MOVES as u64)).unwrap();
    let seed = asked_for("WALK_SEED", 20_261_124);
    let mut walk = Walk::begins(seed).await;
    let mut counted = 0;
    while counted < moves {
        for _ in 0..STRIDE {
            counted += usize::from(walk.steps().await);
        }
        walk.looks(seed, counted).await;
    }
    let kinds = walk.done.len();
    assert!(kinds >= 4, "the walk knows all moves: {:?}", walk.done);
    assert!(walk.tried > counted, "some of what was tried was refused");
}

impl Walk {
    async fn begins(seed: u64) -> Self {
        let town = Town::raise_at("2026-03-02T01:00:00Z").await;
        let mut dice = StdRng::seed_from_u64(seed);
        let tenant = town.tenant;
        let mut sql = format!(
            "insert into calendar_years select '{tenant}', y, '试验' from generate_series(2027, 2045) y;
             delete from office_hours where tenant_id = '{tenant}';"
        );
        let (opens, noon) = (dice.random_range(420..560), dice.random_range(30..120));
        let (morning, afternoon) = (dice.random_range(120..240), dice.random_range(120..300));
        let second = opens + morning + noon;
        write!(
            sql,
            "insert into office_hours values ('{tenant}', '{tenant}', '试验', '2020-01-01', 101, 1231,
                 '{{{opens},{},{second},{}}}');",
            opens + morning,
            second + afternoon
        )
        .unwrap();
        for _ in 0..120 {
            let (day, kind) = (
                dice.random_range(0..700),
                ["off", "work", "half"].choose(&mut dice).unwrap(),
            );
            write!(
            sql,
                "insert into calendar_days (tenant_id, day, kind, name, source)
                 values ('{tenant}', date '2026-03-02' + {day}, '{kind}', '试验日', '试验') on conflict do nothing;"
            )
            .unwrap();
        }
        town.sql(&sql).await;
        let item = town.duty().await.to_string();
        let at = town.now();
        let mut walk = Self {
            town,
            dice,
            people: BTreeMap::new(),
            done: BTreeMap::new(),
            tried: 0,
            item,
            at,
        };
        for called in [
            "street dispatcher",
            "street deputy",
            "street secretary",
            "street checker",
            "community secretary",
            "community worker",
            "city office",
            "city leader",
            "water clerk",
            "water head",
            "housing clerk",
            "housing head",
            "enforcement clerk",
            "market clerk",
        ] {
            let person = walk.town.sign_in(called).await;
            walk.people.insert(called.to_owned(), person);
        }
        walk
    }

    fn chance(&mut self, of_hundred: u32) -> bool {
        self.dice.random_range(0..100) < of_hundred
    }

    /// One step of the walk; says whether something was done.
    async fn steps(&mut self) -> bool {
        if self.chance(15) {
            self.time_passes().await;
        }
        let living = self
            .whistles("stage not in ('draft', 'closed', 'withdrawn')")
            .await;
        if living.len() < LIVING && self.chance(40) {
            return self.sounds().await;
        }
        let chosen = if self.chance(80) {
            living
        } else {
            self.whistles("stage = 'closed'").await
        };
        let Some(whistle) = chosen.choose(&mut self.dice).cloned() else {
            return false;
        };
        let moves = self.moves_of(&whistle).await;
        let Some(mv) = moves.choose(&mut self.dice).cloned() else {
            return false;
        };
        self.tried += 1;
        let before = same::read(&self.town, &whistle).await;
        let did = self.posts(&mv).await;
        if let Some(act) = &mv.act {
            self.went_the_same_way(before, (&whistle, &mv.who), act, did)
                .await;
        }
        did
    }

    async fn posts(&mut self, mv: &Move) -> bool {
        let fields: Vec<(&str, &str)> = mv.fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let page = self.people[&mv.who].post(&mv.path, &fields).await;
        page.is_one_of(&[303, 403, 404, 409, 422]);
        let did = page.status() == 303;
        if did {
            let kind = mv.path.rsplit('/').next().unwrap_or_default().to_owned();
            *self.done.entry(kind).or_default() += 1;
        }
        did
    }

    /// The rules in memory said what the page said, and left what the rows now are.
    async fn went_the_same_way(
        &self,
        mut life: Life,
        (whistle, who): (&str, &str),
        act: &Act,
        did: bool,
    ) {
        let me = same::somebody(&self.town, who);
        let was = same::shape(&life);
        let said = life.does(&me, act);
        let (rows, memory) = (
            same::shape(&same::read(&self.town, whistle).await),
            same::shape(&life),
        );
        assert!(
            said.is_ok() == did && rows == memory,
            "{who} {act:?} at {}: the page {did}, in memory {said:?}\nbefore {was:#?}\nrows {rows:#?}\nmemory {memory:#?}",
            self.at
        );
    }

    /// A new whistle, from the matter to the sounding.
    async fn sounds(&mut self) -> bool {
        let kind = *["日常哨", "快捷哨", "综合执法哨", "攻坚哨", "应急哨"]
            .choose(&mut self.dice)
            .unwrap();
        let title = format!("下水道堵塞{}", self.done.values().sum::<usize>());
        let matter = self.town.raised(&title).await;
        let tenant = self.town.tenant;
        self.town
            .sql(&format!(
                "update matters set teller_name_mask = '居*' where tenant_id = '{tenant}' and id = '{matter}'"
            ))
            .await;
        let wang = &self.people["street dispatcher"];
        let path = wang.drafts(kind, &title).await;
        wang.opens(&path).await;
        let sends = ["送审", "吹哨"]
            .into_iter()
            .find(|b| wang.page().has_button(b));
        wang.does(sends.expect("a draft can be sent"), &[]).await;
        let approver = match kind {
            "日常哨" | "综合执法哨" => Some("street deputy"),
            "攻坚哨" => Some("street secretary"),
            _ => None,
        };
        if let Some(approver) = approver {
            self.people[approver].opens(&path).await;
            self.people[approver].does("同意吹哨", &[]).await;
        }
        *self.done.entry("sounding".to_owned()).or_default() += 1;
        true
    }

    /// Minutes, hours or days; sessions stay open, and the sweep runs as it would have.
    async fn time_passes(&mut self) {
        let minutes = match self.dice.random_range(0..10) {
            0..5 => self.dice.random_range(1..90),
            5..9 => self.dice.random_range(90..900),
            _ => self.dice.random_range(900..6_000),
        };
        self.town.passes(Duration::minutes(minutes));
        self.at = self.town.now();
        let (tenant, now) = (self.town.tenant, self.at);
        self.town
            .sql(&format!(
                "update sessions set seen_at = '{now}', created_at = '{now}' where tenant_id = '{tenant}'"
            ))
            .await;
        self.town.works().await;
    }

    async fn whistles(&self, which: &str) -> Vec<String> {
        let tenant = self.town.tenant;
        self.town
            .column(&format!(
                "select id::text from whistles where tenant_id = '{tenant}' and {which} order by id desc limit 6"
            ))
            .await
    }

    /// Everything that somebody may want to do to a whistle, allowed or not.
    async fn moves_of(&mut self, whistle: &str) -> Vec<Move> {
        let tenant = self.town.tenant;
        let version = self
            .town
            .column(&format!("select version::text from whistles where tenant_id = '{tenant}' and id = '{whistle}'"))
            .await
            .remove(0);
        let parts = self
            .town
            .column(&format!(
                "select a.id::text || '|' || a.version || '|' || d.name || '|' || a.department_id || '|' || a.stage::text
                   from assignments a join departments d on d.tenant_id = a.tenant_id and d.id = a.department_id
                  where a.tenant_id = '{tenant}' and a.whistle_id = '{whistle}'"
            ))
            .await;
        let mut moves = self.of_the_street(whistle, &version, &parts);
        let water = parts.iter().find(|p| p.contains("|供水公司|"));
        let water = water.and_then(|p| p.split('|').nth(1)).unwrap_or("1");
        for part in &parts {
            let fields: Vec<&str> = part.split('|').collect();
            moves.extend(self.of_a_department(whistle, &fields, water));
        }
        moves.extend(self.about_requests(whistle).await);
        moves.extend(self.of_visits(whistle).await);
        moves
    }

    fn of_the_street(&mut self, whistle: &str, version: &str, parts: &[String]) -> Vec<Move> {
        let base = format!("/whistles/{whistle}");
        let version = || ("version", version.to_owned());
        let words = || ("words", "看过现场，情况属实。".to_owned());
        let bound = parts.iter().filter(|p| !p.ends_with("|relieved"));
        let ids: Vec<String> = bound
            .map(|p| p.split('|').next().unwrap().to_owned())
            .collect();
        let mut rated = vec![version()];
        for id in &ids {
            rated.push(("assignment", id.clone()));
            for mark in ["speed", "attendance", "result", "attitude", "helped"] {
                rated.push((mark, "3".to_owned()));
            }
            rated.push(("comment", String::new()));
        }
        let mut failed = vec![version(), words(), ("passed", "no".to_owned())];
        let named = ids.choose(&mut self.dice);
        failed.extend(named.map(|id| ("rework", id.clone())));
        let passed = vec![version(), words(), ("passed", "yes".to_owned())];
        let (check, checked) = if self.chance(60) {
            (passed, Act::Move(MoveKind::Check))
        } else {
            (
                failed,
                Act::Rework(named.map(|id| part(id)).into_iter().collect()),
            )
        };
        let closed = vec![version(), words(), ("outcome", "resolved".to_owned())];
        let mut moves: Vec<Move> = Vec::new();
        for who in ["street checker", "community secretary", "community worker"] {
            let (path, fields) = (format!("{base}/check"), check.clone());
            moves.push(doing(who, path, fields, checked.clone()));
        }
        for who in ["street dispatcher", "community secretary"] {
            let (path, fields) = (format!("{base}/ratings"), rated.clone());
            moves.push(doing(who, path, fields, Act::Move(MoveKind::Rate)));
        }
        for who in ["street dispatcher", "street secretary"] {
            let (path, fields) = (format!("{base}/closure"), closed.clone());
            moves.push(doing(who, path, fields, Act::Move(MoveKind::Close)));
        }
        let verified = vec![version(), words(), ("is_one", "yes".to_owned())];
        moves.push(doing(
            "street deputy",
            format!("{base}/verification"),
            verified,
            Act::Move(MoveKind::Verify),
        ));
        if self.chance(4) {
            let withdrawn = vec![version(), words()];
            moves.push(doing(
                "street dispatcher",
                format!("{base}/withdrawal"),
                withdrawn,
                Act::Move(MoveKind::Withdraw),
            ));
        }
        if let Some(id) = ids.choose(&mut self.dice) {
            let level = *["urge", "street", "city"].choose(&mut self.dice).unwrap();
            let who = match level {
                "urge" => "street dispatcher",
                "street" => "street deputy",
                _ => "city office",
            };
            let issued = vec![
                ("level", level.to_owned()),
                ("assignment", id.clone()),
                words(),
            ];
            moves.push(Move {
                who: who.to_owned(),
                path: format!("{base}/supervision"),
                fields: issued,
                act: None,
            });
        }
        moves
    }

    fn of_a_department(&mut self, whistle: &str, seen: &[&str], water: &str) -> Vec<Move> {
        let [id, version, name, department, stage] = seen else {
            return Vec::new();
        };
        let clerk = clerk_of(name);
        let base = format!("/whistles/{whistle}");
        let version = || ("version", (*version).to_owned());
        let words = || ("words", "已派人处理，情况见照片。".to_owned());
        let at = street_whistle::base::words::minute(self.at);
        let reported = vec![
            version(),
            words(),
            ("way", "on_site".to_owned()),
            ("at", at),
            ("who", "抢修班 两人".to_owned()),
        ];
        let reviewed = vec![
            version(),
            words(),
            ("kind_right", "yes".to_owned()),
            ("facts_right", "yes".to_owned()),
            ("cooperation", "4".to_owned()),
        ];
        let said = vec![version(), words()];
        let plain = [
            ("signing", vec![version()], Act::Move(MoveKind::Sign)),
            ("reporting", reported, Act::Agree),
            ("steps", said.clone(), Act::Move(MoveKind::Handle)),
            ("feedback", said.clone(), Act::Move(MoveKind::FeedBack)),
            ("feedback", said, Act::Move(MoveKind::FeedBack)),
            ("review", reviewed, Act::Move(MoveKind::Review)),
        ];
        let plain = plain
            .into_iter()
            .map(|(path, fields, act)| doing(&clerk, format!("{base}/{path}"), fields, act));
        let mut moves: Vec<Move> = plain.collect();
        if self.chance(15) && *stage != "planned" {
            // The form carries the state of one's own part, not of the other's.
            let own = ("version", water.to_owned());
            let whom = vec![own, words(), ("whom", (*id).to_owned())];
            let path = format!("{base}/non-cooperation");
            moves.push(doing("water clerk", path, whom, Act::Mark(part(id))));
        }
        moves.extend(self.asks(&base, &clerk, department));
        moves
    }

    fn asks(&mut self, base: &str, clerk: &str, department: &str) -> Vec<Move> {
        let path = format!("{base}/requests");
        let asked = |kind: &str| {
            vec![
                ("kind", kind.to_owned()),
                ("reason", "材料未到，需要时间。".to_owned()),
            ]
        };
        let mut moves = vec![doing(
            clerk,
            path.clone(),
            asked("extension"),
            Act::Ask(Ask::Extension),
        )];
        let until = street_whistle::base::clock::day_of(self.at)
            + Duration::days(self.dice.random_range(3..40));
        let mut aside = asked("suspension");
        aside.extend([
            ("until", until.to_string()),
            ("day", until.to_string()),
            ("milestone", "管材到货".to_owned()),
        ]);
        let milestones = vec![(until, "管材到货".to_owned())];
        let act = Act::Ask(Ask::Suspension(until, milestones));
        moves.push(doing(clerk, path.clone(), aside, act));
        let others = ["market", "enforcement", "housing", "water"];
        let other = others
            .iter()
            .map(|k| self.town.department(k))
            .find(|id| id.to_string() != department);
        if let Some(other) = other {
            let mut back = asked("return");
            back.push(("department", other.to_string()));
            back.push(("item", self.item.clone()));
            let item = DutyItemId(self.item.parse().unwrap());
            let act = Act::Ask(Ask::Return(DepartmentId(other), item));
            moves.push(doing(clerk, path.clone(), back, act));
        }
        let mut appeal = asked("appeal");
        appeal.push(("cause", "weather".to_owned()));
        moves.push(doing(
            clerk,
            path,
            appeal,
            Act::Ask(Ask::Appeal(Cause::Weather)),
        ));
        moves
    }

    async fn about_requests(&mut self, whistle: &str) -> Vec<Move> {
        let tenant = self.town.tenant;
        let open = self
            .town
            .column(&format!(
                "select r.id::text || '|' || r.version || '|' || r.kind::text || '|' || r.state::text || '|' ||
                        coalesce(r.proposed_department_id::text, '') || '|' || d.name
                   from requests r
                   join assignments a on a.tenant_id = r.tenant_id and a.id = r.assignment_id
                   join departments d on d.tenant_id = a.tenant_id and d.id = a.department_id
                  where r.tenant_id = '{tenant}' and r.whistle_id = '{whistle}'"
            ))
            .await;
        let mut moves = Vec::new();
        for request in open {
            let fields: Vec<&str> = request.split('|').collect();
            let [id, version, _kind, state, proposed, name] = fields[..] else {
                continue;
            };
            let base = format!("/whistles/{whistle}/requests/{id}");
            let said = || {
                vec![
                    ("version", version.to_owned()),
                    ("words", "按权责清单办理。".to_owned()),
                ]
            };
            let grants = self.chance(60);
            let decision = if grants { "grant" } else { "deny" };
            let request = RequestId(id.parse().unwrap());
            let to = proposed.parse().ok().map(DepartmentId);
            for who in [
                "street dispatcher",
                "street deputy",
                "city office",
                "city leader",
            ] {
                let mut decided = said();
                decided.push(("decision", decision.to_owned()));
                decided.push(("department", proposed.to_owned()));
                let act = Act::Decide(request, grants, to);
                moves.push(doing(who, format!("{base}/decision"), decided, act));
            }
            let clerk = clerk_of(name);
            if state == "open" && self.chance(10) {
                let path = format!("{base}/withdrawal");
                moves.push(doing(&clerk, path, said(), Act::TakeBack(request)));
            }
            let path = format!("{base}/contest");
            moves.push(doing(&clerk, path, said(), Act::Contest(request)));
            if self.chance(20) {
                let path = format!("{base}/resumption");
                moves.push(doing(&clerk, path, said(), Act::Resume));
            }
        }
        moves
    }

    async fn of_visits(&mut self, whistle: &str) -> Vec<Move> {
        let tenant = self.town.tenant;
        let waiting = self
            .town
            .column(&format!(
                "select id::text || '|' || version from visits
                  where tenant_id = '{tenant}' and whistle_id = '{whistle}' and state = 'waiting'"
            ))
            .await;
        let mut moves = Vec::new();
        for visit in waiting {
            let (id, version) = visit.split_once('|').unwrap();
            let answer = *[Answer::Solved, Answer::Partly, Answer::Unsolved]
                .choose(&mut self.dice)
                .unwrap();
            let said = vec![
                ("version", version.to_owned()),
                ("reached", "yes".to_owned()),
                ("answer", answer.code().to_owned()),
                ("feeling", "basically".to_owned()),
                ("words", "说过了。".to_owned()),
            ];
            let at = self.visit_of(whistle, id).await;
            let act = Act::Hear(at, answer);
            moves.push(doing("city office", format!("/visits/{id}"), said, act));
        }
        moves
    }

    /// Which visit of the whistle this is.
    async fn visit_of(&self, whistle: &str, id: &str) -> usize {
        let tenant = self.town.tenant;
        let all = self
            .town
            .column(&format!(
                "select id::text from visits where tenant_id = '{tenant}' and whistle_id = '{whistle}' order by id"
            ))
            .await;
        all.iter().position(|one| one == id).unwrap()
    }

    /// Looks at everything that must hold.
    async fn looks(&self, seed: u64, counted: usize) {
        let tenant = self.town.tenant;
        for (sentence, query) in OF_ROWS {
            let broken = self
                .town
                .column(&query.replace("$1", &format!("'{tenant}'")))
                .await;
            assert!(
                broken.is_empty(),
                "{sentence}\nseed {seed}, after {counted} moves at {}: {broken:#?}",
                self.at
            );
        }
        let contradictions = replay::contradictions(&self.town).await;
        assert!(
            contradictions.is_empty(),
            "seed {seed}, after {counted} moves: {contradictions:#?}"
        );
        self.due_times_are_those_of_the_function(seed).await;
    }

    /// Each running clock is due when the pure function says, over its limit, extensions and pauses.
    async fn due_times_are_those_of_the_function(&self, seed: u64) {
        let tenant = self.town.tenant;
        let mut tx = self.town.db().begin(tenant).await.unwrap();
        let calendar = calendar::all(&mut tx, TenantId(tenant)).await.unwrap();
        drop(tx);
        let clocks = self
            .town
            .column(&format!(
                "select clock_json('{tenant}', c.id)::text from clocks c
                   left join whistles w on w.tenant_id = c.tenant_id and w.id = c.whistle_id
                  where c.tenant_id = '{tenant}' and c.stopped_at is null and c.stage <> 'suspension'
                    and not (c.stage = 'report' and coalesce(w.meets_at > c.started_at, false))"
            ))
            .await;
        for clock in clocks {
            let clock: Clock = serde_json::from_str(&clock).unwrap();
            let limit =
                Limit::new(i64::from(clock.amount) + i64::from(clock.extra), clock.unit).unwrap();
            let pauses: Vec<Pause> = clock.pauses.clone();
            let due = calendar
                .due(clock.started_at, limit, &pauses)
                .map(|due| due.at);
            assert_eq!(due.ok(), clock.due_at, "seed {seed}: {clock:#?}");
        }
    }
}
