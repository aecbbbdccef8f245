-- Photos (照片) of uses of a power and of policy documents: added on the page of the thing, several at
-- once, with a line that says what they show. They belong to the event of that act, as those of a case
-- belong to its step; unlike those they may be removed again, with a reason, as a file may.

alter table photos
    add column caption         text,
    add column removed_by      uuid,
    add column removed_post    uuid,
    add column removed_at      timestamptz,
    add column removed_reason  text,
    add constraint photos_removed_by foreign key (tenant_id, removed_by) references people (tenant_id, id),
    add constraint photos_removed_post foreign key (tenant_id, removed_post) references posts (tenant_id, id),
    add constraint photos_caption check (caption is null
        or coalesce(step = 'added', false) and char_length(caption) between 1 and 200),
    add constraint photos_removed check ((removed_at is null) = (removed_by is null)
        and (removed_at is null) = (removed_post is null) and (removed_at is null) = (removed_reason is null)
        and (removed_at is null or coalesce(step = 'added', false))
        and char_length(removed_reason) between 2 and 300);
comment on column photos.caption is 'What an added photo shows, in words of whoever added it.';
comment on column photos.removed_at is 'Since then it is shown to nobody; the row says who took it away and why.';
grant update (caption, removed_by, removed_post, removed_at, removed_reason) on photos to street_whistle_app;

create or replace function photo_stays() returns trigger
    language plpgsql as $$
begin
    if old.event_id is not null
       and (new.event_id, new.step, new.caption) is distinct from (old.event_id, old.step, old.caption) then
        raise exception 'a photo belongs to one step'
            using errcode = 'check_violation', constraint = 'photo_stays';
    end if;
    if old.dropped_at is not null and (new.dropped_at is null or new.event_id is not null) then
        raise exception 'a photo that was left out does not come back'
            using errcode = 'check_violation', constraint = 'photo_stays';
    end if;
    if old.removed_at is not null
       and (new.removed_at, new.removed_by, new.removed_post, new.removed_reason)
           is distinct from (old.removed_at, old.removed_by, old.removed_post, old.removed_reason) then
        raise exception 'a photo that was removed does not come back'
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

-- What is added belongs to a use of a power or a document, everything else to a step of a case. A record
-- that is over keeps the photos it has, and a cadre record keeps none, because a photo is not sealed.
create function photo_belongs() returns trigger
    language plpgsql as $$
declare
    kind   event_subject;
    thing  uuid;
begin
    select e.subject, e.subject_id into kind, thing
      from events e where e.tenant_id = new.tenant_id and e.id = new.event_id;
    if (new.step = 'added') <> (kind in ('exercise', 'document')) then
        raise exception 'a photo of this kind does not belong there'
            using errcode = 'check_violation', constraint = 'photo_belongs';
    end if;
    if kind = 'exercise' then
        perform see_what_others_did();
        perform 1 from power_exercises where tenant_id = new.tenant_id and id = thing for no key update;
        if exists (select from power_exercises e where e.tenant_id = new.tenant_id and e.id = thing
                      and e.power = 'cadre') then
            raise exception 'a cadre record keeps no photos'
                using errcode = 'check_violation', constraint = 'cadre_sealed';
        end if;
        if exists (select from power_exercises e where e.tenant_id = new.tenant_id and e.id = thing
                      and e.stage in ('closed', 'withdrawn')) then
            raise exception 'the photos of a record that is over are fixed'
                using errcode = 'check_violation', constraint = 'photos_are_fixed';
        end if;
    end if;
    return new;
end $$;
create trigger photo_belongs before insert or update of event_id, removed_at on photos
    for each row when (new.event_id is not null) execute function photo_belongs();

-- Who took a photo away, when and why; null, if it is there.
create function photo_removal(p_tenant uuid, p photos) returns json
    language sql stable as $$
    select json_build_object('remover', r.name, 'at', p.removed_at, 'reason', p.removed_reason)
      from people r
     where r.tenant_id = p_tenant and r.id = p.removed_by
$$;

-- Photos added to a thing, as its page shows them: what was added at once stands together.
create function photos_added(p_tenant uuid, p_thing uuid) returns json
    language sql stable as $$
    select coalesce(json_agg(json_build_object('at', e.at, 'who', trim(e.seat || ' ' || e.person_name),
               'caption', x.caption, 'photos', x.photos) order by e.at, e.id), '[]')
      from events e
      cross join lateral (
          select coalesce(min(p.caption), '') as caption,
                 json_agg(json_build_object('id', p.id, 'width', p.width, 'height', p.height,
                     'redacted', p.redacted_at is not null, 'removal', photo_removal(p_tenant, p)) order by p.id)
                     as photos
            from photos p
           where p.tenant_id = p_tenant and p.event_id = e.id
          having count(*) > 0) x
     where e.tenant_id = p_tenant and e.subject_id = p_thing and e.verb = 'add_photos'
$$;

-- One photo, as its own page shows it. Of added ones all of the thing are told through, else those of the step.
create or replace function photo_json(p_tenant uuid, p_photo uuid) returns json
    language sql stable as $$
    select json_build_object('id', p.id, 'step', p.step, 'event_id', p.event_id, 'at', e.at, 'subject', e.subject,
               'subject_id', e.subject_id, 'who', trim(e.seat || ' ' || e.person_name), 'width', p.width,
               'height', p.height, 'bytes', p.bytes, 'content_id', p.content_id, 'small_id', p.small_id,
               'original_sha256', encode(p.original_sha256, 'hex'), 'original_bytes', p.original_bytes,
               'redacted_at', p.redacted_at, 'redacter', r.name, 'redaction_reason', p.redaction_reason,
               'sealed_id', p.sealed_id, 'key_name', p.key_name, 'caption', coalesce(p.caption, ''),
               'removal', photo_removal(p_tenant, p),
               'set', case when p.step = 'added'
                   then (select json_agg(json_build_object('id', o.id, 'gone', o.removed_at is not null)
                                         order by v.at, v.id, o.id)
                           from events v join photos o on o.tenant_id = p_tenant and o.event_id = v.id
                          where v.tenant_id = p_tenant and v.subject_id = e.subject_id and v.verb = 'add_photos')
                   else (select json_agg(json_build_object('id', o.id, 'gone', false) order by o.id)
                           from photos o where o.tenant_id = p_tenant and o.event_id = p.event_id) end)
      from photos p
      join events e on e.tenant_id = p_tenant and e.id = p.event_id
      left join people r on r.tenant_id = p_tenant and r.id = p.redacted_by
     where p.tenant_id = p_tenant and p.id = p_photo
$$;
