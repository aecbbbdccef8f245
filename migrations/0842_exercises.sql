-- What is done with a power (行权记录): a department consults a street before it decides, or a street
-- proposes or calls; the street gives its opinion, the department answers with reasons, the street
-- accepts or objects, and the city's office rules on an objection. Each word is a row that is written
-- once; the exercise's own row keeps where it stands.

create type exercise_origin as enum ('department', 'street');
create type exercise_stage as enum
    ('opining', 'meeting', 'answering', 'reacting', 'objected', 'closed', 'withdrawn');
create type opinion_kind as enum ('agree', 'suggest', 'disagree', 'silent', 'sealed');
create type answer_kind as enum ('adopted', 'partly', 'not_adopted');
create type reaction_kind as enum ('accepted', 'objected', 'silent');
create type ruling_kind as enum ('upheld', 'dismissed');
create type planning_phase as enum ('draft', 'programme', 'approval', 'acceptance');
create type project_pool as enum ('pooled', 'merged', 'deferred', 'refused');

create table power_exercises (
    tenant_id      uuid not null,
    id             uuid not null,
    number         text collate "C" not null,
    plan_id        uuid not null,
    department_id  uuid not null,
    power          power_kind not null,
    street_code    text collate "C" not null,
    origin         exercise_origin not null,
    stage          exercise_stage not null,
    version        integer not null default 1,
    title          text not null,
    matter         text not null,
    basis          text not null,
    whistle_id     uuid,
    decide_on      date,
    meets_at       timestamptz,
    place          text,
    asked_at       timestamptz not null,
    asked_by       uuid not null,
    asked_post     uuid not null,
    round          smallint not null default 1,
    answer         answer_kind,
    answered_at    timestamptz,
    score          smallint,
    objected       boolean not null default false,
    waiting_since  timestamptz not null,
    closed_at      timestamptz,
    withdrawn_at   timestamptz,
    withdraw_reason text,
    due_stage      clock_stage,
    due_unit       duration_unit,
    due_at         timestamptz,
    soon_at        timestamptz,
    order_key      bigint not null generated always as
                   (list_key(due_at, due_stage, asked_at, coalesce(closed_at, withdrawn_at))) stored,
    constraint power_exercises_pk primary key (tenant_id, id),
    constraint power_exercises_number_key unique (tenant_id, number),
    constraint power_exercises_power_key unique (tenant_id, id, power),
    constraint power_exercises_grant foreign key (tenant_id, plan_id, department_id, power)
        references plan_grants (tenant_id, plan_id, department_id, power),
    constraint power_exercises_street foreign key (tenant_id, plan_id, street_code)
        references plan_streets (tenant_id, plan_id, street_code),
    constraint power_exercises_whistle foreign key (tenant_id, whistle_id) references whistles (tenant_id, id),
    constraint power_exercises_asked_by foreign key (tenant_id, asked_by) references people (tenant_id, id),
    constraint power_exercises_asked_post foreign key (tenant_id, asked_post) references posts (tenant_id, id),
    constraint power_exercises_texts check (char_length(title) between 2 and 60 and char_length(matter) <= 1000
        and char_length(basis) <= 120 and char_length(place) between 2 and 60
        and char_length(withdraw_reason) between 2 and 300),
    constraint power_exercises_origin check (case power
        when 'coordination' then origin = 'street' and decide_on is null
        when 'planning' then origin = 'department'
        else true end),
    constraint power_exercises_decide check (decide_on is null or origin = 'department'),
    constraint power_exercises_meets check ((power = 'coordination') = (meets_at is not null)
        and (meets_at is null) = (place is null) and (meets_at is null or meets_at > asked_at)),
    constraint power_exercises_stage check (case stage
        when 'opining' then origin = 'department' and answer is null
        when 'meeting' then power = 'coordination' and answer is null
        when 'answering' then (round = 2) = (answer is not null)
        else true end),
    constraint power_exercises_answered check ((answer is null) = (answered_at is null)
        and (stage not in ('reacting', 'objected', 'closed') or answer is not null)),
    constraint power_exercises_score check (score is null or score between 1 and 5 and answer is not null),
    constraint power_exercises_closed check ((stage = 'closed') = (closed_at is not null)),
    constraint power_exercises_withdrawn check ((stage = 'withdrawn') = (withdrawn_at is not null)
        and (withdrawn_at is null) = (withdraw_reason is null)),
    constraint power_exercises_round check (round between 1 and 2 and (round = 1 or objected)),
    constraint power_exercises_confidential check (power <> 'cadre' or (matter = '' and title = '干部考评建议'))
);
comment on table power_exercises is 'One use of a power (行权记录) between one street and one department. What a cadre record says stands sealed in exercise_secrets.';
create index power_exercises_in_order on power_exercises (tenant_id, order_key, id);
create index power_exercises_of_street on power_exercises (tenant_id, street_code, order_key, id);
create index power_exercises_of_department on power_exercises (tenant_id, department_id, order_key, id);
create index power_exercises_asked on power_exercises (tenant_id, asked_at);
create index power_exercises_of_whistle on power_exercises (tenant_id, whistle_id) where whistle_id is not null;
create index power_exercises_waiting on power_exercises (tenant_id, stage, street_code)
    where closed_at is null and withdrawn_at is null;
