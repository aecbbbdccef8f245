//! Notices to all: drafted, previewed with whom they reach, put out, read, changed, withdrawn.

use chrono::Duration;

use crate::harness::{Page, Person, Sql, Town, all_at_once};

const MONDAY: &str = "2026-11-23T06:05:00Z";
const STOP: [(&str, &str); 5] = [
    ("标题", "系统停机维护"),
    ("正文", "周六 20:00 至 22:00 停机。\n\n请提前办完。"),
    ("街道", "街道"),
    ("部门", "部门"),
    ("显示到", "2026-11-28"),
];

/// Drafts and puts out; answers the path of the notice.
async fn puts_out(person: &Person, fields: &[(&str, &str)]) -> String {
    person.opens("/announcements/new").await;
    person.does("存为草稿并预览", fields).await;
    let page = person.does("发布", &[]).await;
    page.path.split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_draft_says_whom_it_reaches_and_stands_on_their_desks_until_it_is_opened() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let dispatcher = town.sign_in("street dispatcher").await;
    system.opens("/announcements/new").await.costs_at_most(3);
    let form = system.page().form("存为草稿并预览", &STOP);
    let draft = system.send_form(&form).await;
    draft.is(303);
    assert_eq!(system.send_form(&form).await.location(), draft.location());
    let preview = system.opens(draft.location()).await;
    let streets = format!(
        "select count(distinct m.person_id) from appointments m
           join posts o on o.tenant_id = m.tenant_id and o.id = m.post_id
           join accounts c on c.tenant_id = m.tenant_id and c.person_id = m.person_id
          where m.tenant_id = '{}' and o.kind::text like 'street%'",
        town.tenant
    );
    let streets = town.number(&streets).await;
    assert!(streets > 3);
    preview
        .costs_at_most(3)
        .shows("发给街道、部门")
        .shows(&format!("街道 | {streets} 人"))
        .shows("能看到的共");
    // Nobody else knows of a draft.
    dispatcher.opens("/").await.never_names("系统停机维护");
    let path = draft.location().replace("/preview", "");
    dispatcher.get(&path).await.is(404);
    dispatcher
        .opens("/announcements?tab=ahead")
        .await
        .never_names("系统停机维护");

    let form = system.page().form("发布", &[]);
    let out = system.send_form(&form).await;
    assert_eq!(system.send_form(&form).await.location(), out.location());
    system.opens(out.location()).await.shows("已发布");
    for called in ["street dispatcher", "water clerk", "street secretary"] {
        let person = town.sign_in(called).await;
        let desk = person.opens("/").await;
        desk.costs_at_most(4).shows("系统停机维护");
        let page = person.does("打开：系统停机维护", &[]).await;
        page.costs_at_most(3).shows("请提前办完。");
        person.opens("/").await.never_names("系统停机维护");
    }
    // It is not meant for these; the list shows it to everybody.
    for called in [
        "city leader",
        "community secretary",
        "unit chief",
        "security admin",
        "audit admin",
    ] {
        let person = town.sign_in(called).await;
        person
            .opens("/")
            .await
            .costs_at_most(4)
            .never_names("系统停机维护");
        let list = person.opens("/announcements").await;
        list.costs_at_most(3)
            .shows("系统停机维护")
            .never_names("已读");
        person
            .opens(&list.link("系统停机维护"))
            .await
            .shows("发给街道、部门");
        person.get("/announcements/new").await.is(403);
        person.get("/announcements.csv").await.is(403);
    }
    system.opens("/announcements").await.shows("已读 3 人");
    let sheet = system.get("/announcements.csv").await;
    assert!(
        sheet.body.contains("系统停机维护,街道、部门,"),
        "{}",
        sheet.body
    );
    let events = format!(
        "select verb || ' ' || sentence from events where tenant_id = '{}' and subject = 'announcement' order by id",
        town.tenant
    );
    assert_eq!(
        town.column(&events).await,
        [
            "draft_announcement 系统停机维护。",
            "put_out_announcement 系统停机维护：发给街道、部门，2026-11-23 14:05 起，2026-11-28 止，不置顶。"
        ]
    );
}

