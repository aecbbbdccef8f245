-- Files (附件): what is kept with a thing, its original or its evidence. A row names the content by
-- its digest; the content itself lies in the store, once for each tenant however often it is named.

create type file_owner as enum ('document', 'exercise', 'objection', 'task');

create table files (
    tenant_id       uuid not null,
    id              uuid not null,
    owner_kind      file_owner not null,
    owner_id        uuid not null,
    document_id     uuid generated always as (case when owner_kind = 'document' then owner_id end) stored,
    name            text not null,
    media_type      text not null,
    bytes           bigint not null,
    sha256          bytea not null,
    added_by        uuid not null,
    added_post      uuid not null,
    added_at        timestamptz not null,
    removed_by      uuid,
    removed_post    uuid,
    removed_at      timestamptz,
    removed_reason  text,
    constraint files_pk primary key (tenant_id, id),
    constraint files_document foreign key (tenant_id, document_id) references documents (tenant_id, id),
    constraint files_added_by foreign key (tenant_id, added_by) references people (tenant_id, id),
    constraint files_added_post foreign key (tenant_id, added_post) references posts (tenant_id, id),
    constraint files_removed_by foreign key (tenant_id, removed_by) references people (tenant_id, id),
    constraint files_removed_post foreign key (tenant_id, removed_post) references posts (tenant_id, id),
    constraint files_name check (char_length(name) between 1 and 120 and name !~ '[/\\[:cntrl:]]'),
    constraint files_media_type check (media_type ~ '^[a-z]+/[a-z0-9.+-]+$'),
    constraint files_bytes check (bytes between 1 and 20971520),
    constraint files_sha256 check (octet_length(sha256) = 32),
    constraint files_removed check ((removed_at is null) = (removed_by is null)
        and (removed_at is null) = (removed_post is null) and (removed_at is null) = (removed_reason is null)
        and char_length(removed_reason) between 2 and 300)
);
comment on table files is 'A file kept with its owner. Removing it keeps the row and says who did it and why.';
create index files_of_owner on files (tenant_id, owner_kind, owner_id, id);
select make_tenant_table('files');
grant update (removed_by, removed_post, removed_at, removed_reason) on files to street_whistle_app;

-- The files of a thing as its page shows them, the first added first; those removed say so.
create function files_json(p_tenant uuid, p_kind file_owner, p_owner uuid) returns json
    language sql stable as $$
    select coalesce(json_agg(json_build_object(
               'id', f.id, 'name', f.name, 'media_type', f.media_type, 'bytes', f.bytes,
               'adder', a.name, 'added_at', f.added_at, 'remover', r.name, 'removed_at', f.removed_at,
               'removed_reason', f.removed_reason) order by f.id), '[]')
      from files f
      join people a on a.tenant_id = p_tenant and a.id = f.added_by
      left join people r on r.tenant_id = p_tenant and r.id = f.removed_by
     where f.tenant_id = p_tenant and f.owner_kind = p_kind and f.owner_id = p_owner
$$;
