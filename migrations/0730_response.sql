-- The response rate (响应率) asks whether the leading department reported in in time: its clock says
-- so. A breach that is not counted (不计入考核) does not count here either.

create function reported_in_time(p_tenant uuid, p_assignment uuid, p_reported timestamptz) returns boolean
    language sql stable as $$
    select p_reported is not null
       and not exists (select from clocks c
                         join breaches b on b.tenant_id = p_tenant and b.clock_id = c.id
                        where c.tenant_id = p_tenant and c.assignment_id = p_assignment and c.stage = 'report'
                          and not exists (select from exemptions e
                                           where e.tenant_id = p_tenant and e.clock_id = c.id))
$$;
