//! Whom supervision reaches: cards the leader in charge, and where none is named or a post is
//! vacant nobody keeps silent about it.

use std::fmt::Write as _;

use chrono::Duration;
use street_whistle::sample::CITY_CODE;

use super::leaders::{LEADER, NAMES};
use crate::harness::{Person, Sample, Sql, Step, Town};

/// Monday, when the office opens.
const OPENS: &str = "2026-11-23T00:30:00Z";

impl Town {
    /// The city's office issues one by hand to a department of a whistle.
    async fn issues(&self, called: &str, path: &str, department: &str, level: &str) {
        let department = self.department(department);
        let whistle = path.rsplit('/').next().unwrap();
        let assignment = self
            .text(&format!(
                "select id::text from assignments where tenant_id = '{}' and whistle_id = '{whistle}'
                    and department_id = '{department}'",
                self.tenant
            ))
            .await;
        let person = self.sign_in(called).await;
        person.opens(&format!("{path}/supervision")).await;
        let fields = [
            ("level", level),
            ("assignment", &assignment),
            ("words", "请今日签收并到场。"),
        ];
        person.does("发出督办", &fields).await;
    }

    /// Somebody leaves his post today.
    async fn leaves(&self, called: &str) {
        self.sql(&format!(
            "update appointments set to_day = '2026-11-23' where tenant_id = '{}' and post_id = '{}'",
            self.tenant,
            self.seat(called).post
        ))
        .await;
    }
}

/// How often an inbox says this.
async fn told(person: &Person, title: &str) -> usize {
    let inbox = person.opens("/inbox?show=unread").await;
    let titles = inbox.all_words_at("table.inbox .c-title button");
    titles.iter().filter(|t| t.contains(title)).count()
}

#[tokio::test]
async fn a_card_reaches_the_head_the_office_and_the_leader_in_charge_and_no_other() {
    let town = Town::raise_at(OPENS).await;
    let second = town.second_leader().await;
    town.names("water", "副市长 赵国栋").await;
    town.names("housing", "常务副市长 苏明").await;
    for _ in 0..3 {
        town.whistle("日常哨", Step::Sounded).await;
    }
    town.works().await;
    town.passes(Duration::hours(26));
    town.works().await;
    for (called, cards) in [
        ("water head", 1),
        ("housing head", 1),
        ("water clerk", 0),
        ("market head", 0),
        ("street deputy", 0),
        ("city office", 2),
        ("city leader", 1),
    ] {
        let person = town.sign_in(called).await;
        assert_eq!(told(&person, "系统发来黄牌").await, cards, "{called}");
    }
    let su = town.sign_in_as(&second).await;
    assert_eq!(told(&su, "系统发来黄牌").await, 1);
    su.opens("/inbox")
        .await
        .shows("住房和城乡建设局")
        .never_names("供水公司本月");
    // The city's letter is the office's and the head's business.
    let leader = town.sign_in("city leader").await;
    assert_eq!(told(&leader, "督办函").await, 0);
    assert_eq!(told(&su, "督办函").await, 0);
    town.sign_in("city office")
        .await
        .opens("/supervision/unreached")
        .await
        .shows("每一件督办都有人收到");
}

#[tokio::test]
async fn a_card_without_a_leader_in_charge_is_a_row_that_leads_to_where_he_is_named() {
    let town = Town::raise_at(OPENS).await;
    let path = town.whistle("日常哨", Step::Sounded).await;
    town.issues("city office", &path, "water", "yellow").await;
    let leader = town.sign_in("city leader").await;
    assert_eq!(told(&leader, "黄牌").await, 0);
    let head = town.sign_in("water head").await;
    assert_eq!(told(&head, "发来黄牌").await, 1);
    let office = town.sign_in("city office").await;
    assert_eq!(told(&office, "黄牌").await, 0, "who issues is not told");
    office.opens("/supervision").await.shows("没有人收到的 1");
    office
        .opens("/supervision/unreached")
        .await
        .shows("没有指定分管市领导。")
        .shows("供水公司：去指定");
    office.follows("供水公司：去指定").await;
    office.does(NAMES, &[(LEADER, "副市长 赵国栋")]).await;
    office.opens("/supervision/unreached").await;
    office
        .submit("已处理", &[("怎么处理的", "")])
        .await
        .is(422)
        .shows("没有记下，有 1 处要改");
    office.opens("/supervision/unreached").await;
    let done = [("怎么处理的", "已指定赵国栋分管，并当面告知。")];
    office.does("已处理", &done).await;
    office
        .opens("/supervision/unreached")
        .await
        .shows("每一件督办都有人收到");
    // From now on it reaches him.
    town.issues("city office", &path, "water", "red").await;
    assert_eq!(told(&leader, "发来红牌").await, 1);
    office
        .opens("/supervision/unreached")
        .await
        .shows("每一件督办都有人收到");
}

#[tokio::test]
async fn a_card_to_two_vacant_posts_is_two_rows_each_cleared_by_itself() {
    let town = Town::raise_at(OPENS).await;
    town.names("water", "副市长 赵国栋").await;
    let path = town.whistle("日常哨", Step::Sounded).await;
    town.leaves("city leader").await;
    town.leaves("water head").await;
    let office = town.sign_in("city office").await;
    office
        .opens(&town.page_of("water"))
        .await
        .shows("现任：副市长  (空缺)");
    town.issues("city office", &path, "water", "yellow").await;
    let page = office.opens("/supervision/unreached").await;
    page.shows("分管市领导职务空缺。")
        .shows("职务空缺，没有人收到。");
    assert!(!page.says("去指定"), "he is named, only not there");
    for left in [1, 0] {
        office.opens("/supervision/unreached").await;
        office
            .does("已处理", &[("怎么处理的", "已报组织部补任。")])
            .await;
        office
            .opens("/supervision")
            .await
            .shows(&format!("没有人收到的 {left}"));
    }
    // It waits for whoever comes.
    let post = town.seat("city leader").post;
    let waits = format!(
        "select count(*) from notices where tenant_id = '{}' and post_id = '{post}' and verb = 'card'",
        town.tenant
    );
    assert_eq!(town.number(&waits).await, 1);
}

