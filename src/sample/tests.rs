//! What holds for the sample before any database sees it.

use std::collections::{BTreeMap, BTreeSet};

use super::places::{CITY, CitySpec, NEIGHBOUR};
use super::story::{Rows, Story};
use super::town::Town;
use super::{CITY_DOORS, Door, NEIGHBOUR_DOORS};
use chrono::{DateTime, Utc};
use uuid::Uuid;

fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-23T14:05:00+08:00")
        .unwrap()
        .to_utc()
}

fn sample(spec: &'static CitySpec, tenant: u128, now: DateTime<Utc>) -> (Town, Rows) {
    let tenant = Uuid::from_u128(tenant);
    let town = Town::settle(spec, tenant, now);
    let rows = Story::tell(spec, &town, tenant, now);
    (town, rows)
}

#[test]
fn the_city_is_as_large_as_the_article_says() {
    let (town, rows) = sample(&CITY, 1, now());
    let mut levels = BTreeMap::new();
    for node in &town.nodes {
        *levels.entry(node.level).or_insert(0) += 1;
    }
    assert_eq!(
        levels,
        BTreeMap::from([(1, 5), (2, 12), (3, 49), (4, 1230), (5, 3080)])
    );
    assert_eq!(town.departments.len(), 23);
    let sounded = rows.whistles.iter().filter(|w| w.sounded.is_some()).count();
    assert_eq!((sounded, rows.whistles.len()), (132, 138));
    assert!(
        (3_900..4_150).contains(&rows.matters.len()),
        "{}",
        rows.matters.len()
    );
}

#[test]
fn the_neighbour_is_small() {
    let (_, rows) = sample(&NEIGHBOUR, 1, now());
    assert_eq!(rows.whistles.len(), 5);
    assert!(
        (35..55).contains(&rows.matters.len()),
        "{}",
        rows.matters.len()
    );
}

#[test]
fn it_is_the_same_every_time_and_only_ids_know_the_tenant() {
    let (first, again) = (sample(&CITY, 1, now()), sample(&CITY, 1, now()));
    assert_eq!(format!("{first:?}"), format!("{again:?}"));
    let (_, other) = sample(&CITY, 2, now());
    assert_ne!(first.1.matters[0].id, other.matters[0].id);
    let told = |rows: &Rows| rows.events.len();
    assert_eq!(told(&first.1), told(&other));
}

#[test]
fn nothing_lies_ahead_whatever_the_hour() {
    for text in [
        "2026-11-23T08:31:00+08:00",
        "2026-07-05T03:00:00+08:00",
        "2027-01-01T23:59:00+08:00",
    ] {
        let now = DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let (_, rows) = sample(&CITY, 1, now);
        assert_eq!(
            rows.events.iter().filter(|e| e.at >= now).count(),
            0,
            "{text}"
        );
    }
}

#[test]
fn every_door_opens() {
    let doors: [(&CitySpec, &[Door]); 2] = [(&CITY, CITY_DOORS), (&NEIGHBOUR, NEIGHBOUR_DOORS)];
    for (spec, doors) in doors {
        let known: BTreeSet<_> = spec.people.iter().map(|n| (n.name, n.login)).collect();
        for door in doors {
            assert!(known.contains(&(door.person, door.login)), "{door:?}");
        }
    }
    let (town, _) = sample(&CITY, 1, now());
    let logins: BTreeSet<_> = town.accounts.iter().map(|a| a.login.as_str()).collect();
    assert_eq!(logins.len(), town.accounts.len());
    let lost: Vec<_> = CITY
        .people
        .iter()
        .filter(|n| !n.name.is_empty() && !logins.contains(n.login))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn what_is_live_is_where_it_says() {
    let (town, _) = sample(&CITY, 1, now());
    for (live, call) in CITY.live.0.iter().zip(CITY.live.1) {
        assert!(town.spots.contains_key(live.place), "{}", live.place);
        assert_eq!(
            live.progress.len(),
            1 + call.assists.len(),
            "{}",
            call.title
        );
    }
    assert_eq!(CITY.live.0.len(), CITY.live.1.len());
}
