//! The five powers: a department consults, a street proposes and calls, the other side answers.

use chrono::Duration;

use crate::harness::{Page, Step, Town};

/// Monday morning.
const MORNING: &str = "2026-11-23T01:00:00Z";

const PROJECT: [(&str, &str); 6] = [
    ("事由", "城南社区老旧小区改造（一期）"),
    ("为什么需要", "楼道墙皮脱落，污水管网老化。"),
    ("地点", "城南社区"),
    ("受益户数", "128"),
    ("估算（万元）", "86.5"),
    ("拟决定日期", "2026-12-15"),
];

impl Town {
    /// The housing department asks 慧阳街道 about a project; answers the record's path.
    async fn consults(&self) -> String {
        let clerk = self.sign_in("housing clerk").await;
        clerk.opens("/powers/new?power=project").await;
        let fields = [&PROJECT[..], &[("慧阳街道", "")]].concat();
        let page = clerk.submit("征求意见", &fields).await;
        page.is(303);
        path_of(page.location())
    }

    /// Time passes, and the minute's sweep comes.
    async fn sweeps_after(&self, time: Duration) {
        self.works().await;
        self.passes(time);
        self.works().await;
    }

    /// Somebody presses a button of a record.
    async fn at_record(
        &self,
        who: &str,
        path: &str,
        button: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        self.acts(who, path, button, fields).await
    }

    /// The street agrees and the department takes the project into its pool.
    async fn answered(&self, path: &str) {
        let opinion = [
            ("意见", "同意"),
            ("意见内容", ""),
            ("决定机构", "街道党工委会议"),
            ("决定日期", "2026-11-23"),
        ];
        self.at_record("street dispatcher", path, "提出意见", &opinion)
            .await;
        let answer = [
            ("怎样处理", "暂缓"),
            ("预算年度", ""),
            ("答复内容", "明年资金已经排满。"),
            ("决定机构", "局党组会议"),
            ("决定日期", "2026-11-23"),
        ];
        self.at_record("housing head", path, "答复街道", &answer)
            .await
            .shows("部分采纳")
            .shows("暂缓");
    }
}

fn path_of(location: &str) -> String {
    location.split('?').next().unwrap_or_default().to_owned()
}

fn objects(score: &'static str, why: &'static str) -> [(&'static str, &'static str); 3] {
    [
        ("表态", "提出异议，请市治理办裁定"),
        ("部门答复得怎样", score),
        ("理由", why),
    ]
}

#[tokio::test]
async fn a_department_asks_two_streets_about_a_project() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let clerk = town.sign_in("housing clerk").await;
    clerk
        .opens("/powers/records")
        .await
        .shows("没有等您办的行权记录");
    clerk
        .follows("征求街道意见")
        .await
        .costs_at_most(5)
        .shows("民生项目征求意见")
        .shows("街区规划征求意见");
    clerk
        .opens("/powers/new?power=project")
        .await
        .costs_at_most(5);
    let both = [&PROJECT[..], &[("慧阳街道", ""), ("锦华街道", "")]].concat();
    let form = clerk.page().form("征求意见", &both);
    let first = clerk.send_form(&form).await;
    first.is(303);
    let again = clerk.send_form(&form).await;
    assert_eq!(again.status(), 303, "a double click acts once");
    clerk
        .opens("/powers/records?tab=open")
        .await
        .costs_at_most(3)
        .shows("共 2 件")
        .shows("待街道提意见");
    let wang = town.sign_in("street dispatcher").await;
    let list = wang.opens("/powers/records").await;
    list.shows("待我办 1")
        .shows("还剩 5 个工作日")
        .shows("住房和城乡建设局");
    let page = wang.follows("城南社区老旧小区改造（一期）").await;
    page.costs_at_most(3);
    page.shows("86.5 万元")
        .shows("128 户")
        .shows("赋权方案 2026 年版：涉及街区的事项")
        .shows("本办法用于试验。");
    let path = path_of(&page.path);
    town.answered(&path).await;
    let secretary = town.sign_in("street secretary").await;
    secretary.opens(&path).await.shows("待街道表态");
    let accepted = [("表态", "认可"), ("部门答复得怎样", "4"), ("理由", "")];
    secretary
        .does("表态", &accepted)
        .await
        .shows("已认可答复，这件记录办结。")
        .shows("评 4 分")
        .shows("已办结");
    let csv = clerk.get("/powers/records.csv?tab=all").await;
    csv.is(200)
        .shows("民生项目建议权")
        .shows("部分采纳")
        .shows("城南社区老旧小区改造（一期）");
    let told = "select count(*) from notices where tenant_id = '{}'";
    assert!(
        town.number(&told.replace("{}", &town.tenant.to_string()))
            .await
            > 3
    );
}

