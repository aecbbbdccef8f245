//! Objections of departments: made in the window, decided by three who had nothing to do with the
//! case, and what they change. And warnings.

use chrono::{DateTime, Duration, Utc};
use street_whistle::org::TenantId;
use street_whistle::work::assessment::lapse_due;
use uuid::Uuid;

use crate::harness::{Case, Page, Sql, Town};

/// A Monday morning in the third quarter.
const MORNING: &str = "2026-08-03T01:00:00Z";
const QUARTER: &str = "/assessment/2026-Q3";
const ASKED: [(&str, &str); 3] = [
    ("理由", "评价与事实不符"),
    ("说明", "两人到场，签到表有签名。"),
    ("证据", "现场签到表 1 份。"),
];
const PANEL: [(&str, &str); 3] = [
    ("第一名成员", "副市长 赵国栋"),
    ("第二名成员", "治理办主任 钱立新"),
    ("第三名成员", "锦华街道·党工委书记 郑启明"),
];
const UPHOLD: [(&str, &str); 2] = [
    ("申诉是否成立", "成立这一件在这一项剔除，得分重算"),
    ("评议意见", "签到表与核查记录一致。"),
];
const DISMISS: [(&str, &str); 2] = [
    ("申诉是否成立", "不成立维持原来的计分"),
    ("评议意见", "签到表看不出是哪一天。"),
];

fn until(town: &Town, at: &str) {
    let at: DateTime<Utc> = at.parse().unwrap();
    town.passes(at - town.now());
}

/// A town whose third quarter is shown: one whistle rated 4, one rated 2.
async fn shown() -> (Town, Case) {
    let town = Town::raise_at(MORNING).await;
    town.closed(4).await;
    let poor = town.closed(2).await;
    until(&town, "2026-10-20T01:00:00Z");
    let showing = format!("{QUARTER}/showing");
    town.acts("city office", &showing, "确认公示", &[]).await;
    (town, poor)
}

fn form_of(case: &Case) -> String {
    format!("{QUARTER}/objections/new?item=rating&case={}", case.lead)
}

/// The water company objects; answers where.
async fn objected(town: &Town, case: &Case) -> String {
    let page = town
        .acts("water clerk", &form_of(case), "提出申诉", &ASKED)
        .await;
    page.shows("已提出申诉").shows("待送评议组");
    let newest = format!(
        "select id::text from assessment_objections where tenant_id = '{}' order by id desc limit 1",
        town.tenant
    );
    format!("{QUARTER}/objections/{}", town.text(&newest).await)
}

async fn called(town: &Town, objection: &str) -> Page {
    let form = format!("{objection}/panel/new");
    town.acts("city office", &form, "送评议组", &PANEL).await
}

fn score_of(town: &Town) -> String {
    format!("{QUARTER}/{}", town.department("water"))
}

/// The water company's score with four places, from the file.
async fn exported(town: &Town) -> String {
    let office = town.sign_in("city office").await;
    let csv = office.get(&format!("{QUARTER}/scores.csv")).await;
    let line = csv.body.lines().find(|l| l.starts_with("GS,"));
    let cells: Vec<&str> = line.unwrap().split(',').collect();
    cells[3].to_owned()
}

/// The same, added up in plain SQL: ratings have 45 points and the first check 5 of 25; what is
/// empty gives its points on.
async fn recomputed(town: &Town, without: Option<&Case>) -> String {
    let without = without.map(|c| c.lead).unwrap_or_default();
    let query = format!(
        "select round(45 * 100.0 / 70 * (select avg(x.mean) / 25 from (
                    select avg(r.speed + r.attendance + r.result + r.attitude + r.cooperation) as mean
                      from ratings r join assignments a on a.tenant_id = r.tenant_id and a.id = r.assignment_id
                     where r.tenant_id = '{tenant}' and a.department_id = '{water}' and a.id <> '{without}'
                     group by a.id) x) + 25 * 100.0 / 70, 4)::text",
        tenant = town.tenant,
        water = town.department("water")
    );
    town.text(&query).await
}

