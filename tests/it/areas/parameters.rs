//! The city sets after how long a forgotten screen signs itself out.

use chrono::Duration;

use crate::harness::Town;

const MONDAY: &str = "2026-11-23T06:05:00Z";

#[tokio::test]
async fn a_forgotten_screen_ends_sooner_for_whom_the_city_says_so() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    let dispatcher = town.sign_in("street dispatcher").await;
    let chief = town.sign_in("grid chief").await;
    let page = security.opens("/parameters").await;
    page.costs_at_most(3)
        .shows("三名管理员多久不操作自动退出 | 15 分钟 | 不变 | 没有改过，是预置的");

    // Twelve minutes later the dispatcher has not touched anything.
    town.passes(Duration::minutes(12));
    chief.opens("/matters").await;
    security.opens("/parameters").await;
    let page = security.follows("市、街道、部门多久不操作自动退出").await;
    page.costs_at_most(3).shows("15 分钟");
    let fields = [("改成", "10 分钟"), ("修改理由", "等保测评要求")];
    security
        .submit("看改动", &fields)
        .await
        .is(200)
        .shows("市、街道、部门多久不操作自动退出 | 30 分钟 | 10 分钟 | 2026-11-23")
        .shows("现在登录着 1 个。")
        .shows("1 个登录会马上退出，须重新登录");
    let back = security.submit("返回修改", &[]).await;
    assert_eq!(back.form("看改动", &[]).value("reason"), "等保测评要求");
    security.submit("看改动", &[]).await.is(200);
    security
        .does("保存", &[])
        .await
        .shows("已保存")
        .shows("市、街道、部门多久不操作自动退出 | 10 分钟");
    dispatcher.get("/matters").await.is(303);
    chief.opens("/matters").await;

    // An administrator's own limit is shorter from the beginning.
    town.passes(Duration::minutes(14));
    security.opens("/parameters").await;
    chief.opens("/matters").await;
    town.passes(Duration::minutes(16));
    security.get("/parameters").await.is(303);
    chief.opens("/matters").await;

    let audit = town.sign_in("audit admin").await;
    audit.opens("/audit?verb=set_parameter").await.shows(
        "市、街道、部门多久不操作自动退出：30 分钟 → 10 分钟，2026-11-23 起。理由：等保测评要求",
    );
}

#[tokio::test]
async fn a_change_for_later_waits_for_its_day() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    security.opens("/parameters/session_hours").await;
    let fields = [
        ("改成", "4 小时"),
        ("生效日期", "2026-11-24"),
        ("修改理由", "统一要求"),
    ];
    security
        .submit("看改动", &fields)
        .await
        .is(200)
        .shows("2026-11-24 零点起用，以前照现在的。");
    security
        .does("保存", &[])
        .await
        .shows("登录一次最长用多久 | 12 小时 | 2026-11-24 起 4 小时");
    let chief = town.sign_in("grid chief").await;
    for _ in 0..10 {
        town.passes(Duration::minutes(25));
        chief.opens("/matters").await;
    }
    // Past midnight the four hours hold: whoever has been in for longer signs in again.
    for _ in 0..24 {
        town.passes(Duration::minutes(25));
        if chief.get("/matters").await.status() == 303 {
            assert!(town.now().to_rfc3339().as_str() >= "2026-11-23T16:00:00");
            return;
        }
    }
    panic!("the session outlived the night");
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_a_sentence_and_nobody_is_overwritten() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    security.opens("/parameters/idle_admin").await;
    let form = security.page().form("看改动", &[("修改理由", "试一试")]);
    let mut wrong = form.clone();
    wrong.set("value", "31");
    wrong.set("from_day", "2026-11-22");
    security
        .send_form(&wrong)
        .await
        .is(422)
        .shows("请从列出的数里选一个")
        .shows("生效日期要在今天 2026-11-23 至");
    security
        .send_form(&form)
        .await
        .is(409)
        .shows("现在就是 15 分钟，没有改动");

    let second = town.sign_in("security admin").await;
    second.opens("/parameters/idle_admin").await;
    let fields = [("改成", "5 分钟"), ("修改理由", "先改的")];
    second.submit("看改动", &fields).await.is(200);
    second.does("保存", &[]).await;
    let mut late = form.clone();
    late.set("value", "20");
    let page = security.send_form(&late).await;
    page.is(409)
        .shows("别人改过这个参数：现在是 5 分钟")
        .shows("先改的");
    security.submit("看改动", &[]).await.is(200);
    security.submit("保存", &[]).await.is(303);
    assert_eq!(
        town.column(&format!(
            "select value::text from parameter_values where tenant_id = '{}' order by number",
            town.tenant
        ))
        .await,
        ["5", "20"]
    );

    security.get("/parameters/nothing").await.is(404);
    let system = town.sign_in("system admin").await;
    system.opens("/parameters").await;
    system.get("/parameters/idle_admin").await.is(403);
}
