//! The register of classes: what it says, how it is changed from a day on, and what whoever accepts a
//! matter chooses from it.

use chrono::Duration;
use uuid::Uuid;

use crate::harness::{Page, Person, Sql, Town};

/// Monday noon.
const NOON: &str = "2026-11-23T04:00:00Z";
/// Outside, on the chief's own ground.
const OUTSIDE: [(&str, &str); 1] = [("楼栋", "室外")];
const FIRST: &str = "第 1 条立案条件";

impl Person {
    /// Fills in the form of a class, looks at what it changes, and is still to confirm it.
    async fn looks(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.opens(path).await;
        let page = self.submit("先看会改什么", fields).await;
        page.is(200);
        page
    }
}

impl Town {
    async fn versions(&self, code: &str) -> i64 {
        let query = format!(
            "select count(*) from class_versions where tenant_id = '{}' and class_code = '{code}'",
            self.tenant
        );
        self.number(&query).await
    }
}

#[tokio::test]
async fn everybody_reads_the_register_and_only_the_system_administrator_changes_it() {
    let town = Town::raise_at(NOON).await;
    for called in [
        "water clerk",
        "street dispatcher",
        "grid chief",
        "city office",
    ] {
        let person = town.sign_in(called).await;
        let page = person.opens("/classes").await;
        page.costs_at_most(3)
            .shows("01-13 | 道路破损 | 常用： 3 路面破损")
            .shows("车行道坑洞、塌陷、拱起，车辆须绕行；另 2 条");
        assert!(!page.says("增设本地类别"));
        let page = person.follows("道路破损").await;
        page.costs_at_most(3)
            .shows("在用")
            .shows("上报时排第 3 位，叫“路面破损”")
            .shows(
                "1. 车行道坑洞、塌陷、拱起，车辆须绕行 | 修补平整，与周围路面齐平；修好以前已围挡",
            )
            .shows("这是预置的起步条款");
        person.get("/classes/new").await.is(403);
        person.get("/classes/01-13/edit").await.is(403);
        person.post("/classes/01-13/edit", &[]).await.is(403);
        person.post("/classes", &[]).await.is(403);
    }
    for called in ["audit admin", "security admin"] {
        let person = town.sign_in(called).await;
        person.get("/classes").await.is(403);
    }
    let admin = town.sign_in("system admin").await;
    admin.get("/classes/01-00").await.is(404);
    admin.get("/classes/x").await.is(404);
}

#[tokio::test]
async fn the_list_is_narrowed_and_leaves_as_the_same_list() {
    let town = Town::raise_at(NOON).await;
    let office = town.sign_in("city office").await;
    let all = office.opens("/classes").await;
    let figure = |page: &Page| -> usize {
        let told = page.words_at(".tools b");
        let n: String = told.chars().filter(char::is_ascii_digit).collect();
        n.parse().unwrap()
    };
    let of_start = town.number("select count(*) from start_classes").await;
    assert_eq!(i64::try_from(figure(&all)).unwrap(), of_start);
    // Each figure beside a major class is the length of the list behind it.
    let majors = all.all_words_at(".majors a");
    assert_eq!(majors.len(), 11);
    for major in majors {
        let page = office.opens(&all.link(&major)).await;
        let n = figure(&page);
        assert!(major.ends_with(&format!(" {n}")), "{major}: {n}");
    }
    let found = office.opens("/classes?q=飞线").await;
    found.shows("没有符合条件的类别").shows("范围：");
    let found = office.opens("/classes?q=电动车充电").await;
    assert_eq!(figure(&found), 1);
    found.shows("01-08 | 擅自架设管线、杆线设施");
    office
        .opens("/classes?family=component&q=井盖")
        .await
        .shows("B01-02 | 污水井盖");
    office.opens("/classes?state=ended").await.shows("共 0 类");
    let sheet = office.get("/classes.csv?q=01-13").await;
    sheet.is(200);
    let lines: Vec<&str> = sheet.body.lines().collect();
    assert_eq!(lines.len(), 4, "{}", sheet.body);
    assert!(lines[1].starts_with("01-13,事件 01 市容环境,道路破损,路面破损,3,是,车行道坑洞"));
    assert!(lines[1].ends_with(",2020-01-01,5 个工作日"), "{}", lines[1]);
}

