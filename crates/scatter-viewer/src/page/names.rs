//! Names that float over groups of points while the cloud is seen from afar.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::app::App;
use crate::categories::NO_NAME;
use crate::clusters::{Cluster, clusters};
use crate::columns::Attribute;
use crate::describe::cut;
use crate::floating::{Wish, covers, float, wish};
use crate::layouts::Stance;

/// Characters of a name that float.
const LONGEST: usize = 28;
/// Distance from the cloud, in halves of its diameter, at which names are gone, and from which on they are whole.
const FADE: [f32; 2] = [0.9, 1.5];

/// One name on the page.
struct Name {
    element: HtmlElement,
    cluster: Cluster,
    size: [f32; 2],
}

/// The names that are there.
#[derive(Default)]
pub struct Names {
    all: Vec<Name>,
    steps: Vec<Option<usize>>,
    /// Points, colours or filters changed since the names were made.
    pub stale: bool,
}

impl Names {
    /// Those that have a place.
    pub fn shown(&self) -> Vec<String> {
        let placed = self.all.iter().zip(&self.steps).filter(|(_, step)| step.is_some());
        placed.filter_map(|(name, _)| name.element.text_content()).collect()
    }
}

impl App {
    /// Makes the names anew where something changed, and moves them to where they belong.
    pub fn show_names(&mut self) {
        let travels = self.travel.is_some();
        if self.names.stale && !travels {
            self.names.stale = false;
            self.make_names();
        }
        let distance = self.camera.distance() / self.camera.radius();
        let near = ((distance - FADE[0]) / (FADE[1] - FADE[0])).clamp(0.0, 1.0);
        let opacity = if self.view.names && !travels { near * near * (3.0 - 2.0 * near) } else { 0.0 };
        let layer = self.page.names.style();
        // Names that cannot be styled stay hidden, as the stylesheet has them.
        let _ = layer.set_property("opacity", &format!("{opacity:.2}"));
        if opacity > 0.0 {
            self.move_names();
        }
    }

    /// The groups after which clusters are named: those that colour the points, else the dataset's own.
    fn naming(&self) -> Option<(&Attribute, bool)> {
        let coloured = self.attribute(self.view.colour).filter(|column| column.categories().is_some());
        let own = || self.attribute(self.shown.as_ref()?.attributes.naming());
        coloured.map(|column| (column, true)).or_else(|| Some((own()?, false)))
    }

    fn make_names(&mut self) {
        let page = &self.page;
        page.names.set_text_content(None);
        let mut all = Vec::new();
        // Along time no group lies together.
        if self.stance() != Stance::Side
            && let Some((column, coloured)) = self.naming()
            && let Some(groups) = column.categories()
        {
            let named = |group: usize| groups.all.get(group).is_some_and(|group| group.name != NO_NAME);
            let extent = self.measure.extent;
            for cluster in clusters(self.goal(), &groups.of_point, &self.visible, extent, named) {
                let text = cut(&groups.all[cluster.group].name, LONGEST);
                let element = page.append(&page.names, "span", &text).and_then(|e| e.dyn_into().ok());
                let Some(element): Option<HtmlElement> = element else { continue };
                let _ = element.set_attribute("dir", "auto");
                if let Some([r, g, b]) = self.colouring.groups.get(cluster.group).filter(|_| coloured) {
                    let _ = element.style().set_property("--colour", &format!("rgb({r} {g} {b})"));
                    let _ = element.class_list().add_1("coloured");
                }
                let size = [element.offset_width() as f32, element.offset_height() as f32];
                all.push(Name { element, cluster, size });
            }
        }
        self.names.all = all;
        self.names.steps.clear();
    }

    fn move_names(&mut self) {
        let lens = self.lens();
        let area = self.camera.free();
        let wish = |name: &Name| {
            let seen = lens.project(name.cluster.centre)?;
            wish([seen.x, seen.y], name.size, &area)
        };
        let wishes: Vec<Option<Wish>> = self.names.all.iter().map(wish).collect();
        let steps = float(&wishes, &area, &self.names.steps);
        for ((name, wish), step) in self.names.all.iter().zip(&wishes).zip(&steps) {
            let style = name.element.style();
            let place = wish.as_ref().zip(*step).map(|(wish, step)| covers(wish, step));
            // Whole pixels: letters between them blur.
            if let Some(place) = place {
                let to = format!("translate({}px, {}px)", place.x.round(), place.y.round());
                let _ = style.set_property("transform", &to);
            }
            let _ = name.element.class_list().toggle_with_force("placed", place.is_some());
        }
        self.names.steps = steps;
    }
}
