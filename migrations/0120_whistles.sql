-- Whistles (哨单): a street's call on departments, rare and heavy; and the
-- assignment (任务) each called department has.

create type whistle_kind as enum ('routine', 'express', 'joint_enforcement', 'tough', 'emergency');
create type whistle_stage as enum
    ('draft', 'requested', 'approving', 'sounded', 'checking', 'rating', 'closing', 'closed', 'withdrawn');
create type whistle_outcome as enum ('resolved', 'hazard_removed', 'explained');

create table whistles (
    tenant_id          uuid not null,
    id                 uuid not null,
    number             text collate "C",
    kind               whistle_kind not null,
    title              text not null,
    problem            text not null,
    own_measures       text not null,
    closing_condition  text not null,
    place_id           uuid not null,
    place_level        smallint not null,
    place_code         text collate "C" not null,
    street_code        text collate "C" generated always as (left(place_code, 9)) stored,
    community_code     text collate "C" generated always as (
                           case when length(place_code) >= 12 then left(place_code, 12) end) stored,
    from_community     boolean not null,
    stage              whistle_stage not null,
    waiting_since      timestamptz not null,
    version            integer not null default 1,
    drafted_at         timestamptz not null,
    drafted_by         uuid not null,
    drafted_post       uuid not null,
    refusal            text,
    approved_at        timestamptz,
    approved_by        uuid,
    approved_post      uuid,
    sounded_at         timestamptz,
    sounded_by         uuid,
    verified_at        timestamptz,
    verified_by        uuid,
    verified_post      uuid,
    verified_true      boolean,
    verified_words     text,
    outcome            whistle_outcome,
    closing_words      text,
    closed_at          timestamptz,
    closed_by          uuid,
    closed_post        uuid,
    closed_post_kind   post_kind,
    withdrawn_at       timestamptz,
    withdraw_reason    text,
    constraint whistles_pk primary key (tenant_id, id),
    constraint whistles_number_key unique (tenant_id, number),
    constraint whistles_place foreign key (tenant_id, place_id, place_level, place_code)
        references nodes (tenant_id, id, level, code),
    constraint whistles_drafted_by foreign key (tenant_id, drafted_by) references people (tenant_id, id),
    constraint whistles_drafted_post foreign key (tenant_id, drafted_post) references posts (tenant_id, id),
    constraint whistles_approved_by foreign key (tenant_id, approved_by) references people (tenant_id, id),
    constraint whistles_approved_post foreign key (tenant_id, approved_post) references posts (tenant_id, id),
    constraint whistles_sounded_by foreign key (tenant_id, sounded_by) references people (tenant_id, id),
    constraint whistles_verified_by foreign key (tenant_id, verified_by) references people (tenant_id, id),
    constraint whistles_verified_post foreign key (tenant_id, verified_post) references posts (tenant_id, id),
    constraint whistles_closed_by foreign key (tenant_id, closed_by) references people (tenant_id, id),
    constraint whistles_closed_post foreign key (tenant_id, closed_post, closed_post_kind)
        references posts (tenant_id, id, kind),
    constraint whistles_texts check (char_length(title) between 2 and 60 and char_length(problem) <= 1000
        and char_length(own_measures) <= 1000 and char_length(closing_condition) <= 200),
    constraint whistles_community check (not from_community or place_level >= 2),
    constraint whistles_numbered check ((number is null) = (sounded_at is null)
        and (sounded_at is null) = (sounded_by is null)),
    constraint whistles_sounded check (
        case when stage in ('draft', 'requested', 'approving') then sounded_at is null
             when stage = 'withdrawn' then true
             else sounded_at is not null end),
    constraint whistles_approved check ((approved_at is null) = (approved_by is null)
        and (approved_at is null) = (approved_post is null)
        and (sounded_at is null or kind in ('express', 'emergency') or approved_at is not null)),
    constraint whistles_measures check (sounded_at is null or kind = 'emergency' or char_length(btrim(own_measures)) > 0),
    constraint whistles_verified check ((verified_at is null) = (verified_by is null)
        and (verified_at is null) = (verified_post is null)
        and (verified_at is null) = (verified_true is null)
        and (verified_at is null or kind = 'emergency')),
    constraint whistles_closed check ((stage = 'closed') = (closed_at is not null)
        and (closed_at is null) = (closed_by is null)
        and (closed_at is null) = (closed_post is null)
        and (closed_at is null) = (closed_post_kind is null)
        and (closed_at is null) = (outcome is null)
        and (closed_at is null or kind <> 'emergency' or verified_at is not null)),
    constraint whistles_closer check (closed_post_kind in ('street_dispatcher', 'street_deputy', 'street_secretary')),
    constraint whistles_withdrawn check ((stage = 'withdrawn') = (withdrawn_at is not null)
        and (withdrawn_at is null) = (withdraw_reason is null)),
    constraint whistles_version check (version >= 1)
);
comment on table whistles is 'A whistle from draft to close. It has a number exactly if it has sounded (吹响).';
create index whistles_by_street on whistles (tenant_id, street_code, id);
create index whistles_by_community on whistles (tenant_id, community_code, id);
create index whistles_by_stage on whistles (tenant_id, stage, waiting_since) where closed_at is null and withdrawn_at is null;
create index whistles_by_place on whistles (tenant_id, place_id);
select make_tenant_table('whistles');
grant update (number, kind, title, problem, own_measures, closing_condition, place_id, place_level, place_code,
              stage, waiting_since, version, refusal, approved_at, approved_by, approved_post,
              sounded_at, sounded_by, verified_at, verified_by, verified_post, verified_true, verified_words,
              outcome, closing_words, closed_at, closed_by, closed_post, closed_post_kind,
              withdrawn_at, withdraw_reason)
    on whistles to street_whistle_app;

