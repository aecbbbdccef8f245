//! The limits: known by what they are of, classes also by their code. All rows together are one new
//! version, which stands on the last one; what is not in the table stays as it is.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::row::{Row, cut};
use super::{Mark, Outcome, Plan};
use crate::base::words::{self, sides};
use crate::org::calendar::{Limit, Unit};
use crate::org::documents::Basis;
use crate::work::clocks::{Book, Line, NewVersion, asked};

/// What limits are checked against.
#[derive(Clone, Debug)]
pub(in super::super) struct LimitFacts {
    /// The last version.
    pub(in super::super) book: Book,
    /// The clauses that a new version may stand on.
    pub(in super::super) citable: Vec<Basis>,
}

/// What an import of limits writes.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct LimitPlan {
    /// The new version; none while a row is refused or nothing is otherwise.
    pub(in super::super) new: Option<NewVersion>,
}

/// What is written where a class has no limit.
const NONE: &str = "无";
/// The columns of the version itself, under the fields of its form.
const OWN: [(&str, &str); 3] = [
    ("from_day", "起用日期"),
    ("note", "说明"),
    ("basis", "依据"),
];

/// Checks the rows against the last version.
pub(in super::super) fn check(
    mut rows: Vec<Row<'_>>,
    facts: &LimitFacts,
    today: NaiveDate,
) -> Outcome {
    let lines = facts.book.lines();
    let mut told = Told::of(&lines);
    let said: Vec<Option<Said>> = rows.iter_mut().map(|row| told.one(row)).collect();
    let changed = |at: &usize| matches!(said.get(*at), Some(Some(said)) if said.is_other);
    let first = (0..rows.len()).find(changed);
    let own = told.own(&mut rows, facts, today);
    let mut plan = LimitPlan::default();
    if let Some(first) = first.filter(|_| !rows.iter().any(Row::is_wrong)) {
        let typed = told.typed(&own.typed);
        match asked(&facts.book, &facts.citable, &typed, today) {
            Ok(new) => {
                if let Some(row) = rows.get_mut(first) {
                    row.note(format!(
                        "立第 {} 版时限，{} 起用。",
                        new.number(),
                        words::day(new.from_day())
                    ));
                }
                plan.new = Some(new);
            }
            Err(errors) => {
                for (row, said) in rows.iter_mut().zip(&said) {
                    if let Some(line) = said.as_ref().and_then(|said| lines.get(said.at)) {
                        row.fail_fields(&errors, &[(line.amount_name.as_str(), "时限")]);
                    }
                }
                for (field, head) in OWN {
                    let at = own.places.get(head).copied().unwrap_or(first);
                    if let Some(row) = rows.get_mut(at) {
                        row.fail_fields(&errors, &[(field, head)]);
                    }
                }
            }
        }
    }
    let marks = rows.into_iter().zip(said).map(|(row, said)| {
        row.marked(match said {
            Some(said) if said.is_other => Mark::Change,
            Some(_) => Mark::Same,
            None => Mark::Refuse,
        })
    });
    Outcome {
        marks: marks.collect(),
        plan: Plan::Limits(plan),
    }
}

/// What a row says: of which line, and whether it is other than before.
#[derive(Clone, Copy, Debug)]
struct Said {
    at: usize,
    is_other: bool,
}

/// What the rows say of the version itself.
struct Own {
    typed: Vec<(String, String)>,
    /// In which row each column of it is filled in first.
    places: HashMap<&'static str, usize>,
}

struct Told<'a> {
    lines: &'a [Line],
    by_code: HashMap<&'a str, usize>,
    by_name: HashMap<&'a str, Vec<usize>>,
    /// In which row a line stands.
    seen: HashMap<usize, u32>,
    /// Amount and unit as the form would send them, line by line.
    values: Vec<(String, String)>,
}

