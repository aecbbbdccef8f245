-- Supervision (督办): urging, the street's and the city's letters, cards; by rules and by hand, each
-- once. What could not reach anybody is a row of its own that the city's office sees and clears.

create type supervision_level as enum ('urge', 'street', 'city', 'yellow', 'red');

create table supervisions (
    tenant_id      uuid not null,
    id             uuid not null,
    whistle_id     uuid not null,
    assignment_id  uuid,
    department_id  uuid,
    level          supervision_level not null,
    clock_id       uuid,
    period         text collate "C",
    at             timestamptz not null,
    person_id      uuid,
    post_id        uuid,
    reason         text not null,
    reply          text,
    replied_at     timestamptz,
    replied_by     uuid,
    replied_post   uuid,
    constraint supervisions_pk primary key (tenant_id, id),
    constraint supervisions_whistle foreign key (tenant_id, whistle_id) references whistles (tenant_id, id),
    constraint supervisions_assignment foreign key (tenant_id, whistle_id, assignment_id)
        references assignments (tenant_id, whistle_id, id),
    constraint supervisions_department foreign key (tenant_id, department_id) references departments (tenant_id, id),
    constraint supervisions_clock foreign key (tenant_id, clock_id) references clocks (tenant_id, id),
    constraint supervisions_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint supervisions_post foreign key (tenant_id, post_id) references posts (tenant_id, id),
    constraint supervisions_replied_by foreign key (tenant_id, replied_by) references people (tenant_id, id),
    constraint supervisions_replied_post foreign key (tenant_id, replied_post) references posts (tenant_id, id),
    constraint supervisions_by check ((person_id is null) = (post_id is null)
        and (person_id is not null or clock_id is not null or period is not null)),
    constraint supervisions_card check (level not in ('yellow', 'red') or department_id is not null),
    constraint supervisions_reason check (char_length(btrim(reason)) between 2 and 500),
    constraint supervisions_reply check ((reply is null) = (replied_at is null)
        and (reply is null) = (replied_by is null) and (reply is null) = (replied_post is null)
        and (reply is null or level = 'city') and char_length(reply) between 2 and 1000)
);
comment on table supervisions is 'One urging, letter or card. By a rule it names its clock or its period and happens once; by hand it names the post.';
create unique index supervisions_once on supervisions (tenant_id, clock_id, level) where clock_id is not null and person_id is null;
create unique index supervisions_period on supervisions (tenant_id, department_id, level, period) where period is not null;
create index supervisions_of_whistle on supervisions (tenant_id, whistle_id);
create index supervisions_by_department on supervisions (tenant_id, department_id, level, at);
create index supervisions_in_order on supervisions (tenant_id, id desc);
select make_tenant_table('supervisions');
grant update (reply, replied_at, replied_by, replied_post) on supervisions to street_whistle_app;

create table unreached (
    tenant_id       uuid not null,
    id              uuid not null,
    supervision_id  uuid not null,
    at              timestamptz not null,
    reason          text not null,
    cleared_at      timestamptz,
    cleared_by      uuid,
    cleared_words   text,
    constraint unreached_pk primary key (tenant_id, id),
    constraint unreached_key unique (tenant_id, supervision_id),
    constraint unreached_supervision foreign key (tenant_id, supervision_id) references supervisions (tenant_id, id),
    constraint unreached_cleared_by foreign key (tenant_id, cleared_by) references people (tenant_id, id),
    constraint unreached_reason check (char_length(reason) between 2 and 200),
    constraint unreached_cleared check ((cleared_at is null) = (cleared_by is null)
        and (cleared_at is null) = (cleared_words is null) and char_length(cleared_words) between 2 and 300)
);
comment on table unreached is 'A supervision that reached nobody: vacant post, no leader named. Never silence: the city''s office clears it.';
create index unreached_open on unreached (tenant_id, id) where cleared_at is null;
select make_tenant_table('unreached');
grant update (cleared_at, cleared_by, cleared_words) on unreached to street_whistle_app;
