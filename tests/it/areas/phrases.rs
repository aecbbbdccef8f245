//! Reply phrases: the system administrator keeps them, the forms offer them, one text is kept.

use chrono::Duration;

use super::imports::{MONDAY, PHRASES as HEAD, book, button, checks, uploads};
use crate::harness::{Step, Town};

const LOOK: &str = "先看会改什么";
const DONE: &str = "已派人到现场处置完毕，现场已清理，恢复正常使用。";

/// The town with the phrases that a city begins with.
async fn town() -> Town {
    let town = Town::raise_at(MONDAY).await;
    town.sql(&format!(
        "select furnish_phrases('{}', '{}')",
        town.tenant,
        town.now()
    ))
    .await;
    town
}

#[tokio::test]
async fn the_chosen_phrase_stands_before_what_was_typed_once() {
    let town = town().await;
    let path = town.whistle("日常哨", Step::Reported).await;
    let cao = town.sign_in("housing clerk").await;
    cao.opens(&path).await.costs_at_most(3);
    let long = "长".repeat(490);
    let wrong = cao
        .submit("反馈", &[("常用语", DONE), ("处理结果", &long)])
        .await;
    wrong.is(422).shows("处理结果最多 500 个字");
    let form = wrong.form("反馈", &[]);
    assert_eq!(form.value("words"), format!("{DONE}{long}"));
    assert_eq!(form.value("phrase"), "", "it is not put before twice");
    let short = format!("{DONE}换了管段。");
    cao.does("反馈", &[("处理结果", &short)]).await;
    let result = format!(
        "select result from assignments where tenant_id = '{}' and result is not null and role = 'assist'",
        town.tenant
    );
    assert_eq!(town.column(&result).await, [short]);
}

#[tokio::test]
async fn each_step_offers_its_own_and_none_where_there_is_none() {
    let town = town().await;
    let path = town.whistle("日常哨", Step::FedBack).await;
    let wu = town.sign_in("street checker").await;
    let failed = "现场核查，所反映问题没有完全解决，请继续办理。";
    wu.opens(&path).await.never_names(DONE);
    let passed = [("核查结果", "通过"), ("常用语", failed)];
    let page = wu.submit("核查", &passed).await;
    page.is(422).shows("核查通过的请选“不套用”");
    assert_eq!(page.form("核查", &[]).value("phrase"), failed);
    let failing = [
        ("核查结果", "不通过"),
        ("不通过时，谁返工", "供水公司"),
        ("常用语", failed),
    ];
    wu.opens(&path).await;
    wu.does("核查", &failing)
        .await
        .shows("返工中")
        .shows(failed);
    let wang = town.sign_in("street dispatcher").await;
    let urged = "该事项已临近办理时限，请抓紧办理，按时反馈结果。";
    wang.opens(&format!("{path}/supervision"))
        .await
        .costs_at_most(3);
    let fields = [("常用语", urged), ("内容", "周三前回复。")];
    wang.does("发出督办", &fields).await;
    let reason = format!(
        "select reason from supervisions where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.column(&reason).await, [format!("{urged}周三前回复。")]);
    // A step without phrases does not ask.
    let jiang = town.sign_in("water clerk").await;
    let handling = jiang.opens(&format!("{path}?do=steps")).await;
    assert!(!handling.offers("常用语"));
    let bare = Town::raise_at(MONDAY).await;
    let bare_path = bare.whistle("日常哨", Step::Reported).await;
    let clerk = bare.sign_in("housing clerk").await;
    assert!(!clerk.opens(&bare_path).await.offers("常用语"));
}

#[tokio::test]
async fn the_community_and_the_desk_have_theirs() {
    let town = town().await;
    let path = town.told_whistle(Step::Checked).await;
    let qian = town.sign_in("city office").await;
    qian.opens(&town.waiting_visit().await)
        .await
        .costs_at_most(3);
    let wrong = [
        ("接通了吗", "接通"),
        ("解决了吗", "解决了"),
        ("满意吗", "满意"),
        ("常用语", "拨打后无人接听。"),
    ];
    qian.submit("记录回访", &wrong)
        .await
        .is(422)
        .shows("接通的请选“不套用”");
    qian.opens(&town.waiting_visit().await).await;
    qian.does(
        "记录回访",
        &[("接通了吗", "未接通"), ("常用语", "拨打后无人接听。")],
    )
    .await
    .shows("拨打后无人接听。");
    assert!(!path.is_empty());
    let id = town.raised("单元门口路灯不亮").await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&format!("/matters/{id}?do=send_back"))
        .await
        .costs_at_most(3);
    let phrase = "上报前没有到现场核实，请社区核实情况后再报。";
    wang.does("退社区处理", &[("常用语", phrase)])
        .await
        .shows("(处置中)")
        .shows(phrase);
    let li = town.sign_in("community secretary").await;
    li.opens(&format!("/matters/{id}?do=reject")).await;
    let phrase = "经核实，所反映事项不属于受理范围，已向诉求人说明。";
    li.does("确认不予受理", &[("常用语", phrase)])
        .await
        .shows("(不予受理)")
        .shows(phrase);
}

