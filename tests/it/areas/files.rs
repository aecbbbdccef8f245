//! Files of documents: kept byte by byte, told by their content, removed with a reason.

use std::fs;

use axum::http::header;
use uuid::Uuid;

use crate::harness::{Page, Person, Town, files, folder, run};

const MORNING: &str = "2026-11-23T01:00:00Z";
const NAME: &str = "街道吹哨实施办法（正式）.pdf";
const MB: usize = 1024 * 1024;

fn pdf(words: &str) -> Vec<u8> {
    let mut file = format!("%PDF-1.7\n{words}\n").into_bytes();
    // Not text, and long enough for several pieces.
    file.extend((0..600_000_u32).map(|at| u8::try_from(at % 251).unwrap()));
    file
}

/// A town with a document, and the one who keeps it in front of its page.
async fn keeper() -> (Town, Person, String) {
    let town = Town::raise_at(MORNING).await;
    let path = format!("/documents/{}", town.document().await);
    let qian = town.sign_in("city office").await;
    qian.opens(&path).await.shows("还没有附件。");
    (town, qian, path)
}

/// Adds a file on the document's page and looks at the answer.
async fn adds(person: &Person, path: &str, name: &str, content: &[u8]) -> Page {
    let form = person.opens(path).await.form("添加附件", &[]);
    person.send_file(&form, name, content).await
}

/// How many contents the town keeps.
fn kept(town: &Town) -> usize {
    let folder = folder().join(town.tenant.to_string());
    fs::read_dir(folder).map_or(0, Iterator::count)
}

/// What the record says of documents.
async fn recorded(town: &Town, what: &str) -> Vec<String> {
    let tenant = town.tenant;
    let events = format!(
        "select {what} from events where tenant_id = '{tenant}' and subject = 'document' order by id"
    );
    town.column(&events).await
}

fn value(page: &Page, name: header::HeaderName) -> &str {
    page.headers.get(name).map_or("", |v| v.to_str().unwrap())
}

