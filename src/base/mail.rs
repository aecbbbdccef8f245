//! Letters over SMTP: plain text, one recipient each, with at most one file.

use std::time::Duration;

use anyhow::Context as _;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart, header::ContentType};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

/// How long a mail server may take for one step before it counts as down.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where letters are handed in; nowhere, where none is configured.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    office: Option<Office>,
}

#[derive(Clone, Debug)]
struct Office {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// A letter.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// Names the letter for good: sent twice, a server knows it again.
    pub id: &'a str,
    /// The address.
    pub to: &'a str,
    /// The subject.
    pub subject: &'a str,
    /// The text.
    pub text: &'a str,
    /// What goes with it.
    pub file: Option<&'a Enclosed>,
}

/// A file that goes with a letter.
#[derive(Clone, Debug)]
pub struct Enclosed {
    /// What it is called.
    pub name: String,
    /// Its kind, such as `text/csv`.
    pub media_type: &'static str,
    /// What is in it.
    pub content: Vec<u8>,
}

/// How handing in ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    /// The server took it.
    Taken,
    /// The server is down or asks to come later.
    Later(String),
    /// The server will never take it.
    Refused(String),
    /// There is no server.
    Nowhere,
}

impl Mail {
    /// A server by its address, such as `smtp://user:word@mail.example.gov.cn:587?tls=required`,
    /// and the sender, such as `大安市街哨 <whistle@example.gov.cn>`.
    pub fn over(url: &str, from: &str) -> anyhow::Result<Self> {
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .context("邮件服务器地址写得不对，例如 smtp://mail.example.gov.cn:25")?
            .timeout(Some(PATIENCE))
            .build();
        let from = from
            .parse()
            .context("发件人写得不对，例如 街哨 <whistle@example.gov.cn>")?;
        Ok(Self {
            office: Some(Office { server, from }),
        })
    }

    /// Whether there is a server.
    pub fn is_configured(&self) -> bool {
        self.office.is_some()
    }

    /// Hands a letter in.
    pub async fn hand_in(&self, letter: Letter<'_>) -> Handed {
        let Some(Office { server, from }) = &self.office else {
            return Handed::Nowhere;
        };
        let Ok(to) = letter.to.parse::<Mailbox>() else {
            return Handed::Refused("邮箱地址不对".to_owned());
        };
        let domain = from.email.domain();
        let message = Message::builder()
            .from(from.clone())
            .to(to)
            .subject(letter.subject)
            .message_id(Some(format!("<{}@{domain}>", letter.id)));
        let message = match letter.file {
            None => message
                .header(ContentType::TEXT_PLAIN)
                .body(letter.text.to_owned()),
            Some(file) => match file.part() {
                Ok(part) => {
                    let text = SinglePart::plain(letter.text.to_owned());
                    message.multipart(MultiPart::mixed().singlepart(text).singlepart(part))
                }
                Err(words) => return Handed::Refused(words),
            },
        };
        match message {
            Ok(message) => match server.send(message).await {
                Ok(_) => Handed::Taken,
                Err(error) => answer(&error),
            },
            Err(error) => Handed::Refused(error.to_string()),
        }
    }
}

impl Enclosed {
    /// As a part of a message.
    fn part(&self) -> Result<SinglePart, String> {
        let kind = ContentType::parse(self.media_type).map_err(|error| error.to_string())?;
        Ok(Attachment::new(self.name.clone()).body(self.content.clone(), kind))
    }
}

fn answer(error: &smtp::Error) -> Handed {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        words = format!("{words}: {deeper}");
        cause = deeper.source();
    }
    if error.is_permanent() {
        Handed::Refused(words)
    } else {
        Handed::Later(words)
    }
}

/// Whether an address can be one.
pub fn is_address(text: &str) -> bool {
    text.len() <= 100 && text.parse::<lettre::Address>().is_ok()
}
