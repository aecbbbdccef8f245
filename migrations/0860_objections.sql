-- Objections (申诉) of departments to what a case costs them in one item, while the scores are shown:
-- decided by a panel of three (评议组) of whom nobody had to do with the case, once. An upheld one
-- takes the case out of that item; it stays in sight.

alter type event_subject add value 'objection';

create type objection_reason as enum
    ('weather', 'force_majeure', 'wrong_dispatch', 'third_party', 'unreachable', 'wrong_rating');
create type objection_state as enum ('open', 'upheld', 'dismissed', 'taken_back');

create table assessment_objections (
    tenant_id      uuid not null,
    id             uuid not null,
    period_id      uuid not null,
    department_id  uuid not null,
    item           assessment_item not null,
    whistle_id     uuid not null,
    assignment_id  uuid not null,
    reason         objection_reason not null,
    words          text not null,
    evidence       text not null,
    asked_at       timestamptz not null,
    asked_by       uuid not null,
    asked_post     uuid not null,
    state          objection_state not null default 'open',
    version        integer not null default 1,
    panel_at       timestamptz,
    panel_by       uuid,
    panel_post     uuid,
    soon_at        timestamptz,
    due_at         timestamptz,
    decided_at     timestamptz,
    decided_words  text,
    constraint assessment_objections_pk primary key (tenant_id, id),
    constraint assessment_objections_once unique (tenant_id, assignment_id, item),
    constraint assessment_objections_period foreign key (tenant_id, period_id)
        references assessment_periods (tenant_id, id),
    constraint assessment_objections_department foreign key (tenant_id, department_id)
        references departments (tenant_id, id),
    constraint assessment_objections_assignment foreign key (tenant_id, whistle_id, assignment_id)
        references assignments (tenant_id, whistle_id, id),
    constraint assessment_objections_asked_by foreign key (tenant_id, asked_by) references people (tenant_id, id),
    constraint assessment_objections_asked_post foreign key (tenant_id, asked_post) references posts (tenant_id, id),
    constraint assessment_objections_panel_by foreign key (tenant_id, panel_by) references people (tenant_id, id),
    constraint assessment_objections_panel_post foreign key (tenant_id, panel_post) references posts (tenant_id, id),
    constraint assessment_objections_texts check (char_length(words) between 2 and 500
        and char_length(evidence) between 2 and 500 and char_length(decided_words) between 2 and 300),
    constraint assessment_objections_panel check ((panel_at is null) = (panel_by is null)
        and (panel_at is null) = (panel_post is null) and (panel_at is null) = (soon_at is null)
        and (panel_at is null) = (due_at is null) and panel_at >= asked_at and due_at > panel_at),
    constraint assessment_objections_decided check ((state = 'open') = (decided_at is null)
        and (decided_at is null) = (decided_words is null) and decided_at >= asked_at
        and (state not in ('upheld', 'dismissed') or panel_at is not null)),
    constraint assessment_objections_version check (version >= 1)
);
comment on table assessment_objections is 'A department objects to what one case costs it in one item, once for good. What was said stays; what came of it is written once.';
create index assessment_objections_of_period on assessment_objections (tenant_id, period_id, id);
create index assessment_objections_open on assessment_objections (tenant_id, due_at) where state = 'open';
select make_tenant_table('assessment_objections');
grant update (state, version, panel_at, panel_by, panel_post, soon_at, due_at, decided_at, decided_words)
    on assessment_objections to street_whistle_app;