#[tokio::test]
async fn a_change_is_looked_at_first_and_holds_from_its_day_on() {
    let town = Town::raise_at(NOON).await;
    let duty = town.duty().await;
    assert!(!duty.is_nil());
    let chief = town.sign_in("grid chief").await;
    let matter = chief.files(&OUTSIDE, &[]).await;
    let admin = town.sign_in("system admin").await;
    let fields = [
        ("小类名称", "排水管网堵塞破裂"),
        ("常用排第几位", "3"),
        (FIRST, "污水外溢，两小时没有退"),
        ("生效日期", "2026-12-01"),
        ("理由", "按本市排水标准修订"),
    ];
    let page = admin.looks("/classes/05-03/edit", &fields).await;
    page.costs_at_most(5)
        .shows("名称 | 排水管道堵塞、破裂 | 排水管网堵塞破裂")
        .shows("常用 | 第 1 位“污水外溢、堵塞” | 第 3 位“污水外溢、堵塞”")
        .shows("立案条件 1 | 污水外溢到路面、楼道，或者户内返水 | 污水外溢，两小时没有退")
        .shows("2026-12-01 零点起施行")
        .shows("在办的 1 件：已受理的 0 件仍照受理时选的条件，不变；待受理的 1 件，受理时选当天施行的条件。")
        .shows("承诺时限 4 工作时不受影响")
        .shows("权责清单第 47 项“排水管道养护”适用这一类，不变。")
        .shows("第 3 位已有“路面破损”");
    assert_eq!(town.versions("05-03").await, 1, "nothing is kept yet");

    // Back to the form with everything still there, and on.
    let back = admin.submit("返回修改", &[]).await;
    back.is(200).shows("污水外溢，两小时没有退");
    admin.submit("先看会改什么", &[]).await.is(200);
    let form = admin.page().form("确认修改", &[]);
    let page = admin.does("确认修改", &[]).await;
    page.shows("已保存")
        .shows("2026-12-01 起第 2 版")
        .shows("名称：排水管道堵塞、破裂 → 排水管网堵塞破裂")
        .shows("按本市排水标准修订");
    assert_eq!(page.heading(), "排水管道堵塞、破裂05-03");
    // The same button again does nothing more.
    admin.send_form(&form).await.is(303);
    assert_eq!(town.versions("05-03").await, 2);
    admin
        .opens("/classes?state=coming")
        .await
        .shows("共 1 类")
        .shows("2026-12-01 起有改动");

    // Whoever accepts today chooses among today's.
    let li = town.sign_in("community secretary").await;
    let today = "污水外溢到路面、楼道，或者户内返水";
    li.opens(&matter).await.shows(today);
    li.does("受理", &[("立案条件", today)])
        .await
        .shows(&format!("立案条件：{today}。"));

    town.passes(Duration::days(8));
    let admin = town.sign_in("system admin").await;
    let page = admin.opens("/classes/05-03").await;
    assert_eq!(page.heading(), "排水管网堵塞破裂05-03");
    page.shows("第 2 版 | 2026-12-01 起 现行")
        .shows("第 1 版 | 2020-01-01 起 旧版本");
    let li = town.sign_in("community secretary").await;
    // What was accepted before keeps what was chosen; what is accepted now has the new one.
    li.opens(&matter)
        .await
        .shows(&format!("立案条件：{today}"))
        .shows("结案条件：管道疏通，没有外溢，污物清理冲洗干净");
    let chief = town.sign_in("grid chief").await;
    let later = chief.files(&OUTSIDE, &[]).await;
    let page = li.opens(&later).await;
    page.shows("污水外溢，两小时没有退");
    assert!(!page.says(today));

    let audit = town.sign_in("audit admin").await;
    audit.opens("/audit?verb=change_class&from=2026-11-23").await.shows(
        "“排水管道堵塞、破裂”（05-03）第 2 版，2026-12-01 起。名称：排水管道堵塞、破裂 → 排水管网堵塞破裂；常用：第 1 位“污水外溢、堵塞” → 第 3 位“污水外溢、堵塞”；立案条件 1：污水外溢到路面、楼道，或者户内返水 → 污水外溢，两小时没有退。理由：按本市排水标准修订",
    );
}

