-- Searching costs less.

do $$ begin
    create index posts_by_title on posts (tenant_id, title);
end $$;

-- As before, but woven into the statement that asks: an id was made text by what is not immutable.
create or replace function search_has_word(p_at text, p_liked text, p_words text, p_place text, p_lead uuid, p_named text[])
    returns boolean
    language sql immutable parallel safe as $$
    select p_words like p_liked or p_at || left(p_place, 9) = any (p_named) or p_at || left(p_place, 12) = any (p_named)
        or p_at || left(p_place, 15) = any (p_named) or coalesce(p_at || p_lead::text = any (p_named), false)
$$;

-- Matters or whistles that have all words, in one part of the chain (a code, or empty) or with one department called. At the
-- most p_most, and then those that a list shows first: the nearest due ones, and the newest. A word is in the text or in
-- the name of a place above it, of a whistle also in the name of the department that leads.
--
-- Where all that have the words are not too many the index answers for all time, and they are put in the order of the list:
-- so it is tried within a community or a department, for whistles, and for words that hardly any row of this month has. Of
-- others it looks through the first 300 rows in the order of the list, and then back by quarters and years until there are
-- enough.
create or replace function search_ids(p_tenant uuid, p_kind search_kind, p_words text[], p_area text, p_department uuid, p_today date,
                           p_most integer)
    returns setof uuid
    language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
    words text[] := public.search_words(p_tenant, p_words);
    sought tsquery;
    part tsquery;
    marks text[];
    liked text[] := '{}';
    named text[] := '{}';
    found uuid[];
    whole uuid[];
    span text;
    -- All rows that can be meant: those of the place or department, else of the tenant.
    every tsquery;
    -- So many are put in order at the most.
    all_most integer := p_most * 10;
begin
    if p_area <> '' then
        sought := format('''P%s''', p_area)::tsquery;
    end if;
    if p_department is not null then
        part := format('''D%s''', p_department)::tsquery;
        sought := coalesce(sought && part, part);
    end if;
    for i in 1 .. coalesce(array_length(words, 1), 0) loop
        with hits as materialized (
            select s.code from public.search_places(p_tenant, words[i:i], 3) s
        )
        select coalesce(array_agg(t.code), '{}') into marks from (
            select 'P' || h.code as code from hits h
             where left(h.code, 9) not in (select u.code from hits u where length(u.code) = 9 and length(h.code) > 9)
               and left(h.code, 12) not in (select u.code from hits u where length(u.code) = 12 and length(h.code) > 12)
             order by length(h.code), h.code limit 500) t;
        if p_kind = 'whistle' then
            marks := marks || array(
                select 'L' || d.id from public.departments d
                 where d.tenant_id = p_tenant and public.search_names(d.sounds, words[i]));
        end if;
        liked := liked || public.search_like(words[i]);
        named := named || array(select i || substr(m, 2) from unnest(marks) m);
        part := public.search_query(words[i]);
        -- Where many places are called so the index would look each up for every row: then the check alone decides.
        if cardinality(marks) > 20 then
            part := null;
        elsif cardinality(marks) > 0 then
            part := coalesce(part || array_to_string(marks, ' | ')::tsquery, array_to_string(marks, ' | ')::tsquery);
        end if;
        sought := coalesce(sought && part, part, sought);
    end loop;
    every := format('''%s''', public.search_span(p_tenant, p_kind, 'K', p_today))::tsquery;
    sought := coalesce(sought, every);
    -- Of a part of the chain nearly all are matters; whistles are told apart by their mark.
    every := case when p_kind = 'matter' and (p_area <> '' or p_department is not null) then sought else sought && every end;
    found := '{}';
    if length(p_area) < 12 and p_department is null and p_kind = 'matter' then
        span := public.search_span(p_tenant, p_kind, 'M', p_today);
        found := public.search_found(p_tenant, p_kind, sought && format('''%s''', span)::tsquery, liked, named, p_most);
    end if;
    if cardinality(found) < 5 then
        whole := public.search_found(p_tenant, p_kind, every, liked, named, all_most);
        if cardinality(whole) < p_most then
            return query select x from unnest(whole) x;
            return;
        elsif cardinality(whole) < all_most and p_kind = 'matter' then
            return query select r.id from public.matters r where r.tenant_id = p_tenant and r.id = any (whole)
                          order by r.order_key, r.id limit p_most;
            return;
        elsif cardinality(whole) < all_most then
            return query select r.id from public.whistles r where r.tenant_id = p_tenant and r.id = any (whole)
                          order by r.order_key, r.id limit p_most;
            return;
        end if;
    end if;
    if p_kind = 'matter' then
        found := found || array(
            select t.id from (
                select r.id from public.matters r
                 where r.tenant_id = p_tenant
                   and (length(p_area) <> 9 or r.street_code = p_area)
                   and (length(p_area) <> 12 or r.community_code = p_area)
                   and (length(p_area) < 15 or r.grid_code = left(p_area, 15))
                   and (length(p_area) <= 15 or starts_with(r.place_code, p_area))
                 order by r.order_key, r.id limit 300) m
              -- Row by row: in a small city the planner would read all texts.
              cross join lateral (select x.* from public.search_texts x
                                   where x.tenant_id = p_tenant and x.id = m.id offset 0) t
             where public.search_has(liked, t.words, t.place, t.lead, named));
    else
        found := found || array(
            select t.id from (
                select r.id from public.whistles r
                 where r.tenant_id = p_tenant
                   and (length(p_area) <> 9 or r.street_code = p_area)
                   and (length(p_area) < 12 or r.community_code = left(p_area, 12))
                 order by r.order_key, r.id limit 300) w
              cross join lateral (select x.* from public.search_texts x
                                   where x.tenant_id = p_tenant and x.id = w.id offset 0) t
             where public.search_has(liked, t.words, t.place, t.lead, named)
               and (p_department is null or 'D' || p_department = any (t.called)));
    end if;
    found := array(select distinct x from unnest(found) x);
    for back in 0 .. 3 loop
        exit when cardinality(found) >= p_most or whole is not null;
        span := public.search_span(p_tenant, p_kind, 'Q', (p_today - make_interval(months => 3 * back))::date);
        found := array(select distinct x from unnest(found || public.search_found(
            p_tenant, p_kind, sought && format('''%s''', span)::tsquery, liked, named, p_most)) x);
    end loop;
    if cardinality(found) < p_most and whole is null then
        whole := public.search_found(p_tenant, p_kind, every, liked, named, p_most);
        if cardinality(whole) < p_most then
            return query select x from unnest(whole) x;
            return;
        end if;
    end if;
    for back in 0 .. case when p_area = '' and p_department is null then 20 else 1 end loop
        exit when cardinality(found) >= p_most;
        span := public.search_span(p_tenant, p_kind, 'Y', (p_today - make_interval(years => back))::date);
        found := array(select distinct x from unnest(found || public.search_found(
            p_tenant, p_kind, sought && format('''%s''', span)::tsquery, liked, named, p_most)) x);
    end loop;
    if cardinality(found) < p_most then
        found := array(select distinct x from unnest(found || whole) x);
    end if;
    return query select x from unnest(found[1:p_most]) x;
