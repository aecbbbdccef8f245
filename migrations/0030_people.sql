-- People, the posts (职务) they hold from and to, and how they sign in. Work belongs
-- to the post, not to the person.

create table people (
    tenant_id   uuid not null,
    id          uuid not null,
    name        text not null,
    identity    text not null,
    home_unit   text,
    is_member   boolean not null default false,
    phone       text,
    is_sample   boolean not null default false,
    constraint people_pk primary key (tenant_id, id),
    constraint people_tenant foreign key (tenant_id) references tenants (id),
    constraint people_name_length check (char_length(name) between 1 and 30),
    constraint people_phone_form check (phone ~ '^[0-9-]{5,20}$')
);
comment on table people is 'A person; identity is what he or she is (社区工作者, 机关干部, 居民), home_unit where a cadre comes from.';
select make_tenant_table('people');
-- Locking a person's row, as an appointment does, asks for a right to change something in it.
grant update (phone) on people to street_whistle_app;

create type post_kind as enum (
    'city_leader', 'city_office',
    'street_secretary', 'street_deputy', 'street_dispatcher', 'street_checker',
    'community_secretary', 'community_worker',
    'grid_chief', 'grid_secretary',
    'building_chief', 'building_leader',
    'unit_chief', 'unit_household',
    'department_head', 'department_clerk',
    'system_admin', 'security_admin', 'audit_admin');

create table posts (
    tenant_id      uuid not null,
    id             uuid not null,
    kind           post_kind not null,
    title          text not null,
    node_id        uuid,
    node_level     smallint,
    node_code      text collate "C",
    department_id  uuid,
    valid_from     date not null,
    valid_to       date,
    constraint posts_pk primary key (tenant_id, id),
    constraint posts_kind_key unique (tenant_id, id, kind),
    constraint posts_node foreign key (tenant_id, node_id, node_level, node_code)
        references nodes (tenant_id, id, level, code),
    constraint posts_department foreign key (tenant_id, department_id) references departments (tenant_id, id),
    constraint posts_seat check (
        case when kind in ('street_secretary', 'street_deputy', 'street_dispatcher', 'street_checker')
                  then node_level is not null and node_level = 1 and department_id is null
             when kind in ('community_secretary', 'community_worker')
                  then node_level is not null and node_level = 2 and department_id is null
             when kind in ('grid_chief', 'grid_secretary')
                  then node_level is not null and node_level = 3 and department_id is null
             when kind in ('building_chief', 'building_leader')
                  then node_level is not null and node_level = 4 and department_id is null
             when kind in ('unit_chief', 'unit_household')
                  then node_level is not null and node_level = 5 and department_id is null
             when kind in ('department_head', 'department_clerk')
                  then department_id is not null and node_id is null
             else node_id is null and department_id is null end),
    constraint posts_node_whole check ((node_id is null) = (node_level is null)
        and (node_id is null) = (node_code is null)),
    constraint posts_validity check (valid_to is null or valid_to > valid_from)
);
comment on table posts is 'A position that can be held: at a node, in a department, or of the whole city.';
create index posts_at_node on posts (tenant_id, node_id);
create index posts_in_department on posts (tenant_id, department_id);
select make_tenant_table('posts');

create table appointments (
    tenant_id  uuid not null,
    id         uuid not null,
    post_id    uuid not null,
    person_id  uuid not null,
    from_day   date not null,
    to_day     date,
    constraint appointments_pk primary key (tenant_id, id),
    constraint appointments_person_key unique (tenant_id, id, person_id),
    constraint appointments_post foreign key (tenant_id, post_id) references posts (tenant_id, id),
    constraint appointments_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint appointments_order check (to_day is null or to_day > from_day),
    constraint appointments_one_holder exclude using gist (
        tenant_id with =, post_id with =, daterange(from_day, to_day) with &&)
);
comment on table appointments is 'Who holds a post from a day until (not including) a day. A post has one holder at a time; none is a vacancy.';
create index appointments_of_person on appointments (tenant_id, person_id);
select make_tenant_table('appointments');
grant update (to_day) on appointments to street_whistle_app;

