//! What the forms of a new topic offer, and one proposal.

use serde::Deserialize;
use sqlx::types::Json;

use super::super::model::{Department, Place, Proposal};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;

/// A class to choose.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Class {
    pub(crate) code: String,
    pub(crate) name: String,
}

/// What the form offers.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) classes: Vec<Class>,
    pub(crate) departments: Vec<Department>,
    /// The streets of today.
    pub(crate) streets: Vec<Place>,
    /// Where the chosen class came again and again.
    pub(crate) proposals: Vec<Proposal>,
}

impl Options {
    /// The name of a class that is offered.
    pub(crate) fn class(&self, code: &str) -> Option<&str> {
        let class = self.classes.iter().find(|c| c.code == code)?;
        Some(&class.name)
    }
}

/// What there is to choose from for a topic of this class; without a class nothing is proposed.
pub(crate) async fn options(tx: &mut Tx, me: &Viewer, class: &str) -> Result<Options> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"select coalesce((select json_agg(json_build_object('code', c.code, 'name', c.name) order by c.code)
                              from classes_on($1, $2) c where c.in_use or c.code = $3), '[]')
                     as "classes!: Json<Vec<Class>>",
                  coalesce((select json_agg(json_build_object('id', d.id, 'name', d.name) order by d.position, d.code)
                              from departments d
                             where d.tenant_id = $1 and (d.valid_to is null or d.valid_to > $2)), '[]')
                     as "departments!: Json<Vec<Department>>",
                  coalesce((select json_agg(json_build_object('id', n.id, 'level', n.level, 'code', n.code,
                                                              'name', n.name) order by n.code)
                              from nodes n where n.tenant_id = $1 and n.level = 1
                               and (n.valid_to is null or n.valid_to > $2)), '[]') as "streets!: Json<Vec<Place>>",
                  coalesce((select json_agg(json_build_object('class_code', p.class_code, 'class', c.name, 'grid', n.id,
                                   'grid_code', p.grid_code, 'place', topic_place($1, p.grid_code), 'n', p.n,
                                   'from_day', p.from_day, 'first_at', p.first_at, 'last_at', p.last_at)
                                   order by p.n desc, p.last_at desc, p.grid_code)
                              from (select * from topic_proposals($1, $2, '') x where x.class_code = $3
                                     order by x.n desc, x.last_at desc, x.grid_code limit 30) p
                              join classes_on($1, $2) c on c.code = p.class_code
                              join nodes n on n.tenant_id = $1 and n.code = p.grid_code
                             where $3 <> ''), '[]') as "proposals!: Json<Vec<Proposal>>""#,
        me.tenant.0,
        today,
        class
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Options {
        classes: row.classes.0,
        departments: row.departments.0,
        streets: row.streets.0,
        proposals: row.proposals.0,
    })
}

/// The proposal of a class in a grid, if it is one today.
pub(crate) async fn proposal(
    tx: &mut Tx,
    me: &Viewer,
    (class, grid): (&str, &str),
) -> Result<Proposal> {
    let today = tx.today();
    let found = sqlx::query_scalar!(
        r#"select json_build_object('class_code', p.class_code, 'class', c.name, 'grid', n.id,
                         'grid_code', p.grid_code, 'place', topic_place($1, p.grid_code), 'n', p.n,
                         'from_day', p.from_day, 'first_at', p.first_at, 'last_at', p.last_at) as "row!: Json<Proposal>"
             from topic_proposals($1, $2, $4) p
             join classes_on($1, $2) c on c.code = p.class_code
             join nodes n on n.tenant_id = $1 and n.code = p.grid_code
            where p.class_code = $3 and p.grid_code = $4"#,
        me.tenant.0,
        today,
        class,
        grid
    )
    .fetch_optional(&mut **tx)
    .await?;
    found.map(|row| row.0).ok_or(Error::NotFound)
}
