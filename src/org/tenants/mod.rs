//! Tenants (租户): cities or districts that each run their own office here. A tenant is found by
//! the host name; a host that serves several asks at sign-in.

mod queries;

pub use queries::{Tenant, create, list, of_code, of_host};
