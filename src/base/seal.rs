//! Sealing of what nobody may read out of the database: authenticated encryption under keys that lie
//! in a file outside it.
//!
//! The file has one key a line, its name and 32 bytes in base64. The first seals; all of them open,
//! so that a new key goes in front and the old ones stay as long as something was sealed under them.
//! The running program looks at the file again and again ([`Keys::look`]).
//!
//! What must be found again by its value has a digest beside it (HMAC-SHA-256). The key of the digests
//! is derived from each key that seals, so that changing one changes the other, and a search asks for
//! the digests under all of them.

use std::fmt;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, Generate as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::error::Error;

/// The nonce stands before what it sealed. It is drawn anew each time, and long enough for that.
const NONCE: usize = 24;

/// The keys of this installation, shared by all who seal and open; or why there are none.
#[derive(Clone)]
pub struct Keys(Arc<Ring>);

struct Ring {
    /// The file that is looked at again; none where the keys were handed in.
    path: Option<PathBuf>,
    held: RwLock<Held>,
}

struct Held {
    keys: Arc<Result<Vec<Key>, KeysFault>>,
    /// SHA-256 of the file's text, so that nothing is read twice.
    seen: [u8; 32],
    /// Why what stands in the file now is not used.
    fault: Option<String>,
}

struct Key {
    name: String,
    cipher: XChaCha20Poly1305,
    digests: Zeroizing<[u8; 32]>,
}

/// What a look at the key file found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// The same as before.
    Same,
    /// Other keys, which are used from now on.
    Changed,
    /// Nothing that can be used; the keys from before stay.
    Faulty(String),
}

/// What names the key derived for digests, apart from everything else that may be derived one day.
const DIGESTS: &[u8] = b"street-whistle personal digest v1";

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

impl KeysFault {
    /// The fault in a sentence for whoever keeps the file.
    pub fn label(&self) -> String {
        match self {
            Self::Unnamed => "没有指定密钥文件".to_owned(),
            Self::Unreadable(_) => "密钥文件读不出来，也建不了".to_owned(),
            Self::Empty => "密钥文件是空的".to_owned(),
            Self::BadLine(line) => format!("密钥文件第 {line} 行不是名称加 32 字节的 base64"),
            Self::TwiceNamed(line) => format!("密钥文件第 {line} 行的名称用过了"),
        }
    }
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
        Self::held(None, Err(KeysFault::Unnamed), [0; 32])
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.keys() {
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
        let (keys, seen) = match read_or_make(path) {
            Ok(text) => (read(&text), Sha256::digest(text.as_bytes()).into()),
            Err(fault) => (Err(fault), [0; 32]),
        };
        match &keys {
            Ok(keys) => tracing::info!(path = %path.display(), keys = keys.len(), "keys are read"),
            Err(fault) => tracing::error!(path = %path.display(), %fault, "no keys"),
        }
        Self::held(Some(path.to_owned()), keys, seen)
    }

    /// The keys of a file's text.
    pub fn of_text(text: &str) -> Result<Self, KeysFault> {
        Ok(Self::held(None, Ok(read(text)?), [0; 32]))
    }

    fn held(path: Option<PathBuf>, keys: Result<Vec<Key>, KeysFault>, seen: [u8; 32]) -> Self {
        let held = RwLock::new(Held {
            keys: Arc::new(keys),
            seen,
            fault: None,
        });
        Self(Arc::new(Ring { path, held }))
    }

    fn keys(&self) -> Arc<Result<Vec<Key>, KeysFault>> {
        let held = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
        held.keys.clone()
    }

    /// Looks at the file again and takes what it says now, if it says it well. A file that is gone or
    /// broken changes nothing: what was sealed must go on opening.
    pub fn look(&self) -> Look {
        let Some(path) = &self.0.path else {
            return Look::Same;
        };
        let text = fs::read_to_string(path).map(Zeroizing::new);
        let mut held = self.0.held.write().unwrap_or_else(PoisonError::into_inner);
        let read = match text {
            Ok(text) => {
                let seen: [u8; 32] = Sha256::digest(text.as_bytes()).into();
                if seen == held.seen && held.fault.is_none() {
                    return Look::Same;
                }
                read(&text).map(|keys| (keys, seen))
            }
            Err(error) => Err(error.into()),
        };
        match read {
            Ok((_, seen)) if seen == held.seen => {
                held.fault = None;
                Look::Same
            }
            Ok((keys, seen)) => {
                *held = Held {
                    keys: Arc::new(Ok(keys)),
                    seen,
                    fault: None,
                };
                Look::Changed
            }
            Err(fault) => {
                held.fault = Some(fault.label());
                Look::Faulty(fault.to_string())
            }
        }
    }

    /// The names of the keys; the first is the one that seals.
    pub fn names(&self) -> Vec<String> {
        match &*self.keys() {
            Ok(keys) => keys.iter().map(|k| k.name.clone()).collect(),
            Err(_) => Vec::new(),
        }
    }

    /// Why what the file says now is not used, or why there are no keys.
    pub fn fault(&self) -> Option<String> {
        let held = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
        let none = held.keys.as_ref().as_ref().err().map(KeysFault::label);
        held.fault.clone().or(none)
    }