create index power_exercises_closed_at on power_exercises (tenant_id, closed_at) where closed_at is not null;
select make_tenant_table('power_exercises');
grant update (stage, version, round, answer, answered_at, score, objected, waiting_since, closed_at, withdrawn_at,
              withdraw_reason, due_stage, due_unit, due_at, soon_at)
    on power_exercises to street_whistle_app;

-- What a planning record is about.
create table exercise_plannings (
    tenant_id    uuid not null,
    exercise_id  uuid not null,
    power        power_kind not null default 'planning',
    phase        planning_phase not null,
    area         text not null,
    residents    text not null,
    constraint exercise_plannings_pk primary key (tenant_id, exercise_id),
    constraint exercise_plannings_exercise foreign key (tenant_id, exercise_id, power)
        references power_exercises (tenant_id, id, power),
    constraint exercise_plannings_power check (power = 'planning'),
    constraint exercise_plannings_texts check (char_length(area) between 2 and 200 and char_length(residents) <= 500)
);
comment on table exercise_plannings is 'A planning record: at which phase, over which area, how residents were heard.';
select make_tenant_table('exercise_plannings');

-- What a project is: need, who gains, where, what it costs; and into which pool it went.
create table exercise_projects (
    tenant_id      uuid not null,
    exercise_id    uuid not null,
    power          power_kind not null default 'project',
    beneficiaries  integer not null,
    site           text not null,
    estimate       bigint not null,
    residents      text not null,
    pool           project_pool,
    budget_year    smallint,
    constraint exercise_projects_pk primary key (tenant_id, exercise_id),
    constraint exercise_projects_exercise foreign key (tenant_id, exercise_id, power)
        references power_exercises (tenant_id, id, power),
    constraint exercise_projects_power check (power = 'project'),
    constraint exercise_projects_sizes check (beneficiaries between 1 and 1000000 and estimate between 0 and 100000000000
        and budget_year between 2020 and 2100),
    constraint exercise_projects_texts check (char_length(site) between 2 and 120 and char_length(residents) <= 500),
    constraint exercise_projects_budget check (budget_year is null or pool in ('pooled', 'merged'))
);
comment on table exercise_projects is 'A livelihood project: households that gain, site, estimate in yuan, and what pool and budget year it came to.';
select make_tenant_table('exercise_projects');
grant update (pool, budget_year) on exercise_projects to street_whistle_app;

-- Who or what is to be honoured.
create table exercise_awards (
    tenant_id    uuid not null,
    exercise_id  uuid not null,
    power        power_kind not null default 'award',
    candidate    text not null,
    award        text not null,
    constraint exercise_awards_pk primary key (tenant_id, exercise_id),
    constraint exercise_awards_exercise foreign key (tenant_id, exercise_id, power)
        references power_exercises (tenant_id, id, power),
    constraint exercise_awards_power check (power = 'award'),
    constraint exercise_awards_texts check (char_length(candidate) between 2 and 60 and char_length(award) between 2 and 60)
);
comment on table exercise_awards is 'An award: the unit or person proposed, and for what.';
select make_tenant_table('exercise_awards');

