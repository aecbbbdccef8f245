-- Addresses of people are personal as their numbers are: sealed, with a mask in the row. A mail no longer
-- carries the address: it goes where the person reads mail when it is sent.

do $$ begin
    alter table people add column mail_mask text;
    alter table people no force row level security;
    alter table personal_backlog no force row level security;
    alter table deliveries no force row level security;
end $$;
insert into personal_backlog (tenant_id, owner_id, field, value)
select tenant_id, id, 'mail', mail from people where mail is not null;
-- The old columns are emptied before they go: a dropped column stays in rows that nobody writes anew.
update people set mail_mask = left(mail, 1) || '***@' || split_part(mail, '@', 2), mail = null where mail is not null;
update deliveries set address = '';
do $$ begin
    alter table people drop column mail;
    alter table deliveries drop column address;
    alter table people force row level security;
    alter table personal_backlog force row level security;
    alter table deliveries force row level security;

    -- A mask is a mask: nothing else can be written there.
    alter table people add constraint people_mail_mask check (mail_mask ~ '^.[*]{3}@[^@[:space:]]+$'
        and char_length(mail_mask) <= 105);
    alter table people drop constraint people_anonymised;
    alter table people add constraint people_anonymised check (anonymised_at is null
        or phone_mask is null and mail_mask is null);

    alter table personal_values drop column person_id;
    alter table personal_values add column person_id uuid generated always as
        (case when field in ('phone', 'mail') then owner_id end) stored;
    alter table personal_values add constraint personal_values_person
        foreign key (tenant_id, person_id) references people (tenant_id, id);
    alter table personal_values drop constraint personal_values_field;
    alter table personal_values add constraint personal_values_field
        check (field in ('teller_name', 'teller_phone', 'phone', 'mail'));
end $$;
grant update (mail_mask) on people to street_whistle_app;
