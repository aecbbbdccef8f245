//! The method, tried out: by hand, and on cases made at random.

use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::{
    Answered, Case, Department, Exact, Exemption, Group, Item, NoCases, Scheme, Small, Standing,
    Subject, Ties, score, standings,
};
use crate::org::DepartmentId;
use crate::org::calendar::Unit;
use crate::org::units::DepartmentKind;
use crate::work::assessment::model::case::Time;
use crate::work::visits::{Answer, Feeling};
use crate::work::whistles::Role;

fn exact(text: &str) -> Exact {
    Exact::typed(text).unwrap()
}

fn scheme() -> Scheme {
    let points = [
        (Item::Rating, "45"),
        (Item::Responded, "3"),
        (Item::Solved, "15"),
        (Item::Satisfied, "12"),
        (Item::Sign, "5"),
        (Item::Report, "5"),
        (Item::Close, "5"),
        (Item::FirstCheck, "5"),
        (Item::Returns, "5"),
    ];
    let weights = [
        (Subject::Tough, "2"),
        (Subject::JointEnforcement, "1.5"),
        (Subject::Emergency, "1.5"),
        (Subject::Routine, "1"),
        (Subject::Express, "0.5"),
        (Subject::Power, "1"),
    ];
    Scheme {
        id: Uuid::nil(),
        number: 1,
        from_day: "2020-01-01".parse().unwrap(),
        note: "初始评分规则".to_owned(),
        basis: None,
        splits_by_document: false,
        basic_share: exact("0.9"),
        min_n: 5,
        shrink_n: 5,
        small: Small::Shrunk,
        ties: Ties::Same,
        no_cases: NoCases::Objective,
        exemptions: Exemption::ALL.to_vec(),
        locked_days: 5,
        window_days: 5,
        made_by: None,
        items: points
            .map(|(i, p)| (i, exact(p)))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
        weights: weights
            .map(|(s, w)| (s, exact(w)))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
        groups: vec![Group {
            position: 1,
            name: "市直部门".to_owned(),
            kinds: DepartmentKind::ALL.to_vec(),
            departments: Vec::new(),
        }],
    }
}

fn department(number: u128) -> Department {
    Department {
        id: DepartmentId(Uuid::from_u128(number)),
        code: format!("{number:03}"),
        name: format!("部门{number}"),
        kind: DepartmentKind::Bureau,
    }
}

fn time(item: Item, late: bool) -> Time {
    let due_at = "2026-11-23T09:00:00Z".parse().unwrap();
    Time {
        item,
        late,
        exempt: false,
        unit: Unit::WorkDay,
        due_at,
        done_at: Some(due_at),
    }
}

fn case(number: u128, of: u128) -> Case {
    Case {
        id: Uuid::from_u128(number),
        department: DepartmentId(Uuid::from_u128(of)),
        whistle: Uuid::from_u128(number),
        number: format!("W-{number}"),
        title: "下水道堵塞".to_owned(),
        street: "慧阳街道".to_owned(),
        subject: Subject::Routine,
        role: Role::Lead,
        marks: Vec::new(),
        times: Vec::new(),
        first_check: None,
        answers: Vec::new(),
        returned: None,
        suspended: false,
        relieved: false,
        exempted: Vec::new(),
        sealed: false,
    }
}

fn total(cases: &[Case]) -> Option<Exact> {
    score(&scheme(), &department(1), cases).total
}

/// The department of the pictures: 84.4 = 38.8 + 24.9 + 20.7.
#[test]
fn a_score_comes_out_as_by_hand() {
    let mut cases = Vec::new();
    for number in 0..22_u128 {
        let mut one = case(number, 1);
        one.marks = vec![if number < 11 { 25 } else { 20 }, 20];
        one.first_check = Some(number < 18);
        one.times = vec![time(Item::Close, number >= 19)];
        if number < 18 {
            let feeling = match number {
                0..11 => Feeling::Satisfied,
                11..15 => Feeling::Basically,
                _ => Feeling::Unsatisfied,
            };
            one.answers = vec![Answered {
                responded: number < 16,
                answer: if number < 15 {
                    Answer::Solved
                } else {
                    Answer::Partly
                },
                feeling,
            }];
        }
        if number < 5 {
            one.returned = Some(number < 3);
        }
        cases.push(one);
    }
    for number in 22..56_u128 {
        let mut one = case(number, 1);
        one.role = Role::Assist;
        one.times = vec![
            time(Item::Sign, number == 22),
            time(Item::Report, number < 26),
        ];
        cases.push(one);
    }
    let score = score(&scheme(), &department(1), &cases);
    // Marks: half of the cases 4.5, half 4.0.
    let of = |item| score.item(item).unwrap().score.clone();
    assert_eq!(of(Item::Rating).decimal(4), "38.2500");
    assert_eq!(of(Item::Responded).decimal(4), "2.6667");
    assert_eq!(of(Item::Solved).decimal(4), "12.5000");
    assert_eq!(of(Item::Satisfied).decimal(4), "9.7333");
    assert_eq!(of(Item::Sign).decimal(4), "4.8529");
    assert_eq!(of(Item::Report).decimal(4), "4.4118");
    assert_eq!(of(Item::Close).decimal(4), "4.3182");
    assert_eq!(of(Item::FirstCheck).decimal(4), "4.0909");
    assert_eq!(of(Item::Returns).decimal(4), "3.0000");
    let [_, residents, objective] = score.components.as_slice() else {
        panic!("three parts")
    };
    assert_eq!(residents.score.decimal(3), "24.900");
    assert_eq!(objective.score.decimal(3), "20.674");
    assert_eq!(score.total.unwrap().decimal(3), "83.824");
}

