//! What is personal in a sample, sealed as the program seals it.

use sqlx::PgConnection;
use uuid::Uuid;

use super::story::Rows;
use super::telling_queries;
use super::town::Town;
use crate::base::seal::Keys;
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
    telling_queries::insert_masks(db, tenant.0, &addresses).await
}
