//! The duty list: the city office keeps it, the streets take their proposals from it.

use std::fmt::Write as _;

use chrono::Duration;
use street_whistle::base::clock::{Clock, day_of};
use street_whistle::base::db::Db;
use street_whistle::base::words;
use street_whistle::org::access::{Factor, PostKind, Seat, Viewer};
use street_whistle::org::{AppointmentId, DepartmentId, SessionId};
use street_whistle::work::duties::{self, Ruling, RulingLevel};
use uuid::Uuid;

use super::imports::MONDAY;
use crate::harness::{DRAFT, Page, Person, Sql, Town, server};

/// What the city office writes for the drains.
const DRAINS: [(&str, &str); 9] = [
    ("项号", "47"),
    ("名称", "排水管道和检查井养护"),
    ("依据", "《城镇排水与污水处理条例》第二十八条"),
    ("主办部门", "住房和城乡建设局"),
    ("界限", "市政管网由住建局养护，户内管道由住户负责。"),
    ("协办部门 1", "供水公司"),
    ("协办部门 1 配合什么", "排查供水管线有无渗漏。"),
    ("排水管道堵塞、破裂", "排水管道堵塞、破裂"),
    ("道路积水", "道路积水"),
];

/// A draft that names no departments of its own: what the list proposes stands in the form.
fn proposed<'a>() -> Vec<(&'a str, &'a str)> {
    let own = ["主办部门", "协办部门 1", "自选理由"];
    let mut draft: Vec<_> = DRAFT
        .into_iter()
        .filter(|(field, _)| !own.contains(field))
        .collect();
    draft.push(("种类", "快捷哨"));
    draft
}

/// The city office puts the drains on the list; answers the path of the item.
async fn enters(town: &Town) -> String {
    let qian = town.sign_in("city office").await;
    qian.opens("/duties/new").await;
    qian.submit("看改动", &DRAINS).await;
    let page = qian.does("列入清单", &[]).await;
    page.path.split('?').next().unwrap_or_default().to_owned()
}

/// Somebody opens the blank draft of a matter about drains.
async fn drafts_on(town: &Town, wang: &Person) -> Page {
    let matter = town.raised("下水道堵塞").await;
    wang.opens(&format!("/whistles/new?matter={matter}")).await
}

