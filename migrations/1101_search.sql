-- What the search box and the filters of the lists look in: one row for each matter and whistle, apart from it, so that a
-- step of work does not write the index anew. Its texts never change but for drafts and moved places.

create type search_kind as enum ('matter', 'whistle');

-- The signs between words; nothing is found by them alone.
create function search_runs(p_text text) returns text[]
    language sql immutable parallel safe as $$
    select regexp_split_to_array(p_text, '[[:space:]!-/:-@[-`{-~、。“”‘’《》【】—…·]+')
$$;

-- The pieces by which a text is found: each character, each two that stand side by side, and three and six of letters and
-- figures.
create function search_grams(p_text text) returns text[]
    language plpgsql immutable parallel safe as $$
declare
    run text;
    c text[];
    n integer;
    -- How many letters and figures stand here side by side, with this one.
    plain integer;
    pieces text[] := '{}';
begin
    foreach run in array public.search_runs(p_text) loop
        c := string_to_array(run, null);
        n := coalesce(array_length(c, 1), 0);
        plain := 0;
        for i in 1 .. n loop
            pieces := pieces || c[i];
            if i > 1 then
                pieces := pieces || (c[i - 1] || c[i]);
            end if;
            plain := case when ascii(c[i]) < 128 then plain + 1 else 0 end;
            if plain >= 3 then
                pieces := pieces || substr(run, i - 2, 3);
            end if;
            if plain >= 6 then
                pieces := pieces || substr(run, i - 5, 6);
            end if;
        end loop;
    end loop;
    return pieces;
end $$;

-- The fewest of these pieces that a text with this word has: side by side, the last one reaching back. None for a word of
-- signs alone.
create function search_query(p_word text) returns tsquery
    language plpgsql immutable parallel safe as $$
declare
    run text;
    -- A run of letters and figures, or of other characters.
    alike text;
    n integer;
    size integer;
    pieces text[] := '{}';
    short text[] := '{}';
