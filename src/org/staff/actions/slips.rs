//! Slips for all who wait in a unit, so many at once that they can be printed and handed over.

use uuid::Uuid;

use super::super::queries;
use super::accounts::{Slip, slip};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::password;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};

/// So many slips are made at once: a hash of each takes its time, and a person prints and cuts them.
pub(in super::super) const AT_ONCE: i64 = 40;

/// Makes slips for the first of those who wait in a unit: each with the post by which he is found.
pub(in super::super) async fn hand_out(
    tx: &mut Tx,
    me: &Viewer,
    unit: &str,
) -> Result<Vec<(String, Slip)>> {
    let holders = queries::hold_waiting(tx, me, (unit, AT_ONCE)).await?;
    if holders.is_empty() {
        return Err(Error::Refused(
            "这个单位没有等账号条的人，可能刚有人生成过。请看下面现在的情况。".to_owned(),
        ));
    }
    let people: Vec<Uuid> = holders.iter().map(|h| h.person).collect();
    let mut slips = Vec::new();
    let mut hashes = Vec::new();
    for holder in holders {
        let slip = slip(tx, holder.name, holder.login);
        hashes.push(password::hashed(slip.password.clone()).await?);
        slips.push((holder.post, slip));
    }
    if let Some((_, first)) = slips.first() {
        queries::new_passwords(tx, me, (&people, &hashes, first.until)).await?;
    }
    let told = people.iter().map(|id| (*id, "成批生成账号条。".to_owned()));
    let told: Vec<(Uuid, String)> = told.collect();
    events::record_all(tx, me, (Subject::Person, Verb::ResetPassword), &told).await?;
    Ok(slips)
}
