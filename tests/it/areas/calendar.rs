//! The calendar: the year for everybody, changes with what they move, the notice of the next year.

use chrono::Duration;

use crate::harness::{Step, Town, all_at_once};

/// Monday noon.
const NOON: &str = "2026-11-23T04:00:00Z";

const SNOW: [(&str, &str); 4] = [
    ("从哪天", "2026-11-24"),
    ("改成", "休，不上班"),
    ("名称", "暴雪停工"),
    ("依据", "市政府 11-23 通知"),
];
const LOOK: &str = "先看会动哪些时限";
const APPLY: &str = "照这样改并通知";

/// What 2027 may look like.
const NOTICE: &str = "国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。10月9日（周六）上班。";

impl Town {
    /// The due time of the one running clock of a stage, as the office reads it.
    async fn due_of(&self, stage: &str) -> String {
        let query = format!(
            "select min(to_char(due_at at time zone 'Asia/Shanghai', 'MMDDHH24MI')::bigint)
               from clocks where tenant_id = '{}' and stage = '{stage}'",
            self.tenant
        );
        format!("{:08}", self.number(&query).await)
    }

    async fn count(&self, what: &str) -> i64 {
        let of = format!(
            "select count(*) from {what} and tenant_id = '{}'",
            self.tenant
        );
        self.number(&of).await
    }
}

#[tokio::test]
async fn everybody_with_the_chain_reads_the_year_and_only_two_may_change_it() {
    let town = Town::raise_at(NOON).await;
    for called in [
        "street dispatcher",
        "water clerk",
        "grid chief",
        "city leader",
    ] {
        let person = town.sign_in(called).await;
        let page = person.opens("/calendar").await;
        page.costs_at_most(3);
        page.shows("工作日历 2026 年")
            .shows("248 个工作日，依据国务院办公厅关于 2026 年部分节假日安排的通知")
            .shows("2027 年放假安排还没有录入。")
            .shows("不看日历，按自然时间")
            .shows("08:30–12:00，13:00–17:30")
            .shows("10-01 至次年 04-30，8 小时");
        assert_eq!(page.all_words_at("table.month").len(), 12);
        assert_eq!(page.all_words_at("td.off").len(), 33);
        assert_eq!(page.all_words_at("td.makeup").len(), 6);
        assert_eq!(page.words_at("td[aria-current]"), "23今天");
        assert!(
            !page.has_button(LOOK) && !page.says("粘贴通知原文"),
            "{called}"
        );
        person.get("/calendar/edit?what=days").await.is(403);
        person.get("/calendar/notice").await.is(403);
        person
            .post("/calendar/edit", &[("what", "days")])
            .await
            .is(403);
        person.post("/calendar/notice/entry", &[]).await.is(403);
    }
    for called in ["city office", "system admin"] {
        let page = town.sign_in(called).await.opens("/calendar").await;
        assert!(
            page.has_button(LOOK) && page.says("粘贴通知原文"),
            "{called}"
        );
    }
    for called in ["audit admin", "security admin"] {
        town.sign_in(called).await.get("/calendar").await.is(403);
    }
}

#[tokio::test]
async fn a_year_that_is_unknown_is_told_in_words() {
    let town = Town::raise_at(NOON).await;
    let office = town.sign_in("city office").await;
    office.opens("/calendar").await;
    let page = office.follows("2027 年").await;
    page.shows("2027 年哪天上班还不知道").shows("不按周末推算");
    assert_eq!(page.all_words_at("table.month").len(), 0);
    office
        .opens("/calendar?year=2025")
        .await
        .shows("248 个工作日");
    for bad in ["1999", "x", "20260"] {
        office
            .get(&format!("/calendar?year={bad}"))
            .await
            .is(400)
            .shows("年份不对");
    }
    let warning = "2027 年放假安排还没有录入";
    office.opens("/").await.shows(warning);
    town.sign_in("system admin")
        .await
        .opens("/")
        .await
        .shows(warning);
    assert!(
        !town
            .sign_in("city leader")
            .await
            .opens("/")
            .await
            .says(warning)
    );
    let october = Town::raise_at("2026-10-31T04:00:00Z").await;
    let desk = october.sign_in("city office").await.opens("/").await;
    assert!(!desk.says(warning), "the notice comes in November");
}