#[tokio::test]
async fn the_city_office_enters_an_item_and_everybody_concerned_reads_it() {
    let town = Town::raise().await;
    let qian = town.sign_in("city office").await;
    qian.opens("/duties")
        .await
        .shows("没有符合条件的项")
        .shows("新列一项");
    qian.opens("/duties/new").await;
    qian.submit("看改动", &DRAINS)
        .await
        .shows("新列第 47 项")
        .shows("保存后立即施行。")
        .shows("主办部门 | 无 | 住房和城乡建设局")
        .shows("协办 供水公司 | 无 | 排查供水管线有无渗漏。")
        .shows("2 类事项建议的主办部门有变，见下表。")
        .shows("道路积水 | 没有建议，要自选部门、写理由 | 住房和城乡建设局（第 47 项）");
    let form = qian.page().form("列入清单", &[]);
    let first = qian.send_form(&form).await;
    first.is(303);
    let again = qian.send_form(&form).await;
    assert_eq!(
        again.location(),
        first.location(),
        "a double click acts once"
    );
    qian.opens(first.location())
        .await
        .shows("已列入清单")
        .shows("第 47 项")
        .shows("供水公司 ：排查供水管线有无渗漏。")
        .shows("还没有先例");
    for called in [
        "street dispatcher",
        "community secretary",
        "water clerk",
        "city leader",
    ] {
        let person = town.sign_in(called).await;
        let list = person.opens("/duties").await;
        list.shows("共 1 项").shows("排水管道和检查井养护");
        assert!(!list.says("新列一项"), "{called} may not change it");
        let item = person.opens(&list.link("排水管道和检查井养护")).await;
        item.shows("户内管道由住户负责。");
        person.get(&format!("{}/edit", item.path)).await.is(403);
        person.get(&format!("{}/end", item.path)).await.is(403);
    }
    let grid = town.sign_in("grid chief").await;
    grid.get("/duties").await.is(403);
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field() {
    let town = Town::raise().await;
    enters(&town).await;
    let qian = town.sign_in("city office").await;
    qian.opens("/duties/new").await;
    let lacking = qian
        .submit("看改动", &[("项号", "零"), ("协办部门 1", "供水公司")])
        .await;
    lacking.is(422);
    for sentence in [
        "项号写 1 至 9999 的整数。",
        "请填写名称。",
        "请填写依据。",
        "请选择主办部门。",
        "请填写界限。",
        "请写明请它配合什么。",
        "请勾选这一项管哪些类别",
    ] {
        lacking.shows(sentence);
    }
    let twice = [("协办部门 1", "住房和城乡建设局")];
    let twice = qian
        .submit("看改动", &[&DRAINS[..], &twice[..]].concat())
        .await;
    twice.is(422).shows("这个部门已是主办，不用再列为协办。");
    let taken = qian.submit("看改动", &DRAINS).await;
    taken.is(422).shows("清单里已有过第 47 项");
    let form = taken.form("看改动", &[]);
    assert_eq!(form.value("name"), "排水管道和检查井养护", "it is kept");
    assert_eq!(form.value("class"), "05-03", "and so are the ticks");
}

#[tokio::test]
async fn the_list_narrows_by_word_department_and_class() {
    let town = Town::raise().await;
    enters(&town).await;
    let wang = town.sign_in("street dispatcher").await;
    let [housing, water, market] = ["housing", "water", "market"].map(|d| town.department(d));
    for (query, count) in [
        ("q=户内".to_owned(), 1),
        ("q=47".to_owned(), 1),
        ("q=路灯".to_owned(), 0),
        (format!("department={housing}"), 1),
        (format!("department={water}"), 1),
        (format!("department={market}"), 0),
        ("class=05-06".to_owned(), 1),
        ("class=01-10".to_owned(), 0),
        ("state=ended".to_owned(), 0),
        ("state=coming".to_owned(), 0),
    ] {
        let list = wang.opens(&format!("/duties?{query}")).await;
        list.shows(&format!("共 {count} 项"));
        let rows = list.all_words_at("table.list tbody tr").len();
        assert_eq!(rows, count, "{query}");
        let sheet = wang.opens(&format!("/duties.csv?{query}")).await;
        assert_eq!(sheet.body.lines().count(), 1 + count, "{}", sheet.body);
    }
}

#[tokio::test]
async fn a_draft_takes_its_departments_from_the_list_and_says_why() {
    let town = Town::raise().await;
    let item = enters(&town).await;
    let wang = town.sign_in("street dispatcher").await;
    drafts_on(&town, &wang)
        .await
        .shows("清单建议：住房和城乡建设局主办，供水公司协办。")
        .shows("权责清单第 47 项 “排水管道和检查井养护”，《城镇排水与污水处理条例》第二十八条。")
        .shows("所选事项属于“排水管道堵塞、破裂”，归这一项管。")
        .shows("界限：市政管网由住建局养护，户内管道由住户负责。");
    let form = wang.page().form("送审", &[]);
    let housing = town.department("housing").to_string();
    assert_eq!(form.value_nth("department", 0), housing);
    assert_eq!(form.value_nth("ask", 1), "排查供水管线有无渗漏。");
    let page = wang.does("送审", &proposed()).await;
    page.shows("权责清单第 47 项 “排水管道和检查井养护”")
        .shows("主办住房和城乡建设局，协办供水公司。依据权责清单第 47 项。")
        .never_names("另选主办");
    assert_eq!(page.link("权责清单第 47 项"), item);
}

#[tokio::test]
async fn a_draft_begun_blank_asks_the_list_without_losing_what_was_typed() {
    let town = Town::raise().await;
    enters(&town).await;
    town.raised("下水道堵塞").await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/whistles/new")
        .await
        .shows("这里给出建议的部门和依据");
    let typed = [
        ("并入：下水道堵塞", "并入"),
        ("标题", "写到一半的标题"),
        ("请主办部门办什么", "疏通"),
        ("协办部门 1", "城市管理行政执法局"),
        ("请协办部门 1 办什么", "查饭店油污"),
    ];
    let page = wang.submit("按所选事项查权责清单", &typed).await;
    page.is(200).shows("清单建议：住房和城乡建设局主办");
    let form = page.form("存草稿", &[]);
    assert_eq!(form.value("title"), "写到一半的标题");
    let kept: Vec<_> = (0..3)
        .map(|row| {
            (
                form.value_nth("department", row),
                form.value_nth("ask", row),
            )
        })
        .collect();
    let [housing, water, enforcement] =
        ["housing", "water", "enforcement"].map(|d| town.department(d).to_string());
    assert_eq!(
        kept,
        [
            (housing.as_str(), "疏通"),
            (water.as_str(), "排查供水管线有无渗漏。"),
            (enforcement.as_str(), "查饭店油污"),
        ]
    );
    assert_eq!(
        town.number("select count(*) from whistles where title = '写到一半的标题'")
            .await,
        0
    );
}

#[tokio::test]
async fn another_lead_needs_a_reason_that_is_kept_and_shown() {
    let town = Town::raise().await;
    enters(&town).await;
    let wang = town.sign_in("street dispatcher").await;
    drafts_on(&town, &wang).await;
    let other = [("种类", "快捷哨"), ("自选理由", "")];
    let other = [&DRAFT[..], &other[..]].concat();
    let refused = wang.submit("送审", &other).await;
    refused.is(422);
    let beside = refused.words_at(".field-wrong:has(#choice_reason) .error");
    assert_eq!(beside, "没有选建议的主办部门，请写明理由。");
    refused.shows("清单建议：住房和城乡建设局主办");
    // A draft may be kept without; on its own page it cannot be sent on.
    let kept = wang.does("存草稿", &[]).await;
    let path = kept.path.split("/edit").next().unwrap().to_owned();
    wang.opens(&path).await;
    wang.submit("吹哨", &[])
        .await
        .is(409)
        .shows("没有选建议的主办部门，请写明理由。请先改草稿，再送出。");
    wang.opens(&format!("{path}/edit")).await;
    let reason = "管道是供水公司的自用管，现场已认。";
    wang.does("吹哨", &[("自选理由", reason)])
        .await
        .shows(&format!(
            "权责清单第 47 项 “排水管道和检查井养护”；另选主办：{reason}"
        ))
        .shows(&format!("依据权责清单第 47 项，另选主办：{reason}"));
}

#[tokio::test]
async fn where_the_list_is_silent_a_reason_is_asked_for_unless_there_is_danger() {
    let town = Town::raise().await;
    let wang = town.sign_in("street dispatcher").await;
    let silent = "权责清单没有这一类，请自行选定部门并写明理由。";
    drafts_on(&town, &wang).await.shows(silent);
    let without = [("种类", "快捷哨"), ("自选理由", "")];
    let without = [&DRAFT[..], &without[..]].concat();
    let refused = wang.submit("送审", &without).await;
    refused.is(422);
    assert_eq!(
        refused.words_at(".field-wrong:has(#choice_reason) .error"),
        silent
    );
    wang.does("吹哨", &[("种类", "应急哨")])
        .await
        .shows("主办供水公司，协办住房和城乡建设局。");
    drafts_on(&town, &wang).await;
    let with = [&DRAFT[..], &[("种类", "快捷哨")]].concat();
    wang.does("送审", &with)
        .await
        .shows("自行选定部门：主管道由供水公司管护。");
}

#[tokio::test]
async fn a_change_is_a_new_version_and_old_whistles_keep_the_old_one() {
    let town = Town::raise().await;
    let first = enters(&town).await;
    let wang = town.sign_in("street dispatcher").await;
    drafts_on(&town, &wang).await;
    let whistle = wang.does("送审", &proposed()).await;
    let whistle = whistle.path.split('?').next().unwrap().to_owned();
    let qian = town.sign_in("city office").await;
    qian.opens(&first).await;
    qian.follows("修改").await;
    let colleague = town.sign_in("city office").await;
    let meanwhile = colleague.opens(&format!("{first}/edit")).await;
    qian.submit("看改动", &[("主办部门", "城市管理行政执法局")])
        .await
        .is(422)
        .shows("请填写修改理由。");
    let changed = [
        ("主办部门", "城市管理行政执法局"),
        ("修改理由", "养护职责划转"),
    ];
    qian.submit("看改动", &changed)
        .await
        .shows("主办部门 | 住房和城乡建设局 | 城市管理行政执法局")
        .shows("在办的 1 张哨单引用这一项，仍照引用时的那一版，不变。");
    let second = qian.does("保存新版本", &[]).await;
    second
        .shows("第 2 版")
        .shows("养护职责划转")
        .shows("首次列入");
    qian.follows("停用").await.shows("已有 1 张哨单引用这一项");
    // The old version says what it is, and leads to the new one.
    qian.opens(&first)
        .await
        .shows("这是旧版本")
        .shows("(旧版本)");
    assert!(!qian.page().has_button("修改"));
    let newest = qian.follows("看最新版本").await;
    assert_eq!(newest.path, second.path.split('?').next().unwrap());
    // Who began before meets both versions, and loses nothing.
    let late = [("界限", "晚到的界限，一字不丢。"), ("修改理由", "补写界限")];
    let form = meanwhile.form("看改动", &late);
    let stale = colleague.send_form(&form).await;
    stale
        .is(409)
        .shows("这一项刚被别人改过")
        .shows("养护职责划转");
    assert_eq!(stale.form("看改动", &[]).value("boundary"), late[0].1);
    colleague.submit("看改动", &[]).await;
    colleague
        .does("保存新版本", &[])
        .await
        .shows("第 3 版")
        .shows(late[0].1);
    // The whistle cites what it was blown on; a new one takes the new text.
    wang.opens(&whistle).await;
    assert_eq!(wang.page().link("权责清单第 47 项"), first);
    drafts_on(&town, &wang)
        .await
        .shows("晚到的界限，一字不丢。");
}

#[tokio::test]
async fn an_ended_item_proposes_nothing_and_stays_readable() {
    let town = Town::raise().await;
    let item = enters(&town).await;
    let qian = town.sign_in("city office").await;
    qian.opens(&item).await;
    qian.follows("停用").await.shows("停用权责清单第 47 项");
    qian.submit("看改动", &[])
        .await
        .is(422)
        .shows("请填写停用理由。");
    qian.submit("看改动", &[("停用理由", "机构撤销")])
        .await
        .shows("确认后立即停用")
        .shows("道路积水 | 住房和城乡建设局（第 47 项） | 没有建议");
    let form = qian.page().form("确认停用", &[]);
    let ended = qian.send_form(&form).await;
    ended.is(303);
    assert_eq!(qian.send_form(&form).await.location(), ended.location());
    qian.opens(ended.location())
        .await
        .shows("(已停用)")
        .shows("停用理由：机构撤销");
    qian.get(&format!("{item}/edit")).await.is(409);
    let today = words::day(day_of(town.now()));
    let fields = [
        ("reason", "再停一次"),
        ("from_day", today.as_str()),
        ("act", "save"),
    ];
    qian.post(&format!("{item}/end"), &fields).await.is(409);
    qian.opens("/duties").await.shows("共 0 项");
    qian.opens("/duties?state=ended").await.shows("共 1 项");
    let wang = town.sign_in("street dispatcher").await;
    drafts_on(&town, &wang).await.shows("权责清单没有这一类");
    wang.opens(&item).await.shows("户内管道由住户负责。");
}

/// Somebody of the city office changes the item from a day on.
async fn amends(qian: &Person, item: &str, fields: &[(&str, &str)]) -> Page {
    qian.opens(&format!("{item}/edit")).await;
    let reason = [("修改理由", "职责划转")];
    qian.submit("看改动", &[&reason[..], fields].concat()).await
}

/// What each version of item 47 is: number, days, whether it never began.
async fn versions(town: &Town) -> Vec<String> {
    let versions = format!(
        "select concat_ws(' ', version, from_day, coalesce(to_day::text, '起'),
                case when dropped_at is not null then '没有施行' end, end_reason)
           from duty_items where tenant_id = '{}' and number = 47 order by version",
        town.tenant
    );
    town.column(&versions).await
}

