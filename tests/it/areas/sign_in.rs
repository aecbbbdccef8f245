//! The door: who gets in, who is locked out, and for how long one stays.

use axum::http::header;
use chrono::Duration;
use street_whistle::org::access::SESSION_COOKIE;

use crate::harness::{PASSWORD, Page, Person, Town, all_at_once};

const WRONG: &str = "Wrong-2026-x";
const NOON: &str = "2026-11-23T04:00:00Z";

#[tokio::test]
async fn the_right_password_opens_and_the_page_says_as_whom() {
    let town = Town::raise().await;
    let wang = town.knocks("street dispatcher", PASSWORD).await;
    let welcome = wang.page();
    welcome.goes_to("/");
    let cookie = welcome.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let account = wang.opens("/account").await;
    let frame = account.frame();
    assert!(
        frame.contains("慧阳街道·指挥调度中心值班员 王丽"),
        "{frame}"
    );
    assert!(frame.contains(&town.name), "{frame}");
    account.costs_at_most(3);
}

#[tokio::test]
async fn the_database_keeps_no_token_and_no_password() {
    let town = Town::raise().await;
    let wang = town.knocks("street dispatcher", PASSWORD).await;
    let cookie = wang.cookie(SESSION_COOKIE).unwrap();
    let (_, token) = cookie.split_once('.').unwrap();
    for (table, secret) in [
        ("sessions", token),
        ("accounts", PASSWORD),
        ("events", token),
    ] {
        let kept = format!("select count(*) from {table} t where t::text like '%{secret}%'");
        assert_eq!(town.number(&kept).await, 0, "{table}");
    }
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_get_the_same_answer() {
    let town = Town::raise().await;
    let wrong = town.knocks("street dispatcher", WRONG).await.page();
    let nobody = town.visitor();
    nobody.opens("/sign-in").await;
    let unknown = nobody
        .submit("登录", &[("账号", "nobody"), ("密码", WRONG)])
        .await;
    wrong.is(422).shows("账号或密码不对。");
    unknown.is(422);
    let nameless = |page: &Page| page.body.replace("nobody", "street.dispatcher");
    assert_eq!(nameless(&wrong), nameless(&unknown));
    wrong.never_names(WRONG);
}

#[tokio::test]
async fn five_failures_lock_the_account_for_a_quarter_of_an_hour() {
    let town = Town::raise_at(NOON).await;
    for source in 1..=5 {
        let somebody = town.visitor().from([10, 0, 1, source]);
        tries(&somebody, "street.dispatcher", WRONG)
            .await
            .is(422)
            .shows("账号或密码不对。");
    }
    let wang = town.visitor().from([10, 0, 2, 1]);
    let locked = tries(&wang, "street.dispatcher", PASSWORD).await;
    locked.is(422).shows("已锁定 15 分钟");
    let colleague = town.visitor().from([10, 0, 2, 1]);
    tries(&colleague, "street.deputy", PASSWORD)
        .await
        .goes_to("/");
    town.passes(Duration::minutes(14));
    tries(&wang, "street.dispatcher", PASSWORD).await.is(422);
    town.passes(Duration::minutes(1));
    tries(&wang, "street.dispatcher", PASSWORD)
        .await
        .goes_to("/");
}

#[tokio::test]
async fn five_failures_lock_the_source_whatever_the_names() {
    let town = Town::raise_at(NOON).await;
    let somebody = town.visitor().from([10, 9, 9, 9]);
    for name in ["nobody", "root", "street.deputy", "admin", "water.clerk"] {
        tries(&somebody, name, WRONG)
            .await
            .is(422)
            .shows("账号或密码不对。");
    }
    tries(&somebody, "grid.chief", PASSWORD)
        .await
        .is(422)
        .shows("已锁定 15 分钟");
    let elsewhere = town.visitor().from([10, 9, 9, 8]);
    tries(&elsewhere, "grid.chief", PASSWORD).await.goes_to("/");
    town.passes(Duration::minutes(15));
    tries(&somebody, "grid.chief", PASSWORD).await.goes_to("/");
}

#[tokio::test]
async fn failures_at_once_are_counted_one_by_one() {
    let town = Town::raise_at(NOON).await;
    let people: Vec<Person> = (0..8).map(|n| town.visitor().from([10, 3, 0, n])).collect();
    all_at_once(people.iter().map(|one| tries(one, "street.deputy", WRONG))).await;
    let failures = format!(
        "select failures::bigint from accounts where tenant_id = '{}' and login = 'street.deputy'",
        town.tenant
    );
    assert_eq!(town.number(&failures).await, 5, "the sixth found it locked");
}

#[tokio::test]
async fn half_an_hour_without_a_page_ends_the_session() {
    let town = Town::raise_at(NOON).await;
    let wang = town.sign_in("street dispatcher").await;
    for _ in 0..3 {
        town.passes(Duration::minutes(29));
        wang.opens("/account").await;
    }
    town.passes(Duration::minutes(31));
    wang.get("/account").await.goes_to("/sign-in?to=/account");
}

#[tokio::test]
async fn twelve_hours_end_the_session_in_any_case() {
    let town = Town::raise_at(NOON).await;
    let wang = town.sign_in("street dispatcher").await;
    for _ in 0..35 {
        town.passes(Duration::minutes(20));
        wang.opens("/account").await;
    }
    town.passes(Duration::minutes(21));
    wang.get("/account").await.goes_to("/sign-in?to=/account");
}

#[tokio::test]
async fn the_door_leads_back_to_where_one_wanted_to_go_and_nowhere_else() {
    let town = Town::raise().await;
    let wang = town.visitor();
    let door = wang.get("/posts?from=desk").await;
    assert_eq!(door.location(), "/sign-in?to=/posts%3Ffrom%3Ddesk");
    wang.opens(door.location()).await;
    let fields = [("账号", "street.dispatcher"), ("密码", PASSWORD)];
    wang.submit("登录", &fields)
        .await
        .goes_to("/posts?from=desk");
    for elsewhere in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "evil",
        "/a%0d%0ab",
    ] {
        let person = town.visitor();
        person.opens(&format!("/sign-in?to={elsewhere}")).await;
        person.submit("登录", &fields).await.goes_to("/");
    }
}

