-- Originals of photos are sealed anew under a new key, as everything else that is sealed: the row names
-- another content under another key, and the old content is removed from the store.

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
    -- Sealed anew: under another key, what is shown stays, and the old seal is noted to be removed.
    if old.sealed_id is not null and (new.sealed_id, new.key_name) is distinct from (old.sealed_id, old.key_name)
       and (new.sealed_id is null or new.sealed_id = old.sealed_id or new.key_name = old.key_name
            or new.content_id <> old.content_id or not old.sealed_id = any (new.leftovers)) then
        raise exception 'a sealed original stays sealed'
            using errcode = 'check_violation', constraint = 'photo_stays';
    end if;
    if new.sealed_id is null and new.content_id <> old.content_id then
        raise exception 'another picture is shown only where the original is sealed'
            using errcode = 'check_violation', constraint = 'photo_stays';
    end if;
    return new;
end $$;

create index photos_sealed on photos (tenant_id, key_name, id) where key_name is not null;

-- How much of a tenant is sealed under which key: 个人信息, 干部考评意见, 第二因子, 照片原件, and what is not
-- sealed anew: uploads for a register that wait to be confirmed, gone after three days.
create or replace function sealed_counts(p_tenant uuid) returns table (kind text, key_name text, amount bigint)
    language sql stable as $$
    select 'personal', v.key_name, count(*) from personal_values v where v.tenant_id = p_tenant group by v.key_name
    union all
    select 'cadre', s.key_name, count(*) from exercise_secrets s where s.tenant_id = p_tenant group by s.key_name
    union all
    select 'factor', f.key_name, count(*) from second_factors f where f.tenant_id = p_tenant group by f.key_name
    union all
    select 'photo', p.key_name, count(*) from photos p
     where p.tenant_id = p_tenant and p.key_name is not null group by p.key_name
    union all
    select 'kept', r.key_name, count(*) from import_rows r where r.tenant_id = p_tenant group by r.key_name
$$;
