-- Months of figures: the sum of each month's days, written when its days are counted, so that a year by month is twelve
-- rows and not three hundred and sixty-five.
create table figure_months (
    tenant_id  uuid not null,
    scope      text collate "C" not null,
    figure     figure_code not null,
    month      date not null,
    count      bigint not null,
    constraint figure_months_pk primary key (tenant_id, scope, month, figure) include (count),
    constraint figure_months_tenant foreign key (tenant_id) references tenants (id),
    constraint figure_months_month check (month = date_trunc('month', month::timestamp)::date),
    constraint figure_months_count check (count >= 0)
);
comment on table figure_months is 'The sum of figure_days over one calendar month, by its first day, of what can be summed.';
select make_tenant_table('figure_months');
grant update (count) on figure_months to street_whistle_app;

do $$ begin
    alter table figure_days no force row level security;
    insert into figure_months (tenant_id, scope, figure, month, count)
    select k.tenant_id, k.scope, k.figure, date_trunc('month', k.day::timestamp)::date, sum(k.count)
      from figure_days k
     where k.figure not in ('matters_late', 'whistles_late')
     group by 1, 2, 3, 4;
    alter table figure_days force row level security;
end $$;

-- Days before figures: under a policy no index looks for an enumeration, so that a span of days read all days of a scope.
do $$ begin
    alter table figure_days drop constraint figure_days_pk;
    alter table figure_days add constraint figure_days_pk primary key (tenant_id, scope, day, figure) include (count);
    create index checks_failed on checks (tenant_id, whistle_id) where not passed;
end $$;

-- The month from whose first day on figures are read by day: that of today, or of the earliest of these days, which
-- are not kept.
create function figures_by_day_from(p_live date[], p_today date) returns date
    language sql immutable parallel safe as $$
    select date_trunc('month', least(p_today, (select min(l.day) from unnest(p_live) as l(day)))::timestamp)::date
$$;

