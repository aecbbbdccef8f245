//! The sample's five powers: exactly the published figures, every stage there is, and clocks as the
//! program itself would have kept them.

use street_whistle::sample::CITY_CODE;

use crate::harness::Sample;

/// By department: planning, co-ordination (also how many were late) and projects that it asked
/// about, and awards; each asked, answered, adopted.
#[rustfmt::skip]
const FIGURES: &[(&str, &str)] = &[
    ("住房和城乡建设局", "2/1/1/0 31/30/28/2 5/4/3/1 0/0/0/0"),
    ("城市管理行政执法局", "0/0/0/0 46/45/41/4 0/0/0/0 2/2/2/0"),
    ("公安局", "0/0/0/0 28/28/27/0 0/0/0/0 2/2/2/0"),
    ("司法局", "0/0/0/0 9/9/9/0 0/0/0/0 0/0/0/0"),
    ("自然资源局", "5/5/4/0 14/13/11/2 1/1/0/1 0/0/0/0"),
    ("生态环境分局", "0/0/0/0 8/8/8/0 0/0/0/0 0/0/0/0"),
    ("市场监督管理局", "0/0/0/0 17/17/16/0 0/0/0/0 1/1/1/0"),
    ("交通运输局", "1/1/1/0 11/11/10/1 2/2/1/0 0/0/0/0"),
    ("应急管理局", "0/0/0/0 10/10/10/0 0/0/0/0 0/0/0/0"),
    ("民政局", "0/0/0/0 6/6/6/0 3/2/2/0 1/1/1/0"),
    ("教育局", "0/0/0/0 3/3/3/0 2/2/2/0 1/1/1/0"),
    ("卫生健康局", "0/0/0/0 4/4/4/0 2/2/1/0 1/1/1/0"),
    ("人力资源和社会保障局", "0/0/0/0 2/2/2/0 0/0/0/0 0/0/0/0"),
    ("财政局", "0/0/0/0 1/1/1/0 0/0/0/0 0/0/0/0"),
    ("水利局", "0/0/0/0 3/3/3/0 1/1/1/0 0/0/0/0"),
    ("文化广播电视和旅游局", "0/0/0/0 2/2/2/0 1/1/1/0 0/0/0/0"),
    ("发展和改革局", "0/0/0/0 1/1/1/0 2/2/1/0 0/0/0/0"),
    ("消防救援大队", "0/0/0/0 6/6/6/0 0/0/0/0 0/0/0/0"),
    ("供水公司", "0/0/0/0 6/6/6/0 0/0/0/0 1/1/1/0"),
    ("供热公司", "0/0/0/0 5/5/4/1 1/1/1/0 0/0/0/0"),
    ("供电公司", "0/0/0/0 4/4/4/0 0/0/0/0 0/0/0/0"),
];

#[tokio::test]
async fn the_matrix_has_exactly_the_published_figures() {
    let mut city = Sample::city(CITY_CODE).await;
    let tenant = city.tenant;
    for (department, figures) in FIGURES {
        let powers = ["planning", "coordination", "project", "award"];
        for (power, cells) in powers.iter().zip(figures.split(' ')) {
            let of = format!(
                "from power_exercises e
                   join departments d on d.tenant_id = e.tenant_id and d.id = e.department_id
                  where e.tenant_id = '{tenant}' and e.power = '{power}' and e.withdrawn_at is null
                    and d.name = '{department}' and (e.power <> 'project' or e.origin = 'department')"
            );
            let mut found = Vec::new();
            for narrowed in [
                "",
                "and e.answer is not null",
                "and e.answer in ('adopted', 'partly')",
                "and was_late(e.tenant_id, e.id)",
            ] {
                found.push(
                    city.number(&format!("select count(*) {of} {narrowed}"))
                        .await
                        .to_string(),
                );
            }
            assert_eq!(&found.join("/"), cells, "{department} {power}");
        }
    }
    for (what, count) in [
        (
            "power_exercises where power = 'project' and origin = 'street' and withdrawn_at is null and {t}",
            11,
        ),
        (
            "power_exercises where power = 'project' and origin = 'department' and withdrawn_at is null and {t}",
            20,
        ),
        ("power_exercises where power = 'cadre' and {t}", 12),
        (
            "power_exercises where power = 'cadre' and answer is not null and {t}",
            11,
        ),
        (
            "power_exercises where power = 'cadre' and answer in ('adopted', 'partly') and {t}",
            9,
        ),
        (
            "power_exercises where power = 'cadre' and was_late(tenant_id, id) and {t}",
            1,
        ),
        ("exercise_secrets where part = 'subject' and {t}", 12),
        (
            "exercise_opinions where kind = 'sealed' and words <> '' and {t}",
            0,
        ),
        (
            "power_exercises e where {t} and e.asked_at < (select p.from_day from empowerment_plans p where p.tenant_id = e.tenant_id)",
            0,
        ),
        (
            "whistles w where {t} and w.sounded_at >= (select p.from_day from empowerment_plans p where p.tenant_id = w.tenant_id)",
            132,
        ),
        ("whistles where number is not null and {t}", 132),
        ("empowerment_plans where clause = 1 and {t}", 1),
        ("plan_streets where {t}", 5),
        ("plan_meetings where {t}", 4),
        (
            "(select distinct department_id from plan_grants where {t}) d",
            21,
        ),
        ("power_violations where kind = 'not_asked' and {t}", 1),
        ("power_violations where kind = 'decided_before' and {t}", 1),
    ] {
        let counted = format!(
            "select count(*) from {}",
            what.replace("{t}", &format!("tenant_id = '{tenant}'"))
        );
        assert_eq!(city.number(&counted).await, count, "{what}");
    }
}