#[tokio::test]
async fn a_change_for_later_waits_for_its_day_and_is_proposed_from_then_on() {
    let town = Town::raise_at(MONDAY).await;
    let first = enters(&town).await;
    let wang = town.sign_in("street dispatcher").await;
    drafts_on(&town, &wang).await;
    wang.does("送审", &proposed()).await;
    let qian = town.sign_in("city office").await;
    let later = [
        ("主办部门", "城市管理行政执法局"),
        ("生效日期", "2026-11-25"),
    ];
    amends(&qian, &first, &later)
        .await
        .shows("2026-11-25 零点起施行，到那天自动换")
        .shows("道路积水 | 住房和城乡建设局（第 47 项） | 城市管理行政执法局（第 47 项）");
    // One may go back, and nothing of what was typed is lost.
    let back = qian.submit("返回修改", &[]).await;
    assert_eq!(back.form("看改动", &[]).value("from_day"), "2026-11-25");
    qian.submit("看改动", &[]).await;
    let second = qian.does("保存新版本", &[]).await;
    second
        .shows("已修改，新版本 2026-11-25 起施行")
        .shows("(待施行)")
        .shows("以前照第 1 版");
    let second = second.path.split('?').next().unwrap().to_owned();
    // Until then the first version holds, everywhere.
    for person in [&qian, &wang] {
        person
            .opens(&first)
            .await
            .costs_at_most(3)
            .shows("(现行)")
            .shows("自 2026-11-25 起第 2 版")
            .shows("主办部门：住房和城乡建设局 → 城市管理行政执法局");
        person
            .opens("/duties")
            .await
            .costs_at_most(3)
            .shows("共 1 项")
            .shows("自 2026-11-25 起有改动");
        person
            .opens("/duties?state=coming")
            .await
            .shows("共 1 项")
            .shows("自 2026-11-25 起，第 2 版");
    }
    assert!(!wang.opens(&first).await.says("撤回这一版"));
    drafts_on(&town, &wang)
        .await
        .shows("清单建议：住房和城乡建设局主办，供水公司协办。");
    town.passes(Duration::days(2));
    let (qian, wang) = (
        town.sign_in("city office").await,
        town.sign_in("street dispatcher").await,
    );
    drafts_on(&town, &wang)
        .await
        .costs_at_most(5)
        .shows("清单建议：城市管理行政执法局主办，供水公司协办。");
    wang.does("送审", &proposed())
        .await
        .shows("主办城市管理行政执法局，协办供水公司。依据权责清单第 47 项。");
    qian.opens("/duties").await.never_names("有改动");
    qian.opens(&first).await.shows("(旧版本)");
    qian.opens(&second).await.shows("(现行)");
    qian.get(&format!("{second}/take-back"))
        .await
        .is(409)
        .shows("没有等着施行的改动可以撤回");
    let events = format!(
        "select sentence from events where tenant_id = '{}' and verb = 'amend'",
        town.tenant
    );
    assert_eq!(
        town.column(&events).await,
        [
            "第 47 项第 2 版，2026-11-25 起：职责划转（主办部门：住房和城乡建设局 → 城市管理行政执法局。）"
        ]
    );
}

