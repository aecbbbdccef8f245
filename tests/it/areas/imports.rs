//! Registers that come in from Excel: checked, shown, confirmed once, all or nothing.

use rust_xlsxwriter::Workbook;

use crate::harness::{Page, Person, Town, all_at_once};

/// Monday, five past two in the afternoon.
pub(crate) const MONDAY: &str = "2026-11-23T06:05:00Z";
pub(crate) const PEOPLE: [&str; 6] = ["姓名", "电话", "身份", "编制单位", "党员", "同名另一人"];
pub(crate) const POSTS: [&str; 8] = [
    "姓名",
    "电话",
    "单位",
    "职务类别",
    "职务名称",
    "任职日期",
    "任期届满",
    "账号",
];
pub(crate) const CHAIN: [&str; 10] = [
    "街道",
    "社区",
    "网格",
    "楼栋",
    "单元",
    "党组织名称",
    "户数",
    "经度",
    "纬度",
    "编码",
];
pub(crate) const DEPARTMENTS: [&str; 4] = ["代码", "名称", "种类", "排序"];
pub(crate) const CLASSES: [&str; 10] = [
    "编码",
    "大类",
    "小类名称",
    "基层叫法",
    "常用位次",
    "是否在用",
    "立案条件",
    "结案条件",
    "生效日期",
    "理由",
];
pub(crate) const PHRASES: [&str; 6] = ["编号", "步骤", "常用语", "排序", "情况", "生效日期"];
pub(crate) const DUTIES: [&str; 9] = [
    "项号",
    "名称",
    "主办部门",
    "协办部门",
    "依据",
    "界限",
    "适用类别",
    "生效日期",
    "修改理由",
];

pub(crate) const LIMITS: [&str; 7] = ["项目", "编码", "时限", "单位", "起用日期", "说明", "依据"];

