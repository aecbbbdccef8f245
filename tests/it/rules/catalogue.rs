//! What the database itself says about its tables: closed to other tenants, and ready to be
//! distributed by tenant.

use crate::harness::{Sql, Town};

/// Tables that all tenants share. A new one needs a reason why no tenant owns its rows.
const SHARED: &str = "'tenants', 'tenant_hosts', 'start_classes', 'start_conditions', 'han_sounds', 'holiday_years', 'holidays', 'jobs', '_sqlx_migrations'";
/// Of these, what the program also writes: the worker looks for jobs before it knows the tenant.
const WRITTEN: &str = "'jobs'";

/// Tables with their owner's oid; further conditions follow.
const TABLES: &str = "select c.relname::text from pg_class c
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace";

async fn none(rule: &str, query: &str) {
    let found = Sql::owner().await.column(query).await;
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

async fn tenant_tables() -> Vec<String> {
    let query = format!("{TABLES} and c.relname not in ({SHARED}) order by 1");
    let tables = Sql::owner().await.column(&query).await;
    assert!(tables.len() >= 18, "the catalogue shows the tables");
    tables
}

#[tokio::test]
async fn every_table_has_a_tenant_first_in_its_key() {
    none(
        "A table is a tenant's (column tenant_id uuid not null), or it is shared and stands on this test's list",
        &format!(
            "{TABLES} and c.relname not in ({SHARED})
                and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id'
                                   and a.attnotnull and a.atttypid = 'uuid'::regtype)"
        ),
    )
    .await;
    none(
        "A tenant table has a primary key",
        &format!(
            "{TABLES} and c.relname not in ({SHARED})
                and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')"
        ),
    )
    .await;
    none(
        "tenant_id comes first in every primary key, unique key, unique index and exclusion of a tenant table",
        &format!(
            "select i.indexrelid::regclass::text
               from pg_index i join pg_class c on c.oid = i.indrelid
              where (i.indisunique or i.indisexclusion) and c.relnamespace = 'public'::regnamespace
                and c.relname not in ({SHARED})
                and not exists (select from pg_attribute a where a.attrelid = c.oid
                                   and a.attnum = i.indkey[0] and a.attname = 'tenant_id')"
        ),
    )
    .await;
}

#[tokio::test]
async fn no_link_can_cross_tenants() {
    none(
        "A foreign key between tenant tables begins with tenant_id on both sides",
        &format!(
            "select k.conname::text
               from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
              where k.contype = 'f' and f.relname not in ({SHARED})
                and not (exists (select from pg_attribute a where a.attrelid = k.conrelid
                                    and a.attnum = k.conkey[1] and a.attname = 'tenant_id')
                     and exists (select from pg_attribute a where a.attrelid = k.confrelid
                                    and a.attnum = k.confkey[1] and a.attname = 'tenant_id'))"
        ),
    )
    .await;
    none(
        "A shared table refers to shared tables only",
        &format!(
            "select k.conname::text
               from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
              where k.contype = 'f' and c.relname in ({SHARED}) and f.relname not in ({SHARED})"
        ),
    )
    .await;
    none(
        "No key sets itself null or to a default when its parent goes",
        "select conname::text from pg_constraint where contype = 'f' and (confdeltype in ('n', 'd') or confupdtype <> 'a')",
    )
    .await;
}

#[tokio::test]
async fn row_level_security_is_on_forced_and_for_the_program() {
    none(
        "Row-level security is on and forced on every tenant table",
        &format!("{TABLES} and c.relname not in ({SHARED}) and not (c.relrowsecurity and c.relforcerowsecurity)"),
    )
    .await;
    none(
        "One policy for everything, written to the program's role, by the transaction's tenant, in using and in check",
        &format!(
            "{TABLES} and c.relname not in ({SHARED}) and not coalesce((
                select count(*) = 1 and bool_and(p.roles = '{{street_whistle_app}}' and p.cmd = 'ALL'
                           and p.permissive = 'PERMISSIVE'
                           and p.qual like '%tenant_id = %current_setting(''app.tenant''%'
                           and p.with_check = p.qual and p.qual not ilike '%select%')
                  from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname
                   and p.policyname <> 'found_by_owner'), false)"
        ),
    )
    .await;
}

#[tokio::test]
async fn the_program_owns_nothing_and_passes_no_policy() {
    none(
        "The program's role is nobody special",
        "select rolname::text from pg_roles where rolname = 'street_whistle_app'
            and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication)",
    )
    .await;
    none(
        "The program's role owns nothing",
        "select relname::text from pg_class where relowner = 'street_whistle_app'::regrole
         union all select proname::text from pg_proc where proowner = 'street_whistle_app'::regrole",
    )
    .await;
    none(
        "The program's role is a member of no other",
        "select roleid::regrole::text from pg_auth_members where member = 'street_whistle_app'::regrole",
    )
    .await;
    none(
        "The program may not truncate, refer to or hang triggers on a table",
        &format!(
            "{TABLES} and (has_table_privilege('street_whistle_app', c.oid, 'truncate')
                        or has_table_privilege('street_whistle_app', c.oid, 'references')
                        or has_table_privilege('street_whistle_app', c.oid, 'trigger'))"
        ),
    )
    .await;
    none(
        "Shared tables are only read by the program",
        &format!(
            "{TABLES} and c.relname in ({SHARED}) and c.relname not in ({WRITTEN}) and (has_any_column_privilege('street_whistle_app', c.oid, 'insert, update')
                        or has_table_privilege('street_whistle_app', c.oid, 'delete'))"
        ),
    )
    .await;
    none(
        "No function runs with its owner's rights but the one that asks the index of the search, which under a policy \
         could not be asked; it compares the tenant itself and tells ids alone",
        "select proname::text from pg_proc
          where pronamespace = 'public'::regnamespace and prosecdef and proname <> 'search_found'",
    )
    .await;
    none(
        "For that function the owner reads this one table, and nothing else",
        "select policyname || ' on ' || tablename from pg_policies
          where policyname = 'found_by_owner'
            and not (tablename = 'search_texts' and cmd = 'SELECT' and 'street_whistle_app' <> all (roles))",
    )
    .await;
    none(
        "No view stands beside the policies",
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')",
    )
    .await;
}

