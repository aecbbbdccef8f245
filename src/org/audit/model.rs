//! What is sealed and how, and what is wrong with a batch. Pure.
//!
//! A digest is SHA-256 over lines: a head, then for each part `name=length:value`, the length in
//! bytes, or `name-` where there is none, each with a line feed. So no two contents give the same
//! text, and anybody can compute it again. Instants are microseconds since 1970 in UTC, ids are
//! written with hyphens, digests in hexadecimal figures.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sha2::{Digest as _, Sha256};
use sqlx::types::Json;
use uuid::Uuid;

use crate::base::assets::hex;
use crate::base::clock::midnight;
use crate::base::words;
use crate::org::TenantId;
use crate::org::announcements::Unread;
use crate::org::events::Verb;

/// How many events one batch holds at most.
pub(super) const BATCH: i64 = 1_000;
/// How many faults are told in words; all are counted.
pub(super) const TOLD: usize = 20;
/// How many days, today included, the list shows unless told, and the desk counts.
const LATELY: i64 = 7;

/// From which instant and from which day the list begins unless told.
pub(super) fn lately(today: NaiveDate) -> (DateTime<Utc>, NaiveDate) {
    let day = today - Duration::days(LATELY - 1);
    (midnight(day), day)
}

/// What the audit administrator's desk shows.
#[derive(Clone, Debug)]
pub struct Counts {
    /// Events that are not sealed yet.
    pub waiting: i64,
    /// Failures at the door in the last seven days.
    pub failures: i64,
    /// Accounts locked after failures in the last seven days.
    pub locks: i64,
    /// What the last walk over the chain found wrong; none if there was no walk yet.
    pub wrong: Option<i64>,
    /// When that was.
    pub checked_at: Option<DateTime<Utc>>,
    /// Notices to all that the administrator has still to read.
    pub unread: Json<Vec<Unread>>,
}

/// An event with every column that there is.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) tenant_id: Uuid,
    pub(super) id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) subject: String,
    pub(super) subject_id: Uuid,
    pub(super) verb: String,
    pub(super) person_id: Option<Uuid>,
    pub(super) person_name: String,
    pub(super) post_id: Option<Uuid>,
    pub(super) seat: String,
    pub(super) department_id: Option<Uuid>,
    pub(super) sentence: String,
}

/// Reads a digest that somebody noted, in 64 hexadecimal figures.
pub fn noted(typed: &str) -> Result<Vec<u8>, &'static str> {
    const WRONG: &str = "记下的摘要是 64 个十六进制数字，照 verify-audit 打印的那一行填写";
    let typed = typed.trim().as_bytes();
    if typed.len() != 64 {
        return Err(WRONG);
    }
    let pairs = typed.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).map_err(|_| WRONG)?;
        u8::from_str_radix(pair, 16).map_err(|_| WRONG)
    });
    pairs.collect()
}

/// A text under digestion.
struct Lines(Sha256);

impl Lines {
    fn of(head: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(head);
        digest.update("\n");
        Self(digest)
    }

    fn put(&mut self, name: &str, value: &str) {
        self.0.update(format!("{name}={}:{value}\n", value.len()));
    }

    fn put_id(&mut self, name: &str, value: Option<Uuid>) {
        match value {
            Some(id) => self.put(name, &id.to_string()),
            None => self.0.update(format!("{name}-\n")),
        }
    }

    fn put_at(&mut self, name: &str, at: DateTime<Utc>) {
        self.put(name, &at.timestamp_micros().to_string());
    }

    fn digest(self) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}

impl Fact {
    /// The digest of all that the row says.
    pub(super) fn digest(&self) -> Vec<u8> {
        let mut lines = Lines::of("event 1");
        lines.put_id("tenant_id", Some(self.tenant_id));
        lines.put_id("id", Some(self.id));
        lines.put_at("at", self.at);
        lines.put("subject", &self.subject);
        lines.put_id("subject_id", Some(self.subject_id));
        lines.put("verb", &self.verb);
        lines.put_id("person_id", self.person_id);
        lines.put("person_name", &self.person_name);
        lines.put_id("post_id", self.post_id);
        lines.put("seat", &self.seat);
        lines.put_id("department_id", self.department_id);
        lines.put("sentence", &self.sentence);
        lines.digest()
    }

    /// Which row it is, in words; its sentence may be of the business.
    pub(super) fn named(&self) -> String {
        let verb = match Verb::read(&self.verb) {
            Some(verb) => verb.label(),
            None => self.verb.as_str(),
        };
        let who = if self.person_name.is_empty() {
            self.seat.as_str()
        } else {
            self.person_name.as_str()
        };
        let told = [words::minute(self.at), who.to_owned(), verb.to_owned()];
        let told: Vec<String> = told.into_iter().filter(|t| !t.is_empty()).collect();
        format!("{}，编号 {}", told.join(" "), self.id)
    }
}

/// A link of the chain.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) number: i32,
    pub(super) sealed_at: DateTime<Utc>,
    pub(super) size: i32,
    pub(super) from_at: DateTime<Utc>,
    pub(super) to_at: DateTime<Utc>,
    pub(super) digest: Vec<u8>,
}

