-- What happened: insert-only, one row per action, in the action's transaction.
-- Timeline, audit, figures and scores read this and nothing else. Names are kept
-- as they were at the time: a fact does not change when a person moves on.

create type event_subject as enum ('matter', 'whistle', 'account');

create table events (
    tenant_id      uuid not null,
    id             uuid not null,
    at             timestamptz not null,
    subject        event_subject not null,
    subject_id     uuid not null,
    verb           text collate "C" not null,
    person_id      uuid,
    person_name    text not null,
    post_id        uuid,
    seat           text not null,
    department_id  uuid,
    sentence       text not null,
    constraint events_pk primary key (tenant_id, id),
    constraint events_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint events_post foreign key (tenant_id, post_id) references posts (tenant_id, id),
    constraint events_department foreign key (tenant_id, department_id) references departments (tenant_id, id),
    constraint events_verb_form check (verb ~ '^[a-z_]+$'),
    constraint events_sentence_length check (char_length(sentence) <= 2000)
);
comment on table events is 'One action: when, on what, who for which post, and one sentence. Nothing updates or deletes it.';
create index events_of_subject on events (tenant_id, subject_id, at, id);
select make_tenant_table('events');

-- Numbers without gaps inside a tenant, a series and a day: the row is locked until
-- the transaction ends, and a transaction that fails gives its number back.
create table number_series (
    tenant_id  uuid not null,
    series     text collate "C" not null,
    day        date not null,
    last       integer not null,
    constraint number_series_pk primary key (tenant_id, series, day),
    constraint number_series_tenant foreign key (tenant_id) references tenants (id),
    constraint number_series_range check (last between 1 and 99999)
);
comment on table number_series is 'The last number given in a series on a day.';
select make_tenant_table('number_series');
grant update (last) on number_series to street_whistle_app;
