//! The city leader in charge of a department: the city's office names him, and whoever was before
//! stays on record.

use street_whistle::base::id::uuid_at;
use street_whistle::org::access::PostKind;
use uuid::Uuid;

use crate::harness::{Seat, Sql, Town};

/// Monday, when the office opens.
const OPENS: &str = "2026-11-23T00:30:00Z";
/// The button that names the first leader.
pub(super) const NAMES: &str = "指定分管市领导";
const CHANGES: &str = "更换分管市领导";
/// The field in which he is chosen.
pub(super) const LEADER: &str = "分管市领导职务";
const FROM: &str = "从哪天起分管";

impl Town {
    /// Another leader of the city, 常务副市长 苏明.
    pub(super) async fn second_leader(&self) -> Seat {
        let now = self.now();
        let seat = Seat {
            called: "second leader",
            kind: PostKind::CityLeader,
            login: "second.leader".to_owned(),
            person: uuid_at(now),
            post: uuid_at(now),
            appointment: uuid_at(now),
        };
        let (tenant, first) = (self.tenant, self.seat("city leader").person);
        let Seat {
            person,
            post,
            appointment,
            login,
            ..
        } = &seat;
        self.sql(&format!(
            "insert into posts (tenant_id, id, kind, title, valid_from) values ('{tenant}', '{post}', 'city_leader', '常务副市长', '2026-01-01');
             insert into people (tenant_id, id, name, identity) values ('{tenant}', '{person}', '苏明', '市级领导');
             insert into accounts select tenant_id, '{person}', '{login}', password_hash, password_set_at, false
               from accounts where tenant_id = '{tenant}' and person_id = '{first}';
             insert into appointments values ('{tenant}', '{appointment}', '{post}', '{person}', '2026-01-01', null);"
        ))
        .await;
        seat
    }

    /// The city's office names a leader on the department's page.
    pub(super) async fn names(&self, department: &str, leader: &str) {
        let office = self.sign_in("city office").await;
        office.opens(&self.page_of(department)).await;
        office.does(NAMES, &[(LEADER, leader)]).await;
    }

    pub(super) fn page_of(&self, department: &str) -> String {
        format!("/departments/{}", self.department(department))
    }

    async fn namings(&self) -> i64 {
        let of = format!(
            "select count(*) from department_leaders where tenant_id = '{}'",
            self.tenant
        );
        self.number(&of).await
    }
}

#[tokio::test]
async fn the_citys_office_names_the_leader_in_charge_and_who_was_before_stays_on_the_page() {
    let town = Town::raise_at(OPENS).await;
    town.second_leader().await;
    let path = town.page_of("water");
    let office = town.sign_in("city office").await;
    office
        .opens(&path)
        .await
        .shows("没有指定分管市领导，黄牌、红牌只告知部门负责人和市治理办。");
    let first = [(LEADER, "副市长 赵国栋"), (FROM, "2026-11-02")];
    office
        .does(NAMES, &first)
        .await
        .shows("已指定分管市领导")
        .shows("副市长 赵国栋")
        .shows("2026-11-02 起，钱立新");
    let second = [(LEADER, "常务副市长 苏明"), (FROM, "2026-11-20")];
    let page = office.does(CHANGES, &second).await;
    page.shows("常务副市长 苏明").shows("2026-11-20 起，钱立新");
    page.shows("以前分管").shows("2026-11-02 至 2026-11-19");
    // Each day shows who was in charge then, and only today can be changed.
    let earlier = office.opens(&format!("{path}?day=2026-11-10")).await;
    earlier.shows("2026-11-02 至 2026-11-19");
    assert!(!earlier.says("苏明（") && !earlier.has_button(CHANGES));
    office
        .opens(&format!("{path}?day=2026-11-01"))
        .await
        .shows("没有指定分管市领导");
    let words = town
        .column(&format!(
            "select sentence from events where tenant_id = '{}' and subject = 'department' and verb = 'name_leader'
                and subject_id = '{}' order by id",
            town.tenant,
            town.department("water")
        ))
        .await;
    assert_eq!(
        words,
        [
            "副市长 赵国栋，2026-11-02 起。",
            "常务副市长 苏明，2026-11-20 起。"
        ]
    );
}

