//! The duty list (权责清单): item by item, which department leads, which assist, by which law
//! and up to which boundary, each version from a day on. Drafts of whistles take their proposal from it and cite the
//! version they took it from; rulings on disputes stand beside it as precedents.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{Ruling, add_precedent};
pub use model::{
    Assist, Class, Content, DutyForm, Named, Offer, Past, Proposal, RulingLevel, Why, begins,
};
pub use pages::routes;
pub use queries::{give_way, offer, proposals};
