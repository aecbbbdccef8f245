//! Warnings (预警提示) against known tricks with scores: full marks for everything, satisfied answers
//! that come in a bunch, too few or too many whistles, troubles that come again. A warning says
//! what to look at and why; nothing follows from it by itself.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{Book, Record};
use crate::base::words;
use crate::work::visits::Feeling;
use crate::work::whistles::Role;

/// So many satisfied answers within so long are a bunch.
const BUNCH: usize = 3;
const WITHIN: Duration = Duration::hours(1);
/// With fewer streets there is no middle to compare with.
const STREETS: usize = 3;
/// The five figures of a mark, all of them full.
const FULL: i64 = 25;

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    /// A rater gives nothing but full marks.
    FullMarks,
    /// Satisfied answers come close after one another.
    Bunched,
    /// A street blows far fewer whistles than the others.
    Few,
    /// A street blows far more whistles than the others.
    Many,
    /// Troubles that came again.
    Repeats,
}

/// What the tables say besides the cases.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Warned {
    streets: Vec<Street>,
    repeats: Vec<Repeat>,
}

/// A street with what it blew.
#[derive(Clone, Debug, Deserialize)]
struct Street {
    name: String,
    whistles: Vec<Blown>,
}

#[derive(Clone, Debug, Deserialize)]
struct Blown {
    whistle: Uuid,
    number: String,
    title: String,
    at: DateTime<Utc>,
}

#[derive(Clone, Debug, Deserialize)]
struct Repeat {
    whistle: Uuid,
    number: String,
    title: String,
    street: String,
    department: String,
    at: DateTime<Utc>,
}

/// One line of the list behind a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ground {
    pub(in super::super) whistle: Uuid,
    pub(in super::super) number: String,
    pub(in super::super) title: String,
    pub(in super::super) street: String,
    pub(in super::super) words: String,
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Warning {
    pub(in super::super) sign: Sign,
    /// Of whom.
    pub(in super::super) who: String,
    /// With which figures.
    pub(in super::super) words: String,
    /// The list behind it.
    pub(in super::super) grounds: Vec<Ground>,
}

impl Warning {
    /// In an address: what names it among the others of its period.
    pub(crate) fn key(&self) -> String {
        let first = self.grounds.first().map(|g| g.whistle).unwrap_or_default();
        format!("{}.{}.{first}", self.sign.code(), self.who)
    }
}

impl Sign {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 5] = [
        Self::FullMarks,
        Self::Bunched,
        Self::Few,
        Self::Many,
        Self::Repeats,
    ];

    /// In an address.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::FullMarks => "full",
            Self::Bunched => "bunch",
            Self::Few => "few",
            Self::Many => "many",
            Self::Repeats => "repeat",
        }
    }

    /// What the page calls it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::FullMarks => "全打满分",
            Self::Bunched => "满意集中",
            Self::Few => "吹哨偏少",
            Self::Many => "吹哨偏多",
            Self::Repeats => "疑似复发",
        }
    }

    /// What it measures.
    pub(crate) fn measures(self, min_n: i16) -> String {
        match self {
            Self::FullMarks => {
                format!("一个街道或社区在本时期至少评了 {min_n} 次，五项全是 5 分。")
            }
            Self::Bunched => "一个主办部门的满意回访，1 小时内至少 3 件。".to_owned(),
            Self::Few => "本时期吹响的哨单不到各街道中位数的一半。".to_owned(),
            Self::Many => "本时期吹响的哨单超过各街道中位数的两倍。".to_owned(),
            Self::Repeats => {
                "办结后 30 天内，同一楼栋或 50 米内又报同类事项，按原主办部门列出。".to_owned()
            }
        }
    }
}

/// All warnings of a period, in the order of their kinds and names.
pub(crate) fn warnings(book: &Book) -> Vec<Warning> {
    let mut warnings = full_marks(&book.records, book.scheme.min_n);
    warnings.extend(bunched(book));
    warnings.extend(out_of_band(&book.warned.streets));
    warnings.extend(repeats(&book.warned.repeats));
    warnings.sort_by(|a, b| (a.sign, &a.who).cmp(&(b.sign, &b.who)));
    warnings
}

fn ground(record: &Record, words: String) -> Ground {
    Ground {
        whistle: record.whistle,
        number: record.number.clone(),
        title: record.title.clone(),
        street: record.street.clone(),
        words,
    }
}

fn full_marks(records: &[Record], min_n: i16) -> Vec<Warning> {
    let mut given: BTreeMap<&str, Vec<(i64, Ground)>> = BTreeMap::new();
    for record in records {
        for mark in &record.marks {
            let words = format!("{} 评，五项合计 {}", words::minute(mark.at), mark.sum);
            let raters = given.entry(mark.by.as_str()).or_default();
            raters.push((mark.sum, ground(record, words)));
        }
    }
    let enough = usize::try_from(min_n).unwrap_or(usize::MAX);
    let of = |(who, marks): (&str, Vec<(i64, Ground)>)| {
        let is_full = marks.len() >= enough && marks.iter().all(|(sum, _)| *sum == FULL);
        is_full.then(|| Warning {
            sign: Sign::FullMarks,
            who: who.to_owned(),
            words: format!("{} 次评价全是满分", marks.len()),
            grounds: marks.into_iter().map(|(_, ground)| ground).collect(),
        })
    };
    given.into_iter().filter_map(of).collect()
}

