//! What holds of every whistle, clock and judgement, whatever was done in whichever order. Each is
//! a sentence and what breaks it: of the rows, a query in which `$1` stands for the tenant; of a
//! life in memory, a function.

use chrono::TimeDelta;
use street_whistle::org::calendar::Unit;
use street_whistle::work::clocks::{Clock, Stage as Timed};
use street_whistle::work::requests::State;
use street_whistle::work::whistles::{AssignmentStage, MoveKind, Stage};

use super::life::{Deed, Life};
use super::lives::VIEWERS;
use super::replay;

/// What holds of the rows.
pub(super) const OF_ROWS: &[(&str, &str)] = &[
    (
        "No stage is without a post that must act: whoever that is, a desk lists it",
        "select w.id::text || ' ' || w.stage::text || ' ' || (select string_agg(a.role::text || ' ' || a.stage::text, ', ')
                  from assignments a where a.tenant_id = $1 and a.whistle_id = w.id) from whistles w
          where w.tenant_id = $1 and w.stage not in ('draft', 'closed', 'withdrawn')
            and not exists (select from suspensions s where s.tenant_id = $1 and s.whistle_id = w.id and s.ended_at is null)
            and not exists (select from posts p
                 cross join lateral whistles_waiting($1, p.kind, coalesce(p.node_code, ''), p.department_id,
                                                     '00000000-0000-0000-0000-000000000000') q
                 where p.tenant_id = $1 and p.valid_to is null and q.whistle_id = w.id)",
    ),
    (
        "A clock of an assignment runs exactly as long as what it times is owed",
        "select a.id::text || ' ' || a.stage::text || ' ' || s.stage::text from assignments a
           join whistles w on w.tenant_id = $1 and w.id = a.whistle_id
          cross join unnest('{sign,report,close}'::clock_stage[]) as s (stage)
          where a.tenant_id = $1 and w.sounded_at is not null
            and exists (select from clocks c where c.tenant_id = $1 and c.assignment_id = a.id
                           and c.stage = s.stage and c.stopped_at is null)
                <> case s.stage when 'sign' then a.stage = 'sent' when 'report' then a.stage in ('sent', 'signed')
                                else a.stage in ('sent', 'signed', 'reported') end",
    ),
    (
        "A clock of a whistle runs exactly in its stage",
        "select w.id::text || ' ' || w.stage::text || ' ' || s.clock from whistles w
          cross join (values ('check', 'checking'), ('rating', 'rating'), ('conclude', 'closing')) as s (clock, stage)
          where w.tenant_id = $1
            and (select count(*) from clocks c where c.tenant_id = $1 and c.whistle_id = w.id
                    and c.assignment_id is null and c.stage::text = s.clock and c.stopped_at is null)
                <> (w.stage::text = s.stage)::int",
    ),
    (
        "A clock that stands still stands for a suspension that holds",
        "select c.id::text from clocks c
          where c.tenant_id = $1 and c.paused_at is not null
            and not exists (select from clocks s where s.tenant_id = $1 and s.whistle_id = c.whistle_id
                               and s.stage = 'suspension' and s.stopped_at is null)",
    ),
    (
        "Whoever stopped a clock said why, and no clock stopped before it began",
        "select id::text from clocks where tenant_id = $1 and stopped_at is not null
            and (stop_reason is null or stopped_at < started_at)",
    ),
    (
        "What a clock did not run and what it ran make the time since it began: pauses lie inside it and apart",
        "select c.id::text from clocks c
           join clock_pauses p on p.tenant_id = $1 and p.clock_id = c.id
          where c.tenant_id = $1
            and (p.from_at < c.started_at or p.to_at > coalesce(c.stopped_at, 'infinity')
                 or exists (select from clock_pauses o where o.tenant_id = $1 and o.clock_id = c.id
                               and o.from_at > p.from_at and o.from_at < p.to_at))",
    ),
    (
        "Nobody checks, rates or closes what they handled",
        "select s.whistle_id::text from assignment_steps s
          where s.tenant_id = $1
            and (exists (select from checks k where k.tenant_id = $1 and k.whistle_id = s.whistle_id and k.person_id = s.person_id)
              or exists (select from ratings r where r.tenant_id = $1 and r.whistle_id = s.whistle_id and r.person_id = s.person_id)
              or exists (select from whistles w where w.tenant_id = $1 and w.id = s.whistle_id and w.closed_by = s.person_id))",
    ),
    (
        "Nobody decides on a request of one's own",
        "select id::text from requests where tenant_id = $1 and state in ('granted', 'denied') and decided_by = asked_by",
    ),
    (
        "Every breach has exactly one event, and no event of lateness is without one",
        "select coalesce(b.clock_id, e.id)::text from breaches b
           full join (select * from events where tenant_id = $1 and verb = 'breach') e on e.id = b.event_id
          where coalesce(b.tenant_id, $1) = $1 and (b.clock_id is null or e.id is null)",
    ),
    (
        "Whatever stopped late is breached",
        "select c.id::text || ' ' || c.stage::text from clocks c
          where c.tenant_id = $1 and c.stage <> 'suspension' and c.stopped_at > c.due_at
            and not exists (select from breaches b where b.tenant_id = $1 and b.clock_id = c.id)",
    ),
    (
        "Every open item has one nearest due time, and it is that of its first running clock",
        "select w.id::text || ' ' || w.stage::text from whistles w
          where w.tenant_id = $1
            and (w.stage not in ('draft', 'closed', 'withdrawn')) and w.due_at is null
          union all
         select 'whistle ' || w.id::text || ' ' || w.stage::text || ' ' || coalesce(w.due_at::text, 'none') from whistles w
          where w.tenant_id = $1 and w.closed_at is null and w.withdrawn_at is null
            and w.due_at is distinct from (select min(c.due_at) from clocks c
                where c.tenant_id = $1 and c.whistle_id = w.id and c.stopped_at is null and c.paused_at is null)
          union all
         select 'assignment ' || a.id::text || ' ' || a.stage::text || ' ' || coalesce(a.due_at::text, 'none') || ' ' ||
                coalesce((select json_agg(clock_json($1, c.id))::text from clocks c where c.tenant_id = $1
                    and c.assignment_id = a.id), '') from assignments a
          where a.tenant_id = $1 and a.due_at is distinct from (select min(c.due_at) from clocks c
                where c.tenant_id = $1 and c.assignment_id = a.id and c.stopped_at is null and c.paused_at is null
                  and c.stage <> 'decide')",
    ),
    (
        "What is over is timed no more",
        "select w.id::text from whistles w
           join clocks c on c.tenant_id = $1 and c.whistle_id = w.id and c.stopped_at is null and c.stage <> 'decide'
          where w.tenant_id = $1 and w.stage in ('closed', 'withdrawn')",
    ),
    (
        "A sounded whistle has exactly one lead",
        "select w.id::text from whistles w
          where w.tenant_id = $1 and w.sounded_at is not null and w.stage <> 'withdrawn'
            and (select count(*) from assignments a where a.tenant_id = $1 and a.whistle_id = w.id
                    and a.role = 'lead' and a.stage <> 'relieved') <> 1",
    ),
    (
        "Supervision goes up one level at a time",
        "select v.id::text from supervisions v
          where v.tenant_id = $1 and v.clock_id is not null and v.level = 'street'
            and not exists (select from supervisions u where u.tenant_id = $1 and u.clock_id = v.clock_id
                               and u.level = 'urge' and u.id < v.id)",
    ),
];

