//! Supervision: what the sweep brings, once and in order; what people issue by hand; what reached
//! nobody.

use chrono::Duration;

use crate::harness::{Step, Town, all_at_once};

/// Monday, when the office opens.
const OPENS: &str = "2026-11-23T00:30:00Z";

impl Town {
    /// The papers on record: level and department, in the order in which they were issued.
    async fn papers(&self) -> Vec<String> {
        self.column(&format!(
            "select v.level::text || ' ' || coalesce(d.name, '') from supervisions v
               left join departments d on d.tenant_id = v.tenant_id and d.id = v.department_id
               left join clocks c on c.tenant_id = v.tenant_id and c.id = v.clock_id
              where v.tenant_id = '{}' and (c.stage is null or c.stage = 'sign') order by v.id",
            self.tenant
        ))
        .await
    }
}

#[tokio::test]
async fn time_that_is_short_is_urged_and_time_that_is_over_goes_up_each_once() {
    let town = Town::raise_at(OPENS).await;
    let path = town.whistle("日常哨", Step::Sounded).await;
    town.works().await;
    assert!(town.papers().await.is_empty(), "nothing is short yet");

    // Four office hours to sign: a third is left at 11:10, it is over at 13:30.
    town.passes(Duration::minutes(170));
    town.works().await;
    let urged = town.papers().await;
    assert!(
        urged.iter().all(|p| p.starts_with("urge ")) && urged.len() == 2,
        "{urged:?}"
    );
    let clerk = town.sign_in("water clerk").await;
    clerk.opens("/inbox").await.shows("系统发来催办通知");
    clerk.opens(&path).await.shows("催办");

    town.passes(Duration::minutes(140));
    town.works().await;
    let papers = town.papers().await;
    assert_eq!(papers.len(), 4, "{papers:?}");
    let page = town.sign_in("street dispatcher").await.opens(&path).await;
    page.shows("签收超期").shows("督办单").shows("红灯");
    town.sign_in("water head")
        .await
        .opens("/inbox")
        .await
        .shows("系统发来督办单");

    // Two more office hours and a bit: more than half of the limit.
    town.passes(Duration::minutes(125));
    town.works().await;
    town.works().await;
    let papers = town.papers().await;
    assert_eq!(papers.len(), 6, "{papers:?}");
    assert_eq!(papers.iter().filter(|p| p.starts_with("city ")).count(), 2);
    let breaches = format!(
        "select count(*) from events where tenant_id = '{}' and verb = 'breach' and sentence like '签收超期%'",
        town.tenant
    );
    assert_eq!(
        town.number(&breaches).await,
        2,
        "one event for each department"
    );
}

#[tokio::test]
async fn three_days_down_are_made_up_once_and_in_order_by_however_many_workers() {
    let town = Town::raise_at(OPENS).await;
    town.whistle("日常哨", Step::Sounded).await;
    town.works().await;
    town.passes(Duration::days(3));
    all_at_once((0..4).map(|_| town.works())).await;
    let papers = town.papers().await;
    assert_eq!(papers.len(), 6, "{papers:?}");
    for department in ["供水公司", "住房和城乡建设局"] {
        let of: Vec<&str> = papers
            .iter()
            .filter(|p| p.ends_with(department))
            .map(|p| p.split(' ').next().unwrap())
            .collect();
        assert_eq!(of, ["urge", "street", "city"], "{department}");
    }
}

#[tokio::test]
async fn nothing_goes_up_at_night_but_an_emergency() {
    let town = Town::raise_at("2026-11-23T09:00:00Z").await;
    town.whistle("日常哨", Step::Sounded).await;
    town.whistle("应急哨", Step::Sounded).await;
    town.works().await;
    // 21:00: the emergency is far over, and so would be the other by natural time.
    town.passes(Duration::hours(4));
    town.works().await;
    let kinds = town
        .column(&format!(
            "select distinct w.kind::text from supervisions v
               join whistles w on w.tenant_id = v.tenant_id and w.id = v.whistle_id where v.tenant_id = '{}'",
            town.tenant
        ))
        .await;
    assert_eq!(kinds, ["emergency"]);
}

