//! The SQL of the versions of limits, as their page shows and makes them.

use chrono::NaiveDate;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Book, NewVersion, OfClass, OfKind, Rule, Rules, Stage, Value, Version};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::org::access::Viewer;
use crate::org::calendar::{Limit, Unit};
use crate::work::whistles::Kind;

/// The limits that hold on a day; without a day the latest. Of a number, that version.
pub async fn book(
    tx: &mut Tx,
    me: &Viewer,
    (day, number): (Option<NaiveDate>, Option<i32>),
) -> Result<Book> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"with shown as (
               select v.id from limit_versions v
                where v.tenant_id = $1 and ($2::date is null or v.from_day <= $2)
                  and ($3::integer is null or v.number = $3)
                order by v.from_day desc limit 1)
           select (select id from shown) as "shown: Uuid",
                  coalesce((select json_agg(json_build_object('id', v.id, 'number', v.number, 'from_day', v.from_day,
                         'note', v.note, 'made_by', p.name,
                         'basis', basis_json($1, v.document_id, v.clause)) order by v.from_day desc)
                     from limit_versions v
                     left join people p on p.tenant_id = $1 and p.id = v.made_by
                    where v.tenant_id = $1), '[]') as "versions!: Json<Vec<Version>>",
                  coalesce((select json_agg(json_build_object('kind', l.kind, 'stage', l.stage,
                         'limit', json_build_object('amount', l.amount, 'unit', l.unit)) order by l.kind, l.stage)
                     from limits l where l.tenant_id = $1 and l.version_id = (select id from shown)), '[]')
                    as "kinds!: Json<Vec<OfKind>>",
                  coalesce((select json_agg(json_build_object('code', m.code, 'family', m.family, 'major', m.major,
                         'name', m.name || case when m.in_use then ''
                               when m.from_day > $4 then '（未启用）' else '（停用）' end, 'limit', case when l.amount is not null
                               then json_build_object('amount', l.amount, 'unit', l.unit) end)
                         order by m.family, m.code)
                     from classes_on($1, $4) m
                     left join class_limits l on l.tenant_id = $1 and l.version_id = (select id from shown)
                          and l.class_code = m.code
                    where m.in_use or l.amount is not null or m.from_day > $4), '[]') as "classes!: Json<Vec<OfClass>>",
                  rules_json($1, coalesce((select id from shown),
                                          (select v.id from limit_versions v where v.tenant_id = $1
                                            order by v.from_day limit 1)), null) as "rules!: Json<Rules>""#,
        me.tenant.0,
        day,
        number,
        today
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Book {
        shown: row.shown,
        versions: row.versions.0,
        kinds: row.kinds.0,
        classes: row.classes.0,
        rules: row.rules.0,
    })
}

/// How many whistles and matters are at work; they keep the limits under which they began.
pub(in super::super) async fn at_work(tx: &mut Tx, me: &Viewer) -> Result<(i64, i64)> {
    let row = sqlx::query!(
        r#"select (select count(*) from whistles w
                    where w.tenant_id = $1 and w.closed_at is null and w.withdrawn_at is null) as "whistles!",
                  (select count(*) from matters m where m.tenant_id = $1 and m.ended_at is null) as "matters!""#,
        me.tenant.0
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.whistles, row.matters))
}

/// Keeps a new version with all its limits.
pub(in super::super) async fn keep(tx: &mut Tx, me: &Viewer, new: &NewVersion) -> Result<()> {
    let (now, id) = (tx.now, uuid_at(tx.now));
    let kept = sqlx::query!(
        "insert into limit_versions (tenant_id, id, number, from_day, note, made_at, made_by, document_id, clause)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        me.tenant.0,
        id,
        new.number,
        new.from_day,
        new.note,
        now,
        me.person.0,
        new.basis.map(|b| b.0.0),
        new.basis.map(|b| b.1)
    )
    .execute(&mut **tx)
    .await;
    let taken = || {
        let mut errors = FieldErrors::new();
        errors.add("from_day", "已有一版从这一天起用，请换一天。");
        Error::Invalid(errors)
    };
    on_constraint(
        match kept {
            Err(e)
                if crate::base::db::refused_by(&e).as_deref()
                    == Some("limit_versions_number_key") =>
            {
                return Err(Error::Stale);
            }
            kept => kept,
        },
        "limit_versions_day_key",
        taken,
    )?;
    for l in &new.limits.kinds {
        sqlx::query!(
            "insert into limits (tenant_id, version_id, kind, stage, amount, unit) values ($1, $2, $3, $4, $5, $6)",
            me.tenant.0,
            id,
            l.kind as Kind,
            l.stage as Stage,
            l.limit.amount(),
            l.limit.unit() as Unit
        )
        .execute(&mut **tx)
        .await?;
    }
    keep_rules(tx, me, id, &new.limits.rules).await?;
    keep_classes(tx, me, id, &new.limits.classes).await
}

async fn keep_rules(
    tx: &mut Tx,
    me: &Viewer,
    version: Uuid,
    rules: &[(Rule, Value)],
) -> Result<()> {
    for (rule, value) in rules {
        sqlx::query!(
            "insert into limit_rules (tenant_id, version_id, rule, amount, unit) values ($1, $2, $3, $4, $5)",
            me.tenant.0,
            version,
            *rule as Rule,
            value.amount,
            value.unit as Option<Unit>
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

async fn keep_classes(
    tx: &mut Tx,
    me: &Viewer,
    version: Uuid,
    classes: &[(String, Limit)],
) -> Result<()> {
    let codes: Vec<String> = classes.iter().map(|c| c.0.clone()).collect();
    let amounts: Vec<i32> = classes.iter().map(|c| c.1.amount()).collect();
    let units: Vec<String> = classes
        .iter()
        .map(|c| c.1.unit().code().to_owned())
        .collect();
    sqlx::query!(
        "insert into class_limits (tenant_id, version_id, class_code, amount, unit)
         select $1, $2, x.code, x.amount, x.unit::duration_unit
           from unnest($3::text[], $4::integer[], $5::text[]) as x (code, amount, unit)",
        me.tenant.0,
        version,
        &codes,
        &amounts,
        &units
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
