//! The app's window as the window manager knows it.

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, InputFocus, MapState, Window};
use x11rb::rust_connection::RustConnection;

/// The window of one process.
pub struct XWindow {
    display: RustConnection,
    root: Window,
    process: u32,
    title: String,
}

impl XWindow {
    /// The window of the usual profile.
    pub fn of(process: u32) -> Self {
        Self::titled(process, "SACMES")
    }

    pub fn titled(process: u32, title: &str) -> Self {
        let (display, screen) = x11rb::connect(None).unwrap();
        let root = display.setup().roots[screen].root;
        Self {
            display,
            root,
            process,
            title: title.to_owned(),
        }
    }

    /// Whether the person can see it.
    pub fn is_visible(&self) -> bool {
        self.find().is_some_and(|window| {
            let attributes = self.display.get_window_attributes(window).unwrap().reply();
            attributes.is_ok_and(|attributes| attributes.map_state == MapState::VIEWABLE)
        })
    }

    /// Gives it the keyboard, as a window manager does for the window that is used.
    pub fn focus(&self) {
        let window = self.find().unwrap();
        self.display
            .set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)
            .unwrap();
        self.display.flush().unwrap();
    }

    /// Asks it to close, as its close button does.
    pub fn close(&self) {
        let window = self.find().unwrap();
        let [protocols, delete] = ["WM_PROTOCOLS", "WM_DELETE_WINDOW"].map(|name| self.atom(name));
        let message = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
        self.display
            .send_event(false, window, EventMask::NO_EVENT, message)
            .unwrap();
        self.display.flush().unwrap();
    }

    /// The process's top-level window that has the app's title; others are its menus and helpers.
    fn find(&self) -> Option<Window> {
        let tree = self.display.query_tree(self.root).unwrap().reply().unwrap();
        tree.children.into_iter().find(|window| {
            let process = self.property(*window, self.atom("_NET_WM_PID"), AtomEnum::CARDINAL.into());
            let process = process.first_chunk().map(|bytes| u32::from_ne_bytes(*bytes));
            let title = self.property(*window, self.atom("_NET_WM_NAME"), self.atom("UTF8_STRING"));
            let closes = !self
                .property(*window, self.atom("WM_PROTOCOLS"), AtomEnum::ATOM.into())
                .is_empty();
            process == Some(self.process) && title == self.title.as_bytes() && closes
        })
    }

    fn property(&self, window: Window, name: u32, kind: u32) -> Vec<u8> {
        let property = self
            .display
            .get_property(false, window, name, kind, 0, 64)
            .unwrap()
            .reply();
        property.map(|property| property.value).unwrap_or_default()
    }

    fn atom(&self, name: &str) -> u32 {
        self.display
            .intern_atom(false, name.as_bytes())
            .unwrap()
            .reply()
            .unwrap()
            .atom
    }
}
