-- Personal data (个人信息): what identifies a resident, and the numbers of office-holders, stand sealed
-- under a key outside the database (PIPL, GB/T 22239). The row that a value belongs to keeps only its
-- mask, which is what lists show; a keyed digest answers "who has this number".

create table personal_values (
    tenant_id  uuid not null,
    owner_id   uuid not null,
    field      text collate "C" not null,
    matter_id  uuid generated always as (case when field in ('teller_name', 'teller_phone') then owner_id end) stored,
    person_id  uuid generated always as (case when field = 'phone' then owner_id end) stored,
    key_name   text collate "C" not null,
    sealed     bytea not null,
    digest     bytea not null,
    constraint personal_values_pk primary key (tenant_id, owner_id, field),
    constraint personal_values_matter foreign key (tenant_id, matter_id) references matters (tenant_id, id),
    constraint personal_values_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint personal_values_field check (field in ('teller_name', 'teller_phone', 'phone')),
    constraint personal_values_size check (octet_length(sealed) between 41 and 300),
    constraint personal_values_digest_size check (octet_length(digest) = 32)
);
comment on table personal_values is 'One personal value, sealed for its place under the key named, and its HMAC-SHA-256 under a key derived from the same.';
create index personal_values_by_digest on personal_values (tenant_id, field, digest);
create index personal_values_by_key on personal_values (tenant_id, key_name);
select make_tenant_table('personal_values');
grant update (key_name, sealed, digest), delete on personal_values to street_whistle_app;

-- What an older program kept in the clear waits here until the program, which alone has the key, has
-- sealed it; nothing is ever added. The job empties it within minutes of the first start.
create table personal_backlog (
    tenant_id  uuid not null,
    owner_id   uuid not null,
    field      text collate "C" not null,
    value      text not null,
    constraint personal_backlog_pk primary key (tenant_id, owner_id, field)
);
comment on table personal_backlog is 'A personal value from before sealing, in the clear until the program has moved it.';
select make_tenant_table('personal_backlog');
revoke insert on personal_backlog from street_whistle_app;
grant delete on personal_backlog to street_whistle_app;

do $$ begin
    alter table matters add column teller_name_mask text;
    alter table matters add column teller_phone_mask text;
    -- Since when the teller is forgotten because the time of keeping is over.
    alter table matters add column anonymised_at timestamptz;
    alter table people add column phone_mask text;
    alter table people add column anonymised_at timestamptz;
end $$;

create function phone_mask(number text) returns text
    language sql immutable as $$
    select case when char_length(number) >= 11 then left(number, 3) || '****' || right(number, 4)
                else '****' || right(number, 2) end
$$;

-- The owner is bound by the policies like everybody; while the tables change hands they are lifted.
do $$ begin
    alter table matters no force row level security;
    alter table people no force row level security;
    alter table personal_backlog no force row level security;
end $$;
insert into personal_backlog (tenant_id, owner_id, field, value)
select tenant_id, id, 'teller_name', teller_name from matters where teller_name is not null;
insert into personal_backlog (tenant_id, owner_id, field, value)
select tenant_id, id, 'teller_phone', teller_phone from matters where teller_phone is not null;
insert into personal_backlog (tenant_id, owner_id, field, value)
select tenant_id, id, 'phone', phone from people where phone is not null;
-- The old columns are emptied before they go: a dropped column stays in rows that nobody writes anew.
update matters
   set teller_name_mask = left(teller_name, 1) || '*', teller_phone_mask = phone_mask(teller_phone),
       teller_name = null, teller_phone = null
 where teller_name is not null or teller_phone is not null;
update people set phone_mask = phone_mask(phone), phone = null where phone is not null;
drop function phone_mask(text);

do $$ begin
    alter table matters drop column teller_name;
    alter table matters drop column teller_phone;
    alter table people drop column phone;
    alter table matters force row level security;
    alter table people force row level security;
    alter table personal_backlog force row level security;

    -- Gone with the column.
    alter table matters add constraint matters_texts check (char_length(title) between 2 and 60
        and char_length(detail) <= 1000 and char_length(spot) <= 100);
    -- A mask is a mask: nothing else can be written there.
    alter table matters add constraint matters_masks check (char_length(teller_name_mask) = 2
        and right(teller_name_mask, 1) = '*' and teller_phone_mask ~ '^[0-9-]{0,3}\*{4}[0-9-]{2,4}$');
    alter table matters add constraint matters_anonymised check (anonymised_at is null
        or teller_name_mask is null and teller_phone_mask is null);
    alter table people add constraint people_mask check (phone_mask ~ '^[0-9-]{0,3}\*{4}[0-9-]{2,4}$');
    alter table people add constraint people_anonymised check (anonymised_at is null or phone_mask is null);
