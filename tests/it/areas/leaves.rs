//! Leave with a deputy: entered by oneself, followed over deputies, never in a circle.

use chrono::Duration;

use crate::harness::{Person, Sink, Step, Town};

/// Monday, five past two in the afternoon.
const MONDAY: &str = "2026-11-23T06:05:00Z";

async fn enters(person: &Person, deputy: &str, from: &str, to: &str) -> crate::harness::Page {
    person.opens("/leave").await;
    let fields = [("代班人", deputy), ("从哪天", from), ("到哪天", to)];
    person.submit("登记请假", &fields).await
}

const FENG: &str = "冯涛 指挥调度中心值班员";
const WANG: &str = "王丽 指挥调度中心值班员";
const ZHOU: &str = "周海燕 副主任";

#[tokio::test]
async fn a_deputy_acts_for_the_post_while_its_holder_is_away() {
    let town = Town::raise_at(MONDAY).await;
    town.whistle("日常哨", Step::Drafted).await;
    let wang = town.sign_in("street dispatcher").await;
    enters(&wang, FENG, "2026-11-23", "2026-11-24")
        .await
        .is(303);
    wang.opens("/leave").await.costs_at_most(3).shows("代班中");
    let feng = town.sign_in("second dispatcher").await;
    feng.opens("/leave")
        .await
        .shows("| 王丽 | 2026-11-23 | 2026-11-24 | 代班中");
    feng.opens("/posts")
        .await
        .shows("代王丽：指挥调度中心值班员");
    let desk = feng.does("以此职务办事", &[]).await;
    assert!(desk.frame().contains("代王丽："), "{}", desk.frame());
    // The day after, the same browser acts for its own post again.
    town.passes(Duration::minutes(20));
    feng.opens("/").await;
    town.sql(&format!(
        "update leaves set to_day = '2026-11-23', from_day = '2026-11-22' where tenant_id = '{}'",
        town.tenant
    ))
    .await;
    assert!(feng.opens("/").await.frame().contains("代王丽"));
    wang.opens("/leave").await;
    wang.does("结束请假：2026-11-22 起", &[])
        .await
        .shows("已提前结束");
    let desk = feng.opens("/").await;
    assert!(!desk.frame().contains("代王丽"), "{}", desk.frame());
    assert!(desk.frame().contains("值班员 冯涛"), "{}", desk.frame());
}

#[tokio::test]
async fn nobody_acts_for_somebody_who_is_not_away() {
    let town = Town::raise_at(MONDAY).await;
    let wang = town.sign_in("street dispatcher").await;
    enters(&wang, FENG, "2026-11-24", "2026-11-25")
        .await
        .is(303);
    let appointment = town.seat("street dispatcher").appointment.to_string();
    for called in ["second dispatcher", "street deputy", "other dispatcher"] {
        let person = town.sign_in(called).await;
        person
            .post("/posts", &[("appointment", &appointment)])
            .await
            .is(404);
    }
}

#[tokio::test]
async fn a_deputy_who_is_away_too_is_stood_in_for_and_circles_are_refused() {
    let mut town = Town::raise_at(MONDAY).await;
    let sink = Sink::open().await;
    town.mails_over(sink.mail());
    let zhou = town.sign_in("street deputy").await;
    zhou.opens("/account/notices").await;
    let fields = [
        ("邮箱", "zhouhaiyan@example.gov.cn"),
        ("进展消息", "立即发送"),
    ];
    zhou.does("保存怎么收", &fields).await;
    let wang = town.sign_in("street dispatcher").await;
    let feng = town.sign_in("second dispatcher").await;
    enters(&wang, FENG, "2026-11-23", "2026-11-27")
        .await
        .is(303);
    enters(&feng, WANG, "2026-11-25", "2026-11-26")
        .await
        .is(422)
        .shows("转了一圈没有人在岗");
    enters(&feng, ZHOU, "2026-11-23", "2026-11-24")
        .await
        .is(303);
    enters(&zhou, WANG, "2026-11-24", "2026-11-24")
        .await
        .is(422);
    zhou.opens("/posts").await.shows("代王丽").shows("代冯涛");
    let appointment = town.seat("street dispatcher").appointment.to_string();
    feng.post("/posts", &[("appointment", &appointment)])
        .await
        .is(404);
    // What the dispatcher is told, the deputy's deputy hears.
    town.whistle("日常哨", Step::Signed).await;
    town.works().await;
    let subjects: Vec<String> = sink.arrived().into_iter().map(|l| l.subject).collect();
    assert!(
        subjects.contains(&"供水公司已签收".to_owned()),
        "{subjects:?}"
    );
}

