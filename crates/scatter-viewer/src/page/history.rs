//! The view in the page's address: written as it changes, read when the page opens and when the person goes back.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen::prelude::*;
use web_sys::{Event, Window};

use super::app::{App, Shared};
use super::events::listen;
use super::moving::Way;
use super::{controls, info, legend};
use crate::camera::Pose;
use crate::filter::Cut;
use crate::link::{Link, short};
use crate::point_set::PointSet;
use crate::view::SIZES;

/// Milliseconds of rest after which a moved camera is written: browsers allow a hundred writes in half a minute.
const REST: i32 = 400;

/// What of the view stands in the address.
pub struct History {
    window: Window,
    written: Link,
    /// What the address said when the page was opened, and what could be shown of it then.
    opening: [Link; 2],
    /// Where the present layout puts the camera.
    pub home: Pose,
    /// Something moved since it was written; the timer that will write it.
    waiting: Option<i32>,
    settle: Closure<dyn FnMut()>,
}

impl History {
    pub fn new(app: Weak<RefCell<App>>, window: Window) -> Self {
        let settle = Closure::new(move || {
            if let Some(app) = app.upgrade() {
                app.borrow_mut().settle();
            }
        });
        let home = Pose { target: [0.0; 3], yaw: 0.0, pitch: 0.0, distance: 1.0, radius: 1.0 };
        Self { window, written: Link::default(), opening: Default::default(), home, waiting: None, settle }
    }

    /// What the address says of the view.
    fn read(&self) -> Link {
        Link::read(&self.window.location().hash().unwrap_or_default())
    }

    fn write(&mut self, link: Link, push: bool) {
        let Ok(history) = self.window.history() else { return };
        let location = self.window.location();
        let part = |part: Result<String, JsValue>| part.unwrap_or_default();
        let text = link.write();
        let mark = if text.is_empty() { "" } else { "#" };
        let address = format!("{}{}{mark}{text}", part(location.pathname()), part(location.search()));
        // A browser that refuses, for there were too many, leaves the page as it is; the next write brings all.
        let _ = match push {
            true => history.push_state_with_url(&JsValue::NULL, "", Some(&address)),
            false => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
        };
        self.written = link;
    }

    fn cancel(&mut self) -> bool {
        let waiting = self.waiting.take();
        waiting.inspect(|&timer| self.window.clear_timeout_with_handle(timer)).is_some()
    }
}

impl App {
    /// Something moved that is no step to come back to: the camera, the point in focus.
    pub fn drifted(&mut self) {
        self.history.cancel();
        let settle = self.history.settle.as_ref().unchecked_ref();
        let timer = self.history.window.set_timeout_with_callback_and_timeout_and_arguments_0(settle, REST);
        self.history.waiting = timer.ok();
    }

    /// Writes what moved, if anything waits to be written: before a step that moves the camera by itself.
    pub fn settle(&mut self) {
        if !self.history.cancel() {
            return;
        }
        let link = self.link();
        if link != self.history.written {
            self.history.write(link, false);
        }
    }

    /// The person chose something that they may want to come back from.
    pub fn stepped(&mut self) {
        let link = self.link();
        if self.history.cancel() {
            // What moved before belongs to the step before.
            let moved = Link { camera: link.camera, focus: link.focus, ..self.history.written.clone() };
            self.history.write(moved, false);
        }
        if link != self.history.written {
            self.history.write(link, true);
        }
    }

    /// The view as it is now, or will be once all rests.
    pub fn link(&self) -> Link {
        let Some(shown) = &self.shown else { return Link::default() };
        let view = &self.view;
        let key = |column: usize| shown.attributes.get(column).map(|column| column.key.clone());
        let mut link = Link {
            layout: shown.layouts.all.get(view.layout).filter(|_| view.layout > 0).map(|l| l.key.clone()),
            spherical: view.spherical,
            discs: !view.sprites && shown.has_tiles,
            colour: view.colour.and_then(key),
            size_by: view.size_by.and_then(key),
            size: view.size,
            nameless: !view.names,
            camera: self.away(),
            focus: self.focus,
            selected: self.selection.points().ranges(),
            search: self.tools.finder.asked(),
            ..Link::default()
        };
        for (column, cut) in view.filter.cuts() {
            let Some(key) = key(column) else { continue };
            match cut {
                Cut::Hidden(groups) => link.hidden.push((key, groups.ranges())),
                Cut::Range(range) => link.ranges.push((key, *range)),
            }
        }
        link
    }

