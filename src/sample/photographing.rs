//! The photos of the sample: what was found, on site, in work, done and checked of the newest whistles.

use uuid::Uuid;

use super::photographing_queries::{self as queries, Taken};
use super::sights::{Trouble, sight};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::base::picture::{self, Photo};
use crate::base::store::Store;
use crate::org::photos::Step;

/// A photo that was drawn; those of one kind of step in one street are the same.
struct Drawn {
    key: (Trouble, Step, usize),
    photo: Photo,
    came: Vec<u8>,
}

/// Keeps photos as the program does: the contents first, then the rows.
pub(super) async fn photograph(tx: &mut Tx, tenant: Uuid, store: &Store) -> Result<()> {
    let mut drawn: Vec<Drawn> = Vec::new();
    for shown in queries::steps(tx, tenant).await? {
        let street = usize::from(shown.subject_id.as_bytes()[15] % 2);
        let trouble = Trouble::said_in(&shown.title);
        let key = (trouble, shown.step, street);
        if !drawn.iter().any(|drawn| drawn.key == key) {
            let came = sight(trouble, shown.step, street);
            let photo = picture::photo(&came);
            let photo = photo.map_err(|unfit| anyhow::anyhow!("a drawn photo is {unfit:?}"))?;
            drawn.push(Drawn { key, photo, came });
        }
        let Some(Drawn { photo, came, .. }) = drawn.iter().find(|drawn| drawn.key == key) else {
            continue;
        };
        let (content, small) = (uuid_at(shown.at), uuid_at(shown.at));
        store.put(tenant, content, photo.large.clone()).await?;
        store.put(tenant, small, photo.small.clone()).await?;
        let taken = Taken {
            content,
            small,
            photo,
            came,
        };
        queries::insert(tx, tenant, &shown, &taken).await?;
    }
    Ok(())
}
