-- Topics (每月一题): a trouble of one class that comes again and again in the same places is taken up by the
-- city, with a department in the lead, one scheme and three lists, and looked at before and after.
-- What may be taken up is not kept: it is counted from the matters of the last ninety days.

alter type event_subject add value 'topic';

create type topic_stage as enum ('taken_up', 'under_way', 'concluded', 'withdrawn');
create type topic_list as enum ('task', 'policy', 'duty');

create table topics (
    tenant_id      uuid not null,
    id             uuid not null,
    title          text not null,
    month          date not null,
    class_code     text collate "C" not null,
    goal           text not null,
    lead_id        uuid not null,
    stage          topic_stage not null default 'taken_up',
    version        integer not null default 1,
    taken_up_at    timestamptz not null,
    taken_up_by    uuid not null,
    taken_up_post  uuid not null,
    scheme         text,
    scheme_at      timestamptz,
    scheme_by      uuid,
    ended_at       timestamptz,
    ended_by       uuid,
    ended_words    text,
    constraint topics_pk primary key (tenant_id, id),
    constraint topics_class_key unique (tenant_id, id, class_code),
    constraint topics_class foreign key (tenant_id, class_code) references classes (tenant_id, code),
    constraint topics_lead foreign key (tenant_id, lead_id) references departments (tenant_id, id),
    constraint topics_taken_up_by foreign key (tenant_id, taken_up_by) references people (tenant_id, id),
    constraint topics_taken_up_post foreign key (tenant_id, taken_up_post) references posts (tenant_id, id),
    constraint topics_scheme_by foreign key (tenant_id, scheme_by) references people (tenant_id, id),
    constraint topics_ended_by foreign key (tenant_id, ended_by) references people (tenant_id, id),
    constraint topics_month check (extract(day from month) = 1),
    constraint topics_texts check (char_length(title) between 2 and 60 and char_length(goal) between 2 and 300
        and char_length(scheme) between 2 and 2000 and char_length(ended_words) between 2 and 500),
    constraint topics_scheme check ((scheme is null) = (scheme_at is null) and (scheme is null) = (scheme_by is null)
        and (stage <> 'taken_up' or scheme is null)
        and (stage not in ('under_way', 'concluded') or scheme is not null)),
    constraint topics_ended check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (ended_words is null)
        and (ended_at is not null) = (stage in ('concluded', 'withdrawn'))),
    constraint topics_version check (version >= 1)
);
comment on table topics is 'A topic of a month: one class in some places, who leads, and when it counts as done (办结标准).';
create index topics_by_month on topics (tenant_id, month);
select make_tenant_table('topics');
grant update (title, month, goal, stage, version, scheme, scheme_at, scheme_by, ended_at, ended_by, ended_words)
    on topics to street_whistle_app;

create table topic_places (
    tenant_id   uuid not null,
    topic_id    uuid not null,
    class_code  text collate "C" not null,
    node_id     uuid not null,
    node_level  smallint not null,
    node_code   text collate "C" not null,
    live        boolean not null default true,
    constraint topic_places_pk primary key (tenant_id, topic_id, node_id),
    constraint topic_places_topic foreign key (tenant_id, topic_id, class_code)
        references topics (tenant_id, id, class_code),
    constraint topic_places_node foreign key (tenant_id, node_id, node_level, node_code)
        references nodes (tenant_id, id, level, code),
    constraint topic_places_level check (node_level in (1, 3))
);
comment on table topic_places is 'Where a topic is about: whole streets and grids. While it is not over (live), no other topic of its class is about the same place.';
create unique index topic_places_one_live on topic_places (tenant_id, class_code, node_code) where live;
select make_tenant_table('topic_places');
grant update (live) on topic_places to street_whistle_app;

