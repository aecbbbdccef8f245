//! The special assessment: scores that anybody can add up again, shown before they are frozen, and
//! frozen for good.

use chrono::{DateTime, Datelike, Utc};
use street_whistle::base::clock::{Clock, day_of};
use street_whistle::sample::CITY_CODE;

use crate::harness::{Case, Page, Sample, Sql, Town};

/// A Monday morning in the third quarter.
const MORNING: &str = "2026-08-03T01:00:00Z";
const QUARTER: &str = "/assessment/2026-Q3";
/// Days on which the sample could be made: at the end of a year whose successor has no notice yet, so
/// that no panel can be called any more; in the first days of a quarter; after a long holiday.
const DAYS: [&str; 3] = [
    "2026-12-31T02:00:00Z",
    "2026-10-02T16:30:00Z",
    "2026-10-08T01:00:00Z",
];

/// A whistle that was checked, rated (4 in everything) and closed now: the water company led,
/// housing assisted.
async fn closed(town: &Town) -> Case {
    let case = town.case().await;
    let mut app = Sql::app().await;
    let check = town.doer("street checker").checks(case.whistle, 1);
    app.does(town.tenant, &check).await;
    for assignment in [case.lead, case.assist] {
        for (called, side) in [
            ("street dispatcher", "street"),
            ("community secretary", "community"),
        ] {
            let rating = town.doer(called).rates(case.whistle, assignment, side);
            app.does(town.tenant, &rating).await;
        }
    }
    let closing = town.doer("street dispatcher").closes(case.whistle);
    app.does(town.tenant, &closing).await;
    case
}

/// Time goes on until a moment.
fn until(town: &Town, at: &str) {
    let at: DateTime<Utc> = at.parse().unwrap();
    town.passes(at - town.now());
}

fn score_of(town: &Town, department: &str) -> String {
    format!("{QUARTER}/{}", town.department(department))
}

async fn step(town: &Town, step: &str, button: &str) -> Page {
    let path = format!("{QUARTER}/{step}");
    town.acts("city office", &path, button, &[]).await
}

/// A town whose third quarter is over, locked and shown.
async fn shown() -> (Town, Case) {
    let town = Town::raise_at(MORNING).await;
    let case = closed(&town).await;
    until(&town, "2026-10-20T01:00:00Z");
    step(&town, "showing", "确认公示").await.shows("已公示");
    (town, case)
}

#[tokio::test]
async fn before_it_is_shown_only_city_and_streets_see_a_score() {
    let town = Town::raise_at(MORNING).await;
    closed(&town).await;
    for called in [
        "city leader",
        "city office",
        "street secretary",
        "street checker",
    ] {
        let person = town.sign_in(called).await;
        let page = person.opens(QUARTER).await;
        page.costs_at_most(3)
            .shows("预览，未封存")
            .shows("供水公司")
            .shows("群众 30 分给街道、客观");
        let score = person.opens(&score_of(&town, "water")).await;
        // Rated alone: 4 of 5, a first check that passed, nothing else.
        score
            .costs_at_most(3)
            .shows("样本不足")
            .shows("一次核查通过");
        person.get(&format!("{QUARTER}/scores.csv")).await.is(200);
        if called != "city office" {
            person.get(&format!("{QUARTER}/showing")).await.is(403);
            person.get("/assessment/schemes/new").await.is(403);
        }
    }
    let water = town.sign_in("water clerk").await;
    water
        .opens(QUARTER)
        .await
        .shows("这个时期还没有公示")
        .shows("各项事实记录到 2026-10-");
    water.get(&score_of(&town, "water")).await.is(404);
    water.get(&format!("{QUARTER}/scores.csv")).await.is(404);
    for called in ["community worker", "grid chief"] {
        town.sign_in(called).await.get(QUARTER).await.is(403);
    }
    let stranger = Town::raise_at(MORNING).await;
    let other = stranger.sign_in("city office").await;
    other.get(&score_of(&town, "water")).await.is(404);
}

