//! The SQL of a record's photos: whoever sees the record sees them, so the conditions are those of its page.

use sqlx::types::Json;

use super::super::model::{Power, Stage, takes_files};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::access::{Permission, Viewer};
use crate::org::photos::{Sight, Whole};
use crate::org::{DepartmentId, PhotoId};
use crate::work::ExerciseId;

/// A photo of a record that the viewer sees, in one statement with what decides who may remove it.
pub(in super::super) async fn photo(
    tx: &mut Tx,
    me: &Viewer,
    (id, photo): (ExerciseId, PhotoId),
) -> Result<Sight> {
    let reach = me.reach();
    let row = sqlx::query!(
        r#"select e.power as "power: Power", e.stage as "stage: Stage", e.street_code, e.department_id,
                  photo_json($1, p.id) as "photo!: Json<Whole>"
             from power_exercises e
             join photos p on p.tenant_id = $1 and p.id = $3
             join events v on v.tenant_id = $1 and v.id = p.event_id and v.subject = 'exercise' and v.subject_id = e.id
            where e.tenant_id = $1 and e.id = $2 and ($4 or e.power <> 'cadre')
              and not $7 and ($5::text is null or e.street_code = $5)
              and ($6::uuid is null or e.department_id = $6 or exists (select from exercise_parties y
                    where y.tenant_id = $1 and y.exercise_id = e.id and y.department_id = $6))"#,
        me.tenant.0,
        id.0,
        photo.0,
        me.kind.may(Permission::ReadCadre),
        reach.street,
        reach.department,
        reach.nothing || reach.community.is_some()
    );
    let row = row
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Error::NotFound)?;
    let sides = (row.street_code.as_str(), DepartmentId(row.department_id));
    let may_remove = takes_files(me, (row.power, row.stage), sides);
    Ok(Sight::of(row.photo.0, me).removable(may_remove))
}
