//! Replaying the events gives the row: what the timeline tells is all that happened.

use std::collections::BTreeMap;

use street_whistle::work::requests::State;
use street_whistle::work::whistles::{AssignmentStage, Stage};

use super::life::Life;
use crate::harness::Town;

/// A whistle as its events leave it.
#[derive(Debug, Default)]
struct Told {
    /// Where it stands; sounded and checking are one, since the events do not say who is left.
    stage: &'static str,
    /// Who rated since the last passed check, and how many must.
    ratings: usize,
    sides: usize,
    /// How often it went back to the check.
    reopened: usize,
    is_verified: bool,
    is_put_aside: bool,
    /// Requests that wait for an answer.
    open: i64,
    /// Whether a part went to another department.
    is_reassigned: bool,
    /// The stage of each department's part, by the department.
    parts: BTreeMap<String, &'static str>,
}

impl Told {
    fn hears(&mut self, verb: &str, department: &str) {
        let part = match verb {
            "sign" => Some("signed"),
            "report" => Some("reported"),
            "feedback" => Some("fed_back"),
            _ => None,
        };
        if let Some(part) = part {
            self.parts.insert(department.to_owned(), part);
        }
        self.open += match verb {
            "ask_return" | "ask_extension" | "ask_suspension" | "appeal" | "contest" => 1,
            "reassign" | "deny_return" | "grant_extension" | "deny_extension" | "suspend"
            | "deny_suspension" | "exempt" | "deny_appeal" | "take_back" | "lapse" => -1,
            _ => 0,
        };
        match verb {
            "verify" => self.is_verified = true,
            "suspend" => self.is_put_aside = true,
            "resume" => self.is_put_aside = false,
            "reopen" => self.reopened += 1,
            "reassign" => self.is_reassigned = true,
            _ => {}
        }
        self.stage = match verb {
            "draft" | "send_back" | "refuse" => "draft",
            "request" => "requested",
            "submit" => "approving",
            "sound" | "check_fail" | "reopen" => "working",
            "check_pass" => {
                self.ratings = 0;
                "rating"
            }
            "rate" => {
                self.ratings += 1;
                if self.ratings == self.sides {
                    "closing"
                } else {
                    "rating"
                }
            }
            "close" => "closed",
            "withdraw" => "withdrawn",
            _ => self.stage,
        };
    }

    /// What its row must say.
    fn row(&self) -> String {
        format!(
            "{}|{}|{}|{}|{}",
            self.stage, self.reopened, self.is_verified, self.is_put_aside, self.open
        )
    }

    /// Whether a part that was never sent to rework may stand there.
    fn accounts_for(&self, department: &str, stage: &str) -> bool {
        match self.parts.get(department).copied() {
            // Who had fed back and leads now is at work again.
            Some("fed_back") if stage == "reported" => self.is_reassigned,
            says => says == Some(stage),
        }
    }
}

/// What the events of a life do not account for.
pub(super) fn of_a_life(life: &Life) -> Vec<String> {
    let case = &life.case;
    let mut told = Told {
        sides: case.sides().len(),
        ..Told::default()
    };
    for (verb, department) in &life.told {
        told.hears(verb, &department.map_or(String::new(), |d| d.0.to_string()));
    }
    let stage = if matches!(case.stage, Stage::Sounded | Stage::Checking) {
        "working"
    } else {
        case.stage.code()
    };
    let open = case.requests.iter().filter(|r| r.state == State::Open);
    let row = format!(
        "{stage}|{}|{}|{}|{}",
        case.reopened,
        case.verified_at.is_some(),
        case.is_suspended(),
        open.count()
    );
    let mut wrong = Vec::new();
    if row != told.row() {
        wrong.push(format!("the row says {row}, the events {}", told.row()));
    }
    for part in case.assignments.iter().filter(|a| a.rework_count == 0) {
        use AssignmentStage as A;
        let department = part.department_id.0.to_string();
        let moved = matches!(part.stage, A::Signed | A::Reported | A::FedBack);
        if moved && !told.accounts_for(&department, part.stage.code()) {
            wrong.push(format!(
                "{department}: {:?}, the events {told:?}",
                part.stage
            ));
        }
    }
    wrong
}

/// What the events of the town's whistles do not account for.
pub(super) async fn contradictions(town: &Town) -> Vec<String> {
    let tenant = town.tenant;
    // A return on which nobody decided goes one level up by itself and stays open.
    let events = town
        .column(&format!(
            "select subject_id::text || '|' || case when verb = 'lapse' and sentence like '%自动提请上一级%' then 'rise'
                    else verb end || '|' || coalesce(department_id::text, '')
               from events where tenant_id = '{tenant}' and subject = 'whistle' order by at, id"
        ))
        .await;
    let mut told: BTreeMap<String, Told> = BTreeMap::new();
    for event in &events {
        let mut parts = event.split('|');
        let (Some(whistle), Some(verb), Some(department)) =
            (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let of = told.entry(whistle.to_owned()).or_default();
        of.sides = 2;
        of.hears(verb, department);
    }
    let rows = town
        .column(&format!(
            "select w.id::text || '#' || case when w.stage in ('sounded', 'checking') then 'working' else w.stage::text end
                    || '|' || w.reopened || '|' || (w.verified_at is not null) || '|' ||
                    exists (select from suspensions s where s.tenant_id = w.tenant_id and s.whistle_id = w.id
                               and s.ended_at is null) || '|' ||
                    (select count(*) from requests r where r.tenant_id = w.tenant_id and r.whistle_id = w.id
                        and r.state = 'open')
               from whistles w where w.tenant_id = '{tenant}'"
        ))
        .await;
    let mut wrong = Vec::new();
    for row in rows {
        let (id, row) = row.split_once('#').unwrap();
        let says = told.get(id).map(Told::row);
        if says.as_deref() != Some(row) {
            wrong.push(format!("{id}: the row says {row}, the events {says:?}"));
        }
    }
    let parts = town
        .column(&format!(
            "select a.whistle_id::text || '|' || a.department_id::text || '|' || a.stage::text from assignments a
              where a.tenant_id = '{tenant}' and a.rework_count = 0 and a.stage in ('signed', 'reported', 'fed_back')"
        ))
        .await;
    for part in parts {
        let mut fields = part.split('|');
        let (Some(whistle), Some(department), Some(stage)) =
            (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let of = told.get(whistle);
        if !of.is_some_and(|told| told.accounts_for(department, stage)) {
            wrong.push(format!(
                "{whistle} {department}: the row says {stage}, the events {of:?}"
            ));
        }
    }
    wrong
}
