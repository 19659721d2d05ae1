//! The frame of a certificate: waves that cross each other, as on banknotes, between two lines.

use std::fmt::Write as _;

/// How far the frame stays from the edge of the paper, and how wide its band is, in millimetres.
const MARGIN: f64 = 9.0;
const BAND: f64 = 7.0;
/// About as long is one wave.
const WAVE: f64 = 9.0;

/// Curves are in twentieths of a millimetre, whole numbers: a page is a third of the size for it.
fn fine(millimetres: f64) -> f64 {
    (millimetres * 20.0).round()
}

/// A frame for a page of this size, in millimetres.
pub(crate) fn frame(width: f64, height: f64) -> String {
    let middle = MARGIN + BAND / 2.0;
    let (right, bottom) = (width - middle, height - middle);
    let mut waves = String::new();
    // Between the corners, where the roses stand.
    let gap = BAND * 0.72;
    for (phase, depth) in [(1.0, 0.78), (-1.0, 0.78), (1.0, 0.42), (-1.0, 0.42)] {
        let side = |from: f64, to: f64| wave(from + gap, to - gap, phase * depth * BAND / 2.0);
        for y in [middle, bottom] {
            turned(&mut waves, &side(middle, right), |along, aside| {
                (along, y + aside)
            });
        }
        for x in [middle, right] {
            turned(&mut waves, &side(middle, bottom), |along, aside| {
                (x + aside, along)
            });
        }
    }
    let mut roses = String::new();
    for x in [middle, right] {
        for y in [middle, bottom] {
            rose(&mut roses, x, y, BAND * 0.86);
        }
    }
    let rectangle = |inset: f64, stroke: f64| {
        let (width, height) = (width - 2.0 * inset, height - 2.0 * inset);
        format!(
            r##"<rect x="{inset}" y="{inset}" width="{width}" height="{height}" fill="none" stroke="#b08d3c" stroke-width="{stroke}"/>"##
        )
    };
    let outer = rectangle(MARGIN, 0.6);
    let inner = rectangle(MARGIN + BAND, 0.3);
    let innermost = rectangle(MARGIN + BAND + 1.1, 0.15);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">{outer}{inner}{innermost}<g transform="scale(0.05)" stroke-width="3.4"><path d="{waves}" fill="none" stroke="#b08d3c"/><path d="{roses}" fill="#fff" stroke="#a8323a"/></g></svg>"##
    )
}

/// Points of a wave along a side: where it begins, then three for each half, which is a cubic curve
/// that leaves and arrives as a sine does and is as deep.
fn wave(from: f64, to: f64, depth: f64) -> Vec<(f64, f64)> {
    let halves = ((to - from) / WAVE).round().max(1.0) * 2.0;
    let half = (to - from) / halves;
    let mut points = vec![(from, 0.0)];
    let mut start = from;
    let mut high = depth * 4.0 / 3.0;
    while start + half / 2.0 < to {
        let end = start + half;
        points.extend([
            (start + 0.424 * half, high),
            (end - 0.424 * half, high),
            (end, 0.0),
        ]);
        start = end;
        high = -high;
    }
    points
}

fn turned(path: &mut String, points: &[(f64, f64)], place: impl Fn(f64, f64) -> (f64, f64)) {
    let mut points = points.iter().map(|(along, aside)| place(*along, *aside));
    let Some((x, y)) = points.next() else { return };
    // Writing to a string does not fail.
    let _ = write!(path, "M{} {}C", fine(x), fine(y));
    for (x, y) in points {
        let _ = write!(path, "{} {} ", fine(x), fine(y));
    }
}

/// A rose of two rings of petals.
fn rose(path: &mut String, x: f64, y: f64, radius: f64) {
    for (outer, inner, petals) in [(1.0, 0.62, 16_u8), (0.66, 0.3, 12), (0.34, 0.12, 8)] {
        let step = std::f64::consts::TAU / f64::from(petals);
        let at = |angle: f64, reach: f64| {
            let reach = reach * radius * 0.62;
            (x + reach * angle.cos(), y + reach * angle.sin())
        };
        let (start_x, start_y) = at(0.0, inner);
        let _ = write!(path, "M{} {}", fine(start_x), fine(start_y));
        for petal in 0..petals {
            let angle = step * f64::from(petal);
            let points = [
                at(angle, outer * 1.25),
                at(angle + step, outer * 1.25),
                at(angle + step, inner),
            ];
            path.push('C');
            for (x, y) in points {
                let _ = write!(path, "{} {} ", fine(x), fine(y));
            }
        }
        path.push('Z');
    }
}
