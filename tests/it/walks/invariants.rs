//! What holds of every whistle, clock and judgement, whatever was done in whichever order. Each is
//! a sentence and a query for what breaks it; `$1` stands for the tenant.

/// The sentences and what breaks them.
pub(super) const INVARIANTS: &[(&str, &str)] = &[
    (
        "No stage is without a post that must act: whoever that is, a desk lists it",
        "select w.id::text || ' ' || w.stage::text from whistles w
          where w.tenant_id = $1 and w.stage not in ('draft', 'closed', 'withdrawn')
            and w.due_stage is distinct from 'suspension'
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
