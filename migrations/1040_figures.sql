-- Figures (数据): what each day brought, counted once for the city, each street, community and grid, each
-- department and each class, so that no page counts over history. A day that is counted is a row of
-- figure_runs; who changes a row that such a day counted leaves a row in figure_changes, and until the day
-- is counted anew its figures are read from the facts.

create type figure_code as enum (
    'filed', 'ended', 'solved', 'solved_grid', 'solved_community', 'solved_street', 'solved_whistle',
    'solved_in_time', 'matters_late',
    'sounded', 'whistles_ended', 'closed', 'closed_in_time', 'first_pass', 'recurred', 'whistles_late',
    'heard', 'responded', 'heard_solved', 'satisfied', 'basically',
    'asked', 'answered', 'answered_in_time');

create table figure_days (
    tenant_id  uuid not null,
    scope      text collate "C" not null,
    figure     figure_code not null,
    day        date not null,
    count      integer not null,
    constraint figure_days_pk primary key (tenant_id, scope, figure, day) include (count),
    constraint figure_days_tenant foreign key (tenant_id) references tenants (id),
    constraint figure_days_count check (count >= 0),
    constraint figure_days_scope check (char_length(scope) <= 50)
);
comment on table figure_days is 'How many of a figure one local day brought in one scope: the empty text is the city, a code is a node, a uuid a department, class:0503 or 220882001:0503 a class in the city or a street.';
create index figure_days_of_day on figure_days (tenant_id, day);
select make_tenant_table('figure_days');
grant update (count) on figure_days to street_whistle_app;

create table figure_runs (
    tenant_id   uuid not null,
    day         date not null,
    counted_at  timestamptz not null,
    constraint figure_runs_pk primary key (tenant_id, day),
    constraint figure_runs_tenant foreign key (tenant_id) references tenants (id)
);
comment on table figure_runs is 'Which local days were counted, and when last.';
select make_tenant_table('figure_runs');
grant update (counted_at) on figure_runs to street_whistle_app;

create table figure_changes (
    tenant_id  uuid not null,
    day        date not null,
    change     xid8 not null,
    constraint figure_changes_pk primary key (tenant_id, day, change),
    constraint figure_changes_tenant foreign key (tenant_id) references tenants (id)
);
comment on table figure_changes is 'Counted days of which a transaction changed something. A row of its own for each transaction, so that none waits for another and the count removes only what it saw.';
select make_tenant_table('figure_changes');
grant delete on figure_changes to street_whistle_app;

-- The local day of an instant.
create function day_of(p_at timestamptz) returns date
    language sql immutable parallel safe as $$ select (p_at at time zone 'Asia/Shanghai')::date $$;

-- Whether a limit of a matter was passed on the way.
create function matter_was_late(p_tenant uuid, p_matter uuid) returns boolean
    language sql stable as $$
    select exists (select from clocks c
                     join breaches b on b.tenant_id = p_tenant and b.clock_id = c.id
                    where c.tenant_id = p_tenant and c.matter_id = p_matter)
$$;

-- Whether a limit of a whistle was passed on the way, other than one that does not count.
create function whistle_was_late(p_tenant uuid, p_whistle uuid) returns boolean
    language sql stable as $$
    select exists (select from clocks c
                     join breaches b on b.tenant_id = p_tenant and b.clock_id = c.id
                    where c.tenant_id = p_tenant and c.whistle_id = p_whistle
                      and not exists (select from exemptions x where x.tenant_id = p_tenant and x.clock_id = c.id))
$$;

do $$ begin
    create index matters_filed_at on matters (tenant_id, filed_at);
    create index matters_ended_at on matters (tenant_id, ended_at) where ended_at is not null;
    create index whistles_withdrawn_at on whistles (tenant_id, withdrawn_at) where withdrawn_at is not null;
end $$;

