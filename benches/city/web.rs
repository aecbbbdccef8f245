//! One person at a browser, as far as a loader needs one.

use anyhow::{Context as _, Result, bail};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};

/// The connections that all share.
pub(crate) fn client() -> Result<Client> {
    // The program chooses its TLS for the whole process; here nothing is encrypted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(Client::builder().redirect(Policy::none()).build()?)
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    client: Client,
    base: String,
    pub(crate) cookie: String,
}

impl Browser {
    /// Signs in with name and password, as the form does.
    pub(crate) async fn signs_in(
        client: &Client,
        base: &str,
        city: &str,
        (name, word): (&str, &str),
    ) -> Result<Self> {
        let fields = [
            ("tenant", city),
            ("name", name),
            ("word", word),
            ("to", "/"),
        ];
        let request = client.post(format!("{base}/sign-in")).header(ORIGIN, base);
        let sent = filled(request, &fields)?.send().await?;
        let cookie = sent
            .headers()
            .get(SET_COOKIE)
            .and_then(|value| value.to_str().ok());
        let cookie = cookie
            .and_then(|value| value.split(';').next())
            .with_context(|| format!("{name} cannot sign in"))?;
        Ok(Self {
            client: client.clone(),
            base: base.to_owned(),
            cookie: cookie.to_owned(),
        })
    }

    /// A whole address.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// What a path answers, as text.
    pub(crate) async fn text(&self, path: &str) -> Result<String> {
        Ok(self.gets(path, "identity").await?.text().await?)
    }

    /// How many bytes of a path come over the line to a browser that unpacks.
    pub(crate) async fn bytes(&self, path: &str) -> Result<usize> {
        Ok(self.gets(path, "gzip").await?.bytes().await?.len())
    }

    async fn gets(&self, path: &str, encoding: &str) -> Result<Response> {
        let request = self
            .client
            .get(self.address(path))
            .header(COOKIE, &self.cookie);
        let answer = request.header(ACCEPT_ENCODING, encoding).send().await?;
        if !answer.status().is_success() {
            bail!("GET {path}: {}", answer.status());
        }
        Ok(answer)
    }

    /// Sends a form that is kept; answers where it leads, without what follows `?`.
    pub(crate) async fn posts(&self, path: &str, fields: &[(&str, &str)]) -> Result<String> {
        let request = self
            .client
            .post(self.address(path))
            .header(COOKIE, &self.cookie)
            .header(ORIGIN, &self.base);
        let answer = filled(request, fields)?.send().await?;
        let status = answer.status();
        let there = answer
            .headers()
            .get(LOCATION)
            .and_then(|there| there.to_str().ok())
            .map(str::to_owned);
        let Some(there) = there else {
            let page: String = answer.text().await?;
            bail!("POST {path}: {status} {}", wrong(&page));
        };
        // Read to the end, so that the connection serves the next one.
        answer.bytes().await?;
        Ok(there.split('?').next().unwrap_or_default().to_owned())
    }
}

/// A request with the fields of a form.
fn filled(request: RequestBuilder, fields: &[(&str, &str)]) -> Result<RequestBuilder> {
    let body = serde_html_form::to_string(fields)?;
    Ok(request
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body))
}

/// What a refused form's page says.
fn wrong(page: &str) -> String {
    let said = scraper::Selector::parse(".error, .flash, .wrong").ok();
    let document = scraper::Html::parse_document(page);
    let texts = said.iter().flat_map(|said| document.select(said));
    texts
        .flat_map(|element| element.text().map(str::trim).collect::<Vec<_>>())
        .collect::<Vec<_>>()
        .join(" ")
}
