-- A dump is brought back with no schema in sight: what a stored column is computed by names its functions
-- in full. Without this no dump could be brought back.

create or replace function list_key(p_due timestamptz, p_stage clock_stage, p_begun timestamptz, p_ended timestamptz)
    returns bigint language sql immutable as $$
    select case when p_ended is not null then 50000000000000000 - public.epoch_us(p_ended)
                when p_due is null then 30000000000000000 - public.epoch_us(p_begun)
                when p_stage = 'suspension' then 10000000000000000 + public.epoch_us(p_due)
                else public.epoch_us(p_due) end
$$;