#[tokio::test]
async fn a_period_is_shown_when_it_is_over_and_locked_and_only_once() {
    let town = Town::raise_at(MORNING).await;
    closed(&town).await;
    let qian = town.sign_in("city office").await;
    let asked = qian.opens(&format!("{QUARTER}/showing")).await;
    asked.shows("2026 年第三季度到 2026-09-30 才结束");
    assert!(!asked.has_button("确认公示"));
    let before = town.condensed().await;
    let showing = format!("{QUARTER}/showing");
    qian.post(&showing, &[]).await.is(409).shows("才结束");
    qian.post("/assessment/2026-08/showing", &[])
        .await
        .is(409)
        .shows("月份只供参考");
    until(&town, "2026-10-08T23:00:00Z");
    let qian = town.sign_in("city office").await;
    qian.post(&showing, &[])
        .await
        .is(409)
        .shows("各项事实记录到 2026-10-");
    qian.post(&format!("{QUARTER}/freezing"), &[])
        .await
        .is(409)
        .shows("还没有公示");
    assert_eq!(before, town.condensed().await);
    until(&town, "2026-10-20T01:00:00Z");
    let qian = town.sign_in("city office").await;
    step(&town, "showing", "确认公示")
        .await
        .shows("公示中，异议期到 2026-10-27");
    let after = town.condensed().await;
    qian.post(&showing, &[]).await.is(409).shows("已在公示");
    assert_eq!(after, town.condensed().await);
}

#[tokio::test]
async fn while_it_is_shown_a_department_sees_its_own_without_a_place() {
    let (town, _) = shown().await;
    let water = town.sign_in("water clerk").await;
    let list = water.opens(QUARTER).await;
    list.shows("供水公司").shows("公示中");
    assert!(
        !list.says("名次") && !list.says("住房和城乡建设局"),
        "{}",
        list.text()
    );
    let score = water
        .opens(&format!("{}?item=rating&all=1", score_of(&town, "water")))
        .await;
    score.shows("下水道堵塞").shows("平均 4.00");
    assert!(!score.says("名次"), "{}", score.text());
    water.get(&score_of(&town, "housing")).await.is(404);
}

#[tokio::test]
async fn what_is_frozen_stays_and_later_facts_are_corrections() {
    let (town, case) = shown().await;
    let qian = town.sign_in("city office").await;
    let freezing = format!("{QUARTER}/freezing");
    qian.post(&freezing, &[("version", "1")])
        .await
        .is(409)
        .shows("公示期到 2026-10-27");
    until(&town, "2026-10-28T01:00:00Z");
    let qian = town.sign_in("city office").await;
    qian.post(&freezing, &[("version", "7")])
        .await
        .is(409)
        .shows("刚有人动过这个时期");
    step(&town, "freezing", "确认封存")
        .await
        .shows("已封存")
        .shows("摘要");
    qian.post(&freezing, &[("version", "2")])
        .await
        .is(409)
        .shows("不能再封存一次");
    let tenant = town.tenant;
    let whole = format!(
        "select count(*) from assessment_snapshots s
          where s.tenant_id = '{tenant}' and s.digest = encode(sha256(convert_to(s.content, 'UTF8')), 'hex')"
    );
    assert_eq!(town.number(&whole).await, 1);
    let mut owner = Sql::owner().await;
    let change = format!(
        "begin; update assessment_snapshots set content = content || ' ' where tenant_id = '{tenant}'"
    );
    assert_eq!(owner.refused(&change).await, "assessment_snapshots_fixed");
    let before = qian.opens(&format!("{QUARTER}/scores.csv")).await.body;
    // The resident answers a month late: satisfied with nothing.
    let (visit, _) = town.asked(&case).await;
    let answer = format!(
        "update visits set state = 'answered', ended_at = '{now}', answer = 'partly', feeling = 'unsatisfied',
                words = '还没好', way = 'link' where tenant_id = '{tenant}' and id = '{visit}'",
        now = town.now()
    );
    town.sql(&answer).await;
    let after = qian.opens(&format!("{QUARTER}/scores.csv")).await.body;
    assert_eq!(before, after, "a frozen score stays");
    let score = qian.opens(&score_of(&town, "water")).await;
    score
        .costs_at_most(3)
        .shows("更正 3 处")
        .shows("0 件")
        .shows("1 件");
    qian.opens(QUARTER).await.shows("更正 3 处");
    let water = town.sign_in("water clerk").await;
    let list = water.opens(QUARTER).await;
    list.shows("名次").shows("住房和城乡建设局");
    water.opens(&score_of(&town, "water")).await.shows("名次");
    water.get(&score_of(&town, "housing")).await.is(404);
    water.get(&format!("{QUARTER}/snapshot.json")).await.is(404);
    let content = qian.get(&format!("{QUARTER}/snapshot.json")).await;
    content.is(200).shows("\"period\":\"2026-Q3\"");
}

