-- What lies below a place and who holds its posts: the city's page, a node's page and a
-- department's page read the same two functions.

create index appointments_of_post on appointments (tenant_id, post_id, from_day);

-- The posts of one node or department, each with everyone who ever held it, oldest first.
create function posts_with_terms(p_tenant uuid, p_seat uuid) returns json
    language sql stable as $$
    select coalesce(json_agg(json_build_object(
               'kind', o.kind, 'title', o.title, 'valid_from', o.valid_from, 'valid_to', o.valid_to,
               'terms', coalesce((
                   select json_agg(json_build_object(
                              'person', p.id, 'name', p.name, 'identity', p.identity, 'home_unit', p.home_unit,
                              'is_member', p.is_member, 'from_day', a.from_day, 'to_day', a.to_day)
                              order by a.from_day)
                     from appointments a
                     join people p on p.tenant_id = p_tenant and p.id = a.person_id
                    where a.tenant_id = p_tenant and a.post_id = o.id), '[]'::json))
               order by o.kind, o.title, o.id), '[]'::json)
      from posts o
     where o.tenant_id = p_tenant and (o.node_id = p_seat or o.department_id = p_seat)
$$;
comment on function posts_with_terms(uuid, uuid) is 'The posts of a node or department with all their terms, as JSON.';

-- What stands directly below a code ('' = the streets of the city), in the order of codes:
-- its own posts with who held them on the day, how much lies below it by level, how many of
-- the posts at and below it were held, and the matters open there now.
create function chain_below(p_tenant uuid, p_code text, p_day date) returns json
    language sql stable as $$
    with kin as materialized (
        select n.id, n.code, n.name, n.party_name, n.level, n.households,
               left(n.code, case length(p_code) when 0 then 9 when 9 then 12 when 12 then 15
                                                when 15 then 18 else 20 end) as child
          from nodes n
         where n.tenant_id = p_tenant and n.code > p_code and n.code < p_code || ':'
           and n.valid_from <= p_day and (n.valid_to is null or n.valid_to > p_day)),
    sizes as (
        select k.child, json_build_object(
                   'communities', count(*) filter (where k.level = 2), 'grids', count(*) filter (where k.level = 3),
                   'buildings', count(*) filter (where k.level = 4), 'units', count(*) filter (where k.level = 5),
                   'households', coalesce(sum(k.households), 0)) as figures
          from kin k
         group by k.child),
    seats as materialized (
        select k.child, k.code, o.id, o.kind, o.title, o.valid_from, a.person_id
          from kin k
          join posts o on o.tenant_id = p_tenant and o.node_id = k.id
               and o.valid_from <= p_day and (o.valid_to is null or o.valid_to > p_day)
          left join appointments a on a.tenant_id = p_tenant and a.post_id = o.id
               and a.from_day <= p_day and (a.to_day is null or a.to_day > p_day)),
    crews as (
        select c.child, json_agg(json_build_object('kind', c.kind, 'held', c.held, 'seats', c.seats)) as figures
          from (select s.child, s.kind, count(s.person_id) as held, count(*) as seats
                  from seats s group by s.child, s.kind) c
         group by c.child),
    own as (
        select s.child, json_agg(json_build_object(
                   'kind', s.kind, 'title', s.title, 'name', p.name, 'home_unit', p.home_unit,
                   'vacant_since', case when s.person_id is null then greatest(s.valid_from, (
                       select max(a.to_day) from appointments a
                        where a.tenant_id = p_tenant and a.post_id = s.id and a.to_day <= p_day)) end)
                   order by s.kind, s.title, s.id) as posts
          from seats s
          left join people p on p.tenant_id = p_tenant and p.id = s.person_id
         where s.code = s.child
         group by s.child),
    ground as (
        select m.street_code as child, count(*) as open
          from matters m
         where m.tenant_id = p_tenant and m.ended_at is null and p_code = ''
         group by 1
        union all
        select left(m.place_code, length(p_code) + case length(p_code) when 18 then 2 else 3 end), count(*)
          from matters m
         where m.tenant_id = p_tenant and m.street_code = left(p_code, 9) and m.ended_at is null
           and m.place_code > p_code and m.place_code < p_code || ':'
         group by 1)
    select coalesce(json_agg(json_build_object(
               'id', k.id, 'name', k.name, 'party_name', k.party_name, 'sizes', z.figures,
               'crew', coalesce(c.figures, '[]'::json), 'posts', coalesce(w.posts, '[]'::json),
               'open', coalesce(g.open, 0))
               order by k.code collate "C"), '[]'::json)
      from kin k
      join sizes z on z.child = k.code
      left join crews c on c.child = k.code
      left join own w on w.child = k.code
      left join ground g on g.child = k.code
     where k.code = k.child
$$;
comment on function chain_below(uuid, text, date) is 'What stands directly below a place on a day, with its figures, as JSON.';
