//! The second factor: demanded of administrators, open to everybody, asked before anything else.

use std::fmt::Write as _;

use chrono::Duration;

use crate::harness::{PASSWORD, Page, Person, Town};

/// Monday, five past two in the afternoon.
const MONDAY: &str = "2026-11-23T06:05:00Z";

async fn gives(person: &Person, code: &str) -> Page {
    person.opens("/second-factor").await;
    person.submit("继续", &[("验证码", code)]).await
}

/// The town's administrator before anything is set up.
async fn bare(town: &Town, called: &str) {
    let person = town.seat(called).person;
    town.sql(&format!(
        "delete from second_factors where tenant_id = '{}' and person_id = '{person}'",
        town.tenant
    ))
    .await;
}

#[tokio::test]
async fn an_administrator_sets_one_up_before_anything_else() {
    let town = Town::raise_at(MONDAY).await;
    bare(&town, "system admin").await;
    let qi = town.knocks("system admin", PASSWORD).await;
    for path in ["/", "/people", "/account"] {
        qi.get(path).await.goes_to("/account/second-factor");
    }
    qi.opens("/account/second-factor")
        .await
        .shows("管理员须先设置，才能办事");
    let page = qi.does("开始设置", &[]).await;
    let picture = page.attribute(".qr path", "d").unwrap();
    assert!(picture.starts_with("M2 2h1"), "{picture}");
    let wrong = qi.submit("启用第二因子", &[("验证码", "000000")]).await;
    wrong.is(422).shows("验证码不对");
    let (phone, paper) = qi.sets_up_a_factor().await;
    assert_eq!(paper.len(), 10);
    qi.opens("/people").await;
    // The next browser gives a code after the password; each code once.
    let next = town.knocks("system admin", PASSWORD).await;
    next.get("/people")
        .await
        .goes_to("/second-factor?to=/people");
    let code = phone.code(&next, 0);
    gives(&next, &code)
        .await
        .is(422)
        .shows("每个验证码只能用一次");
    gives(&next, &phone.code(&next, 1)).await.goes_to("/");
    next.opens("/people").await;
    next.opens("/account/second-factor")
        .await
        .shows("剩余恢复码：10 个");
    assert!(!next.page().has_button("停用第二因子"));
    let form = [("code", paper[0].as_str())];
    let refused = next.post("/account/second-factor/removal", &form).await;
    refused.is(409).shows("管理员必须使用第二因子");
}

#[tokio::test]
async fn a_code_on_paper_is_used_once_and_helps_whoever_is_locked_out() {
    let town = Town::raise_at(MONDAY).await;
    let wang = town.sign_in("street dispatcher").await;
    let (phone, paper) = wang.sets_up_a_factor().await;
    let next = town.knocks("street dispatcher", PASSWORD).await;
    for _ in 0..4 {
        gives(&next, "123 456").await.is(422).shows("验证码不对");
    }
    gives(&next, "123456").await.is(422).shows("已锁定 15 分钟");
    gives(&next, &phone.code(&next, 1))
        .await
        .is(422)
        .shows("已锁定");
    gives(&next, &paper[0].to_uppercase()).await.goes_to("/");
    next.opens("/account/second-factor")
        .await
        .shows("剩余恢复码：9 个");
    let third = town.knocks("street dispatcher", PASSWORD).await;
    gives(&third, &paper[0]).await.is(422);
    gives(&third, &paper[1]).await.goes_to("/");
    // New ones end the old ones; without the factor no code is asked for.
    third.opens("/account/second-factor").await;
    let fields = [("验证码", paper[2].as_str())];
    let renewed = third.submit("重新生成", &fields).await;
    let fresh = renewed.is(200).all_words_at(".codes code");
    let fourth = town.knocks("street dispatcher", PASSWORD).await;
    gives(&fourth, &paper[3]).await.is(422);
    gives(&fourth, &fresh[0]).await.goes_to("/");
    fourth.opens("/account/second-factor").await;
    fourth
        .does("停用第二因子", &[("验证码", fresh[1].as_str())])
        .await
        .shows("第二因子已停用");
    town.knocks("street dispatcher", PASSWORD)
        .await
        .opens("/whistles")
        .await;
    let kept = town
        .column(&format!(
            "select encode(digest, 'hex') from recovery_codes where tenant_id = '{}'",
            town.tenant
        ))
        .await;
    assert!(kept.is_empty(), "the codes went with the factor");
}