impl<'a> Told<'a> {
    fn of(lines: &'a [Line]) -> Self {
        let mut by_code = HashMap::new();
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, line) in lines.iter().enumerate() {
            if !line.code.is_empty() {
                by_code.insert(line.code.as_str(), at);
            }
            by_name.entry(line.what.as_str()).or_default().push(at);
        }
        Self {
            lines,
            by_code,
            by_name,
            seen: HashMap::new(),
            values: lines.iter().map(held).collect(),
        }
    }

    fn one(&mut self, row: &mut Row<'_>) -> Option<Said> {
        let at = self.line(row)?;
        if let Some(before) = self.seen.insert(at, row.line()) {
            row.fail(
                "项目",
                &format!("和第 {before} 行是同一项。每一项只写一行。"),
            );
        }
        let line = self.lines.get(at)?;
        let value = value(row, line);
        if row.is_wrong() {
            return None;
        }
        let is_other = value != held(line);
        if is_other {
            let new = worded(line, &value);
            row.note(format!("{}。", sides(&line.words, &new)));
        }
        if let Some(place) = self.values.get_mut(at) {
            *place = value;
        }
        Some(Said { at, is_other })
    }

    /// The line that the row is about.
    fn line(&self, row: &mut Row<'_>) -> Option<usize> {
        let (code, name) = (row.text("编码").to_uppercase(), row.text("项目"));
        if row.is_wrong() {
            return None;
        }
        if !code.is_empty() {
            let found = self.by_code.get(code.as_str()).copied();
            if found.is_none() {
                row.fail("编码", "没有这个类别编码。请照下载的模板写。");
            }
            return found;
        }
        if name.is_empty() {
            row.fail("项目", "没有填。请照下载的模板写。");
            return None;
        }
        match self
            .by_name
            .get(name.as_str())
            .map_or(&[][..], Vec::as_slice)
        {
            [only] => Some(*only),
            [] => {
                let name = cut(&name);
                row.fail(
                    "项目",
                    &format!("没有叫“{name}”的时限。请照下载的模板写，类别另写编码。"),
                );
                None
            }
            _ => {
                row.fail("项目", "有几个类别叫这个名称，请写编码。");
                None
            }
        }
    }

    /// Everything as the form would send it.
    fn typed(&self, own: &[(String, String)]) -> Vec<(String, String)> {
        let of_lines = self.lines.iter().zip(&self.values);
        let of_lines = of_lines.flat_map(|(line, (amount, unit))| {
            [
                (line.amount_name.clone(), amount.clone()),
                (line.unit_name.clone(), unit.clone()),
            ]
        });
        own.iter().cloned().chain(of_lines).collect()
    }

    /// The day, the note and the clause of the version; every row that fills them in says the same.
    fn own(&self, rows: &mut [Row<'_>], facts: &LimitFacts, today: NaiveDate) -> Own {
        let mut own = Own {
            typed: vec![
                ("from_day".to_owned(), words::day(today)),
                ("note".to_owned(), "批量导入".to_owned()),
                ("basis".to_owned(), String::new()),
            ],
            places: HashMap::new(),
        };
        for (at, row) in rows.iter_mut().enumerate() {
            for ((_, head), place) in OWN.iter().zip(0..) {
                let written = match *head {
                    "起用日期" => row.day(head).map(words::day).unwrap_or_default(),
                    _ => row.text(head),
                };
                let Some((_, kept)) = own.typed.get_mut(place) else {
                    continue;
                };
                if written.is_empty() {
                    continue;
                }
                let meant = if *head == "依据" {
                    clause(&facts.citable, &written)
                } else {
                    written
                };
                match own.places.get(head) {
                    None => {
                        own.places.insert(head, at);
                        *kept = meant;
                    }
                    Some(_) if *kept != meant => {
                        row.fail(
                            head,
                            "和上面的行不一样。一张表立一个新版，请写成一样，或者只写一行。",
                        );
                    }
                    Some(_) => {}
                }
            }
        }
        own
    }
}

/// The clause that is meant, as the form names it; what none is called stays as it is written.
fn clause(citable: &[Basis], written: &str) -> String {
    let bare = |text: &str| text.replace(char::is_whitespace, "");
    let found = citable
        .iter()
        .find(|b| bare(&b.name()) == bare(written) || bare(&b.shown()) == bare(written));
    found.map_or_else(|| written.to_owned(), Basis::key)
}

/// Amount and unit of a line as the form would send them.
fn held(line: &Line) -> (String, String) {
    (
        line.amount.clone(),
        line.unit.map_or("", Unit::code).to_owned(),
    )
}

/// What a row says of its line, in the words of the form; what is left empty stays as it is.
fn value(row: &mut Row<'_>, line: &Line) -> (String, String) {
    let (typed, unit) = (row.text("时限"), row.word("单位"));
    let (mut amount, mut code) = held(line);
    if typed == NONE && !line.code.is_empty() {
        return (String::new(), String::new());
    }
    if !typed.is_empty() {
        amount = typed;
    }
    let known = unit.and_then(|label| Unit::ALL.iter().find(|u| u.label() == label));
    match (line.counted, unit, known) {
        (Some(counted), Some(unit), _) if unit != counted => {
            row.fail(
                "单位",
                &format!("这一项数的是{counted}，单位写“{counted}”。"),
            );
        }
        (Some(_), _, _) | (None, None, _) => {}
        (None, Some(_), Some(known)) => known.code().clone_into(&mut code),
        (None, Some(unit), None) => {
            row.fail("单位", &format!("这一项是时限，单位不能写“{unit}”。"));
        }
    }
    if line.counted.is_none() && code.is_empty() && !amount.is_empty() {
        row.fail("单位", "没有填。请从下拉列表里选。");
    }
    if line.counted.is_none() && amount.is_empty() && !code.is_empty() {
        row.fail("时限", "写了单位，没有写数。");
    }
    (amount, code)
}

/// What a value is called: `2 工作时`, `3 次`, `不设时限`.
fn worded(line: &Line, (amount, unit): &(String, String)) -> String {
    if let Some(counted) = line.counted {
        return format!("{amount} {counted}");
    }
    if amount.is_empty() {
        return "不设时限".to_owned();
    }
    let limit = amount.parse::<i64>().ok().zip(unit.parse::<Unit>().ok());
    let limit = limit.and_then(|(amount, unit)| Limit::new(amount, unit).ok());
    limit.map_or_else(|| amount.clone(), Limit::words)
}
