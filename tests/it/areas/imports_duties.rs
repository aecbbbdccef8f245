//! The duty list from Excel: new items, next versions of those there are, and nothing ended.

use super::imports::{DUTIES, MONDAY, book, button, checks, registers, uploads};
use crate::harness::{Page, Person, Town, all_at_once};

const DRAINS: [&str; 9] = [
    "",
    "排水管道和检查井养护",
    "住房和城乡建设局",
    "供水公司：关阀；断水",
    "《城镇排水与污水处理条例》第二十八条",
    "市政管网由住建局养护，户内管道由住户负责。",
    "排水管道堵塞、破裂、道路积水",
    "",
    "",
];

/// The drains with some cells written otherwise.
fn drains<'a>(others: &[(&str, &'a str)]) -> Vec<&'a str> {
    let mut row = DRAINS.to_vec();
    for (head, cell) in others {
        let at = DUTIES.iter().position(|name| name == head).unwrap();
        row[at] = cell;
    }
    row
}

/// The city office imports rows of the list.
async fn imports(office: &Person, rows: &[&[&str]]) -> Page {
    checks(office, "duties", &book(&DUTIES, rows)).await;
    office.does(&button(rows.len()), &[]).await
}

async fn versions(town: &Town) -> Vec<String> {
    let versions = format!(
        "select concat_ws(' ', i.number, i.version, i.name, d.name,
                (select string_agg(x.name || '：' || a.ask, '|' order by a.position) from duty_assists a
                   join departments x on x.tenant_id = a.tenant_id and x.id = a.department_id
                  where a.tenant_id = i.tenant_id and a.duty_item_id = i.id),
                (select count(*) from duty_classes c where c.tenant_id = i.tenant_id and c.duty_item_id = i.id),
                i.to_day, i.change_reason)
           from duty_items i
           join departments d on d.tenant_id = i.tenant_id and d.id = i.lead_department_id
          where i.tenant_id = '{}' order by i.number, i.version",
        town.tenant
    );
    town.column(&versions).await
}

#[tokio::test]
async fn items_come_in_are_changed_by_number_or_name_and_go_out_again_unchanged() {
    let town = Town::raise_at(MONDAY).await;
    let office = town.sign_in("city office").await;
    let before = registers(&town).await;
    let numbered = drains(&[
        ("项号", "第12项"),
        ("名称", "道路积水排除"),
        ("协办部门", "无"),
    ]);
    let table = book(&DUTIES, &[&numbered, &DRAINS]);
    let page = checks(&office, "duties", &table).await;
    page.shows("编为第 13 项。");
    assert_eq!(before, registers(&town).await, "nothing is written yet");
    office
        .does(&button(2), &[])
        .await
        .shows("新增 2 行，变更 0 行，不变 0 行");
    // By name without a number; by number under another name. Empty cells stay as they are.
    let lacking = book(&DUTIES, &[&["13", "排水设施养护"]]);
    checks(&office, "duties", &lacking)
        .await
        .shows("请填写修改理由");
    let renamed: &[&str] = &["13", "排水设施养护", "", "", "", "", "", "", "并入雨水口。"];
    let led: &[&str] = &[
        "",
        "道路积水排除",
        "供水公司",
        "住房和城乡建设局：出动泵车",
        "",
        "",
        "",
        "",
        "职责调整。",
    ];
    let page = checks(&office, "duties", &book(&DUTIES, &[renamed, led])).await;
    page.shows("名称：排水管道和检查井养护 → 排水设施养护")
        .shows("主办部门：住房和城乡建设局 → 供水公司")
        .shows("协办部门：无 → 住房和城乡建设局：出动泵车");
    office.does(&button(2), &[]).await.shows("变更 2 行");
    assert_eq!(
        versions(&town).await,
        [
            "12 1 道路积水排除 住房和城乡建设局 2 2026-11-23 首次列入",
            "12 2 道路积水排除 供水公司 住房和城乡建设局：出动泵车 2 职责调整。",
            "13 1 排水管道和检查井养护 住房和城乡建设局 供水公司：关阀；断水 2 2026-11-23 首次列入",
            "13 2 排水设施养护 住房和城乡建设局 供水公司：关阀；断水 2 并入雨水口。",
        ]
    );
    let events = format!(
        "select verb || ' ' || sentence from events where tenant_id = '{}' and subject = 'duty' order by id",
        town.tenant
    );
    let told = town.column(&events).await;
    assert_eq!(told[0], "enter 第 12 项：道路积水排除，批量导入。");
    assert_eq!(
        told[2],
        "amend 第 13 项第 2 版：并入雨水口。（名称：排水管道和检查井养护 → 排水设施养护。）"
    );
    // The exported list comes in again and changes nothing.
    for kind in ["xlsx", "csv"] {
        let list = office.get(&format!("/duties.{kind}")).await;
        let answer = uploads(&office, "duties", &format!("清单.{kind}"), &list.bytes).await;
        answer.is(303);
        office
            .opens(answer.location())
            .await
            .shows("共 2 行")
            .shows("没有要写入的");
    }
    let page = office.opens("/duties").await;
    page.shows("共 2 项").shows("批量导入");
    town.sign_in("street dispatcher")
        .await
        .opens("/duties")
        .await
        .never_names("批量导入");
}

