//! The photos of a record: whoever sees it sees them, either side adds and removes while it is open.

use axum::response::Response;
use uuid::Uuid;

use super::super::actions::files as actions;
use super::super::queries::photos as queries;
use super::show::Show;
use crate::base::db::Tx;
use crate::base::error::{Again, Result};
use crate::org::PhotoId;
use crate::org::access::{Section, Viewer, Visit};
use crate::org::events::Subject;
use crate::org::photos::{Filled, HasAlbum, Sight, Thing};
use crate::work::ExerciseId;

/// A record as the place of its photos.
pub(super) struct OfExercise;

impl Thing for OfExercise {
    type Id = ExerciseId;
    const SECTION: Section = Section::Exercises;
    const LIST: (&'static str, &'static str) = ("/powers/records", "行权记录");
    const PLACE: &'static str = "/powers";

    async fn photo(tx: &mut Tx, me: &Viewer, of: (ExerciseId, PhotoId)) -> Result<Sight> {
        queries::photo(tx, me, of).await
    }
}

impl HasAlbum for OfExercise {
    async fn hold(tx: &mut Tx, me: &Viewer, id: ExerciseId) -> Result<(Subject, Uuid)> {
        actions::hold(tx, me, id).await?;
        Ok((Subject::Exercise, id.0))
    }

    async fn again(
        visit: &mut Visit,
        id: ExerciseId,
        filled: Filled,
        why: Again,
    ) -> Result<Response> {
        Ok(Show::of(visit, id).await?.with_album(filled, why))
    }
}
