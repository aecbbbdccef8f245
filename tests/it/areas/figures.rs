//! Figures (数据): what is counted equals its list, on days that are kept and on days that are not,
//! and stays so when something that was counted is changed afterwards.

use std::collections::BTreeMap;

use chrono::Duration;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use street_whistle::base::clock::day_of;
use street_whistle::base::words;
use uuid::Uuid;

use crate::harness::{Person, Town};
use crate::rules::figures::compare;

/// Everybody with a reach of another kind.
const READERS: [&str; 5] = [
    "city leader",
    "street dispatcher",
    "community secretary",
    "grid chief",
    "water clerk",
];

/// A city in which things happen at random for seventy days.
struct RandomCity {
    town: Town,
    dice: StdRng,
    places: Vec<(String, String, String)>,
    made: usize,
}

impl RandomCity {
    async fn founded(seed: u64) -> Self {
        let town = Town::raise_at("2026-08-20T01:00:00Z").await;
        let rows = town
            .column(&format!(
                "select concat_ws(' ', id, level, code) from nodes where tenant_id = '{}' and level between 2 and 5",
                town.tenant
            ))
            .await;
        let places = rows.iter().map(|row| {
            let mut parts = row.split(' ').map(str::to_owned);
            let mut next = || parts.next().unwrap();
            (next(), next(), next())
        });
        Self {
            places: places.collect(),
            dice: StdRng::seed_from_u64(seed),
            town,
            made: 0,
        }
    }

    /// One matter at a random place, of a random class, open or ended in some way later.
    async fn matter(&mut self) {
        let (place, level, code) = self.places.choose(&mut self.dice).unwrap().clone();
        let class = ["05-03", "01-13", "01-10"].choose(&mut self.dice).unwrap();
        // Whatever became of it is over by now.
        let filed = self.town.now() - Duration::minutes(20_000);
        let ended = filed + Duration::minutes(self.dice.random_range(1..20_000));
        let level_of = ["grid", "community", "street"]
            .choose(&mut self.dice)
            .unwrap();
        let fate = match self.dice.random_range(0..5) {
            0 => "'filed', null, null, null, null".to_owned(),
            1 => format!("'rejected', '{ended}', null, null, '不是城市管理的事'"),
            _ => format!("'solved', '{ended}', '{level_of}', '已处理', null"),
        };
        let finder = self.town.seat("unit chief");
        self.made += 1;
        self.town
            .sql(&format!(
                "insert into matters (tenant_id, id, number, class_code, title, detail, place_id, place_level,
                                      place_code, spot, filed_at, filed_by, filed_post, waiting_since,
                                      stage, ended_at, solved_level, solution, reject_reason)
                 values ('{}', '{}', 'R-{}', '{class}', '随机事项', '', '{place}', {level}, '{code}', '',
                         '{filed}', '{}', '{}', '{filed}', {fate})",
                self.town.tenant,
                Uuid::now_v7(),
                self.made,
                finder.person,
                finder.post
            ))
            .await;
    }

    /// What the next hours bring.
    async fn goes_on(&mut self) {
        match self.dice.random_range(0..8) {
            0 => {
                self.town.case().await;
            }
            1 => {
                self.town.closed(4).await;
            }
            _ => self.matter().await,
        }
        let minutes = self.dice.random_range(30..3_600);
        self.town.passes(Duration::minutes(minutes));
    }

    /// Something that was counted is set right afterwards.
    async fn is_corrected(&mut self) {
        let tenant = self.town.tenant;
        let at = self.dice.random_range(0..self.made) + 1;
        let change = match self.dice.random_range(0..4) {
            0 => format!(
                "update matters set ended_at = ended_at - interval '3 days', filed_at = filed_at - interval '4 days'
                  where tenant_id = '{tenant}' and number = 'R-{at}'"
            ),
            1 => format!(
                "update matters set class_code = '05-03' where tenant_id = '{tenant}' and number = 'R-{at}'"
            ),
            2 => format!(
                "update matters set stage = 'filed', ended_at = null, solved_level = null, solution = null,
                        reject_reason = null
                  where tenant_id = '{tenant}' and number = 'R-{at}'"
            ),
            _ => format!(
                "update whistles set sounded_at = sounded_at - interval '2 days'
                  where tenant_id = '{tenant}' and id = (select max(id::text)::uuid from whistles
                        where tenant_id = '{tenant}' and sounded_at is not null and closed_at is null
                          and withdrawn_at is null)"
            ),
        };
        self.town.sql(&change).await;
    }

    async fn readers(&self) -> BTreeMap<&'static str, Person> {
        let mut readers = BTreeMap::new();
        for called in READERS {
            readers.insert(called, self.town.sign_in(called).await);
        }
        readers
    }

    /// The spans that are looked at: the week, the month before, the last sixty days, one past day.
    fn spans(&mut self) -> Vec<String> {
        let today = day_of(self.town.now());
        let back = |days: i64| words::day(today - Duration::days(days));
        let some = self.dice.random_range(3..50);
        vec![
            format!("from={}&to={}", back(6), back(0)),
            format!("from={}&to={}", back(60), back(0)),
            format!("from={}&to={}", back(some), back(some)),
        ]
    }

    /// Compares figures with lists, as everybody sees them; says how many.
    async fn adds_up(&mut self, every: usize, when: &str) -> usize {
        let mut compared = 0;
        let spans = self.spans();
        for (called, person) in self.readers().await {
            let mut lengths = BTreeMap::new();
            for span in &spans {
                let page = person.opens(&format!("/figures?{span}")).await;
                let (some, wrong) = compare(&person, &page, &mut lengths, every).await;
                compared += some;
                assert!(wrong.is_empty(), "{when}, {called}:\n{}", wrong.join("\n"));
            }
        }
        compared
    }
}

