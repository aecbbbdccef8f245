//! Proof as files of tasks and rectification items: kept by whoever reports while it is open, seen by
//! whoever sees the thing, fixed from then on.

use uuid::Uuid;

use crate::harness::{Page, Person, Sql, Town};

const MORNING: &str = "2026-11-23T01:00:00Z";
const NAME: &str = "现场照片和验收单（盖章）.pdf";

fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{words}\n").into_bytes()
}

/// Adds a file on the page of a thing.
async fn adds(person: &Person, path: &str, name: &str) -> Page {
    let form = person.opens(path).await.form("添加附件", &[]);
    let kept = person.send_file(&form, name, &pdf(name)).await;
    kept.goes_to(&format!("{path}?done=attached#files"));
    let page = person.opens(kept.location()).await;
    page.shows("已添加附件。").shows(name);
    page
}

/// Whoever does not see the thing does not find its file; whoever sees it and does not report gets it
/// and changes nothing.
async fn others_only_look(town: &Town, path: &str, link: &str) {
    let clerk = town.sign_in("water clerk").await;
    let form = clerk.opens(path).await.form("添加附件", &[]);
    for called in ["water clerk", "water head", "city leader", "city office"] {
        let person = town.sign_in(called).await;
        let file = person.get(link).await;
        file.is(200);
        assert!(file.bytes == pdf(NAME), "it is the same for {called}");
    }
    for (called, gets, sends) in [
        ("housing clerk", 404, 404),
        ("other secretary", 404, 404),
        ("street secretary", 404, 404),
        ("city leader", 200, 403),
        ("city office", 200, 409),
        ("street dispatcher", 403, 403),
        ("community secretary", 403, 403),
    ] {
        let person = town.sign_in(called).await;
        person.get(link).await.is(gets);
        person
            .send_file(&form, "别人.pdf", b"%PDF-1")
            .await
            .is(sends);
        let removal = [("reason", "不该有。")];
        person
            .post(&format!("{link}/removal"), &removal)
            .await
            .is(sends);
        if gets == 200 {
            let page = person.opens(path).await;
            assert!(!page.has_button("添加附件") && !page.has_button("移除附件"));
        }
    }
    let other = Town::raise_at(MORNING).await;
    other.sign_in("city office").await.get(link).await.is(404);
    clerk.opens(path).await.shows("共 1 个");
}

/// Nothing is added or removed any more, by a page or past it.
async fn is_fixed(town: &Town, path: &str, link: &str, sentence: &str) {
    let clerk = town.sign_in("water clerk").await;
    let page = clerk.opens(path).await;
    page.shows(NAME).shows("可下载");
    assert!(!page.has_button("添加附件") && !page.has_button("移除附件"));
    let before = town.condensed().await;
    let late = [("reason", "晚了。")];
    let removal = format!("{link}/removal");
    clerk.post(&removal, &late).await.is(409).shows(sentence);
    let mut sent = clerk.sent("POST", &format!("{path}/files"), &[]);
    sent.kind = Some("multipart/form-data; boundary=x");
    sent.body = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1\r\n--x--\r\n".to_vec();
    clerk.send(sent).await.is(409).shows(sentence);
    assert_eq!(before, town.condensed().await);
    let file = link.rsplit('/').next().unwrap();
    let tenant = town.tenant;
    let mut owner = Sql::owner().await;
    let change = format!(
        "begin; update files set removed_at = added_at, removed_by = added_by, removed_post = added_post,
                removed_reason = '晚了' where tenant_id = '{tenant}' and id = '{file}'"
    );
    assert_eq!(owner.refused(&change).await, "proof_is_fixed");
    let another = format!(
        "begin; insert into files (tenant_id, id, owner_kind, owner_id, name, media_type, bytes, sha256, added_by,
                                   added_post, added_at)
         select tenant_id, '{}', owner_kind, owner_id, '晚了.pdf', media_type, bytes, sha256, added_by, added_post, added_at
           from files where tenant_id = '{tenant}' and id = '{file}'",
        Uuid::now_v7()
    );
    assert_eq!(owner.refused(&another).await, "proof_is_fixed");
    clerk.get(link).await.is(200);
}

