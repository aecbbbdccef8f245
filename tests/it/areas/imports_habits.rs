//! Tables as offices make them: written by openpyxl and `LibreOffice`, with titles, notes, forms of
//! days and blank rows. The workbooks stand in `fixtures`, and so does what made them.

use std::fs;

use super::excel::rows;
use super::imports::{MONDAY, book, checks, uploads};
use crate::harness::Town;

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/it/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read(path).unwrap()
}

#[tokio::test]
async fn a_register_with_title_notes_and_frames_is_read() {
    for name in ["people-openpyxl.xlsx", "people-libreoffice.xlsx"] {
        let town = Town::raise_at(MONDAY).await;
        let system = town.sign_in("system admin").await;
        let page = checks(&system, "people", &fixture(name)).await;
        page.shows("读的是工作表“花名册”")
            .shows("第 3 行是表头，上面的没有读")
            .shows("第 4、8 行看作说明，没有读")
            .shows("“单位”“职务类别”这里不读，由安全管理员在“任职”里导入")
            .shows("没有用到的列：“序号”“备注”");
        system.does("确认写入 3 行", &[]).await.shows("新增 3 行");
        let people = format!(
            "select concat_ws(' ', name, phone_mask, identity, home_unit, is_member) from people
              where tenant_id = '{}' and name in ('温晓东', '白露', '常 青') order by phone_mask",
            town.tenant
        );
        assert_eq!(
            town.column(&people).await,
            [
                "温晓东 129****0101 街道干部 慧阳街道办事处 t",
                "白露 129****0102 社区工作者 f",
                "常 青 129****0103 居民 f"
            ],
            "{name}"
        );
    }
}

#[tokio::test]
async fn days_are_read_in_every_form_and_count_from_1904_where_they_do() {
    for name in [
        "posts-openpyxl.xlsx",
        "posts-1904.xlsx",
        "posts-1904-libreoffice.xlsx",
    ] {
        let town = Town::raise_at(MONDAY).await;
        let tenant = town.tenant;
        let people: Vec<String> = (0..7)
            .map(|n| format!("('{tenant}', gen_random_uuid(), '试用{n}', '居民')"))
            .collect();
        let people = people.join(",");
        town.sql(&format!(
            "insert into people (tenant_id, id, name, identity) values {people}"
        ))
        .await;
        let security = town.sign_in("security admin").await;
        checks(&security, "staffing", &fixture(name)).await;
        security.does("确认写入 7 行", &[]).await;
        let days = format!(
            "select distinct from_day || ' ' || term_to from appointments a
              join people p on p.tenant_id = a.tenant_id and p.id = a.person_id
             where a.tenant_id = '{tenant}' and p.name like '试用%'"
        );
        assert_eq!(
            town.column(&days).await,
            ["2026-11-24 2029-11-24"],
            "{name}"
        );
    }
}

#[tokio::test]
async fn csv_comes_in_the_national_encoding_too() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let text = "姓名,电话,身份\r\n温晓东,0436-5220000,居民\r\n";
    let (national, ..) = encoding_rs::GB18030.encode(text);
    for content in [text.as_bytes(), &national] {
        uploads(&system, "people", "名单.csv", content)
            .await
            .is(303);
        let location = system.page().location().to_owned();
        system.opens(&location).await.shows("温晓东").shows("新增");
    }
}

#[tokio::test]
async fn the_template_is_read_as_it_was_handed_out() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let security = town.sign_in("security admin").await;
    let office = town.sign_in("city office").await;
    for (person, register, needed) in [
        (&system, "people", "姓名*"),
        (&security, "staffing", "单位*"),
        (&system, "chain", "街道*"),
        (&system, "departments", "代码*"),
        (&system, "classes", "编码*"),
        (&office, "duties", "名称*"),
        (&system, "phrases", "步骤*"),
    ] {
        let page = person.opens(&format!("/{register}/import")).await;
        let template = person.get(&page.link("下载模板")).await;
        template.is(200);
        let rows = rows(&template.bytes);
        assert_eq!(rows.len(), 1);
        assert!(rows[0].iter().any(|cell| *cell == needed), "{register}");
        uploads(person, register, "模板.xlsx", &template.bytes)
            .await
            .is(422)
            .shows("第 1 行是表头，下面没有内容");
        // What is filled in under its head is read.
        let head: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        let filled = vec!["甲"; head.len()];
        checks(person, register, &book(&head, &[&filled]))
            .await
            .shows("不通过");
    }
}
