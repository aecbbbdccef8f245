//! Photos of uses of a power and of policy documents: added on the page of the thing, several at once,
//! seen by whoever sees it, blackened, and taken away again.

use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use street_whistle::base::seal::Keys;
use street_whistle::base::store::Store;
use uuid::Uuid;

use super::photos::shot;
use crate::harness::{Page, Person, Sql, Town, folder};

const MORNING: &str = "2026-11-23T01:00:00Z";
const SHOWN: &str = "拟建口袋公园的空地，北侧紧邻幼儿园围墙。";

/// A town with a use of a power between the housing department and 慧阳街道; answers its path.
async fn used() -> (Town, String) {
    let town = Town::raise_at(MORNING).await;
    let plan = town.empower().await;
    let path = format!("/powers/{}", town.exercise(plan).await);
    (town, path)
}

/// Adds photos on a thing's page, and looks at the answer.
async fn adds(person: &Person, path: &str, shown: &str, photos: &[(&str, &[u8])]) -> Page {
    let fields = [("拍的是什么", shown)];
    let form = person.opens(path).await.form("添加照片", &fields);
    person.send_photos(&form, photos).await
}

/// The addresses of the thumbnails on the page.
fn thumbnails(page: &Page) -> Vec<String> {
    page.look(|document| {
        let css = scraper::Selector::parse(".album img").unwrap();
        let all = document.select(&css);
        all.map(|img| img.attr("src").unwrap().to_owned()).collect()
    })
}

/// The photos' own pages, in order.
fn links(page: &Page) -> Vec<String> {
    let small = thumbnails(page).into_iter();
    small
        .map(|src| src.trim_end_matches("/small").to_owned())
        .collect()
}

async fn rows(town: &Town, condition: &str) -> i64 {
    let tenant = town.tenant;
    let rows = format!("select count(*) from photos where tenant_id = '{tenant}' and {condition}");
    town.number(&rows).await
}

/// What the record says of photos.
async fn recorded(town: &Town) -> Vec<String> {
    let tenant = town.tenant;
    let events = format!(
        "select verb || ' ' || sentence from events where tenant_id = '{tenant}' and verb like '%photo%' order by id"
    );
    town.column(&events).await
}

/// What lies in the store, as pictures.
fn pictures(town: &Town) -> Vec<Vec<u8>> {
    let folder = folder().join(town.tenant.to_string());
    let all = std::fs::read_dir(folder);
    let all = all.map(|all| all.map(|f| std::fs::read(f.unwrap().path()).unwrap()));
    all.map_or(Vec::new(), Iterator::collect)
}

#[tokio::test]
async fn both_sides_of_a_use_of_a_power_add_photos_several_at_once() {
    let (town, path) = used().await;
    let clerk = town.sign_in("housing clerk").await;
    clerk.opens(&path).await.shows("还没有照片。");
    let (one, two) = (shot(200), shot(90));
    let photos: [(&str, &[u8]); 2] = [("a.jpg", &one), ("b.jpg", &two)];
    let form = clerk.page().form("添加照片", &[("拍的是什么", SHOWN)]);
    let done = clerk.send_photos(&form, &photos).await;
    done.goes_to(&format!("{path}?done=photographed#photos"));
    // A double click adds them once.
    let again = clerk.send_photos(&form, &photos).await;
    assert_eq!(again.location(), done.location());
    let page = clerk.opens(done.location()).await;
    page.costs_at_most(3)
        .shows("已添加照片。")
        .shows("共 2 张")
        .shows(SHOWN);
    assert_eq!(thumbnails(&page).len(), 2);
    let alt = page.attribute(".album img", "alt").unwrap();
    assert!(alt.starts_with(SHOWN) && alt.contains("照片 1，"), "{alt}");
    // The street adds its own, without a word, and all are counted through.
    let wang = town.sign_in("street dispatcher").await;
    adds(&wang, &path, "", &[("c.jpg", &shot(30))])
        .await
        .is(303);
    let page = wang.opens(&path).await;
    page.costs_at_most(3).shows("共 3 张");
    let links = links(&page);
    let last = wang.opens(&links[2]).await;
    last.costs_at_most(3)
        .shows("照片 3")
        .shows("第 3 张，共 3 张")
        .shows("不带拍摄位置");
    wang.follows("上一张").await.shows(SHOWN);
    assert_eq!(
        recorded(&town).await,
        [
            format!("add_photos 2 张：{SHOWN}"),
            "add_photos 1 张。".to_owned()
        ]
    );
    // Nothing of the camera is left, and nobody on the way keeps a picture.
    assert_eq!(pictures(&town).len(), 6);
    for content in pictures(&town) {
        assert!(!content.windows(4).any(|w| w == b"Exif" || w == b"GPS-"));
    }
    let large = wang.get(&format!("{}/large", links[0])).await;
    assert_eq!(large.headers[header::CACHE_CONTROL], "private, no-store");
    assert_eq!(large.headers[header::CONTENT_TYPE], "image/jpeg");
}

