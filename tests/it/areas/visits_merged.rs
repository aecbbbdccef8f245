//! Whoever told a matter that was merged into another is asked as well.

use chrono::Duration;
use uuid::Uuid;

use super::visits::{NOON, SOLVED, UNSOLVED};
use crate::harness::{Sql, Step, Town};

/// A neighbour who told the same trouble.
const NEIGHBOUR: [(&str, &str); 2] = [("谁告诉您的", "司徒明"), ("他的电话", "12900007777")];
const UNIT: [(&str, &str); 2] = [("楼栋", "金源小区1号楼"), ("单元", "金源小区1号楼1单元")];
const SAME: (&str, &str) = ("是同一件，并入那一件", "是同一件，并入那一件");

impl Town {
    /// Somebody files the trouble again and the community merges it; answers its path.
    async fn merged(&self, teller: &[(&str, &str)]) -> String {
        let zhu = self.sign_in("grid chief").await;
        let path = zhu.files(&[&UNIT[..], teller].concat(), &[]).await;
        self.merge(&path).await;
        path
    }

    async fn merge(&self, path: &str) {
        let number = self.first_number().await;
        let li = self.sign_in("community secretary").await;
        li.opens(&format!("{path}?do=merge")).await;
        li.does("并案", &[("或者填编号", &number)])
            .await
            .shows("(已并案)");
    }

    /// The number of the matter behind the whistle.
    async fn first_number(&self) -> String {
        self.text(&format!(
            "select m.number from whistle_matters b
               join matters m on m.tenant_id = b.tenant_id and m.id = b.matter_id
              where b.tenant_id = '{}'",
            self.tenant
        ))
        .await
    }

    /// Running clocks of the stage 回访.
    async fn clocks_to_ask(&self) -> i64 {
        self.number(&format!(
            "select count(*) from clocks where tenant_id = '{}' and stage = 'visit' and stopped_at is null",
            self.tenant
        ))
        .await
    }
}

#[tokio::test]
async fn who_told_a_merged_matter_is_asked_as_well_and_not_solved_sends_the_whistle_back() {
    let town = Town::raise_at(NOON).await;
    let path = town.told_whistle(Step::FedBack).await;
    let merged = town.merged(&NEIGHBOUR).await;
    // A second merged one that nobody told is nobody's to be asked about.
    town.merged(&[]).await;
    town.judge(&path, Step::Closed).await;

    assert_eq!(town.visits_in("waiting").await, 2);
    assert_eq!(town.clocks_to_ask().await, 2, "each in its own time");
    let qian = town.sign_in("city office").await;
    let list = qian.opens("/visits").await;
    list.shows("共 2 件").shows("司* 129****7777");
    let visit = list.link("污水外溢、堵塞");
    qian.opens(&visit)
        .await
        .costs_at_most(3)
        .shows("一并办理")
        .shows("主管道已疏通")
        .shows("11-26 17:30 前回访");
    qian.does("记录回访", &UNSOLVED)
        .await
        .shows("退回城南社区核查");
    let li = town.sign_in("community secretary").await;
    li.opens(&path)
        .await
        .shows("(待重新核查)")
        .shows("群众反映未解决：雨天还是冒水。");
    li.opens(&merged).await.shows("(已并案)");
    assert_eq!(
        town.visits_in("expired").await,
        1,
        "the other is asked later"
    );
    assert_eq!(town.clocks_to_ask().await, 0);

    // After the next passed check both are asked again.
    let check = [("核查结果", "通过")];
    town.acts("street checker", &path, "核查", &check).await;
    let list = qian.opens("/visits").await;
    list.shows("共 2 件");
    qian.opens(&list.link("污水外溢、堵塞"))
        .await
        .shows("第 2 轮");
    qian.does("记录回访", &SOLVED).await.shows("(已回访)");
    town.sign_in("street dispatcher")
        .await
        .opens(&path)
        .await
        .shows("没有解决，不满意")
        .shows("解决了，满意");
}

#[tokio::test]
async fn a_resident_is_called_once_however_often_the_same_was_told() {
    let town = Town::raise_at(NOON).await;
    let path = town.told_whistle(Step::FedBack).await;
    town.merged(&NEIGHBOUR).await;
    town.merged(&NEIGHBOUR).await;
    // The one who told the first told it again.
    town.merged(&[("谁告诉您的", "欧阳秀兰"), ("他的电话", "12900005678")])
        .await;
    town.judge(&path, Step::Checked).await;
    let list = town.sign_in("city office").await.opens("/visits").await;
    list.shows("共 2 件").shows("司*").shows("欧*");
}

