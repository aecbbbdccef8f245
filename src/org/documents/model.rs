//! What a document is, whether it is in force, and how its clauses are read from a paste. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::org::DocumentId;
use crate::org::events::Subject;
use crate::org::files::{FileRow, Owner, OwnerKind};
use crate::org::photos::Added;

/// Most clauses of one document.
pub(super) const MOST: usize = 999;
/// The longest clause, in characters.
const LONGEST: usize = 3_000;

/// Whether a version is in force on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its first day has not come.
    Coming,
    /// In force.
    InForce,
    /// Another version has taken its place.
    Replaced,
    /// Repealed; nothing took its place.
    Repealed,
}

impl Standing {
    /// What the page calls it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Coming => "尚未施行",
            Self::InForce => "现行",
            Self::Replaced => "旧版本",
            Self::Repealed => "已废止",
        }
    }

    /// On a day, by the days of a version.
    pub(super) fn on(
        today: NaiveDate,
        (from, to): (NaiveDate, Option<NaiveDate>),
        is_repealed: bool,
    ) -> Self {
        if today < from {
            Self::Coming
        } else if to.is_none_or(|to| today < to) {
            Self::InForce
        } else if is_repealed {
            Self::Repealed
        } else {
            Self::Replaced
        }
    }
}

/// A clause (第 n 条).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// Which.
    pub number: i32,
    /// As it stands.
    pub words: String,
}

/// A clause as a rule cites it (依据): of one version of a document, whose text it keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The version.
    pub document: DocumentId,
    /// Its number.
    pub code: String,
    /// Its title.
    pub title: String,
    /// The clause.
    pub clause: Clause,
}

impl Basis {
    /// As a form carries it: document and clause.
    pub fn key(&self) -> String {
        format!("{}.{}", self.document, self.clause.number)
    }

    /// `市办发〔2024〕47号第 2 条`
    pub fn name(&self) -> String {
        format!("{}第 {} 条", self.code, self.clause.number)
    }

    /// The name with the first words of the text, to choose from.
    pub fn shown(&self) -> String {
        let words: String = self.clause.words.chars().take(24).collect();
        format!("{} {}", self.name(), words.replace('\n', " "))
    }
}

/// One version in the list of versions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Version {
    pub(super) id: DocumentId,
    pub(super) version: i32,
    pub(super) code: String,
    pub(super) from_day: NaiveDate,
    pub(super) to_day: Option<NaiveDate>,
    pub(super) enterer: String,
    pub(super) change_note: String,
}

/// One version of a document with everything its page shows.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) id: DocumentId,
    pub(super) series: DocumentId,
    pub(super) version: i32,
    pub(super) code: String,
    pub(super) title: String,
    pub(super) issuer: String,
    pub(super) issued_on: NaiveDate,
    pub(super) from_day: NaiveDate,
    pub(super) to_day: Option<NaiveDate>,
    pub(super) repeal_reason: Option<String>,
    pub(super) clauses: Vec<Clause>,
    /// The newest first.
    pub(super) versions: Vec<Version>,
    /// The first added first.
    pub(super) files: Vec<FileRow>,
    /// The first added first.
    pub(super) photos: Vec<Added>,
}

/// A version as the owner of its files.
pub(super) fn owner(id: DocumentId) -> Owner {
    Owner {
        kind: OwnerKind::Document,
        id: id.0,
        subject: (Subject::Document, id.0),
    }
}

impl Document {
    /// Whether it is in force on a day.
    pub(super) fn standing(&self, today: NaiveDate) -> Standing {
        let days = (self.from_day, self.to_day);
        Standing::on(today, days, self.repeal_reason.is_some())
    }

    /// The newest version of the same document.
    pub(super) fn newest(&self) -> DocumentId {
        self.versions.first().map_or(self.id, |v| v.id)
    }
}

/// What a version says, checked and ready to be kept.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) issuer: String,
    pub(super) issued_on: NaiveDate,
    pub(super) from_day: NaiveDate,
    pub(super) clauses: Vec<Clause>,
}

