-- What pages and acts ask again and again keeps its plan in a list too, whose own statement is planned anew: such a
-- function is asked by keys, for each row, and was planned anew in each page. Those that join more than what hangs on one
-- key are not among them: their plan would be the average tenant's.
do $$
declare
    f record;
begin
    for f in
        select p.oid::regprocedure as signature, p.proname as name, pg_get_function_identity_arguments(p.oid) as arguments,
               pg_get_function_result(p.oid) as result, rtrim(btrim(p.prosrc, e' \n'), ';') as body, l.lanname = 'sql' as is_sql
          from pg_proc p
          join pg_language l on l.oid = p.prolang
         where p.pronamespace = 'public'::regnamespace and not p.proretset
           and p.proname = any ('{session_lives,parameter_value,stand_in,is_involved,has_judged,took_part,has_visited,had_to_do,
               is_suspended,was_late,clock_json,rules_json,calendar_of,photos_demanded,phrases_json,photos_of_subject,
               photos_of_event,due_json,seat_name,holder_on,search_house,figure_days_of_whistle,reported_in_time,
               chain_tree,announcements_json,figure_days_live}')
    loop
        -- The body stays what it was, one expression (1102).
        if f.is_sql then
            execute format('create or replace function public.%I(%s) returns %s
                                language plpgsql stable as $body$ begin return (%s); end $body$',
                           f.name, f.arguments, f.result, f.body);
        end if;
        execute format('alter function %s set plan_cache_mode = force_generic_plan', f.signature);
    end loop;
end $$;

-- Whether a limit was passed on the way, as before, but clock by clock: a plan for all of them at once reads every breach
-- there ever was.
create or replace function matter_was_late(p_tenant uuid, p_matter uuid) returns boolean
    language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
    return exists (
        select from clocks c
         where c.tenant_id = p_tenant and c.matter_id = p_matter
           and exists (select from breaches b where b.tenant_id = p_tenant and b.clock_id = c.id offset 0));
end $$;
create or replace function whistle_was_late(p_tenant uuid, p_whistle uuid) returns boolean
    language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
    return exists (
        select from clocks c
         where c.tenant_id = p_tenant and c.whistle_id = p_whistle
           and exists (select from breaches b where b.tenant_id = p_tenant and b.clock_id = c.id offset 0)
           and not exists (select from exemptions x where x.tenant_id = p_tenant and x.clock_id = c.id offset 0));
end $$;

-- What waits for a post, asked with the condition of an index: before, a plan that is kept read every whistle there
-- ever was. Each kind of post has a branch of its own, so that those of others cost nothing.
create or replace function matters_waiting(p_tenant uuid, p_kind post_kind, p_code text) returns setof matters
    language sql stable as $$
    select m.* from matters m
     where p_kind in ('community_secretary', 'community_worker')
       and m.tenant_id = p_tenant and m.ended_at is null
       and m.community_code = p_code and m.stage in ('filed', 'accepted')
    union all
    select m.* from matters m
     where p_kind = 'street_dispatcher'
       and m.tenant_id = p_tenant and m.ended_at is null
       and m.street_code = p_code and m.stage = 'raised'
       and not exists (select from whistle_matters w
                        where w.tenant_id = p_tenant and w.matter_id = m.id and w.live)
    union all
    select m.* from matters m
     where p_kind = 'grid_chief'
       and m.tenant_id = p_tenant and m.ended_at is null
       and m.community_code = left(p_code, 12) and m.grid_code = p_code and m.stage = 'filed'
$$;

