//! The SQL of the audit record.

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{BATCH, Batch, Counts, Fact, Kept, Report, Seal, TOLD};
use crate::base::db::{Tx, anywhere};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::base::paging::{COUNTED, Key, PAGE, Paged};
use crate::org::TenantId;
use crate::org::access::{PostKind, Viewer};
use crate::org::announcements::Unread;
use crate::org::events::{Subject, Verb};

/// The events that wait longest, as many as one batch holds.
pub(super) async fn waiting(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Fact>> {
    Ok(sqlx::query_as!(
        Fact,
        r#"select e.tenant_id, e.id, e.at, e.subject::text as "subject!", e.subject_id, e.verb, e.person_id,
                  e.person_name, e.post_id, e.seat, e.department_id, e.sentence
             from audit_waiting w
             join events e on e.tenant_id = $1 and e.id = w.event_id
            where w.tenant_id = $1
            order by w.event_id
            limit $2"#,
        tenant.0,
        BATCH
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Number and digest of the newest batch.
pub(super) async fn last(tx: &mut Tx, tenant: TenantId) -> Result<Option<(i32, Vec<u8>)>> {
    let row = sqlx::query!(
        "select number, digest from audit_batches where tenant_id = $1 order by number desc limit 1",
        tenant.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|r| (r.number, r.digest)))
}

/// Adds a batch with its seals; their events wait no longer.
pub(super) async fn add(
    tx: &mut Tx,
    tenant: TenantId,
    batch: &Batch,
    seals: &[Seal],
) -> Result<()> {
    sqlx::query!(
        "insert into audit_batches (tenant_id, number, sealed_at, size, from_at, to_at, digest)
         values ($1, $2, $3, $4, $5, $6, $7)",
        tenant.0,
        batch.number,
        batch.sealed_at,
        batch.size,
        batch.from_at,
        batch.to_at,
        batch.digest
    )
    .execute(&mut **tx)
    .await?;
    let events: Vec<Uuid> = seals.iter().map(|s| s.event).collect();
    let places: Vec<i32> = seals.iter().map(|s| s.place).collect();
    let digests: Vec<Vec<u8>> = seals.iter().map(|s| s.digest.clone()).collect();
    sqlx::query_scalar!(
        "insert into audit_seals (tenant_id, event_id, batch, place, digest)
         select $1, s.event_id, $2, s.place, s.digest
           from unnest($3::uuid[], $4::integer[], $5::bytea[]) as s (event_id, place, digest)
         returning place",
        tenant.0,
        batch.number,
        &events,
        &places,
        &digests
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from audit_waiting where tenant_id = $1 and event_id = any($2)",
        tenant.0,
        &events
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A batch beside one of its seals and its event; the batch alone, if it has lost all seals.
struct Joined {
    number: i32,
    sealed_at: DateTime<Utc>,
    size: i32,
    from_at: DateTime<Utc>,
    to_at: DateTime<Utc>,
    batch_digest: Vec<u8>,
    before: Option<Vec<u8>>,
    place: Option<i32>,
    sealed_id: Option<Uuid>,
    digest: Option<Vec<u8>>,
    event_tenant: Option<Uuid>,
    event_id: Option<Uuid>,
    at: Option<DateTime<Utc>>,
    subject: Option<String>,
    subject_id: Option<Uuid>,
    verb: Option<String>,
    person_id: Option<Uuid>,
    person_name: Option<String>,
    post_id: Option<Uuid>,
    seat: Option<String>,
    department_id: Option<Uuid>,
    sentence: Option<String>,
}

impl Joined {
    fn batch(&self) -> Batch {
        Batch {
            number: self.number,
            sealed_at: self.sealed_at,
            size: self.size,
            from_at: self.from_at,
            to_at: self.to_at,
            digest: self.batch_digest.clone(),
        }
    }

    fn seal(&self) -> Option<Seal> {
        Some(Seal {
            place: self.place?,
            event: self.sealed_id?,
            digest: self.digest.clone()?,
        })
    }

    fn fact(self) -> Option<Fact> {
        Some(Fact {
            tenant_id: self.event_tenant?,
            id: self.event_id?,
            at: self.at?,
            subject: self.subject?,
            subject_id: self.subject_id?,
            verb: self.verb?,
            person_id: self.person_id,
            person_name: self.person_name?,
            post_id: self.post_id,
            seat: self.seat?,
            department_id: self.department_id,
            sentence: self.sentence?,
        })
    }
}

/// The first batch after this number, with its seals and what stands in the record for each: one
/// round trip. `offset 0` and `limit 1` keep the planner from joining all with all: each event is
/// looked up by its key, whatever is known of tables that grow fast.
pub(super) async fn after(tx: &mut Tx, tenant: TenantId, number: i32) -> Result<Option<Kept>> {
    let mut rows = sqlx::query_as!(
        Joined,
        r#"select b.number, b.sealed_at, b.size, b.from_at, b.to_at, b.digest as batch_digest,
                  p.digest as "before?",
                  s.place as "place?", s.event_id as "sealed_id?", s.digest as "digest?",
                  e.tenant_id as "event_tenant?", e.id as "event_id?", e.at as "at?", e.subject::text as "subject?",
                  e.subject_id as "subject_id?", e.verb as "verb?", e.person_id as "person_id?",
                  e.person_name as "person_name?", e.post_id as "post_id?", e.seat as "seat?",
                  e.department_id as "department_id?", e.sentence as "sentence?"
             from audit_batches b
             left join audit_batches p on p.tenant_id = $1 and p.number = b.number - 1
             left join lateral (select x.* from audit_seals x
                                 where x.tenant_id = $1 and x.batch = b.number offset 0) s on true
             left join lateral (select x.* from events x
                                 where x.tenant_id = $1 and x.id = s.event_id limit 1) e on true
            where b.tenant_id = $1
              and b.number = (select x.number from audit_batches x
                               where x.tenant_id = $1 and x.number > $2 order by x.number limit 1)
            order by s.place"#,
        tenant.0,
        number
    )
    .fetch(&mut **tx);
    let mut kept: Option<Kept> = None;
    while let Some(row) = rows.try_next().await? {
        let kept = kept.get_or_insert_with(|| Kept {
            batch: row.batch(),
            before: row.before.clone(),
            seals: Vec::new(),
        });
        kept.seals.extend(row.seal().map(|seal| (seal, row.fact())));
    }
    Ok(kept)
}

/// Events that neither wait nor are sealed: how many, and the first of them. Each is looked up by key:
/// a join of all with all is a matter of what the planner happens to know of tables that grow fast.
pub(super) async fn strays(tx: &mut Tx, tenant: TenantId) -> Result<(i64, Vec<Fact>)> {
    let most = i64::try_from(TOLD).unwrap_or(0);
    let rows = sqlx::query!(
        r#"select count(*) over () as "total!", e.tenant_id, e.id, e.at, e.subject::text as "subject!", e.subject_id,
                  e.verb, e.person_id, e.person_name, e.post_id, e.seat, e.department_id, e.sentence
             from events e
            where e.tenant_id = $1
              and case when exists (select from audit_seals s
                                      join audit_batches b on b.tenant_id = $1 and b.number = s.batch
                                     where s.tenant_id = $1 and s.event_id = e.id) then false
                       when exists (select from audit_waiting w where w.tenant_id = $1 and w.event_id = e.id) then false
                       else true end
            order by e.at, e.id
            limit $2"#,
        tenant.0,
        most
    )
    .fetch_all(&mut **tx)
    .await?;
    let total = rows.first().map_or(0, |r| r.total);
    let facts = rows.into_iter().map(|r| Fact {
        tenant_id: r.tenant_id,
        id: r.id,
        at: r.at,
        subject: r.subject,
        subject_id: r.subject_id,
        verb: r.verb,
        person_id: r.person_id,
        person_name: r.person_name,
        post_id: r.post_id,
        seat: r.seat,
        department_id: r.department_id,
        sentence: r.sentence,
    });
    Ok((total, facts.collect()))
}

/// What waits to be sealed.
pub(super) struct Queue {
    pub(super) waiting: i64,
    pub(super) oldest: Option<DateTime<Utc>>,
    /// Notes whose event is no more.
    pub(super) gone: Vec<Uuid>,
}

/// What waits to be sealed.
pub(super) async fn queue(tx: &mut Tx, tenant: TenantId) -> Result<Queue> {
    Ok(sqlx::query_as!(
        Queue,
        r#"select count(e.id) as "waiting!", min(e.at) as oldest,
                  coalesce(array_agg(w.event_id order by w.event_id) filter (where e.id is null), '{}') as "gone!"
             from audit_waiting w
             left join events e on e.tenant_id = $1 and e.id = w.event_id
            where w.tenant_id = $1"#,
        tenant.0
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// The audit administrators' posts.
pub(super) async fn auditors(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select id from posts where tenant_id = $1 and kind = 'audit_admin' and valid_to is null order by id",
        tenant.0
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Keeps what a walk over the chain found.
pub(super) async fn keep_check(tx: &mut Tx, tenant: TenantId, report: &Report) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into audit_checks (tenant_id, id, checked_at, batches, events, wrong, broken, findings)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant.0,
        uuid_at(now),
        now,
        report.batches,
        report.events,
        report.wrong,
        &report.broken,
        &report.told
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) from: Option<DateTime<Utc>>,
    /// The instant after the last one.
    pub(super) to: Option<DateTime<Utc>>,
    /// In the name.
    pub(super) name: Option<String>,
    pub(super) subject: Option<Subject>,
    pub(super) verb: Option<&'static str>,
    /// Only what is not sealed yet.
    pub(super) waiting: bool,
    /// All events, or only what the three administrators did.
    pub(super) all: bool,
}

/// A line of the record as its readers see it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) subject: Subject,
    pub(super) subject_id: Uuid,
    pub(super) verb: String,
    pub(super) person_id: Option<Uuid>,
    pub(super) person_name: String,
    pub(super) seat: String,
    pub(super) title: Option<String>,
    /// Empty where it would be of the business.
    pub(super) sentence: String,
}

impl Row {
    /// The verb's word.
    pub(super) fn done(&self) -> &str {
        match Verb::read(&self.verb) {
            Some(verb) => verb.label(),
            None => &self.verb,
        }
    }

    /// Who did it: a name, the program, a resident, or somebody whom nobody knows.
    pub(super) fn who(&self) -> &str {
        match (self.person_name.as_str(), self.seat.as_str()) {
            ("", "") => "身份不明",
            ("", seat) => seat,
            (name, _) => name,
        }
    }

    /// For which post, if for one.
    pub(super) fn post(&self) -> String {
        match &self.title {
            Some(title) => format!("{}·{title}", self.seat),
            None => String::new(),
        }
    }

    fn key(&self) -> Key {
        Key {
            order: self.at.timestamp_micros(),
            id: self.id,
        }
    }
}

/// How far the record is sealed, and what the last walk found.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Standing {
    pub(super) waiting: i64,
    pub(super) newest: Option<Newest>,
    pub(super) checked: Option<Checked>,
}

/// The newest batch.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Newest {
    pub(super) number: i32,
    pub(super) to_at: DateTime<Utc>,
    /// In hexadecimal figures.
    pub(super) digest: String,
}

/// The last walk over the chain.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Checked {
    pub(super) checked_at: DateTime<Utc>,
    pub(super) batches: i32,
    pub(super) events: i64,
    pub(super) wrong: i64,
    pub(super) broken: Vec<i32>,
    pub(super) findings: Vec<String>,
}

impl Checked {
    /// How many faults are told in words.
    pub(super) fn told(&self) -> i64 {
        i64::try_from(self.findings.len()).unwrap_or(0)
    }
}

/// One page of the record, newest first, after the given line; and how it stands.
pub(super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<Key>, i64),
) -> Result<(Paged<Row, Key>, Standing)> {
    let (rows, total, standing) = find(tx, me, filter, (after, PAGE + 1)).await?;
    Ok((Paged::new(rows, total, from, Row::key), standing))
}

/// Every line of the record that the filter lets through, newest first.
pub(super) async fn export(tx: &mut Tx, me: &Viewer, filter: &Filter) -> Result<Vec<Row>> {
    let (rows, total, _) = find(tx, me, filter, (None, COUNTED)).await?;
    if total > COUNTED {
        let sentence = format!("本表超过 {COUNTED} 条，一次导不完。请先缩小日期范围，再导出。");
        return Err(Error::Refused(sentence));
    }
    Ok(rows)
}

async fn find(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, limit): (Option<Key>, i64),
) -> Result<(Vec<Row>, i64, Standing)> {
    let after = after.and_then(|k| Some((DateTime::from_timestamp_micros(k.order)?, k.id)));
    let (after_at, after_id) = after.map_or((None, None), |(at, id)| (Some(at), Some(id)));
    let name = filter.name.as_deref().map(anywhere);
    let row = sqlx::query!(
        r#"
        with told as not materialized (
            select e.id, e.at, e.subject, e.subject_id, e.verb, e.person_id, e.person_name, e.seat, e.sentence, o.title
              from events e
              left join posts o on o.tenant_id = $1 and o.id = e.post_id
             where e.tenant_id = $1
               and ($2::timestamptz is null or e.at >= $2)
               and ($3::timestamptz is null or e.at < $3)
               and ($4::text is null or e.person_name ilike $4)
               and ($5::event_subject is null or e.subject = $5)
               and ($6::text is null or e.verb = $6)
               and (not $7::boolean or exists (
                   select from audit_waiting w where w.tenant_id = $1 and w.event_id = e.id))
               and ($8::boolean or o.kind in ('system_admin', 'security_admin', 'audit_admin'))
        ), shown as (
            select t.* from told t
             where $9::timestamptz is null or (t.at, t.id) < ($9, $10::uuid)
             order by t.at desc, t.id desc limit $11
        )
        select (select count(*) from (select from told limit $12) c) as "total!",
               coalesce((select json_agg(s order by s.at desc, s.id desc) from shown s), '[]') as "rows!: Json<Vec<Row>>",
               json_build_object(
                   'waiting', (select count(*) from audit_waiting w where w.tenant_id = $1),
                   'newest', (select json_build_object('number', b.number, 'to_at', b.to_at,
                                     'digest', encode(b.digest, 'hex'))
                                from audit_batches b where b.tenant_id = $1 order by b.number desc limit 1),
                   'checked', (select row_to_json(c) from audit_checks c
                                where c.tenant_id = $1 order by c.id desc limit 1)) as "standing!: Json<Standing>"
        "#,
        me.tenant.0,
        filter.from,
        filter.to,
        name,
        filter.subject as Option<Subject>,
        filter.verb,
        filter.waiting,
        filter.all,
        after_at,
        after_id,
        limit,
        COUNTED + 1
    )
    .fetch_one(&mut **tx)
    .await?;
    let mut rows = row.rows.0;
    for row in rows.iter_mut().filter(|r| r.subject.is_business()) {
        row.sentence.clear();
    }
    Ok((rows, row.total, row.standing.0))
}

/// A batch in the list of seals.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Line {
    pub(super) number: i32,
    pub(super) sealed_at: DateTime<Utc>,
    pub(super) size: i32,
    pub(super) from_at: DateTime<Utc>,
    pub(super) to_at: DateTime<Utc>,
    pub(super) digest: String,
}

