-- Requests (申请) that change time or owner: return (退回), extension (延期), suspension (挂账) and
-- appeal (超时申诉). Each has a reason, a decider by kind and level, a limit (a clock of stage
-- `decide` about it), and an effect of silence. A level that was asked is a row: what was asked is
-- never changed, and a decision is written once.

create type request_kind as enum ('return', 'extension', 'suspension', 'appeal');
create type request_state as enum ('open', 'granted', 'denied', 'lapsed', 'taken_back');
create type appeal_cause as enum ('weather', 'force_majeure', 'wrong_dispatch', 'third_party', 'unreachable');

do $$ begin
    drop index assignments_one_lead;
    create unique index assignments_one_lead on assignments (tenant_id, whistle_id)
        where role = 'lead' and stage <> 'relieved';
    grant update (role, ask) on assignments to street_whistle_app;
end $$;

create table requests (
    tenant_id               uuid not null,
    id                      uuid not null,
    whistle_id              uuid not null,
    assignment_id           uuid not null,
    kind                    request_kind not null,
    level                   smallint not null,
    state                   request_state not null default 'open',
    reason                  text not null,
    asked_at                timestamptz not null,
    asked_by                uuid not null,
    asked_post              uuid not null,
    proposed_department_id  uuid,
    duty_item_id            uuid,
    until_day               date,
    cause                   appeal_cause,
    decided_at              timestamptz,
    decided_by              uuid,
    decided_post            uuid,
    decided_words           text,
    version                 integer not null default 1,
    constraint requests_pk primary key (tenant_id, id),
    constraint requests_whistle_key unique (tenant_id, whistle_id, id),
    constraint requests_assignment foreign key (tenant_id, whistle_id, assignment_id)
        references assignments (tenant_id, whistle_id, id),
    constraint requests_asked_by foreign key (tenant_id, asked_by) references people (tenant_id, id),
    constraint requests_asked_post foreign key (tenant_id, asked_post) references posts (tenant_id, id),
    constraint requests_proposed foreign key (tenant_id, proposed_department_id)
        references departments (tenant_id, id),
    constraint requests_duty foreign key (tenant_id, duty_item_id) references duty_items (tenant_id, id),
    constraint requests_decided_by foreign key (tenant_id, decided_by) references people (tenant_id, id),
    constraint requests_decided_post foreign key (tenant_id, decided_post) references posts (tenant_id, id),
    constraint requests_fields check (
        (kind = 'return') = (proposed_department_id is not null)
        and (kind = 'return') = (duty_item_id is not null)
        and (kind = 'suspension') = (until_day is not null)
        and (kind = 'appeal') = (cause is not null)),
    constraint requests_level check (
        case kind when 'return' then level between 1 and 3 when 'suspension' then level = 2
                  else level between 1 and 2 end),
    constraint requests_texts check (char_length(reason) between 2 and 500 and char_length(decided_words) <= 500),
    constraint requests_decided check ((state = 'open') = (decided_at is null)
        and (decided_at is null) = (decided_words is null)
        and (decided_by is null) = (decided_post is null)
        and case when state in ('granted', 'denied') then decided_by is not null and char_length(decided_words) >= 2
                 when state in ('open', 'lapsed') then decided_by is null
                 else true end
        and decided_at >= asked_at),
    constraint requests_decided_by_others check (state not in ('granted', 'denied') or decided_by <> asked_by),
    constraint requests_version check (version >= 1)
);
comment on table requests is 'One request at one level: who asked what and why, and what was decided. A contest is the row of the next level.';
create unique index requests_one_open on requests (tenant_id, assignment_id) where state = 'open';
create unique index requests_once_a_level on requests (tenant_id, assignment_id, kind, level)
    where kind in ('return', 'appeal');
create unique index requests_one_suspension on requests (tenant_id, whistle_id)
    where kind = 'suspension' and state in ('open', 'granted');
create index requests_of_whistle on requests (tenant_id, whistle_id, id);
create index requests_open on requests (tenant_id, level, id) where state = 'open';
select make_tenant_table('requests');
grant update (state, decided_at, decided_by, decided_post, decided_words, version) on requests to street_whistle_app;

create function requests_keep() returns trigger
    language plpgsql as $$
begin
    if old.state <> 'open' then
        raise exception 'a decision is written once'
            using errcode = 'check_violation', constraint = 'requests_decided_once';
    end if;
    return new;
end $$;
create trigger requests_kept before update on requests for each row execute function requests_keep();