#[tokio::test]
async fn a_plan_is_answered_item_by_item_and_an_objection_is_upheld() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let clerk = town.sign_in("housing clerk").await;
    clerk.opens("/powers/new?power=planning").await;
    let asked = [
        ("慧阳街道", ""),
        ("事由", "站前片区详细规划"),
        ("规划到哪一步", "报批"),
        ("范围", "站前街以东"),
        ("规划内容", "增加停车和绿地。"),
        ("拟决定日期", "2026-12-30"),
    ];
    let page = clerk.does("征求意见", &asked).await;
    let path = path_of(&page.path);
    let opinion = [
        ("意见", "有修改建议"),
        ("逐条意见", "保留 2 处早市摊位\n增设无障碍坡道"),
        ("意见内容", "总体同意。"),
        ("决定机构", "街道党工委会议"),
        ("决定日期", "2026-11-23"),
    ];
    town.at_record("street deputy", &path, "提出意见", &opinion)
        .await
        .shows("第 2 条")
        .shows("增设无障碍坡道");
    let head = town.sign_in("housing head").await;
    head.opens(&path).await;
    let mut answer = vec![
        ("第 1 条怎样答复", "未采纳"),
        ("第 1 条理由", ""),
        ("第 2 条怎样答复", "采纳"),
        ("答复内容", "摊位另行安排。"),
        ("决定机构", "局党组会议"),
        ("决定日期", "2026-11-23"),
    ];
    head.submit("答复街道", &answer)
        .await
        .is(422)
        .shows("没有全部采纳的这一条，请写明理由。");
    answer[1] = ("第 1 条理由", "与消防通道冲突。");
    head.does("答复街道", &answer)
        .await
        .shows("部分采纳")
        .shows("与消防通道冲突。");
    let wang = "street dispatcher";
    town.at_record(wang, &path, "表态", &objects("2", "早市是居民主要诉求。"))
        .await
        .shows("已提出异议")
        .shows("待裁定异议");
    town.sign_in("city office")
        .await
        .opens("/powers/records")
        .await
        .shows("待我办 1");
    let ruling = [
        ("怎样裁定", "支持街道异议，部门重新答复"),
        ("裁定理由", "可以错时设置。"),
    ];
    town.at_record("city office", &path, "作出裁定", &ruling)
        .await
        .shows("已裁定");
    answer[0] = ("第 1 条怎样答复", "采纳");
    answer[1] = ("第 1 条理由", "");
    town.at_record("housing clerk", &path, "答复街道", &answer)
        .await
        .shows("部门重新答复");
    let page = town.sign_in(wang).await.opens(&path).await;
    assert!(!page.says("提出异议，请市治理办裁定"), "once is enough");
    let accepted = [
        ("表态", "认可"),
        ("部门答复得怎样", "5"),
        ("理由", "都落实了。"),
    ];
    town.at_record(wang, &path, "表态", &accepted)
        .await
        .shows("已办结");
    let kinds = town
        .column(&format!(
            "select round || ' ' || kind from exercise_answers where tenant_id = '{}' order by 1",
            town.tenant
        ))
        .await;
    assert_eq!(kinds, ["1 partly", "2 adopted"]);
}