    /// The keyed digest of a value in a domain under the named key, by which equal values are found.
    pub fn digest(&self, name: &str, domain: &str, value: &str) -> Result<[u8; 32], SealError> {
        let keys = self.keys();
        let mut found = all(&keys)?.iter();
        let key = found.find(|k| k.name == name);
        let key = key.ok_or_else(|| SealError::OtherKey(name.to_owned()))?;
        Ok(key.digest(domain, value))
    }

    /// The digests of a value under every key, the first key's first: what is looked for may stand
    /// under any of them.
    pub fn digests(&self, domain: &str, value: &str) -> Result<Vec<[u8; 32]>, SealError> {
        let keys = self.keys();
        Ok(all(&keys)?
            .iter()
            .map(|k| k.digest(domain, value))
            .collect())
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
        let keys = self.keys();
        let key = all(&keys)?.first().ok_or(SealError::NoKeys)?;
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
        let keys = self.keys();
        let mut found = all(&keys)?.iter();
        let key = found.find(|k| k.name == sealed.key_name);
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
}

impl Key {
    fn digest(&self, domain: &str, value: &str) -> [u8; 32] {
        // The length stands between, so that no other pair of domain and value reads the same.
        let length = domain.len().to_be_bytes();
        keyed(
            &self.digests,
            &[&length, domain.as_bytes(), value.as_bytes()],
        )
    }
}

fn all(keys: &Result<Vec<Key>, KeysFault>) -> Result<&[Key], SealError> {
    keys.as_deref().map_err(|_| SealError::NoKeys)
}

/// HMAC-SHA-256 over parts. A key of any length is one.
fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = hmac::digest::array::Array::default();
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block);
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The text of the file; a file that is not there is made.
fn read_or_make(path: &Path) -> Result<Zeroizing<String>, KeysFault> {
    match fs::read_to_string(path).map(Zeroizing::new) {
        Ok(text) => {
            let mode = fs::metadata(path)?.permissions().mode();
            if mode & 0o077 != 0 {
                tracing::warn!(path = %path.display(), "others than its owner may read the key file");
            }
            Ok(text)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let line = make(path)?;
            tracing::warn!(path = %path.display(), "a new key file was made; keep a copy apart from the database");
            Ok(line)
        }
        Err(error) => Err(error.into()),
    }
}

/// Puts a new key in front of those of a file, whole or not at all; says its name. A file that is not
/// there is made.
pub fn add_key(path: &Path) -> io::Result<String> {
    let line = Keys::new_line();
    let before = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Zeroizing::new(String::new()),
        Err(error) => return Err(error),
    };
    let beside = path.with_extension("new");
    // What an attempt that broke off left behind must not stand in the way.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    write_new(&beside, &Zeroizing::new(format!("{}{}", *line, *before)))?;
    fs::rename(&beside, path)?;
    let name = line.split_once(' ').map_or("", |(name, _)| name);
    Ok(name.to_owned())
}

/// A new file with one key, for its owner alone.
fn make(path: &Path) -> io::Result<Zeroizing<String>> {
    let line = Keys::new_line();
    write_new(path, &line)?;
    Ok(line)
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
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
    let master = <&[u8; 32]>::try_from(secret.as_slice()).ok()?;
    Some(Key {
        name: name.to_owned(),
        cipher,
        digests: Zeroizing::new(keyed(master, &[DIGESTS])),
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
    fn equal_values_have_equal_digests_in_one_domain_under_one_key_alone() {
        let (old, new) = (Keys::new_line(), Keys::new_line());
        let (one, other) = (Keys::of_text(&old).unwrap(), Keys::of_text(&new).unwrap());
        let name = &one.names()[0];
        let digest = one.digest(name, "a", "138").unwrap();
        assert_eq!(one.digest(name, "a", "138").unwrap(), digest);
        for differs in [one.digest(name, "b", "138"), one.digest(name, "a1", "38")] {
            assert_ne!(differs.unwrap(), digest);
        }
        assert_ne!(other.digests("a", "138").unwrap(), [digest]);
        let both = Keys::of_text(&format!("{}{}", *new, *old)).unwrap();
        assert_eq!(both.digests("a", "138").unwrap()[1], digest);
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
        let (keys, text) = (Keys::of_file(&path), fs::read_to_string(&path).unwrap());
        assert_eq!(keys.look(), Look::Same);
        let name = add_key(&path).unwrap();
        assert!(fs::read_to_string(&path).unwrap().ends_with(&text));
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(keys.look(), Look::Changed);
        assert_eq!(keys.seal(b"w", "a").unwrap().key_name, name);
        assert_eq!(*keys.open(&sealed, "a").unwrap(), b"words");
        fs::write(&path, "nonsense").unwrap();
        assert!(matches!(keys.look(), Look::Faulty(_)));
        assert!(keys.fault().is_some());
        assert_eq!(*keys.open(&sealed, "a").unwrap(), b"words");
        let broken = Keys::of_file(&path);
        assert_eq!(broken.open(&sealed, "a"), Err(SealError::NoKeys));
        assert_eq!(fs::read_to_string(&path).unwrap(), "nonsense");
        fs::remove_dir_all(&folder).unwrap();
    }
}
