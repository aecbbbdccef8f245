//! Posts, who holds them, and accounts: the person is one of the register, the place is one that
//! stands, the post is found or set up.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::named::{Clear, Names};
use super::row::Row;
use super::seats::{Choice, Seat, Seats, Wish, clash, usual_title};
use super::wanted::{AUTOMATIC, Appoint, PostFacts, PostPlan, Retermed, Whose};
use super::{Checked, Mark, Outcome, Plan};
use crate::base::words;
use crate::org::staff::{Refusal, Term, appoint, is_login, kind_label, login_for};

/// Checks the rows.
pub(in super::super) fn check(
    mut rows: Vec<Row<'_>>,
    facts: &PostFacts,
    today: NaiveDate,
) -> Outcome {
    let mut told = Told::of(facts, today);
    let clear: Vec<Option<Clear<'_>>> = {
        let names = Names::of(facts, today);
        rows.iter_mut().map(|row| names.clear(row)).collect()
    };
    // Whoever holds a post keeps it, wherever the row stands; then the others choose.
    let held: Vec<Option<Choice<'_>>> = rows
        .iter()
        .zip(&clear)
        .map(|(row, clear)| clear.as_ref().and_then(|c| told.seats.held(&wish(row, c))))
        .collect();
    let mut marks: Vec<Checked> = Vec::new();
    for ((mut row, clear), held) in rows.into_iter().zip(clear).zip(held) {
        let mark = match clear {
            None => Mark::Refuse,
            Some(clear) => told.one(&mut row, &clear, held),
        };
        marks.push(row.marked(mark));
    }
    told.plan.set_up = told
        .seats
        .fresh
        .into_iter()
        .map(|(fresh, _)| fresh)
        .collect();
    Outcome {
        marks,
        plan: Plan::Posts(told.plan),
    }
}

fn wish<'a>(row: &Row<'_>, clear: &'a Clear<'_>) -> Wish<'a> {
    Wish {
        line: row.line(),
        person: clear.person.id,
        unit: clear.unit.map(|u| u.id),
        kind: clear.kind,
        title: &clear.title,
        usual: usual_title(clear.kind, clear.unit.and_then(|u| u.level)),
    }
}

struct Told<'a> {
    facts: &'a PostFacts,
    seats: Seats<'a>,
    /// Sign-in names given by rows before: to whom, and in which row.
    logins: HashMap<String, (Uuid, u32)>,
    given: HashMap<Uuid, String>,
    plan: PostPlan,
    today: NaiveDate,
}

impl<'a> Told<'a> {
    fn of(facts: &'a PostFacts, today: NaiveDate) -> Self {
        Self {
            facts,
            seats: Seats::of(&facts.seats, today),
            logins: HashMap::new(),
            given: HashMap::new(),
            plan: PostPlan::default(),
            today,
        }
    }

    fn one(&mut self, row: &mut Row<'_>, clear: &Clear<'a>, held: Option<Choice<'a>>) -> Mark {
        let clashing = clear
            .person
            .kinds
            .iter()
            .find(|kind| clash(**kind, clear.kind));
        if let Some(kind) = clashing {
            row.fail(
                "姓名",
                &format!(
                    "是{}，三员互斥，不能兼任别的职务。请另选人。",
                    kind_label(*kind)
                ),
            );
        }
        let account = self.account(row, clear);
        if row.is_wrong() {
            return Mark::Refuse;
        }
        let wish = wish(row, clear);
        let choice = held.unwrap_or_else(|| self.seats.choose(&wish));
        let mark = match choice {
            Choice::Unclear(sentence) => {
                row.fail("职务类别", &sentence);
                return Mark::Refuse;
            }
            Choice::Held(seat, term) => self.stays(row, clear, (seat, term)),
            Choice::Kept(seat) => self.takes(row, clear, seat),
            Choice::Fresh(at) => self.begins(row, clear, at),
        };
        if row.is_wrong() {
            self.seats.release(row.line());
            return Mark::Refuse;
        }
        let Some(login) = account else {
            return mark;
        };
        row.note(format!("开通账号 {login}。"));
        self.logins
            .insert(login.clone(), (clear.person.id, row.line()));
        self.given.insert(clear.person.id, login.clone());
        self.plan.accounts.push((clear.person.id, login));
        if mark == Mark::Same {
            Mark::Change
        } else {
            mark
        }
    }

    /// The sign-in name that the person gets; none if there is one, or none is wanted.
    fn account(&self, row: &mut Row<'_>, clear: &Clear<'_>) -> Option<String> {
        let wanted = clear.login.as_str();
        if wanted.is_empty() {
            return None;
        }
        let own = self
            .given
            .get(&clear.person.id)
            .or(clear.person.login.as_ref());
        if let Some(own) = own {
            if wanted != AUTOMATIC && wanted != own {
                row.fail(
                    "账号",
                    &format!("这个人的账号是 {own}，账号不能改名。请填 {own} 或留空。"),
                );
            }
            return None;
        }
        if wanted == AUTOMATIC {
            let stem = login_for(&clear.person.name);
            return (1..10_000)
                .map(|n| {
                    if n == 1 {
                        stem.clone()
                    } else {
                        format!("{stem}{n}")
                    }
                })
                .find(|login| {
                    !self.facts.logins.contains(login) && !self.logins.contains_key(login)
                });
        }
        if !is_login(wanted) {
            row.fail(
                "账号",
                "用 2 至 40 个小写字母、数字或 . _ -，例如 zhangwei；也可以填“自动”。",
            );
        } else if self.facts.logins.contains(wanted) {
            row.fail("账号", "已有人用。请换一个，或填“自动”。");
        } else if let Some((_, line)) = self.logins.get(wanted) {
            row.fail(
                "账号",
                &format!("第 {line} 行的另一个人用了。请换一个，或填“自动”。"),
            );
        }
        Some(wanted.to_owned())
    }

