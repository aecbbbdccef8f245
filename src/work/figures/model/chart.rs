//! Drawings of numbers: bars from 0, in units of the drawing. The numbers always stand beside them.

/// One bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// How wide.
    pub width: f64,
    /// How high; what is not nothing is at least one unit, so that it is seen.
    pub height: f64,
}

/// Bars side by side, the highest as high as the drawing. Several series stand in groups.
pub fn bars(series: &[Vec<i64>], (width, height): (f64, f64)) -> Vec<Vec<Bar>> {
    let longest = series.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let most = series.iter().flatten().copied().max().unwrap_or(0).max(1);
    let (group, count) = (width / small(longest), small(series.len().max(1)));
    let each = (group * 0.8) / count;
    let of = |(place, values): (usize, &Vec<i64>)| {
        let bar = |(at, value): (usize, &i64)| {
            let height_of = scaled(*value, most) * height;
            let tall = if *value > 0 { height_of.max(1.0) } else { 0.0 };
            Bar {
                x: rounded(group.mul_add(small(at), group * 0.1) + each * small(place)),
                y: rounded(height - tall),
                width: rounded(each),
                height: rounded(tall),
            }
        };
        values.iter().enumerate().map(bar).collect()
    };
    series.iter().enumerate().map(of).collect()
}

/// How dark a cell of a heat grid is, from 0 (nothing) to 5 (the most of the grid).
pub fn heat(value: i64, most: i64) -> u8 {
    match (value * 5 + most - 1) / most.max(1) {
        _ if value <= 0 => 0,
        step => u8::try_from(step.clamp(1, 5)).unwrap_or(5),
    }
}

/// A share of the most. Counts are far below what a float holds exactly.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn scaled(value: i64, most: i64) -> f64 {
    value as f64 / most as f64
}

#[expect(clippy::cast_precision_loss, reason = "a place among few")]
fn small(number: usize) -> f64 {
    number as f64
}

/// To a tenth, so that the page stays small.
fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_begin_at_nothing_and_the_most_fills_the_drawing() {
        let drawn = bars(&[vec![0, 1, 1000]], (30.0, 20.0));
        let heights: Vec<f64> = drawn[0].iter().map(|b| b.height).collect();
        assert_eq!(heights, [0.0, 1.0, 20.0]);
        assert_eq!(drawn[0][2].y.to_string(), "0");
        assert_eq!(drawn[0][1].x.to_string(), "11");
    }

    #[test]
    fn heat_is_in_five_steps() {
        let steps: Vec<u8> = [0, 1, 20, 21, 60, 100]
            .iter()
            .map(|v| heat(*v, 100))
            .collect();
        assert_eq!(steps, [0, 1, 1, 2, 3, 5]);
        assert_eq!(heat(0, 0), 0);
    }
}
