//! The same trouble within 50 metres: buildings that know where they stand.

use chrono::Duration;
use uuid::Uuid;

use super::visits::NOON;
use crate::harness::{Sql, Step, Town};

/// 金源小区1号楼, as longitude and latitude.
const HOUSE: (f64, f64) = (124.29, 45.5);
/// Metres of a degree to the north, and there of one to the east.
const NORTH: f64 = 111_195.0;
const EAST: f64 = 77_938.0;

/// So many metres to the east and to the north of 金源小区1号楼.
fn beside(east: f64, north: f64) -> (f64, f64) {
    (HOUSE.0 + east / EAST, HOUSE.1 + north / NORTH)
}

impl Town {
    async fn stands(&self, node: &str, (longitude, latitude): (f64, f64)) {
        self.sql(&format!(
            "update nodes set longitude = {longitude}, latitude = {latitude} where tenant_id = '{}' and id = '{}'",
            self.tenant,
            self.node(node)
        ))
        .await;
    }

    async fn proposals(&self) -> i64 {
        self.number(&format!(
            "select count(*) from reopen_proposals where tenant_id = '{}'",
            self.tenant
        ))
        .await
    }

    /// The grid chief files the trouble again at the neighbouring building.
    async fn again_next_door(&self) -> String {
        let zhu = self.sign_in("grid chief").await;
        zhu.files(&[("楼栋", "金源小区2号楼")], &[]).await
    }
}

#[tokio::test]
async fn the_same_trouble_30_metres_away_is_put_before_the_street_with_its_distance() {
    let town = Town::raise_at(NOON).await;
    let path = town.told_whistle(Step::Closed).await;
    town.stands("house 1", HOUSE).await;
    town.stands("house 2", beside(24.0, 18.0)).await;
    town.passes(Duration::days(29));
    let matter = town.again_next_door().await;

    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/").await.shows("办结后同楼或附近又有同类事项");
    let whistle = wang.opens(&path).await;
    whistle.shows("办结后 30 天内，相距 30 米处又报");
    let proposal = whistle.link("决定是否重启");
    wang.opens(&proposal)
        .await
        .costs_at_most(3)
        .shows("办结后相距 30 米处又有同类事项，要不要重启")
        .shows("金源小区1号楼")
        .shows("金源小区2号楼（相距 30 米）");
    let filed = wang.opens(&matter).await;
    filed.shows("同类，相距 30 米，由街道决定是否重启");
    // The house is moved on the map: what was proposed keeps what was seen then.
    town.stands("house 2", beside(40.0, 0.0)).await;
    wang.opens(&proposal).await;
    wang.does("作出决定", &[("怎么办", "重启哨单")])
        .await
        .shows("已决定重启")
        .shows("相距 30 米");
    wang.opens(&path)
        .await
        .shows("(待重新核查)")
        .shows("相距 30 米处同类问题复发");
    wang.opens(&matter).await.shows("(已吹哨)");
}

#[tokio::test]
async fn what_is_80_metres_away_or_another_class_has_not_come_again() {
    let town = Town::raise_at(NOON).await;
    town.told_whistle(Step::Closed).await;
    town.stands("house 1", HOUSE).await;
    town.stands("house 2", beside(-64.0, 48.0)).await;
    town.again_next_door().await;
    assert_eq!(town.proposals().await, 0, "80 metres");
    town.stands("house 2", beside(0.0, 50.5)).await;
    town.again_next_door().await;
    assert_eq!(town.proposals().await, 0, "half a metre too far");
    town.stands("house 2", beside(0.0, 10.0)).await;
    town.sql(&format!(
        "update matters set class_code = '05-01' where tenant_id = '{}' and stage = 'solved'",
        town.tenant
    ))
    .await;
    town.again_next_door().await;
    assert_eq!(town.proposals().await, 0, "another class");
}

