//! Who is told: each step reaches those whom the table names, and nobody else.

use std::fmt::Write as _;

use chrono::Duration;

use crate::harness::{Mood, Person, Sink, Step, Town};

/// Monday, five past two in the afternoon.
const MONDAY: &str = "2026-11-23T06:05:00Z";

/// Everybody who could be told, in the order of the table below.
const EVERYBODY: [&str; 16] = [
    "street dispatcher",
    "second dispatcher",
    "street deputy",
    "street secretary",
    "street checker",
    "community secretary",
    "unit chief",
    "water clerk",
    "water head",
    "housing clerk",
    "housing head",
    "city office",
    // Of these nobody is ever told: another street's, another department's, the leader.
    "other dispatcher",
    "north secretary",
    "market clerk",
    "city leader",
];

/// The unread titles of somebody's inbox, newest first.
async fn unread(person: &Person) -> Vec<String> {
    let inbox = person.opens("/inbox?show=unread").await;
    let titles = inbox.all_words_at("table.inbox .c-title button");
    titles
        .iter()
        .map(|title| title.trim_start_matches("未读：").trim().to_owned())
        .collect()
}

impl Town {
    /// What everybody has unread, a line for each who has something.
    async fn inboxes(&self) -> String {
        let mut lines = String::new();
        for called in EVERYBODY {
            let titles = unread(&self.sign_in(called).await).await;
            if !titles.is_empty() {
                writeln!(lines, "{called}:\n  {}", titles.join("\n  ")).unwrap();
            }
        }
        lines
    }
}

#[tokio::test]
async fn every_step_reaches_whom_the_table_names() {
    let town = Town::raise_at(MONDAY).await;
    town.whistle("日常哨", Step::Closed).await;
    insta::assert_snapshot!("told_of_a_closed_whistle", town.inboxes().await);
}

#[tokio::test]
async fn an_emergency_alarms_its_street_and_the_city_at_once() {
    let mut town = Town::raise_at("2026-11-23T15:30:00Z").await;
    let sink = Sink::open().await;
    town.mails_over(sink.mail());
    for (called, mail) in [
        ("water clerk", "gs@example.gov.cn"),
        ("city office", "zlb@example.gov.cn"),
    ] {
        let person = town.sign_in(called).await;
        person.opens("/account/notices").await;
        let fields = [("邮箱", mail), ("从", "20:00"), ("到", "07:00")];
        person.does("保存怎么收", &fields).await;
    }
    town.whistle("应急哨", Step::Sounded).await;
    for (called, title) in [
        ("water clerk", "慧阳街道吹响应急哨，请签收"),
        ("street deputy", "慧阳街道吹响应急哨，请核实"),
        ("street secretary", "慧阳街道吹响应急哨"),
        ("city office", "慧阳街道吹响应急哨"),
    ] {
        let person = town.sign_in(called).await;
        assert_eq!(unread(&person).await, [title], "{called}");
        person.opens("/inbox?show=danger").await.shows("险情");
    }
    town.works().await;
    let mut to: Vec<String> = sink.arrived().into_iter().map(|letter| letter.to).collect();
    to.sort();
    assert_eq!(to, ["gs@example.gov.cn", "zlb@example.gov.cn"]);
}

#[tokio::test]
async fn a_failed_check_is_told_to_those_who_go_back_to_work() {
    let town = Town::raise_at(MONDAY).await;
    let path = town.whistle("日常哨", Step::FedBack).await;
    let wu = town.sign_in("street checker").await;
    wu.opens(&path).await;
    let failed = [
        ("核查结果", "不通过"),
        ("看到的情况", "井口仍有污水。"),
        ("不通过时，谁返工", "供水公司"),
    ];
    wu.does("核查", &failed).await;
    let water = unread(&town.sign_in("water clerk").await).await;
    assert_eq!(water[0], "慧阳街道核查不通过，请返工");
    let housing = unread(&town.sign_in("housing clerk").await).await;
    assert!(!housing[0].contains("不通过"), "{housing:?}");
}

#[tokio::test]
async fn what_was_told_in_vain_is_as_if_it_had_not_happened() {
    let town = Town::raise_at(MONDAY).await;
    let path = town.whistle("日常哨", Step::Sounded).await;
    let before = unread(&town.sign_in("street dispatcher").await).await;
    // The second of two who sign at once is refused, and with it what would have been told.
    let cao = town.sign_in("water clerk").await;
    let form = cao.opens(&path).await.form("签收", &[]);
    cao.send_form(&form).await.is(303);
    let tao = town.sign_in("water head").await;
    tao.send_form(&form).await;
    let after = unread(&town.sign_in("street dispatcher").await).await;
    assert_eq!(after.len(), before.len() + 1, "{after:?}");
}

#[tokio::test]
async fn a_matter_tells_its_street_and_its_finder() {
    let town = Town::raise_at(MONDAY).await;
    let place = [("楼栋", "室外")];
    let zhu = town.sign_in("grid chief").await;
    let path = zhu.files(&place, &[]).await;
    let li = town.sign_in("community secretary").await;
    li.opens(&path).await;
    li.does("受理", &[("立案条件", "污水外溢")]).await;
    let done = [("做了什么", "组织人员疏通一次，第二天又堵。")];
    li.does("记录处置", &done).await;
    li.opens(&format!("{path}?do=raise")).await;
    li.does("上报街道", &[("上报理由", "管道破损，社区没有力量更换。")])
        .await;
    let wang = town.sign_in("street dispatcher").await;
    assert_eq!(unread(&wang).await, ["城南社区上报街道，请分拣"]);
    wang.opens("/inbox").await;
    // The verb on the right opens the matter and marks the notice read.
    let button = wang
        .page()
        .buttons()
        .into_iter()
        .find(|b| b.starts_with("分拣"))
        .unwrap();
    wang.submit(&button, &[]).await.goes_to(&path);
    wang.opens(&format!("{path}?do=solve")).await;
    wang.does("标记解决", &[("怎么解决的", "街道出资更换管道。")])
        .await;
    assert!(unread(&wang).await.is_empty());
    assert_eq!(unread(&zhu).await, ["慧阳街道已解决您上报的事项"]);
}

#[tokio::test]
async fn a_vacant_post_is_told_all_the_same() {
    let town = Town::raise_at(MONDAY).await;
    let head = town.seat("water head").clone();
    town.sql(&format!(
        "update appointments set to_day = '2026-11-01' where tenant_id = '{}' and id = '{}'",
        town.tenant, head.appointment
    ))
    .await;
    town.whistle("日常哨", Step::Sounded).await;
    let told = format!(
        "select count(*) from notices where tenant_id = '{}' and post_id = '{}'",
        town.tenant, head.post
    );
    assert_eq!(town.number(&told).await, 1);
}

#[tokio::test]
async fn the_page_says_who_is_told_and_what_became_of_the_mails() {
    let mut town = Town::raise_at(MONDAY).await;
    let sink = Sink::open().await;
    town.mails_over(sink.mail());
    sink.becomes(Mood::Down);
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/account/notices").await;
    let fields = [("邮箱", "wangli@example.gov.cn"), ("进展消息", "立即发送")];
    wang.does("保存怎么收", &fields).await;
    town.whistle("日常哨", Step::Signed).await;
    town.passes(Duration::minutes(1));
    town.works().await;
    for called in ["city office", "system admin"] {
        let page = town.sign_in(called).await.opens("/told").await;
        page.costs_at_most(3)
            .shows("街道核查员、社区书记 | 请核查")
            .shows("应急哨另加街道副主任、街道党工委书记、市治理办")
            .shows("试过 1 次未送出");
    }
}
