-- What waits for a post, in one place: the desk lists it, the navigation counts it, and the
-- list behind the count is it. Plain SQL functions, so that the planner sees through them.

create function matters_waiting(p_tenant uuid, p_kind post_kind, p_code text) returns setof matters
    language sql stable as $$
    select m.* from matters m
     where m.tenant_id = p_tenant and m.ended_at is null
       and ((p_kind in ('community_secretary', 'community_worker')
             and m.community_code = p_code and m.stage in ('filed', 'accepted'))
         or (p_kind = 'street_dispatcher' and m.street_code = p_code and m.stage = 'raised'
             and not exists (select from whistle_matters w
                              where w.tenant_id = p_tenant and w.matter_id = m.id and w.live))
         or (p_kind = 'grid_chief' and m.grid_code = p_code and m.stage = 'filed'))
$$;

create function whistles_waiting(p_tenant uuid, p_kind post_kind, p_code text, p_department uuid, p_person uuid)
    returns table (whistle_id uuid, assignment_id uuid, act text, since timestamptz)
    language sql stable as $$
    select w.id, null::uuid, 'draft', w.waiting_since from whistles w
     where w.tenant_id = p_tenant and w.stage = 'draft'
       and ((p_kind = 'street_dispatcher' and w.street_code = p_code and not w.from_community)
         or (p_kind in ('community_secretary', 'community_worker') and w.community_code = p_code and w.from_community))
    union all
    select w.id, null, 'sort', w.waiting_since from whistles w
     where w.tenant_id = p_tenant and w.stage = 'requested'
       and p_kind = 'street_dispatcher' and w.street_code = p_code
    union all
    select w.id, null, 'approve', w.waiting_since from whistles w
     where w.tenant_id = p_tenant and w.stage = 'approving' and w.street_code = p_code and w.drafted_by <> p_person
       and ((p_kind = 'street_deputy' and w.kind in ('routine', 'joint_enforcement'))
         or (p_kind = 'street_secretary' and w.kind = 'tough'))
    union all
    select w.id, null, 'verify', w.sounded_at from whistles w
     where w.tenant_id = p_tenant and w.stage in ('sounded', 'checking', 'rating', 'closing')
       and w.kind = 'emergency' and w.verified_at is null
       and p_kind = 'street_deputy' and w.street_code = p_code
    union all
    select w.id, null, 'check', w.waiting_since from whistles w
     where w.tenant_id = p_tenant and w.stage = 'checking'
       and ((p_kind = 'street_checker' and w.street_code = p_code)
         or (p_kind in ('community_secretary', 'community_worker') and w.community_code = p_code))
       and not is_involved(p_tenant, w.id, p_person, true)
    union all
    select w.id, null, 'rate', w.waiting_since from whistles w
     where w.tenant_id = p_tenant and w.stage = 'rating'
       and ((p_kind = 'street_dispatcher' and w.street_code = p_code
             and not exists (select from ratings r where r.tenant_id = p_tenant
                               and r.whistle_id = w.id and r.side = 'street'))
         or (p_kind in ('community_secretary', 'community_worker') and w.community_code = p_code
             and not exists (select from ratings r where r.tenant_id = p_tenant
                               and r.whistle_id = w.id and r.side = 'community')))
       and not is_involved(p_tenant, w.id, p_person, false)
    union all
    select w.id, null, 'close', w.waiting_since from whistles w
     where w.tenant_id = p_tenant and w.stage = 'closing' and w.street_code = p_code
       and ((p_kind = 'street_dispatcher' and w.kind <> 'tough')
         or (p_kind = 'street_secretary' and w.kind = 'tough'))
       and (w.kind <> 'emergency' or w.verified_at is not null)
       and not is_involved(p_tenant, w.id, p_person, false)
    union all
    select a.whistle_id, a.id,
           case a.stage when 'sent' then 'sign' when 'signed' then 'report' else 'feedback' end, a.waiting_since
      from assignments a
     where a.tenant_id = p_tenant and a.department_id = p_department and a.stage in ('sent', 'signed', 'reported')
       and p_kind in ('department_head', 'department_clerk')
    union all
    select a.whistle_id, a.id, 'review', w.waiting_since
      from assignments a
      join whistles w on w.tenant_id = p_tenant and w.id = a.whistle_id
     where a.tenant_id = p_tenant and a.department_id = p_department and a.stage in ('passed', 'uncooperative')
       and w.stage in ('rating', 'closing')
       and p_kind in ('department_head', 'department_clerk')
       and not exists (select from reviews r where r.tenant_id = p_tenant and r.assignment_id = a.id)
$$;