#[tokio::test]
async fn what_waits_can_be_taken_back_or_gives_way_but_never_two_hold_on_a_day() {
    let town = Town::raise_at(MONDAY).await;
    let first = enters(&town).await;
    let qian = town.sign_in("city office").await;
    amends(
        &qian,
        &first,
        &[("界限", "甲版"), ("生效日期", "2026-12-10")],
    )
    .await;
    qian.does("保存新版本", &[]).await;
    // Whoever changes the item again stands on what waits.
    amends(
        &qian,
        &first,
        &[("界限", "乙版"), ("生效日期", "2026-12-01")],
    )
    .await
    .shows("界限 | 甲版 | 乙版")
    .shows("原定 2026-12-10 起的第 2 版不再施行，由这一版代替。");
    let third = qian.does("保存新版本", &[]).await;
    let third = third.path.split('?').next().unwrap().to_owned();
    let today = "1 2026-11-23";
    assert_eq!(
        versions(&town).await,
        [
            format!("{today} 2026-12-01"),
            "2 2026-12-10 2026-12-10 没有施行".to_owned(),
            "3 2026-12-01 起".to_owned(),
        ]
    );
    // The same once more is no change; a later day alone is one.
    qian.opens(&format!("{third}/edit")).await;
    qian.submit("看改动", &[("修改理由", "职责划转")])
        .await
        .is(409)
        .shows("和最后一版完全一样，没有改动");
    amends(&qian, &third, &[("生效日期", "2026-12-05")])
        .await
        .shows("内容不变，只改生效日期。");
    // An item of which a version waits is not ended; the version is taken back first.
    qian.opens(&format!("{third}/end"))
        .await
        .shows("第 47 项第 3 版自 2026-12-01 起施行，还没有开始。先撤回那一版，再停用。");
    qian.opens(&first).await;
    qian.follows("撤回这一版")
        .await
        .shows("撤回第 47 项原定 2026-12-01 起的第 3 版？")
        .shows("撤回后第 1 版继续施行。");
    let form = qian.page().form("确认撤回", &[]);
    let colleague = town.sign_in("city office").await;
    let meanwhile = colleague.opens(&format!("{third}/edit")).await;
    let back = qian.send_form(&form).await;
    back.is(303);
    assert_eq!(qian.send_form(&form).await.location(), back.location());
    qian.opens(back.location())
        .await
        .shows("已撤回。")
        .shows("(现行)")
        .shows("没有施行");
    assert_eq!(back.location(), format!("{first}?done=back"));
    assert_eq!(versions(&town).await[0], format!("{today} 起"));
    // Who began on it before meets what holds, and loses nothing.
    let typed = [("界限", "丙版"), ("修改理由", "补写")];
    let stale = colleague.send_form(&meanwhile.form("看改动", &typed)).await;
    stale.is(409).shows("这一项刚被别人改过");
    assert_eq!(stale.form("看改动", &[]).value("boundary"), "丙版");
    colleague.submit("看改动", &[]).await;
    colleague.does("保存新版本", &[]).await.shows("第 4 版");
    let twice = format!(
        "insert into duty_items (tenant_id, id, number, version, name, law, lead_department_id, boundary, from_day,
                                 changed_by, changed_at, change_reason)
         select tenant_id, gen_random_uuid(), number, 9, name, law, lead_department_id, boundary, '2027-01-01',
                changed_by, changed_at, change_reason
           from duty_items where tenant_id = '{}' and version = 1",
        town.tenant
    );
    let mut app = Sql::app().await;
    assert_eq!(
        app.is_refused(town.tenant, &twice).await,
        "duty_items_one_a_day"
    );
    app.close().await;
}

