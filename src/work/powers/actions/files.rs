//! Files and photos of a record: the letter that asked, the minutes, the place that it is about.

use super::super::model::owner;
use super::super::queries::case;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::FileId;
use crate::org::access::Viewer;
use crate::org::files::{self, Content};
use crate::work::ExerciseId;

/// Locks the record; refuses whoever may neither add nor remove there now.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer, id: ExerciseId) -> Result<()> {
    if case::hold(tx, me, id).await?.takes_files_of(me) {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

/// Attaches a file, while the record is open, by either side.
pub(in super::super) async fn attach(
    tx: &mut Tx,
    me: &Viewer,
    id: ExerciseId,
    content: &Content,
) -> Result<()> {
    hold(tx, me, id).await?;
    files::attach(tx, me, owner(id), content).await?;
    Ok(())
}

/// Removes a file; the row stays.
pub(in super::super) async fn detach(
    tx: &mut Tx,
    me: &Viewer,
    (id, file): (ExerciseId, FileId),
    reason: &str,
) -> Result<()> {
    hold(tx, me, id).await?;
    files::remove(tx, me, (owner(id), file), reason).await
}