-- The street's opinion, once; a cadre record keeps it sealed instead.
create table exercise_opinions (
    tenant_id    uuid not null,
    exercise_id  uuid not null,
    kind         opinion_kind not null,
    words        text not null,
    body         text not null,
    decided_on   date,
    given_at     timestamptz not null,
    given_by     uuid,
    given_post   uuid,
    constraint exercise_opinions_pk primary key (tenant_id, exercise_id),
    constraint exercise_opinions_exercise foreign key (tenant_id, exercise_id) references power_exercises (tenant_id, id),
    constraint exercise_opinions_given_by foreign key (tenant_id, given_by) references people (tenant_id, id),
    constraint exercise_opinions_given_post foreign key (tenant_id, given_post) references posts (tenant_id, id),
    constraint exercise_opinions_texts check (char_length(words) <= 1000 and char_length(body) <= 60),
    constraint exercise_opinions_silent check ((kind = 'silent') = (given_by is null)
        and (given_by is null) = (given_post is null) and (given_by is null) = (decided_on is null))
);
comment on table exercise_opinions is 'The opinion of the street, with the body that decided it and when. silent: it did not answer in time and has no objection.';
select make_tenant_table('exercise_opinions');

-- Opinion and adoption item by item.
create table exercise_items (
    tenant_id    uuid not null,
    exercise_id  uuid not null,
    number       smallint not null,
    words        text not null,
    constraint exercise_items_pk primary key (tenant_id, exercise_id, number),
    constraint exercise_items_opinion foreign key (tenant_id, exercise_id)
        references exercise_opinions (tenant_id, exercise_id),
    constraint exercise_items_number check (number between 1 and 20),
    constraint exercise_items_words check (char_length(words) between 2 and 300)
);
comment on table exercise_items is 'One item of the street''s opinion on a plan, which the department answers by itself.';
select make_tenant_table('exercise_items');

create table exercise_answers (
    tenant_id    uuid not null,
    exercise_id  uuid not null,
    round        smallint not null,
    kind         answer_kind not null,
    words        text not null,
    body         text not null,
    decided_on   date not null,
    given_at     timestamptz not null,
    given_by     uuid not null,
    given_post   uuid not null,
    constraint exercise_answers_pk primary key (tenant_id, exercise_id, round),
    constraint exercise_answers_exercise foreign key (tenant_id, exercise_id) references power_exercises (tenant_id, id),
    constraint exercise_answers_given_by foreign key (tenant_id, given_by) references people (tenant_id, id),
    constraint exercise_answers_given_post foreign key (tenant_id, given_post) references posts (tenant_id, id),
    constraint exercise_answers_round check (round between 1 and 2),
    constraint exercise_answers_texts check (char_length(words) <= 1000 and char_length(body) between 2 and 60)
);
comment on table exercise_answers is 'The department''s answer (部门答复): the first, and the second if the city upheld the street''s objection.';
select make_tenant_table('exercise_answers');

create table item_answers (
    tenant_id    uuid not null,
    exercise_id  uuid not null,
    number       smallint not null,
    round        smallint not null,
    kind         answer_kind not null,
    words        text not null,
    constraint item_answers_pk primary key (tenant_id, exercise_id, number, round),
    constraint item_answers_item foreign key (tenant_id, exercise_id, number)
        references exercise_items (tenant_id, exercise_id, number),
    constraint item_answers_answer foreign key (tenant_id, exercise_id, round)
        references exercise_answers (tenant_id, exercise_id, round),
    constraint item_answers_words check (char_length(words) <= 300 and (kind = 'adopted' or char_length(words) >= 2))
);
comment on table item_answers is 'What the department does with one item, and why if not all of it is adopted.';
select make_tenant_table('item_answers');

