-- The chain and the departments are changed on pages (机构变动): nodes are added, renamed, split,
-- merged and closed, departments added, renamed and ended. What is open at a node that goes moves to
-- its heir; what is over stays where it was.

alter type event_subject add value 'node';

do $$ begin
    -- A stale form is told that somebody else was first.
    alter table nodes add column version integer not null default 1;
    alter table nodes add constraint nodes_version check (version >= 1);
    -- Where the open work of a node went when it was closed.
    alter table nodes add column heir_id uuid;
    alter table nodes add constraint nodes_heir foreign key (tenant_id, heir_id) references nodes (tenant_id, id);
    alter table nodes add constraint nodes_heir_of_closed check (heir_id is null or valid_to is not null and heir_id <> id);
    -- What is closed on the day it began has not stood on any day.
    alter table nodes drop constraint nodes_validity;
    alter table nodes add constraint nodes_validity check (valid_to is null or valid_to >= valid_from);
    alter table posts drop constraint posts_validity;
    alter table posts add constraint posts_validity check (valid_to is null or valid_to >= valid_from);

    alter table departments add column version integer not null default 1;
    alter table departments add constraint departments_version check (version >= 1);
    alter table departments drop constraint departments_validity;
    alter table departments add constraint departments_validity check (valid_to is null or valid_to >= valid_from);
end $$;
comment on column nodes.heir_id is 'Where the open work went when the node was closed; what opens again opens there.';
create index nodes_of_heir on nodes (tenant_id, heir_id) where heir_id is not null;
create index nodes_of_predecessor on nodes (tenant_id, predecessor_id) where predecessor_id is not null;

grant update (name, party_name, households, longitude, latitude, valid_to, heir_id, version) on nodes to street_whistle_app;
grant update (name, kind, valid_to, version) on departments to street_whistle_app;
grant update (place_id, place_level, place_code) on matters to street_whistle_app;
grant update (post_id) on notices to street_whistle_app;

create table node_names (
    tenant_id   uuid not null,
    node_id     uuid not null,
    to_day      date not null,
    name        text not null,
    party_name  text not null,
    constraint node_names_pk primary key (tenant_id, node_id, to_day),
    constraint node_names_node foreign key (tenant_id, node_id) references nodes (tenant_id, id)
);
comment on table node_names is 'What a node was called until (not including) a day. Its present names stand in nodes.';
select make_tenant_table('node_names');

-- What is new belongs on ground that stands. The row of the place is locked against its closing: who
-- files while somebody closes is seen by him, or comes after him and is told.
create function on_standing_ground() returns trigger
    language plpgsql as $$
declare
    ground uuid := (to_jsonb(new) ->> tg_argv[0])::uuid;
    ends date;
begin
    if ground is null then
        return new;
    end if;
    select n.valid_to into ends from nodes n where n.tenant_id = new.tenant_id and n.id = ground for key share;
    if ends is not null then
        raise exception 'the place has been closed' using errcode = 'check_violation', constraint = 'on_standing_ground';
    end if;
    return new;
end $$;
create trigger matters_on_ground before insert on matters
    for each row when (new.ended_at is null) execute function on_standing_ground('place_id');
create trigger whistles_on_ground before insert on whistles
    for each row when (new.closed_at is null and new.withdrawn_at is null) execute function on_standing_ground('place_id');
create trigger whistles_moved_on_ground before update of place_id on whistles
    for each row when (old.place_id <> new.place_id) execute function on_standing_ground('place_id');
create trigger posts_on_ground before insert on posts
    for each row when (new.valid_to is null) execute function on_standing_ground('node_id');
create trigger nodes_on_ground before insert on nodes
    for each row when (new.valid_to is null) execute function on_standing_ground('parent_id');

-- The same for departments: an assignment is given to one that stands.
create function to_standing_department() returns trigger
    language plpgsql as $$
declare
    ends date;
begin
    select d.valid_to into ends from departments d
     where d.tenant_id = new.tenant_id and d.id = new.department_id for key share;
    if ends is not null then
        raise exception 'the department has been ended' using errcode = 'check_violation', constraint = 'to_standing_department';
    end if;
    return new;
end $$;
create trigger assignments_to_department before insert on assignments
    for each row when (new.stage in ('planned', 'sent')) execute function to_standing_department();
create trigger posts_in_standing_department before insert on posts
    for each row when (new.department_id is not null and new.valid_to is null) execute function to_standing_department();

-- What was over and opens again (重启) opens where the ground is now.
create function open_at_the_heir() returns trigger
    language plpgsql as $$
declare
    heir uuid;
begin
    loop
        select n.heir_id into heir from nodes n
         where n.tenant_id = new.tenant_id and n.id = new.place_id for key share;
        exit when heir is null;
        select n.id, n.level, n.code into new.place_id, new.place_level, new.place_code
          from nodes n where n.tenant_id = new.tenant_id and n.id = heir;
    end loop;
    return new;
end $$;
create trigger matters_open_again before update of ended_at on matters
    for each row when (old.ended_at is not null and new.ended_at is null) execute function open_at_the_heir();
create trigger whistles_open_again before update of closed_at on whistles
    for each row when (old.closed_at is not null and new.closed_at is null) execute function open_at_the_heir();

-- As before, with the names of the day.
create or replace function chain_tree(p_tenant uuid, p_scope text, p_at text, p_today date) returns json
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
               'id', s.id, 'code', s.code, 'name', coalesce(e.name, s.name),
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
      left join lateral (
           select e.name from node_names e
            where e.tenant_id = p_tenant and e.node_id = s.id and e.to_day > p_today
            order by e.to_day limit 1) e on true
$$;

create or replace function chain_below(p_tenant uuid, p_code text, p_day date) returns json
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
               'id', k.id, 'name', coalesce(e.name, k.name), 'party_name', coalesce(e.party_name, k.party_name), 'sizes', z.figures,
               'crew', coalesce(c.figures, '[]'::json), 'posts', coalesce(w.posts, '[]'::json),
               'open', coalesce(g.open, 0))
               order by k.code collate "C"), '[]'::json)
      from kin k
      join sizes z on z.child = k.code
      left join crews c on c.child = k.code
      left join own w on w.child = k.code
      left join ground g on g.child = k.code
      left join lateral (
           select e.name, e.party_name from node_names e
            where e.tenant_id = p_tenant and e.node_id = k.id and e.to_day > p_day
            order by e.to_day limit 1) e on true
     where k.code = k.child
$$;