#[tokio::test]
async fn facts_after_the_lock_do_not_count() {
    let town = Town::raise_at(MORNING).await;
    let case = closed(&town).await;
    until(&town, "2026-10-20T01:00:00Z");
    let (visit, _) = town.asked(&case).await;
    let answer = format!(
        "update visits set state = 'answered', ended_at = '{now}', answer = 'solved', feeling = 'satisfied',
                words = '好', way = 'link' where tenant_id = '{}' and id = '{visit}'",
        town.tenant,
        now = town.now()
    );
    town.sql(&answer).await;
    let wu = town.sign_in("city office").await;
    let score = wu.opens(&score_of(&town, "water")).await;
    score.shows("群众评价没有样本");
}

const SCHEME: [(&str, &str); 3] = [
    ("起用日期", "2026-10-01"),
    ("说明", "办结提高一分。"),
    ("依据", "大办发〔2026〕1号第 1 条 本办法用于试验。"),
];

#[tokio::test]
async fn a_scheme_is_refused_in_sentences_and_seen_before_it_is_kept() {
    let town = Town::raise_at(MORNING).await;
    town.document().await;
    closed(&town).await;
    let qian = town.sign_in("city office").await;
    let before = town.condensed().await;
    let form = qian.opens("/assessment/schemes/new").await;
    form.costs_at_most(5);
    let tries: [(&[(&str, &str)], &str); 8] = [
        (&[("街道评价", "46")], "各项满分合计应为 100，现在是 101。"),
        (
            &[("街道评价", "44"), ("按时签收", "6")],
            "街道和群众合计应为 75，现在是 74。",
        ),
        (
            &[("街道评价", "一")],
            "街道评价写 0 至 100 的数，最多两位小数。",
        ),
        (&[("攻坚哨", "0")], "攻坚哨的权重写大于 0、至多 10 的数"),
        (&[("起用日期", "2026-10-02")], "起用日期写一个季度的第一天"),
        (
            &[("起用日期", "2026-04-01")],
            "起用日期写 2026-07-01 或以后五年内的季度。",
        ),
        (&[("最少样本", "0")], "最少样本写 1 至 100 的整数。"),
        (&[("第 1 组", "")], "选一个有名称的组"),
    ];
    for (wrong, sentence) in tries {
        qian.opens("/assessment/schemes/new").await;
        let typed: Vec<(&str, &str)> = SCHEME
            .iter()
            .filter(|(name, _)| wrong.iter().all(|(w, _)| w != name))
            .chain(wrong)
            .copied()
            .collect();
        let page = qian.submit("先看上一季度会怎样", &typed).await;
        page.is(422).shows(sentence);
    }
    assert_eq!(before, town.condensed().await);
    qian.opens("/assessment/schemes/new").await;
    let typed = [&SCHEME[..], &[("街道评价", "44"), ("解决", "16")]].concat();
    let preview = qian.submit("先看上一季度会怎样", &typed).await;
    preview
        .is(200)
        .shows("2026 年第二季度按新版会怎样")
        .shows("新得分");
    assert_eq!(before, town.condensed().await, "a preview keeps nothing");
    let kept = qian.does("立新版", &[]).await;
    kept.shows("已立评分规则第 2 版")
        .shows("还没起用")
        .shows("大办发〔2026〕1号第 1 条");
    qian.opens("/assessment/schemes/new").await;
    let again = [&SCHEME[..], &[("街道评价", "44"), ("解决", "16")]].concat();
    let page = qian.submit("先看上一季度会怎样", &again).await;
    page.is(422)
        .shows("上一版自 2026-10-01 起用，新版要晚于这一天，各版不能重叠。");
    // The quarter that runs keeps the version in force on its first day.
    qian.opens(QUARTER).await.shows("评分规则第 1 版");
    qian.opens("/assessment/2026-Q4")
        .await
        .shows("评分规则第 2 版");
}

#[tokio::test]
async fn street_and_residents_have_seventy_five_unless_the_clause_says_otherwise() {
    let town = Town::raise_at(MORNING).await;
    town.document().await;
    let qian = town.sign_in("city office").await;
    qian.opens("/assessment/schemes/new").await;
    let other = [
        ("街道评价", "40"),
        ("按时签收", "10"),
        ("所引条款另有规定，合计不是 75 分", "1"),
    ];
    let typed = [&SCHEME[..], &other].concat();
    qian.submit("先看上一季度会怎样", &typed)
        .await
        .is(200)
        .shows("合计 70 分，照这一条");
    qian.does("立新版", &[])
        .await
        .shows("街道和群众合计 70 分，照所引条款。");
    let scheme = format!(
        "select id::text from assessment_schemes where tenant_id = '{}' and number = 2",
        town.tenant
    );
    let id = &town.column(&scheme).await[0];
    let mut owner = Sql::owner().await;
    let crooked = format!(
        "begin; insert into assessment_schemes select tenant_id, '{}', 3, '2027-01-01', note, null, null, false,
                basic_share, min_n, shrink_n, small, ties, no_cases, exemptions, locked_days, window_days, made_at, made_by
           from assessment_schemes where tenant_id = '{tenant}' and id = '{id}';
         insert into assessment_items select tenant_id, '{}', item, points from assessment_items
          where tenant_id = '{tenant}' and scheme_id = '{id}';
         commit",
        uuid::Uuid::nil(),
        uuid::Uuid::nil(),
        tenant = town.tenant
    );
    assert_eq!(owner.refused(&crooked).await, "assessment_items_evaluated");
}

