//! One whistle with everything behind it, in one round trip: for its page, or for who acts only what its rules need.

use sqlx::types::Json;

use super::super::model::{
    Assignment, Basis, Called, Case, Check, Heard, Kind, MatterBehind, Outcome, Rating, Recurrence,
    Review, Stage, Story,
};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;
use crate::org::calendar::Calendar;
use crate::org::events::Entry;
use crate::org::photos::Demand;
use crate::org::{NodeId, PersonId};
use crate::work::clocks::{Clock, Rules};
use crate::work::phrases::Phrases;
use crate::work::requests::{Milestone, Request, Suspension};
use crate::work::supervision::Supervised;
use crate::work::{AssignmentId, WhistleId};

/// Locks the whistle, so that whoever acts on it at the same time comes after.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer, id: WhistleId) -> Result<Case> {
    sqlx::query!(
        "select id from whistles where tenant_id = $1 and id = $2 for update",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    case(tx, me, id).await
}

/// The whistle, if the viewer may see it, with more columns if more are named. Drafts are seen by who writes and
/// who decides them; the city and the departments see what has sounded; a department only what it is called to.
macro_rules! seen {
    ($tx:expr, $me:expr, $id:expr, $more:tt) => {{
        let reach = $me.reach();
        let today = $tx.today();
        sqlx::query!(
            r#"
        select w.number, w.kind as "kind: Kind", w.meets_at, w.title, w.problem, w.own_measures, w.closing_condition,
               w.place_id, w.street_code as "street_code!", w.community_code, w.from_community,
               w.stage as "stage: Stage", w.waiting_since, w.version, w.reopened, w.drafted_at, w.drafted_by, w.refusal,
               w.approved_at, w.sounded_at, w.verified_at, w.verified_true, w.outcome as "outcome: Outcome",
               w.closing_words, w.closed_at, w.withdraw_reason, w.limits_id,
               rules_json($1, w.limits_id, $4) as "rules!: Json<Rules>",
               coalesce((select json_agg(clock_json($1, c.id) order by c.started_at, c.id)
                  from clocks c where c.tenant_id = $1 and c.whistle_id = w.id), '[]')
                  as "clocks!: Json<Vec<Clock>>",
               calendar_of($1, least($4, w.drafted_at::date) - 2, $4 + 420) as "calendar!: Json<Calendar>",
               w.choice_reason,
               (select json_build_object('id', b.id, 'number', b.number, 'name', b.name,
                                         'lead_id', b.lead_department_id)
                  from duty_items b where b.tenant_id = $1 and b.id = w.duty_item_id) as "basis: Json<Basis>",
               d.name as drafter, p.name as "approver?",
               (select n.name from nodes n where n.tenant_id = $1 and n.code = w.street_code) as "street!",
               (select string_agg(n.name, ' ' order by n.level) from nodes n
                 where n.tenant_id = $1 and n.code in (left(w.place_code, 9), left(w.place_code, 12),
                       left(w.place_code, 15), left(w.place_code, 18), w.place_code)) as "place!",
               is_involved($1, w.id, $3, false) as "has_handled!",
               is_involved($1, w.id, $3, true) as "is_involved!",
               has_judged($1, w.id, $3, false) as "judged!",
               coalesce((select json_agg(json_build_object(
                       'id', a.id, 'department_id', a.department_id, 'department', x.name,
                       'role', a.role, 'ask', a.ask, 'stage', a.stage, 'version', a.version,
                       'waiting_since', a.waiting_since, 'sent_at', a.sent_at, 'signed_at', a.signed_at,
                       'reported_at', a.reported_at, 'report_way', a.report_way, 'arrived_at', a.arrived_at,
                       'report_who', a.report_who, 'report_agreed', a.report_agreed,
                       'fed_back_at', a.fed_back_at, 'result', a.result, 'rework_count', a.rework_count,
                       'uncooperative_reason', a.uncooperative_reason,
                       'reviewed', exists (select from reviews v where v.tenant_id = $1 and v.assignment_id = a.id))
                       order by a.stage = 'relieved', a.role, a.position)
                  from assignments a
                  join departments x on x.tenant_id = $1 and x.id = a.department_id
                 where a.tenant_id = $1 and a.whistle_id = w.id), '[]') as "assignments!: Json<Vec<Assignment>>",
               coalesce((select json_agg(json_build_object(
                       'round', c.round, 'passed', c.passed, 'words', c.words, 'person', y.name, 'at', c.at)
                       order by c.round)
                  from checks c join people y on y.tenant_id = $1 and y.id = c.person_id
                 where c.tenant_id = $1 and c.whistle_id = w.id), '[]') as "checks!: Json<Vec<Check>>",
               coalesce((select json_agg(json_build_object(
                       'assignment_id', r.assignment_id, 'round', r.round, 'side', r.side, 'speed', r.speed,
                       'attendance', r.attendance, 'result', r.result, 'attitude', r.attitude,
                       'cooperation', r.cooperation, 'words', r.words) order by r.round, r.side)
                  from ratings r where r.tenant_id = $1 and r.whistle_id = w.id), '[]')
                  as "ratings!: Json<Vec<Rating>>",
               coalesce((select json_agg(json_build_object(
                       'id', r.id, 'assignment_id', r.assignment_id, 'department', x.name,
                       'role', a.role, 'kind', r.kind,
                       'level', r.level, 'state', r.state, 'reason', r.reason, 'asked_at', r.asked_at,
                       'asked_by', r.asked_by, 'asker', y.name,
                       'proposed_id', r.proposed_department_id,
                       'proposed', (select o.name from departments o where o.tenant_id = $1 and o.id = r.proposed_department_id),
                       'duty', (select json_build_object('id', i.id, 'number', i.number, 'name', i.name)
                                  from duty_items i where i.tenant_id = $1 and i.id = r.duty_item_id),
                       'until_day', r.until_day, 'cause', r.cause, 'decided_at', r.decided_at, 'decider', z.name,
                       'decided_words', r.decided_words, 'version', r.version,
                       'choices', case when r.kind = 'return' and r.state = 'open' then (
                           select json_agg(json_build_array(o.id, o.name) order by o.position) from departments o
                            where o.tenant_id = $1 and not exists (select from assignments h where h.tenant_id = $1
                                and h.whistle_id = w.id and h.department_id = o.id
                                and (h.id = r.assignment_id or h.role = 'lead' or h.stage in ('relieved', 'uncooperative'))))
                           end) order by r.id)
                  from requests r
                  join assignments a on a.tenant_id = $1 and a.id = r.assignment_id
                  join departments x on x.tenant_id = $1 and x.id = a.department_id
                  join people y on y.tenant_id = $1 and y.id = r.asked_by
                  left join people z on z.tenant_id = $1 and z.id = r.decided_by
                 where r.tenant_id = $1 and r.whistle_id = w.id), '[]') as "requests!: Json<Vec<Request>>",
               coalesce((select json_agg(json_build_object('id', m.id, 'request_id', m.request_id,
                       'due_day', m.due_day, 'words', m.words, 'done_at', m.done_at) order by m.due_day, m.id)
                  from milestones m where m.tenant_id = $1 and m.whistle_id = w.id), '[]')
                  as "milestones!: Json<Vec<Milestone>>",
               (select json_build_object('request_id', s.request_id, 'from_at', s.from_at, 'until_at', s.until_at,
                       'ended_at', s.ended_at)
                  from suspensions s where s.tenant_id = $1 and s.whistle_id = w.id) as "suspension: Json<Suspension>""# + $more + r#"
          from whistles w
          join people d on d.tenant_id = $1 and d.id = w.drafted_by
          left join people p on p.tenant_id = $1 and p.id = w.approved_by
         where w.tenant_id = $1 and w.id = $2 and not $6
           and ($7::text is null or w.street_code = $7)
           and ($8::text is null or w.community_code = $8)
           and ($9::text is null)
           and ($5::uuid is null or exists (select from assignments o where o.tenant_id = $1
                                               and o.whistle_id = w.id and o.department_id = $5))
           and case when $7::text is not null then not (w.stage = 'draft' and w.from_community)
                    when $8::text is not null then w.sounded_at is not null or w.from_community
                    else w.sounded_at is not null end
        "#,
            $me.tenant.0,
            $id.0,
            $me.person.0,
            today,
            reach.department,
            reach.nothing,
            reach.street,
            reach.community,
            reach.grid,
        )
        .fetch_optional(&mut **$tx)
        .await?
        .ok_or(Error::NotFound)?
    }};
}