#[tokio::test]
async fn a_letter_is_written_by_hand_answered_and_not_answered_twice() {
    let town = Town::raise_at(OPENS).await;
    let path = town.whistle("日常哨", Step::Sounded).await;
    let office = town.sign_in("city office").await;
    let form = office.opens(&format!("{path}/supervision")).await;
    form.shows("市级督办，督办函");
    office
        .submit("发出督办", &[("words", "")])
        .await
        .is(422)
        .shows("请填写");
    let water = town.department("water");
    let assignment = town
        .column(&format!(
            "select id::text from assignments where tenant_id = '{}' and department_id = '{water}'",
            town.tenant
        ))
        .await
        .remove(0);
    let words = [
        ("level", "city"),
        ("assignment", &assignment),
        ("words", "请今日 17:00 前签收并到场。"),
    ];
    office.opens(&format!("{path}/supervision")).await;
    office.does("发出督办", &words).await;
    office
        .opens("/supervision?level=city")
        .await
        .shows("请今日 17:00 前签收并到场。");

    let head = town.sign_in("water head").await;
    head.opens(&path).await.shows("督办函");
    head.submit("回复督办", &[("words", "")]).await.is(422);
    head.opens(&path).await;
    head.does("回复督办", &[("words", "已派人到场，今日办结。")])
        .await;
    let page = head.opens(&path).await;
    page.shows("回复：已派人到场，今日办结。");
    assert!(!page.has_button("回复督办"));
    let letter = town
        .column(&format!(
            "select id::text from supervisions where tenant_id = '{}'",
            town.tenant
        ))
        .await
        .remove(0);
    head.post(
        &format!("/supervision/{letter}/reply"),
        &[("words", "再说一次。")],
    )
    .await
    .is(409)
    .shows("已经回复过");
    town.sign_in("housing head")
        .await
        .post(
            &format!("/supervision/{letter}/reply"),
            &[("words", "不是我们的。")],
        )
        .await
        .is(404);
}

#[tokio::test]
async fn a_post_issues_its_own_levels_only() {
    let town = Town::raise_at(OPENS).await;
    let path = town.whistle("日常哨", Step::Sounded).await;
    for (called, levels) in [
        ("street dispatcher", vec!["催办，催办通知"]),
        ("street deputy", vec!["催办，催办通知", "街道督办，督办单"]),
        (
            "city office",
            vec!["市级督办，督办函", "黄牌，黄牌", "红牌，红牌"],
        ),
    ] {
        let person = town.sign_in(called).await;
        let page = person.opens(&format!("{path}/supervision")).await;
        for level in [
            "催办，催办通知",
            "街道督办，督办单",
            "市级督办，督办函",
            "黄牌，黄牌",
            "红牌，红牌",
        ] {
            assert_eq!(
                page.says(level),
                levels.contains(&level),
                "{called} {level}"
            );
        }
    }
    for called in ["water clerk", "community secretary", "street checker"] {
        let person = town.sign_in(called).await;
        person.get(&format!("{path}/supervision")).await.is(403);
    }
    town.sign_in("other dispatcher")
        .await
        .get(&format!("{path}/supervision"))
        .await
        .is(404);
}

#[tokio::test]
async fn what_reaches_nobody_is_a_row_that_the_citys_office_clears() {
    let town = Town::raise_at(OPENS).await;
    let path = town.whistle("日常哨", Step::Sounded).await;
    let (tenant, water) = (town.tenant, town.department("water"));
    town.sql(&format!(
        "update appointments m set to_day = '2026-11-23' from posts p
          where m.tenant_id = '{tenant}' and p.tenant_id = '{tenant}' and p.id = m.post_id
            and p.department_id = '{water}'"
    ))
    .await;
    town.works().await;
    town.passes(Duration::minutes(170));
    town.works().await;
    let office = town.sign_in("city office").await;
    office.opens("/supervision").await.shows("没有人收到的 1");
    office
        .opens("/supervision/unreached")
        .await
        .shows("职务空缺，没有人收到。")
        .shows("供水公司");
    office
        .submit("已处理", &[("words", "")])
        .await
        .is(422)
        .shows("怎么处理的");
    office.opens("/supervision/unreached").await;
    office
        .does("已处理", &[("words", "已电话通知分管副局长。")])
        .await;
    office
        .opens("/supervision/unreached")
        .await
        .shows("每一件督办都有人收到");
    town.sign_in("street dispatcher")
        .await
        .get("/supervision/unreached")
        .await
        .is(403);
    office.opens(&path).await;
}

#[tokio::test]
async fn three_late_assignments_in_a_month_bring_one_yellow_card() {
    let town = Town::raise_at(OPENS).await;
    for _ in 0..3 {
        town.whistle("日常哨", Step::Sounded).await;
    }
    town.works().await;
    town.passes(Duration::hours(26));
    town.works().await;
    town.works().await;
    let cards: Vec<String> = town.papers().await;
    let yellow: Vec<&String> = cards.iter().filter(|p| p.starts_with("yellow ")).collect();
    assert_eq!(yellow.len(), 2, "one for each department: {cards:?}");
    town.sign_in("city leader")
        .await
        .opens("/supervision?level=yellow")
        .await
        .shows("本月 3 件任务超期");
    town.sign_in("water head")
        .await
        .opens("/inbox")
        .await
        .shows("系统发来黄牌");
}