#[tokio::test]
async fn the_administrator_adds_and_changes_from_a_day_on() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    system
        .opens("/phrases")
        .await
        .costs_at_most(3)
        .shows("没有这样的常用语");
    system.opens("/phrases/new?step=feed_back").await;
    system
        .submit(LOOK, &[("常用语", "好")])
        .await
        .is(422)
        .shows("常用语太短");
    system
        .submit(LOOK, &[("常用语", "已修复，可以正常使用。")])
        .await
        .is(200)
        .shows("核对要增加的")
        .shows("保存后立即施行。")
        .shows("共 1 条");
    system.opens("/phrases").await.shows("没有这样的常用语");
    system.opens("/phrases/new?step=feed_back").await;
    system
        .submit(LOOK, &[("常用语", "已修复，可以正常使用。")])
        .await;
    let form = system.page().form("确认增加", &[]);
    let done = system.send_form(&form).await;
    done.is(303);
    assert_eq!(system.send_form(&form).await.location(), done.location());
    let list = system.opens(done.location()).await;
    list.shows("共 1 条").shows("已修复，可以正常使用。");
    // The same again is no second one.
    system.opens("/phrases/new?step=feed_back").await;
    system
        .submit(LOOK, &[("常用语", "已修复，可以正常使用。")])
        .await
        .is(422)
        .shows("第 1 条说的一样");

    let second = town.sign_in("system admin").await;
    let one = list.link("已修复，可以正常使用。");
    second.opens(&one).await.costs_at_most(3);
    system.opens(&one).await;
    system
        .submit(LOOK, &[])
        .await
        .is(409)
        .shows("和现在的一样，没有改动");
    let fields = [
        ("常用语", "已修复，已恢复使用。"),
        ("生效日期", "2026-11-24"),
    ];
    let look = system.submit(LOOK, &fields).await;
    look.is(200)
        .shows("| 常用语 | 已修复，可以正常使用。 | 已修复，已恢复使用。")
        .shows("2026-11-24 零点起施行");
    system.submit("返回修改", &[]).await.is(200);
    let form = system.page().form(LOOK, &[]);
    assert_eq!(form.value("text"), "已修复，已恢复使用。");
    system.submit(LOOK, &[]).await.is(200);
    system
        .does("确认修改", &[])
        .await
        .shows("2026-11-24 起改为：已修复，已恢复使用。");
    let late = second
        .submit(LOOK, &[("常用语", "已修好，可以使用。")])
        .await;
    late.is(409)
        .shows("别人改过常用语")
        .shows("已修复，已恢复使用。");
    assert_eq!(late.form(LOOK, &[]).value("text"), "已修好，可以使用。");

    let path = town.whistle("日常哨", Step::Reported).await;
    let cao = town.sign_in("housing clerk").await;
    let page = cao.opens(&path).await;
    assert!(page.body.contains("已修复，可以正常使用。"));
    town.passes(Duration::hours(24));
    let cao = town.sign_in("housing clerk").await;
    let page = cao.opens(&path).await;
    assert!(page.body.contains("已修复，已恢复使用。"));
    assert!(!page.body.contains("已修复，可以正常使用。"));

    let system = town.sign_in("system admin").await;
    system.opens(&one).await;
    let look = system.submit(LOOK, &[("情况", "停用")]).await;
    look.shows("表单里不出现“常用语”这一栏");
    system.does("确认修改", &[]).await;
    assert!(!cao.opens(&path).await.offers("常用语"));
    system.opens("/phrases?used=no").await.shows("共 1 条");
    let audit = town.sign_in("audit admin").await;
    audit
        .opens("/audit?verb=amend_phrase")
        .await
        .shows("常用语：已修复，可以正常使用。 → 已修复，已恢复使用。，2026-11-24 起。")
        .shows("情况：在用 → 停用，2026-11-24 起。");
    audit.opens("/phrases").await.never_names("增加常用语");
    audit.get("/phrases/new").await.is(403);
    town.sign_in("street dispatcher")
        .await
        .get("/phrases")
        .await
        .is(403);
}

