use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, GrayImage, ImageEncoder as _, Rgba, RgbaImage};

use super::*;

/// A picture with a red top left corner and noise elsewhere.
fn marked(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 4 && y < height / 4 {
            Rgb([220, 10, 10])
        } else {
            Rgb([60, 120, u8::try_from((x * 7 + y * 13) % 90).unwrap()])
        }
    })
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut out = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut out, 90);
    picture.write_with_encoder(encoder).unwrap();
    out
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut out = Vec::new();
    picture
        .write_with_encoder(PngEncoder::new(&mut out))
        .unwrap();
    out
}

/// The JPEG with a segment of Exif behind its beginning: turned by 90°, taken at a place.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend(3_u16.to_le_bytes());
    // The camera's name, how it was held, and where the block of the position stands.
    tiff.extend([0x0f, 0x01, 2, 0, 9, 0, 0, 0, 100, 0, 0, 0]);
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 60, 0, 0, 0]);
    tiff.extend(0_u32.to_le_bytes());
    tiff.resize(60, 0);
    tiff.extend(1_u16.to_le_bytes());
    tiff.extend([0x01, 0x00, 2, 0, 2, 0, 0, 0, b'N', 0, 0, 0]);
    tiff.resize(100, 0);
    tiff.extend(b"SPYPHONE\0");
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(&tiff);
    out.extend(&jpeg[2..]);
    out
}

fn read(content: &[u8]) -> RgbImage {
    image::load_from_memory(content).unwrap().into_rgb8()
}

/// Whether a pixel is rather red.
fn is_red(picture: &RgbImage, x: u32, y: u32) -> bool {
    let [red, green, blue] = picture.get_pixel(x, y).0;
    red > 150 && green < 90 && blue < 90
}

#[test]
fn a_photo_is_turned_and_loses_what_surrounds_it() {
    let came = with_exif(&jpeg(&marked(400, 200)), 6);
    assert!(came.windows(8).any(|w| w == b"SPYPHONE"));
    let kept = photo(&came).unwrap();
    assert_eq!((kept.width, kept.height), (200, 400));
    for bytes in [&kept.large, &kept.small] {
        assert!(!bytes.windows(4).any(|w| w == b"Exif"));
        assert!(!bytes.windows(8).any(|w| w == b"SPYPHONE"));
    }
    let turned = read(&kept.large);
    assert_eq!(turned.dimensions(), (200, 400));
    assert!(is_red(&turned, 190, 10), "the corner went to the right");
    assert!(!is_red(&turned, 10, 10));
    assert_eq!(read(&kept.small).dimensions(), (160, 320));
}

#[test]
fn what_is_large_gets_smaller_and_what_is_small_stays() {
    let kept = photo(&jpeg(&marked(4000, 3000))).unwrap();
    assert_eq!((kept.width, kept.height), (2560, 1920));
    assert_eq!(read(&kept.small).dimensions(), (320, 240));
    let kept = photo(&jpeg(&marked(64, 48))).unwrap();
    assert_eq!((kept.width, kept.height), (64, 48));
    assert_eq!(read(&kept.small).dimensions(), (64, 48));
}

#[test]
fn what_is_no_photo_is_told_by_its_content() {
    let cut = jpeg(&marked(400, 200));
    for (content, unfit) in [
        (&b""[..], Unfit::Empty),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
            Unfit::Other,
        ),
        (b"<html><body onload=alert(1)>", Unfit::Other),
        (b"GIF89a\x01\0\x01\0\0\0\0;", Unfit::Other),
        (b"BM\x1e\0\0\0", Unfit::Other),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Unfit::Heic),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", Unfit::Other),
        (b"%PDF-1.7", Unfit::Other),
        (b"\x89PNG\r\n\x1a\n\0\0", Unfit::Broken),
        (b"\xff\xd8\xff\xe0junk", Unfit::Broken),
        (b"RIFF\x04\0\0\0WEBP", Unfit::Broken),
        (&cut[..200], Unfit::Broken),
        (&jpeg(&marked(8, 400)), Unfit::Tiny),
    ] {
        assert_eq!(photo(content).unwrap_err(), unfit, "{content:?}");
        let sentence = unfit.sentence("现场.jpg");
        assert!(
            sentence.contains("现场.jpg") && sentence.contains('请'),
            "{sentence}"
        );
    }
}

