//! What a bulletin says. Pure: the same figures give the same letter.

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::base::words;
use crate::work::figures::{
    CATALOGUE, Definition, Figure, Group, Measure, Part, RANKED_FROM, Read, Reading, ScopeKind,
    Span, When,
};
use crate::work::visits::Rate;

/// The longest words of the office's own, in characters.
pub(super) const LONGEST: usize = 500;
const NUMERALS: [&str; 6] = ["一", "二", "三", "四", "五", "六"];

/// One heading with what stands below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chapter {
    pub(super) heading: String,
    pub(super) words: String,
}

/// A table of the letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Table {
    pub(super) title: String,
    pub(super) heads: Vec<String>,
    /// The first cell of each is its name.
    pub(super) rows: Vec<Vec<String>>,
    /// Whether the last column holds words and not numbers.
    pub(super) ends_in_words: bool,
    /// What is to be known about it.
    pub(super) note: String,
}

/// The letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    /// Who writes.
    pub(super) office: String,
    pub(super) title: String,
    pub(super) chapters: Vec<Chapter>,
    pub(super) tables: Vec<Table>,
}

/// A bulletin that was put out.
#[derive(Clone, Debug)]
pub(super) struct Issued {
    pub(super) year: i16,
    pub(super) number: i16,
    pub(super) content: Content,
    pub(super) digest: String,
    pub(super) issued_at: DateTime<Utc>,
    pub(super) issued_by: String,
}

impl Issued {
    /// `〔2026〕11 号`
    pub(super) fn numbered(&self) -> String {
        format!("〔{}〕{} 号", self.year, self.number)
    }
}

/// A bulletin that was put out, for whoever has it sent.
#[derive(Clone, Debug)]
pub struct PutOut {
    /// Its month, by the first day.
    pub month: NaiveDate,
    /// `〔2026〕11 号`
    pub numbered: String,
    /// What it is about.
    pub title: String,
    /// What it says, in plain lines.
    pub text: String,
    /// Where it is shown.
    pub path: String,
    /// When it was put out.
    pub issued_at: DateTime<Utc>,
    /// How many more were put out before it and after the instant asked for.
    pub others: i64,
}

impl PutOut {
    /// The newest of some, with how many others there are.
    pub(super) fn of(month: NaiveDate, issued: &Issued, others: i64) -> Self {
        Self {
            month,
            numbered: issued.numbered(),
            title: issued.content.title.clone(),
            text: plain(&issued.content),
            path: format!("/bulletins/{}", words::month_code(month)),
            issued_at: issued.issued_at,
            others,
        }
    }
}

/// The letter in plain lines. The catalogue with its meanings is left to the page.
fn plain(content: &Content) -> String {
    let mut lines = Vec::new();
    for chapter in &content.chapters {
        lines.extend([
            chapter.heading.clone(),
            chapter.words.clone(),
            String::new(),
        ]);
    }
    for table in content.tables.iter().filter(|table| !table.ends_in_words) {
        lines.push(format!("【{}】", table.title));
        for row in &table.rows {
            let mut cells = table.heads.iter().zip(row);
            let name = cells.next().map_or("", |(_, name)| name.as_str());
            let cells: Vec<String> = cells.map(|(head, cell)| format!("{head} {cell}")).collect();
            lines.push(format!("{name}：{}", cells.join("，")));
        }
        if !table.note.is_empty() {
            lines.push(table.note.clone());
        }
        lines.push(String::new());
    }
    lines.join("\n")
}

/// The month of an address, `2026-11`; none of anything else.
pub(super) fn month_of(text: &str) -> Option<NaiveDate> {
    let month = words::month_of(text)?;
    let plain = text.len() == 7 && (2020..2200).contains(&month.year());
    plain.then_some(month)
}

/// The months that are over on a day and may still want a bulletin, the latest first.
pub(super) fn months_over(today: NaiveDate) -> Vec<NaiveDate> {
    let this = Span::month_of(today).first;
    (1..=12).map(|n| this - Months::new(n)).collect()
}

