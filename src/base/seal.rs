//! Sealing of what nobody may read out of the database: authenticated encryption under keys that lie
//! in a file outside it.
//!
//! The file has one key a line, its name and 32 bytes in base64. The first seals; all of them open,
//! so that a new key goes in front and the old ones stay as long as something was sealed under them.

use std::fmt;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, Generate as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::error::Error;

/// The nonce stands before what it sealed. It is drawn anew each time, and long enough for that.
const NONCE: usize = 24;

/// The keys of this installation, shared by all who seal and open; or why there are none.
#[derive(Clone)]
pub struct Keys(Arc<Result<Vec<Key>, KeysFault>>);

struct Key {
    name: String,
    cipher: XChaCha20Poly1305,
}

/// What was sealed, and under which key.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The key's name.
    pub key_name: String,
    /// Nonce and cipher text.
    pub bytes: Vec<u8>,
}

/// Why there are no keys. Says nothing of what stands in the file.
#[derive(Debug, thiserror::Error)]
pub enum KeysFault {
    #[error("no key file is named")]
    Unnamed,
    #[error("the key file cannot be read or made: {0}")]
    Unreadable(#[from] io::Error),
    #[error("the key file is empty")]
    Empty,
    #[error("line {0} of the key file is not a name and 32 bytes in base64")]
    BadLine(usize),
    #[error("line {0} of the key file gives a name a second time")]
    TwiceNamed(usize),
}

/// Why something is neither sealed nor opened.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// There is no key at all.
    #[error("没有可用的密钥，内容不能保存，也不能查阅。请系统管理员检查密钥文件。")]
    NoKeys,
    /// The key that sealed it is not among them.
    #[error("内容是用密钥“{0}”加密的，密钥文件里没有它。请系统管理员找回这把密钥。")]
    OtherKey(String),
    /// It was changed, or it does not belong where it stands.
    #[error("内容核对不上，可能被改动或移动过，不能查阅。请告诉系统管理员。")]
    Altered,
}

impl From<SealError> for Error {
    fn from(error: SealError) -> Self {
        tracing::error!(?error, "a sealed text cannot be used");
        Error::Refused(error.to_string())
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self(Arc::new(Err(KeysFault::Unnamed)))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Ok(keys) => f
                .debug_list()
                .entries(keys.iter().map(|k| &k.name))
                .finish(),
            Err(fault) => fault.fmt(f),
        }
    }
}

impl Keys {
    /// The keys of a file, which is made with a first key if it is not there. A bad file does not
    /// keep the program from running: what needs a key then says so, and the log says why.
    pub fn of_file(path: &Path) -> Self {
        let keys = read_or_make(path);
        match &keys {
            Ok(keys) => tracing::info!(path = %path.display(), keys = keys.len(), "keys are read"),
            Err(fault) => tracing::error!(path = %path.display(), %fault, "no keys"),
        }
        Self(Arc::new(keys))
    }

    /// The keys of a file's text.
    pub fn of_text(text: &str) -> Result<Self, KeysFault> {
        Ok(Self(Arc::new(Ok(read(text)?))))
    }

    /// A line with a new key, under a name that no other has.
    pub fn new_line() -> Zeroizing<String> {
        let key = Zeroizing::new(<[u8; 32]>::generate());
        let secret = Zeroizing::new(STANDARD.encode(key.as_slice()));
        let name = format!("k{:08x}", rand::random::<u32>());
        Zeroizing::new(format!("{name} {}\n", *secret))
    }

    /// Seals words for one place: they open nowhere else.
    pub fn seal(&self, words: &[u8], place: &str) -> Result<Sealed, SealError> {
        let key = self.all()?.first().ok_or(SealError::NoKeys)?;
        let nonce = XNonce::generate();
        let payload = Payload {
            msg: words,
            aad: place.as_bytes(),
        };
        let text = key.cipher.encrypt(&nonce, payload);
        let text = text.map_err(|_| SealError::Altered)?;
        Ok(Sealed {
            key_name: key.name.clone(),
            bytes: [nonce.as_slice(), &text].concat(),
        })
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, sealed: &Sealed, place: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let mut keys = self.all()?.iter();
        let key = keys.find(|k| k.name == sealed.key_name);
        let key = key.ok_or_else(|| SealError::OtherKey(sealed.key_name.clone()))?;
        let split = sealed.bytes.split_at_checked(NONCE);
        let (nonce, text) = split.ok_or(SealError::Altered)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| SealError::Altered)?;
        let payload = Payload {
            msg: text,
            aad: place.as_bytes(),
        };
        let words = key.cipher.decrypt(&nonce, payload);
        words.map(Zeroizing::new).map_err(|_| SealError::Altered)
    }

    fn all(&self) -> Result<&[Key], SealError> {
        match &*self.0 {
            Ok(keys) => Ok(keys),
            Err(_) => Err(SealError::NoKeys),
        }
    }
}

fn read_or_make(path: &Path) -> Result<Vec<Key>, KeysFault> {
    match fs::read_to_string(path).map(Zeroizing::new) {
        Ok(text) => {
            let mode = fs::metadata(path)?.permissions().mode();
            if mode & 0o077 != 0 {
                tracing::warn!(path = %path.display(), "others than its owner may read the key file");
            }
            read(&text)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let line = make(path)?;
            tracing::warn!(path = %path.display(), "a new key file was made; keep a copy apart from the database");
            read(&line)
        }
        Err(error) => Err(error.into()),
    }
}

