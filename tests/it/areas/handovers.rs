//! A post changes hands, its work stays.

use crate::harness::{Step, Town};

#[tokio::test]
async fn who_takes_a_post_over_sees_what_is_open_and_confirms_it_once() {
    let town = Town::raise_at("2026-11-23T06:05:00Z").await;
    town.whistle("日常哨", Step::Signed).await;
    // The head of the water company retired yesterday; the market's clerk follows.
    let (head, next) = (
        town.seat("water head").clone(),
        town.seat("market clerk").clone(),
    );
    let appointment = uuid::Uuid::now_v7();
    town.sql(&format!(
        "update appointments set to_day = '2026-11-23' where id = '{old}';
         update appointments set to_day = '2026-11-23' where id = '{left}';
         insert into appointments values ('{tenant}', '{appointment}', '{post}', '{person}', '2026-11-23', null)",
        old = head.appointment,
        left = next.appointment,
        tenant = town.tenant,
        post = head.post,
        person = next.person,
    ))
    .await;
    let seat = crate::harness::Seat {
        post: head.post,
        appointment,
        ..next
    };
    let wei = town.sign_in_as(&seat).await;
    let page = wei.opens("/handover").await;
    page.costs_at_most(3)
        .shows("2026-11-23 起任职，前任陶然")
        .shows("事项 0 件，哨单 1 件")
        .shows("金源小区1号楼下水道堵塞，污水外溢");
    let done = wei.does("确认接手", &[]).await;
    done.shows("已于 2026-11-23 14:05 确认接手");
    assert!(!done.has_button("确认接手"));
    let form = page.form("确认接手", &[]);
    wei.send_form(&form).await.is(303);
    let recorded = format!(
        "select count(*) from events where tenant_id = '{}' and verb = 'take_over'",
        town.tenant
    );
    assert_eq!(town.number(&recorded).await, 1);
    // Nobody else's work is listed.
    let market = town.sign_in("housing head").await;
    market.opens("/handover").await.shows("没有前任");
}