#[tokio::test]
async fn wrong_days_and_strangers_are_refused() {
    let town = Town::raise_at(MONDAY).await;
    let wang = town.sign_in("street dispatcher").await;
    for (from, to, sentence) in [
        ("2026-11-25", "2026-11-24", "结束日期不能早于开始日期"),
        ("2026-11-01", "2026-11-02", "这段日子已经过去"),
        ("2026-11-25", "2027-11-30", "一次最多登记一年"),
        ("明天", "2026-11-24", "日期写成"),
    ] {
        enters(&wang, FENG, from, to).await.is(422).shows(sentence);
    }
    enters(&wang, FENG, "2026-11-25", "2026-11-27")
        .await
        .is(303);
    enters(&wang, FENG, "2026-11-27", "2026-11-28")
        .await
        .is(422)
        .shows("与已登记的请假重叠");
    wang.opens("/leave").await.shows("未开始");
    let li = town.seat("community secretary").person.to_string();
    let own = town.seat("street dispatcher").person.to_string();
    for stranger in [li.as_str(), own.as_str()] {
        let fields = [
            ("deputy", stranger),
            ("from", "2026-12-01"),
            ("to", "2026-12-02"),
        ];
        wang.post("/leave", &fields)
            .await
            .is(422)
            .shows("从本单位在任的人里选");
    }
    let other = town.sign_in("other dispatcher").await;
    let form = wang
        .opens("/leave")
        .await
        .form("取消请假：2026-11-25 起", &[]);
    other.post(&form.action, &[]).await.is(404);
    // An administrator's work is stood in for by nobody but another of the same kind.
    town.sign_in("system admin")
        .await
        .opens("/leave")
        .await
        .shows("不能登记代班");
}

/// Who lies in hospital cannot enter a leave: the security administrator does, on the person's page.
#[tokio::test]
async fn a_leave_is_entered_for_somebody_who_cannot() {
    let town = Town::raise_at(MONDAY).await;
    town.whistle("日常哨", Step::Drafted).await;
    let admin = town.sign_in("security admin").await;
    let wang = format!("/people/{}", town.seat("street dispatcher").person);
    let page = admin.opens(&wang).await.link("代为登记请假");
    admin.opens(&page).await.costs_at_most(3).shows("王丽");
    let fields = [
        ("代班人", FENG),
        ("从哪天", "2026-11-23"),
        ("到哪天", "2026-11-30"),
    ];
    admin
        .does("登记请假", &fields)
        .await
        .shows("已登记请假")
        .shows("代班中");
    admin
        .opens(&wang)
        .await
        .shows("2026-11-23 至 2026-11-30，由冯涛代班。");
    let feng = town.sign_in("second dispatcher").await;
    feng.opens("/leave").await.shows("王丽");
    // Back in the circle: who stands in cannot be stood in for by the absent.
    let feng_page = format!("/people/{}/leave", town.seat("second dispatcher").person);
    admin.opens(&feng_page).await.shows("替别人代班");
    let back = [("代班人", WANG), fields[1], fields[2]];
    admin
        .submit("登记请假", &back)
        .await
        .is(422)
        .shows("由冯涛或冯涛代班的人代班");
    for called in ["system admin", "city office", "street dispatcher"] {
        let person = town.sign_in(called).await;
        person.get(&page).await.is(403);
        person.post(&page, &[]).await.is(403);
    }
    let other = Town::raise_at(MONDAY).await;
    other
        .sign_in("security admin")
        .await
        .get(&page)
        .await
        .is(404);
    admin.opens(&page).await;
    admin
        .does("结束请假：2026-11-23 起", &[])
        .await
        .shows("已结束请假");
    feng.opens("/leave").await.never_names("2026-11-30");
}
