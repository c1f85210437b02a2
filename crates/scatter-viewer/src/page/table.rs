//! The table of shown points: only the rows in view exist. Linked with the cloud both ways.

use std::ops::Range;

use web_sys::{Document, HtmlButtonElement, HtmlElement};

use super::app::{App, Shown};
use super::elements::{Elements, by_id};
use super::table_row::{Row, Shows, cells, heading, row};
use crate::cells::Listed;
use crate::describe::grouped;
use crate::rows::Rows;
use crate::trouble::Trouble;

/// Height of a row in CSS pixels, with a mouse and with a finger.
const HEIGHTS: [f64; 2] = [28.0, 44.0];
/// No row.
const NOWHERE: u32 = u32::MAX;

/// Its elements, its rows, and what of them stands on the page.
pub struct Table {
    pub root: HtmlElement,
    pub grid: HtmlElement,
    pub head: HtmlElement,
    body: HtmlElement,
    words: HtmlElement,
    pub close: HtmlButtonElement,
    pub select: HtmlButtonElement,
    columns: Vec<Listed>,
    /// Column, and whether its greatest stands first; the dataset's order without one.
    pub sort: Option<(usize, bool)>,
    /// All points in that order.
    order: Vec<u32>,
    /// The shown ones of them.
    pub rows: Vec<u32>,
    /// Row of each point.
    places: Vec<u32>,
    /// The rows must be listed anew.
    pub stale: bool,
    /// What stands on the page may be untrue.
    pub dirty: bool,
    /// The point that the keyboard is at.
    pub active: Option<usize>,
    /// A pointer is in it: whatever is hovered is in view.
    pub entered: bool,
    /// The point whose row was scrolled to last.
    followed: Option<usize>,
    pool: Vec<Row>,
}

impl Table {
    /// Finds its elements.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self {
            root: by_id(d, "table")?,
            grid: by_id(d, "table-grid")?,
            head: by_id(d, "table-head")?,
            body: by_id(d, "table-body")?,
            words: by_id(d, "table-words")?,
            close: by_id(d, "table-close")?,
            select: by_id(d, "table-select")?,
            columns: Vec::new(),
            sort: None,
            order: Vec::new(),
            rows: Vec::new(),
            places: Vec::new(),
            stale: true,
            dirty: true,
            active: None,
            entered: false,
            followed: None,
            pool: Vec::new(),
        })
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        !self.root.hidden()
    }

    /// Row of `point`.
    pub fn place(&self, point: usize) -> Option<usize> {
        self.places.get(point).filter(|&&row| row != NOWHERE).map(|&row| row as usize)
    }

    /// The list as it is seen now.
    pub fn rows_in(&self, page: &Elements) -> Rows {
        let phone = is_phone(page);
        let view = self.grid.client_height() - self.head.offset_height();
        Rows { count: self.rows.len(), height: HEIGHTS[usize::from(phone)], view: f64::from(view.max(0)) }
    }

    /// Scrolls so that row `index` is seen.
    pub fn reveal(&mut self, page: &Elements, index: usize) {
        if let Some(top) = self.rows_in(page).reveal(index, f64::from(self.grid.scroll_top())) {
            self.grid.set_scroll_top(top.round() as i32);
            self.dirty = true;
        }
    }

    /// Takes the dataset's columns, after there are others.
    pub fn set_columns(&mut self, page: &Elements, shown: &Shown) {
        self.columns = cells(shown).columns();
        self.sort = self.sort.filter(|(column, _)| *column < self.columns.len());
        self.order = Vec::new();
        self.pool.clear();
        self.body.set_text_content(None);
        self.head.set_text_content(None);
        for (k, column) in self.columns.iter().enumerate() {
            // A heading that cannot be made leaves the others.
            let _ = heading(page, &self.head, k, column);
        }
        // How wide each kind is, the style sheet says.
        let kinds = self.columns.iter().enumerate().map(|(k, column)| match (k, column.numeric) {
            (_, true) => ("number", "var(--number)"),
            (0, _) => ("name", "minmax(var(--name), 2fr)"),
            _ => ("word", "minmax(var(--word), 1fr)"),
        });
        let (names, tracks): (Vec<&str>, Vec<&str>) = kinds.unzip();
        let least: Vec<String> = names.iter().map(|kind| format!("var(--{kind})")).collect();
        let style = self.grid.style();
        let _ = style.set_property("--tracks", &tracks.join(" "));
        let _ = style.set_property("--least", &format!("calc({} + 24px)", least.join(" + ")));
        let _ = self.grid.set_attribute("aria-colcount", &self.columns.len().to_string());
        (self.stale, self.dirty) = (true, true);
        self.show_sort();
    }

    /// Orders by `column`: upwards, downwards, and as the dataset has it.
    pub fn sort_by(&mut self, column: usize) {
        self.sort = match self.sort {
            Some((now, false)) if now == column => Some((column, true)),
            Some((now, true)) if now == column => None,
            _ => Some((column, false)),
        };
        self.order = Vec::new();
        self.stale = true;
        self.grid.set_scroll_top(0);
        self.show_sort();
    }

    fn show_sort(&self) {
        let heads = self.head.children();
        for k in 0..heads.length() {
            let Some(head) = heads.item(k) else { continue };
            let way = match self.sort {
                Some((column, down)) if column == k as usize => {
                    if down {
                        "descending"
                    } else {
                        "ascending"
                    }
                }
                _ => "none",
            };
            let _ = head.set_attribute("aria-sort", way);
        }
    }

    /// Lists the shown points in order.
    fn list(&mut self, shown: &Shown, visible: &crate::point_set::PointSet) {
        let count = shown.config.count;
        if self.order.len() != count {
            self.order = match self.sort.and_then(|(k, down)| Some((self.columns.get(k)?, down))) {
                Some((column, down)) => cells(shown).order(column, down),
                None => {
                    let mut points: Vec<usize> = (0..count).collect();
                    shown.sort_by_file(&mut points);
                    points.into_iter().map(|point| point as u32).collect()
                }
            };
        }
        self.rows.clear();
        self.rows.extend(self.order.iter().filter(|&&point| visible.contains(point as usize)));
        self.places.clear();
        self.places.resize(count, NOWHERE);
        for (row, &point) in self.rows.iter().enumerate() {
            self.places[point as usize] = row as u32;
        }
        self.active = self.active.filter(|&point| self.place(point).is_some());
        (self.stale, self.dirty, self.followed) = (false, true, None);
        let _ = self.grid.set_attribute("aria-rowcount", &(self.rows.len() + 1).to_string());
        let said = match (self.rows.len(), count) {
            (0, _) => "Nothing found".to_owned(),
            (n, all) if n == all => format!("{} sounds", grouped(n as f64)),
            (n, all) => format!("{} of {} sounds", grouped(n as f64), grouped(all as f64)),
        };
        self.words.set_text_content(Some(&said));
    }

    /// As many rows as are in view, made once and used again and again.
    fn stock(&mut self, page: &Elements, drawn: &Range<usize>) {
        while self.pool.len() < drawn.len() {
            let Some(row) = row(page, &self.body, &self.columns) else { return };
            self.pool.push(row);
            // Every row's place in the pool follows from how many there are.
            self.pool.iter_mut().for_each(|row| row.shows = None);
        }
    }
}

