//! Files in a bucket: the same pages over a real server that speaks S3, in place of a folder.

use std::fs;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use street_whistle::base::store::{Bucket, Store};

use super::photos::shot;
use crate::harness::{Folder, Served, Town, folder, run};

const NOON: &str = "2026-11-23T04:00:00Z";
const NAME: &str = "whistle";
const KEY: &str = "whistle-key";
const SECRET: &str = "whistle-secret";

/// An object store with one empty bucket, and the folder in which it keeps it.
async fn object_store(name: &str) -> (Served, Folder) {
    let own = Folder::new(name);
    fs::create_dir(own.0.join(NAME)).unwrap();
    let mut service = S3ServiceBuilder::new(FileSystem::new(&own.0).unwrap());
    service.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = service.build();
    let answer = move |request: Request| {
        let service = service.clone();
        async move {
            let done = service.call(request.map(s3s::Body::http_body_unsync)).await;
            done.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
        }
    };
    let served = Served::on_any_port(Router::new().fallback(answer)).await;
    (served, own)
}

fn bucket(served: &Served, secret: &str) -> Bucket {
    Bucket {
        name: NAME.to_owned(),
        endpoint: format!("http://127.0.0.1:{}", served.port),
        region: "us-east-1".to_owned(),
        access_key: KEY.to_owned(),
        secret_key: secret.to_owned(),
        in_host: false,
    }
}

/// The names of what the bucket keeps below a prefix.
fn below(own: &Folder, prefix: &str) -> Vec<String> {
    let all = fs::read_dir(own.0.join(NAME).join(prefix));
    let names = all.map(|all| all.map(|f| f.unwrap().file_name().into_string().unwrap()));
    names.map_or(Vec::new(), Iterator::collect)
}

#[tokio::test]
async fn a_document_of_several_parts_and_a_photo_lie_in_the_bucket_and_come_back() {
    let (served, own) = object_store("bucket").await;
    let mut town = Town::raise_at(NOON).await;
    town.keeps_in(Store::within(&bucket(&served, SECRET)).await.unwrap());
    let tenant = town.tenant.to_string();
    // Longer than one part of an upload.
    let mut content = b"%PDF-1.7\n".to_vec();
    content.extend((0..6_000_000_u32).map(|at| u8::try_from(at % 251).unwrap()));
    let path = format!("/documents/{}", town.document().await);
    let qian = town.sign_in("city office").await;
    let form = qian.opens(&path).await.form("添加附件", &[]);
    let added = qian.send_file(&form, "办法.pdf", &content).await;
    added.goes_to(&format!("{path}?done=attached#files"));
    let file = qian.get(&qian.opens(&path).await.link("办法.pdf")).await;
    file.is(200);
    assert!(file.bytes == content, "every byte comes back");
    assert_eq!(below(&own, &tenant).len(), 1);
    assert!(
        below(&own, "incoming").is_empty(),
        "nothing stays on the way"
    );
    assert!(!folder().join(&tenant).exists(), "the folder is not used");

    let zhu = town.sign_in("grid chief").await;
    let what = [("是什么事", "污水外溢、堵塞"), ("说一句", "污水外溢。")];
    let form = zhu
        .opens("/matters/new")
        .await
        .form("下一步：在哪里", &what);
    let page = zhu.send_photos(&form, &[("a.jpg", &shot(9))]).await;
    page.is(200);
    assert_eq!(below(&own, &tenant).len(), 3, "the photo and its thumbnail");

    // A store that does not answer any more: the words stay, nothing is kept by half.
    drop(served);
    let form = zhu
        .opens("/matters/new")
        .await
        .form("下一步：在哪里", &what);
    let page = zhu.send_photos(&form, &[("b.jpg", &shot(8))]).await;
    page.is(422).shows("照片没有存上").shows("污水外溢。");
    assert_eq!(below(&own, &tenant).len(), 3);
}

#[tokio::test]
async fn the_program_does_not_start_over_a_bucket_that_it_may_not_write() {
    let (served, _own) = object_store("closed-bucket").await;
    let refused = Store::within(&bucket(&served, "guessed"))
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("存储桶 whistle 不能写入"),
        "{refused}"
    );
    assert!(!format!("{:?}", bucket(&served, SECRET)).contains(SECRET));
    let data = Folder::new("bucket-data");
    let endpoint = format!("http://127.0.0.1:{}", served.port);
    let told = [
        "demo",
        "--listen",
        "127.0.0.1:0",
        "--data",
        data.path(),
        "--s3-bucket",
        NAME,
        "--s3-endpoint",
        &endpoint,
        "--s3-access-key",
        KEY,
        "--s3-secret-key",
        "guessed",
    ];
    let ended = run(&told).await;
    assert!(!ended.well);
    assert!(
        ended.complains.contains("存储桶 whistle 不能写入"),
        "{}",
        ended.complains
    );
    let half = run(&["demo", "--data", data.path(), "--s3-bucket", "other"]).await;
    assert!(
        !half.well && half.complains.contains("--s3-endpoint"),
        "{}",
        half.complains
    );
}
