//! The verb of bulletins. It does not commit; the page does.

use anyhow::Context as _;
use chrono::NaiveDate;

use super::model::{Content, digest};
use super::queries;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::words;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};

/// Puts out the bulletin of a month: what is written now stays.
pub(super) async fn issue(
    tx: &mut Tx,
    me: &Viewer,
    month: NaiveDate,
    content: &Content,
) -> Result<()> {
    let text = serde_json::to_string(content).context("a letter is only text")?;
    let digest = digest(&text);
    let number = queries::insert(tx, me, month, (&text, &digest)).await?;
    let sentence = format!(
        "{}通报，今年第 {number} 号，SHA-256 {digest}。",
        words::month_title(month)
    );
    let subject = (Subject::Bulletin, me.tenant.0);
    events::record(tx, me, subject, Verb::IssueBulletin, &sentence).await
}
