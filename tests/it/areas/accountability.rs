//! Tasks of the three-year plan and rectification items: the city sets them, each body answers for
//! its own, and who reported never judges.

use chrono::Duration;

use crate::harness::{Page, Town};

const MORNING: &str = "2026-11-23T01:00:00Z";

const PLAN: [(&str, &str); 3] = [
    ("标题", "党建引领城乡基层治理三年工作计划"),
    ("起始年份", "2025"),
    ("结束年份", "2027"),
];

const TASK: [(&str, &str); 3] = [
    ("目标", "主城区供水旧管网改造完成，停水投诉明显减少。"),
    ("责任单位", "供水公司"),
    ("完成期限", "2027-06-30"),
];

const ITEM: [(&str, &str); 7] = [
    ("来源", "巡察"),
    ("来源名称", "市委第二轮巡察"),
    ("反馈日期", "2026-10-08"),
    ("问题", "应哨不及时，两次超过报到时限。"),
    ("整改措施", "设专人盯办，节假日值班。"),
    ("责任单位", "供水公司"),
    ("整改期限", "2026-12-31"),
];

async fn planned(town: &Town) {
    town.acts("city office", "/three-year-plans/new", "制定计划", &PLAN)
        .await
        .shows("已制定三年工作计划");
}

/// A task of the water company, with further fields; answers its path.
async fn set(town: &Town, more: &[(&str, &str)]) -> String {
    let typed = [&TASK[..], more].concat();
    let page = town
        .acts("city office", "/tasks/new", "下达任务", &typed)
        .await;
    page.shows("已下达任务。");
    bare(&page)
}

async fn listed(town: &Town) -> String {
    let page = town
        .acts("city office", "/rectifications/new", "列入整改", &ITEM)
        .await;
    page.shows("已列入整改。").shows("待整改");
    bare(&page)
}

/// How many events there are about things of one kind.
async fn events(town: &Town, subject: &str) -> i64 {
    let tenant = town.tenant;
    let query = format!(
        "select count(*) from events where tenant_id = '{tenant}' and subject = '{subject}'"
    );
    town.number(&query).await
}

fn bare(page: &Page) -> String {
    page.path.split('?').next().unwrap_or_default().to_owned()
}

async fn refused(town: &Town, path: &str, button: &str, fields: &[(&str, &str)]) -> Page {
    let qian = town.sign_in("city office").await;
    qian.opens(path).await;
    let page = qian.submit(button, fields).await;
    page.is(422);
    page
}

#[tokio::test]
async fn a_task_goes_from_setting_to_confirmation() {
    let town = Town::raise_at(MORNING).await;
    planned(&town).await;
    let rows = [
        ("day-1", "2026-11-30"),
        ("milestone-1", "完成管线普查"),
        ("day-2", "2027-05-31"),
        ("milestone-2", "完成开挖改造"),
        ("配合单位 1", "住房和城乡建设局"),
    ];
    let path = set(&town, &rows).await;
    let clerk = town.sign_in("water clerk").await;
    clerk
        .opens("/tasks")
        .await
        .shows("共 1 项")
        .shows("还剩 7 天")
        .shows("未开始 1");
    let page = clerk.opens(&path).await;
    page.shows("完成管线普查").shows("住房和城乡建设局");
    // The words of two forms stand on one page: each is meant by its name.
    let report = page.form("报进展", &[("words", "已普查三个小区。")]);
    let first = clerk.send_form(&report).await;
    first.is(303);
    let second = clerk.send_form(&report).await;
    assert_eq!(
        second.location(),
        first.location(),
        "a double click acts once"
    );
    clerk
        .opens(&path)
        .await
        .shows("进行中")
        .shows("已普查三个小区。");
    let qian = town.sign_in("city office").await;
    let early = qian.opens(&path).await;
    early.shows("各节点都达到后");
    assert!(!early.says("确认意见"), "no form before its time");
    qian.post(
        &format!("{path}/confirmation"),
        &[("version", "2"), ("words", "做完了。")],
    )
    .await
    .is(409)
    .shows("各节点都达到后");
    for words in ["普查图已交城建档案馆。", "开挖改造已通水。"] {
        clerk.opens(&path).await;
        clerk.does("节点已达到", &[("words", words)]).await;
    }
    let before = town.condensed().await;
    let stale = qian
        .post(
            &format!("{path}/confirmation"),
            &[("version", "1"), ("words", "现场看过。")],
        )
        .await;
    stale.is(409).shows("刚有人办过这件事").shows("现场看过。");
    assert_eq!(before, town.condensed().await);
    qian.opens(&path).await;
    qian.does("确认完成", &[("words", "现场看过，管网已通水。")])
        .await
        .shows("已完成")
        .shows("现场看过，管网已通水。");
    let late = [("version", "5"), ("words", "再报一次。")];
    clerk
        .post(&format!("{path}/progress"), &late)
        .await
        .is(409)
        .shows("已经确认完成");
    assert_eq!(events(&town, "task").await, 5, "one event each act");
}