/// A PNG that says it has so many pixels, of one colour: a few kilobytes.
fn vast(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let row = GrayImage::from_pixel(width, 1, image::Luma([9]));
    PngEncoder::new(&mut out)
        .write_image(row.as_raw(), width, 1, ExtendedColorType::L8)
        .unwrap();
    // The height stands behind the width, and the digest of the head behind all of it.
    out[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&out[12..29]);
    out[29..33].copy_from_slice(&crc.to_be_bytes());
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (0_u32.wrapping_sub(crc & 1)))
        })
    })
}

#[test]
fn a_hundred_megapixels_are_refused_before_they_are_unpacked() {
    let huge = vast(10_000, 10_000);
    assert!(huge.len() < 20_000);
    let unfit = photo(&huge).unwrap_err();
    assert_eq!(
        unfit,
        Unfit::Vast {
            width: 10_000,
            height: 10_000
        }
    );
    assert!(unfit.sentence("a.png").contains("10000×10000 像素"));
    assert!(matches!(
        photo(&vast(60_000, 60_000)),
        Err(Unfit::Vast { .. })
    ));
}

#[test]
fn other_kinds_become_the_same() {
    // See-through becomes white, grey becomes grey, an animation its first picture.
    let clear = RgbaImage::from_pixel(40, 40, Rgba([255, 0, 0, 0]));
    let kept = photo(&png(&clear.into())).unwrap();
    assert!(
        read(&kept.large)
            .pixels()
            .all(|p| p.0.iter().all(|part| *part > 250))
    );
    let grey = GrayImage::from_pixel(40, 40, image::Luma([100]));
    let kept = photo(&png(&grey.into())).unwrap();
    assert!(read(&kept.large).pixels().all(|p| p.0[0].abs_diff(100) < 4));
    let mut webp = Vec::new();
    let encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut webp);
    marked(100, 80).write_with_encoder(encoder).unwrap();
    let kept = photo(&webp).unwrap();
    assert!(is_red(&read(&kept.large), 5, 5));
    let deep = DynamicImage::from(marked(100, 80)).into_rgb16();
    assert_eq!(photo(&png(&deep.into())).unwrap().width, 100);
}

#[test]
fn what_hangs_behind_a_picture_is_gone() {
    let mut both = jpeg(&marked(100, 80));
    both.extend(b"<script>alert(1)</script>PK\x03\x04");
    let kept = photo(&both).unwrap();
    assert!(!kept.large.windows(7).any(|w| w == b"<script"));
    let cleaned = cleaned(&both).unwrap();
    assert!(!cleaned.windows(7).any(|w| w == b"<script"));
    assert_eq!(read(&cleaned).dimensions(), (100, 80));
}

#[test]
fn parts_are_blackened_to_their_edge() {
    let kept = photo(&jpeg(&marked(400, 200))).unwrap();
    let part = Part {
        left: 0,
        top: 0,
        right: 250,
        bottom: 500,
    };
    let copy = blackened(&kept.large, &[part]).unwrap();
    let seen = read(&copy.large);
    assert!(seen.get_pixel(50, 50).0.iter().all(|part| *part < 12));
    assert!(seen.get_pixel(98, 98).0.iter().all(|part| *part < 40));
    assert!(seen.get_pixel(300, 150).0[1] > 80);
    let small = read(&copy.small);
    assert!(small.get_pixel(20, 20).0.iter().all(|part| *part < 12));
}

#[test]
fn what_presses_and_programs_write_becomes_a_photo_too() {
    for (name, content) in [
        (
            "four colours",
            &include_bytes!("../../tests/it/pictures/cmyk.jpg")[..],
        ),
        (
            "in passes",
            include_bytes!("../../tests/it/pictures/progressive.jpg"),
        ),
        (
            "a moving PNG",
            include_bytes!("../../tests/it/pictures/moving.png"),
        ),
        (
            "a moving WebP",
            include_bytes!("../../tests/it/pictures/moving.webp"),
        ),
    ] {
        let kept = photo(content).unwrap_or_else(|unfit| panic!("{name}: {unfit:?}"));
        let seen = read(&kept.large);
        assert_eq!(seen.dimensions(), (64, 48), "{name}");
        let ([red, _, blue], [red_there, _, blue_there]) =
            (seen.get_pixel(8, 24).0, seen.get_pixel(56, 24).0);
        assert!(red > blue + 60 && blue_there > red_there + 60, "{name}");
        assert!(
            !kept.large.windows(4).any(|w| w == b"acTL" || w == b"ANIM"),
            "{name}"
        );
    }
    assert!(comes_in_passes(include_bytes!(
        "../../tests/it/pictures/progressive.jpg"
    )));
    assert!(!comes_in_passes(include_bytes!(
        "../../tests/it/pictures/cmyk.jpg"
    )));
}
