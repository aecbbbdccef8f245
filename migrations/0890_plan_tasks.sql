-- The three-year plan (三年工作计划): what the city has set itself, who answers for each task, and by
-- what one sees how far it is. A task's stage is not kept: it follows from its days, what was
-- reached, and whether the city confirmed it. Proof is counted from the program's own facts.

alter type event_subject add value 'three_year_plan';
alter type event_subject add value 'task';

create type task_measure as enum
    ('whistles', 'closed_in_time', 'reported_in_time', 'satisfied', 'solved_below', 'vacant_posts', 'grid_chiefs');

create table three_year_plans (
    tenant_id    uuid not null,
    id           uuid not null,
    title        text not null,
    from_year    smallint not null,
    to_year      smallint not null,
    document_id  uuid,
    clause       integer,
    made_by      uuid not null,
    made_at      timestamptz not null,
    constraint three_year_plans_pk primary key (tenant_id, id),
    constraint three_year_plans_cited foreign key (tenant_id, document_id, clause)
        references document_clauses (tenant_id, document_id, number),
    constraint three_year_plans_cited_whole check ((document_id is null) = (clause is null)),
    constraint three_year_plans_made_by foreign key (tenant_id, made_by) references people (tenant_id, id),
    constraint three_year_plans_title check (char_length(title) between 2 and 60),
    constraint three_year_plans_years check (from_year between 2000 and 2100 and to_year = from_year + 2),
    constraint three_year_plans_apart exclude using gist
        (tenant_id with =, int4range(from_year, to_year + 1) with &&)
);
comment on table three_year_plans is 'A plan of three calendar years, with the clause that it stands on. No two of a city overlap.';
select make_tenant_table('three_year_plans');
-- Locking a plan's row, as the numbering of its tasks does, asks for a right to change something in it.
grant update (title) on three_year_plans to street_whistle_app;

create table plan_tasks (
    tenant_id      uuid not null,
    id             uuid not null,
    plan_id        uuid not null,
    number         integer not null,
    goal           text not null,
    department_id  uuid,
    street_id      uuid,
    street_level   smallint,
    street_code    text collate "C",
    due_day        date not null,
    counts_from    date not null,
    counts_to      date not null,
    version        integer not null default 1,
    made_by        uuid not null,
    made_at        timestamptz not null,
    confirmed_at   timestamptz,
    confirmed_by   uuid,
    confirmed_words text,
    ended_at       timestamptz,
    ended_by       uuid,
    end_reason     text,
    constraint plan_tasks_pk primary key (tenant_id, id),
    constraint plan_tasks_number_key unique (tenant_id, plan_id, number),
    constraint plan_tasks_plan foreign key (tenant_id, plan_id) references three_year_plans (tenant_id, id),
    constraint plan_tasks_department foreign key (tenant_id, department_id) references departments (tenant_id, id),
    constraint plan_tasks_street foreign key (tenant_id, street_id, street_level, street_code)
        references nodes (tenant_id, id, level, code),
    constraint plan_tasks_made_by foreign key (tenant_id, made_by) references people (tenant_id, id),
    constraint plan_tasks_confirmed_by foreign key (tenant_id, confirmed_by) references people (tenant_id, id),
    constraint plan_tasks_ended_by foreign key (tenant_id, ended_by) references people (tenant_id, id),
    constraint plan_tasks_body check ((street_id is null) = (street_level is null)
        and (street_id is null) = (street_code is null) and street_level = 1
        and (department_id is null or street_id is null)),
    constraint plan_tasks_texts check (char_length(goal) between 2 and 300
        and char_length(confirmed_words) between 2 and 500 and char_length(end_reason) between 2 and 300),
    constraint plan_tasks_days check (counts_to >= counts_from),
    constraint plan_tasks_confirmed check ((confirmed_at is null) = (confirmed_by is null)
        and (confirmed_at is null) = (confirmed_words is null)),
    constraint plan_tasks_ended check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (end_reason is null)
        and (ended_at is null or confirmed_at is null)),
    constraint plan_tasks_version check (version >= 1 and number >= 1)
);
comment on table plan_tasks is 'A task of a three-year plan. Neither department nor street: the city''s office answers for it.';
create index plan_tasks_of_department on plan_tasks (tenant_id, department_id) where department_id is not null;
create index plan_tasks_of_street on plan_tasks (tenant_id, street_code) where street_code is not null;
select make_tenant_table('plan_tasks');
grant update (version, confirmed_at, confirmed_by, confirmed_words, ended_at, ended_by, end_reason)
    on plan_tasks to street_whistle_app;