#[tokio::test]
async fn everybody_gets_what_is_for_all_in_its_time() {
    let town = Town::raise_at(MONDAY).await;
    let office = town.sign_in("city office").await;
    let later = [
        ("标题", "年终填报要求"),
        ("正文", "按上年口径填报。"),
        ("全体", "全体"),
        ("开始显示", "2026-11-24 08:00"),
        ("显示到", "2026-11-25"),
        ("置顶，排在其他公告前面", "1"),
    ];
    puts_out(&office, &later).await;
    let all = [
        "city leader",
        "city office",
        "street checker",
        "community worker",
        "grid chief",
        "unit chief",
        "water head",
        "system admin",
        "security admin",
        "audit admin",
    ];
    office
        .opens("/announcements?tab=ahead")
        .await
        .shows("未到时间");
    town.sign_in("grid chief")
        .await
        .opens("/")
        .await
        .never_names("年终填报要求");
    town.passes(Duration::hours(20));
    for called in all {
        let person = town.sign_in(called).await;
        person
            .opens("/")
            .await
            .costs_at_most(4)
            .shows("年终填报要求");
    }
    town.passes(Duration::hours(48));
    let chief = town.sign_in("grid chief").await;
    chief.opens("/").await.never_names("年终填报要求");
    chief
        .opens("/announcements?tab=past")
        .await
        .shows("年终填报要求")
        .shows("已到期");
}

#[tokio::test]
async fn a_change_is_a_new_version_that_is_read_again_and_the_old_one_stays() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let path = puts_out(&system, &STOP).await;
    let clerk = town.sign_in("water clerk").await;
    clerk.opens("/").await;
    clerk.does("打开：系统停机维护", &[]).await;
    let other = town.sign_in("city office").await;
    other.opens(&format!("{path}/edit")).await;
    system.opens(&format!("{path}/edit")).await;
    let fields = [("正文", "改到周日 20:00 至 22:00 停机。")];
    let preview = system.does("存为草稿并预览", &fields).await;
    preview
        .shows("正文：周六 20:00 至 22:00 停机。")
        .shows("→ 改到周日 20:00 至 22:00 停机。");
    // While it is a draft the old one stands.
    clerk.opens(&path).await.shows("请提前办完。");
    let stale = other
        .submit("存为草稿并预览", &[("标题", "系统维护")])
        .await;
    stale
        .is(409)
        .shows("刚被别人改过")
        .shows("改到周日 20:00 至 22:00 停机。");
    assert_eq!(stale.form("存为草稿并预览", &[]).value("title"), "系统维护");
    system.does("发布", &[]).await;
    clerk.opens("/").await.shows("系统停机维护");
    let page = clerk.does("打开：系统停机维护", &[]).await;
    page.shows("改到周日").shows("第 2 版");
    clerk
        .opens(&format!("{path}?version=1"))
        .await
        .shows("这是旧的一版")
        .shows("请提前办完。");
    clerk.get(&format!("{path}?version=3")).await.is(404);
    let audit = town.sign_in("audit admin").await;
    audit
        .opens("/audit?verb=amend_announcement")
        .await
        .shows("正文：周六 20:00 至 22:00 停机。")
        .shows("改到周日 20:00 至 22:00 停机。");
    // The same once more is nothing to put out.
    system.opens(&format!("{path}/edit")).await;
    system.does("存为草稿并预览", &[]).await;
    system
        .submit("发布", &[])
        .await
        .is(409)
        .shows("没有改动，不用发布");
}

#[tokio::test]
async fn it_is_withdrawn_with_a_reason_and_once() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let path = puts_out(&system, &STOP).await;
    let second = town.sign_in("city office").await;
    second.opens(&format!("{path}/withdrawal")).await;
    system.opens(&format!("{path}/withdrawal")).await;
    system
        .submit("确认撤回", &[])
        .await
        .is(422)
        .shows("请填写撤回理由");
    let forms = [&system, &second].map(|person| {
        person
            .page()
            .form("确认撤回", &[("撤回理由", "停机取消。")])
    });
    let both = all_at_once([system.send_form(&forms[0]), second.send_form(&forms[1])]).await;
    let mut statuses: Vec<u16> = both.iter().map(Page::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let clerk = town.sign_in("water clerk").await;
    clerk.opens("/").await.never_names("系统停机维护");
    clerk
        .opens(&path)
        .await
        .shows("已撤回")
        .shows("理由：停机取消。");
    system.get(&format!("{path}/edit")).await.is(409);
    // What is typed and cannot be kept is said beside its field.
    system.opens("/announcements/new").await;
    let wrong = system.submit("存为草稿并预览", &[("标题", "停")]).await;
    wrong.is(422);
    for sentence in [
        "标题太短",
        "请填写正文",
        "请勾选发给谁",
        "显示到写成 2026-11-23",
    ] {
        wrong.shows(sentence);
    }
    let other = Town::raise_at(MONDAY).await;
    other.sign_in("city office").await.get(&path).await.is(404);
}

#[tokio::test]
async fn what_was_put_out_is_not_written_over_in_the_database_either() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    puts_out(&system, &STOP).await;
    let mut sql = Sql::app().await;
    let update = format!(
        "update announcement_versions set title = '改掉' where tenant_id = '{}'",
        town.tenant
    );
    let why = sql.is_refused(town.tenant, &update).await;
    assert_eq!(why, "announcement_version_stays");
}
