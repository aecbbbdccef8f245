//! Every kind of page is examined in a real browser by axe-core (4.14.1, MPL-2.0, vendored beside
//! this file), at the office's screen and on a telephone, and fits into both.

use std::collections::{BTreeSet, HashSet, VecDeque};

use serde_json::Value;
use street_whistle::org::access::SESSION_COOKIE;
use street_whistle::sample::CITY_CODE;

use super::spider::{links_of, shape_of};
use crate::harness::{Driver, OFFICE, PHONE, Person, Sample, Screen};

const AXE: &str = include_str!("axe.min.js");

/// Who walks: between them they reach every kind of page.
const WALKERS: [&str; 9] = [
    "city_office",
    "street_secretary",
    "street_dispatcher",
    "community_secretary",
    "grid_chief",
    "department_head",
    "system_admin",
    "security_admin",
    "audit_admin",
];

/// What is wrong on the page, a line for each rule, with the first elements that break it.
const ASK: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then(
        r => done(r.violations.map(v => v.id + ': '
            + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '))),
        e => done(['axe fails: ' + e]));";

#[tokio::test]
async fn axe_finds_nothing_on_any_page_at_both_sizes() {
    let mut city = Sample::city(CITY_CODE).await;
    let staff = city.staff().await;
    let served = city.serves().await;
    let base = format!("http://localhost:{}", served.port);
    let mut known = HashSet::new();
    let mut wrong = Vec::new();
    let mut examined = 0;
    let driver = Driver::start().await;
    for (kind, person) in staff
        .iter()
        .filter(|(kind, _)| WALKERS.contains(&kind.as_str()))
    {
        let paths = new_pages(person, &mut known).await;
        examined += paths.len();
        let (office, phone) = tokio::join!(
            faults(&driver, &base, (kind, person), OFFICE, &paths),
            faults(&driver, &base, (kind, person), PHONE, &paths)
        );
        wrong.extend(office);
        wrong.extend(phone);
    }
    assert!(examined > 100, "the walk sees the program: {examined}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The pages of a shape that nobody before could open, and the desk.
async fn new_pages(person: &Person, known: &mut HashSet<String>) -> BTreeSet<String> {
    let mut waiting = VecDeque::from(["/".to_owned()]);
    let mut seen: HashSet<String> = HashSet::from([shape_of("/")]);
    let mut new = BTreeSet::from(["/".to_owned()]);
    while let Some(path) = waiting.pop_front() {
        let page = person.get(&path).await;
        if page.status() != 200 || !page.is_html() {
            continue;
        }
        let shape = shape_of(&path);
        if known.insert(shape) {
            new.insert(path);
        }
        // A filter shows the same page with fewer rows.
        let links = links_of(&page).into_iter();
        let plain = links.filter(|link| !link.contains('?'));
        waiting.extend(plain.filter(|link| seen.insert(shape_of(link))));
    }
    new
}

/// What axe finds on these pages, and what is too wide.
async fn faults(
    driver: &Driver,
    base: &str,
    (kind, person): (&str, &Person),
    screen: Screen,
    paths: &BTreeSet<String>,
) -> Vec<String> {
    let token = person.cookie(SESSION_COOKIE).unwrap();
    let cookie = (kind, SESSION_COOKIE, token.as_str());
    let window = driver.examines(base, cookie, screen).await;
    let mut wrong = Vec::new();
    for path in paths {
        window.goes(path).await;
        window.fits().await;
        let found = window.asks(AXE, ASK).await;
        let found = found.as_array().expect("axe answers with a list").clone();
        let lines = found.iter().filter_map(Value::as_str);
        wrong.extend(lines.map(|line| format!("{kind} {path} at {}: {line}", screen.0)));
    }
    window.leaves().await;
    wrong
}
