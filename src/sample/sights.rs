//! Photos of the sample, drawn: a street before houses, and what is wrong with it, or no longer is.
//! Nobody and no place is in them.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

use crate::org::photos::Step;

/// What is drawn is measured on a sheet of 960 × 720 and drawn at two thirds of that.
const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;
/// Where the street begins.
const KERB: i32 = 430;

type Paint = [u8; 3];

const WALL: [Paint; 2] = [[196, 170, 140], [168, 176, 182]];
const SKY: Paint = [176, 200, 222];
const ROAD: Paint = [112, 112, 110];
const WATER: Paint = [70, 84, 72];
const IRON: Paint = [52, 52, 54];
const ORANGE: Paint = [232, 96, 20];

/// What is wrong in the street.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Water where none should be.
    Water,
    /// A lamp that does not shine.
    Lamp,
    /// Something that stands or lies in the way.
    Heap,
}

impl Trouble {
    /// What a title says.
    pub(super) fn said_in(title: &str) -> Self {
        let says = |words: &[&str]| words.iter().any(|word| title.contains(word));
        if says(&["灯", "电"]) {
            Self::Lamp
        } else if says(&["水", "井", "管", "漏", "暖"]) {
            Self::Water
        } else {
            Self::Heap
        }
    }
}

/// What a camera would have written at a step, in one of two streets.
pub(super) fn sight(trouble: Trouble, step: Step, street: usize) -> Vec<u8> {
    let mut sheet = Sheet(RgbImage::from_pixel(WIDTH, HEIGHT, Rgb(SKY)));
    sheet.houses(WALL[street % 2], street % 2 == 1);
    sheet.ground();
    match trouble {
        Trouble::Water => sheet.water(step),
        Trouble::Lamp => sheet.lamp(step),
        Trouble::Heap => sheet.heap(step),
    }
    match step {
        Step::Found | Step::Finished | Step::Check | Step::Added => {}
        Step::OnSite => [250, 400, 620, 740]
            .iter()
            .for_each(|at| sheet.cone(*at, 630)),
        Step::Progress => [290, 690].iter().for_each(|at| sheet.cone(*at, 630)),
    }
    sheet.jpeg()
}

fn drawn(measured: i32) -> i32 {
    measured * 2 / 3
}

/// A sheet to be drawn on; what lies beside it is not drawn.
struct Sheet(RgbImage);

impl Sheet {
    fn dot(&mut self, x: i32, y: i32, paint: Paint) {
        let inside = |v: i32, end: u32| u32::try_from(v).ok().filter(|v| *v < end);
        if let (Some(x), Some(y)) = (inside(x, WIDTH), inside(y, HEIGHT)) {
            // A little grain, as every camera has.
            let grain = u8::try_from((x * 7919 + y * 104_729) % 11).unwrap_or(0);
            let paint = paint.map(|part| part.saturating_add(grain).saturating_sub(5));
            self.0.put_pixel(x, y, Rgb(paint));
        }
    }

    fn box_(&mut self, (left, top): (i32, i32), (width, height): (i32, i32), paint: Paint) {
        let [left, right, top, bottom] = [left, left + width, top, top + height].map(drawn);
        for y in top..bottom.max(top + 1) {
            for x in left..right.max(left + 1) {
                self.dot(x, y, paint);
            }
        }
    }

    fn ellipse(&mut self, (x, y): (i32, i32), (wide, high): (i32, i32), paint: Paint) {
        let [x, y, wide, high] = [x, y, wide, high].map(drawn);
        for dy in -high..=high {
            for dx in -wide..=wide {
                if dx * dx * high * high + dy * dy * wide * wide <= wide * wide * high * high {
                    self.dot(x + dx, y + dy, paint);
                }
            }
        }
    }

    fn houses(&mut self, wall: Paint, shifted: bool) {
        let first = if shifted { -150 } else { -40 };
        for (number, left) in (0..4).map(|n| (n, first + n * 280)) {
            let top = 90 + (number * 53) % 120;
            self.box_((left, top), (250, KERB - top), wall);
            self.box_((left, top), (250, 10), [120, 84, 70]);
            for row in 0..((KERB - top - 60) / 70) {
                for column in 0..4 {
                    let at = (left + 24 + column * 56, top + 34 + row * 70);
                    self.box_(at, (34, 42), [88, 106, 124]);
                    self.box_((at.0, at.1 + 20), (34, 3), wall);
                }
            }
            self.box_((left + 100, KERB - 66), (50, 66), [94, 70, 56]);
        }
    }

