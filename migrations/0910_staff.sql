-- People, the posts they are appointed to and their accounts are kept on pages by the
-- administrators: the system administrator the register of people, the security administrator
-- posts, appointments and accounts (三员分立).

alter type event_subject add value 'person';
alter type event_subject add value 'post';

do $$ begin
    -- A stale form is told that somebody else was first.
    alter table people add column version integer not null default 1;
    alter table people add constraint people_version check (version >= 1);
    alter table people add constraint people_texts check (char_length(identity) between 1 and 20
        and char_length(home_unit) between 2 and 60);

    -- When the term ends (任期届满): a reminder, not an end.
    alter table appointments add column term_to date;
    alter table appointments add constraint appointments_term check (term_to > from_day);
    -- One that was taken back before it began ends on the day on which it would have begun.
    alter table appointments drop constraint appointments_order;
    alter table appointments add constraint appointments_order check (to_day is null or to_day >= from_day);

    -- A first password is written on a slip and holds for a few days; a closed account keeps its name.
    alter table accounts add column first_until timestamptz;
    alter table accounts add column closed_at timestamptz;
    alter table accounts add column closed_reason text;
    alter table accounts add constraint accounts_closed check ((closed_at is null) = (closed_reason is null)
        and char_length(closed_reason) between 2 and 200);

    -- City posts first, then departments, then the chain from above.
    alter table posts add column place text collate "C" generated always as (
        case when node_code is not null then 'c' || node_code
             when department_id is not null then 'b' || department_id::text else 'a' end) stored;
    alter table posts add constraint posts_title_length check (char_length(title) between 1 and 30);
end $$;

create index people_in_order on people (tenant_id, name, id);
create index posts_in_order on posts (tenant_id, place, kind, id);

grant update (name, identity, home_unit, is_member, version) on people to street_whistle_app;
grant update (valid_to) on posts to street_whistle_app;
grant update (term_to) on appointments to street_whistle_app;
grant update (first_until, closed_at, closed_reason) on accounts to street_whistle_app;

-- Posts, accounts and sessions must have somebody: how many security administrators can sign in on
-- a day. Whoever takes one away locks their posts first and asks afterwards.
create function security_admins(p_tenant uuid, p_day date) returns bigint
    language sql stable as $$
    select count(distinct m.person_id)
      from posts o
      join appointments m on m.tenant_id = p_tenant and m.post_id = o.id
           and m.from_day <= p_day and (m.to_day is null or m.to_day > p_day)
      join accounts a on a.tenant_id = p_tenant and a.person_id = m.person_id and a.closed_at is null
     where o.tenant_id = p_tenant and o.kind = 'security_admin'
$$;

-- As before, without appointments that were taken back.
create or replace function posts_with_terms(p_tenant uuid, p_seat uuid) returns json
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
                    where a.tenant_id = p_tenant and a.post_id = o.id
                      and a.to_day is distinct from a.from_day), '[]'::json))
               order by o.kind, o.title, o.id), '[]'::json)
      from posts o
     where o.tenant_id = p_tenant and (o.node_id = p_seat or o.department_id = p_seat)
$$;

-- What a post's place is called where it stands alone: a building with its grid, a unit with both,
-- because 3 号楼 and 一单元 are many (金源小区 3 号楼一单元); else the name of the node or department.
create function seat_name(p_tenant uuid, p_node uuid, p_department uuid) returns text
    language sql stable as $$
    select case
           when n.level = 4 and not starts_with(n.name, regexp_replace(a.name, '网格$', ''))
                then concat(regexp_replace(a.name, '网格$', ''), ' ', n.name)
           when n.level = 5 and starts_with(n.name, a.name) then n.name
           when n.level = 5 and starts_with(a.name, regexp_replace(g.name, '网格$', '')) then concat(a.name, n.name)
           when n.level = 5 then concat(regexp_replace(g.name, '网格$', ''), ' ', a.name, n.name)
           else n.name end
      from nodes n
      left join nodes a on a.tenant_id = p_tenant and a.id = n.parent_id
      left join nodes g on g.tenant_id = p_tenant and g.id = a.parent_id
     where n.tenant_id = p_tenant and n.id = p_node
    union all
    select d.name from departments d where d.tenant_id = p_tenant and d.id = p_department
$$;
