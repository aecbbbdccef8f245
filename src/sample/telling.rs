//! What the posts of the sample were told in the last days, by the same table as the program's
//! own, and how some of the sample's people hear of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::dice::Dice;
use super::rows::{EventRow, PostRow, WhistleRow};
use super::story::Rows;
use super::supervising::Supervision;
use super::supervising_queries::UnreachedRow;
use super::town::Town;
use super::warning::Ground;
use crate::org::events::Verb;
use crate::work::told::{Audience, of_whistle};

/// What happened before is not told any more.
const TOLD: Duration = Duration::days(5);
/// How many of the newest each post has not read yet.
const UNREAD: usize = 3;

/// A row of `notices`.
#[derive(Debug)]
pub(super) struct NoticeRow {
    pub(super) id: Uuid,
    pub(super) post: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) class: &'static str,
    pub(super) verb: &'static str,
    pub(super) title: String,
    pub(super) words: String,
    pub(super) link: String,
    pub(super) ask: &'static str,
    /// When and by whom it was read.
    pub(super) read: Option<(DateTime<Utc>, Uuid)>,
}

/// A row of `deliveries` that has come to its end.
#[derive(Debug)]
pub(super) struct DeliveryRow {
    pub(super) id: Uuid,
    pub(super) person: Uuid,
    pub(super) subject: String,
    pub(super) at: DateTime<Utc>,
    pub(super) error: Option<&'static str>,
}

/// Everything told.
#[derive(Debug, Default)]
pub(super) struct Telling {
    pub(super) notices: Vec<NoticeRow>,
    pub(super) deliveries: Vec<DeliveryRow>,
    /// Whom supervision did not reach.
    pub(super) unreached: Vec<UnreachedRow>,
}

impl Telling {
    /// What the record of the last days told, and what supervision did.
    pub(super) fn of(
        town: &Town,
        (rows, supervision): (&Rows, &Supervision),
        tenant: Uuid,
        now: DateTime<Utc>,
    ) -> Self {
        let mut ids = Dice::of_tenant(tenant);
        let mut telling = Self::default();
        let holders: BTreeMap<Uuid, Uuid> = town
            .appointments
            .iter()
            .filter(|a| a.to.is_none())
            .map(|a| (a.post, a.person))
            .collect();
        let whistles: BTreeMap<Uuid, &WhistleRow> =
            rows.whistles.iter().map(|w| (w.id, w)).collect();
        let late = rows.events.iter().filter(|e| e.at > now - TOLD);
        for event in late.filter(|e| e.subject == "whistle") {
            let Some(whistle) = whistles.get(&event.subject_id) else {
                continue;
            };
            telling.tell(town, rows, (event, whistle), &mut ids);
        }
        let ground = Ground {
            town,
            rows,
            holders: &holders,
            whistles: &whistles,
        };
        telling.warn(ground, supervision, &mut ids);
        telling.read(&holders);
        telling.mail(town, now, &mut ids);
        telling
    }

    fn tell(
        &mut self,
        town: &Town,
        rows: &Rows,
        (event, whistle): (&EventRow, &WhistleRow),
        ids: &mut Dice,
    ) {
        let Some(verb) = Verb::read(event.verb) else {
            return;
        };
        let step = of_whistle(verb);
        let mut told = BTreeSet::from_iter(event.post);
        for row in step.rows {
            for post in &town.posts {
                let seen = (whistle, event.department, event.at);
                if !is_among(post, row.audience, seen, (town, rows)) || !told.insert(post.id) {
                    continue;
                }
                let asks = verb != Verb::Feedback || whistle.stage == "checking";
                let ask = if asks { row.ask } else { "" };
                let done = format!("{}{}", event.seat, step.did);
                self.notices.push(NoticeRow {
                    id: ids.id(event.at),
                    post: post.id,
                    at: event.at,
                    class: if whistle.kind == "emergency" && !ask.is_empty() {
                        "danger"
                    } else {
                        "step"
                    },
                    verb: verb.code(),
                    title: if ask.is_empty() {
                        done
                    } else {
                        format!("{done}，请{ask}")
                    },
                    words: whistle.title.clone(),
                    link: format!("/whistles/{}", whistle.id),
                    ask,
                    read: None,
                });
            }
        }
    }