#[tokio::test]
async fn a_file_is_attached_once_and_comes_back_byte_by_byte() {
    let (town, qian, path) = keeper().await;
    let content = pdf("原文");
    let form = qian.page().form("添加附件", &[]);
    let first = qian.send_file(&form, NAME, &content).await;
    first.goes_to(&format!("{path}?done=attached#files"));
    let again = qian.send_file(&form, NAME, &content).await;
    assert_eq!(again.location(), first.location());
    let page = qian.opens(&path).await;
    page.shows("共 1 个").shows("585 KB");
    qian.opens("/documents").await.shows("有原文");
    let link = page.link(NAME);
    for called in ["city office", "street secretary", "water clerk"] {
        let person = town.sign_in(called).await;
        person.opens(&path).await.shows(NAME);
        let file = person.get(&link).await;
        file.is(200);
        assert!(file.bytes == content, "it is the same for {called}");
        assert_eq!(value(&file, header::CONTENT_TYPE), "application/pdf");
        assert_eq!(value(&file, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(
            value(&file, header::CONTENT_LENGTH),
            content.len().to_string()
        );
        let disposition = value(&file, header::CONTENT_DISPOSITION);
        assert!(
            disposition.starts_with("attachment; ")
                && disposition.contains("filename*=UTF-8''%E8%A1%97%E9%81%93"),
            "{disposition}"
        );
    }
    assert_eq!(
        recorded(&town, "verb || ' ' || sentence").await,
        [format!("attach {NAME}（PDF，585 KB）")]
    );
}

#[tokio::test]
async fn the_same_content_is_kept_once() {
    let (town, qian, path) = keeper().await;
    for (name, words) in [("一.pdf", "甲"), ("二.pdf", "甲"), ("三.pdf", "乙")] {
        adds(&qian, &path, name, &pdf(words)).await.is(303);
    }
    qian.opens(&path).await.shows("共 3 个");
    assert_eq!(kept(&town), 2);
    let other = Town::raise_at(MORNING).await;
    let theirs = format!("/documents/{}", other.document().await);
    let office = other.sign_in("city office").await;
    adds(&office, &theirs, "一.pdf", &pdf("甲")).await.is(303);
    assert_eq!(kept(&other), 1, "each town keeps its own");
}

#[tokio::test]
async fn what_may_not_be_attached_is_refused_beside_the_field_and_not_kept() {
    let (town, qian, path) = keeper().await;
    let before = town.condensed().await;
    let long = format!("{}.pdf", "长".repeat(120));
    for (name, content, sentence) in [
        ("办法.pdf", b"MZ\x90\0%PDF-1.4".to_vec(), "这种文件不能添加"),
        (
            "办法.pdf",
            b"<html><p>x</p></html>".to_vec(),
            "这种文件不能添加",
        ),
        ("办法.html", b"<!DOCTYPE html>".to_vec(), "这种文件不能添加"),
        ("办法.exe", pdf(""), "请把扩展名改成 .pdf"),
        ("办法.pdf", Vec::new(), "“办法.pdf”是空文件"),
        ("", Vec::new(), "请选择要添加的文件。"),
        ("../办法.pdf", pdf(""), "请改名后再添加"),
        ("C:\\办法.pdf", pdf(""), "请改名后再添加"),
        (long.as_str(), pdf(""), "文件名最多 120 个字"),
    ] {
        let page = adds(&qian, &path, name, &content).await;
        page.is(422).shows(sentence);
        assert!(page.words_at("#file-e").contains(sentence), "{name}");
        page.shows("本办法用于试验。");
    }
    assert_eq!(before, town.condensed().await);
    assert_eq!(kept(&town), 0);
}

#[tokio::test]
async fn twenty_megabytes_are_kept_and_one_byte_more_is_not() {
    let (town, qian, path) = keeper().await;
    let mut content = pdf("大");
    content.resize(20 * MB + 1, b' ');
    let page = adds(&qian, &path, "大.pdf", &content).await;
    page.is(422).shows("文件超过 20 MB。请压缩或拆分后再添加。");
    assert_eq!(kept(&town), 0);
    content.pop();
    adds(&qian, &path, "大.pdf", &content).await.is(303);
    qian.opens(&path).await.shows("20.0 MB");
}

#[tokio::test]
async fn ten_files_are_enough() {
    let (town, qian, path) = keeper().await;
    let form = qian.page().form("添加附件", &[]);
    for number in 1..=10 {
        let name = format!("附件{number}.txt");
        adds(&qian, &path, &name, name.as_bytes()).await.is(303);
    }
    let full = qian.opens(&path).await;
    full.shows("共 10 个").shows("附件已满");
    assert!(!full.has_button("添加附件"));
    qian.send_file(&form, "附件11.txt", b"eleven")
        .await
        .is(422)
        .shows("附件最多 10 个。请先移除不用的，再添加新的。");
    assert_eq!(kept(&town), 10);
}

#[tokio::test]
async fn a_removed_file_keeps_its_row_and_is_not_handed_out() {
    let (town, qian, path) = keeper().await;
    adds(&qian, &path, NAME, &pdf("错")).await.is(303);
    let page = qian.opens(&path).await;
    let link = page.link(NAME);
    let removal = format!("{link}/removal");
    let form = page.form("移除附件", &[]);
    qian.send_form(&form)
        .await
        .is(422)
        .shows("请填写移除理由。");
    let form = qian
        .opens(&path)
        .await
        .form("移除附件", &[("移除理由", "传错了文件。")]);
    let done = qian.send_form(&form).await;
    done.goes_to(&format!("{path}?done=removed#files"));
    assert_eq!(qian.send_form(&form).await.location(), done.location());
    qian.opens(&path)
        .await
        .shows("共 0 个")
        .shows(NAME)
        .shows("移除：传错了文件。");
    qian.get(&link).await.is(410).shows("传错了文件。");
    let twice = [("reason", "再移除一次。")];
    qian.post(&removal, &twice)
        .await
        .is(409)
        .shows("已经移除过");
    assert_eq!(kept(&town), 1, "the content stays");
    assert_eq!(recorded(&town, "verb").await, ["attach", "detach"]);
}

#[tokio::test]
async fn who_may_not_sees_no_file_and_changes_none() {
    let (town, qian, path) = keeper().await;
    adds(&qian, &path, NAME, &pdf("甲")).await.is(303);
    let page = qian.opens(&path).await;
    let (link, form) = (page.link(NAME), page.form("添加附件", &[]));
    // Who reads documents sees no form, and what is posted is refused.
    let wang = town.sign_in("street dispatcher").await;
    let seen = wang.opens(&path).await;
    assert!(!seen.has_button("添加附件") && !seen.has_button("移除附件"));
    wang.send_file(&form, NAME, &pdf("乙")).await.is(403);
    let removal = format!("{link}/removal");
    wang.post(&removal, &[("reason", "不要。")]).await.is(403);
    // Who does not, sees nothing; nor does another town; nor under another document.
    town.sign_in("grid chief").await.get(&link).await.is(403);
    town.visitor().get(&link).await.is(303);
    let other = Town::raise_at(MORNING).await;
    let stranger = other.sign_in("city office").await;
    stranger.get(&link).await.is(404);
    stranger
        .post(&removal, &[("reason", "不要。")])
        .await
        .is(404);
    stranger.send_file(&form, NAME, &pdf("丙")).await.is(404);
    let second = format!("/documents/{}", other.document().await);
    let moved = link.replace(&path, &second);
    stranger.get(&moved).await.is(404);
    qian.opens(&path).await.shows("共 1 个");
    assert_eq!((kept(&town), kept(&other)), (1, 0));
}

/// The content is kept before its row: if the program dies between the two, nobody sees anything.
#[tokio::test]
async fn a_content_without_a_row_is_seen_by_nobody() {
    let (town, qian, path) = keeper().await;
    let content = pdf("甲");
    let mut arriving = files().expect(Uuid::now_v7()).await.unwrap();
    arriving.add(content.clone().into()).await.unwrap();
    let arrived = arriving.end().await.unwrap();
    arrived.keep(town.tenant).await.unwrap();
    assert_eq!(kept(&town), 1);
    qian.opens(&path).await.shows("还没有附件。");
    adds(&qian, &path, NAME, &content).await.is(303);
    assert_eq!(kept(&town), 1);
    qian.opens(&path).await.shows("共 1 个");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_said_at_the_start() {
    let ended = run(&[
        "serve",
        "--database-url",
        "postgres://nobody@127.0.0.1:1/none",
        "--files",
        "/dev/null/files",
    ])
    .await;
    assert!(!ended.well);
    let sentence = "文件目录 /dev/null/files 不能写入";
    assert!(ended.complains.contains(sentence), "{}", ended.complains);
}

/// A picture comes back as a picture, without what the camera says of the place.
#[tokio::test]
async fn a_picture_is_written_anew() {
    let town = Town::raise_at(MORNING).await;
    let path = format!("/tasks/{}", town.accountable().await.0);
    let qian = town.sign_in("water clerk").await;
    let mut came = Vec::new();
    let scan = image::RgbImage::from_pixel(300, 200, image::Rgb([250, 250, 240]));
    let encoder = image::codecs::png::PngEncoder::new(&mut came);
    scan.write_with_encoder(encoder).unwrap();
    // Behind the end of the picture something else hangs.
    came.extend(b"<script>alert(1)</script>");
    adds(&qian, &path, "扫描件.png", &came).await.is(303);
    let link = qian.opens(&path).await.link("扫描件.png");
    let out = qian.get(&link).await;
    assert_eq!(value(&out, header::CONTENT_TYPE), "image/png");
    assert!(!out.bytes.windows(7).any(|w| w == b"<script"));
    let seen = image::load_from_memory(&out.bytes).unwrap().into_rgb8();
    assert_eq!(
        (seen.dimensions(), seen.get_pixel(9, 9).0),
        ((300, 200), [250, 250, 240])
    );
    assert_eq!(kept(&town), 1);
    let original = format!(
        "select count(*) from files where tenant_id = '{}' and original_sha256 <> sha256",
        town.tenant
    );
    assert_eq!(town.number(&original).await, 1);
    let broken = &came[..60];
    adds(&qian, &path, "坏.png", broken)
        .await
        .is(422)
        .shows("“坏.png”打不开");
    assert_eq!(kept(&town), 1);
}