#[tokio::test]
async fn a_street_calls_departments_together_and_what_was_agreed_is_done() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/powers/new?power=coordination").await;
    let called = [
        ("向哪个部门", "城市管理行政执法局（涉及街区的事项）"),
        ("事由", "站前早市占道经营"),
        ("开会时间", "2026-11-24 09:00"),
        ("地点", "街道三楼会议室"),
        ("供水公司", ""),
        ("要协调什么", "早市占道，影响通行。"),
    ];
    let page = wang.does("召集协调", &called).await;
    let path = path_of(&page.path);
    page.shows("待形成纪要").shows("还没有开会");
    assert!(!page.has_button("形成纪要"), "the meeting lies ahead");
    town.sign_in("water clerk")
        .await
        .opens(&path)
        .await
        .shows("参加部门");
    town.passes(Duration::days(1));
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&path).await;
    let minutes = [
        ("主持人", "周海燕"),
        ("城市管理行政执法局到会人", "李强"),
        ("城市管理行政执法局到会人职务", "副局长"),
        ("纪要", "分两步整治。"),
        ("第 1 项办什么", "划定摊位线"),
        ("第 1 项由哪个部门落实", "城市管理行政执法局"),
        ("第 1 项到哪天", "2026-11-27"),
        ("第 2 项办什么", "移走消火栓旁摊位"),
        ("第 2 项由哪个部门落实", "供水公司"),
        ("第 2 项到哪天", "2026-11-30"),
    ];
    wang.does("形成纪要", &minutes)
        .await
        .shows("应到 2 个部门，到会 1 个，议定 2 项。")
        .shows("未到会")
        .shows("最后一项议定事项到期后 5 个工作日");
    let water = town.sign_in("water clerk").await;
    water.opens("/powers/records").await.shows("待我办 1");
    water.opens(&path).await;
    let done = [("落实情况", "摊位已移走。")];
    water
        .does("落实议定事项", &done)
        .await
        .shows("摊位已移走。")
        .shows("现在没有您要办的。");
    let other = town.sign_in("enforcement clerk").await;
    other.opens(&path).await;
    let answer = [
        ("答复", "已落实"),
        ("答复内容", "线已划好。"),
        ("决定机构", "局长办公会"),
        ("决定日期", "2026-11-24"),
    ];
    other.does("答复街道", &answer).await.shows("已落实");
    let accepted = [("表态", "认可"), ("部门答复得怎样", "3"), ("理由", "")];
    town.at_record("street secretary", &path, "表态", &accepted)
        .await
        .shows("已办结");
    town.sweeps_after(Duration::days(10)).await;
    // The enforcement bureau never said that it had drawn the line: that is late by itself.
    let late = format!(
        "select count(*) from breaches b join clocks c on c.tenant_id = b.tenant_id and c.id = b.clock_id
          where b.tenant_id = '{}' and c.exercise_id is not null and c.stage = 'item'",
        town.tenant
    );
    assert_eq!(town.number(&late).await, 1);
}

#[tokio::test]
async fn silence_means_no_objection() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let path = town.consults().await;
    town.works().await;
    town.passes(Duration::days(8));
    let wang = town.sign_in("street dispatcher").await;
    let page = wang.opens(&path).await;
    assert!(!page.has_button("提出意见"), "its time is over");
    town.works().await;
    wang.opens(&path)
        .await
        .shows("逾期未答，视为无意见")
        .shows("待部门答复")
        .shows("街道提意见超期");
    let clerk = town.sign_in("housing clerk").await;
    clerk.opens("/powers/records").await.shows("待我办 1");
    clerk.opens(&path).await;
    let answer = [
        ("怎样处理", "列入项目库"),
        ("预算年度", "2027"),
        ("答复内容", ""),
        ("决定机构", "局党组会议"),
        ("决定日期", "2026-12-01"),
    ];
    clerk
        .does("答复街道", &answer)
        .await
        .shows("列入项目库，2027 年预算");
    town.sweeps_after(Duration::days(8)).await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&path)
        .await
        .shows("逾期未表态，视为认可")
        .shows("已办结");
    let score = format!(
        "select count(*) from power_exercises where tenant_id = '{}' and score is null",
        town.tenant
    );
    assert_eq!(town.number(&score).await, 1, "silence gives no mark");
}

