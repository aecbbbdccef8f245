//! Topics (每月一题): what comes again and again is proposed, taken up with a department in the lead and
//! three lists, concluded by the city's office, and seen before and after; every number equals its list.

use std::collections::BTreeMap;

use chrono::Duration;
use uuid::Uuid;

use crate::harness::{Page, Person, Sql, Town};
use crate::rules::figures::compare;

/// Monday, nine in the morning.
const MORNING: &str = "2026-11-23T01:00:00Z";

const TAKEN_UP: [(&str, &str); 3] = [
    ("办结标准", "三个月内同一网格不再重复发生。"),
    ("牵头部门", "供水公司"),
    ("配合部门 1", "住房和城乡建设局"),
];

impl Town {
    /// Matters of one class in one house, a minute after one another.
    async fn troubles(&self, how_many: usize) {
        for _ in 0..how_many {
            self.raised("路灯不亮").await;
            self.passes(Duration::minutes(1));
        }
    }

    /// A matter of another class or at another place, filed at an instant.
    async fn trouble(&self, class: &str, node: &str, at: &str) {
        let (tenant, place) = (self.tenant, self.node(node));
        let finder = self.seat("unit chief");
        self.sql(&format!(
            "insert into matters (tenant_id, id, number, class_code, title, detail, place_id, place_level, place_code,
                                  spot, filed_at, filed_by, filed_post, stage, waiting_since)
             select '{tenant}', '{id}', 'T-{id}', '{class}', '反复的事', '', n.id, n.level, n.code, '', '{at}',
                    '{}', '{}', 'filed', '{at}'
               from nodes n where n.tenant_id = '{tenant}' and n.id = '{place}'",
            finder.person,
            finder.post,
            id = Uuid::now_v7(),
        ))
        .await;
    }

    /// A topic about the garden's grid, led by the water company and helped by housing; its path.
    async fn taken_up(&self) -> String {
        self.troubles(3).await;
        let office = self.sign_in("city office").await;
        office.opens("/topics").await;
        office.follows("立题").await;
        let page = office.does("立题", &TAKEN_UP).await;
        page.shows("已立题，牵头部门已收到消息。");
        bare(&page)
    }

    /// The same, with a task of each department in its lists and the scheme handed in.
    async fn under_way(&self) -> String {
        let path = self.taken_up().await;
        let clerk = self.sign_in("water clerk").await;
        for (list, words, department, day) in [
            ("task", "更换老旧路灯线路", "water", "2026-12-31"),
            ("duty", "小区路灯由物业科长期负责", "housing", ""),
        ] {
            let department = self.department(department).to_string();
            clerk.opens(&path).await;
            let fields = [
                ("list", list),
                ("words", words),
                ("department", department.as_str()),
                ("day", day),
            ];
            clerk.does("列入清单", &fields).await.shows("已列入清单。");
        }
        clerk.opens(&path).await;
        clerk
            .does("报送方案", &[("words", "先换线路，再定管护责任。")])
            .await
            .shows("推进中");
        path
    }
}

fn bare(page: &Page) -> String {
    page.path.split('?').next().unwrap_or_default().to_owned()
}

/// Insists that each number of a page that opens a list is its length; says how many there are.
async fn adds_up(person: &Person, path: &str) -> usize {
    let page = person.opens(path).await;
    let (_, wrong) = compare(person, &page, &mut BTreeMap::new(), 1).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    page.all_words_at("main a[href^=\"/matters?\"]").len()
}

/// The titles of somebody's messages.
async fn heard(town: &Town, called: &str) -> String {
    let inbox = town.sign_in(called).await.opens("/inbox").await;
    inbox.all_words_at("table.inbox .c-title").join("\n")
}

