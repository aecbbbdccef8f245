-- What each writing asks keeps its plan. A function in SQL is read, understood and planned in every statement that writes a
-- row: the key of the list's order, which stands in a generated column, with all that it calls, five times over.
create or replace function list_key(p_due timestamptz, p_stage clock_stage, p_begun timestamptz, p_ended timestamptz)
    returns bigint
    language plpgsql immutable as $$
begin
    return case when p_ended is not null then 50000000000000000 - public.epoch_us(p_ended)
                when p_due is null then 30000000000000000 - public.epoch_us(p_begun)
                when p_stage = 'suspension' then 10000000000000000 + public.epoch_us(p_due)
                else public.epoch_us(p_due) end;
end $$;

-- Which days' figures changed, with each matter and whistle.
create or replace function figures_changed(p_tenant uuid, p_days date[]) returns void
    language plpgsql as $$
begin
    insert into figure_changes (tenant_id, day, change)
    select r.tenant_id, r.day, pg_current_xact_id()
      from figure_runs r
     where r.tenant_id = p_tenant and r.day = any (p_days)
        on conflict do nothing;
end $$;

-- What the index of found texts holds.
create or replace function search_lexemes(p_tenant uuid, p_kind search_kind, p_words text, p_place text, p_day date, p_called text[])
    returns tsvector
    language plpgsql immutable parallel safe as $$
begin
    return array_to_tsvector(public.search_grams(p_words) || p_called
        || array(select public.search_span(p_tenant, p_kind, s, p_day) from unnest('{K,M,Q,Y}'::text[]) as s)
        || array(select 'P' || left(p_place, l) from unnest('{9,12,15,18,20}'::integer[]) as l where l <= length(p_place)));
end $$;

create or replace function search_keep_whistle(p_tenant uuid, p_id uuid) returns void
    language plpgsql as $$
begin
    insert into public.search_texts (tenant_id, id, kind, words, place, lead, day, called)
    select w.tenant_id, w.id, 'whistle',
           public.search_text(concat_ws(e'\n', w.number, w.title, a.asks, public.search_house(p_tenant, w.place_code))),
           w.place_code, a.lead, (w.drafted_at at time zone 'Asia/Shanghai')::date, coalesce(a.called, '{}')
      from public.whistles w
      left join lateral (select string_agg(s.ask, e'\n' order by s.position) as asks,
                                (array_agg(s.department_id) filter (where s.role = 'lead'))[1] as lead,
                                array_agg('D' || s.department_id)
                                    || array_agg('L' || s.department_id) filter (where s.role = 'lead') as called
                           from public.assignments s
                          where s.tenant_id = p_tenant and s.whistle_id = w.id and s.stage::text <> 'relieved') a on true
     where w.tenant_id = p_tenant and w.id = p_id
    on conflict (tenant_id, id) do update
       set words = excluded.words, place = excluded.place, lead = excluded.lead, called = excluded.called
     where (search_texts.words, search_texts.place, search_texts.lead, search_texts.called)
           is distinct from (excluded.words, excluded.place, excluded.lead, excluded.called);
end $$;
