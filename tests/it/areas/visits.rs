//! The resident's word: the neutral desk asks, or a one-time link does; what follows from it.

use chrono::Duration;
use uuid::Uuid;

use crate::harness::{Page, Person, Sql, Step, Town, all_at_once, marks};

pub(super) const NOON: &str = "2026-11-23T04:00:00Z";
/// A name and a number that no page but the unmasked one may show.
const TELLER: (&str, &str) = ("欧阳秀兰", "12900005678");

/// What the desk hears from a resident for whom nothing is solved.
pub(super) const UNSOLVED: [(&str, &str); 4] = [
    ("接通了吗", "接通"),
    ("解决了吗", "没有解决"),
    ("满意吗", "不满意"),
    ("群众说", "雨天还是冒水。"),
];
pub(super) const SOLVED: [(&str, &str); 3] = [
    ("接通了吗", "接通"),
    ("解决了吗", "解决了"),
    ("满意吗", "满意"),
];

impl Town {
    /// A whistle as far as the step, about a matter that a resident told.
    pub(super) async fn told_whistle(&self, until: Step) -> String {
        let path = self.whistle("日常哨", Step::FedBack).await;
        self.told_by("true", TELLER).await;
        self.judge(&path, until).await;
        path
    }

    /// The path of the only visit that waits.
    pub(super) async fn waiting_visit(&self) -> String {
        let mut sql = Sql::owner().await;
        let ids = sql
            .column(&format!(
                "select id::text from visits where tenant_id = '{}' and state = 'waiting'",
                self.tenant
            ))
            .await;
        assert_eq!(ids.len(), 1, "one visit waits");
        format!("/visits/{}", ids[0])
    }

    pub(super) async fn visits_in(&self, state: &str) -> i64 {
        self.number(&format!(
            "select count(*) from visits where tenant_id = '{}' and state = '{state}'",
            self.tenant
        ))
        .await
    }

    /// The city office makes a link for the visit that waits; the path it leads to.
    async fn link(&self) -> String {
        let qian = self.sign_in("city office").await;
        qian.opens(&self.waiting_visit().await).await;
        let page = qian.submit("生成回访链接", &[]).await;
        page.is(200).shows("只显示这一次");
        let link = page.words_at(".token");
        let (_, token) = link.split_once("/r/").expect("a link");
        assert!(
            token.starts_with(&self.code) && token.len() == 33,
            "{token}"
        );
        format!("/r/{token}")
    }
}

#[tokio::test]
async fn a_passed_check_leaves_the_teller_to_be_asked_and_the_desk_hears_him() {
    let town = Town::raise_at(NOON).await;
    let path = town.told_whistle(Step::Checked).await;
    let qian = town.sign_in("city office").await;
    let desk = qian.opens("/").await;
    desk.shows("等您回访").shows("下水道堵塞").costs_at_most(4);
    assert!(desk.frame().contains("群众回访1"), "{}", desk.frame());
    let list = qian.follows("群众回访").await;
    list.costs_at_most(3)
        .shows("欧* 129****5678")
        .shows("绿灯： 还剩 3 个工作日")
        .shows("11-26 17:30 前")
        .never_names(TELLER.0)
        .never_names(TELLER.1);
    let page = qian.follows("下水道堵塞").await;
    page.costs_at_most(3)
        .shows("主管道已疏通")
        .never_names(TELLER.1);
    let clear = qian.submit("查看明文", &[]).await;
    clear.is(200).shows(TELLER.0).shows(TELLER.1);
    qian.opens(&town.waiting_visit().await).await;
    qian.does("记录回访", &SOLVED)
        .await
        .shows("已记下群众的回答")
        .shows("(已回访)")
        .shows("电话，钱立新记录");
    assert!(qian.page().buttons().is_empty(), "an answer stays");
    let whistle = town.sign_in("water clerk").await.opens(&path).await;
    whistle
        .shows("解决了，满意")
        .never_names(TELLER.0)
        .never_names(TELLER.1);
    let unmasked = format!(
        "select count(*) from events where tenant_id = '{}' and verb = 'unmask'",
        town.tenant
    );
    assert_eq!(town.number(&unmasked).await, 1, "looking is on record");
}

