-- Limits (时限) and clocks (阶段计时). A limit always carries its unit; limits are versioned, and what
-- has begun keeps the version it began under. A clock keeps facts: when it started, when it is
-- due, when it stopped, when it did not run. Lateness is derived; a breach is written once.

create type duration_unit as enum
    ('urgent_minute', 'urgent_hour', 'work_hour', 'work_day', 'natural_hour', 'natural_day');
create type clock_stage as enum
    ('promise', 'approve', 'verify', 'sign', 'report', 'first_feedback', 'close', 'check', 'rating',
     'conclude', 'visit', 'decide', 'reply', 'suspension');

create table limit_versions (
    tenant_id  uuid not null,
    id         uuid not null,
    number     integer not null,
    from_day   date not null,
    note       text not null,
    made_at    timestamptz not null,
    made_by    uuid,
    constraint limit_versions_pk primary key (tenant_id, id),
    constraint limit_versions_number_key unique (tenant_id, number),
    constraint limit_versions_day_key unique (tenant_id, from_day),
    constraint limit_versions_tenant foreign key (tenant_id) references tenants (id),
    constraint limit_versions_made_by foreign key (tenant_id, made_by) references people (tenant_id, id),
    constraint limit_versions_note check (char_length(note) between 2 and 200)
);
comment on table limit_versions is 'One state of all limits of a tenant, and the day from which it holds.';
select make_tenant_table('limit_versions');

create table limits (
    tenant_id   uuid not null,
    version_id  uuid not null,
    kind        whistle_kind not null,
    stage       clock_stage not null,
    amount      integer not null,
    unit        duration_unit not null,
    constraint limits_pk primary key (tenant_id, version_id, kind, stage),
    constraint limits_version foreign key (tenant_id, version_id) references limit_versions (tenant_id, id),
    constraint limits_amount check (amount between 1 and 8784)
);
comment on table limits is 'How long a stage of a kind of whistle may take.';
select make_tenant_table('limits');

create table class_limits (
    tenant_id   uuid not null,
    version_id  uuid not null,
    class_code  text collate "C" not null,
    amount      integer not null,
    unit        duration_unit not null,
    constraint class_limits_pk primary key (tenant_id, version_id, class_code),
    constraint class_limits_version foreign key (tenant_id, version_id) references limit_versions (tenant_id, id),
    constraint class_limits_class foreign key (class_code) references matter_classes (code),
    constraint class_limits_amount check (amount between 1 and 8784)
);
comment on table class_limits is 'The promise for a class of matters; also closes routine and express whistles of the class when shorter.';
select make_tenant_table('class_limits');

create table clocks (
    tenant_id      uuid not null,
    id             uuid not null,
    matter_id      uuid,
    whistle_id     uuid,
    assignment_id  uuid,
    about          uuid,
    stage          clock_stage not null,
    amount         integer not null,
    unit           duration_unit not null,
    extra          integer not null default 0,
    from_class     boolean not null default false,
    started_at     timestamptz not null,
    due_at         timestamptz,
    soon_at        timestamptz,
    paused_at      timestamptz,
    stopped_at     timestamptz,
    stop_reason    text,
    constraint clocks_pk primary key (tenant_id, id),
    constraint clocks_matter foreign key (tenant_id, matter_id) references matters (tenant_id, id),
    constraint clocks_whistle foreign key (tenant_id, whistle_id) references whistles (tenant_id, id),
    constraint clocks_assignment foreign key (tenant_id, whistle_id, assignment_id)
        references assignments (tenant_id, whistle_id, id),
    constraint clocks_of_one check ((matter_id is null) <> (whistle_id is null)
        and (assignment_id is null or whistle_id is not null)),
    constraint clocks_amount check (amount between 1 and 8784 and extra between 0 and 8784),
    constraint clocks_due check ((due_at is null) = (soon_at is null) and due_at >= started_at and soon_at <= due_at),
    constraint clocks_stopped check ((stopped_at is null) = (stop_reason is null) and stopped_at >= started_at
        and (stopped_at is null or paused_at is null)),
    constraint clocks_reason check (char_length(stop_reason) between 1 and 40)
);
comment on table clocks is 'One running or stopped time limit: of a matter, a whistle or one department''s assignment. due_at is null only while the calendar does not reach that far.';
create unique index clocks_one_running on clocks (tenant_id, coalesce(assignment_id, whistle_id, matter_id), stage,
    coalesce(about, '00000000-0000-0000-0000-000000000000'::uuid)) where stopped_at is null;
