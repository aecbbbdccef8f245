-- The number of a room is somebody's home: where exactly a matter is keeps it masked, and sealed beside the
-- name and the number of who told it.

do $$ begin
    alter table personal_values drop column matter_id;
    alter table personal_values add column matter_id uuid generated always as
        (case when field in ('teller_name', 'teller_phone', 'spot') then owner_id end) stored;
    alter table personal_values add constraint personal_values_matter
        foreign key (tenant_id, matter_id) references matters (tenant_id, id);
    alter table personal_values drop constraint personal_values_field;
    alter table personal_values add constraint personal_values_field
        check (field in ('teller_name', 'teller_phone', 'spot', 'phone', 'mail'));
    alter table matters no force row level security;
    alter table personal_backlog no force row level security;
end $$;

create function masked_rooms(place text) returns text
    language sql immutable as $$
    select regexp_replace(place,
        '(?<![0-9０-９])[0-9０-９]{1,4}(?=[[:space:]]*室)'
        '|(?<![0-9０-９])[0-9０-９]{3,4}(?=[[:space:]]*房)'
        '|(?<=[元楼层栋幢座－—-])[[:space:]]*[0-9０-９]{3,4}(?![0-9０-９]|[[:space:]]*[号路米元年月度平人个])', '***', 'g')
$$;
insert into personal_backlog (tenant_id, owner_id, field, value)
select tenant_id, id, 'spot', spot from matters where spot <> masked_rooms(spot);
update matters set spot = masked_rooms(spot) where spot <> masked_rooms(spot);
drop function masked_rooms(text);

do $$ begin
    alter table matters force row level security;
    alter table personal_backlog force row level security;
end $$;