/// Whether panels are sheets over a narrow screen.
pub fn is_phone(page: &Elements) -> bool {
    page.window.inner_width().ok().and_then(|w| w.as_f64()).is_some_and(|w| w <= 760.0)
}

impl App {
    /// Takes the columns of the dataset that is shown.
    pub fn open_table_of_dataset(&mut self) {
        if let Some(shown) = &self.shown {
            self.tools.table.set_columns(&self.page, shown);
        }
    }

    /// Lists the rows anew, if others are shown since.
    pub fn list_rows(&mut self) {
        if let Some(shown) = self.shown.as_ref().filter(|_| self.tools.table.stale) {
            self.tools.table.list(shown, &self.visible);
        }
    }

    /// Shows the rows in view as they are now. Costs nothing while nothing changed.
    pub fn show_table(&mut self) {
        if !self.tools.table.is_open() {
            return;
        }
        self.list_rows();
        let table = &mut self.tools.table;
        let Some(shown) = &self.shown else { return };
        // The row of what is hovered on the cloud, else of what is in focus, comes into view.
        let follow = self.hovered.or(self.focus);
        if follow != table.followed {
            (table.followed, table.dirty) = (follow, true);
            if let Some(row) = follow.filter(|_| !table.entered).and_then(|point| table.place(point)) {
                table.reveal(&self.page, row);
            }
        }
        let sounds = |point| self.voices.looping() == Some(point);
        let top = f64::from(table.grid.scroll_top());
        let rows = table.rows_in(&self.page);
        if table.dirty {
            let style = table.body.style();
            let _ = style.set_property("height", &format!("{}px", rows.tall()));
            let _ = style.set_property("--row", &format!("{}px", rows.height));
        }
        let drawn = rows.drawn(top);
        table.stock(&self.page, &drawn);
        table.dirty = false;
        let size = table.pool.len().max(1);
        let tells_apart = self.colouring.tells_apart();
        for index in drawn.clone() {
            let point = table.rows[index] as usize;
            let new = Shows {
                index,
                point,
                at: rows.place(index, top),
                selected: self.selection.points().contains(point),
                hovered: self.hovered == Some(point),
                focus: self.focus == Some(point),
                active: table.active == Some(point),
                sounds: sounds(point),
                colour: tells_apart.then(|| self.colouring.of(point)),
            };
            if let Some(row) = table.pool.get_mut(index % size) {
                row.show(new, &table.columns, shown);
            }
        }
        for row in &mut table.pool {
            if row.shows.is_some_and(|shows| !drawn.contains(&shows.index)) {
                row.element.set_hidden(true);
                row.element.set_id("");
                row.shows = None;
            }
        }
        let at = table.active.filter(|&point| table.place(point).is_some_and(|row| drawn.contains(&row)));
        let _ = match at {
            Some(point) => table.grid.set_attribute("aria-activedescendant", &format!("row-{point}")),
            None => table.grid.remove_attribute("aria-activedescendant"),
        };
    }
}