#[tokio::test]
async fn facts_are_recorded_once() {
    none(
        "What happened is added, never changed and never removed",
        &format!(
            "{TABLES} and c.relname in ('events', 'matter_steps', 'assignment_steps', 'checks', 'check_reworks',
                                        'ratings', 'reviews', 'receipts', 'visit_tries', 'reopenings', 'handovers', 'breaches', 'clock_pauses',
                                        'assessment_schemes', 'assessment_items', 'assessment_weights',
                                        'assessment_groups', 'assessment_group_departments', 'assessment_snapshots', 'evidence_packs',
                                        'audit_batches', 'audit_seals', 'audit_checks', 'phrases', 'phrase_versions',
                                        'announcement_reads')
                and (has_any_column_privilege('street_whistle_app', c.oid, 'update')
                  or has_table_privilege('street_whistle_app', c.oid, 'delete'))"
        ),
    )
    .await;
    none(
        "A row never moves to another tenant and never changes its id",
        "select c.relname || '.' || a.attname
           from pg_class c join pg_attribute a on a.attrelid = c.oid
          where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
            and a.attname in ('tenant_id', 'id', 'filed_by', 'filed_post', 'drafted_by', 'drafted_post')
            and has_column_privilege('street_whistle_app', c.oid, a.attnum, 'update')",
    )
    .await;
}

#[tokio::test]
async fn names_and_defaults_can_be_distributed() {
    none(
        "Every constraint has a name of its own, not the one PostgreSQL makes up",
        "select conname::text from pg_constraint
          where connamespace = 'public'::regnamespace and conrelid <> '_sqlx_migrations'::regclass
            and (contype = 'p' and conname like '%\\_pkey' or contype = 'f' and conname like '%\\_fkey'
              or contype = 'c' and conname like '%\\_check' or contype = 'x' and conname like '%\\_excl'
              or contype in ('u', 'x') and conname like '%tenant\\_id%')",
    )
    .await;
    none(
        "Names of tables, indexes and constraints have at most 50 bytes",
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace and octet_length(relname) > 50
         union select conname::text from pg_constraint
                where connamespace = 'public'::regnamespace and octet_length(conname) > 50",
    )
    .await;
    none(
        "Times and ids come from the program, not from a default; no sequence gives ids",
        "select adrelid::regclass::text || ': ' || pg_get_expr(adbin, adrelid)
           from pg_attrdef join pg_attribute a on a.attrelid = adrelid and a.attnum = adnum
          where adrelid <> '_sqlx_migrations'::regclass and a.attgenerated = ''
            and pg_get_expr(adbin, adrelid) ~* 'now\\(|current_|timestamp\\(|uuid|random|nextval'
         union all select relname::text from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace",
    )
    .await;
    none(
        "Every table says what one row of it is",
        &format!("{TABLES} and c.relname <> '_sqlx_migrations' and obj_description(c.oid, 'pg_class') is null"),
    )
    .await;
}

#[tokio::test]
async fn without_a_tenant_nothing_is_seen_and_with_one_only_its_own() {
    let (town, other) = (Town::raise().await, Town::raise().await);
    let tables = tenant_tables().await;
    let count = |condition: &str| {
        let each = tables.iter();
        let each: Vec<String> = each
            .map(|t| format!("select '{t}' as name, count(*) as n from {t} where {condition}"))
            .collect();
        format!(
            "select name || ' ' || n from ({}) as x where n > 0",
            each.join(" union all ")
        )
    };
    let mut app = Sql::app().await;
    assert_eq!(app.column(&count("true")).await, Vec::<String>::new());
    app.begin(town.tenant).await;
    let foreign = format!("tenant_id <> '{}'", town.tenant);
    assert_eq!(app.column(&count(&foreign)).await, Vec::<String>::new());
    let own = app.column(&count("true")).await;
    for filled in ["nodes 15", "departments 4", "posts 38"] {
        assert!(own.contains(&filled.to_owned()), "{filled} among {own:?}");
    }
    app.run("rollback").await.unwrap();
    assert_eq!(app.column(&count("true")).await, Vec::<String>::new());
    app.begin(other.tenant).await;
    let town = format!("tenant_id = '{}'", town.tenant);
    assert_eq!(app.column(&count(&town)).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_row_of_another_tenant_is_refused_by_every_table() {
    let (town, other) = (Town::raise().await, Town::raise().await);
    let mut app = Sql::app().await;
    for table in tenant_tables().await {
        app.begin(town.tenant).await;
        let insert = format!(
            "insert into {table} (tenant_id) values ('{}')",
            other.tenant
        );
        let refusal = app.refused(&insert).await;
        let policy = format!("new row violates row-level security policy for table \"{table}\"");
        // Into some nothing is written by the program at all.
        let closed = format!("permission denied for table {table}");
        assert!(
            refusal.contains(&policy) || refusal == table || refusal.contains(&closed),
            "{table}: {refusal}"
        );
    }
}
