//! Figures (数据): what is counted, of which days and which part of the city, and the lists of which
//! they are the lengths. A day that is over is counted once; whoever changes what it counted has it
//! counted anew, and meanwhile it is read from the facts.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{COUNT, count};
pub use model::{
    Bar, CATALOGUE, Definition, Figure, Group, Measure, Reading, Scope, ScopeKind, Span, Sum, Sums,
    When, bars, heat,
};
pub use pages::routes;
pub use queries::{Asked, Month, Part, Read, read};
