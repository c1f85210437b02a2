//! The page's state, and what each change of it does to picture, sound and words.

use std::cell::RefCell;
use std::rc::Rc;

use scatter_dataset::{Config, Projections};

use super::choosing::Chooser;
use super::dock::Dock;
use super::elements::Elements;
use super::filters::Filters;
use super::finder::Finder;
use super::help::Help;
use super::history::History;
use super::holding::Hold;
use super::marks::Marks;
use super::names::Names;
use super::painting::Painted;
use super::pictures::Pictures;
use super::player::Player;
use super::sound::Sound;
use super::soundbar::SoundBar;
use super::stroke::StrokeTool;
use super::table::Table;
use super::tags::TagPanel;
use super::take::TakePanel;
use super::timeline::TimelinePanel;
use crate::camera::{Camera, Lens};
use crate::colouring::{Colouring, growth};
use crate::columns::{Attribute, Attributes};
use crate::flight::Flight;
use crate::gesture::Gestures;
use crate::layouts::Layouts;
use crate::levels::Levels;
use crate::mix::{Mix, Times};
use crate::pace::Pace;
use crate::palette::Rgb;
use crate::picking::Cloud;
use crate::point_set::PointSet;
use crate::roam::Trail;
use crate::scene::{Readback, Scene};
use crate::selection::Selection;
use crate::theme::Theme;
use crate::transition::{Measure, Travel};
use crate::tree::Tree;
use crate::view::View;
use crate::voices::Voices;

/// The state, shared by all listeners of this one thread.
pub type Shared = Rc<RefCell<App>>;

/// Asks the browser for one turn, however often it is called before that.
pub type Asking = Rc<dyn Fn()>;

/// A dataset on the page.
pub struct Shown {
    pub config: Config,
    pub data: Projections,
    pub attributes: Attributes,
    pub layouts: Layouts,
    /// Whether it has spectrograms, of which some may still be to come.
    pub has_tiles: bool,
}

impl Shown {
    /// Puts points in the order in which their files were listed; the dataset's own goes along the map.
    pub fn sort_by_file(&self, points: &mut [usize]) {
        points.sort_by_key(|&point| self.data.idx.get(point));
    }
}

/// The panels, each with its elements.
pub struct Tools {
    pub chooser: Chooser,
    pub dock: Dock,
    pub filters: Filters,
    pub finder: Finder,
    pub table: Table,
    pub tags: TagPanel,
    pub player: Player,
    pub timeline: TimelinePanel,
    pub take: TakePanel,
    pub soundbar: SoundBar,
    pub stroke: StrokeTool,
    pub hold: Hold,
    pub help: Help,
}

/// Everything.
pub struct App {
    pub page: Elements,
    pub scene: Scene,
    pub camera: Camera,
    pub shown: Option<Shown>,
    pub view: View,
    pub theme: Theme,
    pub gestures: Gestures,
    pub sound: Sound,
    pub voices: Voices,
    pub mix: Mix,
    /// How often the point that loops was asked to.
    pub looped: Times,
    pub tools: Tools,
    pub hovered: Option<usize>,
    /// The last point that should have been heard, and was not as there were no loudspeakers.
    pub unheard: Option<usize>,
    /// When hovering may be looked at again between frames, in milliseconds of the page's clock.
    pub hover_again: f64,
    /// The point that the player tells of.
    pub focus: Option<usize>,
    /// How arrow keys led there.
    pub trail: Trail,
    /// The point that the info panel describes.
    pub described: Option<usize>,
    /// The pixels of its tile, where they are on their way.
    pub tile_comes: RefCell<Option<(usize, Readback)>>,
    pub selection: Selection,
    /// The points that no filter hides.
    pub visible: PointSet,
    pub colouring: Colouring,
    /// What the device holds of the points' looks.
    pub painted: Painted,
    /// Mean of each point's tile.
    pub levels: Levels,
    /// Sprite pages on their way.
    pub pictures: Pictures,
    /// Width of each point, of that of an ordinary one.
    pub growth: Vec<f32>,
    /// How large the cloud is once its points rest, of which their size follows.
    pub measure: Measure,
    /// The points of the present layout in boxes; none before there are any.
    pub tree: Option<Tree>,
    /// The points' way to another layout.
    pub travel: Option<Travel>,
    /// The camera's way to another place.
    pub flight: Option<Flight>,
    /// The view in the page's address.
    pub history: History,
    /// Names of groups on the screen.
    pub names: Names,
    /// Points that stand out of a resting cloud.
    pub marks: Marks,
    /// Asks for a frame.
    pub ask_frame: Asking,
    /// Asks for a look at what is heard, which draws the cloud only where that changed.
    pub ask_tick: Asking,
    /// The points of a stroke or of the tape that are heard now.
    pub heard: Vec<usize>,
    pub last_frame: Option<f64>,
    /// How many points a frame has time for while the cloud moves.
    pub pace: Pace,
    /// What the last frame was seen through, when that changed, and of how many points one was drawn then.
    pub last_lens: Option<Lens>,
    pub moved_at: f64,
    pub haste: Option<usize>,
    /// The graphics context is gone: nothing is drawn.
    pub lost: bool,
    /// A part of the table is still to come.
    pub table_comes: bool,
}