macro_rules! case_of {
    ($row:ident, $id:expr) => {
        Case {
            id: $id,
            number: $row.number,
            kind: $row.kind,
            title: $row.title,
            meets_at: $row.meets_at,
            problem: $row.problem,
            own_measures: $row.own_measures,
            closing_condition: $row.closing_condition,
            basis: $row.basis.map(|b| b.0),
            choice_reason: $row.choice_reason,
            place_id: NodeId($row.place_id),
            place: $row.place,
            street_code: $row.street_code,
            street: $row.street,
            community_code: $row.community_code,
            from_community: $row.from_community,
            stage: $row.stage,
            waiting_since: $row.waiting_since,
            version: $row.version,
            reopened: $row.reopened,
            drafted_at: $row.drafted_at,
            drafted_by: PersonId($row.drafted_by),
            drafter: $row.drafter,
            refusal: $row.refusal,
            limits_id: $row.limits_id,
            rules: $row.rules.0,
            clocks: $row.clocks.0,
            calendar: $row.calendar.0,
            approved_at: $row.approved_at,
            approver: $row.approver,
            sounded_at: $row.sounded_at,
            verified_at: $row.verified_at,
            verified_true: $row.verified_true,
            outcome: $row.outcome,
            closing_words: $row.closing_words,
            closed_at: $row.closed_at,
            withdraw_reason: $row.withdraw_reason,
            judged: $row.judged,
            has_handled: $row.has_handled,
            is_involved: $row.is_involved,
            assignments: $row.assignments.0,
            checks: $row.checks.0,
            ratings: $row.ratings.0,
            requests: $row.requests.0,
            milestones: $row.milestones.0,
            suspension: $row.suspension.map(|s| s.0),
        }
    };
}

