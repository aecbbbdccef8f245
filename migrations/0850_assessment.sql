-- The special assessment (赋权情况专项考核): its schemes (评分规则) in versions, and the life of a
-- period from being shown (公示) to being frozen (封存). Scores are not stored: they follow from facts,
-- and only the snapshot of a frozen period keeps them.

alter type event_subject add value 'assessment';

create type assessment_item as enum
    ('rating', 'responded', 'solved', 'satisfied', 'sign', 'report', 'close', 'first_check', 'returns');
create type assessment_subject as enum
    ('tough', 'joint_enforcement', 'emergency', 'routine', 'express', 'power');
create type assessment_small as enum ('shrunk', 'unranked');
create type assessment_ties as enum ('same', 'more_cases');
create type assessment_no_cases as enum ('objective', 'unranked');
create type assessment_exemption as enum ('appeal', 'suspension', 'returned');
create type assessment_stage as enum ('shown', 'frozen');

create table assessment_schemes (
    tenant_id    uuid not null,
    id           uuid not null,
    number       integer not null,
    from_day     date not null,
    note         text not null,
    document_id  uuid,
    clause       integer,
    splits_by_document boolean not null,
    basic_share  numeric(3,2) not null,
    min_n        smallint not null,
    shrink_n     smallint not null,
    small        assessment_small not null,
    ties         assessment_ties not null,
    no_cases     assessment_no_cases not null,
    exemptions   assessment_exemption[] not null,
    locked_days  smallint not null,
    window_days  smallint not null,
    made_at      timestamptz not null,
    made_by      uuid,
    constraint assessment_schemes_pk primary key (tenant_id, id),
    constraint assessment_schemes_number_key unique (tenant_id, number),
    constraint assessment_schemes_day_key unique (tenant_id, from_day),
    constraint assessment_schemes_tenant foreign key (tenant_id) references tenants (id),
    constraint assessment_schemes_made_by foreign key (tenant_id, made_by) references people (tenant_id, id),
    constraint assessment_schemes_cited foreign key (tenant_id, document_id, clause)
        references document_clauses (tenant_id, document_id, number),
    constraint assessment_schemes_cited_whole check ((document_id is null) = (clause is null)
        and (document_id is not null or not splits_by_document)),
    constraint assessment_schemes_quarter check (extract(day from from_day) = 1
        and extract(month from from_day) in (1, 4, 7, 10)),
    constraint assessment_schemes_ranges check (number >= 1 and basic_share between 0 and 1
        and min_n between 1 and 100 and shrink_n between 0 and 100
        and locked_days between 1 and 60 and window_days between 1 and 60),
    constraint assessment_schemes_note check (char_length(note) between 2 and 200)
);
comment on table assessment_schemes is 'One version of the scoring rules, in force from the first day of a quarter until the next version begins.';
select make_tenant_table('assessment_schemes');

create table assessment_items (
    tenant_id  uuid not null,
    scheme_id  uuid not null,
    item       assessment_item not null,
    points     numeric(5,2) not null,
    constraint assessment_items_pk primary key (tenant_id, scheme_id, item),
    constraint assessment_items_scheme foreign key (tenant_id, scheme_id) references assessment_schemes (tenant_id, id),
    constraint assessment_items_points check (points between 0 and 100)
);
comment on table assessment_items is 'How many of the hundred points an item has.';
select make_tenant_table('assessment_items');

create table assessment_weights (
    tenant_id  uuid not null,
    scheme_id  uuid not null,
    subject    assessment_subject not null,
    weight     numeric(4,2) not null,
    constraint assessment_weights_pk primary key (tenant_id, scheme_id, subject),
    constraint assessment_weights_scheme foreign key (tenant_id, scheme_id) references assessment_schemes (tenant_id, id),
    constraint assessment_weights_weight check (weight > 0 and weight <= 10)
);
comment on table assessment_weights is 'How much the rating of a kind of whistle, or of an answer about a power, weighs.';
select make_tenant_table('assessment_weights');

