//! Follows every link as every kind of post: no dead link, no fault, and every page has what a
//! reader needs to find his way, also one who hears it.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use scraper::{ElementRef, Html, Selector};
use street_whistle::sample::CITY_CODE;

use crate::harness::{Page, Person, Sample};

/// Pages that one post's walk opens at most.
const MOST: usize = 250;
/// Pages of one shape that a walk opens: the hundredth row of a list leads to nothing new.
const OF_A_SHAPE: usize = 3;

#[tokio::test]
async fn every_link_leads_somewhere_for_everybody() {
    let mut city = Sample::city(CITY_CODE).await;
    let mut wrong = Vec::new();
    let staff = city.staff().await;
    assert!(
        staff.len() >= 17,
        "the sample fills the posts: {:?}",
        staff.keys()
    );
    for (kind, person) in &staff {
        let opened = walk(kind, person, &mut wrong).await;
        assert!(opened > 3, "{kind} finds his way");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Opens everything that can be reached from the desk.
async fn walk(kind: &str, person: &Person, wrong: &mut Vec<String>) -> usize {
    let mut waiting = VecDeque::from([("/".to_owned(), "the address".to_owned())]);
    let mut known: HashSet<String> = HashSet::from(["/".to_owned()]);
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    let mut opened = 0;
    while let Some((path, from)) = waiting.pop_front() {
        if opened == MOST {
            break;
        }
        opened += 1;
        let page = person.get(&path).await;
        if page.status() != 200 {
            let faults = page.seen.faults.join("\n");
            wrong.push(format!(
                "{kind}: {path} (from {from}) answers {} {faults}",
                page.status()
            ));
            continue;
        }
        wrong.extend(bare_headers(&page).map(|name| format!("{kind}: {path} without {name}")));
        if !page.is_html() {
            continue;
        }
        if page.queries() > round_trips(&path) {
            let all = page.seen.statements.join("\n  ");
            wrong.push(format!(
                "{kind}: {path} costs {} round trips:\n  {all}",
                page.queries()
            ));
        }
        for fault in faults_of(&page) {
            wrong.push(format!("{kind}: {path}: {fault}"));
        }
        for link in links_of(&page) {
            let seen = shapes.entry(shape_of(&link)).or_default();
            if *seen < OF_A_SHAPE && known.insert(link.clone()) {
                *seen += 1;
                waiting.push_back((link, path.clone()));
            }
        }
    }
    opened
}

/// Headers that every answer carries and this one does not.
fn bare_headers(page: &Page) -> impl Iterator<Item = &'static str> {
    let wanted = [
        ("content-security-policy", "default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cache-control", ""),
    ];
    let lacks = wanted.into_iter().filter(|(name, value)| {
        let header = page
            .headers
            .get(*name)
            .and_then(|header| header.to_str().ok());
        !header.is_some_and(|header| header.contains(value) && !header.contains("unsafe"))
    });
    lacks.map(|(name, _)| name)
}

/// What a page may cost, besides its transaction's own: a list or a case three. A desk also tells
/// what one has filed; a form also needs what it offers, and a bulletin that is not put out yet the
/// figures it is written from.
fn round_trips(path: &str) -> usize {
    let plain = path.split('?').next().unwrap_or_default();
    match plain {
        "/" => 4,
        bulletin if bulletin.starts_with("/bulletins/") => 4,
        form if form.ends_with("/new") || form.ends_with("/edit") => 5,
        _ => 3,
    }
}

/// Links to this host, without the place on the page; forms that look are links too.
pub(super) fn links_of(page: &Page) -> BTreeSet<String> {
    page.look(|document| {
        let mut links = BTreeSet::new();
        for (css, attribute) in [
            ("a[href]", "href"),
            ("link[rel=stylesheet]", "href"),
            ("form:not([method=post])", "action"),
        ] {
            for element in document.select(&selector(css)) {
                let link = element.attr(attribute).unwrap_or_default();
                let link = link.split('#').next().unwrap_or_default();
                if !link.is_empty() {
                    links.insert(absolute(link, &page.path));
                }
            }
        }
        links
    })
}

fn absolute(link: &str, path: &str) -> String {
    let here = path.split('?').next().unwrap_or_default();
    match link.strip_prefix('?') {
        Some(query) => format!("{here}?{query}"),
        None => link.to_owned(),
    }
}

/// What an address is like: ids and values left out.
pub(super) fn shape_of(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let parts = path.split('/').map(|part| {
        let is_id = part.len() == 36 && part.matches('-').count() == 4;
        if is_id { "*" } else { part }
    });
    let mut names: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.ends_with('='))
        .map(|pair| pair.split('=').next().unwrap_or_default())
        .collect();
    names.sort_unstable();
    format!(
        "{}?{}",
        parts.collect::<Vec<_>>().join("/"),
        names.join("&")
    )
}

