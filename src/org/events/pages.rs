//! What leaves as a file is recorded.

use axum::response::Response;
use uuid::Uuid;

use super::{Subject, Verb, record};
use crate::base::error::Result;
use crate::base::sheet::Sheet;
use crate::org::access::Visit;

/// Hands out a list as a file and records which list and how many rows: the one way by which a page
/// exports. The visit ends here, because the record must be true before the file leaves.
pub async fn sheet(mut visit: Visit, sheet: Sheet) -> Result<Response> {
    let subject = (Subject::Sheet, visit.me.tenant.0);
    let sentence = format!("导出{}，{} 行。", sheet.label(), sheet.rows());
    record(&mut visit.tx, &visit.me, subject, Verb::Export, &sentence).await?;
    visit.tx.commit().await?;
    sheet.finish().await
}

/// Records that a file is handed out, whatever its content. The visit ends here, as with a list.
pub async fn download(mut visit: Visit, subject: (Subject, Uuid), sentence: &str) -> Result<()> {
    record(&mut visit.tx, &visit.me, subject, Verb::Download, sentence).await?;
    visit.tx.commit().await
}
