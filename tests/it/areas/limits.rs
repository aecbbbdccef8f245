//! Limits: what holds, new versions, and that what has sounded keeps its own.

use chrono::Duration;

use crate::harness::{Step, Town, all_at_once};

/// Monday noon.
const NOON: &str = "2026-11-23T04:00:00Z";
const NEW: [(&str, &str); 3] = [
    ("起用日期", "2026-11-24"),
    ("说明", "治理办 11-23 会议纪要"),
    ("日常哨签收时限", "2"),
];

impl Town {
    async fn version_of(&self, path: &str) -> i64 {
        let id = path.rsplit('/').next().unwrap_or_default();
        let query = format!(
            "select v.number::bigint from whistles w
               join limit_versions v on v.tenant_id = w.tenant_id and v.id = w.limits_id
              where w.tenant_id = '{}' and w.id = '{id}'",
            self.tenant
        );
        self.number(&query).await
    }
}

#[tokio::test]
async fn everybody_reads_the_limits_and_only_two_may_change_them() {
    let town = Town::raise_at(NOON).await;
    for called in ["water clerk", "street dispatcher", "grid chief"] {
        let person = town.sign_in(called).await;
        let page = person.opens("/limits").await;
        page.costs_at_most(3);
        page.shows("第 1 版，2020-01-01 起，现行")
            .shows("初始时限")
            .shows("类别时限用于事项承诺；比哨单时限短时，也用于日常哨、快捷哨。");
        assert_eq!(page.all_words_at("table.limits tbody tr").len(), 10);
        assert!(page.all_words_at("table.classes tbody tr").len() >= 135);
        assert!(page.all_words_at("main .head .button").is_empty());
        person.get("/limits/edit").await.is(403);
        person.post("/limits/edit", &[]).await.is(403);
    }
    let office = town.sign_in("city office").await;
    office.opens("/limits").await;
    let some = office.submit("查询", &[("大类", "事件·宣传广告")]).await;
    let shown = some.all_words_at("table.classes tbody tr");
    assert!(!shown.is_empty() && shown.len() < 20);
    some.shows(&format!("共 {} 类", shown.len()));
    office.get("/limits?version=7").await.is(404);
    office.get("/limits?version=x").await.is(404);
    town.sign_in("audit admin")
        .await
        .get("/limits")
        .await
        .is(403);
}