create table milestones (
    tenant_id   uuid not null,
    id          uuid not null,
    request_id  uuid not null,
    whistle_id  uuid not null,
    due_day     date not null,
    words       text not null,
    done_at     timestamptz,
    done_by     uuid,
    constraint milestones_pk primary key (tenant_id, id),
    constraint milestones_request foreign key (tenant_id, whistle_id, request_id)
        references requests (tenant_id, whistle_id, id),
    constraint milestones_done_by foreign key (tenant_id, done_by) references people (tenant_id, id),
    constraint milestones_words check (char_length(words) between 2 and 100),
    constraint milestones_done check ((done_at is null) = (done_by is null))
);
comment on table milestones is 'What is to be reached by when while a whistle is put aside (挂账节点).';
create index milestones_of_whistle on milestones (tenant_id, whistle_id, due_day);
select make_tenant_table('milestones');
grant update (done_at, done_by) on milestones to street_whistle_app;

create table suspensions (
    tenant_id   uuid not null,
    request_id  uuid not null,
    whistle_id  uuid not null,
    from_at     timestamptz not null,
    until_at    timestamptz not null,
    ended_at    timestamptz,
    ended_by    uuid,
    constraint suspensions_pk primary key (tenant_id, request_id),
    constraint suspensions_request foreign key (tenant_id, whistle_id, request_id)
        references requests (tenant_id, whistle_id, id),
    constraint suspensions_ended_by foreign key (tenant_id, ended_by) references people (tenant_id, id),
    constraint suspensions_order check (from_at < until_at and ended_at >= from_at),
    constraint suspensions_ended check (ended_by is null or ended_at is not null)
);
comment on table suspensions is 'A time in which a whistle is put aside (挂账); ended_by is null where the day itself ended it.';
create unique index suspensions_one on suspensions (tenant_id, whistle_id);
create index suspensions_running on suspensions (tenant_id, until_at) where ended_at is null;
select make_tenant_table('suspensions');
grant update (ended_at, ended_by) on suspensions to street_whistle_app;

create table exemptions (
    tenant_id   uuid not null,
    clock_id    uuid not null,
    request_id  uuid not null,
    constraint exemptions_pk primary key (tenant_id, clock_id),
    constraint exemptions_breach foreign key (tenant_id, clock_id) references breaches (tenant_id, clock_id),
    constraint exemptions_request foreign key (tenant_id, request_id) references requests (tenant_id, id)
);
comment on table exemptions is 'A breach that stays a fact and is not counted against its department (不计入考核).';
create index exemptions_of_request on exemptions (tenant_id, request_id);
select make_tenant_table('exemptions');

create function is_suspended(p_tenant uuid, p_whistle uuid) returns boolean
    language sql stable as $$
    select exists (select from suspensions s
                    where s.tenant_id = p_tenant and s.whistle_id = p_whistle and s.ended_at is null)
$$;

-- What waits for a decision of a post: the desk, the navigation and the list ask this.
create function requests_waiting(p_tenant uuid, p_kind post_kind, p_code text, p_person uuid)
    returns table (request_id uuid, whistle_id uuid, since timestamptz)
    language sql stable as $$
    select r.id, r.whistle_id, r.asked_at
      from requests r
      join whistles w on w.tenant_id = p_tenant and w.id = r.whistle_id
     where r.tenant_id = p_tenant and r.state = 'open' and r.asked_by <> p_person
       and case r.level
                when 1 then w.street_code = p_code
                     and (p_kind = 'street_deputy' or p_kind = 'street_dispatcher' and r.kind <> 'appeal')
                when 2 then p_kind = 'city_office'
                else p_kind = 'city_leader' end
       and not is_suspended(p_tenant, r.whistle_id)
       and not is_involved(p_tenant, r.whistle_id, p_person, false)
$$;

-- A clock as the program reads it, as before, with whether its breach counts.
create function clock_json(p_tenant uuid, p_clock uuid) returns json
    language sql stable as $$
    select json_build_object(
        'id', c.id, 'assignment_id', c.assignment_id, 'about', c.about, 'stage', c.stage, 'amount', c.amount,
        'unit', c.unit, 'extra', c.extra, 'from_class', c.from_class, 'started_at', c.started_at, 'due_at', c.due_at,
        'soon_at', c.soon_at, 'paused_at', c.paused_at, 'stopped_at', c.stopped_at,
        'breached_at', (select b.due_at from breaches b where b.tenant_id = p_tenant and b.clock_id = c.id),
        'exempt', exists (select from exemptions e where e.tenant_id = p_tenant and e.clock_id = c.id),
        'pauses', (select coalesce(json_agg(json_build_object('from', p.from_at, 'to', p.to_at) order by p.from_at), '[]')
                     from clock_pauses p where p.tenant_id = p_tenant and p.clock_id = c.id))
      from clocks c where c.tenant_id = p_tenant and c.id = p_clock
