//! The matrix of the five powers: what it counts, who sees which figures, and that each figure is
//! the length of the list behind it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, Duration, Utc};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use uuid::Uuid;

use crate::harness::{Page, Person, Town};

const MORNING: &str = "2026-11-23T01:00:00Z";

/// The columns of the table, each with its power.
const POWERS: [&str; 5] = ["cadre", "planning", "coordination", "project", "award"];

/// Which department grants which of them in the tests' plan.
const GRANTS: [(&str, &str, [bool; 5]); 4] = [
    ("housing", "住房和城乡建设局", [true; 5]),
    (
        "enforcement",
        "城市管理行政执法局",
        [true, false, true, false, false],
    ),
    (
        "market",
        "市场监督管理局",
        [false, false, true, false, false],
    ),
    ("water", "供水公司", [false, true, true, true, true]),
];

/// A record of no matter what.
struct Record {
    department: usize,
    power: usize,
    street: &'static str,
    by_street: bool,
    asked_at: DateTime<Utc>,
    answer: Option<&'static str>,
    withdrawn: bool,
    late: bool,
}

impl Record {
    fn of(dice: &mut StdRng, now: DateTime<Utc>) -> Self {
        let department = dice.random_range(0..GRANTS.len());
        let granted: Vec<usize> = (0..5).filter(|p| GRANTS[department].2[*p]).collect();
        let power = granted[dice.random_range(0..granted.len())];
        let by_street = power == 2 || power != 1 && dice.random_bool(0.2);
        let answers = ["adopted", "partly", "not_adopted"];
        let withdrawn = dice.random_bool(0.1);
        let is_answered = !withdrawn && dice.random_bool(0.7);
        Self {
            department,
            power,
            street: ["huiyang", "jinhua"][dice.random_range(0..2)],
            by_street,
            asked_at: now - Duration::hours(dice.random_range(24 * 20..24 * 500)),
            answer: is_answered.then(|| answers[dice.random_range(0..3)]),
            withdrawn,
            late: is_answered && dice.random_bool(0.3),
        }
    }

    fn sql(&self, town: &Town, plan: Uuid) -> String {
        let (tenant, id) = (town.tenant, Uuid::now_v7());
        let seat = town.seat("housing clerk");
        let (person, post, asked) = (seat.person, seat.post, self.asked_at);
        let department = town.department(GRANTS[self.department].0);
        let power = POWERS[self.power];
        let later = asked + Duration::days(9);
        let (stage, waits) = match (self.withdrawn, self.answer, power, self.by_street) {
            (true, ..) => ("withdrawn", later),
            (_, Some(_), ..) => ("reacting", later),
            (_, None, "coordination", _) => ("meeting", asked),
            (_, None, _, true) => ("answering", asked),
            (_, None, _, false) => ("opining", asked),
        };
        let origin = if self.by_street {
            "street"
        } else {
            "department"
        };
        let title = if power == "cadre" {
            "干部考评建议"
        } else {
            "街区的事"
        };
        let quoted = |there: bool, text: String| {
            if there {
                format!("'{text}'")
            } else {
                "null".to_owned()
            }
        };
        let meets = power == "coordination";
        let mut statements = format!(
            "insert into power_exercises (tenant_id, id, number, plan_id, department_id, power, street_code, origin, stage,
                title, matter, basis, meets_at, place, asked_at, asked_by, asked_post, answer, answered_at,
                withdrawn_at, withdraw_reason, waiting_since)
             select '{tenant}', '{id}', 'X-{id}', '{plan}', '{department}', '{power}', code, '{origin}', '{stage}',
                    '{title}', '', '', {}, {}, '{asked}', '{person}', '{post}', {}, {}, {}, {}, '{waits}'
               from nodes where tenant_id = '{tenant}' and id = '{}';",
            quoted(meets, (asked + Duration::days(1)).to_string()),
            quoted(meets, "街道会议室".to_owned()),
            quoted(self.answer.is_some(), self.answer.unwrap_or_default().to_owned()),
            quoted(self.answer.is_some(), later.to_string()),
            quoted(self.withdrawn, later.to_string()),
            quoted(self.withdrawn, "重复".to_owned()),
            town.node(self.street)
        );
        if self.late {
            let (clock, event, due) = (Uuid::now_v7(), Uuid::now_v7(), asked + Duration::days(5));
            write!(
                statements,
                "insert into clocks (tenant_id, id, exercise_id, stage, amount, unit, started_at, due_at, soon_at,
                                     stopped_at, stop_reason)
                 values ('{tenant}', '{clock}', '{id}', 'answer', 5, 'work_day', '{asked}', '{due}', '{due}',
                         '{later}', '部门已答复');
                 insert into events (tenant_id, id, at, subject, subject_id, verb, person_name, seat, sentence)
                 values ('{tenant}', '{event}', '{later}', 'exercise', '{id}', 'breach', '', '', '');
                 insert into breaches values ('{tenant}', '{clock}', '{due}', '{later}', '{event}');").unwrap();
        }
        statements
    }

    /// Whether the matrix counts it from this instant on.
    fn counts(&self, from: DateTime<Utc>) -> bool {
        !self.withdrawn && self.asked_at >= from && (!self.by_street || self.power == 2)
    }
}

