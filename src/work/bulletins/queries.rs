//! The SQL of bulletins.

use anyhow::Context as _;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sqlx::types::Json;

use super::model::{Content, Issued, PutOut};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::TenantId;
use crate::org::access::Viewer;

/// A bulletin in the list.
#[derive(Clone, Debug, serde::Deserialize)]
pub(super) struct Row {
    pub(super) month: NaiveDate,
    pub(super) year: i16,
    pub(super) number: i16,
    pub(super) issued_at: DateTime<Utc>,
}

/// The bulletins that were put out, the latest first: ten years of them at most.
pub(super) async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Row>> {
    let rows = sqlx::query_scalar!(
        r#"select json_build_object('month', b.month, 'year', b.year, 'number', b.number, 'issued_at', b.issued_at)
                  as "row!: Json<Row>"
             from bulletins b where b.tenant_id = $1 order by b.month desc limit 120"#,
        tenant.0
    );
    let rows = rows.fetch_all(&mut **tx).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// The bulletin of a month, if it was put out, and the office that writes them.
pub(super) async fn of_month(
    tx: &mut Tx,
    tenant: TenantId,
    month: NaiveDate,
) -> Result<(Option<Issued>, String)> {
    let row = sqlx::query!(
        r#"select t.sponsor, b.year as "year?", b.number as "number?", b.content as "content?", b.digest as "digest?",
                  b.issued_at as "issued_at?", p.name as "issued_by?"
             from tenants t
             left join bulletins b on b.tenant_id = $1 and b.month = $2
             left join people p on p.tenant_id = $1 and p.id = b.issued_by
            where t.id = $1"#,
        tenant.0,
        month
    )
    .fetch_one(&mut **tx)
    .await?;
    let issued = match (row.year, row.number, row.content, row.digest, row.issued_at) {
        (Some(year), Some(number), Some(content), Some(digest), Some(issued_at)) => {
            let read = serde_json::from_str::<Content>(&content);
            Some(Issued {
                year,
                number,
                content: read.context("a bulletin is not what was written")?,
                digest,
                issued_at,
                issued_by: row.issued_by.unwrap_or_default(),
            })
        }
        _ => None,
    };
    Ok((issued, row.sponsor))
}

/// The newest bulletin that was put out after an instant.
pub async fn newest_after(
    tx: &mut Tx,
    tenant: TenantId,
    after: DateTime<Utc>,
) -> Result<Option<PutOut>> {
    let row = sqlx::query!(
        r#"select b.month, b.year, b.number, b.content, b.digest, b.issued_at, p.name as issued_by,
                  count(*) over () as "all!"
             from bulletins b
             join people p on p.tenant_id = $1 and p.id = b.issued_by
            where b.tenant_id = $1 and b.issued_at > $2
            order by b.issued_at desc, b.month desc limit 1"#,
        tenant.0,
        after
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let read = serde_json::from_str::<Content>(&row.content);
    let issued = Issued {
        year: row.year,
        number: row.number,
        content: read.context("a bulletin is not what was written")?,
        digest: row.digest,
        issued_at: row.issued_at,
        issued_by: row.issued_by,
    };
    Ok(Some(PutOut::of(row.month, &issued, row.all - 1)))
}

/// Keeps the bulletin of a month under the next number of this year; says the number.
pub(super) async fn insert(
    tx: &mut Tx,
    me: &Viewer,
    month: NaiveDate,
    (content, digest): (&str, &str),
) -> Result<i16> {
    let id = uuid_at(tx.now);
    let (now, today) = (tx.now, tx.today());
    let year = i16::try_from(today.year()).context("a year of four figures")?;
    let number = sqlx::query_scalar!(
        r#"insert into bulletins (tenant_id, id, month, year, number, content, digest, issued_at, issued_by, issued_post)
           select $1, $2, $3, $4, coalesce(max(b.number), 0) + 1, $5, $6, $7, $8, $9
             from bulletins b where b.tenant_id = $1 and b.year = $4
           returning number"#,
        me.tenant.0,
        id,
        month,
        year,
        content,
        digest,
        now,
        me.person.0,
        me.post.0
    )
    .fetch_one(&mut **tx)
    .await;
    // Two who put it out at once: the second one reads what the first one put out.
    on_constraint(number, "bulletins_month_key", || Error::Stale)
}
