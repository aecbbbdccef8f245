//! The SQL of tenants. Reading is open to the program; making one is the owner's.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::base::error::Result;
use crate::org::TenantId;

/// A tenant as the sign-in page and the list of tenants need it.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its code by GB/T 2260.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The office that hosts it (主办).
    pub sponsor: String,
    /// Whether it is a sample.
    pub is_sample: bool,
    /// Its host names, joined by commas.
    pub hosts: String,
}

/// The tenants that a host name serves.
pub async fn of_host(db: &mut PgConnection, host: &str) -> Result<Vec<Tenant>> {
    Ok(sqlx::query_as!(
        Tenant,
        r#"select t.id as "id: TenantId", t.code, t.name, t.sponsor, t.is_sample, h.host as hosts
             from tenant_hosts h
             join tenants t on t.id = h.tenant_id
            where h.host = $1
            order by t.code"#,
        host
    )
    .fetch_all(db)
    .await?)
}

/// The tenant with this code, if there is one: an address that carries it is served before
/// anybody signs in.
pub async fn of_code(db: &mut PgConnection, code: &str) -> Result<Option<(TenantId, String)>> {
    let row = sqlx::query!("select id, name from tenants where code = $1", code)
        .fetch_optional(db)
        .await?;
    Ok(row.map(|r| (r.id.into(), r.name)))
}

/// All tenants.
pub async fn list(db: &mut PgConnection) -> Result<Vec<Tenant>> {
    Ok(sqlx::query_as!(
        Tenant,
        r#"select t.id as "id: TenantId", t.code, t.name, t.sponsor, t.is_sample,
                  coalesce(string_agg(h.host, ', ' order by h.host), '') as "hosts!"
             from tenants t
             left join tenant_hosts h on h.tenant_id = t.id
            group by t.id
            order by t.code"#
    )
    .fetch_all(db)
    .await?)
}

/// Makes a tenant and its hosts. Needs the owner's connection.
pub async fn create(
    db: &mut PgConnection,
    tenant: &Tenant,
    prefix: &str,
    now: DateTime<Utc>,
) -> std::result::Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into tenants (id, code, name, prefix, sponsor, is_sample, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        tenant.id.0,
        tenant.code,
        tenant.name,
        prefix,
        tenant.sponsor,
        tenant.is_sample,
        now
    )
    .execute(&mut *db)
    .await?;
    for host in tenant.hosts.split(',').map(str::trim) {
        sqlx::query!(
            "insert into tenant_hosts (host, tenant_id) values ($1, $2)",
            host.to_lowercase(),
            tenant.id.0
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}
