//! Policy documents: the city office keeps them, everybody whom they bind reads them.

use chrono::Duration;

use crate::harness::{Page, Town};

const MORNING: &str = "2026-11-23T01:00:00Z";

const PAPER: [(&str, &str); 6] = [
    ("文号", "大办发〔2026〕12号"),
    ("发文机关", "市委办公室、市政府办公室"),
    ("标题", "街道吹哨实施办法"),
    ("发文日期", "2026-11-01"),
    ("施行日期", "2026-11-10"),
    (
        "条款",
        "街道吹哨实施办法\n第一条 街道可以向部门吹哨。\n第二条 部门应当：\n（一）签收；\n（二）报到。",
    ),
];

async fn registered(town: &Town) -> String {
    let qian = town.sign_in("city office").await;
    qian.opens("/documents/new").await;
    let page = qian.does("登记文件", &PAPER).await;
    page.shows("已登记。")
        .shows("第 2 条")
        .shows("（二）报到。");
    page.path.split('?').next().unwrap_or_default().to_owned()
}

async fn refused(town: &Town, path: &str, button: &str, fields: &[(&str, &str)]) -> Page {
    let qian = town.sign_in("city office").await;
    qian.opens(path).await;
    let page = qian.submit(button, fields).await;
    page.is(422);
    page
}

#[tokio::test]
async fn a_document_is_registered_once_and_everybody_concerned_reads_it() {
    let town = Town::raise_at(MORNING).await;
    let qian = town.sign_in("city office").await;
    qian.opens("/documents").await.shows("没有符合条件的文件");
    qian.opens("/documents/new").await;
    let form = qian.page().form("登记文件", &PAPER);
    let first = qian.send_form(&form).await;
    first.is(303);
    let again = qian.send_form(&form).await;
    assert_eq!(
        again.location(),
        first.location(),
        "a double click acts once"
    );
    for called in [
        "street secretary",
        "community worker",
        "water clerk",
        "city leader",
    ] {
        let person = town.sign_in(called).await;
        let list = person.opens("/documents").await;
        list.shows("共 1 份")
            .shows("大办发〔2026〕12号")
            .shows("现行");
        assert!(!list.says("登记文件"), "{called} may not change it");
        let page = person.opens(&list.link("街道吹哨实施办法")).await;
        page.shows("街道可以向部门吹哨。").shows("2026-11-10 起");
        for step in ["revision", "repeal"] {
            person.get(&format!("{}/{step}", page.path)).await.is(403);
        }
        person.post("/documents", &[]).await.is(403);
    }
    town.sign_in("grid chief")
        .await
        .get("/documents")
        .await
        .is(403);
    let csv = qian.get("/documents.csv").await;
    csv.is(200).shows("大办发〔2026〕12号").shows("现行");
}

#[tokio::test]
async fn a_revision_takes_the_place_of_the_version_before_on_its_day() {
    let town = Town::raise_at(MORNING).await;
    let first = registered(&town).await;
    let form = format!("{first}/revision");
    let early = [
        ("文号", "大办发〔2026〕30号"),
        ("发文日期", "2026-11-01"),
        ("施行日期", "2026-11-10"),
        ("修订说明", "第二条增加时限。"),
    ];
    refused(&town, &form, "登记新版本", &early)
        .await
        .shows("新版的施行日期要晚于这一天");
    let later = [early[0], early[1], ("施行日期", "2026-12-01"), early[3]];
    let second = town.acts("city office", &form, "登记新版本", &later).await;
    second
        .shows("尚未施行")
        .shows("第 2 版")
        .shows("（二）报到。");
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/documents")
        .await
        .shows("共 2 份")
        .shows("尚未施行");
    wang.opens(&first).await.shows("现行").shows("看最新一版");
    town.passes(Duration::days(10));
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/documents")
        .await
        .shows("共 1 份")
        .shows("大办发〔2026〕30号");
    wang.opens("/documents?past=1")
        .await
        .shows("共 1 份")
        .shows("旧版本");
    wang.opens(&first)
        .await
        .shows("旧版本")
        .shows("2026-12-01 止");
    // Who revises the version before comes too late, and what he typed is kept.
    let qian = town.sign_in("city office").await;
    qian.get(&form).await.is(409).shows("只能修订最新一版");
    let late = qian
        .post(
            &form,
            &[
                ("code", "大办发〔2026〕31号"),
                ("title", "街道吹哨实施办法"),
                ("issuer", "市委办公室"),
                ("issued_on", "2026-12-02"),
                ("from_day", "2026-12-20"),
                ("clauses", "第一条 街道可以吹哨。"),
                ("reason", "再改一次。"),
            ],
        )
        .await;
    late.is(409)
        .shows("刚被别人修订过")
        .shows("大办发〔2026〕31号");
}