#[tokio::test]
async fn an_item_ends_and_begins_on_its_day() {
    let town = Town::raise_at(MONDAY).await;
    let item = enters(&town).await;
    let qian = town.sign_in("city office").await;
    let wang = town.sign_in("street dispatcher").await;
    qian.opens(&format!("{item}/end")).await;
    let late = [("停用理由", "机构撤销"), ("生效日期", "2027-02-22")];
    qian.submit("看改动", &late)
        .await
        .is(422)
        .shows("生效日期要在今天 2026-11-23 至 2027-02-21 之间。");
    let fields = [("停用理由", "机构撤销"), ("生效日期", "2026-11-24")];
    qian.submit("看改动", &fields)
        .await
        .shows("2026-11-24 零点起停用，以前照现行的办");
    qian.does("确认停用", &[])
        .await
        .shows("2026-11-24 起停用。引用这一项的哨单不变。")
        .shows("自 2026-11-24 起停用")
        .shows("(现行)");
    qian.get(&format!("{item}/edit"))
        .await
        .is(409)
        .shows("先在这一项的页面上撤回停用");
    drafts_on(&town, &wang).await.shows("清单建议");
    qian.opens(&item).await;
    qian.follows("撤回停用").await;
    qian.does("确认撤回", &[]).await.shows("(现行)");
    assert_eq!(versions(&town).await, ["1 2026-11-23 起"]);
    qian.opens(&format!("{item}/end")).await;
    qian.submit("看改动", &fields).await;
    qian.does("确认停用", &[]).await;
    // A new item that begins on the same day takes the classes over.
    qian.opens("/duties/new").await;
    let second = [
        ("项号", "48"),
        ("名称", "供水管线"),
        ("主办部门", "供水公司"),
        ("协办部门 1", ""),
        ("协办部门 1 配合什么", ""),
        ("生效日期", "2026-11-24"),
    ];
    qian.submit("看改动", &[&DRAINS[..], &second[..]].concat())
        .await
        .shows("道路积水 | 没有建议，要自选部门、写理由 | 供水公司（第 48 项）");
    qian.does("列入清单", &[])
        .await
        .shows("已列入清单，2026-11-24 起施行。")
        .shows("以前起草哨单时不按这一项建议部门");
    qian.opens("/duties")
        .await
        .shows("共 1 项")
        .shows("自 2026-11-24 起停用");
    drafts_on(&town, &wang).await.shows("住房和城乡建设局主办");
    town.passes(Duration::days(1));
    let (qian, wang) = (
        town.sign_in("city office").await,
        town.sign_in("street dispatcher").await,
    );
    drafts_on(&town, &wang)
        .await
        .shows("清单建议：供水公司主办。");
    let list = qian.opens("/duties").await;
    list.shows("共 1 项").shows("供水管线");
    qian.opens("/duties?state=ended")
        .await
        .shows("2026-11-24 停用");
    // One that never began leaves its number behind.
    qian.opens("/duties/new").await;
    let third = [("项号", "49"), ("生效日期", "2026-12-24")];
    qian.submit("看改动", &[&DRAINS[..], &third[..]].concat())
        .await;
    qian.does("列入清单", &[]).await;
    qian.follows("撤回")
        .await
        .shows("撤回后这一项不再列入清单，第 49 项的项号不再使用。");
    let gone = qian.does("确认撤回", &[]).await;
    gone.shows("(没有施行)");
    let path = gone.path.split('?').next().unwrap().to_owned();
    qian.get(&format!("{path}/edit"))
        .await
        .is(409)
        .shows("没有施行就撤回了");
    qian.opens("/duties?state=coming").await.shows("共 0 项");
}