#[tokio::test]
async fn three_in_a_grid_are_proposed_and_the_number_equals_the_list() {
    let town = Town::raise_at(MORNING).await;
    town.troubles(2).await;
    // Of another class, and in another grid: neither makes it three.
    town.trouble("01-13", "door 1", MORNING).await;
    town.trouble("05-03", "old house", MORNING).await;
    let office = town.sign_in("city office").await;
    office
        .opens("/topics")
        .await
        .costs_at_most(3)
        .shows("没有可立题的高频问题");
    town.troubles(1).await;
    office
        .opens("/topics")
        .await
        .shows("现有 1 个")
        .shows("慧阳街道 城南社区 金源小区网格")
        .shows("3");
    assert_eq!(adds_up(&office, "/topics").await, 1);
    // Its street and its community see it, another's do not; a department sees no matters.
    for (called, sees) in [
        ("city leader", true),
        ("street dispatcher", true),
        ("community secretary", true),
        ("other dispatcher", false),
        ("north secretary", false),
        ("water clerk", false),
    ] {
        let person = town.sign_in(called).await;
        let page = person.opens("/topics").await;
        assert_eq!(page.says("金源小区网格"), sees, "{called}");
        let offered = page.all_words_at("main .button").join(" ");
        assert!(!offered.contains("立题"), "{called} only reads: {offered}");
        assert_eq!(adds_up(&person, "/topics").await, usize::from(sees));
    }
    let other = Town::raise_at(MORNING).await;
    let stranger = other.sign_in("city office").await;
    stranger.opens("/topics").await.never_names("金源小区网格");
}

#[tokio::test]
async fn the_ninety_days_begin_at_local_midnight() {
    let town = Town::raise_at(MORNING).await;
    // The ninetieth day back is 2026-08-26; it begins at four in the afternoon before, by UTC.
    town.troubles(2).await;
    town.trouble("05-03", "door 2", "2026-08-25T15:59:59Z")
        .await;
    let office = town.sign_in("city office").await;
    office.opens("/topics").await.shows("现有 0 个");
    town.trouble("05-03", "door 2", "2026-08-25T16:00:00Z")
        .await;
    office
        .opens("/topics")
        .await
        .shows("现有 1 个")
        .shows("2026-08-26");
    assert_eq!(adds_up(&office, "/topics").await, 1);
    town.passes(Duration::hours(24));
    let office = town.sign_in("city office").await;
    office.opens("/topics").await.shows("现有 0 个");
}

#[tokio::test]
async fn a_topic_goes_from_proposal_to_conclusion() {
    let town = Town::raise_at(MORNING).await;
    let path = town.under_way().await;
    let office = town.sign_in("city office").await;
    office
        .opens("/topics")
        .await
        .shows("现有 0 个")
        .shows("0/2");
    office
        .opens(&path)
        .await
        .costs_at_most(3)
        .shows("清单各项办完，或者注明不再办后")
        .shows("更换老旧路灯线路");
    // Each department says of its own lines that they are done.
    let clerk = town.sign_in("water clerk").await;
    let page = clerk.opens(&path).await;
    page.shows("先换线路，再定管护责任。");
    let line = town
        .text("select id::text from topic_items where words like '小区路灯%'")
        .await;
    let foreign = page.form("办完一项", &[("item", &line), ("words", "已定。")]);
    let before = town.condensed().await;
    clerk
        .send_form(&foreign)
        .await
        .is(422)
        .shows("请选择还没有办完的事项。")
        .shows("已定。");
    assert_eq!(before, town.condensed().await);
    for (called, words) in [
        ("water clerk", "线路全部更换。"),
        ("housing head", "已写入物业合同。"),
    ] {
        let person = town.sign_in(called).await;
        let page = person.opens(&path).await;
        let own = page
            .attribute("#done-item option:last-child", "value")
            .unwrap();
        let fields = [("item", own.as_str()), ("words", words)];
        let form = page.form("办完一项", &fields);
        let first = person.send_form(&form).await;
        let second = person.send_form(&form).await;
        first.is(303);
        assert_eq!(
            first.location(),
            second.location(),
            "a double click acts once"
        );
        person.opens(&path).await.shows(words);
    }
    office.opens(&path).await;
    office
        .does("结题", &[("words", "三个月没有再发生。")])
        .await
        .shows("已结题")
        .shows("三个月没有再发生。");
    let late = [("version", "7"), ("words", "再来一次。")];
    office
        .post(&format!("{path}/conclusion"), &late)
        .await
        .is(409)
        .shows("已经结题");
    let verbs = town
        .column(&format!(
            "select verb from events where tenant_id = '{}' and subject = 'topic' order by at, id",
            town.tenant
        ))
        .await;
    assert_eq!(
        verbs,
        [
            "take_up_topic",
            "add_topic_item",
            "add_topic_item",
            "hand_in_scheme",
            "finish_topic_item",
            "finish_topic_item",
            "conclude_topic"
        ],
        "one event each act"
    );
}

