//! How instants, days, waiting times and personal data are written on a page. These are also
//! the templates' filters: `{{ at|when }}`.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

use super::clock::china;

/// A value or a reference to it, however deep: templates hand over whatever they hold.
pub trait Plain<T: Copy> {
    /// The value itself.
    fn plain(&self) -> T;
}

impl Plain<DateTime<Utc>> for DateTime<Utc> {
    fn plain(&self) -> DateTime<Utc> {
        *self
    }
}

impl Plain<NaiveDate> for NaiveDate {
    fn plain(&self) -> NaiveDate {
        *self
    }
}

impl<T: Copy, P: Plain<T> + ?Sized> Plain<T> for &P {
    fn plain(&self) -> T {
        (**self).plain()
    }
}

/// `2026-11-23 14:05`. Written by hand: format strings are parsed anew at each call.
pub fn minute(at: impl Plain<DateTime<Utc>>) -> String {
    let at = at.plain().with_timezone(&china());
    let (y, mo, d, h, mi) = (at.year(), at.month(), at.day(), at.hour(), at.minute());
    format!("{y:04}-{mo:02}-{d:02} {h:02}:{mi:02}")
}

/// `2026-11-23 14:05:59`, for records.
pub fn second(at: impl Plain<DateTime<Utc>>) -> String {
    let at = at.plain();
    format!("{}:{:02}", minute(at), at.second())
}

/// `11-23 14:05` in the current year, else with the year.
pub fn short_minute(at: impl Plain<DateTime<Utc>>, now: impl Plain<DateTime<Utc>>) -> String {
    let (at, now) = (at.plain(), now.plain());
    let whole = minute(at);
    if at.with_timezone(&china()).year() == now.with_timezone(&china()).year() {
        whole[5..].to_owned()
    } else {
        whole
    }
}

/// `2026-11-23`.
pub fn day(day: impl Plain<NaiveDate>) -> String {
    let day = day.plain();
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

/// `2026-11`, as addresses and forms name a month by any of its days.
pub fn month_code(month: NaiveDate) -> String {
    format!("{:04}-{:02}", month.year(), month.month())
}

/// `2026 年 11 月`.
pub fn month_title(month: NaiveDate) -> String {
    format!("{} 年 {} 月", month.year(), month.month())
}

/// The first day of the month of such a code; none of anything else.
pub fn month_of(code: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(&format!("{code}-01"), "%Y-%m-%d").ok()
}

/// A span of days as a filter says it: `结束于 2026-11-01 至 2026-11-23`; none, if it is open on both sides.
pub fn span(verb: &str, from: &str, to: &str) -> Option<String> {
    match (from.trim(), to.trim()) {
        ("", "") => None,
        (from, "") => Some(format!("{verb} {from} 以后")),
        ("", to) => Some(format!("{verb} {to} 以前")),
        (from, to) if from == to => Some(format!("{verb} {from}")),
        (from, to) => Some(format!("{verb} {from} 至 {to}")),
    }
}

/// `2026-11-23T14:05+08:00`, for the machine-readable face of a time.
pub fn machine(at: impl Plain<DateTime<Utc>>) -> String {
    format!("{}+08:00", minute(at).replace(' ', "T"))
}

/// `2026-11-23 14:05 星期一`, for the head of a desk.
pub fn with_weekday(at: impl Plain<DateTime<Utc>>) -> String {
    let at = at.plain();
    let day = at.with_timezone(&china()).date_naive();
    format!("{} 星期{}", minute(at), weekday(day))
}

/// `一` for Monday, as it stands behind 星期 and 周.
pub fn weekday(day: NaiveDate) -> &'static str {
    const NAMES: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    NAMES[day.weekday().num_days_from_monday() as usize]
}

/// How long something has waited, in natural time, two units at most, rounded down.
pub fn waited(since: impl Plain<DateTime<Utc>>, now: impl Plain<DateTime<Utc>>) -> String {
    let minutes = (now.plain() - since.plain()).num_minutes().max(0);
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, minutes) {
        (0, 0, m) => format!("已等 {m} 分钟"),
        (0, h, 0) => format!("已等 {h} 小时"),
        (0, h, m) => format!("已等 {h} 小时 {m} 分钟"),
        (d, 0, _) => format!("已等 {d} 天"),
        (d, h, _) => format!("已等 {d} 天 {h} 小时"),
    }
}

