//! Whistles: from the draft to the close, each person over their own pages.

use crate::harness::{Step, Town, all_at_once, marks, without_numbers};

const NOON: &str = "2026-11-23T04:00:00Z";

#[tokio::test]
async fn a_whistle_goes_its_whole_way_and_everybody_reads_it_from_his_desk() {
    let town = Town::raise_at(NOON).await;
    let path = town.whistle("日常哨", Step::Closed).await;
    for (called, name, buttons) in [
        ("street dispatcher", "closed_whistle_of_the_street", vec![]),
        (
            "housing clerk",
            "closed_whistle_of_an_assistant",
            vec!["评价哨单"],
        ),
    ] {
        let person = town.sign_in(called).await;
        let page = person.opens(&path).await;
        page.costs_at_most(3);
        assert_eq!(
            page.buttons(),
            buttons,
            "nothing is left to do but the review"
        );
        insta::assert_snapshot!(name, without_numbers(&town, &page.text()));
    }
    let matter = format!(
        "select count(*) from matters where tenant_id = '{}' and stage = 'solved' and solved_level = 'whistle'",
        town.tenant
    );
    assert_eq!(
        town.number(&matter).await,
        1,
        "the matter behind it is solved"
    );
}

#[tokio::test]
async fn a_department_sees_its_own_and_nothing_else() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::FedBack).await;
    let housing = town.sign_in("housing clerk").await;
    let page = housing.opens(&path).await;
    page.shows("杂物已清除").never_names("更换破损管段");
    town.sign_in("water clerk")
        .await
        .opens(&path)
        .await
        .shows("杂物已清除")
        .shows("更换破损管段");
    for called in [
        "market clerk",
        "enforcement head",
        "other dispatcher",
        "north secretary",
        "river secretary",
    ] {
        let person = town.sign_in(called).await;
        person.get(&path).await.is(404);
        person
            .post(&format!("{path}/signing"), &[("version", "1")])
            .await
            .is_one_of(&[403, 404]);
        let list = person.opens("/whistles").await;
        assert_eq!(
            list.all_words_at("table.list tbody tr").len(),
            0,
            "{}",
            list.text()
        );
        person.opens("/").await.never_names("下水道堵塞");
    }
    town.sign_in("unit chief").await.get(&path).await.is(403);
}

#[tokio::test]
async fn each_kind_is_approved_by_its_own_post() {
    let town = Town::raise().await;
    for (kind, approver, others) in [
        (
            "日常哨",
            "street deputy",
            ["street secretary", "street dispatcher"],
        ),
        (
            "综合执法哨",
            "street deputy",
            ["street secretary", "second dispatcher"],
        ),
        (
            "攻坚哨",
            "street secretary",
            ["street deputy", "street dispatcher"],
        ),
    ] {
        let path = town.whistle(kind, Step::Submitted).await;
        for other in others
            .into_iter()
            .chain(["other deputy", "community secretary"])
        {
            let person = town.sign_in(other).await;
            let page = person.get(&path).await;
            assert!(!page.has_button("同意吹哨"), "{kind}: {other}");
            let tried = person
                .post(&format!("{path}/approval"), &[("version", "2")])
                .await;
            tried.is_one_of(&[403, 404, 409]);
        }
        town.sign_in("water clerk").await.get(&path).await.is(404);
        let page = town.acts(approver, &path, "同意吹哨", &[]).await;
        page.shows("2 个部门收到任务").shows("(待签收)");
    }
    for kind in ["快捷哨", "应急哨"] {
        let path = town.whistle(kind, Step::Sounded).await;
        let page = town.sign_in("street dispatcher").await.opens(&path).await;
        page.shows("(待签收)");
    }
}

