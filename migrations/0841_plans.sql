-- The plan (赋权方案): which departments let the streets have which of the five powers, over what, and
-- from when to when. What a street or a department does with a power names its plan, department and
-- power as one key, so that a power that was not granted cannot be exercised.

create type power_kind as enum ('cadre', 'planning', 'coordination', 'project', 'award');

create table empowerment_plans (
    tenant_id    uuid not null,
    id           uuid not null,
    number       integer not null,
    name         text not null,
    document_id  uuid not null,
    clause       integer not null,
    from_day     date not null,
    to_day       date,
    made_at      timestamptz not null,
    made_by      uuid not null,
    constraint empowerment_plans_pk primary key (tenant_id, id),
    constraint empowerment_plans_number_key unique (tenant_id, number),
    constraint empowerment_plans_cited foreign key (tenant_id, document_id, clause)
        references document_clauses (tenant_id, document_id, number),
    constraint empowerment_plans_made_by foreign key (tenant_id, made_by) references people (tenant_id, id),
    constraint empowerment_plans_texts check (char_length(name) between 2 and 60),
    constraint empowerment_plans_days check (to_day > from_day),
    constraint empowerment_plans_apart exclude using gist
        (tenant_id with =, daterange(from_day, to_day) with &&)
);
comment on table empowerment_plans is 'A version of the plan (赋权方案). In force from from_day until before to_day; no two at once.';
select make_tenant_table('empowerment_plans');
grant update (to_day) on empowerment_plans to street_whistle_app;

create table plan_meetings (
    tenant_id  uuid not null,
    id         uuid not null,
    plan_id    uuid not null,
    held_on    date not null,
    place      text not null,
    present    text not null,
    words      text not null,
    constraint plan_meetings_pk primary key (tenant_id, id),
    constraint plan_meetings_plan foreign key (tenant_id, plan_id) references empowerment_plans (tenant_id, id),
    constraint plan_meetings_texts check (char_length(place) between 2 and 60 and char_length(present) between 2 and 300
        and char_length(words) between 2 and 1000)
);
comment on table plan_meetings is 'A symposium (座谈会) at which a plan was talked over before it was made.';
create index plan_meetings_of_plan on plan_meetings (tenant_id, plan_id, held_on);
select make_tenant_table('plan_meetings');

create table plan_streets (
    tenant_id    uuid not null,
    plan_id      uuid not null,
    street_id    uuid not null,
    street_code  text collate "C" not null,
    level        smallint not null default 1,
    constraint plan_streets_pk primary key (tenant_id, plan_id, street_code),
    constraint plan_streets_plan foreign key (tenant_id, plan_id) references empowerment_plans (tenant_id, id),
    constraint plan_streets_street foreign key (tenant_id, street_id, level, street_code)
        references nodes (tenant_id, id, level, code),
    constraint plan_streets_level check (level = 1)
);
comment on table plan_streets is 'A street that the plan gives the powers to.';
select make_tenant_table('plan_streets');

create table plan_grants (
    tenant_id      uuid not null,
    plan_id        uuid not null,
    department_id  uuid not null,
    power          power_kind not null,
    scope          text not null,
    constraint plan_grants_pk primary key (tenant_id, plan_id, department_id, power),
    constraint plan_grants_plan foreign key (tenant_id, plan_id) references empowerment_plans (tenant_id, id),
    constraint plan_grants_department foreign key (tenant_id, department_id) references departments (tenant_id, id),
    constraint plan_grants_scope check (char_length(scope) between 2 and 300)
);
comment on table plan_grants is 'A power that a granting department (赋权部门) lets the streets have, and over what.';
select make_tenant_table('plan_grants');

-- The limits of each step, beside the other rules of a version (`domain.md` 6). They hold for every
-- version that was there, too: nobody had others.
create or replace function furnish_rules(p_tenant uuid, p_version uuid) returns void
    language sql as $$
    insert into limit_rules (tenant_id, version_id, rule, amount, unit)
    select p_tenant, p_version, r.rule::limit_rule, r.amount, r.unit::duration_unit
      from (values
        ('decide_return_street', 2, 'work_hour'), ('decide_return_city', 1, 'work_day'),
        ('decide_return_leader', 2, 'work_hour'), ('decide_extension', 1, 'work_day'),
        ('decide_suspension', 2, 'work_day'), ('decide_appeal', 1, 'work_day'),
        ('ask_return', 1, 'work_day'), ('contest', 1, 'work_day'), ('reply', 3, 'work_day'),
        ('late_for_yellow', 3, null), ('yellow_for_red', 2, null), ('reworks_for_city', 2, null),
        ('extensions_express', 1, null), ('extensions_routine', 2, null), ('extensions_joint', 1, null),
        ('visit_tries', 3, null), ('recur_days', 30, null),
        ('ask_before', 10, 'work_day'), ('opinion_cadre', 5, 'work_day'), ('opinion_planning', 10, 'work_day'),
        ('opinion_project', 5, 'work_day'), ('opinion_award', 5, 'work_day'), ('minutes', 3, 'work_day'),
        ('answer_cadre', 5, 'work_day'), ('answer_planning', 10, 'work_day'), ('answer_coordination', 5, 'work_day'),
        ('answer_project', 15, 'work_day'), ('answer_award', 5, 'work_day'), ('reaction', 5, 'work_day'),
        ('ruling', 5, 'work_day')
      ) as r (rule, amount, unit)
     where not exists (select from limit_rules l where l.tenant_id = p_tenant and l.version_id = p_version
                          and l.rule = r.rule::limit_rule)
$$;
select furnish_rules(tenant_id, id) from limit_versions;
