//! The SQL of filing: classes, the filer's own ground, what was filed nearby, the new row.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::case::Other;
use crate::base::db::{Tx, on_constraint, refused_by};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::NodeId;
use crate::org::access::{Reach, Viewer};
use crate::work::MatterId;
use crate::work::matters::model::{SolvedLevel, Stage, narrowed};

/// A class to choose from; the quick ones first.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) code: String,
    pub(crate) major: String,
    /// As people on the ground say it, or as the register does.
    pub(crate) name: String,
    pub(crate) is_quick: bool,
}

/// The classes that are in use today.
pub(crate) async fn classes(tx: &mut Tx, me: &Viewer) -> Result<Vec<Class>> {
    let today = tx.today();
    let rows = sqlx::query_as!(
        Class,
        r#"select c.code as "code!", c.major as "major!", coalesce(c.quick_name, c.name) as "name!",
                  c.quick_order is not null as "is_quick!"
             from classes_on($1, $2) c
            where c.in_use
            order by c.quick_order nulls last, c.code"#,
        me.tenant.0,
        today
    );
    Ok(rows.fetch_all(&mut **tx).await?)
}

/// A place to choose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Place {
    pub(crate) code: String,
    pub(crate) name: String,
}

/// What lies below a street, a community and a grid, as far as they are chosen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ground {
    pub(crate) communities: Vec<Place>,
    pub(crate) grids: Vec<Place>,
    pub(crate) buildings: Vec<Place>,
    pub(crate) units: Vec<Place>,
}

/// The choices of place: communities of `street`, grids of `community`, buildings and units of
/// `grid` (or of one building in it). Empty codes choose nothing.
pub(crate) async fn ground(
    db: &mut PgConnection,
    me: &Viewer,
    (street, community, grid): (&str, &str, &str),
    today: NaiveDate,
) -> Result<Ground> {
    let row = sqlx::query!(
        r#"
        with below as (
            select n.level, n.code, n.parent_code,
                   case when n.level = 5 then b.name || ' ' || n.name else n.name end as name
              from nodes n
              left join nodes b on b.tenant_id = $1 and n.level = 5 and b.id = n.parent_id
             where n.tenant_id = $1
               and n.valid_from <= $5 and (n.valid_to is null or n.valid_to > $5)
               and ((n.level = 2 and n.parent_code = $2)
                 or (n.level = 3 and n.parent_code = $3)
                 or (n.level = 4 and n.code >= $4 and n.code < $4 || 'x' and $4 <> '')
                 or (n.level = 5 and n.code >= $4 and n.code < $4 || 'x' and $4 <> '')))
        select (select coalesce(json_agg(b order by b.code), '[]') from below b where b.level = 2) as "communities!: Json<Vec<Place>>",
               (select coalesce(json_agg(b order by b.code), '[]') from below b where b.level = 3) as "grids!: Json<Vec<Place>>",
               (select coalesce(json_agg(b order by b.code), '[]') from below b where b.level = 4) as "buildings!: Json<Vec<Place>>",
               (select coalesce(json_agg(b order by b.code), '[]') from below b where b.level = 5) as "units!: Json<Vec<Place>>"
        "#,
        me.tenant.0,
        street,
        community,
        grid,
        today
    )
    .fetch_one(db)
    .await?;
    Ok(Ground {
        communities: row.communities.0,
        grids: row.grids.0,
        buildings: row.buildings.0,
        units: row.units.0,
    })
}

/// A place that was chosen.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub(crate) id: NodeId,
    pub(crate) level: i16,
    pub(crate) code: String,
    /// Its name with those above it, from the community down.
    pub(crate) name: String,
    /// The community's own name.
    pub(crate) community: String,
    /// The last two parts of the name, without 网格.
    pub(crate) short: String,
}

/// The place with this code, if it stands today and a matter can be there.
pub(crate) async fn place(
    db: &mut PgConnection,
    me: &Viewer,
    code: &str,
    today: NaiveDate,
) -> Result<Option<Chosen>> {
    let row = sqlx::query!(
        r#"select n.id, n.level, n.code,
                  array(select a.name from nodes a
                         where a.tenant_id = $1
                           and a.code in (left(n.code, 12), left(n.code, 15), left(n.code, 18), n.code)
                         order by a.level) as "names!"
             from nodes n
            where n.tenant_id = $1 and n.code = $2 and n.level > 1
              and n.valid_from <= $3 and (n.valid_to is null or n.valid_to > $3)"#,
        me.tenant.0,
        code,
        today
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| {
        let below: Vec<&str> = r.names.iter().skip(1).map(String::as_str).collect();
        let short: Vec<&str> = below.iter().map(|n| n.trim_end_matches("网格")).collect();
        Chosen {
            id: r.id.into(),
            level: r.level,
            code: r.code,
            name: r.names.join(" "),
            community: r.names.first().cloned().unwrap_or_default(),
            short: if short.is_empty() {
                r.names.join("")
            } else {
                short.join(" ")
            },
        }
    }))
}

