//! The photos of the sample: what was found, on site, in work, done and checked of the newest whistles,
//! and what some uses of a power are about.

use chrono::Duration;
use uuid::Uuid;

use super::photographing_queries::{self as queries, Shown, Taken};
use super::sights::{Trouble, sight};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::base::picture::{self, Photo};
use crate::base::store::Store;
use crate::org::photos::Step;

/// What the photos of a use of a power show.
const SHOWN: &str = "现场现状，从路口向里拍。";

/// A photo that was drawn; those of one kind of step in one street are the same.
struct Drawn {
    key: (Trouble, Step, usize),
    photo: Photo,
    came: Vec<u8>,
}

/// What was drawn so far.
#[derive(Default)]
struct Album(Vec<Drawn>);

/// Keeps photos as the program does: the contents first, then the rows.
pub(super) async fn photograph(tx: &mut Tx, tenant: Uuid, store: &Store) -> Result<()> {
    let mut album = Album::default();
    for shown in queries::steps(tx, tenant).await? {
        let street = usize::from(shown.subject_id.as_bytes()[15] % 2);
        album
            .keep(tx, (tenant, store), (&shown, street), None)
            .await?;
    }
    for mut shown in queries::open_uses(tx, tenant).await? {
        shown.at = (shown.at + Duration::minutes(10)).min(tx.now);
        let sentence = format!("2 张：{SHOWN}");
        shown.event_id = queries::adding(tx, tenant, &shown, &sentence).await?;
        for street in 0..2 {
            album
                .keep(tx, (tenant, store), (&shown, street), Some(SHOWN))
                .await?;
        }
    }
    Ok(())
}

impl Album {
    async fn keep(
        &mut self,
        tx: &mut Tx,
        (tenant, store): (Uuid, &Store),
        (shown, street): (&Shown, usize),
        caption: Option<&str>,
    ) -> Result<()> {
        let key = (Trouble::said_in(&shown.title), shown.step, street);
        if !self.0.iter().any(|drawn| drawn.key == key) {
            let came = sight(key.0, key.1, key.2);
            let photo = picture::photo(&came);
            let photo = photo.map_err(|unfit| anyhow::anyhow!("a drawn photo is {unfit:?}"))?;
            self.0.push(Drawn { key, photo, came });
        }
        let Some(Drawn { photo, came, .. }) = self.0.iter().find(|drawn| drawn.key == key) else {
            return Ok(());
        };
        let (content, small) = (uuid_at(shown.at), uuid_at(shown.at));
        store.put(tenant, content, photo.large.clone()).await?;
        store.put(tenant, small, photo.small.clone()).await?;
        let taken = Taken {
            caption,
            content,
            small,
            photo,
            came,
        };
        queries::insert(tx, tenant, shown, &taken).await
    }
}
