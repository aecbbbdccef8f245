//! Requests that change time or owner: who asks, who decides, what silence does, and what is refused.

use chrono::Duration;
use street_whistle::org::TenantId;
use street_whistle::org::events::By;
use street_whistle::work::WhistleId;
use street_whistle::work::requests::{lapse_due, lift_due};
use street_whistle::work::whistles::reopen;

use crate::harness::{Page, Sql, Step, Town};

const MORNING: &str = "2026-11-23T01:00:00Z";

/// What the water company says when it is not responsible.
const RETURN: [(&str, &str); 3] = [
    ("应负责的部门", "城市管理行政执法局"),
    ("权责清单依据", "第 47 项 排水管道养护（住房和城乡建设局）"),
    ("理由", "堵点在路面雨水井，不属供水管网。"),
];

async fn with_duty(kind: &str, step: Step) -> (Town, String) {
    let town = Town::raise_at(MORNING).await;
    town.duty().await;
    let path = town.whistle(kind, step).await;
    (town, path)
}

async fn asks(
    town: &Town,
    who: &str,
    path: &str,
    (kind, button): (&str, &str),
    fields: &[(&str, &str)],
) -> Page {
    let form = format!("{path}/requests/new?kind={kind}");
    town.acts(who, &form, button, fields).await
}

/// Opens the newest request of the whistle.
async fn newest(town: &Town, path: &str) -> String {
    let id = town
        .text(&format!(
            "select id::text from requests where tenant_id = '{}' order by id desc limit 1",
            town.tenant
        ))
        .await;
    format!("{path}/requests/{id}")
}

async fn answers(town: &Town, who: &str, path: &str, how: &str, more: &[(&str, &str)]) -> Page {
    let request = newest(town, path).await;
    let fields = [&[("怎样答复", how), ("答复意见", "按清单界限办理。")], more].concat();
    town.acts(who, &request, "作出答复", &fields).await
}

async fn sweeps(town: &Town) -> (usize, usize) {
    let tenant = TenantId(town.tenant);
    let mut tx = town.db().begin(town.tenant).await.unwrap();
    let lapsed = lapse_due(&mut tx, tenant).await.unwrap();
    let lifted = lift_due(&mut tx, tenant).await.unwrap();
    tx.commit().await.unwrap();
    (lapsed, lifted)
}

#[tokio::test]
async fn a_return_is_denied_contested_and_granted_and_becomes_a_precedent() {
    let (town, path) = with_duty("日常哨", Step::Sounded).await;
    asks(&town, "water clerk", &path, ("return", "申请退回"), &RETURN)
        .await
        .shows("已提出申请")
        .shows("等街道答复");
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/")
        .await
        .shows("裁定")
        .shows("供水公司 申请退回");
    wang.opens("/requests")
        .await
        .shows("待我决定 1")
        .shows("供水公司");
    town.sign_in("city office")
        .await
        .opens("/requests")
        .await
        .shows("待我决定 0");
    answers(&town, "street deputy", &path, "维持原派", &[])
        .await
        .shows("维持原派");
    let denied = newest(&town, &path).await;
    let contested = [("书面异议", "雨水井不在供水管网图上。")];
    town.acts("water head", &denied, "提请上一级裁定", &contested)
        .await
        .shows("市治理办裁定");
    town.sign_in("city office")
        .await
        .opens("/")
        .await
        .shows("等您裁定");
    answers(
        &town,
        "city office",
        &path,
        "改派",
        &[("改派给", "城市管理行政执法局")],
    )
    .await
    .shows("改派");
    let page = town.acts("enforcement clerk", &path, "签收", &[]).await;
    page.shows("主办").shows("已改派");
    let list = town
        .sign_in("street dispatcher")
        .await
        .opens("/whistles")
        .await;
    list.shows("城市管理行政执法局");
    let duty = town
        .text(&format!(
            "select duty_item_id::text from precedents where tenant_id = '{}'",
            town.tenant
        ))
        .await;
    town.sign_in("street deputy")
        .await
        .opens(&format!("/duties/{duty}"))
        .await
        .shows("按清单界限办理。")
        .shows("市治理办裁定");
    // The former lead has nothing to do any more, and cannot ask again.
    let water = town.sign_in("water clerk").await;
    let page = water.opens(&path).await;
    assert!(!page.has_button("签收"));
    water
        .get(&format!("{path}/requests/new?kind=return"))
        .await
        .shows("不用再申请");
}

