//! Notices: the inbox of a post, and the mails to whoever holds it.

use std::collections::HashSet;

use chrono::Duration;
use street_whistle::org::TenantId;
use street_whistle::org::events::Verb;
use street_whistle::org::notices::{self, Class, Message};
use street_whistle::org::personal::Field;

use crate::harness::{Mood, Sink, Town};

/// Monday, five past two in the afternoon.
const MONDAY: &str = "2026-11-23T06:05:00Z";

impl Town {
    /// Tells somebody's post something, as an area above would.
    async fn tells(&self, called: &[&str], class: Class, title: &str) {
        let posts: Vec<_> = called.iter().map(|called| self.seat(called).post).collect();
        let message = Message {
            class,
            verb: Verb::Feedback,
            title: title.to_owned(),
            words: "金源小区1号楼下水道堵塞".to_owned(),
            link: "/chain".to_owned(),
        };
        let mut tx = self.db().begin(self.tenant).await.unwrap();
        let ask = if title.ends_with("请核查") {
            "核查"
        } else {
            ""
        };
        notices::tell_asking(&mut tx, TenantId(self.tenant), &posts, &message, ask)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Gives somebody an address, over the page.
    async fn wishes(&self, called: &str, mail: &str, steps: &str, quiet: (&str, &str)) {
        let person = self.sign_in(called).await;
        person.opens("/account/notices").await;
        let fields = [
            ("邮箱", mail),
            ("进展消息", steps),
            ("从", quiet.0),
            ("到", quiet.1),
        ];
        person.does("保存怎么收", &fields).await.shows("已保存");
    }
}

#[tokio::test]
async fn a_post_reads_what_it_was_told_unread_first() {
    let town = Town::raise_at(MONDAY).await;
    town.tells(&["street dispatcher"], Class::Step, "供水公司已签收")
        .await;
    town.passes(Duration::minutes(1));
    town.tells(
        &["street dispatcher"],
        Class::Danger,
        "供水公司已反馈，请核查",
    )
    .await;
    let wang = town.sign_in("street dispatcher").await;
    let inbox = wang.opens("/inbox").await;
    inbox.costs_at_most(3).shows("未读 2").shows("险情");
    assert!(inbox.frame().contains("消息 2"), "{}", inbox.frame());
    // Opening one marks it read and leads to what it is about.
    wang.submit("未读：供水公司已反馈，请核查", &[])
        .await
        .goes_to("/chain");
    let inbox = wang.opens("/inbox").await;
    inbox.shows("未读 1").shows("今天，已读");
    assert_eq!(
        inbox.all_words_at("table.inbox .c-title button"),
        ["未读：供水公司已签收", "供水公司已反馈，请核查"]
    );
    wang.does("已读：供水公司已签收", &[]).await.shows("未读 0");
    town.tells(
        &["street dispatcher"],
        Class::Step,
        "住房和城乡建设局已签收",
    )
    .await;
    wang.opens("/inbox?show=unread").await;
    wang.does("全部标为已读", &[]).await.shows("已全部标为已读");
    wang.opens("/inbox?show=unread")
        .await
        .shows("没有未读的消息");
    wang.opens("/inbox?show=danger")
        .await
        .shows("供水公司已反馈");
    wang.opens("/inbox?show=limit").await.shows("没有时限消息");
}

#[tokio::test]
async fn nobody_reads_or_marks_what_another_post_was_told() {
    let town = Town::raise_at(MONDAY).await;
    town.tells(&["street dispatcher"], Class::Step, "供水公司已签收")
        .await;
    let wang = town.sign_in("street dispatcher").await;
    let form = wang.opens("/inbox").await.form("未读：供水公司已签收", &[]);
    let feng = town.sign_in("second dispatcher").await;
    feng.opens("/inbox").await.shows("没有消息");
    feng.send_form(&form).await.is(404);
    wang.opens("/inbox").await.shows("未读 1");
}

#[tokio::test]
async fn a_long_inbox_is_paged_by_key() {
    let town = Town::raise_at(MONDAY).await;
    for n in 0..53 {
        town.tells(&["street dispatcher"], Class::Step, &format!("第 {n} 条"))
            .await;
    }
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/inbox").await.shows("第 1–50 条，共 53 条");
    wang.submit("未读：第 52 条", &[]).await.is(303);
    wang.opens("/inbox").await;
    let second = wang.follows("下一页").await;
    second.shows("第 51–53 条，共 53 条");
    assert_eq!(
        second.all_words_at("table.inbox .c-title button"),
        ["未读：第 1 条", "未读：第 0 条", "第 52 条"]
    );
}

#[tokio::test]
async fn holders_hear_by_mail_as_they_wish() {
    let mut town = Town::raise_at(MONDAY).await;
    let sink = Sink::open().await;
    town.mails_over(sink.mail());
    town.wishes(
        "street dispatcher",
        "wangli@example.gov.cn",
        "立即发送",
        ("", ""),
    )
    .await;
    town.wishes(
        "second dispatcher",
        "fengtao@example.gov.cn",
        "不发邮件",
        ("", ""),
    )
    .await;
    let both = ["street dispatcher", "second dispatcher", "street checker"];
    town.tells(&both, Class::Step, "供水公司已签收").await;
    town.works().await;
    let arrived = sink.arrived();
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    assert_eq!(arrived[0].to, "wangli@example.gov.cn");
    assert_eq!(arrived[0].subject, "供水公司已签收");
    let link = format!("查看：https://{}/chain", town.host);
    assert!(arrived[0].text.contains("金源小区1号楼下水道堵塞"));
    assert!(arrived[0].text.contains(&link), "{}", arrived[0].text);
    // Limits and dangers come to everybody who has an address.
    town.tells(&both, Class::Danger, "燃气泄漏").await;
    town.works().await;
    let arrived = sink.arrived();
    assert_eq!(arrived.len(), 3);
    assert!(
        arrived[1..]
            .iter()
            .all(|letter| letter.subject == "【险情】燃气泄漏")
    );
    assert_eq!(town.works().await, 0);
}

#[tokio::test]
async fn quiet_hours_put_off_steps_but_no_limit() {
    let mut town = Town::raise_at("2026-11-23T13:00:00Z").await;
    let sink = Sink::open().await;
    town.mails_over(sink.mail());
    let night = ("20:00", "07:00");
    town.wishes(
        "street dispatcher",
        "wangli@example.gov.cn",
        "立即发送",
        night,
    )
    .await;
    town.tells(&["street dispatcher"], Class::Step, "供水公司已签收")
        .await;
    town.tells(&["street dispatcher"], Class::Limit, "供水公司报到超期")
        .await;
    town.works().await;
    assert_eq!(sink.arrived()[0].subject, "【时限】供水公司报到超期");
    town.passes(Duration::minutes(9 * 60 + 59));
    town.works().await;
    assert_eq!(sink.arrived().len(), 1);
    town.passes(Duration::minutes(1));
    town.works().await;
    assert_eq!(sink.arrived()[1].subject, "供水公司已签收");
}

#[tokio::test]
async fn a_server_that_is_down_for_a_day_loses_nothing_and_repeats_nothing() {
    let mut town = Town::raise_at(MONDAY).await;
    let sink = Sink::open().await;
    town.mails_over(sink.mail());
    town.wishes(
        "street dispatcher",
        "wangli@example.gov.cn",
        "立即发送",
        ("", ""),
    )
    .await;
    sink.becomes(Mood::Down);
    for title in ["供水公司已签收", "供水公司已报到"] {
        town.tells(&["street dispatcher"], Class::Step, title).await;
    }
    town.works().await;
    let office = town.sign_in("city office").await;
    office
        .opens("/deliveries?show=open")
        .await
        .costs_at_most(3)
        .shows("试过 1 次未送出，11-23 14:06 再试");
    for hour in 0..24 {
        if hour == 12 {
            sink.becomes(Mood::Busy);
        }
        town.passes(Duration::hours(1));
        town.works().await;
    }
    assert_eq!(sink.arrived(), []);
    town.sign_in("street dispatcher")
        .await
        .opens("/inbox")
        .await
        .shows("没送到 2");
    let day = town.sign_in("city office").await;
    day.opens("/deliveries?show=open").await.shows("come later");
    sink.becomes(Mood::Up);
    town.passes(Duration::hours(1));
    for _ in 0..3 {
        town.works().await;
    }
    let arrived = sink.arrived();
    assert_eq!(arrived.len(), 2, "{arrived:?}");
    assert_ne!(arrived[0].id, arrived[1].id);
    let auditor = town.sign_in("audit admin").await;
    auditor
        .opens("/deliveries?show=open")
        .await
        .shows("没有没送到的邮件");
    auditor.opens("/deliveries").await.shows("已送出");
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_given_up_and_shown() {
    let mut town = Town::raise_at(MONDAY).await;
    let sink = Sink::open().await;
    town.mails_over(sink.mail());
    town.wishes(
        "street dispatcher",
        "nobody@example.gov.cn",
        "立即发送",
        ("", ""),
    )
    .await;
    sink.becomes(Mood::Strict);
    town.tells(&["street dispatcher"], Class::Step, "供水公司已签收")
        .await;
    town.works().await;
    sink.becomes(Mood::Up);
    town.passes(Duration::days(1));
    town.works().await;
    assert_eq!(sink.arrived(), []);
    let office = town.sign_in("city office").await;
    office
        .opens("/deliveries")
        .await
        .shows("送不到")
        .shows("no such address");
}

#[tokio::test]
async fn a_mail_goes_where_its_reader_reads_mail_by_now() {
    let mut town = Town::raise_at(MONDAY).await;
    let sink = Sink::open().await;
    let (post, at_once) = (["street dispatcher"], "立即发送");
    let wishes = async |town: &Town, mail| town.wishes(post[0], mail, at_once, ("", "")).await;
    wishes(&town, "old@example.gov.cn").await;
    town.tells(&post, Class::Step, "供水公司已签收").await;
    wishes(&town, "New@example.gov.cn").await;
    let wang = town.sign_in(post[0]).await;
    let form = wang.opens("/account/notices").await.form("保存怎么收", &[]);
    assert_eq!(form.value("mail"), "New@example.gov.cn");
    town.mails_over(sink.mail());
    town.works().await;
    assert_eq!(sink.arrived()[0].to, "New@example.gov.cn");
    town.tells(&post, Class::Step, "供水公司已报到").await;
    wishes(&town, "").await;
    town.works().await;
    assert_eq!(sink.arrived().len(), 1);
    let office = town.sign_in("city office").await;
    office
        .opens("/deliveries")
        .await
        .shows("送不到")
        .shows("收件人已经不留邮箱");
}

#[tokio::test]
async fn without_a_server_mails_wait_until_there_is_one() {
    let mut town = Town::raise_at(MONDAY).await;
    town.wishes(
        "street dispatcher",
        "wangli@example.gov.cn",
        "立即发送",
        ("", ""),
    )
    .await;
    town.tells(&["street dispatcher"], Class::Step, "供水公司已签收")
        .await;
    town.works().await;
    town.sign_in("street dispatcher")
        .await
        .opens("/inbox")
        .await
        .shows("邮件未配置");
    let office = town.sign_in("city office").await;
    office
        .opens("/deliveries")
        .await
        .shows("邮件未配置，待发送");
    let sink = Sink::open().await;
    town.mails_over(sink.mail());
    town.passes(Duration::minutes(10));
    town.works().await;
    assert_eq!(sink.arrived().len(), 1);
}

#[tokio::test]
async fn the_digest_lists_what_is_unread_and_comes_at_eight() {
    let mut town = Town::raise_at(MONDAY).await;
    let sink = Sink::open().await;
    town.mails_over(sink.mail());
    town.wishes(
        "street dispatcher",
        "wangli@example.gov.cn",
        "每天 08:00 汇总",
        ("", ""),
    )
    .await;
    assert_eq!(town.works().await, 0);
    for title in ["供水公司已签收", "供水公司已报到", "供水公司已反馈"] {
        town.tells(&["street dispatcher", "street checker"], Class::Step, title)
            .await;
    }
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/inbox").await;
    wang.submit("未读：供水公司已报到", &[]).await.is(303);
    town.passes(Duration::minutes(17 * 60 + 54));
    assert_eq!(
        town.works().await,
        7,
        "it is 07:59: the sweep came, the record was sealed and checked, uploads tidied, values tended and forgotten, figures counted"
    );
    town.passes(Duration::minutes(1));
    town.works().await;
    let arrived = sink.arrived();
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    assert_eq!(
        arrived[0].subject,
        format!("{}街哨：2 条消息未读", town.name)
    );
    let text = &arrived[0].text;
    assert!(text.starts_with("您有 2 条进展消息未读。"), "{text}");
    assert!(text.contains("供水公司已反馈") && !text.contains("供水公司已报到"));
    assert!(
        text.contains(&format!("查看：https://{}/inbox", town.host)),
        "{text}"
    );
    // Nothing new, no mail.
    town.passes(Duration::days(1));
    town.works().await;
    assert_eq!(sink.arrived().len(), 1);
}

#[tokio::test]
async fn a_digest_goes_to_everybody_and_lists_the_newest() {
    const CLERKS: usize = 230;
    let mut town = Town::raise_at(MONDAY).await;
    let sink = Sink::open().await;
    town.mails_over(sink.mail());
    let tenant = town.tenant;
    // Each clerk holds a post of his own; the first was told most.
    let clerks = town
        .column(&format!(
            "with numbered as (select n, md5('{tenant}' || n)::uuid as id from generate_series(1, {CLERKS}) n),
                  people as (insert into people (tenant_id, id, name, identity, mail_mask)
                      select '{tenant}', id, '科员' || n, '机关干部', 'k***@example.gov.cn' from numbered),
                  posts as (insert into posts (tenant_id, id, kind, title, department_id, valid_from)
                      select '{tenant}', c.id, 'department_clerk', '科员' || c.n,
                             (select d.id from departments d where d.tenant_id = '{tenant}' order by d.position limit 1), '2026-01-01'
                        from numbered c),
                  held as (insert into appointments (tenant_id, id, post_id, person_id, from_day)
                      select '{tenant}', id, id, id, '2026-01-01' from numbered),
                  told as (insert into notices (tenant_id, id, post_id, at, class, verb, title, words, link, ask)
                      select '{tenant}', md5('{tenant}' || c.n || '/' || k)::uuid, c.id, '{MONDAY}', 'step', 'feedback',
                             '第 ' || k || ' 件已反馈', '', '/chain', ''
                        from numbered c, generate_series(1, case c.n when 1 then 25 else 1 end) k)
             select id::text from numbered order by n"
        ))
        .await;
    let mails: Vec<String> = (0..CLERKS)
        .map(|n| format!("k{n}@example.gov.cn"))
        .collect();
    let values: Vec<_> = mails
        .iter()
        .map(|mail| [(Field::Mail, mail.as_str())])
        .collect();
    town.keeps(
        clerks
            .iter()
            .zip(&values)
            .map(|(id, values)| (id.as_str(), values.as_slice())),
    )
    .await;
    town.works().await;
    town.passes(Duration::minutes(18 * 60));
    town.works().await;
    let arrived = sink.arrived();
    let readers: HashSet<&str> = arrived.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!((arrived.len(), readers.len()), (CLERKS, CLERKS));
    let most = arrived.iter().find(|m| m.to.starts_with("k0@")).unwrap();
    assert!(
        most.text.starts_with("您有 25 条进展消息未读。"),
        "{}",
        most.text
    );
    let listed = most.text.lines().filter(|line| line.starts_with("第 "));
    assert_eq!(listed.count(), 20, "{}", most.text);
    assert!(most.text.contains("……"), "{}", most.text);
}

#[tokio::test]
async fn wrong_wishes_are_said_beside_their_fields() {
    let town = Town::raise_at(MONDAY).await;
    let wang = town.sign_in("street dispatcher").await;
    for (mail, from, to, sentence) in [
        ("王丽", "", "", "邮箱地址写得不对"),
        ("", "24:00", "07:00", "时间写成 20:00 这样"),
        ("", "20:00", "", "请填写到几点恢复发送"),
        ("", "20:00", "20:00", "不能是同一时间"),
    ] {
        wang.opens("/account/notices").await;
        let fields = [("邮箱", mail), ("从", from), ("到", to)];
        wang.submit("保存怎么收", &fields)
            .await
            .is(422)
            .shows(sentence);
    }
    wang.opens("/account/notices").await.shows("邮件未配置");
}
