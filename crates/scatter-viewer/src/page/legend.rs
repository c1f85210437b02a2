//! The legend: groups to hide and to isolate, or a scale of numbers to cut.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, Element, Event, HtmlElement, HtmlInputElement, MouseEvent};

use super::app::{App, Shared};
use super::elements::Elements;
use super::events::listen;
use super::filters;
use crate::columns::{Attribute, Numbers};
use crate::describe::{LONGEST, cut, grouped, number_words};
use crate::palette::{Rgb, ramp};
use crate::scale::{Scale, histogram};

/// Groups that are listed: more nobody reads, and each is an element.
const LISTED: usize = 500;
/// Steps of the range's sliders.
const STEPS: f32 = 1_000.0;

/// Fills the legend for the column that colours the points.
pub fn fill(app: &App) {
    let page = &app.page;
    page.legend_list.set_text_content(None);
    let column = app.attribute(app.view.colour);
    let groups = column.and_then(Attribute::categories);
    let numbers = column.and_then(Attribute::numbers);
    page.legend.set_hidden(groups.is_none() && numbers.is_none());
    page.legend_list.set_hidden(groups.is_none());
    page.legend_scale.set_hidden(numbers.is_none());
    let unit = numbers.and_then(|(numbers, _)| numbers.unit.clone()).unwrap_or_default();
    page.legend_title.set_text_content(Some(column.map_or("", |column| &column.title)));
    page.legend_unit.set_text_content(Some(&unit));
    if let Some(groups) = groups {
        for (k, group) in groups.all.iter().take(LISTED).enumerate() {
            // A row that cannot be made leaves the others.
            let _ = row(page, k, &cut(&group.name, LONGEST), group.count, app.colouring.groups[k]);
        }
        if let Some(rest) = groups.all.len().checked_sub(LISTED).filter(|&rest| rest > 0) {
            page.append(&page.legend_list, "li", &format!("… and {} more", grouped(rest as f64)));
        }
    }
    if let Some((numbers, scale)) = numbers {
        // Without its picture the scale still has its ends and its sliders.
        let _ = draw_scale(app, numbers, scale);
        let missing = numbers.values.iter().filter(|v| !v.is_finite()).count();
        let said = match missing {
            0 => String::new(),
            n => format!("{} without a value", grouped(n as f64)),
        };
        Elements::say(&page.legend_missing, &said);
    }
    refresh(app);
}

/// Shows what is hidden, without touching what a keyboard or a finger is on.
pub fn refresh(app: &App) {
    let page = &app.page;
    let (shown, all) = (app.visible.count(), app.count());
    let what = app.shown.as_ref().map_or("", |shown| match shown.config.kind {
        scatter_dataset::Kind::Clips => "sounds",
        scatter_dataset::Kind::Recording => "windows",
    });
    filters::refresh(app);
    app.tell_finder();
    let counted = match !app.narrowed() {
        true => format!("{} {what}", grouped(all as f64)),
        false => format!("{} of {} {what}", grouped(shown as f64), grouped(all as f64)),
    };
    page.summary.set_text_content(Some(&counted));
    page.show_all.set_hidden(!app.narrowed());
    let Some(column) = app.view.colour else { return };
    let rows = page.legend_list.children();
    for k in 0..rows.length() {
        let Some(button) = rows.item(k).and_then(|row| row.first_element_child()) else { continue };
        let pressed = if app.view.filter.hides(column, k as usize) { "false" } else { "true" };
        let _ = button.set_attribute("aria-pressed", pressed);
    }
    let Some((numbers, scale)) = app.attribute(Some(column)).and_then(Attribute::numbers) else { return };
    let [low, high] = app.view.filter.range(column).unwrap_or(scale.ends);
    for (input, value) in [(&page.range_low, low), (&page.range_high, high)] {
        input.set_value(&(scale.place(value) * STEPS).round().to_string());
        let _ = input.set_attribute("aria-valuetext", &words(app, numbers, value));
    }
    let said = format!("{} – {}", words(app, numbers, low), words(app, numbers, high));
    page.range_words.set_text_content(Some(&said));
    for (name, share) in [("--from-share", scale.place(low)), ("--rest-share", 1.0 - scale.place(high))] {
        let _ = page.legend_scale.style().set_property(name, &format!("{share:.4}"));
    }
}

fn words(app: &App, numbers: &Numbers, value: f32) -> String {
    let key = app.attribute(app.view.colour).map_or("", |column| &column.key);
    match key == crate::columns::TIME {
        true => crate::describe::clock(f64::from(value)),
        false => number_words(f64::from(value), numbers.unit.as_deref()),
    }
}