create table exercise_reactions (
    tenant_id    uuid not null,
    exercise_id  uuid not null,
    round        smallint not null,
    kind         reaction_kind not null,
    words        text not null,
    score        smallint,
    given_at     timestamptz not null,
    given_by     uuid,
    given_post   uuid,
    constraint exercise_reactions_pk primary key (tenant_id, exercise_id, round),
    constraint exercise_reactions_answer foreign key (tenant_id, exercise_id, round)
        references exercise_answers (tenant_id, exercise_id, round),
    constraint exercise_reactions_given_by foreign key (tenant_id, given_by) references people (tenant_id, id),
    constraint exercise_reactions_given_post foreign key (tenant_id, given_post) references posts (tenant_id, id),
    constraint exercise_reactions_texts check (char_length(words) <= 500),
    constraint exercise_reactions_silent check ((kind = 'silent') = (given_by is null)
        and (given_by is null) = (given_post is null) and (given_by is null) = (score is null)),
    constraint exercise_reactions_score check (score between 1 and 5),
    constraint exercise_reactions_once check (round = 1 or kind <> 'objected')
);
comment on table exercise_reactions is 'The street accepts or objects, and says how good the answer was; silent: accepted because the time ran out, without a mark.';
select make_tenant_table('exercise_reactions');

create table exercise_rulings (
    tenant_id    uuid not null,
    exercise_id  uuid not null,
    kind         ruling_kind not null,
    words        text not null,
    given_at     timestamptz not null,
    given_by     uuid not null,
    given_post   uuid not null,
    constraint exercise_rulings_pk primary key (tenant_id, exercise_id),
    constraint exercise_rulings_exercise foreign key (tenant_id, exercise_id) references power_exercises (tenant_id, id),
    constraint exercise_rulings_given_by foreign key (tenant_id, given_by) references people (tenant_id, id),
    constraint exercise_rulings_given_post foreign key (tenant_id, given_post) references posts (tenant_id, id),
    constraint exercise_rulings_texts check (char_length(words) <= 500)
);
comment on table exercise_rulings is 'What the city''s office says of an objection: upheld, the department answers anew; dismissed, its answer stands.';
select make_tenant_table('exercise_rulings');

-- Whom a co-ordination calls, who came, and what was agreed.
create table exercise_parties (
    tenant_id      uuid not null,
    exercise_id    uuid not null,
    power          power_kind not null default 'coordination',
    plan_id        uuid not null,
    department_id  uuid not null,
    came           boolean,
    attendee       text,
    rank           text,
    constraint exercise_parties_pk primary key (tenant_id, exercise_id, department_id),
    constraint exercise_parties_exercise foreign key (tenant_id, exercise_id, power)
        references power_exercises (tenant_id, id, power),
    constraint exercise_parties_grant foreign key (tenant_id, plan_id, department_id, power)
        references plan_grants (tenant_id, plan_id, department_id, power),
    constraint exercise_parties_power check (power = 'coordination'),
    constraint exercise_parties_came check ((came is null or not came) = (attendee is null)
        and (attendee is null) = (rank is null)),
    constraint exercise_parties_texts check (char_length(attendee) between 2 and 30 and char_length(rank) between 2 and 30)
);
comment on table exercise_parties is 'A department called to a co-ordination, the answering one among them, and who came for it with which rank.';
create index exercise_parties_of_department on exercise_parties (tenant_id, department_id);
select make_tenant_table('exercise_parties');
grant update (came, attendee, rank) on exercise_parties to street_whistle_app;

create table exercise_minutes (
    tenant_id    uuid not null,
    exercise_id  uuid not null,
    power        power_kind not null default 'coordination',
    held_at      timestamptz not null,
    host         text not null,
    words        text not null,
    given_at     timestamptz not null,
    given_by     uuid not null,
    given_post   uuid not null,
    constraint exercise_minutes_pk primary key (tenant_id, exercise_id),
    constraint exercise_minutes_exercise foreign key (tenant_id, exercise_id, power)
        references power_exercises (tenant_id, id, power),
    constraint exercise_minutes_given_by foreign key (tenant_id, given_by) references people (tenant_id, id),
    constraint exercise_minutes_given_post foreign key (tenant_id, given_post) references posts (tenant_id, id),
    constraint exercise_minutes_power check (power = 'coordination'),
    constraint exercise_minutes_texts check (char_length(host) between 2 and 30 and char_length(words) between 2 and 2000),
    constraint exercise_minutes_order check (held_at <= given_at)
);
comment on table exercise_minutes is 'The minutes (纪要) of a co-ordination.';
select make_tenant_table('exercise_minutes');

