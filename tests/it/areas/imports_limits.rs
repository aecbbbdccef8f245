//! The limits from Excel: what is in force goes out, what is changed comes in as one new version.

use super::excel;
use super::imports::{LIMITS, MONDAY, book, button, checks, registers, uploads};
use crate::harness::{Person, Step, Town, all_at_once};

/// What the city asks of a day, a note.
const FROM: [&str; 3] = ["2026-11-24", "治理办 11-23 会议纪要", ""];

/// A row: what, code, number, unit, and with the first one what the version is about.
fn row<'a>(cells: [&'a str; 4], own: &[&'a str]) -> Vec<&'a str> {
    let mut row = cells.to_vec();
    row.extend(own);
    row
}

/// A workbook as words.
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let rows = excel::rows(bytes).into_iter();
    rows.map(|row| row.iter().map(ToString::to_string).collect())
        .collect()
}

async fn template(person: &Person) -> Vec<u8> {
    let page = person.opens("/limits/import").await;
    let template = person.get(&page.link("下载模板")).await;
    template.is(200).costs_at_most(3);
    template.bytes.clone()
}

#[tokio::test]
async fn the_template_has_what_is_in_force_and_comes_in_again_unchanged() {
    let town = Town::raise_at(MONDAY).await;
    let office = town.sign_in("city office").await;
    let table = template(&office).await;
    let before = registers(&town).await;
    let all = rows(&table);
    let head: Vec<&str> = all[0].iter().map(String::as_str).collect();
    assert_eq!(
        head,
        ["项目*", "编码", "时限*", "单位", "起用日期", "说明", "依据"]
    );
    let has = |row: [&str; 4]| all.iter().any(|r| r.iter().take(4).eq(row.iter()));
    assert!(has(["日常哨签收", "", "4", "工作时"]));
    assert!(
        has(["快捷哨最多延期几次", "", "1", "次"]) || has(["快捷哨最多延期几次", "", "2", "次"])
    );
    assert!(all.iter().any(|r| r[1] == "01-13"));
    let held = format!(
        "select (select count(*) from limits l where l.tenant_id = t.id)
              + (select count(*) from limit_rules r where r.tenant_id = t.id)
              + (select count(*) from classes_on(t.id, '2026-11-23'))
           from tenants t where t.id = '{}'",
        town.tenant
    );
    let promise = format!(
        "select count(*) from limits where tenant_id = '{}' and stage = 'promise'",
        town.tenant
    );
    let expected = town.number(&held).await - town.number(&promise).await;
    assert_eq!(i64::try_from(all.len()).unwrap(), expected + 1);
    let answer = uploads(&office, "limits", "时限.xlsx", &table).await;
    answer.is(303);
    office
        .opens(answer.location())
        .await
        .costs_at_most(3)
        .shows("没有要写入的");
    assert_eq!(before, registers(&town).await);
}