-- The figures of some days from the facts, in the scopes named or in all. Each line here is the condition
-- of the list that the figure opens.
create function figures_counted(p_tenant uuid, p_days date[], p_scopes text[])
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
                     case when not whistle_was_late(p_tenant, w.id) then 'closed_in_time' end,
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
        select d.day, array['filed']::figure_code[] as figures,
               array['', m.street_code, m.community_code, m.grid_code,
                     'class:' || m.class_code, m.street_code || ':' || m.class_code] as scopes
          from days d
          join matters m on m.tenant_id = p_tenant and m.filed_at >= d.from_at and m.filed_at < d.to_at
        union all
        select d.day,
               array['ended', case when m.stage = 'solved' then 'solved' end,
                     case when m.stage = 'solved' then 'solved_' || m.solved_level::text end,
                     case when m.stage = 'solved' and not matter_was_late(p_tenant, m.id)
                          then 'solved_in_time' end]::figure_code[],
               array['', m.street_code, m.community_code, m.grid_code]
          from days d
          join matters m on m.tenant_id = p_tenant and m.ended_at >= d.from_at and m.ended_at < d.to_at
        union all
        select w.day, w.figures,
               array['', w.street_code, w.community_code]
               || array(select a.department_id::text from assignments a
                         where a.tenant_id = p_tenant and a.whistle_id = w.id)
          from of_whistles w
        union all
        select d.day,
               array['heard', case when reported_in_time(p_tenant, a.id, a.reported_at) then 'responded' end,
                     case when v.answer = 'solved' then 'heard_solved' end,
                     case when v.feeling in ('satisfied', 'basically') then v.feeling::text end]::figure_code[],
               array['', a.department_id::text]
          from days d
          join visits v on v.tenant_id = p_tenant and v.state = 'answered'
               and v.ended_at >= d.from_at and v.ended_at < d.to_at
          left join assignments a on a.tenant_id = p_tenant and a.whistle_id = v.whistle_id
               and a.role = 'lead' and a.stage <> 'relieved'
        union all
        select d.day,
               array['asked', case when e.answer is not null then 'answered' end,
                     case when e.answer is not null and not was_late(p_tenant, e.id) then 'answered_in_time' end]::figure_code[],
               array['', e.street_code, e.department_id::text]
          from days d
          join power_exercises e on e.tenant_id = p_tenant and e.asked_at >= d.from_at and e.asked_at < d.to_at
               and e.withdrawn_at is null and e.power <> 'cadre'
    )
    select s.scope, f.figure, x.day, count(*)
      from facts x
      cross join lateral unnest(x.scopes) as s(scope)
      cross join lateral unnest(x.figures) as f(figure)
     where s.scope is not null and f.figure is not null and (p_scopes is null or s.scope = any (p_scopes))
     group by s.scope, f.figure, x.day
$$;

-- The days of a span that are not kept: never counted, or changed since.
create function figure_days_live(p_tenant uuid, p_from date, p_to date) returns date[]
    language sql stable as $$
    select coalesce(array_agg(d.day), '{}')
      from (select g::date as day from generate_series(p_from::timestamp, p_to::timestamp, interval '1 day') g) d
     where not exists (select from figure_runs r where r.tenant_id = p_tenant and r.day = d.day)
        or exists (select from figure_changes c where c.tenant_id = p_tenant and c.day = d.day)
$$;

-- Says that the figures of these days changed, as far as they were counted.
create function figures_changed(p_tenant uuid, p_days date[]) returns void
    language sql as $$
    insert into figure_changes (tenant_id, day, change)
    select r.tenant_id, r.day, pg_current_xact_id()
      from figure_runs r
     where r.tenant_id = p_tenant and r.day = any (p_days)
        on conflict do nothing
$$;

-- All days on which a whistle counts.
create function figure_days_of_whistle(p_tenant uuid, p_whistle uuid) returns date[]
    language sql stable as $$
    select array(select day_of(x.at) from (
        select unnest(array[w.sounded_at, w.closed_at, w.withdrawn_at]) as at from whistles w
         where w.tenant_id = p_tenant and w.id = p_whistle
        union all
        select v.ended_at from visits v where v.tenant_id = p_tenant and v.whistle_id = p_whistle
        union all
        select p.at from reopen_proposals p where p.tenant_id = p_tenant and p.whistle_id = p_whistle) x
        where x.at is not null)
$$;

create function matters_change_figures() returns trigger
    language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform figures_changed(new.tenant_id, array[day_of(new.filed_at), day_of(new.ended_at)]);
    else
        perform figures_changed(new.tenant_id, array[day_of(old.ended_at), day_of(new.ended_at)]
            || case when (old.filed_at, old.place_code, old.class_code)
                         is distinct from (new.filed_at, new.place_code, new.class_code)
                    then array[day_of(old.filed_at), day_of(new.filed_at)] end);
    end if;
    return null;
end $$;

create function whistles_change_figures() returns trigger
    language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform figures_changed(new.tenant_id,
            array[day_of(new.sounded_at), day_of(new.closed_at), day_of(new.withdrawn_at)]);
    elsif old.place_code is distinct from new.place_code then
        perform figures_changed(new.tenant_id, figure_days_of_whistle(new.tenant_id, new.id));
    else
        perform figures_changed(new.tenant_id, array(
            select day_of(x.at)
              from (values (old.sounded_at, new.sounded_at), (old.closed_at, new.closed_at),
                           (old.withdrawn_at, new.withdrawn_at)) as pair(was, becomes),
                   lateral unnest(array[pair.was, pair.becomes]) as x(at)
             where pair.was is distinct from pair.becomes));
    end if;
    return null;