/// What breaks a sentence in a life.
type Breaks = fn(&Life) -> Vec<String>;

/// What holds of a life after every move.
pub(super) const OF_A_LIFE: &[(&str, Breaks)] = &[
    (
        "No stage is without somebody who may take it further, unless it is over or put aside",
        |life| {
            let is_over = life.case.stage.is_over();
            if is_over
                || life.case.is_suspended()
                || VIEWERS.iter().any(|me| goes_further(life, me))
            {
                return Vec::new();
            }
            vec![format!("{:?}", life.case.stage)]
        },
    ),
    (
        "A clock of an assignment runs exactly as long as what it times is owed",
        |life| {
            use AssignmentStage as A;
            let sounded = life.case.sounded_at.is_some();
            let parts = life.case.assignments.iter().filter(|_| sounded);
            let wrong = parts.flat_map(|part| {
                let owed = [
                    (Timed::Sign, part.stage == A::Sent),
                    (Timed::Report, matches!(part.stage, A::Sent | A::Signed)),
                    (Timed::Close, part.stage.is_open()),
                ];
                owed.into_iter().filter_map(move |(stage, owed)| {
                    let unstopped = life.case.clocks.iter().filter(|c| {
                        c.assignment_id == Some(part.id.0)
                            && c.stage == stage
                            && c.stopped_at.is_none()
                    });
                    (unstopped.count() != usize::from(owed))
                        .then(|| format!("{stage:?} {:?}", part.stage))
                })
            });
            wrong.collect()
        },
    ),
    ("A clock of a whistle runs exactly in its stage", |life| {
        let owed = [
            (Timed::Check, Stage::Checking),
            (Timed::Rating, Stage::Rating),
            (Timed::Conclude, Stage::Closing),
            (Timed::Approve, Stage::Approving),
        ];
        let wrong = owed.into_iter().filter(|(clock, stage)| {
            let requested = *clock == Timed::Approve && life.case.stage == Stage::Requested;
            let running = life
                .case
                .clocks
                .iter()
                .filter(|c| c.stage == *clock && c.is_running());
            running.count() != usize::from(life.case.stage == *stage || requested)
        });
        wrong.map(|w| format!("{w:?}")).collect()
    }),
    (
        "A request is open as long as its decision is timed, once",
        |life| {
            let wrong = life.case.requests.iter().filter(|request| {
                let clocks = life.case.clocks.iter().filter(|c| {
                    c.about == Some(request.id.0)
                        && c.stage == Timed::Decide
                        && c.stopped_at.is_none()
                });
                clocks.count() != usize::from(request.state == State::Open)
            });
            wrong
                .map(|r| format!("{:?} {:?}", r.kind, r.state))
                .collect()
        },
    ),
    (
        "A clock that stands still stands for a suspension that holds",
        |life| {
            let stands = |c: &&Clock| c.paused_at.is_some() && !life.case.is_suspended();
            names(life.case.clocks.iter().filter(stands))
        },
    ),
    (
        "What a clock ran and what it stood make the time since it began, and pauses lie apart",
        |life| names(life.case.clocks.iter().filter(|c| !adds_up(life, c))),
    ),
    (
        "Nobody checks, rates or closes what they handled, nor checks what they found",
        |life| {
            let did = |person, deed| life.deeds.contains(&(person, deed));
            let both = life.deeds.iter().filter(|(person, deed)| match deed {
                Deed::Checked => did(*person, Deed::Handled) || did(*person, Deed::Found),
                Deed::Rated | Deed::Closed => did(*person, Deed::Handled),
                Deed::Found | Deed::Handled => false,
            });
            both.map(|b| format!("{b:?}")).collect()
        },
    ),
    (
        "Every breach has exactly one event, and no event of lateness is without one",
        |life| {
            let mut told = life.breaches.clone();
            told.sort_unstable();
            let late = life.case.clocks.iter().filter(|c| c.breached_at.is_some());
            let mut breached: Vec<_> = late.map(|c| c.id).collect();
            breached.sort_unstable();
            if told == breached {
                Vec::new()
            } else {
                vec![format!("{told:?} {breached:?}")]
            }
        },
    ),
    ("Whatever stopped late is breached", |life| {
        let late = |c: &&Clock| {
            let stopped = c.stopped_at.zip(c.due_at).is_some_and(|(at, due)| at > due);
            stopped && c.breached_at.is_none() && c.stage != Timed::Suspension
        };
        names(life.case.clocks.iter().filter(late))
    }),
    ("Every open item has one nearest due time", |life| {
        let is_open = !life.case.stage.is_over() && life.case.stage != Stage::Draft;
        let nearest = life.case.running(None, &[]).and_then(|c| c.due_at);
        if is_open && nearest.is_none() {
            vec![format!("{:?}", life.case.stage)]
        } else {
            Vec::new()
        }
    }),
    ("What is over is timed no more", |life| {
        let runs = |c: &&Clock| c.stopped_at.is_none() && c.stage != Timed::Decide;
        names(
            life.case
                .clocks
                .iter()
                .filter(|_| life.case.stage.is_over())
                .filter(runs),
        )
    }),
    ("A sounded whistle has exactly one lead", |life| {
        let leads = life.case.assignments.iter().filter(|a| a.leads()).count();
        if leads == 1 {
            Vec::new()
        } else {
            vec![leads.to_string()]
        }
    }),
    (
        "A whistle closes after a passed check and the ratings of both sides since",
        |life| {
            let case = &life.case;
            let passed = case.checks.last().is_some_and(|c| c.passed);
            let rated = case.sides().iter().all(|s| case.has_rated(*s));
            if case.stage != Stage::Closed || (passed && rated) {
                Vec::new()
            } else {
                vec!["closed".to_owned()]
            }
        },
    ),
    (
        "Three calls that reach nobody end the asking, and only they",
        |life| {
            use street_whistle::work::visits::State as Visit;
            let wrong = life
                .visits
                .iter()
                .filter(|(state, tries)| (*tries >= 3) != (*state == Visit::Unreachable));
            wrong.map(|w| format!("{w:?}")).collect()
        },
    ),
    ("Replaying the events gives the row", |life| {
        replay::of_a_life(life)
    }),
];