fn bunched(book: &Book) -> Vec<Warning> {
    let mut said: BTreeMap<&str, Vec<(DateTime<Utc>, &Record)>> = BTreeMap::new();
    for record in &book.records {
        if record.role != Role::Lead || record.relieved {
            continue;
        }
        let own = |d: &&super::Department| d.id == record.department;
        let Some(department) = book.departments.iter().find(own) else {
            continue;
        };
        let satisfied = record
            .answers
            .iter()
            .filter(|a| a.feeling == Feeling::Satisfied);
        let answers = said.entry(&department.name).or_default();
        answers.extend(satisfied.map(|a| (a.at, record)));
    }
    let mut warnings = Vec::new();
    for (department, mut answers) in said {
        answers.sort_by_key(|(at, record)| (*at, record.assignment));
        let mut rest = answers.as_slice();
        while let Some((first, _)) = rest.first() {
            let within = rest.iter().take_while(|(at, _)| *at - *first <= WITHIN);
            let n = within.count();
            if n < BUNCH {
                rest = &rest[1..];
                continue;
            }
            let (bunch, after) = rest.split_at(n);
            warnings.push(bunch_of(department, bunch));
            rest = after;
        }
    }
    warnings
}

fn bunch_of(department: &str, bunch: &[(DateTime<Utc>, &Record)]) -> Warning {
    let times = bunch.first().zip(bunch.last());
    let times = times.map(|((first, _), (last, _))| (words::minute(*first), words::minute(*last)));
    let (first, last) = times.unwrap_or_default();
    let line = |(at, record): &(DateTime<Utc>, &Record)| {
        ground(record, format!("{} 答满意", words::minute(*at)))
    };
    Warning {
        sign: Sign::Bunched,
        who: department.to_owned(),
        words: format!("{first} 至 {last}，{} 件满意", bunch.len()),
        grounds: bunch.iter().map(line).collect(),
    }
}

/// Streets that blew less than half, or more than twice, of what the middle street did.
fn out_of_band(streets: &[Street]) -> Vec<Warning> {
    if streets.len() < STREETS {
        return Vec::new();
    }
    let mut counts: Vec<usize> = streets.iter().map(|s| s.whistles.len()).collect();
    counts.sort_unstable();
    let middle = counts.len() / 2;
    // Twice the median, so that nothing is halved.
    let twice = counts[middle] + counts[(counts.len() - 1) / 2];
    let median = if twice.is_multiple_of(2) {
        (twice / 2).to_string()
    } else {
        format!("{}.5", twice / 2)
    };
    let of = |street: &Street| {
        let n = street.whistles.len();
        let (sign, how) = if n * 4 < twice {
            (Sign::Few, "不到一半")
        } else if n > twice && twice > 0 {
            (Sign::Many, "超过两倍")
        } else {
            return None;
        };
        let line = |w: &Blown| Ground {
            whistle: w.whistle,
            number: w.number.clone(),
            title: w.title.clone(),
            street: street.name.clone(),
            words: format!("{} 吹响", words::minute(w.at)),
        };
        Some(Warning {
            sign,
            who: street.name.clone(),
            words: format!("吹哨 {n} 件，各街道中位数 {median} 件，{how}"),
            grounds: street.whistles.iter().map(line).collect(),
        })
    };
    streets.iter().filter_map(of).collect()
}

fn repeats(repeats: &[Repeat]) -> Vec<Warning> {
    let mut of: BTreeMap<&str, Vec<Ground>> = BTreeMap::new();
    for repeat in repeats {
        of.entry(&repeat.department).or_default().push(Ground {
            whistle: repeat.whistle,
            number: repeat.number.clone(),
            title: repeat.title.clone(),
            street: repeat.street.clone(),
            words: format!("{} 又报", words::minute(repeat.at)),
        });
    }
    let each = of.into_iter().map(|(who, grounds)| Warning {
        sign: Sign::Repeats,
        who: who.to_owned(),
        words: format!("{} 件办结后又报", grounds.len()),
        grounds,
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn street(name: &str, n: usize) -> Street {
        let blown = Blown {
            whistle: Uuid::nil(),
            number: String::new(),
            title: String::new(),
            at: DateTime::UNIX_EPOCH,
        };
        Street {
            name: name.to_owned(),
            whistles: vec![blown; n],
        }
    }

    #[test]
    fn a_street_far_from_the_middle_is_named_with_figures() {
        let found = |counts: &[usize]| -> Vec<(Sign, String, usize)> {
            let streets: Vec<Street> = counts.iter().map(|n| street("甲", *n)).collect();
            let warnings = out_of_band(&streets).into_iter();
            warnings
                .map(|w| (w.sign, w.words, w.grounds.len()))
                .collect()
        };
        let few = "吹哨 2 件，各街道中位数 5 件，不到一半".to_owned();
        let many = "吹哨 11 件，各街道中位数 5 件，超过两倍".to_owned();
        assert_eq!(
            found(&[2, 5, 11]),
            [(Sign::Few, few, 2), (Sign::Many, many, 11)]
        );
        let odd = "吹哨 1 件，各街道中位数 2.5 件，不到一半".to_owned();
        assert_eq!(found(&[1, 2, 3, 5]), [(Sign::Few, odd, 1)]);
        assert_eq!(found(&[3, 5, 10]), []);
        assert_eq!(found(&[0, 0, 0]), []);
        assert_eq!(found(&[0, 40]), [], "two streets have no middle");
    }
}