#[tokio::test]
async fn a_refusal_needs_a_reason_and_goes_back_to_the_drafter() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::Submitted).await;
    let zhou = town.sign_in("street deputy").await;
    zhou.opens(&format!("{path}?do=refusal")).await;
    zhou.submit("不同意", &[])
        .await
        .is(422)
        .shows("请填写不同意的理由");
    let reason = "先请社区再疏通一次，附现场情况。";
    zhou.does("不同意", &[("不同意的理由", reason)])
        .await
        .shows("(草稿)");
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/").await.shows("起草");
    wang.opens(&format!("{path}/edit")).await.shows(reason);
    wang.does("送审", &[("自己已做", "社区疏通三次，第三次请了疏通车。")])
        .await
        .shows("(待审批)");
    town.acts("street deputy", &path, "同意吹哨", &[])
        .await
        .shows("疏通三次");
}

#[tokio::test]
async fn an_emergency_sounds_first_and_is_verified_before_the_close() {
    let town = Town::raise().await;
    let path = town.whistle("应急哨", Step::Rated).await;
    let wang = town.sign_in("street dispatcher").await;
    let page = wang.opens(&path).await;
    assert!(!page.has_button("办结"));
    page.shows("分管副主任事后核实后");
    wang.post(
        &format!("{path}/closure"),
        &[("version", "99"), ("outcome", "resolved")],
    )
    .await
    .is(409);
    let verified = [
        ("是否属于应急", "属于"),
        ("核实情况", "污水流向配电箱，属实。"),
    ];
    let zhou = town.sign_in("street deputy").await;
    zhou.opens(&format!("{path}?do=verification")).await;
    zhou.does("事后核实", &verified).await;
    town.acts(
        "street dispatcher",
        &path,
        "办结",
        &[("办结结果", "险情已排除，根治已列入计划")],
    )
    .await
    .shows("(已办结)");
}

#[tokio::test]
async fn the_lead_waits_for_the_assistants_or_says_who_does_not_co_operate() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::Sounded).await;
    let jiang = town.sign_in("water clerk").await;
    jiang.opens(&path).await;
    jiang.does("签收", &[]).await;
    jiang
        .does(
            "报到",
            &[("报到方式", "电话联系"), ("谁来的", "姜涛 联络员")],
        )
        .await;
    assert!(!jiang.page().has_button("反馈"), "{}", jiang.page().text());
    let version = jiang
        .page()
        .form("记录处置", &[])
        .value("version")
        .to_owned();
    let early = [("version", version.as_str()), ("words", "已疏通")];
    jiang
        .post(&format!("{path}/feedback"), &early)
        .await
        .is(409);
    jiang.opens(&format!("{path}?do=non-cooperation")).await;
    jiang.submit("标记未配合", &[]).await.is(422);
    let reason = [
        ("未配合的协办部门", "住房和城乡建设局"),
        ("理由", "三次电话联系，均未到场。"),
    ];
    jiang.does("标记未配合", &reason).await.shows("未配合");
    jiang.opens(&path).await;
    jiang
        .does("反馈", &[("处理结果", "主管道已疏通。")])
        .await
        .shows("(待核查)");
    let cao = town.sign_in("housing clerk").await;
    assert!(cao.opens(&path).await.buttons().is_empty());
}

#[tokio::test]
async fn a_failed_check_sends_the_same_department_back_with_everything_kept() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::FedBack).await;
    let wu = town.sign_in("street checker").await;
    wu.opens(&path).await;
    wu.submit("核查", &[("核查结果", "不通过")])
        .await
        .is(422)
        .shows("请填写不通过的理由");
    wu.opens(&path).await;
    let reason = "雨后井口又冒水，管段接口没有封好。";
    let failed = [
        ("核查结果", "不通过"),
        ("不通过时，谁返工", "供水公司"),
        ("看到的情况", reason),
    ];
    wu.does("核查", &failed)
        .await
        .shows("已退回部门返工")
        .shows("返工中");
    let jiang = town.sign_in("water clerk").await;
    jiang
        .opens(&path)
        .await
        .shows(reason)
        .shows("更换破损管段")
        .shows("返工 1 次");
    let cao = town.sign_in("housing clerk").await;
    assert!(
        cao.opens(&path).await.buttons().is_empty(),
        "the other department is done"
    );
    jiang
        .does("反馈", &[("处理结果", "接口重新封闭，试水半小时无渗漏。")])
        .await;
    town.acts("street checker", &path, "核查", &[("核查结果", "通过")])
        .await
        .shows("(待评价)");
}

