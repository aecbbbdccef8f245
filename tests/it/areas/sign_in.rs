//! The door, sessions, passwords, and posts.

use chrono::Duration;

use crate::harness::{PASSWORD, Town};

#[tokio::test]
async fn the_right_password_opens_and_the_page_says_as_whom() {
    let town = Town::raise().await;
    let wang = town.knocks("street dispatcher", PASSWORD).await;
    wang.page().goes_to("/");
    let account = wang.opens("/account").await;
    assert!(account.frame().contains("慧阳街道·指挥调度中心值班员 王丽"));
    assert!(account.frame().contains(&town.name));
    account.costs_at_most(3);
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_get_the_same_answer() {
    let town = Town::raise().await;
    let wrong = town
        .knocks("street dispatcher", "Wrong-2026-x")
        .await
        .page();
    let nobody = town.visitor();
    nobody.opens("/sign-in").await;
    let unknown = nobody
        .submit("登录", &[("账号", "nobody"), ("密码", "Wrong-2026-x")])
        .await;
    wrong.is(422).shows("账号或密码不对。");
    unknown.is(422);
    let without_name =
        |page: &crate::harness::Page| page.body.replace("nobody", "street.dispatcher");
    assert_eq!(without_name(&wrong), without_name(&unknown));
}

#[tokio::test]
async fn five_failures_lock_the_account_for_a_quarter_of_an_hour() {
    let town = Town::raise_at("2026-11-23T06:00:00Z").await;
    for source in 1..=5 {
        let somebody = town.visitor().from([10, 0, 1, source]);
        somebody.opens("/sign-in").await;
        let wrong = [("账号", "street.dispatcher"), ("密码", "Wrong-2026-x")];
        somebody
            .submit("登录", &wrong)
            .await
            .is(422)
            .shows("账号或密码不对。");
    }
    let wang = town.visitor().from([10, 0, 2, 1]);
    wang.opens("/sign-in").await;
    let right = [("账号", "street.dispatcher"), ("密码", PASSWORD)];
    wang.submit("登录", &right)
        .await
        .is(422)
        .shows("已锁定 15 分钟");
    town.passes(Duration::minutes(15));
    wang.submit("登录", &right).await.goes_to("/");
}
