//! What is personal in a sample, sealed as the program seals it.

use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::column;
use super::story::Rows;
use super::town::Town;
use crate::base::seal::Keys;
use crate::base::words;
use crate::org::TenantId;
use crate::org::personal::{self, Field};

/// Seals the numbers and addresses of people and who told matters; the rows themselves hold the masks.
pub(super) async fn seal(
    db: &mut PgConnection,
    tenant: Uuid,
    (town, rows): (&Town, &Rows),
    keys: &Keys,
) -> Result<(), sqlx::Error> {
    let people = town.people.iter().map(|p| (p.id, Field::Phone, &p.phone));
    let addresses: Vec<(Uuid, String)> = town
        .accounts
        .iter()
        .map(|a| (a.person, format!("{}@example.gov.cn", a.login)))
        .collect();
    let mails = addresses.iter().map(|(id, mail)| (*id, Field::Mail, mail));
    let told = rows
        .matters
        .iter()
        .filter_map(|m| Some((m.id, m.teller.as_ref()?)));
    let tellers = told.flat_map(|(id, (name, phone))| {
        [
            (id, Field::TellerName, name),
            (id, Field::TellerPhone, phone),
        ]
    });
    let tenant = TenantId(tenant);
    let kept = people
        .chain(tellers)
        .chain(mails)
        .map(|(owner, field, value)| personal::sealed(keys, (tenant, owner, field), value))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    personal::keep_each(db, tenant, &kept).await?;
    insert_masks(db, tenant, &addresses).await
}

async fn insert_masks(
    db: &mut PgConnection,
    tenant: TenantId,
    addresses: &[(Uuid, String)],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update people p set mail_mask = a.mask
           from unnest($2::uuid[], $3::text[]) as a (person_id, mask)
          where p.tenant_id = $1 and p.id = a.person_id",
        tenant.0,
        &column(addresses, |a| a.0),
        &column(addresses, |a| words::masked_mail(&a.1)) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}
