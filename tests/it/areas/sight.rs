//! Why somebody sees something: the page says what the pages themselves do.

use street_whistle::org::access::PostKind;

use crate::harness::{Seat, Town};

const MONDAY: &str = "2026-11-23T06:05:00Z";

/// The number of a thing.
async fn number(town: &Town, table: &str, id: uuid::Uuid) -> String {
    let tenant = town.tenant;
    town.text(&format!(
        "select number from {table} where tenant_id = '{tenant}' and id = '{id}'"
    ))
    .await
}

#[tokio::test]
async fn the_answer_is_what_each_post_meets() {
    let town = Town::raise_at(MONDAY).await;
    let case = town.case().await;
    let plan = town.empower().await;
    let exercise = town.exercise(plan).await;
    let security = town.sign_in("security admin").await;
    let mut seats: Vec<Seat> = PostKind::ALL
        .iter()
        .map(|k| town.seat_of(*k).clone())
        .collect();
    for called in [
        "other dispatcher",
        "north secretary",
        "river secretary",
        "second dispatcher",
    ] {
        seats.push(town.seat(called).clone());
    }
    let items = [
        ("matters", "matters", case.matter),
        ("whistles", "whistles", case.whistle),
        ("power_exercises", "powers", exercise),
    ];
    let mut seen = 0;
    for (table, path, id) in items {
        let number = number(&town, table, id).await;
        for seat in &seats {
            let person = town.sign_in_as(seat).await;
            let sees = person.get(&format!("/{path}/{id}")).await.status() == 200;
            seen += usize::from(sees);
            let page = security
                .opens(&format!("/people/{}/sight?number={number}", seat.person))
                .await;
            let heading = if sees { "看得到" } else { "看不到" };
            assert_eq!(
                page.words_at("#item"),
                heading,
                "{} and {number}",
                seat.called
            );
        }
    }
    assert!(
        (20..60).contains(&seen),
        "some see it and some do not: {seen}"
    );
}

#[tokio::test]
async fn each_post_says_by_which_rule_and_never_what_the_case_says() {
    let town = Town::raise_at(MONDAY).await;
    let case = town.case().await;
    let number = number(&town, "whistles", case.whistle).await;
    let tenant = town.tenant;
    let title = town
        .text(&format!(
            "select title from whistles where tenant_id = '{tenant}' and id = '{}'",
            case.whistle
        ))
        .await;
    let audit = town.sign_in("audit admin").await;
    let of = |called: &str| format!("/people/{}", town.seat(called).person);

    audit.opens(&of("other dispatcher")).await;
    let page = audit.follows("看得到什么").await;
    page.costs_at_most(3)
        .shows("锦华街道·指挥调度中心值班员 | 锦华街道的事项、哨单、行权记录");
    let page = audit.submit("核对", &[("编号", &number)]).await;
    page.shows("看不到")
        .shows("哨单不在锦华街道")
        .never_names(&title);

    // Whoever stands in sees what the absent sees, and the page says whose post it is.
    let (absent, deputy) = (
        town.seat("street dispatcher").person,
        town.seat("other dispatcher").person,
    );
    let (id, now) = (uuid::Uuid::now_v7(), town.now());
    town.sql(&format!(
        "insert into leaves (tenant_id, id, person_id, deputy_id, from_day, to_day, at)
         values ('{tenant}', '{id}', '{absent}', '{deputy}', '2026-11-23', '2026-11-24', '{now}')"
    ))
    .await;
    let path = format!("{}/sight?number={number}", of("other dispatcher"));
    audit.opens(&path).await.shows(
        "慧阳街道·指挥调度中心值班员（替王丽代班） | (看得到) | 哨单在慧阳街道，这里的哨单都看得到",
    );

    // What is not there, and who is not asked.
    let path = format!("{}/sight?number=XX-1", of("city leader"));
    audit.opens(&path).await.shows("没有编号是 XX-1 的");
    let nobody = uuid::Uuid::nil();
    audit.get(&format!("/people/{nobody}/sight")).await.is(404);
    let dispatcher = town.sign_in("street dispatcher").await;
    dispatcher.get(&path).await.is(403);
}