create index clocks_of_whistle on clocks (tenant_id, whistle_id);
create index clocks_of_matter on clocks (tenant_id, matter_id);
create index clocks_of_assignment on clocks (tenant_id, assignment_id) where assignment_id is not null;
create index clocks_about on clocks (tenant_id, about) where about is not null;
create index clocks_due on clocks (tenant_id, due_at) where stopped_at is null and paused_at is null;
select make_tenant_table('clocks');
grant update (amount, unit, extra, due_at, soon_at, paused_at, stopped_at, stop_reason) on clocks to street_whistle_app;

create table clock_pauses (
    tenant_id  uuid not null,
    clock_id   uuid not null,
    from_at    timestamptz not null,
    to_at      timestamptz not null,
    reason     text not null,
    constraint clock_pauses_pk primary key (tenant_id, clock_id, from_at),
    constraint clock_pauses_clock foreign key (tenant_id, clock_id) references clocks (tenant_id, id),
    constraint clock_pauses_order check (from_at <= to_at)
);
comment on table clock_pauses is 'A time in which a clock did not run: suspended (挂账), or fed back and then sent to rework.';
select make_tenant_table('clock_pauses');

create table breaches (
    tenant_id  uuid not null,
    clock_id   uuid not null,
    due_at     timestamptz not null,
    found_at   timestamptz not null,
    event_id   uuid not null,
    constraint breaches_pk primary key (tenant_id, clock_id),
    constraint breaches_clock foreign key (tenant_id, clock_id) references clocks (tenant_id, id),
    constraint breaches_event foreign key (tenant_id, event_id) references events (tenant_id, id),
    constraint breaches_order check (due_at <= found_at)
);
comment on table breaches is 'A limit was passed: written once, with its one event, and never changed.';
select make_tenant_table('breaches');

-- The nearest due time of each item, in an indexed column that lists and jobs use. Kept here, so
-- that no writer of clocks can forget it.
do $$ begin
    alter table matters add column due_stage clock_stage, add column due_unit duration_unit,
        add column due_at timestamptz, add column soon_at timestamptz;
    alter table whistles add column due_stage clock_stage, add column due_unit duration_unit,
        add column due_at timestamptz, add column soon_at timestamptz, add column limits_id uuid;
    alter table assignments add column due_stage clock_stage, add column due_unit duration_unit,
        add column due_at timestamptz, add column soon_at timestamptz;
    alter table whistles add constraint whistles_limits foreign key (tenant_id, limits_id)
        references limit_versions (tenant_id, id);
    grant update (due_stage, due_unit, due_at, soon_at) on matters to street_whistle_app;
    grant update (due_stage, due_unit, due_at, soon_at, limits_id) on whistles to street_whistle_app;
    grant update (due_stage, due_unit, due_at, soon_at) on assignments to street_whistle_app;
    create index matters_due on matters (tenant_id, due_at) where due_at is not null;
    create index whistles_due on whistles (tenant_id, due_at) where due_at is not null;
    create index assignments_due on assignments (tenant_id, department_id, due_at) where due_at is not null;
end $$;

-- A decision that others owe is not a department's own due time, and an appeal does not give a
-- whistle that is over a time again.
create function keep_nearest() returns trigger
    language plpgsql as $$
declare
    n record;
begin
    if new.matter_id is not null then
        select c.stage, c.unit, c.due_at, c.soon_at into n from clocks c
         where c.tenant_id = new.tenant_id and c.matter_id = new.matter_id and c.stopped_at is null and c.paused_at is null
         order by c.due_at nulls last, c.id limit 1;
        update matters set due_stage = n.stage, due_unit = n.unit, due_at = n.due_at, soon_at = n.soon_at
         where tenant_id = new.tenant_id and id = new.matter_id
           and (due_stage, due_unit, due_at, soon_at) is distinct from (n.stage, n.unit, n.due_at, n.soon_at);
        return null;
    end if;
    select c.stage, c.unit, c.due_at, c.soon_at into n from clocks c
     where c.tenant_id = new.tenant_id and c.whistle_id = new.whistle_id and c.stopped_at is null and c.paused_at is null
     order by c.due_at nulls last, c.id limit 1;
    update whistles set due_stage = n.stage, due_unit = n.unit, due_at = n.due_at, soon_at = n.soon_at
     where tenant_id = new.tenant_id and id = new.whistle_id and closed_at is null and withdrawn_at is null
       and (due_stage, due_unit, due_at, soon_at) is distinct from (n.stage, n.unit, n.due_at, n.soon_at);
    if new.assignment_id is not null then
        select c.stage, c.unit, c.due_at, c.soon_at into n from clocks c
         where c.tenant_id = new.tenant_id and c.assignment_id = new.assignment_id and c.stopped_at is null and c.paused_at is null and c.stage <> 'decide'
         order by c.due_at nulls last, c.id limit 1;
        update assignments set due_stage = n.stage, due_unit = n.unit, due_at = n.due_at, soon_at = n.soon_at
         where tenant_id = new.tenant_id and id = new.assignment_id
           and (due_stage, due_unit, due_at, soon_at) is distinct from (n.stage, n.unit, n.due_at, n.soon_at);
    end if;
    return null;