/// Reads the clauses from the text as it stands in the document: each begins on a line of its own
/// with `第三条`, `第3条` or `三、`, in order and without a gap; further lines belong to the clause
/// above. What stands before the first (the title) is left out. Nothing is guessed.
pub(super) fn read_clauses(text: &str) -> Result<Vec<Clause>, String> {
    let mut clauses: Vec<Clause> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match begins(line) {
            Some((number, words)) => {
                let next = i32::try_from(clauses.len()).unwrap_or(0) + 1;
                if number != next {
                    return Err(format!(
                        "“{}”前面缺第 {next} 条，请把条款从头到尾按顺序粘贴。",
                        head(line)
                    ));
                }
                clauses.push(Clause {
                    number,
                    words: words.to_owned(),
                });
            }
            None => {
                if let Some(last) = clauses.last_mut() {
                    if !last.words.is_empty() {
                        last.words.push('\n');
                    }
                    last.words.push_str(line);
                }
            }
        }
    }
    if clauses.is_empty() {
        return Err("没有找到条款。每条另起一行，以“第一条”或“一、”开头。".to_owned());
    }
    if clauses.len() > MOST {
        return Err(format!("最多 {MOST} 条，请分成几个文件。"));
    }
    for clause in &clauses {
        let length = clause.words.chars().count();
        if !(2..=LONGEST).contains(&length) {
            return Err(format!(
                "第 {} 条有 {length} 个字，应为 2 至 {LONGEST} 个字。",
                clause.number
            ));
        }
    }
    Ok(clauses)
}

/// The first words of a line, for a sentence about it.
fn head(line: &str) -> String {
    line.chars().take(12).collect()
}

/// The number and the rest of a line that begins a clause.
fn begins(line: &str) -> Option<(i32, &str)> {
    let (number, rest) = match line.strip_prefix('第') {
        Some(rest) => rest.split_once('条')?,
        None => line.split_once('、')?,
    };
    Some((numeral(number.trim())?, rest.trim_start()))
}

/// A number in figures or in Chinese numerals, up to 999.
fn numeral(text: &str) -> Option<i32> {
    if text.is_empty() || text.chars().count() > 7 {
        return None;
    }
    if let Ok(number) = text.parse::<i32>() {
        return (1..=999).contains(&number).then_some(number);
    }
    let (mut sum, mut digit) = (0, None);
    for c in text.chars() {
        match c {
            '十' | '百' => {
                let unit = if c == '十' { 10 } else { 100 };
                // 十二 has no figure before its ten.
                let times = digit.take().or((c == '十' && sum == 0).then_some(1))?;
                sum += times * unit;
            }
            '零' | '〇' => digit = None,
            _ => {
                let value = "一二三四五六七八九".chars().position(|d| d == c)?;
                digit = Some(i32::try_from(value).ok()? + 1);
            }
        }
    }
    let number = sum + digit.unwrap_or(0);
    (number > 0).then_some(number)
}

/// The clauses as text, for the form of the next version.
pub(super) fn written(clauses: &[Clause]) -> String {
    let lines = clauses
        .iter()
        .map(|c| format!("第{}条 {}", c.number, c.words));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_read_as_they_stand() {
        let text = "街道吹哨实施办法\n第一条 为了……制定本办法。\n第二条 部门应当：\n（一）签收；\n（二）报到。\n";
        let clauses = read_clauses(text).unwrap();
        assert_eq!(clauses.len(), 2);
        assert_eq!(clauses[1].words, "部门应当：\n（一）签收；\n（二）报到。");
        assert_eq!(read_clauses(&written(&clauses)).unwrap(), clauses);
        let plain = read_clauses("一、总的要求。\n二、主要任务。\n").unwrap();
        assert_eq!(plain[1].words, "主要任务。");
    }

    #[test]
    fn a_gap_or_no_clause_is_said() {
        let gap = read_clauses("第一条 甲乙。\n第三条 丙丁。").unwrap_err();
        assert!(gap.contains("前面缺第 2 条"), "{gap}");
        assert!(
            read_clauses("没有条款的文字")
                .unwrap_err()
                .contains("没有找到条款")
        );
        assert!(
            read_clauses("第一条\n第二条 丙丁。")
                .unwrap_err()
                .contains("第 1 条有 0 个字")
        );
    }

    #[test]
    fn numerals_are_read() {
        for (text, number) in [
            ("一", 1),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("二十一", 21),
            ("一百零五", 105),
            ("一百一十", 110),
            ("37", 37),
        ] {
            assert_eq!(numeral(text), Some(number), "{text}");
        }
        for text in ["", "零", "甲", "0", "1000", "百"] {
            assert_eq!(numeral(text), None, "{text}");
        }
    }

    #[test]
    fn a_version_stands_by_its_days() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let days = (day("2026-01-01"), Some(day("2026-07-01")));
        let on = |today, repealed| Standing::on(day(today), days, repealed);
        assert_eq!(on("2025-12-31", false), Standing::Coming);
        assert_eq!(on("2026-06-30", false), Standing::InForce);
        assert_eq!(on("2026-07-01", false), Standing::Replaced);
        assert_eq!(on("2026-07-01", true), Standing::Repealed);
    }
}