#[tokio::test]
async fn who_found_or_handled_finds_no_button_and_is_refused() {
    let town = Town::raise().await;
    // The community worker found it and worked on it.
    let shen = town.sign_in("community worker").await;
    let place = [("网格", "金源小区网格"), ("楼栋", "室外")];
    let matter = shen.files(&place, &[]).await;
    shen.opens(&matter).await;
    shen.does("受理", &[("立案条件", "污水外溢")]).await;
    shen.does("记录处置", &[("做了什么", "疏通两次，又堵。")])
        .await;
    shen.opens(&format!("{matter}?do=raise")).await;
    shen.does("上报街道", &[("上报理由", "主管道破损。")]).await;
    let wang = town.sign_in("street dispatcher").await;
    let title = wang.opens(&matter).await.heading();
    let path = wang.drafts_at("日常哨", &title, "金源小区网格").await;
    wang.opens(&path).await;
    wang.does("送审", &[]).await;
    town.acts("street deputy", &path, "同意吹哨", &[]).await;
    town.handle(&path, Step::FedBack).await;

    let page = shen.opens(&path).await;
    assert!(!page.has_button("核查"));
    page.shows("须请他人核查");
    let check = [("version", "99"), ("passed", "yes"), ("words", "")];
    shen.post(&format!("{path}/check"), &check).await.is(409);
    // Her secretary did not find it.
    town.acts(
        "community secretary",
        &path,
        "核查",
        &[("核查结果", "通过")],
    )
    .await;
    // Rating is the community's, also by who found; handling alone excludes.
    town.acts("community worker", &path, "评价", &marks("3"))
        .await;
}

#[tokio::test]
async fn who_handled_for_a_department_does_not_judge_in_another_post() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::Reported).await;
    let bai = town.sign_in("both sides").await;
    bai.opens("/posts").await;
    bai.does("以此职务办事", &[]).await;
    bai.opens(&path).await;
    bai.opens(&format!("{path}?do=steps")).await;
    bai.does("记录处置", &[("处置情况", "夜间值守，水位下降。")])
        .await;
    town.acts(
        "housing clerk",
        &path,
        "反馈",
        &[("处理结果", "杂物已清除。")],
    )
    .await;
    town.acts("water clerk", &path, "反馈", &[("处理结果", "已疏通。")])
        .await;
    bai.opens("/posts").await;
    bai.does("以此职务办事", &[]).await;
    let page = bai.opens(&path).await;
    assert!(page.frame().contains("核查员 柏青"), "{}", page.frame());
    assert!(!page.has_button("核查"));
    page.shows("须请他人核查");
}

#[tokio::test]
async fn a_whistle_closes_after_check_and_ratings_only() {
    let town = Town::raise().await;
    let wang = town.sign_in("street dispatcher").await;
    for step in [Step::Sounded, Step::FedBack, Step::Checked] {
        let path = town.whistle("日常哨", step).await;
        let page = wang.opens(&path).await;
        assert!(!page.has_button("办结"), "{step:?}");
        page.shows("街道和社区评价后");
        wang.post(
            &format!("{path}/closure"),
            &[("version", "1"), ("outcome", "resolved")],
        )
        .await
        .is(409);
    }
}

#[tokio::test]
async fn the_first_and_the_last_mark_ask_for_words() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::Checked).await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&path).await;
    wang.submit("评价", &marks(""))
        .await
        .is(422)
        .shows("请给供水公司的速度打分");
    let mut extreme = marks("4");
    extreme[0].1 = "5";
    extreme[9].1 = "1";
    let wrong = wang.submit("评价", &extreme).await;
    wrong
        .is(422)
        .shows("供水公司有 1 分或 5 分，请写明理由")
        .shows("住房和城乡建设局有 1 分");
    assert_eq!(
        wrong.form("评价", &[]).value("speed"),
        "5",
        "the marks are kept"
    );
    extreme.extend([
        ("主办 供水公司 / 评语", "半小时到场，一次修好。"),
        ("协办 住房和城乡建设局 / 评语", "第二天才来，推给物业。"),
    ]);
    wang.does("评价", &extreme)
        .await
        .shows("半小时到场")
        .shows("推给物业");
    assert!(!wang.page().has_button("评价"), "a side rates once");
    let second = town.sign_in("second dispatcher").await;
    assert!(
        !second.opens(&path).await.has_button("评价"),
        "whoever of it"
    );
}

