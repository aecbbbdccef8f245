//! The two sample cities, loaded once for the whole test process as the demonstration loads them.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use chrono::{DateTime, Utc};
use sqlx::{ConnectOptions as _, Row as _};
use street_whistle::MIGRATIONS;
use street_whistle::app::App;
use street_whistle::base::clock::Clock;
use street_whistle::base::seal::Keys;
use street_whistle::cli;
use street_whistle::org::access::PostKind;
use street_whistle::router::router;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::town::{open_session, word};
use super::{Person, Served, Sql, another_database, files, server};

/// A sample city with the program that serves it.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) tenant: Uuid,
    router: Router,
    owner: Sql,
}

impl Sample {
    /// The city of this code; nobody changes anything in it.
    pub(crate) async fn city(code: &str) -> Self {
        static LOADED: OnceCell<()> = OnceCell::const_new();
        LOADED
            .get_or_init(|| async {
                let mut owner = server().owner().connect().await.unwrap();
                let login = server().owner();
                cli::load_sample(&mut owner, login, (&files(), &keys()), Clock::System)
                    .await
                    .expect("the sample loads");
            })
            .await;
        let app = App::new(
            server().login("street_whistle_app"),
            Clock::System,
            cli::sample_doors(),
            files(),
        )
        .sealing(keys());
        let mut owner = Sql::owner().await;
        let tenant = format!("select id::text from tenants where code = '{code}'");
        Self {
            tenant: owner.column(&tenant).await[0].parse().unwrap(),
            router: router(&app),
            owner,
        }
    }

    /// A database of its own with both cities as they would have been made at another instant.
    pub(crate) async fn made_at(at: DateTime<Utc>) -> Sql {
        let owner = another_database().await;
        let login = owner.clone();
        let mut sql = Sql::connect(owner).await;
        MIGRATIONS.run(&mut sql.0).await.unwrap();
        let clock = Clock::Standing(Arc::new(Mutex::new(at)));
        cli::load_sample(&mut sql.0, login, (&files(), &keys()), clock)
            .await
            .unwrap_or_else(|error| panic!("the sample of {at}: {error:?}"));
        sql
    }

    /// The city as a server.
    pub(crate) async fn serves(&self) -> Served {
        Served::on_any_port(self.router.clone()).await
    }

    /// Somebody who is not signed in.
    pub(crate) fn visitor(&self) -> Person {
        Person::new(self.router.clone(), "localhost")
    }

    /// Somebody by the name to sign in with, acting for the post that was given first.
    pub(crate) async fn sign_in(&mut self, login: &str) -> Person {
        let (tenant, now) = (self.tenant, Clock::System.now());
        let seat = format!(
            "select m.person_id, m.id from accounts a
               join appointments m on m.tenant_id = a.tenant_id and m.person_id = a.person_id and m.to_day is null
              where a.tenant_id = '{tenant}' and a.login = '{login}' order by m.id limit 1"
        );
        let rows = self.owner.rows(&seat).await;
        let person = self.visitor();
        let session = open_session(&person, tenant, rows[0].get(0), rows[0].get(1), now);
        self.owner.run(&session).await.unwrap();
        person
    }

    /// One text, asked as the owner.
    pub(crate) async fn text(&mut self, query: &str) -> String {
        self.owner.column(query).await.swap_remove(0)
    }

    /// One number, asked as the owner.
    pub(crate) async fn number(&mut self, query: &str) -> i64 {
        self.owner.number(query).await
    }

    /// For each kind of post one who holds such a one today.
    pub(crate) async fn staff(&mut self) -> BTreeMap<String, Person> {
        let tenant = self.tenant;
        let now = Clock::System.now();
        let mut staff = BTreeMap::new();
        for kind in PostKind::ALL {
            let holder = format!(
                "select m.person_id, m.id from appointments m
                   join posts o on o.tenant_id = m.tenant_id and o.id = m.post_id
                   join accounts a on a.tenant_id = m.tenant_id and a.person_id = m.person_id
                  where m.tenant_id = '{tenant}' and o.kind = '{}' and m.from_day <= '{now}'::date
                    and (m.to_day is null or m.to_day > '{now}'::date + 1)
                  order by a.login limit 1",
                word(kind)
            );
            let rows = self.owner.rows(&holder).await;
            let Some(row) = rows.first() else { continue };
            let person = self.visitor();
            let (who, appointment) = (row.get(0), row.get(1));
            let session = open_session(&person, tenant, who, appointment, now);
            self.owner.run(&session).await.unwrap();
            staff.insert(word(kind), person);
        }
        staff
    }
}

/// The keys of both cities: whoever loads the sample and whoever serves it have the same.
fn keys() -> Keys {
    static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::of_text(&Keys::new_line()).unwrap());
    KEYS.clone()
}
