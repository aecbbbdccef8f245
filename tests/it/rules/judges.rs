//! Who found or handled never judges: kept by the database, also against statements written by
//! hand in the program's role.

use std::time::Duration;

use tokio::time::timeout;

use crate::harness::{Sql, Town};

const RULE: &str = "handler_never_judges";

#[tokio::test]
async fn who_found_or_handled_does_not_check() {
    let town = Town::raise().await;
    let case = town.case().await;
    let mut app = Sql::app().await;
    for called in [
        "grid chief",
        "community worker",
        "water clerk",
        "housing clerk",
    ] {
        let check = town.doer(called).checks(case.whistle, 1);
        assert_eq!(
            app.is_refused(town.tenant, &check).await,
            RULE,
            "{called} checks"
        );
    }
    let check = town.doer("street checker").checks(case.whistle, 1);
    app.does(town.tenant, &check).await;
}

#[tokio::test]
async fn who_handled_does_not_rate() {
    let town = Town::raise().await;
    let case = town.case().await;
    let mut app = Sql::app().await;
    for (called, side) in [("water clerk", "street"), ("housing clerk", "community")] {
        let rating = town.doer(called).rates(case.whistle, case.lead, side);
        assert_eq!(
            app.is_refused(town.tenant, &rating).await,
            RULE,
            "{called} rates"
        );
    }
    let rating = town
        .doer("community worker")
        .rates(case.whistle, case.lead, "community");
    app.does(town.tenant, &rating).await;
}

#[tokio::test]
async fn who_handled_does_not_close() {
    let town = Town::raise().await;
    let case = town.case().await;
    let dispatcher = town.doer("street dispatcher");
    let mut app = Sql::app().await;
    let handled = dispatcher.handles(case.whistle, case.lead);
    app.does(town.tenant, &handled).await;
    let closing = dispatcher.closes(case.whistle);
    assert_eq!(app.is_refused(town.tenant, &closing).await, RULE);
}

#[tokio::test]
async fn a_whistle_closes_after_check_and_ratings_only() {
    let town = Town::raise().await;
    let case = town.case().await;
    let closing = town.doer("street dispatcher").closes(case.whistle);
    let mut app = Sql::app().await;
    assert_eq!(
        app.is_refused(town.tenant, &closing).await,
        "whistles_close_checked"
    );
    let check = town.doer("street checker").checks(case.whistle, 1);
    app.does(town.tenant, &check).await;
    assert_eq!(
        app.is_refused(town.tenant, &closing).await,
        "whistles_close_rated"
    );
    for assignment in [case.lead, case.assist] {
        for (called, side) in [
            ("street dispatcher", "street"),
            ("community secretary", "community"),
        ] {
            assert_eq!(
                app.is_refused(town.tenant, &closing).await,
                "whistles_close_rated"
            );
            let rating = town.doer(called).rates(case.whistle, assignment, side);
            app.does(town.tenant, &rating).await;
        }
    }
    app.does(town.tenant, &closing).await;
    let again = town.doer("second dispatcher").closes(case.whistle);
    assert_eq!(
        app.is_refused(town.tenant, &again).await,
        "whistles_closed_fixed"
    );
}

#[tokio::test]
async fn who_judged_does_not_handle() {
    let town = Town::raise().await;
    let case = town.case().await;
    let mut app = Sql::app().await;
    let [checker, rater] = ["both sides", "street dispatcher"].map(|c| town.doer(c));
    app.does(town.tenant, &checker.checks(case.whistle, 1))
        .await;
    app.does(town.tenant, &rater.rates(case.whistle, case.lead, "street"))
        .await;
    for judge in [checker, rater] {
        let step = judge.handles(case.whistle, case.lead);
        assert_eq!(
            app.is_refused(town.tenant, &step).await,
            RULE,
            "{}",
            judge.called
        );
    }
    let measure = checker.measures(case.matter);
    assert_eq!(app.is_refused(town.tenant, &measure).await, RULE);
}

#[tokio::test]
async fn no_matter_of_the_checker_is_slid_behind_the_whistle() {
    let town = Town::raise().await;
    let (case, later) = (town.case().await, town.case().await);
    let tenant = town.tenant;
    let mut app = Sql::app().await;
    let measure = town.doer("street checker").measures(later.matter);
    app.does(tenant, &measure).await;
    let check = town.doer("street checker").checks(case.whistle, 1);
    app.does(tenant, &check).await;
    town.sql(&format!(
        "update whistle_matters set live = false where tenant_id = '{tenant}' and matter_id = '{}'",
        later.matter
    ))
    .await;
    let link = format!(
        "insert into whistle_matters (tenant_id, whistle_id, matter_id) values ('{tenant}', '{}', '{}')",
        case.whistle, later.matter
    );
    assert_eq!(app.is_refused(tenant, &link).await, RULE);
}

#[tokio::test]
async fn no_matter_is_taken_from_behind_a_sounded_whistle() {
    let town = Town::raise().await;
    let case = town.case().await;
    let mut app = Sql::app().await;
    app.begin(town.tenant).await;
    let gone = format!(
        "delete from whistle_matters where tenant_id = '{}' and whistle_id = '{}'",
        town.tenant, case.whistle
    );
    let refusal = app.refused(&gone).await;
    assert_eq!(refusal, "whistle_matters_stay");
}

#[tokio::test]
async fn an_act_and_a_judgement_of_one_person_do_not_pass_each_other() {
    for level in ["read committed", "repeatable read", "serializable"] {
        for judges_first in [true, false] {
            two_at_once(level, judges_first).await;
        }
    }
}

async fn two_at_once(level: &str, judges_first: bool) {
    let town = Town::raise().await;
    let case = town.case().await;
    let somebody = town.doer("both sides");
    let (check, step) = (
        somebody.checks(case.whistle, 1),
        somebody.handles(case.whistle, case.lead),
    );
    let (one, two) = if judges_first {
        (check, step)
    } else {
        (step, check)
    };
    let (mut first, mut second) = (Sql::app().await, Sql::app().await);
    let begin = format!(
        "begin isolation level {level}; set local app.tenant = '{}'; select count(*) from whistles",
        town.tenant
    );
    for transaction in [&mut first, &mut second] {
        transaction.run(&begin).await.unwrap();
    }
    if first.run(&one).await.is_err() {
        // A level that the rule cannot be kept in is refused from the start.
        assert_ne!(level, "read committed");
        return;
    }
    let commit_both = async {
        let answer = {
            let waits = second.run(&two);
            tokio::pin!(waits);
            let early = timeout(Duration::from_millis(100), &mut waits).await;
            assert!(early.is_err(), "{level}: the second waits for the first");
            first.run("commit").await.unwrap();
            waits.await
        };
        match answer {
            Ok(()) => second.run("commit").await,
            refused => refused,
        }
    };
    let passed = timeout(Duration::from_secs(20), commit_both)
        .await
        .expect("no deadlock");
    assert!(
        passed.is_err(),
        "{level}: both the act and the judgement passed"
    );
}