create table topic_departments (
    tenant_id      uuid not null,
    topic_id       uuid not null,
    department_id  uuid not null,
    position       smallint not null,
    constraint topic_departments_pk primary key (tenant_id, topic_id, department_id),
    constraint topic_departments_position_key unique (tenant_id, topic_id, position),
    constraint topic_departments_topic foreign key (tenant_id, topic_id) references topics (tenant_id, id),
    constraint topic_departments_of foreign key (tenant_id, department_id) references departments (tenant_id, id),
    constraint topic_departments_range check (position between 0 and 5)
);
comment on table topic_departments is 'Who works on a topic: the lead (牵头部门) at position 0, the others assist (配合部门).';
create index topic_departments_by on topic_departments (tenant_id, department_id);
select make_tenant_table('topic_departments');

create table topic_items (
    tenant_id      uuid not null,
    id             uuid not null,
    topic_id       uuid not null,
    list           topic_list not null,
    words          text not null,
    department_id  uuid not null,
    due_day        date,
    added_by       uuid not null,
    added_at       timestamptz not null,
    done_at        timestamptz,
    done_by        uuid,
    done_words     text,
    dropped        boolean not null default false,
    constraint topic_items_pk primary key (tenant_id, id),
    constraint topic_items_department foreign key (tenant_id, topic_id, department_id)
        references topic_departments (tenant_id, topic_id, department_id),
    constraint topic_items_added_by foreign key (tenant_id, added_by) references people (tenant_id, id),
    constraint topic_items_done_by foreign key (tenant_id, done_by) references people (tenant_id, id),
    constraint topic_items_texts check (char_length(words) between 2 and 200 and char_length(done_words) between 2 and 300),
    constraint topic_items_due check (due_day is not null or list = 'duty'),
    constraint topic_items_done check ((done_at is null) = (done_by is null) and (done_at is null) = (done_words is null)
        and (done_at is not null or not dropped))
);
comment on table topic_items is 'A line of one of the three lists (任务、政策、责任清单): which department does what by when, and what became of it. Dropped: it is not done any more.';
create index topic_items_of_topic on topic_items (tenant_id, topic_id, id);
select make_tenant_table('topic_items');
grant update (done_at, done_by, done_words, dropped) on topic_items to street_whistle_app;

create table topic_set_asides (
    tenant_id   uuid not null,
    id          uuid not null,
    class_code  text collate "C" not null,
    grid_id     uuid not null,
    grid_level  smallint not null,
    grid_code   text collate "C" not null,
    count       integer not null,
    last_at     timestamptz not null,
    reason      text not null,
    at          timestamptz not null,
    person_id   uuid not null,
    post_id     uuid not null,
    constraint topic_set_asides_pk primary key (tenant_id, id),
    constraint topic_set_asides_class foreign key (tenant_id, class_code) references classes (tenant_id, code),
    constraint topic_set_asides_grid foreign key (tenant_id, grid_id, grid_level, grid_code)
        references nodes (tenant_id, id, level, code),
    constraint topic_set_asides_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint topic_set_asides_post foreign key (tenant_id, post_id) references posts (tenant_id, id),
    constraint topic_set_asides_level check (grid_level = 3),
    constraint topic_set_asides_reason check (char_length(reason) between 2 and 300),
    constraint topic_set_asides_count check (count >= 3)
);
comment on table topic_set_asides is 'What was proposed and is not taken up for now (暂不立题). It is proposed again when a matter comes after last_at, the newest one that was known.';
create index topic_set_asides_by_last on topic_set_asides (tenant_id, last_at);
select make_tenant_table('topic_set_asides');

-- Who said that something is done does not conclude the topic.
create function doer_never_concludes() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    if new.stage = 'concluded' and (new.scheme_by = new.ended_by
        or exists (select from topic_items i where i.tenant_id = new.tenant_id and i.topic_id = new.id
                      and i.done_by = new.ended_by and not i.dropped))
    then
        raise exception 'who worked on a topic does not conclude it'
            using errcode = 'check_violation', constraint = 'doer_never_concludes';
    end if;
    return new;
end $$;
create trigger topics_concluded_by_others before update of stage, ended_by on topics
    for each row execute function doer_never_concludes();