#[tokio::test]
async fn a_whistle_that_nobody_told_needs_no_visit() {
    let town = Town::raise().await;
    town.whistle("日常哨", Step::Closed).await;
    let list = town.sign_in("city office").await.opens("/visits").await;
    list.shows("没有待回访的");
    assert_eq!(town.visits_in("waiting").await, 0);
}

#[tokio::test]
async fn three_tries_that_fail_are_invalid_and_never_satisfied() {
    let town = Town::raise_at(NOON).await;
    town.told_whistle(Step::Checked).await;
    let visit = town.waiting_visit().await;
    let qian = town.sign_in("city office").await;
    qian.opens(&visit).await;
    let talked = [("接通了吗", "未接通"), ("满意吗", "满意")];
    qian.submit("记录回访", &talked)
        .await
        .is(422)
        .shows("没有接通的，不能替群众回答");
    for left in ["还可以再打 2 次", "还可以再打 1 次"] {
        town.passes(Duration::minutes(20));
        qian.opens(&visit).await;
        let tried = [("接通了吗", "未接通"), ("群众说", "无人接听")];
        qian.does("记录回访", &tried).await.shows(left);
    }
    qian.does("记录回访", &[("接通了吗", "未接通")])
        .await
        .shows("回访无效，不计入满意率")
        .shows("(未接通)");
    qian.post(
        &visit,
        &[
            ("version", "4"),
            ("reached", "yes"),
            ("answer", "solved"),
            ("feeling", "satisfied"),
        ],
    )
    .await
    .is(409)
    .shows("多次未接通，回访已经结束");
    let list = qian.opens("/visits?state=unreachable").await;
    list.shows("共 1 件");
    qian.opens("/visits?state=answered&lately=1")
        .await
        .shows("没有已回访的");
    assert_eq!(town.visits_in("unreachable").await, 1);
}

#[tokio::test]
async fn a_resident_answers_over_the_link_once() {
    let town = Town::raise_at(NOON).await;
    let path = town.told_whistle(Step::Closed).await;
    let link = town.link().await;
    let resident = town.visitor();
    let page = resident.opens(&link).await;
    page.shows("您反映的事，请您说办得怎么样")
        .shows("供水公司，住房和城乡建设局协助")
        .shows("主管道已疏通")
        .shows("慧阳街道")
        .shows("11-26 17:30 前有效")
        .never_names(TELLER.0)
        .never_names(TELLER.1)
        .never_names("吴敏");
    assert!(!page.headers.contains_key("set-cookie"), "no cookie");
    resident
        .submit("送出回答", &[])
        .await
        .is(422)
        .shows("请选择解决了没有")
        .shows("请选择满意不满意");
    let partly = [
        ("解决了吗", "解决了一部分"),
        ("满意吗", "基本满意"),
        ("说一句", "白天好了，夜里还有一点味。"),
    ];
    let form = resident.page().form("送出回答", &partly);
    let kept = resident.send_form(&form).await;
    kept.goes_to(&format!("{link}/answer"));
    resident
        .opens(kept.location())
        .await
        .shows("11-23 12:00 已收到您的回答")
        .shows("白天好了，夜里还有一点味")
        .shows("这个链接已经用过");
    // Pressed twice: the same answer leads to the same page. Another one is refused.
    resident
        .send_form(&form)
        .await
        .goes_to(&format!("{link}/answer"));
    let other = [
        ("solved", "unsolved"),
        ("happy", "unsatisfied"),
        ("words", ""),
    ];
    resident
        .post(&link, &other)
        .await
        .is(410)
        .shows("这个链接已经用过");
    resident.get(&link).await.is(410).shows("打 12345");
    let street = town.sign_in("street dispatcher").await.opens(&path).await;
    street
        .shows("解决了一部分，基本满意。白天好了")
        .shows("(已办结)")
        .shows("群众");
    assert_eq!(town.visits_in("answered").await, 1);
}

