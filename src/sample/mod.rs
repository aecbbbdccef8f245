//! A sample city to look at and to try things in: a chain of five levels with its
//! people, and one year of matters and whistles with their whole history.
//!
//! Rows are made by pure functions from a fixed seed and the instant they are to end
//! at ([`town`], [`story`]), then written in bulk ([`queries`], [`story_queries`]) as
//! the program itself would write them: under the tenant's policy, through all triggers.
//! Everybody in it is invented, and so is every place below the communities. Telephone
//! numbers begin with 129, which no operator has.

mod accountable;
mod accountable_queries;
mod accounting;
mod agreeing;
mod answering;
mod assessing;
mod assessing_queries;
mod cadre;
mod calls;
mod chain;
mod circling;
mod circling_queries;
mod clock;
mod consulting;
mod coordinating;
mod daily;
mod desks;
mod dice;
mod document_queries;
mod documents;
mod doors;
mod duties;
mod duty_queries;
mod evidence;
mod exercise_rows;
mod exercising;
mod folk;
mod granting;
mod ground;
mod heard;
mod houses;
mod incidents;
mod judgement_queries;
mod judging;
mod leaders;
mod leaving;
mod leaving_queries;
mod live;
mod names;
mod numbers;
mod objecting;
mod objecting_queries;
mod paper;
mod photographing;
mod photographing_queries;
mod places;
mod plans;
mod power_queries;
mod powers;
mod queries;
mod requesting;
mod requesting_queries;
mod returning;
mod rows;
mod saying;
mod sealing;
mod settling;
mod sights;
mod story;
mod story_queries;
mod supervising;
mod supervising_queries;
mod telling;
mod telling_queries;
mod timing;
mod timing_queries;
mod topic_queries;
mod topics;
mod town;
mod visit_queries;
mod warning;
mod whistle_queries;
mod whistling;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::seal::Keys;
use crate::base::store::Store;

pub use doors::{
    CITIES, CITY_CODE, CITY_DOORS, City, Door, NEIGHBOUR_CODE, NEIGHBOUR_DOORS, PASSWORD,
};

/// Loads 大安市 into an existing, empty tenant. The transaction has set `app.tenant`,
/// and the caller commits it. Everything ends at `now`; all accounts share one hash; what is
/// personal and what is said about cadres is sealed under the first of the keys.
pub async fn load_city(
    db: &mut PgConnection,
    tenant: Uuid,
    now: DateTime<Utc>,
    password_hash: &str,
    keys: &Keys,
) -> Result<(), sqlx::Error> {
    load(db, &places::CITY, tenant, now, password_hash, keys).await
}

/// Loads 镜湖市, a small city that does not exist, to stand beside the first.
pub async fn load_neighbour(
    db: &mut PgConnection,
    tenant: Uuid,
    now: DateTime<Utc>,
    password_hash: &str,
    keys: &Keys,
) -> Result<(), sqlx::Error> {
    load(db, &places::NEIGHBOUR, tenant, now, password_hash, keys).await
}

/// Attaches the originals of the documents of a loaded city, the evidence of its open objections, and the
/// photos of its newest whistles; the caller commits.
pub async fn attach_files(tx: &mut Tx, tenant: Uuid, store: &Store) -> Result<()> {
    document_queries::attach_originals(tx, tenant, store).await?;
    evidence::attach(tx, tenant, store).await?;
    photographing::photograph(tx, tenant, store).await
}

async fn load(
    db: &mut PgConnection,
    spec: &'static places::CitySpec,
    tenant: Uuid,
    now: DateTime<Utc>,
    password_hash: &str,
    keys: &Keys,
) -> Result<(), sqlx::Error> {
    let town = town::Town::settle(spec, tenant, now);
    let rows = story::Story::tell(spec, &town, tenant, now);
    let account = queries::Account {
        password_hash,
        set_at: now,
    };
    queries::insert_town(db, tenant, &town, account).await?;
    let drawn = circling::draw(&town, spec.seed, now);
    circling_queries::insert(db, tenant, &drawn, now).await?;
    duty_queries::insert_duties(db, tenant, &town).await?;
    let papers = documents::rows();
    document_queries::insert_documents(db, tenant, (&town, &papers)).await?;
    story_queries::insert_matters(db, tenant, &rows).await?;
    sealing::seal(db, tenant, (&town, &rows), keys).await?;
    whistle_queries::insert_whistles(db, tenant, &rows).await?;
    visit_queries::insert_visits(db, tenant, &rows).await?;
    story_queries::insert_record(db, tenant, &rows).await?;
    story_queries::choose_conditions(db, tenant).await?;
    timing::wind(db, tenant, now).await?;
    queries::analyze(db).await?;
    let told = (&town, &rows, papers.as_slice());
    follow(db, (spec, tenant), told, keys, now).await
}

/// What followed from the matters and whistles.
async fn follow(
    db: &mut PgConnection,
    (spec, tenant): (&'static places::CitySpec, Uuid),
    (town, rows, papers): (&town::Town, &story::Rows, &[documents::Row]),
    keys: &Keys,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    requesting::ask(db, tenant, &rows.returns, now).await?;
    let supervision = supervising::supervise(db, (tenant, town), now).await?;
    accountable_queries::insert_accounts_of(db, tenant, (town, spec), now).await?;
    topics::take_up(db, tenant, (town, spec), now).await?;
    leaving::leave(db, tenant, town, now).await?;
    powers::empower(db, (spec, tenant), (town, rows, papers), keys, now).await?;
    assessing::assess(db, tenant, town, now).await?;
    let telling = telling::Telling::of(town, (rows, &supervision), tenant, now);
    supervising_queries::insert_unreached(db, tenant, &telling.unreached).await?;
    telling_queries::insert_telling(db, tenant, &telling).await
}

#[cfg(test)]
mod tests;
