//! The search box: what finds what, for whom, in which order; and the lists narrowed by the same words.

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use street_whistle::base::finding;
use street_whistle::base::form::FieldErrors;
use street_whistle::base::sounds;
use uuid::Uuid;

use crate::harness::{Page, Sql, Town, encoded};

const MONDAY: &str = "2026-11-23T06:05:00Z";

/// Key, place, its code below the city's, number, title, spot, text; the later ones are newer.
const MATTERS: [(&str, &str, &str, &str, &str, &str, &str); 7] = [
    (
        "A",
        "door 1",
        "00100100100101",
        "DAR-20261120-00017-3",
        "楼道漏水三天无人管",
        "二楼拐角",
        "水从顶棚滴下来",
    ),
    (
        "B",
        "house 2",
        "001001001002",
        "DAG-20261121-00123-5",
        "水管爆裂漏水",
        "",
        "",
    ),
    (
        "C",
        "old house",
        "001002001001",
        "DAG-20261121-00124-1",
        "老街路灯不亮",
        "",
        "晚上看不见路",
    ),
    (
        "D",
        "bank house",
        "002001001001",
        "DAR-20261122-00200-0",
        "江岸漏水结冰",
        "",
        "",
    ),
    (
        "E",
        "station",
        "001001002",
        "DAR-20261122-00201-8",
        "ＡＢ座电梯停运１２３",
        "",
        "",
    ),
    (
        "F",
        "garden",
        "001001001",
        "DAZ-20261122-00202-6",
        "100%_\\'\"<b>&|!:*漏电",
        "",
        "",
    ),
    (
        "G",
        "north",
        "001002",
        "DAZ-20261122-00203-4",
        "占道经营😀",
        "",
        "",
    ),
];

impl Town {
    /// A town with these matters.
    async fn with_matters() -> Self {
        let town = Self::raise_at(MONDAY).await;
        let (tenant, chief) = (town.tenant, town.seat("grid chief").clone());
        for (nth, (_, place, code, number, title, spot, detail)) in MATTERS.into_iter().enumerate()
        {
            let (id, node) = (Uuid::now_v7(), town.node(place));
            let code = format!("{}{code}", town.code);
            let quoted = title.replace('\'', "''");
            town.sql(&format!(
                "insert into matters (tenant_id, id, number, class_code, title, detail, place_id, place_level,
                                      place_code, spot, filed_at, filed_by, filed_post, stage, waiting_since)
                 select '{tenant}', '{id}', '{number}', '05-03', '{quoted}', '{detail}', n.id, n.level, n.code, '{spot}',
                        x.at, '{person}', '{post}', 'filed', x.at
                   from nodes n, (select '{now}'::timestamptz - interval '70 minutes' + {nth} * interval '10 minutes' as at) x
                  where n.tenant_id = '{tenant}' and n.id = '{node}' and n.code = '{code}'",
                person = chief.person,
                post = chief.post,
                now = town.now(),
            ))
            .await;
        }
        town
    }
}

fn address(path: &str, q: &str) -> String {
    format!("{path}?{}", encoded(&[("q", q)]))
}

fn group(kind: &str, css: &str) -> String {
    format!("section[aria-labelledby=g-{kind}] {css}")
}

/// The keys of the matters that a page shows, in its order.
fn keys(titles: &[String]) -> String {
    let key = |shown: &String| {
        let flat = |text: &str| text.split_whitespace().collect::<String>();
        let of = MATTERS.iter().find(|m| flat(m.4) == flat(shown));
        of.map_or("?", |m| m.0)
    };
    titles.iter().map(key).collect()
}

fn found(page: &Page) -> String {
    keys(&page.all_words_at(&group("matters", ".c-title a")))
}

