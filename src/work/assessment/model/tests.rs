//! The method, tried out.