create table assessment_groups (
    tenant_id  uuid not null,
    scheme_id  uuid not null,
    position   smallint not null,
    name       text not null,
    kinds      department_kind[] not null,
    constraint assessment_groups_pk primary key (tenant_id, scheme_id, position),
    constraint assessment_groups_name_key unique (tenant_id, scheme_id, name),
    constraint assessment_groups_scheme foreign key (tenant_id, scheme_id) references assessment_schemes (tenant_id, id),
    constraint assessment_groups_position check (position between 1 and 4),
    constraint assessment_groups_name check (char_length(name) between 2 and 20)
);
comment on table assessment_groups is 'Departments compared with one another; kinds says where a department belongs that is named in no group.';
select make_tenant_table('assessment_groups');

create table assessment_group_departments (
    tenant_id      uuid not null,
    scheme_id      uuid not null,
    department_id  uuid not null,
    position       smallint not null,
    constraint assessment_group_departments_pk primary key (tenant_id, scheme_id, department_id),
    constraint assessment_group_departments_group foreign key (tenant_id, scheme_id, position)
        references assessment_groups (tenant_id, scheme_id, position),
    constraint assessment_group_departments_department foreign key (tenant_id, department_id)
        references departments (tenant_id, id)
);
comment on table assessment_group_departments is 'The group of a department under a scheme, where it is said by name: one at most.';
select make_tenant_table('assessment_group_departments');

-- A scheme is whole when its transaction ends: nine items of a hundred points, street and residents
-- seventy-five of them unless the cited clause says otherwise, six weights, a group.
create function assessment_scheme_is_whole() returns trigger
    language plpgsql as $$
declare
    n integer; total numeric; evaluated numeric;
begin
    select count(*), coalesce(sum(points), 0),
           coalesce(sum(points) filter (where item in ('rating', 'responded', 'solved', 'satisfied')), 0)
      into n, total, evaluated
      from assessment_items where tenant_id = new.tenant_id and scheme_id = new.id;
    if n <> 9 or total <> 100 then
        raise exception 'the items of a scheme sum to a hundred'
            using errcode = 'check_violation', constraint = 'assessment_items_sum';
    end if;
    if evaluated <> 75 and not new.splits_by_document then
        raise exception 'street and residents have seventy-five points'
            using errcode = 'check_violation', constraint = 'assessment_items_evaluated';
    end if;
    if (select count(*) from assessment_weights where tenant_id = new.tenant_id and scheme_id = new.id) <> 6
       or not exists (select from assessment_groups where tenant_id = new.tenant_id and scheme_id = new.id) then
        raise exception 'a scheme has six weights and a group'
            using errcode = 'check_violation', constraint = 'assessment_scheme_whole';
    end if;
    return null;
end $$;
create constraint trigger assessment_schemes_whole after insert on assessment_schemes
    deferrable initially deferred for each row execute function assessment_scheme_is_whole();

-- Versions follow one another: each begins after all before it.
create function assessment_schemes_follow() returns trigger
    language plpgsql as $$
begin
    if exists (select from assessment_schemes s where s.tenant_id = new.tenant_id and s.id <> new.id
                  and (s.from_day >= new.from_day or s.number >= new.number)) then
        raise exception 'a scheme begins after all before it'
            using errcode = 'check_violation', constraint = 'assessment_schemes_apart';
    end if;
    return new;
end $$;
create trigger assessment_schemes_in_order before insert on assessment_schemes
    for each row execute function assessment_schemes_follow();