/// One page of batches, newest first, before the given number; and how the record stands.
pub(super) async fn batches(
    tx: &mut Tx,
    me: &Viewer,
    (before, from): (Option<i32>, i64),
) -> Result<(Paged<Line, i32>, Standing)> {
    let row = sqlx::query!(
        r#"
        select (select count(*) from audit_batches b where b.tenant_id = $1) as "total!",
               coalesce((select json_agg(s order by s.number desc) from (
                   select b.number, b.sealed_at, b.size, b.from_at, b.to_at, encode(b.digest, 'hex') as digest
                     from audit_batches b
                    where b.tenant_id = $1 and ($2::integer is null or b.number < $2)
                    order by b.number desc limit $3) s), '[]') as "rows!: Json<Vec<Line>>",
               json_build_object(
                   'waiting', (select count(*) from audit_waiting w where w.tenant_id = $1),
                   'newest', (select json_build_object('number', b.number, 'to_at', b.to_at,
                                     'digest', encode(b.digest, 'hex'))
                                from audit_batches b where b.tenant_id = $1 order by b.number desc limit 1),
                   'checked', (select row_to_json(c) from audit_checks c
                                where c.tenant_id = $1 order by c.id desc limit 1)) as "standing!: Json<Standing>"
        "#,
        me.tenant.0,
        before,
        PAGE + 1
    )
    .fetch_one(&mut **tx)
    .await?;
    let page = Paged::new(row.rows.0, row.total, from, |line| line.number);
    Ok((page, row.standing.0))
}

/// What the audit administrator's desk counts, from this instant on.
pub(super) async fn counts(tx: &mut Tx, me: &Viewer, from: DateTime<Utc>) -> Result<Counts> {
    let (now, today) = (tx.now, tx.today());
    Ok(sqlx::query_as!(
        Counts,
        r#"
        select (select count(*) from audit_waiting w
                  join events e on e.tenant_id = $1 and e.id = w.event_id
                 where w.tenant_id = $1) as "waiting!",
               count(*) filter (where e.verb = 'sign_in_fail') as "failures!",
               count(*) filter (where e.verb = 'lock') as "locks!",
               (select c.wrong from audit_checks c
                 where c.tenant_id = $1 order by c.id desc limit 1) as wrong,
               (select c.checked_at from audit_checks c
                 where c.tenant_id = $1 order by c.id desc limit 1) as checked_at,
               announcements_json($1, $3, $4, $5, $6) as "unread!: Json<Vec<Unread>>"
          from events e
         where e.tenant_id = $1 and e.at >= $2 and e.verb in ('sign_in_fail', 'lock')
        "#,
        me.tenant.0,
        from,
        me.person.0,
        me.kind as PostKind,
        now,
        today
    )
    .fetch_one(&mut **tx)
    .await?)
}
