//! Objections of departments: made in the window, decided by three who had nothing to do with the
//! case, and what they change. And warnings.

use chrono::{DateTime, Duration, Utc};
use street_whistle::org::TenantId;
use street_whistle::work::assessment::lapse_due;

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
    ("第三名成员", "锦华街道党工委书记 郑启明"),
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
    assert!(list.frame().contains("专项考核 1"), "{}", list.frame());
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
    water.get(&format!("{objection}/withdrawal")).await.is(405);
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
        uuid::Uuid::now_v7(),
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
        uuid::Uuid::now_v7(),
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
