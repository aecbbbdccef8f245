//! One's own account: password, sessions, and the post one acts for.

use crate::harness::{PASSWORD, Town};

const NEW: &str = "Xin-mima-2027";

#[tokio::test]
async fn the_first_password_must_be_changed_before_anything_else() {
    let town = Town::raise().await;
    let person = town.seat("grid chief").person;
    town.sql(&format!(
        "update accounts set must_change = true where tenant_id = '{}' and person_id = '{person}'",
        town.tenant
    ))
    .await;
    let zhu = town.knocks("grid chief", PASSWORD).await;
    for path in ["/", "/account", "/posts", "/matters"] {
        zhu.get(path).await.goes_to("/password");
    }
    zhu.post("/posts", &[]).await.goes_to("/password");
    zhu.opens("/password").await.shows("首次登录须先修改密码");
    let fields = [
        ("原密码", PASSWORD),
        ("新密码", NEW),
        ("再输一次新密码", NEW),
    ];
    zhu.does("保存新密码", &fields).await.shows("密码已修改");
    zhu.opens("/posts").await;
}

#[tokio::test]
async fn a_new_password_is_checked_and_ends_the_other_sessions() {
    let town = Town::raise().await;
    let wang = town.sign_in("street dispatcher").await;
    let elsewhere = town.sign_in("street dispatcher").await;
    for (old, new, again, sentence) in [
        ("wrong", NEW, NEW, "原密码不对"),
        (PASSWORD, "Kurz-1", "Kurz-1", "至少 10 个字符"),
        (PASSWORD, "allesklein", "allesklein", "三种"),
        (
            PASSWORD,
            "Street.Dispatcher-1",
            "Street.Dispatcher-1",
            "不能含有账号",
        ),
        (PASSWORD, PASSWORD, PASSWORD, "不能与原密码相同"),
        (PASSWORD, NEW, "Xin-mima-2028", "不一样"),
    ] {
        wang.opens("/password").await;
        let fields = [("原密码", old), ("新密码", new), ("再输一次新密码", again)];
        let answer = wang.submit("保存新密码", &fields).await;
        answer.is(422).shows(sentence).never_names(new);
    }
    elsewhere.opens("/account").await;
    wang.opens("/password").await;
    let fields = [
        ("原密码", PASSWORD),
        ("新密码", NEW),
        ("再输一次新密码", NEW),
    ];
    wang.does("保存新密码", &fields)
        .await
        .shows("其他设备已退出");
    elsewhere.get("/account").await.is(303);
    town.knocks("street dispatcher", PASSWORD)
        .await
        .page()
        .is(422);
    town.knocks("street dispatcher", NEW)
        .await
        .page()
        .goes_to("/");
}

#[tokio::test]
async fn sessions_are_listed_and_can_be_ended() {
    let town = Town::raise().await;
    let wang = town.sign_in("street dispatcher").await;
    let lost = town.knocks("street dispatcher", PASSWORD).await;
    let account = wang.opens("/account").await;
    account.shows("共 2 台").shows("本机");
    wang.does("退出这台", &[])
        .await
        .shows("那台设备已退出")
        .shows("共 1 台");
    lost.get("/account").await.is(303);
}

#[tokio::test]
async fn nobody_ends_the_session_of_another() {
    let town = Town::raise().await;
    let [wang, li] = [
        town.sign_in("street dispatcher").await,
        town.sign_in("community secretary").await,
    ];
    town.knocks("street dispatcher", PASSWORD).await;
    let form = wang.opens("/account").await.form("退出这台", &[]);
    li.post(&form.action, &[]).await.is(404);
    wang.opens("/account").await.shows("共 2 台");
    wang.send_form(&form).await.is(303);
    wang.send_form(&form).await.is(404);
}

#[tokio::test]
async fn who_holds_two_posts_acts_for_one_at_a_time() {
    let town = Town::raise().await;
    let yu = town.knocks("two posts", PASSWORD).await;
    let desk = yu.opens("/").await;
    assert!(
        desk.frame().contains("城北社区·社区工作者 喻晓"),
        "{}",
        desk.frame()
    );
    let posts = yu.opens("/posts").await;
    posts
        .shows("| 社区工作者 | 城北社区 |")
        .shows("| 网格长 | 老街网格 |");
    let desk = yu.does("以此职务办事", &[]).await;
    assert!(
        desk.frame().contains("老街网格·网格长 喻晓"),
        "{}",
        desk.frame()
    );
    // Another browser of the same person still acts for the first post.
    let other = town.knocks("two posts", PASSWORD).await;
    assert!(
        other
            .opens("/")
            .await
            .frame()
            .contains("城北社区·社区工作者")
    );
}

#[tokio::test]
async fn nobody_acts_for_the_post_of_another() {
    let town = Town::raise().await;
    let yu = town.sign_in("two posts").await;
    for called in ["street secretary", "system admin"] {
        let appointment = town.seat(called).appointment.to_string();
        yu.post("/posts", &[("appointment", &appointment)])
            .await
            .is(404);
    }
    assert!(yu.opens("/").await.frame().contains("社区工作者"));
    let one = town.sign_in("grid chief").await;
    assert!(!one.opens("/").await.frame().contains("切换职务"));
}