end $$;

-- A department more counts for it from the first day on; who leads, and when it reported in, is asked of
-- what residents answered.
create function assignments_change_figures() returns trigger
    language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform figures_changed(new.tenant_id, figure_days_of_whistle(new.tenant_id, new.whistle_id));
    else
        perform figures_changed(new.tenant_id, array(select day_of(v.ended_at) from visits v
            where v.tenant_id = new.tenant_id and v.whistle_id = new.whistle_id));
    end if;
    return null;
end $$;

create function visits_change_figures() returns trigger
    language plpgsql as $$
begin
    perform figures_changed(new.tenant_id, array[day_of(new.ended_at)]
        || case when tg_op = 'UPDATE' then array[day_of(old.ended_at)] end);
    return null;
end $$;

create function proposals_change_figures() returns trigger
    language plpgsql as $$
begin
    perform figures_changed(new.tenant_id, array[day_of(new.at)]);
    return null;
end $$;

create function exercises_change_figures() returns trigger
    language plpgsql as $$
begin
    perform figures_changed(new.tenant_id, array[day_of(new.asked_at)]);
    return null;
end $$;

-- A breach, or that it does not count.
create function lateness_changes_figures() returns trigger
    language plpgsql as $$
begin
    perform figures_changed(new.tenant_id, array(
        select day_of(m.ended_at) from clocks c
          join matters m on m.tenant_id = new.tenant_id and m.id = c.matter_id
         where c.tenant_id = new.tenant_id and c.id = new.clock_id
        union all
        select day_of(e.asked_at) from clocks c
          join power_exercises e on e.tenant_id = new.tenant_id and e.id = c.exercise_id
         where c.tenant_id = new.tenant_id and c.id = new.clock_id
        union all
        select day_of(w.closed_at) from clocks c
          join whistles w on w.tenant_id = new.tenant_id and w.id = c.whistle_id
         where c.tenant_id = new.tenant_id and c.id = new.clock_id
        union all
        select day_of(v.ended_at) from clocks c
          join visits v on v.tenant_id = new.tenant_id and v.whistle_id = c.whistle_id
         where c.tenant_id = new.tenant_id and c.id = new.clock_id));
    return null;
end $$;

create trigger matters_figures_new after insert on matters
    for each row execute function matters_change_figures();
create trigger matters_figures after update of filed_at, place_code, class_code, stage, ended_at, solved_level on matters
    for each row when ((old.filed_at, old.place_code, old.class_code, old.ended_at, old.solved_level)
        is distinct from (new.filed_at, new.place_code, new.class_code, new.ended_at, new.solved_level)
        or (new.ended_at is not null and old.stage is distinct from new.stage))
    execute function matters_change_figures();
create trigger whistles_figures_new after insert on whistles
    for each row when (new.sounded_at is not null) execute function whistles_change_figures();
create trigger whistles_figures after update of place_code, sounded_at, closed_at, withdrawn_at on whistles
    for each row when ((old.place_code, old.sounded_at, old.closed_at, old.withdrawn_at)
        is distinct from (new.place_code, new.sounded_at, new.closed_at, new.withdrawn_at))
    execute function whistles_change_figures();
create trigger assignments_figures_new after insert on assignments
    for each row execute function assignments_change_figures();
create trigger assignments_figures after update of role, stage, department_id, reported_at on assignments
    for each row when ((old.role, old.department_id, old.reported_at) is distinct from (new.role, new.department_id, new.reported_at)
        or (old.stage = 'relieved') <> (new.stage = 'relieved'))
    execute function assignments_change_figures();
create trigger visits_figures_new after insert on visits
    for each row when (new.ended_at is not null) execute function visits_change_figures();
create trigger visits_figures after update on visits
    for each row when ((old.state, old.ended_at, old.answer, old.feeling)
        is distinct from (new.state, new.ended_at, new.answer, new.feeling))
    execute function visits_change_figures();
create trigger reopen_proposals_figures after insert on reopen_proposals
    for each row execute function proposals_change_figures();
create trigger power_exercises_figures_new after insert on power_exercises
    for each row execute function exercises_change_figures();
create trigger power_exercises_figures after update on power_exercises
    for each row when ((old.withdrawn_at, old.answer) is distinct from (new.withdrawn_at, new.answer))
    execute function exercises_change_figures();
create trigger breaches_figures after insert on breaches
    for each row execute function lateness_changes_figures();
create trigger exemptions_figures after insert on exemptions
    for each row execute function lateness_changes_figures();
