-- An objection may be about the mark on an answer of the five powers: then it points at the record
-- instead of an assignment, and who had to do with the record is not on its panel. The mark on a cadre
-- record cannot be objected to, because a panel could only judge on what is sealed from it.
do $$ begin
    alter table assessment_objections alter column whistle_id drop not null;
    alter table assessment_objections alter column assignment_id drop not null;
    alter table assessment_objections add column exercise_id uuid;
    alter table assessment_objections add constraint assessment_objections_exercise
        foreign key (tenant_id, exercise_id) references power_exercises (tenant_id, id);
    alter table assessment_objections add constraint assessment_objections_once_of_exercise
        unique (tenant_id, exercise_id, item);
    alter table assessment_objections add constraint assessment_objections_of_one check (
        num_nonnulls(assignment_id, exercise_id) = 1 and (whistle_id is null) = (assignment_id is null)
        and (exercise_id is null or item = 'rating'));
end $$;
comment on column assessment_objections.exercise_id is 'The record of a power whose mark is objected to; else the assignment says what it is about.';

-- Whether a person had to do with a record: asked, gave an opinion, answered, reacted, ruled, kept the
-- minutes, did what was agreed or kept a file with it, or sits in a department that it concerns.
create function took_part_in_power(p_tenant uuid, p_exercise uuid, p_person uuid, p_day date) returns boolean
    language sql stable as $$
    select exists (select from power_exercises e
                    where e.tenant_id = p_tenant and e.id = p_exercise and e.asked_by = p_person)
        or exists (select from exercise_opinions x
                    where x.tenant_id = p_tenant and x.exercise_id = p_exercise and x.given_by = p_person)
        or exists (select from exercise_minutes x
                    where x.tenant_id = p_tenant and x.exercise_id = p_exercise and x.given_by = p_person)
        or exists (select from exercise_tasks x
                    where x.tenant_id = p_tenant and x.exercise_id = p_exercise and x.done_by = p_person)
        or exists (select from exercise_answers x
                    where x.tenant_id = p_tenant and x.exercise_id = p_exercise and x.given_by = p_person)
        or exists (select from exercise_reactions x
                    where x.tenant_id = p_tenant and x.exercise_id = p_exercise and x.given_by = p_person)
        or exists (select from exercise_rulings x
                    where x.tenant_id = p_tenant and x.exercise_id = p_exercise and x.given_by = p_person)
        or exists (select from files f
                    where f.tenant_id = p_tenant and f.owner_kind = 'exercise' and f.owner_id = p_exercise
                      and p_person in (f.added_by, f.removed_by))
        or exists (select from appointments m
                     join posts o on o.tenant_id = p_tenant and o.id = m.post_id and o.department_id in (
                          select e.department_id from power_exercises e where e.tenant_id = p_tenant and e.id = p_exercise
                           union
                          select y.department_id from exercise_parties y
                           where y.tenant_id = p_tenant and y.exercise_id = p_exercise)
                    where m.tenant_id = p_tenant and m.person_id = p_person
                      and m.from_day <= p_day and (m.to_day is null or m.to_day > p_day))
$$;

-- The same of an objection, whatever it is about.
create function had_to_do(p_tenant uuid, p_objection uuid, p_person uuid, p_day date) returns boolean
    language sql stable as $$
    select case when b.exercise_id is null then took_part(p_tenant, b.whistle_id, b.department_id, p_person, p_day)
                else took_part_in_power(p_tenant, b.exercise_id, p_person, p_day) end
      from assessment_objections b
     where b.tenant_id = p_tenant and b.id = p_objection
$$;

-- The code of the street that judged what an objection is about.
create function street_of_objection(p_tenant uuid, p_objection uuid) returns text
    language sql stable as $$
    select coalesce(w.street_code, e.street_code)
      from assessment_objections b
      left join whistles w on w.tenant_id = p_tenant and w.id = b.whistle_id
      left join power_exercises e on e.tenant_id = p_tenant and e.id = b.exercise_id
     where b.tenant_id = p_tenant and b.id = p_objection
$$;

create or replace function objections_begin() returns trigger
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
                  and a.department_id <> new.department_id)
       or exists (select from power_exercises e where e.tenant_id = new.tenant_id and e.id = new.exercise_id
                  and e.department_id <> new.department_id) then
        raise exception 'a department objects about its own'
            using errcode = 'check_violation', constraint = 'objections_own_case';
    end if;
    if exists (select from power_exercises e where e.tenant_id = new.tenant_id and e.id = new.exercise_id
                  and (e.power = 'cadre' or e.score is null or e.closed_at is null)) then
        raise exception 'an objection is about a mark on a closed record that is not sealed'
            using errcode = 'check_violation', constraint = 'objections_of_open_record';
    end if;
    return new;