-- The three administrators exclude one another and every other post (三权分立).
create function appointments_keep_admins_apart() returns trigger
    language plpgsql as $$
begin
    perform 1 from people where tenant_id = new.tenant_id and id = new.person_id for key share;
    if exists (
        select from appointments a
               join posts p on p.tenant_id = a.tenant_id and p.id = a.post_id
               join posts n on n.tenant_id = new.tenant_id and n.id = new.post_id
         where a.tenant_id = new.tenant_id and a.person_id = new.person_id and a.id <> new.id
           and daterange(a.from_day, a.to_day) && daterange(new.from_day, new.to_day)
           and p.kind <> n.kind
           and (p.kind in ('system_admin', 'security_admin', 'audit_admin')
                or n.kind in ('system_admin', 'security_admin', 'audit_admin')))
    then
        raise exception 'an administrator holds no other post'
            using errcode = 'check_violation', constraint = 'admins_apart';
    end if;
    return new;
end $$;
create trigger appointments_admins_apart before insert or update on appointments
    for each row execute function appointments_keep_admins_apart();

create table accounts (
    tenant_id        uuid not null,
    person_id        uuid not null,
    login            text collate "C" not null,
    password_hash    text not null,
    password_set_at  timestamptz not null,
    must_change      boolean not null,
    failures         smallint not null default 0,
    locked_until     timestamptz,
    constraint accounts_pk primary key (tenant_id, person_id),
    constraint accounts_login_key unique (tenant_id, login),
    constraint accounts_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint accounts_login_form check (login ~ '^[a-z0-9._-]{2,40}$'),
    constraint accounts_failures check (failures >= 0)
);
comment on table accounts is 'How a person signs in. Passwords are argon2id; five failures lock for fifteen minutes.';
select make_tenant_table('accounts');
grant update (password_hash, password_set_at, must_change, failures, locked_until) on accounts to street_whistle_app;

create table sign_in_sources (
    tenant_id     uuid not null,
    source        inet not null,
    failures      smallint not null,
    last_at       timestamptz not null,
    locked_until  timestamptz,
    constraint sign_in_sources_pk primary key (tenant_id, source),
    constraint sign_in_sources_tenant foreign key (tenant_id) references tenants (id)
);
comment on table sign_in_sources is 'Failed sign-ins by network address, for the lock-out by source.';
select make_tenant_table('sign_in_sources');
grant update (failures, last_at, locked_until), delete on sign_in_sources to street_whistle_app;

create table sessions (
    tenant_id       uuid not null,
    id              uuid not null,
    token_digest    bytea not null,
    person_id       uuid not null,
    appointment_id  uuid,
    agent           text not null,
    created_at      timestamptz not null,
    seen_at         timestamptz not null,
    ended_at        timestamptz,
    constraint sessions_pk primary key (tenant_id, id),
    constraint sessions_token_key unique (tenant_id, token_digest),
    constraint sessions_account foreign key (tenant_id, person_id) references accounts (tenant_id, person_id),
    constraint sessions_appointment foreign key (tenant_id, appointment_id, person_id)
        references appointments (tenant_id, id, person_id),
    constraint sessions_agent_length check (char_length(agent) <= 80)
);
comment on table sessions is 'A signed-in browser; the token itself is only in the cookie. The appointment is the post one acts for.';
create index sessions_of_person on sessions (tenant_id, person_id, ended_at);
select make_tenant_table('sessions');
grant update (appointment_id, seen_at, ended_at) on sessions to street_whistle_app;

-- A form carries a key; the second click of a button finds the receipt of the first.
create table receipts (
    tenant_id  uuid not null,
    key        uuid not null,
    person_id  uuid not null,
    location   text not null,
    at         timestamptz not null,
    constraint receipts_pk primary key (tenant_id, key),
    constraint receipts_person foreign key (tenant_id, person_id) references people (tenant_id, id)
);
comment on table receipts is 'What a form with this key led to, so that a double click acts once.';
select make_tenant_table('receipts');
