-- The nearest due time is written once for what a statement did to clocks, not once for each clock: a whistle that sounds
-- starts four, a closing stops as many, and each time the whole row and its place in every list was written anew.
drop trigger clocks_nearest on clocks;
drop trigger clocks_nearest_of_exercise on clocks;
drop function keep_nearest();
drop function keep_nearest_of_exercise();

-- A decision that others owe is not a department's own due time, and an appeal does not give a whistle that is over a time
-- again.
create function keep_nearest() returns trigger
    language plpgsql as $$
declare
    o record;
    n record;
begin
    for o in select distinct c.tenant_id, c.matter_id, c.whistle_id, c.exercise_id from changed c loop
        if o.matter_id is not null then
            select c.stage, c.unit, c.due_at, c.soon_at into n from clocks c
             where c.tenant_id = o.tenant_id and c.matter_id = o.matter_id and c.stopped_at is null and c.paused_at is null
             order by c.due_at nulls last, c.id limit 1;
            update matters set due_stage = n.stage, due_unit = n.unit, due_at = n.due_at, soon_at = n.soon_at
             where tenant_id = o.tenant_id and id = o.matter_id
               and (due_stage, due_unit, due_at, soon_at) is distinct from (n.stage, n.unit, n.due_at, n.soon_at);
        elsif o.whistle_id is not null then
            select c.stage, c.unit, c.due_at, c.soon_at into n from clocks c
             where c.tenant_id = o.tenant_id and c.whistle_id = o.whistle_id and c.stopped_at is null and c.paused_at is null
             order by c.due_at nulls last, c.id limit 1;
            update whistles set due_stage = n.stage, due_unit = n.unit, due_at = n.due_at, soon_at = n.soon_at
             where tenant_id = o.tenant_id and id = o.whistle_id and closed_at is null and withdrawn_at is null
               and (due_stage, due_unit, due_at, soon_at) is distinct from (n.stage, n.unit, n.due_at, n.soon_at);
        else
            select c.stage, c.unit, c.due_at, c.soon_at into n from clocks c
             where c.tenant_id = o.tenant_id and c.exercise_id = o.exercise_id and c.stopped_at is null and c.paused_at is null
             order by c.due_at nulls last, c.id limit 1;
            update power_exercises set due_stage = n.stage, due_unit = n.unit, due_at = n.due_at, soon_at = n.soon_at
             where tenant_id = o.tenant_id and id = o.exercise_id
               and (due_stage, due_unit, due_at, soon_at) is distinct from (n.stage, n.unit, n.due_at, n.soon_at);
        end if;
    end loop;
    for o in select distinct c.tenant_id, c.assignment_id from changed c where c.assignment_id is not null loop
        select c.stage, c.unit, c.due_at, c.soon_at into n from clocks c
         where c.tenant_id = o.tenant_id and c.assignment_id = o.assignment_id and c.stopped_at is null
           and c.paused_at is null and c.stage <> 'decide'
         order by c.due_at nulls last, c.id limit 1;
        update assignments set due_stage = n.stage, due_unit = n.unit, due_at = n.due_at, soon_at = n.soon_at
         where tenant_id = o.tenant_id and id = o.assignment_id
           and (due_stage, due_unit, due_at, soon_at) is distinct from (n.stage, n.unit, n.due_at, n.soon_at);
    end loop;
    return null;
end $$;
create trigger clocks_nearest_of_new after insert on clocks referencing new table as changed
    for each statement execute function keep_nearest();
create trigger clocks_nearest_of_changed after update on clocks referencing new table as changed
    for each statement execute function keep_nearest();