    fn ground(&mut self) {
        self.box_((0, KERB), (960, 720 - KERB), ROAD);
        self.box_((0, KERB), (960, 34), [150, 148, 142]);
        for at in 0..8 {
            self.box_((at * 130 + 20, 676), (74, 8), [206, 206, 200]);
        }
    }

    fn water(&mut self, step: Step) {
        match step {
            Step::Found | Step::OnSite | Step::Added => {
                self.puddle(300, 130);
                self.cover(480, false);
            }
            Step::Progress => {
                self.ellipse((480, 560), (120, 44), [60, 48, 36]);
                self.pipe(480);
            }
            Step::Finished | Step::Check => self.cover(480, true),
        }
    }

    fn lamp(&mut self, step: Step) {
        let shines = matches!(step, Step::Finished | Step::Check);
        self.box_((640, 150), (12, 330), [70, 74, 78]);
        self.box_((560, 150), (92, 10), [70, 74, 78]);
        if shines {
            self.ellipse((566, 176), (58, 30), [236, 226, 178]);
        }
        let light = if shines {
            [255, 246, 200]
        } else {
            [58, 60, 64]
        };
        self.ellipse((566, 166), (34, 14), light);
        if step == Step::Progress {
            for at in 0..9 {
                self.box_((586, 190 + at * 34), (44, 5), [206, 170, 60]);
            }
            self.box_((584, 180), (6, 320), [206, 170, 60]);
            self.box_((626, 180), (6, 320), [206, 170, 60]);
        }
    }

    fn heap(&mut self, step: Step) {
        let boxes: &[(i32, i32, Paint)] = match step {
            Step::Found | Step::OnSite | Step::Added => &[
                (380, 560, [146, 110, 74]),
                (470, 560, [122, 96, 70]),
                (560, 560, [160, 126, 86]),
                (425, 486, [134, 104, 76]),
                (515, 486, [108, 88, 68]),
                (470, 412, [150, 118, 82]),
            ],
            Step::Progress => &[(470, 560, [122, 96, 70]), (560, 560, [160, 126, 86])],
            Step::Finished | Step::Check => &[],
        };
        for (left, top, paint) in boxes {
            self.box_((*left, *top), (84, 70), *paint);
            self.box_((*left, *top + 30), (84, 6), [90, 70, 50]);
        }
    }

    fn puddle(&mut self, wide: i32, high: i32) {
        self.ellipse((480, 570), (wide, high * 2 / 3), WATER);
        self.ellipse((620, 610), (wide / 2, high / 3), WATER);
        self.ellipse((440, 550), (wide / 3, high / 6), [104, 120, 108]);
    }

    fn cover(&mut self, x: i32, is_sound: bool) {
        self.ellipse((x, 560), (86, 34), [84, 84, 84]);
        if is_sound {
            self.ellipse((x, 560), (76, 28), IRON);
            for at in [-44, -22, 0, 22, 44] {
                self.box_((x + at - 4, 544), (8, 32), [96, 96, 98]);
            }
        } else {
            self.ellipse((x, 560), (76, 28), [16, 16, 16]);
            self.ellipse((x + 90, 590), (76, 24), IRON);
        }
    }

    fn pipe(&mut self, x: i32) {
        self.box_((x - 90, 540), (180, 30), [40, 96, 168]);
        self.box_((x - 90, 540), (180, 7), [96, 150, 214]);
    }

    fn cone(&mut self, x: i32, y: i32) {
        for row in 0..90 {
            let half = 4 + row * 24 / 90;
            let paint = if (30..50).contains(&row) {
                [240, 240, 236]
            } else {
                ORANGE
            };
            self.box_((x - half, y - 90 + row), (half * 2, 1), paint);
        }
        self.box_((x - 36, y), (72, 10), ORANGE);
    }

    fn jpeg(&self) -> Vec<u8> {
        let mut out = Vec::new();
        // Writing to memory does not fail.
        let _ = self
            .0
            .write_with_encoder(JpegEncoder::new_with_quality(&mut out, 85));
        out
    }
}
