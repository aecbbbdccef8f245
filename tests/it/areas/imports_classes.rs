//! Classes come in from Excel: several rows of one code are its conditions.

use super::imports::{CLASSES, MONDAY, book, button, checks};
use crate::harness::Town;

#[tokio::test]
async fn classes_come_in_by_their_codes_and_new_ones_without() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let table = book(
        &CLASSES,
        &[
            // Changed from a day on: two conditions instead of three.
            &[
                "01-13",
                "事件 01 市容环境",
                "道路破损",
                "",
                "",
                "",
                "坑洞深三厘米以上",
                "修补平整",
                "",
                "本市标准",
            ],
            &[
                "01-13",
                "01",
                "道路破损",
                "",
                "",
                "",
                "砖缺失松动",
                "补齐铺平",
                "",
                "",
            ],
            // Only out of use.
            &["05-98", "", "停水停电停暖", "", "", "否", "", "", "", ""],
            // As it is.
            &["b01-02", "公用设施", "污水井盖", "", "", "", "", "", "", ""],
            // Two new ones of one major class, one of them with two conditions.
            &[
                "",
                "01 市容环境",
                "占用消防通道",
                "堵消防通道",
                "11",
                "",
                "停车堵塞",
                "车移走",
                "",
                "",
            ],
            &[
                "",
                "01 市容环境",
                "占用消防通道",
                "",
                "",
                "",
                "堆物堵塞",
                "物料清走",
                "",
                "",
            ],
            &["", "市容环境", "私设地锁", "", "", "", "", "", "", ""],
            // The quick list and the conditions are taken away.
            &[
                "04-06",
                "街面秩序",
                "占道经营",
                "无",
                "",
                "",
                "无",
                "",
                "",
                "",
            ],
        ],
    );
    let page = checks(&system, "classes", &table).await;
    page.shows("2026-11-23 起。立案条件 1：车行道坑洞、塌陷、拱起，车辆须绕行 → 坑洞深三厘米以上")
        .shows("立案条件 3：路缘石破损、缺失、移位 → 无")
        .shows("常用：第 9 位“停水停电停暖” → 无；状态：在用 → 停用")
        .shows("编码 01-99，2026-11-23 起。")
        .shows("编码 01-98，2026-11-23 起。")
        .shows("常用：第 6 位“占道经营” → 无；立案条件 1：占用车行道、人行道、盲道摆摊经营 → 无");
    let versions =
        "select count(*) from class_versions where tenant_id = '{tenant}' and number > 1";
    let versions = versions.replace("{tenant}", &town.tenant.to_string());
    assert_eq!(town.number(&versions).await, 0, "nothing is written yet");
    system
        .does(&button(7), &[])
        .await
        .shows("新增 3 行，变更 4 行，不变 1 行");
    assert_eq!(town.number(&versions).await, 3);
    system
        .opens("/classes/01-13")
        .await
        .shows("1. 坑洞深三厘米以上 | 修补平整")
        .shows("2. 砖缺失松动 | 补齐铺平")
        .shows("本市标准");
    system
        .opens("/classes/01-99")
        .await
        .shows("占用消防通道")
        .shows("上报时排第 11 位，叫“堵消防通道”")
        .shows("2. 堆物堵塞 | 物料清走");
    system.opens("/classes/01-98").await.shows("私设地锁");
    system
        .opens("/classes/04-06")
        .await
        .shows("没有。受理这一类事项时不用选。");
    // The same again changes nothing but for what is new by name.
    let again = book(&CLASSES, &[&["01-13", "01", "道路破损", "", "", "是"]]);
    checks(&system, "classes", &again)
        .await
        .shows("没有要写入的");
    let audit = town.sign_in("audit admin").await;
    audit
        .opens("/audit?verb=add_class")
        .await
        .shows("增设“占用消防通道”（01-99，事件 01 市容环境）");
}

#[tokio::test]
async fn what_a_table_of_classes_says_wrong_is_told_in_its_row() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let table = book(
        &CLASSES,
        &[
            &["01-77", "01", "没有的类"],
            &["", "", "没写大类"],
            &["", "九号大类", "错大类"],
            &["01-12", "02", "道路不洁"],
            &["01-14", "01", ""],
            &["01-17", "01", "绿地脏乱", "绿地脏"],
            &["01-18", "01", "绿化弃料", "", "", "也许"],
            &["01-20", "01", "焚烧垃圾、树叶", "", "", "", "有明火"],
            &["01-21", "01", "病虫害", "", "", "", "", "", "2026-11-22"],
            &["01-22", "01", "道路破损"],
            &["01-25", "01", "水域不洁", "", "", "", "漂浮物", "捞净"],
            &["01-25", "01", "水面不洁", "", "", "", "岸坡垃圾", "清净"],
            &["", "01", "新类", "新类叫法", "一"],
            &["", "01", "占道新类", "", "", "", "无", "无"],
        ],
    );
    let page = checks(&system, "classes", &table).await;
    for sentence in [
        "“编码”：登记里没有这个编码。新增的类别把编码留空，由系统编排。",
        "“大类”：新增的类别要写大类。",
        "“大类”：没有这个大类。可以填：事件 01 市容环境、",
        "“大类”：和编码对不上。类别的大类不能改。",
        "“小类名称”：请填写小类名称。",
        "“常用位次”：放进常用的，写排第几位，1 至 99",
        "“也许”不在字典里",
        "“结案条件”：请填写结案条件。",
        "“生效日期”：生效日期要在今天 2026-11-23 至",
        "“小类名称”：同一大类里 01-13 已经叫这个名称，请换一个。",
        "“小类名称”：和同一类别的第一行不一样。",
        "“立案条件”：立案条件太短，至少写 2 个字。",
    ] {
        page.shows(sentence);
    }
    page.shows("不通过");
    assert!(!page.buttons().iter().any(|b| b.starts_with("确认写入")));
}

#[tokio::test]
async fn what_changed_since_the_check_is_checked_anew() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let table = book(
        &CLASSES,
        &[&["01-13", "01", "路面破损", "", "", "", "", "", "", ""]],
    );
    let page = checks(&system, "classes", &table).await;
    page.shows("名称：道路破损 → 路面破损");
    let form = page.form(&button(1), &[]);
    let other = town.sign_in("system admin").await;
    other.opens("/classes/01-13/edit").await;
    let fields = [("小类名称", "道路坑洼"), ("理由", "先改的")];
    other.submit("先看会改什么", &fields).await.is(200);
    other.does("确认修改", &[]).await;
    let done = system.send_form(&form).await;
    done.is(303);
    system
        .opens(done.location())
        .await
        .shows("核对以后系统里有变动，没有写入")
        .shows("名称：道路坑洼 → 路面破损");
    system.does(&button(1), &[]).await.shows("已经写入");
}

#[tokio::test]
async fn the_list_that_left_can_come_back() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let sheet = system.get("/classes.xlsx?q=%E4%BA%95%E7%9B%96").await;
    sheet.is(200);
    checks(&system, "classes", &sheet.bytes)
        .await
        .shows("没有要写入的")
        .shows("没有用到的列：“施行日期”“承诺时限”");
}