#[tokio::test]
async fn in_random_cities_every_figure_equals_its_list() {
    for seed in [7, 20_261_124] {
        let mut city = RandomCity::founded(seed).await;
        for _ in 0..45 {
            city.goes_on().await;
        }
        let compared = city.adds_up(2, "counted from the facts").await;
        assert!(compared > 60, "only {compared} figures");
        counts(&city.town).await;
        assert!(kept(&city.town).await > 30, "days are kept");
        city.adds_up(3, "kept").await;
        for _ in 0..6 {
            city.is_corrected().await;
        }
        city.adds_up(3, "corrected, not counted anew").await;
        assert!(told(&city.town).await > 0, "changes are told of");
        counts(&city.town).await;
        assert_eq!(told(&city.town).await, 0, "every change was counted");
        city.adds_up(3, "counted anew").await;
    }
}

/// The job comes, and comes again.
async fn counts(town: &Town) {
    town.works().await;
    town.passes(Duration::minutes(11));
    town.works().await;
}

async fn kept(town: &Town) -> i64 {
    let query = format!(
        "select count(*) from figure_runs where tenant_id = '{}'",
        town.tenant
    );
    town.number(&query).await
}

async fn told(town: &Town) -> i64 {
    let query = format!(
        "select count(*) from figure_changes where tenant_id = '{}'",
        town.tenant
    );
    town.number(&query).await
}

#[tokio::test]
async fn a_change_of_a_counted_day_shows_at_once() {
    let town = Town::raise_at("2026-11-20T02:00:00Z").await;
    town.raised("路灯不亮").await;
    town.passes(Duration::days(2));
    counts(&town).await;
    assert!(kept(&town).await >= 2);
    let leader = town.sign_in("city leader").await;
    let on_the_day = "/figures?from=2026-11-20&to=2026-11-20";
    let filed = |page: &crate::harness::Page| page.words_at(".catalogue tbody tr td");
    assert_eq!(filed(&leader.opens(on_the_day).await), "1 件");
    // It was filed the day before, as the paper says.
    town.sql(&format!(
        "update matters set filed_at = filed_at - interval '1 day' where tenant_id = '{}'",
        town.tenant
    ))
    .await;
    assert_eq!(filed(&leader.opens(on_the_day).await), "0 件");
    let before = "/figures?from=2026-11-19&to=2026-11-19";
    assert_eq!(filed(&leader.opens(before).await), "1 件");
    counts(&town).await;
    assert_eq!(told(&town).await, 0);
    assert_eq!(filed(&leader.opens(on_the_day).await), "0 件");
    assert_eq!(filed(&leader.opens(before).await), "1 件");
}

#[tokio::test]
async fn a_span_that_cannot_be_is_said_and_the_month_stands_in() {
    let town = Town::raise().await;
    let leader = town.sign_in("city leader").await;
    for (query, says) in [
        ("from=1826-01-01&to=2026-01-01", "年份从 2000 年起"),
        ("from=2001-01-01&to=2026-01-01", "一次最多看三年"),
        (
            "from=2026-01-02&to=2026-01-01",
            "结束日期要在开始日期当天或以后",
        ),
        ("from=2199-01-01", "开始日期还没有到"),
        ("from=%E6%98%A8%E5%A4%A9", "日期写成 2026-11-23 的样子"),
    ] {
        let page = leader.get(&format!("/figures?{query}")).await;
        page.is(422).shows(says);
        assert!(page.words_at(".catalogue").contains("上报事项"), "{query}");
        leader.get(&format!("/figures.csv?{query}")).await.is(422);
    }
}

