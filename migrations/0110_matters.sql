-- Matters (事项): the daily stream. A grid or community solves what it can; what it
-- cannot goes up to the street.

create type matter_stage as enum ('filed', 'accepted', 'raised', 'whistled', 'solved', 'rejected', 'merged');
create type solved_level as enum ('grid', 'community', 'street', 'whistle');

create table matters (
    tenant_id         uuid not null,
    id                uuid not null,
    number            text collate "C" not null,
    class_code        text collate "C" not null,
    title             text not null,
    detail            text not null,
    place_id          uuid not null,
    place_level       smallint not null,
    place_code        text collate "C" not null,
    street_code       text collate "C" generated always as (left(place_code, 9)) stored,
    community_code    text collate "C" generated always as (
                          case when length(place_code) >= 12 then left(place_code, 12) end) stored,
    grid_code         text collate "C" generated always as (
                          case when length(place_code) >= 15 then left(place_code, 15) end) stored,
    spot              text not null,
    urgent            boolean not null default false,
    teller_name       text,
    teller_phone      text,
    filed_at          timestamptz not null,
    filed_by          uuid not null,
    filed_post        uuid not null,
    stage             matter_stage not null,
    waiting_since     timestamptz not null,
    ended_at          timestamptz,
    solved_level      solved_level,
    solution          text,
    reject_reason     text,
    merged_into       uuid,
    merged_from       matter_stage,
    version           integer not null default 1,
    constraint matters_pk primary key (tenant_id, id),
    constraint matters_number_key unique (tenant_id, number),
    constraint matters_class foreign key (class_code) references matter_classes (code),
    constraint matters_place foreign key (tenant_id, place_id, place_level, place_code)
        references nodes (tenant_id, id, level, code),
    constraint matters_filed_by foreign key (tenant_id, filed_by) references people (tenant_id, id),
    constraint matters_filed_post foreign key (tenant_id, filed_post) references posts (tenant_id, id),
    constraint matters_merged_into foreign key (tenant_id, merged_into) references matters (tenant_id, id),
    constraint matters_place_level check (place_level between 2 and 5),
    constraint matters_texts check (char_length(title) between 2 and 60 and char_length(detail) <= 1000
        and char_length(spot) <= 100 and char_length(teller_name) between 1 and 30),
    constraint matters_phone_form check (teller_phone ~ '^[0-9-]{5,20}$'),
    constraint matters_ended check ((ended_at is not null) = (stage in ('solved', 'rejected', 'merged'))),
    constraint matters_solved check ((stage = 'solved') = (solved_level is not null)
        and (stage = 'solved') = (solution is not null)),
    constraint matters_rejected check ((stage = 'rejected') = (reject_reason is not null)),
    constraint matters_merged check ((stage = 'merged') = (merged_into is not null)
        and (stage = 'merged') = (merged_from is not null) and merged_into <> id),
    constraint matters_version check (version >= 1)
);
comment on table matters is 'One matter found or told. Only its stage and what follows from it change; who filed it never does.';
create index matters_by_street on matters (tenant_id, street_code, id);
create index matters_by_community on matters (tenant_id, community_code, id);
create index matters_by_grid on matters (tenant_id, grid_code, id);
create index matters_by_filer on matters (tenant_id, filed_post, id);
create index matters_by_place on matters (tenant_id, place_id) where ended_at is null;
create index matters_open_street on matters (tenant_id, street_code, stage, waiting_since) where ended_at is null;
create index matters_open_community on matters (tenant_id, community_code, stage, waiting_since) where ended_at is null;
create index matters_into on matters (tenant_id, merged_into) where merged_into is not null;
select make_tenant_table('matters');
grant update (stage, waiting_since, ended_at, solved_level, solution, reject_reason, merged_into, merged_from, version)
    on matters to street_whistle_app;

create table matter_steps (
    tenant_id  uuid not null,
    id         uuid not null,
    matter_id  uuid not null,
    person_id  uuid not null,
    post_id    uuid not null,
    at         timestamptz not null,
    words      text not null,
    constraint matter_steps_pk primary key (tenant_id, id),
    constraint matter_steps_matter foreign key (tenant_id, matter_id) references matters (tenant_id, id),
    constraint matter_steps_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint matter_steps_post foreign key (tenant_id, post_id) references posts (tenant_id, id),
    constraint matter_steps_words check (char_length(words) between 2 and 500)
);
comment on table matter_steps is 'What grid, community or street did itself (自行处置), in their own words.';
create index matter_steps_of_matter on matter_steps (tenant_id, matter_id, id);
select make_tenant_table('matter_steps');
