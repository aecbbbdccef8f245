//! Reads the yearly notice of the State Council's office as it is pasted from its page: which days
//! are off, which weekend days are worked. Nothing is guessed: `共 n 天` must be the days read, and
//! a weekday in brackets must be the day's own.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{DayKind, SpecialDay, span};

/// The holidays that every notice arranges.
const ALWAYS: [&str; 7] = [
    "元旦",
    "春节",
    "清明节",
    "劳动节",
    "端午节",
    "中秋节",
    "国庆节",
];
/// No block of days off is longer.
const LONGEST: u64 = 15;

/// A line that cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its number in what was pasted; 0 is the whole.
    pub line: usize,
    /// How it begins.
    pub begins: String,
    /// What is wrong, in a sentence.
    pub what: String,
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => f.write_str(&self.what),
            line => write!(f, "第 {line} 行“{}”：{}", self.begins, self.what),
        }
    }
}

/// The special days of a year's notice, in order; or every line that cannot be read.
pub fn read_notice(year: i32, text: &str) -> Result<Vec<SpecialDay>, Vec<Wrong>> {
    let mut days = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut names = String::new();
    for line in lines_of(text) {
        let read = line.read(year).and_then(|(name, found)| {
            names.push_str(&name);
            found.into_iter().try_for_each(|day| keep(&mut days, day))
        });
        if let Err(what) = read {
            wrong.push(Wrong {
                line: line.number,
                begins: line.begins(),
                what,
            });
        }
    }
    let missing: Vec<&str> = ALWAYS.into_iter().filter(|n| !names.contains(n)).collect();
    if wrong.is_empty() && !missing.is_empty() {
        wrong.push(Wrong {
            line: 0,
            begins: String::new(),
            what: format!(
                "没有找到{}的安排。请把通知从“一、元旦”到“七、国庆节”完整粘贴，每个节日一行。",
                missing.join("、")
            ),
        });
    }
    if wrong.is_empty() {
        Ok(days.into_values().collect())
    } else {
        Err(wrong)
    }
}

fn keep(days: &mut BTreeMap<NaiveDate, SpecialDay>, day: SpecialDay) -> Result<(), String> {
    match days.get(&day.day) {
        Some(there) if there.kind != day.kind => Err(format!(
            "{} 在“{}”里是{}，这里又是{}。",
            written(day.day),
            there.name,
            there.kind.label(),
            day.kind.label()
        )),
        _ => {
            days.insert(day.day, day);
            Ok(())
        }
    }
}

/// The line of one holiday, with what was broken onto further lines.
struct Line {
    number: usize,
    text: String,
}

/// The lines that arrange something: those that begin with a number, and what continues them.
fn lines_of(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (at, raw) in text.lines().enumerate() {
        let plain = plain(raw);
        let arranges = plain.contains('日') && (plain.contains("放假") || plain.contains("上班"));
        let begins =
            plain.starts_with(|c| "一二三四五六七八九十".contains(c)) && plain.contains('、');
        let named = arranges && plain.contains('：') && plain.contains('月');
        if begins || named {
            lines.push(Line {
                number: at + 1,
                text: plain,
            });
        } else if arranges && plain.starts_with(|c: char| c.is_ascii_digit()) {
            match lines.last_mut() {
                Some(last) => last.text.push_str(&plain),
                None => lines.push(Line {
                    number: at + 1,
                    text: plain,
                }),
            }
        }
    }
    lines
}

/// Without spaces, with plain figures and one kind of colon.
fn plain(raw: &str) -> String {
    let figures = raw.chars().filter(|c| !c.is_whitespace());
    figures
        .map(|c| match c {
            '０'..='９' => {
                char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c)
            }
            ':' => '：',
            '(' => '（',
            ')' => '）',
            c => c,
        })
        .collect()
}

impl Line {
    /// How it begins, for its error.
    fn begins(&self) -> String {
        let head = self.text.split('：').next().unwrap_or_default();
        head.chars().take(12).collect()
    }

    /// The holiday's name and its days.
    fn read(&self, year: i32) -> Result<(String, Vec<SpecialDay>), String> {
        let Some((head, body)) = self.text.split_once('：') else {
            return Err(
                "没有冒号，分不出节日和日期。写成“一、元旦：1月1日至3日放假调休，共3天。”"
                    .to_owned(),
            );
        };
        // 国庆节、中秋节 share a line; only the number before them goes.
        let name = match head.split_once('、') {
            Some((number, rest)) if is_number(number) => rest,
            _ => head,
        };
        if name.is_empty() || name.chars().count() > 30 {
            return Err("没有写是什么节日。".to_owned());
        }
        let mut days = Vec::new();
        for sentence in body.split(['。', '；']).filter(|s| !s.is_empty()) {
            let of = |(kind, day)| SpecialDay {
                day,
                kind,
                name: name.to_owned(),
                own: false,
            };
            days.extend(sentence_days(year, sentence)?.into_iter().map(of));
        }
        if !days.iter().any(|d| d.kind == DayKind::Off) {
            return Err("没有写哪几天放假。".to_owned());
        }
        Ok((name.to_owned(), days))
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| "一二三四五六七八九十".contains(c))
}

