//! Reports by mail (定期报告): who ordered figures gets them at his hour, once, equal to the page, and
//! only as long as he may see them.

use calamine::Data;
use chrono::Duration;
use street_whistle::base::mail::Mail;

use super::excel::rows;
use crate::harness::{Mood, Person, Sink, Town};

/// Sunday, ten in the morning.
const SUNDAY: &str = "2026-11-22T02:00:00Z";

impl Town {
    /// Somebody with an address.
    async fn reachable(&self, called: &str) -> Person {
        let person = self.sign_in(called).await;
        person.opens("/account/notices").await;
        let mail = format!("{}@example.gov.cn", called.replace(' ', "."));
        let fields = [("邮箱", mail.as_str()), ("进展消息", "不发邮件")];
        person.does("保存怎么收", &fields).await.shows("已保存");
        person
    }

    /// A town with a server for its mails.
    async fn with_mail(at: &str) -> (Self, Sink) {
        let mut town = Self::raise_at(at).await;
        let sink = Sink::open().await;
        town.mails_over(sink.mail());
        (town, sink)
    }
}

/// Orders something of one's own part of the city.
async fn orders(person: &Person, what: &str) {
    person.opens("/reports/new").await;
    person
        .does("订这一份", &[("送什么", what)])
        .await
        .shows("已订，到时发到您的邮箱");
}

#[tokio::test]
async fn the_week_comes_on_monday_at_eight_with_the_numbers_of_the_page() {
    let (town, sink) = Town::with_mail(SUNDAY).await;
    town.closed(5).await;
    town.raised("路灯不亮").await;
    let office = town.reachable("city office").await;
    orders(&office, "周报").await;
    office
        .opens("/reports")
        .await
        .costs_at_most(3)
        .shows(&format!("{}周报", town.name))
        .shows("每周一 08:00")
        .shows("下次 2026-11-23 08:00")
        .shows("还没有送过");
    town.passes(Duration::minutes(21 * 60 + 59));
    town.works().await;
    assert_eq!(sink.arrived(), [], "it is 07:59");
    town.passes(Duration::minutes(1));
    town.works().await;
    town.works().await;
    let arrived = sink.arrived();
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    let letter = &arrived[0];
    assert_eq!(letter.to, "city.office@example.gov.cn");
    let days = "2026-11-16 至 2026-11-22";
    assert_eq!(letter.subject, format!("{}数据周报，{days}", town.name));
    // Every line of the page, with its numbers.
    let office = town.sign_in("city office").await;
    let page = office.opens("/figures?from=2026-11-16&to=2026-11-22").await;
    let names = page.all_words_at(".catalogue tbody th");
    let counts = page.all_words_at(".catalogue tbody td:nth-child(2)");
    assert!(names.len() > 15);
    let mut rest = letter.text.as_str();
    for (name, count) in names.iter().zip(&counts) {
        let line = format!("{name} {count}");
        let (_, after) = rest
            .split_once(&line)
            .unwrap_or_else(|| panic!("“{line}” is not where it belongs in\n{}", letter.text));
        rest = after;
    }
    for words in [
        "上报事项 2 件；上周 0，上年同期 0",
        "按时办结 1 件，100%（共 1 件）；上周 —，上年同期 —",
        "上周：2026-11-09 至 2026-11-15。上年同期：2025-11-16 至 2025-11-22。",
    ] {
        assert!(letter.text.contains(words), "{words}\n{}", letter.text);
    }
    let link = format!(
        "查看：https://{}/figures?from=2026-11-16&to=2026-11-22\n",
        town.host
    );
    assert!(letter.text.contains(&link), "{}", letter.text);
    let end = format!("停发：https://{}/reports\n", town.host);
    assert!(letter.text.contains(&end), "{}", letter.text);
    // The table is that of the page too.
    let (name, content) = &letter.files[0];
    assert_eq!(*name, format!("{}.xlsx", letter.subject));
    let table = rows(content);
    assert_eq!(table.len(), names.len() + 1);
    for (row, (name, count)) in table[1..].iter().zip(names.iter().zip(&counts)) {
        assert_eq!(row[3], Data::String(name.clone()));
        assert_eq!(format!("{} 件", row[5]), *count);
    }
    office
        .opens("/reports")
        .await
        .shows("2026-11-16 至 2026-11-22 | 已送出 11-23 08:00")
        .shows("下次 2026-11-30 08:00");
    office
        .opens("/deliveries")
        .await
        .shows("定期报告")
        .shows(&letter.subject);
    town.passes(Duration::days(6));
    town.works().await;
    assert_eq!(sink.arrived().len(), 1, "the next comes in a week");
}

