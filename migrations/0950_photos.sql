-- Photos (照片): what somebody saw, kept with the step that says so. The row comes when the photo comes
-- and stands in the tray of its form until the form is done; then it belongs to that step's event for
-- good. The contents lie in the store, each under an id of its own, so that one can be taken away.

create type photo_step as enum ('found', 'on_site', 'progress', 'finished', 'check');

create table photos (
    tenant_id         uuid not null,
    id                uuid not null,
    tray_id           uuid not null,
    event_id          uuid,
    step              photo_step,
    content_id        uuid not null,
    small_id          uuid not null,
    bytes             bigint not null,
    width             integer not null,
    height            integer not null,
    original_sha256   bytea not null,
    original_bytes    bigint not null,
    added_by          uuid not null,
    added_post        uuid not null,
    added_at          timestamptz not null,
    dropped_at        timestamptz,
    redacted_by       uuid,
    redacted_post     uuid,
    redacted_at       timestamptz,
    redaction_reason  text,
    sealed_id         uuid,
    key_name          text,
    leftovers         uuid[] not null,
    constraint photos_pk primary key (tenant_id, id),
    constraint photos_event foreign key (tenant_id, event_id) references events (tenant_id, id),
    constraint photos_added_by foreign key (tenant_id, added_by) references people (tenant_id, id),
    constraint photos_added_post foreign key (tenant_id, added_post) references posts (tenant_id, id),
    constraint photos_redacted_by foreign key (tenant_id, redacted_by) references people (tenant_id, id),
    constraint photos_redacted_post foreign key (tenant_id, redacted_post) references posts (tenant_id, id),
    constraint photos_step check ((event_id is null) = (step is null)),
    constraint photos_dropped check (dropped_at is null or event_id is null),
    constraint photos_size check (bytes > 0 and width between 1 and 2560 and height between 1 and 2560),
    constraint photos_original check (octet_length(original_sha256) = 32 and original_bytes between 1 and 20971520),
    constraint photos_redacted check ((redacted_at is null) = (redacted_by is null)
        and (redacted_at is null) = (redacted_post is null) and (redacted_at is null) = (redaction_reason is null)
        and (redacted_at is null) = (sealed_id is null) and (redacted_at is null) = (key_name is null)
        and (redacted_at is null or event_id is not null)
        and char_length(redaction_reason) between 2 and 300)
);
comment on table photos is 'A photo: in the tray of a form, then with one step. A redacted one shows its copy, the original is sealed.';
comment on column photos.original_sha256 is 'Of the file as it came; what is kept was written anew.';
comment on column photos.leftovers is 'Contents in the store that are still to be removed.';
-- A form that is sent twice brings its photos once.
create unique index photos_once on photos (tenant_id, tray_id, original_sha256) where dropped_at is null;
create index photos_of_event on photos (tenant_id, event_id, id);
create index photos_waiting on photos (tenant_id, added_at) where event_id is null and dropped_at is null;
create index photos_leftovers on photos (tenant_id, id) where leftovers <> '{}';
select make_tenant_table('photos');
grant update (event_id, step, content_id, small_id, bytes, dropped_at, redacted_by, redacted_post, redacted_at,
              redaction_reason, sealed_id, key_name, leftovers) on photos to street_whistle_app;

-- What a step showed does not change: a photo moves to no other step, and what is sealed stays sealed.
create function photo_stays() returns trigger
    language plpgsql as $$
begin
    if old.event_id is not null and (new.event_id, new.step) is distinct from (old.event_id, old.step) then
        raise exception 'a photo belongs to one step'
            using errcode = 'check_violation', constraint = 'photo_stays';
    end if;
    if old.dropped_at is not null and (new.dropped_at is null or new.event_id is not null) then
        raise exception 'a photo that was left out does not come back'
            using errcode = 'check_violation', constraint = 'photo_stays';
    end if;
    if old.sealed_id is not null and (new.sealed_id, new.key_name) is distinct from (old.sealed_id, old.key_name) then
        raise exception 'a sealed original stays as it was sealed'
            using errcode = 'check_violation', constraint = 'photo_stays';
    end if;
    if new.sealed_id is null and new.content_id <> old.content_id then
        raise exception 'another picture is shown only where the original is sealed'
            using errcode = 'check_violation', constraint = 'photo_stays';
    end if;
    return new;
