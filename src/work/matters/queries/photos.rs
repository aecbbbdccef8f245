//! The SQL of a matter's photos: whoever sees the step on the matter's page sees them.

use sqlx::types::Json;

use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::PhotoId;
use crate::org::access::{Reach, Viewer};
use crate::org::photos::Whole;
use crate::work::MatterId;
use crate::work::matters::model::narrowed;

/// A photo of a matter within the viewer's reach, or of a whistle that stands or stood on it.
pub(crate) async fn photo(
    tx: &mut Tx,
    me: &Viewer,
    (id, photo): (MatterId, PhotoId),
) -> Result<Whole> {
    let Reach {
        nothing,
        street,
        community,
        grid,
        below,
        department: _,
    } = narrowed(&me.reach(), "");
    let row = sqlx::query_scalar!(
        r#"select photo_json($1, p.id) as "photo!: Json<Whole>"
             from matters m
             join photos p on p.tenant_id = $1 and p.id = $8
             join events e on e.tenant_id = $1 and e.id = p.event_id
            where m.tenant_id = $1 and not $2
              and ($3::text is null or m.street_code = $3)
              and ($4::text is null or m.community_code = $4)
              and ($5::text is null or m.grid_code = $5)
              and ($6::text is null or starts_with(m.place_code, $6))
              and m.id = $7
              and (e.subject_id = m.id or exists (select from whistle_matters b where b.tenant_id = $1
                       and b.matter_id = m.id and b.whistle_id = e.subject_id))"#,
        me.tenant.0,
        nothing,
        street,
        community,
        grid,
        below,
        id.0,
        photo.0
    );
    let found = row.fetch_optional(&mut **tx).await?;
    found.map(|json| json.0).ok_or(Error::NotFound)
}
