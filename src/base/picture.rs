//! Pictures that come from outside: looked at before they are unpacked, unpacked within bounds, and
//! written anew. Nothing of the file that came is kept but its light and dark: no metadata, no
//! position, no second file hidden behind the first. All of it takes time: call it where waiting
//! stands in nobody's way ([`super::store::Arrived::worked_on`]).

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};

/// The longest edge of a kept photo, in pixels.
pub const LARGE: u32 = 2560;
/// The longest edge of its thumbnail.
pub const SMALL: u32 = 320;
/// How well a JPEG is written, of 100.
const QUALITY: u8 = 82;
/// Most pixels of a picture; a camera of 50 megapixels writes 8192 × 6144.
const MOST_PIXELS: u64 = 52_000_000;
/// Most pixels of one that comes in passes: those are unpacked beside one another.
const MOST_IN_PASSES: u64 = 24_000_000;
/// Most bytes of what is unpacked, with what the decoder needs beside it.
const MOST_BYTES: u64 = 212_000_000;
/// The least edge: less shows nothing.
const LEAST_EDGE: u32 = 16;

/// A photo as it is kept.
#[derive(Debug)]
pub struct Photo {
    /// As JPEG, at most [`LARGE`] on its longer edge.
    pub large: Vec<u8>,
    /// As JPEG, at most [`SMALL`].
    pub small: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Why something is no picture that can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There is nothing.
    Empty,
    /// An Apple camera's own format.
    Heic,
    /// Anything else that is no JPEG, PNG or WebP.
    Other,
    /// It begins like a picture and does not go on like one.
    Broken,
    /// More pixels than can be looked at.
    Vast {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Unpacking it takes more memory than it may.
    Heavy,
    /// So few pixels that it shows nothing.
    Tiny,
}

impl Unfit {
    /// One sentence about the file of this name that says what to do.
    pub fn sentence(self, name: &str) -> String {
        match self {
            Self::Empty => format!("“{name}”是空文件，请重新拍照或选择。"),
            Self::Heic => format!(
                "“{name}”是 HEIC 格式，不能显示。请在手机“设置—相机—格式”里选“兼容性最佳”（JPG）后重拍，或者先转成 JPG。"
            ),
            Self::Other => {
                format!("“{name}”不是照片。请选择 JPG、PNG 或 WebP 格式的照片。")
            }
            Self::Broken => format!("“{name}”打不开，可能没有传完整或已损坏。请重新拍照或选择。"),
            Self::Vast { width, height } => format!(
                "“{name}”有 {width}×{height} 像素，太大了。请把相机调到 5000 万像素以下重拍，或者先缩小。"
            ),
            Self::Heavy => {
                format!("“{name}”展开以后太大。请用手机拍的原照片，或者先缩小、另存为 JPG。")
            }
            Self::Tiny => format!("“{name}”太小，看不清。请选择原照片。"),
        }
    }
}

/// A part of a picture, in thousandths of its width and height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it begins from the left.
    pub left: u32,
    /// Where it begins from the top.
    pub top: u32,
    /// Where it ends.
    pub right: u32,
    /// Where it ends.
    pub bottom: u32,
}

/// A photo, written anew at the size at which it is kept.
pub fn photo(content: &[u8]) -> Result<Photo, Unfit> {
    let (picture, turned) = unpacked(content)?;
    let mut picture = smaller(picture);
    picture.apply_orientation(turned);
    written(&flat(picture))
}

/// A photo that was written here, with parts of it blackened.
pub fn blackened(content: &[u8], parts: &[Part]) -> Result<Photo, Unfit> {
    let (picture, _) = unpacked(content)?;
    let mut picture = flat(picture);
    let (width, height) = picture.dimensions();
    // Rounded outwards: what was marked is covered to its edge.
    let low = |share: u32, whole: u32| share.min(1000) * whole / 1000;
    let high = |share: u32, whole: u32| (share.min(1000) * whole).div_ceil(1000);
    for part in parts {
        for y in low(part.top, height)..high(part.bottom, height) {
            for x in low(part.left, width)..high(part.right, width) {
                picture.put_pixel(x, y, Rgb([0, 0, 0]));
            }
        }
    }
    written(&picture)
}