/// A town with a plan and many records; answers the records.
async fn busy(town: &Town) -> Vec<Record> {
    let plan = town.empower().await;
    let mut dice = StdRng::seed_from_u64(20_261_123);
    let records: Vec<Record> = (0..150)
        .map(|_| Record::of(&mut dice, town.now()))
        .collect();
    let statements: Vec<String> = records.iter().map(|r| r.sql(town, plan)).collect();
    town.sql(&statements.concat()).await;
    records
}

/// The links with a number below this place, with their number.
fn figures(page: &Page, css: &str) -> Vec<(String, i64)> {
    page.look(|document| {
        let links = scraper::Selector::parse(css).unwrap();
        let all = document.select(&links).filter_map(|link| {
            let words: String = link.text().collect();
            let number = words.trim().split(' ').next()?.parse().ok()?;
            Some((link.attr("href")?.to_owned(), number))
        });
        all.collect()
    })
}

/// The total that a list states.
fn total(page: &Page) -> i64 {
    let text = page.text();
    let stated = text.split("共 ").nth(1).unwrap_or_else(|| panic!("{text}"));
    let digits: String = stated.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

/// Every figure of a page is the length of the list behind it; answers how many there are.
async fn compare(person: &Person, path: &str) -> usize {
    let page = person.opens(path).await;
    page.costs_at_most(3);
    let cells = figures(&page, ".matrix a[href^=\"/powers?\"]");
    let mut lists: BTreeMap<String, i64> = BTreeMap::new();
    for (link, number) in &cells {
        let opened = person.opens(link).await;
        opened.costs_at_most(3);
        let rows = opened.all_words_at("#rows tbody tr").len();
        assert_eq!(i64::try_from(rows).unwrap(), (*number).min(50), "{link}");
        let behind = figures(&opened, "#rows .tools p a");
        assert_eq!(behind[0].1, *number, "{link}");
        lists.extend(behind);
    }
    lists.extend(figures(&page, ".note a"));
    for (link, number) in &lists {
        assert_eq!(total(&person.opens(link).await), *number, "{path}: {link}");
    }
    lists.len()
}

#[tokio::test]
async fn the_table_counts_what_was_begun_in_the_period() {
    let town = Town::raise_at(MORNING).await;
    let records = busy(&town).await;
    let from: DateTime<Utc> = "2025-12-31T16:00:00Z".parse().unwrap();
    let line = |name: &str, departments: &[usize]| {
        let mut cells = vec![name.to_owned()];
        for power in 0..5 {
            if departments.iter().all(|d| !GRANTS[*d].2[power]) {
                cells.extend(vec!["未赋此权".to_owned(); 4]);
                continue;
            }
            let kept = records.iter().filter(|r| {
                r.counts(from) && r.power == power && departments.contains(&r.department)
            });
            let kept: Vec<_> = kept.collect();
            let count = |fits: &dyn Fn(&Record) -> bool| {
                kept.iter().filter(|r| fits(r)).count().to_string()
            };
            cells.push(count(&|_| true));
            cells.push(count(&|r| r.answer.is_some()));
            cells.push(count(&|r| matches!(r.answer, Some("adopted" | "partly"))));
            cells.push(count(&|r| r.late));
        }
        cells.join(",")
    };
    let qian = town.sign_in("city office").await;
    let csv = qian.get("/powers.csv").await;
    csv.is(200)
        .shows(&line("合计 4 个部门", &[0, 1, 2, 3]))
        .shows("民生项目建议权次,民生项目建议权答");
    for (at, (_, name, _)) in GRANTS.iter().enumerate() {
        csv.shows(&line(name, &[at]));
    }
    let page = qian.opens("/powers").await;
    page.shows("2026-01-01 至 2026-11-23")
        .shows("赋权方案 2026 年版")
        .shows("4 个部门")
        .shows("应征未征 0 次");
    let proposed = records
        .iter()
        .filter(|r| r.power == 3 && r.by_street && !r.withdrawn && r.asked_at >= from);
    page.shows(&format!("民生项目建议另有 {} 件", proposed.count()));
    let periods = page.all_words_at("#f-period option");
    assert_eq!(periods[..2], ["2026 年", "2026 年第四季度"]);
    assert_eq!(periods.last().unwrap(), "2025 年第三季度");
}

#[tokio::test]
async fn every_figure_is_the_length_of_its_list() {
    let town = Town::raise_at(MORNING).await;
    busy(&town).await;
    let street = town
        .text(&format!(
            "select code from nodes where tenant_id = '{}' and id = '{}'",
            town.tenant,
            town.node("jinhua")
        ))
        .await;
    let qian = town.sign_in("city office").await;
    let mut compared = 0;
    for path in [
        "/powers".to_owned(),
        "/powers?period=2025".to_owned(),
        "/powers?period=2026-3&power=project".to_owned(),
        "/powers?late=1".to_owned(),
        format!("/powers?street={street}"),
    ] {
        compared += compare(&qian, &path).await;
    }
    for called in [
        "street secretary",
        "street dispatcher",
        "city leader",
        "housing head",
        "water clerk",
    ] {
        let person = town.sign_in(called).await;
        compared += compare(&person, "/powers").await;
    }
    assert!(compared > 150, "only {compared} figures were found");
}

#[tokio::test]
async fn everybody_sees_the_figures_of_their_own() {
    let town = Town::raise_at(MORNING).await;
    busy(&town).await;
    let cadre = "a[href*=\"cell=cadre\"]";
    let qian = town.sign_in("city office").await;
    let page = qian.opens("/powers").await;
    assert!(!page.all_words_at(cadre).is_empty());
    let leader = town.sign_in("city leader").await;
    let page = leader.opens("/powers").await;
    page.shows("内容另行授权查看");
    assert!(
        page.all_words_at(cadre).is_empty(),
        "figures without records"
    );
    leader
        .opens("/powers?cell=cadre")
        .await
        .shows("干部考评的记录另行授权查看");
    for called in ["street secretary", "street checker"] {
        let person = town.sign_in(called).await;
        let page = person.opens("/powers").await;
        page.shows("不按街道分列");
        assert!(!page.offers("街道"), "{called} sees its own street");
        assert!(page.all_words_at(cadre).is_empty());
        person.get("/powers.csv").await.shows("不按街道分列");
        // The opened cell of a cadre is not told either, whoever writes the address.
        let page = person.opens("/powers?cell=cadre").await;
        assert!(page.all_words_at("#rows").is_empty());
    }
    let water = town.sign_in("water clerk").await;
    let page = water.opens("/powers").await;
    page.shows("合计 1 个部门");
    assert!(!page.says("住房和城乡建设局"));
    let other = format!(
        "/powers?cell=project&department={}",
        town.department("housing")
    );
    assert!(water.opens(&other).await.all_words_at("#rows").is_empty());
    town.sign_in("community worker")
        .await
        .get("/powers")
        .await
        .is(403);
    let neighbour = Town::raise_at(MORNING).await;
    let stranger = neighbour.sign_in("city office").await;
    stranger.opens("/powers").await.shows("这一时段没有赋权");
    for odd in [
        "period=x",
        "period=2099",
        "power=x",
        "cell=x",
        "street=%25",
        "late=x",
        "department=x&cell=project",
    ] {
        qian.opens(&format!("/powers?{odd}")).await;
    }
}
