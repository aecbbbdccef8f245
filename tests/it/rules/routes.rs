//! Every path, walked by every kind of post, by somebody who is not signed in, and by somebody of
//! another tenant: one table that a person can read.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use axum::http::Method;
use street_whistle::org::access::{Access, PostKind, Route};
use street_whistle::org::{TenantId, audit};
use street_whistle::router::routes;
use uuid::Uuid;

use crate::harness::{Case, Person, Town};

/// The columns, in the order of [`PostKind::ALL`]: city, street, community, grid, building, unit,
/// department, administrators.
const COLUMNS: &str = "out  CL  CO | SS  SD  SW  SC | CS  CW | GC  GS | BC  BL | UC  UH | DH  DC | sys sec aud | else";

#[test]
fn no_path_is_declared_twice() {
    let mut seen = BTreeSet::new();
    for Route { method, path, .. } in routes().list() {
        assert!(
            seen.insert((method.to_string(), path)),
            "{method} {path} stands twice"
        );
    }
}

#[test]
fn what_changes_something_is_for_somebody() {
    let open: Vec<_> = routes()
        .list()
        .into_iter()
        .filter(|route| route.method == Method::POST && route.access == Access::Public)
        .map(|route| route.path)
        .collect();
    assert_eq!(open, ["/r/{token}", "/sign-in", "/large-type"]);
}

/// Real things of the town stand for the parameters, so that each answer shows the reach. Forms
/// are posted empty: what is allowed is then refused for its content, and nothing changes.
#[tokio::test]
async fn every_path_answers_everybody_as_the_table_says() {
    let town = Town::raise().await;
    let case = town.case().await;
    let duty = town.duty().await;
    let plan = town.empower().await;
    let document = town.document().await;
    let (visit, proposal) = town.asked(&case).await;
    let (task, rectification) = town.accountable().await;
    let things = Things {
        photo: town.photo(&case).await,
        task,
        rectification,
        topic: town.topic().await,
        request: town.disputed(&case, duty).await,
        exercise: town.exercise(plan).await,
        plan,
        violation: town.violation(plan).await,
        duty,
        document,
        visit,
        proposal,
    };
    let other = Town::raise().await;
    let stranger = other.sign_in("street dispatcher").await;
    let nobody = town.visitor();
    let mut staff = Vec::new();
    for kind in PostKind::ALL {
        staff.push(town.sign_in_as(&town.seat_of(kind).clone()).await);
    }
    let mut tx = town.db().begin(town.tenant).await.unwrap();
    audit::seal(&mut tx, TenantId(town.tenant)).await.unwrap();
    tx.commit().await.unwrap();
    let before = (town.condensed().await, other.condensed().await);
    let mut all: Vec<Route> = routes().list();
    // These do what they say without being told more; they come last.
    let acts = |route: &Route| {
        let plain = [
            "/sign-out",
            "/handover",
            "/bulletins/{month}",
            "/matters/{id}/unmasking",
            "/visits/{id}/unmasking",
            "/visits/{id}/link",
            "/account/second-factor",
            "/whistles/{id}/requests/{request}/withdrawal",
        ];
        // A list that leaves as a file is recorded, a page that is printed, and so is who knocks in vain.
        plain.contains(&route.path)
            || route
                .path
                .rsplit_once('.')
                .is_some_and(|(_, ending)| ["csv", "xlsx", "svg"].contains(&ending))
            || route.path == "/sign-in" && route.method == Method::POST
    };
    all.sort_by_key(|route| (acts(route), route.path == "/sign-out"));
    let first = all.iter().position(acts).unwrap();
    let mut table = format!("{:54} {COLUMNS}\n", "");
    for (at, route) in all.into_iter().enumerate() {
        if at == first {
            let after = (town.condensed().await, other.condensed().await);
            let changed = |(before, after): &(&String, &String)| before != after;
            let all = std::iter::chain(&before.0, &before.1).zip(after.0.iter().chain(&after.1));
            let changed: Vec<_> = all.filter(changed).collect();
            assert_eq!(changed, [], "the walk changes nothing");
        }
        let path = filled(route.path, &town, &case, &things);
        let mut row = format!("{:4} {:49}", route.method.as_str(), route.path);
        for (column, person) in std::iter::once(&nobody).chain(&staff).enumerate() {
            if [3, 7, 9, 11, 13, 15, 17].contains(&column) {
                row.push_str(" |");
            }
            write!(row, " {}", answer(&route, &path, person).await).unwrap();
        }
        write!(row, " | {}", answer(&route, &path, &stranger).await).unwrap();
        table.push_str(row.trim_end());
        table.push('\n');
    }
    insta::assert_snapshot!("routes", table);
}

async fn answer(route: &Route, path: &str, person: &Person) -> u16 {
    let page = match route.method {
        Method::GET => person.get(path).await,
        _ => person.post(path, &[("version", "1")]).await,
    };
    let faults = page.seen.faults.join("\n");
    assert!(page.status() < 500, "{} {faults}", page.asked);
    page.status()
}

/// What stands for the parameters, besides the town's own things.
struct Things {
    photo: Uuid,
    task: Uuid,
    rectification: Uuid,
    topic: Uuid,
    duty: Uuid,
    document: Uuid,
    visit: Uuid,
    proposal: Uuid,
    request: Uuid,
    exercise: Uuid,
    plan: Uuid,
    violation: Uuid,
}

/// The path with things of the town in its parameters.
fn filled(path: &str, town: &Town, case: &Case, things: &Things) -> String {
    let id = match path.split('/').nth(1) {
        Some("powers") if path.starts_with("/powers/plans") => things.plan,
        Some("powers") if path.starts_with("/powers/violations") => things.violation,
        Some("matters") => case.matter,
        Some("whistles") => case.whistle,
        Some("visits") => things.visit,
        Some("recurrences") => things.proposal,
        Some("chain") => town.node("garden"),
        Some("people") => town.seat("second dispatcher").person,
        Some("staffing") => town.seat("other checker").post,
        Some("duties") => things.duty,
        Some("documents") => things.document,
        Some("powers") => things.exercise,
        Some("tasks") => things.task,
        Some("rectifications") => things.rectification,
        Some("topics") => things.topic,
        Some("departments") => town.department("water"),
        _ => Uuid::nil(),
    };
    path.replace("{id}", &id.to_string())
        .replace("{period}", "2099-Q1")
        .replace("{month}", "2026-01")
        .replace("{objection}", &Uuid::nil().to_string())
        .replace("{department}", &town.department("water").to_string())
        .replace("{request}", &things.request.to_string())
        .replace("{task}", &Uuid::nil().to_string())
        .replace("{milestone}", &Uuid::nil().to_string())
        .replace("{file}", &Uuid::nil().to_string())
        .replace("{import}", &Uuid::nil().to_string())
        .replace("{photo}", &things.photo.to_string())
        .replace("{size}", "small")
        .replace("{session}", &Uuid::nil().to_string())
        .replace("{leave}", &Uuid::nil().to_string())
        .replace("{number}", "1")
        .replace("{parameter}", "idle_office")
        .replace("{code}", "01-13")
        .replace("{move}", "signing")
        .replace("{token}", "900000-00000000000000000000000000")
        .replace("{digest}", "0")
        .replace("{name}", "street.css")
}