#[tokio::test]
async fn words_find_matters_in_order_and_the_list_finds_the_same() {
    let town = Town::with_matters().await;
    let city = &town.code;
    let table = [
        // One character, several, a whole sentence; what has it in the title goes first, then the newest.
        ("city office", "漏水", "DBA"),
        ("city office", "水", "DBA"),
        ("city office", "路", "C"),
        ("city office", "三天无人", "A"),
        ("city office", "楼道漏水三天无人管", "A"),
        ("city office", "漏水 三天", "A"),
        ("city office", "  漏水　三天  ", "A"),
        ("city office", "漏水 漏电", ""),
        ("city office", "没有这回事", ""),
        // The text and the spot.
        ("city office", "晚上", "C"),
        ("city office", "拐角", "A"),
        // Places, with other words and without; by name, by pinyin, mixed, by code.
        ("city office", "金源 漏水", "BA"),
        ("city office", "金源小区网格漏水", "BA"),
        ("city office", "1号楼 漏水", "A"),
        ("city office", "慧阳 漏水", "BA"),
        ("city office", "jyxq 漏水", "BA"),
        ("city office", "jinyuan 漏水", "BA"),
        ("city office", "金yxq 漏水", "BA"),
        ("city office", "linj 漏水", "D"),
        ("city office", "城北 路灯", "C"),
        // Numbers and their parts.
        ("city office", "DAG-20261121-00123-5", "B"),
        ("city office", "dag-20261121-00123-5", "B"),
        ("city office", "00123", "B"),
        ("city office", "0012", "CB"),
        ("city office", "DAG", "CB"),
        ("city office", "20261122-0020", "GFED"),
        // Widths and cases.
        ("city office", "123", "EB"),
        ("city office", "１２３", "EB"),
        ("city office", "ab座", "E"),
        ("city office", "ＡＢ座", "E"),
        // Signs of patterns, of the language of the index, of HTML.
        ("city office", "100%", "F"),
        ("city office", "0%_", "F"),
        ("city office", "1__", ""),
        ("city office", "%漏%", ""),
        ("city office", "<b>", "F"),
        ("city office", "!:*漏电", "F"),
        ("city office", "漏水 & 三天", "A"),
        ("city office", "漏水 | 漏电", ""),
        ("city office", "漏:*", ""),
        ("city office", "'漏'", ""),
        ("city office", "\\'\"<b", "F"),
        ("city office", "😀", "G"),
        // By reach.
        ("street dispatcher", "漏水", "BA"),
        ("other dispatcher", "漏水", "D"),
        ("community secretary", "漏水", "BA"),
        ("north secretary", "漏水", ""),
        ("north secretary", "路灯", "C"),
        ("grid chief", "漏水", "BA"),
        ("station chief", "漏水", ""),
        ("station chief", "电梯", "E"),
        ("building chief", "漏水", "A"),
        ("unit household", "漏水", "A"),
        ("building chief", "爆裂", ""),
        ("housing clerk", "漏水", ""),
        ("system admin", "漏水", ""),
    ];
    for (who, typed, expected) in table {
        let person = town.sign_in(who).await;
        let page = person.opens(&address("/search", typed)).await;
        page.costs_at_most(3);
        assert_eq!(found(&page), expected, "{who} looks for “{typed}”");
        assert_eq!(page.attribute("#sought", "value").as_deref(), Some(typed));
        if ["housing clerk", "system admin"].contains(&who) {
            continue;
        }
        let list = person.opens(&address("/matters", typed)).await;
        let mut listed: Vec<char> = keys(&list.all_words_at("tbody .c-title a"))
            .chars()
            .collect();
        let mut boxed: Vec<char> = expected.chars().collect();
        listed.sort_unstable();
        boxed.sort_unstable();
        assert_eq!(listed, boxed, "the list of {who} for “{typed}”");
    }
    let office = town.sign_in("city office").await;
    let street = office
        .opens(&address("/search", &format!("{city}002 漏水")))
        .await;
    assert_eq!(found(&street), "D", "by the code of a street");
}

#[tokio::test]
async fn what_was_found_is_marked_and_nothing_typed_becomes_markup() {
    let town = Town::with_matters().await;
    let office = town.sign_in("city office").await;
    let marks = group("matters", ".c-title mark");
    let page = office.opens(&address("/search", "漏水 三天")).await;
    assert_eq!(page.all_words_at(&marks), ["漏水三天"]);
    let page = office.opens(&address("/search", "ab座")).await;
    assert_eq!(page.all_words_at(&marks), ["ＡＢ座"]);
    let page = office.opens(&address("/search", "<b>")).await;
    assert_eq!(page.all_words_at(&marks), ["<b>"]);
    assert!(page.all_words_at("main b").is_empty());
    let page = office.opens(&address("/search", "jyxq 漏水")).await;
    let places = page.all_words_at(&group("matters", ".c-street mark"));
    assert!(places.contains(&"金源小区".to_owned()), "{places:?}");
    let page = office
        .opens(&address("/search", "\"><script>x</script>"))
        .await;
    assert!(page.all_words_at("main script").is_empty());
}

