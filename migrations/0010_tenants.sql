-- A tenant (租户) is one county-level city or district with its own office.

create table tenants (
    id          uuid not null,
    code        text collate "C" not null,
    name        text not null,
    prefix      text collate "C" not null,
    sponsor     text not null,
    is_sample   boolean not null default false,
    created_at  timestamptz not null,
    constraint tenants_pk primary key (id),
    constraint tenants_code_key unique (code),
    constraint tenants_prefix_key unique (prefix),
    constraint tenants_code_form check (code ~ '^[0-9]{6}$'),
    constraint tenants_prefix_form check (prefix ~ '^[A-Z]{2}$'),
    constraint tenants_name_length check (char_length(name) between 2 and 30)
);
comment on table tenants is 'One city or district: code by GB/T 2260, prefix of its numbers, the office that hosts it (主办).';
select make_reference_table('tenants');

-- A host name serves one tenant, or several that then choose at sign-in.
create table tenant_hosts (
    host       text collate "C" not null,
    tenant_id  uuid not null,
    constraint tenant_hosts_pk primary key (host, tenant_id),
    constraint tenant_hosts_tenant foreign key (tenant_id) references tenants (id),
    constraint tenant_hosts_form check (host = lower(host) and host ~ '^[a-z0-9.-]+$')
);
comment on table tenant_hosts is 'Which host names answer for which tenant.';
select make_reference_table('tenant_hosts');