#[tokio::test]
async fn an_upheld_objection_takes_the_case_out_and_leaves_it_in_sight() {
    let (town, poor) = shown().await;
    assert_eq!(exported(&town).await, recomputed(&town, None).await);
    let water = town.sign_in("water clerk").await;
    let score = water
        .opens(&format!("{}?item=rating", score_of(&town)))
        .await;
    score.costs_at_most(3).shows("街道评价：失分的 2 件");
    assert!(score.look(|d| d.html().contains("objections/new?item=rating")));
    let form = water.opens(&form_of(&poor)).await;
    form.costs_at_most(5)
        .shows("平均 3.00 变 平均 4.00，74.3 变 87.1，这一件仍可查");
    let objection = objected(&town, &poor).await;

    let office = town.sign_in("city office").await;
    let list = office.opens("/assessment/objections?tab=mine").await;
    list.costs_at_most(3)
        .shows("待我办 1")
        .shows("评价与事实不符");
    let frame = list.frame().replace(char::is_whitespace, "");
    assert!(frame.contains("专项考核1"), "{frame}");
    office
        .opens(&score_of(&town))
        .await
        .shows("申诉 1")
        .shows("待送评议组")
        .shows("74.3 变 87.1");
    let panel = office.opens(&format!("{objection}/panel/new")).await;
    panel
        .costs_at_most(5)
        .shows("不能入组的")
        .shows("是评价街道的职务");
    called(&town, &objection)
        .await
        .shows("已送评议组")
        .shows("评议中");
    let again = office
        .post(&format!("{objection}/panel"), &[("version", "2")])
        .await;
    again.is(409).shows("不能再送一次");

    let leader = town.sign_in("city leader").await;
    leader.opens("/inbox").await.shows("送评议组，请表决");
    leader.opens(&objection).await.costs_at_most(3);
    leader.does("表决", &UPHOLD).await.shows("已记下您的表决");
    let vote = format!("{objection}/vote");
    let twice = [("vote", "dismiss"), ("words", "改主意了。")];
    leader.post(&vote, &twice).await.is(409).shows("每人一票");
    // Nobody reads another's vote before it is decided.
    let member = town.sign_in("other secretary").await;
    let page = member.opens(&objection).await;
    page.shows("已表决");
    assert!(!page.says("签到表与核查记录一致"), "{}", page.text());
    assert_eq!(exported(&town).await, recomputed(&town, None).await);
    let decided = member.does("表决", &UPHOLD).await;
    decided
        .shows("成立，已剔除")
        .shows("评议组 2 票成立、0 票不成立。")
        .shows("签到表与核查记录一致");
    assert_eq!(exported(&town).await, recomputed(&town, Some(&poor)).await);
    water.opens("/inbox").await.shows("申诉成立");
    let score = water
        .opens(&format!("{}?item=rating", score_of(&town)))
        .await;
    score
        .shows("87.1")
        .shows("剔除 1 件")
        .shows("成立，已剔除")
        .shows("申诉成立的那一项");
    let events = format!(
        "select verb from events where tenant_id = '{}' and subject = 'objection' order by id",
        town.tenant
    );
    let verbs = ["object_score", "call_panel", "vote", "uphold_score"];
    assert_eq!(town.column(&events).await, verbs);

    // It is frozen like this; the whole is in the snapshot.
    until(&town, "2026-10-28T01:00:00Z");
    let freezing = format!("{QUARTER}/freezing");
    town.acts("city office", &freezing, "确认封存", &[])
        .await
        .shows("已封存");
    assert_eq!(exported(&town).await, recomputed(&town, Some(&poor)).await);
    let office = town.sign_in("city office").await;
    let snapshot = office.get(&format!("{QUARTER}/snapshot.json")).await;
    snapshot.shows("\"reason\":\"wrong_rating\"");
    office.opens(&objection).await.shows("随得分一起封存");
}