#[tokio::test]
async fn what_is_no_period_gets_a_sentence_or_is_not_found() {
    let town = Town::raise_at(MORNING).await;
    let wu = town.sign_in("city office").await;
    for typed in ["2026-Q5", "2026-13", "soon", "1999"] {
        let page = wu.get(&format!("/assessment?period={typed}")).await;
        page.is(422);
        wu.get(&format!("/assessment/{typed}")).await.is(404);
    }
    wu.get("/assessment?period=2026-Q2")
        .await
        .is(303)
        .goes_to("/assessment/2026-Q2");
    wu.opens("/assessment/2027-Q1")
        .await
        .shows("这个时期没有办结的哨单");
    wu.opens("/assessment/2099").await.shows("还没有录入");
    wu.get(&format!("{QUARTER}/nobody")).await.is(404);
}

/// The sample has two frozen quarters and, after them, one that is shown now; of the departments some
/// have too few cases and some have none.
#[tokio::test]
async fn the_sample_shows_frozen_quarters_and_small_samples() {
    let mut city = Sample::city(CITY_CODE).await;
    let tenant = city.tenant;
    let now = Clock::System.now();
    let mut owner = Sql::owner().await;
    let stages = format!(
        "select stage::text from assessment_periods where tenant_id = '{tenant}' order by period desc"
    );
    assert_eq!(owner.column(&stages).await, ["shown", "frozen", "frozen"]);
    for broken in [
        // What was frozen has its snapshot; what is shown can be objected to now.
        "select count(*) from assessment_periods p
          where {p} and (p.stage = 'frozen') <> exists (select from assessment_snapshots s
                where s.tenant_id = p.tenant_id and s.period_id = p.id)",
        "select count(*) from assessment_periods p
          where {p} and (p.stage = 'shown') <> ('{now}' between p.shown_at and p.objections_until)",
        // The quarters follow one another, each by the scheme in force on its first day.
        "select count(*) from assessment_periods p
           join lateral (select make_date(left(p.period, 4)::integer, right(p.period, 1)::integer * 3 - 2, 1) as day) f on true
          where {p} and p.scheme_id <> (select s.id from assessment_schemes s
                where s.tenant_id = p.tenant_id and s.from_day <= f.day order by s.from_day desc limit 1)",
        // Nobody cites a paper before it was there.
        "select count(*) from assessment_schemes p
           join documents d on d.tenant_id = p.tenant_id and d.id = p.document_id
          where {p} and (p.made_at < d.entered_at or p.made_at::date < d.from_day)",
    ] {
        let query = broken
            .replace("{p}", &format!("p.tenant_id = '{tenant}'"))
            .replace("{now}", &now.to_string());
        assert_eq!(city.number(&query).await, 0, "{query}");
    }
    let periods = format!(
        "select period from assessment_periods where tenant_id = '{tenant}' order by period desc"
    );
    let periods = owner.column(&periods).await;
    let han = city.sign_in("hanxue").await;
    let shown = han.opens(&format!("/assessment/{}", periods[0])).await;
    shown
        .shows("公示中，异议期到")
        .shows("样本不足")
        .shows("无事项");
    for period in &periods[1..] {
        han.opens(&format!("/assessment/{period}"))
            .await
            .shows("样本不足")
            .shows("无事项")
            .shows("摘要");
    }
    let zhao = city.sign_in("zhaohaifeng").await;
    let list = zhao.opens(&format!("/assessment/{}", periods[1])).await;
    zhao.opens(&list.link("住房和城乡建设局"))
        .await
        .shows("怎么算的")
        .shows("名次");
    let quarter = format!("{}-Q{}", day_of(now).year(), day_of(now).month0() / 3 + 1);
    zhao.opens(&format!("/assessment/{quarter}"))
        .await
        .shows("还没有公示");
    zhao.opens("/").await.shows("前可以申诉。");
    zhao.opens("/inbox").await.shows("公示专项考核得分");
}