create table exercise_tasks (
    tenant_id      uuid not null,
    id             uuid not null,
    exercise_id    uuid not null,
    department_id  uuid not null,
    words          text not null,
    due_day        date not null,
    done_at        timestamptz,
    done_by        uuid,
    done_words     text,
    constraint exercise_tasks_pk primary key (tenant_id, id),
    constraint exercise_tasks_party foreign key (tenant_id, exercise_id, department_id)
        references exercise_parties (tenant_id, exercise_id, department_id),
    constraint exercise_tasks_minutes foreign key (tenant_id, exercise_id)
        references exercise_minutes (tenant_id, exercise_id),
    constraint exercise_tasks_done_by foreign key (tenant_id, done_by) references people (tenant_id, id),
    constraint exercise_tasks_texts check (char_length(words) between 2 and 300 and char_length(done_words) between 2 and 500),
    constraint exercise_tasks_done check ((done_at is null) = (done_by is null) and (done_at is null) = (done_words is null))
);
comment on table exercise_tasks is 'What a co-ordination agreed (议定事项): which department does what until when.';
create index exercise_tasks_of_exercise on exercise_tasks (tenant_id, exercise_id);
create index exercise_tasks_open on exercise_tasks (tenant_id, department_id, due_day) where done_at is null;
select make_tenant_table('exercise_tasks');
grant update (done_at, done_by, done_words) on exercise_tasks to street_whistle_app;

-- From which matters a project was proposed.
create table exercise_matters (
    tenant_id    uuid not null,
    exercise_id  uuid not null,
    matter_id    uuid not null,
    constraint exercise_matters_pk primary key (tenant_id, exercise_id, matter_id),
    constraint exercise_matters_exercise foreign key (tenant_id, exercise_id) references power_exercises (tenant_id, id),
    constraint exercise_matters_matter foreign key (tenant_id, matter_id) references matters (tenant_id, id)
);
comment on table exercise_matters is 'A matter out of which a proposal grew.';
select make_tenant_table('exercise_matters');

-- A clock may belong to an exercise.
do $$ begin
    alter table clocks add column exercise_id uuid;
    alter table clocks add constraint clocks_exercise foreign key (tenant_id, exercise_id)
        references power_exercises (tenant_id, id);
    alter table clocks drop constraint clocks_of_one;
    alter table clocks add constraint clocks_of_one check (num_nonnulls(matter_id, whistle_id, exercise_id) = 1
        and (assignment_id is null or whistle_id is not null));
    drop index clocks_one_running;
    create unique index clocks_one_running on clocks (tenant_id,
        coalesce(assignment_id, whistle_id, matter_id, exercise_id), stage,
        coalesce(about, '00000000-0000-0000-0000-000000000000'::uuid)) where stopped_at is null;
    create index clocks_of_exercise on clocks (tenant_id, exercise_id) where exercise_id is not null;
end $$;

create function keep_nearest_of_exercise() returns trigger
    language plpgsql as $$
declare
    n record;
begin
    select c.stage, c.unit, c.due_at, c.soon_at into n from clocks c
     where c.tenant_id = new.tenant_id and c.exercise_id = new.exercise_id and c.stopped_at is null and c.paused_at is null
     order by c.due_at nulls last, c.id limit 1;
    update power_exercises set due_stage = n.stage, due_unit = n.unit, due_at = n.due_at, soon_at = n.soon_at
     where tenant_id = new.tenant_id and id = new.exercise_id
       and (due_stage, due_unit, due_at, soon_at) is distinct from (n.stage, n.unit, n.due_at, n.soon_at);
    return null;