#[tokio::test]
async fn what_is_merged_after_the_check_is_asked_with_the_others() {
    let town = Town::raise_at(NOON).await;
    let path = town.told_whistle(Step::Checked).await;
    let qian = town.sign_in("city office").await;
    qian.opens(&town.waiting_visit().await).await;
    qian.does("记录回访", &SOLVED).await.shows("(已回访)");
    assert_eq!(town.visits_in("waiting").await, 0);

    // Merged by the community; and recognised while it is filed, so that there is no promise.
    town.passes(Duration::minutes(5));
    town.merged(&NEIGHBOUR).await;
    let zhu = town.sign_in("grid chief").await;
    let other = [("谁告诉您的", "上官红"), ("他的电话", "12900008888")];
    let filed = zhu.files(&[&UNIT[..], &other].concat(), &[SAME]).await;
    zhu.opens(&filed).await.shows("(已并案)");
    assert_eq!(town.visits_in("waiting").await, 2);
    assert_eq!(town.clocks_to_ask().await, 2);
    assert_eq!(town.visits_in("answered").await, 1, "nobody is asked twice");
    let list = qian.opens("/visits").await;
    list.shows("司*").shows("上*");
    town.judge_rest(&path).await;
    // The whistle is over: what comes now is a matter of its own.
    assert_eq!(town.visits_in("waiting").await, 2);
}

impl Town {
    /// Ratings and close of a whistle whose check was passed.
    async fn judge_rest(&self, path: &str) {
        let marks = crate::harness::marks("4");
        self.acts("street dispatcher", path, "评价", &marks).await;
        self.acts("community secretary", path, "评价", &marks).await;
        let close = [("办结结果", "问题已解决")];
        self.acts("street dispatcher", path, "办结", &close).await;
    }
}

#[tokio::test]
async fn what_is_taken_apart_again_is_not_asked_about_that_whistle() {
    let town = Town::raise_at(NOON).await;
    let path = town.told_whistle(Step::FedBack).await;
    let merged = town.merged(&NEIGHBOUR).await;
    town.judge(&path, Step::Checked).await;
    let qian = town.sign_in("city office").await;
    let visit = qian.opens("/visits").await.link("污水外溢、堵塞");
    qian.opens(&visit).await;
    let page = qian.submit("生成回访链接", &[]).await;
    let link = page.words_at(".token");
    let link = format!("/r/{}", link.split_once("/r/").unwrap().1);

    town.acts("community secretary", &merged, "拆案", &[])
        .await
        .shows("(待受理)");
    assert_eq!(town.visits_in("waiting").await, 1);
    assert_eq!(town.clocks_to_ask().await, 1);
    qian.opens(&visit)
        .await
        .shows("(已失效)")
        .shows("拆案另办")
        .shows("拆出");
    qian.post(
        &visit,
        &[
            ("version", "2"),
            ("reached", "yes"),
            ("answer", "solved"),
            ("feeling", "satisfied"),
        ],
    )
    .await
    .is(409)
    .shows("已经失效");
    town.visitor()
        .get(&link)
        .await
        .is(410)
        .shows("这件事正在单独办");
    town.merge(&merged).await;
    assert_eq!(town.visits_in("waiting").await, 1, "not twice in one round");
}

#[tokio::test]
async fn who_found_the_merged_matter_does_not_ask_about_it() {
    let town = Town::raise_at(NOON).await;
    let path = town.told_whistle(Step::FedBack).await;
    town.merged(&NEIGHBOUR).await;
    let (tenant, office) = (town.tenant, town.seat("city office").clone());
    let merged = town
        .text(&format!(
            "select id::text from matters where tenant_id = '{tenant}' and stage = 'merged'"
        ))
        .await;
    town.sql(&format!(
        "update matters set filed_by = '{}' where tenant_id = '{tenant}' and id = '{merged}'",
        office.person
    ))
    .await;
    town.judge(&path, Step::Checked).await;
    let qian = town.sign_in("city office").await;
    let visit = qian.opens("/visits").await.link("污水外溢、堵塞");
    let page = qian.opens(&visit).await;
    page.shows("须请他人回访");
    assert!(!page.has_button("记录回访"));
    let answer = [
        ("version", "1"),
        ("reached", "yes"),
        ("answer", "solved"),
        ("feeling", "satisfied"),
    ];
    qian.post(&visit, &answer)
        .await
        .is(409)
        .shows("须请他人回访");
    // A visit that says to follow a matter it was never merged into is refused.
    let mut app = Sql::app().await;
    let whistle = path.trim_start_matches("/whistles/");
    let behind = town
        .text(&format!(
            "select matter_id::text from whistle_matters where tenant_id = '{tenant}'"
        ))
        .await;
    let strange = town.raised("路灯不亮").await;
    let insert = |merged_into: &str| {
        format!(
            "insert into visits (tenant_id, id, whistle_id, matter_id, merged_into, round, state, asked_at, window_ends_at)
             values ('{tenant}', '{}', '{whistle}', '{strange}', {merged_into}, 7, 'waiting', '{now}', timestamptz '{now}' + interval '1 day')",
            Uuid::now_v7(),
            now = town.now()
        )
    };
    let refused = app
        .is_refused(tenant, &insert(&format!("'{behind}'")))
        .await;
    assert_eq!(refused, "visits_merged_so");
    assert_eq!(
        app.is_refused(tenant, &insert("null")).await,
        "visits_behind"
    );
}