/// A picture that is attached as a file, in its own size and format: only what surrounds it is gone.
pub fn cleaned(content: &[u8]) -> Result<Vec<u8>, Unfit> {
    let format = format_of(content)?;
    let (mut picture, turned) = unpacked(content)?;
    picture.apply_orientation(turned);
    let mut out = Vec::new();
    let written = if format == ImageFormat::Png {
        picture.write_with_encoder(PngEncoder::new(&mut out))
    } else {
        flat(picture).write_with_encoder(JpegEncoder::new_with_quality(&mut out, 90))
    };
    written.map_err(|_| Unfit::Broken)?;
    Ok(out)
}

/// The format, by the first bytes; the name says nothing.
fn format_of(content: &[u8]) -> Result<ImageFormat, Unfit> {
    if content.is_empty() {
        return Err(Unfit::Empty);
    }
    match image::guess_format(content) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => Ok(format),
        Ok(_) | Err(_) if is_heic(content) => Err(Unfit::Heic),
        Ok(_) | Err(_) => Err(Unfit::Other),
    }
}

/// A box of ISO 14496-12 whose brand is one of the still pictures that browsers do not show.
fn is_heic(content: &[u8]) -> bool {
    let brand = content.get(4..12).and_then(|b| b.split_at_checked(4));
    brand.is_some_and(|(kind, brand)| {
        kind == b"ftyp"
            && [b"heic", b"heix", b"hevc", b"mif1", b"msf1"]
                .iter()
                .any(|b| *b == brand)
    })
}

/// The pixels, and how the camera was held. How many there are is asked before they are unpacked.
fn unpacked(content: &[u8]) -> Result<(DynamicImage, Orientation), Unfit> {
    let format = format_of(content)?;
    let mut reader = ImageReader::with_format(Cursor::new(content), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| told(&error))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let most = if format == ImageFormat::Jpeg && comes_in_passes(content) {
        MOST_IN_PASSES
    } else {
        MOST_PIXELS
    };
    if pixels > most {
        return Err(Unfit::Vast { width, height });
    }
    if decoder.total_bytes() > MOST_BYTES {
        return Err(Unfit::Heavy);
    }
    if width < LEAST_EDGE || height < LEAST_EDGE {
        return Err(Unfit::Tiny);
    }
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| told(&error))?;
    Ok((picture, turned))
}

/// What the decoder's complaint means; what it wanted to unpack is more than it may.
fn told(error: &image::ImageError) -> Unfit {
    if matches!(error, image::ImageError::Limits(_)) {
        Unfit::Heavy
    } else {
        Unfit::Broken
    }
}

/// Whether a JPEG is a progressive one: its frame has one of the markers of those.
fn comes_in_passes(content: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xff, marker, high, low]) = content.get(at..at + 4) {
        match marker {
            0xff => at += 1,
            0xc2 | 0xc6 | 0xca | 0xce => return true,
            0xda | 0xd9 => return false,
            _ => at += 2 + usize::from(u16::from_be_bytes([*high, *low])),
        }
    }
    false
}

fn smaller(picture: DynamicImage) -> DynamicImage {
    if picture.width().max(picture.height()) > LARGE {
        picture.thumbnail(LARGE, LARGE)
    } else {
        picture
    }
}

/// Red, green and blue; what was see-through is white, as on paper.
fn flat(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let layers = picture.into_rgba8();
    RgbImage::from_fn(layers.width(), layers.height(), |x, y| {
        let [red, green, blue, cover] = layers.get_pixel(x, y).0;
        let over = |part: u8| {
            let (part, cover) = (u32::from(part), u32::from(cover));
            u8::try_from((part * cover + 255 * (255 - cover)) / 255).unwrap_or(u8::MAX)
        };
        Rgb([over(red), over(green), over(blue)])
    })
}

fn written(picture: &RgbImage) -> Result<Photo, Unfit> {
    let jpeg = |picture: &RgbImage| {
        let mut out = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut out, QUALITY);
        picture
            .write_with_encoder(encoder)
            .map_err(|_| Unfit::Broken)?;
        Ok(out)
    };
    let (width, height) = picture.dimensions();
    let share = f64::from(SMALL) / f64::from(width.max(height)).max(f64::from(SMALL));
    let edge = |edge: u32| fitting(f64::from(edge) * share);
    let small = image::imageops::resize(picture, edge(width), edge(height), FilterType::Triangle);
    Ok(Photo {
        large: jpeg(picture)?,
        small: jpeg(&small)?,
        width,
        height,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between one and the edge of a thumbnail"
)]
fn fitting(edge: f64) -> u32 {
    edge.round().clamp(1.0, f64::from(SMALL)) as u32
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
