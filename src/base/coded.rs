//! Enums with a stored code and a shown word.

/// Declares an enum that is stored by code and shown by label.
#[macro_export]
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident as $sql:literal { $($(#[$vdoc:meta])* $variant:ident = $code:literal $label:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
                 sqlx::Type, serde::Serialize, serde::Deserialize)]
        #[sqlx(type_name = $sql, rename_all = "snake_case")]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The stored code, also used in forms and addresses.
            pub fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// What officials call it.
            pub fn label(self) -> &'static str { match self { $(Self::$variant => $label),+ } }
        }
        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(code: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|v| v.code() == code).ok_or(())
            }
        }
    };
}
