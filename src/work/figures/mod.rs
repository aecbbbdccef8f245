//! Figures (数据): what is counted, of which days and which part of the city, and the lists of which
//! they are the lengths. A day that is over is counted once; whoever changes what it counted has it
//! counted anew, and meanwhile it is read from the facts.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{COUNT, count};
pub use model::{
    Bar, CATALOGUE, Definition, Figure, Group, Line, Live, LiveCount, Measure, Month, Part,
    RANKED_FROM, Read, Reading, Scope, ScopeKind, Shown, Span, Sum, Sums, When, bars, groups, heat,
    lines,
};
pub use pages::{own_key, routes, table};
pub use queries::{Asked, read};
