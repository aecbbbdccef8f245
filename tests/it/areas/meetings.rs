//! The meeting of a joint enforcement whistle: the street names it, the departments report in there.

use chrono::Duration;

use crate::harness::{Sql, Step, Town};

/// Monday noon; whoever drafts a joint enforcement names the next day, 09:00.
const NOON: &str = "2026-11-23T04:00:00Z";
const KIND: &str = "综合执法哨";

impl Town {
    /// A column of the running or stopped clocks of a stage, the lead's first.
    async fn of_clocks(&self, stage: &str, what: &str) -> Vec<String> {
        self.column(&format!(
            "select coalesce(({what})::text, '') from clocks c
               join assignments a on a.tenant_id = c.tenant_id and a.id = c.assignment_id
              where c.tenant_id = '{}' and c.stage = '{stage}' order by a.role, c.id",
            self.tenant
        ))
        .await
    }

    async fn dues(&self, stage: &str) -> Vec<String> {
        let local = "to_char(c.due_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI')";
        self.of_clocks(stage, local).await
    }
}

#[tokio::test]
async fn the_street_names_a_meeting_that_lies_ahead_and_near() {
    let town = Town::raise_at(NOON).await;
    let path = town.whistle(KIND, Step::Drafted).await;
    let wang = town.sign_in("street dispatcher").await;
    let edit = format!("{path}/edit");
    for (typed, says) in [
        ("", "要写明集合时间"),
        ("2026-11-23 11:59", "集合时间 2026-11-23 11:59 已过"),
        ("2026-12-03 12:01", "最晚写到 2026-12-03 12:00"),
    ] {
        wang.opens(&edit).await;
        wang.submit("送审", &[("集合时间", typed)])
            .await
            .is(422)
            .shows(says);
    }
    // A draft may be kept without it, but not with what is no time.
    wang.submit("存草稿", &[("集合时间", "明天九点")])
        .await
        .is(422)
        .shows("集合时间写成 2026-11-25 09:00 的样子");
    wang.does("存草稿", &[("集合时间", "")]).await;
    // Its own page sends it on no sooner.
    wang.opens(&path).await;
    wang.submit("送审", &[])
        .await
        .is(409)
        .shows("请先改草稿，再送出");
    wang.opens(&edit).await;
    wang.does("送审", &[("集合时间", "2026-12-03 12:00")])
        .await
        .shows("2026-12-03 12:00");
}

#[tokio::test]
async fn other_kinds_have_no_meeting_whatever_is_typed() {
    let town = Town::raise_at(NOON).await;
    let path = town.whistle("日常哨", Step::Drafted).await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&format!("{path}/edit")).await;
    let page = wang.does("送审", &[("集合时间", "2026-11-24 09:00")]).await;
    page.shows("(待审批)").never_names("集合时间");
    let named = format!(
        "select count(*) from whistles where tenant_id = '{}' and meets_at is not null",
        town.tenant
    );
    assert_eq!(town.number(&named).await, 0);
}

