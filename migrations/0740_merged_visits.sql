-- Whoever told a matter that was merged into another (并案) is a resident too, and is asked as well:
-- a visit stands on a matter behind the whistle, or on one that was merged into such a one.

do $$ begin
    alter table visits add column merged_into uuid;
    alter table visits add column behind_id uuid generated always as (coalesce(merged_into, matter_id)) stored;
    alter table visits drop constraint visits_matter;
    alter table visits add constraint visits_matter
        foreign key (tenant_id, matter_id) references matters (tenant_id, id);
    alter table visits add constraint visits_behind foreign key (tenant_id, whistle_id, behind_id)
        references whistle_matters (tenant_id, whistle_id, matter_id);
    alter table visits add constraint visits_merged check (merged_into <> matter_id);
end $$;
comment on column visits.merged_into is 'The matter behind the whistle that this one had been merged into when its teller was to be asked; null: it stands behind the whistle itself.';

-- What a visit says about merging is so when it begins; that the two are taken apart again later
-- ends the visit and changes nothing that was asked.
create function visits_follow_merging() returns trigger
    language plpgsql as $$
begin
    if new.merged_into is not null and not exists (
        select from matters m where m.tenant_id = new.tenant_id and m.id = new.matter_id
           and m.merged_into = new.merged_into) then
        raise exception 'a visit follows the matter that its own was merged into'
            using errcode = 'check_violation', constraint = 'visits_merged_so';
    end if;
    return new;
end $$;
create trigger visits_of_merged before insert on visits
    for each row execute function visits_follow_merging();

-- Whether this person found a matter that was merged into one behind the whistle, or took measures
-- on it. That closes the asking, not the check: the check is about the matter that stayed.
create function has_found_merged(tenant uuid, whistle uuid, person uuid) returns boolean
    language sql stable as $$
    select exists (select from whistle_matters w
                     join matters m on m.tenant_id = tenant and m.merged_into = w.matter_id
                    where w.tenant_id = tenant and w.whistle_id = whistle
                      and (m.filed_by = person
                           or exists (select from matter_steps s where s.tenant_id = tenant
                                         and s.matter_id = m.id and s.person_id = person)))
$$;

-- As 0400 has it, and who found a merged matter does not ask either.
create or replace function visitor_is_neutral() returns trigger
    language plpgsql as $$
begin
    if new.person_id is null then
        return new;
    end if;
    perform see_what_others_did();
    perform 1 from whistles where tenant_id = new.tenant_id and id = new.whistle_id for no key update;
    if is_involved(new.tenant_id, new.whistle_id, new.person_id, true)
       or has_found_merged(new.tenant_id, new.whistle_id, new.person_id)
       or has_judged(new.tenant_id, new.whistle_id, new.person_id, false) then
        raise exception 'who handled or judged does not ask the resident'
            using errcode = 'check_violation', constraint = 'visitor_is_neutral';
    end if;
    return new;
end $$;