/// A workbook of words: a head and rows.
pub(crate) fn book(head: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(std::iter::once(&head).chain(rows)) {
        for (column, cell) in (0..).zip(*cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// Uploads a table for a register.
pub(crate) async fn uploads(person: &Person, register: &str, name: &str, content: &[u8]) -> Page {
    let form = person
        .opens(&format!("/{register}/import"))
        .await
        .form("上传并核对", &[]);
    person.send_file(&form, name, content).await
}

/// Uploads a table that can be read, and looks at what the check says.
pub(crate) async fn checks(person: &Person, register: &str, content: &[u8]) -> Page {
    let answer = uploads(person, register, "表.xlsx", content).await;
    answer.is(303);
    let page = person.opens(answer.location()).await;
    page.costs_at_most(3);
    page
}

/// The button by which so many rows are written.
pub(crate) fn button(rows: usize) -> String {
    format!("确认写入 {rows} 行")
}

/// Uploads and confirms; looks at the page that says it is written.
async fn imports(person: &Person, register: &str, content: &[u8], rows: usize) -> Page {
    checks(person, register, content).await;
    person
        .does(&button(rows), &[])
        .await
        .shows("已经写入")
        .clone()
}

/// How many rows the registers and the record have.
pub(crate) async fn registers(town: &Town) -> Vec<String> {
    let mut all = town.condensed().await;
    all.retain(|table| !table.starts_with("import"));
    all
}

#[tokio::test]
async fn people_are_checked_shown_and_entered_once() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let before = registers(&town).await;
    let table = book(
        &PEOPLE,
        &[
            &[
                "温晓东",
                "12900000101",
                "街道干部",
                "慧阳街道办事处",
                "是",
                "",
            ],
            &["白露", "", "社区工作者", "", "", ""],
            &["温晓东", "12900000101", "", "", "", ""],
            &["王丽", "", "", "", "是", ""],
        ],
    );
    let page = checks(&system, "people", &table).await;
    page.shows("核对结果")
        .shows("和第 2 行是同一个人")
        .shows("党员：否 → 是");
    page.never_names("12900000101");
    assert_eq!(
        before,
        registers(&town).await,
        "nothing is written before it is confirmed"
    );
    let form = page.form(&button(3), &[]);
    let done = system.send_form(&form).await;
    done.is(303);
    system
        .opens(done.location())
        .await
        .shows("新增 2 行，变更 1 行，不变 1 行");
    let written = registers(&town).await;
    assert_eq!(system.send_form(&form).await.location(), done.location());
    assert_eq!(
        written,
        registers(&town).await,
        "the second click acts no more"
    );
    assert_eq!(
        town.number(&rows_left(&town)).await,
        0,
        "what was uploaded is gone"
    );
    system
        .opens(
            "/people?q=温晓东"
                .replace("温晓东", "%E6%B8%A9%E6%99%93%E4%B8%9C")
                .as_str(),
        )
        .await
        .shows("慧阳街道办事处");
    // The same table again changes nothing and cannot be confirmed.
    let again = checks(&system, "people", &table).await;
    again.shows("没有要写入的");
    assert!(!again.has_button(&button(3)));
    let events = format!(
        "select verb || ' ' || sentence from events where tenant_id = '{}' and subject = 'import'",
        town.tenant
    );
    assert_eq!(
        town.column(&events).await,
        ["import 人员：新增 2 行，变更 1 行，不变 1 行，来自“表.xlsx”。"]
    );
}

fn rows_left(town: &Town) -> String {
    format!(
        "select count(*) from import_rows where tenant_id = '{}'",
        town.tenant
    )
}

#[tokio::test]
async fn one_wrong_row_keeps_all_out_and_the_table_goes_back_with_reasons() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let before = registers(&town).await;
    let table = book(
        &["姓名", "身份", "电话", "备注"],
        &[
            &["温晓东", "街道干部", "12900000101", "新来"],
            &["白露", "干部", "12900000102", ""],
            &["", "居民", "12900000103", ""],
            &["常青", "居民", "没有", ""],
        ],
    );
    let page = checks(&system, "people", &table).await;
    page.shows("没有用到的列：“备注”")
        .shows("“干部”不在字典里。可以填：市级领导、机关干部")
        .shows("请填写姓名")
        .shows("电话只写数字");
    assert!(!page.has_button(&button(1)));
    let back = system.get(&page.link("下载带校验结果的表格")).await;
    back.is(200);
    let rows = super::excel::rows(&back.bytes);
    let head: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
    assert_eq!(head, ["姓名", "身份", "电话", "备注", "校验结果"]);
    assert_eq!(rows[1][4].to_string(), "新增：");
    assert!(
        rows[2][4]
            .to_string()
            .contains("不通过：“身份”：“干部”不在字典里")
    );
    assert_eq!(rows[1][3].to_string(), "新来");
    // It is posted all the same, by somebody who made the form.
    let path = page.path.split('?').next().unwrap().to_owned();
    let forced = system.post(&format!("{path}/confirmation"), &[]).await;
    forced.is(409).shows("还有 3 行不通过，什么都没有写入");
    // The table that went back comes in again, its own column unread.
    let mended = checks(&system, "people", &back.bytes).await;
    mended.never_names("没有用到的列：“校验结果”");
    system.does("放弃这次导入", &[]).await.shows("已放弃");
    assert_eq!(before, registers(&town).await);
}

#[tokio::test]
async fn posts_are_found_set_up_and_filled_with_accounts() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let people: Vec<Vec<String>> = (0..4)
        .map(|n| {
            vec![
                format!("新人{n}"),
                format!("1290000020{n}"),
                "社区工作者".to_owned(),
            ]
        })
        .collect();
    let people: Vec<Vec<&str>> = people
        .iter()
        .map(|r| r.iter().map(String::as_str).collect())
        .collect();
    let people: Vec<&[&str]> = people.iter().map(Vec::as_slice).collect();
    imports(
        &system,
        "people",
        &book(&["姓名", "电话", "身份"], &people),
        4,
    )
    .await;
    let security = town.sign_in("security admin").await;
    let table = book(
        &POSTS,
        &[
            &[
                "新人0",
                "12900000200",
                "金源小区网格",
                "网格长",
                "",
                "2026-11-24",
                "",
                "自动",
            ],
            &[
                "新人1",
                "12900000201",
                "慧阳街道/城南社区",
                "社区工作者",
                "",
                "",
                "2029/12/31",
                "xinren-1",
            ],
            &[
                "新人2",
                "",
                "金源小区2号楼",
                "楼栋长",
                "",
                "2019年5月1日",
                "",
                "",
            ],
            &["新人3", "", "GS", "部门联络员", "联络员", "", "", ""],
            &["沈洁", "", "城南社区", "社区工作者", "", "", "", ""],
            &[
                "新人1",
                "",
                "城北社区",
                "社区工作者",
                "社区副书记",
                "",
                "",
                "xinren-1",
            ],
        ],
    );
    let page = checks(&security, "staffing", &table).await;
    page.shows("接替朱军，朱军同日免职。")
        .shows("设立职务“楼栋长”。")
        .shows("2019-05-01 还没有这个职务，从 2026-11-23 起算。")
        .shows("开通账号 xinren0。")
        .shows("开通账号 xinren-1。");
    let tenant = town.tenant;
    security
        .does(&button(5), &[])
        .await
        .shows("新增 4 行，变更 1 行，不变 1 行");
    let holders = format!(
        "select concat_ws(' ', p.name, coalesce(n.name, d.name), o.title, a.from_day, a.term_to, c.login)
           from appointments a
           join people p on p.tenant_id = a.tenant_id and p.id = a.person_id
           join posts o on o.tenant_id = a.tenant_id and o.id = a.post_id
           left join nodes n on n.tenant_id = a.tenant_id and n.id = o.node_id
           left join departments d on d.tenant_id = a.tenant_id and d.id = o.department_id
           left join accounts c on c.tenant_id = a.tenant_id and c.person_id = p.id
          where a.tenant_id = '{tenant}' and p.name like '新人%' order by 1"
    );
    assert_eq!(
        town.column(&holders).await,
        [
            "新人0 金源小区网格 网格长 2026-11-24 xinren0",
            "新人1 城北社区 社区副书记 2026-11-23 xinren-1",
            "新人1 城南社区 社区工作者 2026-11-23 2029-12-31 xinren-1",
            "新人2 金源小区2号楼 楼栋长 2026-11-23",
            "新人3 供水公司 联络员 2026-11-23",
        ]
    );
    // Nobody knows the password: a slip is made first, and then it is one's own.
    let id = town
        .text(&format!(
            "select id::text from people where tenant_id = '{tenant}' and name = '新人0'"
        ))
        .await;
    security
        .opens(&format!("/people/{id}"))
        .await
        .shows("首次密码已过期");
    security.opens(&format!("/people/{id}/account")).await;
    let slip = security.submit("重置并显示账号条", &[]).await;
    let codes = slip.all_words_at(".slip code");
    let visitor = town.visitor();
    visitor.opens("/sign-in").await;
    let welcome = visitor
        .submit("登录", &[("账号", &codes[0]), ("密码", &codes[1])])
        .await;
    assert_ne!(welcome.status(), 200, "{}", welcome.text());
    checks(&security, "staffing", &table)
        .await
        .shows("没有要写入的");
}

