//! What the figures are, of which days, and of which part of the city. Pure.

mod catalogue;
mod chart;
mod line;
mod part;
mod reading;
mod scope;
mod span;

pub use catalogue::{CATALOGUE, Definition, Figure, Group, Measure};
pub use chart::{Bar, bars, heat};
pub use line::{Line, groups, lines};
pub use part::{Live, LiveCount, Month, Part, RANKED_FROM, Read, Shown};
pub use reading::{Reading, Sum, Sums, When};
pub use scope::{Scope, ScopeKind};
pub use span::Span;