#[tokio::test]
async fn a_link_that_is_unknown_or_too_late_says_what_to_do() {
    let town = Town::raise_at(NOON).await;
    town.told_whistle(Step::Checked).await;
    let link = town.link().await;
    let before = town.condensed().await;
    let resident = town.visitor();
    let strange = format!("/r/{}-{}", town.code, "0".repeat(26));
    let answer = [("solved", "solved"), ("happy", "satisfied"), ("words", "")];
    for wrong in [
        strange.as_str(),
        "/r/1",
        "/r/999999-00000000000000000000000000",
    ] {
        resident.get(wrong).await.is(404).shows("没有这个链接");
        resident.post(wrong, &answer).await.is(404);
        resident.get(&format!("{wrong}/answer")).await.is(404);
    }
    town.passes(Duration::hours(78));
    resident.get(&link).await.is(410).shows("这个链接过期了");
    resident.post(&link, &answer).await.is(410).shows("报编号");
    assert_eq!(before, town.condensed().await, "nothing was written");
    // The desk is late, but the resident is heard all the same; a link is made no more.
    let qian = town.sign_in("city office").await;
    let page = qian.opens(&town.waiting_visit().await).await;
    page.shows("超过 11-26 17:30");
    assert!(!page.has_button("生成回访链接"));
    qian.post(&format!("{}/link", town.waiting_visit().await), &[])
        .await
        .is(409)
        .shows("请打电话回访");
    qian.opens(&town.waiting_visit().await).await;
    qian.does("记录回访", &SOLVED).await.shows("(已回访)");
}

#[tokio::test]
async fn an_answer_from_another_site_is_refused() {
    let town = Town::raise().await;
    town.told_whistle(Step::Checked).await;
    let link = town.link().await;
    let resident = town.visitor();
    let answer = [("solved", "solved"), ("happy", "satisfied")];
    let mut sent = resident.sent("POST", &link, &answer);
    sent.origin = Some("http://elsewhere.test".to_owned());
    resident.send(sent).await.is(403);
    assert_eq!(town.visits_in("waiting").await, 1);
}

#[tokio::test]
async fn not_solved_sends_the_whistle_back_until_it_is() {
    let town = Town::raise_at(NOON).await;
    let path = town.told_whistle(Step::Closed).await;
    let solved = format!(
        "select count(*) from matters where tenant_id = '{}' and stage = 'solved'",
        town.tenant
    );
    assert_eq!(town.number(&solved).await, 1);
    let qian = town.sign_in("city office").await;
    qian.opens(&town.waiting_visit().await).await;
    let wordless = &UNSOLVED[..3];
    qian.submit("记录回访", wordless)
        .await
        .is(422)
        .shows("请填写还有什么没解决");
    qian.does("记录回访", &UNSOLVED)
        .await
        .shows("退回城南社区核查");
    assert_eq!(town.number(&solved).await, 0, "the matter is open again");

    let li = town.sign_in("community secretary").await;
    li.opens("/").await.shows("下水道堵塞");
    let page = li.opens(&path).await;
    page.shows("(待重新核查)")
        .shows("群众反映未解决：雨天还是冒水。")
        .shows("重启前街道评价");
    let failed = [
        ("核查结果", "不通过"),
        ("不通过时，谁返工", "供水公司"),
        ("看到的情况", "雨后井口又冒水。"),
    ];
    li.does("核查", &failed).await.shows("返工中");
    let again = [("处理结果", "换了主管道，试水两小时。")];
    town.acts("water clerk", &path, "反馈", &again).await;
    assert_eq!(town.visits_in("waiting").await, 0);
    town.acts("street checker", &path, "核查", &[("核查结果", "通过")])
        .await
        .shows("(待评价)");

    // Rated anew, asked anew.
    town.acts("street dispatcher", &path, "评价", &marks("3"))
        .await;
    town.acts("community secretary", &path, "评价", &marks("2"))
        .await;
    let close = [("办结结果", "问题已解决")];
    town.acts("street dispatcher", &path, "办结", &close)
        .await
        .shows("(已办结)");
    assert_eq!(town.number(&solved).await, 1);
    let second = qian.opens(&town.waiting_visit().await).await;
    second.shows("第 2 轮").shows("换了主管道");
    qian.does("记录回访", &SOLVED).await;
    let street = town.sign_in("street dispatcher").await.opens(&path).await;
    street.shows("没有解决，不满意").shows("解决了，满意");
}