/// The letter's digest, by which a printed copy can be held against what is kept.
pub(super) fn digest(content: &str) -> String {
    use std::fmt::Write as _;
    let bytes = Sha256::digest(content.as_bytes());
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// `比上月多 3 件`
fn change(now: i64, before: i64) -> String {
    match now - before {
        0 => "与上月持平".to_owned(),
        more @ 1.. => format!("比上月多 {more} 件"),
        less => format!("比上月少 {} 件", -less),
    }
}

/// `（82%）`; nothing of nothing.
fn share(reading: Reading) -> String {
    reading
        .rate()
        .map_or(String::new(), |rate| format!("（{rate}）"))
}

/// A month written as a letter of the city's office; words of its own stand last.
pub(super) fn written(read: &Read, (office, month): (&str, NaiveDate), own: &str) -> Content {
    let name = words::month_title(month);
    let mut chapters: Vec<Chapter> = Vec::new();
    let mut add = |heading: &str, words: String| {
        let numeral = NUMERALS[chapters.len().min(NUMERALS.len() - 1)];
        chapters.push(Chapter {
            heading: format!("{numeral}、{heading}"),
            words,
        });
    };
    add("总体情况", of_matters(read, &name));
    add("吹哨报到", of_whistles(read));
    add("群众回访", of_residents(read));
    add("五项权力", of_powers(read));
    if !own.is_empty() {
        add("工作要求", own.to_owned());
    }
    Content {
        office: office.to_owned(),
        title: format!(
            "关于 {name}{}街道吹哨部门报到工作情况的通报",
            read.scope.name
        ),
        chapters,
        tables: vec![departments(read), streets(read), figures(read)],
    }
}

fn of_matters(read: &Read, name: &str) -> String {
    let sums = &read.sums;
    let count = |figure| (sums.of(figure, When::Now), sums.of(figure, When::Before));
    let (filed, solved) = (count(Figure::Filed), count(Figure::Solved));
    let levels = [
        ("网格", Figure::SolvedGrid),
        ("社区", Figure::SolvedCommunity),
        ("街道", Figure::SolvedStreet),
        ("吹哨", Figure::SolvedWhistle),
    ];
    let levels: Vec<String> = levels
        .into_iter()
        .map(|(level, figure)| {
            let reading = sums.read(Measure::Share(figure, Figure::Solved), When::Now);
            format!("{level}解决 {} 件{}", reading.count, share(reading))
        })
        .collect();
    let open = sums.read(Measure::Open(Figure::Filed, Figure::Ended), When::Now);
    format!(
        "{name}，{}上报事项 {} 件，{}；解决 {} 件，{}，其中{}。月末在办 {} 件。",
        read.scope.name,
        filed.0,
        change(filed.0, filed.1),
        solved.0,
        change(solved.0, solved.1),
        levels.join("，"),
        open.count
    )
}

fn of_whistles(read: &Read) -> String {
    let sums = &read.sums;
    let of = |measure| sums.read(measure, When::Now);
    let (sounded, before) = (
        sums.of(Figure::Sounded, When::Now),
        sums.of(Figure::Sounded, When::Before),
    );
    let in_time = of(Measure::Share(Figure::ClosedInTime, Figure::Closed));
    let first = of(Measure::Share(Figure::FirstPass, Figure::Closed));
    let open = of(Measure::Open(Figure::Sounded, Figure::WhistlesEnded));
    let rate = of(Measure::WhistleRate)
        .rate()
        .map_or(String::new(), |rate| format!("，每千件事项吹哨 {rate}"));
    format!(
        "街道吹哨 {sounded} 件，{}{rate}。办结 {} 件，其中按时办结 {} 件{}，核查一次通过 {} 件{}。\
         办结后复发 {} 件。月末在办 {} 件。",
        change(sounded, before),
        in_time.of.unwrap_or(0),
        in_time.count,
        share(in_time),
        first.count,
        share(first),
        sums.of(Figure::Recurred, When::Now),
        open.count
    )
}

fn of_residents(read: &Read) -> String {
    let heard = read.sums.heard();
    if heard.response() == Rate::TooFew {
        return format!("有效回访 {} 件，样本不足，不算比率。", heard.valid);
    }
    format!(
        "有效回访 {} 件，响应率 {}，解决率 {}，满意率 {}。",
        heard.valid,
        heard.response(),
        heard.solution(),
        heard.satisfaction()
    )
}

fn of_powers(read: &Read) -> String {
    let of = |part| {
        let measure = Measure::Share(part, Figure::Asked);
        read.sums.read(measure, When::Now)
    };
    let (answered, in_time) = (of(Figure::Answered), of(Figure::AnsweredInTime));
    format!(
        "行使五项权力 {} 次（不含干部考评），部门已答复 {} 次{}，按时答复 {} 次{}。",
        answered.of.unwrap_or(0),
        answered.count,
        share(answered),
        in_time.count,
        share(in_time)
    )
}

/// A cell of a table: `12`, `9（75%）`.
fn cell(part: &Part, measure: Measure) -> String {
    let reading = part.read(measure);
    format!("{}{}", reading.count, share(reading))
}

/// The departments that had to do with whistles, the better first; those with few closings last and
/// without a rank.
fn departments(read: &Read) -> Table {
    let in_time = Measure::Share(Figure::ClosedInTime, Figure::Closed);
    let parts = read
        .parts
        .iter()
        .filter(|p| p.scope.kind == ScopeKind::Department);
    let had = |p: &&Part| !p.sums.values().all(|n| *n == 0);
    let mut parts: Vec<&Part> = parts.filter(had).collect();
    parts.sort_by(|a, b| b.is_ranked().cmp(&a.is_ranked()).then(a.by_results(b)));
    let row = |(at, part): (usize, &&Part)| {
        let rank = if part.is_ranked() {
            (at + 1).to_string()
        } else {
            "—".to_owned()
        };
        vec![
            part.scope.name.clone(),
            rank,
            cell(part, Measure::Count(Figure::Sounded)),
            cell(part, Measure::Count(Figure::Closed)),
            cell(part, in_time),
            cell(part, Measure::Share(Figure::FirstPass, Figure::Closed)),
        ]
    };
    Table {
        title: "各部门办理情况".to_owned(),
        heads: heads(&["部门", "名次", "接哨", "办结", "按时办结", "核查一次通过"]),
        rows: parts.iter().enumerate().map(row).collect(),
        ends_in_words: false,
        note: format!("按按时办结率排名；当月办结不足 {RANKED_FROM} 件的不排名。"),
    }
}

fn streets(read: &Read) -> Table {
    let parts = read
        .parts
        .iter()
        .filter(|p| p.scope.kind == ScopeKind::Street);
    let row = |part: &Part| {
        vec![
            part.scope.name.clone(),
            cell(part, Measure::Count(Figure::Filed)),
            cell(part, Measure::Count(Figure::Solved)),
            cell(part, Measure::Share(Figure::SolvedGrid, Figure::Solved)),
            cell(
                part,
                Measure::Share(Figure::SolvedCommunity, Figure::Solved),
            ),
            cell(part, Measure::Count(Figure::Sounded)),
        ]
    };
    Table {
        title: "各街道情况".to_owned(),
        heads: heads(&["街道", "上报", "解决", "网格解决", "社区解决", "吹哨"]),
        rows: parts.map(row).collect(),
        ends_in_words: false,
        note: String::new(),
    }
}

/// The whole catalogue, with what each figure means.
fn figures(read: &Read) -> Table {
    let row = |d: &Definition| {
        let of = |when| read.sums.read(d.measure, when);
        let now = of(When::Now);
        vec![
            format!("{}：{}", d.group.label(), d.name),
            format!("{}{}", now.count, share(now)),
            of(When::Before).short(),
            of(When::Year).short(),
            d.meaning.to_owned(),
        ]
    };
    let groups = Group::ALL.iter();
    let rows = groups.flat_map(|g| CATALOGUE.iter().filter(|d| d.group == *g));
    Table {
        title: "指标和口径".to_owned(),
        heads: heads(&["指标", "本月", "上月", "上年同月", "口径"]),
        rows: rows.map(row).collect(),
        ends_in_words: true,
        note: String::new(),
    }
}

fn heads(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_month() {
        assert_eq!(words::month_code(month_of("2026-02").unwrap()), "2026-02");
        for wrong in [
            "",
            "2026",
            "2026-13",
            "2026-1",
            "1999-01",
            "2026-02-01",
            "二月",
        ] {
            assert_eq!(month_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn twelve_months_that_are_over_are_offered() {
        let months = months_over("2026-01-31".parse().unwrap());
        assert_eq!(words::month_code(months[0]), "2025-12");
        assert_eq!(words::month_code(months[11]), "2025-01");
    }

    #[test]
    fn a_change_is_said_in_words() {
        assert_eq!(change(5, 2), "比上月多 3 件");
        assert_eq!(change(2, 5), "比上月少 3 件");
        assert_eq!(change(2, 2), "与上月持平");
    }
}
