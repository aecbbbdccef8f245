//! stub
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;
pub async fn load_city(
    _db: &mut PgConnection,
    _tenant: Uuid,
    _now: DateTime<Utc>,
    _password_hash: &str,
) -> Result<(), sqlx::Error> {
    Ok(())
}
pub async fn load_neighbour(
    _db: &mut PgConnection,
    _tenant: Uuid,
    _now: DateTime<Utc>,
    _password_hash: &str,
) -> Result<(), sqlx::Error> {
    Ok(())
}
#[derive(Debug)]
pub struct Door {
    pub role: &'static str,
    pub person: &'static str,
    pub seat: &'static str,
    pub login: &'static str,
}
pub const CITY_DOORS: &[Door] = &[];
pub const NEIGHBOUR_DOORS: &[Door] = &[];
pub const CITY_CODE: &str = "220882";
pub const NEIGHBOUR_CODE: &str = "229999";
pub const PASSWORD: &str = "Shili-2026";
#[derive(Debug)]
pub struct City {
    pub code: &'static str,
    pub name: &'static str,
    pub prefix: &'static str,
    pub sponsor: &'static str,
}
pub const CITIES: &[City] = &[
    City {
        code: CITY_CODE,
        name: "大安市",
        prefix: "DA",
        sponsor: "大安市城乡基层治理工作委员会办公室",
    },
    City {
        code: NEIGHBOUR_CODE,
        name: "镜湖市",
        prefix: "JH",
        sponsor: "镜湖市城乡基层治理工作委员会办公室",
    },
];