#[tokio::test]
async fn what_is_wrong_with_a_post_is_said() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    let before = registers(&town).await;
    let rows: [(&[&str], &str); 14] = [
        (
            &["没有人", "", "城南社区", "社区工作者"],
            "人员里没有这个人",
        ),
        (&["王丽", "12999999999", "城南社区", "社区工作者"], "王丽"),
        (
            &["王丽", "", "没有社区", "社区工作者"],
            "没有叫“没有社区”的单位",
        ),
        (
            &["王丽", "", "城南社区", "网格长"],
            "“网格长”不是这个单位的职务。这里可以填：社区书记、社区工作者",
        ),
        (&["王丽", "", "城南社区", ""], "没有填。这里可以填"),
        (&["王丽", "", "市级", "安全管理员"], "管理员不从表里任命"),
        (
            &["谢安", "", "城南社区", "社区工作者"],
            "是安全管理员，三员互斥",
        ),
        (
            &["王丽", "", "城南社区", "社区书记", "", "昨天"],
            "不是日期",
        ),
        (
            &["王丽", "", "城南社区", "社区书记", "", "2028-11-23"],
            "任职日期要在",
        ),
        (
            &[
                "王丽",
                "",
                "城南社区",
                "社区书记",
                "",
                "2026-11-24",
                "2026-11-24",
            ],
            "要晚于任职日期",
        ),
        (
            &["白丽", "", "城南社区", "社区书记", "", "", "", "Q!"],
            "人员里没有这个人",
        ),
        (
            &["冯涛", "", "城北社区", "社区书记", "", "", "", "王"],
            "账号",
        ),
        (&["吴敏", "", "临江社区", "社区书记"], "接替"),
        (
            &["尤佳", "", "临江社区", "社区书记"],
            "第 14 行已写了这个单位的社区书记",
        ),
    ];
    let cells: Vec<&[&str]> = rows.iter().map(|(cells, _)| *cells).collect();
    let page = checks(&security, "staffing", &book(&POSTS, &cells)).await;
    let said = page.all_words_at(".checked tbody tr");
    for (row, (cells, sentence)) in said.iter().zip(&rows) {
        assert!(row.contains(sentence), "{cells:?}: {row} lacks {sentence}");
    }
    assert_eq!(before, registers(&town).await);
}

