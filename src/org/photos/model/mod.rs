//! Photos, the trays in which they wait, and what a city asks for. Pure.

mod album;
mod parts;
mod whole;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub(super) use album::Removal;
pub use album::{Added, Album, Filled};
pub(super) use parts::{EDGES, parts};
pub(super) use whole::seal_place;
pub use whole::{Sight, Whole};

use crate::base::form::FieldErrors;
use crate::base::picture::SMALL;
use crate::base::words;
use crate::org::{PhotoId, TrayId};

/// Most photos of one step, or added at once.
pub(super) const MOST: usize = 9;
/// Most photos added to one thing, those removed not counted.
pub(super) const LARGEST_SET: usize = 45;
/// The longest file that is taken, in bytes.
pub(super) const LARGEST: u64 = 20 * 1024 * 1024;

/// The step at which a photo was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, Serialize, Deserialize)]
#[sqlx(type_name = "photo_step", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Somebody found it (发现).
    Found,
    /// A department is there (到场).
    OnSite,
    /// It is being worked on (处置).
    Progress,
    /// It is said to be done (完成).
    Finished,
    /// Somebody looked whether it is (核查).
    Check,
    /// It was added to a thing on its page, and belongs to no step of work.
    Added,
}

impl Step {
    /// What it is called; nothing, if it is no step of work.
    pub fn label(self) -> &'static str {
        match self {
            Self::Found => "发现时",
            Self::OnSite => "到场时",
            Self::Progress => "处置中",
            Self::Finished => "完成时",
            Self::Check => "核查时",
            Self::Added => "",
        }
    }
}

/// Where a city wants a photo (照片要求); it never asks elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// When a matter is filed.
    pub found: bool,
    /// When a department reports in on the spot.
    pub on_site: bool,
    /// When it is said to be done.
    pub finished: bool,
}

impl Demand {
    /// The most that a city can ask for.
    pub(super) const EVERYWHERE: Self = Self {
        found: true,
        on_site: true,
        finished: true,
    };

    /// Whether a photo is wanted at the step.
    pub fn asks(self, step: Step) -> bool {
        match step {
            Step::Found => self.found,
            Step::OnSite => self.on_site,
            Step::Finished => self.finished,
            Step::Progress | Step::Check | Step::Added => false,
        }
    }

    /// What is wrong with so many photos at the step.
    pub fn refuses(self, step: Step, photos: usize) -> Option<String> {
        (photos == 0 && self.asks(step))
            .then(|| format!("本市要求{}拍照。请拍一张或选一张照片。", step.label()))
    }

    /// All of it in words.
    pub fn words(self) -> String {
        let steps = [Step::Found, Step::OnSite, Step::Finished].into_iter();
        let wanted: Vec<_> = steps.filter(|s| self.asks(*s)).map(Step::label).collect();
        if wanted.is_empty() {
            "都不要求拍照".to_owned()
        } else {
            format!("{}要拍照", wanted.join("、"))
        }
    }
}

/// A photo of a step, as the page of its thing shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// Which.
    pub id: PhotoId,
    /// At which step.
    pub step: Step,
    /// When the step was done.
    pub at: DateTime<Utc>,
    /// By whom.
    pub who: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Whether parts of it are blackened.
    pub redacted: bool,
}

impl Photo {
    /// For those who do not see it: who, when, at which step, and whether it is whole.
    pub fn alt(&self, number: &usize, now: &DateTime<Utc>) -> String {
        let at = words::short_minute(self.at, now);
        let redacted = if self.redacted { "，已遮盖" } else { "" };
        let Self { who, step, .. } = self;
        format!("{}照片 {number}，{who} {at}{redacted}", step.label())
    }

    /// Width and height of its thumbnail.
    pub fn small(&self) -> (u32, u32) {
        small((self.width, self.height))
    }
}

/// What is said of a photo for those who do not see it, after what it shows.
fn described(caption: &str, alt: String) -> String {
    if caption.is_empty() {
        return alt;
    }
    let shown: String = caption.chars().take(60).collect();
    format!("{shown}，{alt}")
}

/// The measures of a thumbnail.
fn small((width, height): (u32, u32)) -> (u32, u32) {
    let longer = width.max(height).max(SMALL);
    let fit = |edge: u32| (edge * SMALL / longer).max(1);
    (fit(width), fit(height))
}

/// A photo that stands in a tray.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Which.
    pub id: PhotoId,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl Waiting {
    /// Width and height of its thumbnail.
    pub fn small(&self) -> (u32, u32) {
        small((self.width, self.height))
    }
}

/// The photos of a form as `photos/_tray.html` shows them.
#[derive(Clone, Debug)]
pub struct Tray {
    /// Which.
    pub id: TrayId,
    /// What stands in it.
    pub photos: Vec<Waiting>,
    /// Whether the city wants one at this step.
    pub wanted: bool,
    /// Whether the form is for photos alone.
    pub alone: bool,
    /// What is wrong with what was chosen last.
    pub error: String,
}

impl Tray {
    /// An empty one for a form that is about to be shown.
    pub fn new(now: DateTime<Utc>, wanted: bool) -> Self {
        Self {
            id: TrayId::at(now),
            photos: Vec::new(),
            wanted,
            alone: false,
            error: String::new(),
        }
    }

    /// The same, in a form for photos alone.
    #[must_use]
    pub fn alone(self) -> Self {
        Self {
            alone: true,
            ..self
        }
    }

    /// The same, with what is wrong.
    #[must_use]
    pub fn wrong(mut self, errors: &FieldErrors) -> Self {
        errors.of("photo").clone_into(&mut self.error);
        self
    }

    /// What the field says of itself.
    pub fn hint(&self) -> String {
        let room = MOST.saturating_sub(self.photos.len());
        let begin = if self.wanted {
            "本市要求这一步拍照。"
        } else {
            ""
        };
        match (self.photos.len(), room) {
            (0, _) => format!("{begin}一次可选几张，最多 {MOST} 张，每张不超过 20 MB。"),
            (_, 0) => format!("已有 {MOST} 张，不能再加；去掉的提交后不保留。"),
            (there, room) => format!("已传 {there} 张，提交时一并保存；还可以加 {room} 张。"),
        }
    }
}

/// What was demanded from a day on, for the page that shows and changes it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Demanded {
    /// From this day.
    pub from_day: NaiveDate,
    /// What.
    #[serde(flatten)]
    pub demand: Demand,
    /// Why.
    pub reason: String,
    /// Who set it.
    pub who: String,
    /// When.
    pub set_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_asks_at_three_steps_alone() {
        let all = Demand::EVERYWHERE;
        for step in [Step::Found, Step::OnSite, Step::Finished] {
            assert!(all.refuses(step, 0).is_some_and(|s| s.contains("请拍一张")));
            assert_eq!(all.refuses(step, 1), None);
            assert_eq!(Demand::default().refuses(step, 0), None);
        }
        for step in [Step::Progress, Step::Check, Step::Added] {
            assert_eq!(all.refuses(step, 0), None);
        }
    }

    #[test]
    fn a_thumbnail_keeps_the_shape() {
        assert_eq!(small((2560, 1920)), (320, 240));
        assert_eq!(small((100, 50)), (100, 50));
        assert_eq!(small((2560, 2)), (320, 1));
    }
}