#[tokio::test]
async fn a_department_rates_the_whistle_in_return() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::Checked).await;
    let review = [
        ("种类是否恰当", "恰当"),
        ("情况是否属实", "属实"),
        ("街道配合", "5"),
        ("说明", "街道提前清场，配合很好。"),
    ];
    let cao = town.sign_in("housing clerk").await;
    cao.opens(&path).await;
    cao.submit("评价哨单", &[]).await.is(422);
    cao.does("评价哨单", &review).await.shows("街道提前清场");
    assert!(!cao.page().has_button("评价哨单"), "once");
    town.sign_in("water clerk")
        .await
        .opens(&path)
        .await
        .never_names("街道提前清场");
}

#[tokio::test]
async fn a_whistle_is_called_back_before_the_first_feedback_only() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::Reported).await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&format!("{path}?do=withdrawal")).await;
    wang.submit("确认撤回", &[])
        .await
        .is(422)
        .shows("请填写撤回理由");
    let reason = [("撤回理由", "居民确认已自行疏通。")];
    wang.does("确认撤回", &reason)
        .await
        .shows("(已撤哨)")
        .shows("居民确认已自行疏通");
    let jiang = town.sign_in("water clerk").await;
    assert!(jiang.opens(&path).await.buttons().is_empty());
    jiang.opens("/").await.shows("现在没有要办的");
    // The matter waits for the street again, and can be called for again.
    let again = wang.drafts("日常哨", "下水道堵塞").await;
    assert_ne!(again, path);

    let path = town.whistle("快捷哨", Step::Reported).await;
    town.acts(
        "housing clerk",
        &path,
        "反馈",
        &[("处理结果", "杂物已清除。")],
    )
    .await;
    let page = wang.opens(&format!("{path}?do=withdrawal")).await;
    assert!(!page.has_button("确认撤回") && !page.says("撤回哨单"));
    wang.post(
        &format!("{path}/withdrawal"),
        &[("version", "9"), ("words", "不要了")],
    )
    .await
    .is(409);
}

#[tokio::test]
async fn a_community_asks_its_street_to_blow() {
    let town = Town::raise().await;
    let li = town.sign_in("community secretary").await;
    let matter = town
        .sign_in("grid chief")
        .await
        .files(
            &[("楼栋", "金源小区1号楼"), ("单元", "金源小区1号楼1单元")],
            &[],
        )
        .await;
    li.opens(&matter).await;
    li.does("受理", &[("立案条件", "污水外溢")]).await;
    let title = li.page().heading();
    let path = li.drafts("日常哨", &title).await;
    // An unfinished request is the community's own.
    town.sign_in("street dispatcher")
        .await
        .get(&path)
        .await
        .is(404);
    li.opens(&format!("{path}/edit")).await;
    li.does("送街道审核", &[]).await.shows("(待街道审核)");
    li.opens(&matter).await.shows("(待街道分拣)");

    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/").await.shows("分拣");
    wang.opens(&format!("{path}?do=return")).await;
    wang.does("退回社区", &[("退回理由", "写明社区做了什么、何时做的。")])
        .await;
    li.opens(&format!("{path}/edit"))
        .await
        .shows("写明社区做了什么");
    li.does(
        "送街道审核",
        &[("自己已做", "11月22日、23日各疏通一次，次日又堵。")],
    )
    .await;
    wang.opens(&path).await;
    wang.does("送审", &[]).await.shows("(待审批)");
    town.acts("street deputy", &path, "同意吹哨", &[])
        .await
        .shows("社区申请");
}