/// What a page lacks.
fn faults_of(page: &Page) -> Vec<String> {
    page.look(|document| {
        let count = |css: &str| document.select(&selector(css)).count();
        let mut faults = Vec::new();
        let mut demand = |holds: bool, sentence: &str| {
            if !holds {
                faults.push(sentence.to_owned());
            }
        };
        demand(count("html[lang=zh-CN]") == 1, "the page says its language");
        demand(count("h1") == 1, "the page has one h1");
        demand(
            count("main#main") == 1,
            "the page has one main, where the skip link leads",
        );
        demand(count("meta[name=viewport]") == 1, "the page fits a phone");
        let title: String = document
            .select(&selector("title"))
            .flat_map(|t| t.text())
            .collect();
        demand(title.trim().chars().count() > 3, "the page has a title");
        demand(
            !document.html().contains("<script"),
            "the page has no script",
        );
        faults.extend(repeated_ids(document));
        faults.extend(nameless_controls(document));
        faults.extend(broken_references(document));
        faults
    })
}

fn repeated_ids(document: &Html) -> Vec<String> {
    let mut seen = HashSet::new();
    let ids = selector("[id]");
    let all = document
        .select(&ids)
        .filter_map(|element| element.attr("id"));
    all.filter(|id| !seen.insert(id.to_string()))
        .map(|id| format!("the id “{id}” stands twice"))
        .collect()
}

/// Controls without a name for those who hear the page, and buttons and links without words.
fn nameless_controls(document: &Html) -> Vec<String> {
    let controls = selector("input:not([type=hidden]), select, textarea");
    let mut faults: Vec<String> = document
        .select(&controls)
        .filter(|control| !is_named(document, *control))
        .map(|control| format!("no label: {}", start_of(control)))
        .collect();
    let pictures = selector("img");
    let wordless = document
        .select(&selector("button, a[href], th, h1, h2, h3, label, legend"))
        .filter(|element| {
            let words: String = element.text().collect();
            let spoken = element.attr("aria-label").unwrap_or_default();
            let mut pictures = element.select(&pictures);
            let shown = pictures.any(|img| img.attr("alt").is_some_and(|alt| !alt.is_empty()));
            words.trim().is_empty() && spoken.is_empty() && !shown
        })
        .map(|element| format!("no words: {}", start_of(element)))
        .collect::<Vec<_>>();
    faults.extend(wordless);
    faults
}

fn is_named(document: &Html, control: ElementRef<'_>) -> bool {
    let aloud = control
        .attr("aria-label")
        .is_some_and(|name| !name.is_empty());
    let by_id = control.attr("id").is_some_and(|id| {
        let labels = selector("label[for]");
        document
            .select(&labels)
            .any(|label| label.attr("for") == Some(id))
    });
    let mut around = control.ancestors().filter_map(ElementRef::wrap);
    aloud || by_id || around.any(|element| element.value().name() == "label")
}

/// References to parts of the page that are not there.
fn broken_references(document: &Html) -> Vec<String> {
    let ids = selector("[id]");
    let there: HashSet<&str> = document.select(&ids).filter_map(|e| e.attr("id")).collect();
    let mut faults = Vec::new();
    for (css, attribute) in [
        ("label[for]", "for"),
        ("[aria-labelledby]", "aria-labelledby"),
        ("[aria-describedby]", "aria-describedby"),
        ("[form]", "form"),
        ("a[href^=\"#\"]", "href"),
        ("use[href^=\"#\"]", "href"),
    ] {
        for element in document.select(&selector(css)) {
            for id in element
                .attr(attribute)
                .unwrap_or_default()
                .split_whitespace()
            {
                if !there.contains(id.trim_start_matches('#')) {
                    faults.push(format!("{attribute} leads nowhere: {id}"));
                }
            }
        }
    }
    faults
}

fn start_of(element: ElementRef<'_>) -> String {
    element.html().chars().take(120).collect()
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}
