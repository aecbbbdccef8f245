//! Codes by time and codes on paper. Pure.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use qrcode::{Color, QrCode};
use sha2::{Digest as _, Sha256};
use totp_rs::{Builder, Totp};
use uuid::Uuid;

use crate::base::error::Result;
use crate::org::TenantId;
use crate::org::people::Lock;

/// Bytes of a secret: 160 bits, as RFC 4226 wants them.
pub(super) const SECRET: usize = 20;
/// Recovery codes given at once.
const CODES: usize = 10;
/// The signs of a recovery code: no two look alike.
const SIGNS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";

/// Where a secret is sealed for: it opens nowhere else.
pub(super) fn place(tenant: TenantId, person: Uuid) -> String {
    format!("second-factor/{tenant}/{person}")
}

/// What makes and checks the codes of a secret.
pub(super) fn totp(secret: &[u8], login: &str, city: &str) -> Result<Totp> {
    let totp = Builder::new()
        .with_secret(secret.to_vec())
        .with_account_name(login)
        .with_issuer(Some(format!("{city}街哨")))
        .build()
        .context("building the codes of a second factor")?;
    Ok(totp)
}

/// The step of time whose code this is, if it is one of now and not used before: a code is good
/// for half a minute, one before and one after.
pub(super) fn step(totp: &Totp, typed: &str, now: DateTime<Utc>, last: i64) -> Option<i64> {
    let figures: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if figures.len() != 6 || !figures.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let now = u64::try_from(now.timestamp()).ok()?;
    let step = i64::try_from(totp.check(&figures, now)?).ok()?;
    (step > last).then_some(step)
}

/// The picture that a phone reads: how many modules wide, and the dark ones as one path.
pub(super) fn picture(totp: &Totp) -> Result<(usize, String)> {
    use std::fmt::Write as _;
    let address = totp.to_url().context("the address of a second factor")?;
    let code = QrCode::new(address.as_bytes()).context("drawing a second factor")?;
    let width = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", at % width + 2, at / width + 2);
        }
    }
    Ok((width + 4, path))
}

/// The secret in groups of four, to be typed where nothing can be scanned.
pub(super) fn in_groups(secret: &str) -> String {
    let signs: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = signs.chunks(4).map(|g| g.iter().collect()).collect();
    groups.join(" ")
}

/// New recovery codes: `abcd-efgh-ijkm-npqr`, 80 random bits each.
pub(super) fn recovery_codes() -> Vec<String> {
    (0..CODES)
        .map(|_| {
            let random: [u8; 16] = rand::random();
            let signs: Vec<char> = random
                .iter()
                .map(|byte| char::from(SIGNS[usize::from(byte % 32)]))
                .collect();
            let groups: Vec<String> = signs.chunks(4).map(|g| g.iter().collect()).collect();
            groups.join("-")
        })
        .collect()
}

/// What is kept of a recovery code, however it was typed.
pub(super) fn digest(code: &str) -> Vec<u8> {
    let plain: String = code
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    Sha256::digest(plain.as_bytes()).to_vec()
}

/// A person's factor as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Factor {
    pub(super) login: String,
    pub(super) sealed: Option<crate::base::seal::Sealed>,
    pub(super) confirmed_at: Option<DateTime<Utc>>,
    pub(super) last_step: i64,
    pub(super) lock: Lock,
    /// Recovery codes that are left.
    pub(super) codes: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_once_and_around_its_time() {
        let totp = totp(&[7; SECRET], "wulei", "大安市").unwrap();
        let now: DateTime<Utc> = "2026-11-23T06:05:10Z".parse().unwrap();
        let code = totp.generate(now.timestamp().cast_unsigned()).to_string();
        let step = step(&totp, &code, now, 0).unwrap();
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        for (typed, seconds, last, right) in [
            (code.as_str(), 0, 0, true),
            (spaced.as_str(), 30, 0, true),
            (code.as_str(), -30, 0, true),
            (code.as_str(), 90, 0, false),
            (code.as_str(), 0, step, false),
            ("", 0, 0, false),
            ("12345", 0, 0, false),
            ("１２３４５６", 0, 0, false),
        ] {
            let at = now + chrono::Duration::seconds(seconds);
            let found = super::step(&totp, typed, at, last);
            assert_eq!(found.is_some(), right, "{typed} {seconds} {last}");
        }
    }

    #[test]
    fn recovery_codes_differ_and_are_known_however_typed() {
        let codes = recovery_codes();
        let mut sorted = codes.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), CODES);
        let loud = codes[0].to_uppercase().replace('-', " ");
        assert_eq!(digest(&codes[0]), digest(&loud));
        assert_ne!(digest(&codes[0]), digest(&codes[1]));
    }

    #[test]
    fn the_picture_holds_the_address() {
        let totp = totp(&[7; SECRET], "wulei", "大安市").unwrap();
        let (width, path) = picture(&totp).unwrap();
        assert!(width > 30 && path.starts_with("M2 2h1v1h-1z"), "{width}");
    }
}
