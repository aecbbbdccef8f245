-- The organisation tree as pages draw it: one branch opened, everything else closed, so
-- that a city of any size costs what one branch costs.

-- A flat array in the order of codes. On top are the streets, or the one node of the
-- scope. The way from there to p_at is opened, and so is p_at; a p_at outside the scope
-- opens the top of the scope. Only what is valid on the day; the counts are of now.
create function chain_tree(p_tenant uuid, p_scope text, p_at text, p_today date) returns json
    language sql stable as $$
    with asked as (
        select case when starts_with(p_at, p_scope) then p_at else p_scope end as at),
    opened as (
        select n.id
          from nodes n, asked a
         where n.tenant_id = p_tenant
           and n.code in (left(a.at, 9), left(a.at, 12), left(a.at, 15), left(a.at, 18), a.at)
           and length(n.code) >= length(p_scope)
           and n.valid_from <= p_today and (n.valid_to is null or n.valid_to > p_today)),
    shown as (
        select n.id, n.code, n.name, n.level
          from nodes n
         where n.tenant_id = p_tenant and p_scope = '' and n.parent_id is null
           and n.valid_from <= p_today and (n.valid_to is null or n.valid_to > p_today)
        union all
        select n.id, n.code, n.name, n.level
          from nodes n
         where n.tenant_id = p_tenant and n.code = p_scope
           and n.valid_from <= p_today and (n.valid_to is null or n.valid_to > p_today)
        union all
        select n.id, n.code, n.name, n.level
          from opened o
          join nodes n on n.tenant_id = p_tenant and n.parent_id = o.id
         where n.valid_from <= p_today and (n.valid_to is null or n.valid_to > p_today)),
    -- Grids, buildings and units show only in the one opened community: counted in one go.
    ground as (
        select left(m.place_code, l.length) as code, count(*) as open
          from asked a
          join matters m on m.tenant_id = p_tenant and m.community_code = left(a.at, 12) and m.ended_at is null
          join (values (15), (18), (20)) as l (length) on length(m.place_code) >= l.length
         where length(a.at) >= 12
         group by 1)
    select coalesce(json_agg(json_build_object(
               'id', s.id, 'code', s.code, 'name', s.name,
               'depth', s.level - case length(p_scope) when 12 then 2 when 15 then 3 when 18 then 4
                                                       when 20 then 5 else 1 end,
               'has_children', exists (
                   select from nodes c
                    where c.tenant_id = p_tenant and c.parent_id = s.id
                      and c.valid_from <= p_today and (c.valid_to is null or c.valid_to > p_today)),
               'open', exists (select from opened o where o.id = s.id),
               'current', s.code = p_at,
               'count', case s.level
                   when 1 then (select count(*) from matters m
                                 where m.tenant_id = p_tenant and m.street_code = s.code and m.ended_at is null)
                   when 2 then (select count(*) from matters m
                                 where m.tenant_id = p_tenant and m.community_code = s.code and m.ended_at is null)
                   else coalesce((select g.open from ground g where g.code = s.code), 0) end)
               order by s.code collate "C"), '[]'::json)
      from shown s
$$;
comment on function chain_tree(uuid, text, text, date) is 'The organisation tree with one branch opened, as JSON.';