#[tokio::test]
async fn silence_goes_up_level_by_level_and_the_first_receiver_keeps_it() {
    let (town, path) = with_duty("日常哨", Step::Sounded).await;
    asks(&town, "water clerk", &path, ("return", "申请退回"), &RETURN).await;
    assert_eq!(sweeps(&town).await, (0, 0));
    let first = newest(&town, &path).await;
    town.passes(Duration::hours(4));
    let late = town.sign_in("street deputy").await;
    late.opens(&first).await.shows("答复时限已过");
    late.post(
        &format!("{first}/decision"),
        &[
            ("version", "1"),
            ("decision", "deny"),
            ("words", "维持原来的。"),
        ],
    )
    .await
    .is(409)
    .shows("答复时限已过");
    assert_eq!(sweeps(&town).await, (1, 0));
    assert_eq!(sweeps(&town).await, (0, 0), "each silence counts once");
    town.sign_in("city office")
        .await
        .opens("/requests")
        .await
        .shows("待我决定 1");
    town.passes(Duration::days(2));
    assert_eq!(sweeps(&town).await, (1, 0));
    town.sign_in("city leader")
        .await
        .opens("/requests")
        .await
        .shows("待我决定 1");
    town.passes(Duration::days(1));
    assert_eq!(sweeps(&town).await, (1, 0));
    let page = town.sign_in("water clerk").await.opens(&path).await;
    page.shows("由首接部门继续主办").shows("待签收");
    let states = format!(
        "select count(*) from requests where tenant_id = '{}' and state = 'lapsed'",
        town.tenant
    );
    assert_eq!(town.number(&states).await, 3);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_in_words_and_changes_nothing() {
    let (town, path) = with_duty("日常哨", Step::Sounded).await;
    let water = town.sign_in("water clerk").await;
    let form = format!("{path}/requests/new?kind=return");
    water.opens(&form).await;
    let before = town.condensed().await;
    water
        .submit("申请退回", &[])
        .await
        .is(422)
        .shows("请选择应负责的部门。")
        .shows("请填写理由。");
    assert_eq!(before, town.condensed().await);
    // A double click asks once.
    water.opens(&form).await;
    let sent = water.page().form("申请退回", &RETURN);
    water.send_form(&sent).await.is(303);
    water.send_form(&sent).await.is(303);
    let count = format!(
        "select count(*) from requests where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&count).await, 1);
    let again = town.sign_in("water head").await;
    let page = again.get(&form).await;
    page.shows("已有一件申请在等答复");
    let once = [("kind", "return"), ("reason", "再试一次。")];
    again.post(&format!("{path}/requests"), &once).await.is(409);
    for stranger in ["market clerk", "street dispatcher", "community secretary"] {
        let person = town.sign_in(stranger).await;
        person
            .post(&format!("{path}/requests"), &once)
            .await
            .is_one_of(&[403, 404]);
    }
    let request = newest(&town, &path).await;
    let answer = [
        ("version", "1"),
        ("decision", "deny"),
        ("words", "不行的。"),
    ];
    for stranger in ["city office", "other deputy"] {
        let person = town.sign_in(stranger).await;
        person
            .post(&format!("{request}/decision"), &answer)
            .await
            .is_one_of(&[403, 404, 409]);
    }
    // Taken back it stays counted.
    town.acts("water clerk", &request, "撤回申请", &[])
        .await
        .shows("已撤回");
    again.get(&form).await.shows("本部门已申请过一次");
}

#[tokio::test]
async fn nobody_decides_on_what_he_asked_or_handled() {
    let (town, path) = with_duty("日常哨", Step::Signed).await;
    asks(&town, "water clerk", &path, ("return", "申请退回"), &RETURN).await;
    let asker = town.seat("water clerk").person;
    let refused = format!(
        "update requests set state = 'denied', decided_at = asked_at, decided_by = asked_by, decided_post = asked_post,
                decided_words = '自己批。' where tenant_id = '{}' and asked_by = '{asker}'",
        town.tenant
    );
    let said = Sql::app().await.is_refused(town.tenant, &refused).await;
    assert_eq!(said, "requests_decided_by_others");
}

#[tokio::test]
async fn an_emergency_is_handled_first_and_disputed_later() {
    let (town, path) = with_duty("应急哨", Step::Sounded).await;
    let water = town.sign_in("water clerk").await;
    water.opens(&path).await.shows("应急哨先处置、后提争议");
    water
        .post(
            &format!("{path}/requests"),
            &[("kind", "return"), ("reason", "不归我们。")],
        )
        .await
        .is(409)
        .shows("先处置");
    town.acts("water clerk", &path, "签收", &[]).await;
    let report = [("报到方式", "到现场"), ("谁来的", "抢修班 两人")];
    town.acts("water clerk", &path, "报到", &report).await;
    asks(&town, "water clerk", &path, ("return", "申请退回"), &RETURN)
        .await
        .shows("等街道答复");
}

#[tokio::test]
async fn an_extension_moves_the_due_time_and_the_second_needs_the_city() {
    let (town, path) = with_duty("日常哨", Step::Reported).await;
    let due = format!(
        "select (c.due_at at time zone 'Asia/Shanghai')::date::text from clocks c join assignments a
           on a.tenant_id = c.tenant_id and a.id = c.assignment_id and a.role = 'lead'
          where c.tenant_id = '{}' and c.stage = 'close'",
        town.tenant
    );
    let before = town.text(&due).await;
    let why = [("理由", "配件在途，明日到货。")];
    asks(&town, "water clerk", &path, ("extension", "申请延期"), &why).await;
    let water = town.sign_in("water clerk").await;
    water.opens("/requests").await.shows("待审批");
    water
        .opens(&newest(&town, &path).await)
        .await
        .shows("待审批");
    answers(&town, "street dispatcher", &path, "同意延期", &[]).await;
    let after = town.text(&due).await;
    assert!(after > before, "{before} {after}");
    let page = town.sign_in("water clerk").await.opens(&path).await;
    page.shows("反馈期限延至").shows(&after);
    asks(&town, "water clerk", &path, ("extension", "申请延期"), &why).await;
    let street = town.sign_in("street deputy").await;
    assert!(
        !street
            .opens(&newest(&town, &path).await)
            .await
            .has_button("作出答复")
    );
    answers(&town, "city office", &path, "不同意延期", &[])
        .await
        .shows("不同意延期");
    // Refusals do not count; once overdue nothing is left.
    asks(&town, "water clerk", &path, ("extension", "申请延期"), &why).await;
    town.passes(Duration::days(40));
    assert_eq!(sweeps(&town).await, (1, 0));
    town.sign_in("water clerk")
        .await
        .opens(&path)
        .await
        .shows("不能再延期，请尽快反馈");
}

#[tokio::test]
async fn a_suspension_stands_the_clocks_still_and_lifts_by_itself() {
    let (town, path) = with_duty("攻坚哨", Step::Reported).await;
    let plan = [
        ("挂账到哪天", "2026-12-10"),
        ("节点 1 日期", "2026-12-01"),
        ("节点 1 内容", "管材到场"),
        ("理由", "冬季不能开挖。"),
    ];
    let water = town.sign_in("water clerk").await;
    water
        .opens(&format!("{path}/requests/new?kind=suspension"))
        .await;
    water
        .submit(
            "申请挂账",
            &[("挂账到哪天", "2029-01-01"), ("理由", "冬季不能开挖。")],
        )
        .await
        .is(422)
        .shows("挂账日期写");
    asks(
        &town,
        "water clerk",
        &path,
        ("suspension", "申请挂账"),
        &plan,
    )
    .await;
    answers(&town, "city office", &path, "同意挂账", &[]).await;
    let page = water.opens(&path).await;
    page.shows("挂账至 2026-12-10")
        .shows("挂账期间停办")
        .shows("管材到场");
    let housing = town.sign_in("housing clerk").await;
    assert!(!housing.opens(&path).await.has_button("反馈"));
    let id = newest(&town, &path).await;
    town.acts("water clerk", &id, "标记完成：管材到场", &[])
        .await
        .shows("按时完成");
    let street = town.sign_in("street dispatcher").await;
    street.opens("/whistles?lamp=grey").await.shows("共 1 件");
    let due = format!(
        "select extract(epoch from due_at)::bigint from clocks where tenant_id = '{}' and stage = 'close'
            and assignment_id = (select id from assignments where tenant_id = '{0}' and role = 'lead')",
        town.tenant
    );
    let before = town.number(&due).await;
    town.passes(Duration::days(16));
    assert_eq!(sweeps(&town).await, (0, 0), "not before the day");
    town.passes(Duration::days(2));
    assert_eq!(sweeps(&town).await, (0, 1));
    assert_eq!(sweeps(&town).await, (0, 0), "once");
    assert!(town.number(&due).await > before + 14 * 86_400);
    let water = town.sign_in("water clerk").await;
    water.opens(&path).await.shows("挂账到期，自动复办");
    let housing = town.sign_in("housing clerk").await;
    assert!(housing.opens(&path).await.has_button("反馈"));
    water
        .get(&format!("{path}/requests/new?kind=suspension"))
        .await
        .shows("只能挂账一次");
}

/// A suspension until that day, granted.
async fn put_aside_until(day: &str) -> (Town, String) {
    let (town, path) = with_duty("攻坚哨", Step::Reported).await;
    let plan = [
        ("挂账到哪天", day),
        ("节点 1 日期", "2026-12-01"),
        ("节点 1 内容", "管材到场"),
        ("理由", "冬季不能开挖。"),
    ];
    let kind = ("suspension", "申请挂账");
    asks(&town, "water clerk", &path, kind, &plan).await;
    answers(&town, "city office", &path, "同意挂账", &[]).await;
    (town, path)
}

#[tokio::test]
async fn a_suspension_is_over_at_the_close_or_with_the_day_off() {
    for (day, end) in [("2026-12-10", "17:30"), ("2026-12-12", "23:59")] {
        let (town, path) = put_aside_until(day).await;
        let until = town
            .text(&format!(
                "select to_char(until_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') from suspensions
                  where tenant_id = '{}'",
                town.tenant
            ))
            .await;
        assert_eq!(until, format!("{day} {end}"));
        let request = newest(&town, &path).await;
        let office = town.sign_in("city office").await;
        office.opens(&request).await.shows(&until);
    }
}

#[tokio::test]
async fn while_it_is_put_aside_the_street_reads_until_when() {
    let (town, path) = put_aside_until("2026-12-10").await;
    for called in ["street dispatcher", "street deputy", "community secretary"] {
        let page = town.sign_in(called).await.opens(&path).await;
        page.shows("挂账至 2026-12-10，其间停办停表，到期自动复办")
            .never_names("这一步由别人办");
        assert!(page.buttons().is_empty(), "{called}: {:?}", page.buttons());
    }
}

#[tokio::test]
async fn a_silence_leaves_the_part_with_its_department_in_its_role() {
    let (town, path) = with_duty("日常哨", Step::Sounded).await;
    let kind = ("return", "申请退回");
    asks(&town, "housing clerk", &path, kind, &RETURN).await;
    let housing = town.sign_in("housing clerk").await;
    housing.opens("/requests").await.shows("待裁定");
    for hours in [4, 48, 24] {
        town.passes(Duration::hours(hours));
        assert_eq!(sweeps(&town).await, (1, 0));
    }
    let page = town.sign_in("housing clerk").await.opens(&path).await;
    page.shows("由首接部门继续协办").never_names("继续主办");
}

#[tokio::test]
async fn an_appeal_exempts_and_the_breach_stays() {
    let (town, path) = with_duty("日常哨", Step::Sounded).await;
    town.passes(Duration::days(3));
    town.handle(&path, Step::FedBack).await;
    town.judge(&path, Step::Closed).await;
    let why = [("超时原因", "天气"), ("理由", "暴雪封路两天。")];
    asks(&town, "water clerk", &path, ("appeal", "超时申诉"), &why).await;
    let wang = town.sign_in("street dispatcher").await;
    assert!(
        !wang
            .opens(&newest(&town, &path).await)
            .await
            .has_button("作出答复")
    );
    answers(&town, "street deputy", &path, "驳回申诉", &[]).await;
    let denied = newest(&town, &path).await;
    let contested = [("书面异议", "有气象证明。")];
    town.acts("water clerk", &denied, "提请上一级裁定", &contested)
        .await;
    answers(&town, "city office", &path, "不计入考核", &[]).await;
    let breaches = format!(
        "select count(*) from breaches where tenant_id = '{}'",
        town.tenant
    );
    let exempt = format!(
        "select count(*) from exemptions where tenant_id = '{}'",
        town.tenant
    );
    assert!(town.number(&exempt).await > 0);
    assert!(town.number(&breaches).await >= town.number(&exempt).await);
    town.sign_in("water clerk")
        .await
        .opens(&path)
        .await
        .shows("不计入考核")
        .shows("超期");
}

#[tokio::test]
async fn what_is_recorded_while_put_aside_is_not_late() {
    let (town, path) = with_duty("攻坚哨", Step::Signed).await;
    let report = [("报到方式", "到现场"), ("谁来的", "两人")];
    town.acts("water clerk", &path, "报到", &report).await;
    let plan = [
        ("挂账到哪天", "2027-03-10"),
        ("节点 1 日期", "2027-03-01"),
        ("节点 1 内容", "管材到场"),
        ("理由", "冬季不能开挖。"),
    ];
    let form = ("suspension", "申请挂账");
    asks(&town, "water clerk", &path, form, &plan).await;
    answers(&town, "city office", &path, "同意挂账", &[]).await;
    // Who may do nothing is not supervised.
    let deputy = town.sign_in("street deputy").await;
    let form = format!("{path}/supervision");
    deputy.opens(&form).await.shows("挂账期间不督办");
    let lead = town
        .text(&format!(
            "select id::text from assignments where tenant_id = '{}' and role = 'lead'",
            town.tenant
        ))
        .await;
    let letter = [
        ("level", "street"),
        ("assignment", lead.as_str()),
        ("words", "请抓紧办理。"),
    ];
    deputy
        .post(&format!("{path}/supervision"), &letter)
        .await
        .is(409)
        .shows("正在挂账");
    // Long after the first word would have been due.
    town.passes(Duration::days(60));
    sweeps(&town).await;
    let words = [("处置情况", "管材已订货，下月到。")];
    town.acts("water clerk", &path, "记录处置", &words).await;
    let late = format!(
        "select count(*) from clocks where tenant_id = '{}' and stage = 'first_feedback' and stopped_at > due_at",
        town.tenant
    );
    assert_eq!(town.number(&late).await, 0);
    let page = town.sign_in("water clerk").await.opens(&path).await;
    page.shows("首次反馈，供水公司").shows("按时");
}

#[tokio::test]
async fn the_last_helper_at_work_who_is_let_go_leaves_a_check_that_is_due() {
    let (town, path) = with_duty("应急哨", Step::FedBack).await;
    let failed = [
        ("核查结果", "不通过"),
        ("看到的情况", "压占的杂物还在。"),
        ("不通过时，谁返工", "住房和城乡建设局"),
    ];
    town.acts("street checker", &path, "核查", &failed).await;
    let form = ("return", "申请退回");
    asks(&town, "housing clerk", &path, form, &RETURN).await;
    let gone = [("改派给", "不再需要协办")];
    answers(&town, "street deputy", &path, "改派", &gone).await;
    let checker = town.sign_in("street checker").await;
    assert!(checker.opens(&path).await.has_button("核查"));
}

#[tokio::test]
async fn an_appeal_outlives_a_reopening_and_a_second_close() {
    let (town, path) = with_duty("日常哨", Step::Sounded).await;
    town.passes(Duration::days(3));
    town.handle(&path, Step::FedBack).await;
    town.judge(&path, Step::Closed).await;
    let why = [("超时原因", "天气"), ("理由", "暴雪封路两天。")];
    asks(&town, "water clerk", &path, ("appeal", "超时申诉"), &why).await;
    let whistle = path.rsplit('/').next().unwrap().parse().unwrap();
    let mut tx = town.db().begin(town.tenant).await.unwrap();
    let by = By::Resident(TenantId(town.tenant));
    reopen(&mut tx, by, WhistleId(whistle), "群众反映未解决。")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    town.judge(&path, Step::Closed).await;
    // Nobody answers: the silence still takes effect.
    town.passes(Duration::days(3));
    assert_eq!(sweeps(&town).await, (1, 0));
    let appeal = newest(&town, &path).await;
    let water = town.sign_in("water clerk").await;
    water.opens(&appeal).await.shows("逾期未决");
}
