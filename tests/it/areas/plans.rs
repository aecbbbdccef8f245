//! Plans of the five powers and violations: who makes and ends them, what is refused, who sees what.

use chrono::Duration;

use crate::harness::{Page, Town};

const MORNING: &str = "2026-11-23T01:00:00Z";

async fn refused(town: &Town, fields: &[(&str, &str)]) -> Page {
    let qian = town.sign_in("city office").await;
    qian.opens("/powers/plans/new").await;
    let page = qian.submit("制定方案", fields).await;
    page.is(422);
    page
}

fn path_of(page: &Page) -> String {
    page.path.split('?').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_first_plan_is_made_and_everybody_reads_it() {
    let town = Town::raise_at(MORNING).await;
    town.document().await;
    let qian = town.sign_in("city office").await;
    qian.opens("/powers/plans")
        .await
        .costs_at_most(3)
        .shows("还没有赋权方案");
    qian.follows("制定方案").await.costs_at_most(5);
    let fields = [
        ("名称", "赋权方案 2026 年版"),
        ("依据", "大办发〔2026〕1号第 1 条 本办法用于试验。"),
        ("施行日期", "2026-01-01"),
        ("慧阳街道", ""),
        ("锦华街道", ""),
        ("供水公司，街区规划参与权", ""),
        ("供水公司，民生项目建议权", ""),
        ("住房和城乡建设局，民生项目建议权", ""),
        ("街区规划参与权的范围", "供水管网规划"),
        ("民生项目建议权的范围", "老旧小区改造"),
        ("民生项目建议权范围不同的部门", "供水公司：二次供水改造"),
        ("第 1 次日期", "2025-11-20"),
        ("第 1 次地点", "市委三楼会议室"),
        ("第 1 次参加人员", "五个街道和两个部门负责人"),
        ("第 1 次谈了什么", "街道提出把供水列入。"),
    ];
    let form = qian.page().form("制定方案", &fields);
    let first = qian.send_form(&form).await;
    first.is(303);
    let again = qian.send_form(&form).await;
    assert_eq!(
        again.location(),
        first.location(),
        "a double click acts once"
    );
    let path = first.location().split('?').next().unwrap().to_owned();
    for called in ["street secretary", "water clerk", "city leader"] {
        let person = town.sign_in(called).await;
        let list = person.opens("/powers/plans").await;
        list.costs_at_most(3).shows("共 1 版").shows("现行");
        let page = person.opens(&list.link("赋权方案 2026 年版")).await;
        page.costs_at_most(3)
            .shows("2026-01-01 起")
            .shows("本办法用于试验。")
            .shows("慧阳街道、锦华街道")
            .shows("二次供水改造")
            .shows("老旧小区改造")
            .shows("市委三楼会议室")
            .shows("街道提出把供水列入。")
            .shows("行权记录 0 件")
            .shows("制定赋权方案");
        person.get("/powers/plans/new").await.is(403);
        person.post("/powers/plans", &[]).await.is(403);
        person.get(&format!("{path}/end")).await.is(403);
    }
    let stranger = Town::raise_at(MORNING).await;
    stranger
        .sign_in("city office")
        .await
        .get(&path)
        .await
        .is(404);
    let events = format!(
        "select count(*) from events where tenant_id = '{}' and subject = 'plan'",
        town.tenant
    );
    assert_eq!(town.number(&events).await, 1);
}

#[tokio::test]
async fn a_new_plan_takes_the_place_of_the_one_before_on_its_day() {
    let town = Town::raise_at(MORNING).await;
    let plan = town.empower().await;
    let record = town.exercise(plan).await;
    let early = [("名称", "赋权方案 2027 年版"), ("施行日期", "2026-11-01")];
    refused(&town, &early)
        .await
        .shows("新方案最早从 2026-11-23 起施行");
    let qian = town.sign_in("city office").await;
    let form = qian.opens("/powers/plans/new").await;
    form.shows("按“赋权方案 2026 年版”预填")
        .shows("涉及街区的事项");
    let later = [
        ("名称", "赋权方案 2027 年版"),
        ("施行日期", "2027-01-01"),
        ("供水公司，评先评优建议权", ""),
    ];
    let stale = form.form("制定方案", &later);
    let page = qian.does("制定方案", &later).await;
    page.shows("尚未施行")
        .shows("第 2 版")
        .shows("涉及街区的事项");
    let second = path_of(&page);
    // Who drew the form from the plan before comes too late; what was typed is kept.
    let mut stale = stale;
    stale.set("once", "");
    qian.send_form(&stale)
        .await
        .is(409)
        .shows("刚有别人制定了新方案")
        .shows("赋权方案 2027 年版");
    let first = format!("/powers/plans/{plan}");
    qian.opens(&first)
        .await
        .shows("2027-01-01 止")
        .shows("现行")
        .shows("行权记录 1 件");
    town.passes(Duration::days(39));
    let clerk = town.sign_in("housing clerk").await;
    clerk.opens(&first).await.shows("已终止");
    clerk.opens(&second).await.shows("现行");
    clerk.opens("/powers/new").await.shows("赋权方案 2027 年版");
    // The record keeps its plan.
    clerk
        .opens(&format!("/powers/{record}"))
        .await
        .shows("赋权方案 2026 年版");
}

#[tokio::test]
async fn a_plan_ends_with_a_reason_and_nothing_is_begun_after() {
    let town = Town::raise_at(MORNING).await;
    let plan = town.empower().await;
    let path = format!("/powers/plans/{plan}");
    let qian = town.sign_in("city office").await;
    qian.opens(&path).await;
    qian.follows("终止").await.costs_at_most(5);
    for (day, why) in [
        ("2026-11-01", "终止日期最早写 2026-11-23。"),
        ("明天", "终止日期写成 2026-11-23 这样的日期。"),
    ] {
        let fields = [("从哪天起终止", day), ("终止理由", "机构改革。")];
        qian.submit("确认终止", &fields).await.is(422).shows(why);
    }
    qian.submit("确认终止", &[("终止理由", "")])
        .await
        .is(422)
        .shows("请填写终止理由。");
    let fields = [("从哪天起终止", "2026-11-24"), ("终止理由", "机构改革。")];
    qian.does("确认终止", &fields)
        .await
        .shows("2026-11-24 止")
        .shows("自 2026-11-24 起终止：机构改革。");
    town.passes(Duration::days(1));
    let clerk = town.sign_in("housing clerk").await;
    clerk
        .opens("/powers/new")
        .await
        .shows("现在没有可以行使的权力");
    let qian = town.sign_in("city office").await;
    qian.opens(&path).await.shows("已终止");
    qian.opens(&format!("{path}/end"))
        .await
        .shows("这个方案已经终止。");
    let again = [("day", "2026-12-01"), ("reason", "再终止一次。")];
    qian.post(&format!("{path}/end"), &again)
        .await
        .is(409)
        .shows("这个方案已经终止。");
}

#[tokio::test]
async fn what_is_wrong_with_a_plan_stands_beside_its_field() {
    let town = Town::raise_at(MORNING).await;
    town.document().await;
    let before = town.condensed().await;
    let lacking = refused(&town, &[]).await;
    for sentence in [
        "请填写名称。",
        "请选择方案依据哪份文件的哪一条。",
        "施行日期写成 2026-11-23 这样的日期。",
        "请至少选择一个街道。",
        "请至少勾选一个部门的一项权力。",
    ] {
        lacking.shows(sentence);
    }
    let wrong = [
        ("施行日期", "2027-01-01"),
        ("终止日期", "2026-12-31"),
        ("供水公司，街区规划参与权", ""),
        ("民生项目建议权范围不同的部门", "供水公司：二次供水改造"),
        ("第 4 次日期", "2027-01-01"),
    ];
    let page = refused(&town, &wrong).await;
    for sentence in [
        "终止日期要晚于施行日期。",
        "请填写街区规划参与权的赋权范围。",
        "“供水公司”没有勾选这项权力。",
        "座谈会还没有开，开过再登记。",
        "请填写座谈会地点。",
    ] {
        page.shows(sentence);
    }
    assert_eq!(page.attribute("details", "open").as_deref(), Some(""));
    assert_eq!(before, town.condensed().await);
}

const TOLD: [(&str, &str); 5] = [
    ("部门", "供水公司"),
    ("哪项权力", "民生项目建议权"),
    ("发生日期", "2026-11-20"),
    ("没有征求就决定了什么", "老街片区二次供水改造已经开工。"),
    ("从哪里看到", "现场施工公告牌。"),
];

#[tokio::test]
async fn a_street_tells_a_violation_and_the_city_strikes_it() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/powers/violations")
        .await
        .costs_at_most(3)
        .shows("没有符合条件的登记");
    wang.follows("登记应征未征").await.costs_at_most(5);
    assert!(
        !wang.page().says("干部考评建议权"),
        "of cadres only some speak"
    );
    let form = wang.page().form("登记", &TOLD);
    wang.send_form(&form).await.is(303);
    wang.send_form(&form).await.is(303);
    let one = "共 1 件";
    wang.opens("/powers/violations")
        .await
        .shows(one)
        .shows("没有征求")
        .shows("现场施工公告牌。")
        .shows("王丽");
    wang.opens("/powers").await.shows("应征未征 1 次");
    let clerk = town.sign_in("water clerk").await;
    clerk
        .opens("/powers/violations")
        .await
        .shows(one)
        .shows("慧阳街道");
    clerk.opens("/inbox").await.shows("应征未征");
    clerk.get("/powers/violations/new").await.is(403);
    clerk.post("/powers/violations", &[]).await.is(403);
    for called in ["housing clerk", "other dispatcher"] {
        town.sign_in(called)
            .await
            .opens("/powers/violations")
            .await
            .shows("共 0 件");
    }
    let qian = town.sign_in("city office").await;
    let page = qian
        .opens("/powers/violations?state=standing&from=2026-11-01&to=2026-11-30")
        .await;
    page.shows(one);
    let step = page.link("撤销");
    wang.get(&step).await.is(403);
    qian.opens(&step).await;
    qian.submit("确认撤销", &[])
        .await
        .is(422)
        .shows("请填写撤销理由。");
    qian.does("确认撤销", &[("撤销理由", "去年已经征求过。")])
        .await
        .shows("去年已经征求过。")
        .shows("已撤销");
    qian.opens("/powers/violations?state=standing")
        .await
        .shows("共 0 件");
    qian.opens("/powers").await.shows("应征未征 0 次");
    qian.post(&step, &[("reason", "再撤一次。")])
        .await
        .is(409)
        .shows("这一条已经撤销。");
    let csv = clerk.get("/powers/violations.csv").await;
    csv.is(200)
        .shows("现场施工公告牌。")
        .shows("去年已经征求过。");
    let verbs = town
        .column(&format!(
            "select verb from events where tenant_id = '{}' and subject = 'violation' order by at, id",
            town.tenant
        ))
        .await;
    assert_eq!(verbs, ["violate", "strike"]);
}

