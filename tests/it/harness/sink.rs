//! A mail server that keeps what it is given, and can be down, busy, or refuse an address.

use std::sync::{Arc, Mutex};

use mailparse::MailHeaderMap as _;
use street_whistle::base::mail::Mail;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How the server is disposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Takes everything.
    Up,
    /// Hangs up on everybody.
    Down,
    /// Asks everybody to come later.
    Busy,
    /// Knows no address.
    Strict,
}

/// A letter as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) to: String,
    pub(crate) id: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    /// What came with it, by name.
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

/// The server, for as long as it is kept.
#[derive(Debug)]
pub(crate) struct Sink {
    port: u16,
    mood: Arc<Mutex<Mood>>,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    _serving: JoinSet<()>,
}

impl Sink {
    /// A server that is up.
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mood = Arc::new(Mutex::new(Mood::Up));
        let arrived = Arc::<Mutex<Vec<Arrived>>>::default();
        let mut serving = JoinSet::new();
        let (kept, disposed) = (arrived.clone(), mood.clone());
        serving.spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let now = *disposed.lock().unwrap();
                // A client that goes away is no matter of the server's.
                let _ = talk(stream, now, &kept).await;
            }
        });
        Self {
            port,
            mood,
            arrived,
            _serving: serving,
        }
    }

    /// The way to it.
    pub(crate) fn mail(&self) -> Mail {
        let url = format!("smtp://127.0.0.1:{}", self.port);
        Mail::over(&url, "街哨 <whistle@example.gov.cn>").unwrap()
    }

    /// From now on it is so disposed.
    pub(crate) fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// What has arrived so far, in order.
    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

async fn talk(stream: TcpStream, mood: Mood, arrived: &Mutex<Vec<Arrived>>) -> std::io::Result<()> {
    if mood == Mood::Down {
        return Ok(());
    }
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink\r\n").await?;
    let mut to = String::new();
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let word = line.get(..4).unwrap_or_default().to_uppercase();
        let answer: &[u8] = match (word.as_str(), mood) {
            ("EHLO" | "HELO", _) => b"250-sink\r\n250 SMTPUTF8\r\n",
            ("RCPT", Mood::Busy) => b"451 4.3.2 come later\r\n",
            ("RCPT", Mood::Strict) => b"550 5.1.1 no such address\r\n",
            ("RCPT", _) => {
                let (_, address) = line.split_once('<').unwrap();
                to = address.split('>').next().unwrap_or_default().to_owned();
                b"250 ok\r\n"
            }
            ("DATA", _) => {
                stream.write_all(b"354 go on\r\n").await?;
                let letter = data(&mut stream).await?;
                arrived.lock().unwrap().push(read(&to, &letter));
                b"250 taken\r\n"
            }
            ("QUIT", _) => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        stream.write_all(answer).await?;
        line.clear();
    }
    Ok(())
}

async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    while !all.ends_with(b"\r\n.\r\n") {
        all.push(stream.read_u8().await?);
    }
    all.truncate(all.len() - 3);
    Ok(all)
}

fn read(to: &str, letter: &[u8]) -> Arrived {
    let parsed = mailparse::parse_mail(letter).expect("a sound letter");
    let header = |name: &str| parsed.headers.get_first_value(name).unwrap_or_default();
    let (text, files) = match parsed.ctype.mimetype.as_str() {
        "multipart/mixed" => parsed.subparts.split_first().expect("a text"),
        _ => (&parsed, &[][..]),
    };
    assert_eq!(text.ctype.mimetype, "text/plain", "text only");
    let file = |part: &mailparse::ParsedMail<'_>| {
        let name = part.get_content_disposition().params.remove("filename");
        (name.expect("a name"), part.get_body_raw().unwrap())
    };
    Arrived {
        to: to.to_owned(),
        id: header("Message-ID"),
        subject: header("Subject"),
        text: text.get_body().unwrap().replace("\r\n", "\n"),
        files: files.iter().map(file).collect(),
    }
}