#[tokio::test]
async fn all_rows_together_are_one_new_version_from_its_day_on() {
    let town = Town::raise_at(MONDAY).await;
    let whistle = town.whistle("日常哨", Step::Sounded).await;
    let clocks = format!(
        "select sum(extract(epoch from due_at))::bigint from clocks where tenant_id = '{}'",
        town.tenant
    );
    let due = town.number(&clocks).await;
    let office = town.sign_in("city office").await;
    let first = row(["日常哨签收", "", "2", ""], &FROM);
    let all: [&[&str]; 5] = [
        &first,
        &["日常哨报到", "", "2", "工作日"],
        &["本月超期几件亮黄牌", "", "5", "件"],
        &["", "01-13", "3", "自然日"],
        &["", "01-10", "无", ""],
    ];
    let table = book(&LIMITS, &all);
    let before = registers(&town).await;
    let page = checks(&office, "limits", &table).await;
    page.shows("4 工作时 → 2 工作时。 立第 2 版时限，2026-11-24 起用。")
        .shows("→ 5 件。")
        .shows("→ 3 个自然日。")
        .shows("→ 不设时限。");
    let form = page.form(&button(5), &[]);
    let workbook = office.get(&page.link("下载带校验结果的表格")).await;
    let told = rows(&workbook.bytes);
    assert!(told[1].last().unwrap().starts_with("变更：4 工作时"));
    assert_eq!(before, registers(&town).await, "nothing is written yet");
    all_at_once([office.send_form(&form), office.send_form(&form)]).await;
    office
        .opens("/limits")
        .await
        .shows("第 1 版，2020-01-01 起，现行")
        .shows("治理办 11-23 会议纪要");
    office
        .opens("/limits?version=2")
        .await
        .shows("日常哨")
        .shows("5 件");
    let written = format!(
        "select concat_ws(' ', v.number, v.from_day, v.note,
                (select l.amount || l.unit::text from limits l where l.tenant_id = v.tenant_id and l.version_id = v.id
                    and l.kind = 'routine' and l.stage = 'sign'),
                (select l.amount || l.unit::text from limits l where l.tenant_id = v.tenant_id and l.version_id = v.id
                    and l.kind = 'routine' and l.stage = 'report'),
                (select r.amount from limit_rules r where r.tenant_id = v.tenant_id and r.version_id = v.id
                    and r.rule = 'late_for_yellow'),
                (select c.amount || c.unit::text from class_limits c where c.tenant_id = v.tenant_id
                    and c.version_id = v.id and c.class_code = '01-13'),
                (select count(*) from class_limits c where c.tenant_id = v.tenant_id
                    and c.version_id = v.id and c.class_code = '01-10'),
                (select count(*) from limits l where l.tenant_id = v.tenant_id and l.version_id = v.id)
                    = (select count(*) from limits l join limit_versions o on o.tenant_id = l.tenant_id
                          and o.id = l.version_id where l.tenant_id = v.tenant_id and o.number = 1))
           from limit_versions v where v.tenant_id = '{}' and v.number = 2",
        town.tenant
    );
    assert_eq!(
        town.column(&written).await,
        ["2 2026-11-24 治理办 11-23 会议纪要 2work_hour 2work_day 5 3natural_day 0 t"]
    );
    assert_eq!(town.number(&clocks).await, due, "what has sounded stays");
    assert!(!whistle.is_empty());
    let events = format!(
        "select sentence from events where tenant_id = '{}' and verb = 'limits'",
        town.tenant
    );
    let told = town.text(&events).await;
    assert!(
        told.contains("日常哨签收由 4 工作时 改为 2 工作时"),
        "{told}"
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_limit_is_said_in_its_row() {
    let town = Town::raise_at(MONDAY).await;
    let office = town.sign_in("city office").await;
    let before = registers(&town).await;
    for (cells, own, sentence) in [
        (
            ["飞来的时限", "", "2", ""],
            &[][..],
            "没有叫“飞来的时限”的时限",
        ),
        (["", "99-99", "2", "工作日"], &[], "没有这个类别编码"),
        (["", "", "2", "工作日"], &[], "没有填。请照下载的模板写"),
        (
            ["日常哨签收", "", "两", ""],
            &[],
            "时限写 1 至 2000 的整数。",
        ),
        (["日常哨签收", "", "0", ""], &[], "“时限”："),
        (["日常哨签收", "", "3000", ""], &[], "“时限”："),
        (
            ["日常哨签收", "", "无", ""],
            &[],
            "时限写 1 至 2000 的整数。",
        ),
        (["日常哨签收", "", "2", "月"], &[], "“月”不在字典里"),
        (
            ["日常哨签收", "", "2", "次"],
            &[],
            "这一项是时限，单位不能写“次”",
        ),
        (
            ["本月超期几件亮黄牌", "", "2", "工作日"],
            &[],
            "这一项数的是件",
        ),
        (
            ["本月超期几件亮黄牌", "", "0", "件"],
            &[],
            "写 1 至 365 的整数。",
        ),
        (
            ["日常哨签收", "", "2", ""],
            &["2026-11-22"],
            "起用日期写今天或以后。",
        ),
        (["日常哨签收", "", "2", ""], &["明天"], "不是日期"),
        (["日常哨签收", "", "2", ""], &["", "会"], "说明太短"),
    ] {
        let row = row(cells, own);
        let page = checks(&office, "limits", &book(&LIMITS, &[&row])).await;
        page.shows(sentence).shows("不通过");
    }
    let twice: [&[&str]; 2] = [&["日常哨签收", "", "2", ""], &["日常哨签收", "", "3", ""]];
    checks(&office, "limits", &book(&LIMITS, &twice))
        .await
        .shows("和第 2 行是同一项");
    let days: [&[&str]; 2] = [
        &["日常哨签收", "", "2", "", "2026-11-24"],
        &["日常哨报到", "", "2", "工作日", "2026-11-25"],
    ];
    checks(&office, "limits", &book(&LIMITS, &days))
        .await
        .shows("和上面的行不一样。一张表立一个新版");
    // Where the city has documents in force, a version stands on a clause.
    town.document().await;
    let change = |basis| {
        row(
            ["日常哨签收", "", "2", ""],
            &["2026-11-24", "会议纪要", basis],
        )
    };
    for (basis, sentence) in [
        ("", "请选择这一版依据哪份文件的哪一条。"),
        ("没有的文件第 1 条", "请选择这一版依据哪份文件的哪一条。"),
        ("大办发〔2026〕1号第1条", "立第 2 版时限"),
    ] {
        let page = checks(&office, "limits", &book(&LIMITS, &[&change(basis)])).await;
        page.shows(sentence);
    }
    let after = registers(&town).await;
    let changed = |all: &[String]| -> Vec<String> {
        let limits = all.iter().filter(|t| t.contains("limit"));
        limits.cloned().collect()
    };
    assert_eq!(changed(&before), changed(&after));
    office.does(&button(1), &[]).await.shows("变更 1 行");
    office
        .opens("/limits?version=2")
        .await
        .shows("大办发〔2026〕1号第 1 条");
}

#[tokio::test]
async fn a_version_made_by_hand_between_is_checked_anew() {
    let town = Town::raise_at(MONDAY).await;
    let office = town.sign_in("city office").await;
    let table = book(&LIMITS, &[&row(["日常哨签收", "", "2", ""], &FROM)]);
    checks(&office, "limits", &table).await;
    let form = office.page().form(&button(1), &[]);
    let path = office.page().path.clone();
    let other = town.sign_in("city office").await;
    other.opens("/limits/edit").await;
    let fields = [
        ("起用日期", "2026-11-30"),
        ("说明", "手工改的"),
        ("日常哨签收时限", "3"),
    ];
    other.submit("下一步：看改动", &fields).await.is(200);
    other.does("立新版", &[]).await;
    office.send_form(&form).await.is(303);
    office
        .opens(&path)
        .await
        .shows("核对以后系统里有变动，没有写入")
        .shows("3 工作时 → 2 工作时")
        .shows("立第 3 版时限");
    for called in ["street dispatcher", "water clerk", "audit admin"] {
        let person = town.sign_in(called).await;
        person.get("/limits/import").await.is(403);
        person.get("/limits/import/template").await.is(403);
        person.get(&path).await.is(403);
    }
}