/// What the rules of the whistle need, if the viewer may see it.
pub(in super::super) async fn case(tx: &mut Tx, me: &Viewer, id: WhistleId) -> Result<Case> {
    let row = seen!(tx, me, id, "");
    Ok(case_of!(row, id))
}

/// The whistle as its page shows it, if the viewer may see it.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(in super::super) async fn told(
    tx: &mut Tx,
    me: &Viewer,
    id: WhistleId,
) -> Result<(Case, Story)> {
    let row = seen!(
        tx,
        me,
        id,
        r#",
               photos_demanded($1, $4) as "demand!: Json<Demand>",
               phrases_json($1, '{refuse,feed_back,check_failed,close}', $4) as "phrases!: Json<Phrases>",
               coalesce((select json_agg(json_build_array(a.id, y.name))
                  from assignments a
                  join posts o on o.tenant_id = $1 and o.department_id = a.department_id and o.kind = 'department_clerk'
                  join appointments m on m.tenant_id = $1 and m.post_id = o.id
                       and m.from_day <= $4 and (m.to_day is null or m.to_day > $4)
                  join people y on y.tenant_id = $1 and y.id = m.person_id
                 where a.tenant_id = $1 and a.whistle_id = w.id), '[]')
                  as "liaisons!: Json<Vec<(AssignmentId, String)>>",
               coalesce((select json_agg(json_build_object('id', v.id, 'level', v.level,
                       'department_id', v.department_id, 'department', x.name, 'at', v.at, 'by', y.name,
                       'reason', v.reason, 'reply', v.reply, 'replied_at', v.replied_at) order by v.id desc)
                  from supervisions v
                  left join departments x on x.tenant_id = $1 and x.id = v.department_id
                  left join people y on y.tenant_id = $1 and y.id = v.person_id
                 where v.tenant_id = $1 and v.whistle_id = w.id), '[]')
                  as "supervisions!: Json<Vec<Supervised>>",
               coalesce((select json_agg(json_build_object('id', e.id, 'title', e.title, 'stage', e.stage,
                       'meets_at', e.meets_at) order by e.asked_at desc)
                  from power_exercises e where e.tenant_id = $1 and e.whistle_id = w.id), '[]')
                  as "called!: Json<Vec<Called>>",
               coalesce((select json_agg(json_build_object(
                       'assignment_id', v.assignment_id, 'kind_right', v.kind_right,
                       'facts_right', v.facts_right, 'cooperation', v.cooperation, 'words', v.words))
                  from reviews v where v.tenant_id = $1 and v.whistle_id = w.id), '[]')
                  as "reviews!: Json<Vec<Review>>",
               coalesce((select json_agg(json_build_object(
                       'id', m.id, 'number', m.number, 'title', m.title, 'place', n.name, 'filed_at', m.filed_at,
                       'photos', photos_of_subject($1, m.id))
                       order by m.filed_at)
                  from whistle_matters b
                  join matters m on m.tenant_id = $1 and m.id = b.matter_id
                  join nodes n on n.tenant_id = $1 and n.id = m.place_id
                 where b.tenant_id = $1 and b.whistle_id = w.id), '[]') as "matters!: Json<Vec<MatterBehind>>",
               coalesce((select json_agg(json_build_object(
                       'matter', m.title, 'round', v.round, 'state', v.state, 'answer', v.answer,
                       'feeling', v.feeling, 'words', v.words, 'ended_at', v.ended_at) order by v.id)
                  from visits v
                  join matters m on m.tenant_id = $1 and m.id = v.matter_id
                 where v.tenant_id = $1 and v.whistle_id = w.id), '[]') as "visits!: Json<Vec<Heard>>",
               coalesce((select json_agg(json_build_object(
                       'id', o.id, 'number', m.number, 'title', m.title, 'at', o.at) order by o.id)
                  from reopen_proposals o
                  join matters m on m.tenant_id = $1 and m.id = o.matter_id
                 where o.tenant_id = $1 and o.whistle_id = w.id and o.decided_at is null), '[]')
                  as "recurrences!: Json<Vec<Recurrence>>",
               coalesce((select json_agg(json_build_object(
                       'at', e.at, 'verb', e.verb, 'person_name', e.person_name, 'seat', e.seat,
                       'sentence', e.sentence, 'photos', photos_of_event($1, e.id)) order by e.at desc, e.id desc)
                  from events e
                 where e.tenant_id = $1 and e.subject_id = w.id
                   and ($5::uuid is null or e.department_id is null or e.department_id = $5
                        or exists (select from assignments l where l.tenant_id = $1 and l.whistle_id = w.id
                                      and l.department_id = $5 and l.role = 'lead' and l.stage <> 'relieved'))), '[]')
                  as "timeline!: Json<Vec<Entry>>""#
    );
    let story = Story {
        liaisons: row.liaisons.0,
        called: row.called.0,
        supervisions: row.supervisions.0,
        reviews: row.reviews.0,
        matters: row.matters.0,
        visits: row.visits.0,
        recurrences: row.recurrences.0,
        timeline: row.timeline.0,
        demand: row.demand.0,
        phrases: row.phrases.0,
    };
    Ok((case_of!(row, id), story))
}
