//! Whom a supervision is told to, and whom it should have reached and did not. Pure.

use uuid::Uuid;

use super::model::Level;
use crate::org::events::Verb;
use crate::work::clocks::Stage;
use crate::work::told::Audience as A;

/// Whom a level is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addressees {
    /// The first of these that somebody holds is told, the others are not. If nobody holds any,
    /// all find it when the post is filled, and the city's office is asked to see to it.
    pub first: &'static [A],
    /// Who is told besides.
    pub also: &'static [A],
}

/// Whom the city's office tells when a department answers its letter.
pub(super) const ANSWERED: &[A] = &[A::CityOffice];

impl Addressees {
    /// For whom a level is: of a department's work, or of what a street itself owes at a stage.
    pub fn of(level: Level, stage: Option<Stage>, of_department: bool) -> Self {
        let first: &[A] = match (level, of_department) {
            (Level::Urge, true) => &[A::SupervisedClerk, A::SupervisedHead],
            (Level::Street | Level::City | Level::Yellow | Level::Red, true) => {
                &[A::SupervisedHead]
            }
            (Level::Urge, false) => urged_at(stage),
            (Level::Street | Level::City | Level::Yellow | Level::Red, false) => &[A::Secretary],
        };
        let also: &[A] = match level {
            Level::Urge | Level::Street => &[],
            Level::City => &[A::CityOffice],
            Level::Yellow | Level::Red => &[A::CityOffice, A::LeaderInCharge],
        };
        Self { first, also }
    }

    /// All of them, as the query asks for them.
    pub(super) fn codes(self) -> Vec<&'static str> {
        let all = self.first.iter().chain(self.also);
        all.map(|audience| audience.code()).collect()
    }

    /// The audience of `first` that is told, given who holds posts; nobody: none is held.
    pub(super) fn told(self, found: &[Addressee]) -> Option<A> {
        let mut first = self.first.iter();
        first.find(|a| is_held(found, **a)).copied()
    }

    /// The posts that are told.
    pub fn posts(self, found: &[Addressee]) -> Vec<Uuid> {
        let told = self.told(found);
        let is_told = |of: &Addressee| {
            self.also.iter().any(|a| of.is(*a))
                || told.map_or_else(
                    || self.first.iter().any(|a| of.is(*a)),
                    |audience| of.is(audience),
                )
        };
        let mut posts: Vec<Uuid> = found
            .iter()
            .filter(|of| is_told(of))
            .map(|of| of.post)
            .collect();
        posts.sort_unstable();
        posts.dedup();
        posts
    }

    /// Why somebody who should have been reached was not.
    pub fn lacks(self, found: &[Addressee]) -> Vec<Lack> {
        let nobody = self.told(found).is_none().then_some(Lack::Nobody);
        let leader = A::LeaderInCharge;
        let unled = if !self.also.contains(&leader) || is_held(found, leader) {
            None
        } else if found.iter().any(|of| of.is(leader)) {
            Some(Lack::LeaderVacant)
        } else {
            Some(Lack::NoLeader)
        };
        nobody.into_iter().chain(unled).collect()
    }
}

/// Who at the street owes what is done at a stage.
fn urged_at(stage: Option<Stage>) -> &'static [A] {
    match stage {
        Some(Stage::Approve) => &[A::Approver, A::Secretary],
        Some(Stage::Verify) => &[A::Deputy, A::Secretary],
        Some(Stage::Check) => &[A::Community, A::Checker],
        Some(Stage::Rating | Stage::Conclude) => &[A::Dispatcher, A::Deputy],
        Some(
            Stage::Promise
            | Stage::Sign
            | Stage::Report
            | Stage::FirstFeedback
            | Stage::Close
            | Stage::Visit
            | Stage::Decide
            | Stage::Reply
            | Stage::Suspension
            | Stage::Opinion
            | Stage::Minutes
            | Stage::Item
            | Stage::Answer
            | Stage::Reaction
            | Stage::Ruling,
        )
        | None => &[A::Dispatcher],
    }
}

/// A post that a supervision is for.
#[derive(Clone, Debug)]
pub struct Addressee {
    /// The post.
    pub post: Uuid,
    /// The code of its audience.
    pub group: String,
    /// Whether somebody holds it.
    pub is_held: bool,
}

impl Addressee {
    fn is(&self, audience: A) -> bool {
        self.group == audience.code()
    }
}