#[tokio::test]
async fn those_who_work_on_it_are_told() {
    let town = Town::raise_at(MORNING).await;
    let path = town.under_way().await;
    let asked = heard(&town, "water head").await;
    assert!(asked.contains("立题，请报送方案"), "{asked}");
    let helps = heard(&town, "housing clerk").await;
    assert!(helps.contains("列入课题清单，请办理"), "{helps}");
    assert!(helps.contains("报送课题方案，请按清单办理"), "{helps}");
    let office = heard(&town, "city office").await;
    assert!(office.contains("供水公司报送课题方案"), "{office}");
    for called in ["market clerk", "street dispatcher"] {
        let silent = heard(&town, called).await;
        assert!(!silent.contains("课题"), "{called}: {silent}");
    }
    // It leads to the page, which others do not find.
    let market = town.sign_in("market clerk").await;
    market.get(&path).await.is(404);
    market.opens("/topics").await.shows("没有符合条件的课题");
    let abroad = town.sign_in("other dispatcher").await;
    abroad.get(&path).await.is(404);
    let near = town.sign_in("street dispatcher").await;
    assert!(!near.opens(&path).await.has_button("列入清单"));
    let other = Town::raise_at(MORNING).await;
    other.sign_in("city office").await.get(&path).await.is(404);
}

#[tokio::test]
async fn what_was_set_aside_comes_back_with_the_next_matter() {
    let town = Town::raise_at(MORNING).await;
    town.troubles(3).await;
    let office = town.sign_in("city office").await;
    office.opens("/topics").await;
    office.follows("暂不立题").await.shows("3 件");
    let wrong = office.submit("暂不立题", &[("理由", "等")]).await;
    wrong.is(422).shows("理由太短");
    let form = wrong.form("暂不立题", &[("理由", "线路正在更换，先看一个月。")]);
    // One more came since the form was drawn: who has not seen it does not decide.
    town.troubles(1).await;
    office
        .send_form(&form)
        .await
        .is(409)
        .shows("刚又有新的事项")
        .shows("4 件")
        .shows("线路正在更换");
    let form = office.page().form("暂不立题", &[]);
    let first = office.send_form(&form).await;
    let second = office.send_form(&form).await;
    first.is(303);
    assert_eq!(
        first.location(),
        second.location(),
        "a double click acts once"
    );
    office.opens("/topics").await.shows("现有 0 个");
    office
        .get(&form.action.replace("set-aside", "set-aside/new"))
        .await
        .is(404);
    town.troubles(1).await;
    office.opens("/topics").await.shows("现有 1 个").shows("5");
    assert_eq!(adds_up(&office, "/topics").await, 1);
    let kept = "select count(*) from topic_set_asides where reason = '线路正在更换，先看一个月。' and count = 4";
    assert_eq!(
        town.number(&format!("{kept} and tenant_id = '{}'", town.tenant))
            .await,
        1
    );
}

#[tokio::test]
async fn before_and_after_equal_their_lists() {
    let town = Town::raise_at(MORNING).await;
    // The last day before and the first day of the ninety, and one too early; then two afterwards.
    for at in [
        "2026-11-22T15:59:00Z",
        "2026-08-24T16:00:00Z",
        "2026-08-24T15:59:00Z",
        "2026-10-01T02:00:00Z",
    ] {
        town.trouble("05-03", "door 2", at).await;
    }
    let path = town.taken_up().await;
    let office = town.sign_in("city office").await;
    office
        .opens(&path)
        .await
        .shows("立题前 90 天 3 件")
        .shows("立题以来 1 天 3 件，不满 30 天，暂不比较。");
    town.passes(Duration::days(45));
    town.troubles(2).await;
    let office = town.sign_in("city office").await;
    let page = office.opens(&path).await;
    page.shows("立题以来 46 天 5 件，平均每 30 天 3.3 件，多 226%。");
    let counts: Vec<String> = page.all_words_at(".months-table tbody td");
    assert_eq!(counts, ["1", "1", "1", "3", "2"]);
    assert_eq!(adds_up(&office, &path).await, 5);
    // Who sees only a part follows what he sees; a department sees numbers without lists.
    let near = town.sign_in("street dispatcher").await;
    assert_eq!(adds_up(&near, &path).await, 5);
    let clerk = town.sign_in("water clerk").await;
    let page = clerk.opens(&path).await;
    assert_eq!(page.all_words_at(".months-table tbody td"), counts);
    assert_eq!(adds_up(&clerk, &path).await, 0);
}