#[test]
fn points_of_what_is_empty_go_to_the_others_in_proportion() {
    let mut one = case(1, 1);
    one.times = vec![time(Item::Sign, false), time(Item::Close, true)];
    let score = score(&scheme(), &department(1), &[one]);
    assert_eq!(score.item(Item::Sign).unwrap().worth, exact("50"));
    assert_eq!(score.total, Some(exact("50")));
    assert!(score.is_unrated());
    assert_eq!(total(&[]), None, "nothing is not a hundred");
}

#[test]
fn what_is_exempt_has_no_effect_and_stays_in_sight() {
    let mut plain = case(1, 1);
    plain.times = vec![time(Item::Close, false)];
    plain.marks = vec![20];
    let mut exempt = case(2, 1);
    exempt.times = vec![Time {
        exempt: true,
        ..time(Item::Close, false)
    }];
    let mut put_aside = case(3, 1);
    put_aside.suspended = true;
    put_aside.times = vec![time(Item::Close, true)];
    let mut relieved = case(4, 1);
    relieved.relieved = true;
    relieved.times = vec![time(Item::Sign, true)];
    let without = score(&scheme(), &department(1), std::slice::from_ref(&plain));
    let cases = [plain, exempt, put_aside, relieved];
    assert_eq!(score(&scheme(), &department(1), &cases), without);
    let left: Vec<usize> = cases.iter().map(|c| c.left_out(&scheme()).len()).collect();
    assert_eq!(left, [0, 1, 1, 1]);
}

#[test]
fn places_are_by_the_mean_that_few_cases_are_drawn_to() {
    let mut cases = Vec::new();
    // One case of full marks against ten that are nearly full.
    let mut only = case(1, 1);
    only.marks = vec![25];
    cases.push(only);
    for number in 2..12 {
        let mut one = case(number, 2);
        one.marks = vec![24];
        cases.push(one);
    }
    let mut poor = case(20, 3);
    poor.marks = vec![5];
    cases.push(poor);
    let all = [department(1), department(2), department(3), department(4)];
    let placed = |scheme: &Scheme| -> Vec<(String, Option<usize>)> {
        let standings = standings(scheme, &all, &cases);
        let place = |s: &Standing| (s.score.department.code.clone(), s.place);
        standings.iter().map(place).collect()
    };
    let code = |n: u128, place| (format!("{n:03}"), place);
    let expected = [
        code(2, Some(1)),
        code(1, Some(2)),
        code(3, Some(3)),
        code(4, None),
    ];
    assert_eq!(placed(&scheme()), expected);
    let strict = Scheme {
        small: Small::Unranked,
        ..scheme()
    };
    let expected = [
        code(2, Some(1)),
        code(1, None),
        code(3, None),
        code(4, None),
    ];
    assert_eq!(placed(&strict), expected);
}

#[test]
fn equals_share_a_place_unless_more_cases_go_first() {
    let mut cases = Vec::new();
    for (number, of) in [(1, 1), (2, 2), (3, 2)] {
        let mut one = case(number, of);
        one.marks = vec![20];
        cases.push(one);
    }
    let all = [department(1), department(2)];
    let places = |ties| -> Vec<Option<usize>> {
        let scheme = Scheme { ties, ..scheme() };
        standings(&scheme, &all, &cases)
            .iter()
            .map(|s| s.place)
            .collect()
    };
    assert_eq!(places(Ties::Same), [Some(1), Some(1)]);
    assert_eq!(places(Ties::MoreCases), [Some(1), Some(2)]);
}

