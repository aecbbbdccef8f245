-- Files may be kept with a use of a power: the letter that asked, the minutes, the answer's paper.
-- A cadre record keeps none, because a file is not sealed.
do $$ begin
    alter table files add column exercise_id uuid
        generated always as (case when owner_kind = 'exercise' then owner_id end) stored;
    alter table files add constraint files_exercise foreign key (tenant_id, exercise_id)
        references power_exercises (tenant_id, id);
end $$;

create function cadre_keeps_no_files() returns trigger
    language plpgsql as $$
begin
    if new.owner_kind = 'exercise' and exists (select from power_exercises e
            where e.tenant_id = new.tenant_id and e.id = new.owner_id and e.power = 'cadre') then
        raise exception 'a cadre record keeps no files'
            using errcode = 'check_violation', constraint = 'cadre_sealed';
    end if;
    return new;
end $$;
create trigger files_of_cadre before insert on files
    for each row execute function cadre_keeps_no_files();