end $$;
drop trigger clocks_nearest on clocks;
create trigger clocks_nearest after insert or update on clocks for each row
    when (new.exercise_id is null) execute function keep_nearest();
create trigger clocks_nearest_of_exercise after insert or update on clocks for each row
    when (new.exercise_id is not null) execute function keep_nearest_of_exercise();

-- Whether the department was late with an answer, and that counts.
create function was_late(p_tenant uuid, p_exercise uuid) returns boolean
    language sql stable as $$
    select exists (select from clocks c
                     join breaches b on b.tenant_id = p_tenant and b.clock_id = c.id
                    where c.tenant_id = p_tenant and c.exercise_id = p_exercise and c.stage = 'answer'
                      and not exists (select from exemptions x where x.tenant_id = p_tenant and x.clock_id = c.id))
$$;

-- Matters like one, for a proposal that grows out of them.
create index matters_alike on matters (tenant_id, street_code, class_code, filed_at);

-- What waits for a post, as the list, the desk and the navigation count it.
create function powers_waiting(p_tenant uuid, p_kind post_kind, p_code text, p_department uuid)
    returns table (exercise_id uuid, act text, since timestamptz)
    language sql stable as $$
    select e.id, case e.stage when 'opining' then 'opine' when 'meeting' then 'minute' else 'react' end, e.waiting_since
      from power_exercises e
     where e.tenant_id = p_tenant and e.street_code = p_code and e.stage in ('opining', 'meeting', 'reacting')
       and e.closed_at is null and e.withdrawn_at is null
       and (p_kind = 'street_secretary' or p_kind in ('street_deputy', 'street_dispatcher') and e.power <> 'cadre')
    union all
    select e.id, 'answer', e.waiting_since
      from power_exercises e
     where e.tenant_id = p_tenant and e.department_id = p_department and e.stage = 'answering'
       and e.closed_at is null and e.withdrawn_at is null
       and (p_kind = 'department_head' or p_kind = 'department_clerk' and e.power <> 'cadre')
    union all
    select t.exercise_id, 'perform', min(m.given_at)
      from exercise_tasks t
      join exercise_minutes m on m.tenant_id = p_tenant and m.exercise_id = t.exercise_id
      join power_exercises e on e.tenant_id = p_tenant and e.id = t.exercise_id
     where t.tenant_id = p_tenant and t.department_id = p_department and t.done_at is null
       and p_kind in ('department_head', 'department_clerk') and e.withdrawn_at is null
     group by t.exercise_id
    union all
    select e.id, 'rule', e.waiting_since
      from power_exercises e
     where e.tenant_id = p_tenant and e.stage = 'objected' and p_kind = 'city_office'
       and e.closed_at is null and e.withdrawn_at is null
$$;

-- A violation (应征未征): the department should have asked, and did not, or asked too late.
create type violation_kind as enum ('not_asked', 'asked_late', 'decided_before');

create table power_violations (
    tenant_id      uuid not null,
    id             uuid not null,
    kind           violation_kind not null,
    plan_id        uuid not null,
    department_id  uuid not null,
    power          power_kind not null,
    street_code    text collate "C" not null,
    exercise_id    uuid,
    words          text not null,
    happened_on    date not null,
    found_at       timestamptz not null,
    found_by       uuid,
    found_post     uuid,
    struck_at      timestamptz,
    struck_by      uuid,
    struck_words   text,
    constraint power_violations_pk primary key (tenant_id, id),
    constraint power_violations_grant foreign key (tenant_id, plan_id, department_id, power)
        references plan_grants (tenant_id, plan_id, department_id, power),
    constraint power_violations_street foreign key (tenant_id, plan_id, street_code)
        references plan_streets (tenant_id, plan_id, street_code),
    constraint power_violations_exercise foreign key (tenant_id, exercise_id) references power_exercises (tenant_id, id),
    constraint power_violations_exercise_key unique (tenant_id, exercise_id, kind),
    constraint power_violations_found_by foreign key (tenant_id, found_by) references people (tenant_id, id),
    constraint power_violations_found_post foreign key (tenant_id, found_post) references posts (tenant_id, id),
    constraint power_violations_struck_by foreign key (tenant_id, struck_by) references people (tenant_id, id),
    constraint power_violations_texts check (char_length(words) between 2 and 500 and char_length(struck_words) between 2 and 300),
    constraint power_violations_found check ((found_by is null) = (found_post is null)
        and (kind = 'not_asked') = (exercise_id is null) and (kind <> 'not_asked' or found_by is not null)),
    constraint power_violations_struck check ((struck_at is null) = (struck_by is null)
        and (struck_at is null) = (struck_words is null))
);
comment on table power_violations is 'A department did not ask a street where the plan says it must, or too late. Struck by the city''s office with a reason if it was none; the row stays.';
create index power_violations_in_order on power_violations (tenant_id, found_at desc, id desc);
create index power_violations_happened on power_violations (tenant_id, happened_on);
select make_tenant_table('power_violations');
grant update (struck_at, struck_by, struck_words) on power_violations to street_whistle_app;

