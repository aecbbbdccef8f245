//! A phone that makes codes, as somebody holds it who has a second factor.

use super::{Page, Person};

/// The codes of one secret.
#[derive(Debug)]
pub(crate) struct Phone(totp_rs::Totp);

impl Phone {
    /// Reads the secret off the page, as a phone that cannot scan it.
    pub(crate) fn reading(page: &Page) -> Self {
        Self::typed(&page.words_at("section code"))
    }

    /// Reads the secret as it is written for typing.
    pub(crate) fn typed(shown: &str) -> Self {
        let secret = totp_rs::Secret::try_from_base32(shown.replace(' ', "")).unwrap();
        Self(totp_rs::Builder::new().with_secret(secret).build().unwrap())
    }

    /// The code of this instant.
    pub(crate) fn code_at(&self, at: chrono::DateTime<chrono::Utc>) -> String {
        let at = u64::try_from(at.timestamp()).unwrap();
        self.0.generate(at).to_string()
    }

    /// The code of somebody's present time, so many half minutes later.
    pub(crate) fn code(&self, whose: &Person, later: i64) -> String {
        self.code_at(whose.now() + chrono::Duration::seconds(30 * later))
    }
}

impl Person {
    /// Sets a second factor up; says which phone holds it and what the paper says.
    pub(crate) async fn sets_up_a_factor(&self) -> (Phone, Vec<String>) {
        let mut page = self.opens("/account/second-factor").await;
        if page.has_button("开始设置") {
            page = self.does("开始设置", &[]).await;
        }
        let phone = Phone::reading(&page);
        let code = phone.code(self, 0);
        let page = self.submit("启用第二因子", &[("验证码", &code)]).await;
        page.is(200).shows("恢复码只显示这一次");
        (phone, page.all_words_at(".codes code"))
    }
}
