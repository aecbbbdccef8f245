-- When the office works (工作日历). Days are rows: the nation's from the yearly notice of the State
-- Council's office, a tenant's own on top. A year without a notice is unknown, never "weekends only".

create type day_kind as enum ('off', 'work', 'half');

create table holiday_years (
    year    smallint not null,
    source  text not null,
    constraint holiday_years_pk primary key (year),
    constraint holiday_years_range check (year between 2020 and 2100)
);
comment on table holiday_years is 'Years whose nation-wide notice is known, and what it is called.';

create table holidays (
    day   date not null,
    kind  day_kind not null,
    name  text not null,
    constraint holidays_pk primary key (day),
    constraint holidays_kind check (kind <> 'half')
);
comment on table holidays is 'Nation-wide days off (weekends inside a block included) and make-up workdays (调休上班).';

insert into holiday_years (year, source) values
    (2024, '国务院办公厅关于 2024 年部分节假日安排的通知'),
    (2025, '国务院办公厅关于 2025 年部分节假日安排的通知'),
    (2026, '国务院办公厅关于 2026 年部分节假日安排的通知');

insert into holidays (day, kind, name)
select d::date, 'off', block.name
  from (values
    ('2024-01-01'::date, '2024-01-01'::date, '元旦'), ('2024-02-10', '2024-02-17', '春节'),
    ('2024-04-04', '2024-04-06', '清明节'), ('2024-05-01', '2024-05-05', '劳动节'),
    ('2024-06-08', '2024-06-10', '端午节'), ('2024-09-15', '2024-09-17', '中秋节'),
    ('2024-10-01', '2024-10-07', '国庆节'),
    ('2025-01-01', '2025-01-01', '元旦'), ('2025-01-28', '2025-02-04', '春节'),
    ('2025-04-04', '2025-04-06', '清明节'), ('2025-05-01', '2025-05-05', '劳动节'),
    ('2025-05-31', '2025-06-02', '端午节'), ('2025-10-01', '2025-10-08', '国庆节、中秋节'),
    ('2026-01-01', '2026-01-03', '元旦'), ('2026-02-15', '2026-02-23', '春节'),
    ('2026-04-04', '2026-04-06', '清明节'), ('2026-05-01', '2026-05-05', '劳动节'),
    ('2026-06-19', '2026-06-21', '端午节'), ('2026-09-25', '2026-09-27', '中秋节'),
    ('2026-10-01', '2026-10-07', '国庆节')
  ) as block (first, last, name),
  generate_series(block.first, block.last, interval '1 day') as d;

insert into holidays (day, kind, name) values
    ('2024-02-04', 'work', '春节'), ('2024-02-18', 'work', '春节'), ('2024-04-07', 'work', '清明节'),
    ('2024-04-28', 'work', '劳动节'), ('2024-05-11', 'work', '劳动节'), ('2024-09-14', 'work', '中秋节'),
    ('2024-09-29', 'work', '国庆节'), ('2024-10-12', 'work', '国庆节'),
    ('2025-01-26', 'work', '春节'), ('2025-02-08', 'work', '春节'), ('2025-04-27', 'work', '劳动节'),
    ('2025-09-28', 'work', '国庆节、中秋节'), ('2025-10-11', 'work', '国庆节、中秋节'),
    ('2026-01-04', 'work', '元旦'), ('2026-02-14', 'work', '春节'), ('2026-02-28', 'work', '春节'),
    ('2026-05-09', 'work', '劳动节'), ('2026-09-20', 'work', '国庆节'), ('2026-10-10', 'work', '国庆节');

select make_reference_table('holiday_years');
select make_reference_table('holidays');

create table calendar_years (
    tenant_id  uuid not null,
    year       smallint not null,
    source     text not null,
    constraint calendar_years_pk primary key (tenant_id, year),
    constraint calendar_years_tenant foreign key (tenant_id) references tenants (id),
    constraint calendar_years_range check (year between 2020 and 2100),
    constraint calendar_years_source check (char_length(source) between 2 and 200)
);
comment on table calendar_years is 'Years whose notice a tenant entered itself, before it was shipped.';
select make_tenant_table('calendar_years');
grant update (source) on calendar_years to street_whistle_app;

create table calendar_days (
    tenant_id  uuid not null,
    day        date not null,
    kind       day_kind not null,
    name       text not null,
    source     text not null,
    constraint calendar_days_pk primary key (tenant_id, day),
    constraint calendar_days_tenant foreign key (tenant_id) references tenants (id),
    constraint calendar_days_texts check (char_length(name) between 1 and 30 and char_length(source) between 2 and 200)
);
comment on table calendar_days is 'A tenant''s own days over the nation''s: snow closure, extra duty day, half day, a pasted notice.';
select make_tenant_table('calendar_days');
grant update (kind, name, source), delete on calendar_days to street_whistle_app;

create type work_day_mode as enum ('dates', 'hours');

create table calendar_rules (
    tenant_id  uuid not null,
    mode       work_day_mode not null default 'dates',
    version    integer not null default 1,
    constraint calendar_rules_pk primary key (tenant_id),
    constraint calendar_rules_tenant foreign key (tenant_id) references tenants (id),
    constraint calendar_rules_version check (version >= 1)
);
comment on table calendar_rules is 'How a tenant counts a working day (date by date, or by office hours), and the version of its calendar.';
select make_tenant_table('calendar_rules');
grant update (mode, version) on calendar_rules to street_whistle_app;

-- Office hours (办公时间): sessions in minutes after midnight. A row holds from a day on, in its season of
-- the year (month * 100 + day, both included; a season may run over New Year). Of several, the one
-- that began last holds.
create table office_hours (
    tenant_id    uuid not null,
    id           uuid not null,
    name         text not null,
    from_day     date not null,
    season_from  smallint not null default 101,
    season_to    smallint not null default 1231,
    sessions     smallint[] not null,
    constraint office_hours_pk primary key (tenant_id, id),
    constraint office_hours_key unique (tenant_id, from_day, season_from),
    constraint office_hours_tenant foreign key (tenant_id) references tenants (id),
    constraint office_hours_name check (char_length(name) between 1 and 20),
    constraint office_hours_season check (season_from between 101 and 1231 and season_to between 101 and 1231),
    constraint office_hours_sessions check (cardinality(sessions) in (2, 4, 6)
        and sessions[1] >= 0 and sessions[1] < sessions[2]
        and (cardinality(sessions) < 4 or (sessions[2] <= sessions[3] and sessions[3] < sessions[4]))
        and (cardinality(sessions) < 6 or (sessions[4] <= sessions[5] and sessions[5] < sessions[6]))
        and sessions[cardinality(sessions)] <= 1440)
);
comment on table office_hours is 'Daily sessions by season, and from which day they hold.';
select make_tenant_table('office_hours');
grant delete on office_hours to street_whistle_app;

-- The office hours a new tenant begins with; it changes them on its own page.
create function furnish_calendar(p_tenant uuid, p_winter uuid, p_summer uuid) returns void
    language plpgsql as $$
begin
    insert into office_hours (tenant_id, id, name, from_day, season_from, season_to, sessions)
    values (p_tenant, p_winter, '冬季', '2020-01-01', 1001, 430, '{510,720,780,1050}'),
           (p_tenant, p_summer, '夏季', '2020-01-01', 501, 930, '{510,720,810,1080}');
    insert into calendar_rules (tenant_id) values (p_tenant);
end $$;
revoke execute on function furnish_calendar(uuid, uuid, uuid) from public;
select furnish_calendar(id, md5(id::text || 'winter')::uuid, md5(id::text || 'summer')::uuid) from tenants;