#[tokio::test]
async fn a_draft_says_what_it_lacks_and_keeps_what_was_typed() {
    let town = Town::raise().await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/whistles/new").await;
    let title = [("标题", "锦绣路口护栏倒伏"), ("地点", "城南社区")];
    let lacking = wang.submit("送审", &title).await;
    lacking
        .is(422)
        .shows("请勾选这张哨单来自哪件事项")
        .shows("请选定一个主办部门")
        .shows("请写明问题");
    assert_eq!(lacking.form("送审", &[]).value("title"), "锦绣路口护栏倒伏");
    wang.submit("加协办部门", &[]).await.is(200);
    assert!(wang.page().offers("协办部门 2"));
    assert_eq!(
        wang.page().form("送审", &[]).value("title"),
        "锦绣路口护栏倒伏"
    );
    let both = [("主办部门", "供水公司"), ("协办部门 1", "供水公司")];
    wang.submit("存草稿", &both)
        .await
        .is(422)
        .shows("这个部门已经选过");
    let kept = wang.does("存草稿", &[("协办部门 1", "请选择")]).await;
    kept.shows("草稿已存");
}

#[tokio::test]
async fn two_approve_at_once_and_the_second_sees_both_versions() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::FedBack).await;
    let (wu, li) = (
        town.sign_in("street checker").await,
        town.sign_in("community secretary").await,
    );
    let words = "井口通畅，𠮷野家门前也干了。";
    for person in [&wu, &li] {
        person.opens(&path).await;
    }
    let failed = [
        ("核查结果", "不通过"),
        ("不通过时，谁返工", "供水公司"),
        ("看到的情况", "还在冒水"),
    ];
    let passed = [("核查结果", "通过"), ("看到的情况", words)];
    let (one, two) = tokio::join!(wu.submit("核查", &failed), li.submit("核查", &passed));
    let mut statuses = [one.status(), two.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{}\n{}", one.text(), two.text());
    let (lost, typed) = if one.status() == 409 {
        (one, "还在冒水")
    } else {
        (two, words)
    };
    lost.shows(typed).shows("现在").shows("核查");
    let checks = format!(
        "select count(*) from checks where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&checks).await, 1);
}

#[tokio::test]
async fn departments_do_not_make_each_others_forms_stale() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::Sounded).await;
    let (jiang, cao) = (
        town.sign_in("water clerk").await,
        town.sign_in("housing clerk").await,
    );
    jiang.opens(&path).await;
    cao.opens(&path).await;
    let (one, two) = tokio::join!(jiang.submit("签收", &[]), cao.submit("签收", &[]));
    one.is(303);
    two.is(303);
}

#[tokio::test]
async fn a_double_click_acts_once() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::Submitted).await;
    let zhou = town.sign_in("street deputy").await;
    let form = zhou.opens(&path).await.form("同意吹哨", &[]);
    let (one, two) = tokio::join!(zhou.send_form(&form), zhou.send_form(&form));
    one.is(303);
    two.is(303);
    assert_eq!(one.location(), two.location());
    zhou.send_form(&form).await.goes_to(one.location());
    let sounded = format!(
        "select count(*) from events where tenant_id = '{}' and subject = 'whistle' and verb = 'sound'",
        town.tenant
    );
    assert_eq!(town.number(&sounded).await, 1);

    let wang = town.sign_in("street dispatcher").await;
    town.raised("楼道堆放杂物").await;
    wang.opens("/whistles/new").await;
    let tick = [("并入：楼道堆放杂物", "并入")];
    let draft = [&tick[..], &crate::harness::DRAFT[..]].concat();
    let form = wang.page().form("存草稿", &draft);
    let (one, two) = tokio::join!(wang.send_form(&form), wang.send_form(&form));
    one.is(303);
    assert_eq!(one.location(), two.location());
    let drafts = format!(
        "select count(*) from whistles where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&drafts).await, 2);
}