/// The same on other days: the calendar ends, a quarter has only just ended, after a long holiday.
#[tokio::test]
async fn the_sample_shows_the_same_on_other_days() {
    for at in DAYS {
        let at: DateTime<Utc> = at.parse().unwrap();
        let mut sql = Sample::made_at(at).await;
        let of = format!("(select id from tenants where code = '{CITY_CODE}')");
        let stages = format!(
            "select stage::text from assessment_periods where tenant_id = {of} order by period desc"
        );
        assert_eq!(
            sql.column(&stages).await,
            ["shown", "frozen", "frozen"],
            "{at}"
        );
        for state in [
            "state = 'open' and panel_at is null",
            "state = 'open' and panel_at is not null",
            "state = 'upheld'",
            "state = 'dismissed'",
            "state = 'taken_back'",
            "decided_words like '评议组逾期未决%'",
        ] {
            let counted = format!(
                "select count(*) from assessment_objections where tenant_id = {of} and {state}"
            );
            let no_panel = state.contains("panel_at is not null") && at.month() == 12;
            let found = sql.number(&counted).await;
            assert!(found > 0 || no_panel, "{at}: {state}");
        }
        let window = format!(
            "select count(*) from assessment_periods where tenant_id = {of} and stage = 'shown'
                and '{at}' between shown_at and objections_until"
        );
        assert_eq!(sql.number(&window).await, 1, "{at}");
        sql.close().await;
    }
}

/// Its objections have come to every state there is, by the program's own rules.
#[tokio::test]
async fn the_sample_has_objections_in_every_state() {
    let mut city = Sample::city(CITY_CODE).await;
    let tenant = city.tenant;
    for (what, least) in [
        (
            "o.state = 'open' and o.panel_at is null and p.stage = 'shown'",
            2,
        ),
        (
            "o.state = 'open' and o.panel_at is not null and p.stage = 'shown'",
            1,
        ),
        ("o.state = 'upheld' and p.stage = 'shown'", 1),
        ("o.state = 'dismissed' and p.stage = 'shown'", 1),
        ("o.state = 'taken_back' and p.stage = 'shown'", 1),
        ("o.state = 'upheld' and p.stage = 'frozen'", 2),
        (
            "o.decided_words like '评议组逾期未决%' and p.stage = 'frozen'",
            2,
        ),
        ("o.exercise_id is not null and o.state = 'upheld'", 1),
        ("o.exercise_id is not null and o.state = 'open'", 1),
    ] {
        let counted = format!(
            "select count(*) from assessment_objections o
               join assessment_periods p on p.tenant_id = o.tenant_id and p.id = o.period_id
              where o.tenant_id = '{tenant}' and {what}"
        );
        let found = city.number(&counted).await;
        assert!(found >= least, "{found} are {what}");
    }
    for broken in [
        // What nobody decided in time is over, and nothing is decided late.
        "o.state = 'open' and o.due_at < now()",
        "o.state = 'upheld' and o.decided_at > o.due_at",
        // Each says what happened, as often as it happened.
        "1 + (o.panel_at is not null)::integer + (o.state <> 'open')::integer + (select count(*) from objection_members m
              where m.tenant_id = o.tenant_id and m.objection_id = o.id and m.voted_at is not null)
          - (o.state in ('upheld', 'dismissed') and not o.decided_words like '%逾期%')::integer
          <> (select count(*) from events v where v.tenant_id = o.tenant_id and v.subject = 'objection'
                 and v.subject_id = o.id and v.verb <> 'attach')",
        // Who waits for a panel or for votes has brought a file.
        "(o.state = 'open') <> exists (select from files f where f.tenant_id = o.tenant_id and f.objection_id = o.id)",
    ] {
        let counted = format!(
            "select count(*) from assessment_objections o where o.tenant_id = '{tenant}' and {broken}"
        );
        assert_eq!(city.number(&counted).await, 0, "{broken}");
    }
    let han = city.sign_in("hanxue").await;
    han.opens("/")
        .await
        .shows("等送评议组")
        .shows("专项考核申诉");
    let list = han.opens("/assessment/objections?tab=open").await;
    list.costs_at_most(3).shows("评议中").shows("待送评议组");
    let links = list.look(|page| {
        let rows = scraper::Selector::parse("table.list .c-title a").unwrap();
        let hrefs = page.select(&rows).filter_map(|a| a.attr("href"));
        hrefs.map(str::to_owned).collect::<Vec<_>>()
    });
    for link in links {
        let page = han.opens(&link).await;
        let file = page.link(".pdf");
        han.get(&file).await.is(200);
    }
}