    /// Where the camera is or flies to, unless that is where the layout puts it.
    fn away(&self) -> Option<[f32; 6]> {
        let pose = self.flight.as_ref().map_or_else(|| self.camera.pose(), |flight| flight.to);
        let home = &self.history.home;
        let near = |a: f32, b: f32, unit: f32| (a - b).abs() <= unit * 1e-3;
        let at_home = (0..3).all(|k| near(pose.target[k], home.target[k], home.radius))
            && near(pose.distance, home.distance, home.distance)
            && near(pose.yaw, home.yaw, 1.0)
            && near(pose.pitch, home.pitch, 1.0);
        let [x, y, z] = pose.target;
        (!at_home).then(|| [x, y, z, pose.yaw, pose.pitch, pose.distance].map(short))
    }

    /// Shows what `link` says, as far as the dataset has it.
    fn apply(&mut self, link: &Link, way: Way) {
        let Some(shown) = &self.shown else { return };
        let attributes = &shown.attributes;
        let find = |key: &String| attributes.find(key);
        let layout = link.layout.as_ref().and_then(|key| shown.layouts.find(key)).unwrap_or(0);
        let coloured = |&k: &usize| attributes.get(k).is_some_and(|column| column.tells_apart());
        let sized = |&k: &usize| attributes.get(k).is_some_and(|column| column.numbers().is_some());
        let view = &mut self.view;
        view.sprites = !link.discs && shown.has_tiles;
        view.colour = link.colour.as_ref().and_then(find).filter(coloured);
        view.size_by = link.size_by.as_ref().and_then(find).filter(sized);
        view.size = link.size.clamp(SIZES[0], SIZES[1]);
        view.names = !link.nameless;
        view.filter.clear();
        for (key, groups) in &link.hidden {
            let Some(column) = find(key) else { continue };
            let Some(all) = attributes.get(column).and_then(|c| c.categories()) else { continue };
            view.filter.set_hidden(column, PointSet::of_ranges(all.all.len(), groups));
        }
        for (key, [low, high]) in &link.ranges {
            let Some(column) = find(key) else { continue };
            let Some((_, scale)) = attributes.get(column).and_then(|c| c.numbers()) else { continue };
            let range = [low.max(scale.ends[0]), high.min(scale.ends[1])];
            // A range beside all values would leave a handle nowhere.
            let some = range[0] <= range[1] && range != scale.ends;
            view.filter.set_range(column, some.then_some(range));
        }
        let count = shown.config.count;
        self.selection.set(PointSet::of_ranges(count, &link.selected));
        self.tell_selection();
        self.ask_for(&link.search);
        self.refilter();
        self.recolour();
        self.regrow();
        if way == Way::First || (layout, link.spherical) != (self.view.layout, self.view.spherical) {
            self.lay_out(layout, link.spherical, way);
        }
        let pose = link.camera.map_or(self.history.home, |[x, y, z, yaw, pitch, distance]| Pose {
            target: [x, y, z],
            yaw,
            pitch,
            distance,
            radius: self.history.home.radius,
        });
        self.fly(pose, way == Way::Followed);
        match link.focus.filter(|&point| point < count) {
            Some(point) => self.focus_on(point),
            None if self.focus.is_some() => self.close_player(),
            None => {}
        }
    }

    /// Opens the view that the address asks for.
    pub fn open_link(&mut self) {
        let link = self.history.read();
        self.apply(&link, Way::First);
        self.history.written = self.link();
        self.history.opening = [link, self.history.written.clone()];
    }

    /// The view to show now that the dataset offers more than when the page was opened.
    pub fn asked_view(&self) -> Link {
        let [asked, opened] = &self.history.opening;
        Link::reconciled(asked, opened, &self.link())
    }

    /// Shows `link` where the points are.
    pub fn show_link(&mut self, link: &Link) {
        self.history.cancel();
        self.apply(link, Way::Stayed);
        let link = self.link();
        if link != self.history.written {
            self.history.write(link, false);
        }
    }

    fn go_back(&mut self) {
        self.history.cancel();
        let link = self.history.read();
        self.apply(&link, Way::Followed);
        self.history.written = self.link();
        controls::reflect(self);
        legend::fill(self);
        info::show(self);
    }
}

/// Listens to the browser's back and forward.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let shared: Shared = Rc::clone(app);
    let window = app.borrow().page.window.clone();
    listen(&window, "popstate", move |_: Event| shared.borrow_mut().go_back())
}