#[tokio::test]
async fn photos_of_a_record_are_seen_by_whoever_sees_it() {
    let (town, path) = used().await;
    let clerk = town.sign_in("housing clerk").await;
    adds(&clerk, &path, SHOWN, &[("a.jpg", &shot(200))])
        .await
        .is(303);
    let page = clerk.opens(&path).await;
    let form = page.form("添加照片", &[]);
    let link = links(&page).remove(0);
    for called in [
        "housing head",
        "street secretary",
        "city office",
        "city leader",
    ] {
        let person = town.sign_in(called).await;
        assert_eq!(thumbnails(&person.opens(&path).await).len(), 1, "{called}");
        person.opens(&link).await.shows(SHOWN);
        person.get(&format!("{link}/small")).await.is(200);
    }
    for (called, sees, sends) in [
        ("water clerk", 404, 404),
        ("other dispatcher", 404, 404),
        ("community secretary", 403, 403),
        ("grid chief", 403, 403),
        ("city leader", 200, 403),
    ] {
        let person = town.sign_in(called).await;
        for below in ["", "/large", "/small"] {
            person.get(&format!("{link}{below}")).await.is(sees);
        }
        person
            .send_photos(&form, &[("b.jpg", &shot(9))])
            .await
            .is(sends);
        let removal = format!("{link}/removal");
        person
            .post(&removal, &[("removal", "不要。")])
            .await
            .is(sends);
    }
    let other = Town::raise_at(MORNING).await;
    let stranger = other.sign_in("street dispatcher").await;
    stranger.get(&format!("{link}/large")).await.is(404);
    town.visitor().get(&format!("{link}/large")).await.is(303);
    // Below another record it is not found either.
    let plan = town
        .text(&format!(
            "select plan_id::text from power_exercises where tenant_id = '{}'",
            town.tenant
        ))
        .await;
    let second = town.exercise(plan.parse().unwrap()).await;
    let moved = link.replace(&path, &format!("/powers/{second}"));
    clerk.get(&moved).await.is(404);
    assert_eq!(rows(&town, "true").await, 1);
}

#[tokio::test]
async fn what_is_wrong_keeps_what_was_chosen_and_typed() {
    let (town, path) = used().await;
    let clerk = town.sign_in("housing clerk").await;
    let none = adds(&clerk, &path, "空地。", &[]).await;
    none.is(422).shows("请选择要添加的照片。").shows("空地。");
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>";
    let good = shot(7);
    let mixed = adds(&clerk, &path, "空地。", &[("a.jpg", &good), ("b.jpg", svg)]).await;
    mixed.is(422).shows("“b.jpg”不是照片。").shows("空地。");
    assert!(pictures(&town).is_empty());
    // The photos are good, the words are too many: those wait in the tray.
    let long = "长".repeat(201);
    let waiting = adds(&clerk, &path, &long, &[("a.jpg", &good)]).await;
    waiting
        .is(422)
        .shows("拍的是什么最多 200 个字，现在是 201 个字")
        .shows("已传 1 张，提交时一并保存");
    let form = waiting.form("添加照片", &[("拍的是什么", "空地。")]);
    clerk.send_photos(&form, &[]).await.is(303);
    clerk.opens(&path).await.shows("共 1 张").shows("空地。");
    // Nine at once are enough, forty-five in all.
    let shots: Vec<Vec<u8>> = (0..9).map(|n| shot(n * 20)).collect();
    let nine: Vec<(&str, &[u8])> = shots.iter().map(|s| ("a.jpg", &s[..])).collect();
    for _ in 0..4 {
        adds(&clerk, &path, "", &nine).await.is(303);
    }
    let full = adds(&clerk, &path, "", &nine).await;
    full.is(422).shows("一件最多 45 张照片，已有 37 张。");
    let form = full.form("添加照片", &[]);
    let mut form_of_eight = form.clone();
    let dropped = full.attribute(".tray input[name=drop]", "value").unwrap();
    form_of_eight.fields.push(("drop".to_owned(), dropped));
    clerk.send_photos(&form_of_eight, &[]).await.is(303);
    let page = clerk.opens(&path).await;
    page.costs_at_most(3).shows("照片已满，最多 45 张");
    assert!(!page.has_button("添加照片"));
}