    fn stays(
        &mut self,
        row: &mut Row<'_>,
        clear: &Clear<'_>,
        (seat, term): (&Seat, &Term),
    ) -> Mark {
        let Some(to) = clear.term_to.filter(|to| term.term_to != Some(*to)) else {
            return Mark::Same;
        };
        if to <= term.from_day {
            row.fail("任期届满", "要晚于任职日期。");
            return Mark::Refuse;
        }
        let before = term.term_to.map_or_else(|| "空".to_owned(), words::day);
        let sentence = format!(
            "{}的任期届满日：{before} → {}。",
            clear.person.name,
            words::day(to)
        );
        row.note(sentence.clone());
        self.plan.terms.push(Retermed {
            post: seat.id,
            term: term.id,
            to,
            sentence,
        });
        Mark::Change
    }

    fn takes(&mut self, row: &mut Row<'_>, clear: &Clear<'_>, seat: &Seat) -> Mark {
        let Some(from) = self.from(row, clear, seat.valid_from) else {
            return Mark::Refuse;
        };
        let holder = seat.terms.iter().find(|t| !t.is_void() && t.holds_on(from));
        let shown = holder.map(|h| h.id);
        let ends = match appoint(&seat.terms, (clear.person.id, from), shown, self.today) {
            Ok(plan) => plan.ends,
            Err(Refusal::Field(field, sentence)) => {
                row.fail(
                    if field == "person" {
                        "姓名"
                    } else {
                        "任职日期"
                    },
                    &sentence,
                );
                return Mark::Refuse;
            }
            Err(Refusal::Rule(sentence)) => {
                row.fail("职务类别", &sentence);
                return Mark::Refuse;
            }
            Err(Refusal::Stale) => return Mark::Refuse,
        };
        if !clear.title.is_empty() && clear.title != seat.title {
            row.note(format!("职务名称按现有的“{}”。", seat.title));
        }
        let replaced = holder
            .filter(|h| Some(h.id) == ends)
            .map(|h| h.name.as_str());
        if let Some(name) = replaced {
            row.note(format!("接替{name}，{name}同日免职。"));
        }
        let sentence = sentence(clear, &seat.title, from, replaced);
        self.plan.appoints.push(Appoint {
            post: Whose::Kept(seat.id),
            person: clear.person.id,
            from,
            term_to: clear.term_to,
            ends,
            sentence,
        });
        if replaced.is_some() {
            Mark::Change
        } else {
            Mark::Create
        }
    }

    fn begins(&mut self, row: &mut Row<'_>, clear: &Clear<'_>, at: usize) -> Mark {
        let Some(from) = self.from(row, clear, self.today) else {
            return Mark::Refuse;
        };
        let title = self
            .seats
            .fresh
            .get(at)
            .map(|(f, _)| f.title.clone())
            .unwrap_or_default();
        row.note(format!("设立职务“{title}”。"));
        if let Err(Refusal::Field(_, sentence)) =
            appoint(&[], (clear.person.id, from), None, self.today)
        {
            row.fail("任职日期", &sentence);
            return Mark::Refuse;
        }
        let sentence = sentence(clear, &title, from, None);
        self.plan.appoints.push(Appoint {
            post: Whose::Fresh(at),
            person: clear.person.id,
            from,
            term_to: clear.term_to,
            ends: None,
            sentence,
        });
        Mark::Create
    }

    /// From which day on: today if nothing is said, and not before there was the post.
    fn from(&self, row: &mut Row<'_>, clear: &Clear<'_>, earliest: NaiveDate) -> Option<NaiveDate> {
        let from = match clear.from {
            None => self.today.max(earliest),
            Some(day) if day < earliest => {
                row.note(format!(
                    "{} 还没有这个职务，从 {} 起算。",
                    words::day(day),
                    words::day(earliest)
                ));
                earliest
            }
            Some(day) => day,
        };
        if clear.term_to.is_some_and(|to| to <= from) {
            row.fail("任期届满", "要晚于任职日期。");
            return None;
        }
        Some(from)
    }
}

fn sentence(clear: &Clear<'_>, title: &str, from: NaiveDate, replaced: Option<&str>) -> String {
    let seat = clear
        .unit
        .map(|u| format!("{}·", u.name))
        .unwrap_or_default();
    let after = replaced
        .map(|name| format!("，接替{name}"))
        .unwrap_or_default();
    format!(
        "{}任{seat}{title}，自 {} 起{after}。",
        clear.person.name,
        words::day(from)
    )
}
