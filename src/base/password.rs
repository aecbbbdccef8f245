//! Passwords as argon2id, one at a time and all on one thread that stays: hashing takes 9 MiB, the
//! server is small, and an allocator keeps for each thread what that one freed, also of threads that
//! ended.

use std::sync::LazyLock;
use std::time::Duration;

use anyhow::{Context, anyhow};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::runtime::{Builder, Runtime};

/// What a hash costs: memory in KiB, passes, lanes. As hard to guess as the usual 19 MiB and two
/// passes, in half the memory (OWASP, Password Storage).
const COSTS: (u32, u32, u32) = (9 * 1024, 4, 1);
/// Longer than any server runs.
const FOR_EVER: Duration = Duration::from_hours(24 * 365 * 10);

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let (memory, passes, lanes) = COSTS;
    let params = Params::new(memory, passes, lanes, None)
        .map_err(|e| anyhow!("the costs of a password: {e}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The one thread.
static HASHING: LazyLock<std::io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_current_thread()
        .max_blocking_threads(1)
        .thread_keep_alive(FOR_EVER)
        .thread_name("passwords")
        .build()
});

/// What the thread answers.
async fn on_the_thread<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let hashing = HASHING
        .as_ref()
        .map_err(|e| anyhow!("the thread for passwords: {e}"))?;
    hashing
        .spawn_blocking(work)
        .await
        .context("the hashing task")?
}

/// The hash to keep.
pub async fn hashed(password: String) -> anyhow::Result<String> {
    on_the_thread(move || {
        argon2()?
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|e| anyhow!("hashing a password: {e}"))
    })
    .await
}

/// Whether the password is the hashed one. Without a hash (unknown name) it takes the same time
/// and says no.
pub async fn is_right(password: String, hash: Option<String>) -> anyhow::Result<bool> {
    on_the_thread(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let parsed =
            PasswordHash::new(&hash).map_err(|e| anyhow!("reading a password hash: {e}"))?;
        let fits = Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok();
        Ok(fits && known)
    })
    .await
}

/// A hash with the same costs as real ones, that no password fits.
const NOBODY: &str = "$argon2id$v=19$m=9216,t=4,p=1$c3RyZWV0LXdoaXN0bGU$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a password is not good enough, or nothing: at least 10 characters of three kinds, not
/// holding the sign-in name, and hard to guess (`domain.md` 8.1). `own` are words that somebody
/// would try first: names of the city, its streets, the person.
pub fn weakness(password: &str, login: &str, own: &[String]) -> Option<&'static str> {
    let kinds = [
        password.chars().any(|c| c.is_ascii_lowercase()),
        password.chars().any(|c| c.is_ascii_uppercase()),
        password.chars().any(|c| c.is_ascii_digit()),
        password.chars().any(|c| !c.is_ascii_alphanumeric()),
    ];
    if password.chars().count() < 10 {
        Some("新密码至少 10 个字符。")
    } else if password.chars().count() > 200 {
        Some("新密码最多 200 个字符。")
    } else if kinds.iter().filter(|k| **k).count() < 3 {
        Some("新密码要含大写字母、小写字母、数字、符号中的三种。")
    } else if password.to_lowercase().contains(&login.to_lowercase()) {
        Some("新密码不能含有账号。")
    } else if easy(password, own) {
        Some("新密码太容易被猜到：少用姓名、地名、常见词、键盘顺序和年份，换一个或再加长。")
    } else {
        None
    }
}

/// Whether fewer than 10⁸ guesses find it (zxcvbn's score below 3), a person's and a city's own
/// words among the first.
fn easy(password: &str, own: &[String]) -> bool {
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    zxcvbn::zxcvbn(password, &own).score() < zxcvbn::Score::Three
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let hash = hashed("Shili-2026-哨".to_owned()).await.unwrap();
        let costs = NOBODY.rsplitn(3, '$').last().unwrap();
        assert!(hash.starts_with(costs), "{hash} is not as dear as {costs}");
        assert!(
            is_right("Shili-2026-哨".to_owned(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(!is_right("Shili-2026".to_owned(), Some(hash)).await.unwrap());
        assert!(!is_right("Shili-2026".to_owned(), None).await.unwrap());
    }

    #[test]
    fn weak_passwords_are_told_why() {
        assert_eq!(
            weakness("short", "wangli", &[]),
            Some("新密码至少 10 个字符。")
        );
        assert!(weakness("alllowercase", "wangli", &[]).is_some());
        assert!(weakness("Wangli-2026-x", "wangli", &[]).is_some());
        let own = ["huiyang".to_owned()];
        assert!(weakness("Huiyang-2026", "wangli", &own).is_some());
        assert!(weakness("Password-2026", "wangli", &[]).is_some());
        assert_eq!(weakness("Haitang-kai-9-du", "wangli", &own), None);
    }
}