#[tokio::test]
async fn a_photo_is_taken_away_with_a_reason_and_shown_to_nobody_any_more() {
    let (town, path) = used().await;
    let clerk = town.sign_in("housing clerk").await;
    let (one, two, three) = (shot(1), shot(2), shot(3));
    let photos: [(&str, &[u8]); 3] = [("a.jpg", &one), ("b.jpg", &two), ("c.jpg", &three)];
    adds(&clerk, &path, SHOWN, &photos).await.is(303);
    let link = links(&clerk.opens(&path).await).remove(1);
    // The other side may, too.
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&link).await;
    wang.submit("移除照片", &[])
        .await
        .is(422)
        .shows("请填写移除理由。");
    let form = wang
        .page()
        .form("移除照片", &[("移除理由", "拍错了地方。")]);
    let done = wang.send_form(&form).await;
    done.goes_to(&format!("{path}?done=unphotographed#photos"));
    assert_eq!(wang.send_form(&form).await.location(), done.location());
    let page = clerk.opens(&path).await;
    page.shows("共 2 张")
        .shows("照片 2 已由")
        .shows("拍错了地方。");
    assert_eq!(links(&page).len(), 2);
    for person in [&clerk, &wang] {
        person
            .get(&link)
            .await
            .is(410)
            .shows("照片已移除")
            .shows("拍错了地方。");
        for size in ["large", "small"] {
            person.get(&format!("{link}/{size}")).await.is(404);
        }
    }
    // The others keep their numbers, and lead past it.
    clerk
        .opens(&links(&page)[1])
        .await
        .shows("第 3 张，共 3 张，其中 1 张已移除");
    clerk.follows("上一张").await.shows("第 1 张，共 3 张");
    let twice = [("removal", "再来一次。")];
    wang.post(&format!("{link}/removal"), &twice).await.is(410);
    let cells = [("cell", "1-1"), ("reason", "有人脸。")];
    wang.post(&format!("{link}/redaction"), &cells)
        .await
        .is(410);
    assert_eq!(rows(&town, "removed_at is not null").await, 1);
    assert_eq!(
        recorded(&town).await[1..],
        ["remove_photo 照片 2：拍错了地方。".to_owned()]
    );
}

#[tokio::test]
async fn parts_of_an_added_photo_are_blackened_and_the_original_opens_for_few() {
    let (town, path) = used().await;
    let clerk = town.sign_in("housing clerk").await;
    adds(&clerk, &path, SHOWN, &[("a.jpg", &shot(250))])
        .await
        .is(303);
    let link = links(&clerk.opens(&path).await).remove(0);
    let before = clerk.get(&format!("{link}/large")).await.bytes;
    let edges = [
        ("左", "0"),
        ("上", "0"),
        ("右", "50"),
        ("下", "50"),
        ("遮盖理由", "有孩子的脸。"),
    ];
    // The department has not the right, the street has.
    assert!(!clerk.opens(&link).await.has_button("涂黑并封存原图"));
    clerk.post(&format!("{link}/redaction"), &[]).await.is(403);
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&link).await;
    wang.submit("涂黑并封存原图", &edges)
        .await
        .goes_to(&format!("{link}?done=redacted"));
    for person in [&clerk, &wang] {
        let seen = person.get(&format!("{link}/large")).await.bytes;
        let seen = image::load_from_memory(&seen).unwrap().into_rgb8();
        assert!(seen.get_pixel(100, 100).0.iter().all(|part| *part < 12));
        assert!(seen.get_pixel(600, 400).0[0] > 200);
        assert!(!person.opens(&link).await.has_button("查看原图"));
        person
            .post(&format!("{link}/original"), &[("why", "看看")])
            .await
            .is(403);
    }
    assert!(pictures(&town).iter().all(|content| *content != before));
    assert_eq!(pictures(&town).len(), 3, "copy, thumbnail, sealed original");
    let secretary = town.sign_in("street secretary").await;
    secretary.opens(&link).await;
    let opened = secretary
        .submit("查看原图", &[("查看理由", "核对围墙位置。")])
        .await;
    opened.is(200).shows("查看已记入办理过程");
    clerk
        .opens(&path)
        .await
        .shows("遮盖照片")
        .shows("照片 1：有孩子的脸。")
        .shows("核对围墙位置。");
}

