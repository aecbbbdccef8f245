use super::*;

/// A zip container of empty parts, stored.
fn zip(parts: &[&str]) -> Vec<u8> {
    let (mut local, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        let offset = u32::try_from(local.len()).unwrap().to_le_bytes();
        let length = u16::try_from(part.len()).unwrap().to_le_bytes();
        local.extend([b"PK\x03\x04".as_slice(), &[0; 22], &length, &[0; 2]].concat());
        local.extend(part.as_bytes());
        directory.extend(
            [
                b"PK\x01\x02".as_slice(),
                &[0; 24],
                &length,
                &[0; 12],
                &offset,
            ]
            .concat(),
        );
        directory.extend(part.as_bytes());
    }
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let at = u32::try_from(local.len()).unwrap().to_le_bytes();
    let end = [
        b"PK\x05\x06".as_slice(),
        &[0; 4],
        &count,
        &count,
        &size,
        &at,
        &[0; 2],
    ]
    .concat();
    [local, directory, end].concat()
}

/// A container of older office files with these entries.
fn old(entries: &[&str]) -> Vec<u8> {
    let mut content = COMPOUND.to_vec();
    content.resize(512, 0);
    for entry in entries {
        let name: Vec<u8> = entry.encode_utf16().flat_map(u16::to_le_bytes).collect();
        content.extend(&name);
        content.resize(content.len().next_multiple_of(128), 0);
    }
    content
}

#[test]
fn the_content_decides() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    for (name, content, kind) in [
        ("a.pdf", b"%PDF-1.7\n".to_vec(), Kind::Pdf),
        ("a.PDF", b"%PDF-1.4\n".to_vec(), Kind::Pdf),
        ("a.ofd", zip(&["OFD.xml", "Doc_0/Document.xml"]), Kind::Ofd),
        (
            "a.docx",
            zip(&["[Content_Types].xml", "word/document.xml"]),
            Kind::Docx,
        ),
        (
            "a.xlsx",
            zip(&["[Content_Types].xml", "xl/workbook.xml"]),
            Kind::Xlsx,
        ),
        ("a.pptx", zip(&["ppt/presentation.xml"]), Kind::Pptx),
        ("a.doc", old(&["Root Entry", "WordDocument"]), Kind::Doc),
        ("a.wps", old(&["Root Entry", "WordDocument"]), Kind::Doc),
        ("a.xls", old(&["Workbook"]), Kind::Xls),
        ("a.ppt", old(&["PowerPoint Document"]), Kind::Ppt),
        ("a.png", png, Kind::Png),
        (
            "a.b.jpeg",
            b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(),
            Kind::Jpeg,
        ),
        ("a.txt", "街道吹哨，部门报到。\r\n".into(), Kind::Text),
        (
            "a.txt",
            GB18030.encode("街道吹哨，部门报到。").0.into_owned(),
            Kind::Text,
        ),
    ] {
        assert_eq!(Kind::told_by(name, &content, true), Ok(kind), "{name}");
    }
}

#[test]
fn what_is_something_else_is_refused() {
    let executable = b"MZ\x90\0\x03\0\0\0%PDF-1.4".to_vec();
    for (name, content, word) in [
        ("a.pdf", Vec::new(), "是空文件"),
        ("a.pdf", executable, "这种文件不能添加"),
        ("a.txt", b"<!DOCTYPE html><p>x".to_vec(), "这种文件不能添加"),
        ("a.txt", b"\0\x01\x02".to_vec(), "这种文件不能添加"),
        ("a.zip", zip(&["virus.exe"]), "这种文件不能添加"),
        ("a.docx", b"PK\x03\x04 cut off".to_vec(), "这种文件不能添加"),
        ("a.msi", old(&["Root Entry"]), "这种文件不能添加"),
        (
            "a.docx",
            zip(&["word/document.xml", "word/vbaProject.bin"]),
            "有宏",
        ),
        ("a.doc", old(&["WordDocument", "_VBA_PROJECT"]), "有宏"),
        ("a.exe", b"%PDF-1.4".to_vec(), "请把扩展名改成 .pdf"),
        ("pdf", b"%PDF-1.4".to_vec(), "和扩展名不符"),
        ("a.doc", zip(&["word/document.xml"]), "请把扩展名改成 .docx"),
    ] {
        let sentence = Kind::told_by(name, &content, true).unwrap_err();
        assert!(sentence.contains(word), "{name}: {sentence}");
    }
}

#[test]
fn a_picture_is_sent_where_pictures_are_kept() {
    for content in [
        &b"\xff\xd8\xff\xe0\0\x10JFIF"[..],
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    ] {
        let sentence = Kind::told_by("a.jpg", content, false).unwrap_err();
        assert!(sentence.contains("“照片”里添加"), "{sentence}");
    }
    let sentence = Kind::told_by("a.zip", b"PK\x03\x04", false).unwrap_err();
    assert!(!sentence.contains("JPG"), "{sentence}");
    assert_eq!(Kind::told_by("a.pdf", b"%PDF-1.4", false), Ok(Kind::Pdf));
}

#[test]
fn a_container_that_lies_about_itself_is_refused_and_not_followed() {
    let whole = zip(&["OFD.xml"]);
    for at in 0..whole.len() {
        for byte in [0, 0x7f, 0xff] {
            let mut bent = whole.clone();
            bent[at] = byte;
            let _ = Kind::told_by("a.ofd", &bent, true);
            let _ = Kind::told_by("a.ofd", &bent[..at], true);
        }
    }
}
