-- Reports by mail (定期报告): who gets the figures of which part of the city, how often, at which hour. A
-- report is written from the figures when it is sent; what became of each is a row of deliveries.

alter type event_subject add value 'report';
alter type delivery_kind add value 'report';

create type report_rhythm as enum ('daily', 'weekly', 'monthly', 'bulletin');
create type report_stage as enum ('active', 'paused', 'ended');

create table reports (
    tenant_id  uuid not null,
    id         uuid not null,
    person_id  uuid not null,
    post_id    uuid not null,
    slot       smallint not null,
    scope      text collate "C" not null,
    rhythm     report_rhythm not null,
    hour       smallint not null,
    stage      report_stage not null,
    version    integer not null,
    since      timestamptz not null,
    next_at    timestamptz,
    made_at    timestamptz not null,
    ended_at   timestamptz,
    constraint reports_pk primary key (tenant_id, id),
    constraint reports_tenant foreign key (tenant_id) references tenants (id),
    constraint reports_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint reports_post foreign key (tenant_id, post_id) references posts (tenant_id, id),
    constraint reports_slot check (slot between 1 and 5),
    constraint reports_scope check (char_length(scope) <= 50),
    constraint reports_hour check (hour in (7, 8, 9, 12, 17)),
    constraint reports_version check (version >= 1),
    constraint reports_active check ((stage = 'active') = (next_at is not null)),
    constraint reports_ended check ((stage = 'ended') = (ended_at is not null))
);
comment on table reports is 'What a person gets by mail, as the holder of a post: the figures of a scope (as figure_days names it) or every bulletin.';
comment on column reports.slot is 'Which of the five that one person may have at once.';
comment on column reports.since is 'Bulletins put out after this are still to be sent.';
create unique index reports_slot_key on reports (tenant_id, person_id, slot) where stage <> 'ended';
create unique index reports_same_key on reports (tenant_id, person_id, scope, rhythm) where stage <> 'ended';
select make_tenant_table('reports');
grant update (post_id, scope, rhythm, hour, stage, version, since, next_at, ended_at) on reports to street_whistle_app;

create table report_sendings (
    tenant_id  uuid not null,
    id         uuid not null,
    report_id  uuid not null,
    rhythm     report_rhythm not null,
    scope      text collate "C" not null,
    first      date not null,
    last       date not null,
    passed     integer not null,
    constraint report_sendings_pk primary key (tenant_id, id),
    constraint report_sendings_mail foreign key (tenant_id, id) references deliveries (tenant_id, id),
    constraint report_sendings_report foreign key (tenant_id, report_id) references reports (tenant_id, id),
    constraint report_sendings_once unique (tenant_id, report_id, rhythm, scope, first),
    constraint report_sendings_days check (first <= last),
    constraint report_sendings_passed check (passed >= 0)
);
comment on table report_sendings is 'A report that came due, once for each span of days; its mail has the same id. passed counts the spans before it that were left out after a standstill.';
create index report_sendings_latest on report_sendings (tenant_id, report_id, id);
select make_tenant_table('report_sendings');

-- What a scope is called, by the key under which it is counted; nothing, if there is none any more.
create function scope_name(p_tenant uuid, p_scope text) returns text
    language sql stable as $$
    select case when p_scope = '' then (select t.name from tenants t where t.id = p_tenant)
           else coalesce((select n.name from nodes n
                           where n.tenant_id = p_tenant and n.code = p_scope and n.level <= 3 and n.valid_to is null),
                         (select d.name from departments d
                           where d.tenant_id = p_tenant and d.id::text = p_scope and d.valid_to is null)) end
$$;