#[tokio::test]
async fn a_building_without_a_position_is_near_to_itself_alone() {
    let town = Town::raise_at(NOON).await;
    let path = town.told_whistle(Step::Closed).await;
    town.stands("house 2", HOUSE).await;
    town.again_next_door().await;
    assert_eq!(
        town.proposals().await,
        0,
        "nobody knows where the old one is"
    );
    let he = town.sign_in("building chief").await;
    he.files(&[("金源小区1号楼", "整栋楼")], &[]).await;
    assert_eq!(town.proposals().await, 1);
    let wang = town.sign_in("street dispatcher").await;
    let proposal = wang.opens(&path).await.link("决定是否重启");
    wang.opens(&proposal)
        .await
        .shows("同楼")
        .shows("办结后同一楼栋又有同类事项");
}

#[tokio::test]
async fn the_unit_s_own_position_counts_before_that_of_its_building() {
    let town = Town::raise_at(NOON).await;
    town.told_whistle(Step::Closed).await;
    // A long building: its middle is far from the neighbour, the unit of the whistle is not.
    town.stands("house 1", beside(-120.0, 0.0)).await;
    town.stands("house 2", beside(30.0, 0.0)).await;
    town.again_next_door().await;
    assert_eq!(town.proposals().await, 0);
    town.stands("door 1", HOUSE).await;
    town.again_next_door().await;
    assert_eq!(town.proposals().await, 1);
}

#[tokio::test]
async fn the_same_building_goes_before_a_nearer_close_next_door_and_a_street_ends_at_its_border() {
    let town = Town::raise_at(NOON).await;
    let own = town.told_whistle(Step::Closed).await;
    town.stands("house 1", HOUSE).await;
    town.stands("house 2", beside(20.0, 0.0)).await;
    town.passes(Duration::days(1));
    let next_door = town.told_whistle(Step::Closed).await;
    let moved = format!(
        "update matters m set place_id = '{}', place_level = 4, place_code = '{}001001001002'
           from whistle_matters b where b.tenant_id = m.tenant_id and b.matter_id = m.id
            and m.tenant_id = '{}' and b.whistle_id = '{}'",
        town.node("house 2"),
        town.code,
        town.tenant,
        next_door.trim_start_matches("/whistles/")
    );
    town.sql(&moved).await;
    let he = town.sign_in("building chief").await;
    he.files(&[("金源小区1号楼", "整栋楼")], &[]).await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&own).await.link("决定是否重启");
    assert!(!wang.opens(&next_door).await.says("疑似复发"));
    // Another street's building at the very same spot is that street's affair.
    town.stands("bank house", HOUSE).await;
    let before = town.proposals().await;
    let other = town.sign_in("bank chief").await;
    other.files(&[("楼栋", "江岸3号楼")], &[]).await;
    assert_eq!(town.proposals().await, before);
}

#[tokio::test]
async fn the_database_keeps_positions_and_metres_sound() {
    let town = Town::raise().await;
    let (tenant, house) = (town.tenant, town.node("house 1"));
    let mut owner = Sql::owner().await;
    for position in [
        "longitude = 124.29",
        "latitude = 45.5",
        "longitude = 180.5, latitude = 45.5",
        "longitude = 124.29, latitude = -91",
        "longitude = 'nan', latitude = 45.5",
    ] {
        let update =
            format!("update nodes set {position} where tenant_id = '{tenant}' and id = '{house}'");
        assert_eq!(
            owner.is_refused(tenant, &update).await,
            "nodes_point",
            "{position}"
        );
    }
    let case = town.case().await;
    let propose = format!(
        "insert into reopen_proposals (tenant_id, id, whistle_id, matter_id, at, metres)
         values ('{tenant}', '{}', '{}', '{}', '{}', 51)",
        Uuid::now_v7(),
        case.whistle,
        case.matter,
        town.now()
    );
    let refused = Sql::app().await.is_refused(tenant, &propose).await;
    assert_eq!(refused, "reopen_proposals_metres");
    for (to, metres) in [
        ("124.29, 45.5", 0),
        ("124.30, 45.5", 779),
        ("124.29, 45.51", 1112),
        ("124.2904, 45.5002", 38),
    ] {
        let asked = format!("select metres_apart(124.29, 45.5, {to})::bigint");
        assert_eq!(town.number(&asked).await, metres, "{to}");
    }
}
