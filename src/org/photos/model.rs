//! Photos, the trays in which they wait, and what a city asks for. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::form::FieldErrors;
use crate::base::picture::{Part, SMALL};
use crate::base::words;
use crate::org::events::Subject;
use crate::org::{PhotoId, TrayId};

/// Most photos of one step.
pub(super) const MOST: usize = 9;
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
}

impl Step {
    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Found => "发现时",
            Self::OnSite => "到场时",
            Self::Progress => "处置中",
            Self::Finished => "完成时",
            Self::Check => "核查时",
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
            Step::Progress | Step::Check => false,
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
            error: String::new(),
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

/// One photo, as its own page shows it.
#[derive(Clone, Debug, Deserialize)]
pub struct Whole {
    /// Which.
    pub id: PhotoId,
    /// At which step.
    pub step: Step,
    /// When the step was done.
    pub at: DateTime<Utc>,
    /// By whom.
    pub who: String,
    /// What kind of thing the step is recorded of.
    pub subject: Subject,
    /// The thing.
    pub subject_id: Uuid,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// What everybody sees, in the store.
    pub content_id: Uuid,
    /// Its thumbnail.
    pub small_id: Uuid,
    /// The digest of the file that came, in hexadecimal.
    pub original_sha256: String,
    /// How long that was.
    pub original_bytes: i64,
    /// When parts were blackened last.
    pub redacted_at: Option<DateTime<Utc>>,
    /// By whom.
    pub redacter: Option<String>,
    /// Why.
    pub redaction_reason: Option<String>,
    /// The sealed original, in the store.
    pub sealed_id: Option<Uuid>,
    /// The key that sealed it.
    pub key_name: Option<String>,
    /// All of the same step, in order.
    pub set: Vec<PhotoId>,
}

impl Whole {
    /// For those who do not see it.
    pub fn alt(&self, now: &DateTime<Utc>) -> String {
        let photo = Photo {
            id: self.id,
            step: self.step,
            at: self.at,
            who: self.who.clone(),
            width: self.width,
            height: self.height,
            redacted: self.redacted_at.is_some(),
        };
        photo.alt(&self.number(), now)
    }

    /// Its place among those of its step, from one.
    pub fn number(&self) -> usize {
        1 + self.set.iter().position(|id| *id == self.id).unwrap_or(0)
    }

    /// The one before it and the one after it.
    pub fn neighbours(&self) -> (Option<PhotoId>, Option<PhotoId>) {
        let at = self.number() - 1;
        let before = at.checked_sub(1).and_then(|at| self.set.get(at));
        (before.copied(), self.set.get(at + 1).copied())
    }

    /// Where the sealed original belongs: sealed there, it opens nowhere else.
    pub(super) fn seal_place(&self, tenant: Uuid) -> String {
        format!("photo/{tenant}/{}", self.id)
    }

    /// Columns and rows of the net that is laid over it to be blackened.
    pub fn net(&self) -> (u32, u32) {
        if self.width >= self.height {
            (16, 12)
        } else {
            (12, 16)
        }
    }
}

/// The four numbers of a rectangle, in per cent, as they are typed.
pub(super) const EDGES: [(&str, &str); 4] = [
    ("left", "左"),
    ("top", "上"),
    ("right", "右"),
    ("bottom", "下"),
];

/// The parts to be blackened: cells of the net (`3-7`, row and column from one) and a rectangle.
pub(super) fn parts(
    (columns, rows): (u32, u32),
    cells: &[String],
    edges: &[String; 4],
) -> Result<Vec<Part>, FieldErrors> {
    let mut errors = FieldErrors::new();
    let mut parts = Vec::new();
    for cell in cells {
        let read = cell.split_once('-');
        let read = read.and_then(|(r, c)| Some((r.parse::<u32>().ok()?, c.parse::<u32>().ok()?)));
        match read {
            Some((row, column)) if (1..=rows).contains(&row) && (1..=columns).contains(&column) => {
                parts.push(Part {
                    left: (column - 1) * 1000 / columns,
                    top: (row - 1) * 1000 / rows,
                    right: (column * 1000).div_ceil(columns),
                    bottom: (row * 1000).div_ceil(rows),
                });
            }
            Some(_) | None => {
                errors.add("net", "有一格不在照片上。请刷新后重新点选。");
                break;
            }
        }
    }
    if edges.iter().any(|edge| !edge.trim().is_empty()) {
        parts.extend(rectangle(edges, &mut errors));
    }
    if parts.is_empty() && errors.is_empty() {
        errors.add("net", "请在照片上点选要遮盖的格子，或者填写范围。");
    }
    errors.or(parts)
}

fn rectangle(edges: &[String; 4], errors: &mut FieldErrors) -> Option<Part> {
    let mut read = [0_u32; 4];
    for (at, (name, label)) in EDGES.into_iter().enumerate() {
        match edges[at].trim().parse::<u32>() {
            Ok(share) if share <= 100 => read[at] = share * 10,
            Ok(_) | Err(_) => {
                errors.add(name, format!("{label}边写成 0 至 100 的整数。"));
                return None;
            }
        }
    }
    let [left, top, right, bottom] = read;
    if left >= right || top >= bottom {
        errors.add("left", "左边要小于右边，上边要小于下边。");
        return None;
    }
    Some(Part {
        left,
        top,
        right,
        bottom,
    })
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
        for step in [Step::Progress, Step::Check] {
            assert_eq!(all.refuses(step, 0), None);
        }
    }

    #[test]
    fn what_is_marked_is_a_part_of_the_picture() {
        let none = || <[String; 4]>::default();
        let part = parts((16, 12), &["1-1".to_owned()], &none()).unwrap()[0];
        assert_eq!(
            (part.left, part.top, part.right, part.bottom),
            (0, 0, 63, 84)
        );
        let last = parts((16, 12), &["12-16".to_owned()], &none()).unwrap()[0];
        assert_eq!((last.right, last.bottom), (1000, 1000));
        let edges = ["10", "20", " 30 ", "100"].map(str::to_owned);
        let part = parts((16, 12), &[], &edges).unwrap()[0];
        assert_eq!(
            (part.left, part.top, part.right, part.bottom),
            (100, 200, 300, 1000)
        );
        for (cells, edges) in [
            (vec![], none()),
            (vec!["13-1".to_owned()], none()),
            (vec!["0-1".to_owned()], none()),
            (vec!["1".to_owned()], none()),
            (vec![], ["10", "", "30", "40"].map(str::to_owned)),
            (vec![], ["30", "0", "30", "40"].map(str::to_owned)),
            (vec![], ["0", "0", "101", "40"].map(str::to_owned)),
        ] {
            assert!(
                parts((16, 12), &cells, &edges).is_err(),
                "{cells:?} {edges:?}"
            );
        }
    }

    #[test]
    fn a_thumbnail_keeps_the_shape() {
        assert_eq!(small((2560, 1920)), (320, 240));
        assert_eq!(small((100, 50)), (100, 50));
        assert_eq!(small((2560, 2)), (320, 1));
    }
}
