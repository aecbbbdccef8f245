-- Evidence packs (佐证材料包): who had which pack made, and the digest of its bytes. The bytes are not
-- kept: they follow from the same facts again, and a pack whose facts have changed is not handed out.

alter type event_subject add value 'pack';

create type pack_purpose as enum ('review', 'annual', 'inspection');

create table evidence_packs (
    tenant_id      uuid not null,
    id             uuid not null,
    department_id  uuid,
    street_id      uuid,
    street_level   smallint,
    street_code    text collate "C",
    period         text collate "C" not null,
    purpose        pack_purpose not null,
    cut_at         timestamptz not null,
    snapshot       text collate "C",
    cases          integer not null,
    size           integer not null,
    sha256         text collate "C" not null,
    made_at        timestamptz not null,
    made_by        uuid not null,
    made_post      uuid not null,
    constraint evidence_packs_pk primary key (tenant_id, id),
    constraint evidence_packs_department foreign key (tenant_id, department_id) references departments (tenant_id, id),
    constraint evidence_packs_street foreign key (tenant_id, street_id, street_level, street_code)
        references nodes (tenant_id, id, level, code),
    constraint evidence_packs_made_by foreign key (tenant_id, made_by) references people (tenant_id, id),
    constraint evidence_packs_made_post foreign key (tenant_id, made_post) references posts (tenant_id, id),
    constraint evidence_packs_subject check ((department_id is null) <> (street_id is null)
        and (street_id is null) = (street_level is null) and (street_id is null) = (street_code is null)
        and street_level = 1 and (street_id is null or snapshot is null)),
    constraint evidence_packs_period check (period ~ '^20[0-9]{2}(-Q[1-4])?$'),
    constraint evidence_packs_digests check (sha256 ~ '^[0-9a-f]{64}$' and snapshot ~ '^[0-9a-f]{64}$'),
    constraint evidence_packs_sizes check (cases >= 0 and size > 0),
    constraint evidence_packs_cut check (cut_at <= made_at)
);
comment on table evidence_packs is 'A pack that was made: whose, of which period, for what; facts recorded until cut_at; snapshot is the digest of the frozen scores that stand in it.';
select make_tenant_table('evidence_packs');
