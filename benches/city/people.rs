//! Who signs in: those whose pages are looked at, and a team for each life that is walked.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use sqlx::Row as _;
use street_whistle::sample::{CITY_CODE, PASSWORD};

use super::database::Database;
use super::web::{Browser, client};

/// How many act at the same time.
pub(crate) const CONCURRENCY: usize = 8;

/// Everybody, signed in.
#[derive(Debug)]
pub(crate) struct People {
    /// Those whose pages are looked at, by the name to sign in with.
    by_login: HashMap<String, Browser>,
    pub(crate) teams: Vec<Team>,
}

/// Those who take a whistle from its finding to its close; each team has a community and a department
/// of its own.
#[derive(Debug)]
pub(crate) struct Team {
    pub(crate) finders: Vec<Finder>,
    pub(crate) secretary: Browser,
    pub(crate) dispatcher: Browser,
    pub(crate) checker: Browser,
    pub(crate) clerk: Browser,
    pub(crate) department: String,
    /// The id of the street, about which the whistle is.
    pub(crate) street: String,
}

/// A grid chief with the buildings of the grid.
#[derive(Debug)]
pub(crate) struct Finder {
    pub(crate) browser: Browser,
    pub(crate) buildings: Vec<String>,
}

/// Those of the sample whose pages are looked at.
pub(crate) const LOOKERS: [&str; 6] = [
    "wangjianguo",
    "wangli",
    "gaomin",
    "songyumei",
    "zhaohaifeng",
    "zhoujing",
];

impl People {
    /// Signs everybody in.
    #[expect(clippy::too_many_lines, reason = "one after another")]
    pub(crate) async fn of(database: &Database, base: &str) -> Result<Self> {
        let client = client()?;
        let enters =
            async |name: &str| Browser::signs_in(&client, base, CITY_CODE, (name, PASSWORD)).await;
        let mut by_login = HashMap::new();
        for login in LOOKERS {
            by_login.insert(login.to_owned(), enters(login).await?);
        }
        let mut owner = database.owner().await?;
        let rows = sqlx::query(
            "with logins as (select distinct on (s.kind, coalesce(s.node_code, s.department_id::text)) s.*, a.login
                               from bench.seats s
                               join accounts a on a.tenant_id = (select id from bench.tenant) and a.person_id = s.person
                              order by s.kind, coalesce(s.node_code, s.department_id::text), s.post),
                  grounds as (select left(p.code, 12) as code, min(p.secretary_seat) as name,
                                     row_number() over (order by left(p.code, 12)) as n
                                from bench.places p group by left(p.code, 12))
             select c.code, d.login as dispatcher, k.login as checker, s.login as secretary, b.login as clerk,
                    b.department_id::text as department, n.id::text as street
               from grounds c
               join logins s on s.kind = 'community_secretary' and s.node_code = c.code
               join logins d on d.kind = 'street_dispatcher' and d.node_code = left(c.code, 9)
               join logins k on k.kind = 'street_checker' and k.node_code = left(c.code, 9)
               join nodes n on n.tenant_id = (select id from bench.tenant) and n.code = left(c.code, 9)
               join (select l.*, row_number() over (order by l.department_id) as n from logins l
                      where l.kind = 'department_clerk') b on b.n = c.n
              order by c.code desc limit $1",
        )
        .bind(i64::try_from(CONCURRENCY)?)
        .fetch_all(&mut owner)
        .await?;
        let mut teams = Vec::new();
        for row in rows {
            let finders = sqlx::query(
                "select a.login, array_agg(p.code order by p.code) as buildings
                   from bench.places p
                   join accounts a on a.tenant_id = (select id from bench.tenant) and a.person_id = p.filer
                  where p.level = 4 and left(p.code, 12) = $1 group by a.login order by a.login",
            )
            .bind(row.get::<&str, _>("code"))
            .fetch_all(&mut owner)
            .await?;
            let mut all = Vec::new();
            for finder in finders {
                all.push(Finder {
                    browser: enters(finder.get("login")).await?,
                    buildings: finder.get("buildings"),
                });
            }
            teams.push(Team {
                finders: all,
                secretary: enters(row.get("secretary")).await?,
                dispatcher: enters(row.get("dispatcher")).await?,
                checker: enters(row.get("checker")).await?,
                clerk: enters(row.get("clerk")).await?,
                department: row.get("department"),
                street: row.get("street"),
            });
        }
        Ok(Self { by_login, teams })
    }

    /// Somebody of the sample.
    pub(crate) fn named(&self, login: &str) -> Result<&Browser> {
        self.by_login.get(login).with_context(|| login.to_owned())
    }
}