#[tokio::test]
async fn what_cannot_be_looked_for_is_answered_in_a_sentence() {
    let town = Town::with_matters().await;
    let office = town.sign_in("city office").await;
    let long = "a".repeat(10_000);
    for (typed, says) in [
        (long.as_str(), "最多 60 个字，现在是 10000 个字"),
        ("%", "只有标点符号找不出内容"),
        ("_", "只有标点符号找不出内容"),
        ("%_\\", "只有标点符号找不出内容"),
        ("，。！、…", "只有标点符号找不出内容"),
        ("漏\u{7}水", "看不见的控制字符"),
        ("一 二 三 四 五 六 七", "一次最多找 6 个词"),
    ] {
        for path in ["/search", "/matters", "/whistles"] {
            let page = office.get(&address(path, typed)).await;
            page.is(422).shows(says);
            let kept = page.attribute("#f-q", "value").unwrap_or_default();
            assert_eq!(kept, typed, "what was typed stays in the field of {path}");
        }
    }
    office.get(&address("/search", "漏\0水")).await.is(400);
    let security = town.sign_in("security admin").await;
    let page = security.get(&address("/people", "%")).await;
    page.is(422).shows("只有标点符号找不出内容");
    for typed in ["", "   "] {
        let page = office.opens(&address("/search", typed)).await;
        page.shows("编号（可只写几位）");
        assert_eq!(found(&page), "");
    }
    let nothing = office.opens(&address("/search", "没有这回事")).await;
    nothing.shows("没有找到“没有这回事”").shows("全市");
    let grid = town.sign_in("grid chief").await;
    let nothing = grid.opens(&address("/search", "没有这回事")).await;
    nothing.shows("找的是金源小区网格范围内的事项，和全市的地点、部门，");
    let clerk = town.sign_in("water clerk").await;
    let nothing = clerk.opens(&address("/search", "没有这回事")).await;
    nothing.shows("的哨单，和全市的地点、部门，");
    let places = address("/search", "没有这回事") + "&kind=places";
    clerk.opens(&places).await.shows("找的是全市的地点，");
}

#[tokio::test]
async fn whistles_are_found_by_what_is_asked_of_whom() {
    let town = Town::raise_at(MONDAY).await;
    let case = town.case().await;
    let tenant = town.tenant;
    let number = town
        .text(&format!(
            "select number from whistles where tenant_id = '{tenant}' and id = '{}'",
            case.whistle
        ))
        .await;
    let tail = number[number.len() - 6..].to_owned();
    let table = [
        ("city office", "堵塞", 1),
        ("city office", number.as_str(), 1),
        ("city office", tail.as_str(), 1),
        ("city office", "供水公司", 1),
        ("city office", "gsgs 疏通", 1),
        ("city office", "拆除占压", 1),
        ("city office", "住房", 0),
        ("city office", "金源小区1号楼 堵塞", 1),
        ("street dispatcher", "堵塞", 1),
        ("other dispatcher", "堵塞", 0),
        ("community secretary", "堵塞", 1),
        ("north secretary", "堵塞", 0),
        ("water clerk", "堵塞", 1),
        ("housing clerk", "堵塞", 1),
        ("market clerk", "堵塞", 0),
    ];
    for (who, typed, expected) in table {
        let person = town.sign_in(who).await;
        let page = person.opens(&address("/search", typed)).await;
        let titles = page.all_words_at(&group("whistles", ".c-title a"));
        assert_eq!(titles.len(), expected, "{who} looks for “{typed}”");
        let list = person.opens(&address("/whistles", typed)).await;
        let titles = list.all_words_at("tbody .c-title a");
        assert_eq!(titles.len(), expected, "the list of {who} for “{typed}”");
    }
    let chief = town.sign_in("grid chief").await;
    let page = chief.opens(&address("/search", "堵塞")).await;
    assert!(page.all_words_at("#g-whistles").is_empty());
    assert!(!page.text().contains("哨单 1"));
}

