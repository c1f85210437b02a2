//! From the page's first moment to a cloud that sounds.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use scatter_dataset::{Projections, SAMPLE_RATE};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Window;

use super::app::{App, Shared, Shown, Tools};
use super::arriving;
use super::choosing::{self, Chooser};
use super::dock::{self, Dock};
use super::elements::Elements;
use super::filters::{self, Filters};
use super::finder::{self, Finder};
use super::help::{self, Help};
use super::history::{self, History};
use super::holding::{self, Hold};
use super::load::{self, Opened};
use super::loudspeakers::Loudspeakers;
use super::pause::pause;
use super::player::{self, Player};
use super::sound::Sound;
use super::sound_file::{self, Heard};
use super::soundbar::{self, SoundBar};
use super::stroke::StrokeTool;
use super::table::Table;
use super::table_events;
use super::tags::{self, TagPanel};
use super::take::{self, TakePanel};
use super::timeline::TimelinePanel;
use super::timeline_events;
use super::{controls, events, legend, probe, theme};
use crate::address::requested;
use crate::columns::Attributes;
use crate::layouts::Layouts;
use crate::scene::Scene;
use crate::selection::Selection;
use crate::trouble::Trouble;

/// Runs once, when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        if let Ok(page) = Elements::find() {
            page.fail(&Trouble::Page(format!("the viewer stopped at {info}")));
        }
    }));
    spawn_local(async {
        let Ok(page) = Elements::find() else {
            // Without its elements the page can only speak through the console.
            web_sys::console::error_1(&"This page lacks elements of index.html".into());
            return;
        };
        if let Err(trouble) = run(page).await
            && let Ok(page) = Elements::find()
        {
            page.fail(&trouble);
        }
    });
}

async fn run(page: Elements) -> Result<(), Trouble> {
    let window = page.window.clone();
    let asked = requested(&window.location().search().unwrap_or_default());
    stage(&page, "Looking for datasets", 0, None);
    let index = load::index().await?;
    let chosen = asked.map_err(Trouble::from).and_then(|asked| load::choose(&index, asked));
    let current = chosen.as_ref().ok().map(|(name, _)| name.as_str());
    controls::fill_datasets(&page, &index, current);
    // The list is there to choose from, whatever of the chosen one can be shown.
    let listened = controls::listen_dataset(&page.dataset);
    let (name, layout) = chosen?;
    listened.map_err(|_| Trouble::Page("events cannot be listened to".to_owned()))?;
    page.document.set_title(&format!("{name} – Scatter Sounds"));
    stage(&page, "Loading the map", 0, None);
    let opening = load::open(&name, layout, &mut |n, all| stage(&page, "Loading the map", n, all)).await;
    let (mut opened, data) = opening?;
    stage(&page, "Drawing", 0, None);
    let scene = Scene::new(&page.canvas)?;
    for note in &opened.notes {
        page.note(note);
    }
    let tools = Tools {
        chooser: Chooser::find(&page.document)?,
        dock: Dock::find(&page.document)?,
        filters: Filters::find(&page.document)?,
        finder: Finder::find(&page.document)?,
        table: Table::find(&page.document)?,
        tags: TagPanel::find(&page.document)?,
        player: Player::find(&page.document)?,
        timeline: TimelinePanel::find(&page.document)?,
        take: TakePanel::find(&page.document)?,
        soundbar: SoundBar::find(&page.document)?,
        stroke: StrokeTool::find(&page.document)?,
        hold: Hold::find(&page.document)?,
        help: Help::find(&page.document)?,
    };
    let app = assemble(page, tools, scene, &window);
    show(&app, &opened, data).await.map_err(|_| Trouble::Page("events cannot be listened to".to_owned()))?;
    probe::register(&app);
    if let Some(rest) = opened.rest.take() {
        let app = Rc::clone(&app);
        spawn_local(async move { arriving::complete(&app, rest).await });
    }
    load_sound(&app, &opened).await;
    Ok(())
}

