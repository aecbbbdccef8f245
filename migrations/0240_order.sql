-- The order of lists: what is due first stands first, what is put aside after it, then what has no
-- time, and what has ended last, the newest first. One number, so that pages go by key.

create function epoch_us(p_at timestamptz) returns bigint
    language sql immutable as $$
    select (extract(epoch from (p_at - timestamptz '1970-01-01 00:00:00+00')) * 1000000)::bigint
$$;

create function list_key(p_due timestamptz, p_stage clock_stage, p_begun timestamptz, p_ended timestamptz)
    returns bigint language sql immutable as $$
    select case when p_ended is not null then 50000000000000000 - epoch_us(p_ended)
                when p_due is null then 30000000000000000 - epoch_us(p_begun)
                when p_stage = 'suspension' then 10000000000000000 + epoch_us(p_due)
                else epoch_us(p_due) end
$$;

-- What the lamp of a row shows at an instant; the same words as the program's.
create function lamp_of(p_due timestamptz, p_soon timestamptz, p_stage clock_stage, p_ended timestamptz, p_now timestamptz)
    returns text language sql immutable as $$
    select case when p_ended is not null then 'ended'
                when p_due is null then 'none'
                when p_stage = 'suspension' then 'grey'
                when p_now > p_due then 'red'
                when p_now >= p_soon then 'yellow'
                else 'green' end
$$;

do $$ begin
    alter table matters add column order_key bigint not null
        generated always as (list_key(due_at, due_stage, filed_at, ended_at)) stored;
    alter table whistles add column order_key bigint not null
        generated always as (list_key(due_at, due_stage, drafted_at, coalesce(closed_at, withdrawn_at))) stored;
    alter table assignments add column order_key bigint not null
        generated always as (list_key(due_at, due_stage, waiting_since, null)) stored;
    create index matters_in_order on matters (tenant_id, order_key, id);
    create index matters_order_street on matters (tenant_id, street_code, order_key, id);
    create index matters_order_community on matters (tenant_id, community_code, order_key, id);
    create index matters_order_grid on matters (tenant_id, grid_code, order_key, id);
    create index whistles_in_order on whistles (tenant_id, order_key, id);
    create index whistles_order_street on whistles (tenant_id, street_code, order_key, id);
    create index whistles_order_community on whistles (tenant_id, community_code, order_key, id);
end $$;

-- Which clocks an act on a desk stops.
create function stages_of_act(p_act text) returns clock_stage[]
    language sql immutable as $$
    select case p_act when 'sign' then '{sign}' when 'report' then '{report}'
                      when 'feedback' then '{first_feedback,close}' when 'check' then '{check}'
                      when 'rate' then '{rating}' when 'close' then '{conclude}' when 'sort' then '{approve}'
                      when 'approve' then '{approve}' when 'verify' then '{verify}' when 'visit' then '{visit}' when 'ask' then '{visit}'
                      when 'decide' then '{decide}' when 'reply' then '{reply}'
                      else '{}' end::clock_stage[]
$$;

-- A nearest due time as the program reads it.
create function due_json(p_stage clock_stage, p_unit duration_unit, p_due timestamptz, p_soon timestamptz)
    returns json language sql stable as $$
    select case when p_stage is not null
                then json_build_object('stage', p_stage, 'unit', p_unit, 'due_at', p_due, 'soon_at', p_soon) end
$$;
