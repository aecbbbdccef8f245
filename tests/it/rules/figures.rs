//! Every number that is a link equals the length of the list behind it.

use std::collections::BTreeMap;

use scraper::{ElementRef, Selector};
use street_whistle::sample::{CITY_CODE, NEIGHBOUR_CODE};

use crate::harness::{Page, Person, Sample};

#[tokio::test]
async fn every_figure_equals_the_list_it_opens() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for code in [CITY_CODE, NEIGHBOUR_CODE] {
        let mut city = Sample::city(code).await;
        for (kind, person) in city.staff().await {
            let mut lengths = BTreeMap::new();
            for path in [
                "/",
                "/departments",
                "/chain",
                "/visits",
                "/visits/departments",
                "/powers",
                "/circle",
                "/map",
            ] {
                let page = person.get(path).await;
                if page.status() == 403 {
                    continue;
                }
                page.is(200);
                let mut pages = vec![page.clone()];
                for below in one_of_each(&page) {
                    pages.push(person.opens(&below).await);
                }
                for page in pages {
                    let found = compare(&person, &page, &mut lengths, 1).await;
                    compared += found.0;
                    wrong.extend(found.1.into_iter().map(|w| format!("{kind}: {w}")));
                }
            }
        }
    }
    assert!(compared > 300, "only {compared} figures were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The catalogue for each kind of reach and for periods of each shape: days that are kept, days
/// that are not, today.
#[tokio::test]
async fn every_figure_of_the_catalogue_equals_its_list_for_every_role_and_period() {
    let mut city = Sample::city(CITY_CODE).await;
    let mut staff = city.staff().await;
    let mut wrong = Vec::new();
    let mut compared = 0;
    for kind in [
        "city_leader",
        "street_dispatcher",
        "community_secretary",
        "grid_chief",
        "department_clerk",
    ] {
        let person = staff.remove(kind).expect("the sample has this post");
        let mut lengths = BTreeMap::new();
        let page = person.opens("/figures").await;
        for label in ["本周", "上月", "本年"] {
            let href = page.link(label);
            // The parts are many and all alike: one figure in eleven stands for them.
            let every = if label == "本年" { 11 } else { 3 };
            let shown = person.opens(&href).await;
            let found = compare(&person, &shown, &mut lengths, every).await;
            compared += found.0;
            wrong.extend(found.1.into_iter().map(|w| format!("{kind}: {w}")));
        }
    }
    assert!(compared > 150, "only {compared} figures were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Compares one in so many figures of a page with their lists: how many were compared, and what
/// is wrong.
pub(crate) async fn compare(
    person: &Person,
    page: &Page,
    lengths: &mut BTreeMap<String, i64>,
    every: usize,
) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (link, number) in figures_of(page).into_iter().step_by(every) {
        let length = match lengths.get(&link) {
            Some(length) => *length,
            None => length_of(person, &link).await,
        };
        lengths.insert(link.clone(), length);
        compared += 1;
        // Others take files along from the same cities: the record grows meanwhile.
        let grown = link.starts_with("/audit") && length > number;
        if grown && figure_now(person, &page.path, &link).await >= length {
            continue;
        }
        if length != number {
            wrong.push(format!("{} says {number}, {link} has {length}", page.path));
        }
    }
    (compared, wrong)
}

/// The number that a page shows for a link when it is opened once more.
async fn figure_now(person: &Person, path: &str, link: &str) -> i64 {
    let page = person.get(path).await;
    let mut figures = figures_of(&page).into_iter();
    let found = figures.find(|(to, _)| to == link);
    found
        .unwrap_or_else(|| panic!("{path} no longer counts {link}"))
        .1
}

/// The first page of a node, of a department and of a cell of the matrix that a page leads to.
fn one_of_each(page: &Page) -> Vec<String> {
    page.look(|document| {
        let links = Selector::parse("main a[href]").unwrap();
        let hrefs: Vec<&str> = document
            .select(&links)
            .filter_map(|a| a.attr("href"))
            .collect();
        let first = |start: &str| hrefs.iter().find(|href| href.starts_with(start));
        let found = ["/departments/", "/chain/", "/powers?"].map(first);
        found
            .into_iter()
            .flatten()
            .map(|href| (*href).to_owned())
            .collect()
    })
}

/// Links to lists whose words hold a number.
fn figures_of(page: &Page) -> Vec<(String, i64)> {
    page.look(|document| {
        let links =
            Selector::parse("a[href^=\"/matters\"], a[href^=\"/whistles\"], a[href^=\"/visits\"], a[href^=\"/requests\"], a[href^=\"/powers/\"], a[href^=\"/audit\"], a[href^=\"/circle/\"]")
                .unwrap();
        let figures = document.select(&links).filter_map(|link| {
            let href = link.attr("href")?;
            let path = href.split('?').next()?;
            let is_list = [
                "/matters",
                "/whistles",
                "/visits",
                "/requests",
                "/powers/records",
                "/powers/violations",
                "/audit",
                "/circle/buildings",
            ]
            .contains(&path);
            Some((href.to_owned(), number_of(link)?)).filter(|_| is_list)
        });
        figures.collect()
    })
}

/// The number itself stands in bold, in a badge, or alone.
fn number_of(link: ElementRef<'_>) -> Option<i64> {
    let inner = Selector::parse("b, .count").unwrap();
    let words: String = match link.select(&inner).next() {
        Some(number) => number.text().collect(),
        None => link.text().collect(),
    };
    let words = words.trim();
    let digits: String = words.chars().take_while(char::is_ascii_digit).collect();
    let rest = words[digits.len()..].trim();
    if ["", "件", "个", "项", "次", "条", "栋"].contains(&rest) {
        digits.parse().ok()
    } else {
        None
    }
}

/// The total that a list states.
async fn length_of(person: &Person, link: &str) -> i64 {
    let page = person.opens(link).await;
    let text = page.text();
    let stated = text
        .split("共 ")
        .nth(1)
        .unwrap_or_else(|| panic!("{link} states no total:\n{text}"));
    let digits: String = stated.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}