#[tokio::test]
async fn what_is_still_to_be_asked_waits_for_the_next_check() {
    let town = Town::raise().await;
    let path = town.told_whistle(Step::FedBack).await;
    // A second matter behind the same whistle, told by somebody else.
    let matter = town.raised("井盖松动").await;
    let whistle = path.trim_start_matches("/whistles/");
    town.sql(&format!(
        "update matters set teller_name_mask = '赵*', stage = 'whistled' where tenant_id = '{0}' and id = '{matter}';
         insert into whistle_matters (tenant_id, whistle_id, matter_id) values ('{0}', '{whistle}', '{matter}')",
        town.tenant
    ))
    .await;
    town.judge(&path, Step::Checked).await;
    let qian = town.sign_in("city office").await;
    let list = qian.opens("/visits").await;
    list.shows("共 2 件").shows("井盖松动").shows("赵*");
    let links: Vec<String> = ["下水道堵塞", "井盖松动"]
        .map(|title| list.link(title))
        .into();
    qian.opens(&links[1]).await;
    let page = qian.submit("生成回访链接", &[]).await;
    let link = page.words_at(".token");
    let link = format!("/r/{}", link.split_once("/r/").unwrap().1);
    qian.opens(&links[0]).await;
    qian.does("记录回访", &UNSOLVED).await;
    let other = qian.opens(&links[1]).await;
    other.shows("(已失效)").shows("核查通过后再回访");
    town.visitor()
        .get(&link)
        .await
        .is(410)
        .shows("这件事正在重新办");
}

#[tokio::test]
async fn who_handled_or_judged_does_not_ask_and_who_asked_does_not_judge() {
    let town = Town::raise().await;
    let path = town.told_whistle(Step::Checked).await;
    let visit = town.waiting_visit().await;
    let answer = [
        ("version", "1"),
        ("reached", "yes"),
        ("answer", "solved"),
        ("feeling", "satisfied"),
    ];
    for called in [
        "street checker",
        "community secretary",
        "water clerk",
        "street dispatcher",
        "city leader",
        "grid chief",
    ] {
        let person = town.sign_in(called).await;
        person.post(&visit, &answer).await.is(403);
        person.post(&format!("{visit}/link"), &[]).await.is(403);
        person
            .post(&format!("{visit}/unmasking"), &[])
            .await
            .is(403);
    }
    // The checker moves to the city office: the person counts, not the post.
    let (tenant, checker) = (town.tenant, town.seat("street checker").clone());
    let office = town.seat("city office").clone();
    town.sql(&format!(
        "update appointments set to_day = from_day + 1 where tenant_id = '{tenant}' and id = '{}';
         insert into appointments values ('{tenant}', '{}', '{}', '{}', date '{}' - 10, null)",
        office.appointment,
        Uuid::now_v7(),
        office.post,
        checker.person,
        town.now().date_naive()
    ))
    .await;
    let wu = town.sign_in("street checker").await;
    wu.opens("/posts").await;
    wu.does("以此职务办事", &[]).await;
    let page = wu.opens(&visit).await;
    page.shows("须请他人回访");
    assert!(!page.has_button("记录回访"));
    wu.post(&visit, &answer).await.is(409).shows("须请他人回访");
    assert_eq!(town.visits_in("waiting").await, 1);
    let whistle = path.trim_start_matches("/whistles/").parse().unwrap();
    let lead = town.assignment(whistle).await;
    let mut app = Sql::app().await;
    let hand = town.visit_try(&visit, whistle, "street checker");
    assert_eq!(app.is_refused(tenant, &hand).await, "visitor_is_neutral");
    let hand = town.visit_try(&visit, whistle, "city office");
    app.does(tenant, &hand).await;
    let step = town.doer("city office").handles(whistle, lead);
    assert_eq!(app.is_refused(tenant, &step).await, "handler_never_judges");
}

