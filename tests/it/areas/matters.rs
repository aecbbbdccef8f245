//! Matters: filed on the ground, solved as low as possible, raised with what was done.

use crate::harness::{Town, all_at_once, without_numbers};

const NOON: &str = "2026-11-23T04:00:00Z";
const UNIT: [(&str, &str); 3] = [
    ("楼栋", "金源小区1号楼"),
    ("单元", "金源小区1号楼1单元"),
    ("具体位置", "单元门口检修井"),
];
const TELLER: [(&str, &str); 2] = [("谁告诉您的", "欧阳秀"), ("他的电话", "12900005678")];

#[tokio::test]
async fn a_grid_chief_files_from_her_own_ground_and_the_community_takes_it_up_to_the_street() {
    let town = Town::raise_at(NOON).await;
    let zhu = town.sign_in("grid chief").await;
    let path = zhu.files(&[&UNIT[..], &TELLER[..]].concat(), &[]).await;
    let filed = zhu.opens(&path).await;
    filed
        .costs_at_most(3)
        .shows("(待受理)")
        .shows("欧*")
        .shows("129****5678");
    filed.never_names("欧阳秀").never_names("12900005678");

    let li = town.sign_in("community secretary").await;
    li.opens("/").await.shows("污水外溢、堵塞");
    li.opens(&path).await;
    li.does("受理", &[("立案条件", "污水外溢")])
        .await
        .shows("(处置中)");
    let too_early = li.page();
    assert!(
        !too_early.has_button("上报街道"),
        "first what the community did itself"
    );
    too_early.shows("先记录处置");
    li.does(
        "记录处置",
        &[("做了什么", "11月23日组织人员疏通，当晚又堵。")],
    )
    .await;
    li.opens(&format!("{path}?do=raise")).await;
    li.does("上报街道", &[("上报理由", "主管道破损，社区没有设备。")])
        .await;
    li.page().shows("(待街道分拣)");

    let wang = town.sign_in("street dispatcher").await;
    let raised = wang.opens(&path).await;
    insta::assert_snapshot!("raised_matter", without_numbers(&town, &raised.text()));
    zhu.opens("/").await.shows("待街道分拣");
}

#[tokio::test]
async fn building_and_unit_chiefs_file_from_theirs() {
    let town = Town::raise().await;
    let he = town.sign_in("building chief").await;
    let path = he.files(&[("金源小区1号楼", "整栋楼")], &[]).await;
    he.opens(&path).await.shows("金源小区1号楼");
    let shi = town.sign_in("unit chief").await;
    let path = shi.files(&[], &[]).await;
    shi.opens(&path).await.shows("金源小区1号楼1单元");
    assert!(
        shi.page().buttons().is_empty(),
        "filing is all a unit chief does"
    );
}

#[tokio::test]
async fn a_place_outside_ones_own_ground_is_refused() {
    let town = Town::raise().await;
    let zhu = town.sign_in("grid chief").await;
    let (own, elsewhere) = (
        format!("{}001001001", town.code),
        format!("{}001001002", town.code),
    );
    for (grid, building) in [(&elsewhere, &elsewhere), (&own, &format!("{elsewhere}001"))] {
        zhu.opens("/matters/new").await;
        let what = [("是什么事", "垃圾堆积")];
        zhu.submit("下一步：在哪里", &what).await.is(200);
        let mut form = zhu.page().form("下一步：核对", &[]);
        form.set("grid", grid);
        form.set("building", building);
        "/matters".clone_into(&mut form.action);
        let before = town.condensed().await;
        zhu.send_form(&form).await.is(422);
        assert_eq!(before, town.condensed().await);
    }
}