#[tokio::test]
async fn a_violation_must_lie_within_a_plan() {
    let town = Town::raise_at(MORNING).await;
    town.empower_streets(&["huiyang"]).await;
    let before = town.condensed().await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/powers/violations/new").await;
    for (field, value, why) in [
        ("发生日期", "2026-11-24", "发生日期不能晚于今天。"),
        ("发生日期", "2025-06-01", "2025-06-01 没有生效的赋权方案"),
        ("发生日期", "昨天", "发生日期写成 2026-11-23 这样的日期。"),
        ("部门", "市场监督管理局", "没有交出民生项目建议权"),
        ("从哪里看到", "", "请填写从哪里看到。"),
    ] {
        let mut fields = TOLD.to_vec();
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        wang.opens("/powers/violations/new").await;
        wang.submit("登记", &fields).await.is(422).shows(why);
    }
    let other = town.sign_in("other dispatcher").await;
    other.opens("/powers/violations/new").await;
    other
        .submit("登记", &TOLD)
        .await
        .is(422)
        .shows("没有交给这个街道");
    assert_eq!(before, town.condensed().await);
}

#[tokio::test]
async fn what_a_violation_about_cadres_says_is_for_those_who_may_read_it() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let sun = town.sign_in("street secretary").await;
    sun.opens("/powers/violations/new").await;
    let fields = [
        ("部门", "住房和城乡建设局"),
        ("哪项权力", "干部考评建议权"),
        ("发生日期", "2026-11-20"),
        ("没有征求就决定了什么", "调整了管理所负责人。"),
        ("从哪里看到", "任前公示。"),
    ];
    sun.does("登记", &fields)
        .await
        .shows("已登记")
        .shows("调整了管理所负责人。");
    let secret = "管理所负责人";
    for (called, reads) in [
        ("city office", true),
        ("housing head", true),
        ("housing clerk", false),
        ("street dispatcher", false),
        ("city leader", false),
    ] {
        let person = town.sign_in(called).await;
        let page = person.opens("/powers/violations").await;
        assert_eq!(page.says(secret), reads, "{called}");
        assert_eq!(page.says("内容另行授权查看"), !reads, "{called}");
        let csv = person.get("/powers/violations.csv").await;
        assert!(!csv.says(secret), "never exported, {called}");
        assert!(!person.opens("/inbox").await.says(secret), "{called}");
    }
    let events = format!(
        "select count(*) from events where tenant_id = '{}' and sentence like '%{secret}%'",
        town.tenant
    );
    assert_eq!(town.number(&events).await, 0);
}

#[tokio::test]
async fn what_the_program_found_links_to_its_record() {
    let town = Town::raise_at(MORNING).await;
    let plan = town.empower().await;
    let record = town.exercise(plan).await;
    town.sql(&format!(
        "insert into power_violations (tenant_id, id, kind, plan_id, department_id, power, street_code, exercise_id, words,
                                       happened_on, found_at)
         select tenant_id, gen_random_uuid(), 'decided_before', plan_id, department_id, power, street_code, id,
                '2026-11-20 已作决定。', '2026-11-20', asked_at
           from power_exercises where tenant_id = '{}' and id = '{record}'",
        town.tenant
    ))
    .await;
    let clerk = town.sign_in("housing clerk").await;
    let page = clerk.opens("/powers/violations?kind=decided_before").await;
    page.shows("未等答复就决定").shows("系统发现");
    assert_eq!(
        page.attribute(".violations td a[href^=\"/powers/\"]", "href")
            .as_deref(),
        Some(format!("/powers/{record}").as_str())
    );
}
