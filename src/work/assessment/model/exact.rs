//! Exact numbers. Nothing is rounded but the figure that is shown, once, half up.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Div, Mul, Sub};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A fraction of whole numbers of any length.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exact(BigRational);

impl Exact {
    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self(BigRational::from_integer(number.into()))
    }

    /// So many.
    pub fn count(number: usize) -> Self {
        Self(BigRational::from_integer(number.into()))
    }

    /// A decimal as it is typed: `12`, `1.5`. Not more than two places.
    pub fn typed(text: &str) -> Option<Self> {
        let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let figures =
            |t: &str, most: usize| t.len() <= most && t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !figures(whole, 6) || !figures(part, 2) {
            return None;
        }
        let scaled: i64 = format!("{whole}{part:0<2}").parse().ok()?;
        Some(Self::whole(scaled) / Self::whole(100))
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// With so many places, half up.
    pub fn decimal(&self, places: u32) -> String {
        let scale = BigInt::from(10_u32).pow(places);
        let scaled =
            self.0.abs() * BigRational::from_integer(scale) * BigRational::from_integer(2.into());
        let rounded = (scaled.floor().to_integer() + BigInt::from(1_u32)) / BigInt::from(2_u32);
        let sign = if self.0.is_negative() && !rounded.is_zero() {
            "−"
        } else {
            ""
        };
        let width = places as usize + 1;
        let figures = format!("{:0>width$}", rounded.to_string());
        let (whole, part) = figures.split_at(figures.len() - places as usize);
        if part.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{part}")
        }
    }

    /// As short as it can be written with two places: `45`, `1.5`, `0.75`.
    pub fn short(&self) -> String {
        let long = self.decimal(2);
        long.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let fraction = || text.parse::<BigRational>().ok().map(Self);
        let read = if text.contains('.') {
            Self::typed(&text)
        } else {
            fraction()
        };
        read.ok_or_else(|| serde::de::Error::custom(format!("no exact number: {text}")))
    }
}

macro_rules! reckons {
    ($($trait:ident $method:ident),+) => {$(
        impl $trait for Exact {
            type Output = Exact;
            fn $method(self, other: Exact) -> Exact { Exact($trait::$method(self.0, other.0)) }
        }
        impl $trait for &Exact {
            type Output = Exact;
            fn $method(self, other: &Exact) -> Exact { Exact($trait::$method(&self.0, &other.0)) }
        }
    )+};
}
reckons!(Add add, Sub sub, Mul mul, Div div);

impl Sum for Exact {
    fn sum<I: Iterator<Item = Exact>>(all: I) -> Exact {
        all.fold(Exact::default(), |sum, one| sum + one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_rounded_half_up_and_once() {
        let of = |n, d| Exact::whole(n) / Exact::whole(d);
        assert_eq!(of(1, 3).decimal(4), "0.3333");
        assert_eq!(of(843_625, 10_000).decimal(1), "84.4");
        assert_eq!(of(1, 20).decimal(1), "0.1");
        assert_eq!(of(-1, 20).decimal(1), "−0.1");
        assert_eq!(of(-1, 300).decimal(1), "0.0");
        assert_eq!(of(100, 1).decimal(0), "100");
        assert_eq!(of(3, 2).short(), "1.5");
        assert_eq!(Exact::whole(100).short(), "100");
    }

    #[test]
    fn decimals_are_read_as_they_are_typed() {
        assert_eq!(Exact::typed(" 1.5 ").unwrap().to_string(), "3/2");
        assert_eq!(Exact::typed("45").unwrap(), Exact::whole(45));
        for wrong in ["", ".5", "-1", "1.234", "1e3", "九", "1234567"] {
            assert_eq!(Exact::typed(wrong), None, "{wrong}");
        }
        let there = serde_json::to_string(&Exact::typed("0.9").unwrap()).unwrap();
        assert_eq!(there, "\"9/10\"");
        let back: Exact = serde_json::from_str(&there).unwrap();
        assert_eq!(back, Exact::typed("0.90").unwrap());
        let stored: Exact = serde_json::from_str("\"45.00\"").unwrap();
        assert_eq!(stored, Exact::whole(45));
    }
}
