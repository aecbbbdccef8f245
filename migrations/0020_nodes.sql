-- The five-level chain: 街道 1, 社区 2, 网格 3, 楼栋 4, 单元 5. Each node has two
-- faces, the administrative and the party one. That a parent is exactly one level
-- up, and that a code begins with its parent's, is a foreign key.

create table nodes (
    tenant_id       uuid not null,
    id              uuid not null,
    level           smallint not null,
    parent_id       uuid,
    parent_level    smallint generated always as (case when level > 1 then level - 1 end) stored,
    code            text collate "C" not null,
    parent_code     text collate "C" generated always as (
                        case level when 2 then left(code, 9) when 3 then left(code, 12)
                                   when 4 then left(code, 15) when 5 then left(code, 18) end) stored,
    name            text not null,
    party_name      text not null,
    households      integer,
    longitude       double precision,
    latitude        double precision,
    valid_from      date not null,
    valid_to        date,
    predecessor_id  uuid,
    is_sample       boolean not null default false,
    constraint nodes_pk primary key (tenant_id, id),
    constraint nodes_code_key unique (tenant_id, code),
    constraint nodes_level_key unique (tenant_id, id, level, code),
    constraint nodes_parent foreign key (tenant_id, parent_id, parent_level, parent_code)
        references nodes (tenant_id, id, level, code),
    constraint nodes_predecessor foreign key (tenant_id, predecessor_id) references nodes (tenant_id, id),
    constraint nodes_tenant foreign key (tenant_id) references tenants (id),
    constraint nodes_levels check (level between 1 and 5),
    constraint nodes_top check ((level = 1) = (parent_id is null)),
    constraint nodes_code_form check (code ~ '^[0-9]+$'
        and length(code) = case level when 1 then 9 when 2 then 12 when 3 then 15 when 4 then 18 else 20 end),
    constraint nodes_validity check (valid_to is null or valid_to > valid_from),
    constraint nodes_names check (char_length(name) between 1 and 40 and char_length(party_name) between 1 and 40),
    constraint nodes_point check ((longitude is null) = (latitude is null)
        and longitude between -180 and 180 and latitude between -90 and 90),
    constraint nodes_households check (households >= 0)
);
comment on table nodes is 'A node of the chain with both faces. Its code is its path; codes are never reused.';
create index nodes_children on nodes (tenant_id, parent_id, code);
select make_tenant_table('nodes');

create type department_kind as enum ('bureau', 'vertical', 'utility');

create table departments (
    tenant_id   uuid not null,
    id          uuid not null,
    code        text collate "C" not null,
    name        text not null,
    kind        department_kind not null,
    position    smallint not null,
    valid_from  date not null,
    valid_to    date,
    constraint departments_pk primary key (tenant_id, id),
    constraint departments_code_key unique (tenant_id, code),
    constraint departments_name_key unique (tenant_id, name),
    constraint departments_tenant foreign key (tenant_id) references tenants (id),
    constraint departments_name_length check (char_length(name) between 2 and 40),
    constraint departments_validity check (valid_to is null or valid_to > valid_from)
);
comment on table departments is 'A department that can be called: a bureau, a vertically managed body (双管单位) or a public utility.';
select make_tenant_table('departments');