/// One event in its batch.
#[derive(Clone, Debug)]
pub(super) struct Seal {
    pub(super) place: i32,
    pub(super) event: Uuid,
    pub(super) digest: Vec<u8>,
}

/// A batch with its seals, and what stands in the record for each.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) batch: Batch,
    /// The digest of the batch with the number before; none if there is no such batch.
    pub(super) before: Option<Vec<u8>>,
    pub(super) seals: Vec<(Seal, Option<Fact>)>,
}

/// The digest of a batch: of what it says, of the digest before, of its seals in order.
fn chained<'a>(
    tenant: TenantId,
    batch: &Batch,
    before: Option<&[u8]>,
    seals: impl Iterator<Item = &'a Seal>,
) -> Vec<u8> {
    let mut lines = Lines::of("batch 1");
    lines.put_id("tenant_id", Some(tenant.0));
    lines.put("number", &batch.number.to_string());
    lines.put("before", &before.map(hex).unwrap_or_default());
    lines.put_at("sealed_at", batch.sealed_at);
    lines.put("size", &batch.size.to_string());
    lines.put_at("from_at", batch.from_at);
    lines.put_at("to_at", batch.to_at);
    for seal in seals {
        lines.put("place", &seal.place.to_string());
        lines.put_id("event", Some(seal.event));
        lines.put("digest", &hex(&seal.digest));
    }
    lines.digest()
}

/// Seals events behind the last batch; nothing, if there is no event.
pub(super) fn sealed(
    tenant: TenantId,
    last: Option<(i32, Vec<u8>)>,
    now: DateTime<Utc>,
    facts: &[Fact],
) -> Option<(Batch, Vec<Seal>)> {
    let from_at = facts.iter().map(|f| f.at).min()?;
    let to_at = facts.iter().map(|f| f.at).max()?;
    let seals: Vec<Seal> = (1..)
        .zip(facts)
        .map(|(place, fact)| Seal {
            place,
            event: fact.id,
            digest: fact.digest(),
        })
        .collect();
    let (number, before) = last.map_or((0, None), |(number, digest)| (number, Some(digest)));
    let mut batch = Batch {
        number: number + 1,
        sealed_at: now,
        size: i32::try_from(facts.len()).ok()?,
        from_at,
        to_at,
        digest: Vec::new(),
    };
    batch.digest = chained(tenant, &batch, before.as_deref(), seals.iter());
    Some((batch, seals))
}

impl Kept {
    /// What is wrong with the batch, in sentences.
    pub(super) fn faults(&self, tenant: TenantId) -> Vec<String> {
        let number = self.batch.number;
        let mut faults = Vec::new();
        let mut next = 1;
        for (seal, fact) in &self.seals {
            faults.extend((next..seal.place).map(|place| gone(number, place)));
            next = seal.place + 1;
            let place = format!("第 {number} 批第 {} 条", seal.place);
            match fact {
                None => faults.push(format!("{place}（{}）已被删除。", told_by_id(seal.event))),
                Some(fact) if fact.digest() != seal.digest => faults.push(format!(
                    "{place}（{}）与封存时不一致，内容被改动。",
                    fact.named()
                )),
                Some(_) => {}
            }
        }
        faults.extend((next..=self.batch.size).map(|place| gone(number, place)));
        // Without all seals the digest cannot be computed, and the missing ones are named already.
        let whole = i32::try_from(self.seals.len()) == Ok(self.batch.size);
        let seals = self.seals.iter().map(|(seal, _)| seal);
        let digest = chained(tenant, &self.batch, self.before.as_deref(), seals);
        if number > 1 && self.before.is_none() {
            faults.push(format!("第 {number} 批前面的第 {} 批不见了。", number - 1));
        } else if (whole || faults.is_empty()) && digest != self.batch.digest {
            faults.push(format!(
                "第 {number} 批的摘要与内容、上一批的摘要对不上，封存记录被改动。"
            ));
        }
        faults
    }
}

fn gone(batch: i32, place: i32) -> String {
    format!("第 {batch} 批第 {place} 条的封存记录已被删除。")
}

/// What an id tells of a row that is no more: when it was written.
pub(super) fn told_by_id(id: Uuid) -> String {
    let at = id.get_timestamp().and_then(|stamp| {
        let (seconds, nanos) = stamp.to_unix();
        DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
    });
    match at {
        Some(at) => format!("{}，编号 {id}", words::minute(at)),
        None => format!("编号 {id}"),
    }
}

/// What a walk over the whole chain found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many batches there are.
    pub batches: i32,
    /// How many sealed events stand in the record.
    pub events: i64,
    /// How many are not sealed yet.
    pub waiting: i64,
    /// Since when the oldest of them waits.
    pub oldest: Option<DateTime<Utc>>,
    /// Number and digest of the newest batch.
    pub newest: Option<(i32, String)>,
    /// How much is wrong.
    pub wrong: i64,
    /// The first of it, in sentences.
    pub told: Vec<String>,
    /// The batches that it lies in, the first of them.
    pub broken: Vec<i32>,
}