#[tokio::test]
async fn a_version_from_tomorrow_leaves_what_has_sounded_alone() {
    let town = Town::raise_at(NOON).await;
    let old = town.whistle("日常哨", Step::Sounded).await;
    let clocks = format!(
        "select sum(extract(epoch from due_at))::bigint from clocks where tenant_id = '{}'",
        town.tenant
    );
    let before = town.number(&clocks).await;
    let office = town.sign_in("city office").await;
    office
        .opens("/limits/edit")
        .await
        .shows("已经吹响的哨单保持原来的时限");
    let seen = office.submit("下一步：看改动", &NEW).await;
    seen.is(200)
        .shows("第 2 版时限改什么")
        .shows("现在在办的 1 件哨单、1 件事项保持原来的时限")
        .shows("日常哨签收")
        .shows("4 工作时")
        .shows("2 工作时");
    let versions = format!(
        "select count(*) from limit_versions where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&versions).await, 1, "looking makes nothing");
    let back = office.submit("回去改", &[]).await;
    back.is(200);
    office.submit("下一步：看改动", &[]).await.is(200);
    let done = office.does("立新版", &[]).await;
    done.shows("已立第 2 版时限，2026-11-24 起用。已经吹响的哨单不变。")
        .shows("第 1 版，2020-01-01 起，现行")
        .shows("还没起用");
    assert_eq!(town.number(&clocks).await, before);
    let today = town.whistle("日常哨", Step::Sounded).await;
    town.passes(Duration::hours(24));
    let new = town.whistle("日常哨", Step::Sounded).await;
    assert_eq!(town.version_of(&old).await, 1);
    assert_eq!(
        town.version_of(&today).await,
        1,
        "it holds from tomorrow only"
    );
    assert_eq!(town.version_of(&new).await, 2);
    let office = town.sign_in("city office").await;
    office
        .opens("/limits")
        .await
        .shows("第 2 版，2026-11-24 起，现行")
        .shows("2 工作时");
    office.follows("第 1 版").await.shows("已停用");
    let events = format!(
        "select string_agg(sentence, '|') from events where tenant_id = '{}' and subject = 'limits'",
        town.tenant
    );
    let told = town.text(&events).await;
    assert!(
        told.starts_with("第 2 版时限，2026-11-24 起用：")
            && told.contains("日常哨签收由 4 工作时 改为 2 工作时"),
        "{told}"
    );
}

#[tokio::test]
async fn wrong_limits_are_told_and_change_nothing() {
    let town = Town::raise_at(NOON).await;
    let office = town.sign_in("city office").await;
    let before = town.condensed().await;
    for (field, value, said) in [
        ("起用日期", "2026-11-22", "起用日期写今天或以后"),
        ("起用日期", "明天", "日期写成 2026-11-30 的样子"),
        ("说明", "", "请填写说明"),
        ("日常哨签收时限", "0", "时限写 1 至 2000 的整数，现在是 0"),
        ("日常哨签收时限", "2001", "时限写 1 至 2000 的整数"),
        ("日常哨签收时限", "", "时限写 1 至 2000 的整数"),
        ("日常哨签收时限", "两", "时限写 1 至 2000 的整数"),
        ("日常哨签收时限", "4", "时限和上一版完全一样"),
        ("私搭乱建时限", "-3", "时限写 1 至 366 的整数"),
    ] {
        office.opens("/limits/edit").await;
        let mut fields = NEW.to_vec();
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let page = office.submit("下一步：看改动", &fields).await;
        page.is(422).shows(said);
        assert!(
            page.says("治理办 11-23 会议纪要") || field == "说明",
            "what was typed stays"
        );
    }
    assert_eq!(town.condensed().await, before);
}

#[tokio::test]
async fn a_second_version_must_be_seen_first_and_a_double_click_makes_one() {
    let town = Town::raise_at(NOON).await;
    let (office, admin) = (
        town.sign_in("city office").await,
        town.sign_in("system admin").await,
    );
    admin.opens("/limits/edit").await;
    let page = office.opens("/limits/edit").await;
    page.is(200);
    office.submit("下一步：看改动", &NEW).await.is(200);
    let form = office.page().form("立新版", &[]);
    for answer in all_at_once([office.send_form(&form), office.send_form(&form)]).await {
        answer.goes_to("/limits?done=1");
    }
    let other = [
        ("起用日期", "2026-12-01"),
        ("说明", "另一份纪要"),
        ("攻坚哨签收时限", "2"),
    ];
    admin
        .submit("下一步：看改动", &other)
        .await
        .is(409)
        .shows("刚有人立了新的一版")
        .shows("另一份纪要");
    admin.submit("下一步：看改动", &[]).await.is(200);
    admin.does("立新版", &[]).await.shows("已立第 3 版时限");
    let versions = format!(
        "select count(*) from limit_versions where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&versions).await, 3);
}

#[tokio::test]
async fn the_rules_of_requests_and_supervision_are_rows_that_the_city_changes() {
    let town = Town::raise_at(NOON).await;
    let office = town.sign_in("city office").await;
    office
        .opens("/limits")
        .await
        .shows("延期审批")
        .shows("本月超期几件亮黄牌")
        .shows("3 件");
    let before = town.whistle("日常哨", Step::Reported).await;
    office.opens("/limits/edit").await;
    let wrong = [NEW[0], NEW[1], ("日常哨最多延期几次", "0")];
    office
        .submit("下一步：看改动", &wrong)
        .await
        .is(422)
        .shows("写 1 至 365 的整数。");
    let change = [
        NEW[0],
        NEW[1],
        ("日常哨最多延期几次", "1"),
        ("延期审批时限", "2"),
        ("回访几次未接通为止", "2"),
    ];
    office.opens("/limits/edit").await;
    office.submit("下一步：看改动", &change).await.is(200);
    office.does("立新版", &[]).await.shows("已立第 2 版时限");
    town.passes(Duration::days(1));
    let after = town.whistle("日常哨", Step::Reported).await;
    let why = [("理由", "配件在途，明日到货。")];
    for (path, days) in [(&before, "1 个工作日"), (&after, "2 个工作日")] {
        let form = format!("{path}/requests/new?kind=extension");
        let water = town.sign_in("water clerk").await;
        water.opens(&form).await.shows(days);
        let page = town.acts("water clerk", &form, "申请延期", &why).await;
        let request = page.link("延期，街道审批");
        let grant = [("怎样答复", "同意延期"), ("答复意见", "同意。")];
        town.acts("street deputy", &request, "作出答复", &grant)
            .await;
    }
    // What sounded before may be extended twice, what sounded since only once.
    let water = town.sign_in("water clerk").await;
    let again = |path: &str| format!("{path}/requests/new?kind=extension");
    water.opens(&again(&before)).await;
    water.get(&again(&after)).await.shows("延期次数已经用完");
}