#[tokio::test]
async fn a_task_keeps_its_proof_until_it_is_confirmed() {
    let town = Town::raise_at(MORNING).await;
    let (task, _) = town.accountable().await;
    let path = format!("/tasks/{task}");
    let clerk = town.sign_in("water clerk").await;
    clerk.opens(&path).await.shows("还没有附件。");
    let link = adds(&clerk, &path, NAME).await.link(NAME);
    others_only_look(&town, &path, &link).await;
    let form = clerk.opens(&path).await.form("添加附件", &[]);
    clerk
        .send_file(&form, "程序.pdf", b"MZ\x90\0")
        .await
        .is(422)
        .shows("这种文件不能添加");
    clerk.opens(&path).await;
    clerk.does("报进展", &[("words", "已通水。")]).await;
    let office = town.sign_in("city office").await;
    let confirmation = office
        .opens(&path)
        .await
        .form("确认完成", &[("words", "现场看过。")]);
    // Whoever confirms has seen the proof that is there.
    adds(&clerk, &path, "多余.pdf").await;
    office
        .send_form(&confirmation)
        .await
        .is(409)
        .shows("刚有人办过这件事")
        .shows("现场看过。");
    let page = clerk.opens(&path).await;
    let extra = page.link("多余.pdf");
    let removal = format!("{extra}/removal");
    clerk
        .post(&removal, &[("reason", "")])
        .await
        .is(422)
        .shows("请填写移除理由。");
    let gone = clerk.post(&removal, &[("reason", "传错了。")]).await;
    gone.goes_to(&format!("{path}?done=removed#files"));
    clerk.get(&extra).await.is(410).shows("传错了。");
    office
        .opens(&path)
        .await
        .shows("共 1 个")
        .shows("移除：传错了。");
    office.does("确认完成", &[("words", "现场看过。")]).await;
    is_fixed(&town, &path, &link, "已经确认完成").await;
}

#[tokio::test]
async fn an_item_keeps_its_proof_while_it_is_mended_and_not_while_it_is_looked_at() {
    let town = Town::raise_at(MORNING).await;
    let (_, item) = town.accountable().await;
    let path = format!("/rectifications/{item}");
    let clerk = town.sign_in("water clerk").await;
    clerk.opens(&path).await.shows("还没有附件。");
    let link = adds(&clerk, &path, NAME).await.link(NAME);
    others_only_look(&town, &path, &link).await;
    clerk.opens(&path).await;
    clerk
        .does("报整改完成", &[("words", "已整改，见附件。")])
        .await;
    is_fixed(&town, &path, &link, "已报整改，等核实").await;
    let office = town.sign_in("city office").await;
    office.opens(&path).await.shows(NAME);
    office
        .does("退回继续整改", &[("words", "照片看不清。")])
        .await;
    adds(&clerk, &path, "重拍.pdf").await;
    clerk
        .does("报整改完成", &[("words", "已重拍。")])
        .await
        .shows("已报整改");
    office.opens(&path).await.shows("重拍.pdf").shows("共 2 个");
    office.does("核实销号", &[("words", "属实。")]).await;
    is_fixed(&town, &path, &link, "已经核实销号").await;
}

#[tokio::test]
async fn who_brought_proof_of_the_city_s_own_thing_does_not_judge_it() {
    let town = Town::raise_at(MORNING).await;
    let (task, item) = town.accountable().await;
    let (tenant, now) = (town.tenant, town.now());
    let (leader, office) = (town.seat("city leader"), town.seat("city office"));
    // Both are the city's own; somebody else than who brings the proof reports them.
    town.sql(&format!(
        "update plan_tasks set department_id = null where tenant_id = '{tenant}';
         update rectifications set department_id = null where tenant_id = '{tenant}';
         insert into task_progress values ('{tenant}', '{}', '{task}', '{person}', '{post}', '{now}', '已办。');
         insert into rectification_steps values ('{tenant}', '{}', '{item}', 'report', '{person}', '{post}', '{now}', '已办。')",
        Uuid::now_v7(),
        Uuid::now_v7(),
        person = leader.person,
        post = leader.post,
    ))
    .await;
    let (task_path, item_path) = (format!("/tasks/{task}"), format!("/rectifications/{item}"));
    let qian = town.sign_in("city office").await;
    for path in [&task_path, &item_path] {
        adds(&qian, path, NAME).await;
    }
    town.sql(&format!(
        "update rectifications set stage = 'reported', reported_at = '{now}', reported_by = '{}'
          where tenant_id = '{tenant}' and id = '{item}'",
        leader.person
    ))
    .await;
    let words = [("version", "2"), ("words", "属实。")];
    qian.opens(&task_path).await.shows("须请他人确认");
    qian.post(&format!("{task_path}/confirmation"), &words)
        .await
        .is(409)
        .shows("您报过这项任务的进展，须请他人确认。");
    qian.opens(&item_path).await.shows("须请他人核实");
    qian.post(&format!("{item_path}/verification"), &words)
        .await
        .is(409)
        .shows("您报过这件整改，须请他人核实。");
    let mut owner = Sql::owner().await;
    let confirmed = format!(
        "begin; update plan_tasks set confirmed_at = '{now}', confirmed_by = '{}', confirmed_words = '属实'
          where tenant_id = '{tenant}' and id = '{task}'",
        office.person
    );
    assert_eq!(owner.refused(&confirmed).await, "reporter_never_confirms");
    let verified = format!(
        "begin; insert into rectification_steps values ('{tenant}', '{}', '{item}', 'verify', '{}', '{}', '{now}', '属实')",
        Uuid::now_v7(),
        office.person,
        office.post
    );
    assert_eq!(owner.refused(&verified).await, "reporter_never_verifies");
}
