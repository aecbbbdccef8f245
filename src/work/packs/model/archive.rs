//! The archive: the same files give the same bytes, and every changed byte is found. Nothing in it is
//! compressed, so that no later version of a library can write the same files differently, and so
//! that nothing grows when it is opened.

use std::io::{Cursor, Read as _, Write as _};

use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use crate::base::assets::hex;

/// The largest pack, in bytes.
pub const LARGEST: u64 = 64 * 1024 * 1024;
/// Where the digests of all other files stand.
const MANIFEST: &str = "清单.txt";
/// The most files a pack has, with room for later ones.
const MOST: usize = 20;

const BROKEN: &str = "这不是完整的材料包：打不开，可能被截断或者改动过。";

/// A file of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) content: Vec<u8>,
}

/// The SHA-256 of some bytes, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The files as one archive, with a list of their digests at its end.
pub(crate) fn packed(mut files: Vec<File>) -> anyhow::Result<Vec<u8>> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let lines = files
        .iter()
        .map(|f| format!("{}  {}\n", sha256(&f.content), f.path));
    files.push(File {
        path: MANIFEST.to_owned(),
        content: lines.collect::<String>().into_bytes(),
    });
    written(&files)
}

/// The files in their order, with nothing in the headers that depends on machine or moment.
fn written(files: &[File]) -> anyhow::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        writer.start_file(file.path.as_str(), options)?;
        writer.write_all(&file.content)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// The digest of a pack that is whole; else what is wrong with it, in a sentence.
pub fn verified(bytes: &[u8]) -> Result<String, String> {
    if u64::try_from(bytes.len()).map_or(true, |length| length > LARGEST) {
        return Err("文件超过 64 MB，不是本系统生成的材料包。".to_owned());
    }
    let files = opened(bytes)?;
    let (manifest, listed) = match files.split_last() {
        Some((last, others)) if last.path == MANIFEST => (&last.content, others),
        Some(_) | None => return Err(format!("材料包里没有{MANIFEST}，不能核对。")),
    };
    agrees(manifest, listed)?;
    let again = written(&files).map_err(|_| BROKEN.to_owned())?;
    if again != bytes {
        let same = again.iter().zip(bytes).take_while(|(a, b)| a == b).count();
        return Err(format!(
            "材料包被改动过：文件内容没有变，但从第 {} 字节起，包里的目录信息和生成时不同。",
            same + 1
        ));
    }
    Ok(sha256(bytes))
}

/// The files as they stand in an archive. What is compressed is not opened.
fn opened(bytes: &[u8]) -> Result<Vec<File>, String> {
    let broken = |_| BROKEN.to_owned();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MOST {
        return Err(format!(
            "包里有 {} 个文件，不是本系统生成的材料包。",
            archive.len()
        ));
    }
    let mut files = Vec::new();
    let mut room = bytes.len() as u64;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        if entry.compression() != CompressionMethod::Stored {
            return Err("包里的文件是压缩过的，不是本系统生成的材料包。".to_owned());
        }
        let path = entry.name().map_err(broken)?.into_owned();
        room = room
            .checked_sub(entry.size())
            .ok_or_else(|| BROKEN.to_owned())?;
        let mut content = Vec::new();
        let most = entry.size();
        entry
            .take(most)
            .read_to_end(&mut content)
            .map_err(|_| format!("材料包被改动过：“{}”的内容和校验值不符。", shown(&path)))?;
        files.push(File { path, content });
    }
    Ok(files)
}

/// Whether the list names exactly these files, each with its digest.
fn agrees(manifest: &[u8], files: &[File]) -> Result<(), String> {
    let text =
        std::str::from_utf8(manifest).map_err(|_| format!("{MANIFEST}读不懂，被改动过。"))?;
    let mut lines = text.lines();
    for file in files {
        let (digest, path) = lines
            .next()
            .and_then(|line| line.split_once("  "))
            .ok_or_else(|| format!("材料包被改动过：{MANIFEST}里没有“{}”。", shown(&file.path)))?;
        if path != file.path {
            return Err(format!(
                "材料包被改动过：{MANIFEST}里写的是“{}”，包里是“{}”。",
                shown(path),
                shown(&file.path)
            ));
        }
        if digest != sha256(&file.content) {
            return Err(format!(
                "材料包被改动过：“{}”的 SHA-256 和{MANIFEST}里的不同。",
                shown(path)
            ));
        }
    }
    match lines.next() {
        Some(line) => Err(format!(
            "材料包被改动过：{MANIFEST}里的“{}”不在包里。",
            shown(line.split_once("  ").map_or(line, |(_, path)| path))
        )),
        None => Ok(()),
    }
}

/// A name that somebody else wrote, fit for a line on the screen.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Vec<u8> {
        let file = |path: &str, text: &str| File {
            path: path.to_owned(),
            content: text.as_bytes().to_vec(),
        };
        packed(vec![
            file("材料.html", "<p>二十三件</p>"),
            file("哨单.csv", "编号,标题\r\n"),
        ])
        .unwrap()
    }

    #[test]
    fn the_same_files_give_these_bytes() {
        // If a library writes other bytes than before, packs that were made can no longer be handed
        // out: their digests would not fit.
        let pack = small();
        assert_eq!(pack, small());
        let digest = verified(&pack).unwrap();
        assert_eq!(
            digest,
            "b156f817222f11e307e5815c7f3bea58d5698fbe2d8a61624e3185a36cf30bf4"
        );
    }

    #[test]
    fn every_changed_byte_is_found() {
        let pack = small();
        for at in 0..pack.len() {
            for change in [1_u8, 0x80, 0xff] {
                let mut changed = pack.clone();
                changed[at] ^= change;
                let said = verified(&changed).expect_err(&format!("byte {at}"));
                assert!(said.ends_with('。'), "{said}");
            }
        }
    }

    #[test]
    fn what_is_cut_off_lengthened_or_no_pack_is_refused() {
        let pack = small();
        for length in 0..pack.len() {
            assert!(verified(&pack[..length]).is_err(), "cut to {length}");
        }
        let longer = [&pack[..], b"0"].concat();
        assert!(verified(&longer).is_err());
        let before = [b"0", &pack[..]].concat();
        assert!(verified(&before).is_err());
        assert_eq!(verified(b"").unwrap_err(), BROKEN);
        let too_large = vec![0; usize::try_from(LARGEST).unwrap() + 1];
        assert!(verified(&too_large).unwrap_err().contains("64 MB"));
    }

    #[test]
    fn a_file_more_or_fewer_than_listed_is_named() {
        let files = opened(&small()).unwrap();
        let fewer = written(&files[1..]).unwrap();
        assert!(verified(&fewer).unwrap_err().contains("材料包被改动过"));
        let mut more = files.clone();
        more.insert(
            2,
            File {
                path: "附件.txt".to_owned(),
                content: Vec::new(),
            },
        );
        let said = verified(&written(&more).unwrap()).unwrap_err();
        assert!(said.contains("附件.txt"), "{said}");
        let bare = written(&files[..2]).unwrap();
        assert!(verified(&bare).unwrap_err().contains("没有清单.txt"));
    }
}
