//! Who held which post on a day: 现任, 空缺, 历任. Pure.

use chrono::{Days, NaiveDate};
use serde::Deserialize;

use crate::base::words;
use crate::org::PersonId;
use crate::org::access::PostKind;

/// A post with everyone who ever held it, as `posts_with_terms` brings it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Post {
    kind: PostKind,
    title: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    terms: Vec<Term>,
}

/// One person holding a post, from a day until (not including) a day.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Term {
    person: PersonId,
    name: String,
    identity: String,
    home_unit: Option<String>,
    is_member: bool,
    from_day: NaiveDate,
    to_day: Option<NaiveDate>,
}

/// A line of the table 任职.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    kind: PostKind,
    pub(super) title: String,
    /// The holder; empty if vacant.
    pub(super) name: String,
    /// What the holder is; for a vacancy, how it came about.
    pub(super) identity: String,
    /// From when, until when.
    pub(super) term: String,
}

/// The posts of one node or department on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Holders {
    pub(super) current: Vec<Line>,
    pub(super) vacant: Vec<Line>,
    /// Those before, the latest first.
    pub(super) former: Vec<Line>,
}

impl Holders {
    /// Groups posts and terms as they stood on a day. What began later is not yet known then.
    pub(super) fn on(posts: &[Post], day: NaiveDate) -> Self {
        let mut holders = Self::default();
        let mut former: Vec<(&Post, &Term, NaiveDate)> = Vec::new();
        for post in posts.iter().filter(|p| p.valid_from <= day) {
            let ended = post
                .terms
                .iter()
                .filter_map(|t| Some((t, t.to_day.filter(|to| *to <= day)?)));
            former.extend(ended.map(|(term, to)| (post, term, to)));
            match post.terms.iter().find(|t| t.covers(day)) {
                Some(term) => holders.current.push(term.line(post)),
                None if post.valid_to.is_none_or(|to| to > day) => {
                    holders.vacant.push(post.vacancy(day));
                }
                None => {}
            }
        }
        former.sort_by_key(|(_, term, to)| std::cmp::Reverse((*to, term.from_day, term.person)));
        let mut last: Option<&Term> = None;
        for (post, term, _) in former {
            // Two posts held as one, such as 网格长 and 党支部书记, are one line.
            match holders
                .former
                .last_mut()
                .filter(|_| last.is_some_and(|l| l.is_same(term)))
            {
                Some(line) => line.title = format!("{}、{}", line.title, post.title),
                None => holders.former.push(term.line(post)),
            }
            last = Some(term);
        }
        holders
    }

    /// Whether nobody holds or held a post here.
    pub(super) fn is_empty(&self) -> bool {
        self.current.is_empty() && self.vacant.is_empty() && self.former.is_empty()
    }

    /// The groups of the table 任职 that have lines.
    pub(super) fn groups(&self) -> Vec<(&'static str, &[Line])> {
        let all = [
            ("现任", &self.current),
            ("空缺", &self.vacant),
            ("历任", &self.former),
        ];
        let some = all.into_iter().filter(|(_, lines)| !lines.is_empty());
        some.map(|(name, lines)| (name, lines.as_slice())).collect()
    }

    /// The names of those who hold a post of this kind, and whether one is vacant.
    pub(super) fn at(&self, kind: PostKind) -> (String, bool) {
        let of = self.current.iter().filter(|l| l.kind == kind);
        let names: Vec<&str> = of.map(|l| l.name.as_str()).collect();
        (names.join("、"), self.vacant.iter().any(|l| l.kind == kind))
    }

    /// The same with the title before it: `网格长 宋玉梅`; nothing if there is no such post.
    pub(super) fn titled(&self, kind: PostKind) -> (String, bool) {
        let (names, vacant) = self.at(kind);
        let mut posts = self.current.iter().chain(&self.vacant);
        let title = posts
            .find(|l| l.kind == kind)
            .map_or("", |l| l.title.as_str());
        (format!("{title} {names}").trim().to_owned(), vacant)
    }
}

impl Post {
    fn vacancy(&self, day: NaiveDate) -> Line {
        let before = self
            .terms
            .iter()
            .filter_map(|t| Some((t.to_day.filter(|to| *to <= day)?, t)));
        let last = before.max_by_key(|(to, _)| *to);
        let (since, identity) = match last {
            Some((to, term)) => (to, format!("{}离任后", term.name)),
            None => (self.valid_from, "设立后还没有人任职".to_owned()),
        };
        Line {
            kind: self.kind,
            title: self.title.clone(),
            name: String::new(),
            identity,
            term: format!("{} 起", words::day(since)),
        }
    }
}

