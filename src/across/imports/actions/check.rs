//! Looks up what a table is checked against, in a few statements whatever its length, and checks it.

use super::super::by::By;
use super::super::model::{
    self, ClassFacts, LimitFacts, Outcome, Register, Sheet, check_chain, check_classes,
    check_departments, check_duties, check_limits, check_people, check_phrases, check_posts, rows,
};
use super::super::queries;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::documents;
use crate::work::{classes, clocks, phrases};

/// What a table would do now.
pub(super) async fn checked(
    tx: &mut Tx,
    me: &By<'_>,
    (register, sheet): (Register, &Sheet),
) -> Result<Outcome> {
    let today = tx.today();
    let rows = rows(register, sheet);
    let each = |head: &str| -> Vec<String> {
        let mut all: Vec<String> = rows.iter().map(|row| row.raw(head)).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    Ok(match register {
        Register::People => {
            let known = queries::known(tx, me, &each("姓名")).await?;
            check_people(rows, &known)
        }
        Register::Posts => {
            let (names, units) = (each("姓名"), model::named_units(&rows));
            let stems = model::stems(&rows);
            let facts = queries::post_facts(tx, me, (&names, &units, &stems)).await?;
            check_posts(rows, &facts, today)
        }
        Register::Chain => {
            let mut codes: Vec<String> = each("编码");
            for code in &mut codes {
                code.truncate(code.char_indices().nth(9).map_or(code.len(), |(at, _)| at));
            }
            codes.dedup();
            let facts = queries::ground(tx, me, (&each("街道"), &codes)).await?;
            check_chain(rows, &facts, today)
        }
        Register::Departments => {
            let kept = queries::kept(tx, me).await?;
            check_departments(rows, &kept)
        }
        Register::Classes => {
            let facts = ClassFacts {
                classes: classes::classes(tx, me, None).await?,
                majors: classes::majors(tx, me).await?,
            };
            check_classes(rows, &facts, today)
        }
        Register::Duties => {
            let facts = queries::duty_facts(tx, me).await?;
            check_duties(rows, &facts, today)
        }
        Register::Phrases => {
            let all = phrases::all(tx, me).await?;
            check_phrases(rows, &all, today)
        }
        Register::Limits => {
            let facts = LimitFacts {
                book: clocks::book(tx, me, (None, None)).await?,
                citable: documents::citable(tx, me).await?,
            };
            check_limits(rows, &facts, today)
        }
    })
}
