//! Where things are: stations and the five-minute circle, outlines and positions from `GeoJSON`, and the
//! map of matters, whose numbers are those of its lists.

use std::collections::BTreeMap;

use chrono::Duration;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use street_whistle::base::clock::day_of;
use street_whistle::base::words;
use uuid::Uuid;

use crate::harness::{Page, Person, Town, all_at_once};
use crate::rules::figures::compare;

const MONDAY: &str = "2026-11-23T06:05:00Z";
/// Degrees of longitude of one metre there.
const METRE: f64 = 1.0 / 77_937.0;

impl Town {
    /// Says where a building stands: so many metres to the east of the middle.
    async fn stands_at(&self, key: &str, east: f64) {
        let longitude = 124.29 + east * METRE;
        self.sql(&format!(
            "update nodes set longitude = {longitude}, latitude = 45.5 where tenant_id = '{}' and id = '{}'",
            self.tenant,
            self.node(key)
        ))
        .await;
    }

    fn code_of(&self, tail: &str) -> String {
        format!("{}{tail}", self.code)
    }
}

/// Registers a station in a community, so many metres to the east of the middle.
async fn registers(person: &Person, name: &str, community: &str, east: f64) -> Page {
    let longitude = (124.29 + east * METRE).to_string();
    person.opens("/circle/stations/new").await;
    let fields = [
        ("名称", name),
        ("所属社区", community),
        ("经度", &longitude),
        ("纬度", "45.5"),
    ];
    person.does("登记", &fields).await
}

#[tokio::test]
async fn a_station_covers_what_is_within_three_hundred_metres() {
    let town = Town::raise_at(MONDAY).await;
    let dispatcher = town.sign_in("street dispatcher").await;
    dispatcher
        .opens("/circle")
        .await
        .costs_at_most(3)
        .shows("还画不出来")
        .shows("请系统管理员在“导入地图”里传 GeoJSON");
    town.stands_at("house 1", 0.0).await;
    town.stands_at("house 2", 299.0).await;
    town.stands_at("old house", 302.0).await;
    // The other street has a station nobody here sees the house of, and a house nobody here counts.
    town.stands_at("bank house", 900.0).await;
    dispatcher
        .opens("/circle")
        .await
        .costs_at_most(3)
        .shows("有位置的楼栋 3 栋")
        .shows("圈外 3 栋")
        .shows("还没有登记服务站点，楼栋都算在圈外");

    dispatcher
        .opens("/circle/stations/new")
        .await
        .costs_at_most(5);
    registers(&dispatcher, "金源小区党群服务站", "慧阳街道 城南社区", 0.0)
        .await
        .costs_at_most(3)
        .shows("已登记，覆盖的楼栋已经重新计算。")
        .shows("占 66.7%")
        .shows("金源小区党群服务站 | 网格党群服务站 | 慧阳街道 城南社区 | 没有填 | 2 | 2026-11-23 起开放")
        .shows("城南社区 | 2 | 0 | 100.0%/2 | 0")
        .shows("城北社区 | 0 | 1 | 0.0%/1 | 0");
    let list = dispatcher.follows("1 栋").await;
    list.costs_at_most(3)
        .shows("共 1 栋")
        .shows("老街5号楼")
        .shows("金源小区党群服务站 | 303 米");
    let file = dispatcher.get(&list.link("导出 CSV")).await;
    file.is(200);
    assert!(file.text().contains("老街5号楼"), "{}", file.text());
    let audit = town.sign_in("audit admin").await;
    audit
        .opens("/audit?verb=export")
        .await
        .shows("导出五分钟服务圈圈外楼栋，1 行");

    // It moves a little, and then it closes.
    dispatcher.opens("/circle").await;
    dispatcher
        .follows("金源小区党群服务站")
        .await
        .costs_at_most(5);
    let longitude = (124.29 + 50.0 * METRE).to_string();
    dispatcher
        .does("保存", &[("经度", &longitude)])
        .await
        .shows("占 100.0%");
    dispatcher
        .follows("金源小区党群服务站")
        .await
        .shows("位置：");
    dispatcher
        .does("关闭站点", &[("关闭日期", "2026-11-25")])
        .await
        .shows("2026-11-25 起将关闭")
        .shows("占 100.0%");
    town.passes(Duration::days(2));
    let dispatcher = town.sign_in("street dispatcher").await;
    dispatcher
        .opens("/circle")
        .await
        .shows("2026-11-25 起关闭")
        .shows("占 0.0%");
    let page = dispatcher.follows("金源小区党群服务站").await;
    page.shows("不能再改");
    assert!(!page.has_button("保存"));
}

