-- The duty list (权责清单): which department leads, which assist, for which classes of
-- matters. A changed item is a new row; whoever cites an item cites one version of it, so
-- that a whistle keeps the text it was blown on.

alter type event_subject add value 'duty';

create table duty_items (
    tenant_id           uuid not null,
    id                  uuid not null,
    number              integer not null,
    version             integer not null,
    name                text not null,
    law                 text not null,
    lead_department_id  uuid not null,
    boundary            text not null,
    from_day            date not null,
    to_day              date,
    changed_by          uuid not null,
    changed_at          timestamptz not null,
    change_reason       text not null,
    ended_by            uuid,
    ended_at            timestamptz,
    end_reason          text,
    constraint duty_items_pk primary key (tenant_id, id),
    constraint duty_items_version_key unique (tenant_id, number, version),
    constraint duty_items_lead foreign key (tenant_id, lead_department_id) references departments (tenant_id, id),
    constraint duty_items_changed_by foreign key (tenant_id, changed_by) references people (tenant_id, id),
    constraint duty_items_ended_by foreign key (tenant_id, ended_by) references people (tenant_id, id),
    constraint duty_items_numbers check (number between 1 and 9999 and version >= 1),
    constraint duty_items_texts check (char_length(name) between 2 and 60 and char_length(law) between 2 and 300
        and char_length(boundary) <= 1000 and char_length(change_reason) between 2 and 300
        and char_length(end_reason) between 2 and 300),
    constraint duty_items_validity check (to_day >= from_day),
    constraint duty_items_ended check ((ended_at is null) = (ended_by is null)
        and (ended_at is null) = (end_reason is null) and (ended_at is null or to_day is not null))
);
comment on table duty_items is 'One version of one item (第 n 项). In force while to_day is null; ended_at is set where no version follows.';
create unique index duty_items_one_in_force on duty_items (tenant_id, number) where to_day is null;
create index duty_items_of_lead on duty_items (tenant_id, lead_department_id);
select make_tenant_table('duty_items');
grant update (to_day, ended_by, ended_at, end_reason) on duty_items to street_whistle_app;

create table duty_assists (
    tenant_id      uuid not null,
    duty_item_id   uuid not null,
    department_id  uuid not null,
    position       smallint not null,
    ask            text not null,
    constraint duty_assists_pk primary key (tenant_id, duty_item_id, department_id),
    constraint duty_assists_item foreign key (tenant_id, duty_item_id) references duty_items (tenant_id, id),
    constraint duty_assists_department foreign key (tenant_id, department_id) references departments (tenant_id, id),
    constraint duty_assists_ask check (char_length(ask) <= 300)
);
comment on table duty_assists is 'A department that assists by an item, and what it is asked for.';
create index duty_assists_of_department on duty_assists (tenant_id, department_id);
select make_tenant_table('duty_assists');

create table duty_classes (
    tenant_id     uuid not null,
    duty_item_id  uuid not null,
    class_code    text collate "C" not null,
    constraint duty_classes_pk primary key (tenant_id, duty_item_id, class_code),
    constraint duty_classes_item foreign key (tenant_id, duty_item_id) references duty_items (tenant_id, id),
    constraint duty_classes_class foreign key (class_code) references matter_classes (code)
);
comment on table duty_classes is 'A class of matters that an item covers.';
create index duty_classes_of_class on duty_classes (tenant_id, class_code);
select make_tenant_table('duty_classes');

create table precedents (
    tenant_id           uuid not null,
    id                  uuid not null,
    duty_item_id        uuid not null,
    whistle_id          uuid,
    at                  timestamptz not null,
    ruling              text not null,
    lead_department_id  uuid not null,
    level               smallint not null,
    decided_by          uuid not null,
    constraint precedents_pk primary key (tenant_id, id),
    constraint precedents_item foreign key (tenant_id, duty_item_id) references duty_items (tenant_id, id),
    constraint precedents_whistle foreign key (tenant_id, whistle_id) references whistles (tenant_id, id),
    constraint precedents_lead foreign key (tenant_id, lead_department_id) references departments (tenant_id, id),
    constraint precedents_decided_by foreign key (tenant_id, decided_by) references posts (tenant_id, id),
    constraint precedents_level check (level between 1 and 3),
    constraint precedents_ruling check (char_length(ruling) between 2 and 500)
);
comment on table precedents is 'A ruling (先例) on who leads under an item: by street 1, city office 2 or city leader 3.';
create index precedents_of_item on precedents (tenant_id, duty_item_id, at);
select make_tenant_table('precedents');

do $$ begin
    alter table whistles add column duty_item_id uuid;
    alter table whistles add column choice_reason text;
    alter table whistles add constraint whistles_duty_item
        foreign key (tenant_id, duty_item_id) references duty_items (tenant_id, id);
    alter table whistles add constraint whistles_choice_reason check (char_length(choice_reason) between 1 and 300);
end $$;
comment on column whistles.duty_item_id is 'The version of the duty item that the draft cites (依据).';
comment on column whistles.choice_reason is 'Why another department leads than the list proposes, or leads where the list is silent.';
create index whistles_by_duty on whistles (tenant_id, duty_item_id) where duty_item_id is not null;
grant update (duty_item_id, choice_reason) on whistles to street_whistle_app;

-- What the list proposes for some classes of matters, the best fit first: the draft of a
-- whistle shows it, and the same text decides whether a choice needs a reason.
create function duties_for(p_tenant uuid, p_classes text[]) returns json
    language sql stable as $$
    with fitting as materialized (
        select i.id, i.number, i.version, i.name, i.law, i.boundary, i.lead_department_id,
               (select count(*) from duty_classes c
                 where c.tenant_id = p_tenant and c.duty_item_id = i.id and c.class_code = any (p_classes)) as fit
          from duty_items i
         where i.tenant_id = p_tenant and i.to_day is null
           and exists (select from duty_classes c where c.tenant_id = p_tenant and c.duty_item_id = i.id
                          and c.class_code = any (p_classes))
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
                     join matter_classes m on m.code = c.class_code
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
comment on function duties_for(uuid, text[]) is 'The items in force that cover any of the classes, with whom they name and their precedents, as JSON.';
