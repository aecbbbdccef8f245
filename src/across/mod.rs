//! Tier 3: what goes over several areas. Reads that own no table, and the imports, which keep what
//! was uploaded and write through the actions of the areas they fill.

pub mod desk;
pub mod imports;
pub mod map;
pub mod search;
pub mod why;