#[tokio::test]
async fn who_decides_before_the_street_has_answered_is_noted() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let path = town.consults().await;
    town.passes(Duration::days(1));
    let opinion = [
        ("意见", "不同意"),
        ("意见内容", "占用绿地。"),
        ("决定机构", "街道党工委会议"),
        ("决定日期", "2026-11-24"),
    ];
    town.at_record("street dispatcher", &path, "提出意见", &opinion)
        .await;
    let answer = [
        ("怎样处理", "不列入"),
        ("答复内容", "不再建设。"),
        ("决定机构", "局党组会议"),
        ("决定日期", "2026-11-23"),
    ];
    town.at_record("housing head", &path, "答复街道", &answer)
        .await
        .shows("未采纳");
    let found = town
        .column(&format!(
            "select kind || ' ' || words from power_violations where tenant_id = '{}'",
            town.tenant
        ))
        .await;
    assert_eq!(
        found,
        ["decided_before 2026-11-23 已作决定，街道 2026-11-24 才答复或到期。"]
    );
}

#[tokio::test]
async fn what_is_known_is_not_asked_again() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let whistle = town.whistle("日常哨", Step::Sounded).await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&whistle).await;
    let page = wang.follows("召集综合协调").await;
    page.costs_at_most(5);
    let form = page.form("召集协调", &[("开会时间", "2026-11-24 09:00")]);
    assert!(form.value("title").contains("下水道堵塞"), "{form:?}");
    assert!(form.value("matter").contains("已做："), "{form:?}");
    let made = wang.send_form(&form).await;
    made.is(303);
    wang.opens(made.location())
        .await
        .shows("来自哨单")
        .shows("下水道堵塞");
    wang.opens(&whistle).await.shows("综合协调");
    let matter = town.raised("污水又冒").await;
    wang.opens(&format!("/matters/{matter}")).await;
    let page = wang.follows("提出民生项目建议").await;
    page.shows("来自哪些事项").shows("近一年发生");
    let fields = [
        ("向哪个部门", "住房和城乡建设局（涉及街区的事项）"),
        ("受益户数", "96"),
        ("估算（万元）", "0"),
    ];
    let made = wang.submit("提出建议", &fields).await;
    made.is(303);
    wang.opens(made.location())
        .await
        .shows("来自事项")
        .shows("还没有估算")
        .shows("待部门答复");
}