#[tokio::test]
async fn a_task_is_late_when_its_day_has_ended_and_can_be_ended_with_a_reason() {
    let town = Town::raise_at(MORNING).await;
    planned(&town).await;
    let path = set(
        &town,
        &[("day-1", "2026-11-24"), ("milestone-1", "完成普查")],
    )
    .await;
    town.passes(Duration::days(1));
    let qian = town.sign_in("city office").await;
    qian.opens("/tasks").await.shows("今天到期").shows("逾期 0");
    town.passes(Duration::days(1));
    let qian = town.sign_in("city office").await;
    qian.opens("/tasks?state=late")
        .await
        .shows("超期 1 天")
        .shows("共 1 项");
    qian.opens(&path).await;
    qian.submit("增设节点", &[("day", "2027-07-01"), ("words", "晚于期限")])
        .await
        .is(422)
        .shows("节点日期写在 2025-01-01 至 2027-06-30 之间。")
        .shows("晚于期限");
    qian.opens(&path).await;
    qian.does("增设节点", &[("day", "2027-01-31"), ("words", "完成设计")])
        .await
        .shows("完成设计");
    let head = town.sign_in("water head").await;
    head.post(
        &format!("{path}/end"),
        &[("version", "2"), ("words", "不做了。")],
    )
    .await
    .is(403);
    qian.does("终止任务", &[("words", "并入全市管网项目。")])
        .await
        .shows("已终止")
        .shows("并入全市管网项目。");
    qian.opens("/tasks?state=ended").await.shows("共 1 项");
}

#[tokio::test]
async fn who_reported_does_not_confirm_the_citys_own_task() {
    let town = Town::raise_at(MORNING).await;
    planned(&town).await;
    let path = set(&town, &[("责任单位", "市治理办")]).await;
    let qian = town.sign_in("city office").await;
    qian.opens(&path).await;
    let page = qian.does("报进展", &[("words", "文件已印发。")]).await;
    page.shows("您报过这项任务的进展，须请他人确认。");
    let own = [("version", "2"), ("words", "做完了。")];
    qian.post(&format!("{path}/confirmation"), &own)
        .await
        .is(409)
        .shows("须请他人确认");
    let leader = town.sign_in("city leader").await;
    leader.opens(&path).await;
    leader
        .does("确认完成", &[("words", "文件已印发，可以销项。")])
        .await
        .shows("已完成");
}

#[tokio::test]
async fn each_body_sees_its_own() {
    let town = Town::raise_at(MORNING).await;
    planned(&town).await;
    let water = set(&town, &[]).await;
    let street = set(
        &town,
        &[("责任单位", "慧阳街道"), ("配合单位 1", "供水公司")],
    )
    .await;
    let item = listed(&town).await;
    for (called, tasks, items) in [
        ("city leader", [200, 200], 200),
        ("water clerk", [200, 200], 200),
        ("housing clerk", [404, 404], 404),
        ("street secretary", [404, 200], 404),
        ("street deputy", [404, 200], 404),
        ("other secretary", [404, 404], 404),
        ("street dispatcher", [403, 403], 403),
        ("community secretary", [403, 403], 403),
    ] {
        let person = town.sign_in(called).await;
        for (path, status) in [&water, &street, &item]
            .into_iter()
            .zip([tasks[0], tasks[1], items])
        {
            assert_eq!(person.get(path).await.status(), status, "{called} {path}");
        }
    }
    // Who helps looks, and does not report.
    let clerk = town.sign_in("water clerk").await;
    clerk
        .post(
            &format!("{street}/progress"),
            &[("version", "1"), ("words", "已经办了。")],
        )
        .await
        .is(409)
        .shows("当前职务不能办这一步");
    let other = Town::raise_at(MORNING).await;
    let stranger = other.sign_in("city office").await;
    stranger.opens("/tasks").await.shows("没有符合条件的任务");
    stranger.get(&water).await.is(404);
    stranger
        .opens("/rectifications")
        .await
        .shows("没有符合条件的整改事项");
    stranger.get(&item).await.is(404);
}

