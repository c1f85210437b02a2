//! Layouts and the camera: where points and eye go, at once or so that one can follow.

use super::app::App;
use crate::camera::{Camera, Pose};
use crate::flight::Flight;
use crate::layouts::Stance;
use crate::spacing::median_spacing;
use crate::transition::{Measure, Travel};
use crate::tree::Tree;

/// The camera where a layout puts it that nobody looked at before.
fn home(mut camera: Camera, goal: &[[f32; 3]], stance: Stance) -> Camera {
    match stance {
        Stance::Front => camera.face_front(),
        Stance::Side => camera.face_side(),
        Stance::Free => camera.face(goal),
    }
    camera.frame(goal);
    camera
}

/// How points come to another layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// They were nowhere before.
    First,
    /// So that the eye can follow.
    Followed,
    /// At once: nobody asked for a change.
    Stayed,
}

impl App {
    /// Lays the points out and frames them.
    pub fn lay_out(&mut self, layout: usize, spherical: bool, way: Way) {
        self.settle();
        let from = self.points().to_vec();
        let before = if way == Way::First { None } else { Some(self.stance()) };
        (self.view.layout, self.view.spherical) = (layout, spherical);
        let old = self.travel.as_ref().map_or(self.measure, Travel::measure);
        self.travel = None;
        let stance = self.stance();
        let goal = self.goal().to_vec();
        let home = home(self.camera.clone(), &goal, stance);
        let mut camera = home.clone();
        if stance == Stance::Free && before == Some(Stance::Free) {
            // Who turned a cloud goes on looking from there.
            camera = self.camera.clone();
            camera.frame(&goal);
            // How large a cloud is does not depend on where it is seen from.
            camera.set_pose(Pose { radius: home.radius(), ..camera.pose() });
        }
        let measure = Measure { extent: home.radius(), spacing: median_spacing(&goal) };
        let follow = way == Way::Followed && !self.reduced_motion() && from.len() == goal.len();
        self.measure = measure;
        self.tree = Some(Tree::new(&goal));
        self.history.home = home.pose();
        self.names.stale = true;
        self.scene.place(&goal, if follow { &from } else { &[] });
        if follow {
            self.travel = Some(Travel::new(from, [old, measure]));
        }
        self.fly(camera.pose(), follow);
        self.refresh_player();
    }

    /// From where the present layout is looked at first.
    pub fn stance(&self) -> Stance {
        let shown = self.shown.as_ref();
        shown.map_or(Stance::Free, |s| s.layouts.stance(self.view.layout, self.view.spherical))
    }

    /// Moves the camera to `pose`, at once or so that the eye can follow.
    pub fn fly(&mut self, pose: Pose, follow: bool) {
        self.flight = None;
        match follow && !self.reduced_motion() {
            true => self.flight = Some(Flight::new(self.camera.pose(), pose)),
            false => self.camera.set_pose(pose),
        }
        (self.ask_frame)();
    }

    /// Moves back to where all points are seen.
    pub fn frame_all(&mut self) {
        let pose = self.framed().pose();
        self.fly(pose, true);
        self.drifted();
    }

    /// Whether all shown points are seen as large as can be.
    pub fn sees_all(&self) -> bool {
        let now = self.flight.as_ref().map_or_else(|| self.camera.pose(), |flight| flight.to);
        let all = self.framed().pose();
        let near = |a: f32, b: f32| (a - b).abs() <= all.distance * 1e-3;
        (0..3).all(|axis| near(now.target[axis], all.target[axis])) && near(now.distance, all.distance)
    }

    /// The camera as it would see all shown points from where it looks.
    fn framed(&self) -> Camera {
        let mut camera = self.camera.clone();
        let goal = self.goal();
        match self.visible.count() {
            // Nothing to frame: as if all were shown.
            0 => camera.frame(goal),
            n if n == goal.len() => camera.frame(goal),
            _ => {
                let shown = self.visible.iter().filter_map(|index| goal.get(index).copied());
                camera.frame(&shown.collect::<Vec<[f32; 3]>>());
            }
        }
        // Fog and reach stay those of the whole cloud.
        camera.set_pose(Pose { radius: self.history.home.radius, ..camera.pose() });
        camera
    }

    /// The person took the camera: no flight goes on.
    pub fn take_camera(&mut self) {
        self.leave_found();
        self.flight = None;
        self.drifted();
    }

    /// Moves what is on its way. True while something is.
    pub fn advance(&mut self, now: f64) -> bool {
        if let Some(mut flight) = self.flight.take() {
            let (pose, goes_on) = flight.at(now);
            self.camera.set_pose(pose);
            self.flight = goes_on.then_some(flight);
        }
        if let Some(mut travel) = self.travel.take() {
            let goes_on = travel.advance(self.goal(), now);
            match goes_on {
                true => self.travel = Some(travel),
                false => {
                    let goal = self.goal().to_vec();
                    self.scene.place(&goal, &[]);
                }
            }
        }
        self.flight.is_some() || self.travel.is_some()
    }

    /// Whether the person asked their system for less motion.
    pub fn reduced_motion(&self) -> bool {
        let query = self.page.window.match_media("(prefers-reduced-motion: reduce)");
        query.ok().flatten().is_some_and(|query| query.matches())
    }
}