/// Joins the parts: frames and the ends of voices come back to the state.
fn assemble(page: Elements, tools: Tools, scene: Scene, window: &Window) -> Shared {
    Rc::new_cyclic(|app: &Weak<RefCell<App>>| {
        let (for_end, for_change) = (Weak::clone(app), Weak::clone(app));
        let ended = move |voice| {
            if let Some(app) = for_end.upgrade() {
                let mut app = app.borrow_mut();
                app.voices.ended(voice);
                // A page that is not seen draws no frames.
                app.feed();
                app.describe_again();
                (app.ask_tick)();
            }
        };
        let changed = move || {
            if let Some(app) = for_change.upgrade() {
                let mut app = app.borrow_mut();
                hint(&app);
                app.catch_up();
                app.describe_again();
                // A selection may wait for it.
                (app.ask_tick)();
            }
        };
        let for_tape = Weak::clone(app);
        let moved = move || {
            if let Some(app) = for_tape.upgrade() {
                let mut app = app.borrow_mut();
                app.sound.feed_tape();
                app.fetch_wanted();
            }
        };
        let sound = Sound::new(Loudspeakers::new(SAMPLE_RATE, changed), Rc::new(ended), Rc::new(moved));
        let theme = theme::current(window);
        let history = History::new(Weak::clone(app), window.clone());
        let on = |act| frames(Weak::clone(app), window.clone(), act);
        let (draw, tick) = (on(App::draw), on(|app, _| app.tick()));
        RefCell::new(App::new((page, tools), scene, sound, theme, (history, draw, tick)))
    })
}

/// Asks the browser for one frame, however often it is called before that.
fn frames(app: Weak<RefCell<App>>, window: Window, act: fn(&mut App, f64)) -> Rc<dyn Fn()> {
    let asked = Rc::new(Cell::new(false));
    let waiting = Rc::clone(&asked);
    let draw = Closure::<dyn FnMut(f64)>::new(move |now| {
        waiting.set(false);
        if let Some(app) = app.upgrade() {
            act(&mut app.borrow_mut(), now);
        }
    });
    Rc::new(move || {
        if !asked.replace(true) && window.request_animation_frame(draw.as_ref().unchecked_ref()).is_err() {
            asked.set(false);
        }
    })
}

async fn show(app: &Shared, opened: &Opened, data: Projections) -> Result<(), JsValue> {
    let config = opened.config.clone();
    // Each of these takes a while for a million points.
    pause().await;
    let attributes = Attributes::of(&config, &data);
    pause().await;
    let layouts = Layouts::of(&config, &data);
    pause().await;
    {
        let mut app = app.borrow_mut();
        app.selection = Selection::none(config.count);
        let has_tiles = !config.sprite.pages.is_empty();
        app.shown = Some(Shown { config, data, attributes, layouts, has_tiles });
        app.open_tags();
        app.open_timeline();
    }
    pause().await;
    {
        let weak = Rc::downgrade(app);
        let mut app = app.borrow_mut();
        app.open_pictures(weak, opened.pictures(), opened.levels.as_deref());
        // What is free for the cloud is known once the panels stand where they will.
        if let Some(body) = app.page.document.body() {
            let _ = body.class_list().add_1("ready");
            let _ = body.class_list().toggle_with_force("software", app.scene.is_software());
        }
        app.resize();
        app.open_link();
    }
    pause().await;
    {
        let mut app = app.borrow_mut();
        app.tools.help.say_hearer(opened.config.model.as_ref());
        controls::fill(&mut app);
        app.open_table_of_dataset();
        legend::fill(&app);
        app.describe_again();
        app.page.loading.set_hidden(true);
    }
    controls::listen_all(app)?;
    soundbar::listen_all(app)?;
    player::listen_all(app)?;
    timeline_events::listen_all(app)?;
    take::listen_all(app)?;
    legend::listen_all(app)?;
    choosing::listen_all(app)?;
    dock::listen_all(app)?;
    filters::listen_all(app)?;
    finder::listen_all(app)?;
    table_events::listen_all(app)?;
    tags::listen_all(app)?;
    theme::listen_all(app)?;
    history::listen_all(app)?;
    help::listen_all(app)?;
    holding::listen_all(app);
    events::listen_all(app)
}