#[tokio::test]
async fn what_is_wrong_with_a_plan_or_a_task_stands_beside_its_field() {
    let town = Town::raise_at(MORNING).await;
    let reversed = [PLAN[0], ("起始年份", "2027"), ("结束年份", "2025")];
    refused(&town, "/three-year-plans/new", "制定计划", &reversed)
        .await
        .shows("2027 年开始的，到 2029 年结束");
    planned(&town).await;
    let before = town.condensed().await;
    let overlapping = [PLAN[0], ("起始年份", "2027"), ("结束年份", "2029")];
    refused(&town, "/three-year-plans/new", "制定计划", &overlapping)
        .await
        .shows("这几年里已有一个三年工作计划");
    refused(&town, "/tasks/new", "下达任务", &[])
        .await
        .shows("请填写目标。")
        .shows("请选择责任单位。")
        .shows("完成期限写成 2026-11-23 这样的日期。");
    for (more, sentence) in [
        (
            &[("完成期限", "2024-12-31")][..],
            "完成期限写在 2025-01-01 至 2027-12-31 之间。",
        ),
        (
            &[("day-1", "2027-07-01"), ("milestone-1", "太晚的节点")],
            "节点日期写在 2025-01-01 至 2027-06-30 之间。",
        ),
        (&[("day-1", "2027-05-01")], "请填写节点内容。"),
        (
            &[("milestone-1", "没有日期")],
            "节点日期写成 2026-11-23 这样的日期。",
        ),
        (
            &[("统计起日", "2027-05-01"), ("统计止日", "2026-05-01")],
            "统计止日不能早于统计起日。",
        ),
        (&[("配合单位 1", "供水公司")], "也不能是责任单位"),
        (
            &[("target-closed_in_time", "101")],
            "目标值写 0 至 100 的整数",
        ),
        (&[("target-grid_chiefs", "100")], "部门没有网格长配齐率"),
    ] {
        let typed = [&TASK[..], more].concat();
        refused(&town, "/tasks/new", "下达任务", &typed)
            .await
            .shows(sentence);
    }
    let qian = town.sign_in("city office").await;
    let form = qian.opens("/tasks/new").await;
    let mut form = form.form("下达任务", &TASK);
    form.set("body", "department.00000000-0000-0000-0000-000000000000");
    qian.send_form(&form)
        .await
        .is(422)
        .shows("请选择责任单位。");
    assert_eq!(before, town.condensed().await);
}

#[tokio::test]
async fn a_figure_equals_the_list_behind_it() {
    let town = Town::raise_at(MORNING).await;
    town.case().await;
    town.case().await;
    planned(&town).await;
    let path = set(
        &town,
        &[
            ("target-whistles", "3"),
            ("target-reported_in_time", "90"),
            ("target-vacant_posts", "0"),
        ],
    )
    .await;
    let clerk = town.sign_in("water clerk").await;
    let page = clerk.opens(&path).await;
    let counted = town
        .number(&format!(
            "select count(*) from whistles w where w.sounded_at >= '2024-12-31T16:00:00Z'
                and exists (select from assignments a where a.whistle_id = w.id and a.department_id = '{}')",
            town.department("water")
        ))
        .await;
    assert!(counted >= 2, "{counted}");
    page.shows(&format!("{counted} 件"))
        .shows("不低于 3 件")
        .shows("未达到")
        .shows("样本不足");
    let behind = clerk.opens(&page.link(&format!("{counted} 件"))).await;
    behind.shows(&format!("共 {counted} 件"));
    let vacant = town
        .number(&format!(
            "select count(*) from posts p where p.department_id = '{}' and not exists (
                 select from appointments a where a.post_id = p.id and a.to_day is null)",
            town.department("water")
        ))
        .await;
    page.shows(&format!("{vacant} 个")).shows("不高于 0 个");
}

