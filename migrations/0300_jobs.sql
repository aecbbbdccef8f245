-- What is to be done later or again: mails, the morning's digest, the minute's sweep. A job is
-- written in the transaction that wants it and removed in the transaction that does it, so that
-- it is done exactly once, however often the program is killed.
--
-- The worker looks for work before it knows the tenant, so this table belongs to no tenant's
-- policy and stays on the coordinator where Citus runs: it refers to no tenant table.

create table jobs (
    id          uuid not null,
    tenant_id   uuid not null,
    kind        text collate "C" not null,
    key         text collate "C" not null,
    payload     jsonb not null,
    run_at      timestamptz not null,
    attempts    integer not null default 0,
    last_error  text,
    failed_at   timestamptz,
    constraint jobs_pk primary key (id),
    constraint jobs_waiting_key unique (tenant_id, kind, key),
    constraint jobs_tenant foreign key (tenant_id) references tenants (id),
    constraint jobs_kind_form check (kind ~ '^[a-z_]+$'),
    constraint jobs_key_length check (octet_length(key) <= 100),
    constraint jobs_attempts check (attempts >= 0),
    constraint jobs_failed check ((failed_at is null) = (last_error is null))
);
comment on table jobs is 'One thing to be done, once, not before run_at; a key waits at most once. A failure puts it off and is kept in last_error.';
create index jobs_due on jobs (run_at, id);
grant select, insert, delete on jobs to street_whistle_app;
grant update (run_at, attempts, last_error, failed_at) on jobs to street_whistle_app;