/// `张*`.
pub fn masked_name(name: &str) -> String {
    name.chars().take(1).chain(std::iter::once('*')).collect()
}

/// `138****5678`; a short number keeps its last two figures.
pub fn masked_phone(phone: &str) -> String {
    let figures: Vec<char> = phone.chars().collect();
    let (head, tail) = if figures.len() >= 11 { (3, 4) } else { (0, 2) };
    let start: String = figures.iter().take(head).collect();
    let end: String = figures
        .iter()
        .skip(figures.len().saturating_sub(tail))
        .collect();
    format!("{start}****{end}")
}

/// A place without the numbers of rooms: `3号楼1单元502室` is `3号楼1单元***室`. What is below the building is
/// somebody's home (`domain.md` 8); entrances are ground of the chain and stay.
pub fn masked_rooms(place: &str) -> String {
    let all: Vec<char> = place.chars().collect();
    let mut masked = String::with_capacity(place.len());
    let mut at = 0;
    while at < all.len() {
        let run = all[at..].iter().take_while(|c| is_figure(**c)).count();
        if run == 0 {
            masked.push(all[at]);
            at += 1;
            continue;
        }
        let solid = |c: &&char| !c.is_whitespace();
        let before = all[..at].iter().rev().find(solid);
        let after = all[at + run..].iter().find(solid);
        if is_room(run, before, after) {
            masked.push_str("***");
        } else {
            masked.extend(&all[at..at + run]);
        }
        at += run;
    }
    masked
}

fn is_figure(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// Whether so many figures between these two characters number a room.
fn is_room(figures: usize, before: Option<&char>, after: Option<&char>) -> bool {
    let is = |c: Option<&char>, of: &[char]| c.is_some_and(|c| of.contains(c));
    if is(after, &['室']) {
        return figures <= 4;
    }
    let is_inside = is(
        before,
        &['元', '楼', '层', '栋', '幢', '座', '-', '－', '—'],
    );
    let counts = is(
        after,
        &['号', '路', '米', '元', '年', '月', '度', '平', '人', '个'],
    );
    (3..=4).contains(&figures) && !counts && (is_inside || is(after, &['房']))
}

/// `w***@example.gov.cn`: the first letter and the server.
pub fn masked_mail(address: &str) -> String {
    let (name, server) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}***@{server}")
}

/// `1.2 MB`, `48 KB`, `300 字节`.
pub fn size(bytes: i64) -> String {
    const KB: i64 = 1024;
    const MB: i64 = 1024 * KB;
    if bytes >= MB {
        let tenths = bytes * 10 / MB;
        format!("{}.{} MB", tenths / 10, tenths % 10)
    } else if bytes >= KB {
        format!("{} KB", bytes / KB)
    } else {
        format!("{bytes} 字节")
    }
}

/// A telephone number by its figures alone: without gaps, dashes and the country's code, full-width
/// figures as plain ones.
pub fn figures(phone: &str) -> String {
    let plain: String = phone.chars().filter_map(plain_figure).collect();
    let international = phone.trim_start().starts_with(['+', '＋']) || plain.starts_with("00");
    let bare = plain.strip_prefix("00").unwrap_or(&plain);
    match bare.strip_prefix("86") {
        Some(rest) if international || bare.len() == 13 => rest.to_owned(),
        Some(_) | None => plain,
    }
}

fn plain_figure(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        _ => None,
    }
}

/// Whether a text holds what looks like the number of a person: eleven figures or more, single gaps
/// and dashes between them; the number of a case begins with letters and is none.
pub fn holds_number(text: &str) -> bool {
    const FIGURES: usize = 11;
    let (mut count, mut before, mut in_word) = (0, ' ', false);
    for c in text.chars() {
        if plain_figure(c).is_some() {
            in_word = in_word || count == 0 && before.is_ascii_alphabetic();
            count += 1;
            if count >= FIGURES && !in_word {
                return true;
            }
        } else if !(matches!(c, '-' | ' ') && plain_figure(before).is_some()) {
            (count, in_word) = (0, false);
        }
        before = c;
    }
    false
}

