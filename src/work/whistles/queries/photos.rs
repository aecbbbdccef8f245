//! The SQL of a whistle's photos: whoever sees the step on the whistle's page sees them, and whoever is
//! called sees what was photographed of the matters behind it.

use sqlx::types::Json;

use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::PhotoId;
use crate::org::access::Viewer;
use crate::org::photos::Whole;
use crate::work::WhistleId;

/// A photo of a whistle that the viewer sees: the conditions are those of the case and its timeline.
pub(in super::super) async fn photo(
    tx: &mut Tx,
    me: &Viewer,
    (id, photo): (WhistleId, PhotoId),
) -> Result<Whole> {
    let reach = me.reach();
    let row = sqlx::query_scalar!(
        r#"select photo_json($1, p.id) as "photo!: Json<Whole>"
             from whistles w
             join photos p on p.tenant_id = $1 and p.id = $3
             join events e on e.tenant_id = $1 and e.id = p.event_id
            where w.tenant_id = $1 and w.id = $2 and not $5
              and ($6::text is null or w.street_code = $6)
              and ($7::text is null or w.community_code = $7)
              and ($8::text is null)
              and ($4::uuid is null or exists (select from assignments o where o.tenant_id = $1
                                                  and o.whistle_id = w.id and o.department_id = $4))
              and case when $6::text is not null then not (w.stage = 'draft' and w.from_community)
                       when $7::text is not null then w.sounded_at is not null or w.from_community
                       else w.sounded_at is not null end
              and (e.subject_id = w.id and ($4::uuid is null or e.department_id is null or e.department_id = $4
                       or exists (select from assignments l where l.tenant_id = $1 and l.whistle_id = w.id
                                     and l.department_id = $4 and l.role = 'lead' and l.stage <> 'relieved'))
                   or exists (select from whistle_matters b where b.tenant_id = $1
                                 and b.whistle_id = w.id and b.matter_id = e.subject_id))"#,
        me.tenant.0,
        id.0,
        photo.0,
        reach.department,
        reach.nothing,
        reach.street,
        reach.community,
        reach.grid
    );
    let found = row.fetch_optional(&mut **tx).await?;
    found.map(|json| json.0).ok_or(Error::NotFound)
}
