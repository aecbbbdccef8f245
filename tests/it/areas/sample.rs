//! What the sample city shows of what the program can do, and that it keeps the program's rules.

use street_whistle::sample::CITY_CODE;

use crate::harness::Sample;

#[tokio::test]
async fn a_department_gave_its_part_back_and_another_was_called() {
    let mut city = Sample::city(CITY_CODE).await;
    let title = "永兴社区河道边倾倒建筑垃圾";
    let li = city.sign_in("liqiang").await;
    let list = li.opens("/whistles").await;
    li.opens(&list.link(title))
        .await
        .costs_at_most(3)
        .shows("生态环境分局改为城市管理行政执法局主办")
        .shows("已改派")
        .shows("认为应由城市管理行政执法局负责");
    let duties = li.opens("/duties").await;
    li.opens(&duties.link("建筑垃圾处置"))
        .await
        .shows("同意退回。按清单界限改派主办")
        .shows("街道协调");
    let granted = format!(
        "select count(*) from requests r
           join assignments a on a.tenant_id = r.tenant_id and a.id = r.assignment_id and a.stage = 'relieved'
           join precedents p on p.tenant_id = r.tenant_id and p.whistle_id = r.whistle_id
          where r.tenant_id = '{}' and r.kind = 'return' and r.state = 'granted'",
        city.tenant
    );
    assert_eq!(city.number(&granted).await, 1);
}

#[tokio::test]
async fn one_is_away_and_her_deputy_acts_for_her() {
    let mut city = Sample::city(CITY_CODE).await;
    let gao = city.sign_in("gaomin").await;
    gao.opens("/leave").await.shows("代班中").shows("刘洋");
    let liu = city.sign_in("liuyang").await;
    liu.opens("/leave").await.shows("高敏").shows("代班中");
    liu.opens("/posts").await.shows("代高敏");
    let desk = liu.does("以此职务办事", &[]).await;
    assert!(desk.frame().contains("代高敏："), "{}", desk.frame());
    let wang = city.sign_in("wangli").await;
    wang.opens("/leave").await.shows("姜涛").shows("已结束");
    let zhao = city.sign_in("zhaohaifeng").await;
    zhao.opens("/leave")
        .await
        .shows("郭振华")
        .shows("已提前结束");
}

#[tokio::test]
async fn who_asks_residents_in_the_sample_has_no_part_in_what_is_asked_about() {
    let mut city = Sample::city(CITY_CODE).await;
    let tenant = city.tenant;
    let asked = format!(
        "select count(*) from (
            select v.whistle_id, v.person_id from visits v
             where v.tenant_id = '{tenant}' and v.person_id is not null
            union all select t.whistle_id, t.person_id from visit_tries t where t.tenant_id = '{tenant}'
            union all select l.whistle_id, l.person_id from visit_links l where l.tenant_id = '{tenant}') a"
    );
    assert!(city.number(&asked).await > 20);
    let partial = format!(
        "{asked} where is_involved('{tenant}', a.whistle_id, a.person_id, true)
                    or has_found_merged('{tenant}', a.whistle_id, a.person_id)
                    or has_judged('{tenant}', a.whistle_id, a.person_id, false)"
    );
    assert_eq!(city.number(&partial).await, 0);
    let judged = format!(
        "select count(*) from (
            select c.whistle_id, c.person_id, true as checks from checks c where c.tenant_id = '{tenant}'
            union all select r.whistle_id, r.person_id, false from ratings r where r.tenant_id = '{tenant}'
            union all select w.id, w.closed_by, false from whistles w
             where w.tenant_id = '{tenant}' and w.closed_by is not null) j
          where is_involved('{tenant}', j.whistle_id, j.person_id, j.checks)
             or has_visited('{tenant}', j.whistle_id, j.person_id)"
    );
    assert_eq!(city.number(&judged).await, 0);
    // Whoever told something behind a whistle that passed its check is asked about it.
    let forgotten = format!(
        "select count(*) from whistle_matters b
           join whistles w on w.tenant_id = b.tenant_id and w.id = b.whistle_id
           join matters m on m.tenant_id = b.tenant_id and (m.id = b.matter_id or m.merged_into = b.matter_id)
          where b.tenant_id = '{tenant}' and b.live and w.stage in ('rating', 'closing')
            and (m.teller_name_mask is not null or m.teller_phone_mask is not null)
            and not exists (select from visits v where v.tenant_id = b.tenant_id and v.matter_id = m.id)"
    );
    assert_eq!(city.number(&forgotten).await, 0);
}

#[tokio::test]
async fn every_building_of_the_sample_stands_somewhere() {
    let mut city = Sample::city(CITY_CODE).await;
    let tenant = city.tenant;
    let without = format!(
        "select count(*) from nodes where tenant_id = '{tenant}' and level = 4 and longitude is null"
    );
    assert_eq!(city.number(&without).await, 0);
    // The nearest neighbour within its grid, for every building that has one.
    let apart = format!(
        "select count(*) from nodes n
          where n.tenant_id = '{tenant}' and n.level = 4
            and (select min(metres_apart(n.longitude, n.latitude, o.longitude, o.latitude)) from nodes o
                  where o.tenant_id = n.tenant_id and o.parent_id = n.parent_id and o.id <> n.id)
                not between 15 and 40"
    );
    assert_eq!(city.number(&apart).await, 0);
}