create table task_helpers (
    tenant_id      uuid not null,
    id             uuid not null,
    task_id        uuid not null,
    position       smallint not null,
    department_id  uuid,
    street_id      uuid,
    street_level   smallint,
    street_code    text collate "C",
    constraint task_helpers_pk primary key (tenant_id, id),
    constraint task_helpers_position_key unique (tenant_id, task_id, position),
    constraint task_helpers_task foreign key (tenant_id, task_id) references plan_tasks (tenant_id, id),
    constraint task_helpers_department foreign key (tenant_id, department_id) references departments (tenant_id, id),
    constraint task_helpers_street foreign key (tenant_id, street_id, street_level, street_code)
        references nodes (tenant_id, id, level, code),
    constraint task_helpers_body check ((street_id is null) = (street_level is null)
        and (street_id is null) = (street_code is null) and street_level = 1
        and (department_id is null or street_id is null)),
    constraint task_helpers_range check (position between 1 and 3)
);
comment on table task_helpers is 'Who helps with a task (配合单位).';
select make_tenant_table('task_helpers');

create table task_milestones (
    tenant_id      uuid not null,
    id             uuid not null,
    task_id        uuid not null,
    due_day        date not null,
    words          text not null,
    added_by       uuid not null,
    added_at       timestamptz not null,
    reached_by     uuid,
    reached_at     timestamptz,
    reached_words  text,
    constraint task_milestones_pk primary key (tenant_id, id),
    constraint task_milestones_task foreign key (tenant_id, task_id) references plan_tasks (tenant_id, id),
    constraint task_milestones_added_by foreign key (tenant_id, added_by) references people (tenant_id, id),
    constraint task_milestones_reached_by foreign key (tenant_id, reached_by) references people (tenant_id, id),
    constraint task_milestones_texts check (char_length(words) between 2 and 100
        and char_length(reached_words) between 2 and 500),
    constraint task_milestones_reached check ((reached_at is null) = (reached_by is null)
        and (reached_at is null) = (reached_words is null))
);
comment on table task_milestones is 'What a task is to have reached by a day (节点), and who said when that it is.';
create index task_milestones_of_task on task_milestones (tenant_id, task_id, due_day);
select make_tenant_table('task_milestones');
grant update (reached_by, reached_at, reached_words) on task_milestones to street_whistle_app;

create table task_measures (
    tenant_id  uuid not null,
    task_id    uuid not null,
    measure    task_measure not null,
    at_least   boolean not null,
    target     integer not null,
    constraint task_measures_pk primary key (tenant_id, task_id, measure),
    constraint task_measures_task foreign key (tenant_id, task_id) references plan_tasks (tenant_id, id),
    constraint task_measures_target check (target between 0 and 100000)
);
comment on table task_measures is 'Which figure of the program proves a task, and what it shall be: a number, or whole percent.';
select make_tenant_table('task_measures');

create table task_progress (
    tenant_id  uuid not null,
    id         uuid not null,
    task_id    uuid not null,
    person_id  uuid not null,
    post_id    uuid not null,
    at         timestamptz not null,
    words      text not null,
    constraint task_progress_pk primary key (tenant_id, id),
    constraint task_progress_task foreign key (tenant_id, task_id) references plan_tasks (tenant_id, id),
    constraint task_progress_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint task_progress_post foreign key (tenant_id, post_id) references posts (tenant_id, id),
    constraint task_progress_words check (char_length(words) between 2 and 500)
);
comment on table task_progress is 'What the responsible body reported of a task (进展), in its own words.';
create index task_progress_of_task on task_progress (tenant_id, task_id, id);
select make_tenant_table('task_progress');

