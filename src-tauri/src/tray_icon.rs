//! The pictures in the tray: the app's icon, and the same with a dot where somebody should look.

use tauri::image::Image;

use crate::tray_state::TrayState;

/// The amber of warnings (`--warning` of the dark scheme), which stands out from light and dark panels.
const DOT: [u8; 3] = [0xe5, 0xad, 0x55];
/// Its edge, so that it stands out from the icon too.
const EDGE: [u8; 3] = [0x0f, 0x13, 0x16];

/// The pictures.
pub struct Images {
    /// Nothing calls for anybody.
    pub usual: Image<'static>,
    with_dot: Image<'static>,
}

impl Images {
    /// Made of the app's icon.
    pub fn of(icon: &Image<'_>) -> Self {
        let usual = icon.clone().to_owned();
        let mut pixels = usual.rgba().to_vec();
        draw_dot(&mut pixels, usual.width(), usual.height());
        let with_dot = Image::new_owned(pixels, usual.width(), usual.height());
        Self { usual, with_dot }
    }

    /// The one for a state.
    pub fn of_state(&self, state: &TrayState) -> &Image<'static> {
        if state.needs_somebody() {
            &self.with_dot
        } else {
            &self.usual
        }
    }
}

/// A round dot in the lower right corner, a little less than half as wide as the picture.
fn draw_dot(pixels: &mut [u8], width: u32, height: u32) {
    let radius = f64::from(width.min(height)) * 0.22;
    let (centre_x, centre_y) = (f64::from(width) - radius, f64::from(height) - radius);
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    for (pixel, (x, y)) in pixels.chunks_exact_mut(4).zip(places) {
        let distance = (f64::from(x) + 0.5 - centre_x).hypot(f64::from(y) + 0.5 - centre_y);
        if distance <= radius {
            let colour = if distance <= radius * 0.8 { DOT } else { EDGE };
            pixel[..3].copy_from_slice(&colour);
            pixel[3] = u8::MAX;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::sharing::SharingStatus;

    #[test]
    fn the_dot_shows_where_somebody_should_look_and_nowhere_else() {
        let images = Images::of(&Image::new_owned(vec![0; 32 * 32 * 4], 32, 32));
        let pixel = |image: &Image<'_>, x: usize, y: usize| image.rgba()[(y * 32 + x) * 4..][..4].to_vec();
        let mut state = TrayState {
            sessions: 1,
            stalled: 0,
            sharing: SharingStatus::Off { relay: None },
        };
        assert_eq!(pixel(images.of_state(&state), 25, 25), [0, 0, 0, 0]);
        state.stalled = 1;
        assert_eq!(pixel(images.of_state(&state), 25, 25), [DOT[0], DOT[1], DOT[2], 255]);
        assert_eq!(pixel(images.of_state(&state), 2, 2), [0, 0, 0, 0]);
    }
}
