//! A city begins: its frame is ticked off, and a list says what is missing.

use crate::harness::{Form, Page, Person, Town, all_at_once};

/// A county whose codes are shipped, for a town of a test's own.
async fn in_county(code: &str) -> Town {
    let town = Town::raise().await;
    let tenant = town.tenant;
    town.sql(&format!(
        "update tenants set code = '{code}' where id = '{tenant}'"
    ))
    .await;
    town
}

/// The form of the page that is open, with these boxes empty.
fn untick(person: &Person, button: &str, fields: &[(&str, &str)], empty: &[&str]) -> Form {
    let mut form = person.page().form(button, fields);
    form.fields
        .retain(|(name, _)| !empty.contains(&name.as_str()));
    form
}

async fn count(town: &Town, what: &str) -> i64 {
    let tenant = town.tenant;
    town.number(&format!(
        "select count(*) from {what} and tenant_id = '{tenant}'"
    ))
    .await
}

#[tokio::test]
async fn streets_and_communities_are_ticked_off_the_national_codes() {
    let town = in_county("220881").await;
    let admin = town.sign_in("system admin").await;
    admin.opens("/setup").await.costs_at_most(3);
    let page = admin.follows("街道和社区").await;
    page.costs_at_most(3)
        .shows("团结街道")
        .shows("220881001，社区、村 4 个");
    // A street brings its communities; what is unticked stays out, and what belongs to no ticked
    // street is left alone.
    let fields = [("t.220881001", "1"), ("t.220881003", "1")];
    let form = untick(&admin, "设立勾选的单位", &fields, &["t.220881001004"]);
    let answer = admin.send_form(&form).await;
    let page = admin.opens(answer.is(303).location()).await;
    page.shows("已设立勾选的街道和社区");
    assert_eq!(
        count(&town, "nodes where code like '220881%' and level = 1").await,
        2
    );
    assert_eq!(
        count(&town, "nodes where code like '220881001___'").await,
        3
    );
    assert_eq!(count(&town, "nodes where code = '220881002001'").await, 0);
    let posts = "posts where node_code like '220881%'";
    assert_eq!(count(&town, posts).await, 2 * 4 + 6 * 2);
    admin.opens("/chain").await.shows("光明街道");

    // What is there stays; what was left out can be added later.
    let page = admin.opens("/setup/streets").await;
    page.shows("220881001，社区、村 4 个，已有 3 个；已设立");
    admin
        .does("设立勾选的单位", &[("t.220881001004", "1")])
        .await;
    assert_eq!(
        count(&town, "nodes where code like '220881001___'").await,
        4
    );
    admin
        .opens("/audit?verb=add_node")
        .await
        .shows("按国家统计用区划代码设立");
}

#[tokio::test]
async fn nothing_ticked_twice_or_under_a_closed_street_is_set_up() {
    let town = in_county("220802").await;
    let admin = town.sign_in("system admin").await;
    admin.opens("/setup/streets").await;
    let page = admin.submit("设立勾选的单位", &[]).await;
    page.is(409).shows("没有勾选新的单位");

    let fields = [("t.220802001", "1")];
    let form = admin.page().form("设立勾选的单位", &fields);
    admin.send_form(&form).await.is(303);
    // The second click of the same form leads to the same place and makes nothing.
    let nodes = count(&town, "nodes where code like '220802%'").await;
    admin.send_form(&form).await.is(303);
    assert_eq!(count(&town, "nodes where code like '220802%'").await, nodes);
    // A page that was open meanwhile finds that it is all there.
    let mut stale = form.clone();
    stale.set("once", "");
    admin
        .send_form(&stale)
        .await
        .is(409)
        .shows("没有勾选新的单位");

    let tenant = town.tenant;
    town.sql(&format!(
        "update nodes set valid_from = '2020-01-01', valid_to = '2020-02-01'
          where tenant_id = '{tenant}' and code = '220802001'"
    ))
    .await;
    town.sql(&format!(
        "delete from posts where tenant_id = '{tenant}' and node_code = '220802001001';
         delete from nodes where tenant_id = '{tenant}' and code = '220802001001'"
    ))
    .await;
    let page = admin.opens("/setup/streets").await;
    page.shows("已撤销，代码不再使用");
    let page = admin
        .submit("设立勾选的单位", &[("t.220802001001", "1")])
        .await;
    page.is(409).shows("这个单位已经撤销");
    // A code of another county is none of this form.
    admin.opens("/setup/streets").await;
    let page = admin
        .submit("设立勾选的单位", &[("t.220881001", "1")])
        .await;
    page.is(409).shows("没有勾选新的单位");
}

#[tokio::test]
async fn two_who_tick_the_same_street_set_it_up_once() {
    let town = in_county("220821").await;
    let first = town.sign_in("system admin").await;
    let second = town.sign_in("system admin").await;
    for admin in [&first, &second] {
        admin.opens("/setup/streets").await;
    }
    let fields = [("t.220821100", "1")];
    let forms = [
        first.page().form("设立勾选的单位", &fields),
        second.page().form("设立勾选的单位", &fields),
    ];
    let answers = all_at_once([first.send_form(&forms[0]), second.send_form(&forms[1])]).await;
    let mut statuses: Vec<u16> = answers.iter().map(Page::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(count(&town, "nodes where code = '220821100'").await, 1);
}

#[tokio::test]
async fn a_county_that_the_codes_do_not_have_is_led_to_the_chain() {
    let town = Town::raise().await;
    let admin = town.sign_in("system admin").await;
    admin
        .opens("/setup/streets")
        .await
        .shows("国家区划代码里没有")
        .shows("去组织与网格");
}

#[tokio::test]
async fn departments_are_ticked_off_the_start_list() {
    let town = Town::raise().await;
    let admin = town.sign_in("system admin").await;
    let page = admin.opens("/setup/departments").await;
    page.costs_at_most(3).shows("水利局");
    let before = count(&town, "departments where true").await;
    let form = untick(&admin, "设立勾选的部门", &[], &["t.QX", "t.SW"]);
    let answer = admin.send_form(&form).await;
    let page = admin.opens(answer.is(303).location()).await;
    page.shows("已设立勾选的部门");
    assert_eq!(
        count(&town, "departments where name in ('气象局', '税务局')").await,
        0
    );
    assert!(count(&town, "departments where true").await > before + 20);
    let posts = "posts where department_id in (select id from departments where name = '水利局')";
    assert_eq!(count(&town, posts).await, 2);
    admin.opens("/departments").await.shows("水利局");
}

#[tokio::test]
async fn the_list_says_what_is_missing_and_whose_it_is() {
    let town = Town::raise().await;
    let tenant = town.tenant;
    let admin = town.sign_in("system admin").await;
    let security = town.sign_in("security admin").await;
    let page = admin.opens("/setup").await;
    page.shows("可以启用：该有的都有了")
        .shows("街道 2 个，社区 3 个");
    // A clerk's post falls vacant: the security administrator reads it as his own.
    town.sql(&format!(
        "update appointments set to_day = from_day + 1 where tenant_id = '{tenant}' and post_id in (
            select id from posts where tenant_id = '{tenant}' and kind = 'department_clerk'
             and department_id = '{}')",
        town.department("water")
    ))
    .await;
    let mine = "个部门的关键职务有空缺 | 安全管理员 | (待您办理)";
    security.opens("/setup").await.shows(mine);
    admin
        .opens("/setup")
        .await
        .shows("个部门的关键职务有空缺 | 安全管理员 | (必须补齐)");
    // Nobody else finds the list.
    let dispatcher = town.sign_in("street dispatcher").await;
    dispatcher.get("/setup").await.is(403);
}