#[tokio::test]
async fn small_things_stay_in_the_grid_and_large_ones_in_the_community() {
    let town = Town::raise().await;
    let zhu = town.sign_in("grid chief").await;
    let small = zhu.files(&UNIT, &[]).await;
    zhu.opens(&small).await;
    zhu.opens(&format!("{small}?do=solve")).await;
    zhu.does("标记解决", &[("怎么解决的", "现场疏通，已经通了。")])
        .await
        .shows("网格解决");

    let at_once = zhu
        .files(
            &UNIT,
            &[
                ("怎么处理", "已当场处理好"),
                ("已处理好的，写明做了什么", "捞出杂物，已通。"),
            ],
        )
        .await;
    zhu.opens(&at_once).await.shows("网格解决");

    let large = zhu.files(&UNIT, &[]).await;
    let li = town.sign_in("community secretary").await;
    li.opens(&large).await;
    li.does("受理", &[("立案条件", "污水外溢")]).await;
    li.opens(&format!("{large}?do=solve")).await;
    li.does("标记解决", &[("怎么解决的", "请疏通队疏通。")])
        .await
        .shows("社区解决");
    assert_eq!(li.page().buttons(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_no_matter_is_refused_with_a_reason() {
    let town = Town::raise().await;
    let path = town.sign_in("grid chief").await.files(&UNIT, &[]).await;
    let li = town.sign_in("community secretary").await;
    li.opens(&format!("{path}?do=reject")).await;
    li.submit("确认不予受理", &[])
        .await
        .is(422)
        .shows("请填写不予受理的理由");
    let reason = [("不予受理的理由", "属于私人房屋内部维修，已告知联系物业。")];
    li.does("确认不予受理", &reason)
        .await
        .shows("(不予受理)")
        .shows("私人房屋内部维修");
}

#[tokio::test]
async fn a_duplicate_is_merged_and_taken_apart_again() {
    let town = Town::raise().await;
    let zhu = town.sign_in("grid chief").await;
    let (first, second) = (zhu.files(&UNIT, &[]).await, zhu.files(&UNIT, &[]).await);
    let number = zhu.opens(&first).await.words_at(".crumbs li:last-child");
    let li = town.sign_in("community secretary").await;
    li.opens(&format!("{second}?do=merge")).await;
    li.submit("并案", &[("或者填编号", "XX-0")]).await.is(422);
    li.does("并案", &[("或者填编号", &number)])
        .await
        .shows("(已并案)")
        .shows(&number);
    li.opens(&first).await.shows("并入本件");
    li.opens(&second).await;
    li.does("拆案", &[]).await.shows("(待受理)");
    li.opens(&first).await.shows("不再并入本件");
}

#[tokio::test]
async fn a_duplicate_is_offered_while_filing() {
    let town = Town::raise().await;
    let zhu = town.sign_in("grid chief").await;
    let first = zhu.files(&UNIT, &[]).await;
    let second = zhu
        .files(&UNIT, &[("是同一件，并入那一件", "是同一件，并入那一件")])
        .await;
    zhu.opens(&second).await.shows("(已并案)");
    let li = town.sign_in("community secretary").await;
    li.opens(&first).await.shows("并入本件");
}

#[tokio::test]
async fn the_street_gives_back_what_the_community_can_do() {
    let town = Town::raise().await;
    let id = town.raised("单元门口路灯不亮").await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&format!("/matters/{id}?do=send_back")).await;
    wang.does("退社区处理", &[("退回理由", "社区联系物业更换灯泡即可。")])
        .await;
    wang.page().shows("(处置中)");
    let li = town.sign_in("community secretary").await;
    li.opens(&format!("/matters/{id}"))
        .await
        .shows("社区联系物业更换灯泡即可");
}

#[tokio::test]
async fn nobody_sees_what_lies_outside_his_reach() {
    let town = Town::raise().await;
    let path = town.sign_in("grid chief").await.files(&UNIT, &[]).await;
    for called in [
        "station chief",
        "north secretary",
        "other dispatcher",
        "river secretary",
        "bank chief",
    ] {
        let person = town.sign_in(called).await;
        person.get(&path).await.is(404);
        person
            .post(&format!("{path}/acceptance"), &[("version", "1")])
            .await
            .is_one_of(&[403, 404]);
        person.opens("/matters").await.shows("共 0 件");
    }
    for called in [
        "community worker",
        "street checker",
        "city leader",
        "unit chief",
        "building leader",
    ] {
        town.sign_in(called).await.opens(&path).await;
    }
    let admin = town.sign_in("system admin").await;
    admin.get(&path).await.is(403);
}

#[tokio::test]
async fn who_told_it_is_shown_in_clear_once_asked_and_recorded() {
    let town = Town::raise().await;
    let path = town
        .sign_in("grid chief")
        .await
        .files(&[&UNIT[..], &TELLER[..]].concat(), &[])
        .await;
    let li = town.sign_in("community secretary").await;
    li.opens(&path).await.never_names("欧阳秀");
    let clear = li.submit("查看明文", &[]).await;
    clear.shows("欧阳秀").shows("12900005678");
    li.opens(&path)
        .await
        .never_names("欧阳秀")
        .shows("查看明文");
    li.opens("/matters").await.never_names("欧阳秀");
    li.get("/matters.csv").await.never_names("12900005678");
}

#[tokio::test]
async fn the_list_and_its_sheet_say_the_same() {
    let town = Town::raise().await;
    let zhu = town.sign_in("grid chief").await;
    for _ in 0..3 {
        zhu.files(&UNIT, &[]).await;
    }
    let done = [
        ("怎么处理", "已当场处理好"),
        ("已处理好的，写明做了什么", "捞出杂物，已通。"),
    ];
    zhu.files(&UNIT, &done).await;
    let li = town.sign_in("community secretary").await;
    for (query, count) in [
        ("", 4),
        ("?stage=open", 3),
        ("?stage=solved", 1),
        ("?waiting=1", 3),
        ("?q=找不到", 0),
    ] {
        let list = li.opens(&format!("/matters{query}")).await;
        list.costs_at_most(3);
        let rows = list.all_words_at("table.list tbody tr").len();
        assert_eq!(rows, count, "{query}:\n{}", list.text());
        let sheet = li.opens(&format!("/matters.csv{query}")).await;
        assert_eq!(
            sheet.body.trim_end().lines().count(),
            count + 1,
            "{}",
            sheet.body
        );
    }
}

#[tokio::test]
async fn a_double_click_files_once() {
    let town = Town::raise().await;
    let zhu = town.sign_in("grid chief").await;
    zhu.opens("/matters/new").await;
    zhu.submit("下一步：在哪里", &[("是什么事", "垃圾堆积")])
        .await;
    zhu.chooses_place(&UNIT).await;
    let form = zhu.page().form("上报城南社区", &[]);
    let (first, second) = tokio::join!(zhu.send_form(&form), zhu.send_form(&form));
    let third = zhu.send_form(&form).await;
    first.is(303);
    assert_eq!(first.location(), second.location());
    assert_eq!(first.location(), third.location());
    let count = format!(
        "select count(*) from matters where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&count).await, 1);
}

#[tokio::test]
async fn two_at_once_the_second_sees_both_versions() {
    let town = Town::raise().await;
    let path = town.sign_in("grid chief").await.files(&UNIT, &[]).await;
    let [li, shen] = [
        town.sign_in("community secretary").await,
        town.sign_in("community worker").await,
    ];
    li.opens(&path).await;
    li.does("受理", &[("立案条件", "污水外溢")]).await;
    li.opens(&format!("{path}?do=measure")).await;
    shen.opens(&format!("{path}?do=measure")).await;
    let own = [("做了什么", "李秀英：疏通一次。")];
    li.does("记录处置", &own).await;
    let words = "沈洁：叫来疏通车，𠮷野家门前也堵。";
    let stale = shen.submit("记录处置", &[("做了什么", words)]).await;
    stale.is(409).shows(words).shows("记录处置").shows("李秀英");
    shen.does("按现在的情况记录处置", &[])
        .await
        .shows(words)
        .shows("李秀英：疏通一次。");
}

#[tokio::test]
async fn numbers_of_a_day_have_no_gaps_however_many_file_at_once() {
    let town = Town::raise_at(NOON).await;
    let on_house = [("金源小区1号楼", "整栋楼")];
    let from_community = [("网格", "金源小区网格"), ("楼栋", "室外")];
    let mut people = Vec::new();
    for (called, place) in [
        ("grid chief", &UNIT[..]),
        ("unit chief", &[]),
        ("building chief", &on_house),
        ("grid secretary", &UNIT),
        ("unit household", &[]),
        ("community worker", &from_community),
    ] {
        people.push((town.sign_in(called).await, place));
    }
    all_at_once(
        people
            .iter()
            .map(|(person, place)| person.files(place, &[])),
    )
    .await;
    let numbers = format!(
        "select count(distinct split_part(number, '-', 3)) from matters
          where tenant_id = '{}' and number like '%S-20261123-0000_-_' and split_part(number, '-', 3)::int between 1 and 6",
        town.tenant
    );
    assert_eq!(town.number(&numbers).await, 6);
}

#[tokio::test]
async fn a_sheet_holds_no_formula_and_opens_as_utf_8() {
    let town = Town::raise().await;
    let zhu = town.sign_in("grid chief").await;
    for title in ["=1+2", "+86 积水", "-积水", "@积水", "\"=1+2\",积水"] {
        zhu.files(&UNIT, &[("标题", title)]).await;
    }
    let sheet = zhu.opens("/matters.csv").await;
    assert!(
        sheet.body.starts_with('\u{feff}'),
        "a spreadsheet takes it for UTF-8"
    );
    assert!(
        sheet.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    let cells: Vec<&str> = sheet.body.split(['\n', ',']).map(str::trim).collect();
    for cell in cells {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        assert!(!cell.starts_with("\"="), "{cell}");
    }
}