#[tokio::test]
async fn each_keeps_the_stations_of_his_own_ground() {
    let town = Town::raise_at(MONDAY).await;
    let stranger_town = Town::raise_at(MONDAY).await;
    let dispatcher = town.sign_in("street dispatcher").await;
    registers(&dispatcher, "城南社区中心", "慧阳街道 城南社区", 0.0).await;
    let path = dispatcher.page().link("城南社区中心");
    let other = town.sign_in("other dispatcher").await;
    other.get(&path).await.is(404);
    let closing = path.replace("/edit", "/closing");
    other.post(&closing, &[("version", "1")]).await.is(404);
    other.post(&path, &[("version", "1")]).await.is(404);
    other.opens("/circle").await.never_names("城南社区中心");
    let south = format!("/circle?place={}", town.code_of("001001"));
    other.get(&south).await.is(404);
    other
        .get("/circle/stations/new")
        .await
        .never_names("城南社区");
    let chief = town.sign_in("grid chief").await;
    chief.opens("/circle").await.shows("城南社区中心");
    chief.get("/circle/stations/new").await.is(403);
    chief.get(&path).await.is(403);
    town.sign_in("city leader")
        .await
        .opens("/circle")
        .await
        .shows("城南社区中心");
    town.sign_in("water clerk")
        .await
        .opens("/circle")
        .await
        .shows("城南社区中心");
    let admin = town.sign_in("system admin").await;
    admin.opens(&path).await;
    let stranger = stranger_town.sign_in("street dispatcher").await;
    stranger.get(&path).await.is(404);
    stranger.opens("/circle").await.never_names("城南社区中心");

    // A form is kept with what was typed; a stale one is told so; a double click acts once.
    admin.opens(&path).await;
    let form = admin.page().form("保存", &[("地址", "金源小区内")]);
    let mut wrong = form.clone();
    wrong.set("longitude", "45.5");
    wrong.set("latitude", "124.29");
    admin
        .send_form(&wrong)
        .await
        .is(422)
        .shows("经度和纬度写反了")
        .shows("金源小区内");
    dispatcher.opens(&path).await;
    dispatcher
        .does("保存", &[("开放时间", "每天 8:00—20:00")])
        .await;
    admin
        .send_form(&form)
        .await
        .is(409)
        .shows("别人改过这个站点")
        .shows("开放时间：空 → 每天 8:00—20:00")
        .shows("金源小区内");
    dispatcher.opens("/circle/stations/new").await;
    let fields = [
        ("名称", "站前站"),
        ("所属社区", "慧阳街道 城南社区"),
        ("经度", "124.3"),
        ("纬度", "45.5"),
    ];
    let twice = dispatcher.page().form("登记", &fields);
    let both = all_at_once([dispatcher.send_form(&twice), dispatcher.send_form(&twice)]).await;
    for page in &both {
        page.is(303);
    }
    dispatcher.opens("/circle/stations/new").await;
    dispatcher
        .submit("登记", &fields)
        .await
        .is(422)
        .shows("已有叫这个名称、还在开放的站点");
    let count = format!(
        "select count(*) from stations where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&count).await, 2);
}

fn collection(features: &[String]) -> String {
    format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        features.join(",")
    )
}

fn feature(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
}