create table assessment_periods (
    tenant_id         uuid not null,
    id                uuid not null,
    period            text collate "C" not null,
    scheme_id         uuid not null,
    stage             assessment_stage not null,
    version           integer not null default 1,
    locked_at         timestamptz not null,
    shown_at          timestamptz not null,
    shown_by          uuid not null,
    shown_post        uuid not null,
    objections_until  timestamptz not null,
    frozen_at         timestamptz,
    frozen_by         uuid,
    frozen_post       uuid,
    constraint assessment_periods_pk primary key (tenant_id, id),
    constraint assessment_periods_period_key unique (tenant_id, period),
    constraint assessment_periods_scheme foreign key (tenant_id, scheme_id) references assessment_schemes (tenant_id, id),
    constraint assessment_periods_shown_by foreign key (tenant_id, shown_by) references people (tenant_id, id),
    constraint assessment_periods_shown_post foreign key (tenant_id, shown_post) references posts (tenant_id, id),
    constraint assessment_periods_frozen_by foreign key (tenant_id, frozen_by) references people (tenant_id, id),
    constraint assessment_periods_frozen_post foreign key (tenant_id, frozen_post) references posts (tenant_id, id),
    -- A month is for information: only quarters and years are shown and frozen.
    constraint assessment_periods_form check (period ~ '^20[0-9]{2}(-Q[1-4])?$'),
    constraint assessment_periods_order check (locked_at <= shown_at and shown_at < objections_until),
    constraint assessment_periods_frozen check ((stage = 'frozen') = (frozen_at is not null)
        and (frozen_at is null) = (frozen_by is null) and (frozen_at is null) = (frozen_post is null)
        and frozen_at >= objections_until)
);
comment on table assessment_periods is 'A period whose scores were shown to the departments, and then frozen. A period without a row is a preview.';
select make_tenant_table('assessment_periods');
grant update (stage, version, frozen_at, frozen_by, frozen_post) on assessment_periods to street_whistle_app;

create table assessment_snapshots (
    tenant_id  uuid not null,
    period_id  uuid not null,
    digest     text collate "C" not null,
    content    text not null,
    constraint assessment_snapshots_pk primary key (tenant_id, period_id),
    constraint assessment_snapshots_period foreign key (tenant_id, period_id) references assessment_periods (tenant_id, id),
    constraint assessment_snapshots_digest check (digest = encode(sha256(convert_to(content, 'UTF8')), 'hex'))
);
comment on table assessment_snapshots is 'What was frozen: scheme, inputs and scores as canonical JSON, with its SHA-256. Nothing updates or deletes it.';
select make_tenant_table('assessment_snapshots');

-- The program has no right to change a snapshot; this keeps the owner from it as well.
create function assessment_snapshots_stay() returns trigger
    language plpgsql as $$
begin
    raise exception 'a frozen snapshot stays as it is'
        using errcode = 'check_violation', constraint = 'assessment_snapshots_fixed';
end $$;
create trigger assessment_snapshots_fixed before update or delete on assessment_snapshots
    for each row execute function assessment_snapshots_stay();

-- What is frozen is over, and has its snapshot.
create function assessment_periods_keep() returns trigger
    language plpgsql as $$
begin
    if old.stage = 'frozen' then
        raise exception 'a frozen period stays as it is'
            using errcode = 'check_violation', constraint = 'assessment_frozen_once';
    end if;
    if new.stage = 'frozen' and not exists (select from assessment_snapshots s
            where s.tenant_id = new.tenant_id and s.period_id = new.id) then
        raise exception 'a period is frozen with its snapshot'
            using errcode = 'check_violation', constraint = 'assessment_frozen_whole';
    end if;
    return new;
end $$;
create trigger assessment_periods_kept before update on assessment_periods
    for each row execute function assessment_periods_keep();

-- The whistles of a period are found by when they were closed.
do $$ begin
    create index whistles_closed_at on whistles (tenant_id, closed_at) where closed_at is not null;
    create index reopenings_closed_at on reopenings (tenant_id, closed_at) where closed_at is not null;
end $$;

-- The scheme a new tenant begins with (`domain.md` 2.9); the city makes its own versions.
create function furnish_assessment(p_tenant uuid, p_scheme uuid, p_now timestamptz) returns void
    language plpgsql as $$