create table objection_members (
    tenant_id     uuid not null,
    objection_id  uuid not null,
    post_id       uuid not null,
    post_kind     post_kind not null,
    position      smallint not null,
    voted_at      timestamptz,
    voted_by      uuid,
    upholds       boolean,
    words         text,
    constraint objection_members_pk primary key (tenant_id, objection_id, post_id),
    constraint objection_members_position_key unique (tenant_id, objection_id, position),
    constraint objection_members_voter_key unique (tenant_id, objection_id, voted_by),
    constraint objection_members_objection foreign key (tenant_id, objection_id)
        references assessment_objections (tenant_id, id),
    constraint objection_members_post foreign key (tenant_id, post_id, post_kind)
        references posts (tenant_id, id, kind),
    constraint objection_members_voted_by foreign key (tenant_id, voted_by) references people (tenant_id, id),
    constraint objection_members_position check (position between 1 and 3),
    constraint objection_members_post_kind check (post_kind in ('city_leader', 'city_office', 'street_secretary',
        'street_deputy', 'street_dispatcher', 'street_checker')),
    constraint objection_members_voted check ((voted_at is null) = (voted_by is null)
        and (voted_at is null) = (upholds is null) and (voted_at is null) = (words is null)
        and char_length(words) between 2 and 300)
);
comment on table objection_members is 'A post on the panel of an objection, and its one vote.';
create index objection_members_of_post on objection_members (tenant_id, post_id) where voted_at is null;
select make_tenant_table('objection_members');
grant update (voted_at, voted_by, upholds, words) on objection_members to street_whistle_app;

-- Whether a person had to do with a case: found, handled, checked, rated, closed or asked about it,
-- wrote or approved it, asked or decided about it, or sits in the department on that day.
create function took_part(p_tenant uuid, p_whistle uuid, p_department uuid, p_person uuid, p_day date)
    returns boolean
    language sql stable as $$
    select is_involved(p_tenant, p_whistle, p_person, true)
        or has_judged(p_tenant, p_whistle, p_person, false)
        or has_visited(p_tenant, p_whistle, p_person)
        or exists (select from whistles w
                    where w.tenant_id = p_tenant and w.id = p_whistle
                      and p_person in (w.drafted_by, w.approved_by, w.sounded_by, w.verified_by))
        or exists (select from requests r
                    where r.tenant_id = p_tenant and r.whistle_id = p_whistle and p_person in (r.asked_by, r.decided_by))
        or exists (select from appointments m
                     join posts o on o.tenant_id = p_tenant and o.id = m.post_id and o.department_id = p_department
                    where m.tenant_id = p_tenant and m.person_id = p_person
                      and m.from_day <= p_day and (m.to_day is null or m.to_day > p_day))
$$;

-- An objection begins in the window of its period, about a part of the department's own. The period
-- is held: it cannot be frozen meanwhile.
create function objections_begin() returns trigger
    language plpgsql as $$
declare
    p record;
begin
    select * into p from assessment_periods where tenant_id = new.tenant_id and id = new.period_id for share;
    if p.stage <> 'shown' or new.asked_at < p.shown_at or new.asked_at > p.objections_until then
        raise exception 'an objection is made while the scores are shown'
            using errcode = 'check_violation', constraint = 'objections_in_window';
    end if;
    if new.state <> 'open' or new.panel_at is not null then
        raise exception 'an objection begins open'
            using errcode = 'check_violation', constraint = 'objections_begin_open';
    end if;
    if exists (select from assignments a where a.tenant_id = new.tenant_id and a.id = new.assignment_id
                  and a.department_id <> new.department_id) then
        raise exception 'a department objects about its own'
            using errcode = 'check_violation', constraint = 'objections_own_case';
    end if;
    return new;
end $$;
create trigger assessment_objections_begun before insert on assessment_objections
    for each row execute function objections_begin();

-- It ends once: by two votes that agree, by silence after its time, or by being taken back.
create function objections_keep() returns trigger
    language plpgsql as $$
declare
    agree integer;
begin
    if old.state <> 'open' then
        raise exception 'what came of an objection is written once'
            using errcode = 'check_violation', constraint = 'objections_decided_once';
    end if;
    if old.panel_at is not null and new.panel_at is distinct from old.panel_at then
        raise exception 'a panel is called once'
            using errcode = 'check_violation', constraint = 'objections_one_panel';
    end if;
    if new.state in ('upheld', 'dismissed') then
        select count(*) into agree from objection_members m
         where m.tenant_id = new.tenant_id and m.objection_id = new.id and m.upholds = (new.state = 'upheld');
        if agree < 2 and not (new.state = 'dismissed' and new.decided_at > old.due_at) then
            raise exception 'two of the panel decide'
                using errcode = 'check_violation', constraint = 'objections_by_two';
        end if;
    end if;
    return new;