-- Secrets (干部考评意见): sealed by the program under a key that the database never sees.
create type secret_part as enum ('subject', 'opinion', 'answer', 'second_answer', 'reaction', 'second_reaction', 'ruling');

create table exercise_secrets (
    tenant_id    uuid not null,
    exercise_id  uuid not null,
    power        power_kind not null default 'cadre',
    part         secret_part not null,
    key_name     text collate "C" not null,
    sealed       bytea not null,
    sealed_at    timestamptz not null,
    sealed_by    uuid not null,
    constraint exercise_secrets_pk primary key (tenant_id, exercise_id, part),
    constraint exercise_secrets_exercise foreign key (tenant_id, exercise_id, power)
        references power_exercises (tenant_id, id, power),
    constraint exercise_secrets_sealed_by foreign key (tenant_id, sealed_by) references people (tenant_id, id),
    constraint exercise_secrets_power check (power = 'cadre'),
    constraint exercise_secrets_size check (octet_length(sealed) between 29 and 16384)
);
comment on table exercise_secrets is 'What one side of a cadre record wrote, sealed; key_name says under which key.';
select make_tenant_table('exercise_secrets');

create table exercise_readings (
    tenant_id    uuid not null,
    id           uuid not null,
    exercise_id  uuid not null,
    read_at      timestamptz not null,
    read_by      uuid not null,
    read_post    uuid not null,
    constraint exercise_readings_pk primary key (tenant_id, id),
    constraint exercise_readings_exercise foreign key (tenant_id, exercise_id) references power_exercises (tenant_id, id),
    constraint exercise_readings_read_by foreign key (tenant_id, read_by) references people (tenant_id, id),
    constraint exercise_readings_read_post foreign key (tenant_id, read_post) references posts (tenant_id, id)
);
-- A cadre record says nothing in the clear: neither words nor which way the opinion went.
create function cadre_says_nothing() returns trigger
    language plpgsql as $$
declare
    said jsonb := to_jsonb(new);
begin
    if exists (select from power_exercises e where e.tenant_id = new.tenant_id and e.id = new.exercise_id and e.power = 'cadre')
       and (said ->> 'words' <> '' or tg_argv[0] = 'opinion' and said ->> 'kind' not in ('sealed', 'silent')) then
        raise exception 'what a cadre record says is sealed'
            using errcode = 'check_violation', constraint = 'cadre_sealed';
    end if;
    return new;
end $$;
create trigger exercise_opinions_sealed before insert on exercise_opinions
    for each row execute function cadre_says_nothing('opinion');
create trigger exercise_answers_sealed before insert on exercise_answers
    for each row execute function cadre_says_nothing('answer');
create trigger exercise_reactions_sealed before insert on exercise_reactions
    for each row execute function cadre_says_nothing('reaction');
create trigger exercise_rulings_sealed before insert on exercise_rulings
    for each row execute function cadre_says_nothing('ruling');

comment on table exercise_readings is 'Each time somebody read a sealed record.';
create index exercise_readings_of_exercise on exercise_readings (tenant_id, exercise_id, read_at);
select make_tenant_table('exercise_readings');