#[tokio::test]
async fn a_ruling_becomes_a_precedent_that_every_later_proposal_shows() {
    let town = Town::raise().await;
    let item = enters(&town).await;
    let id: Uuid = item.rsplit('/').next().unwrap().parse().unwrap();
    let db = Db::open(server().login("street_whistle_app"), Clock::System);
    let mut tx = db.begin(town.tenant).await.unwrap();
    let ruling = Ruling {
        item: id.into(),
        whistle: None,
        words: "管网未移交，由供水公司先行疏通。".to_owned(),
        lead: DepartmentId(town.department("water")),
        level: RulingLevel::CityOffice,
    };
    let me = office(&town);
    duties::add_precedent(&mut tx, &me, &ruling).await.unwrap();
    let empty = Ruling {
        words: " ".to_owned(),
        ..ruling
    };
    assert!(duties::add_precedent(&mut tx, &me, &empty).await.is_err());
    tx.commit().await.unwrap();
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&item)
        .await
        .shows("管网未移交，由供水公司先行疏通。")
        .shows("市治理办裁定");
    drafts_on(&town, &wang)
        .await
        .shows("管网未移交，由供水公司先行疏通。（市治理办裁定，供水公司主办）");
}

/// The city office as the program knows it at its desk.
fn office(town: &Town) -> Viewer {
    let seat = town.seat("city office");
    Viewer {
        tenant: town.tenant.into(),
        city: town.name.clone(),
        prefix: town.prefix.clone(),
        session: SessionId(Uuid::nil()),
        person: seat.person.into(),
        name: "钱立新".to_owned(),
        appointment: AppointmentId(seat.appointment),
        post: seat.post.into(),
        kind: PostKind::CityOffice,
        title: "治理办主任".to_owned(),
        seat: Seat::City,
        several_posts: false,
        must_change: false,
        factor: Factor::None,
        large: false,
    }
}