-- Nothing enters the lists of a topic that is over, and nothing changes in them.
create function list_open_topics_only() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    perform 1 from topics where tenant_id = new.tenant_id and id = new.topic_id for no key update;
    if exists (select from topics t where t.tenant_id = new.tenant_id and t.id = new.topic_id and t.ended_at is not null) then
        raise exception 'the lists of a topic that is over stay as they are'
            using errcode = 'check_violation', constraint = 'topic_is_over';
    end if;
    return new;
end $$;
create trigger topic_items_open before insert or update on topic_items
    for each row execute function list_open_topics_only();

-- Street, community and grid of a code, in words.
create function topic_place(p_tenant uuid, p_code text) returns text
    language sql stable as $$
    select string_agg(n.name, ' ' order by n.level) from nodes n
     where n.tenant_id = p_tenant and n.code in (left(p_code, 9), left(p_code, 12), p_code)
$$;

-- What is read of matters by their day: classes and grids stand in the index itself.
do $$ begin
    drop index matters_filed_at;
    create index matters_filed_at on matters (tenant_id, filed_at) include (class_code, grid_code, community_code, street_code);
end $$;

-- What may be taken up on a day: a class thrice or more in a grid within the last ninety local days, this day
-- included. Not while a topic of that class is about the grid or its street; after one was concluded only
-- what came on later days counts; not as long as nothing came since it was set aside. `n` is the length of
-- the list of matters of this class in this grid from `from_day` to the day.
create function topic_proposals(p_tenant uuid, p_today date, p_area text)
    returns table (class_code text, grid_code text, n bigint, from_day date, first_at timestamptz, last_at timestamptz)
    language sql stable as $$
    with counted as (
        select m.class_code, m.grid_code, count(*) as n, min(m.filed_at) as first_at, max(m.filed_at) as last_at
          from matters m
         where m.tenant_id = p_tenant
           and m.filed_at >= (p_today - 89)::timestamp at time zone 'Asia/Shanghai'
           and m.filed_at < (p_today + 1)::timestamp at time zone 'Asia/Shanghai'
           and m.grid_code is not null and starts_with(m.grid_code, p_area)
         group by m.class_code, m.grid_code
        having count(*) >= 3
    )
    select c.class_code, c.grid_code, coalesce(a.n, c.n), coalesce(o.day + 1, p_today - 89),
           coalesce(a.first_at, c.first_at), c.last_at
      from counted c
      left join lateral (
           select max(day_of(t.ended_at)) as day
             from topics t
             join topic_places p on p.tenant_id = p_tenant and p.topic_id = t.id
            where t.tenant_id = p_tenant and t.stage = 'concluded' and t.class_code = c.class_code
              and p.node_code in (c.grid_code, left(c.grid_code, 9))
              and t.ended_at >= (p_today - 89)::timestamp at time zone 'Asia/Shanghai') o on true
      left join lateral (
           select count(*) as n, min(m.filed_at) as first_at
             from matters m
            where m.tenant_id = p_tenant and m.street_code = left(c.grid_code, 9) and m.class_code = c.class_code
              and m.grid_code = c.grid_code
              and m.filed_at >= (o.day + 1)::timestamp at time zone 'Asia/Shanghai'
              and m.filed_at < (p_today + 1)::timestamp at time zone 'Asia/Shanghai') a on o.day is not null
     where coalesce(a.n, c.n) >= 3
       and not exists (select from topic_places p where p.tenant_id = p_tenant and p.live and p.class_code = c.class_code
                          and p.node_code in (c.grid_code, left(c.grid_code, 9)))
       and not exists (select from topic_set_asides s where s.tenant_id = p_tenant and s.class_code = c.class_code
                          and s.grid_code = c.grid_code and s.last_at >= c.last_at)
$$;
comment on function topic_proposals(uuid, date, text) is 'Which classes came again and again in which grids of an area, on a day.';