$$;

-- What 0130 asks of a whistle; and a closed one is reopened or stays, a reopened one needs a new
-- passed check and new ratings, who asked the resident does not close, who was relieved leads no
-- more and is not rated, and what is put aside does not close.
create or replace function whistles_keep_order() returns trigger
    language plpgsql as $$
begin
    if new.sounded_at is not null and old.sounded_at is null
       and not exists (select from assignments a where a.tenant_id = new.tenant_id
                          and a.whistle_id = new.id and a.role = 'lead' and a.stage <> 'relieved') then
        raise exception 'a whistle needs a lead department'
            using errcode = 'check_violation', constraint = 'whistles_need_lead';
    end if;
    if new.reopened <> old.reopened then
        if new.reopened <> old.reopened + 1 or new.stage <> 'checking'
           or old.stage not in ('rating', 'closing', 'closed')
           or not exists (select from reopenings o where o.tenant_id = new.tenant_id
                             and o.whistle_id = new.id and o.number = new.reopened) then
            raise exception 'a whistle is reopened from its end to its check, with a reason'
                using errcode = 'check_violation', constraint = 'whistles_reopen_order';
        end if;
        return new;
    end if;
    if new.closed_at is not null and old.closed_at is null then
        perform see_what_others_did();
        if is_suspended(new.tenant_id, new.id) then
            raise exception 'a suspended whistle does not close'
                using errcode = 'check_violation', constraint = 'whistles_suspended';
        end if;
        if is_involved(new.tenant_id, new.id, new.closed_by, false)
           or has_visited(new.tenant_id, new.id, new.closed_by) then
            raise exception 'who handled does not close'
                using errcode = 'check_violation', constraint = 'handler_never_judges';
        end if;
        if not coalesce((select c.passed from checks c
                          where c.tenant_id = new.tenant_id and c.whistle_id = new.id
                          order by c.round desc limit 1), false)
           or (select count(*) from checks c where c.tenant_id = new.tenant_id
                  and c.whistle_id = new.id and c.passed) <= new.reopened then
            raise exception 'a whistle closes after a passed check'
                using errcode = 'check_violation', constraint = 'whistles_close_checked';
        end if;
        if exists (select from assignments a
                    where a.tenant_id = new.tenant_id and a.whistle_id = new.id and a.stage <> 'relieved'
                      and (select count(*) from ratings r
                            where r.tenant_id = new.tenant_id and r.assignment_id = a.id
                              and r.round = new.reopened)
                          -- Generated columns are not there yet, so not the community's code.
                          < case when new.place_level = 1 then 1 else 2 end) then
            raise exception 'a whistle closes after the ratings'
                using errcode = 'check_violation', constraint = 'whistles_close_rated';
        end if;
    elsif old.closed_at is not null then
        raise exception 'a closed whistle stays as it is'
            using errcode = 'check_violation', constraint = 'whistles_closed_fixed';
    end if;
    return new;
end $$;

-- What 0140 says is waiting; ratings are asked for once in each round, a street decides on what
-- came back, and while a whistle is put aside its departments have nothing to do.
create or replace function whistles_waiting(p_tenant uuid, p_kind post_kind, p_code text, p_department uuid, p_person uuid)
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
                               and r.whistle_id = w.id and r.side = 'street' and r.round = w.reopened))
         or (p_kind in ('community_secretary', 'community_worker') and w.community_code = p_code
             and not exists (select from ratings r where r.tenant_id = p_tenant
                               and r.whistle_id = w.id and r.side = 'community' and r.round = w.reopened)))
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
       and not is_suspended(p_tenant, a.whistle_id)
    union all
    select a.whistle_id, a.id, 'review', w.waiting_since
      from assignments a
      join whistles w on w.tenant_id = p_tenant and w.id = a.whistle_id
     where a.tenant_id = p_tenant and a.department_id = p_department and a.stage in ('passed', 'uncooperative')
       and w.stage in ('rating', 'closing')
       and p_kind in ('department_head', 'department_clerk')
       and not exists (select from reviews r where r.tenant_id = p_tenant and r.assignment_id = a.id)
    union all
    select o.whistle_id, null, 'recur', o.at
      from reopen_proposals o
      join whistles w on w.tenant_id = p_tenant and w.id = o.whistle_id
     where o.tenant_id = p_tenant and o.decided_at is null
       and p_kind = 'street_dispatcher' and w.street_code = p_code
$$;
