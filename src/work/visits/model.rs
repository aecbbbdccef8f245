//! What a resident can say, how long one may answer, what counts, and the three rates. Pure.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::base::clock::{day_of, midnight};
use crate::coded;

coded! {
    /// How far one asking is.
    State as "visit_state" {
        /// The resident has not been asked, or not been reached yet.
        Waiting = "waiting" "待回访",
        /// The resident has answered.
        Answered = "answered" "已回访",
        /// Three tries failed: invalid, and never taken for satisfied.
        Unreachable = "unreachable" "未接通",
        /// The whistle went back to the check before the answer came; it is asked again later.
        Expired = "expired" "已失效",
    }
}

coded! {
    /// Whether it is solved, as the resident says.
    Answer as "visit_answer" {
        /// Yes.
        Solved = "solved" "解决了",
        /// In part: it counts, and the whistle stays where it is.
        Partly = "partly" "解决了一部分",
        /// No: the whistle goes back to the check.
        Unsolved = "unsolved" "没有解决",
    }
}

coded! {
    /// How the resident feels about it.
    Feeling as "visit_feeling" {
        /// 满意
        Satisfied = "satisfied" "满意",
        /// 基本满意
        Basically = "basically" "基本满意",
        /// 不满意
        Unsatisfied = "unsatisfied" "不满意",
    }
}

coded! {
    /// How the answer came.
    Way as "visit_way" {
        /// The desk called.
        Desk = "desk" "电话",
        /// Over the one-time link.
        Link = "link" "链接",
    }
}

/// What one resident said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) answer: Answer,
    pub(super) feeling: Feeling,
    pub(super) words: String,
}

impl Said {
    /// One sentence for the timeline: `没有解决，不满意。雨天还是冒水。`
    pub(super) fn sentence(&self) -> String {
        let (answer, feeling) = (self.answer.label(), self.feeling.label());
        format!("{answer}，{feeling}。{}", self.words)
    }

    /// Why the whistle goes back to the check, if it does.
    pub(super) fn sends_back(&self) -> Option<String> {
        match self.answer {
            Answer::Unsolved if self.words.is_empty() => Some("群众反映未解决。".to_owned()),
            Answer::Unsolved => Some(format!("群众反映未解决：{}", self.words)),
            Answer::Solved | Answer::Partly => None,
        }
    }
}

/// What came of one call of the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// Nobody answered; words may say more.
    NotReached(String),
    /// The resident spoke.
    Reached(Said),
}

/// Until when a resident may be asked where the calendar does not reach: three days of 24 hours
/// stand for three working days.
pub fn window_ends(asked_at: DateTime<Utc>) -> DateTime<Utc> {
    asked_at + Duration::hours(3 * 24)
}

/// How far from the old place it counts as the same, in metres.
pub(super) const RECURS_NEAR: f64 = 50.0;

/// The building of a place, or nothing if the place is wider than a building: a grid is no point
/// from which metres could be counted.
pub(super) fn building(place_code: &str) -> Option<&str> {
    place_code.get(..18)
}

/// How near the new matter is to what was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Near {
    /// In the same building.
    SameBuilding,
    /// In another, so many metres from it.
    Metres(i16),
}

impl Near {
    /// Reads the column: no metres mean the same building.
    pub(super) fn read(metres: Option<i16>) -> Self {
        metres.map_or(Self::SameBuilding, Self::Metres)
    }

    /// What the column keeps.
    pub(super) fn metres(self) -> Option<i16> {
        match self {
            Self::SameBuilding => None,
            Self::Metres(metres) => Some(metres),
        }
    }

    /// Where it is, to begin a sentence with: `同一楼栋`, `相距 32 米处`.
    pub(super) fn there(self) -> String {
        match self {
            Self::SameBuilding => "同一楼栋".to_owned(),
            Self::Metres(_) => format!("{self}处"),
        }
    }
}

impl std::fmt::Display for Near {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SameBuilding => f.write_str("同楼"),
            Self::Metres(metres) => write!(f, "相距 {metres} 米"),
        }
    }
}

/// The local midnight from which the figures count.
pub fn lately(now: DateTime<Utc>) -> DateTime<Utc> {
    midnight(day_of(now)) - Duration::days(30)
}

/// Answered visits and what was said in them. Nothing else is valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Answered.
    pub valid: i64,
    /// Of these: the leading department reported in in time, or its lateness is not counted (不计入考核).
    pub responded: i64,
    /// Of these: the resident says solved.
    pub solved: i64,
    /// Of these: satisfied.
    pub satisfied: i64,
    /// Of these: basically satisfied.
    pub basically: i64,
}

impl Tally {
    /// 响应率
    pub fn response(self) -> Rate {
        Rate::of(self.responded * 10, self.valid)
    }

