//! The form of a class, checked.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::class::Why;
use super::{Condition, Content, Quick, Version};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::documents::Basis;

/// How far ahead a change may be entered, in days.
pub const AHEAD: i64 = 365;

/// Most conditions that a class has.
pub const CONDITIONS: usize = 10;

/// What the form sends. Filing and closing repeat, row by row.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(default)]
pub struct ClassForm {
    /// Its key.
    pub once: String,
    /// Which button: preview, save, edit, more.
    pub act: String,
    /// The version that it was drawn from; of a new class the code that was shown.
    pub version: String,
    /// The major class of a new one.
    pub major: String,
    /// The minor class (小类).
    pub name: String,
    /// What people on the ground call it; with `quick_order`, or neither.
    pub quick_name: String,
    /// Its place on the quick list.
    pub quick_order: String,
    /// `yes` or `no`.
    pub in_use: String,
    /// Conditions of filing, row by row.
    pub filing: Vec<String>,
    /// Conditions of closing, row by row.
    pub closing: Vec<String>,
    /// From when.
    pub from_day: String,
    /// The clause that is cited; may be empty.
    pub basis: String,
    /// Why.
    pub reason: String,
}

/// A change that may be made.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What it says.
    pub content: Content,
    /// From when and why.
    pub why: Why,
}

impl ClassForm {
    /// The form of what a version says, from today on.
    pub(in super::super) fn of(version: &Version, once: String, today: NaiveDate) -> Self {
        let content = &version.content;
        let rows = content.conditions.iter();
        let quick = content.quick.as_ref();
        Self {
            once,
            version: version.number.to_string(),
            name: content.name.clone(),
            quick_name: quick.map_or_else(String::new, |q| q.name.clone()),
            quick_order: quick.map_or_else(String::new, |q| q.order.to_string()),
            in_use: if content.in_use { "yes" } else { "no" }.to_owned(),
            filing: rows.clone().map(|c| c.filing.clone()).collect(),
            closing: rows.map(|c| c.closing.clone()).collect(),
            // Never before what it stands on, which may be still to come.
            from_day: words::day(version.from_day.max(today)),
            ..Self::default()
        }
    }

    /// What a row of conditions says.
    pub(in super::super) fn row<'a>(&'a self, at: usize) -> (&'a str, &'a str) {
        let of = |all: &'a [String]| all.get(at).map_or("", String::as_str);
        (of(&self.filing), of(&self.closing))
    }

    /// What the form says.
    pub fn read(&self, citable: &[Basis], today: NaiveDate) -> Result<Asked, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = one_line(&mut errors, ("name", "小类名称"), &self.name, (2, 30));
        let in_use = match self.in_use.as_str() {
            "yes" => true,
            "no" => false,
            _ => {
                errors.add("in_use", "请选择在用还是停用。");
                true
            }
        };
        let quick = self.quick(&mut errors, in_use);
        let conditions = self.conditions(&mut errors);
        let effect = ("生效日期", self.from_day.as_str());
        let from_day = errors.day_ahead("from_day", effect, (today, AHEAD));
        let basis = citable.iter().find(|b| b.key() == self.basis);
        if basis.is_none() && !self.basis.is_empty() {
            errors.add("basis", "所选的依据已不是现行条款，请重新选择。");
        }
        let reason = errors.text("reason", "修改理由", &self.reason, (2, 200));
        errors.or(Asked {
            content: Content {
                name,
                quick,
                in_use,
                conditions,
            },
            why: Why {
                from_day: from_day.unwrap_or(today),
                reason,
                basis: basis.map(|b| (b.document, b.clause.number)),
            },
        })
    }

    /// The place on the quick list; what goes out of use leaves it.
    fn quick(&self, errors: &mut FieldErrors, in_use: bool) -> Option<Quick> {
        let name = self.quick_name.trim();
        let order = self.quick_order.trim();
        if !in_use || name.is_empty() && order.is_empty() {
            return None;
        }
        let name = one_line(errors, ("quick_name", "基层叫法"), name, (2, 12));
        let order = order.parse::<i16>().ok();
        let order = order.filter(|n| (1..=99).contains(n));
        if order.is_none() {
            errors.add(
                "quick_order",
                "放进常用的，写排第几位，1 至 99；不放进常用的，叫法和位次都清空。",
            );
        }
        order.map(|order| Quick { order, name })
    }

    /// The conditions; an empty row is none.
    fn conditions(&self, errors: &mut FieldErrors) -> Vec<Condition> {
        let mut kept: Vec<Condition> = Vec::new();
        let rows = self.filing.len().max(self.closing.len());
        for at in 0..rows {
            let (filing, closing) = self.row(at);
            if filing.trim().is_empty() && closing.trim().is_empty() {
                continue;
            }
            let (of_filing, of_closing) = (format!("filing-{at}"), format!("closing-{at}"));
            let filing = one_line(errors, (&of_filing, "立案条件"), filing, (2, 100));
            let closing = one_line(errors, (&of_closing, "结案条件"), closing, (2, 200));
            if kept.iter().any(|k| k.filing == filing) {
                errors.add(of_filing, "这一条和上面的立案条件一样，请合并。");
            }
            let position = i16::try_from(kept.len() + 1).unwrap_or(i16::MAX);
            kept.push(Condition {
                version: 0,
                position,
                filing,
                closing,
            });
        }
        if kept.len() > CONDITIONS {
            errors.add(
                "filing-0",
                format!("一类最多 {CONDITIONS} 条立案条件，请合并或者分成两类。"),
            );
        }
        kept
    }
}