fn sentence_days(year: i32, sentence: &str) -> Result<Vec<(DayKind, NaiveDate)>, String> {
    let works = sentence.contains("上班");
    if !works && !sentence.contains("放假") {
        // 鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
        let advises = sentence.contains("鼓励") || !sentence.contains('日');
        return if advises {
            Ok(Vec::new())
        } else {
            Err(format!("“{sentence}”没有写放假还是上班。"))
        };
    }
    let days = ranges(year, sentence)?;
    if works {
        if let Some(plain) = days.iter().find(|d| !is_weekend(**d)) {
            return Err(format!("{}不是周末，不用写上班。", written(*plain)));
        }
        return Ok(days.into_iter().map(|d| (DayKind::Work, d)).collect());
    }
    let said = after(sentence, "共").or_else(|| after(sentence, "放假"));
    match said {
        Some(said) if said != days.len() => {
            return Err(format!("写着共 {said} 天，按日期算是 {} 天。", days.len()));
        }
        _ => {}
    }
    let mut days = days;
    if sentence.contains("周末连休") {
        join_weekend(year, &mut days);
    }
    Ok(days.into_iter().map(|d| (DayKind::Off, d)).collect())
}

/// The number of days after a word: `共9天`.
fn after(sentence: &str, word: &str) -> Option<usize> {
    let tail = sentence.split(word).skip(1).find_map(|tail| {
        let figures: String = tail.chars().take_while(char::is_ascii_digit).collect();
        tail[figures.len()..].starts_with('天').then_some(figures)
    })?;
    tail.parse().ok()
}

/// 与周末连休: the weekend that touches the days, within the year.
fn join_weekend(year: i32, days: &mut Vec<NaiveDate>) {
    let joins = |day: &NaiveDate| is_weekend(*day) && day.year() == year;
    let (Some(first), Some(last)) = (days.first().copied(), days.last().copied()) else {
        return;
    };
    let before = (1..=2).map(|n| first - Days::new(n)).take_while(joins);
    let behind = (1..=2).map(|n| last + Days::new(n)).take_while(joins);
    let more: Vec<NaiveDate> = before.chain(behind).collect();
    days.extend(more);
    days.sort();
}

/// A date as it stands in a sentence.
struct Dated {
    day: NaiveDate,
    begins: usize,
    ends: usize,
}

/// Every day that a sentence names, ranges filled in.
fn ranges(year: i32, sentence: &str) -> Result<Vec<NaiveDate>, String> {
    let dates = dates_of(year, sentence)?;
    if dates.is_empty() {
        return Err(format!("“{sentence}”里没有日期。写成 1月1日 的样子。"));
    }
    let mut days: Vec<NaiveDate> = Vec::new();
    let mut before: Option<&Dated> = None;
    for (at, date) in dates.iter().enumerate() {
        let next = dates.get(at + 1).map_or(sentence.len(), |n| n.begins);
        check_weekday(date.day, &sentence[date.ends..next])?;
        let gap = before.map_or("", |b| &sentence[b.ends..date.begins]);
        match (before, gap.contains(['至', '到', '—', '–', '-', '～'])) {
            (Some(from), true) => {
                let length = (date.day - from.day).num_days();
                if !(1..=i64::try_from(LONGEST).unwrap_or(0)).contains(&length) {
                    return Err(format!(
                        "{}至{}不像一个假期，请核对起止日期。",
                        written(from.day),
                        written(date.day)
                    ));
                }
                days.extend(span(from.day + Days::new(1), date.day));
            }
            _ => days.push(date.day),
        }
        before = Some(date);
    }
    Ok(days)
}

/// The dates of a sentence: `2027年1月1日`, `1月1日`, and `3日` of the month named before.
fn dates_of(year: i32, sentence: &str) -> Result<Vec<Dated>, String> {
    let mut dates: Vec<Dated> = Vec::new();
    let (mut named_year, mut named_month) = (year, None);
    let mut number: Option<(usize, u32)> = None;
    for (at, c) in sentence.char_indices() {
        if let Some(figure) = c.to_digit(10) {
            let (begins, so_far) = number.unwrap_or((at, 0));
            number = Some((begins, so_far.saturating_mul(10).saturating_add(figure)));
            continue;
        }
        match (c, number.take()) {
            ('年', Some((_, value))) => named_year = i32::try_from(value).unwrap_or(0),
            ('月', Some((begins, value))) => named_month = Some((begins, value)),
            ('日', Some((begins, value))) => {
                let Some((month_begins, month)) = named_month else {
                    return Err(format!("{value}日前面没有写月份。"));
                };
                let day = NaiveDate::from_ymd_opt(named_year, month, value);
                let near = day.filter(|d| (year - 1..=year + 1).contains(&d.year()));
                let Some(day) = near else {
                    return Err(format!(
                        "没有 {named_year} 年 {month} 月 {value} 日这一天，或者不是 {year} 年的安排。"
                    ));
                };
                let ends_before = dates.last().map_or(0, |d| d.ends);
                dates.push(Dated {
                    day,
                    begins: if month_begins >= ends_before {
                        month_begins
                    } else {
                        begins
                    },
                    ends: at + c.len_utf8(),
                });
                named_year = year;
            }
            _ => {}
        }
    }
    Ok(dates)
}

/// A weekday said after a date must be the date's.
fn check_weekday(day: NaiveDate, said: &str) -> Result<(), String> {
    const NAMES: [char; 7] = ['一', '二', '三', '四', '五', '六', '日'];
    let real = NAMES[day.weekday().num_days_from_monday() as usize];
    for word in ["周", "星期"] {
        let name = said.split(word).nth(1).and_then(|tail| tail.chars().next());
        let name = name.map(|c| if c == '天' { '日' } else { c });
        match name {
            Some(name) if NAMES.contains(&name) && name != real => {
                return Err(format!("{}是周{real}，写着周{name}。", written(day)));
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn written(day: NaiveDate) -> String {
    format!("{} 月 {} 日", day.month(), day.day())
}

#[cfg(test)]
#[path = "notice_tests.rs"]
mod tests;
