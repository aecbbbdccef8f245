//! Photos: taken with the step that says what they show, written anew, seen by whoever sees the step.

use std::fmt::Write as _;
use std::fs;

use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgb, RgbImage};
use sha2::{Digest as _, Sha256};
use street_whistle::base::store::Store;

use crate::harness::{Page, Person, Step, Town, folder};

const NOON: &str = "2026-11-23T04:00:00Z";
const PLACE: [(&str, &str); 3] = [
    ("楼栋", "金源小区1号楼"),
    ("单元", "金源小区1号楼1单元"),
    ("具体位置", "单元门口检修井"),
];
const WHAT: [(&str, &str); 2] = [
    ("是什么事", "污水外溢、堵塞"),
    ("说一句", "污水从井口外溢。"),
];

/// A photo as a camera writes it, of this red: with where it was taken.
pub(super) fn shot(red: u8) -> Vec<u8> {
    let picture = RgbImage::from_fn(640, 480, |x, y| {
        Rgb([
            red,
            u8::try_from(x % 200).unwrap(),
            u8::try_from(y % 200).unwrap(),
        ])
    });
    let mut jpeg = Vec::new();
    DynamicImage::from(picture)
        .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 85))
        .unwrap();
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
    tiff.extend(b"\x01\0\x01\0\x02\0\x02\0\0\0N\0\0\0\0\0\0\0GPS-45.5N-124.3E");
    let mut came = jpeg[..2].to_vec();
    came.extend([0xff, 0xe1]);
    came.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
    came.extend(b"Exif\0\0");
    came.extend(&tiff);
    came.extend(&jpeg[2..]);
    came
}

/// Bytes in hexadecimal figures.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Photos as a browser sends them: the names it says, and the contents.
type Photos<'a> = &'a [(&'a str, &'a [u8])];

/// What the town keeps: its contents in the store.
fn kept(town: &Town) -> Vec<Vec<u8>> {
    let folder = folder().join(town.tenant.to_string());
    let all = fs::read_dir(folder).map(|all| all.map(|f| fs::read(f.unwrap().path()).unwrap()));
    all.map_or(Vec::new(), Iterator::collect)
}

async fn rows(town: &Town, condition: &str) -> i64 {
    let tenant = town.tenant;
    let rows = format!("select count(*) from photos where tenant_id = '{tenant}' and {condition}");
    town.number(&rows).await
}

/// The addresses of the thumbnails within a part of the page.
fn thumbnails(page: &Page, css: &str) -> Vec<String> {
    page.look(|document| {
        let css = scraper::Selector::parse(&format!("{css} img")).unwrap();
        let all = document.select(&css);
        all.map(|img| img.attr("src").unwrap().to_owned()).collect()
    })
}

/// Begins a report on the phone, up to its first step being sent with these photos.
async fn begins(zhu: &Person, photos: &[(&str, &[u8])]) -> Page {
    let form = zhu
        .opens("/matters/new")
        .await
        .form("下一步：在哪里", &WHAT);
    zhu.send_photos(&form, photos).await
}

