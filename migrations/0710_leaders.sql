-- The city leader in charge of a department (分管市领导): whom a card against the department is told
-- to. A change is a new row, so that it can be said who was in charge when a card was issued.

alter type event_subject add value if not exists 'department';

create table department_leaders (
    tenant_id      uuid not null,
    id             uuid not null,
    department_id  uuid not null,
    post_id        uuid not null,
    post_kind      post_kind not null,
    from_day       date not null,
    to_day         date,
    named_at       timestamptz not null,
    named_by       uuid not null,
    named_post     uuid not null,
    constraint department_leaders_pk primary key (tenant_id, id),
    constraint department_leaders_department foreign key (tenant_id, department_id)
        references departments (tenant_id, id),
    constraint department_leaders_post foreign key (tenant_id, post_id, post_kind)
        references posts (tenant_id, id, kind),
    constraint department_leaders_named_by foreign key (tenant_id, named_by) references people (tenant_id, id),
    constraint department_leaders_named_post foreign key (tenant_id, named_post) references posts (tenant_id, id),
    -- The kind is part of the key above: no other post can be in charge.
    constraint department_leaders_of_city check (post_kind = 'city_leader'),
    constraint department_leaders_order check (to_day is null or to_day >= from_day),
    -- One at a time. Whoever is replaced on the day he was named has not been in charge on any day.
    constraint department_leaders_one exclude using gist (
        tenant_id with =, department_id with =, daterange(from_day, to_day) with &&)
);
comment on table department_leaders is 'The city leader''s post in charge of a department from a day until (not including) a day. In force while to_day is null.';
create index department_leaders_of_post on department_leaders (tenant_id, post_id) where to_day is null;
select make_tenant_table('department_leaders');
grant update (to_day) on department_leaders to street_whistle_app;
-- Locking a department's row, as a naming does, asks for a right to change something in it. Without
-- the lock two who name the first leader at once would wait for each other in the exclusion.
grant update (position) on departments to street_whistle_app;

-- A card can lack two who should have got it: the head of the department, and the leader in charge.
do $$ begin
    alter table unreached drop constraint unreached_key;
    alter table unreached add constraint unreached_reason_key unique (tenant_id, supervision_id, reason);
end $$;
comment on table unreached is 'Somebody whom a supervision did not reach, and why: vacant post, no leader named. Never silence: the city''s office clears it.';

-- Who holds a post on a day; null: nobody.
create function holder_on(p_tenant uuid, p_post uuid, p_day date) returns text
    language sql stable as $$
    select y.name
      from appointments m
      join people y on y.tenant_id = p_tenant and y.id = m.person_id
     where m.tenant_id = p_tenant and m.post_id = p_post
       and m.from_day <= p_day and (m.to_day is null or m.to_day > p_day)
$$;

-- The city leaders' posts that stand on a day, with who holds them, as JSON.
create function city_leaders(p_tenant uuid, p_day date) returns json
    language sql stable as $$
    select coalesce(json_agg(json_build_object('post', p.id, 'title', p.title, 'holder', holder_on(p_tenant, p.id, p_day))
                             order by p.valid_from, p.id), '[]')
      from posts p
     where p.tenant_id = p_tenant and p.kind = 'city_leader'
       and p.valid_from <= p_day and (p.valid_to is null or p.valid_to > p_day)
$$;