create or replace function whistles_waiting(p_tenant uuid, p_kind post_kind, p_code text, p_department uuid, p_person uuid)
    returns table (whistle_id uuid, assignment_id uuid, act text, since timestamptz)
    language sql stable as $$
    select w.id, null::uuid, 'draft', w.waiting_since from whistles w
     where w.tenant_id = p_tenant and w.closed_at is null and w.withdrawn_at is null and w.stage = 'draft'
       and ((p_kind = 'street_dispatcher' and w.street_code = p_code and not w.from_community)
         or (p_kind in ('community_secretary', 'community_worker') and w.community_code = p_code and w.from_community))
    union all
    select w.id, null, 'sort', w.waiting_since from whistles w
     where w.tenant_id = p_tenant and w.closed_at is null and w.withdrawn_at is null and w.stage = 'requested'
       and p_kind = 'street_dispatcher' and w.street_code = p_code
    union all
    select w.id, null, 'approve', w.waiting_since from whistles w
     where w.tenant_id = p_tenant and w.closed_at is null and w.withdrawn_at is null
       and w.stage = 'approving' and w.street_code = p_code and w.drafted_by <> p_person
       and ((p_kind = 'street_deputy' and w.kind in ('routine', 'joint_enforcement'))
         or (p_kind = 'street_secretary' and w.kind = 'tough'))
    union all
    select w.id, null, 'verify', w.sounded_at from whistles w
     where w.tenant_id = p_tenant and w.closed_at is null and w.withdrawn_at is null
       and w.stage in ('sounded', 'checking', 'rating', 'closing') and w.kind = 'emergency' and w.verified_at is null
       and p_kind = 'street_deputy' and w.street_code = p_code
    union all
    select w.id, null, 'check', w.waiting_since from whistles w
     where w.tenant_id = p_tenant and w.closed_at is null and w.withdrawn_at is null and w.stage = 'checking'
       and ((p_kind = 'street_checker' and w.street_code = p_code)
         or (p_kind in ('community_secretary', 'community_worker') and w.community_code = p_code))
       and not is_involved(p_tenant, w.id, p_person, true)
    union all
    select w.id, null, 'rate', w.waiting_since from whistles w
     where w.tenant_id = p_tenant and w.closed_at is null and w.withdrawn_at is null and w.stage = 'rating'
       and ((p_kind = 'street_dispatcher' and w.street_code = p_code
             and not exists (select from ratings r where r.tenant_id = p_tenant
                               and r.whistle_id = w.id and r.side = 'street' and r.round = w.reopened))
         or (p_kind in ('community_secretary', 'community_worker') and w.community_code = p_code
             and not exists (select from ratings r where r.tenant_id = p_tenant
                               and r.whistle_id = w.id and r.side = 'community' and r.round = w.reopened)))
       and not is_involved(p_tenant, w.id, p_person, false)
    union all
    select w.id, null, 'close', w.waiting_since from whistles w
     where w.tenant_id = p_tenant and w.closed_at is null and w.withdrawn_at is null and w.stage = 'closing'
       and w.street_code = p_code and ((p_kind = 'street_dispatcher' and w.kind <> 'tough')
         or (p_kind = 'street_secretary' and w.kind = 'tough'))
       and (w.kind <> 'emergency' or w.verified_at is not null)
       and not is_involved(p_tenant, w.id, p_person, false)
    union all
    select a.whistle_id, a.id,
           case a.stage when 'sent' then 'sign' when 'signed' then 'report' else 'feedback' end, a.waiting_since
      from assignments a
     where a.tenant_id = p_tenant and a.department_id = p_department and a.stage in ('sent', 'signed', 'reported')
       and p_kind in ('department_head', 'department_clerk')
       and not is_suspended(p_tenant, a.whistle_id)
    union all
    select a.whistle_id, a.id, 'review', w.waiting_since
      from assignments a
      join whistles w on w.tenant_id = p_tenant and w.id = a.whistle_id
     where a.tenant_id = p_tenant and a.department_id = p_department and a.stage in ('passed', 'uncooperative')
       and w.stage in ('rating', 'closing') and w.closed_at is null and w.withdrawn_at is null
       and p_kind in ('department_head', 'department_clerk')
       and not exists (select from reviews r where r.tenant_id = p_tenant and r.assignment_id = a.id)
    union all
    select o.whistle_id, null, 'recur', o.at
      from reopen_proposals o
      join whistles w on w.tenant_id = p_tenant and w.id = o.whistle_id
     where o.tenant_id = p_tenant and o.decided_at is null
       and p_kind = 'street_dispatcher' and w.street_code = p_code
$$;

-- A list is counted, and what was filed lately on a ground, in an index alone.
do $$ begin
    drop index matters_by_street;
    drop index matters_by_community;
    drop index matters_by_grid;
    create index matters_by_street on matters (tenant_id, street_code, id) include (stage, solved_level);
    create index matters_by_community on matters (tenant_id, community_code, id) include (stage, solved_level);
    create index matters_by_grid on matters (tenant_id, grid_code, id) include (stage, solved_level);
end $$;
