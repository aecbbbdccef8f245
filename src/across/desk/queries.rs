//! The SQL of the desk.

use sqlx::PgConnection;

use crate::base::error::Result;
use crate::org::access::{PostKind, Viewer, Waiting};

/// How many matters and whistles wait for the viewer's post.
pub(super) async fn waiting(db: &mut PgConnection, me: &Viewer) -> Result<Waiting> {
    let row = sqlx::query!(
        r#"select (select count(*) from matters_waiting($1, $2, $3)) as "matters!",
                  (select count(distinct w.whistle_id)
                     from whistles_waiting($1, $2, $3, $4, $5) w) as "whistles!""#,
        me.tenant.0,
        me.kind as PostKind,
        me.node_code(),
        me.department().map(|d| d.0),
        me.person.0
    )
    .fetch_one(db)
    .await?;
    Ok(Waiting {
        matters: row.matters,
        whistles: row.whistles,
    })
}