#[tokio::test]
async fn whoever_accepts_chooses_a_condition() {
    let town = Town::raise_at(NOON).await;
    let chief = town.sign_in("grid chief").await;
    let path = chief.files(&OUTSIDE, &[]).await;
    let li = town.sign_in("community secretary").await;
    li.opens(&path)
        .await
        .costs_at_most(3)
        .shows("结案：管道疏通，没有外溢，污物清理冲洗干净");
    let refused = li.submit("受理", &[]).await;
    refused
        .is(422)
        .shows("请选择立案条件：这件事符合哪一条。")
        .shows("(待受理)");
    // A condition of another class is none of this one.
    let mut form = li.page().form("受理", &[]);
    for key in ["1.9", "7.1", "x", "1.1.1"] {
        form.set("condition", key);
        li.send_form(&form)
            .await
            .is(422)
            .shows("这一类的立案条件刚改过，请按现在的重新选择。");
    }
    li.opens(&path).await;
    let page = li.does("受理", &[("立案条件", "排水管道破裂")]).await;
    page.shows("(处置中)")
        .shows("立案条件：排水管道破裂、塌陷")
        .shows("结案条件：管道修复或者更换，排水通畅，路面恢复");
    li.does("记录处置", &[("做了什么", "设围挡。")]).await;
    li.opens(&format!("{path}?do=solve"))
        .await
        .shows("结案条件：管道修复或者更换，排水通畅，路面恢复");

    // The whistle begins with it, and whoever checks sees it.
    li.opens(&format!("{path}?do=raise")).await;
    li.does("上报街道", &[("上报理由", "管道破了，社区换不了。")])
        .await;
    let wang = town.sign_in("street dispatcher").await;
    let id = path.trim_start_matches("/matters/");
    wang.opens(&format!("/whistles/new?matter={id}"))
        .await
        .shows("管道修复或者更换，排水通畅，路面恢复");
}

#[tokio::test]
async fn one_condition_alone_is_chosen_and_none_asks_nothing() {
    let town = Town::raise_at(NOON).await;
    let admin = town.sign_in("system admin").await;
    let one = [
        ("第 2 条立案条件", ""),
        ("第 2 条结案条件", ""),
        ("理由", "并成一条"),
    ];
    admin.looks("/classes/05-03/edit", &one).await;
    admin.does("确认修改", &[]).await;
    let chief = town.sign_in("grid chief").await;
    let [first, second] = [
        chief.files(&OUTSIDE, &[]).await,
        chief.files(&OUTSIDE, &[]).await,
    ];
    let li = town.sign_in("community secretary").await;
    li.opens(&first).await;
    li.does("受理", &[]).await.shows("立案条件：污水外溢到路面");

    // Meanwhile the last one goes, too: who has the old page before him is told, and then asked nothing.
    li.opens(&second).await;
    let old = li.page().form("受理", &[]);
    let none = [
        (FIRST, ""),
        ("第 1 条结案条件", ""),
        ("理由", "这一类不设条件"),
    ];
    admin.looks("/classes/05-03/edit", &none).await;
    admin.does("确认修改", &[]).await;
    li.send_form(&old).await.is(303);
    let page = li.opens(&second).await;
    page.shows("(处置中)");
    assert!(!page.says("立案条件"), "{}", page.text());
}

#[tokio::test]
async fn what_is_out_of_use_is_not_filed_any_more() {
    let town = Town::raise_at(NOON).await;
    let chief = town.sign_in("grid chief").await;
    let path = chief.files(&OUTSIDE, &[]).await;
    chief.opens("/matters/new").await;
    let what = [("是什么事", "污水外溢、堵塞"), ("说一句", "井口外溢。")];
    chief.submit("下一步：在哪里", &what).await.is(200);
    let under_way = chief.page().form("下一步：核对", &[("楼栋", "室外")]);

    let admin = town.sign_in("system admin").await;
    admin.opens("/classes/05-03").await;
    admin.follows("停用").await;
    let page = admin
        .submit("先看会改什么", &[("理由", "并到别的类别")])
        .await;
    page.is(200)
        .shows("状态 | 在用 | 停用")
        .shows("常用 | 第 1 位“污水外溢、堵塞” | 无")
        .shows("停用后上报时不再列出；编码不给别的类别用");
    admin.does("确认修改", &[]).await.shows("停用");

    let offered = chief.opens("/matters/new").await;
    assert!(!offered.says("污水外溢、堵塞"));
    chief
        .send_form(&under_way)
        .await
        .is(422)
        .shows("所选的类别已经停用，请另选一类。");
    // What was filed goes on, under the same name.
    let li = town.sign_in("community secretary").await;
    li.opens(&path).await.shows("排水管道堵塞、破裂");
    li.does("受理", &[("立案条件", "污水外溢")]).await;
    // Lists still know it, the duty list offers it no more, the limits say so.
    li.opens("/matters?class=05-03").await.shows("共 1 件");
    let office = town.sign_in("city office").await;
    assert!(!office.opens("/duties/new").await.says("排水管道堵塞、破裂"));
    office
        .opens("/limits")
        .await
        .shows("排水管道堵塞、破裂（停用）");
    office.opens("/classes?state=ended").await.shows("共 1 类");
    // And it may come back.
    let fields = [("状态", "在用"), ("理由", "恢复")];
    admin.looks("/classes/05-03/edit", &fields).await;
    admin.does("确认修改", &[]).await;
    let chief = town.sign_in("grid chief").await;
    chief.opens("/matters/new").await;
    let other = [("其他类别", "突发事件·排水管道堵塞、破裂")];
    chief.submit("下一步：在哪里", &other).await.is(200);
}