end $$;
grant update (teller_name_mask, teller_phone_mask, anonymised_at) on matters to street_whistle_app;
grant update (phone_mask, anonymised_at) on people to street_whistle_app;

-- Who looked at what in the clear, for the limit of a day; that it happened is an event as well.
alter type event_subject add value 'personal';

create table personal_sights (
    tenant_id  uuid not null,
    id         uuid not null,
    owner_id   uuid not null,
    seen_by    uuid not null,
    seen_at    timestamptz not null,
    day        date not null,
    purpose    text collate "C" not null,
    words      text not null,
    is_task    boolean not null,
    constraint personal_sights_pk primary key (tenant_id, id),
    constraint personal_sights_seen_by foreign key (tenant_id, seen_by) references people (tenant_id, id),
    constraint personal_sights_words check (char_length(words) <= 100),
    constraint personal_sights_purpose check (purpose in ('contact', 'visit', 'verify', 'handover', 'request'))
);
comment on table personal_sights is 'One unmasking with its purpose. is_task: the program itself asked for the call (回访), so the limit of the day does not count it.';
create index personal_sights_of_day on personal_sights (tenant_id, seen_by, day);
select make_tenant_table('personal_sights');

create table personal_rules (
    tenant_id      uuid not null,
    sights_a_day   smallint not null default 30,
    teller_months  smallint not null default 36,
    people_months  smallint not null default 24,
    version        integer not null default 1,
    constraint personal_rules_pk primary key (tenant_id),
    constraint personal_rules_tenant foreign key (tenant_id) references tenants (id),
    constraint personal_rules_limits check (sights_a_day between 1 and 500 and teller_months between 3 and 240
        and people_months between 1 and 240 and version >= 1)
);
comment on table personal_rules is 'How many people one may look at in the clear on a day; how many months after its end a matter keeps its teller, and after the last post a person the number. A tenant without a row has the defaults.';
select make_tenant_table('personal_rules');
grant update (sights_a_day, teller_months, people_months, version) on personal_rules to street_whistle_app;

create table personal_runs (
    tenant_id  uuid not null,
    id         uuid not null,
    ran_at     timestamptz not null,
    matters    integer not null,
    people     integer not null,
    constraint personal_runs_pk primary key (tenant_id, id),
    constraint personal_runs_tenant foreign key (tenant_id) references tenants (id),
    constraint personal_runs_counts check (matters >= 0 and people >= 0)
);
comment on table personal_runs is 'One nightly walk of the retention: how many tellers and numbers were forgotten.';
create index personal_runs_in_order on personal_runs (tenant_id, ran_at desc);
select make_tenant_table('personal_runs');

-- What the retention looks for: ended long ago and the teller still known; a number and no post.
create index matters_to_forget on matters (tenant_id, ended_at)
    where teller_name_mask is not null or teller_phone_mask is not null;

-- Keys are changed while the program runs: what is sealed is sealed anew under the first key, and
-- nothing else of these rows changes.
grant update (key_name, sealed) on exercise_secrets to street_whistle_app;

-- How much of a tenant is sealed under which key: 个人信息, 干部考评意见, 第二因子, and what is not sealed
-- anew: originals of photos that were redacted, uploads for a register that wait to be confirmed.
create function sealed_counts(p_tenant uuid) returns table (kind text, key_name text, amount bigint)
    language sql stable as $$
    select 'personal', v.key_name, count(*) from personal_values v where v.tenant_id = p_tenant group by v.key_name
    union all
    select 'cadre', s.key_name, count(*) from exercise_secrets s where s.tenant_id = p_tenant group by s.key_name
    union all
    select 'factor', f.key_name, count(*) from second_factors f where f.tenant_id = p_tenant group by f.key_name
    union all
    select 'kept', p.key_name, count(*) from photos p
     where p.tenant_id = p_tenant and p.key_name is not null group by p.key_name
    union all
    select 'kept', r.key_name, count(*) from import_rows r where r.tenant_id = p_tenant group by r.key_name
$$;