#[tokio::test]
async fn a_case_is_objected_to_once_in_the_window_and_only_where_it_lost() {
    let (town, poor) = shown().await;
    let water = town.sign_in("water clerk").await;
    let objections = format!("{QUARTER}/objections");
    let case = poor.lead.to_string();
    let asked = |item: &'static str| {
        [
            ("item", item),
            ("case", case.as_str()),
            ("reason", "weather"),
            ("words", "大雪封路。"),
            ("evidence", "预警记录。"),
        ]
    };
    let before = town.condensed().await;
    let empty = [("item", "rating"), ("case", case.as_str())];
    let page = water.post(&objections, &empty).await;
    page.is(422)
        .shows("请选择理由。")
        .shows("请填写说明。")
        .shows("请填写证据。");
    water
        .post(&objections, &asked("first_check"))
        .await
        .is(409)
        .shows("在这一项没有失分，不用申诉");
    // Another department's part, and what is no item.
    let housing = town.sign_in("housing clerk").await;
    housing.post(&objections, &asked("rating")).await.is(404);
    housing.get(&form_of(&poor)).await.is(404);
    water.post(&objections, &asked("weather")).await.is(404);
    town.sign_in("street dispatcher")
        .await
        .get(&form_of(&poor))
        .await
        .is(403);
    assert_eq!(before, town.condensed().await);

    let objection = objected(&town, &poor).await;
    let after = town.condensed().await;
    water
        .post(&objections, &asked("rating"))
        .await
        .is(409)
        .shows("只能申诉一次");
    assert_eq!(after, town.condensed().await);
    // It can be taken back, and is spent.
    town.acts("water head", &objection, "撤回申诉", &[])
        .await
        .shows("已撤回申诉");
    water
        .post(&objections, &asked("rating"))
        .await
        .is(409)
        .shows("只能申诉一次");

    until(&town, "2026-10-28T01:00:00Z");
    let water = town.sign_in("water clerk").await;
    let before = town.condensed().await;
    water
        .post(&objections, &asked("close"))
        .await
        .is(409)
        .shows("申诉期到 2026-10-27");
    water
        .opens(&form_of(&poor))
        .await
        .shows("申诉期到 2026-10-27");
    assert_eq!(before, town.condensed().await);
    let late = format!(
        "begin; insert into assessment_objections (tenant_id, id, period_id, department_id, item, whistle_id,
                assignment_id, reason, words, evidence, asked_at, asked_by, asked_post)
         select tenant_id, '{}', period_id, department_id, 'close', whistle_id, assignment_id, reason, words, evidence,
                '{}', asked_by, asked_post
           from assessment_objections where tenant_id = '{}'",
        Uuid::now_v7(),
        town.now(),
        town.tenant
    );
    let mut owner = Sql::owner().await;
    assert_eq!(owner.refused(&late).await, "objections_in_window");
}

#[tokio::test]
async fn whoever_had_to_do_with_the_case_is_not_on_its_panel() {
    let (town, poor) = shown().await;
    // The street's checker moves to the other street's desk: the street is another, the person is not.
    let (tenant, day) = (town.tenant, "2026-09-01");
    let [checker, dispatcher] = ["street checker", "other dispatcher"].map(|c| town.seat(c).post);
    town.sql(&format!(
        "update appointments set to_day = '{day}' where tenant_id = '{tenant}' and post_id in ('{checker}', '{dispatcher}');
         insert into appointments (tenant_id, id, post_id, person_id, from_day) values
             ('{tenant}', '{}', '{dispatcher}', '{}', '{day}')",
        Uuid::now_v7(),
        town.seat("street checker").person
    ))
    .await;
    let objection = objected(&town, &poor).await;
    let office = town.sign_in("city office").await;
    let form = office.opens(&format!("{objection}/panel/new")).await;
    form.shows("参与过这件哨单，或在申诉部门任职");
    let rater = town.seat("street dispatcher").post.to_string();
    let moved = dispatcher.to_string();
    let [leader, secretary] =
        ["city leader", "other secretary"].map(|c| town.seat(c).post.to_string());
    let before = town.condensed().await;
    let panel = format!("{objection}/panel");
    for (third, sentence) in [
        (rater.as_str(), "是评价街道的职务，不能入评议组"),
        (
            moved.as_str(),
            "参与过这件哨单，或在申诉部门任职，不能入评议组",
        ),
        (leader.as_str(), "三名成员不能重复"),
        ("", "请选择一名成员。"),
    ] {
        let chosen = [
            ("version", "1"),
            ("member1", leader.as_str()),
            ("member2", secretary.as_str()),
            ("member3", third),
        ];
        let page = office.post(&panel, &chosen).await;
        page.is(422).shows(sentence);
    }
    assert_eq!(before, town.condensed().await);

    called(&town, &objection).await.shows("评议中");
    let id = objection.rsplit('/').next().unwrap();
    let mut app = Sql::app().await;
    for (post, kind) in [(&rater, "street_dispatcher"), (&moved, "street_dispatcher")] {
        let member = format!(
            "insert into objection_members (tenant_id, objection_id, post_id, post_kind, position)
             values ('{tenant}', '{id}', '{post}', '{kind}', 3)"
        );
        assert_eq!(app.is_refused(tenant, &member).await, "panel_is_neutral");
    }
    // Nor does the rater vote for a post that is on it.
    let vote = format!(
        "update objection_members set voted_at = '{}', voted_by = '{}', upholds = true, words = '同意'
          where tenant_id = '{tenant}' and objection_id = '{id}' and position = 1",
        town.now(),
        town.seat("street dispatcher").person
    );
    assert_eq!(app.is_refused(tenant, &vote).await, "panel_is_neutral");
    // And nobody decides without two votes.
    let decision = format!(
        "update assessment_objections set state = 'upheld', decided_at = '{}', decided_words = '成立'
          where tenant_id = '{tenant}' and id = '{id}'",
        town.now()
    );
    assert_eq!(app.is_refused(tenant, &decision).await, "objections_by_two");
}

