//! Tier 3: reads over several areas; owns no table.

pub mod desk;
pub mod why;