#[tokio::test]
async fn a_change_is_seen_before_it_is_made() {
    let town = Town::raise_at(NOON).await;
    let path = town.whistle("日常哨", Step::Sounded).await;
    assert_eq!(town.due_of("report").await, "11241730");
    let office = town.sign_in("city office").await;
    office.opens("/calendar").await;
    let before = town.condensed().await;
    let preview = office.submit(LOOK, &SNOW).await;
    preview
        .is(200)
        .shows("11-24 改为休")
        .shows("暴雪停工，市政府 11-23 通知。全年工作日 248 变 247")
        .shows("1 件在办的时限会变")
        .shows("都是 17:30 到期")
        .shows("报到等 6 个时限");
    assert_eq!(preview.link("下水道堵塞"), path);
    assert_eq!(preview.words_at("td.move"), "11-24 →改到 11-25");
    assert_eq!(preview.words_at("td.changed"), "24改");
    assert_eq!(town.condensed().await, before, "looking changes nothing");
    let done = office.does(APPLY, &[]).await;
    done.shows(
        "11-24 改为休（暴雪停工，市政府 11-23 通知），原为 11-24 工作日，1 件在办的时限已改。",
    )
    .shows("247 个工作日")
    .shows("本市自己改的日子");
    assert_eq!(town.due_of("report").await, "11251730");
    assert_eq!(
        town.due_of("sign").await,
        "11231700",
        "it ends before the snow"
    );
    assert_eq!(
        town.count("events where subject = 'calendar' and verb = 'calendar'")
            .await,
        1
    );

    // And back again, by the row of the day.
    office.opens("/calendar").await;
    let back = office.follows("恢复通知原样").await;
    back.shows("11-24 恢复通知原样")
        .shows("全年工作日 247 变 248");
    office.does(APPLY, &[]).await.shows("248 个工作日");
    assert_eq!(town.due_of("report").await, "11241730");
    assert_eq!(town.count("calendar_days where true").await, 0);
}

#[tokio::test]
async fn what_is_late_or_ended_does_not_move() {
    let town = Town::raise_at(NOON).await;
    town.whistle("日常哨", Step::Closed).await;
    town.whistle("日常哨", Step::Sounded).await;
    town.passes(Duration::hours(30));
    let office = town.sign_in("city office").await;
    let times = |stage: &str| {
        format!(
            "select coalesce(sum(extract(epoch from due_at))::bigint, 0) from clocks
              where tenant_id = '{}' and ({stage})",
            town.tenant
        )
    };
    let (now, late) = (
        town.now(),
        "due_at < '2026-11-24T10:00:00Z' or stopped_at is not null",
    );
    let fixed = town.number(&times(late)).await;
    let open = town
        .number(&times("stage = 'first_feedback' and stopped_at is null"))
        .await;
    assert!(
        now > "2026-11-24T09:30:00Z"
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
    );
    office.opens("/calendar").await;
    let snow = [("从哪天", "2026-11-25"), SNOW[1], SNOW[2], SNOW[3]];
    let preview = office.submit(LOOK, &snow).await;
    preview
        .shows("1 件在办的时限会变")
        .shows("首次反馈等 4 个时限")
        .shows("已办结哨单 1 件");
    office.does(APPLY, &[]).await;
    assert_eq!(town.number(&times(late)).await, fixed);
    let moved = town
        .number(&times("stage = 'first_feedback' and stopped_at is null"))
        .await;
    assert_eq!(
        moved - open,
        2 * 24 * 3600,
        "both departments have a day more"
    );
}

#[tokio::test]
async fn of_two_at_once_the_second_sees_the_new_calendar() {
    let town = Town::raise_at(NOON).await;
    town.whistle("日常哨", Step::Sounded).await;
    let (office, admin) = (
        town.sign_in("city office").await,
        town.sign_in("system admin").await,
    );
    office.opens("/calendar").await;
    office.submit(LOOK, &SNOW).await.is(200);
    admin.opens("/calendar").await;
    let next = [("从哪天", "2026-11-25"), SNOW[1], SNOW[2], SNOW[3]];
    let seen = admin.submit(LOOK, &next).await;
    seen.is(200).never_names("下水道堵塞");
    assert_eq!(seen.words_at("table.moves th"), "哨单 首次反馈等 4 个时限");
    office.does(APPLY, &[]).await;
    let stale = admin.submit(APPLY, &[]).await;
    stale
        .is(409)
        .shows("刚有人改过日历")
        .shows("报到等 6 个时限");
    assert_eq!(
        town.due_of("report").await,
        "11251730",
        "nothing was changed twice"
    );
    admin.does(APPLY, &[]).await;
    assert_eq!(town.due_of("report").await, "11261730");
}

