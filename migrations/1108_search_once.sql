-- A whistle that is drafted and blown in one act comes three times to the end of the transaction: as it is new, with its
-- number, and with its department. Nothing changes between the three, so that its text is made once.
create or replace function search_after_whistle() returns trigger
    language plpgsql as $$
begin
    perform public.search_keep_whistle_once(new.tenant_id, new.id);
    return null;
end $$;

create or replace function search_after_assignment() returns trigger
    language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform public.search_keep_whistle_once(old.tenant_id, old.whistle_id);
    elsif tg_op = 'INSERT' then
        perform public.search_keep_whistle_once(new.tenant_id, new.whistle_id);
    elsif (old.role, old.ask, old.stage = 'relieved') <> (new.role, new.ask, new.stage = 'relieved') then
        perform public.search_keep_whistle_once(new.tenant_id, new.whistle_id);
    end if;
    return null;
end $$;

-- Only for what is called when all else is done, which deferred triggers are.
create function search_keep_whistle_once(p_tenant uuid, p_whistle uuid) returns void
    language plpgsql as $$
begin
    if current_setting('app.search_kept', true) is distinct from p_whistle::text then
        perform public.search_keep_whistle(p_tenant, p_whistle);
        execute format('set local app.search_kept = %L', p_whistle);
    end if;
end $$;
