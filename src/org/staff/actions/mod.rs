//! What administrators do: enter people, set posts up, appoint and relieve, make accounts.

mod accounts;
mod people;
mod posts;
mod slips;

pub(super) use accounts::{Slip, close, end_session, open, reopen, reset, unlock};
pub use people::forget_numbers;
pub(super) use people::{change, enter, unmask};
pub(super) use posts::{Appointing, abolish, appoint, cancel, relieve, set_term, set_up};
pub(super) use slips::{AT_ONCE as SLIPS_AT_ONCE, hand_out};

use chrono::NaiveDate;

use super::model::Refusal;
use super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::access::Viewer;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Field(field, sentence) => {
                let mut errors = FieldErrors::new();
                errors.add(field, sentence);
                Self::Invalid(errors)
            }
            Refusal::Rule(sentence) => Self::Refused(sentence),
            Refusal::Stale => Self::Stale,
        }
    }
}

/// Refuses what would leave the city without a security administrator who can sign in, today or
/// on the day on which it takes effect. Asked after the change, under the lock of those posts.
async fn somebody_stays(tx: &mut Tx, me: &Viewer, on: NaiveDate) -> Result<()> {
    for day in [tx.today(), on] {
        if queries::security_admins(tx, me, day).await? == 0 {
            return Err(Error::Refused(
                "这样就没有能登录的安全管理员了，职务和账号都没有人管。请先另任命一位安全管理员并开通账号。"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}