-- Who reported a task, or said that a milestone was reached, does not confirm it.
create function reporter_never_confirms() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    if new.confirmed_by is not null and (
        exists (select from task_progress p where p.tenant_id = new.tenant_id and p.task_id = new.id
                   and p.person_id = new.confirmed_by)
        or exists (select from task_milestones m where m.tenant_id = new.tenant_id and m.task_id = new.id
                      and m.reached_by = new.confirmed_by))
    then
        raise exception 'who reported a task does not confirm it'
            using errcode = 'check_violation', constraint = 'reporter_never_confirms';
    end if;
    return new;
end $$;
create trigger plan_tasks_confirmed_by_others before update of confirmed_by on plan_tasks
    for each row execute function reporter_never_confirms();

-- Nothing is reported of a task that is over: so no report can come after the confirmation.
create function report_open_tasks_only() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    perform 1 from plan_tasks where tenant_id = new.tenant_id and id = new.task_id for no key update;
    if exists (select from plan_tasks t where t.tenant_id = new.tenant_id and t.id = new.task_id
                  and (t.confirmed_at is not null or t.ended_at is not null)) then
        raise exception 'nothing is reported of a task that is over'
            using errcode = 'check_violation', constraint = 'task_is_over';
    end if;
    return new;
end $$;
create trigger task_progress_open before insert on task_progress
    for each row execute function report_open_tasks_only();
create trigger task_milestones_open before update on task_milestones
    for each row execute function report_open_tasks_only();

-- The day that a task is due next: its own, or that of the earliest milestone not reached.
create function task_next_day(p_tenant uuid, p_task uuid, p_due date) returns date
    language sql stable as $$
    select least(p_due, min(m.due_day)) from task_milestones m
     where m.tenant_id = p_tenant and m.task_id = p_task and m.reached_at is null
$$;

-- The stage of a task on a day. The page, the tabs and the list ask this.
create function task_state(p_tenant uuid, p_task uuid, p_due date, p_confirmed timestamptz, p_ended timestamptz, p_today date)
    returns text
    language sql stable as $$
    select case when p_confirmed is not null then 'confirmed'
                when p_ended is not null then 'ended'
                when task_next_day(p_tenant, p_task, p_due) < p_today then 'late'
                when exists (select from task_progress p where p.tenant_id = p_tenant and p.task_id = p_task)
                  or exists (select from task_milestones m where m.tenant_id = p_tenant and m.task_id = p_task
                                and m.reached_at is not null) then 'running'
                else 'waiting' end
$$;

-- A body as the program reads it.
create function body_json(p_tenant uuid, p_department uuid, p_street text) returns json
    language sql stable as $$
    select case when p_department is not null
                then (select json_build_object('kind', 'department', 'id', d.id, 'code', '', 'name', d.name)
                        from departments d where d.tenant_id = p_tenant and d.id = p_department)
                when p_street is not null
                then (select json_build_object('kind', 'street', 'id', n.id, 'code', n.code, 'name', n.name)
                        from nodes n where n.tenant_id = p_tenant and n.code = p_street)
                else json_build_object('kind', 'city', 'id', null, 'code', '', 'name', '市治理办') end
$$;

do $$ begin
    create index matters_solved on matters (tenant_id, ended_at) include (street_code, solved_level)
        where stage = 'solved';
    create index whistles_sounded on whistles (tenant_id, sounded_at) where sounded_at is not null;
end $$;