/// A square two kilometres wide around the middle.
fn square(code: &str) -> String {
    let geometry = r#"{"type":"Polygon","coordinates":[[[124.277,45.491],[124.303,45.491],[124.303,45.509],[124.277,45.509],[124.277,45.491]]]}"#;
    feature(&format!(r#""编码":"{code}""#), geometry)
}

fn point(properties: &str, east: f64) -> String {
    let longitude = 124.29 + east * METRE;
    feature(
        properties,
        &format!(r#"{{"type":"Point","coordinates":[{longitude},45.5]}}"#),
    )
}

async fn uploads(person: &Person, name: &str, content: &[u8]) -> Page {
    let page = person.opens("/map/import").await;
    page.costs_at_most(3);
    person
        .send_file(&page.form("上传并核对", &[]), name, content)
        .await
}

#[tokio::test]
async fn a_map_comes_in_looked_at_and_once() {
    let town = Town::raise_at(MONDAY).await;
    let admin = town.sign_in("system admin").await;
    admin.opens("/chain").await;
    admin.follows("导入地图").await;
    let house = town.code_of("001001001001");
    let all = collection(&[
        square(&town.code_of("001")),
        point(&format!(r#""编码":"{house}""#), 40.0),
        point(
            &format!(
                r#""编码":"{}","类型":"驿站","名称":"站前驿站","地址":"站前街 1 号""#,
                town.code_of("001001")
            ),
            100.0,
        ),
    ]);
    let answer = uploads(&admin, "街道边界.geojson", all.as_bytes()).await;
    answer.is(303);
    let check = answer.location().to_owned();
    let page = admin.opens(&check).await;
    page.costs_at_most(3)
        .shows("要改的有边界 1 个、位置 1 个、服务站点 1 个；和现在一样的 0 个。")
        .shows("慧阳街道 | ")
        .shows("边界 | 没有 | 1 块，4 个拐点")
        .shows("站前驿站（城南社区）");
    let count = format!(
        "select count(*) from node_outlines where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&count).await, 0, "nothing is written before");
    let form = page.form("确认写入", &[]);
    let both = all_at_once([admin.send_form(&form), admin.send_form(&form)]).await;
    for page in &both {
        page.is(303).goes_to("/circle?done=imported");
    }
    assert_eq!(town.number(&count).await, 1);
    let page = admin.opens("/circle?done=imported").await;
    page.shows("已写入").shows("占 100.0%").shows("站前驿站");
    assert!(page.attribute("svg .plan-outline", "d").is_some());
    admin.get(&check).await.is(404);
    // What was changed is on the page of each, both sides.
    admin
        .opens(&format!("/chain/{}", town.node("house 1")))
        .await
        .shows("位置：没有 → 经度 124.290513、纬度 45.5。");
    admin
        .opens(&format!("/chain/{}", town.node("huiyang")))
        .await
        .shows("边界：没有 → 1 块，4 个拐点。");
    let audit = town.sign_in("audit admin").await;
    audit
        .opens("/audit?verb=import")
        .await
        .shows("地图，边界 1 个、位置 1 个、服务站点 1 个，文件“街道边界.geojson”");

    // The same again changes nothing; something else changes that alone.
    let answer = uploads(&admin, "街道边界.geojson", all.as_bytes()).await;
    let page = admin.opens(answer.location()).await;
    page.shows("和现在一样的 3 个");
    assert!(!page.has_button("确认写入"));
    admin
        .does("放弃这次导入", &[])
        .await
        .shows("已放弃，上传的内容已经删除");
    let moved = all.replace("站前街 1 号", "站前街 3 号");
    let answer = uploads(&admin, "站点.geojson", moved.as_bytes()).await;
    admin
        .opens(answer.location())
        .await
        .shows("站前街 1 号")
        .shows("站前街 3 号")
        .shows("和现在一样的 2 个");
    admin.does("确认写入", &[]).await.shows("站前街 3 号");
}

#[tokio::test]
async fn what_changed_meanwhile_is_looked_at_again() {
    let town = Town::raise_at(MONDAY).await;
    let admin = town.sign_in("system admin").await;
    let house = town.code_of("001001001001");
    let file = collection(&[point(&format!(r#""编码":"{house}""#), 40.0)]);
    let answer = uploads(&admin, "位置.geojson", file.as_bytes()).await;
    let check = answer.location().to_owned();
    let seen = admin.opens(&check).await.form("确认写入", &[]);
    let second = town.sign_in("system admin").await;
    second
        .opens(&format!("/chain/{}/edit", town.node("house 1")))
        .await;
    second
        .does("保存", &[("经度", "124.2871"), ("纬度", "45.5011")])
        .await;
    admin
        .send_form(&seen)
        .await
        .is(409)
        .shows("有变动，没有写入")
        .shows("经度 124.2871、纬度 45.5011");
    admin.does("确认写入", &[]).await;
    let at = format!(
        "select longitude::text from nodes where tenant_id = '{}' and id = '{}'",
        town.tenant,
        town.node("house 1")
    );
    assert_eq!(town.text(&at).await, "124.290513");
    for called in ["street dispatcher", "security admin", "city office"] {
        let person = town.sign_in(called).await;
        person.get("/map/import").await.is(403);
        person.get(&check).await.is(403);
    }
}

/// Fifty megabytes, outlines that cross themselves, axes the wrong way round: a sentence, and nothing
/// changes.
#[tokio::test]
async fn a_map_that_cannot_be_is_refused_with_sentences() {
    let town = Town::raise_at(MONDAY).await;
    let admin = town.sign_in("system admin").await;
    let street = town.code_of("001");
    let house = town.code_of("001001001001");
    let of_street =
        |geometry: &str| collection(&[feature(&format!(r#""编码":"{street}""#), geometry)]);
    let area = |ring: &str| of_street(&format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#));
    let swapped: Vec<String> = (0..9)
        .map(|n| {
            feature(
                &format!(r#""编码":"{house}{n}""#),
                r#"{"type":"Point","coordinates":[45.5,124.29]}"#,
            )
        })
        .collect();
    let large = vec![b' '; 50 * 1024 * 1024];
    let before = town.condensed().await;
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (large, "文件超过 5 MB，没有读取"),
        (Vec::new(), "第 1 行"),
        (b"PK\x03\x04".to_vec(), "不是完整的 GeoJSON"),
        (
            area("[[124.29,45.50],[124.30,45.51],[124.30,45.50],[124.29,45.51],[124.29,45.50]]")
                .into_bytes(),
            "交叉",
        ),
        (
            area("[[45.50,124.29],[45.50,124.30],[45.51,124.30],[45.50,124.29]]").into_bytes(),
            "经纬度写反了",
        ),
        (
            collection(&swapped).into_bytes(),
            "等 9 个要素：经纬度写反了",
        ),
        (
            area("[[124.29,45.50],[124.30,45.50],[124.30,45.51],[124.29,45.51]]").into_bytes(),
            "没有闭合",
        ),
        (
            area("[[2.29,48.85],[2.30,48.85],[2.30,48.86],[2.29,48.85]]").into_bytes(),
            "不在中国范围内",
        ),
        (
            collection(&[square("999999001")]).into_bytes(),
            "没有编码是 999999001 的单位",
        ),
        (
            collection(&[square(&street), square(&street)]).into_bytes(),
            "出现了两次",
        ),
        (
            collection(&[
                square(&street),
                point(&format!(r#""编码":"{house}""#), 3_000.0),
            ])
            .into_bytes(),
            "落在慧阳街道的边界外面",
        ),
        (
            collection(&[square(&house)]).into_bytes(),
            "请用点（Point）",
        ),
        (
            collection(&[point(
                &format!(r#""编码":"{street}","类型":"驿站","名称":"站前驿站""#),
                0.0,
            )])
            .into_bytes(),
            "要写所属社区的",
        ),
    ];
    for (content, sentence) in cases {
        let page = uploads(&admin, "地图.geojson", &content).await;
        page.is(422)
            .shows("没有导入，什么都没有写入")
            .shows(sentence);
    }
    let form = admin.opens("/map/import").await.form("上传并核对", &[]);
    admin
        .send_form(&form)
        .await
        .is(422)
        .shows("请选择要上传的 GeoJSON 文件");
    assert_eq!(before, town.condensed().await);
}

/// A city in which some buildings have positions and matters come at random.
async fn random(seed: u64) -> (Town, StdRng) {
    let mut dice = StdRng::seed_from_u64(seed);
    let town = Town::raise_at("2026-11-20T02:00:00Z").await;
    for house in ["house 1", "house 2", "old house", "bank house"] {
        if dice.random_range(0..4) > 0 {
            town.stands_at(house, dice.random_range(0.0..1_500.0)).await;
        }
    }
    let rows = town
        .column(&format!(
            "select concat_ws(' ', id, level, code) from nodes where tenant_id = '{}' and level between 2 and 5",
            town.tenant
        ))
        .await;
    let finder = town.seat("unit chief");
    for n in 0..60 {
        let place: Vec<&str> = rows.choose(&mut dice).unwrap().split(' ').collect();
        let class = ["05-03", "01-13", "01-10"].choose(&mut dice).unwrap();
        let filed = town.now() - Duration::minutes(dice.random_range(0..60_000));
        town.sql(&format!(
            "insert into matters (tenant_id, id, number, class_code, title, detail, place_id, place_level, place_code, spot,
                                  filed_at, filed_by, filed_post, waiting_since, stage)
             values ('{}', '{}', 'R-{n}', '{class}', '随机事项', '', '{}', {}, '{}', '', '{filed}', '{}', '{}', '{filed}', 'filed')",
            town.tenant,
            Uuid::now_v7(),
            place[0],
            place[1],
            place[2],
            finder.person,
            finder.post
        ))
        .await;
    }
    (town, dice)
}

#[tokio::test]
async fn every_number_of_the_map_is_the_length_of_its_list() {
    for seed in [3, 20_261_129] {
        let (town, _) = random(seed).await;
        let today = day_of(town.now());
        let all = format!(
            "from={}&to={}",
            words::day(today - Duration::days(60)),
            words::day(today)
        );
        let mut compared = 0;
        for called in [
            "city leader",
            "street dispatcher",
            "community secretary",
            "grid chief",
            "building chief",
            "unit chief",
        ] {
            let person = town.sign_in(called).await;
            let mut lengths = BTreeMap::new();
            for query in [
                all.clone(),
                String::new(),
                format!("{all}&class=01-13"),
                format!("{all}&class=市容环境"),
            ] {
                let page = person.opens(&format!("/map?{query}")).await;
                page.costs_at_most(3);
                let mut pages = vec![page.clone()];
                for label in ["按街道", "按社区", "按网格", "按楼栋"] {
                    if page
                        .all_words_at(".tools li a")
                        .iter()
                        .any(|words| words == label)
                    {
                        pages.push(person.opens(&page.link(label)).await);
                    }
                }
                for page in pages {
                    let (some, wrong) = compare(&person, &page, &mut lengths, 1).await;
                    compared += some;
                    assert!(wrong.is_empty(), "{seed}, {called}:\n{}", wrong.join("\n"));
                    marks_are_rows(&page);
                }
            }
        }
        assert!(compared > 60, "only {compared} numbers");
    }
}

/// Each circle says what a row of the table says, and leads where it leads.
fn marks_are_rows(page: &Page) {
    page.look(|document| {
        let select = |css: &str| scraper::Selector::parse(css).unwrap();
        let rows: BTreeMap<String, String> = document
            .select(&select(".counts tbody tr"))
            .map(|row| {
                let number = row.select(&select("td a")).next().unwrap();
                let name: String = row.select(&select("th")).next().unwrap().text().collect();
                let says = format!("{} {} 件", name, number.text().collect::<String>());
                (number.attr("href").unwrap().to_owned(), says)
            })
            .collect();
        for mark in document.select(&select("svg a")) {
            let href = mark.attr("href").unwrap();
            assert_eq!(mark.attr("aria-label"), rows.get(href).map(String::as_str));
        }
    });
}

#[tokio::test]
async fn every_number_of_the_circle_is_the_length_of_its_list() {
    for seed in [5, 20_261_130] {
        let (town, mut dice) = random(seed).await;
        let admin = town.sign_in("system admin").await;
        for (name, community) in [
            ("第一服务站", "慧阳街道 城南社区"),
            ("第二服务站", "锦华街道 临江社区"),
        ] {
            registers(&admin, name, community, dice.random_range(0.0..1_500.0)).await;
        }
        let mut compared = 0;
        for called in [
            "city leader",
            "other dispatcher",
            "community secretary",
            "grid chief",
            "water clerk",
            "system admin",
        ] {
            let person = town.sign_in(called).await;
            let mut lengths = BTreeMap::new();
            let page = person.opens("/circle").await;
            page.costs_at_most(3);
            let mut pages = vec![page.clone()];
            for name in page.all_words_at(".counts tbody th a") {
                pages.push(person.opens(&page.link(&name)).await);
            }
            for page in pages {
                let (some, wrong) = compare(&person, &page, &mut lengths, 1).await;
                compared += some;
                assert!(wrong.is_empty(), "{seed}, {called}:\n{}", wrong.join("\n"));
            }
        }
        assert!(compared > 20, "only {compared} numbers");
    }
}

#[tokio::test]
async fn the_map_works_without_positions_and_says_what_to_do() {
    let town = Town::raise_at(MONDAY).await;
    let dispatcher = town.sign_in("street dispatcher").await;
    dispatcher.opens("/map").await.shows("这些天没有上报的事项");
    town.case().await;
    dispatcher
        .opens("/map")
        .await
        .shows("下面的表照常能用")
        .shows("金源小区网格 | 1");
    town.stands_at("house 1", 0.0).await;
    let page = dispatcher.opens("/map").await;
    assert_eq!(
        page.attribute("svg a", "aria-label").as_deref(),
        Some("金源小区网格 1 件")
    );
    let file = dispatcher.get(&page.link("导出 CSV")).await;
    file.is(200);
    assert!(file.text().contains("金源小区网格,1,"), "{}", file.text());

    let south = town.code_of("001001");
    let river = town.code_of("002001");
    for (called, query, status) in [
        ("street dispatcher", format!("place={south}"), 200),
        ("street dispatcher", format!("place={river}"), 404),
        ("street dispatcher", format!("place={south}9"), 404),
        ("street dispatcher", "by=street".to_owned(), 400),
        ("street dispatcher", "by=x".to_owned(), 400),
        ("street dispatcher", "from=1826-01-01".to_owned(), 422),
        (
            "street dispatcher",
            "from=2001-01-01&to=2026-01-01".to_owned(),
            422,
        ),
        (
            "street dispatcher",
            format!("place={}", "1".repeat(5_000)),
            404,
        ),
        ("city leader", "place=999999001".to_owned(), 404),
        ("unit chief", String::new(), 200),
        ("water clerk", String::new(), 403),
        ("system admin", String::new(), 403),
    ] {
        let person = town.sign_in(called).await;
        let page = person.get(&format!("/map?{query}")).await;
        assert_eq!(page.status(), status, "{called} {query}");
    }
    for (query, status) in [
        ("which=all".to_owned(), 400),
        ("after=x".to_owned(), 400),
        (format!("place={river}"), 404),
        ("place=1&which=covered".to_owned(), 404),
        ("which=unplaced".to_owned(), 200),
    ] {
        let page = dispatcher.get(&format!("/circle/buildings?{query}")).await;
        assert_eq!(page.status(), status, "{query}");
    }
}