#[tokio::test]
async fn what_is_wrong_with_an_item_is_said_as_beside_the_form() {
    let town = Town::raise_at(MONDAY).await;
    let office = town.sign_in("city office").await;
    imports(&office, &[&drains(&[("项号", "3")])]).await;
    imports(&office, &[&drains(&[("项号", "4"), ("名称", "已停事项")])]).await;
    let list = office.opens("/duties").await;
    let ended = list.link("已停事项");
    office.opens(&format!("{ended}/end")).await;
    office.submit("看改动", &[("停用理由", "并入别项。")]).await;
    office.submit("确认停用", &[]).await.is(303);
    let before = registers(&town).await;
    let cases: [(&[(&str, &str)], &str); 18] = [
        (&[("项号", "零")], "写 1 至 9999 的整数"),
        (&[("项号", "10000")], "写 1 至 9999 的整数"),
        (&[("项号", "4")], "第 4 项已经停用"),
        (&[("名称", "积")], "名称太短"),
        (&[("项号", "7"), ("名称", "")], "请填写名称"),
        (&[("名称", "新事项"), ("主办部门", "")], "请选择主办部门"),
        (&[("主办部门", "热力局")], "没有叫“热力局”的部门"),
        (&[("协办部门", "热力局：供热")], "没有叫“热力局”的部门"),
        (
            &[("名称", "甲事项"), ("协办部门", "供水公司")],
            "请写明请它配合什么",
        ),
        (
            &[("协办部门", "住房和城乡建设局：自己配合")],
            "这个部门已是主办",
        ),
        (&[("名称", "乙事项"), ("依据", "")], "请填写依据"),
        (&[("名称", "丙事项"), ("界限", "")], "请填写界限"),
        (
            &[("名称", "丁事项"), ("适用类别", "")],
            "没有填。写类别的名称或编码",
        ),
        (&[("适用类别", "道路积水、飞来类")], "没有“飞来类”这个类别"),
        (&[("生效日期", "下月初")], "不是日期"),
        (&[("生效日期", "2026-11-22")], "生效日期要在今天"),
        (&[("生效日期", "2027-02-22")], "生效日期要在今天"),
        (
            &[("界限", "改了界限。"), ("修改理由", "")],
            "请填写修改理由",
        ),
    ];
    for (others, sentence) in cases {
        let page = checks(&office, "duties", &book(&DUTIES, &[&drains(others)])).await;
        page.shows(sentence).shows("不通过");
    }
    let twice = book(&DUTIES, &[&drains(&[("项号", "3")]), &DRAINS]);
    checks(&office, "duties", &twice)
        .await
        .shows("和第 2 行是同一项");
    let many = "供水公司：配合；".repeat(9);
    let many = book(&DUTIES, &[&drains(&[("协办部门", &many)])]);
    checks(&office, "duties", &many)
        .await
        .shows("一项最多写 8 个协办部门");
    assert_eq!(before, registers(&town).await);
}

