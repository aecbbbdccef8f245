//! What is typed in the three steps of filing, and how it is checked.

use serde::{Deserialize, Serialize};

use crate::base::form::{FieldErrors, fields_of};
use crate::base::words;
use crate::org::TrayId;
use crate::work::matters::actions::filing::{End, Report};
use crate::work::matters::queries::filing::{Chosen, Class};

/// All that is typed in the three steps.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Draft {
    pub(super) class: String,
    /// Any class of the standard; it counts before the quick ones.
    pub(super) other_class: String,
    pub(super) detail: String,
    pub(super) urgent: String,
    pub(super) community: String,
    pub(super) grid: String,
    pub(super) building: String,
    pub(super) unit: String,
    /// The community and the grid whose insides the page offered.
    pub(super) shown_community: String,
    pub(super) shown_grid: String,
    pub(super) spot: String,
    pub(super) teller_name: String,
    pub(super) teller_phone: String,
    pub(super) title: String,
    /// The title the program proposed last; as long as it stands it follows the draft.
    pub(super) proposed: String,
    pub(super) how: String,
    pub(super) done_words: String,
    pub(super) merge: String,
    /// The tray in which its photos stand.
    pub(super) tray: String,
    pub(super) once: String,
}

/// The fields of each step; the others travel hidden.
pub(super) const WHAT: &[&str] = &["class", "other_class", "detail", "urgent", "tray"];
pub(super) const WHERE: &[&str] = &[
    "community",
    "grid",
    "building",
    "unit",
    "shown_community",
    "shown_grid",
    "spot",
    "teller_name",
    "teller_phone",
];
pub(super) const CHECK: &[&str] = &["title", "how", "done_words", "merge"];

impl Draft {
    /// The tray, if it has one.
    pub(super) fn tray(&self) -> Option<TrayId> {
        self.tray.parse().ok()
    }

    pub(super) fn code(&self) -> &str {
        if self.other_class.is_empty() {
            &self.class
        } else {
            &self.other_class
        }
    }

    /// The fields that the page of a step does not show, to be carried along.
    pub(super) fn hidden(&self, shown: &[&str]) -> Vec<(String, String)> {
        let carried = fields_of(self)
            .into_iter()
            .filter(|(n, v)| !v.is_empty() && !shown.contains(&n.as_str()));
        carried.collect()
    }

    pub(super) fn class<'a>(
        &self,
        classes: &'a [Class],
        errors: &mut FieldErrors,
    ) -> Option<&'a Class> {
        let class = classes.iter().find(|c| c.code == self.code());
        if class.is_none() {
            let gone = !self.code().is_empty();
            let sentence = if gone {
                "所选的类别已经停用，请另选一类。"
            } else {
                "请选择是什么事。"
            };
            errors.add("class", sentence);
        }
        class
    }

    /// What the title would be: place, class, and the beginning of what was said.
    pub(super) fn proposal(&self, class: &Class, place: &Chosen) -> String {
        let name = format!("{}{}", place.short, class.name);
        let first = self
            .detail
            .trim()
            .split(['，', '。', '；', '！', '？', '\n'])
            .next();
        let said = first.unwrap_or_default().trim();
        let title = if said.is_empty() {
            name
        } else {
            format!("{name}：{said}")
        };
        title
            .trim_end_matches(['。', '，'])
            .chars()
            .take(60)
            .collect()
    }
}

/// A number in a text would stand there for everybody, in the clear and for good.
pub(super) const NUMBER_APART: &str =
    "这里写了电话号码，会被所有看到这件事的人看到。请删掉，填到“在哪里”一步的“他的电话”。";

/// The texts of step 2: spot, name and phone of who told it.
pub(super) fn checked_words(
    draft: &Draft,
    errors: &mut FieldErrors,
) -> (String, String, Option<String>) {
    let spot = errors.text("spot", "具体位置", &draft.spot, (0, 100));
    if words::holds_number(&spot) {
        errors.add("spot", NUMBER_APART);
    }
    let name = errors.text("teller_name", "姓名", &draft.teller_name, (0, 30));
    if words::holds_number(&name) {
        errors.add("teller_name", "姓名里写了电话号码。请填到下面“他的电话”。");
    }
    let phone = errors.phone("teller_phone", &draft.teller_phone);
    (spot, name, phone)
}

/// The checked report, or what is wrong on step 3.
pub(super) fn report(
    draft: &Draft,
    place: Chosen,
    (spot, name, teller_phone): (String, String, Option<String>),
) -> Result<Report, FieldErrors> {
    let mut errors = FieldErrors::new();
    let title = errors.text("title", "标题", &draft.title, (2, 60));
    if words::holds_number(&title) {
        errors.add("title", NUMBER_APART);
    }
    let end = match (draft.merge.as_str(), draft.how.as_str()) {
        ("", "done") => {
            let words = errors.text("done_words", "做了什么", &draft.done_words, (2, 500));
            End::Solved(words)
        }
        ("", "community") => End::Open,
        ("", _) => {
            errors.add("how", "请选择怎么处理。");
            End::Open
        }
        (id, _) => match errors.choice("merge", "并入哪一件", id) {
            Some(id) => End::Same(id),
            None => End::Open,
        },
    };
    errors.or(Report {
        class: draft.code().to_owned(),
        title,
        detail: draft.detail.replace("\r\n", "\n").trim().to_owned(),
        place,
        spot,
        urgent: !draft.urgent.is_empty(),
        teller_name: (!name.is_empty()).then_some(name),
        teller_phone,
        tray: draft.tray(),
        end,
    })
}