    /// All but the newest of each post are read by who holds it.
    fn read(&mut self, holders: &BTreeMap<Uuid, Uuid>) {
        let mut unread: BTreeMap<Uuid, usize> = BTreeMap::new();
        self.notices.sort_by_key(|notice| notice.at);
        for notice in self.notices.iter_mut().rev() {
            let newer = unread.entry(notice.post).or_default();
            if *newer < UNREAD {
                *newer += 1;
            } else if let Some(person) = holders.get(&notice.post) {
                notice.read = Some((notice.at + Duration::minutes(25), *person));
            }
        }
    }

    /// A few mails of the last days: most arrived, one address was not known.
    fn mail(&mut self, town: &Town, now: DateTime<Utc>, ids: &mut Dice) {
        const UNKNOWN: Option<&str> = Some("permanent error (550): 5.1.1 no such address");
        let mails = [
            ("wangli", 6, "大安市街哨：5 条消息未读", None),
            ("zhaohaifeng", 6, "大安市街哨：3 条消息未读", None),
            ("liuyan", 6, "大安市街哨：2 条消息未读", UNKNOWN),
            ("gaomin", 30, "大安市街哨：4 条消息未读", None),
        ];
        for (login, hours, subject, error) in mails {
            let account = town.accounts.iter().find(|a| a.login == login);
            let Some(account) = account else { continue };
            let at = now - Duration::hours(hours);
            self.deliveries.push(DeliveryRow {
                id: ids.id(at),
                person: account.person,
                subject: subject.to_owned(),
                at,
                error,
            });
        }
    }
}

/// Whether a post belongs, at that moment, to an audience of this whistle and of the department
/// that acts or is supervised; the sample tells nobody else.
pub(super) fn is_among(
    post: &PostRow,
    audience: Audience,
    (whistle, department, now): (&WhistleRow, Option<Uuid>, DateTime<Utc>),
    (town, rows): (&Town, &Rows),
) -> bool {
    let code = post.node_code.as_deref();
    let at_street = code == whistle.place.code.get(..9);
    let at_community = code.is_some() && code == whistle.place.code.get(..12);
    let role = || {
        let mut tasks = rows.assignments.iter();
        let own = tasks.find(|a| a.whistle == whistle.id && Some(a.department) == post.department);
        // Who was called in place of another hears nothing of before, the other nothing of after.
        let is_called = |at: DateTime<Utc>| at <= now;
        own.filter(|a| a.sent_at.is_some_and(is_called))
            .filter(|a| a.stage != "relieved" || now < a.waiting_since)
            .map(|a| a.role)
    };
    let of_department = || department.is_some() && post.department == department;
    match audience {
        Audience::Dispatcher | Audience::Closer => post.kind == "street_dispatcher" && at_street,
        Audience::Deputy | Audience::Approver => post.kind == "street_deputy" && at_street,
        Audience::Checker => post.kind == "street_checker" && at_street,
        Audience::Community => post.kind == "community_secretary" && at_community,
        Audience::LeadClerk => post.kind == "department_clerk" && role() == Some("lead"),
        Audience::LeadHead => post.kind == "department_head" && role() == Some("lead"),
        Audience::AssistClerk => post.kind == "department_clerk" && role() == Some("assist"),
        Audience::AssistHead => post.kind == "department_head" && role() == Some("assist"),
        Audience::OwnHead | Audience::SupervisedHead => {
            post.kind == "department_head" && of_department()
        }
        Audience::SupervisedClerk => post.kind == "department_clerk" && of_department(),
        Audience::LeaderInCharge => Some(post.id) == department.and_then(|d| town.leader_of(d)),
        Audience::Secretary => post.kind == "street_secretary" && at_street,
        Audience::CityOffice => post.kind == "city_office",
        Audience::WorkingClerk
        | Audience::WorkingHead
        | Audience::Drafter
        | Audience::Filer
        | Audience::AskerClerk
        | Audience::AskerHead
        | Audience::Decider
        | Audience::EachClerk
        | Audience::EachHead
        | Audience::TopicLeadClerk
        | Audience::TopicLeadHead
        | Audience::TopicAssistClerk
        | Audience::TopicAssistHead
        | Audience::ItemClerk
        | Audience::ItemHead => false,
    }
}