create table whistle_matters (
    tenant_id   uuid not null,
    whistle_id  uuid not null,
    matter_id   uuid not null,
    live        boolean not null default true,
    constraint whistle_matters_pk primary key (tenant_id, whistle_id, matter_id),
    constraint whistle_matters_whistle foreign key (tenant_id, whistle_id) references whistles (tenant_id, id),
    constraint whistle_matters_matter foreign key (tenant_id, matter_id) references matters (tenant_id, id)
);
comment on table whistle_matters is 'The matters behind a whistle. A matter stands behind one live whistle at most.';
create unique index whistle_matters_one_live on whistle_matters (tenant_id, matter_id) where live;
select make_tenant_table('whistle_matters');
grant update (live), delete on whistle_matters to street_whistle_app;

create type assignment_role as enum ('lead', 'assist');
create type assignment_stage as enum
    ('planned', 'sent', 'signed', 'reported', 'fed_back', 'uncooperative', 'passed', 'withdrawn');
create type report_way as enum ('on_site', 'contact');

create table assignments (
    tenant_id            uuid not null,
    id                   uuid not null,
    whistle_id           uuid not null,
    department_id        uuid not null,
    role                 assignment_role not null,
    position             smallint not null,
    ask                  text not null,
    stage                assignment_stage not null,
    waiting_since        timestamptz not null,
    version              integer not null default 1,
    sent_at              timestamptz,
    signed_at            timestamptz,
    reported_at          timestamptz,
    report_way           report_way,
    arrived_at           timestamptz,
    report_who           text,
    report_agreed        text,
    fed_back_at          timestamptz,
    result               text,
    rework_count         smallint not null default 0,
    uncooperative_reason text,
    constraint assignments_pk primary key (tenant_id, id),
    constraint assignments_whistle_key unique (tenant_id, whistle_id, id),
    constraint assignments_department_key unique (tenant_id, whistle_id, department_id),
    constraint assignments_whistle foreign key (tenant_id, whistle_id) references whistles (tenant_id, id),
    constraint assignments_department foreign key (tenant_id, department_id) references departments (tenant_id, id),
    constraint assignments_texts check (char_length(ask) <= 300 and char_length(result) between 2 and 1000
        and char_length(report_who) between 1 and 100 and char_length(report_agreed) <= 500
        and char_length(uncooperative_reason) between 2 and 500),
    constraint assignments_sent check (
        case stage when 'planned' then sent_at is null when 'withdrawn' then true else sent_at is not null end),
    constraint assignments_signed check (
        case stage when 'sent' then signed_at is null
                   when 'signed' then signed_at is not null when 'reported' then signed_at is not null
                   when 'fed_back' then signed_at is not null else true end),
    constraint assignments_reported check ((reported_at is null) = (report_way is null)
        and (reported_at is null) = (report_who is null) and (reported_at is null) = (arrived_at is null)
        and case stage when 'signed' then reported_at is null
                       when 'reported' then reported_at is not null
                       when 'fed_back' then reported_at is not null else true end),
    constraint assignments_fed_back check ((fed_back_at is null) = (result is null)
        and case stage when 'fed_back' then fed_back_at is not null else true end),
    constraint assignments_lead_works check (role <> 'lead' or stage <> 'uncooperative'),
    constraint assignments_uncooperative check ((stage = 'uncooperative') <= (uncooperative_reason is not null)),
    constraint assignments_version check (version >= 1 and rework_count >= 0)
);
comment on table assignments is 'What one department is asked to do for a whistle. Exactly one leads (主办), the others assist (协办).';
create unique index assignments_one_lead on assignments (tenant_id, whistle_id) where role = 'lead';
create index assignments_of_department on assignments (tenant_id, department_id, whistle_id);
create index assignments_waiting on assignments (tenant_id, department_id, stage, waiting_since)
    where stage in ('sent', 'signed', 'reported');
select make_tenant_table('assignments');
grant update (stage, waiting_since, version, sent_at, signed_at, reported_at, report_way, arrived_at, report_who,
              report_agreed, fed_back_at, result, rework_count, uncooperative_reason), delete
    on assignments to street_whistle_app;

create type step_kind as enum ('sign', 'report', 'handle', 'feedback', 'uncooperative');

create table assignment_steps (
    tenant_id      uuid not null,
    id             uuid not null,
    whistle_id     uuid not null,
    assignment_id  uuid not null,
    kind           step_kind not null,
    person_id      uuid not null,
    post_id        uuid not null,
    at             timestamptz not null,
    words          text not null,
    constraint assignment_steps_pk primary key (tenant_id, id),
    constraint assignment_steps_assignment foreign key (tenant_id, whistle_id, assignment_id)
        references assignments (tenant_id, whistle_id, id),
    constraint assignment_steps_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint assignment_steps_post foreign key (tenant_id, post_id) references posts (tenant_id, id),
    constraint assignment_steps_words check (char_length(words) <= 1000)
);
comment on table assignment_steps is 'Each act of a department on its assignment, and who did it: the facts behind "who handled never checks".';
create index assignment_steps_of_whistle on assignment_steps (tenant_id, whistle_id, person_id);
select make_tenant_table('assignment_steps');