#[tokio::test]
async fn after_a_conclusion_only_what_comes_later_counts() {
    let town = Town::raise_at(MORNING).await;
    let path = town.under_way().await;
    let office = town.sign_in("city office").await;
    for _ in 0..2 {
        let page = office.opens(&path).await;
        let line = page
            .attribute("#dropped-item option:last-child", "value")
            .unwrap();
        let fields = [("item", line.as_str()), ("words", "并入改造项目。")];
        office.does("不再办一项", &fields).await.shows("不再办");
    }
    office.opens(&path).await;
    office.does("结题", &[("words", "已改造。")]).await;
    town.troubles(1).await;
    office.opens("/topics").await.shows("现有 0 个");
    town.passes(Duration::days(1));
    town.troubles(2).await;
    let office = town.sign_in("city office").await;
    office.opens("/topics").await.shows("现有 0 个");
    town.troubles(1).await;
    office.opens("/topics").await.shows("现有 1 个");
    assert_eq!(adds_up(&office, "/topics").await, 1);
    // The same place may be taken up again, now that the first topic is over.
    office.opens("/topics").await;
    office.follows("立题").await;
    office.does("立题", &TAKEN_UP).await.shows("已立题");
}

#[tokio::test]
async fn a_topic_is_written_freely_for_streets_and_two_do_not_cover_one_place() {
    let town = Town::raise_at(MORNING).await;
    town.troubles(3).await;
    let (garden, street) = (
        format!("at-{}001001001", town.code),
        format!("at-{}001", town.code),
    );
    let office = town.sign_in("city office").await;
    office.opens("/topics/new").await;
    office
        .submit("下一步", &[("class", "05-03")])
        .await
        .is(200)
        .shows("3 件");
    let both = [&TAKEN_UP[..], &[(street.as_str(), "1")]].concat();
    office
        .submit("立题", &both)
        .await
        .is(422)
        .shows("已在所选的街道里")
        .shows("三个月内同一网格不再重复发生。");
    let nowhere = office.page();
    let mut form = nowhere.form("立题", &[]);
    form.fields.retain(|(name, _)| !name.starts_with("at-"));
    office
        .send_form(&form)
        .await
        .is(422)
        .shows("请至少选择一个网格或街道。");
    form.fields.push((street.clone(), "1".to_owned()));
    form.set("month", "2026-09");
    office.send_form(&form).await.is(422).shows("请选择月份。");
    form.set("month", "2027-02");
    form.set("with-2", &town.department("water").to_string());
    office
        .send_form(&form)
        .await
        .is(422)
        .shows("配合部门不能重复");
    form.set("with-2", "");
    form.set("title", "");
    office.send_form(&form).await.is(422).shows("请填写题目。");
    form.set("title", "全街路灯");
    let done = office.send_form(&form).await;
    done.is(303);
    let path = done.location().split('?').next().unwrap().to_owned();
    office
        .opens(&path)
        .await
        .shows("慧阳街道全部")
        .shows("2027 年 2 月");
    office
        .opens("/topics")
        .await
        .shows("没有符合条件的课题")
        .shows("现有 0 个");
    office.opens("/topics?year=2027").await.shows("全街路灯");
    // The grid lies in the street; a form drawn before says so.
    let mut late = form.clone();
    late.fields
        .retain(|(name, _)| name != &street && name != "once");
    late.fields.push((garden, "1".to_owned()));
    office.send_form(&late).await.is(422).shows("不在可选之列");
    let mut twice = form;
    twice.fields.retain(|(name, _)| name != "once");
    office
        .send_form(&twice)
        .await
        .is(422)
        .shows("慧阳街道已在这一类的另一个课题里");
    office.opens(&path).await;
    office
        .does("撤题", &[("words", "并入全市改造。")])
        .await
        .shows("已撤题");
    office.opens("/topics").await.shows("现有 1 个");
}