#[tokio::test]
async fn phrases_come_in_by_template_and_go_out_again_unchanged() {
    let town = town().await;
    let system = town.sign_in("system admin").await;
    for kind in ["xlsx", "csv"] {
        let list = system.get(&format!("/phrases.{kind}")).await;
        let answer = uploads(&system, "phrases", &format!("常用语.{kind}"), &list.bytes).await;
        answer.is(303);
        system
            .opens(answer.location())
            .await
            .shows("共 26 行")
            .shows("没有要写入的");
    }
    let rows: [&[&str]; 3] = [
        &[
            "",
            "部门反馈",
            "已更换损坏的部件，恢复正常使用。",
            "",
            "",
            "",
        ],
        &[
            "13",
            "",
            "已到现场处置完毕，恢复正常使用。",
            "5",
            "",
            "2026-11-30",
        ],
        &["", "回访未接通", "拨打后无人接听。", "", "停用", ""],
    ];
    checks(&system, "phrases", &book(&HEAD, &rows))
        .await
        .shows("编为第 27 条。")
        .shows(&format!(
            "常用语：{DONE} → 已到现场处置完毕，恢复正常使用。；排序：10 → 5"
        ));
    system
        .does(&button(3), &[])
        .await
        .shows("新增 1 行，变更 2 行");
    system
        .opens("/phrases?step=feed_back")
        .await
        .shows("共 4 条")
        .shows("2026-11-30 起改为：已到现场处置完毕，恢复正常使用。");
    let wrong: [(&[&str], &str); 9] = [
        (&["99", "", "没有这个编号的一条。"], "没有这个编号的常用语"),
        (&["1", "督办", "步骤不能改的一条。"], "步骤不能改"),
        (&["", "签收", "没有这一步的一条。"], "“签收”不在字典里"),
        (&["", "", "没有写步骤的一条。"], "请选择用在哪一步"),
        (&["", "督办", "短。"], "常用语太短"),
        (&["", "督办", "换了\n行的一条。"], "不要换行"),
        (&["", "督办", "排序不对的一条。", "0"], "排序写 1 至 999"),
        (
            &["", "督办", "日期太早的一条。", "", "", "2026-11-01"],
            "生效日期要在今天",
        ),
        (
            &["25", "", "该事项已临近办理时限，请抓紧办理，按时反馈结果。"],
            "第 24 条说的一样",
        ),
    ];
    for (row, sentence) in wrong {
        checks(&system, "phrases", &book(&HEAD, &[row]))
            .await
            .shows(sentence)
            .shows("不通过");
    }
    let twice: [&[&str]; 2] = [
        &["24", "", "请抓紧办理，按时反馈。"],
        &["24", "", "请抓紧办理，按时报告。"],
    ];
    checks(&system, "phrases", &book(&HEAD, &twice))
        .await
        .shows("和第 2 行是同一条");
    // A step has so many in use that a choice can still be read.
    let many: Vec<String> = (0..28)
        .map(|n| format!("请在第 {n} 天以前办结。"))
        .collect();
    let many: Vec<[&str; 3]> = many.iter().map(|text| ["", "督办", text]).collect();
    let many: Vec<&[&str]> = many.iter().map(<[&str; 3]>::as_slice).collect();
    checks(&system, "phrases", &book(&HEAD, &many))
        .await
        .shows("“督办”已有 30 条在用");
}
