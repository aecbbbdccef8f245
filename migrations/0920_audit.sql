-- The audit record (审计): every event is sealed within a minute, in batches that are chained by digest,
-- so that one altered, removed or inserted row is found. Writers wait neither for the job that seals nor
-- for one another: each only adds a note of its own. What was recorded is kept at least six months
-- (《网络安全法》), by a rule that binds the owner too.

alter type event_subject add value 'sheet';
alter type event_subject add value 'file';

-- A queue, no fact: a note goes when its event is sealed. An event that has neither a note nor a seal
-- was not written by the program, or its seal was taken away.
create table audit_waiting (
    tenant_id  uuid not null,
    event_id   uuid not null,
    constraint audit_waiting_pk primary key (tenant_id, event_id)
);
comment on table audit_waiting is 'One event that is written and not sealed yet.';
select make_tenant_table('audit_waiting');
grant delete on audit_waiting to street_whistle_app;

create table audit_batches (
    tenant_id  uuid not null,
    number     integer not null,
    sealed_at  timestamptz not null,
    size       integer not null,
    from_at    timestamptz not null,
    to_at      timestamptz not null,
    digest     bytea not null,
    constraint audit_batches_pk primary key (tenant_id, number),
    constraint audit_batches_tenant foreign key (tenant_id) references tenants (id),
    constraint audit_batches_number check (number >= 1),
    constraint audit_batches_size check (size between 1 and 1000),
    constraint audit_batches_order check (from_at <= to_at),
    constraint audit_batches_digest check (octet_length(digest) = 32)
);
comment on table audit_batches is 'One link of the chain: so many events, from the earliest to the latest; the digest covers them and the digest of the batch before.';
select make_tenant_table('audit_batches');

-- No foreign key to events: a seal outlives its event, and so tells that it was removed.
create table audit_seals (
    tenant_id  uuid not null,
    event_id   uuid not null,
    batch      integer not null,
    place      integer not null,
    digest     bytea not null,
    constraint audit_seals_pk primary key (tenant_id, event_id),
    constraint audit_seals_place_key unique (tenant_id, batch, place),
    constraint audit_seals_batch foreign key (tenant_id, batch) references audit_batches (tenant_id, number),
    constraint audit_seals_place check (place between 1 and 1000),
    constraint audit_seals_digest check (octet_length(digest) = 32)
);
comment on table audit_seals is 'The digest of one event as it was when it was sealed, and its place in the chain.';
select make_tenant_table('audit_seals');

create table audit_checks (
    tenant_id   uuid not null,
    id          uuid not null,
    checked_at  timestamptz not null,
    batches     integer not null,
    events      bigint not null,
    wrong       bigint not null,
    broken      integer[] not null,
    findings    text[] not null,
    constraint audit_checks_pk primary key (tenant_id, id),
    constraint audit_checks_tenant foreign key (tenant_id) references tenants (id),
    constraint audit_checks_counts check (batches >= 0 and events >= 0 and wrong >= 0),
    constraint audit_checks_findings check ((wrong = 0) = (cardinality(findings) = 0))
);
comment on table audit_checks is 'One walk over the whole chain: how much was looked at, how much is wrong, the first of it in words, the batches it lies in.';
select make_tenant_table('audit_checks');

-- What stands there already is sealed with what comes.
insert into audit_waiting (tenant_id, event_id) select tenant_id, id from events;

create index events_in_order on events (tenant_id, at, id);

create function note_event() returns trigger
    language plpgsql as $$
begin
    insert into audit_waiting (tenant_id, event_id) values (new.tenant_id, new.id);
    return null;
end $$;

-- An event never changes. It may go after six months by the database's own clock: whoever has the
-- owner's rights also has the clock of the program.
create function keep_event() returns trigger
    language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        raise exception 'an event is never changed'
            using errcode = 'check_violation', constraint = 'events_unchanged';
    end if;
    if old.at > transaction_timestamp() - interval '6 months' then
        raise exception 'an event is kept at least six months'
            using errcode = 'check_violation', constraint = 'events_kept';
    end if;
    return old;
end $$;

create function keep_seal() returns trigger
    language plpgsql as $$
begin
    raise exception 'what is sealed is neither changed nor removed'
        using errcode = 'check_violation', constraint = 'audit_seals_kept';
end $$;

do $$ begin
    -- Only what the program writes is noted: a row that somebody adds as the owner is found.
    create trigger events_noted after insert on events for each row
        when (current_user = 'street_whistle_app') execute function note_event();
    create trigger events_kept before update or delete on events for each row execute function keep_event();
    create trigger audit_seals_kept before update or delete on audit_seals for each row execute function keep_seal();
    create trigger audit_batches_kept before update or delete on audit_batches for each row execute function keep_seal();
    create trigger audit_checks_kept before update or delete on audit_checks for each row execute function keep_seal();
    -- Where Citus runs, a distributed table takes no such trigger; there only the privilege guards.
    if not exists (select from pg_extension where extname = 'citus') then
        create trigger events_not_emptied before truncate on events execute function keep_seal();
        create trigger audit_seals_not_emptied before truncate on audit_seals execute function keep_seal();
        create trigger audit_batches_not_emptied before truncate on audit_batches execute function keep_seal();
    end if;
end $$;
