-- A post changes hands, its work stays (工作交接): the new holder confirms once what is open.

create table handovers (
    tenant_id       uuid not null,
    appointment_id  uuid not null,
    person_id       uuid not null,
    at              timestamptz not null,
    matters         integer not null,
    whistles        integer not null,
    constraint handovers_pk primary key (tenant_id, appointment_id),
    constraint handovers_appointment foreign key (tenant_id, appointment_id, person_id)
        references appointments (tenant_id, id, person_id),
    constraint handovers_counts check (matters >= 0 and whistles >= 0)
);
comment on table handovers is 'Who holds a post has confirmed what was open when taking it over: how many matters and whistles.';
select make_tenant_table('handovers');
