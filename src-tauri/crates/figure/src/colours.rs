//! Fixed colours of electrodes and frequencies: those of the window (`ui/src/design/colours.ts`, light), so that a figure
//! and the screen say the same. A test compares both files.

use plotters::style::RGBColor;

/// Electrodes 1 to 16; beyond, the colours start again, so the number always stands beside it.
const ELECTRODES: [u32; 16] = [
    0x0021_689e,
    0x009b_980b,
    0x006f_0000,
    0x0045_1d74,
    0x0086_85e5,
    0x008d_5403,
    0x008f_2e5d,
    0x005c_8664,
    0x002c_3ea8,
    0x0066_0344,
    0x0094_771a,
    0x007d_3414,
    0x0018_74ed,
    0x007d_9d73,
    0x0057_3c7f,
    0x0036_7a85,
];
/// Averaged traces, means, and what has no electrode.
const NO_ELECTRODE: u32 = 0x003d_464d;
/// From slow to fast: cold to warm, from blue to yellow.
const FREQUENCY_SCALE: [u32; 5] = [0x003b_1f7a, 0x002a_5fb8, 0x0012_807c, 0x006b_8400, 0x00cf_6400];
const SLOWEST_HZ: f64 = 3.0;
const FASTEST_HZ: f64 = 600.0;

/// What a colour stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Colour {
    /// An electrode; `None` is the averaged trace.
    Electrode(Option<u32>),
    /// A frequency (Hz): a place on one logarithmic scale, so that it does not depend on which others are there.
    Frequency(f64),
    /// A place in an order from 0 (first) to 1 (last), along the scale of frequencies.
    Order(f64),
    /// Means over electrodes, fits, and what belongs to all.
    Neutral,
}

impl Colour {
    pub(crate) fn rgb(self) -> RGBColor {
        match self {
            Self::Electrode(Some(number)) if number > 0 => {
                let place = (number as usize - 1) % ELECTRODES.len();
                unpack(ELECTRODES.get(place).copied().unwrap_or(NO_ELECTRODE))
            }
            Self::Frequency(hz) if hz > 0.0 => {
                let place = (hz / SLOWEST_HZ).ln() / (FASTEST_HZ / SLOWEST_HZ).ln();
                along_scale(place.clamp(0.0, 1.0))
            }
            Self::Order(place) if place.is_finite() => along_scale(place.clamp(0.0, 1.0)),
            Self::Order(_) | Self::Electrode(_) | Self::Frequency(_) | Self::Neutral => unpack(NO_ELECTRODE),
        }
    }
}

/// Text and frame.
pub(crate) const INK: RGBColor = RGBColor(0x1a, 0x1e, 0x22);
/// Lines that only help the eye.
pub(crate) const GUIDE: RGBColor = RGBColor(0xb4, 0xba, 0xbf);
/// What was measured, beside what was made of it.
pub(crate) const RAW: RGBColor = RGBColor(0x9a, 0xa2, 0xa8);
/// The page.
pub(crate) const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);

fn unpack(packed: u32) -> RGBColor {
    let [_, red, green, blue] = packed.to_be_bytes();
    RGBColor(red, green, blue)
}

fn along_scale(place: f64) -> RGBColor {
    let position = place * (FREQUENCY_SCALE.len() - 1) as f64;
    let k = (position.floor() as usize).min(FREQUENCY_SCALE.len() - 2);
    let stop = |k: usize| oklab(unpack(FREQUENCY_SCALE.get(k).copied().unwrap_or_default()));
    let (from, to) = (stop(k), stop(k + 1));
    let share = position - k as f64;
    let mix = |a: f64, b: f64| a + (b - a) * share;
    from_oklab([mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2])])
}

/// sRGB to `OKLab` (Ottosson 2020): distances in it are close to how different two colours look.
fn oklab(RGBColor(red, green, blue): RGBColor) -> [f64; 3] {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    let (r, g, b) = (linear(red), linear(green), linear(blue));
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766 * s,
    ]
}

fn from_oklab([lightness, a, b]: [f64; 3]) -> RGBColor {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    let channel = |linear: f64| {
        let value = if linear <= 0.003_130_8 {
            12.92 * linear
        } else {
            1.055 * linear.powf(1.0 / 2.4) - 0.055
        };
        (value.clamp(0.0, 1.0) * 255.0).round() as u8
    };
    RGBColor(
        channel(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
        channel(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
        channel(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(RGBColor(r, g, b): RGBColor) -> String {
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    #[test]
    fn colours_are_those_of_the_window() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/design/colours.ts");
        let source = std::fs::read_to_string(file).unwrap();
        let light: Vec<&str> = source
            .lines()
            .filter_map(|line| line.split_once("light: \"").and_then(|(_, rest)| rest.get(..7)))
            .collect();
        let own: Vec<String> = (1..=16)
            .map(|n| hex(Colour::Electrode(Some(n)).rgb()))
            .chain([hex(Colour::Electrode(None).rgb())])
            .collect();
        // Behind them are those that figures have from the scale of frequencies.
        assert_eq!(light[..own.len()], own, "electrodes 1 to 16, then what has none");
        let (_, scale) = source.split_once("light: [").unwrap();
        let (scale, _) = scale.split_once(']').unwrap();
        let stops: Vec<String> = FREQUENCY_SCALE
            .iter()
            .map(|stop| format!("\"{}\"", hex(unpack(*stop))))
            .collect();
        assert_eq!(scale, stops.join(", "));
        let number = |name: &str| -> f64 {
            let (_, rest) = source.split_once(&format!("const {name} = ")).unwrap();
            rest.split(';').next().unwrap().parse().unwrap()
        };
        assert_eq!((number("SLOWEST_HZ"), number("FASTEST_HZ")), (SLOWEST_HZ, FASTEST_HZ));
    }

    #[test]
    fn a_frequency_has_its_place_on_the_scale() {
        assert_eq!(hex(Colour::Frequency(1.0).rgb()), "#3b1f7a");
        assert_eq!(hex(Colour::Frequency(600.0).rgb()), "#cf6400");
        let middle = (SLOWEST_HZ * FASTEST_HZ).sqrt();
        assert_eq!(hex(Colour::Frequency(middle).rgb()), "#12807c");
        assert_eq!(hex(Colour::Frequency(f64::NAN).rgb()), hex(Colour::Neutral.rgb()));
        assert_eq!(Colour::Electrode(Some(17)).rgb(), Colour::Electrode(Some(1)).rgb());
    }
}
