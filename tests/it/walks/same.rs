//! The rows and the life in memory go the same way: a whistle is read from the database, an act is
//! done to it in memory and through the page, and both must have said the same and stand the same.

use chrono::{DateTime, Utc};
use street_whistle::org::access::{PostKind, Viewer};
use street_whistle::org::{DepartmentId, PersonId, TenantId};
use street_whistle::work::WhistleId;
use street_whistle::work::clocks::{self, Stage as Timed};
use street_whistle::work::visits::State as Visit;
use street_whistle::work::whistles;
use uuid::Uuid;

use super::life::{Deed, Life};
use crate::harness::{Town, viewer_at};

/// Somebody of the town, at his desk.
pub(super) fn somebody(town: &Town, called: &str) -> Viewer {
    let seat = town.seat(called);
    let mut me = viewer_at(0, seat.kind, 0);
    let key = called.split(' ').next().unwrap_or_default();
    me.tenant = TenantId(town.tenant);
    me.person = PersonId(seat.person);
    match &mut me.seat {
        street_whistle::org::access::Seat::Node { code, .. } => {
            let own = code.trim_start_matches("220882");
            *code = format!("{}{own}", town.code);
        }
        street_whistle::org::access::Seat::Department { id, .. } => {
            *id = DepartmentId(town.department(key));
        }
        street_whistle::org::access::Seat::City => {}
    }
    me
}

/// A whistle as its rows leave it now.
pub(super) async fn read(town: &Town, whistle: &str) -> Life {
    let tenant = town.tenant;
    let id = WhistleId(whistle.parse::<Uuid>().unwrap());
    let me = somebody(town, "city office");
    assert_eq!(me.kind, PostKind::CityOffice);
    let mut tx = town.db().begin(tenant).await.unwrap();
    let case = whistles::look(&mut tx, &me, id).await.unwrap();
    let of = (id.0, case.kind, case.limits_id);
    let limits = clocks::limits_of(&mut tx, me.tenant, of).await.unwrap();
    drop(tx);
    let of_stage = |stage: &Timed| limits.of(*stage).map(|given| (*stage, given.limit));
    let deeds = town
        .column(&format!(
            "select distinct person_id::text || '|handled' from assignment_steps
              where tenant_id = '{tenant}' and whistle_id = '{whistle}'
             union select distinct m.filed_by::text || '|found' from whistle_matters w
               join matters m on m.tenant_id = w.tenant_id and m.id = w.matter_id
              where w.tenant_id = '{tenant}' and w.whistle_id = '{whistle}'
             union select distinct s.person_id::text || '|found' from whistle_matters w
               join matter_steps s on s.tenant_id = w.tenant_id and s.matter_id = w.matter_id
              where w.tenant_id = '{tenant}' and w.whistle_id = '{whistle}'
             union select distinct person_id::text || '|checked' from checks
              where tenant_id = '{tenant}' and whistle_id = '{whistle}'
             union select distinct person_id::text || '|rated' from ratings
              where tenant_id = '{tenant}' and whistle_id = '{whistle}'
             union select closed_by::text || '|closed' from whistles
              where tenant_id = '{tenant}' and id = '{whistle}' and closed_by is not null"
        ))
        .await;
    let visits = town
        .column(&format!(
            "select v.state::text || '|' || (select count(*) from visit_tries t
                                              where t.tenant_id = v.tenant_id and t.visit_id = v.id and not t.reached)
               from visits v where v.tenant_id = '{tenant}' and v.whistle_id = '{whistle}' order by v.id"
        ))
        .await;
    let tellers = town
        .column(&format!(
            "select m.id::text from whistle_matters w
               join matters m on m.tenant_id = w.tenant_id and m.id = w.matter_id
              where w.tenant_id = '{tenant}' and w.whistle_id = '{whistle}'
                and (m.teller_name_mask is not null or m.teller_phone_mask is not null)"
        ))
        .await;
    Life {
        limits: Timed::ALL.iter().filter_map(of_stage).collect(),
        deeds: deeds.iter().map(|line| deed(line)).collect(),
        has_teller: !tellers.is_empty(),
        visits: visits.iter().map(|line| visit(line)).collect(),
        told: Vec::new(),
        breaches: Vec::new(),
        now: town.now(),
        made: 1_000,
        case,
    }
}

fn deed(line: &str) -> (PersonId, Deed) {
    let (person, deed) = line.split_once('|').unwrap();
    let deed = match deed {
        "handled" => Deed::Handled,
        "found" => Deed::Found,
        "checked" => Deed::Checked,
        "rated" => Deed::Rated,
        "closed" => Deed::Closed,
        other => panic!("no such deed: {other}"),
    };
    (PersonId(person.parse().unwrap()), deed)
}

fn visit(line: &str) -> (Visit, usize) {
    let (state, tries) = line.split_once('|').unwrap();
    let state = Visit::ALL.iter().find(|s| s.code() == state);
    (*state.unwrap(), tries.parse().unwrap())
}

/// Everything of a life that an act may change, one line each, in an order of its own.
pub(super) fn shape(life: &Life) -> Vec<String> {
    let case = &life.case;
    let department = |id: Uuid| {
        let of = case.assignments.iter().find(|a| a.id.0 == id);
        of.map_or(Uuid::nil(), |a| a.department_id.0)
    };
    let mut lines = vec![format!(
        "{:?}, reopened {}, verified {}, put aside {}, {} checks, {} ratings",
        case.stage,
        case.reopened,
        case.verified_at.is_some(),
        case.is_suspended(),
        case.checks.len(),
        case.ratings.len()
    )];
    lines.extend(case.assignments.iter().map(|a| {
        let (id, role) = (a.department_id.0, a.role);
        format!("{id} {role:?} {:?} rework {}", a.stage, a.rework_count)
    }));
    let minute = |at: Option<DateTime<Utc>>| at.map(street_whistle::base::words::minute);
    // The city's letter is timed beside the whistle; the life does not know of it.
    let own = case.clocks.iter().filter(|c| c.stage != Timed::Reply);
    lines.extend(own.map(|c| {
        format!(
            "{:?} of {} due {:?}, extra {}, {} pauses, {}{}{}{}",
            c.stage,
            c.assignment_id.map_or(Uuid::nil(), department),
            minute(c.due_at),
            c.extra,
            c.pauses.len(),
            if c.is_running() { "runs" } else { "" },
            if c.paused_at.is_some() { "stands" } else { "" },
            if c.breached_at.is_some() {
                " breached"
            } else {
                ""
            },
            if c.exempt { " exempt" } else { "" },
        )
    }));
    lines.extend(case.requests.iter().map(|r| {
        let of = department(r.assignment_id.0);
        format!("{:?} of {of} at {:?}: {:?}", r.kind, r.level, r.state)
    }));
    lines.extend(life.visits.iter().map(|v| format!("visit {v:?}")));
    lines.sort_unstable();
    lines
}