end $$;
create trigger assessment_objections_kept before update on assessment_objections
    for each row execute function objections_keep();

-- Who had to do with the case, or sits in its street, is not on the panel, and does not vote for a
-- post that is.
create function panel_is_neutral() returns trigger
    language plpgsql as $$
declare
    o record;
    at timestamptz := coalesce(new.voted_at, (select b.panel_at from assessment_objections b
                                               where b.tenant_id = new.tenant_id and b.id = new.objection_id));
    day date := (at at time zone 'Asia/Shanghai')::date;
begin
    perform see_what_others_did();
    select b.* into o from assessment_objections b
     where b.tenant_id = new.tenant_id and b.id = new.objection_id for update;
    perform 1 from whistles where tenant_id = new.tenant_id and id = o.whistle_id for no key update;
    if o.state <> 'open' or o.id is not null and o.panel_at is null then
        raise exception 'a panel sits while its objection is open'
            using errcode = 'check_violation', constraint = 'objection_members_open';
    end if;
    if tg_op = 'UPDATE' and (old.voted_at is not null or new.voted_at > o.due_at) then
        raise exception 'a vote is given once, in time'
            using errcode = 'check_violation', constraint = 'objection_members_vote_once';
    end if;
    if exists (select from posts p join whistles w on w.tenant_id = new.tenant_id and w.id = o.whistle_id
                where p.tenant_id = new.tenant_id and p.id = new.post_id and p.node_code = w.street_code)
       or tg_op = 'INSERT' and exists (select from appointments m
                where m.tenant_id = new.tenant_id and m.post_id = new.post_id
                  and m.from_day <= day and (m.to_day is null or m.to_day > day)
                  and took_part(new.tenant_id, o.whistle_id, o.department_id, m.person_id, day))
       or tg_op = 'UPDATE' and took_part(new.tenant_id, o.whistle_id, o.department_id, new.voted_by, day) then
        raise exception 'who had to do with the case is not on its panel'
            using errcode = 'check_violation', constraint = 'panel_is_neutral';
    end if;
    return new;
end $$;
create trigger objection_members_neutral before insert or update on objection_members
    for each row execute function panel_is_neutral();

-- Nothing is frozen that somebody still objects to.
create function frozen_when_settled() returns trigger
    language plpgsql as $$
begin
    if new.stage = 'frozen' and exists (select from assessment_objections b
            where b.tenant_id = new.tenant_id and b.period_id = new.id and b.state = 'open') then
        raise exception 'a period is frozen when its objections are decided'
            using errcode = 'check_violation', constraint = 'assessment_frozen_settled';
    end if;
    return new;
end $$;
create trigger assessment_periods_settled before update on assessment_periods
    for each row execute function frozen_when_settled();

-- What waits for a post: to call a panel, or to vote. The navigation counts and the list filters by it.
create function objections_waiting(p_tenant uuid, p_kind post_kind, p_post uuid)
    returns table (objection_id uuid, act text)
    language sql stable as $$
    select b.id, 'call' from assessment_objections b
     where b.tenant_id = p_tenant and b.state = 'open' and b.panel_at is null and p_kind = 'city_office'
    union all
    select b.id, 'vote' from objection_members m
      join assessment_objections b on b.tenant_id = p_tenant and b.id = m.objection_id and b.state = 'open'
     where m.tenant_id = p_tenant and m.post_id = p_post and m.voted_at is null
$$;

