//! What a pointer and a keyboard do in the table.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, KeyboardEvent, MouseEvent, PointerEvent};

use super::app::{App, Shared};
use super::events::listen;
use super::table::is_phone;
use crate::point_set::PointSet;
use crate::selection::Join;

impl App {
    /// Opens the table or closes it.
    pub fn toggle_table(&mut self) {
        let open = !self.tools.table.is_open();
        self.open_table(open);
        if open {
            return;
        }
        let _ = self.page.canvas.focus();
    }

    fn open_table(&mut self, open: bool) {
        let table = &mut self.tools.table;
        table.root.set_hidden(!open);
        (table.dirty, table.entered) = (true, false);
        let _ = self.tools.finder.table.set_attribute("aria-pressed", if open { "true" } else { "false" });
        if let Some(body) = self.page.document.body() {
            let _ = body.class_list().toggle_with_force("table-open", open);
        }
        // The cloud moves to what is left of the screen, and is seen whole there if it was before.
        let (framed, shown) = (self.sees_all(), self.visible.count());
        let whole = self.in_view() == shown;
        self.resize();
        if framed || (whole && self.in_view() < shown) {
            self.frame_all();
        }
        self.show_table();
    }

    /// Opens the table and goes to its first row.
    pub fn enter_table(&mut self) {
        if !self.tools.table.is_open() {
            self.open_table(true);
        }
        self.show_table();
        let _ = self.tools.table.grid.focus();
        if self.tools.table.active.is_none() {
            self.move_in_table(0);
        }
    }

    /// Goes to row `row`: it is shown, heard and seen on the cloud.
    fn move_in_table(&mut self, row: usize) {
        let Some(last) = self.tools.table.rows.len().checked_sub(1) else { return };
        let row = row.min(last);
        let point = self.tools.table.rows[row] as usize;
        self.tools.table.active = Some(point);
        self.tools.table.reveal(&self.page, row);
        self.glance(point);
        self.show_table();
        (self.ask_frame)();
    }

    /// Selects `point` of the table, or takes it out.
    fn toggle_row(&mut self, point: usize) {
        let how = if self.selection.points().contains(point) { Join::Take } else { Join::Add };
        self.select(&PointSet::of(self.count(), [point]), how);
    }

    /// Selects from where the keyboard was to `point`.
    fn select_rows(&mut self, point: usize) {
        let table = &self.tools.table;
        let Some(to) = table.place(point) else { return };
        let from = table.active.and_then(|active| table.place(active)).unwrap_or(to);
        let rows = &table.rows[from.min(to)..=from.max(to)];
        let points = PointSet::of(self.count(), rows.iter().map(|&point| point as usize));
        self.select(&points, Join::Add);
    }

    /// True when the key meant something to the table.
    fn press_in_table(&mut self, event: &KeyboardEvent) -> bool {
        let table = &self.tools.table;
        let page = table.rows_in(&self.page).page();
        let row = table.active.and_then(|active| table.place(active));
        let last = table.rows.len().saturating_sub(1);
        let to = match event.key().as_str() {
            "ArrowDown" => row.map_or(0, |row| row + 1),
            "ArrowUp" => row.map_or(last, |row| row.saturating_sub(1)),
            "PageDown" => row.map_or(0, |row| row + page),
            "PageUp" => row.map_or(0, |row| row.saturating_sub(page)),
            "Home" => 0,
            "End" => last,
            "Enter" => {
                if let Some(active) = self.tools.table.active {
                    self.click(active);
                }
                return true;
            }
            " " => {
                if let Some(active) = self.tools.table.active {
                    self.toggle_row(active);
                }
                return true;
            }
            _ => return false,
        };
        let to = to.min(last);
        if event.shift_key()
            && let Some(&point) = self.tools.table.rows.get(to)
        {
            self.select_rows(point as usize);
        }
        self.move_in_table(to);
        true
    }
}

/// The point of the row that an event is about.
fn pointed(event: &Event) -> Option<usize> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("[data-point]").ok()??.get_attribute("data-point")?.parse().ok()
}

/// Listens to the table.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let borrowed = app.borrow();
    let table = &borrowed.tools.table;
    let shared = Shared::clone(app);
    listen(&table.close, "click", move |_: Event| shared.borrow_mut().toggle_table())?;
    let shared = Shared::clone(app);
    listen(&table.select, "click", move |_: Event| shared.borrow_mut().select_all())?;
    let shared = Shared::clone(app);
    listen(&table.head, "click", move |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("[data-sort]").ok().flatten());
        let column = button.and_then(|button| button.get_attribute("data-sort")?.parse().ok());
        if let Some(column) = column {
            let mut app = shared.borrow_mut();
            app.tools.table.sort_by(column);
            (app.ask_frame)();
        }
    })?;
    let shared = Shared::clone(app);
    listen(&table.grid, "scroll", move |_: Event| {
        // The state is busy when the program scrolls by itself; it draws the rows then.
        if let Ok(mut app) = shared.try_borrow_mut() {
            app.tools.table.dirty = true;
            app.show_table();
        }
    })?;
    let shared = Shared::clone(app);
    let mut last = (i32::MIN, i32::MIN);
    listen(&table.grid, "pointermove", move |event: PointerEvent| {
        let place = (event.client_x(), event.client_y());
        // A row that came under a pointer at rest was not pointed at.
        if std::mem::replace(&mut last, place) == place {
            return;
        }
        let mut app = shared.borrow_mut();
        app.tools.table.entered = true;
        match pointed(&event) {
            Some(point) => app.glance(point),
            None => app.hover(None),
        }
    })?;
    let shared = Shared::clone(app);
    listen(&table.grid, "pointerleave", move |_: Event| {
        let mut app = shared.borrow_mut();
        app.tools.table.entered = false;
        app.hover(None);
    })?;
    let shared = Shared::clone(app);
    listen(&table.grid, "click", move |event: MouseEvent| {
        let Some(point) = pointed(&event) else { return };
        let mut app = shared.borrow_mut();
        match (event.shift_key(), event.ctrl_key() || event.meta_key()) {
            (true, _) => app.select_rows(point),
            (_, true) => app.toggle_row(point),
            // A sheet that covers the list is for whoever taps again.
            _ if is_phone(&app.page) && app.described != Some(point) => app.fly_to(point),
            _ => app.go_to(point),
        }
        app.tools.table.active = Some(point);
        app.tools.table.dirty = true;
        (app.ask_frame)();
    })?;
    let shared = Shared::clone(app);
    listen(&table.grid, "keydown", move |event: KeyboardEvent| {
        let on_grid = event.target() == event.current_target();
        if on_grid && shared.borrow_mut().press_in_table(&event) {
            event.prevent_default();
            event.stop_propagation();
            shared.borrow_mut().wake();
        }
    })
}
