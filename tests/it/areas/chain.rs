//! The chain and the departments: both faces, who holds what, now and before.

use chrono::Duration;

use crate::harness::Town;

#[tokio::test]
async fn a_node_shows_both_faces_its_holders_and_what_lies_below() {
    let town = Town::raise_at("2026-11-23T04:00:00Z").await;
    town.raised("单元门口路灯不亮").await;
    let zhou = town.sign_in("street deputy").await;
    let city = zhou.opens("/chain").await;
    city.costs_at_most(3).shows("慧阳街道").shows("锦华街道");
    let street = zhou
        .opens(&format!("/chain/{}", town.node("huiyang")))
        .await;
    street.costs_at_most(3);
    insta::assert_snapshot!(
        "street_of_the_chain",
        street
            .text()
            .replace(&town.name, "本市")
            .replace(&town.code, "220882")
    );
    let grid = zhou.opens(&format!("/chain/{}", town.node("garden"))).await;
    grid.shows("金源小区网格党支部")
        .shows("朱军")
        .shows("秦岭")
        .shows("单元门口路灯不亮");
}

#[tokio::test]
async fn a_post_has_holders_before_and_may_be_vacant() {
    let town = Town::raise_at("2026-11-23T04:00:00Z").await;
    let seat = town.seat("grid chief");
    let (tenant, post, appointment) = (town.tenant, seat.post, seat.appointment);
    let successor = town.seat("building leader").person;
    town.sql(&format!(
        "update appointments set to_day = '2026-10-01' where tenant_id = '{tenant}' and id = '{appointment}';
         insert into appointments values ('{tenant}', gen_random_uuid(), '{post}', '{successor}', '2026-11-24', null)"
    ))
    .await;
    let path = format!("/chain/{}", town.node("garden"));
    let zhou = town.sign_in("street deputy").await;
    zhou.opens(&path).await.shows("空缺").shows("朱军");
    zhou.opens(&format!("{path}?day=2026-09-30"))
        .await
        .shows("现任");
    for wrong in ["2026-13-01", "2026-11-24", "0000-01-01", "gestern"] {
        zhou.get(&format!("{path}?day={wrong}")).await.is(422);
    }
    town.passes(Duration::days(1));
    let zhou = town.sign_in("street deputy").await;
    zhou.opens(&path).await.shows("| 网格长 | 吕芳");
    zhou.get(&format!("{path}?day=2026-13-01")).await.is(422);
    town.knocks("grid chief", crate::harness::PASSWORD)
        .await
        .page()
        .is(422);
}

#[tokio::test]
async fn departments_show_leader_and_liaison_and_open_assignments() {
    let town = Town::raise().await;
    town.whistle("日常哨", crate::harness::Step::Sounded).await;
    let zhao = town.sign_in("city leader").await;
    let all = zhao.opens("/departments").await;
    all.costs_at_most(3)
        .shows("| 供水公司 | 陶然 | 姜涛、柏青 | 1")
        .shows("| 市场监督管理局 | 金鑫 | 魏来 | 0");
    let water = zhao
        .opens(&format!("/departments/{}", town.department("water")))
        .await;
    water.costs_at_most(3).shows("陶然").shows("1 件");
}

#[tokio::test]
async fn the_figures_of_a_place_are_those_of_who_looks() {
    let town = Town::raise().await;
    town.raised("单元门口路灯不亮").await;
    let path = format!("/chain/{}", town.node("south"));
    town.sign_in("street deputy")
        .await
        .opens(&path)
        .await
        .shows("单元门口路灯不亮");
    for called in ["water clerk", "other dispatcher", "north secretary"] {
        town.sign_in(called)
            .await
            .opens(&path)
            .await
            .never_names("单元门口路灯不亮");
    }
}