#[tokio::test]
async fn what_cannot_be_named_is_refused_beside_its_field_and_changes_nothing() {
    let town = Town::raise_at(OPENS).await;
    let other = Town::raise_at(OPENS).await;
    let path = town.page_of("water");
    let post = format!("{path}/leader");
    let office = town.sign_in("city office").await;
    office.opens(&path).await;
    office
        .submit(NAMES, &[(FROM, "昨天")])
        .await
        .is(422)
        .shows("没有指定，有 2 处要改")
        .shows("请选择分管市领导。")
        .shows("日期写成 2026-11-23 这样");
    assert_eq!(
        office.page().attribute("#from", "value").as_deref(),
        Some("昨天"),
        "what was typed stays"
    );
    let leader = town.seat("city leader").post.to_string();
    for (who, from, sentence) in [
        (leader.clone(), "2026-11-24", "不能晚于今天"),
        (leader.clone(), "2020-01-01", "不能早于部门设立"),
        (leader.clone(), "", "日期写成"),
        ("不是编号".to_owned(), "2026-11-23", "请选择分管市领导。"),
        (Uuid::nil().to_string(), "2026-11-23", "请从名单里选"),
        // A head of a department leads no department from the city, nor does another city's leader.
        (
            town.seat("water head").post.to_string(),
            "2026-11-23",
            "请从名单里选",
        ),
        (
            other.seat("city leader").post.to_string(),
            "2026-11-23",
            "请从名单里选",
        ),
    ] {
        let fields = [("leader", who.as_str()), ("from", from)];
        office.post(&post, &fields).await.is(422).shows(sentence);
    }
    let fields = [("leader", leader.as_str()), ("from", "2026-11-23")];
    for called in [
        "city leader",
        "street deputy",
        "community secretary",
        "water head",
        "system admin",
    ] {
        let person = town.sign_in(called).await;
        person.post(&post, &fields).await.is(403);
        if called != "system admin" {
            let page = person.opens(&path).await;
            page.shows("没有指定分管市领导");
            assert!(!page.has_button(NAMES), "{called}");
        }
    }
    let stranger = other.sign_in("city office").await;
    stranger.post(&post, &fields).await.is(404);
    office
        .post(
            &format!("/departments/{}/leader", other.department("water")),
            &fields,
        )
        .await
        .is(404);
    assert_eq!((town.namings().await, other.namings().await), (0, 0));

    town.names("water", "副市长 赵国栋").await;
    office.opens(&path).await;
    office
        .submit(CHANGES, &[(LEADER, "副市长 赵国栋")])
        .await
        .is(422)
        .shows("现在就由他分管");
    town.second_leader().await;
    office.opens(&path).await;
    let before = [(LEADER, "常务副市长 苏明"), (FROM, "2026-11-01")];
    office
        .submit(CHANGES, &before)
        .await
        .is(422)
        .shows("不能早于现任开始分管的 2026-11-23");
    town.sql(&format!(
        "update departments set valid_to = '2026-11-23' where tenant_id = '{}' and id = '{}'",
        town.tenant,
        town.department("market")
    ))
    .await;
    let gone = town.page_of("market");
    assert!(!office.opens(&gone).await.has_button(NAMES));
    office
        .post(&format!("{gone}/leader"), &fields)
        .await
        .is(409)
        .shows("已经撤销");
    assert_eq!(town.namings().await, 1);
}

#[tokio::test]
async fn a_double_click_names_once_and_a_page_that_is_old_names_nobody() {
    let town = Town::raise_at(OPENS).await;
    let path = town.page_of("water");
    let office = town.sign_in("city office").await;
    let colleague = town.sign_in("city office").await;
    let chosen = [(LEADER, "副市长 赵国栋")];
    let form = office.opens(&path).await.form(NAMES, &chosen);
    let old = colleague.opens(&path).await.form(NAMES, &chosen);
    let done = format!("{path}?done=named");
    assert_eq!(office.send_form(&form).await.is(303).location(), done);
    assert_eq!(office.send_form(&form).await.is(303).location(), done);
    assert_eq!(town.namings().await, 1);
    let page = colleague.send_form(&old).await;
    page.is(409).shows("刚被别人指定过").shows("副市长 赵国栋");
    assert_eq!(town.namings().await, 1);

    // Two who name the first one of a department in the same moment: one of them does.
    let path = town.page_of("housing");
    let forms = [
        office.opens(&path).await.form(NAMES, &chosen),
        colleague.opens(&path).await.form(NAMES, &chosen),
    ];
    let (a, b) = tokio::join!(office.send_form(&forms[0]), colleague.send_form(&forms[1]));
    let mut statuses = [a.status(), b.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(town.namings().await, 2);
}

#[tokio::test]
async fn the_database_lets_only_a_city_leader_be_in_charge_and_one_at_a_time() {
    let town = Town::raise_at(OPENS).await;
    town.names("water", "副市长 赵国栋").await;
    let mut sql = Sql::owner().await;
    let insert = |department: &str, post: &str, kind: &str| {
        let (id, by) = (uuid_at(town.now()), town.seat("city office"));
        format!(
            "insert into department_leaders (tenant_id, id, department_id, post_id, post_kind, from_day, named_at, named_by, named_post)
             values ('{}', '{id}', '{}', '{}', '{kind}', '2026-12-01', '{}', '{}', '{}')",
            town.tenant,
            town.department(department),
            town.seat(post).post,
            town.now(),
            by.person,
            by.post
        )
    };
    for (statement, constraint) in [
        (
            insert("market", "water head", "city_leader"),
            "department_leaders_post",
        ),
        (
            insert("market", "water head", "department_head"),
            "department_leaders_of_city",
        ),
        (
            insert("water", "city leader", "city_leader"),
            "department_leaders_one",
        ),
    ] {
        let refused = sql.run(&statement).await.unwrap_err().to_string();
        assert!(refused.contains(constraint), "{refused}");
    }
    sql.close().await;
}
