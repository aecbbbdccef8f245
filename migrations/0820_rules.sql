-- The other numbers of a version of the limits: how long a decision may take, when supervision goes
-- further, how often something may be done. What the program brings holds until the city changes it.

create type limit_rule as enum
    ('decide_return_street', 'decide_return_city', 'decide_return_leader', 'decide_extension', 'decide_suspension',
     'decide_appeal', 'ask_return', 'contest', 'reply', 'late_for_yellow', 'yellow_for_red', 'reworks_for_city',
     'extensions_express', 'extensions_routine', 'extensions_joint', 'visit_tries', 'recur_days');

create table limit_rules (
    tenant_id   uuid not null,
    version_id  uuid not null,
    rule        limit_rule not null,
    amount      integer not null,
    unit        duration_unit,
    constraint limit_rules_pk primary key (tenant_id, version_id, rule),
    constraint limit_rules_version foreign key (tenant_id, version_id) references limit_versions (tenant_id, id),
    constraint limit_rules_amount check (amount between 1 and 8784)
);
comment on table limit_rules is 'A rule of one version of the limits: a time with its unit, or a count without one.';
select make_tenant_table('limit_rules');

-- The rules that the program brings (`domain.md` 2.6 to 2.8a).
create function furnish_rules(p_tenant uuid, p_version uuid) returns void
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
        ('visit_tries', 3, null), ('recur_days', 30, null)
      ) as r (rule, amount, unit)
$$;
select furnish_rules(tenant_id, id) from limit_versions;

-- A version that nobody made is the program's own.
create function limit_versions_furnished() returns trigger
    language plpgsql as $$
begin
    if new.made_by is null then
        perform furnish_rules(new.tenant_id, new.id);
    end if;
    return null;
end $$;
create trigger limit_versions_rules after insert on limit_versions
    for each row execute function limit_versions_furnished();

-- The rules of a version, or of the one that holds on a day, as the program reads them.
create function rules_json(p_tenant uuid, p_version uuid, p_day date) returns json
    language sql stable as $$
    select json_object_agg(r.rule, json_build_object('amount', r.amount, 'unit', r.unit))
      from limit_rules r
     where r.tenant_id = p_tenant
       and r.version_id = coalesce(p_version, (select v.id from limit_versions v
                                                where v.tenant_id = p_tenant and v.from_day <= p_day
                                                order by v.from_day desc limit 1))
$$;