async fn load_sound(app: &Shared, opened: &Opened) {
    let tell = |name: &str, n, all| tell_loading(&app.borrow().page, name, n, all);
    let place = match opened.sound() {
        Ok(Some(place)) => place,
        Ok(None) => return silent(app, "This dataset has no sound file."),
        Err(trouble) => return silent(app, &trouble.to_string()),
    };
    tell("Loading the sound", 0, None);
    let heard = sound_file::open(&place, &mut |n, all| tell("Loading the sound", n, all)).await;
    let Heard { clips, rate: found_rate, channels } = match heard {
        Ok(heard) => heard,
        Err(trouble) => return silent(app, &absent(&trouble, "This dataset has no sound file.")),
    };
    if let Some(supply) = clips.supply() {
        let app = Rc::downgrade(app);
        supply.listen(Box::new(move |samples, trouble| {
            if let Some(app) = app.upgrade() {
                app.borrow_mut().sound_arrived(&samples, trouble);
            }
        }));
    }
    let mut app = app.borrow_mut();
    let rate = opened.config.audio.sample_rate;
    if found_rate != rate || channels != 1 {
        let channels = if channels == 1 { "one channel" } else { "several channels" };
        app.page.note(&format!(
            "The sound file has {found_rate} Hz and {channels} where {rate} Hz and one channel are expected: it may not fit the map."
        ));
    }
    let (found, expected) = (clips.samples(), opened.config.audio.samples);
    if let Some(expected) = expected.filter(|&expected| expected != found) {
        app.page.note(&format!(
            "The sound file holds {found} samples where {expected} are expected: some sounds may be cut."
        ));
    }
    app.sound.clips = clips;
    sound_is_there(&mut app);
}

/// Says what is on its way while the map is there.
pub fn tell_loading(page: &Elements, name: &str, n: u64, all: Option<u64>) {
    page.sound_loading.set_hidden(false);
    page.sound_stage.set_text_content(Some(&format!("{name} {}", amount(n, all))));
    match all {
        Some(all) if all > 0 => page.sound_progress.set_value(n as f64 / all as f64),
        _ => drop(page.sound_progress.remove_attribute("value")),
    }
}

/// The map stays silent, and that is said.
fn silent(app: &Shared, sentence: &str) {
    let mut app = app.borrow_mut();
    app.page.note(sentence);
    sound_is_there(&mut app);
}

/// Shows what is to be heard, if anything is.
fn sound_is_there(app: &mut App) {
    match app.table_comes {
        true => tell_loading(&app.page, arriving::STAGE, 0, None),
        false => app.page.sound_loading.set_hidden(true),
    }
    hint(app);
    app.refresh_player();
    app.describe_again();
}

/// Says how to switch the sound on, while there is one and it is off.
fn hint(app: &App) {
    let touched =
        app.page.window.match_media("(pointer: coarse)").ok().flatten().is_some_and(|m| m.matches());
    let act = if touched { "Tap" } else { "Click" };
    app.page.sound_hint.set_text_content(Some(&format!("{act} anywhere to switch the sound on")));
    app.page.sound_hint.set_hidden(app.sound.out.is_awake() || app.sound.clips.samples() == 0);
}

fn absent(trouble: &Trouble, sentence: &str) -> String {
    if trouble.is_missing() { sentence.to_owned() } else { trouble.to_string() }
}

fn stage(page: &Elements, name: &str, bytes: u64, all: Option<u64>) {
    page.stage_name.set_text_content(Some(name));
    page.stage_detail.set_text_content(Some(&if bytes > 0 { amount(bytes, all) } else { String::new() }));
    match all {
        Some(all) if all > 0 => page.stage_progress.set_value(bytes as f64 / all as f64),
        // Without a value the bar shows that something goes on.
        _ => drop(page.stage_progress.remove_attribute("value")),
    }
}

fn amount(bytes: u64, all: Option<u64>) -> String {
    let megabytes = |n: u64| format!("{:.1}", n as f64 / 1e6);
    match all {
        Some(all) => format!("{} of {} MB", megabytes(bytes), megabytes(all)),
        None => format!("{} MB", megabytes(bytes)),
    }
}