#[tokio::test]
async fn after_signing_out_the_cookie_opens_nothing() {
    let town = Town::raise().await;
    let wang = town.sign_in("street dispatcher").await;
    let cookie = wang.cookie(SESSION_COOKIE).unwrap();
    wang.opens("/account").await;
    wang.submit("退出", &[]).await.goes_to("/sign-in");
    assert_eq!(wang.cookie(SESSION_COOKIE), None);
    wang.keep_cookie(SESSION_COOKIE, &cookie);
    wang.get("/account").await.goes_to("/sign-in?to=/account");
}

#[tokio::test]
async fn who_holds_no_post_any_more_gets_in_no_more() {
    let town = Town::raise_at(NOON).await;
    let wang = town.sign_in("street dispatcher").await;
    town.sql(&format!(
        "update appointments set to_day = '2026-11-24' where tenant_id = '{}' and id = '{}'",
        town.tenant,
        town.seat("street dispatcher").appointment
    ))
    .await;
    wang.opens("/account").await;
    // Noon in London is evening in China: four hours later the last day is over.
    town.passes(Duration::hours(12));
    wang.get("/account").await.is(303);
    let again = town.knocks("street dispatcher", PASSWORD).await;
    again.page().is(422).shows("没有在任职务");
}

#[tokio::test]
async fn a_session_of_one_tenant_is_nothing_to_another() {
    let (town, other) = (Town::raise().await, Town::raise().await);
    let wang = town.sign_in("street dispatcher").await;
    let cookie = wang.cookie(SESSION_COOKIE).unwrap();
    let (_, token) = cookie.split_once('.').unwrap();
    let forger = other.visitor();
    forger.keep_cookie(SESSION_COOKIE, &format!("{}.{token}", other.tenant));
    forger.get("/account").await.is(303);
    for broken in [
        "",
        ".",
        "x",
        "x.y",
        &format!("{}.", town.tenant),
        &format!("{}.{}", town.tenant, "0".repeat(64)),
    ] {
        forger.keep_cookie(SESSION_COOKIE, broken);
        forger.get("/account").await.is(303);
    }
}

#[tokio::test]
async fn a_host_of_two_units_asks_for_the_unit() {
    let (town, other) = (Town::raise().await, Town::raise().await);
    town.sql(&format!(
        "insert into tenant_hosts values ('both.{host}', '{}'), ('both.{host}', '{}')",
        town.tenant,
        other.tenant,
        host = town.host
    ))
    .await;
    let wang = town.visitor().at_host(&format!("both.{}:8080", town.host));
    wang.opens("/sign-in").await;
    let name = [("账号", "street.dispatcher"), ("密码", PASSWORD)];
    wang.submit("登录", &name)
        .await
        .is(422)
        .shows("请先选择单位。");
    let with_unit = [("单位", other.name.as_str()), name[0], name[1]];
    wang.submit("登录", &with_unit).await.goes_to("/");
    let account = wang.opens("/account").await;
    assert!(account.frame().contains(&other.name));
    account.never_names(&town.name);
}

#[tokio::test]
async fn an_unknown_host_serves_nobody() {
    let town = Town::raise().await;
    let lost = town.visitor().at_host("unknown.test");
    lost.get("/sign-in").await.is(404);
    lost.post(
        "/sign-in",
        &[("name", "street.dispatcher"), ("word", PASSWORD)],
    )
    .await
    .is(404);
}

#[tokio::test]
async fn large_type_is_kept_and_leads_back() {
    let town = Town::raise().await;
    let zhang = town.sign_in("unit household").await;
    let page = zhang.opens("/account").await;
    assert_eq!(page.attribute("html", "class"), None);
    zhang.does("大字版", &[]).await;
    let page = zhang.opens("/account").await;
    assert_eq!(page.attribute("html", "class").as_deref(), Some("large"));
    zhang.does("标准版", &[]).await;
    assert_eq!(zhang.opens("/posts").await.attribute("html", "class"), None);
}

/// Opens the door and tries a name and a password.
async fn tries(person: &Person, name: &str, word: &str) -> Page {
    person.opens("/sign-in").await;
    person
        .submit("登录", &[("账号", name), ("密码", word)])
        .await
}