#[tokio::test]
async fn places_departments_and_people_are_found_by_name_and_pinyin() {
    let town = Town::raise_at(MONDAY).await;
    let tenant = town.tenant;
    town.sql(&format!(
        "update nodes set name = '重庆路网格' where tenant_id = '{tenant}' and id = '{}';
         update people set name = '张伟' where tenant_id = '{tenant}' and id = '{}'",
        town.node("old"),
        town.seat("other checker").person
    ))
    .await;
    let security = town.sign_in("security admin").await;
    for (kind, typed, first) in [
        ("places", "城南", "慧阳街道 城南社区"),
        ("places", "chengn", "慧阳街道 城南社区"),
        ("places", "cnsq", "慧阳街道 城南社区"),
        ("places", "c南", "慧阳街道 城南社区"),
        ("places", "城nsq", "慧阳街道 城南社区"),
        ("places", "chongqingl", "慧阳街道 城北社区 重庆路网格"),
        ("places", "zhongqlwg", "慧阳街道 城北社区 重庆路网格"),
        ("places", "cqlwg", "慧阳街道 城北社区 重庆路网格"),
        ("places", "重ql", "慧阳街道 城北社区 重庆路网格"),
        (
            "places",
            "城南 2号楼",
            "慧阳街道 城南社区 金源小区网格 金源小区2号楼",
        ),
        (
            "places",
            "jyxq2",
            "慧阳街道 城南社区 金源小区网格 金源小区2号楼",
        ),
        ("departments", "供水", "供水公司"),
        ("departments", "gsgs", "供水公司"),
        ("departments", "供sgs", "供水公司"),
        ("people", "何伟", "何伟"),
        ("people", "hew", "何伟"),
        ("people", "h伟", "何伟"),
        ("people", "zhangw", "张伟"),
        ("people", "z伟", "张伟"),
        ("people", "楼栋长", "何伟"),
        ("people", "building.chief", "何伟"),
    ] {
        let page = security.opens(&address("/search", typed)).await;
        let names = page.all_words_at(&group(kind, ".c-title a"));
        let names = names
            .first()
            .map(|n| n.split_whitespace().collect::<Vec<_>>().join(" "));
        assert_eq!(names.as_deref(), Some(first), "{kind} “{typed}”");
    }
    let page = security.opens(&address("/search", "zhongqlwg")).await;
    let marked = page.all_words_at(&group("places", "mark"));
    assert_eq!(marked, ["重庆路网格"]);
    // A place by its code and by kind alone; a place that is no more is not found.
    let garden = town.node("garden");
    let code = format!("select code from nodes where tenant_id = '{tenant}' and id = '{garden}'");
    let code = town.text(&code).await;
    let page = security
        .opens(&format!("/search?q={code}&kind=places"))
        .await;
    assert_eq!(page.all_words_at(&group("places", ".c-title a")).len(), 5);
    for (who, sees) in [
        ("city office", false),
        ("street dispatcher", false),
        ("grid chief", false),
        ("water clerk", false),
        ("audit admin", true),
        ("system admin", true),
    ] {
        let person = town.sign_in(who).await;
        let page = person.opens(&address("/search", "何伟")).await;
        let people = page.all_words_at(&group("people", ".c-title a"));
        assert_eq!(people.len(), usize::from(sees), "{who}");
        let asked = person.get("/search?q=何伟&kind=people").await;
        let people = asked.all_words_at(&group("people", ".c-title a"));
        assert_eq!(people.len(), usize::from(sees), "{who}, by kind");
    }
    // The list of people is narrowed by the same.
    for (typed, name) in [("z伟", "张伟"), ("楼栋长", "何伟"), ("hew", "何伟")] {
        let list = security.opens(&address("/people", typed)).await;
        let names = list.all_words_at("tbody .c-title a");
        assert_eq!(names, [name], "{typed}");
    }
}