fn names<'a>(clocks: impl Iterator<Item = &'a Clock>) -> Vec<String> {
    clocks.map(|c| format!("{c:?}")).collect()
}

/// Whether this person may take the whistle a stage further.
fn goes_further(life: &Life, me: &street_whistle::org::access::Viewer) -> bool {
    let did = |deed| life.deeds.contains(&(me.person, deed));
    let onward = life.case.open_to(me).into_iter().filter(|mv| match mv {
        MoveKind::Sign | MoveKind::Report | MoveKind::FeedBack => {
            !did(Deed::Checked) && !did(Deed::Rated) && !did(Deed::Closed)
        }
        MoveKind::Check => !did(Deed::Handled) && !did(Deed::Found),
        MoveKind::Rate | MoveKind::Close => !did(Deed::Handled),
        MoveKind::Request
        | MoveKind::Submit
        | MoveKind::Sound
        | MoveKind::Approve
        | MoveKind::Verify => true,
        MoveKind::Edit
        | MoveKind::SendBack
        | MoveKind::Refuse
        | MoveKind::Handle
        | MoveKind::MarkUncooperative
        | MoveKind::Review
        | MoveKind::Withdraw => false,
    });
    onward.count() > 0
}

/// Whether running and standing make the whole, over pauses that are in order and apart.
fn adds_up(life: &Life, clock: &Clock) -> bool {
    let end = clock.stopped_at.or(clock.paused_at).unwrap_or(life.now);
    let mut since = clock.started_at;
    let mut stood = TimeDelta::zero();
    for pause in &clock.pauses {
        let Some(to) = pause
            .to
            .filter(|to| pause.from >= since && pause.from <= *to)
        else {
            return false;
        };
        stood += to - pause.from;
        since = to;
    }
    let count = |pauses: &[_]| {
        let calendar = &life.case.calendar;
        calendar.elapsed(Unit::NaturalHour, clock.started_at, end.max(since), pauses)
    };
    matches!((count(&[]), count(&clock.pauses)), (Ok(all), Ok(ran)) if all == ran + stood)
}