fn row(page: &Elements, k: usize, name: &str, count: usize, [r, g, b]: Rgb) -> Option<()> {
    let item = page.append(&page.legend_list, "li", "")?;
    let button = page.append(&item, "button", "")?;
    button.set_attribute("type", "button").ok()?;
    button.set_attribute("data-group", &k.to_string()).ok()?;
    button.set_attribute("title", name).ok()?;
    let swatch: HtmlElement = page.append(&button, "i", "")?.dyn_into().ok()?;
    swatch.style().set_property("--colour", &format!("rgb({r} {g} {b})")).ok()?;
    page.append(&button, "span", name)?.set_attribute("dir", "auto").ok()?;
    page.append(&button, "b", &grouped(count as f64))?;
    Some(())
}

/// The numbers' colours, below how many points have them.
fn draw_scale(app: &App, numbers: &Numbers, scale: &Scale) -> Result<(), JsValue> {
    let canvas = &app.page.legend_ramp;
    let (width, height) = (canvas.width(), canvas.height());
    let (bars, strip) = (48, f64::from(height) * 0.2);
    let pen: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into()?;
    pen.clear_rect(0.0, 0.0, width.into(), height.into());
    let colour = |place: f32| {
        let [r, g, b] = ramp(app.theme, scale.tone(scale.value(place)));
        format!("rgb({r} {g} {b})")
    };
    let counts = histogram(scale, &numbers.values, bars);
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    let step = f64::from(width) / bars as f64;
    for (k, &count) in counts.iter().enumerate() {
        pen.set_fill_style_str(&colour((k as f32 + 0.5) / bars as f32));
        // Square roots, so that what is rare is seen as well.
        let bar = (f64::from(count) / f64::from(most)).sqrt() * (f64::from(height) - strip - 4.0);
        let gap = step * 0.12;
        pen.fill_rect(k as f64 * step + gap, f64::from(height) - strip - 2.0 - bar, step - 2.0 * gap, bar);
    }
    for x in 0..width {
        pen.set_fill_style_str(&colour((x as f32 + 0.5) / width as f32));
        pen.fill_rect(x.into(), f64::from(height) - strip, 1.0, strip);
    }
    Ok(())
}

/// Listens to groups, sliders and the button that shows all.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let page = app.borrow();
    let page = &page.page;
    for name in ["click", "dblclick"] {
        let shared = Shared::clone(app);
        listen(&page.legend_list, name, move |event: MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let button = target.and_then(|target| target.closest("button").ok().flatten());
            let group = button.and_then(|button| button.get_attribute("data-group")?.parse().ok());
            let Some(group) = group else { return };
            let alone = name == "dblclick" || event.shift_key() || event.alt_key();
            press(&mut shared.borrow_mut(), group, alone);
        })?;
    }
    for input in [&page.range_low, &page.range_high] {
        let shared = Shared::clone(app);
        let (input, input_of_change): (HtmlInputElement, HtmlInputElement) = (input.clone(), input.clone());
        listen(&input.clone(), "input", move |_: Event| slide(&mut shared.borrow_mut(), &input))?;
        let shared = Shared::clone(app);
        listen(&input_of_change, "change", move |_: Event| shared.borrow_mut().stepped())?;
    }
    let shared = Shared::clone(app);
    listen(&page.show_all, "click", move |_: Event| {
        let mut app = shared.borrow_mut();
        app.view.filter.clear();
        app.ask_for("");
        filtered(&mut app);
        app.stepped();
    })
}

fn press(app: &mut App, group: usize, alone: bool) {
    let Some(column) = app.view.colour else { return };
    let Some(groups) = app.attribute(Some(column)).and_then(Attribute::categories) else { return };
    let count = groups.all.len();
    match alone {
        true => app.view.filter.isolate(column, group, count),
        false => app.view.filter.toggle(column, group, count),
    }
    filtered(app);
    app.stepped();
}

fn slide(app: &mut App, moved: &HtmlInputElement) {
    let Some(column) = app.view.colour else { return };
    let Some((_, scale)) = app.attribute(Some(column)).and_then(Attribute::numbers) else { return };
    let place = |input: &HtmlInputElement| input.value_as_number() as f32 / STEPS;
    let (low, high) = (place(&app.page.range_low), place(&app.page.range_high));
    // The handle that is moved stops at the other.
    let (low, high) = match moved == &app.page.range_low {
        true => (low.min(high), high),
        false => (low, high.max(low)),
    };
    let range = [scale.value(low), scale.value(high)];
    let whole = range == scale.ends;
    app.view.filter.set_range(column, (!whole).then_some(range));
    filtered(app);
}

/// Shows what a changed filter leaves.
pub fn filtered(app: &mut App) {
    app.refilter();
    refresh(app);
}