#[tokio::test]
async fn every_stage_and_every_word_of_the_powers_occurs() {
    let mut city = Sample::city(CITY_CODE).await;
    let tenant = city.tenant;
    let stages = [
        "opining",
        "meeting",
        "answering",
        "reacting",
        "objected",
        "closed",
        "withdrawn",
    ];
    let stages = stages.map(|stage| format!("power_exercises where stage = '{stage}' and {{t}}"));
    let words = [
        "power_exercises where stage = 'meeting' and meets_at > now() and {t}",
        "power_exercises where stage = 'answering' and round = 2 and {t}",
        "power_exercises where stage = 'closed' and round = 2 and {t}",
        "power_exercises where stage = 'answering' and due_at < now() and {t}",
        "power_exercises where whistle_id is not null and {t}",
        "exercise_opinions where kind = 'silent' and {t}",
        "exercise_opinions where kind = 'suggest' and {t}",
        "exercise_opinions where kind = 'disagree' and {t}",
        "exercise_reactions where kind = 'silent' and {t}",
        "exercise_rulings where kind = 'upheld' and {t}",
        "exercise_rulings where kind = 'dismissed' and {t}",
        "item_answers where kind = 'not_adopted' and {t}",
        "exercise_parties where not came and {t}",
        "exercise_tasks where done_at is null and {t}",
        "exercise_matters where {t}",
        "exercise_projects where pool = 'pooled' and {t}",
        "exercise_projects where pool = 'refused' and {t}",
    ];
    for what in stages.iter().map(String::as_str).chain(words) {
        let counted = format!(
            "select count(*) from {}",
            what.replace("{t}", &format!("tenant_id = '{tenant}'"))
        );
        assert!(city.number(&counted).await > 0, "{what}");
    }
    // Matters that came again and again, for a proposal to grow out of.
    let again = format!(
        "select count(*) from (select from matters where tenant_id = '{tenant}'
            group by street_code, class_code having count(*) >= 3) m"
    );
    assert!(city.number(&again).await > 20);
}