#[tokio::test]
async fn a_double_click_changes_once() {
    let town = Town::raise_at(NOON).await;
    let office = town.sign_in("city office").await;
    office.opens("/calendar").await;
    let preview = office.submit(LOOK, &SNOW).await;
    let form = preview.form(APPLY, &[]);
    let answers = all_at_once([office.send_form(&form), office.send_form(&form)]).await;
    for answer in answers {
        answer.goes_to("/calendar?year=2026&done=1");
    }
    assert_eq!(town.count("events where subject = 'calendar'").await, 1);
    assert_eq!(
        town.number(&format!(
            "select version::bigint from calendar_rules where tenant_id = '{}'",
            town.tenant
        ))
        .await,
        2
    );
}

#[tokio::test]
async fn wrong_changes_are_told_and_change_nothing() {
    let town = Town::raise_at(NOON).await;
    let office = town.sign_in("city office").await;
    let before = town.condensed().await;
    let with = |fields: &[(&'static str, &'static str)]| {
        let mut all: Vec<(&str, &str)> = SNOW.to_vec();
        for (name, value) in fields {
            all.retain(|(n, _)| n != name);
            all.push((name, value));
        }
        all
    };
    for (fields, said) in [
        (
            with(&[("从哪天", "2026-12-02"), ("到哪天", "2026-12-01")]),
            "到哪天比从哪天还早",
        ),
        (
            with(&[("从哪天", "2026-01-01"), ("到哪天", "2026-12-31")]),
            "改完以后全年没有一个工作日",
        ),
        (
            with(&[("从哪天", "2027-01-04")]),
            "2027 年放假安排还没有录入",
        ),
        (with(&[("从哪天", "11-24")]), "日期写成 2026-11-30 的样子"),
        (with(&[("从哪天", "")]), "请填写从哪天"),
        (with(&[("名称", "")]), "请填写名称"),
        (with(&[("依据", "")]), "请填写依据"),
        (with(&[("改成", "班，上班")]), "日历本来就是这样"),
    ] {
        office.opens("/calendar").await;
        let page = office.submit(LOOK, &fields).await;
        page.is(422).shows(said);
        let mut posted: Vec<(&str, &str)> = vec![("what", "days"), ("version", "1")];
        for (name, value) in &fields {
            let name = match *name {
                "从哪天" => "from",
                "到哪天" => "to",
                "改成" => "kind",
                "名称" => "name",
                _ => "source",
            };
            let value = match *value {
                "休，不上班" => "off",
                "班，上班" => "work",
                value => value,
            };
            posted.push((name, value));
        }
        office
            .post("/calendar/edit", &posted)
            .await
            .is(422)
            .shows(said);
    }
    assert_eq!(town.condensed().await, before);
}

#[tokio::test]
async fn office_hours_and_the_way_of_counting_move_what_runs() {
    let town = Town::raise_at(NOON).await;
    town.whistle("日常哨", Step::Sounded).await;
    let office = town.sign_in("city office").await;
    office.opens("/calendar").await;
    office.follows("加办公时间").await;
    let early = [
        ("名称", "冰雪期"),
        ("起用日期", "2026-11-24"),
        ("季节从", "11-01"),
        ("季节到", "03-31"),
        ("第一段", "09:00-12:00"),
        ("第二段", "13:00-16:30"),
    ];
    office
        .submit(LOOK, &[&early[..], &[("第二段", "11:00-16:30")]].concat())
        .await
        .is(422)
        .shows("不能重叠");
    office
        .submit(LOOK, &[("起用日期", "2026-11-22")])
        .await
        .is(422)
        .shows("今天或以后");
    let preview = office.submit(LOOK, &early).await;
    preview.is(200).shows("从 2026-11-24 起用冰雪期");
    assert_eq!(preview.words_at("td.move"), "11-24 17:30 →改到 16:30");
    office
        .does(APPLY, &[])
        .await
        .shows("6 小时 30 分")
        .shows("从 2026-11-24 起");
    assert_eq!(town.due_of("report").await, "11241630");
    let preview = office.follows("删除").await;
    preview.shows("删除从 2026-11-24 起用的办公时间");
    office.does(APPLY, &[]).await;
    assert_eq!(town.due_of("report").await, "11241730");

    office.follows("改计算方式").await;
    office
        .submit(LOOK, &[("1 个工作日怎么计", "按办公时间")])
        .await
        .is(200)
        .shows("工作日改为按办公时间计");
    office
        .does(APPLY, &[])
        .await
        .shows("一天办公时间为 1 个工作日");
    assert_eq!(
        town.due_of("report").await,
        "11241200",
        "a day of office time from noon"
    );
}

