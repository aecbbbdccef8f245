//! The photos of a record: whoever sees it sees them, either side adds and removes while it is open.

use axum::response::Response;
use uuid::Uuid;

use super::super::actions::files as actions;
use super::super::queries::photos as queries;
use super::show::Show;
use crate::base::db::{Db, Tx};
use crate::base::error::{Again, Result};
use crate::org::PhotoId;
use crate::org::access::{Access, Permission, Routes, Section, Viewer, Visit};
use crate::org::events::Subject;
use crate::org::photos::{self, Filled, HasAlbum, Sight, Thing};
use crate::work::ExerciseId;

/// A record as the place of its photos.
pub(super) struct OfExercise;

/// The paths of photos.
pub(super) fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeePowers);
    let exercise = Access::Can(Permission::ExercisePowers);
    let redact = Access::Can(Permission::RedactPhotos);
    let open = Access::Can(Permission::OpenOriginals);
    Routes::new()
        .post("/powers/{id}/photos", exercise, photos::add::<OfExercise>)
        .get(
            "/powers/{id}/photos/{photo}",
            see,
            photos::show::<OfExercise>,
        )
        .get(
            "/powers/{id}/photos/{photo}/{size}",
            see,
            photos::picture::<OfExercise>,
        )
        .post(
            "/powers/{id}/photos/{photo}/redaction",
            redact,
            photos::redact::<OfExercise>,
        )
        .post(
            "/powers/{id}/photos/{photo}/original",
            open,
            photos::original::<OfExercise>,
        )
        .post(
            "/powers/{id}/photos/{photo}/removal",
            exercise,
            photos::remove::<OfExercise>,
        )
}

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