impl Term {
    fn covers(&self, day: NaiveDate) -> bool {
        self.from_day <= day && self.to_day.is_none_or(|to| to > day)
    }

    fn is_same(&self, other: &Term) -> bool {
        self.person == other.person
            && self.from_day == other.from_day
            && self.to_day == other.to_day
    }

    fn line(&self, post: &Post) -> Line {
        let from = words::day(self.from_day);
        let term = match self.to_day.and_then(|to| to.checked_sub_days(Days::new(1))) {
            Some(last) => format!("{from} 至 {}", words::day(last)),
            None => format!("{from} 起"),
        };
        Line {
            kind: post.kind,
            title: post.title.clone(),
            name: self.name.clone(),
            identity: self.identity(post.kind),
            term,
        }
    }

    /// A party post asks for a party member; elsewhere it matters what one is and where from.
    fn identity(&self, kind: PostKind) -> String {
        if self.is_member && is_party(kind) {
            return "中共党员".to_owned();
        }
        match &self.home_unit {
            Some(unit) => format!("{}，{unit}", self.identity),
            None => self.identity.clone(),
        }
    }
}

/// Whether a post leads the party face of a node.
pub(super) fn is_party(kind: PostKind) -> bool {
    matches!(
        kind,
        PostKind::StreetSecretary
            | PostKind::CommunitySecretary
            | PostKind::GridSecretary
            | PostKind::BuildingLeader
            | PostKind::UnitHousehold
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn post(kind: PostKind, title: &str, terms: &[(u128, &str, &str, &str)]) -> Post {
        let term = |(person, name, from, to): &(u128, &str, &str, &str)| Term {
            person: PersonId(uuid::Uuid::from_u128(*person)),
            name: (*name).to_owned(),
            identity: "居民".to_owned(),
            home_unit: None,
            is_member: true,
            from_day: day(from),
            to_day: to.parse().ok(),
        };
        Post {
            kind,
            title: title.to_owned(),
            valid_from: day("2021-05-10"),
            valid_to: None,
            terms: terms.iter().map(term).collect(),
        }
    }

    fn grid() -> Vec<Post> {
        vec![
            post(
                PostKind::GridChief,
                "网格长",
                &[
                    (1, "杜春生", "2021-05-10", "2024-03-01"),
                    (2, "宋玉梅", "2024-03-01", ""),
                ],
            ),
            post(
                PostKind::GridSecretary,
                "党支部书记",
                &[(1, "杜春生", "2021-05-10", "2024-03-01")],
            ),
        ]
    }

    #[test]
    fn holders_vacancies_and_those_before_are_told_apart() {
        let holders = Holders::on(&grid(), day("2026-11-23"));
        assert_eq!(
            holders.titled(PostKind::GridChief),
            ("网格长 宋玉梅".to_owned(), false)
        );
        assert_eq!(
            holders.titled(PostKind::GridSecretary),
            ("党支部书记".to_owned(), true)
        );
        assert_eq!(holders.current[0].term, "2024-03-01 起");
        assert_eq!(holders.vacant[0].identity, "杜春生离任后");
        assert_eq!(holders.vacant[0].term, "2024-03-01 起");
        assert_eq!(holders.former.len(), 1);
        assert_eq!(holders.former[0].title, "网格长、党支部书记");
        assert_eq!(holders.former[0].term, "2021-05-10 至 2024-02-29");
    }

    #[test]
    fn an_earlier_day_knows_nothing_of_later_ones() {
        let holders = Holders::on(&grid(), day("2024-02-29"));
        assert_eq!(holders.at(PostKind::GridChief).0, "杜春生");
        assert_eq!(holders.current.len(), 2);
        assert!(holders.vacant.is_empty() && holders.former.is_empty());
    }

    #[test]
    fn a_post_nobody_ever_held_is_vacant_from_its_start() {
        let never = [post(PostKind::UnitChief, "单元长", &[])];
        let holders = Holders::on(&never, day("2026-11-23"));
        assert_eq!(holders.vacant[0].term, "2021-05-10 起");
        assert_eq!(Holders::on(&never, day("2020-01-01")), Holders::default());
    }
}