/// Open matters of the same class nearby, of the last 30 days, within the viewer's reach.
pub(crate) async fn same(
    tx: &mut Tx,
    me: &Viewer,
    class: &str,
    place: &str,
) -> Result<Vec<(Other, String)>> {
    let Reach {
        nothing,
        street,
        community,
        grid,
        below,
        department: _,
    } = narrowed(&me.reach(), "");
    let since: DateTime<Utc> = tx.now - Duration::days(30);
    let rows = sqlx::query!(
        r#"select m.id, m.number, m.title, m.stage as "stage: Stage", m.filed_at,
                  o.title || ' ' || p.name as "filer!"
             from matters m
             join people p on p.tenant_id = $1 and p.id = m.filed_by
             join posts o on o.tenant_id = $1 and o.id = m.filed_post
            where m.tenant_id = $1 and not $2
              and ($3::text is null or m.street_code = $3)
              and ($4::text is null or m.community_code = $4)
              and ($5::text is null or m.grid_code = $5)
              and ($6::text is null or starts_with(m.place_code, $6))
              and m.class_code = $7 and m.ended_at is null and m.filed_at >= $8
              and m.community_code = left($9, 12)
              and (length($9) < 15 or m.grid_code = left($9, 15))
            order by (left(m.place_code, 18) = left($9, 18)) desc, m.id desc
            limit 3"#,
        me.tenant.0,
        nothing,
        street,
        community,
        grid,
        below,
        class,
        since,
        place
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let other = Other {
                id: r.id.into(),
                number: r.number,
                title: r.title,
                stage: r.stage,
                filed_at: r.filed_at,
            };
            (other, r.filer)
        })
        .collect())
}

/// A matter about to be filed.
#[derive(Debug)]
pub(crate) struct New<'a> {
    pub(crate) id: MatterId,
    pub(crate) number: &'a str,
    pub(crate) class: &'a str,
    pub(crate) title: &'a str,
    pub(crate) detail: &'a str,
    pub(crate) place: &'a Chosen,
    pub(crate) spot: &'a str,
    pub(crate) urgent: bool,
    pub(crate) teller_name_mask: Option<String>,
    pub(crate) teller_phone_mask: Option<String>,
    pub(crate) begins: Begins<'a>,
}

/// Where a matter stands as soon as it is filed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Begins<'a> {
    /// It waits for the community.
    Filed,
    /// Its finder solved it on the spot, in these words.
    Solved(SolvedLevel, &'a str),
    /// Its finder recognised it as this one.
    Merged(MatterId),
}

/// Keeps a new matter. A place that was closed meanwhile takes none.
#[expect(
    clippy::cognitive_complexity,
    reason = "one statement with many columns"
)]
pub(crate) async fn insert(tx: &mut Tx, me: &Viewer, new: New<'_>) -> Result<()> {
    let now = tx.now;
    let (stage, solved, into) = match new.begins {
        Begins::Filed => (Stage::Filed, None, None),
        Begins::Solved(level, words) => (Stage::Solved, Some((level, words)), None),
        Begins::Merged(other) => (Stage::Merged, None, Some(other)),
    };
    let kept = sqlx::query!(
        "insert into matters (tenant_id, id, number, class_code, title, detail, place_id, place_level,
                              place_code, spot, urgent, teller_name_mask, teller_phone_mask, filed_at, filed_by,
                              filed_post, stage, waiting_since, ended_at, solved_level, solution,
                              merged_into, merged_from)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $14, $18, $19, $20,
                 $21, $22)",
        me.tenant.0,
        new.id.0,
        new.number,
        new.class,
        new.title,
        new.detail,
        new.place.id.0,
        new.place.level,
        new.place.code,
        new.spot,
        new.urgent,
        new.teller_name_mask,
        new.teller_phone_mask,
        now,
        me.person.0,
        me.post.0,
        stage as Stage,
        stage.is_ended().then_some(now),
        solved.map(|(level, _)| level) as Option<SolvedLevel>,
        solved.map(|(_, words)| words),
        into.map(|m| m.0),
        into.map(|_| Stage::Filed) as Option<Stage>
    )
    .execute(&mut **tx)
    .await;
    let kept = match kept {
        Err(e) if refused_by(&e).as_deref() == Some("matters_class_in_use") => {
            return Err(not_in_use());
        }
        kept => kept,
    };
    let kept = on_constraint(kept, "on_standing_ground", || {
        let mut errors = FieldErrors::new();
        errors.add("community", "这个地点刚刚撤销，请重新选择。");
        Error::Invalid(errors)
    });
    kept.map(|_| ())
}

/// A class may go out of use between the first step and the last.
fn not_in_use() -> Error {
    let mut errors = FieldErrors::new();
    errors.add("class", "所选的类别今天起停用了，请另选一类。");
    Error::Invalid(errors)
}