#[tokio::test]
async fn every_department_reports_in_at_the_meeting_and_no_calendar_moves_it() {
    let town = Town::raise_at(NOON).await;
    let path = town.whistle(KIND, Step::Sounded).await;
    assert_eq!(town.dues("report").await, ["11-24 09:00"; 2]);
    assert!(town.dues("first_feedback").await.is_empty());
    for called in ["water clerk", "housing clerk"] {
        let person = town.sign_in(called).await;
        person.opens("/inbox").await.shows("2026-11-24 09:00 集合");
        person
            .opens(&path)
            .await
            .costs_at_most(3)
            .shows("集合时间")
            .shows("按哨单约定")
            .shows("哨单约定 2026-11-24 09:00 集合");
    }
    let office = town.sign_in("city office").await;
    office.opens("/calendar").await;
    let snow = [
        ("从哪天", "2026-11-24"),
        ("改成", "休，不上班"),
        ("名称", "暴雪停工"),
        ("依据", "市政府 11-23 通知"),
    ];
    office.submit("先看会动哪些时限", &snow).await.is(200);
    office.does("照这样改并通知", &[]).await;
    assert_eq!(town.dues("report").await, ["11-24 09:00"; 2]);

    // Who comes in time is in time; the first word is asked for from then on.
    town.passes(Duration::hours(20));
    town.handle(&path, Step::Signed).await;
    let report = [("报到方式", "到现场"), ("谁来的", "执法队 三人")];
    town.acts("water clerk", &path, "报到", &report).await;
    assert_eq!(town.dues("first_feedback").await.len(), 1);
    // Who comes late is late by the meeting, which has no limit to tell.
    town.passes(Duration::hours(2));
    let page = town.acts("housing clerk", &path, "报到", &report).await;
    page.shows("报到超期，2026-11-24 09:00 到期。");
    let breached =
        "exists (select from breaches b where b.tenant_id = c.tenant_id and b.clock_id = c.id)";
    assert_eq!(town.of_clocks("report", breached).await, ["false", "true"]);
}

#[tokio::test]
async fn an_approval_after_the_meeting_asks_for_another_one() {
    let town = Town::raise_at(NOON).await;
    let path = town.whistle(KIND, Step::Submitted).await;
    town.passes(Duration::hours(21));
    let zhou = town.sign_in("street deputy").await;
    zhou.opens(&path).await.shows("已过，须先改草稿");
    zhou.submit("同意吹哨", &[])
        .await
        .is(409)
        .shows("集合时间 2026-11-24 09:00 已过")
        .shows("由起草人改草稿后重新送审");
    zhou.opens(&format!("{path}?do=refusal")).await;
    zhou.does("不同意", &[("不同意的理由", "集合时间已过，另定。")])
        .await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&format!("{path}/edit")).await;
    wang.does("送审", &[("集合时间", "2026-11-25 14:00")]).await;
    town.acts("street deputy", &path, "同意吹哨", &[])
        .await
        .shows("2 个部门收到任务");
    assert_eq!(town.dues("report").await, ["11-25 14:00"; 2]);
}

