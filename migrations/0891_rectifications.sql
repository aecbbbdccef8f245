-- Rectification items (整改事项): what an inspection found, who mends it until when, what was reported
-- with which proof, and who looked and struck it off. Who reported never verifies.

alter type event_subject add value 'rectification';

create type inspection_kind as enum ('inspection', 'debriefing', 'assessment');
create type rectification_stage as enum ('open', 'reported', 'returned', 'verified');
create type rectification_act as enum ('progress', 'report', 'return', 'verify');

create table rectifications (
    tenant_id      uuid not null,
    id             uuid not null,
    number         text collate "C" not null,
    source         inspection_kind not null,
    source_name    text not null,
    source_day     date not null,
    problem        text not null,
    measure        text not null,
    department_id  uuid,
    street_id      uuid,
    street_level   smallint,
    street_code    text collate "C",
    due_day        date not null,
    stage          rectification_stage not null default 'open',
    version        integer not null default 1,
    made_by        uuid not null,
    made_at        timestamptz not null,
    reported_by    uuid,
    reported_at    timestamptz,
    verified_by    uuid,
    verified_at    timestamptz,
    constraint rectifications_pk primary key (tenant_id, id),
    constraint rectifications_number_key unique (tenant_id, number),
    constraint rectifications_department foreign key (tenant_id, department_id) references departments (tenant_id, id),
    constraint rectifications_street foreign key (tenant_id, street_id, street_level, street_code)
        references nodes (tenant_id, id, level, code),
    constraint rectifications_made_by foreign key (tenant_id, made_by) references people (tenant_id, id),
    constraint rectifications_reported_by foreign key (tenant_id, reported_by) references people (tenant_id, id),
    constraint rectifications_verified_by foreign key (tenant_id, verified_by) references people (tenant_id, id),
    constraint rectifications_body check ((street_id is null) = (street_level is null)
        and (street_id is null) = (street_code is null) and street_level = 1
        and (department_id is null or street_id is null)),
    constraint rectifications_texts check (char_length(source_name) between 2 and 60
        and char_length(problem) between 2 and 500 and char_length(measure) between 2 and 500),
    constraint rectifications_days check (due_day >= source_day),
    constraint rectifications_reported check ((reported_at is null) = (reported_by is null)
        and (stage in ('reported', 'verified')) = (reported_at is not null)),
    constraint rectifications_verified check ((verified_at is null) = (verified_by is null)
        and (stage = 'verified') = (verified_at is not null)),
    constraint rectifications_verified_by_others check (verified_by <> reported_by),
    constraint rectifications_version check (version >= 1)
);
comment on table rectifications is 'One problem that an inspection found, to be mended by a day. Neither department nor street: the city''s office owns it.';
create index rectifications_in_order on rectifications (tenant_id, due_day, id);
select make_tenant_table('rectifications');
grant update (stage, version, reported_by, reported_at, verified_by, verified_at) on rectifications to street_whistle_app;

create table rectification_steps (
    tenant_id         uuid not null,
    id                uuid not null,
    rectification_id  uuid not null,
    act               rectification_act not null,
    person_id         uuid not null,
    post_id           uuid not null,
    at                timestamptz not null,
    words             text not null,
    constraint rectification_steps_pk primary key (tenant_id, id),
    constraint rectification_steps_item foreign key (tenant_id, rectification_id) references rectifications (tenant_id, id),
    constraint rectification_steps_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint rectification_steps_post foreign key (tenant_id, post_id) references posts (tenant_id, id),
    constraint rectification_steps_words check (char_length(words) between 2 and 500)
);
comment on table rectification_steps is 'What was done about an item: progress, report with proof, return with reason, verification. Never changed.';
create index rectification_steps_of_item on rectification_steps (tenant_id, rectification_id, id);
select make_tenant_table('rectification_steps');

create table rectification_proofs (
    tenant_id   uuid not null,
    step_id     uuid not null,
    whistle_id  uuid not null,
    constraint rectification_proofs_pk primary key (tenant_id, step_id, whistle_id),
    constraint rectification_proofs_step foreign key (tenant_id, step_id) references rectification_steps (tenant_id, id),
    constraint rectification_proofs_whistle foreign key (tenant_id, whistle_id) references whistles (tenant_id, id)
);
comment on table rectification_proofs is 'A whistle that a report names as proof (整改佐证).';
select make_tenant_table('rectification_proofs');

-- In both directions, and over all rounds: who reported does not verify or return, and the other way round.
create function reporter_never_verifies() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    perform 1 from rectifications where tenant_id = new.tenant_id and id = new.rectification_id for no key update;
    if exists (select from rectification_steps s
                where s.tenant_id = new.tenant_id and s.rectification_id = new.rectification_id
                  and s.person_id = new.person_id
                  and (s.act in ('progress', 'report')) <> (new.act in ('progress', 'report')))
    then
        raise exception 'who reported does not verify'
            using errcode = 'check_violation', constraint = 'reporter_never_verifies';
    end if;
    return new;
end $$;
create trigger rectification_steps_apart before insert on rectification_steps
    for each row execute function reporter_never_verifies();
