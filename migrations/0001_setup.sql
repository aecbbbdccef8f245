-- What every later file stands on: the role the program connects as, and one
-- function that makes a table a tenant table, so that none can be made halfway.

create extension if not exists btree_gist;

do $$ begin
    if not exists (select from pg_roles where rolname = 'street_whistle_app') then
        create role street_whistle_app login nosuperuser nobypassrls nocreatedb nocreaterole;
    end if;
end $$;

revoke all on schema public from public;
grant usage on schema public to street_whistle_app;

-- Closes a table to everyone but the tenant that the transaction names, opens it
-- to the program for reading and adding, and distributes it where Citus runs.
-- Updating is granted column by column in the migration that makes the table.
create function make_tenant_table(name text) returns void
    language plpgsql as $$
begin
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
        'create policy tenant_only on %I to street_whistle_app '
        'using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid) '
        'with check (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', name);
    execute format('grant select, insert on %I to street_whistle_app', name);
    if exists (select from pg_extension where extname = 'citus') then
        if name = 'nodes' then
            perform create_distributed_table('nodes', 'tenant_id', colocate_with => 'none');
        else
            execute format('select create_distributed_table(%L, ''tenant_id'', colocate_with => ''nodes'')', name);
        end if;
    end if;
end $$;

-- A code list shared by all cities: read by everyone, written by migrations and the owner.
create function make_reference_table(name text) returns void
    language plpgsql as $$
begin
    execute format('grant select on %I to street_whistle_app', name);
    if exists (select from pg_extension where extname = 'citus') then
        execute format('select create_reference_table(%L)', name);
    end if;
end $$;

-- These two run in migrations only.
revoke execute on function make_tenant_table(text), make_reference_table(text) from public;