/// The lead gives its part back and the street gives it to another; when that one reports in.
async fn reassigned_after(hours: i64) -> String {
    let town = Town::raise_at(NOON).await;
    town.duty().await;
    let path = town.whistle(KIND, Step::Sounded).await;
    town.passes(Duration::hours(hours));
    let water = town.sign_in("water clerk").await;
    water
        .opens(&format!("{path}/requests/new?kind=return"))
        .await;
    let why = [
        ("应负责的部门", "城市管理行政执法局"),
        ("权责清单依据", "第 47 项 排水管道养护（住房和城乡建设局）"),
        ("理由", "占道经营由执法局查处。"),
    ];
    water.does("申请退回", &why).await;
    let request = town
        .text(&format!(
            "select id::text from requests where tenant_id = '{}'",
            town.tenant
        ))
        .await;
    let answer = [
        ("怎样答复", "改派"),
        ("改派给", "城市管理行政执法局"),
        ("答复意见", "按清单界限办理。"),
    ];
    let decision = format!("{path}/requests/{request}");
    town.acts("street deputy", &decision, "作出答复", &answer)
        .await;
    let running = town
        .of_clocks(
            "report",
            "case when c.stopped_at is null and a.role = 'lead'
                  then to_char(c.due_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') end",
        )
        .await;
    running.into_iter().find(|due| !due.is_empty()).unwrap()
}

#[tokio::test]
async fn who_is_called_later_goes_to_the_meeting_or_has_the_plain_limit() {
    assert_eq!(reassigned_after(2).await, "11-24 09:00");
    assert_eq!(reassigned_after(22).await, "11-25 17:30");
}

#[tokio::test]
async fn what_is_put_aside_before_the_meeting_meets_later_by_as_much() {
    let town = Town::raise_at(NOON).await;
    let path = town.whistle(KIND, Step::Sounded).await;
    let (tenant, id) = (town.tenant, path.trim_start_matches("/whistles/"));
    town.handle(&path, Step::Signed).await;
    let report = [("报到方式", "电话联系"), ("谁来的", "姜涛 联络员")];
    town.acts("water clerk", &path, "报到", &report).await;
    let form = format!("{path}/requests/new?kind=suspension");
    let plan = [
        ("挂账到哪天", "2026-12-10"),
        ("节点 1 日期", "2026-12-01"),
        ("节点 1 内容", "当事人自拆"),
        ("理由", "已立案，等法定期限届满。"),
    ];
    town.acts("water clerk", &form, "申请挂账", &plan).await;
    let request = town
        .text(&format!(
            "select id::text from requests where tenant_id = '{tenant}' and whistle_id = '{id}'"
        ))
        .await;
    let request = format!("{path}/requests/{request}");
    let granted = [("怎样答复", "同意挂账"), ("答复意见", "同意。")];
    town.acts("city office", &request, "作出答复", &granted)
        .await;
    town.passes(Duration::hours(48));
    let why = [("复办理由", "当事人已拆除。")];
    town.acts("water clerk", &request, "提前复办", &why).await;
    assert_eq!(town.dues("report").await[1], "11-26 09:00");
    town.sign_in("housing clerk")
        .await
        .opens(&path)
        .await
        .shows("哨单约定 2026-11-24 09:00 集合")
        .shows("顺延到 2026-11-26 09:00");
}

#[tokio::test]
async fn who_was_asked_for_the_first_word_at_the_sounding_is_not_asked_again() {
    let town = Town::raise_at(NOON).await;
    let path = town.whistle(KIND, Step::Sounded).await;
    // As it sounded before there were meetings.
    town.sql(&format!(
        "insert into clocks (tenant_id, id, whistle_id, assignment_id, stage, amount, unit, started_at, due_at, soon_at)
         select tenant_id, md5(id::text)::uuid, whistle_id, assignment_id, 'first_feedback', 2, 'work_day', started_at,
                due_at, soon_at
           from clocks where tenant_id = '{}' and stage = 'close'",
        town.tenant
    ))
    .await;
    town.handle(&path, Step::FedBack).await;
    assert_eq!(town.dues("first_feedback").await.len(), 2);
    town.judge(&path, Step::Closed).await;
}

#[tokio::test]
async fn the_database_keeps_the_meeting() {
    let town = Town::raise_at(NOON).await;
    let sounded = town.whistle(KIND, Step::Sounded).await;
    let waiting = town.whistle(KIND, Step::Submitted).await;
    let routine = town.whistle("日常哨", Step::Submitted).await;
    let tenant = town.tenant;
    let set = |path: &str, what: &str| {
        let id = path.trim_start_matches("/whistles/");
        format!("update whistles set {what} where tenant_id = '{tenant}' and id = '{id}'")
    };
    let seat = town.seat("street deputy");
    let sounds = |meets: &str| {
        format!(
            "stage = 'sounded', number = 'W-1', sounded_at = '{0}', sounded_by = '{1}', approved_at = '{0}',
             approved_by = '{1}', approved_post = '{2}', meets_at = {meets}",
            town.now(),
            seat.person,
            seat.post
        )
    };
    let mut app = Sql::app().await;
    for (path, what, rule) in [
        (
            &routine,
            "meets_at = '2026-11-25T01:00:00Z'".to_owned(),
            "whistles_meeting",
        ),
        (
            &sounded,
            "meets_at = '2026-11-25T01:00:00Z'".to_owned(),
            "whistles_meeting_fixed",
        ),
        (&waiting, sounds("null"), "whistles_meeting_ahead"),
        (
            &waiting,
            sounds("'2026-11-23T04:00:00Z'"),
            "whistles_meeting_ahead",
        ),
    ] {
        assert_eq!(app.is_refused(tenant, &set(path, &what)).await, rule);
    }
}
