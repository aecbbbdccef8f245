//! Desks: what must I do now? Nobody is shown what another has to do.

use crate::harness::{Step, Town};

/// Who has something to do, and which words say what, at each step of a whistle.
const TURNS: [(Step, &[(&str, &str)]); 8] = [
    (Step::Drafted, &[("street dispatcher", "起草")]),
    (Step::Submitted, &[("street deputy", "审批")]),
    (
        Step::Sounded,
        &[
            ("water clerk", "签收"),
            ("water head", "签收"),
            ("housing clerk", "签收"),
        ],
    ),
    (
        Step::Signed,
        &[("water clerk", "报到"), ("housing head", "报到")],
    ),
    (
        Step::Reported,
        &[("water clerk", "反馈"), ("housing clerk", "反馈")],
    ),
    (
        Step::FedBack,
        &[
            ("street checker", "核查"),
            ("community secretary", "核查"),
            ("community worker", "核查"),
        ],
    ),
    (
        Step::Checked,
        &[
            ("street dispatcher", "评价"),
            ("community secretary", "评价"),
            ("water clerk", "评哨"),
            ("housing clerk", "评哨"),
        ],
    ),
    (
        Step::Rated,
        &[
            ("street dispatcher", "办结"),
            ("housing clerk", "评哨"),
            ("water clerk", "评哨"),
        ],
    ),
];

const EVERYBODY: [&str; 14] = [
    "street secretary",
    "street deputy",
    "street dispatcher",
    "street checker",
    "other dispatcher",
    "other deputy",
    "community secretary",
    "community worker",
    "north secretary",
    "water head",
    "water clerk",
    "housing head",
    "housing clerk",
    "market clerk",
];

#[tokio::test]
async fn each_step_lies_on_the_desks_of_those_whose_turn_it_is_and_no_others() {
    for (step, turns) in TURNS {
        let town = Town::raise().await;
        town.whistle("日常哨", step).await;
        for called in EVERYBODY {
            let desk = town.sign_in(called).await.opens("/").await;
            desk.costs_at_most(4);
            let tasks = desk.all_words_at("table.todo td:last-child");
            let turn = turns.iter().find(|(who, _)| *who == called);
            let colleague = turns.iter().any(|(who, _)| same_seat(who, called));
            match turn {
                Some((_, verb)) => {
                    assert_eq!(tasks.len(), 1, "{step:?} {called}:\n{}", desk.text());
                    assert!(tasks[0].starts_with(verb), "{step:?} {called}: {tasks:?}");
                    let count = desk.all_words_at("nav .count");
                    assert_eq!(count, ["1"], "{step:?} {called}: the menu counts it");
                }
                None if colleague => {}
                None => assert_eq!(tasks, Vec::<String>::new(), "{step:?} {called}"),
            }
        }
    }
}

/// Head and clerk of one department, secretary and worker of one community share their tasks.
fn same_seat(one: &str, other: &str) -> bool {
    one.split(' ').next() == other.split(' ').next() && !one.starts_with("street")
}

#[tokio::test]
async fn an_empty_desk_says_for_whom_it_is_empty() {
    let town = Town::raise().await;
    for (called, place) in [
        ("street dispatcher", "慧阳街道"),
        ("community secretary", "城南社区"),
        ("grid chief", "金源小区网格"),
        ("water clerk", "供水公司"),
    ] {
        let desk = town.sign_in(called).await.opens("/").await;
        desk.shows("现在没有要办的")
            .shows(&format!("范围：{place}"));
    }
    for called in [
        "building chief",
        "building leader",
        "unit chief",
        "unit household",
        "grid secretary",
    ] {
        town.sign_in(called)
            .await
            .opens("/")
            .await
            .shows("还没有上报过事项");
    }
    for called in ["system admin", "security admin", "audit admin"] {
        let admin = town.sign_in(called).await;
        let desk = admin.opens("/").await;
        desk.shows("不接触业务内容").costs_at_most(3);
        assert!(
            !desk.frame().contains("事项") && !desk.frame().contains("哨单"),
            "{}",
            desk.frame()
        );
        admin.get("/matters").await.is(403);
        admin.get("/whistles").await.is(403);
        // Each figure is the length of the list behind it.
        for figure in desk.all_words_at(".figures a") {
            // What a check found stands with the batches, and is no list of its own.
            if figure.starts_with("核对发现问题") {
                continue;
            }
            let name = figure.split(|c: char| c.is_ascii_digit()).next().unwrap();
            let after = figure[name.len()..].chars();
            let number: String = after.take_while(char::is_ascii_digit).collect();
            let list = admin.opens(&desk.link(&figure)).await;
            let total = list.words_at(".tools b");
            assert_eq!(
                total.split_whitespace().nth(1),
                Some(number.as_str()),
                "{name}: {total}"
            );
        }
    }
}

#[tokio::test]
async fn the_leader_sees_figures_of_what_happened() {
    let town = Town::raise().await;
    town.whistle("日常哨", Step::Closed).await;
    town.whistle("快捷哨", Step::Signed).await;
    let zhu = town.sign_in("grid chief").await;
    let place = [("楼栋", "室外")];
    zhu.files(
        &place,
        &[
            ("怎么处理", "已当场处理好"),
            ("已处理好的，写明做了什么", "捞出杂物，已通。"),
        ],
    )
    .await;
    let zhao = town.sign_in("city leader").await;
    let desk = zhao.opens("/").await;
    desk.costs_at_most(4)
        .shows("全市在办哨单 1 件，其中 0 件超期")
        .shows("昨天上报事项 0 件")
        .shows("还没有办结满 5 件的部门，不排名")
        .shows("现在没有超期的哨单");
    desk.shows("上报不足 100 件");
    zhao.follows("全市数据").await;
}