/// A text without line breaks.
fn one_line(
    errors: &mut FieldErrors,
    (field, label): (&str, &str),
    typed: &str,
    bounds: (usize, usize),
) -> String {
    let typed: Vec<&str> = typed.split('\n').map(str::trim).collect();
    errors.text(field, label, typed.join(" ").trim(), bounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ClassForm {
        let text = |t: &str| t.to_owned();
        ClassForm {
            name: text("道路破损"),
            quick_name: text("路面破损"),
            quick_order: text("3"),
            in_use: text("yes"),
            filing: vec![text("坑洞"), text(" "), text("翘砖")],
            closing: vec![text("补平"), text(""), text("铺平")],
            from_day: text("2026-12-01"),
            reason: text("本市标准"),
            ..ClassForm::default()
        }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default()
    }

    #[test]
    fn empty_rows_are_left_out_and_numbered_on() {
        let asked = form().read(&[], today()).unwrap();
        let rows: Vec<(i16, &str)> = asked
            .content
            .conditions
            .iter()
            .map(|c| (c.position, c.filing.as_str()))
            .collect();
        assert_eq!(rows, [(1, "坑洞"), (2, "翘砖")]);
        assert_eq!(asked.content.quick.unwrap().order, 3);
    }

    #[test]
    fn what_goes_out_of_use_leaves_the_quick_list() {
        let mut form = form();
        form.in_use = "no".to_owned();
        assert_eq!(form.read(&[], today()).unwrap().content.quick, None);
    }

    #[test]
    fn each_fault_is_told_at_its_field() {
        let wrong = |bend: fn(&mut ClassForm)| {
            let mut form = form();
            bend(&mut form);
            form.read(&[], today()).unwrap_err().first().to_owned()
        };
        assert_eq!(wrong(|f| f.name.clear()), "name");
        assert_eq!(wrong(|f| f.in_use.clear()), "in_use");
        assert_eq!(wrong(|f| f.quick_order.clear()), "quick_order");
        assert_eq!(wrong(|f| f.quick_order = "0".to_owned()), "quick_order");
        assert_eq!(wrong(|f| f.closing[2].clear()), "closing-2");
        assert_eq!(wrong(|f| f.filing[2] = "坑洞".to_owned()), "filing-2");
        assert_eq!(wrong(|f| f.from_day = "2026-11-22".to_owned()), "from_day");
        assert_eq!(wrong(|f| f.from_day = "2027-11-24".to_owned()), "from_day");
        assert_eq!(wrong(|f| f.basis = "x".to_owned()), "basis");
        assert_eq!(wrong(|f| f.reason.clear()), "reason");
    }
}