#[tokio::test]
async fn a_form_cannot_choose_the_id_of_what_it_makes() {
    let town = Town::raise().await;
    let taken = town.case().await.whistle.to_string();
    let wang = town.sign_in("second dispatcher").await;
    town.raised("楼道堆放杂物").await;
    wang.opens("/whistles/new").await;
    let draft = [
        &[("并入：楼道堆放杂物", "并入")][..],
        &crate::harness::DRAFT[..],
    ]
    .concat();
    let mut form = wang.page().form("存草稿", &draft);
    form.set("once", &taken);
    let kept = wang.send_form(&form).await;
    kept.is(303);
    assert!(!kept.location().contains(&taken), "{}", kept.location());
}

#[tokio::test]
async fn numbers_of_a_day_have_no_gaps_however_many_sound_at_once() {
    let town = Town::raise_at(NOON).await;
    let mut paths = Vec::new();
    for n in 0..4 {
        let title = format!("第{n}处下水道堵塞");
        town.raised(&title).await;
        let wang = town.sign_in("street dispatcher").await;
        let path = wang.drafts("快捷哨", &title).await;
        wang.opens(&path).await;
        paths.push(wang);
    }
    all_at_once(paths.iter().map(|wang| wang.does("吹哨", &[]))).await;
    let numbers = format!(
        "select count(distinct split_part(number, '-', 3)) from whistles
          where tenant_id = '{}' and split_part(number, '-', 3)::int between 1 and 4",
        town.tenant
    );
    assert_eq!(town.number(&numbers).await, 4);
}

#[tokio::test]
async fn the_list_and_its_sheet_say_the_same() {
    let town = Town::raise().await;
    town.whistle("日常哨", Step::Closed).await;
    town.whistle("快捷哨", Step::Signed).await;
    town.whistle("攻坚哨", Step::Submitted).await;
    for (called, query, count) in [
        ("street dispatcher", "", 3),
        ("street dispatcher", "?stage=open", 2),
        ("street dispatcher", "?stage=over", 1),
        ("street dispatcher", "?stage=approving", 1),
        ("street dispatcher", "?kind=express", 1),
        ("street dispatcher", "?q=下水道", 3),
        ("street dispatcher", "?q=100%25_", 0),
        ("street secretary", "?waiting=1", 1),
        ("water clerk", "", 2),
        ("water clerk", "?waiting=1", 1),
        ("city leader", "?sounded=1", 2),
        ("community worker", "", 2),
    ] {
        let person = town.sign_in(called).await;
        let list = person.opens(&format!("/whistles{query}")).await;
        list.costs_at_most(3);
        let rows = list.all_words_at("table.list tbody tr").len();
        assert_eq!(rows, count, "{called} {query}:\n{}", list.text());
        let sheet = person.opens(&format!("/whistles.csv{query}")).await;
        assert_eq!(
            sheet.body.trim_end().lines().count(),
            count + 1,
            "{}",
            sheet.body
        );
    }
}

#[tokio::test]
async fn a_draft_changed_by_another_shows_both_versions() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::Drafted).await;
    let edit = format!("{path}/edit");
    let wang = town.sign_in("street dispatcher").await;
    let feng = town.sign_in("second dispatcher").await;
    wang.opens(&edit).await;
    feng.opens(&edit).await;
    feng.submit("存草稿", &[("标题", "金源小区一号楼污水外溢")])
        .await
        .is(303);
    let late = wang
        .submit("存草稿", &[("标题", "金源小区污水井满溢")])
        .await;
    late.is(409)
        .shows("这张草稿刚被别人改过")
        .shows("金源小区一号楼污水外溢");
    assert_eq!(
        late.form("存草稿", &[]).value("title"),
        "金源小区污水井满溢"
    );
    wang.opens(&edit).await.shows("金源小区一号楼污水外溢");

    // Sent for approval in between, it cannot be changed any more; the words are not lost.
    feng.opens(&edit).await;
    wang.does("送审", &[]).await;
    let late = feng.submit("存草稿", &[("标题", "又改一次标题")]).await;
    late.is(409).shows("待审批");
    assert_eq!(late.form("存草稿", &[]).value("title"), "又改一次标题");
}
