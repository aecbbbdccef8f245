//! The photos of a thing to which they are added on its page. Pure.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{LARGEST_SET, Photo, Step, Tray, described, small};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::PhotoId;

/// Who took a photo away.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Removal {
    /// By whom.
    pub remover: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// What was added at once.
#[derive(Clone, Debug, Deserialize)]
pub struct Added {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub who: String,
    /// What they show; may be empty.
    pub caption: String,
    /// The photos, those that were removed among them.
    pub photos: Vec<AddedPhoto>,
}

/// One of them.
#[derive(Clone, Debug, Deserialize)]
pub struct AddedPhoto {
    /// Which.
    pub id: PhotoId,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Whether parts of it are blackened.
    pub redacted: bool,
    /// Who took it away, if somebody did.
    pub removal: Option<Removal>,
}

impl AddedPhoto {
    /// Width and height of its thumbnail.
    pub fn small(&self) -> (u32, u32) {
        small((self.width, self.height))
    }
}

/// The photos of a thing as `photos/_album.html` shows them, with the form that adds more.
#[derive(Clone, Debug)]
pub struct Album {
    /// The thing's page.
    pub place: String,
    /// What was added, the first first.
    pub sets: Vec<Added>,
    /// Whether the viewer adds.
    pub may_add: bool,
    /// The key of the form.
    pub once: String,
    /// What was chosen in it.
    pub tray: Tray,
    /// What is to be kept with them, as it was typed.
    pub caption: String,
    /// What is wrong with the form.
    pub errors: FieldErrors,
}

impl Album {
    /// The photos as they stand, with an empty form.
    pub fn of(
        sets: Vec<Added>,
        place: String,
        may_add: bool,
        (now, once): (DateTime<Utc>, String),
    ) -> Self {
        Self {
            place,
            sets,
            may_add,
            once,
            tray: Tray::new(now, false).alone(),
            caption: String::new(),
            errors: FieldErrors::new(),
        }
    }

    /// The same after something was wrong, with what was chosen and typed.
    #[must_use]
    pub fn again(self, filled: Filled, errors: FieldErrors) -> Self {
        Self {
            tray: filled.tray.alone().wrong(&errors),
            caption: filled.caption,
            errors,
            ..self
        }
    }

    /// How many are there still.
    pub fn count(&self) -> usize {
        let all = self.sets.iter().flat_map(|set| &set.photos);
        all.filter(|photo| photo.removal.is_none()).count()
    }

    /// How many there may be.
    pub fn most(&self) -> usize {
        LARGEST_SET
    }

    /// Whether there is room for another.
    pub fn has_room(&self) -> bool {
        self.count() < LARGEST_SET
    }

    /// The numbers of a set's photos, with them: all of the thing are counted through.
    pub fn numbered(&self, set: &usize) -> Vec<(usize, &AddedPhoto)> {
        let before: usize = self.sets.iter().take(*set).map(|s| s.photos.len()).sum();
        let photos = self.sets.get(*set).map(|set| set.photos.as_slice());
        (before + 1..).zip(photos.unwrap_or_default()).collect()
    }
}

impl Added {
    /// For those who do not see it.
    pub fn alt(&self, number: &usize, photo: &AddedPhoto, now: &DateTime<Utc>) -> String {
        let photo = Photo {
            id: photo.id,
            step: Step::Added,
            at: self.at,
            who: self.who.clone(),
            width: photo.width,
            height: photo.height,
            redacted: photo.redacted,
        };
        described(&self.caption, photo.alt(number, now))
    }

    /// Those that are there still.
    pub fn count(&self) -> usize {
        self.photos.iter().filter(|p| p.removal.is_none()).count()
    }
}

impl Removal {
    /// Who, when and why, in words.
    pub fn sentence(&self, now: &DateTime<Utc>) -> String {
        let at = words::short_minute(self.at, now);
        format!("{} {at} 移除：{}", self.remover, self.reason)
    }
}

/// The form that adds photos, as it came.
#[derive(Clone, Debug)]
pub struct Filled {
    /// What was chosen.
    pub tray: Tray,
    /// What was typed.
    pub caption: String,
}
