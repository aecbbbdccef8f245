-- Proof as files (佐证附件) of tasks and rectification items: kept with the thing while whoever answers
-- for it may report, and fixed from then on. Who kept or removed one has reported, and judges no more.

do $$ begin
    alter table files add column task_id uuid
        generated always as (case when owner_kind = 'task' then owner_id end) stored;
    alter table files add column rectification_id uuid
        generated always as (case when owner_kind = 'rectification' then owner_id end) stored;
    alter table files add constraint files_task foreign key (tenant_id, task_id) references plan_tasks (tenant_id, id);
    alter table files add constraint files_rectification foreign key (tenant_id, rectification_id)
        references rectifications (tenant_id, id);
end $$;

-- Whether a person kept or removed a file of a thing.
create function kept_files(p_tenant uuid, p_kind file_owner, p_owner uuid, p_person uuid) returns boolean
    language sql stable as $$
    select exists (select from files f where f.tenant_id = p_tenant and f.owner_kind = p_kind and f.owner_id = p_owner
                      and p_person in (f.added_by, f.removed_by))
$$;

-- The columns that a row generates are not there yet before it is written: the owner is named by hand.
create function proof_while_reporting() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    if new.owner_kind = 'task' then
        perform 1 from plan_tasks where tenant_id = new.tenant_id and id = new.owner_id for no key update;
        if exists (select from plan_tasks t where t.tenant_id = new.tenant_id and t.id = new.owner_id
                      and (t.confirmed_at is not null or t.ended_at is not null)) then
            raise exception 'the proof of a task that is over is fixed'
                using errcode = 'check_violation', constraint = 'proof_is_fixed';
        end if;
    else
        perform 1 from rectifications where tenant_id = new.tenant_id and id = new.owner_id for no key update;
        if exists (select from rectifications i where i.tenant_id = new.tenant_id and i.id = new.owner_id
                      and i.stage not in ('open', 'returned')) then
            raise exception 'the proof of an item that is reported or struck off is fixed'
                using errcode = 'check_violation', constraint = 'proof_is_fixed';
        end if;
        if exists (select from rectification_steps s where s.tenant_id = new.tenant_id
                      and s.rectification_id = new.owner_id and s.act in ('return', 'verify')
                      and s.person_id in (new.added_by, new.removed_by)) then
            raise exception 'who judged an item brings no proof of it'
                using errcode = 'check_violation', constraint = 'reporter_never_verifies';
        end if;
    end if;
    return new;
end $$;
create trigger files_of_proof before insert or update on files
    for each row when (new.owner_kind in ('task', 'rectification')) execute function proof_while_reporting();

create or replace function reporter_never_confirms() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    if new.confirmed_by is not null and (
        exists (select from task_progress p where p.tenant_id = new.tenant_id and p.task_id = new.id
                   and p.person_id = new.confirmed_by)
        or exists (select from task_milestones m where m.tenant_id = new.tenant_id and m.task_id = new.id
                      and m.reached_by = new.confirmed_by)
        or kept_files(new.tenant_id, 'task', new.id, new.confirmed_by))
    then
        raise exception 'who reported a task does not confirm it'
            using errcode = 'check_violation', constraint = 'reporter_never_confirms';
    end if;
    return new;
end $$;

create or replace function reporter_never_verifies() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    perform 1 from rectifications where tenant_id = new.tenant_id and id = new.rectification_id for no key update;
    if exists (select from rectification_steps s
                where s.tenant_id = new.tenant_id and s.rectification_id = new.rectification_id
                  and s.person_id = new.person_id
                  and (s.act in ('progress', 'report')) <> (new.act in ('progress', 'report')))
       or new.act in ('return', 'verify')
          and kept_files(new.tenant_id, 'rectification', new.rectification_id, new.person_id)
    then
        raise exception 'who reported does not verify'
            using errcode = 'check_violation', constraint = 'reporter_never_verifies';
    end if;
    return new;
end $$;