#[tokio::test]
async fn the_notice_of_the_next_year_makes_due_times_known() {
    let town = Town::raise_at("2026-12-28T02:00:00Z").await;
    town.whistle("攻坚哨", Step::Sounded).await;
    let unknown = "clocks where due_at is null and stopped_at is null";
    assert_eq!(
        town.count(unknown).await,
        4,
        "feedback and first feedback of two departments"
    );
    let office = town.sign_in("city office").await;
    office.opens("/calendar").await;
    office.follows("粘贴通知原文").await;
    let preview = office.submit("读出来核对", &[("通知原文", NOTICE)]).await;
    preview
        .is(200)
        .shows("2027 年放假安排，请核对")
        .shows("1 件在办的时限会变")
        .shows("2027-01-05");
    assert_eq!(preview.all_words_at("table.month").len(), 12);
    let again = office.submit("改原文", &[]).await;
    assert!(again.says("七、国庆节：10月1日"), "the text is still there");
    office.submit("读出来核对", &[]).await.is(200);
    assert_eq!(town.count("calendar_years where true").await, 0);
    let year = office.does(APPLY, &[]).await;
    year.shows("工作日历 2027 年").shows("1 件在办的时限已改");
    assert!(!year.says("2027 年放假安排还没有录入"));
    assert_eq!(town.count(unknown).await, 0);
    assert_eq!(town.due_of("first_feedback").await, "01051730");

    // A day of one's own over the notice, and back to what the notice says.
    let works = [
        ("从哪天", "2027-01-01"),
        ("改成", "班，上班"),
        ("名称", "抢险"),
        ("依据", "市政府通知"),
    ];
    office.submit(LOOK, &works).await.is(200);
    office.does(APPLY, &[]).await.shows("抢险");
    assert_eq!(town.due_of("first_feedback").await, "01041730");
    office.follows("恢复通知原样").await;
    office.does(APPLY, &[]).await;
    assert_eq!(town.due_of("first_feedback").await, "01051730");
}

#[tokio::test]
async fn a_notice_that_does_not_agree_is_named_line_by_line() {
    let town = Town::raise_at(NOON).await;
    let office = town.sign_in("city office").await;
    let before = town.condensed().await;
    for (good, bad, said) in [
        (
            "共7天。2月14日",
            "共8天。2月14日",
            "第 3 行“二、春节”：写着共 8 天，按日期算是 7 天。",
        ),
        (
            "至5日（周一）",
            "至5日（周二）",
            "4 月 5 日是周一，写着周二。",
        ),
        ("七、国庆节", "第七个", "没有找到国庆节的安排"),
        (NOTICE, "放假", "没有找到元旦"),
        (NOTICE, "", "请填写通知原文"),
    ] {
        office.opens("/calendar/notice").await;
        let text = NOTICE.replace(good, bad);
        let page = office.submit("读出来核对", &[("通知原文", &text)]).await;
        page.is(422).shows(said);
        let fields = [
            ("year", "2027"),
            ("source", "通知"),
            ("text", text.as_str()),
            ("version", "1"),
        ];
        office
            .post("/calendar/notice/entry", &fields)
            .await
            .is(422)
            .shows(said);
    }
    office.opens("/calendar/notice").await;
    let known = [("哪一年", "2026"), ("通知原文", NOTICE)];
    office.submit("读出来核对", &known).await.is(422);
    assert_eq!(town.condensed().await, before);
}
