//! Where the buildings of the sample stand: computed from their codes, so that they are the same
//! every time and nothing else of the story moves.

/// Metres to the east and to the north.
type Metres = (f64, f64);

/// How far streets, and communities within a street, lie from the first one.
const STREETS: [Metres; 5] = [
    (0.0, 0.0),
    (2_600.0, 400.0),
    (-2_600.0, 300.0),
    (300.0, -2_900.0),
    (-300.0, 3_000.0),
];
const COMMUNITIES: [Metres; 3] = [(0.0, 0.0), (900.0, 150.0), (100.0, 1_150.0)];

/// Compounds lie in two columns, buildings in rows of five; metres from one to the next.
const COMPOUND: f64 = 380.0;
const ROW: u32 = 5;
const BESIDE: f64 = 32.0;
const BEHIND: f64 = 26.0;

/// Metres of one degree of latitude.
const DEGREE: f64 = 111_195.0;

/// Longitude and latitude of the building with this code, in a city around this centre.
pub(super) fn position(centre: (f64, f64), code: &str) -> (f64, f64) {
    let part = |from: usize, to: usize| {
        let figures = code.get(from..to).and_then(|part| part.parse::<u32>().ok());
        figures.unwrap_or(1).saturating_sub(1)
    };
    let (street, community) = (of(&STREETS, part(6, 9)), of(&COMMUNITIES, part(9, 12)));
    let (grid, number) = (part(12, 15), part(15, 18));
    // Nobody builds along a ruler: one or two metres this way or that.
    let askew = |by: u32| f64::from((number * by) % 5) - 2.0;
    let within = (
        f64::from(grid % 2) * COMPOUND + f64::from(number % ROW) * BESIDE + askew(7),
        f64::from(grid / 2) * COMPOUND + f64::from(number / ROW) * BEHIND + askew(3),
    );
    let east = street.0 + community.0 + within.0;
    let north = street.1 + community.1 + within.1;
    let (longitude, latitude) = centre;
    let wide = DEGREE * latitude.to_radians().cos();
    (
        rounded(longitude + east / wide),
        rounded(latitude + north / DEGREE),
    )
}

fn of(offsets: &[Metres], index: u32) -> Metres {
    let index = usize::try_from(index).unwrap_or(0);
    offsets[index % offsets.len()]
}

/// Six places of a degree are a tenth of a metre.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1_000_000.0).round() / 1_000_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const CENTRE: (f64, f64) = (124.29, 45.5);

    fn metres(a: (f64, f64), b: (f64, f64)) -> f64 {
        let wide = DEGREE * CENTRE.1.to_radians().cos();
        ((a.0 - b.0) * wide).hypot((a.1 - b.1) * DEGREE)
    }

    #[test]
    fn buildings_of_one_compound_are_neighbours_and_compounds_are_not() {
        let building =
            |grid: u32, number: u32| position(CENTRE, &format!("220882001003{grid:03}{number:03}"));
        for number in 1..=30 {
            let others = (1..=30).filter(|other| *other != number);
            let nearest = others
                .map(|other| metres(building(1, number), building(1, other)))
                .fold(f64::INFINITY, f64::min);
            assert!((15.0..=40.0).contains(&nearest), "{number}: {nearest}");
            for other in 1..=30 {
                assert!(metres(building(1, number), building(2, other)) > 100.0);
            }
        }
    }

    #[test]
    fn the_whole_city_lies_around_its_centre() {
        for code in [
            "220882001001001001",
            "220882004003004020",
            "220882005003005030",
        ] {
            let far = metres(CENTRE, position(CENTRE, code));
            assert!(far < 6_000.0, "{code}: {far}");
        }
    }
}