impl Report {
    /// Adds what is wrong with a batch.
    pub(super) fn add(&mut self, kept: &Kept, faults: Vec<String>) {
        let there = kept.seals.iter().filter(|(_, fact)| fact.is_some()).count();
        self.batches += 1;
        self.events += i64::try_from(there).unwrap_or(0);
        self.newest = Some((kept.batch.number, hex(&kept.batch.digest)));
        if !faults.is_empty() && self.broken.len() < TOLD {
            self.broken.push(kept.batch.number);
        }
        for fault in faults {
            self.tell(fault);
        }
    }

    /// Adds one fault.
    pub(super) fn tell(&mut self, fault: String) {
        self.wrong += 1;
        if self.told.len() < TOLD {
            self.told.push(fault);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: TenantId = TenantId(Uuid::from_u128(7));

    fn fact(n: u128) -> Fact {
        Fact {
            tenant_id: TENANT.0,
            id: Uuid::from_u128(n),
            at: "2026-11-23T06:05:00.000123Z".parse().unwrap(),
            subject: "post".to_owned(),
            subject_id: Uuid::from_u128(9),
            verb: "appoint".to_owned(),
            person_id: None,
            person_name: "谢安".to_owned(),
            post_id: None,
            seat: "大安市".to_owned(),
            department_id: None,
            sentence: format!("第 {n} 句"),
        }
    }

    fn kept(number: i32, last: Option<Vec<u8>>, facts: &[Fact]) -> Kept {
        let now = "2026-11-23T06:06:00Z".parse().unwrap();
        let before = last.clone();
        let last = last.map(|digest| (number - 1, digest));
        let (batch, seals) = sealed(TENANT, last, now, facts).unwrap();
        let facts = facts.iter().cloned().map(Some);
        Kept {
            batch,
            before,
            seals: seals.into_iter().zip(facts).collect(),
        }
    }

    /// The text is fixed: a program of another day must read the same digests.
    #[test]
    fn the_digest_of_a_row_is_that_of_this_text() {
        let text = "event 1\n\
            tenant_id=36:00000000-0000-0000-0000-000000000007\n\
            id=36:00000000-0000-0000-0000-000000000001\n\
            at=16:1795413900000123\n\
            subject=4:post\n\
            subject_id=36:00000000-0000-0000-0000-000000000009\n\
            verb=7:appoint\n\
            person_id-\n\
            person_name=6:谢安\n\
            post_id-\n\
            seat=9:大安市\n\
            department_id-\n\
            sentence=9:第 1 句\n";
        assert_eq!(fact(1).digest(), Sha256::digest(text).to_vec());
    }

    #[test]
    fn parts_do_not_run_into_one_another() {
        let (mut one, mut other) = (fact(1), fact(1));
        one.seat = "大安市\nsentence=0:".to_owned();
        one.sentence = String::new();
        other.seat = "大安市".to_owned();
        other.sentence = "\nsentence=0:".to_owned();
        assert_ne!(one.digest(), other.digest());
    }

    #[test]
    fn what_is_untouched_is_sound_and_every_touch_is_found() {
        let first = kept(1, None, &[fact(1), fact(2)]);
        let second = kept(2, Some(first.batch.digest.clone()), &[fact(3), fact(4)]);
        assert!(first.faults(TENANT).is_empty() && second.faults(TENANT).is_empty());
        let one = |touch: fn(&mut Kept)| {
            let mut touched = second.clone();
            touch(&mut touched);
            let faults = touched.faults(TENANT);
            assert_eq!(faults.len(), 1, "{faults:?}");
            faults[0].clone()
        };
        let altered = one(|k| k.seals[1].1.as_mut().unwrap().person_name = "戚明".to_owned());
        assert!(altered.starts_with("第 2 批第 2 条（2026-11-23 14:05 戚明 任命"));
        assert!(one(|k| k.seals[0].1 = None).contains("第 2 批第 1 条（编号 "));
        assert_eq!(
            one(|k| drop(k.seals.remove(0))),
            "第 2 批第 1 条的封存记录已被删除。"
        );
        assert_eq!(
            one(|k| drop(k.seals.remove(1))),
            "第 2 批第 2 条的封存记录已被删除。"
        );
        let chain = "第 2 批的摘要与内容、上一批的摘要对不上，封存记录被改动。";
        // A row altered together with its seal.
        let both = one(|k| {
            let (seal, fact) = &mut k.seals[0];
            let fact = fact.as_mut().unwrap();
            fact.sentence = "改过".to_owned();
            seal.digest = fact.digest();
        });
        assert_eq!(both, chain);
        assert_eq!(one(|k| k.before.as_mut().unwrap()[0] ^= 1), chain);
        assert_eq!(one(|k| k.batch.to_at += Duration::days(1)), chain);
        assert_eq!(one(|k| k.before = None), "第 2 批前面的第 1 批不见了。");
    }
}