/// A new file with one key, for its owner alone.
fn make(path: &Path) -> io::Result<Zeroizing<String>> {
    if let Some(folder) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let line = Keys::new_line();
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()?;
    Ok(line)
}

fn read(text: &str) -> Result<Vec<Key>, KeysFault> {
    let mut keys: Vec<Key> = Vec::new();
    for (at, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let key = key(line).ok_or(KeysFault::BadLine(at))?;
        if keys.iter().any(|k| k.name == key.name) {
            return Err(KeysFault::TwiceNamed(at));
        }
        keys.push(key);
    }
    if keys.is_empty() {
        return Err(KeysFault::Empty);
    }
    Ok(keys)
}

fn key(line: &str) -> Option<Key> {
    let (name, secret) = line.trim().split_once(char::is_whitespace)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.len() > 40 || !name.chars().all(is_name) {
        return None;
    }
    let secret = Zeroizing::new(STANDARD.decode(secret.trim()).ok()?);
    let cipher = XChaCha20Poly1305::new_from_slice(&secret).ok()?;
    Some(Key {
        name: name.to_owned(),
        cipher,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> Keys {
        Keys::of_text(&Keys::new_line()).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_alone() {
        let keys = fresh();
        let (once, twice) = (
            keys.seal("不同意".as_bytes(), "a").unwrap(),
            keys.seal("不同意".as_bytes(), "a").unwrap(),
        );
        assert_ne!(once.bytes, twice.bytes, "each has a nonce of its own");
        assert_eq!(*keys.open(&once, "a").unwrap(), "不同意".as_bytes());
        assert_eq!(keys.open(&once, "b"), Err(SealError::Altered));
    }

    #[test]
    fn a_changed_byte_anywhere_opens_nothing() {
        let keys = fresh();
        let sealed = keys.seal(b"words", "a").unwrap();
        for at in 0..sealed.bytes.len() {
            let mut other = sealed.clone();
            other.bytes[at] ^= 1;
            assert_eq!(keys.open(&other, "a"), Err(SealError::Altered), "byte {at}");
        }
        for length in [0, NONCE - 1, NONCE, sealed.bytes.len() - 1] {
            let mut other = sealed.clone();
            other.bytes.truncate(length);
            assert_eq!(keys.open(&other, "a"), Err(SealError::Altered));
        }
    }

    #[test]
    fn a_new_key_goes_in_front_and_the_old_one_still_opens() {
        let (old, new) = (Keys::new_line(), Keys::new_line());
        let before = Keys::of_text(&old).unwrap().seal(b"words", "a").unwrap();
        let both = Keys::of_text(&format!("{}\n{}", *new, *old)).unwrap();
        assert_eq!(*both.open(&before, "a").unwrap(), b"words");
        let after = both.seal(b"words", "a").unwrap();
        assert_ne!(after.key_name, before.key_name);
        let lost = Keys::of_text(&new).unwrap();
        let name = before.key_name.clone();
        assert_eq!(lost.open(&before, "a"), Err(SealError::OtherKey(name)));
        // A key of the same name that is another.
        let secret = new.split_once(' ').unwrap().1;
        let wrong = Keys::of_text(&format!("{} {secret}", before.key_name)).unwrap();
        assert_eq!(wrong.open(&before, "a"), Err(SealError::Altered));
        assert_eq!(
            Keys::default().seal(b"words", "a").unwrap_err(),
            SealError::NoKeys
        );
    }

    #[test]
    fn a_bad_file_is_refused_as_a_whole_and_shows_nothing_of_itself() {
        let line = Keys::new_line();
        let secret = line.split_once(' ').unwrap().1.trim();
        for bad in [
            String::new(),
            "\n\n".to_owned(),
            "k1".to_owned(),
            "k1 c2hvcnQ=".to_owned(),
            format!("k1 {secret}x"),
            format!("钥 {secret}"),
            format!("k1 {secret}\nk1 {secret}"),
            format!("k1 {secret}\nnonsense"),
        ] {
            let fault = Keys::of_text(&bad).unwrap_err();
            assert!(!format!("{fault} {fault:?}").contains(secret));
        }
        let keys = Keys::of_text(&line).unwrap();
        assert!(!format!("{keys:?}").contains(secret));
    }

    #[test]
    fn a_missing_file_is_made_for_its_owner_alone_and_read_the_next_time() {
        let folder = std::env::temp_dir().join(format!("keys-{:08x}", rand::random::<u32>()));
        let path = folder.join("keys/cadre.keys");
        let sealed = Keys::of_file(&path).seal(b"words", "a").unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(*Keys::of_file(&path).open(&sealed, "a").unwrap(), b"words");
        fs::write(&path, "nonsense").unwrap();
        let broken = Keys::of_file(&path);
        assert_eq!(broken.open(&sealed, "a"), Err(SealError::NoKeys));
        assert_eq!(fs::read_to_string(&path).unwrap(), "nonsense");
        fs::remove_dir_all(&folder).unwrap();
    }
}
