-- The evidence of an objection as files. They come while it is open; once a panel is called, what it
-- judges on is no longer taken away.
do $$ begin
    alter table files add column objection_id uuid
        generated always as (case when owner_kind = 'objection' then owner_id end) stored;
    alter table files add constraint files_objection foreign key (tenant_id, objection_id)
        references assessment_objections (tenant_id, id);
end $$;

create function objection_takes_files() returns trigger
    language plpgsql as $$
begin
    if new.owner_kind = 'objection' and not exists (select from assessment_objections b
            where b.tenant_id = new.tenant_id and b.id = new.owner_id and b.state = 'open'
              and (tg_op = 'INSERT' or b.panel_at is null)) then
        raise exception 'evidence comes while an objection is open, and goes before its panel is called'
            using errcode = 'check_violation', constraint = 'files_of_open_objection';
    end if;
    return new;
end $$;
create trigger files_of_objection before insert or update on files
    for each row execute function objection_takes_files();