#[tokio::test]
async fn the_chain_grows_from_a_table_with_codes_posts_and_party_names() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let table = book(
        &CHAIN,
        &[
            // Children may stand before their parents.
            &[
                "滨河街道",
                "江北社区",
                "江畔网格",
                "江畔1号楼",
                "1单元",
                "",
                "24",
            ],
            &[
                "滨河街道",
                "江北社区",
                "江畔网格",
                "江畔1号楼",
                "",
                "",
                "",
                "124.2911",
                "45.5072",
            ],
            &["滨河街道", "江北社区", "江畔网格"],
            &["滨河街道", "江北社区"],
            &["滨河街道"],
            &[
                "慧阳街道",
                "城南社区",
                "金源小区网格",
                "金源小区1号楼",
                "金源小区1号楼3单元",
                "",
                "12",
            ],
            &["慧阳街道", "城南社区", "", "", "", "城南社区党委"],
        ],
    );
    let page = checks(&system, "chain", &table).await;
    page.shows("党组织名称：城南社区大党委 → 城南社区党委");
    system
        .does(&button(7), &[])
        .await
        .shows("新增 6 行，变更 1 行");
    let tenant = town.tenant;
    let grown = format!(
        "select concat_ws(' ', right(code, -6), name, party_name, households, longitude,
                (select count(*) from posts o where o.tenant_id = n.tenant_id and o.node_id = n.id))
           from nodes n where tenant_id = '{tenant}' and (code like '______003%' or name like '%3单元') order by code"
    );
    assert_eq!(
        town.column(&grown).await,
        [
            "00100100100103 金源小区1号楼3单元 金源小区1号楼3单元党员中心户 12 2",
            "003 滨河街道 滨河街道大工委 4",
            "003001 江北社区 江北社区大党委 2",
            "003001001 江畔网格 江畔网格党支部 2",
            "003001001001 江畔1号楼 江畔1号楼党小组 124.2911 2",
            "00300100100101 1单元 江畔1号楼1单元党员中心户 24 2",
        ]
    );
    // Called otherwise by its code; what it was called stays readable by date.
    let code = town
        .text(&format!(
            "select code from nodes where tenant_id = '{tenant}' and name = '城北社区'"
        ))
        .await;
    let renamed: &[&str] = &["慧阳街道", "北城社区", "", "", "", "", "", "", "", &code];
    imports(&system, "chain", &book(&CHAIN, &[renamed]), 1).await;
    let names = format!("select name from node_names where tenant_id = '{tenant}'");
    assert!(town.column(&names).await.contains(&"城北社区".to_owned()));
    for (row, sentence) in [
        (vec!["慧阳街道", "", "金源小区网格"], "没有填，下面的却填了"),
        (
            vec!["没有街道", "甲社区"],
            "上级“没有街道”在系统里和本表里都没有",
        ),
        (
            vec![
                "慧阳街道",
                "城南社区",
                "新网格",
                "",
                "",
                "金源小区网格党支部",
            ],
            "同一上级下已有叫",
        ),
        (
            vec![
                "慧阳街道",
                "城南社区",
                "新网格",
                "",
                "",
                "",
                "",
                "",
                "",
                "999",
            ],
            "没有这个编码",
        ),
        (
            vec![
                "慧阳街道",
                "城南社区",
                "金源小区网格",
                "金源小区1号楼",
                "9单元",
                "",
                "许多",
            ],
            "户数写 0 至 999",
        ),
        (
            vec![
                "慧阳街道",
                "城南社区",
                "金源小区网格",
                "金源小区1号楼",
                "9单元",
                "",
                "",
                "124.2",
            ],
            "要么都填",
        ),
    ] {
        checks(&system, "chain", &book(&CHAIN, &[&row]))
            .await
            .shows(sentence);
    }
}

#[tokio::test]
async fn departments_come_in_by_their_codes() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let table = book(
        &DEPARTMENTS,
        &[
            &["gd", "供电公司", "公用企业", ""],
            &["GS", "供水集团", "公用企业", "7"],
            &["ZJ", "住房和城乡建设局", "委办局", ""],
        ],
    );
    checks(&system, "departments", &table)
        .await
        .shows("名称：供水公司 → 供水集团");
    system.does(&button(2), &[]).await;
    system
        .opens("/departments")
        .await
        .shows("供电公司")
        .shows("供水集团");
    let page = checks(
        &system,
        "departments",
        &book(
            &DEPARTMENTS,
            &[
                &["ABC", "三字局", "委办局"],
                &["AA", "供电公司", "公用企业"],
                &["BB", "某局", "某种"],
                &["CC", "重局", "委办局"],
                &["CC", "重重局", "委办局"],
                &["DD", "排局", "委办局", "很前"],
            ],
        ),
    )
    .await;
    for sentence in [
        "代码写两个字母或数字",
        "代码 GD 的部门用过这个名称",
        "“某种”不在字典里",
        "和第 5 行重复",
        "排序写 0 至 999",
    ] {
        page.shows(sentence);
    }
}