/// Goes on from the second step to the matter's page.
async fn ends(zhu: &Person, end: &[(&str, &str)]) -> String {
    zhu.chooses_place(&PLACE).await;
    let files = zhu.page().buttons();
    let files = files.into_iter().find(|b| b.starts_with("上报")).unwrap();
    let filed = zhu.submit(&files, end).await;
    filed
        .is(303)
        .location()
        .split('?')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_grid_chief_photographs_what_she_found_and_keeps_it_over_all_steps() {
    let town = Town::raise_at(NOON).await;
    let zhu = town.sign_in("grid chief").await;
    // The first step lacks its class: what was taken is there already.
    let fresh = zhu.opens("/matters/new").await;
    fresh.costs_at_most(5);
    let form = fresh.form("下一步：在哪里", &[("说一句", "井口外溢。")]);
    let (one, two) = (shot(200), shot(90));
    let again = zhu
        .send_photos(&form, &[("a.jpg", &one), ("b.jpg", &two)])
        .await;
    again
        .is(422)
        .shows("请选择是什么事")
        .shows("已传 2 张，提交时一并保存；还可以加 7 张。");
    let waiting = thumbnails(&again, ".tray");
    assert_eq!(waiting.len(), 2);
    let small = zhu.get(&waiting[0]).await;
    small.is(200);
    assert_eq!(small.headers[header::CONTENT_TYPE], "image/jpeg");
    let other = town.sign_in("community secretary").await;
    other.get(&waiting[0]).await.is(404);
    // One is taken out again, one more comes.
    let mut form = again.form("下一步：在哪里", &WHAT);
    let dropped = waiting[0].rsplit('/').next().unwrap().to_owned();
    form.fields.push(("drop".to_owned(), dropped));
    zhu.send_photos(&form, &[("c.jpg", &shot(30))])
        .await
        .is(200);
    zhu.chooses_place(&PLACE).await;
    assert_eq!(thumbnails(&zhu.page(), ".answers").len(), 2);
    let path = ends_here(&zhu).await;
    let page = zhu.opens(&path).await;
    page.costs_at_most(3);
    assert_eq!(thumbnails(&page, ".facts").len(), 2);
    assert_eq!(thumbnails(&page, ".timeline").len(), 2);
    let alt = page.attribute(".timeline img", "alt").unwrap();
    assert!(
        alt.starts_with("发现时照片 1，") && alt.contains("11-23 12:00"),
        "{alt}"
    );
    assert_eq!(rows(&town, "event_id is not null").await, 2);
    assert_eq!(
        rows(&town, "dropped_at is not null and leftovers = '{}'").await,
        1
    );
    assert_eq!(kept(&town).len(), 4, "what was taken out is gone");
    // Nothing of the camera is left, in the store as little as in the answer.
    for content in kept(&town) {
        assert!(!content.windows(4).any(|w| w == b"Exif" || w == b"GPS-"));
        assert!(image::load_from_memory(&content).is_ok());
    }
    let digest = format!(
        "select encode(original_sha256, 'hex') from photos where tenant_id = '{}'",
        town.tenant
    );
    let digests = town.column(&digest).await;
    assert!(digests.contains(&hex(&Sha256::digest(&two))));
    // Each has a page of its own, and leads to the next.
    let link = page.attribute(".timeline .photos a", "href").unwrap();
    let own = zhu.opens(&link).await;
    own.costs_at_most(3)
        .shows("第 1 张，共 2 张")
        .shows("不带拍摄位置");
    assert!(!own.has_button("涂黑并封存原图"));
    zhu.follows("下一张").await.shows("第 2 张，共 2 张");
}

/// Sends the third step that is open.
async fn ends_here(zhu: &Person) -> String {
    let files = zhu.page().buttons();
    let files = files.into_iter().find(|b| b.starts_with("上报")).unwrap();
    let filed = zhu.submit(&files, &[]).await;
    filed
        .is(303)
        .location()
        .split('?')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_photo_is_seen_by_whoever_sees_its_step_and_kept_by_nobody_on_the_way() {
    let town = Town::raise_at(NOON).await;
    let zhu = town.sign_in("grid chief").await;
    begins(&zhu, &[("a.jpg", &shot(200))]).await.is(200);
    let path = ends(&zhu, &[]).await;
    let link = zhu
        .opens(&path)
        .await
        .attribute(".timeline .photos a", "href")
        .unwrap();
    for size in ["large", "small"] {
        let picture = zhu.get(&format!("{link}/{size}")).await;
        picture.is(200);
        let head = |name: &str| picture.headers.get(name).map(|v| v.to_str().unwrap());
        assert_eq!(head("content-type"), Some("image/jpeg"));
        assert_eq!(head("cache-control"), Some("private, no-store"));
        assert_eq!(
            head("content-disposition"),
            Some("inline; filename=\"photo.jpg\"")
        );
        assert_eq!(head("x-content-type-options"), Some("nosniff"));
        assert!(
            head("content-security-policy")
                .unwrap()
                .contains("default-src 'none'")
        );
        assert!(image::load_from_memory(&picture.bytes).is_ok());
    }
    zhu.get(&format!("{link}/huge")).await.is(404);
    for called in ["community secretary", "street dispatcher", "city leader"] {
        let person = town.sign_in(called).await;
        person.get(&format!("{link}/small")).await.is(200);
    }
    for called in ["other dispatcher", "river secretary"] {
        let person = town.sign_in(called).await;
        for below in ["", "/large", "/small"] {
            person.get(&format!("{link}{below}")).await.is(404);
        }
    }
    let other = Town::raise_at(NOON).await;
    let stranger = other.sign_in("street dispatcher").await;
    stranger.get(&format!("{link}/large")).await.is(404);
    town.visitor().get(&format!("{link}/large")).await.is(303);
    // Below another matter it is not found either.
    let second = zhu.files(&PLACE, &[]).await;
    let moved = link.replace(&path, &second);
    zhu.get(&moved).await.is(404);
}

#[tokio::test]
async fn what_is_no_photo_is_refused_with_a_sentence_and_nothing_is_kept_by_half() {
    let town = Town::raise_at(NOON).await;
    let zhu = town.sign_in("grid chief").await;
    let good = shot(200);
    let cut = good[..good.len() / 3].to_vec();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let long = vec![0_u8; 20 * 1024 * 1024 + 1];
    let many: Vec<(&str, &[u8])> = (0..200).map(|_| ("a.jpg", &good[..])).collect();
    let cases: [(Photos<'_>, &str); 9] = [
        (
            &[("a.jpg", &good), ("../../b.jpg", svg)],
            "“b.jpg”不是照片。请选择 JPG、PNG 或 WebP 格式的照片。",
        ),
        (
            &[
                ("页面.png", b"<html><script>alert(1)</script>"),
                ("a.jpg", &good),
            ],
            "“页面.png”不是照片。",
        ),
        (&[("a.jpg", &good), ("b.jpg", &cut[..60])], "“b.jpg”打不开"),
        (&[("a.jpg", &good), ("空.jpg", b"")], "“空.jpg”是空文件"),
        (
            &[("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0")],
            "“兼容性最佳”（JPG）",
        ),
        (&[("a.jpg", &good), ("长.jpg", &long)], "“长.jpg”超过 20 MB"),
        (&[("文件.pdf", b"%PDF-1.7\n")], "“文件.pdf”不是照片。"),
        (
            &many,
            "一次最多 9 张照片，这次选了 200 张。请去掉一些后再传。",
        ),
        (
            &[("a.gif", b"GIF89a\x01\0\x01\0\0\0\0;")],
            "“a.gif”不是照片。",
        ),
    ];
    for (photos, sentence) in cases {
        let page = begins(&zhu, photos).await;
        page.is(422).shows(sentence).shows("污水从井口外溢。");
        assert!(thumbnails(&page, ".tray").is_empty());
    }
    assert_eq!(rows(&town, "true").await, 0);
    assert!(kept(&town).is_empty());
    // The good one alone goes on from there, under whatever name.
    let form = zhu.page().form("下一步：在哪里", &WHAT);
    zhu.send_photos(&form, &[("../../etc/passwd", &good)])
        .await
        .is(200);
    assert_eq!(kept(&town).len(), 2);
}

#[tokio::test]
async fn an_upload_that_breaks_off_and_a_store_that_is_full_lose_no_word() {
    let mut town = Town::raise_at(NOON).await;
    let zhu = town.sign_in("grid chief").await;
    let form = zhu
        .opens("/matters/new")
        .await
        .form("下一步：在哪里", &WHAT);
    let mut sent = zhu.sent("POST", &form.action, &[]);
    sent.kind = Some("multipart/form-data; boundary=edge");
    sent.body = b"--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n\xff\xd8\xff".to_vec();
    zhu.send(sent).await.is(400).shows("文件没有传完整");
    assert!(kept(&town).is_empty());
    // A store whose place of arrival is no folder any more takes nothing in.
    let full = folder().join(format!("full-{}", town.tenant));
    let store = Store::at(&full).unwrap();
    fs::remove_dir(full.join("incoming")).unwrap();
    fs::write(full.join("incoming"), b"").unwrap();
    town.keeps_in(store);
    let zhu = town.sign_in("grid chief").await;
    let page = begins(&zhu, &[("a.jpg", &shot(9))]).await;
    page.is(422).shows("照片没有存上").shows("污水从井口外溢。");
    assert_eq!(rows(&town, "true").await, 0);
    // Without a photo everything goes on as ever.
    let path = zhu.files(&PLACE, &[]).await;
    zhu.opens(&path).await.shows("(待受理)");
}

#[tokio::test]
async fn nine_photos_of_a_step_are_enough_and_a_double_click_brings_them_once() {
    let town = Town::raise_at(NOON).await;
    let zhu = town.sign_in("grid chief").await;
    let path = zhu.files(&PLACE, &[]).await;
    let form = zhu
        .opens(&path)
        .await
        .form("记录处置", &[("做了什么", "放了警示桩。")]);
    let shots: Vec<Vec<u8>> = (0..9).map(|n| shot(n * 20)).collect();
    let nine: Vec<(&str, &[u8])> = shots.iter().map(|s| ("a.jpg", &s[..])).collect();
    let first = zhu.send_photos(&form, &nine).await;
    first.is(303);
    let again = zhu.send_photos(&form, &nine).await;
    assert_eq!(again.location(), first.location());
    assert_eq!(rows(&town, "true").await, 9);
    assert_eq!(kept(&town).len(), 18);
    let page = zhu.opens(&path).await;
    assert_eq!(thumbnails(&page, ".timeline").len(), 9);
    // A form that lacks its words keeps its nine; a tenth is one too many and stays out.
    let form = page.form("记录处置", &[]);
    let wrong = zhu.send_photos(&form, &nine).await;
    wrong.is(422).shows("已有 9 张，不能再加");
    let form = wrong.form("记录处置", &[("做了什么", "又看了一次。")]);
    let tenth = zhu.send_photos(&form, &[("b.jpg", &shot(255))]).await;
    tenth.is(422).shows("一步最多 9 张照片，加上这次的有 10 张");
    assert_eq!(thumbnails(&tenth, ".tray").len(), 9);
    zhu.submit("记录处置", &[]).await.is(303);
    let page = zhu.opens(&path).await;
    assert_eq!(thumbnails(&page, ".timeline").len(), 18);
    assert_eq!(rows(&town, "event_id is null").await, 0);
}

#[tokio::test]
async fn departments_show_that_they_came_and_what_they_did_and_the_street_what_it_saw() {
    let town = Town::raise_at(NOON).await;
    let path = town.whistle("日常哨", Step::Signed).await;
    let came = [("报到方式", "到现场"), ("谁来的", "李强 科长")];
    let housing = town.sign_in("housing clerk").await;
    housing.opens(&path).await;
    housing.does("报到", &came).await;
    housing.opens(&format!("{path}?do=feedback")).await;
    housing.does("反馈", &[("处理结果", "已清除。")]).await;
    let water = town.sign_in("water clerk").await;
    water.opens(&path).await;
    let form = water.page().form("报到", &came);
    water
        .send_photos(&form, &[("a.jpg", &shot(1))])
        .await
        .is(303);
    water.opens(&path).await;
    water.follows("记录处置").await;
    let form = water
        .page()
        .form("记录处置", &[("处置情况", "正在更换管段。")]);
    water
        .send_photos(&form, &[("b.jpg", &shot(2))])
        .await
        .is(303);
    water.opens(&path).await;
    let form = water.page().form("反馈", &[("处理结果", "已更换。")]);
    water
        .send_photos(&form, &[("c.jpg", &shot(3)), ("d.jpg", &shot(4))])
        .await
        .is(303);
    let page = water.opens(&path).await;
    page.costs_at_most(3);
    assert_eq!(thumbnails(&page, ".timeline").len(), 4);
    // Who assists sees neither the lead's steps nor what they show.
    assert!(thumbnails(&housing.opens(&path).await, ".timeline").is_empty());
    let link = page.attribute(".timeline .photos a", "href").unwrap();
    housing.get(&link).await.is(404);
    housing.get(&format!("{link}/small")).await.is(404);
    let checker = town.sign_in("street checker").await;
    checker.opens(&path).await;
    let form = checker.page().form("核查", &[("核查结果", "通过")]);
    checker
        .send_photos(&form, &[("e.jpg", &shot(5))])
        .await
        .is(303);
    let page = checker.opens(&path).await;
    assert_eq!(thumbnails(&page, ".timeline").len(), 5);
    let alt = page.attribute(".timeline img", "alt").unwrap();
    assert!(alt.starts_with("核查时照片 1，"), "{alt}");
    let steps = format!(
        "select step::text from photos where tenant_id = '{}' order by id",
        town.tenant
    );
    assert_eq!(
        town.column(&steps).await,
        ["on_site", "progress", "finished", "finished", "check"]
    );
}

#[tokio::test]
async fn a_city_may_ask_for_photos_at_three_steps_and_nowhere_else() {
    let town = Town::raise_at(NOON).await;
    let office = town.sign_in("city office").await;
    office.opens("/photo-demands").await.shows("都不要求拍照");
    office
        .submit(
            "保存照片要求",
            &[("起用日期", "2026-11-22"), ("理由", "试行")],
        )
        .await
        .is(422)
        .shows("起用日期不能早于今天");
    office
        .does(
            "保存照片要求",
            &[
                ("发现时：上报事项", "1"),
                ("到场时：部门到现场报到", "1"),
                ("完成时：部门反馈结果、事项标记解决", "1"),
                ("起用日期", "2026-11-23"),
                ("理由", "省厅要求留影像。"),
            ],
        )
        .await
        .shows("照片要求已保存。")
        .shows("发现时、到场时、完成时要拍照");
    let zhu = town.sign_in("grid chief").await;
    zhu.get("/photo-demands").await.is(200);
    zhu.post("/photo-demands", &[("reason", "不要")])
        .await
        .is(403);
    begins(&zhu, &[]).await.is(200);
    zhu.chooses_place(&PLACE).await;
    let files = zhu
        .page()
        .buttons()
        .into_iter()
        .find(|b| b.starts_with("上报"))
        .unwrap();
    let refused = zhu.submit(&files, &[]).await;
    refused
        .is(422)
        .shows("本市要求发现时拍照。请拍一张或选一张照片。")
        .shows("污水从井口外溢。");
    let form = refused.form("下一步：在哪里", &[]);
    zhu.send_photos(&form, &[("a.jpg", &shot(7))]).await.is(200);
    let path = ends(&zhu, &[]).await;
    let li = town.sign_in("community secretary").await;
    li.opens(&path).await;
    li.does("受理", &[("立案条件", "污水外溢")]).await;
    // Between the steps nothing is asked for.
    li.does("记录处置", &[("做了什么", "疏通。")]).await;
    li.opens(&format!("{path}?do=solve"))
        .await
        .shows("本市要求这一步拍照。");
    let form = li.page().form("标记解决", &[("怎么解决的", "已疏通。")]);
    li.send_form(&form)
        .await
        .is(422)
        .shows("本市要求完成时拍照")
        .shows("已疏通。");
    let form = li.page().form("标记解决", &[]);
    li.send_photos(&form, &[("b.jpg", &shot(8))]).await.is(303);
    // From a day on that is not here yet, another rule holds.
    office.opens("/photo-demands").await;
    let mut form = office.page().form(
        "保存照片要求",
        &[("起用日期", "2026-12-01"), ("理由", "减负。")],
    );
    form.fields
        .retain(|(name, _)| !["found", "on_site", "finished"].contains(&name.as_str()));
    office.send_form(&form).await.is(303);
    office
        .opens("/photo-demands")
        .await
        .shows("还没起用")
        .shows("今天：发现时、到场时、完成时要拍照");
    assert_eq!(
        town.number(&format!(
            "select count(*) from events where tenant_id = '{}' and verb = 'demand_photos'",
            town.tenant
        ))
        .await,
        2
    );
}

#[tokio::test]
async fn a_department_that_calls_from_afar_needs_no_photo() {
    let town = Town::raise_at(NOON).await;
    let path = town.whistle("日常哨", Step::Signed).await;
    let office = town.sign_in("city office").await;
    office.opens("/photo-demands").await;
    office
        .does(
            "保存照片要求",
            &[("到场时：部门到现场报到", "1"), ("理由", "试行。")],
        )
        .await;
    let water = town.sign_in("water clerk").await;
    water.opens(&path).await.shows("本市要求这一步拍照。");
    let came = [("报到方式", "到现场"), ("谁来的", "李强 科长")];
    water
        .submit("报到", &came)
        .await
        .is(422)
        .shows("本市要求到场时拍照")
        .shows("李强 科长");
    water
        .does("报到", &[("报到方式", "电话联系")])
        .await
        .shows("已报到");
}

#[tokio::test]
async fn parts_are_blackened_for_everybody_and_the_original_is_sealed() {
    let town = Town::raise_at(NOON).await;
    let zhu = town.sign_in("grid chief").await;
    begins(&zhu, &[("a.jpg", &shot(250))]).await.is(200);
    let path = ends(&zhu, &[]).await;
    let link = zhu
        .opens(&path)
        .await
        .attribute(".timeline .photos a", "href")
        .unwrap();
    let before = zhu.get(&format!("{link}/large")).await.bytes;
    zhu.post(
        &format!("{link}/redaction"),
        &[("cell", "1-1"), ("reason", "不要")],
    )
    .await
    .is(403);
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&link).await;
    wang.submit("涂黑并封存原图", &[("遮盖理由", "有人脸。")])
        .await
        .is(422)
        .shows("请在照片上点选要遮盖的格子");
    let mut form = wang
        .page()
        .form("涂黑并封存原图", &[("遮盖理由", "有人脸。")]);
    form.fields.push(("cell".to_owned(), "1-1".to_owned()));
    form.fields.push(("cell".to_owned(), "1-2".to_owned()));
    let done = wang.send_form(&form).await;
    done.goes_to(&format!("{link}?done=redacted"));
    assert_eq!(wang.send_form(&form).await.location(), done.location());
    wang.opens(&link)
        .await
        .shows("原图已加密封存")
        .shows("有人脸。");
    // Everybody sees the copy; nothing in the store shows what is under it.
    let after = zhu.get(&format!("{link}/large")).await.bytes;
    let seen = image::load_from_memory(&after).unwrap().into_rgb8();
    assert!(seen.get_pixel(10, 10).0.iter().all(|part| *part < 12));
    assert!(seen.get_pixel(300, 300).0[0] > 200);
    let contents = kept(&town);
    assert_eq!(
        contents.len(),
        3,
        "the copy, its thumbnail, the sealed original"
    );
    assert!(contents.iter().all(|content| *content != before));
    for content in &contents {
        if let Ok(picture) = image::load_from_memory(content) {
            assert!(picture.into_rgb8().get_pixel(5, 5).0[0] < 40);
        }
    }
    // Few may open it, and it is on record why.
    for called in [
        "street dispatcher",
        "grid chief",
        "community secretary",
        "street deputy",
    ] {
        let person = town.sign_in(called).await;
        assert!(!person.opens(&link).await.has_button("查看原图"));
        person
            .post(&format!("{link}/original"), &[("why", "看看")])
            .await
            .is(403);
    }
    let secretary = town.sign_in("street secretary").await;
    secretary.opens(&link).await;
    secretary
        .submit("查看原图", &[])
        .await
        .is(422)
        .shows("请填写查看理由");
    let opened = secretary
        .submit("查看原图", &[("查看理由", "核对门牌。")])
        .await;
    opened.is(200).shows("查看已记入办理过程");
    let data = opened.attribute(".photo img", "src").unwrap();
    let data = data.strip_prefix("data:image/jpeg;base64,").unwrap();
    let data = STANDARD.decode(data).unwrap();
    assert_eq!(data, before, "byte by byte what was shown before");
    wang.opens(&path)
        .await
        .shows("遮盖照片")
        .shows("查看原图")
        .shows("核对门牌。");
    // A second time covers more; the first original stays the sealed one.
    wang.opens(&link).await;
    let edges = [
        ("左", "50"),
        ("上", "50"),
        ("右", "100"),
        ("下", "100"),
        ("遮盖理由", "还有车牌。"),
    ];
    wang.submit("涂黑并封存原图", &edges).await.is(303);
    let seen = zhu.get(&format!("{link}/large")).await.bytes;
    let seen = image::load_from_memory(&seen).unwrap().into_rgb8();
    assert!(seen.get_pixel(500, 400).0.iter().all(|part| *part < 12));
    assert!(seen.get_pixel(10, 10).0.iter().all(|part| *part < 20));
    assert_eq!(kept(&town).len(), 3);
    secretary.opens(&link).await;
    let opened = secretary
        .submit("查看原图", &[("查看理由", "再核对一次。")])
        .await;
    let again = opened.attribute(".photo img", "src").unwrap();
    assert!(again.ends_with(&STANDARD.encode(&before)));
}

#[tokio::test]
async fn without_keys_nothing_is_blackened_and_nothing_is_lost() {
    let mut town = Town::raise_at(NOON).await;
    town.seals_under(street_whistle::base::seal::Keys::default());
    let zhu = town.sign_in("grid chief").await;
    begins(&zhu, &[("a.jpg", &shot(250))]).await.is(200);
    let path = ends(&zhu, &[]).await;
    let link = zhu
        .opens(&path)
        .await
        .attribute(".timeline .photos a", "href")
        .unwrap();
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&link).await;
    let edges = [
        ("左", "0"),
        ("上", "0"),
        ("右", "10"),
        ("下", "10"),
        ("遮盖理由", "门牌。"),
    ];
    let refused = wang.submit("涂黑并封存原图", &edges).await;
    refused.is(409).shows("没有可用的密钥").shows("门牌。");
    assert_eq!(kept(&town).len(), 2);
    assert_eq!(rows(&town, "sealed_id is null").await, 1);
}

#[tokio::test]
async fn photos_of_a_form_that_nobody_sends_are_gone_after_a_day() {
    let town = Town::raise_at(NOON).await;
    let zhu = town.sign_in("grid chief").await;
    begins(&zhu, &[("a.jpg", &shot(1))]).await.is(200);
    assert_eq!(kept(&town).len(), 2);
    town.passes(chrono::Duration::hours(25));
    let zhu = town.sign_in("grid chief").await;
    begins(&zhu, &[("b.jpg", &shot(2))]).await.is(200);
    assert_eq!(kept(&town).len(), 2);
    assert_eq!(rows(&town, "dropped_at is not null").await, 1);
}

#[tokio::test]
async fn a_form_with_photos_that_meets_a_closed_door_keeps_its_words() {
    let town = Town::raise_at(NOON).await;
    let zhu = town.sign_in("grid chief").await;
    let path = zhu.files(&PLACE, &[]).await;
    let form = zhu
        .opens(&path)
        .await
        .form("记录处置", &[("做了什么", "放了警示桩。")]);
    zhu.post("/sign-out", &[]).await;
    let door = zhu.send_photos(&form, &[("a.jpg", &shot(3))]).await;
    door.is(401);
    let kept_line = door.attribute("input[name=kept]", "value").unwrap();
    assert!(
        kept_line.contains("words=%E6%94%BE%E4%BA%86"),
        "{kept_line}"
    );
    assert!(kept(&town).is_empty());
}
