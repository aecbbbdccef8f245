//! Files of a record: the letter that asked, the minutes, the paper of an answer.

use super::super::model::owner;
use super::super::queries::case;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::FileId;
use crate::org::access::Viewer;
use crate::org::files::{self, Content};
use crate::work::ExerciseId;

/// Attaches a file, while the record is open, by either side.
pub(in super::super) async fn attach(
    tx: &mut Tx,
    me: &Viewer,
    id: ExerciseId,
    content: &Content,
) -> Result<()> {
    if !case::hold(tx, me, id).await?.takes_files_of(me) {
        return Err(Error::Forbidden);
    }
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
    if !case::hold(tx, me, id).await?.takes_files_of(me) {
        return Err(Error::Forbidden);
    }
    files::remove(tx, me, (owner(id), file), reason).await
}