fn any_case() -> impl Strategy<Value = Case> {
    let times = prop::collection::vec((0..3_usize, any::<bool>()), 0..4);
    let answers = prop::collection::vec((any::<bool>(), 0..3_usize, 0..3_usize), 0..2);
    let marks = prop::collection::vec(5..=25_i64, 0..3);
    let rest = (
        prop::option::of(any::<bool>()),
        prop::option::of(any::<bool>()),
        0..5_usize,
    );
    (1..4_u128, times, answers, marks, rest).prop_map(|(of, times, answers, marks, rest)| {
        let items = [Item::Sign, Item::Report, Item::Close];
        let mut one = case(0, of);
        one.times = times
            .into_iter()
            .map(|(i, late)| time(items[i], late))
            .collect();
        one.answers = answers
            .into_iter()
            .map(|(responded, answer, feeling)| Answered {
                responded,
                answer: Answer::ALL[answer],
                feeling: Feeling::ALL[feeling],
            })
            .collect();
        one.marks = marks;
        (one.first_check, one.returned) = (rest.0, rest.1);
        one.subject = Subject::ALL[rest.2];
        one
    })
}

fn numbered(mut cases: Vec<Case>) -> Vec<Case> {
    for (number, case) in (1_u128..).zip(&mut cases) {
        case.id = Uuid::from_u128(number);
    }
    cases
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A late case more never raises a score, however few there were before: neither one of which
    /// nothing but the lateness is known, nor one that was in time and is late now.
    #[test]
    fn a_late_case_never_raises_a_score(
        cases in prop::collection::vec(any_case(), 1..14),
        item in 0..3_usize,
        turned in any::<prop::sample::Index>(),
    ) {
        let cases = numbered(cases);
        if let Some(before) = total(&cases) {
            let mut more = cases.clone();
            let mut late = case(99, 1);
            late.times = vec![time([Item::Sign, Item::Report, Item::Close][item], true)];
            more.push(late);
            prop_assert!(total(&more).unwrap() <= before);
            let mut worse = cases.clone();
            let one = turned.index(worse.len());
            for time in &mut worse[one].times {
                time.late = true;
            }
            prop_assert!(total(&worse).unwrap() <= before);
        }
    }

    /// In whatever order cases and departments come, everybody stands where he stood.
    #[test]
    fn order_is_irrelevant(
        cases in prop::collection::vec(any_case(), 0..14).prop_map(numbered),
        shuffled in Just(()).prop_perturb(|(), mut rng| rng.next_u64()),
    ) {
        let departments: Vec<Department> = (1..4).map(department).collect();
        let straight = standings(&scheme(), &departments, &cases);
        let mut other = cases;
        other.sort_by_key(|c| c.id.as_u128().wrapping_mul(u128::from(shuffled) | 1));
        let backwards: Vec<Department> = departments.into_iter().rev().collect();
        prop_assert_eq!(standings(&scheme(), &backwards, &other), straight);
    }

    /// Scores lie from 0 to 100, are the sum of their parts, and all points are given out.
    #[test]
    fn parts_sum_and_stay_within_a_hundred(
        cases in prop::collection::vec(any_case(), 0..14).prop_map(numbered),
    ) {
        let score = score(&scheme(), &department(1), &cases);
        let Some(total) = score.total.clone() else { return Ok(()) };
        prop_assert!(total >= Exact::default() && total <= exact("100"));
        let parts: Exact = score.components.iter().map(|c| c.score.clone()).sum();
        prop_assert_eq!(&parts, &total);
        let worth: Exact = score.components.iter().flat_map(|c| &c.items).map(|i| i.worth.clone()).sum();
        prop_assert_eq!(worth, exact("100"));
        for part in &score.components {
            let items: Exact = part.items.iter().map(|i| i.score.clone()).sum();
            prop_assert_eq!(&items, &part.score);
        }
    }

    /// A case that is exempt changes nothing but its own being in sight.
    #[test]
    fn an_exempt_case_has_no_effect(
        cases in prop::collection::vec(any_case(), 0..14).prop_map(numbered),
        item in 0..3_usize,
    ) {
        let departments: Vec<Department> = (1..4).map(department).collect();
        let before = standings(&scheme(), &departments, &cases);
        let mut exempt = case(99, 1);
        let late = time([Item::Sign, Item::Report, Item::Close][item], false);
        exempt.times = vec![Time { exempt: true, ..late }];
        let more: Vec<Case> = cases.into_iter().chain([exempt]).collect();
        prop_assert_eq!(standings(&scheme(), &departments, &more), before);
    }
}