#[tokio::test]
async fn before_the_code_nothing_is_open_and_the_password_stays() {
    let town = Town::raise_at(MONDAY).await;
    let wang = town.sign_in("street dispatcher").await;
    wang.sets_up_a_factor().await;
    let thief = town.knocks("street dispatcher", PASSWORD).await;
    for path in ["/matters", "/password", "/account", "/posts"] {
        let first = format!("/second-factor?to={path}");
        thief.get(path).await.goes_to(&first);
    }
    thief.get("/").await.goes_to("/second-factor");
    let fields = [("old", PASSWORD), ("new", "Haitang-kai-9-du")];
    thief
        .post("/password", &fields)
        .await
        .goes_to("/second-factor");
    thief.opens("/second-factor").await;
    thief.submit("退出", &[]).await.goes_to("/sign-in");
}

#[tokio::test]
async fn the_code_leads_to_the_page_that_was_asked_for() {
    let town = Town::raise_at(MONDAY).await;
    let wang = town.sign_in("street dispatcher").await;
    let (phone, _) = wang.sets_up_a_factor().await;
    let next = town.knocks("street dispatcher", PASSWORD).await;
    let asked = "/whistles?waiting=1&kind=daily";
    let first = next.get(asked).await.location().to_owned();
    next.opens(&first).await;
    let wrong = next.submit("继续", &[("验证码", "000000")]).await;
    wrong.is(422);
    let code = phone.code(&next, 1);
    next.submit("继续", &[("验证码", &code)])
        .await
        .goes_to(asked);
    // An address elsewhere is none of ours.
    let other = town.knocks("street dispatcher", PASSWORD).await;
    let page = other.opens("/second-factor?to=//example.org/").await;
    assert_eq!(page.form("继续", &[]).value("to"), "/");
}

#[tokio::test]
async fn the_security_administrator_resets_what_is_lost() {
    let town = Town::raise_at(MONDAY).await;
    let wang = town.sign_in("street dispatcher").await;
    wang.sets_up_a_factor().await;
    let security = town.sign_in("security admin").await;
    let person = format!("/people/{}", town.seat("street dispatcher").person);
    security.opens(&person).await.shows("2026-11-23 14:05 启用");
    security
        .does("重置第二因子", &[])
        .await
        .shows("第二因子已重置")
        .shows("没有启用");
    town.knocks("street dispatcher", PASSWORD)
        .await
        .opens("/")
        .await;
    town.passes(Duration::minutes(1));
    // Twice is once.
    let again = security.post(&format!("{person}/factor/reset"), &[]).await;
    again.is(409);
}

#[tokio::test]
async fn a_secret_is_sealed_and_opens_for_nobody_else() {
    let town = Town::raise_at(MONDAY).await;
    let [wang, li] = [
        town.sign_in("street dispatcher").await,
        town.sign_in("community secretary").await,
    ];
    wang.opens("/account/second-factor").await;
    let page = wang.does("开始设置", &[]).await;
    let shown = page.words_at("section code").replace(' ', "");
    let secret = totp_rs::Secret::try_from_base32(&shown).unwrap();
    let plain = secret.as_ref().iter().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "{byte:02x}");
        all
    });
    let kept = format!(
        "select encode(secret, 'hex') from second_factors where tenant_id = '{}' and person_id = '{}'",
        town.tenant,
        town.seat("street dispatcher").person
    );
    assert!(!town.text(&kept).await.contains(&plain));
    // Moved to another person's row it does not open.
    li.opens("/account/second-factor").await;
    li.does("开始设置", &[]).await;
    town.sql(&format!(
        "update second_factors t set secret = f.secret, key_name = f.key_name from second_factors f
          where t.tenant_id = '{tenant}' and t.person_id = '{li}' and f.tenant_id = '{tenant}' and f.person_id = '{wang}'",
        tenant = town.tenant,
        li = town.seat("community secretary").person,
        wang = town.seat("street dispatcher").person
    ))
    .await;
    li.opens("/account/second-factor")
        .await
        .never_names(&shown[..8]);
}
