-- Policy documents (制度文件): what every rule of the city stands on. A revised document is a new
-- row of the same series with a number of its own; whoever cites a document cites one version, so
-- that a rule keeps the text under which it was made.

alter type event_subject add value 'document';

create table documents (
    tenant_id      uuid not null,
    id             uuid not null,
    series         uuid not null,
    version        integer not null,
    code           text not null,
    title          text not null,
    issuer         text not null,
    issued_on      date not null,
    from_day       date not null,
    to_day         date,
    entered_by     uuid not null,
    entered_at     timestamptz not null,
    change_note    text not null,
    repealed_by    uuid,
    repealed_at    timestamptz,
    repeal_reason  text,
    constraint documents_pk primary key (tenant_id, id),
    constraint documents_version_key unique (tenant_id, series, version),
    constraint documents_code_key unique (tenant_id, code),
    constraint documents_entered_by foreign key (tenant_id, entered_by) references people (tenant_id, id),
    constraint documents_repealed_by foreign key (tenant_id, repealed_by) references people (tenant_id, id),
    constraint documents_first check (version >= 1 and (version = 1) = (series = id)),
    constraint documents_texts check (char_length(code) between 2 and 60 and char_length(title) between 2 and 120
        and char_length(issuer) between 2 and 60 and char_length(change_note) between 2 and 300
        and char_length(repeal_reason) between 2 and 300),
    constraint documents_validity check (from_day >= issued_on and to_day > from_day),
    constraint documents_repealed check ((repealed_at is null) = (repealed_by is null)
        and (repealed_at is null) = (repeal_reason is null) and (repealed_at is null or to_day is not null)),
    constraint documents_apart exclude using gist
        (tenant_id with =, series with =, daterange(from_day, to_day) with &&)
);
comment on table documents is 'One version of a policy document. In force from from_day until before to_day; repealed_at is set where no version follows.';
create index documents_in_order on documents (tenant_id, from_day desc, id desc);
select make_tenant_table('documents');
grant update (to_day, repealed_by, repealed_at, repeal_reason) on documents to street_whistle_app;

create table document_clauses (
    tenant_id    uuid not null,
    document_id  uuid not null,
    number       integer not null,
    words        text not null,
    constraint document_clauses_pk primary key (tenant_id, document_id, number),
    constraint document_clauses_document foreign key (tenant_id, document_id) references documents (tenant_id, id),
    constraint document_clauses_number check (number between 1 and 999),
    constraint document_clauses_words check (char_length(words) between 2 and 3000)
);
comment on table document_clauses is 'A clause (第 n 条) of one version of a document, as it stands.';
select make_tenant_table('document_clauses');
