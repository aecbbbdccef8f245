use crate::harness::Town;
