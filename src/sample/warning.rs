//! Whom the sample's supervision was told to, by the same rules as the program's own, and whom it
//! should have reached and did not.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::dice::Dice;
use super::rows::WhistleRow;
use super::story::Rows;
use super::supervising::Supervision;
use super::supervising_queries::{SupervisionRow, UnreachedRow};
use super::telling::{NoticeRow, Telling, is_among};
use super::town::Town;
use crate::org::events::Verb;
use crate::work::supervision::{Addressee, Addressees};

/// What stands when a paper goes out: the town, its story, and who holds a post.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    pub(super) town: &'a Town,
    pub(super) rows: &'a Rows,
    pub(super) holders: &'a BTreeMap<Uuid, Uuid>,
    pub(super) whistles: &'a BTreeMap<Uuid, &'a WhistleRow>,
}

impl Ground<'_> {
    /// The posts that a paper is for.
    fn addressees(self, paper: &SupervisionRow, to: Addressees) -> Vec<Addressee> {
        let Some(whistle) = self.whistles.get(&paper.whistle_id) else {
            return Vec::new();
        };
        let seen = (*whistle, paper.department_id, paper.at);
        let audiences = to.first.iter().chain(to.also);
        let found = audiences.flat_map(|audience| {
            let among = self.town.posts.iter();
            among
                .filter(move |post| is_among(post, *audience, seen, (self.town, self.rows)))
                .map(|post| Addressee {
                    post: post.id,
                    group: audience.code().to_owned(),
                    is_held: self.holders.contains_key(&post.id),
                })
        });
        found.collect()
    }

    fn title(self, whistle: Uuid) -> String {
        let found = self.whistles.get(&whistle);
        found.map_or_else(String::new, |w| w.title.clone())
    }
}

impl Telling {
    /// Adds what supervision told, and keeps whom it did not reach.
    pub(super) fn warn(&mut self, ground: Ground<'_>, done: &Supervision, ids: &mut Dice) {
        for paper in &done.papers {
            let to = Addressees::of(paper.level, paper.stage, paper.department_id.is_some());
            let found = ground.addressees(paper, to);
            let lacks = to.lacks(&found).into_iter().map(|lack| UnreachedRow {
                id: ids.id(paper.at),
                supervision_id: paper.id,
                at: paper.at,
                reason: lack.words(),
            });
            self.unreached.extend(lacks);
            let words = format!("{}：{}", ground.title(paper.whistle_id), paper.reason);
            for post in to.posts(&found) {
                self.notices.push(NoticeRow {
                    id: ids.id(paper.at),
                    post,
                    at: paper.at,
                    class: "limit",
                    verb: paper.verb,
                    title: format!("系统发来{}", paper.level.paper()),
                    words: words.clone(),
                    link: format!("/whistles/{}", paper.whistle_id),
                    ask: "",
                    read: None,
                });
            }
        }
        for reply in &done.replies {
            let letter = done.papers.iter().find(|p| p.id == reply.supervision_id);
            let office = ground.town.posts.iter().find(|p| p.kind == "city_office");
            let (Some(letter), Some(office)) = (letter, office) else {
                continue;
            };
            self.notices.push(NoticeRow {
                id: ids.id(reply.at),
                post: office.id,
                at: reply.at,
                class: "step",
                verb: Verb::SupervisionReply.code(),
                title: format!("{}回复督办函", letter.seat),
                words: reply.words.to_owned(),
                link: format!("/whistles/{}", letter.whistle_id),
                ask: "",
                read: None,
            });
        }
    }
}
