-- Notices to all (公告): put out by the system administrator or the city's office, to kinds of posts, for a
-- time. What was put out stays as it was; a change is a new version, and whoever read the old one is asked
-- to read the new one.

alter type event_subject add value 'announcement';

create type announcement_audience as enum ('city', 'streets', 'ground', 'departments', 'admins');

-- To which audience a post belongs.
create function audience_of(p_kind post_kind) returns announcement_audience
    language sql immutable as $$
    select case when p_kind in ('city_leader', 'city_office') then 'city'::announcement_audience
                when p_kind in ('street_secretary', 'street_deputy', 'street_dispatcher', 'street_checker') then 'streets'
                when p_kind in ('department_head', 'department_clerk') then 'departments'
                when p_kind in ('system_admin', 'security_admin', 'audit_admin') then 'admins'
                else 'ground' end
$$;

create table announcements (
    tenant_id        uuid not null,
    id               uuid not null,
    withdrawn_at     timestamptz,
    withdrawn_by     uuid,
    withdrawn_post   uuid,
    withdraw_reason  text,
    constraint announcements_pk primary key (tenant_id, id),
    constraint announcements_tenant foreign key (tenant_id) references tenants (id),
    constraint announcements_withdrawn_by foreign key (tenant_id, withdrawn_by) references people (tenant_id, id),
    constraint announcements_withdrawn_post foreign key (tenant_id, withdrawn_post) references posts (tenant_id, id),
    constraint announcements_withdrawn check ((withdrawn_at is null) = (withdrawn_by is null)
        and (withdrawn_at is null) = (withdrawn_post is null) and (withdrawn_at is null) = (withdraw_reason is null)),
    constraint announcements_reason check (char_length(withdraw_reason) between 2 and 200)
);
comment on table announcements is 'A notice to all over its versions, and whether it was withdrawn.';
select make_tenant_table('announcements');
grant update (withdrawn_at, withdrawn_by, withdrawn_post, withdraw_reason) on announcements to street_whistle_app;

create table announcement_versions (
    tenant_id        uuid not null,
    announcement_id  uuid not null,
    version          integer not null,
    revision         integer not null,
    title            text not null,
    body             text not null,
    audiences        announcement_audience[] not null,
    from_at          timestamptz not null,
    to_day           date not null,
    is_pinned        boolean not null,
    saved_at         timestamptz not null,
    saved_by         uuid not null,
    saved_post       uuid not null,
    put_out_at       timestamptz,
    put_out_by       uuid,
    put_out_post     uuid,
    constraint announcement_versions_pk primary key (tenant_id, announcement_id, version),
    constraint announcement_versions_of foreign key (tenant_id, announcement_id) references announcements (tenant_id, id),
    constraint announcement_versions_saved_by foreign key (tenant_id, saved_by) references people (tenant_id, id),
    constraint announcement_versions_saved_post foreign key (tenant_id, saved_post) references posts (tenant_id, id),
    constraint announcement_versions_put_out_by foreign key (tenant_id, put_out_by) references people (tenant_id, id),
    constraint announcement_versions_put_out_post foreign key (tenant_id, put_out_post) references posts (tenant_id, id),
    constraint announcement_versions_numbers check (version >= 1 and revision >= 1),
    constraint announcement_versions_texts check (char_length(title) between 2 and 60 and char_length(body) between 2 and 5000),
    constraint announcement_versions_audiences check (cardinality(audiences) between 1 and 5),
    constraint announcement_versions_span check (to_day >= (from_at at time zone 'Asia/Shanghai')::date),
    constraint announcement_versions_put_out check ((put_out_at is null) = (put_out_by is null)
        and (put_out_at is null) = (put_out_post is null))
);
comment on table announcement_versions is 'What a notice says. A draft until put_out_at; the highest that was put out counts.';
create unique index announcement_versions_one_draft on announcement_versions (tenant_id, announcement_id)
    where put_out_at is null;
create index announcement_versions_shown on announcement_versions (tenant_id, to_day) where put_out_at is not null;
select make_tenant_table('announcement_versions');
grant update (revision, title, body, audiences, from_at, to_day, is_pinned, saved_at, saved_by, saved_post,
              put_out_at, put_out_by, put_out_post) on announcement_versions to street_whistle_app;

-- What was put out is not written over.
create function announcement_version_stays() returns trigger
    language plpgsql as $$
begin
    if old.put_out_at is not null then
        raise exception 'a version that was put out stays' using constraint = 'announcement_version_stays',
            errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger announcement_version_stays before update on announcement_versions
    for each row execute function announcement_version_stays();

create table announcement_reads (
    tenant_id        uuid not null,
    announcement_id  uuid not null,
    version          integer not null,
    person_id        uuid not null,
    read_at          timestamptz not null,
    constraint announcement_reads_pk primary key (tenant_id, announcement_id, version, person_id),
    constraint announcement_reads_of foreign key (tenant_id, announcement_id, version)
        references announcement_versions (tenant_id, announcement_id, version),
    constraint announcement_reads_person foreign key (tenant_id, person_id) references people (tenant_id, id)
);
comment on table announcement_reads is 'Who has opened which version. Pages show counts only.';
create index announcement_reads_of_person on announcement_reads (tenant_id, person_id);
select make_tenant_table('announcement_reads');

-- What a person acting for a kind of post has still to read, the pinned first. It stands in the statements of the
-- desks, so that a desk costs no round trip more.
create function announcements_json(p_tenant uuid, p_person uuid, p_kind post_kind, p_now timestamptz, p_day date) returns json
    language sql stable as $$
    select coalesce(json_agg(json_build_object('id', v.announcement_id, 'title', v.title, 'is_pinned', v.is_pinned)
               order by v.is_pinned desc, v.put_out_at desc), '[]'::json)
      from announcement_versions v
      join announcements a on a.tenant_id = p_tenant and a.id = v.announcement_id
     where v.tenant_id = p_tenant and v.put_out_at is not null and v.to_day >= p_day and v.from_at <= p_now
       and a.withdrawn_at is null and audience_of(p_kind) = any (v.audiences)
       and not exists (select from announcement_versions n
                        where n.tenant_id = p_tenant and n.announcement_id = v.announcement_id
                          and n.version > v.version and n.put_out_at is not null)
       and not exists (select from announcement_reads r
                        where r.tenant_id = p_tenant and r.announcement_id = v.announcement_id
                          and r.version = v.version and r.person_id = p_person)
$$;
comment on function announcements_json(uuid, uuid, post_kind, timestamptz, date) is 'What somebody has still to read, as JSON.';
