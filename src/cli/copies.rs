//! The directory of backups: dumps, the attached files beside them, and which of these each dump needs.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::base::store::INCOMING;

/// The attached files beside the dumps; each dump has a list of those it needs.
pub(super) const FILES: &str = "files";
pub(super) const DUMP: &str = "dump";
pub(super) const LIST: &str = "list";

/// Two backups into one directory would clear away each other's; one that was broken off is cleared.
pub(super) fn lock(to: &Path) -> Result<fs::File> {
    let lock = fs::File::create(to.join("lock"))?;
    ensure!(
        lock.try_lock().is_ok(),
        "另一次备份正在往 {} 写，请等它做完",
        to.display()
    );
    for entry in fs::read_dir(to)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "part") {
            fs::remove_file(path)?;
        }
    }
    Ok(lock)
}

/// Copies what is not there yet, and writes down which files this backup needs. Says how many were
/// copied and how long they are.
pub(super) fn copied(folder: &Path, to: &Path, list: &Path) -> Result<(u64, i64)> {
    let kept = to.join(FILES);
    let (mut count, mut bytes) = (0, 0);
    let names = names_below(folder)?;
    for name in &names {
        let (from, target) = (folder.join(name), kept.join(name));
        // A file that is taken away meanwhile is in no dump that comes later.
        let Ok(known) = fs::metadata(&from) else {
            continue;
        };
        if fs::metadata(&target).is_ok_and(|there| there.len() == known.len()) {
            continue;
        }
        fs::create_dir_all(target.parent().unwrap_or(&kept))?;
        let part = kept.join("part");
        fs::copy(&from, &part)?;
        fs::File::open(&part)?.sync_all()?;
        fs::rename(&part, &target)?;
        count += 1;
        bytes += i64::try_from(known.len())?;
    }
    let lines: Vec<&str> = names.iter().map(String::as_str).collect();
    fs::write(list, lines.join("\n"))?;
    Ok((count, bytes))
}

/// `<tenant>/<name>` of everything that is kept; what is on its way is not.
fn names_below(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    if !folder.exists() {
        return Ok(names);
    }
    for tenant in fs::read_dir(folder)? {
        let tenant = tenant?;
        if tenant.file_name() == INCOMING || !tenant.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(tenant.path())? {
            let (tenant, file) = (tenant.file_name(), file?.file_name());
            names.insert(format!("{}/{}", tenant.display(), file.display()));
        }
    }
    Ok(names)
}

/// Removes dumps beyond the newest, then files that no dump needs any more: the original of a photo
/// that was blackened leaves the backups too.
pub(super) fn tidy(to: &Path, keep: u16) -> Result<()> {
    let mut stems: Vec<String> = Vec::new();
    for entry in fs::read_dir(to)? {
        let name = entry?.file_name();
        let stem = name
            .to_str()
            .and_then(|n| n.strip_suffix(&format!(".{DUMP}")));
        stems.extend(stem.filter(|s| is_stem(s)).map(str::to_owned));
    }
    stems.sort_unstable();
    let old = stems.len().saturating_sub(usize::from(keep));
    for stem in &stems[..old] {
        for ending in [DUMP, LIST] {
            let path = to.join(format!("{stem}.{ending}"));
            if path.exists() {
                fs::remove_file(path)?;
            }
        }
    }
    let mut needed = BTreeSet::new();
    for stem in &stems[old..] {
        let list = to.join(format!("{stem}.{LIST}"));
        if !list.exists() {
            // A dump whose files were not all copied may need any of them.
            return Ok(());
        }
        needed.extend(fs::read_to_string(list)?.lines().map(str::to_owned));
    }
    let kept = to.join(FILES);
    for name in names_below(&kept)?.difference(&needed) {
        fs::remove_file(kept.join(name))?;
    }
    Ok(())
}

/// `20261129-013000`.
fn is_stem(text: &str) -> bool {
    text.len() == 15 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}