#[tokio::test]
async fn a_local_class_is_numbered_downward_from_99() {
    let town = Town::raise_at(NOON).await;
    let admin = town.sign_in("system admin").await;
    let fields = [
        ("大类", "事件 01 市容环境"),
        ("小类名称", "占用消防通道"),
        ("基层叫法", "堵消防通道"),
        ("常用排第几位", "2"),
        (FIRST, "消防通道、登高场地停车堆物"),
        ("第 1 条结案条件", "清走，通道畅通"),
        ("理由", "消防专项整治"),
    ];
    let page = admin.looks("/classes/new", &fields).await;
    page.shows("01-99 占用消防通道")
        .shows("还没有承诺时限，权责清单也还没有管到它")
        .shows("第 2 位已有“井盖丢失破损”");
    let first = admin.page().form("确认增设", &[]);

    // Somebody else is given that code first: the second is told and looks again.
    let other = town.sign_in("system admin").await;
    let mine = [
        ("小类名称", "私设地锁"),
        ("基层叫法", ""),
        ("常用排第几位", ""),
    ];
    let fields: Vec<_> = fields
        .iter()
        .map(|(f, v)| *mine.iter().find(|(m, _)| m == f).unwrap_or(&(*f, *v)))
        .collect();
    other.looks("/classes/new", &fields).await;
    other.does("确认增设", &[]).await.shows("本地增设");
    let stale = admin.send_form(&first).await;
    stale.is(409).shows("编码顺延").shows("占用消防通道");
    let page = admin.submit("先看会改什么", &[]).await;
    page.is(200).shows("01-98 占用消防通道");
    admin.does("确认增设", &[]).await.shows("已增设");
    // A code that the start set gave downward from 99 is not given again.
    let event = [
        ("大类", "事件 05 突发事件"),
        ("小类名称", "电梯困人"),
        ("理由", "本市需要"),
    ];
    admin
        .looks("/classes/new", &event)
        .await
        .shows("05-97 电梯困人");

    // It is filed at once.
    let chief = town.sign_in("grid chief").await;
    chief.opens("/matters/new").await.shows("堵消防通道");
    let audit = town.sign_in("audit admin").await;
    audit
        .opens("/audit?verb=add_class")
        .await
        .shows("增设“占用消防通道”（01-98，事件 01 市容环境），2026-11-23 起。");
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nobody_is_overwritten() {
    let town = Town::raise_at(NOON).await;
    let admin = town.sign_in("system admin").await;
    admin.opens("/classes/01-13/edit").await;
    for (fields, sentence) in [
        (vec![("小类名称", "")], "请填写小类名称。"),
        (
            vec![("小类名称", "道路遗撒")],
            "同一大类里 01-14 已经叫这个名称",
        ),
        (vec![("常用排第几位", "0")], "写排第几位，1 至 99"),
        (vec![("基层叫法", "")], "请填写基层叫法。"),
        (vec![("第 2 条结案条件", "")], "请填写结案条件。"),
        (vec![("第 4 条结案条件", "铺平")], "请填写立案条件。"),
        (
            vec![("第 2 条立案条件", "车行道坑洞、塌陷、拱起，车辆须绕行")],
            "和上面的立案条件一样",
        ),
        (
            vec![("生效日期", "2026-11-22")],
            "生效日期要在今天 2026-11-23 至",
        ),
        (vec![("生效日期", "明天")], "这样的日期"),
    ] {
        admin.opens("/classes/01-13/edit").await;
        admin.submit("加一条", &[]).await.is(200);
        let with_reason = [&fields[..], &[("理由", "试一试")]].concat();
        let page = admin.submit("先看会改什么", &with_reason).await;
        page.is(422).shows(sentence).shows("试一试");
    }
    admin.opens("/classes/01-13/edit").await;
    admin
        .submit("先看会改什么", &[("小类名称", "路面破损")])
        .await
        .is(422)
        .shows("请填写修改理由。");
    admin
        .submit(
            "先看会改什么",
            &[("小类名称", "道路破损"), ("理由", "没改")],
        )
        .await
        .is(409)
        .shows("和最后一版完全一样，没有改动");

    // Two at once: the second sees what the first did, and nothing of his own is lost.
    let fields = [("小类名称", "路面破损"), ("理由", "后改的")];
    admin.looks("/classes/01-13/edit", &fields).await;
    let late = admin.page().form("确认修改", &[]);
    let second = town.sign_in("system admin").await;
    let fields = [("小类名称", "道路坑洼"), ("理由", "先改的")];
    second.looks("/classes/01-13/edit", &fields).await;
    second.does("确认修改", &[]).await;
    let page = admin.send_form(&late).await;
    page.is(409)
        .shows("改了这个类别，您的还没有保存")
        .shows("名称")
        .shows("道路破损 → 道路坑洼")
        .shows("后改的");
    let page = admin.submit("先看会改什么", &[]).await;
    page.is(200).shows("名称 | 道路坑洼 | 路面破损");
    admin.does("确认修改", &[]).await;
    assert_eq!(town.versions("01-13").await, 3);
}

#[tokio::test]
async fn a_later_version_takes_the_place_of_what_was_to_come() {
    let town = Town::raise_at(NOON).await;
    let admin = town.sign_in("system admin").await;
    let december = [
        ("小类名称", "路面破损"),
        ("生效日期", "2026-12-10"),
        ("理由", "先定十二月"),
    ];
    admin.looks("/classes/01-13/edit", &december).await;
    admin.does("确认修改", &[]).await;
    // The form goes on from the last version; its day is moved forward.
    let sooner = [("生效日期", "2026-11-30"), ("理由", "提前")];
    let page = admin.looks("/classes/01-13/edit", &sooner).await;
    page.shows("内容不变，只改生效日期。")
        .shows("原定 2026-12-10 起的第 2 版不再施行，由这一版代替。");
    admin
        .does("确认修改", &[])
        .await
        .shows("第 2 版 | 2026-12-10 起 没有施行")
        .shows("第 3 版 | 2026-11-30 起 待生效");
    town.passes(Duration::days(7));
    let page = town.sign_in("city office").await;
    let page = page.opens("/classes/01-13").await;
    assert_eq!(page.heading(), "路面破损01-13");
}

#[tokio::test]
async fn the_database_holds_it_too() {
    let town = Town::raise_at(NOON).await;
    let chief = town.sign_in("grid chief").await;
    let path = chief.files(&OUTSIDE, &[]).await;
    let id = path.trim_start_matches("/matters/");
    let tenant = town.tenant;
    let mut sql = Sql::owner().await;
    let accepts = format!(
        "update matters set stage = 'accepted' where tenant_id = '{tenant}' and id = '{id}'"
    );
    assert_eq!(sql.refused(&accepts).await, "matters_condition_chosen");
    // A condition that its class does not have is none.
    let other = format!(
        "update matters set class_version = 1, condition = 9 where tenant_id = '{tenant}' and id = '{id}'"
    );
    assert_eq!(sql.refused(&other).await, "matters_condition");
    let copied = format!(
        "insert into matters (tenant_id, id, number, class_code, title, detail, place_id, place_level, place_code,
                              spot, filed_at, filed_by, filed_post, stage, waiting_since)
         select tenant_id, '{}', 'X1', class_code, title, detail, place_id, place_level, place_code, spot,
                '2019-12-31T04:00:00Z', filed_by, filed_post, 'filed', filed_at
           from matters where tenant_id = '{tenant}' and id = '{id}'",
        Uuid::now_v7()
    );
    assert_eq!(sql.refused(&copied).await, "matters_class_in_use");
}
