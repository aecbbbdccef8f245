-- Parameters (运行参数): numbers that the city sets for the program itself. A change is a new row with
-- the day from which it holds; what was before stays.

alter type event_subject add value 'parameter';

create type parameter as enum ('idle_admin', 'idle_office', 'idle_ground', 'session_hours');

create table parameter_values (
    tenant_id  uuid not null,
    id         uuid not null,
    parameter  parameter not null,
    number     integer not null,
    value      integer not null,
    from_day   date not null,
    reason     text not null,
    set_at     timestamptz not null,
    set_by     uuid not null,
    set_post   uuid not null,
    constraint parameter_values_pk primary key (tenant_id, id),
    constraint parameter_values_number_key unique (tenant_id, parameter, number),
    constraint parameter_values_tenant foreign key (tenant_id) references tenants (id),
    constraint parameter_values_set_by foreign key (tenant_id, set_by) references people (tenant_id, id),
    constraint parameter_values_set_post foreign key (tenant_id, set_post) references posts (tenant_id, id),
    -- GB/T 22239: a session is given up after 30 minutes at most.
    constraint parameter_values_range check (case parameter when 'session_hours' then value between 1 and 24
                                                            else value between 5 and 30 end),
    constraint parameter_values_reason check (char_length(reason) between 2 and 200)
);
comment on table parameter_values is 'What a parameter is from a day on. Of several that hold, the one with the highest number.';
select make_tenant_table('parameter_values');

-- What holds while the city has set nothing.
create function parameter_default(p_parameter parameter) returns integer
    language sql immutable as $$
    select case p_parameter when 'idle_admin' then 15
                            when 'idle_office' then 30
                            when 'idle_ground' then 30
                            when 'session_hours' then 12 end
$$;

-- What a parameter is on a day.
create function parameter_value(p_tenant uuid, p_parameter parameter, p_day date) returns integer
    language sql stable as $$
    select coalesce(
        (select v.value from parameter_values v
          where v.tenant_id = p_tenant and v.parameter = p_parameter and v.from_day <= p_day
          order by v.number desc limit 1),
        parameter_default(p_parameter))
$$;

-- By which parameter the sessions of a post end when nobody does anything.
create function idle_parameter(p_kind post_kind) returns parameter
    language sql immutable as $$
    select case when p_kind in ('system_admin', 'security_admin', 'audit_admin') then 'idle_admin'::parameter
                when p_kind in ('community_secretary', 'community_worker', 'grid_chief', 'grid_secretary',
                                'building_chief', 'building_leader', 'unit_chief', 'unit_household')
                     then 'idle_ground'
                else 'idle_office' end
$$;

-- Whether a session of such a post still lives: used lately, and not begun too long ago.
create function session_lives(p_tenant uuid, p_kind post_kind, p_seen timestamptz, p_created timestamptz,
                              p_now timestamptz, p_day date) returns boolean
    language sql stable as $$
    select p_seen > p_now - make_interval(mins => parameter_value(p_tenant, idle_parameter(p_kind), p_day))
       and p_created > p_now - make_interval(hours => parameter_value(p_tenant, 'session_hours', p_day))
$$;
