-- Changes of the duty list begin and end on days of their own. Which version is in force is asked of a
-- day; a version that waits may be taken back, or give way to another, before its day comes.

do $$ begin
    alter table duty_items add column dropped_at timestamptz;
    alter table duty_items add column dropped_by uuid;
    alter table duty_items add constraint duty_items_dropped_by foreign key (tenant_id, dropped_by)
        references people (tenant_id, id);
    alter table duty_items add constraint duty_items_dropped check ((dropped_at is null) = (dropped_by is null)
        and (dropped_at is null or to_day = from_day and ended_at is null
             and (dropped_at at time zone 'Asia/Shanghai')::date < from_day));
    drop index duty_items_one_in_force;
    -- A version that was replaced on its first day has no day; the last one of the day has it.
    alter table duty_items add constraint duty_items_one_a_day exclude using gist (
        tenant_id with =, number with =, daterange(from_day, to_day) with &&);
end $$;
comment on table duty_items is 'One version of one item (第 n 项), in force from a day until (not including) a day. ended_at: the item ends then, and no version follows.';
comment on column duty_items.dropped_at is 'It never came into force: before its day it was taken back, or another version took its place.';
grant update (dropped_at, dropped_by) on duty_items to street_whistle_app;

-- The items that are in force on the day.
create or replace function duties_for(p_tenant uuid, p_classes text[], p_day date) returns json
    language sql stable as $$
    with fitting as materialized (
        select i.id, i.number, i.version, i.name, i.law, i.boundary, i.lead_department_id, count(*) as fit
          from duty_classes c
          join duty_items i on i.tenant_id = p_tenant and i.id = c.duty_item_id
               and i.from_day <= p_day and (i.to_day is null or i.to_day > p_day)
         where c.tenant_id = p_tenant and c.class_code = any (p_classes)
         group by i.tenant_id, i.id
         order by fit desc, i.number
         limit 5)
    select coalesce(json_agg(json_build_object(
               'id', f.id, 'number', f.number, 'version', f.version, 'name', f.name, 'law', f.law,
               'boundary', f.boundary, 'lead_id', f.lead_department_id, 'lead', d.name,
               'assists', coalesce((
                   select json_agg(json_build_object('department_id', a.department_id, 'department', x.name,
                                                     'ask', a.ask) order by a.position)
                     from duty_assists a
                     join departments x on x.tenant_id = p_tenant and x.id = a.department_id
                    where a.tenant_id = p_tenant and a.duty_item_id = f.id), '[]'::json),
               'covers', (
                   select json_agg(m.name order by m.code)
                     from duty_classes c
                     join classes_on(p_tenant, p_day) m on m.code = c.class_code
                    where c.tenant_id = p_tenant and c.duty_item_id = f.id and c.class_code = any (p_classes)),
               'precedents', coalesce((
                   select json_agg(json_build_object('at', p.at, 'ruling', p.ruling, 'lead', y.name,
                                                     'level', p.level) order by p.at desc)
                     from precedents p
                     join duty_items o on o.tenant_id = p_tenant and o.id = p.duty_item_id
                     join departments y on y.tenant_id = p_tenant and y.id = p.lead_department_id
                    where p.tenant_id = p_tenant and o.number = f.number), '[]'::json))
               order by f.fit desc, f.number), '[]'::json)
      from fitting f
      join departments d on d.tenant_id = p_tenant and d.id = f.lead_department_id
$$;