begin
    foreach run in array public.search_runs(p_word) loop
        for alike in select m[1] from regexp_matches(run, '[\x01-\x7f]+|[^\x01-\x7f]+', 'g') m loop
            n := char_length(alike);
            size := case when ascii(alike) >= 128 then 2 when n >= 6 then 6 else 3 end;
            if n < size then
                short := short || alike;
                continue;
            end if;
            for i in 0 .. (n - 1) / size loop
                pieces := pieces || substr(alike, least(i * size, n - size) + 1, size);
            end loop;
        end loop;
        for i in 1 .. char_length(run) - 1 loop
            if (ascii(substr(run, i, 1)) < 128) <> (ascii(substr(run, i + 1, 1)) < 128) then
                pieces := pieces || substr(run, i, 2);
            end if;
        end loop;
    end loop;
    if cardinality(pieces) = 0 then
        pieces := short;
    end if;
    return (select string_agg(distinct '''' || p || '''', ' & ') from unnest(pieces) as p)::tsquery;
end $$;

-- The mark of a stretch of time that a day is in: all time K, a month M, a quarter Q, a year Y; of one tenant and kind.
create function search_span(p_tenant uuid, p_kind search_kind, p_length text, p_day date) returns text
    language sql immutable parallel safe as $$
    select concat(p_length, case p_kind when 'matter' then 'm' when 'whistle' then 'w' end, p_tenant,
                  case p_length when 'M' then extract(year from p_day) * 100 + extract(month from p_day)
                                when 'Q' then extract(year from p_day) * 10 + extract(quarter from p_day)
                                when 'Y' then extract(year from p_day) end)
$$;

-- All by which a row is found. Marks begin with a capital letter, which no piece does: the tenant and kind K, with the month
-- M, quarter Q and year Y, each node above P, and the departments that are called D, the leading one L.
create function search_lexemes(p_tenant uuid, p_kind search_kind, p_words text, p_place text, p_day date, p_called text[])
    returns tsvector
    language sql immutable parallel safe as $$
    select array_to_tsvector(public.search_grams(p_words) || p_called
        || array(select public.search_span(p_tenant, p_kind, s, p_day) from unnest('{K,M,Q,Y}'::text[]) as s)
        || array(select 'P' || left(p_place, l) from unnest('{9,12,15,18,20}'::integer[]) as l where l <= length(p_place)))
$$;

create table search_texts (
    tenant_id  uuid not null,
    id         uuid not null,
    kind       search_kind not null,
    words      text collate "C" not null,
    place      text collate "C" not null,
    lead       uuid,
    day        date not null,
    called     text[] collate "C" not null,
    constraint search_texts_pk primary key (tenant_id, id)
);
comment on table search_texts is 'What matters and whistles are found by. called: departments called D, the leading one L.';

-- What a house and its entrance are called. What is wider is found by its code, because it has too many rows to write anew
-- when it is called otherwise.
create function search_house(p_tenant uuid, p_place text) returns text
    language sql stable as $$
    select string_agg(split_part(n.sounds, e'\n', 1), '' order by n.level)
      from public.nodes n
     where n.tenant_id = p_tenant and length(p_place) > 15 and n.code in (left(p_place, 18), p_place)
$$;

create function search_keep_matter() returns trigger
    language plpgsql as $$
begin
    insert into public.search_texts (tenant_id, id, kind, words, place, day, called)
    values (new.tenant_id, new.id, 'matter',
            public.search_text(concat_ws(e'\n', new.number, new.title, new.spot, new.detail,
                public.search_house(new.tenant_id, new.place_code))),
            new.place_code, (new.filed_at at time zone 'Asia/Shanghai')::date, '{}')
    on conflict (tenant_id, id) do update set words = excluded.words, place = excluded.place;
    return null;
end $$;

-- One whistle anew, with the departments it calls.
create function search_keep_whistle(p_tenant uuid, p_id uuid) returns void
    language sql as $$
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
           is distinct from (excluded.words, excluded.place, excluded.lead, excluded.called)
$$;

create function search_after_whistle() returns trigger
    language plpgsql as $$
begin
    perform public.search_keep_whistle(new.tenant_id, new.id);
    return null;
end $$;

create function search_after_assignment() returns trigger
    language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform public.search_keep_whistle(old.tenant_id, old.whistle_id);
    elsif tg_op = 'INSERT' then
        perform public.search_keep_whistle(new.tenant_id, new.whistle_id);
    elsif (old.role, old.ask, old.stage = 'relieved') <> (new.role, new.ask, new.stage = 'relieved') then
        perform public.search_keep_whistle(new.tenant_id, new.whistle_id);
    end if;
    return null;
end $$;

-- A house is called otherwise: what happened in it is found by the new name.
create function search_after_house() returns trigger
    language plpgsql as $$
begin
    if new.level > 3 and new.name <> old.name then
        update public.search_texts t
           set words = public.search_text(concat_ws(e'\n', m.number, m.title, m.spot, m.detail,
                   public.search_house(m.tenant_id, m.place_code)))
          from public.matters m
         where m.tenant_id = new.tenant_id and m.grid_code = left(new.code, 15) and starts_with(m.place_code, new.code)
           and t.tenant_id = new.tenant_id and t.id = m.id;
        perform public.search_keep_whistle(w.tenant_id, w.id) from public.whistles w
          where w.tenant_id = new.tenant_id and w.community_code = left(new.code, 12)
            and starts_with(w.place_code, new.code);
    end if;
    return null;
end $$;

-- What there is already.
do $$ begin
    alter table matters no force row level security;
    alter table whistles no force row level security;
    alter table assignments no force row level security;
    alter table nodes no force row level security;
    insert into search_texts (tenant_id, id, kind, words, place, day, called)
    select m.tenant_id, m.id, 'matter',
           search_text(concat_ws(e'\n', m.number, m.title, m.spot, m.detail, search_house(m.tenant_id, m.place_code))),
           m.place_code, (m.filed_at at time zone 'Asia/Shanghai')::date, '{}'
      from matters m order by m.tenant_id, m.id;
    perform search_keep_whistle(w.tenant_id, w.id) from whistles w;
    alter table matters force row level security;
    alter table whistles force row level security;
    alter table assignments force row level security;
    alter table nodes force row level security;
end $$;

create index search_texts_found on search_texts using gin (search_lexemes(tenant_id, kind, words, place, day, called))
    with (fastupdate = off);
create index nodes_by_level on nodes (tenant_id, level);
select make_tenant_table('search_texts');
grant update (words, place, lead, called) on search_texts to street_whistle_app;
-- For `search_found`, which is the owner's: under a policy that asks for something, no index over texts is used.
create policy found_by_owner on search_texts for select to current_user using (true);

create trigger matters_search after insert or update of number, title, spot, detail, place_code on matters
    for each row execute function search_keep_matter();
-- At the end, because a draft writes whistle and assignments one after the other.
create constraint trigger whistles_search after insert or update of number, title, place_code on whistles
    deferrable initially deferred for each row execute function search_after_whistle();
create constraint trigger assignments_search after insert or delete or update of role, ask, stage on assignments
    deferrable initially deferred for each row execute function search_after_assignment();
create trigger nodes_search after update of name on nodes
    for each row execute function search_after_house();

-- Whether a row has a word, in its text, or in the name of a place or leading department that `p_named` lists: each code
-- or id after the number of the word.
create function search_has_word(p_at text, p_liked text, p_words text, p_place text, p_lead uuid, p_named text[])
    returns boolean
    language sql immutable parallel safe as $$
    select p_words like p_liked or p_at || left(p_place, 9) = any (p_named) or p_at || left(p_place, 12) = any (p_named)
        or p_at || left(p_place, 15) = any (p_named) or coalesce(p_at || p_lead = any (p_named), false)
$$;

-- Whether it has each, six at the most.
create function search_has(p_liked text[], p_words text, p_place text, p_lead uuid, p_named text[]) returns boolean
    language sql immutable parallel safe as $$
    select (p_liked[1] is null or public.search_has_word('1', p_liked[1], p_words, p_place, p_lead, p_named))
       and (p_liked[2] is null or public.search_has_word('2', p_liked[2], p_words, p_place, p_lead, p_named))
       and (p_liked[3] is null or public.search_has_word('3', p_liked[3], p_words, p_place, p_lead, p_named))
       and (p_liked[4] is null or public.search_has_word('4', p_liked[4], p_words, p_place, p_lead, p_named))
       and (p_liked[5] is null or public.search_has_word('5', p_liked[5], p_words, p_place, p_lead, p_named))
       and (p_liked[6] is null or public.search_has_word('6', p_liked[6], p_words, p_place, p_lead, p_named))
$$;

-- The pattern of `like` that finds a word anywhere; its signs mean themselves.
create function search_like(p_word text) returns text
    language sql immutable parallel safe as $$
    select '%' || replace(replace(replace(p_word, '\', '\\'), '%', '\%'), '_', '\_') || '%'
$$;

-- The pattern of `like` that a name must fit to be spelt so: all letters one after the other. It is asked before the exact
-- one, because it costs a tenth.
create function search_loose(p_word text) returns text
    language sql immutable parallel safe as $$
    select '%' || string_agg(public.search_like(c), '' order by at) || '%'
      from unnest(string_to_array(p_word, null)) with ordinality as s (c, at)
$$;

-- Whether what `sounds_of` wrote is named so: by characters, or by pinyin if the word has letters.
create function search_names(p_sounds text, p_word text) returns boolean
    language sql immutable parallel safe as $$
    select case when p_word ~ '[a-z]' then coalesce(p_sounds ~ public.sound_pattern(p_word), false)
                else p_sounds like public.search_like(p_word) end
$$;

-- The places that each word names, by name, by pinyin or by code, down to a level. The patterns are made once for each word.
create function search_places(p_tenant uuid, p_words text[], p_level integer) returns table (word integer, code text)
    language sql stable as $$
    with words as materialized (
        select w.at::integer as at, w.word, public.search_like(w.word) as liked, public.sound_pattern(w.word) as sounds,
               public.search_loose(w.word) as loose, w.word ~ '[a-z]' as spelt, w.word ~ '^[0-9]{9,}$' as coded
          from unnest(p_words) with ordinality as w (word, at)
    )
    select w.at, n.code
      from words w
      join public.nodes n on n.tenant_id = p_tenant and n.level <= p_level
       and (case when w.spelt then n.sounds like w.loose and n.sounds ~ w.sounds else n.sounds like w.liked end
            or w.coded and starts_with(n.code, w.word))
$$;

-- Which rows of the tenant have all words, most of them at the most. It runs as the owner, past the policy, and therefore
-- compares the tenant itself; it tells ids alone.
create function search_found(p_tenant uuid, p_kind search_kind, p_query tsquery, p_liked text[], p_named text[],
                             p_most integer)
    returns uuid[]
    language plpgsql stable security definer
    set search_path = public, pg_temp set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
begin
    return array(
        select t.id from search_texts t
         where t.tenant_id = p_tenant and p_tenant = nullif(current_setting('app.tenant', true), '')::uuid
           and t.kind = p_kind
           and search_lexemes(t.tenant_id, t.kind, t.words, t.place, t.day, t.called) @@ p_query
           and search_has(p_liked, t.words, t.place, t.lead, p_named)
         limit p_most);
end $$;

-- A word that begins with the name of a street, community or grid is that name and what follows it: `新明小区4号楼`. Both
-- together are looked for wherever the whole would be. Six words at the most.
create function search_words(p_tenant uuid, p_words text[]) returns text[]
    language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
    word text;
    head text;
    parts text[] := '{}';
begin
    foreach word in array p_words loop
        while char_length(word) > 3 loop
            select split_part(n.sounds, e'\n', 1) into head
              from public.nodes n
             where n.tenant_id = p_tenant and n.level <= 3 and starts_with(word, split_part(n.sounds, e'\n', 1))
             order by char_length(n.name) desc limit 1;
            exit when head is null or head = word or char_length(head) < 2;
            parts := parts || head;
            word := substr(word, char_length(head) + 1);
        end loop;
        parts := parts || word;
    end loop;
    return parts[1:6];
end $$;

-- Matters or whistles that have all words, in one part of the chain (a code, or empty) or with one department called. At the
-- most p_most, and then those that a list shows first: the nearest due ones, and the newest. A word is in the text or in
-- the name of a place above it, of a whistle also in the name of the department that leads.
--
-- Within a community or a department the index answers for all time; so it does for words that hardly any row of this month
-- has. Of others it looks through the first 300 rows in the order of the list, and then back by quarters and years until
-- there are enough.
create function search_ids(p_tenant uuid, p_kind search_kind, p_words text[], p_area text, p_department uuid, p_today date,
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
    every := case when p_area <> '' or p_department is not null then sought else sought && every end;
    found := '{}';
    if length(p_area) < 12 and p_department is null then
        span := public.search_span(p_tenant, p_kind, 'M', p_today);
        found := public.search_found(p_tenant, p_kind, sought && format('''%s''', span)::tsquery, liked, named, p_most);
    end if;
    if cardinality(found) < 5 then
        whole := public.search_found(p_tenant, p_kind, every, liked, named, p_most);
        if cardinality(whole) < p_most then
            return query select x from unnest(whole) x;
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
              join public.search_texts t on t.tenant_id = p_tenant and t.id = m.id
             where public.search_has(liked, t.words, t.place, t.lead, named));
    else
        found := found || array(
            select t.id from (
                select r.id from public.whistles r
                 where r.tenant_id = p_tenant
                   and (length(p_area) <> 9 or r.street_code = p_area)
                   and (length(p_area) < 12 or r.community_code = left(p_area, 12))
                 order by r.order_key, r.id limit 300) w
              join public.search_texts t on t.tenant_id = p_tenant and t.id = w.id
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
create function search_people(p_tenant uuid, p_words text[], p_today date) returns setof uuid
    language sql stable as $$
    with words as materialized (
        select w.at, w.word, public.search_like(w.word) as liked, public.sound_pattern(w.word) as sounds,
               public.search_loose(w.word) as loose, w.word ~ '[a-z]' as spelt
          from unnest(p_words) with ordinality as w (word, at)
    ), other as materialized (
        select m.person_id, w.at
          from public.appointments m
          join public.posts o on o.tenant_id = p_tenant and o.id = m.post_id
          join words w on public.search_text(o.title) like w.liked
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