#[tokio::test]
async fn an_item_changed_by_hand_between_is_checked_anew_and_two_imports_write_once() {
    let town = Town::raise_at(MONDAY).await;
    let office = town.sign_in("city office").await;
    imports(&office, &[&DRAINS]).await;
    let changed = drains(&[
        ("项号", "1"),
        ("界限", "表里的界限。"),
        ("修改理由", "导入。"),
    ]);
    let table = book(&DUTIES, &[&changed]);
    checks(&office, "duties", &table).await;
    let form = office.page().form(&button(1), &[]);
    let path = office.page().path.clone();
    let other = town.sign_in("city office").await;
    let item = other.opens("/duties").await.link("排水管道和检查井养护");
    other.opens(&format!("{item}/edit")).await;
    other
        .submit(
            "看改动",
            &[("界限", "手工写的界限。"), ("修改理由", "手工。")],
        )
        .await;
    other.submit("保存新版本", &[]).await.is(303);
    let before = registers(&town).await;
    office.send_form(&form).await.is(303);
    office
        .opens(&path)
        .await
        .shows("核对以后系统里有变动，没有写入")
        .shows("手工写的界限");
    assert_eq!(before, registers(&town).await);
    checks(&other, "duties", &table).await;
    let forms = [
        office.page().form(&button(1), &[]),
        other.page().form(&button(1), &[]),
    ];
    all_at_once([office.send_form(&forms[0]), other.send_form(&forms[1])]).await;
    let count = format!(
        "select count(*) from duty_items where tenant_id = '{}' and change_reason = '导入。'",
        town.tenant
    );
    assert_eq!(town.number(&count).await, 1);
}

#[tokio::test]
async fn items_come_in_from_a_day_on_and_what_waits_is_not_pushed_aside_by_accident() {
    let town = Town::raise_at(MONDAY).await;
    let office = town.sign_in("city office").await;
    let first = drains(&[("项号", "3"), ("生效日期", "2026-12-01")]);
    let page = checks(&office, "duties", &book(&DUTIES, &[&first])).await;
    page.shows("2026-12-01 起施行。");
    office.does(&button(1), &[]).await;
    office.opens("/duties").await.shows("共 0 项");
    // What waits comes in again unchanged, with its day or without; not for an earlier one.
    for (day, sentence) in [
        ("", "没有要写入的"),
        ("2026-12-03", "没有要写入的"),
        (
            "2026-11-25",
            "第 3 项第 1 版自 2026-12-01 起施行，还没有开始",
        ),
    ] {
        let row = drains(&[("项号", "3"), ("生效日期", day)]);
        let page = checks(&office, "duties", &book(&DUTIES, &[&row])).await;
        page.shows(sentence);
    }
    let change = |day| {
        drains(&[
            ("项号", "3"),
            ("界限", "改了界限。"),
            ("生效日期", day),
            ("修改理由", "划转。"),
        ])
    };
    let page = checks(&office, "duties", &book(&DUTIES, &[&change("2026-12-10")])).await;
    page.shows("第 3 项第 2 版，2026-12-10 起。");
    office.does(&button(1), &[]).await.shows("变更 1 行");
    let page = checks(&office, "duties", &book(&DUTIES, &[&change("2026-12-05")])).await;
    page.shows("生效日期写 2026-12-10 或以后");
    let again = drains(&[
        ("项号", "3"),
        ("主办部门", "供水公司"),
        ("协办部门", "无"),
        ("生效日期", "2026-12-10"),
        ("修改理由", "再改。"),
    ]);
    let page = checks(&office, "duties", &book(&DUTIES, &[&again])).await;
    page.shows("原定 2026-12-10 起的第 2 版不再施行。");
    office.does(&button(1), &[]).await.shows("变更 1 行");
    let days = format!(
        "select concat_ws(' ', version, from_day, to_day, case when dropped_at is not null then '没有施行' end)
           from duty_items where tenant_id = '{}' order by version",
        town.tenant
    );
    assert_eq!(
        town.column(&days).await,
        [
            "1 2026-12-01 2026-12-10",
            "2 2026-12-10 2026-12-10 没有施行",
            "3 2026-12-10",
        ]
    );
    // An item that is to end takes no change.
    town.passes(chrono::Duration::days(20));
    let office = town.sign_in("city office").await;
    let item = office.opens("/duties").await.link("排水管道");
    office.opens(&format!("{item}/end")).await;
    let fields = [("停用理由", "并入别项。"), ("生效日期", "2026-12-24")];
    office.submit("看改动", &fields).await;
    office.does("确认停用", &[]).await;
    let page = checks(&office, "duties", &book(&DUTIES, &[&change("2026-12-20")])).await;
    page.shows("第 3 项自 2026-12-24 起停用，还没有到那一天");
}

#[tokio::test]
async fn only_whoever_keeps_the_list_imports_it() {
    let town = Town::raise_at(MONDAY).await;
    let office = town.sign_in("city office").await;
    checks(&office, "duties", &book(&DUTIES, &[&DRAINS])).await;
    let path = office.page().path.clone();
    for called in ["system admin", "street dispatcher", "water clerk"] {
        let person = town.sign_in(called).await;
        person.get("/duties/import").await.is(403);
        person.get(&path).await.is(403);
    }
}