#[tokio::test]
async fn a_record_that_is_over_keeps_the_photos_it_has() {
    let (town, path) = used().await;
    let clerk = town.sign_in("housing clerk").await;
    adds(&clerk, &path, SHOWN, &[("a.jpg", &shot(200))])
        .await
        .is(303);
    let page = clerk.opens(&path).await;
    let form = page.form("添加照片", &[]);
    let link = links(&page).remove(0);
    clerk.does("撤回这件", &[("撤回理由", "重新选址。")]).await;
    let page = clerk.opens(&path).await;
    assert!(!page.has_button("添加照片"));
    assert_eq!(thumbnails(&page).len(), 1);
    clerk
        .send_photos(&form, &[("b.jpg", &shot(9))])
        .await
        .is(403);
    assert!(!clerk.opens(&link).await.has_button("移除照片"));
    let removal = [("removal", "晚了。")];
    clerk
        .post(&format!("{link}/removal"), &removal)
        .await
        .is(403);
    // Past the pages the database says so, too.
    let tenant = town.tenant;
    let mut owner = Sql::owner().await;
    let late = format!(
        "begin; update photos set removed_at = added_at, removed_by = added_by, removed_post = added_post,
                removed_reason = '晚了' where tenant_id = '{tenant}'"
    );
    assert_eq!(owner.refused(&late).await, "photos_are_fixed");
    assert_eq!(
        owner.refused(&another(&town, "added")).await,
        "photos_are_fixed"
    );
    assert_eq!(
        owner.refused(&another(&town, "found")).await,
        "photo_belongs"
    );
    // What somebody must not see is blackened all the same.
    let wang = town.sign_in("street deputy").await;
    wang.opens(&link).await;
    let edges = [
        ("左", "0"),
        ("上", "0"),
        ("右", "9"),
        ("下", "9"),
        ("遮盖理由", "门牌。"),
    ];
    wang.submit("涂黑并封存原图", &edges).await.is(303);
}

/// A statement that puts one more photo beside the town's one, as taken at a step.
fn another(town: &Town, step: &str) -> String {
    let (tenant, id) = (town.tenant, Uuid::now_v7());
    format!(
        "begin; insert into photos (tenant_id, id, tray_id, event_id, step, content_id, small_id, bytes, width, height,
                                    original_sha256, original_bytes, added_by, added_post, added_at, leftovers)
         select tenant_id, '{id}', '{id}', event_id, '{step}', content_id, small_id, bytes, width, height,
                original_sha256, original_bytes, added_by, added_post, added_at, '{{}}'
           from photos where tenant_id = '{tenant}' limit 1"
    )
}

#[tokio::test]
async fn a_cadre_record_keeps_no_photos() {
    let town = Town::raise_at(MORNING).await;
    let plan = town.empower().await;
    let open = format!("/powers/{}", town.exercise(plan).await);
    let clerk = town.sign_in("housing clerk").await;
    adds(&clerk, &open, "", &[("a.jpg", &shot(1))])
        .await
        .is(303);
    let form = clerk.opens(&open).await.form("添加照片", &[]);
    let cadre = town.marked(plan, ("housing", "cadre"), 3).await;
    let head = town.sign_in("housing head").await;
    let page = head.opens(&format!("/powers/{cadre}")).await;
    assert!(
        !page.has_button("添加照片")
            && page.look(|d| {
                let css = scraper::Selector::parse("#photos").unwrap();
                d.select(&css).next().is_none()
            })
    );
    let mut moved = form.clone();
    moved.action = format!("/powers/{cadre}/photos");
    head.send_photos(&moved, &[("b.jpg", &shot(2))])
        .await
        .is(403);
    let mut owner = Sql::owner().await;
    let tenant = town.tenant;
    let event = format!(
        "begin; insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat,
                                    sentence)
         select tenant_id, '{cadre}', at, 'exercise', '{cadre}', verb, person_id, person_name, post_id, seat, ''
           from events where tenant_id = '{tenant}' and verb = 'add_photos';
         insert into photos (tenant_id, id, tray_id, event_id, step, content_id, small_id, bytes, width, height,
                             original_sha256, original_bytes, added_by, added_post, added_at, leftovers)
         select tenant_id, '{cadre}', '{cadre}', '{cadre}', step, content_id, small_id, bytes, width, height,
                original_sha256, original_bytes, added_by, added_post, added_at, '{{}}'
           from photos where tenant_id = '{tenant}'"
    );
    assert_eq!(owner.refused(&event).await, "cadre_sealed");
}