#[tokio::test]
async fn what_changed_since_the_check_is_checked_anew() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let below: &[&str] = &["慧阳街道", "城南社区", "站前网格", "站前1号楼"];
    checks(&system, "chain", &book(&CHAIN, &[below]))
        .await
        .shows("新增");
    let form = system.page().form(&button(1), &[]);
    let page = system.page().path.clone();
    // Somebody closes the grid between.
    let other = town.sign_in("system admin").await;
    other
        .opens(&format!("/chain/{}/closing", town.node("station")))
        .await;
    other
        .submit(
            "确认撤销",
            &[
                ("今后的工作由谁接手", "金源小区网格"),
                ("撤销理由", "并入金源小区。"),
            ],
        )
        .await
        .is(303);
    let before = registers(&town).await;
    system.send_form(&form).await.is(303);
    system
        .opens(&page)
        .await
        .shows("核对以后系统里有变动，没有写入")
        .shows("在系统里和本表里都没有");
    assert_eq!(before, registers(&town).await);
}

#[tokio::test]
async fn two_who_confirm_at_once_write_once_and_an_edit_between_is_not_lost() {
    let town = Town::raise_at(MONDAY).await;
    let (one, two) = (
        town.sign_in("system admin").await,
        town.sign_in("system admin").await,
    );
    let table = book(
        &PEOPLE,
        &[&["温晓东", "12900000101", "居民"], &["王丽", "", "居民"]],
    );
    checks(&one, "people", &table).await;
    checks(&two, "people", &table).await;
    let forms = [
        one.page().form(&button(2), &[]),
        two.page().form(&button(2), &[]),
    ];
    let both = all_at_once([one.send_form(&forms[0]), two.send_form(&forms[1])]).await;
    for answer in &both {
        answer.is(303);
    }
    let count = format!(
        "select count(*) from people where tenant_id = '{}' and name = '温晓东'",
        town.tenant
    );
    assert_eq!(town.number(&count).await, 1);
    let stages = format!(
        "select stage::text from imports where tenant_id = '{}' order by stage",
        town.tenant
    );
    assert_eq!(town.column(&stages).await, ["checked", "done"]);
}

#[tokio::test]
async fn a_long_import_is_written_by_a_job_that_can_be_left_and_found_again() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let rows: Vec<[String; 3]> = (0..400)
        .map(|n| [format!("群众{n}"), format!("129{n:08}"), "居民".to_owned()])
        .collect();
    let rows: Vec<Vec<&str>> = rows
        .iter()
        .map(|r| r.iter().map(String::as_str).collect())
        .collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    checks(&system, "people", &book(&["姓名", "电话", "身份"], &rows)).await;
    let answer = system.submit(&button(400), &[]).await;
    let running = system.opens(answer.location()).await;
    running
        .shows("正在写入")
        .shows("可以离开这一页")
        .costs_at_most(3);
    assert!(running.headers.contains_key("refresh"));
    system.opens("/people/import").await.shows("正在写入");
    let path = answer.location().to_owned();
    system
        .post(&format!("{path}/dropping"), &[])
        .await
        .is(409)
        .shows("正在写入，不能放弃");
    town.works().await;
    system.opens(&path).await.shows("新增 400 行");
    let count = format!(
        "select count(*) from people where tenant_id = '{}' and name like '群众%'",
        town.tenant
    );
    assert_eq!(town.number(&count).await, 400);
}

#[tokio::test]
async fn who_may_not_imports_nothing_and_sees_no_upload() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    checks(
        &system,
        "people",
        &book(&PEOPLE, &[&["温晓东", "", "居民"]]),
    )
    .await;
    let path = system.page().path.clone();
    for called in ["security admin", "audit admin", "city office"] {
        let person = town.sign_in(called).await;
        person.get("/people/import").await.is(403);
        person.get(&path).await.is(403);
    }
    // An upload is found under its own register alone, and in its own town.
    system
        .get(&path.replace("/people/", "/chain/"))
        .await
        .is(404);
    let other = Town::raise_at(MONDAY).await;
    other.sign_in("system admin").await.get(&path).await.is(404);
}
