//! Whistles: from the draft to the close, each person over their own pages.

use crate::harness::{Step, Town};

#[tokio::test]
async fn a_whistle_goes_its_whole_way() {
    let town = Town::raise_at("2026-11-23T06:00:00Z").await;
    let path = town.whistle("日常哨", Step::Closed).await;
    let wang = town.sign_in("street dispatcher").await;
    let page = wang.opens(&path).await;
    page.costs_at_most(3);
    println!("{}", page.text());
}