#[tokio::test]
async fn the_pages_of_a_policy_document_are_photographed_by_whoever_keeps_it() {
    let town = Town::raise_at(MORNING).await;
    let path = format!("/documents/{}", town.document().await);
    let qian = town.sign_in("city office").await;
    let (one, two) = (shot(200), shot(90));
    let photos: [(&str, &[u8]); 2] = [("第1页.jpg", &one), ("第2页.jpg", &two)];
    let done = adds(&qian, &path, "盖章的原件。", &photos).await;
    done.goes_to(&format!("{path}?done=photographed#photos"));
    let page = qian.opens(done.location()).await;
    page.costs_at_most(3).shows("共 2 张").shows("盖章的原件。");
    let form = page.form("添加照片", &[]);
    let links = links(&page);
    qian.opens(&links[0])
        .await
        .costs_at_most(3)
        .shows("第 1 张，共 2 张");
    // A picture is no file here, and says where it belongs.
    let files = qian.opens(&path).await;
    files.shows("图片请添加到“照片”里。");
    let file = files.form("添加附件", &[]);
    let refused = qian.send_file(&file, "扫描件.jpg", &one).await;
    refused
        .is(422)
        .shows("“扫描件.jpg”是图片")
        .shows("在下面的“照片”里添加");
    let others: [&[u8]; 3] = [
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"RIFF\x1a\0\0\0WEBPVP8L",
        b"BM\x1e\0\0\0",
    ];
    for other in others {
        qian.send_file(&file, "a.gif", other)
            .await
            .is(422)
            .shows("“照片”里添加");
    }
    // Everybody reads it; the street's dispatcher blackens photos of his street, not the city's.
    let wang = town.sign_in("street dispatcher").await;
    assert_eq!(thumbnails(&wang.opens(&path).await).len(), 2);
    let seen = wang.opens(&links[0]).await;
    seen.shows("盖章的原件。");
    for button in ["涂黑并封存原图", "移除照片", "添加照片"] {
        assert!(!seen.has_button(button), "{button}");
    }
    let cells = [("cell", "1-1"), ("reason", "不要。")];
    wang.post(&format!("{}/redaction", links[0]), &cells)
        .await
        .is(403);
    wang.send_photos(&form, &[("c.jpg", &shot(5))])
        .await
        .is(403);
    let secretary = town.sign_in("street secretary").await;
    let why = [("why", "看看。")];
    secretary
        .post(&format!("{}/original", links[0]), &why)
        .await
        .is(403);
    town.sign_in("grid chief")
        .await
        .get(&links[0])
        .await
        .is(403);
    let other = Town::raise_at(MORNING).await;
    let stranger = other.sign_in("city office").await;
    stranger.get(&links[0]).await.is(404);
    stranger.get(&format!("{}/small", links[0])).await.is(404);
    // Who keeps it does both.
    qian.opens(&links[0]).await;
    let edges = [
        ("左", "0"),
        ("上", "0"),
        ("右", "50"),
        ("下", "50"),
        ("遮盖理由", "有电话。"),
    ];
    qian.submit("涂黑并封存原图", &edges).await.is(303);
    let copy = wang.get(&format!("{}/large", links[0])).await.bytes;
    let copy = image::load_from_memory(&copy).unwrap().into_rgb8();
    assert!(copy.get_pixel(50, 50).0.iter().all(|part| *part < 12));
    qian.opens(&links[1]).await;
    qian.submit("移除照片", &[("移除理由", "重复了。")])
        .await
        .is(303);
    wang.get(&links[1]).await.is(410);
    let verbs: Vec<String> = recorded(&town).await;
    assert_eq!(
        verbs,
        [
            "add_photos 2 张：盖章的原件。",
            "redact_photo 照片 1：有电话。",
            "remove_photo 照片 2：重复了。"
        ]
    );
}