impl Town {
    async fn assignment(&self, whistle: Uuid) -> Uuid {
        let ids = Sql::owner()
            .await
            .column(&format!(
                "select id::text from assignments where tenant_id = '{}' and whistle_id = '{whistle}' and role = 'lead'",
                self.tenant
            ))
            .await;
        ids[0].parse().unwrap()
    }

    /// A call written by hand.
    fn visit_try(&self, visit: &str, whistle: Uuid, called: &str) -> String {
        let (seat, office) = (self.seat(called), self.seat("city office"));
        format!(
            "insert into visit_tries values ('{}', '{}', '{whistle}', '{}', 1, false, '', '{}', '{}', 'city_office', '{}')",
            self.tenant,
            Uuid::now_v7(),
            visit.trim_start_matches("/visits/"),
            seat.person,
            office.post,
            self.now()
        )
    }
}

#[tokio::test]
async fn the_database_keeps_the_residents_word() {
    let town = Town::raise().await;
    town.told_whistle(Step::Checked).await;
    let id = town.waiting_visit().await;
    let id = id.trim_start_matches("/visits/");
    let (tenant, now) = (town.tenant, town.now());
    let mut app = Sql::app().await;
    let update = |what: &str| {
        format!("update visits set {what} where tenant_id = '{tenant}' and id = '{id}'")
    };
    for (what, rule) in [
        (
            format!("state = 'unreachable', ended_at = '{now}'"),
            "visits_three_tries",
        ),
        (
            format!(
                "state = 'answered', ended_at = '{now}', feeling = 'satisfied', words = '', way = 'link'"
            ),
            "visits_answered",
        ),
        ("feeling = 'satisfied'".to_owned(), "visits_answered"),
        (
            format!(
                "state = 'answered', ended_at = '{now}', answer = 'solved', feeling = 'satisfied', words = '', way = 'desk'"
            ),
            "visits_recorder",
        ),
    ] {
        assert_eq!(app.is_refused(tenant, &update(&what)).await, rule, "{what}");
    }
    let answer = format!(
        "state = 'answered', ended_at = '{now}', answer = 'partly', feeling = 'basically', words = '', way = 'link'"
    );
    app.does(tenant, &update(&answer)).await;
    let again = update("answer = 'solved'");
    assert_eq!(app.is_refused(tenant, &again).await, "visits_ended_fixed");
}