#[tokio::test]
async fn of_several_items_that_fit_the_dispatcher_chooses() {
    let town = Town::raise().await;
    enters(&town).await;
    let qian = town.sign_in("city office").await;
    qian.opens("/duties/new").await;
    let second = [
        ("项号", "48"),
        ("名称", "供水管线"),
        ("主办部门", "供水公司"),
        ("协办部门 1", ""),
        ("协办部门 1 配合什么", ""),
    ];
    qian.submit("看改动", &[&DRAINS[..], &second[..]].concat())
        .await;
    qian.does("列入清单", &[]).await;
    let wang = town.sign_in("street dispatcher").await;
    drafts_on(&town, &wang)
        .await
        .shows("清单建议：住房和城乡建设局主办");
    let other = [("依据哪一项", "第 48 项 供水管线（供水公司主办）")];
    let page = wang.submit("照这一项带入", &other).await;
    page.is(200).shows("清单建议：供水公司主办。");
    let form = page.form("送审", &[]);
    let water = town.department("water").to_string();
    assert_eq!(form.value_nth("department", 0), water);
    // Whose lead is named by another item that fits cites that one, and owes no reason.
    drafts_on(&town, &wang).await;
    let named = [("种类", "快捷哨"), ("自选理由", "")];
    wang.does("送审", &[&DRAFT[..], &named[..]].concat())
        .await
        .shows("主办供水公司，协办住房和城乡建设局。依据权责清单第 48 项。");
}

#[tokio::test]
async fn nothing_of_another_tenant_is_ever_seen() {
    let (town, other) = (Town::raise().await, Town::raise().await);
    let item = enters(&town).await;
    for called in ["city office", "street dispatcher", "water clerk"] {
        let stranger = other.sign_in(called).await;
        stranger.get(&item).await.is(404);
        stranger.opens("/duties").await.shows("共 0 项");
    }
    let stranger = other.sign_in("city office").await;
    stranger.get(&format!("{item}/edit")).await.is(404);
    let mut body = String::new();
    write!(body, "{item}/end").unwrap();
    stranger
        .post(&body, &[("reason", "不归我管")])
        .await
        .is(404);
    let wang = other.sign_in("street dispatcher").await;
    drafts_on(&other, &wang)
        .await
        .shows("权责清单没有这一类")
        .never_names("户内管道由住户负责");
    // Another tenant's item named in a form is not cited.
    let id = item.rsplit('/').next().unwrap();
    let sent = [&DRAFT[..], &[("种类", "快捷哨"), ("duty", id)]].concat();
    wang.does("送审", &sent).await.never_names("第 47 项");
}