end $$;
create trigger clocks_nearest after insert or update on clocks for each row execute function keep_nearest();

-- The limits a new tenant begins with (`domain.md` 2.5, 2.8a, 4.6); it changes them on its own page.
-- Where a class has several filing conditions, the longest of their limits is taken.
create function furnish_limits(p_tenant uuid, p_version uuid, p_now timestamptz) returns void
    language plpgsql as $$
begin
    insert into limit_versions (tenant_id, id, number, from_day, note, made_at)
    values (p_tenant, p_version, 1, '2020-01-01', '初始时限', p_now);
    insert into limits (tenant_id, version_id, kind, stage, amount, unit)
    select p_tenant, p_version, l.kind::whistle_kind, l.stage::clock_stage, l.amount, l.unit::duration_unit
      from (values
        ('emergency', 'sign', 10, 'urgent_minute'), ('emergency', 'report', 30, 'urgent_minute'),
        ('emergency', 'first_feedback', 2, 'urgent_hour'), ('emergency', 'close', 24, 'urgent_hour'),
        ('emergency', 'verify', 2, 'urgent_hour'), ('emergency', 'approve', 2, 'urgent_hour'),
        ('express', 'sign', 1, 'work_hour'), ('express', 'report', 4, 'work_hour'),
        ('express', 'first_feedback', 1, 'work_day'), ('express', 'close', 3, 'work_day'),
        ('express', 'approve', 4, 'work_hour'),
        ('routine', 'sign', 4, 'work_hour'), ('routine', 'report', 1, 'work_day'),
        ('routine', 'first_feedback', 3, 'work_day'), ('routine', 'close', 7, 'work_day'),
        ('routine', 'approve', 1, 'work_day'),
        ('joint_enforcement', 'sign', 2, 'work_hour'), ('joint_enforcement', 'report', 1, 'work_day'),
        ('joint_enforcement', 'first_feedback', 2, 'work_day'), ('joint_enforcement', 'close', 10, 'work_day'),
        ('joint_enforcement', 'approve', 1, 'work_day'),
        ('tough', 'sign', 1, 'work_day'), ('tough', 'report', 3, 'work_day'),
        ('tough', 'first_feedback', 5, 'work_day'), ('tough', 'close', 15, 'work_day'),
        ('tough', 'approve', 3, 'work_day')
      ) as l (kind, stage, amount, unit);
    insert into limits (tenant_id, version_id, kind, stage, amount, unit)
    select p_tenant, p_version, k.kind, s.stage::clock_stage, s.amount, 'work_day'
      from unnest(enum_range(null::whistle_kind)) as k (kind),
           (values ('check', 1), ('rating', 2), ('conclude', 1), ('visit', 3)) as s (stage, amount);
    insert into class_limits (tenant_id, version_id, class_code, amount, unit)
    select p_tenant, p_version, l.code, l.amount, l.unit::duration_unit
      from (values
        ('01-01', 15, 'work_day'), ('01-02', 1, 'natural_day'), ('01-03', 3, 'work_day'),
        ('01-04', 3, 'work_day'), ('01-05', 2, 'work_day'), ('01-06', 1, 'work_day'),
        ('01-07', 2, 'urgent_hour'), ('01-08', 5, 'work_day'), ('01-10', 4, 'work_hour'),
        ('01-11', 5, 'work_day'), ('01-12', 2, 'work_hour'), ('01-13', 5, 'work_day'), ('01-14', 4, 'work_hour'),
        ('01-17', 4, 'work_hour'), ('01-18', 4, 'work_hour'), ('01-19', 1, 'work_day'),
        ('01-20', 2, 'urgent_hour'), ('01-21', 3, 'work_day'), ('01-22', 3, 'work_day'),
        ('01-25', 2, 'work_day'), ('01-26', 2, 'work_day'), ('01-28', 2, 'urgent_hour'),
        ('01-29', 2, 'urgent_hour'), ('01-30', 2, 'work_day'), ('01-31', 4, 'work_hour'),
        ('01-32', 2, 'work_day'), ('01-33', 2, 'work_day'), ('01-35', 2, 'work_day'), ('01-36', 1, 'work_day'),
        ('01-37', 4, 'work_hour'), ('01-38', 1, 'work_day'), ('02-01', 1, 'work_day'), ('02-02', 2, 'work_hour'),
        ('02-03', 5, 'work_day'), ('02-04', 5, 'work_day'), ('02-05', 3, 'work_day'), ('02-06', 2, 'work_day'),
        ('02-07', 1, 'work_day'), ('03-01', 2, 'urgent_hour'), ('03-02', 1, 'work_day'),
        ('03-03', 1, 'work_day'), ('03-04', 2, 'work_hour'), ('03-05', 2, 'work_day'), ('03-06', 1, 'work_day'),
        ('03-07', 3, 'work_day'), ('03-08', 5, 'work_day'), ('03-09', 5, 'work_day'), ('03-10', 2, 'work_day'),
        ('03-11', 2, 'work_day'), ('03-12', 1, 'work_day'), ('04-01', 2, 'urgent_hour'),
        ('04-02', 2, 'urgent_hour'), ('04-04', 1, 'work_day'), ('04-05', 2, 'urgent_hour'),
        ('04-06', 2, 'urgent_hour'), ('04-10', 2, 'work_hour'), ('05-01', 5, 'work_day'),
        ('05-02', 5, 'work_day'), ('05-03', 4, 'work_hour'), ('05-04', 5, 'work_day'),
        ('05-05', 2, 'urgent_hour'), ('05-06', 2, 'urgent_hour'), ('05-07', 4, 'work_hour'),
        ('05-08', 2, 'work_hour'), ('06-02', 2, 'work_hour'), ('06-04', 4, 'work_hour'),
        ('B01-01', 5, 'work_day'), ('B01-02', 5, 'work_day'), ('B01-03', 5, 'work_day'),
        ('B01-04', 5, 'work_day'), ('B01-06', 5, 'work_day'), ('B01-10', 5, 'work_day'),
        ('B01-11', 5, 'work_day'), ('B01-14', 5, 'work_day'), ('B01-18', 5, 'work_day'),
        ('B01-23', 5, 'work_day'), ('B01-25', 5, 'work_day'), ('B01-26', 1, 'work_day'),
        ('B01-27', 5, 'work_day'), ('B01-28', 5, 'work_day'), ('B01-29', 2, 'work_day'),
        ('B01-30', 5, 'work_day'), ('B01-31', 5, 'work_day'), ('B01-37', 3, 'work_day'),
        ('B01-38', 3, 'work_day'), ('B01-39', 3, 'work_day'), ('B01-40', 7, 'work_day'),
        ('B01-45', 5, 'work_day'), ('B01-46', 5, 'work_day'), ('B01-49', 3, 'work_day'),
        ('B01-50', 3, 'work_day'), ('B01-51', 7, 'work_day'), ('B01-52', 7, 'work_day'),
        ('B01-54', 10, 'work_day'), ('B01-57', 3, 'work_day'), ('B02-01', 5, 'work_day'),
        ('B02-04', 7, 'work_day'), ('B02-06', 5, 'work_day'), ('B02-07', 5, 'work_day'),
        ('B02-08', 5, 'work_day'), ('B02-09', 5, 'work_day'), ('B02-11', 5, 'work_day'),
        ('B02-12', 5, 'work_day'), ('B02-17', 5, 'work_day'), ('B02-19', 5, 'work_day'),
        ('B02-20', 3, 'work_day'), ('B02-21', 3, 'work_day'), ('B02-24', 3, 'work_day'),
        ('B02-25', 3, 'work_day'), ('B02-30', 3, 'work_day'), ('B03-01', 5, 'work_day'),
        ('B03-02', 3, 'work_day'), ('B03-03', 2, 'work_day'), ('B03-04', 2, 'work_day'),
        ('B03-05', 3, 'work_day'), ('B03-06', 3, 'work_day'), ('B03-07', 5, 'work_day'),
        ('B03-08', 3, 'work_day'), ('B04-01', 2, 'work_day'), ('B04-02', 15, 'work_day'),
        ('B04-04', 3, 'work_day'), ('B04-05', 3, 'work_day'), ('B04-06', 5, 'work_day'),
        ('B04-07', 3, 'work_day'), ('B04-08', 3, 'work_day'), ('B04-09', 3, 'work_day'),
        ('B04-10', 7, 'work_day'), ('B05-03', 2, 'work_day'), ('B05-04', 1, 'work_day'),
        ('B05-06', 3, 'work_day'), ('B05-07', 3, 'work_day'), ('B05-08', 3, 'work_day')        ,
        ('05-98', 24, 'urgent_hour'), ('05-99', 2, 'urgent_hour'), ('06-99', 5, 'work_day')
      ) as l (code, amount, unit);
end $$;
revoke execute on function furnish_limits(uuid, uuid, timestamptz) from public;
select furnish_limits(id, md5(id::text || 'limits')::uuid, created_at) from tenants;
