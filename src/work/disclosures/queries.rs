//! The SQL of files with personal data.

use chrono::{DateTime, Duration, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Ask, Kind, MOST, Row};
use crate::base::clock::midnight;
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::paging::PAGE;
use crate::org::access::{PostKind, Viewer};

/// One row of a file, its values still sealed.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Whose values.
    pub(super) owner: Uuid,
    /// The cells before the values.
    pub(super) cells: [String; 3],
    pub(super) at: Option<DateTime<Utc>>,
}

/// The rows of a file, at most one more than it may have.
pub(super) async fn lines(
    tx: &mut Tx,
    me: &Viewer,
    (kind, reach_code): (Kind, &str),
    span: Option<(chrono::NaiveDate, chrono::NaiveDate)>,
) -> Result<Vec<Line>> {
    match (kind, span) {
        (Kind::Tellers, Some(span)) => tellers(tx, me, reach_code, span).await,
        (Kind::Tellers, None) => Ok(Vec::new()),
        (Kind::Numbers, _) => numbers(tx, me).await,
    }
}

async fn tellers(
    tx: &mut Tx,
    me: &Viewer,
    reach_code: &str,
    (from, to): (chrono::NaiveDate, chrono::NaiveDate),
) -> Result<Vec<Line>> {
    let rows = sqlx::query!(
        r#"select m.id, m.number, m.title, m.filed_at,
                  (select string_agg(a.name, ' ' order by a.level) from nodes a
                    where a.tenant_id = $1
                      and a.code in (m.community_code, m.grid_code, left(m.place_code, 18), m.place_code)) as "place!"
             from matters m
            where m.tenant_id = $1 and m.street_code = left($2, 9) and starts_with(m.place_code, $2)
              and m.filed_at >= $3 and m.filed_at < $4
              and (m.teller_name_mask is not null or m.teller_phone_mask is not null)
            order by m.id limit $5"#,
        me.tenant.0,
        reach_code,
        midnight(from),
        midnight(to + Duration::days(1)),
        MOST + 1
    )
    .fetch_all(&mut **tx)
    .await?;
    let lines = rows.into_iter().map(|r| Line {
        owner: r.id,
        cells: [r.number, r.title, r.place],
        at: Some(r.filed_at),
    });
    Ok(lines.collect())
}

async fn numbers(tx: &mut Tx, me: &Viewer) -> Result<Vec<Line>> {
    let today = tx.today();
    let rows = sqlx::query!(
        r#"select p.id, p.name, p.identity,
                  coalesce((select string_agg(concat(seat_name($1, o.node_id, o.department_id) || '·', o.title), '、'
                                              order by o.kind, a.from_day)
                     from appointments a
                     join posts o on o.tenant_id = $1 and o.id = a.post_id
                    where a.tenant_id = $1 and a.person_id = p.id and a.from_day <= $2
                      and (a.to_day is null or a.to_day > $2)), '') as "posts!"
             from people p
            where p.tenant_id = $1 and p.phone_mask is not null
            order by p.name, p.id limit $3"#,
        me.tenant.0,
        today,
        MOST + 1
    )
    .fetch_all(&mut **tx)
    .await?;
    let lines = rows.into_iter().map(|r| Line {
        owner: r.id,
        cells: [r.name, r.identity, r.posts],
        at: None,
    });
    Ok(lines.collect())
}

/// Keeps a request.
pub(super) async fn add(
    tx: &mut Tx,
    me: &Viewer,
    id: Uuid,
    ask: &Ask,
    amount: usize,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into disclosures (tenant_id, id, kind, reach_code, from_day, to_day, purpose, words, amount,
                                  asked_at, asked_by, asked_post, asked_kind)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        me.tenant.0,
        id,
        ask.kind.code(),
        me.node_code(),
        ask.span.map(|s| s.0),
        ask.span.map(|s| s.1),
        ask.purpose.code(),
        ask.words,
        i32::try_from(amount).unwrap_or(i32::MAX),
        now,
        me.person.0,
        me.post.0,
        me.kind as PostKind
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The requests that concern the viewer, newest first: own ones, and those that he decides on.
pub(super) async fn list(tx: &mut Tx, me: &Viewer, one: Option<Uuid>) -> Result<Vec<Row>> {
    let decides = Kind::decided_by(me).map(Kind::code);
    let rows = sqlx::query_scalar!(
        r#"select coalesce(json_agg(x order by x.id desc), '[]') as "rows!: Json<Vec<Row>>" from (
               select d.id, d.kind, d.reach_code,
                      (select n.name from nodes n where n.tenant_id = $1 and n.code = d.reach_code) as ground,
                      d.from_day, d.to_day, d.purpose, d.words, d.amount, d.asked_at, d.asked_by, d.asked_post,
                      concat_ws(' ', seat_name($1, o.node_id, o.department_id), o.title, p.name) as asker,
                      q.name as decider, d.is_granted, d.reason, d.expires_at, d.taken
                 from disclosures d
                 join people p on p.tenant_id = $1 and p.id = d.asked_by
                 join posts o on o.tenant_id = $1 and o.id = d.asked_post
                 left join people q on q.tenant_id = $1 and q.id = d.decided_by
                where d.tenant_id = $1 and ($5::uuid is null or d.id = $5)
                  and (d.asked_by = $2
                       or d.kind = $3 and (d.kind = 'numbers' or left(d.reach_code, 9) = $4))
                order by d.id desc limit $6) x"#,
        me.tenant.0,
        me.person.0,
        decides,
        me.node_code(),
        one,
        PAGE
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(rows.0)
}

/// One request, locked, if it concerns the viewer.
pub(super) async fn hold(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<Row> {
    sqlx::query_scalar!(
        "select id from disclosures where tenant_id = $1 and id = $2 for no key update",
        me.tenant.0,
        id
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    let found = list(tx, me, Some(id)).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Writes a decision, once.
pub(super) async fn decide(
    tx: &mut Tx,
    me: &Viewer,
    id: Uuid,
    (until, reason): (Option<DateTime<Utc>>, Option<&str>),
) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "update disclosures set decided_at = $3, decided_by = $4, decided_post = $5, decided_kind = $6,
                is_granted = $7::timestamptz is not null, expires_at = $7, reason = $8
          where tenant_id = $1 and id = $2 and decided_at is null",
        me.tenant.0,
        id,
        now,
        me.person.0,
        me.post.0,
        me.kind as PostKind,
        until,
        reason
    )
    .execute(&mut **tx)
    .await;
    let kept = on_constraint(kept, "disclosures_second_person", || {
        Error::Refused("自己的申请须由另一个人同意。".to_owned())
    })?;
    if kept.rows_affected() == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

/// Counts one fetching.
pub(super) async fn take(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<()> {
    sqlx::query!(
        "update disclosures set taken = taken + 1 where tenant_id = $1 and id = $2",
        me.tenant.0,
        id
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The posts that decide on what the viewer asks, without his own.
pub(super) async fn deciders(tx: &mut Tx, me: &Viewer, kind: Kind) -> Result<Vec<Uuid>> {
    let street = me.node_code().get(..9).unwrap_or_default();
    let today = tx.today();
    Ok(sqlx::query_scalar!(
        "select o.id from posts o
          where o.tenant_id = $1 and o.id <> $4 and (o.valid_to is null or o.valid_to > $5)
            and case when $2 = 'tellers'
                     then o.kind in ('street_secretary', 'street_deputy') and o.node_code = $3
                     else o.kind = 'security_admin' end
          order by o.id",
        me.tenant.0,
        kind.code(),
        street,
        me.post.0,
        today
    )
    .fetch_all(&mut **tx)
    .await?)
}