#[tokio::test]
async fn nothing_is_frozen_while_an_objection_is_open_and_silence_leaves_the_score() {
    let (town, poor) = shown().await;
    until(&town, "2026-10-27T01:00:00Z");
    let objection = objected(&town, &poor).await;
    called(&town, &objection).await;
    until(&town, "2026-10-28T01:00:00Z");
    let office = town.sign_in("city office").await;
    let freezing = format!("{QUARTER}/freezing");
    office
        .post(&freezing, &[("version", "1")])
        .await
        .is(409)
        .shows("还有 1 件申诉没有结果");
    let mut app = Sql::app().await;
    let freeze = format!(
        "insert into assessment_snapshots select tenant_id, id, encode(sha256('{{}}'), 'hex'), '{{}}'
           from assessment_periods where tenant_id = '{tenant}';
         update assessment_periods set stage = 'frozen', frozen_at = '{now}', frozen_by = shown_by, frozen_post = shown_post
          where tenant_id = '{tenant}'",
        tenant = town.tenant,
        now = town.now()
    );
    let refused = app.is_refused(town.tenant, &freeze).await;
    assert_eq!(refused, "assessment_frozen_settled");
    town.acts("city leader", &objection, "表决", &UPHOLD).await;
    until(&town, "2026-11-04T01:00:00Z");
    let member = town.sign_in("other secretary").await;
    let vote = [("vote", "uphold"), ("words", "同意剔除。")];
    member
        .post(&format!("{objection}/vote"), &vote)
        .await
        .is(409)
        .shows("评议时限已过");
    let before = exported(&town).await;
    let mut tx = town.db().begin(town.tenant).await.unwrap();
    let tenant = TenantId(town.tenant);
    assert_eq!(lapse_due(&mut tx, tenant).await.unwrap(), 1);
    assert_eq!(lapse_due(&mut tx, tenant).await.unwrap(), 0);
    tx.commit().await.unwrap();
    member
        .opens(&objection)
        .await
        .shows("不成立")
        .shows("评议组逾期未决，维持原来的计分。");
    assert_eq!(exported(&town).await, before);
    town.acts("city office", &freezing, "确认封存", &[])
        .await
        .shows("已封存");
}

#[tokio::test]
async fn two_against_dismiss_and_only_those_concerned_see_it() {
    let (town, poor) = shown().await;
    let objection = objected(&town, &poor).await;
    called(&town, &objection).await;
    for called in ["housing clerk", "market head"] {
        let person = town.sign_in(called).await;
        person.get(&objection).await.is(404);
        person
            .opens("/assessment/objections")
            .await
            .shows("没有未决的申诉");
    }
    // Of the other street only the post on the panel sees it; of the whistle's street all do.
    town.sign_in("other checker")
        .await
        .get(&objection)
        .await
        .is(404);
    town.sign_in("street checker").await.opens(&objection).await;
    let stranger = Town::raise_at(MORNING).await;
    let office = stranger.sign_in("city office").await;
    office.get(&objection).await.is(404);
    let vote = [("vote", "uphold"), ("words", "同意剔除。")];
    let path = format!("{objection}/vote");
    let checker = town.sign_in("street checker").await;
    checker.post(&path, &vote).await.is(403);
    let leader = town.sign_in("city leader").await;
    let page = leader.post(&path, &[]).await;
    page.is(422)
        .shows("请选择成立或不成立。")
        .shows("请填写评议意见。");
    let before = exported(&town).await;
    for called in ["city leader", "city office"] {
        town.acts(called, &objection, "表决", &DISMISS).await;
    }
    let water = town.sign_in("water head").await;
    water
        .opens(&objection)
        .await
        .shows("评议组 0 票成立、2 票不成立。")
        .shows("不能再次申诉");
    assert_eq!(exported(&town).await, before);
    let ended = water
        .opens(&format!("{QUARTER}/objections?tab=ended"))
        .await;
    ended.shows("已决 1").shows("不成立");
    let csv = water
        .get(&format!("{QUARTER}/objections.csv?tab=ended"))
        .await;
    csv.is(200);
    assert_eq!(csv.body.lines().count(), 2, "{}", csv.body);
}