#[tokio::test]
async fn what_the_plan_does_not_give_is_refused() {
    let town = Town::raise_at(MORNING).await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/powers/new")
        .await
        .shows("现在没有可以行使的权力");
    town.empower_streets(&["huiyang"]).await;
    let before = town.condensed().await;
    let other = town.sign_in("other dispatcher").await;
    other.opens("/powers/new?power=coordination").await;
    let called = [
        ("向哪个部门", "供水公司（涉及街区的事项）"),
        ("事由", "江岸管网"),
        ("开会时间", "2026-11-24 09:00"),
        ("地点", "会议室"),
        ("要协调什么", "管网改造。"),
    ];
    other
        .submit("召集协调", &called)
        .await
        .is(409)
        .shows("没有赋予这个街道");
    // A power that was not granted to the department is not even offered.
    let market = town.sign_in("market clerk").await;
    market
        .opens("/powers/new?power=project")
        .await
        .shows("现在没有可以行使的权力");
    wang.opens("/powers/new?power=coordination").await;
    for (field, value, sentence) in [
        ("开会时间", "2026-11-23 08:00", "开会时间要晚于现在。"),
        (
            "开会时间",
            "明天",
            "开会时间写成 2026-11-23 14:05 这样的时间。",
        ),
        ("事由", "", "请填写事由。"),
        ("向哪个部门", "请选择", "请选择部门。"),
    ] {
        let mut fields = called.to_vec();
        let at = fields.iter().position(|f| f.0 == field).unwrap();
        fields[at].1 = value;
        wang.opens("/powers/new?power=coordination").await;
        wang.submit("召集协调", &fields)
            .await
            .is(422)
            .shows(sentence);
    }
    let clerk = town.sign_in("housing clerk").await;
    for (field, value, sentence) in [
        ("拟决定日期", "2026-11-24", "决定日期最早写 2026-11-30。"),
        ("受益户数", "很多", "受益户数写整数"),
        ("估算（万元）", "一百", "估算写万元"),
    ] {
        clerk.opens("/powers/new?power=project").await;
        let mut fields = [&PROJECT[..], &[("慧阳街道", "")]].concat();
        let at = fields.iter().position(|f| f.0 == field).unwrap();
        fields[at].1 = value;
        clerk
            .submit("征求意见", &fields)
            .await
            .is(422)
            .shows(sentence);
    }
    clerk.opens("/powers/new?power=project").await;
    clerk
        .submit("征求意见", &PROJECT)
        .await
        .is(422)
        .shows("请至少选择一个街道。");
    assert_eq!(before, town.condensed().await);
}

#[tokio::test]
async fn others_do_not_find_it_and_one_step_is_done_once() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let path = town.consults().await;
    for called in ["other dispatcher", "water clerk", "market clerk"] {
        let person = town.sign_in(called).await;
        person.get(&path).await.is(404);
        person.post(&format!("{path}/opinion"), &[]).await.is(404);
    }
    town.sign_in("community secretary")
        .await
        .get(&path)
        .await
        .is(403);
    let (wang, deputy) = (
        town.sign_in("street dispatcher").await,
        town.sign_in("street deputy").await,
    );
    wang.opens(&path).await;
    deputy.opens(&path).await;
    let opinion = [
        ("意见", "同意"),
        ("决定机构", "街道党工委会议"),
        ("决定日期", "2026-11-23"),
    ];
    let form = wang.page().form("提出意见", &opinion);
    wang.send_form(&form).await.is(303);
    wang.send_form(&form).await.is(303);
    deputy
        .submit("提出意见", &opinion)
        .await
        .is(409)
        .shows("这一步已经办过了");
    let wrong = town.sign_in("street secretary").await;
    wrong
        .post(&format!("{path}/answer"), &[("version", "2")])
        .await
        .is_one_of(&[409, 422]);
    let dismissed = [("怎样裁定", "维持部门答复"), ("裁定理由", "答复属实。")];
    town.answered_only(&path).await;
    town.at_record(
        "street dispatcher",
        &path,
        "表态",
        &objects("1", "没有回应。"),
    )
    .await;
    town.at_record("city office", &path, "作出裁定", &dismissed)
        .await
        .shows("维持部门答复")
        .shows("已办结");
    let clerk = town.sign_in("housing clerk").await;
    let second = town.consults().await;
    clerk.opens(&second).await;
    clerk
        .submit("撤回这件", &[("撤回理由", "")])
        .await
        .is(422)
        .shows("请填写撤回理由。");
    clerk
        .does("撤回这件", &[("撤回理由", "项目已取消。")])
        .await
        .shows("已撤回");
}

impl Town {
    /// The department alone answers.
    async fn answered_only(&self, path: &str) {
        let answer = [
            ("怎样处理", "不列入"),
            ("答复内容", "没有条件。"),
            ("决定机构", "局党组会议"),
            ("决定日期", "2026-11-23"),
        ];
        self.at_record("housing clerk", path, "答复街道", &answer)
            .await
            .shows("未采纳");
    }
}