#[tokio::test]
async fn what_is_called_otherwise_is_found_by_its_new_name() {
    let town = Town::with_matters().await;
    let tenant = town.tenant;
    let office = town.sign_in("city office").await;
    town.sql(&format!(
        "update nodes set name = '春江里9栋' where tenant_id = '{tenant}' and id = '{}';
         update nodes set name = '紫荆网格' where tenant_id = '{tenant}' and id = '{}'",
        town.node("old house"),
        town.node("old")
    ))
    .await;
    for (typed, expected) in [
        ("春江里 路灯", "C"),
        ("9栋", "C"),
        ("紫荆", "C"),
        ("zjwg 路灯", "C"),
        ("5号楼 路灯", ""),
    ] {
        let page = office.opens(&address("/search", typed)).await;
        assert_eq!(found(&page), expected, "{typed}");
    }
    // A tape of a moved place: what moves is found at its new place.
    town.sql(&format!(
        "update matters m set place_id = n.id, place_level = n.level, place_code = n.code
           from nodes n where n.tenant_id = m.tenant_id and n.id = '{}'
            and m.tenant_id = '{tenant}' and m.number = 'DAG-20261121-00124-1'",
        town.node("bank house")
    ))
    .await;
    for (who, typed, expected) in [
        ("city office", "江岸3号楼 路灯", "C"),
        ("other dispatcher", "路灯", "C"),
        ("street dispatcher", "路灯", ""),
    ] {
        let person = town.sign_in(who).await;
        let page = person.opens(&address("/search", typed)).await;
        assert_eq!(found(&page), expected, "{who} {typed}");
    }
}

#[tokio::test]
async fn many_are_counted_to_a_bound_and_paged() {
    let town = Town::raise_at(MONDAY).await;
    let (tenant, chief, node) = (
        town.tenant,
        town.seat("grid chief").clone(),
        town.node("garden"),
    );
    town.sql(&format!(
        "insert into matters (tenant_id, id, number, class_code, title, detail, place_id, place_level, place_code,
                              spot, filed_at, filed_by, filed_post, stage, waiting_since)
         select '{tenant}', ('01900000-0000-7000-8000-' || lpad(g::text, 12, '0'))::uuid, 'N-' || g, '05-03',
                case when g % 100 = 0 then '路面塌陷' else '积水' end, '', n.id, n.level, n.code, '', x.at,
                '{person}', '{post}', 'filed', x.at
           from generate_series(1, 900) g, nodes n,
                lateral (select '{now}'::timestamptz - g * interval '1 day' as at) x
          where n.tenant_id = '{tenant}' and n.id = '{node}'",
        person = chief.person,
        post = chief.post,
        now = town.now(),
    ))
    .await;
    let office = town.sign_in("city office").await;
    let page = office.opens(&address("/search", "积水")).await;
    page.shows("全部 超过 300 件");
    assert_eq!(page.all_words_at(&group("matters", "tbody tr")).len(), 6);
    let list = office.opens(&address("/matters", "积水")).await;
    list.shows("超过 300 件");
    // Few are found wherever they stand in the order, and counted exactly.
    let page = office.opens(&address("/search", "塌陷")).await;
    page.shows("全部 9 件");
    let list = office.opens(&address("/matters", "塌陷")).await;
    list.shows("共 9 件");
    let page = office.opens("/search?q=1&kind=matters").await;
    assert_eq!(page.all_words_at(&group("matters", "tbody tr")).len(), 50);
    // Places by pages: none twice, none left out.
    let grid = town.code.clone() + "001001001";
    town.sql(&format!(
        "insert into nodes (tenant_id, id, level, parent_id, code, name, party_name, valid_from)
         select '{tenant}', ('01900000-0000-7000-8001-' || lpad(g::text, 12, '0'))::uuid, 4, '{node}',
                '{grid}' || lpad((g + 100)::text, 3, '0'), '杏林' || g || '栋', '杏林', '2026-01-01'
           from generate_series(1, 120) g"
    ))
    .await;
    let mut path = "/search?q=xinglin&kind=places".to_owned();
    let mut names = Vec::new();
    for _ in 0..3 {
        let page = office.opens(&path).await;
        names.extend(page.all_words_at(&group("places", ".c-title a")));
        let next = page.attribute(".pager li:last-child a", "href");
        path = next.unwrap_or_default();
    }
    assert_eq!(names.len(), 120);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 120);
}

/// The words of a piece of a title, as the box reads them.
fn words(piece: &str) -> Option<Vec<String>> {
    let mut errors = FieldErrors::new();
    finding::words(&mut errors, "q", piece)
}