end $$;
create trigger photo_stays before update on photos
    for each row execute function photo_stays();

-- The photos of a step, as the timeline shows them.
create function photos_of_event(p_tenant uuid, p_event uuid) returns json
    language sql stable as $$
    select coalesce(json_agg(json_build_object('id', p.id, 'step', p.step, 'at', e.at,
               'who', trim(e.seat || ' ' || e.person_name), 'width', p.width, 'height', p.height,
               'redacted', p.redacted_at is not null) order by p.id), '[]')
      from photos p
      join events e on e.tenant_id = p_tenant and e.id = p.event_id
     where p.tenant_id = p_tenant and p.event_id = p_event
$$;

-- All photos of a thing.
create function photos_of_subject(p_tenant uuid, p_subject uuid) returns json
    language sql stable as $$
    select coalesce(json_agg(json_build_object('id', p.id, 'step', p.step, 'at', e.at,
               'who', trim(e.seat || ' ' || e.person_name), 'width', p.width, 'height', p.height,
               'redacted', p.redacted_at is not null) order by e.at, p.id), '[]')
      from events e
      join photos p on p.tenant_id = p_tenant and p.event_id = e.id
     where e.tenant_id = p_tenant and e.subject_id = p_subject
$$;

-- One photo, as its own page shows it.
create function photo_json(p_tenant uuid, p_photo uuid) returns json
    language sql stable as $$
    select json_build_object('id', p.id, 'step', p.step, 'event_id', p.event_id, 'at', e.at, 'subject', e.subject,
               'subject_id', e.subject_id, 'who', trim(e.seat || ' ' || e.person_name), 'width', p.width,
               'height', p.height, 'bytes', p.bytes, 'content_id', p.content_id, 'small_id', p.small_id,
               'original_sha256', encode(p.original_sha256, 'hex'), 'original_bytes', p.original_bytes,
               'redacted_at', p.redacted_at, 'redacter', r.name, 'redaction_reason', p.redaction_reason,
               'sealed_id', p.sealed_id, 'key_name', p.key_name,
               'set', (select json_agg(o.id order by o.id) from photos o
                        where o.tenant_id = p_tenant and o.event_id = p.event_id))
      from photos p
      join events e on e.tenant_id = p_tenant and e.id = p.event_id
      left join people r on r.tenant_id = p_tenant and r.id = p.redacted_by
     where p.tenant_id = p_tenant and p.id = p_photo
$$;

-- Where a city wants a photo (照片要求): at found, on site, finished, and nowhere else. The newest row
-- whose day has come holds; where there is none, nothing is demanded.
create table photo_demands (
    tenant_id  uuid not null,
    id         uuid not null,
    from_day   date not null,
    found      boolean not null,
    on_site    boolean not null,
    finished   boolean not null,
    reason     text not null,
    set_by     uuid not null,
    set_post   uuid not null,
    set_at     timestamptz not null,
    constraint photo_demands_pk primary key (tenant_id, id),
    constraint photo_demands_set_by foreign key (tenant_id, set_by) references people (tenant_id, id),
    constraint photo_demands_set_post foreign key (tenant_id, set_post) references posts (tenant_id, id),
    constraint photo_demands_reason check (char_length(reason) between 2 and 300)
);
comment on table photo_demands is 'Which steps need a photo, from a day on. Rows are added and never changed.';
create index photo_demands_by_day on photo_demands (tenant_id, from_day desc, id desc);
select make_tenant_table('photo_demands');

-- What is demanded on a day.
create function photos_demanded(p_tenant uuid, p_day date) returns json
    language sql stable as $$
    select coalesce((select json_build_object('found', d.found, 'on_site', d.on_site, 'finished', d.finished)
                       from photo_demands d
                      where d.tenant_id = p_tenant and d.from_day <= p_day
                      order by d.from_day desc, d.id desc limit 1),
                    '{"found": false, "on_site": false, "finished": false}'::json)
$$;

-- A picture attached as a file is written anew; the digest of what came stays known.
alter table files add column original_sha256 bytea;
alter table files add constraint files_original check (octet_length(original_sha256) = 32);