#[tokio::test]
async fn nobody_reads_the_figures_of_others() {
    let town = Town::raise().await;
    let other = format!("{}002", town.code);
    let water = town.department("water");
    let housing = town.department("housing");
    for (called, query, status) in [
        ("street dispatcher", format!("place={}001", town.code), 200),
        ("street dispatcher", format!("place={other}"), 404),
        ("street dispatcher", format!("department={water}"), 200),
        ("grid chief", format!("place={}001", town.code), 404),
        ("water clerk", format!("department={water}"), 200),
        ("water clerk", format!("department={housing}"), 404),
        ("water clerk", format!("place={}001", town.code), 200),
        ("city leader", format!("department={housing}"), 200),
        ("city leader", "department=x".to_owned(), 404),
        ("city leader", "place=999999999".to_owned(), 404),
        ("city leader", "place=1".to_owned(), 404),
        ("city leader", format!("place={}", "1".repeat(5000)), 404),
    ] {
        let person = town.sign_in(called).await;
        let page = person.get(&format!("/figures?{query}")).await;
        assert_eq!(page.status(), status, "{called} {query}");
    }
    // A part that is not one's own is not told apart by what the answer names.
    let dispatcher = town.sign_in("street dispatcher").await;
    let page = dispatcher
        .opens(&format!("/figures?department={water}"))
        .await;
    assert!(!page.heading().contains("供水公司"));
    town.sign_in("unit chief")
        .await
        .get("/figures")
        .await
        .is(403);
}

#[tokio::test]
async fn the_file_holds_what_the_page_shows() {
    let town = Town::raise_at("2026-11-20T02:00:00Z").await;
    town.closed(5).await;
    let leader = town.sign_in("city leader").await;
    let page = leader.opens("/figures").await;
    let file = leader.get(&page.link("导出 CSV")).await;
    file.is(200);
    let text = file.text();
    for line in ["上报事项,件,1,", "吹哨,件,1,", "按时办结,件,1,100%,1,"] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(text.contains("CJ/T 292"));
}

#[tokio::test]
async fn another_program_reads_what_the_page_shows() {
    let town = Town::raise_at("2026-11-20T02:00:00Z").await;
    town.closed(5).await;
    let month = "from=2026-11-01&to=2026-11-30";
    for (called, query) in [
        ("city leader", month.to_owned()),
        ("city office", format!("{month}&place={}001", town.code)),
        ("street dispatcher", month.to_owned()),
        ("water clerk", month.to_owned()),
    ] {
        let person = town.sign_in(called).await;
        let answer = person.get(&format!("/figures.json?{query}")).await;
        answer.is(200);
        let answer: Value = serde_json::from_str(&answer.text()).unwrap();
        let days = json!({ "from": "2026-11-01", "to": "2026-11-30" });
        assert_eq!(answer["days"], days, "{called}");
        // The month is not over: as many days of October stand beside it.
        let before = json!({ "from": "2026-10-01", "to": "2026-10-20" });
        assert_eq!(answer["before"], before, "{called}");
        let file = person.get(&format!("/figures.csv?{query}")).await.text();
        let figures = answer["figures"].as_array().unwrap();
        assert!(figures.len() > 5, "{called}");
        for figure in figures {
            let word = |field: &str| figure[field].as_str().unwrap().to_owned();
            let (group, name, unit) = (word("group"), word("name"), word("unit"));
            let line = format!("{group},{name},{unit},{},", figure["now"]["count"]);
            assert!(file.contains(&line), "{called}: {line}");
            person.opens(&word("list")).await;
        }
    }
    let kept = format!(
        "select count(*) from events where tenant_id = '{}' and sentence like '经接口取数据，%'",
        town.tenant
    );
    assert_eq!(town.number(&kept).await, 4, "each reading is in the record");
    let leader = town.sign_in("city leader").await;
    for (query, status) in [("from=2199-01-01", 422), ("place=999999999", 404)] {
        let page = leader.get(&format!("/figures.json?{query}")).await;
        page.is(status);
    }
}