#[tokio::test]
async fn clocks_and_lines_of_the_powers_are_those_that_the_program_keeps() {
    let mut city = Sample::city(CITY_CODE).await;
    let tenant = city.tenant;
    for what in [
        // A clock that stopped late, or is late now, has its breach with its line; no other has.
        "select count(*) from clocks c left join breaches b on b.tenant_id = c.tenant_id and b.clock_id = c.id
          where {c} and c.exercise_id is not null and c.due_at is not null
            and (b.clock_id is not null) <> (c.due_at < coalesce(c.stopped_at, now()))",
        "select count(*) from breaches b join clocks c on c.tenant_id = b.tenant_id and c.id = b.clock_id
          where {c} and c.exercise_id is not null
            and not exists (select from events v where v.tenant_id = c.tenant_id and v.id = b.event_id
                and v.subject = 'exercise' and v.subject_id = c.exercise_id and v.verb = 'breach' and v.seat <> '')",
        // The row's due time is the nearest of its running clocks.
        "select count(*) from power_exercises c where {c} and c.due_at is distinct from
            (select min(k.due_at) from clocks k where k.tenant_id = c.tenant_id and k.exercise_id = c.id
                and k.stopped_at is null and k.paused_at is null)",
        // What waits has the clock of its stage; what is over has none that runs.
        "select count(*) from power_exercises c where {c} and (select count(*) from clocks k
            where k.tenant_id = c.tenant_id and k.exercise_id = c.id and k.stopped_at is null and k.stage <> 'item')
            <> case when c.closed_at is null and c.withdrawn_at is null then 1 else 0 end",
        // Nobody is silent still whose time is over.
        "select count(*) from power_exercises c where {c} and c.stage in ('opining', 'reacting') and c.due_at < now()",
        // Each act is one line, and the version counts them.
        "select count(*) from power_exercises c where {c} and c.version <> (select count(*) from events v
            where v.tenant_id = c.tenant_id and v.subject = 'exercise' and v.subject_id = c.id
              and v.verb not in ('breach', 'perform', 'read', 'add_photos'))",
        "select count(*) from events c where {c} and c.subject = 'exercise' and c.at > now()",
        // In order: asked, said, answered, reacted, ruled.
        "select count(*) from power_exercises c
           left join exercise_opinions o on o.tenant_id = c.tenant_id and o.exercise_id = c.id
           left join exercise_minutes m on m.tenant_id = c.tenant_id and m.exercise_id = c.id
           left join exercise_answers a on a.tenant_id = c.tenant_id and a.exercise_id = c.id and a.round = 1
           left join exercise_reactions r on r.tenant_id = c.tenant_id and r.exercise_id = c.id and r.round = 1
           left join exercise_rulings g on g.tenant_id = c.tenant_id and g.exercise_id = c.id
          where {c} and not (c.asked_at < coalesce(o.given_at, m.given_at, 'infinity')
            and coalesce(o.given_at, m.given_at, '-infinity') < coalesce(a.given_at, 'infinity')
            and coalesce(a.given_at, '-infinity') < coalesce(r.given_at, 'infinity')
            and coalesce(r.given_at, '-infinity') < coalesce(g.given_at, 'infinity'))",
        "select count(*) from exercise_tasks c join exercise_minutes m on m.tenant_id = c.tenant_id
            and m.exercise_id = c.exercise_id where {c} and c.done_at <= m.given_at",
        // Numbers follow the order of asking, and the next one is free.
        "select count(*) from power_exercises c where {c} and exists (select from power_exercises o
            where o.tenant_id = c.tenant_id and substr(o.number, 5, 14) < substr(c.number, 5, 14) and o.asked_at > c.asked_at)",
        "select count(*) from power_exercises c where {c} and not exists (select from number_series s
            where s.tenant_id = c.tenant_id and s.series = 'exercise' and to_char(s.day, 'YYYYMMDD') = substr(c.number, 5, 8)
              and s.last >= substr(c.number, 14, 5)::integer)",
    ] {
        let counted = what.replace("{c}", &format!("c.tenant_id = '{tenant}'"));
        assert_eq!(city.number(&counted).await, 0, "{what}");
    }
}

#[tokio::test]
async fn each_side_sees_its_part_of_the_ledger() {
    let mut city = Sample::city(CITY_CODE).await;
    let wang = city.sign_in("wangli").await;
    let list = wang.opens("/powers/records").await;
    list.costs_at_most(3).shows("待街道表态");
    wang.opens(&list.link("中心城区排水专项规划"))
        .await
        .shows("待街道提意见");
    let zhao = city.sign_in("zhaohaifeng").await;
    zhao.opens("/powers/records")
        .await
        .costs_at_most(3)
        .shows("城南家园围墙修复");
    let han = city.sign_in("hanxue").await;
    han.opens("/powers/records?tab=open")
        .await
        .shows("人和社区发热诊室");
    // The city's matrix, as it was published.
    han.opens("/powers")
        .await
        .shows("21 个部门")
        .shows("民生项目征求意见 20 次")
        .shows("参与街区规划 8 次")
        .shows("参与综合协调管理 217 次")
        .shows("11 件");
}