#[tokio::test]
async fn a_store_that_is_full_keeps_the_words_of_the_form() {
    let (mut town, path) = used().await;
    let full = folder().join(format!("full-album-{}", town.tenant));
    let store = Store::at(&full).unwrap();
    std::fs::remove_dir(full.join("incoming")).unwrap();
    std::fs::write(full.join("incoming"), b"").unwrap();
    town.keeps_in(store);
    let clerk = town.sign_in("housing clerk").await;
    adds(&clerk, &path, SHOWN, &[("a.jpg", &shot(1))])
        .await
        .is(422)
        .shows("照片没有存上")
        .shows(SHOWN);
    assert_eq!(rows(&town, "true").await, 0);
}

#[tokio::test]
async fn sealed_originals_are_sealed_anew_under_a_new_key() {
    let (mut town, path) = used().await;
    let (old, new) = (Keys::new_line(), Keys::new_line());
    town.seals_under(Keys::of_text(&old).unwrap());
    town.waives_factors().await;
    let clerk = town.sign_in("housing clerk").await;
    // More than one portion.
    let shots: Vec<Vec<u8>> = (0..7).map(|n| shot(n * 30)).collect();
    let seven: Vec<(&str, &[u8])> = shots.iter().map(|s| ("a.jpg", &s[..])).collect();
    for _ in 0..3 {
        adds(&clerk, &path, "", &seven).await.is(303);
    }
    let links = links(&clerk.opens(&path).await);
    let before = clerk.get(&format!("{}/large", links[20])).await.bytes;
    let wang = town.sign_in("street dispatcher").await;
    let edges = [
        ("左", "0"),
        ("上", "0"),
        ("右", "9"),
        ("下", "9"),
        ("遮盖理由", "门牌。"),
    ];
    for link in &links {
        wang.opens(link).await;
        wang.submit("涂黑并封存原图", &edges).await.is(303);
    }
    let seals = pictures(&town);
    assert_eq!(seals.len(), 63);
    town.works().await;
    town.seals_under(Keys::of_text(&format!("{}{}", *new, *old)).unwrap());
    let system = town.sign_in("system admin").await;
    system.opens("/keys").await.shows("还有 21 条用旧密钥");
    // A portion is sealed anew, and the rest at once after it; the next minute clears away what was.
    town.passes(Duration::minutes(2));
    town.works().await;
    system.opens("/keys").await.shows("全部用现用密钥");
    town.passes(Duration::minutes(2));
    town.works().await;
    let after = pictures(&town);
    assert_eq!(after.len(), 63, "nothing under the old key is left");
    let changed = after.iter().filter(|content| !seals.contains(content));
    assert_eq!(changed.count(), 21);
    assert_eq!(rows(&town, "leftovers <> '{}'").await, 0);
    // Without the old key everything opens.
    town.seals_under(Keys::of_text(&new).unwrap());
    let secretary = town.sign_in("street secretary").await;
    secretary.opens(&links[20]).await;
    let opened = secretary
        .submit("查看原图", &[("查看理由", "核对门牌。")])
        .await;
    let data = opened.is(200).attribute(".photo img", "src").unwrap();
    let data = data.strip_prefix("data:image/jpeg;base64,").unwrap();
    assert_eq!(STANDARD.decode(data).unwrap(), before);
    // What was sealed anew is blackened further, and keeps its seal.
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&links[20]).await;
    wang.submit("涂黑并封存原图", &edges).await.is(303);
    assert_eq!(pictures(&town).len(), 63);
    // The database lets nobody lose a seal.
    let (tenant, mut owner) = (town.tenant, Sql::owner().await);
    for change in [
        "sealed_id = small_id",
        "sealed_id = small_id, key_name = 'x'",
        "key_name = 'x'",
    ] {
        let change = format!("begin; update photos set {change} where tenant_id = '{tenant}'");
        assert_eq!(owner.refused(&change).await, "photo_stays");
    }
}