fn is_held(found: &[Addressee], audience: A) -> bool {
    found.iter().any(|of| of.is(audience) && of.is_held)
}

/// Why a supervision did not reach whom it should have reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Nobody holds any of the posts it is for.
    Nobody,
    /// No city leader is named as the one in charge of the department.
    NoLeader,
    /// Nobody holds the post of the city leader in charge.
    LeaderVacant,
}

impl Lack {
    /// What the row says.
    pub fn words(self) -> &'static str {
        match self {
            Self::Nobody => "职务空缺，没有人收到。",
            Self::NoLeader => "没有指定分管市领导。",
            Self::LeaderVacant => "分管市领导职务空缺。",
        }
    }
}

/// A line of the page 谁会收到: what goes out, who is told, and what if those posts are vacant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What goes out.
    pub what: String,
    /// Who is told.
    pub told: String,
    /// What happens if those posts are vacant.
    pub instead: &'static str,
}

impl Line {
    fn of(what: String, to: Addressees) -> Self {
        let labels = to.first.iter().take(1).chain(to.also).map(|a| a.label());
        Self {
            what,
            told: labels.collect::<Vec<_>>().join("、"),
            instead: to.first.get(1).map_or("市治理办处理", |a| a.label()),
        }
    }
}

/// Who is told of which supervision, level by level, and of the answer.
pub fn table() -> Vec<Line> {
    let of_department = Level::ALL.iter().map(|level| {
        let what = format!("{}（部门的任务）", level.paper());
        Line::of(what, Addressees::of(*level, None, true))
    });
    let stages = [
        Stage::Approve,
        Stage::Verify,
        Stage::Check,
        Stage::Rating,
        Stage::Conclude,
    ];
    let urged = stages.into_iter().map(|stage| {
        let what = format!("{}（街道的{}）", Level::Urge.paper(), stage.label());
        Line::of(what, Addressees::of(Level::Urge, Some(stage), false))
    });
    let street = Line::of(
        format!("{}（街道自己超期）", Level::Street.paper()),
        Addressees::of(Level::Street, None, false),
    );
    let office: Vec<_> = ANSWERED.iter().map(|a| a.label()).collect();
    let answered = Line {
        what: Verb::SupervisionReply.label().to_owned(),
        told: office.join("、"),
        instead: "补任后能看到",
    };
    of_department
        .chain(urged)
        .chain([street, answered])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(of: &[(A, bool)]) -> Vec<Addressee> {
        let posts = of
            .iter()
            .zip(1..)
            .map(|((audience, is_held), n)| Addressee {
                post: Uuid::from_u128(n),
                group: audience.code().to_owned(),
                is_held: *is_held,
            });
        posts.collect()
    }

    #[test]
    fn a_card_is_for_the_head_the_office_and_the_leader_in_charge() {
        let card = Addressees::of(Level::Yellow, None, true);
        let (head, office, leader) = (A::SupervisedHead, A::CityOffice, A::LeaderInCharge);
        let all = found(&[(head, true), (office, true), (leader, true)]);
        assert_eq!(card.posts(&all).len(), 3);
        assert!(card.lacks(&all).is_empty());
        let unnamed = found(&[(head, true), (office, true)]);
        assert_eq!(card.lacks(&unnamed), [Lack::NoLeader]);
        let vacant = found(&[(head, false), (office, true), (leader, false)]);
        assert_eq!(card.lacks(&vacant), [Lack::Nobody, Lack::LeaderVacant]);
        assert_eq!(card.posts(&vacant).len(), 3, "it waits for who comes");
    }

    #[test]
    fn the_second_is_told_only_if_the_first_is_vacant() {
        let urge = Addressees::of(Level::Urge, None, true);
        let (clerk, head) = (A::SupervisedClerk, A::SupervisedHead);
        let both = found(&[(clerk, true), (head, true)]);
        assert_eq!(urge.told(&both), Some(clerk));
        assert_eq!(urge.posts(&both), [Uuid::from_u128(1)]);
        let one = found(&[(clerk, false), (head, true)]);
        assert_eq!(urge.posts(&one), [Uuid::from_u128(2)]);
        assert!(urge.lacks(&one).is_empty());
    }

    #[test]
    fn no_leader_hears_of_a_letter() {
        for level in [Level::Urge, Level::Street, Level::City] {
            let to = Addressees::of(level, None, true);
            assert!(!to.also.contains(&A::LeaderInCharge), "{level:?}");
        }
    }
}