#[tokio::test]
async fn bad_forms_are_answered_in_sentences_and_change_nothing() {
    let town = Town::raise_at(MORNING).await;
    let path = town.taken_up().await;
    let clerk = town.sign_in("water clerk").await;
    let water = town.department("water").to_string();
    let market = town.department("market").to_string();
    clerk.opens(&path).await.shows("任务清单列出至少一项后");
    let before = town.condensed().await;
    let good = [
        ("version", "1"),
        ("list", "task"),
        ("words", "更换线路"),
        ("department", water.as_str()),
        ("day", "2026-12-31"),
    ];
    for (field, value, sentence) in [
        ("list", "everything", "请选择哪张清单。"),
        ("words", "", "请填写内容。"),
        (
            "department",
            market.as_str(),
            "请从牵头、配合部门里选择责任部门。",
        ),
        ("day", "", "完成日期写成 2026-11-23 这样的日期。"),
        ("day", "2026-11-22", "完成日期要在今天 2026-11-23 至"),
        ("day", "2226-11-22", "完成日期"),
    ] {
        let fields = good.map(|(n, v)| (n, if n == field { value } else { v }));
        let page = clerk.post(&format!("{path}/items"), &fields).await;
        page.is(422).shows(sentence);
    }
    let old = good.map(|(n, v)| (n, if n == "version" { "0" } else { v }));
    clerk
        .post(&format!("{path}/items"), &old)
        .await
        .is(409)
        .shows("刚有人办过这件事");
    let early = [("version", "1"), ("words", "先看方案。")];
    clerk
        .post(&format!("{path}/scheme"), &early)
        .await
        .is(409)
        .shows("任务清单列出至少一项后");
    clerk
        .post(&format!("{path}/conclusion"), &early)
        .await
        .is(403);
    let helper = town.sign_in("housing clerk").await;
    helper
        .post(&format!("{path}/items"), &good)
        .await
        .is(409)
        .shows("当前职务不能办这一步");
    let stranger = town.sign_in("market clerk").await;
    stranger.post(&format!("{path}/items"), &good).await.is(404);
    let office = town.sign_in("city office").await;
    office
        .post(&format!("{path}/conclusion"), &early)
        .await
        .is(409)
        .shows("报送方案后");
    for (address, status) in [
        ("/topics/set-aside/new?class=05-03&place=1", 404),
        ("/topics/set-aside/new", 404),
        ("/topics?year=99999&stage=none", 200),
        ("/topics/new?class=%00", 400),
    ] {
        office.get(address).await.is(status);
    }
    assert_eq!(before, town.condensed().await);
}

#[tokio::test]
async fn title_month_and_goal_are_amended_until_it_is_over() {
    let town = Town::raise_at(MORNING).await;
    let path = town.taken_up().await;
    let office = town.sign_in("city office").await;
    office.opens(&path).await;
    office.follows("修改课题").await;
    let form = office.page().form("保存", &[("题目", "老小区路灯")]);
    office
        .submit("保存", &[("题目", "老"), ("月份", "2026 年 12 月")])
        .await
        .is(422)
        .shows("题目太短");
    office
        .does("保存", &[("题目", "老旧小区路灯")])
        .await
        .shows("已修改课题。")
        .shows("2026 年 12 月");
    office
        .send_form(&form)
        .await
        .is(409)
        .shows("刚有人办过这件事");
    office.opens(&path).await.shows("老旧小区路灯");
    let lead = heard(&town, "water head").await;
    assert!(lead.contains("修改课题"), "{lead}");
}

#[tokio::test]
async fn the_database_keeps_who_worked_from_concluding() {
    let town = Town::raise_at(MORNING).await;
    let path = town.under_way().await;
    let id = path.rsplit('/').next().unwrap();
    let worker = town.seat("water clerk").person;
    let end = |stage: &str, by: Uuid| {
        format!(
            "update topics set stage = '{stage}', ended_at = '{MORNING}', ended_by = '{by}', ended_words = '办成了。'
              where tenant_id = '{}' and id = '{id}'",
            town.tenant
        )
    };
    let mut app = Sql::app().await;
    assert_eq!(
        app.is_refused(town.tenant, &end("concluded", worker)).await,
        "doer_never_concludes"
    );
    let office = town.seat("city office").person;
    app.does(town.tenant, &end("concluded", office)).await;
    let more = format!(
        "update topic_items set dropped = true, done_at = '{MORNING}', done_by = '{office}', done_words = '不办了。'
          where tenant_id = '{}' and topic_id = '{id}'",
        town.tenant
    );
    assert_eq!(app.is_refused(town.tenant, &more).await, "topic_is_over");
}

#[tokio::test]
async fn the_list_is_taken_along() {
    let town = Town::raise_at(MORNING).await;
    town.under_way().await;
    let office = town.sign_in("city office").await;
    let sheet = office.get("/topics.csv?year=2026").await;
    sheet.is(200);
    sheet.shows("供水公司");
    office.get("/topics.xlsx").await.is(200);
    let recorded = format!(
        "select count(*) from events where tenant_id = '{}' and verb = 'export' and sentence = '导出每月一题，1 行。'",
        town.tenant
    );
    assert_eq!(town.number(&recorded).await, 2);
}