#[tokio::test]
async fn warnings_say_what_to_look_at_and_open_as_many() {
    let town = Town::raise_at(MORNING).await;
    for _ in 0..3 {
        let case = town.closed(5).await;
        let (visit, _) = town.asked(&case).await;
        let answer = format!(
            "update visits set state = 'answered', ended_at = '{now}', answer = 'solved', feeling = 'satisfied',
                    words = '好', way = 'link' where tenant_id = '{}' and id = '{visit}'",
            town.tenant,
            now = town.now()
        );
        town.sql(&answer).await;
        town.passes(Duration::minutes(20));
    }
    let office = town.sign_in("city office").await;
    let path = format!("{QUARTER}/warnings");
    let page = office.opens(&path).await;
    page.costs_at_most(3)
        .shows("供核实，不影响得分")
        .shows("6 次评价全是满分")
        .shows("3 件满意")
        .shows("疑似复发")
        .shows("共 4 条");
    office.opens(QUARTER).await.costs_at_most(3).shows("4 条");
    for (who, n) in [("6 件：慧阳街道", 6), ("3 件：供水公司", 3)] {
        let opened = office.opens(&page.link(who)).await;
        let rows = opened.all_words_at("#cases tbody tr");
        assert_eq!(rows.len(), n, "{}", opened.text());
    }
    // One mark that is not full, and the warning is gone.
    let tenant = town.tenant;
    let less =
        format!("update ratings set speed = 4 where tenant_id = '{tenant}' and side = 'street'");
    town.sql(&less).await;
    let page = office.opens(&path).await;
    assert!(!page.says("慧阳街道"), "{}", page.text());
    page.shows("城南社区");
    let water = town.sign_in("water clerk").await;
    water.get(&path).await.is(404);
    town.sign_in("street deputy").await.opens(&path).await;
}

const PHOTO: &str = "现场签到表.pdf";

fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{words}\n").into_bytes()
}

#[tokio::test]
async fn evidence_comes_as_files_until_it_is_decided_and_is_for_those_concerned() {
    let (town, poor) = shown().await;
    let objection = objected(&town, &poor).await;
    let water = town.sign_in("water clerk").await;
    let page = water.opens(&objection).await;
    page.costs_at_most(3).shows("还没有附件。");
    let form = page.form("添加附件", &[]);
    let first = water.send_file(&form, PHOTO, &pdf("签名")).await;
    first.goes_to(&format!("{objection}?done=attached#files"));
    let again = water.send_file(&form, PHOTO, &pdf("签名")).await;
    assert_eq!(
        again.location(),
        first.location(),
        "a double click acts once"
    );
    let wrong = water.opens(&objection).await.form("添加附件", &[]);
    water
        .send_file(&wrong, "签到表.exe", b"MZ\x90")
        .await
        .is(422)
        .shows("这种文件不能添加");
    let page = water.opens(&objection).await;
    page.shows("共 1 个").shows(PHOTO);
    let link = page.link(PHOTO);
    // The department, the city and the whistle's street see it; nobody else does.
    for called in ["water head", "city office", "city leader", "street checker"] {
        let person = town.sign_in(called).await;
        let page = person.opens(&objection).await;
        page.shows(PHOTO);
        assert_eq!(
            page.has_button("添加附件"),
            called == "water head",
            "{called}"
        );
        let file = person.get(&link).await;
        file.is(200);
        assert!(file.bytes == pdf("签名"), "{called}");
    }
    for called in [
        "housing clerk",
        "market head",
        "other secretary",
        "other checker",
    ] {
        let person = town.sign_in(called).await;
        person.get(&link).await.is(404);
        person
            .send_file(&form, PHOTO, &pdf("别人"))
            .await
            .is_one_of(&[403, 404]);
    }
    town.sign_in("community worker")
        .await
        .get(&link)
        .await
        .is(403);
    let stranger = Town::raise_at(MORNING).await;
    stranger
        .sign_in("city office")
        .await
        .get(&link)
        .await
        .is(404);
    let office = town.sign_in("city office").await;
    office.send_file(&form, PHOTO, &pdf("办公室")).await.is(403);
    let elsewhere = link.replace(&objection, "/powers/00000000-0000-0000-0000-000000000000");
    office.get(&elsewhere).await.is(404);
    // Before a panel is called the department may take it away again.
    let gone = [("reason", "传错了。")];
    let water = town.sign_in("water clerk").await;
    let removal = format!("{link}/removal");
    water.post(&removal, &[]).await.is(422).shows("移除理由");
    water.post(&removal, &gone).await.is(303);
    water.get(&link).await.is(410).shows("传错了。");
    let form = water.opens(&objection).await.form("添加附件", &[]);
    water
        .send_file(&form, "签到表二.pdf", &pdf("二"))
        .await
        .is(303);

    called(&town, &objection).await;
    let member = town.sign_in("other secretary").await;
    let page = member.opens(&objection).await;
    let link = page.link("签到表二.pdf");
    member.get(&link).await.is(200);
    let water = town.sign_in("water clerk").await;
    let page = water.opens(&objection).await;
    assert!(!page.has_button("移除附件"), "{}", page.text());
    let form = page.form("添加附件", &[]);
    water.send_file(&form, "补充.pdf", &pdf("三")).await.is(303);
    let before = town.condensed().await;
    let removal = format!("{link}/removal");
    water
        .post(&removal, &gone)
        .await
        .is(409)
        .shows("已送评议组，证据不能再移除");
    assert_eq!(before, town.condensed().await);
    let id = objection.rsplit('/').next().unwrap();
    let mut app = Sql::app().await;
    let taken = format!(
        "update files set removed_by = added_by, removed_post = added_post, removed_at = '{}', removed_reason = '撤下'
          where tenant_id = '{}' and objection_id = '{id}' and removed_at is null",
        town.now(),
        town.tenant
    );
    assert_eq!(
        app.is_refused(town.tenant, &taken).await,
        "files_of_open_objection"
    );
    for called in ["city leader", "other secretary"] {
        town.acts(called, &objection, "表决", &UPHOLD).await;
    }
    // Decided: what was brought stays, nothing more comes.
    let water = town.sign_in("water clerk").await;
    let page = water.opens(&objection).await;
    page.shows("共 2 个");
    assert!(!page.has_button("添加附件"), "{}", page.text());
    let before = town.condensed().await;
    water
        .send_file(&form, "太晚.pdf", &pdf("四"))
        .await
        .is(409)
        .shows("不能再添加证据");
    assert_eq!(before, town.condensed().await);
    water.get(&link).await.is(200);
    let late = format!(
        "insert into files (tenant_id, id, owner_kind, owner_id, name, media_type, bytes, sha256, added_by, added_post,
                            added_at)
         select tenant_id, '{}', owner_kind, owner_id, '晚.pdf', media_type, bytes, sha256, added_by, added_post, '{}'
           from files where tenant_id = '{}' and objection_id = '{id}' limit 1",
        Uuid::now_v7(),
        town.now(),
        town.tenant
    );
    assert_eq!(
        app.is_refused(town.tenant, &late).await,
        "files_of_open_objection"
    );
}

