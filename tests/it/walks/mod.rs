//! Random walks: a hundred thousand moves of clocks alone, and everything that can be done to
//! whistles through the pages, with what holds at every step.

mod clocks;
mod invariants;
mod replay;
mod walk;