end $$;

-- Who is called so: each word stands in the name, by characters or pinyin, in the sign-in name or in the title of a post of
-- that day.
create or replace function search_people(p_tenant uuid, p_words text[], p_today date) returns setof uuid
    language sql stable as $$
    with recursive words as materialized (
        select w.at, w.word, public.search_like(w.word) as liked, public.sound_pattern(w.word) as sounds,
               public.search_loose(w.word) as loose, w.word ~ '[a-z]' as spelt
          from unnest(p_words) with ordinality as w (word, at)
    -- Each title once, from one to the next in the index: there are few.
    ), titles (title) as (
        select min(o.title) from public.posts o where o.tenant_id = p_tenant
        union all
        select (select min(o.title) from public.posts o where o.tenant_id = p_tenant and o.title > t.title)
          from titles t where t.title is not null
    ), titled as materialized (
        select t.title, w.at from titles t join words w on public.search_text(t.title) like w.liked
    ), other as materialized (
        select m.person_id, t.at
          from titled t
          join public.posts o on o.tenant_id = p_tenant and o.title = t.title
          join public.appointments m on m.tenant_id = p_tenant and m.post_id = o.id
         where m.tenant_id = p_tenant and m.from_day <= p_today and (m.to_day is null or m.to_day > p_today)
         union all
        select a.person_id, w.at
          from public.accounts a
          join words w on a.login like w.liked
         where a.tenant_id = p_tenant
    )
    select p.id from public.people p
     where p.tenant_id = p_tenant
       and not exists (
           select from words w
            where not coalesce(case when w.spelt then p.sounds like w.loose and p.sounds ~ w.sounds
                                    else p.sounds like w.liked end, false)
              and (p.id, w.at) not in (select o.person_id, o.at from other o))
$$;