/// A town whose third quarter is shown: the water company answered about two powers, marked 5 and 2.
async fn answered() -> (Town, Uuid, Uuid) {
    let town = Town::raise_at(MORNING).await;
    let plan = town.empower().await;
    town.marked(plan, ("water", "project"), 5).await;
    let poor = town.marked(plan, ("water", "award"), 2).await;
    let sealed = town.marked(plan, ("housing", "cadre"), 2).await;
    until(&town, "2026-10-20T01:00:00Z");
    let showing = format!("{QUARTER}/showing");
    town.acts("city office", &showing, "确认公示", &[]).await;
    (town, poor, sealed)
}

#[tokio::test]
async fn the_mark_on_an_answer_of_the_five_powers_is_objected_to_like_any_other() {
    let (town, poor, _) = answered().await;
    // Marks alone: they have all hundred points, 7 of 10.
    assert_eq!(exported(&town).await, "70.0000");
    let water = town.sign_in("water clerk").await;
    let score = water
        .opens(&format!("{}?item=rating", score_of(&town)))
        .await;
    let form = score.look(|page| {
        let link = scraper::Selector::parse("#cases a[href*=\"objections/new\"]").unwrap();
        let href = page.select(&link).next().and_then(|a| a.attr("href"));
        href.unwrap().to_owned()
    });
    assert!(form.ends_with(&poor.to_string()), "{form}");
    let housing = town.sign_in("housing clerk").await;
    housing.get(&form).await.is(404);
    water
        .opens(&form)
        .await
        .costs_at_most(5)
        .shows("70.0 变 100.0");
    water
        .does("提出申诉", &ASKED)
        .await
        .shows("待送评议组")
        .shows("没有资金。")
        .shows("答得很笼统。");
    let objection = water.page().path.split('?').next().unwrap().to_owned();
    // Once for good, of the record as of an assignment.
    let asked = [
        ("item", "rating"),
        ("case", &poor.to_string()),
        ("reason", "weather"),
        ("words", "大雪封路。"),
        ("evidence", "预警记录。"),
    ];
    let objections = format!("{QUARTER}/objections");
    water
        .post(&objections, &asked)
        .await
        .is(409)
        .shows("只能申诉一次");
    housing.get(&objection).await.is(404);
    for (called, status) in [("street checker", 200), ("other checker", 404)] {
        let person = town.sign_in(called).await;
        person.get(&objection).await.is(status);
    }
    // The office ruled on the record, so none of its people sits on the panel.
    let office = town.sign_in("city office").await;
    let panel = office.opens(&format!("{objection}/panel/new")).await;
    panel
        .costs_at_most(5)
        .shows("参与过这件行权记录，或在申诉部门任职");
    let post = |called: &str| town.seat(called).post.to_string();
    let [leader, ruler, secretary] = [
        post("city leader"),
        post("city office"),
        post("other secretary"),
    ];
    let chosen = [
        ("version", "1"),
        ("member1", leader.as_str()),
        ("member2", secretary.as_str()),
        ("member3", ruler.as_str()),
    ];
    let path = format!("{objection}/panel");
    office
        .post(&path, &chosen)
        .await
        .is(422)
        .shows("不能入评议组");
    let other = post("other deputy");
    let chosen = [&chosen[..3], &[("member3", other.as_str())]].concat();
    office.post(&path, &chosen).await.is(303);
    let id = objection.rsplit('/').next().unwrap();
    let (tenant, mut app) = (town.tenant, Sql::app().await);
    let vote = format!(
        "update objection_members set voted_at = '{}', voted_by = '{}', upholds = true, words = '同意'
          where tenant_id = '{tenant}' and objection_id = '{id}' and position = 1",
        town.now(),
        town.seat("street secretary").person
    );
    assert_eq!(app.is_refused(tenant, &vote).await, "panel_is_neutral");
    for called in ["city leader", "other secretary"] {
        town.acts(called, &objection, "表决", &UPHOLD).await;
    }
    assert_eq!(exported(&town).await, "100.0000");
    let office = town.sign_in("city office").await;
    let cases = office.get(&format!("{QUARTER}/cases.csv")).await;
    let of_water = cases.body.lines().filter(|line| line.starts_with("GS,"));
    assert_eq!(of_water.count(), 1, "{}", cases.body);
    office.opens(QUARTER).await.shows("100.0");
    until(&town, "2026-10-28T01:00:00Z");
    let freezing = format!("{QUARTER}/freezing");
    town.acts("city office", &freezing, "确认封存", &[])
        .await
        .shows("已封存");
    assert_eq!(exported(&town).await, "100.0000");
    let office = town.sign_in("city office").await;
    let snapshot = office.get(&format!("{QUARTER}/snapshot.json")).await;
    snapshot.shows(&format!("\"objection\":\"{id}\""));
    let score = office
        .opens(&format!("{}?item=objection", score_of(&town)))
        .await;
    score.shows("不计入：申诉成立").shows("南湖社区口袋公园");
}