/// Who stands behind a label of the page 谁会收到, for the water company.
fn behind(label: &str) -> &'static str {
    match label {
        "被督办部门联络员" => "water clerk",
        "被督办部门负责人" => "water head",
        "市治理办" => "city office",
        "分管市领导" => "city leader",
        other => panic!("nobody is known as {other}"),
    }
}

#[tokio::test]
async fn what_the_page_says_of_supervision_is_what_is_done() {
    let town = Town::raise_at(OPENS).await;
    town.names("water", "副市长 赵国栋").await;
    let path = town.whistle("日常哨", Step::Sounded).await;
    let page = town.sign_in("city office").await.opens("/told").await;
    let lines: Vec<(String, String, String)> = page.look(|document| {
        let select = |css| scraper::Selector::parse(css).unwrap();
        let words = |element: scraper::ElementRef<'_>| element.text().collect::<String>();
        document
            .select(&select("section[aria-labelledby=supervision] tbody tr"))
            .map(|row| {
                let cell = select("th, td");
                let mut cells = row.select(&cell).map(words);
                let mut next = || cells.next().unwrap().trim().to_owned();
                (next(), next(), next())
            })
            .collect()
    });
    let mut table = String::new();
    for (what, who, instead) in &lines {
        writeln!(table, "{what} → {who}；空缺时 {instead}").unwrap();
    }
    insta::assert_snapshot!("told_of_supervision", table);
    for (called, level, paper) in [
        ("street dispatcher", "urge", "催办通知"),
        ("street deputy", "street", "督办单"),
        ("city office", "city", "督办函"),
        ("city office", "yellow", "黄牌"),
        ("city office", "red", "红牌"),
    ] {
        town.issues(called, &path, "water", level).await;
        let line = lines
            .iter()
            .find(|l| l.0 == format!("{paper}（部门的任务）"));
        let named: Vec<&str> = line.expect("a line").1.split('、').map(behind).collect();
        for someone in ["water clerk", "water head", "city office", "city leader"] {
            let heard = told(&town.sign_in(someone).await, &format!("发来{paper}")).await;
            // Whoever issues it is not told.
            let should = usize::from(named.contains(&someone) && someone != called);
            assert_eq!(heard, should, "{paper}: {someone}");
        }
    }
}

#[tokio::test]
async fn the_samples_supervision_is_in_order_answered_and_told() {
    let mut city = Sample::city(CITY_CODE).await;
    let staff = city.staff().await;
    let office = &staff["city_office"];
    let page = office.opens("/supervision").await;
    let times: Vec<String> = page.look(|document| {
        let time = scraper::Selector::parse("table.list time").unwrap();
        let all = document.select(&time);
        all.map(|t| t.attr("datetime").unwrap().to_owned())
            .collect()
    });
    assert!(times.len() > 20, "{times:?}");
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");
    let letters = office.opens("/supervision?level=city").await;
    letters.shows("已回复");
    assert!(
        letters.says("前回复") || letters.says("到期未回复"),
        "one letter still waits: {}",
        letters.text()
    );
    office.opens("/inbox").await.shows("系统发来督办函");
    let (tenant, mut sql) = (city.tenant, Sql::owner().await);
    for (rule, query) in [
        (
            "every letter runs, or ran, for its answer",
            "select v.id::text from supervisions v where v.tenant_id = '{t}' and v.level = 'city' and not exists (
                 select from clocks c where c.tenant_id = '{t}' and c.about = v.id and c.stage = 'reply'
                    and c.stopped_at is not distinct from v.replied_at)",
        ),
        (
            "every paper was told to somebody",
            "select v.id::text from supervisions v where v.tenant_id = '{t}' and not exists (
                 select from notices n where n.tenant_id = '{t}' and n.at = v.at
                    and n.link = '/whistles/' || v.whistle_id)",
        ),
        (
            "a card is told to the leader in charge, or it is known that there is none",
            "select v.id::text from supervisions v where v.tenant_id = '{t}' and v.level = 'yellow'
                and not exists (select from notices n
                     join department_leaders l on l.tenant_id = '{t}' and l.department_id = v.department_id
                          and l.post_id = n.post_id and l.to_day is null
                    where n.tenant_id = '{t}' and n.at = v.at and n.verb = 'card')
                and not exists (select from unreached u where u.tenant_id = '{t}' and u.supervision_id = v.id)",
        ),
    ] {
        let found = sql.column(&query.replace("{t}", &tenant.to_string())).await;
        assert!(found.is_empty(), "{rule}: {found:?}");
    }
    let unled = "select d.name from departments d where d.tenant_id = '{t}' and not exists (
         select from department_leaders l where l.tenant_id = '{t}' and l.department_id = d.id and l.to_day is null)";
    let unled = sql.column(&unled.replace("{t}", &tenant.to_string())).await;
    assert_eq!(unled, ["财政局"]);
    sql.close().await;
}