#[tokio::test]
async fn a_button_pressed_twice_acts_once_and_two_at_once_do_not_both_win() {
    let town = Town::raise().await;
    town.told_whistle(Step::Checked).await;
    let visit = town.waiting_visit().await;
    let qian = town.sign_in("city office").await;
    qian.opens(&visit).await;
    let form = qian.page().form("记录回访", &[("接通了吗", "未接通")]);
    qian.send_form(&form).await.is(303);
    qian.send_form(&form).await.is(303);
    qian.opens(&visit).await.shows("第 1 次");
    assert!(!qian.page().says("第 2 次"), "{}", qian.page().text());
    // Another colleague's page is older than the first call.
    let mut stale = form.clone();
    stale.set("once", "");
    qian.send_form(&stale)
        .await
        .is(409)
        .shows("刚有人记过这件回访");
    qian.opens(&visit).await;
    let form = qian.page().form("记录回访", &SOLVED);
    let mut other = form.clone();
    other.set("once", "");
    let answers = all_at_once([qian.send_form(&form), qian.send_form(&other)]).await;
    let mut statuses: Vec<u16> = answers.iter().map(Page::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
}

#[tokio::test]
async fn the_same_trouble_in_the_same_building_is_put_before_the_street() {
    let town = Town::raise_at(NOON).await;
    let path = town.told_whistle(Step::Closed).await;
    town.passes(Duration::days(29));
    let he = town.sign_in("building chief").await;
    let matter = he.files(&[("金源小区1号楼", "整栋楼")], &[]).await;
    let wang = town.sign_in("street dispatcher").await;
    let desk = wang.opens("/").await;
    desk.shows("决定").shows("办结后同楼或附近又有同类事项");
    let page = wang.opens(&path).await;
    page.shows("办结后同楼或 50 米内又有同类事项")
        .shows("办结后 30 天内，同一楼栋又报");
    assert!(!page.says("没有要办的"), "there is something to decide");
    town.sign_in("water clerk")
        .await
        .opens(&path)
        .await
        .never_names("决定是否重启");
    let proposal = page.link("决定是否重启");
    for called in ["community secretary", "street deputy", "city office"] {
        town.sign_in(called).await.get(&proposal).await.is(403);
    }
    town.sign_in("other dispatcher")
        .await
        .get(&proposal)
        .await
        .is(404);
    wang.opens(&proposal).await.shows("同楼");
    wang.submit("作出决定", &[])
        .await
        .is(422)
        .shows("请选择重启还是不重启");
    wang.submit("作出决定", &[("怎么办", "不重启")])
        .await
        .is(422)
        .shows("请填写不重启的理由");
    wang.opens(&proposal).await;
    let form = wang.page().form("作出决定", &[("怎么办", "重启哨单")]);
    wang.send_form(&form).await.is(303);
    wang.send_form(&form).await.is(303);
    wang.opens(&proposal).await.shows("已决定重启");
    let page = wang.opens(&path).await;
    page.shows("(待重新核查)").shows("同一楼栋同类问题复发");
    wang.opens(&matter).await.shows("(已吹哨)");
    assert!(!wang.opens("/").await.says("决定"), "it is decided");
    let li = town.sign_in("community secretary").await;
    li.opens(&path).await;
    li.does("核查", &[("核查结果", "通过")])
        .await
        .shows("(待评价)");
}

#[tokio::test]
async fn the_street_may_say_why_it_is_something_else() {
    let town = Town::raise_at(NOON).await;
    let path = town.told_whistle(Step::Closed).await;
    let he = town.sign_in("building chief").await;
    he.files(&[("金源小区1号楼", "整栋楼")], &[]).await;
    let wang = town.sign_in("street dispatcher").await;
    let proposal = wang.opens(&path).await.link("决定是否重启");
    wang.opens(&proposal).await;
    let decline = [
        ("怎么办", "不重启"),
        ("不重启的理由", "是另一根支管，另行处置。"),
    ];
    wang.does("作出决定", &decline)
        .await
        .shows("已决定不重启：是另一根支管");
    wang.opens(&path)
        .await
        .shows("(已办结)")
        .shows("是另一根支管，另行处置。");
}

#[tokio::test]
async fn what_is_elsewhere_or_long_ago_has_not_come_again() {
    let town = Town::raise_at(NOON).await;
    town.told_whistle(Step::Closed).await;
    let proposals = format!(
        "select count(*) from reopen_proposals where tenant_id = '{}'",
        town.tenant
    );
    // Outdoors, and in another building: nobody has said where either of them stands.
    let zhu = town.sign_in("grid chief").await;
    zhu.files(&[("楼栋", "室外")], &[]).await;
    zhu.files(&[("楼栋", "金源小区2号楼")], &[]).await;
    assert_eq!(town.number(&proposals).await, 0);
    town.passes(Duration::days(31));
    let he = town.sign_in("building chief").await;
    he.files(&[("金源小区1号楼", "整栋楼")], &[]).await;
    assert_eq!(town.number(&proposals).await, 0);
}

#[tokio::test]
async fn the_three_rates_say_their_n() {
    let town = Town::raise_at(NOON).await;
    let qian = town.sign_in("city office").await;
    for (count, fields) in [(3, &SOLVED[..]), (2, &UNSOLVED[..])] {
        for _ in 0..count {
            town.told_whistle(Step::Checked).await;
            qian.opens(&town.waiting_visit().await).await;
            qian.does("记录回访", fields).await;
        }
        if count == 3 {
            qian.opens("/visits").await.shows("样本不足");
            town.sign_in("city leader")
                .await
                .opens("/")
                .await
                .shows("近 30 天有效 3 件，样本不足，不算比率");
        }
    }
    let list = qian.opens("/visits").await;
    list.shows("60.0 %").shows("3 件，有效 5 件");
    qian.opens("/visits/departments")
        .await
        .costs_at_most(3)
        .shows("| 供水公司 | 5 | 3 | 3 | 0 | 100.0% | 60.0% | 60.0%");
    let leader = town.sign_in("city leader").await;
    leader
        .opens("/")
        .await
        .costs_at_most(4)
        .shows("近 30 天有效 5 件：响应率 100.0%，解决率 60.0%，满意率 60.0%");
    heard_nothing_of_last_month(&town, &leader).await;
}

#[tokio::test]
async fn only_who_reported_in_in_time_has_responded() {
    let town = Town::raise_at("2026-11-23T01:00:00Z").await;
    let late = town.whistle("日常哨", Step::Sounded).await;
    town.passes(Duration::days(3));
    town.handle(&late, Step::FedBack).await;
    town.told_by("true", (TELLER.0, "")).await;
    town.judge(&late, Step::Closed).await;
    let qian = town.sign_in("city office").await;
    qian.opens(&town.waiting_visit().await).await;
    qian.does("记录回访", &SOLVED).await;
    for _ in 0..4 {
        town.told_whistle(Step::Checked).await;
        qian.opens(&town.waiting_visit().await).await;
        qian.does("记录回访", &SOLVED).await;
    }
    qian.opens("/visits")
        .await
        .shows("80.0 %")
        .shows("4 件，有效 5 件");
    qian.opens("/visits?state=answered&lately=1&responded=1")
        .await
        .shows("共 4")
        .shows("部门按时报到");
    qian.opens("/visits/departments")
        .await
        .shows("| 供水公司 | 5 | 5 | 5 | 0 | 80.0% | 100.0% | 100.0%")
        .shows("是否按时报到");
    let leader = town.sign_in("city leader").await;
    leader.opens("/").await.shows("响应率 80.0%");

    // The breach stays a fact; what is not counted is not counted here either.
    let why = [("超时原因", "天气"), ("理由", "暴雪封路两天。")];
    let form = format!("{late}/requests/new?kind=appeal");
    town.acts("water clerk", &form, "超时申诉", &why).await;
    let request = town
        .text(&format!(
            "select id::text from requests where tenant_id = '{}'",
            town.tenant
        ))
        .await;
    let granted = [("怎样答复", "不计入考核"), ("答复意见", "气象记录属实。")];
    let decision = format!("{late}/requests/{request}");
    town.acts("street deputy", &decision, "作出答复", &granted)
        .await;
    leader.opens("/").await.shows("响应率 100.0%");
    qian.opens("/visits?state=answered&lately=1&responded=1")
        .await
        .shows("共 5");
}

async fn heard_nothing_of_last_month(town: &Town, leader: &Person) {
    town.passes(Duration::days(32));
    let leader_again = town.sign_in("city leader").await;
    leader_again
        .opens("/")
        .await
        .shows("近 30 天有效 0 件，样本不足");
    leader.get("/visits").await.is_one_of(&[200, 303]);
}

#[tokio::test]
async fn bad_input_gets_a_sentence() {
    let town = Town::raise().await;
    town.told_whistle(Step::Checked).await;
    let visit = town.waiting_visit().await;
    let qian = town.sign_in("city office").await;
    qian.opens(&visit).await;
    qian.submit("记录回访", &[])
        .await
        .is(422)
        .shows("请选择接通了没有");
    qian.opens(&visit).await;
    let long = "字".repeat(501);
    let mut fields = UNSOLVED.to_vec();
    fields[3].1 = &long;
    qian.submit("记录回访", &fields)
        .await
        .is(422)
        .shows("最多 500 个字");
    qian.post(&visit, &[("reached", "yes")]).await.is(400);
    qian.get("/visits?state=nothing").await.is(400);
    qian.get("/visits/nothing").await.is(404);
    qian.get(&format!("/visits/{}", Uuid::now_v7()))
        .await
        .is(404);
    let other = Town::raise().await;
    other.sign_in("city office").await.get(&visit).await.is(404);
}
