-- Account slips (账号条) for many at once: who holds a post today and has an account whose first
-- password has run out unused, with the unit in which the slip is handed over. Accounts that come in
-- from Excel begin like that.

create index accounts_first on accounts (tenant_id, first_until) where must_change and closed_at is null;

create function slips_waiting(p_tenant uuid, p_day date, p_now timestamptz)
    returns table (person_id uuid, post_id uuid, unit text)
    language sql stable as $$
    select a.person_id, o.id, coalesce(o.department_id::text, u.id::text, 'city')
      from accounts a
      join appointments m on m.tenant_id = p_tenant and m.person_id = a.person_id
           and m.from_day <= p_day and (m.to_day is null or m.to_day > p_day)
      join posts o on o.tenant_id = p_tenant and o.id = m.post_id
      left join nodes u on u.tenant_id = p_tenant and u.code = left(o.node_code, 12)
     where a.tenant_id = p_tenant and a.must_change and a.closed_at is null and a.first_until <= p_now
$$;