impl App {
    pub fn new(
        (page, tools): (Elements, Tools),
        scene: Scene,
        sound: Sound,
        theme: Theme,
        (history, ask_frame, ask_tick): (History, Asking, Asking),
    ) -> Self {
        Self {
            page,
            scene,
            camera: Camera::new(1.0, 1.0),
            shown: None,
            view: View::default(),
            theme,
            gestures: Gestures::default(),
            sound,
            voices: Voices::default(),
            mix: Mix::default(),
            looped: Mix::default().loops,
            tools,
            hovered: None,
            unheard: None,
            hover_again: 0.0,
            focus: None,
            trail: Trail::default(),
            described: None,
            tile_comes: RefCell::default(),
            selection: Selection::default(),
            visible: PointSet::default(),
            colouring: Colouring::new(None, theme),
            painted: Painted::default(),
            levels: Levels::default(),
            pictures: Pictures::default(),
            growth: Vec::new(),
            measure: Measure { extent: 1.0, spacing: 1.0 },
            tree: None,
            travel: None,
            flight: None,
            history,
            names: Names::default(),
            marks: Marks::default(),
            ask_frame,
            ask_tick,
            heard: Vec::new(),
            last_frame: None,
            pace: Pace::default(),
            last_lens: None,
            moved_at: 0.0,
            haste: None,
            lost: false,
            table_comes: false,
        }
    }

    /// Number of points on the map.
    pub fn count(&self) -> usize {
        self.shown.as_ref().map_or(0, |shown| shown.config.count)
    }

    /// Where the points are, or will be once they rest.
    pub fn goal(&self) -> &[[f32; 3]] {
        let Some(shown) = &self.shown else { return &[] };
        shown.layouts.points(&shown.data, self.view.layout, self.view.spherical)
    }

    /// Where the points are now.
    pub fn points(&self) -> &[[f32; 3]] {
        self.travel.as_ref().map_or_else(|| self.goal(), Travel::places)
    }

    /// The points as pointers meet them.
    pub fn cloud(&self) -> Cloud<'_> {
        let tree = self.tree.as_ref().filter(|_| self.travel.is_none());
        Cloud { points: self.points(), growth: &self.growth, shown: &self.visible, tree }
    }

    pub fn lens(&self) -> Lens {
        self.camera.lens()
    }

    /// Column `index` of the dataset.
    pub fn attribute(&self, index: Option<usize>) -> Option<&Attribute> {
        self.shown.as_ref()?.attributes.get(index?)
    }

    /// Colour of point `index`.
    pub fn colour(&self, index: usize) -> Rgb {
        self.colouring.of(index)
    }

    /// Colours the points anew, after another column or theme was chosen.
    pub fn recolour(&mut self) {
        self.colouring = Colouring::new(self.attribute(self.view.colour), self.theme);
        self.names.stale = true;
        self.paint();
        self.refresh_player();
        self.draw_timeline();
    }

    /// Sizes the points anew, after another column was chosen.
    pub fn regrow(&mut self) {
        self.growth = growth(self.attribute(self.view.size_by));
        // One number a point for the device, whether they differ or not.
        match self.growth.is_empty() {
            true => self.scene.grow(&vec![1.0; self.count()]),
            false => self.scene.grow(&self.growth),
        }
        (self.ask_frame)();
    }

    /// Shows and hides points after another filter was chosen: what is hidden is silent, too.
    pub fn refilter(&mut self) {
        self.visible = match &self.shown {
            Some(shown) => self.view.filter.shown(&shown.attributes, shown.config.count),
            None => PointSet::default(),
        };
        if let Some(found) = &self.tools.finder.found {
            self.visible.keep(found);
        }
        self.scene.stale();
        self.tools.table.stale = true;
        self.names.stale = true;
        let hidden = |point: &usize| !self.visible.contains(*point);
        if [self.voices.looping(), self.hovered].iter().flatten().any(hidden) {
            self.hovered = None;
            self.silence();
        }
        (self.ask_frame)();
    }

    /// Whether tiles are drawn.
    pub fn draws_sprites(&self) -> bool {
        self.view.sprites && self.shown.as_ref().is_some_and(|s| s.has_tiles)
    }
}
