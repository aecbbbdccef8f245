//! What the rows of a table of classes say, and the form that they fill in.

use chrono::NaiveDate;

use super::row::Row;
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::work::classes::{Class, ClassForm, Content, Major};

/// What takes something away.
const NOTHING: &str = "无";

pub(super) const HEADS: [(&str, &str); 7] = [
    ("name", "小类名称"),
    ("in_use", "是否在用"),
    ("quick_name", "基层叫法"),
    ("quick_order", "常用位次"),
    ("from_day", "生效日期"),
    ("reason", "理由"),
    // Too many of them.
    ("filing-0", "立案条件"),
];

/// What one row says.
pub(super) struct Said {
    pub(super) code: String,
    pub(super) major: String,
    name: String,
    quick_name: String,
    quick_order: String,
    in_use: Option<&'static str>,
    filing: String,
    closing: String,
    from_day: Option<NaiveDate>,
    reason: String,
}

impl Said {
    pub(super) fn read(row: &mut Row<'_>) -> Self {
        let line = |row: &mut Row<'_>, head| row.text(head).replace('\n', " ").trim().to_owned();
        Self {
            code: row
                .text("编码")
                .to_uppercase()
                .replace(['－', '—', '–'], "-"),
            major: line(row, "大类"),
            name: line(row, "小类名称"),
            quick_name: line(row, "基层叫法"),
            quick_order: line(row, "常用位次"),
            in_use: row.word("是否在用"),
            filing: line(row, "立案条件"),
            closing: line(row, "结案条件"),
            from_day: row.day("生效日期"),
            reason: line(row, "理由"),
        }
    }

    /// Which rows are of one class: of a new one its major class and name.
    pub(super) fn key(&self) -> String {
        if self.code.is_empty() {
            format!("+{}+{}", self.major, self.name)
        } else {
            self.code.clone()
        }
    }

    /// Puts into a form what it says of the class itself.
    fn fill(&self, form: &mut ClassForm) {
        form.name.clone_from(&self.name);
        if self.quick_name == NOTHING {
            form.quick_name.clear();
            form.quick_order.clear();
        } else {
            for (kept, typed) in [
                (&mut form.quick_name, &self.quick_name),
                (&mut form.quick_order, &self.quick_order),
                (&mut form.reason, &self.reason),
            ] {
                if !typed.is_empty() {
                    kept.clone_from(typed);
                }
            }
        }
        match self.in_use {
            Some("是") => "yes".clone_into(&mut form.in_use),
            Some(_) => "no".clone_into(&mut form.in_use),
            None => {}
        }
        if let Some(day) = self.from_day {
            form.from_day = words::day(day);
        }
    }

    /// What a further row of a class says otherwise than its first.
    pub(super) fn differs(&self, first: &Self) -> Option<&'static str> {
        let other = |mine: &str, its: &str| !mine.is_empty() && mine != its;
        [
            ("大类", other(&self.major, &first.major)),
            ("小类名称", other(&self.name, &first.name)),
            ("基层叫法", other(&self.quick_name, &first.quick_name)),
            ("常用位次", other(&self.quick_order, &first.quick_order)),
            (
                "是否在用",
                self.in_use.is_some() && self.in_use != first.in_use,
            ),
            (
                "生效日期",
                self.from_day.is_some() && self.from_day != first.from_day,
            ),
            ("理由", other(&self.reason, &first.reason)),
        ]
        .into_iter()
        .find_map(|(head, differs)| differs.then_some(head))
    }
}

/// The form that the rows of one class fill in: what they leave empty stays as it is.
pub(super) fn form(known: Option<&Class>, said: &[&Said], today: NaiveDate) -> ClassForm {
    let last = known.and_then(Class::last).map(|v| &v.content);
    let mut form = ClassForm {
        in_use: if last.is_none_or(|c| c.in_use) {
            "yes"
        } else {
            "no"
        }
        .to_owned(),
        reason: "批量导入".to_owned(),
        from_day: words::day(today),
        ..ClassForm::default()
    };
    if let Some(quick) = last.and_then(|c| c.quick.as_ref()) {
        form.quick_name.clone_from(&quick.name);
        form.quick_order = quick.order.to_string();
    }
    if let Some(first) = said.first() {
        first.fill(&mut form);
    }
    conditions(&mut form, last, said);
    form
}

/// The conditions of the rows take the place of those there are, unless no row names one.
fn conditions(form: &mut ClassForm, last: Option<&Content>, said: &[&Said]) {
    let is_silent = |s: &&&Said| s.filing.is_empty() && s.closing.is_empty();
    let takes_away = |s: &&&Said| s.filing == NOTHING && s.closing.is_empty();
    if said.iter().filter(is_silent).count() == said.len() {
        let kept = last.map_or(&[][..], |c| &c.conditions[..]);
        form.filing = kept.iter().map(|c| c.filing.clone()).collect();
        form.closing = kept.iter().map(|c| c.closing.clone()).collect();
    } else if said.iter().filter(takes_away).count() == 0 {
        form.filing = said.iter().map(|s| s.filing.clone()).collect();
        form.closing = said.iter().map(|s| s.closing.clone()).collect();
    }
}

/// The major class that is meant: by its key, its name, or both.
pub(super) fn named<'a>(majors: &'a [Major], typed: &str) -> Option<&'a Major> {
    let bare = |text: &str| text.replace([' ', '·', '　'], "");
    let typed = bare(&typed.to_uppercase());
    let exact = majors.iter().find(|m| {
        m.key == typed || bare(&m.label()) == typed || format!("{}{}", m.key, m.name) == typed
    });
    let mut alike = majors.iter().filter(|m| m.name == typed);
    // A name that only one has is enough.
    let alone = alike.next().filter(|_| alike.next().is_none());
    exact.or(alone)
}

/// What is wrong with a condition is said in its row.
pub(super) fn fail_conditions(rows: &mut [Row<'_>], group: &[usize], errors: &FieldErrors) {
    for (nth, at) in group.iter().enumerate() {
        let Some(row) = rows.get_mut(*at) else {
            continue;
        };
        for (field, head) in [("filing", "立案条件"), ("closing", "结案条件")] {
            let sentence = errors.of(&format!("{field}-{nth}"));
            // The first row has been told already.
            let is_told = nth == 0 && field == "filing";
            if !sentence.is_empty() && !is_told {
                row.fail(head, sentence);
            }
        }
    }
}