#[tokio::test]
async fn a_repealed_document_stays_readable_and_cannot_be_revised() {
    let town = Town::raise_at(MORNING).await;
    let path = registered(&town).await;
    let step = format!("{path}/repeal");
    let early = [("从哪天起废止", "2026-11-01"), ("废止理由", "并入新办法。")];
    refused(&town, &step, "确认废止", &early)
        .await
        .shows("废止日期最早写 2026-11-23。");
    for never in ["", "明天", "+99999-01-01", "2026-02-30"] {
        let typed = [("从哪天起废止", never), ("废止理由", "并入新办法。")];
        refused(&town, &step, "确认废止", &typed)
            .await
            .shows("废止日期写成 2026-11-23 这样的日期。");
    }
    let today = [("从哪天起废止", "2026-11-23"), ("废止理由", "并入新办法。")];
    let page = town.acts("city office", &step, "确认废止", &today).await;
    page.shows("已废止")
        .shows("废止理由：并入新办法。")
        .shows("第 2 条");
    let qian = town.sign_in("city office").await;
    qian.opens("/documents?past=1").await.shows("已废止");
    qian.get(&format!("{path}/revision")).await.is(409);
    let twice = [("day", "2026-11-24"), ("reason", "再废一次。")];
    qian.post(&step, &twice).await.is(409).shows("已经废止");
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_nothing_is_kept() {
    let town = Town::raise_at(MORNING).await;
    registered(&town).await;
    let before = town.condensed().await;
    let lacking = refused(&town, "/documents/new", "登记文件", &[]).await;
    for sentence in [
        "请填写文号。",
        "请填写标题。",
        "请填写发文机关。",
        "发文日期写成 2026-11-23 这样的日期。",
        "没有找到条款",
    ] {
        lacking.shows(sentence);
    }
    let wrong = [
        ("发文日期", "2026-12-01"),
        ("施行日期", "2026-11-10"),
        ("条款", "第一条 甲乙丙。\n第三条 丁戊己。"),
    ];
    let typed = [&PAPER[..3], &wrong[..]].concat();
    refused(&town, "/documents/new", "登记文件", &typed)
        .await
        .shows("施行日期不能早于发文日期。")
        .shows("前面缺第 2 条");
    refused(&town, "/documents/new", "登记文件", &PAPER)
        .await
        .shows("已经登记过");
    assert_eq!(before, town.condensed().await);
}

#[tokio::test]
async fn the_list_finds_by_number_title_issuer_and_clause() {
    let town = Town::raise_at(MORNING).await;
    registered(&town).await;
    let other = Town::raise_at(MORNING).await;
    let wang = town.sign_in("street dispatcher").await;
    for (word, count) in [
        ("12号", 1),
        ("吹哨", 1),
        ("政府办", 1),
        ("报到", 1),
        ("路灯", 0),
        ("%25", 0),
    ] {
        let page = wang.opens(&format!("/documents?q={word}")).await;
        page.shows(&format!("共 {count} 份"));
    }
    let stranger = other.sign_in("city office").await;
    stranger.opens("/documents").await.shows("共 0 份");
}

#[tokio::test]
async fn a_new_version_of_the_limits_names_its_clause_and_keeps_its_text() {
    let town = Town::raise_at(MORNING).await;
    let first = registered(&town).await;
    let qian = town.sign_in("city office").await;
    let change = [
        ("起用日期", "2026-11-24"),
        ("说明", "签收改为两个工作时。"),
        ("日常哨签收时限", "2"),
    ];
    qian.opens("/limits/edit").await;
    qian.submit("下一步：看改动", &change)
        .await
        .is(422)
        .shows("请选择这一版依据哪份文件的哪一条。");
    let basis = [("依据", "大办发〔2026〕12号第 1 条 街道可以向部门吹哨。")];
    let typed = [&change[..], &basis[..]].concat();
    qian.submit("下一步：看改动", &typed)
        .await
        .is(200)
        .shows(basis[0].1);
    qian.does("立新版", &[]).await.shows("已立第 2 版时限");
    let later = [
        ("文号", "大办发〔2026〕30号"),
        ("发文日期", "2026-11-20"),
        ("施行日期", "2026-11-25"),
        ("条款", "第一条 街道、社区可以向部门吹哨。"),
        ("修订说明", "增加社区。"),
    ];
    let form = format!("{first}/revision");
    town.acts("city office", &form, "登记新版本", &later).await;
    town.passes(Duration::days(3));
    let wang = town.sign_in("street dispatcher").await;
    let page = wang.opens("/limits?version=2").await;
    page.shows("大办发〔2026〕12号第 1 条")
        .shows("街道可以向部门吹哨。");
    assert!(!page.says("街道、社区可以向部门吹哨。"));
}