-- The posts on a panel with their votes, as JSON.
create function objection_panel_json(p_tenant uuid, p_objection uuid) returns json
    language sql stable as $$
    select coalesce(json_agg(json_build_object('post', m.post_id, 'seat', coalesce(n.name, '') || o.title,
                                               'voted_at', m.voted_at, 'voter', y.name, 'upholds', m.upholds,
                                               'words', m.words) order by m.position), '[]')
      from objection_members m
      join posts o on o.tenant_id = p_tenant and o.id = m.post_id
      left join nodes n on n.tenant_id = p_tenant and n.id = o.node_id
      left join people y on y.tenant_id = p_tenant and y.id = m.voted_by
     where m.tenant_id = p_tenant and m.objection_id = p_objection
$$;

-- The objections about a department's part, as its case knows of them.
create function objections_json(p_tenant uuid, p_assignment uuid) returns json
    language sql stable as $$
    select coalesce(json_agg(json_build_object(
               'id', b.id, 'period', p.period, 'item', b.item, 'reason', b.reason, 'state', b.state,
               'asked_at', b.asked_at, 'asker', y.name, 'panel_at', b.panel_at, 'soon_at', b.soon_at,
               'due_at', b.due_at,
               'asked', (select coalesce(json_agg(m.post_id order by m.position), '[]') from objection_members m
                          where m.tenant_id = p_tenant and m.objection_id = b.id and m.voted_at is null)) order by b.id), '[]')
      from assessment_objections b
      join assessment_periods p on p.tenant_id = p_tenant and p.id = b.period_id
      join people y on y.tenant_id = p_tenant and y.id = b.asked_by
     where b.tenant_id = p_tenant and b.assignment_id = p_assignment
$$;

-- An objection as the program reads it.
create function objection_json(p_tenant uuid, p_objection uuid) returns json
    language sql stable as $$
    select json_build_object(
        'id', b.id, 'version', b.version, 'period', p.period, 'department_id', b.department_id, 'department', d.name,
        'item', b.item, 'whistle', b.whistle_id, 'assignment', b.assignment_id, 'number', w.number, 'title', w.title,
        'street', n.name, 'street_code', w.street_code, 'problem', w.problem, 'ask', a.ask,
        'result', coalesce(a.result, ''), 'reason', b.reason, 'words', b.words, 'evidence', b.evidence,
        'asked_at', b.asked_at, 'asker', y.name, 'state', b.state, 'panel_at', b.panel_at, 'sender', z.name,
        'soon_at', b.soon_at, 'due_at', b.due_at, 'decided_at', b.decided_at, 'decided_words', b.decided_words,
        'panel', objection_panel_json(p_tenant, b.id))
      from assessment_objections b
      join assessment_periods p on p.tenant_id = p_tenant and p.id = b.period_id
      join departments d on d.tenant_id = p_tenant and d.id = b.department_id
      join whistles w on w.tenant_id = p_tenant and w.id = b.whistle_id
      join nodes n on n.tenant_id = p_tenant and n.code = w.street_code
      join assignments a on a.tenant_id = p_tenant and a.id = b.assignment_id
      join people y on y.tenant_id = p_tenant and y.id = b.asked_by
      left join people z on z.tenant_id = p_tenant and z.id = b.panel_by
     where b.tenant_id = p_tenant and b.id = p_objection
$$;

-- A period, now with how many objections there are and how many of them are open.
create or replace function assessment_life_json(p_tenant uuid, p_period uuid) returns json
    language sql stable as $$
    select json_build_object('id', p.id, 'period', p.period, 'scheme_id', p.scheme_id, 'stage', p.stage,
                             'version', p.version, 'locked_at', p.locked_at, 'shown_at', p.shown_at,
                             'objections_until', p.objections_until, 'frozen_at', p.frozen_at, 'digest', s.digest,
                             'objections', (select count(*) from assessment_objections b
                                             where b.tenant_id = p_tenant and b.period_id = p.id),
                             'open_objections', (select count(*) from assessment_objections b
                                                  where b.tenant_id = p_tenant and b.period_id = p.id and b.state = 'open'))
      from assessment_periods p
      left join assessment_snapshots s on s.tenant_id = p_tenant and s.period_id = p.id
     where p.tenant_id = p_tenant and p.id = p_period
$$;
