//! Replaying the events gives the row: what the timeline tells is all that happened.

use std::collections::BTreeMap;

use crate::harness::Town;

/// A whistle as its events leave it.
#[derive(Debug, Default)]
struct Told {
    stage: &'static str,
    ratings: usize,
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
                if self.ratings == 2 {
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
}

/// What the events of the town's whistles do not account for.
pub(super) async fn contradictions(town: &Town) -> Vec<String> {
    let tenant = town.tenant;
    let events = town
        .column(&format!(
            "select subject_id::text || '|' || verb || '|' || coalesce(department_id::text, '')
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
        told.entry(whistle.to_owned())
            .or_default()
            .hears(verb, department);
    }
    let rows = town
        .column(&format!(
            "select id::text || '|' || case when stage in ('sounded', 'checking') then 'working' else stage::text end
               from whistles where tenant_id = '{tenant}'"
        ))
        .await;
    let mut wrong = Vec::new();
    for row in rows {
        let (id, stage) = row.split_once('|').unwrap();
        match told.get(id) {
            Some(told) if told.stage == stage => {}
            told => wrong.push(format!("{id}: the row says {stage}, the events {told:?}")),
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
        let says = told
            .get(whistle)
            .and_then(|t| t.parts.get(department))
            .copied();
        if says != Some(stage) {
            wrong.push(format!(
                "{whistle} {department}: the row says {stage}, the events {says:?}"
            ));
        }
    }
    wrong
}
