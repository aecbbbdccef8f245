-- Registers come in from Excel (批量导入) in two steps: what was uploaded is read, checked and kept here;
-- the registers are written only when it is confirmed, all or nothing, once. The rows are gone then.

alter type event_subject add value 'import';

create type import_register as enum ('people', 'posts', 'chain', 'departments');
create type import_stage as enum ('checked', 'queued', 'done', 'dropped');
create type import_mark as enum ('create', 'change', 'same', 'refuse');

create table imports (
    tenant_id       uuid not null,
    id              uuid not null,
    register        import_register not null,
    stage           import_stage not null,
    file_name       text not null,
    headings        jsonb not null,
    places          jsonb not null,
    remarks         jsonb not null,
    seen            text not null,
    creates         integer not null,
    changes         integer not null,
    sames           integer not null,
    refuses         integer not null,
    word            text not null,
    uploaded_by     uuid not null,
    uploaded_post   uuid not null,
    uploaded_at     timestamptz not null,
    ended_by        uuid,
    ended_post      uuid,
    ended_at        timestamptz,
    constraint imports_pk primary key (tenant_id, id),
    constraint imports_uploaded_by foreign key (tenant_id, uploaded_by) references people (tenant_id, id),
    constraint imports_uploaded_post foreign key (tenant_id, uploaded_post) references posts (tenant_id, id),
    constraint imports_ended_by foreign key (tenant_id, ended_by) references people (tenant_id, id),
    constraint imports_ended_post foreign key (tenant_id, ended_post) references posts (tenant_id, id),
    constraint imports_file_name check (char_length(file_name) between 1 and 120 and file_name !~ '[/\\[:cntrl:]]'),
    constraint imports_counts check (creates >= 0 and changes >= 0 and sames >= 0 and refuses >= 0),
    constraint imports_whole check (refuses = 0 or stage in ('checked', 'dropped')),
    constraint imports_ended check ((stage in ('done', 'dropped')) = (ended_at is not null)
        and (ended_by is null) = (ended_post is null) and (ended_by is null or ended_at is not null)),
    constraint imports_word check (char_length(word) <= 500)
);
comment on table imports is 'A workbook that was uploaded for a register, as it was checked last, and what became of it.';
create index imports_in_order on imports (tenant_id, register, uploaded_at desc);
select make_tenant_table('imports');
grant update (stage, seen, creates, changes, sames, refuses, word, ended_by, ended_post, ended_at) on imports to street_whistle_app;

create table import_rows (
    tenant_id  uuid not null,
    import_id  uuid not null,
    line       integer not null,
    key_name   text not null,
    cells      bytea not null,
    mark       import_mark not null,
    says       jsonb not null,
    constraint import_rows_pk primary key (tenant_id, import_id, line),
    constraint import_rows_import foreign key (tenant_id, import_id) references imports (tenant_id, id),
    constraint import_rows_line check (line >= 1)
);
comment on table import_rows is 'A row of an upload that is not over: its cells, sealed, and what the check says. Gone when the import is done or dropped.';
create index import_rows_by_mark on import_rows (tenant_id, import_id, mark, line);
select make_tenant_table('import_rows');
grant update (mark, says), delete on import_rows to street_whistle_app;

-- Written beside the transaction that imports, so that others see how far it is.
create table import_progress (
    tenant_id  uuid not null,
    import_id  uuid not null,
    percent    smallint not null,
    step       text not null,
    constraint import_progress_pk primary key (tenant_id, import_id),
    constraint import_progress_import foreign key (tenant_id, import_id) references imports (tenant_id, id),
    constraint import_progress_range check (percent between 0 and 100 and char_length(step) between 1 and 40)
);
comment on table import_progress is 'How far an import is that a job carries out.';
select make_tenant_table('import_progress');
grant update (percent, step), delete on import_progress to street_whistle_app;