#[tokio::test]
async fn every_piece_of_a_title_is_found_by_its_owner_and_by_nobody_else() {
    let town = Town::raise_at(MONDAY).await;
    let (tenant, chief) = (town.tenant, town.seat("grid chief").clone());
    let signs = "[一-龥㐀-㐂𠮷a-zA-Z0-9ａ-ｆ０-９ ，。%_'\\\\\"<&|!:*()-]{2,14}";
    let any = proptest::string::string_regex(signs).unwrap();
    let mut runner = TestRunner::deterministic();
    let mut sql = Sql::app().await;
    for nth in 0..12 {
        let title = any.new_tree(&mut runner).unwrap().current();
        let id = Uuid::now_v7();
        town.sql(&format!(
            "insert into matters (tenant_id, id, number, class_code, title, detail, place_id, place_level, place_code,
                                  spot, filed_at, filed_by, filed_post, stage, waiting_since)
             select '{tenant}', '{id}', 'N{nth}', '05-03', '{}', '', n.id, n.level, n.code, '', '{now}', '{person}',
                    '{post}', 'filed', '{now}'
               from nodes n where n.tenant_id = '{tenant}' and n.id = '{}'",
            title.replace('\'', "''"),
            town.node("house 1"),
            person = chief.person,
            post = chief.post,
            now = town.now(),
        ))
        .await;
        let code = town.code.clone();
        let all: Vec<char> = title.chars().collect();
        let pieces =
            (0..all.len()).flat_map(|from| (from + 1..=all.len()).map(move |to| (from, to)));
        sql.begin(tenant).await;
        for (from, to) in pieces {
            let piece: String = all[from..to].iter().collect();
            let Some(words) = words(&piece) else { continue };
            let array = words.join("\u{1}").replace('\'', "''");
            let asks = |area: &str| {
                format!(
                    "select count(*) from search_ids('{tenant}', 'matter', string_to_array('{array}', e'\\x01'), '{area}', null,
                                                     '2026-11-23', 301) s where s = '{id}'"
                )
            };
            for (area, expected) in [
                (String::new(), 1),
                (format!("{code}001001001"), 1),
                (format!("{code}001001001001"), 1),
                (format!("{code}001001002"), 0),
                (format!("{code}002"), 0),
            ] {
                let found = sql.number(&asks(&area)).await;
                assert_eq!(found, expected, "“{piece}” of “{title}” in “{area}”");
            }
        }
        sql.run("rollback").await.unwrap();
    }
}

#[tokio::test]
async fn no_other_tenant_is_looked_into() {
    let (town, other) = (Town::with_matters().await, Town::raise_at(MONDAY).await);
    let asks = |tenant: Uuid| {
        format!(
            "select cardinality(search_found('{tenant}', 'matter', search_query('漏水'), '{{%漏水%}}', '{{}}', 301))::bigint"
        )
    };
    let mut sql = Sql::app().await;
    sql.begin(town.tenant).await;
    assert_eq!(sql.number(&asks(town.tenant)).await, 3);
    assert_eq!(sql.number(&asks(other.tenant)).await, 0);
    sql.run("rollback").await.unwrap();
    sql.begin(other.tenant).await;
    assert_eq!(sql.number(&asks(town.tenant)).await, 0);
    sql.run("rollback").await.unwrap();
    assert_eq!(sql.number(&asks(town.tenant)).await, 0, "without a tenant");
}

#[tokio::test]
async fn the_database_spells_as_the_program_does() {
    let mut sql = Sql::owner().await;
    let rows = sql
        .column("select han || ' ' || split_part(sounds, '/', 1) from han_sounds order by han")
        .await;
    assert!(rows.len() > 20_000);
    let other: Vec<&String> = rows
        .iter()
        .filter(|row| {
            let (han, sound) = row.split_once(' ').unwrap();
            let usual = han.chars().next().and_then(sounds::usual);
            usual.as_deref() != Some(sound)
        })
        .collect();
    assert!(other.len() < 20, "{other:?}");
    let spelt = sql.column("select sounds_of('重庆 A区１')").await;
    assert_eq!(
        spelt,
        ["重庆a区1\n 重zhong/chong/tong 庆qing aa 区qu/ou 11"
            .replace(" aa", " a")
            .replace(" 11", " 1")]
    );
}