    /// 解决率
    pub fn solution(self) -> Rate {
        Rate::of(self.solved * 10, self.valid)
    }

    /// 满意率: who is basically satisfied counts nine tenths.
    pub fn satisfaction(self) -> Rate {
        Rate::of(self.satisfied * 10 + self.basically * 9, self.valid)
    }
}

/// Below so many answers a rate says nothing.
const ENOUGH: i64 = 5;

/// A rate, if there are answers enough for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// In tenths of a percent, rounded to the nearest.
    Tenths(i64),
    /// Too few answers.
    TooFew,
}

impl Rate {
    /// The share of so many tenths of an answer in all answers.
    fn of(tenths: i64, valid: i64) -> Self {
        if valid < ENOUGH {
            Self::TooFew
        } else {
            Self::Tenths((tenths * 100 + valid / 2) / valid)
        }
    }
}

impl Rate {
    /// The number of percent, to one place; none if there are too few answers.
    pub fn number(self) -> Option<String> {
        match self {
            Self::Tenths(tenths) => Some(format!("{}.{}", tenths / 10, tenths % 10)),
            Self::TooFew => None,
        }
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.number() {
            Some(number) => write!(f, "{number}%"),
            None => f.write_str("样本不足"),
        }
    }
}

/// The letters of a token: no two that look alike.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Letters that hold 128 bits.
const LENGTH: usize = 26;

/// The token of a one-time link, of 128 random bits, with the code of its tenant before it:
/// `220882-7f3k…`.
pub(super) fn token(tenant: &str, random: u128) -> String {
    let letters = (0..LENGTH).rev().map(|place| {
        let five = (random >> (place * 5)) & 31;
        let at = usize::try_from(five).unwrap_or(0);
        char::from(LETTERS[at])
    });
    format!("{tenant}-{}", letters.collect::<String>())
}

/// The tenant's code in a token, if it has the form of one.
pub(super) fn tenant_of(token: &str) -> Option<&str> {
    let (code, letters) = token.split_once('-')?;
    let sound = code.len() == 6
        && code.bytes().all(|b| b.is_ascii_digit())
        && letters.len() == LENGTH
        && letters.bytes().all(|b| LETTERS.contains(&b));
    sound.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(valid: i64, solved: i64, satisfied: i64, basically: i64) -> Tally {
        Tally {
            valid,
            responded: valid,
            solved,
            satisfied,
            basically,
        }
    }

    #[test]
    fn basically_satisfied_counts_nine_tenths() {
        let of = tally(10, 7, 5, 3);
        assert_eq!(of.response().to_string(), "100.0%");
        assert_eq!(of.solution().to_string(), "70.0%");
        assert_eq!(of.satisfaction().to_string(), "77.0%");
        assert_eq!(tally(6, 5, 4, 1).satisfaction().to_string(), "81.7%");
    }

    #[test]
    fn few_answers_give_no_rate() {
        assert_eq!(tally(4, 4, 4, 0).solution(), Rate::TooFew);
        assert_eq!(tally(5, 5, 5, 0).solution().to_string(), "100.0%");
        assert_eq!(Tally::default().response().to_string(), "样本不足");
    }

    #[test]
    fn how_near_it_is_reads_as_words() {
        assert_eq!(Near::read(None), Near::SameBuilding);
        assert_eq!(Near::SameBuilding.to_string(), "同楼");
        assert_eq!(Near::SameBuilding.there(), "同一楼栋");
        let near = Near::read(Some(32));
        assert_eq!(near.to_string(), "相距 32 米");
        assert_eq!(near.there(), "相距 32 米处");
        assert_eq!(near.metres(), Some(32));
    }

    #[test]
    fn only_not_solved_sends_a_whistle_back() {
        let said = |answer| Said {
            answer,
            feeling: Feeling::Unsatisfied,
            words: "雨天还是冒水。".to_owned(),
        };
        let back = said(Answer::Unsolved).sends_back();
        assert_eq!(back.as_deref(), Some("群众反映未解决：雨天还是冒水。"));
        assert_eq!(said(Answer::Partly).sends_back(), None);
        assert_eq!(said(Answer::Solved).sends_back(), None);
    }

    #[test]
    fn a_token_carries_its_tenant_and_128_bits() {
        let made = token("220882", u128::MAX);
        assert_eq!(made, "220882-7zzzzzzzzzzzzzzzzzzzzzzzzz");
        assert_eq!(tenant_of(&made), Some("220882"));
        assert_ne!(token("220882", 1), token("220882", 2));
        for wrong in [
            "",
            "220882",
            "220882-",
            "22088-7zz",
            "220882-7zzzzzzzzzzzzzzzzzzzzzzzzu",
        ] {
            assert_eq!(tenant_of(wrong), None, "{wrong}");
        }
    }
}