/// Both sides of a text that changed, around the first place where they differ.
pub fn sides(old: &str, new: &str) -> String {
    const SHOWN: usize = 80;
    const BEFORE: usize = 12;
    let same = old
        .chars()
        .zip(new.chars())
        .take_while(|(old, new)| old == new)
        .count();
    let long = old.chars().count().max(new.chars().count()) > SHOWN;
    let skipped = if long { same.saturating_sub(BEFORE) } else { 0 };
    let part = |text: &str| {
        let shown: String = text.chars().skip(skipped).take(SHOWN).collect();
        let ends = text.chars().count() <= skipped + SHOWN;
        let before = if skipped > 0 { "…" } else { "" };
        let after = if ends { "" } else { "…" };
        format!("{before}{shown}{after}")
    };
    format!("{} → {}", part(old), part(new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_officials_write_them() {
        let at: DateTime<Utc> = "2026-11-23T06:05:59Z".parse().unwrap();
        let later = at + chrono::Duration::minutes(24 * 60 * 2 + 5 * 60);
        assert_eq!(minute(at), "2026-11-23 14:05");
        assert_eq!(with_weekday(at), "2026-11-23 14:05 星期一");
        assert_eq!(short_minute(at, later), "11-23 14:05");
        assert_eq!(waited(at, later), "已等 2 天 5 小时");
        assert_eq!(waited(later, at), "已等 0 分钟");
    }

    #[test]
    fn personal_data_are_masked() {
        assert_eq!(masked_name("欧阳修"), "欧*");
        assert_eq!(masked_phone("12900005678"), "129****5678");
        assert_eq!(masked_phone("5220000"), "****00");
        assert_eq!(masked_mail("wangli@example.gov.cn"), "w***@example.gov.cn");
    }

    #[test]
    fn rooms_are_masked_and_entrances_are_not() {
        for (place, masked) in [
            ("3号楼1单元502室", "3号楼1单元***室"),
            ("一单元 1203 室门口", "一单元 *** 室门口"),
            ("3号楼502", "3号楼***"),
            ("3-1-502漏水", "3-1-***漏水"),
            ("5楼５０２住户", "5楼***住户"),
            ("二单元402户门前", "二单元***户门前"),
            ("402房漏水", "***房漏水"),
            ("这一片 300 户", "这一片 300 户"),
            ("9 号院门前", "9 号院门前"),
            ("1号楼2单元门口检修井", "1号楼2单元门口检修井"),
            ("嫩江路1203号", "嫩江路1203号"),
            ("距2号楼300米处", "距2号楼300米处"),
            ("", ""),
        ] {
            assert_eq!(masked_rooms(place), masked);
            assert_eq!(masked_rooms(masked), masked);
        }
    }

    #[test]
    fn a_persons_number_is_recognised_in_a_text() {
        for text in [
            "打12900005678",
            "129 0000 5678 找他",
            "129-0000-5678。",
            "１２９００００５６７８",
        ] {
            assert!(holds_number(text), "{text}");
        }
        for text in [
            "DA20261123S00012 并入",
            "2026-11-23 14:05 到场",
            "5220000",
            "3 号楼 128 户，86.5 万",
        ] {
            assert!(!holds_number(text), "{text}");
        }
    }

    #[test]
    fn a_size_is_said_in_words() {
        let words = [0, 1023, 1024, 1_300_000, 20 * 1024 * 1024].map(size);
        assert_eq!(words, ["0 字节", "1023 字节", "1 KB", "1.2 MB", "20.0 MB"]);
    }

    #[test]
    fn a_long_text_is_told_where_it_differs() {
        let old = "一".repeat(200);
        let new = format!("{}二", "一".repeat(200));
        assert_eq!(sides("甲", "乙"), "甲 → 乙");
        assert_eq!(
            sides(&old, &new),
            "…一一一一一一一一一一一一 → …一一一一一一一一一一一一二"
        );
    }
}
