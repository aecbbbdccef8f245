-- Leave with a deputy (请假代班): while somebody is away, the deputy hears what the posts of the
-- absent are told and may act for them. A deputy who is away too is stood in for by his own.

create table leaves (
    tenant_id  uuid not null,
    id         uuid not null,
    person_id  uuid not null,
    deputy_id  uuid not null,
    from_day   date not null,
    to_day     date not null,
    at         timestamptz not null,
    ended_at   timestamptz,
    constraint leaves_pk primary key (tenant_id, id),
    constraint leaves_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint leaves_deputy foreign key (tenant_id, deputy_id) references people (tenant_id, id),
    constraint leaves_order check (to_day >= from_day),
    constraint leaves_another check (deputy_id <> person_id),
    constraint leaves_once exclude using gist (
        tenant_id with =, person_id with =, daterange(from_day, to_day, '[]') with &&) where (ended_at is null)
);
comment on table leaves is 'Somebody is away from a day to a day, both included, and who stands in. ended_at: came back early, or never went.';
create index leaves_of_deputy on leaves (tenant_id, deputy_id) where ended_at is null;
select make_tenant_table('leaves');
grant update (ended_at) on leaves to street_whistle_app;

-- Who stands in for a person on a day: the person, if not away; else the deputy, or whoever stands
-- in for the deputy. Circles are refused when a leave is entered; should one be there all the same,
-- the way ends.
create function stand_in(p_tenant uuid, p_person uuid, p_day date) returns uuid
    language sql stable as $$
    with recursive way (person_id, steps) as (
        select p_person, 0
        union all
        select l.deputy_id, w.steps + 1
          from way w
          join leaves l on l.tenant_id = p_tenant and l.person_id = w.person_id and l.ended_at is null
               and p_day between l.from_day and l.to_day
         where w.steps < 10)
    select w.person_id from way w order by w.steps desc limit 1
$$;

-- The appointment of another that a session acts under, as long as its person stands in.
do $$ begin
    alter table sessions add column for_appointment_id uuid;
    alter table sessions add constraint sessions_for_appointment
        foreign key (tenant_id, for_appointment_id) references appointments (tenant_id, id);
end $$;
grant update (for_appointment_id) on sessions to street_whistle_app;