#[tokio::test]
async fn an_objection_is_about_one_thing_and_never_about_what_is_sealed() {
    let (town, poor, sealed) = answered().await;
    let tenant = town.tenant;
    let [number, street] = ["number", "street_code"].map(|what| {
        format!(
            "select {what} from power_exercises where tenant_id = '{tenant}' and id = '{sealed}'"
        )
    });
    let (number, _) = (town.text(&number).await, town.text(&street).await);
    let path = format!("{QUARTER}/{}?item=rating", town.department("housing"));
    for (called, reads) in [
        ("housing clerk", false),
        ("housing head", true),
        ("city office", true),
        ("city leader", false),
        ("street deputy", false),
    ] {
        let person = town.sign_in(called).await;
        let page = person.opens(&path).await;
        page.shows("干部考评建议")
            .shows("不受理")
            .shows("评议组不能查阅");
        let cases = page.all_words_at("#cases tbody").concat();
        assert!(
            !cases.contains(&number) && !cases.contains("慧阳"),
            "{called}: {cases}"
        );
        let record = format!("/powers/{sealed}");
        let leads = page.look(|d| d.html().contains(&record));
        assert_eq!(leads, reads, "{called}");
        person.get(&record).await.is(if reads { 200 } else { 404 });
    }
    let office = town.sign_in("city office").await;
    let cases = office.get(&format!("{QUARTER}/cases.csv")).await;
    assert!(
        cases.says("JS,") || cases.body.lines().count() == 4,
        "{}",
        cases.body
    );
    assert!(!cases.body.contains(&number), "{}", cases.body);
    let asked = [
        ("item", "rating"),
        ("case", &sealed.to_string()),
        ("reason", "wrong_rating"),
        ("words", "评分没有依据。"),
        ("evidence", "会议记录。"),
    ];
    let before = town.condensed().await;
    for called in ["housing clerk", "housing head"] {
        let person = town.sign_in(called).await;
        person
            .post(&format!("{QUARTER}/objections"), &asked)
            .await
            .is(409)
            .shows("这类评价不受理申诉");
    }
    let mut app = Sql::app().await;
    let insert = |what: &str, of: &str| {
        let seat = town.seat("housing clerk");
        format!(
            "insert into assessment_objections (tenant_id, id, period_id, department_id, item, {what}, reason, words,
                    evidence, asked_at, asked_by, asked_post)
             select '{tenant}', '{id}', p.id, '{department}', 'rating', {of}, 'weather', '大雪封路。', '预警记录。', '{now}',
                    '{person}', '{post}'
               from assessment_periods p where p.tenant_id = '{tenant}'",
            id = Uuid::now_v7(),
            department = town.department("housing"),
            now = town.now(),
            person = seat.person,
            post = seat.post
        )
    };
    for (what, of, constraint) in [
        (
            "exercise_id",
            format!("'{sealed}'::uuid"),
            "objections_of_open_record",
        ),
        (
            "exercise_id",
            format!("'{poor}'::uuid"),
            "objections_own_case",
        ),
        (
            "exercise_id",
            "null".to_owned(),
            "assessment_objections_of_one",
        ),
        (
            "whistle_id, exercise_id",
            format!("'{poor}'::uuid, null"),
            "assessment_objections_of_one",
        ),
    ] {
        let refused = app.is_refused(tenant, &insert(what, &of)).await;
        assert_eq!(refused, constraint, "{what} {of}");
    }
    assert_eq!(before, town.condensed().await);
}