begin
    insert into assessment_schemes (tenant_id, id, number, from_day, note, splits_by_document, basic_share, min_n,
                                    shrink_n, small, ties, no_cases, exemptions, locked_days, window_days, made_at)
    values (p_tenant, p_scheme, 1, '2020-01-01', '初始评分规则', false, 0.9, 5, 5, 'shrunk', 'same', 'objective',
            '{appeal,suspension,returned}', 5, 5, p_now);
    insert into assessment_items (tenant_id, scheme_id, item, points)
    select p_tenant, p_scheme, i.item::assessment_item, i.points
      from (values ('rating', 45), ('responded', 3), ('solved', 15), ('satisfied', 12), ('sign', 5), ('report', 5),
                   ('close', 5), ('first_check', 5), ('returns', 5)) as i (item, points);
    insert into assessment_weights (tenant_id, scheme_id, subject, weight)
    select p_tenant, p_scheme, w.subject::assessment_subject, w.weight
      from (values ('tough', 2), ('joint_enforcement', 1.5), ('emergency', 1.5), ('routine', 1), ('express', 0.5),
                   ('power', 1)) as w (subject, weight);
    insert into assessment_groups (tenant_id, scheme_id, position, name, kinds)
    values (p_tenant, p_scheme, 1, '市直部门', '{bureau}'),
           (p_tenant, p_scheme, 2, '公用事业和双管单位', '{vertical,utility}');
end $$;
revoke execute on function furnish_assessment(uuid, uuid, timestamptz) from public;
select furnish_assessment(id, md5(id::text || 'assessment')::uuid, created_at) from tenants;

-- A scheme with everything that it says, as JSON. Numbers go as text: they are read exactly.
create function assessment_scheme_json(p_tenant uuid, p_scheme uuid) returns json
    language sql stable as $$
    select json_build_object(
        'id', s.id, 'number', s.number, 'from_day', s.from_day, 'note', s.note,
        'basis', basis_json(p_tenant, s.document_id, s.clause), 'splits_by_document', s.splits_by_document,
        'basic_share', s.basic_share::text, 'min_n', s.min_n, 'shrink_n', s.shrink_n, 'small', s.small,
        'ties', s.ties, 'no_cases', s.no_cases, 'exemptions', s.exemptions, 'locked_days', s.locked_days,
        'window_days', s.window_days, 'made_by', y.name,
        'items', (select json_object_agg(i.item, i.points::text) from assessment_items i
                   where i.tenant_id = p_tenant and i.scheme_id = s.id),
        'weights', (select json_object_agg(w.subject, w.weight::text) from assessment_weights w
                     where w.tenant_id = p_tenant and w.scheme_id = s.id),
        'groups', (select coalesce(json_agg(json_build_object('position', g.position, 'name', g.name, 'kinds', g.kinds,
                          'departments', (select coalesce(json_agg(m.department_id order by m.department_id), '[]')
                                            from assessment_group_departments m
                                           where m.tenant_id = p_tenant and m.scheme_id = s.id
                                             and m.position = g.position)) order by g.position), '[]')
                     from assessment_groups g where g.tenant_id = p_tenant and g.scheme_id = s.id))
      from assessment_schemes s
      left join people y on y.tenant_id = p_tenant and y.id = s.made_by
     where s.tenant_id = p_tenant and s.id = p_scheme
$$;

-- A period that was shown, with the digest of what was frozen, as JSON.
create function assessment_life_json(p_tenant uuid, p_period uuid) returns json
    language sql stable as $$
    select json_build_object('id', p.id, 'period', p.period, 'scheme_id', p.scheme_id, 'stage', p.stage,
                             'version', p.version, 'locked_at', p.locked_at, 'shown_at', p.shown_at,
                             'objections_until', p.objections_until, 'frozen_at', p.frozen_at, 'digest', s.digest)
      from assessment_periods p
      left join assessment_snapshots s on s.tenant_id = p_tenant and s.period_id = p.id
     where p.tenant_id = p_tenant and p.id = p_period
$$;