-- As before; the scopes are looked up and not compared one by one, and what is alike on a day is counted before it is told
-- to each scope: the day that is not over is counted on the leader's page.
create or replace function figures_counted(p_tenant uuid, p_days date[], p_scopes text[])
    returns table (scope text, figure figure_code, day date, count bigint)
    language sql stable as $$
    with days as (
        select d.day, d.day::timestamp at time zone 'Asia/Shanghai' as from_at,
               (d.day + 1)::timestamp at time zone 'Asia/Shanghai' as to_at
          from unnest(p_days) as d(day)
    ), of_whistles as (
        select d.day, array['sounded']::figure_code[] as figures,
               w.id, w.street_code, w.community_code
          from days d
          join whistles w on w.tenant_id = p_tenant and w.sounded_at >= d.from_at and w.sounded_at < d.to_at
        union all
        select d.day,
               array['whistles_ended', 'closed',
                     -- As whistle_was_late says, without a call for each.
                     case when not exists (select from clocks c
                                            where c.tenant_id = p_tenant and c.whistle_id = w.id
                                              and exists (select from breaches b
                                                           where b.tenant_id = p_tenant and b.clock_id = c.id offset 0)
                                              and not exists (select from exemptions x
                                                               where x.tenant_id = p_tenant and x.clock_id = c.id offset 0)
                                           offset 0)
                          then 'closed_in_time' end,
                     case when not exists (select from checks c where c.tenant_id = p_tenant
                                              and c.whistle_id = w.id and not c.passed) then 'first_pass' end]::figure_code[],
               w.id, w.street_code, w.community_code
          from days d
          join whistles w on w.tenant_id = p_tenant and w.closed_at >= d.from_at and w.closed_at < d.to_at
        union all
        select d.day, array['whistles_ended']::figure_code[],
               w.id, w.street_code, w.community_code
          from days d
          join whistles w on w.tenant_id = p_tenant and w.withdrawn_at >= d.from_at and w.withdrawn_at < d.to_at
               and w.sounded_at is not null
        union all
        select d.day, array['recurred']::figure_code[],
               w.id, w.street_code, w.community_code
          from days d
          join reopen_proposals p on p.tenant_id = p_tenant and p.at >= d.from_at and p.at < d.to_at
          join whistles w on w.tenant_id = p_tenant and w.id = p.whistle_id
         where not exists (select from reopen_proposals q
                            where q.tenant_id = p_tenant and q.whistle_id = p.whistle_id
                              and (q.at, q.id) < (p.at, p.id))
    ), facts as (
        select f.day, array['filed']::figure_code[] as figures,
               array['', f.street_code, f.community_code, f.grid_code,
                     'class:' || f.class_code, f.street_code || ':' || f.class_code] as scopes, f.n
          from (select d.day, m.street_code, m.community_code, m.grid_code, m.class_code, count(*) as n
                  from days d
                  join matters m on m.tenant_id = p_tenant and m.filed_at >= d.from_at and m.filed_at < d.to_at
                 group by d.day, m.street_code, m.community_code, m.grid_code, m.class_code) f
        union all
        select e.day,
               array['ended', case when e.solved then 'solved' end, case when e.solved then 'solved_' || e.solved_level end,
                     case when e.solved and not e.late then 'solved_in_time' end]::figure_code[],
               array['', e.street_code, e.community_code, e.grid_code], e.n
          from (select m.day, m.street_code, m.community_code, m.grid_code, m.solved, m.solved_level, m.late, count(*) as n
                  from (select d.day, m.street_code, m.community_code, m.grid_code, m.stage = 'solved' as solved,
                               m.solved_level::text as solved_level,
                               -- As matter_was_late says, without a call for each.
                               exists (select from clocks c
                                        where c.tenant_id = p_tenant and c.matter_id = m.id
                                          and exists (select from breaches b
                                                       where b.tenant_id = p_tenant and b.clock_id = c.id offset 0)
                                       offset 0) as late
                          from days d
                          join matters m on m.tenant_id = p_tenant and m.ended_at >= d.from_at and m.ended_at < d.to_at) m
                 group by m.day, m.street_code, m.community_code, m.grid_code, m.solved, m.solved_level, m.late) e
        union all
        select w.day, w.figures,
               array['', w.street_code, w.community_code]
               || array(select a.department_id::text from assignments a
                         where a.tenant_id = p_tenant and a.whistle_id = w.id), 1
          from of_whistles w
        union all
        select d.day,
               array['heard', case when reported_in_time(p_tenant, a.id, a.reported_at) then 'responded' end,
                     case when v.answer = 'solved' then 'heard_solved' end,
                     case when v.feeling in ('satisfied', 'basically') then v.feeling::text end]::figure_code[],
               array['', a.department_id::text], 1
          from days d
          join visits v on v.tenant_id = p_tenant and v.state = 'answered'
               and v.ended_at >= d.from_at and v.ended_at < d.to_at
          left join assignments a on a.tenant_id = p_tenant and a.whistle_id = v.whistle_id
               and a.role = 'lead' and a.stage <> 'relieved'
        union all
        select d.day,
               array['asked', case when e.answer is not null then 'answered' end,
                     case when e.answer is not null and not was_late(p_tenant, e.id) then 'answered_in_time' end]::figure_code[],
               array['', e.street_code, e.department_id::text], 1
          from days d
          join power_exercises e on e.tenant_id = p_tenant and e.asked_at >= d.from_at and e.asked_at < d.to_at
               and e.withdrawn_at is null and e.power <> 'cadre'
    )
    select s.scope, f.figure, x.day, sum(x.n)::bigint
      from facts x
      cross join lateral unnest(x.scopes) as s(scope)
      cross join lateral unnest(x.figures) as f(figure)
     where s.scope is not null and f.figure is not null and (p_scopes is null or s.scope in (select unnest(p_scopes)))
     group by s.scope, f.figure, x.day
$$;