end $$;

create or replace function panel_is_neutral() returns trigger
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
    perform 1 from power_exercises where tenant_id = new.tenant_id and id = o.exercise_id for no key update;
    if o.state <> 'open' or o.id is not null and o.panel_at is null then
        raise exception 'a panel sits while its objection is open'
            using errcode = 'check_violation', constraint = 'objection_members_open';
    end if;
    if tg_op = 'UPDATE' and (old.voted_at is not null or new.voted_at > o.due_at) then
        raise exception 'a vote is given once, in time'
            using errcode = 'check_violation', constraint = 'objection_members_vote_once';
    end if;
    if exists (select from posts p where p.tenant_id = new.tenant_id and p.id = new.post_id
                  and p.node_code = street_of_objection(new.tenant_id, o.id))
       or tg_op = 'INSERT' and exists (select from appointments m
                where m.tenant_id = new.tenant_id and m.post_id = new.post_id
                  and m.from_day <= day and (m.to_day is null or m.to_day > day)
                  and had_to_do(new.tenant_id, o.id, m.person_id, day))
       or tg_op = 'UPDATE' and had_to_do(new.tenant_id, o.id, new.voted_by, day) then
        raise exception 'who had to do with the case is not on its panel'
            using errcode = 'check_violation', constraint = 'panel_is_neutral';
    end if;
    return new;
end $$;

-- The objections about a department's part of a whistle, or about a record, as the case knows of them.
drop function objections_json(uuid, uuid);
create function objections_json(p_tenant uuid, p_case uuid) returns json
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
     where b.tenant_id = p_tenant and (b.assignment_id = p_case or b.exercise_id = p_case)
$$;

-- What an objection about a record is about: the last answer, and what the street said to it.
create function objected_record_json(p_tenant uuid, p_exercise uuid) returns json
    language sql stable as $$
    select json_build_object('matter', e.matter,
               'opinion', coalesce((select o.words from exercise_opinions o
                                     where o.tenant_id = p_tenant and o.exercise_id = e.id), ''),
               'minutes', coalesce((select i.words from exercise_minutes i
                                     where i.tenant_id = p_tenant and i.exercise_id = e.id), ''),
               'answer', coalesce((select a.words from exercise_answers a
                                    where a.tenant_id = p_tenant and a.exercise_id = e.id order by a.round desc limit 1), ''),
               'reaction', coalesce((select r.words from exercise_reactions r
                                      where r.tenant_id = p_tenant and r.exercise_id = e.id order by r.round desc limit 1), ''))
      from power_exercises e
     where e.tenant_id = p_tenant and e.id = p_exercise and e.power <> 'cadre'
$$;

create or replace function objection_json(p_tenant uuid, p_objection uuid) returns json
    language sql stable as $$
    select json_build_object(
        'id', b.id, 'version', b.version, 'period', p.period, 'department_id', b.department_id, 'department', d.name,
        'item', b.item, 'whistle', b.whistle_id, 'case', coalesce(b.assignment_id, b.exercise_id),
        'number', coalesce(w.number, e.number), 'title', coalesce(w.title, e.title),
        'street', n.name, 'street_code', n.code, 'problem', coalesce(w.problem, ''), 'ask', coalesce(a.ask, ''),
        'result', coalesce(a.result, ''), 'record', objected_record_json(p_tenant, b.exercise_id),
        'reason', b.reason, 'words', b.words, 'evidence', b.evidence,
        'files', files_json(p_tenant, 'objection', b.id),
        'asked_at', b.asked_at, 'asker', y.name, 'state', b.state, 'panel_at', b.panel_at, 'sender', z.name,
        'soon_at', b.soon_at, 'due_at', b.due_at, 'decided_at', b.decided_at, 'decided_words', b.decided_words,
        'panel', objection_panel_json(p_tenant, b.id))
      from assessment_objections b
      join assessment_periods p on p.tenant_id = p_tenant and p.id = b.period_id
      join departments d on d.tenant_id = p_tenant and d.id = b.department_id
      left join whistles w on w.tenant_id = p_tenant and w.id = b.whistle_id
      left join assignments a on a.tenant_id = p_tenant and a.id = b.assignment_id
      left join power_exercises e on e.tenant_id = p_tenant and e.id = b.exercise_id
      join nodes n on n.tenant_id = p_tenant and n.code = coalesce(w.street_code, e.street_code)
      join people y on y.tenant_id = p_tenant and y.id = b.asked_by
      left join people z on z.tenant_id = p_tenant and z.id = b.panel_by
     where b.tenant_id = p_tenant and b.id = p_objection
$$;