#[tokio::test]
async fn a_month_comes_on_the_first_and_a_day_the_day_after() {
    let (town, sink) = Town::with_mail("2026-11-29T02:00:00Z").await;
    town.raised("路灯不亮").await;
    let secretary = town.reachable("community secretary").await;
    orders(&secretary, "月报").await;
    orders(&secretary, "日报").await;
    let subjects = || {
        let letters = sink.arrived().into_iter();
        letters.map(|letter| letter.subject).collect::<Vec<_>>()
    };
    town.passes(Duration::hours(22));
    town.works().await;
    let days = subjects();
    assert_eq!(days.len(), 1, "{days:?}");
    assert!(days[0].ends_with("数据日报，2026-11-29"), "{days:?}");
    let text = &sink.arrived()[0].text;
    assert!(text.contains("上报事项 1 件；前一天 0"), "{text}");
    town.passes(Duration::days(1));
    town.works().await;
    let days = subjects();
    assert_eq!(days.len(), 3, "{days:?}");
    let month = days.iter().find(|subject| subject.contains("月报"));
    assert!(
        month.unwrap().ends_with("数据月报，2026 年 11 月"),
        "{days:?}"
    );
}

#[tokio::test]
async fn a_part_of_ones_own_can_be_ordered_and_nothing_beyond() {
    let (town, sink) = Town::with_mail(SUNDAY).await;
    let dispatcher = town.reachable("street dispatcher").await;
    let grid = format!("{}001001001", town.code);
    dispatcher.opens(&format!("/figures?place={grid}")).await;
    dispatcher.follows("定期报告").await.costs_at_most(5);
    let form = dispatcher.page().form("订这一份", &[("几点送", "12:00")]);
    assert_eq!(form.value("scope"), grid);
    for (scope, field) in [
        ("city", "请选择自己范围里的地方或部门"),
        (&format!("{}002", town.code), "请选择自己范围里的地方或部门"),
        (
            &town.department("water").to_string(),
            "请选择自己范围里的地方或部门",
        ),
        (
            &format!("{}001999", town.code),
            "请选择自己范围里的地方或部门",
        ),
        ("1' or true", "请选择自己范围里的地方或部门"),
    ] {
        let mut bent = form.clone();
        bent.set("scope", scope);
        dispatcher.send_form(&bent).await.is(422).shows(field);
    }
    for (name, value, sentence) in [
        ("rhythm", "hourly", "请选择送什么"),
        ("hour", "3", "请选择几点送"),
        ("hour", "", "请选择几点送"),
    ] {
        let mut bent = form.clone();
        bent.set(name, value);
        dispatcher.send_form(&bent).await.is(422).shows(sentence);
    }
    dispatcher.send_form(&form).await.is(303);
    // The second click of the same button.
    dispatcher.send_form(&form).await.is(303);
    let ordered = format!(
        "select count(*) from reports where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&ordered).await, 1);
    // A page of figures that is not his does not lead here either.
    dispatcher
        .opens(&format!("/reports/new?place={}002", town.code))
        .await;
    let form = dispatcher.page().form("订这一份", &[]);
    assert_eq!(form.value("scope"), format!("{}001", town.code));
    let clerk = town.reachable("water clerk").await;
    orders(&clerk, "周报").await;
    town.passes(Duration::hours(22));
    town.works().await;
    town.passes(Duration::hours(4));
    town.works().await;
    let subjects: Vec<String> = sink.arrived().into_iter().map(|l| l.subject).collect();
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    assert!(subjects[0].starts_with("供水公司数据周报"), "{subjects:?}");
    assert!(!sink.arrived()[0].text.contains("【事项】"));
    assert!(sink.arrived()[1].text.contains("【事项】"));
}

#[tokio::test]
async fn after_a_standstill_only_the_newest_is_sent() {
    let (town, sink) = Town::with_mail(SUNDAY).await;
    let leader = town.reachable("city leader").await;
    orders(&leader, "日报").await;
    town.passes(Duration::days(4));
    town.works().await;
    town.works().await;
    let arrived = sink.arrived();
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    assert!(arrived[0].subject.ends_with("2026-11-25"), "{arrived:?}");
    assert!(
        arrived[0]
            .text
            .contains("之前有 3 期到时没有送，现在只送最近这一期"),
        "{}",
        arrived[0].text
    );
    let leader = town.sign_in("city leader").await;
    leader
        .opens("/reports")
        .await
        .shows("之前 3 期没有送")
        .shows("下次 2026-11-27 08:00");
}

#[tokio::test]
async fn a_server_that_is_down_gets_each_report_once_or_the_next_one() {
    let (town, sink) = Town::with_mail(SUNDAY).await;
    let leader = town.reachable("city leader").await;
    orders(&leader, "日报").await;
    sink.becomes(Mood::Down);
    town.passes(Duration::hours(22));
    town.works().await;
    let leader = town.sign_in("city leader").await;
    leader
        .opens("/reports")
        .await
        .shows("试过 1 次未送出，11-23 08:01 再试")
        .shows("正在重试");
    sink.becomes(Mood::Up);
    town.passes(Duration::minutes(1));
    town.works().await;
    town.works().await;
    assert_eq!(sink.arrived().len(), 1);
    sink.becomes(Mood::Busy);
    for _ in 0..49 {
        town.passes(Duration::hours(1));
        town.works().await;
    }
    sink.becomes(Mood::Up);
    town.passes(Duration::hours(1));
    town.works().await;
    let arrived = sink.arrived();
    assert_eq!(arrived.len(), 2, "{arrived:?}");
    assert!(arrived[1].subject.ends_with("2026-11-24"), "{arrived:?}");
    let leader = town.sign_in("city leader").await;
    leader
        .opens("/reports")
        .await
        .shows("2026-11-23 | 红灯： 没有送出 一直没有送出，已经到了下一期，这一期不再送");
    // An address that no server knows is given up, and the next is tried again.
    sink.becomes(Mood::Strict);
    town.passes(Duration::days(1));
    town.works().await;
    let leader = town.sign_in("city leader").await;
    leader.opens("/reports").await.shows("no such address");
    sink.becomes(Mood::Up);
    town.passes(Duration::days(1));
    town.works().await;
    assert_eq!(sink.arrived().len(), 3);
}

#[tokio::test]
async fn who_may_not_see_it_any_more_gets_nothing_and_is_told() {
    let (town, sink) = Town::with_mail(SUNDAY).await;
    let dispatcher = town.reachable("street dispatcher").await;
    orders(&dispatcher, "周报").await;
    let leader = town.reachable("city leader").await;
    orders(&leader, "周报").await;
    leader.opens("/reports").await;
    leader
        .opens(&format!("/reports/new?place={}001001", town.code))
        .await;
    leader.does("订这一份", &[]).await.shows("已订");
    let clerk = town.reachable("water clerk").await;
    orders(&clerk, "周报").await;
    let seat = town.seat("street dispatcher").clone();
    let tenant = town.tenant;
    // Relieved; a community that closed; an address taken away.
    town.sql(&format!(
        "update appointments set to_day = '2026-11-23' where tenant_id = '{tenant}' and id = '{}';
         update reports set scope = '{}001009' where tenant_id = '{tenant}' and scope = '{}001001'",
        seat.appointment, town.code, town.code
    ))
    .await;
    clerk.opens("/account/notices").await;
    clerk
        .does("保存怎么收", &[("邮箱", "")])
        .await
        .shows("已保存");
    town.passes(Duration::hours(22));
    town.works().await;
    town.works().await;
    let arrived = sink.arrived();
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    assert!(arrived[0].subject.starts_with(&town.name));
    let leader = town.sign_in("city leader").await;
    let clerk = town.sign_in("water clerk").await;
    leader
        .opens("/reports")
        .await
        .shows("这个范围已经撤销，没有送");
    clerk
        .opens("/reports")
        .await
        .shows("您没有留邮箱，没有送")
        .shows("您还没有填邮箱");
    let office = town.sign_in("city office").await;
    office
        .opens("/deliveries?show=open")
        .await
        .shows("订的时候的职务现在不是您的了，没有送");
}

#[tokio::test]
async fn without_a_server_the_newest_waits_until_there_is_one() {
    let mut town = Town::raise_at(SUNDAY).await;
    let leader = town.reachable("city leader").await;
    orders(&leader, "周报").await;
    town.passes(Duration::days(2));
    town.works().await;
    let leader = town.sign_in("city leader").await;
    leader
        .opens("/reports")
        .await
        .shows("邮件未配置：现在不送")
        .shows("等邮件配置好就送最近一期")
        .shows("还没有送过");
    town.passes(Duration::days(7));
    town.works().await;
    let sink = Sink::open().await;
    town.mails_over(sink.mail());
    town.passes(Duration::minutes(10));
    town.works().await;
    let arrived = sink.arrived();
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    assert!(arrived[0].subject.ends_with("2026-11-23 至 2026-11-29"));
    assert!(arrived[0].text.contains("之前有 1 期到时没有送"));
    town.mails_over(Mail::default());
}

#[tokio::test]
async fn an_order_is_changed_paused_resumed_and_ended_by_whoever_made_it() {
    let (town, sink) = Town::with_mail(SUNDAY).await;
    let leader = town.reachable("city leader").await;
    orders(&leader, "日报").await;
    let name = format!("{}日报", town.name);
    leader.opens("/reports").await;
    leader
        .follows(&format!("修改：{name}"))
        .await
        .costs_at_most(5);
    let stale = leader.page().form("保存", &[("几点送", "17:00")]);
    let edit = leader.page().path.clone();
    leader.submit("保存", &[]).await.is(409).shows("没有改动");
    leader.opens(&edit).await;
    let fields = [("范围", "供水公司"), ("几点送", "09:00")];
    leader.does("保存", &fields).await.shows("已改");
    leader
        .page()
        .shows("供水公司日报")
        .shows("下次 2026-11-23 09:00");
    leader.send_form(&stale).await.is(409).shows("在别处改过");
    leader.opens("/reports").await;
    leader
        .does("暂停：供水公司日报", &[])
        .await
        .shows("已暂停")
        .shows("暂停，不送");
    town.passes(Duration::days(1));
    town.works().await;
    assert_eq!(sink.arrived(), []);
    let leader = town.sign_in("city leader").await;
    leader.opens("/reports").await;
    leader
        .does("恢复：供水公司日报", &[])
        .await
        .shows("下次 2026-11-24 09:00");
    town.passes(Duration::days(1));
    town.works().await;
    let arrived = sink.arrived();
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    assert_eq!(arrived[0].subject, "供水公司数据日报，2026-11-23");
    // What was sent today is not sent again because of another hour.
    let leader = town.sign_in("city leader").await;
    leader.opens(&edit).await;
    leader
        .does("保存", &[("几点送", "12:00")])
        .await
        .shows("下次 2026-11-25 12:00");
    let id = edit.split('/').nth(2).unwrap();
    let other = town.sign_in("street dispatcher").await;
    let stranger = Town::raise().await.sign_in("city leader").await;
    for verb in ["pausing", "resuming", "end", "edit"] {
        for person in [&other, &stranger] {
            let fields = [("rhythm", "daily"), ("hour", "8"), ("scope", "city")];
            person
                .post(&format!("/reports/{id}/{verb}"), &fields)
                .await
                .is(404);
        }
    }
    other.get(&edit).await.is(404);
    leader.opens("/reports").await;
    leader
        .does("停发：供水公司日报", &[])
        .await
        .shows("已停发")
        .shows("还没有订");
    leader
        .post(&format!("/reports/{id}/end"), &[])
        .await
        .is(404);
    town.passes(Duration::days(3));
    town.works().await;
    assert_eq!(sink.arrived().len(), 1);
    let recorded = format!(
        "select string_agg(verb || ' ' || sentence, E'\\n' order by id) from events
          where tenant_id = '{}' and subject = 'report'",
        town.tenant
    );
    let name = format!("{}日报，每天 08:00", town.name);
    let recorded = town.text(&recorded).await;
    assert_eq!(
        recorded,
        format!(
            "order_report {name}。\namend_report {name}，改为供水公司日报，每天 09:00。\n\
             pause_report 供水公司日报，每天 09:00。\nresume_report 供水公司日报，每天 09:00。\n\
             amend_report 供水公司日报，每天 09:00，改为供水公司日报，每天 12:00。\n\
             end_report 供水公司日报，每天 12:00。"
        )
    );
}

#[tokio::test]
async fn five_at_most_each_once_and_none_without_an_address() {
    let (town, _sink) = Town::with_mail(SUNDAY).await;
    let leader = town.sign_in("city leader").await;
    leader
        .opens("/reports")
        .await
        .shows("您还没有填邮箱")
        .shows("还没有订");
    leader.opens("/reports/new").await.shows("填邮箱");
    leader
        .submit("订这一份", &[("送什么", "周报")])
        .await
        .is(422)
        .shows("您还没有填邮箱，报告没有地方送");
    let leader = town.reachable("city leader").await;
    for what in ["日报", "周报", "月报", "通报"] {
        orders(&leader, what).await;
    }
    leader.opens("/reports/new").await;
    leader
        .submit("订这一份", &[("送什么", "周报"), ("几点送", "12:00")])
        .await
        .is(409)
        .shows("这一份您已经订了");
    leader.opens("/reports/new").await;
    leader
        .does("订这一份", &[("范围", "供水公司")])
        .await
        .shows("已订");
    leader.opens("/reports/new").await;
    leader
        .submit("订这一份", &[("范围", "住房和城乡建设局")])
        .await
        .is(409)
        .shows("一个人最多订 5 份");
    leader.opens("/reports").await;
    leader.does("停发：供水公司周报", &[]).await.shows("已停发");
    leader.opens("/reports/new").await;
    leader
        .does("订这一份", &[("范围", "住房和城乡建设局")])
        .await
        .shows("已订");
}

#[tokio::test]
async fn a_bulletin_comes_at_the_next_hour_after_it_is_put_out() {
    let (town, sink) = Town::with_mail("2026-11-28T02:00:00Z").await;
    town.closed(5).await;
    let clerk = town.reachable("water clerk").await;
    orders(&clerk, "通报").await;
    town.passes(Duration::days(5));
    town.works().await;
    assert_eq!(sink.arrived(), [], "there is none");
    let office = town.sign_in("city office").await;
    for month in ["2026-10", "2026-11"] {
        office.opens(&format!("/bulletins/{month}")).await;
        office
            .does("印发通报", &[("工作要求", "超期的哨单本周内办结。")])
            .await
            .shows("已印发通报");
        town.passes(Duration::minutes(1));
    }
    town.works().await;
    assert_eq!(sink.arrived(), [], "it is ten");
    town.passes(Duration::hours(22));
    town.works().await;
    town.works().await;
    let arrived = sink.arrived();
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    assert_eq!(arrived[0].subject, format!("{}通报〔2026〕2 号", town.name));
    for words in [
        "关于 2026 年 11 月",
        "之前还印发了 1 期",
        "超期的哨单本周内办结。",
        "供水公司：名次 —，接哨 1，办结 1，按时办结 1（100%）",
        &format!("https://{}/bulletins/2026-11\n", town.host),
    ] {
        assert!(
            arrived[0].text.contains(words),
            "{words}\n{}",
            arrived[0].text
        );
    }
    let clerk = town.sign_in("water clerk").await;
    clerk
        .opens("/reports")
        .await
        .shows("2026 年 11 月 | 已送出 12-04 08:02");
    town.passes(Duration::days(2));
    town.works().await;
    assert_eq!(sink.arrived().len(), 1, "once");
}