-- A figure of a body in a period: how many there are, and of these how many tenths fit (ten for one
-- that fits; nine for a resident who is basically satisfied, as in the three rates). The state of
-- posts is that of the given day. What is not asked for is not counted.
create function measured(p_tenant uuid, p_measure task_measure, p_department uuid, p_street text,
                         p_from timestamptz, p_to timestamptz, p_today date, out tenths bigint, out whole bigint)
    language sql stable as $$
    with w as (
        select w.id from whistles w
         where w.tenant_id = p_tenant and w.sounded_at >= p_from and w.sounded_at < p_to
           and p_measure in ('whistles', 'closed_in_time', 'reported_in_time')
           and (p_street is null or w.street_code = p_street)
    ), a as (
        select a.id, a.role, a.reported_at from assignments a
         where a.tenant_id = p_tenant and a.whistle_id in (select id from w) and a.stage <> 'relieved'
           and p_measure in ('closed_in_time', 'reported_in_time')
           and (p_department is null or a.department_id = p_department)
    ), seats as (
        select p.id, exists (select from appointments h where h.tenant_id = p_tenant and h.post_id = p.id
                                and h.from_day <= p_today and (h.to_day is null or h.to_day > p_today)) as held,
               p.node_id, p.kind
          from posts p
         where p.tenant_id = p_tenant and p_measure in ('vacant_posts', 'grid_chiefs')
           and p.valid_from <= p_today and (p.valid_to is null or p.valid_to > p_today)
           and (p_measure = 'vacant_posts' or p.kind = 'grid_chief')
           and (p_department is null or p.department_id = p_department)
           and (p_street is null or p.node_code like p_street || '%')
    ), x as (
        select 10::bigint as tenths from w
         where p_measure = 'whistles'
           and (p_department is null or exists (select from assignments o where o.tenant_id = p_tenant
                    and o.whistle_id = w.id and o.department_id = p_department))
        union all
        select case when exists (select from breaches b where b.tenant_id = p_tenant and b.clock_id = c.id
                         and not exists (select from exemptions e where e.tenant_id = p_tenant and e.clock_id = c.id))
                    then 0 else 10 end
          from a
          join clocks c on c.tenant_id = p_tenant and c.assignment_id = a.id and c.stage = 'close'
         where p_measure = 'closed_in_time' and a.role = 'lead'
           and (c.stopped_at is not null
                or exists (select from breaches b where b.tenant_id = p_tenant and b.clock_id = c.id))
        union all
        select case when reported_in_time(p_tenant, a.id, a.reported_at) then 10 else 0 end
          from a
         where p_measure = 'reported_in_time'
           and (a.reported_at is not null
                or exists (select from clocks c
                             join breaches b on b.tenant_id = p_tenant and b.clock_id = c.id
                            where c.tenant_id = p_tenant and c.assignment_id = a.id and c.stage = 'report'))
        union all
        select case v.feeling when 'satisfied' then 10 when 'basically' then 9 else 0 end
          from visits v
          join whistles o on o.tenant_id = p_tenant and o.id = v.whistle_id
         where v.tenant_id = p_tenant and p_measure = 'satisfied' and v.state = 'answered'
           and v.ended_at >= p_from and v.ended_at < p_to
           and (p_street is null or o.street_code = p_street)
           and (p_department is null or exists (select from assignments l where l.tenant_id = p_tenant
                    and l.whistle_id = v.whistle_id and l.department_id = p_department
                    and l.role = 'lead' and l.stage <> 'relieved'))
        union all
        select case when m.solved_level in ('grid', 'community') then 10 else 0 end
          from matters m
         where m.tenant_id = p_tenant and p_measure = 'solved_below' and m.stage = 'solved'
           and m.ended_at >= p_from and m.ended_at < p_to and (p_street is null or m.street_code = p_street)
           and p_department is null
        union all
        select 10 from seats where p_measure = 'vacant_posts' and not held
        union all
        select case when exists (select from seats s where s.node_id = n.id and s.held) then 10 else 0 end
          from nodes n
         where n.tenant_id = p_tenant and p_measure = 'grid_chiefs' and n.level = 3 and p_department is null
           and n.valid_from <= p_today and (n.valid_to is null or n.valid_to > p_today)
           and (p_street is null or n.code like p_street || '%')
    )
    select coalesce(sum(x.tenths), 0)::bigint, count(*) from x
$$;