#[tokio::test]
async fn desks_and_inboxes_say_what_is_shown_and_what_waits() {
    let (town, poor) = shown().await;
    let told = "公示专项考核得分，请核对得分";
    for called in ["water clerk", "water head", "housing head", "market clerk"] {
        let person = town.sign_in(called).await;
        person
            .opens("/inbox")
            .await
            .shows(told)
            .shows("2026 年第三季度得分已公示，2026-10-27 17:30 前可以申诉。");
        let desk = person.opens("/").await;
        desk.costs_at_most(4).shows("2026-10-27 17:30 前可以申诉");
        person
            .opens(&desk.link("2026 年第三季度得分"))
            .await
            .shows("申诉 0");
    }
    for called in ["city office", "street dispatcher", "city leader"] {
        let inbox = town.sign_in(called).await.opens("/inbox").await;
        assert!(!inbox.says(told), "{called}");
    }
    let objection = objected(&town, &poor).await;
    let water = town.sign_in("water head").await;
    let desk = water.opens("/").await;
    desk.shows("待送评议组");
    assert_eq!(desk.all_words_at("table.todo").len(), 0, "{}", desk.text());
    let market = town.sign_in("market clerk").await.opens("/").await;
    assert!(!market.says("待送评议组"), "{}", market.text());
    let office = town.sign_in("city office").await;
    let desk = office.opens("/").await;
    desk.costs_at_most(5)
        .shows("专项考核申诉")
        .shows("等送评议组");
    let leader = town.sign_in("city leader").await.opens("/").await;
    assert!(!leader.says("专项考核申诉"), "{}", leader.text());
    called(&town, &objection).await;
    for called in ["city leader", "city office", "other secretary"] {
        let person = town.sign_in(called).await;
        let desk = person.opens("/").await;
        desk.shows("等您表决").shows("还剩 5 个工作日");
        let row = desk.all_words_at("table.todo td:last-child");
        assert!(
            row.iter().any(|words| words.starts_with("表决")),
            "{called}: {row:?}"
        );
    }
    let member = town.sign_in("other secretary").await;
    member.opens("/?act=vote").await.shows("表决 1");
    member.opens(&objection).await;
    member.does("表决", &UPHOLD).await;
    let desk = member.opens("/").await;
    assert!(!desk.says("等您表决"), "{}", desk.text());
    town.sign_in("water clerk")
        .await
        .opens("/")
        .await
        .shows("评议中");
    town.acts("city leader", &objection, "表决", &UPHOLD).await;
    until(&town, "2026-10-28T01:00:00Z");
    let desk = town.sign_in("water clerk").await.opens("/").await;
    assert!(
        !desk.says("前可以申诉") && !desk.says("评议中"),
        "{}",
        desk.text()
    );
    let freezing = format!("{QUARTER}/freezing");
    town.acts("city office", &freezing, "确认封存", &[]).await;
    let water = town.sign_in("water clerk").await;
    water
        .opens("/inbox")
        .await
        .shows("封存专项考核得分")
        .shows("可以看得分和名次");
    town.sign_in("city office")
        .await
        .opens("/told")
        .await
        .shows("各部门联络员、各部门负责人");
}