#[tokio::test]
async fn an_item_is_reported_returned_reported_again_and_struck_off() {
    let town = Town::raise_at(MORNING).await;
    let case = town.case().await;
    let number = town
        .text(&format!(
            "select number from whistles where id = '{}'",
            case.whistle
        ))
        .await;
    let path = listed(&town).await;
    let clerk = town.sign_in("water clerk").await;
    clerk.opens("/rectifications").await.shows("还剩 38 天");
    clerk.opens(&path).await;
    clerk
        .does("报进展", &[("words", "已排值班表。")])
        .await
        .shows("待整改")
        .shows("已排值班表。");
    let qian = town.sign_in("city office").await;
    qian.opens(&path).await.shows("责任单位报整改完成后");
    let before = town.condensed().await;
    let unknown = clerk
        .submit(
            "报整改完成",
            &[
                ("words", "值班表已上墙。"),
                ("whistles", "TTS-20260101-00001-1"),
            ],
        )
        .await;
    unknown
        .is(422)
        .shows("没有编号为“TTS-20260101-00001-1”的哨单")
        .shows("值班表已上墙。");
    assert_eq!(before, town.condensed().await);
    let proof = [("words", "值班表已上墙。"), ("whistles", number.as_str())];
    clerk
        .does("报整改完成", &proof)
        .await
        .shows("已报整改")
        .shows(&number);
    qian.opens(&path).await;
    qian.submit("退回继续整改", &[("words", "")])
        .await
        .is(422)
        .shows("请填写退回理由。");
    qian.does("退回继续整改", &[("words", "夜间仍无人接哨。")])
        .await
        .shows("夜间仍无人接哨。");
    clerk.opens(&path).await;
    clerk
        .does("报整改完成", &[("words", "夜间已安排双岗。")])
        .await;
    let stale = [("version", "3"), ("words", "可以销号。")];
    qian.post(&format!("{path}/verification"), &stale)
        .await
        .is(409)
        .shows("刚有人办过这件事");
    qian.opens(&path).await;
    let strike = qian
        .page()
        .form("核实销号", &[("words", "夜间抽查两次，均按时报到。")]);
    let first = qian.send_form(&strike).await;
    first.is(303);
    assert_eq!(qian.send_form(&strike).await.location(), first.location());
    qian.opens(&path).await.shows("已核实销号");
    let again = [("version", "6"), ("words", "再报一次。")];
    clerk
        .post(&format!("{path}/report"), &again)
        .await
        .is(409)
        .shows("已经核实销号");
    assert_eq!(
        events(&town, "rectification").await,
        6,
        "one event each act"
    );
}

#[tokio::test]
async fn who_reported_an_item_never_verifies_it() {
    let town = Town::raise_at(MORNING).await;
    let typed = [&ITEM[..], &[("责任单位", "市治理办")]].concat();
    let page = town
        .acts("city office", "/rectifications/new", "列入整改", &typed)
        .await;
    let path = bare(&page);
    let qian = town.sign_in("city office").await;
    qian.opens(&path).await;
    qian.does("报整改完成", &[("words", "已经整改。")])
        .await
        .shows("您报过这件整改，须请他人核实。");
    let own = [("version", "2"), ("words", "可以销号。")];
    qian.post(&format!("{path}/verification"), &own)
        .await
        .is(409)
        .shows("须请他人核实");
    let leader = town.sign_in("city leader").await;
    leader.opens(&path).await;
    leader
        .does("核实销号", &[("words", "看过，属实。")])
        .await
        .shows("已核实销号");
}

#[tokio::test]
async fn what_is_wrong_with_an_item_stands_beside_its_field() {
    let town = Town::raise_at(MORNING).await;
    let before = town.condensed().await;
    refused(&town, "/rectifications/new", "列入整改", &[])
        .await
        .shows("请选择来源。")
        .shows("请填写来源名称。")
        .shows("请填写问题。")
        .shows("请填写整改措施。")
        .shows("请选择责任单位。");
    for (more, sentence) in [
        (("反馈日期", "2026-11-24"), "反馈日期不能晚于今天。"),
        (("整改期限", "2026-10-07"), "整改期限不能早于反馈日期。"),
        (
            ("整改期限", "2026-02-30"),
            "整改期限写成 2026-11-23 这样的日期。",
        ),
    ] {
        let typed = [&ITEM[..], &[more]].concat();
        refused(&town, "/rectifications/new", "列入整改", &typed)
            .await
            .shows(sentence);
    }
    assert_eq!(before, town.condensed().await);
}

#[tokio::test]
async fn the_lists_are_narrowed_and_leave_as_they_stand() {
    let town = Town::raise_at(MORNING).await;
    planned(&town).await;
    set(&town, &[]).await;
    set(
        &town,
        &[("责任单位", "慧阳街道"), ("目标", "网格长全部配齐。")],
    )
    .await;
    listed(&town).await;
    let qian = town.sign_in("city office").await;
    let all = qian.opens("/tasks").await;
    all.shows("共 2 项").shows("（2025—2027 年）");
    qian.opens(&format!(
        "/tasks?body=department.{}",
        town.department("water")
    ))
    .await
    .shows("共 1 项")
    .shows("旧管网");
    qian.opens("/tasks?q=网格长").await.shows("共 1 项");
    qian.opens("/tasks?body=city").await.shows("共 0 项");
    let csv = qian.get("/tasks.csv?q=网格长").await;
    csv.is(200).shows("慧阳街道").shows("未开始");
    assert!(!csv.says("旧管网"));
    qian.opens("/rectifications?q=应哨").await.shows("共 1 件");
    qian.opens("/rectifications?stage=verified")
        .await
        .shows("共 0 件");
    qian.get("/rectifications.csv")
        .await
        .is(200)
        .shows("供水公司")
        .shows("待整改")
        .shows("核实人");
}
