//! Collections whose file names carry the class.

use super::Label;

/// Class names of ESC-50 by number (K. J. Piczak, "ESC: Dataset for Environmental Sound Classification", 2015).
#[rustfmt::skip]
const ESC50: [&str; 50] = [
    "dog", "rooster", "pig", "cow", "frog", "cat", "hen", "insects", "sheep", "crow",
    "rain", "sea_waves", "crackling_fire", "crickets", "chirping_birds", "water_drops", "wind",
    "pouring_water", "toilet_flush", "thunderstorm",
    "crying_baby", "sneezing", "clapping", "breathing", "coughing", "footsteps", "laughing",
    "brushing_teeth", "snoring", "drinking_sipping",
    "door_wood_knock", "mouse_click", "keyboard_typing", "door_wood_creaks", "can_opening",
    "washing_machine", "vacuum_cleaner", "clock_alarm", "clock_tick", "glass_breaking",
    "helicopter", "chainsaw", "siren", "car_horn", "engine", "train", "church_bells", "airplane",
    "fireworks", "hand_saw",
];

/// Class names of UrbanSound8K by number (Salamon, Jacoby, Bello, 2014).
#[rustfmt::skip]
const URBANSOUND8K: [&str; 10] = [
    "air_conditioner", "car_horn", "children_playing", "dog_bark", "drilling", "engine_idling",
    "gun_shot", "jackhammer", "siren", "street_music",
];

/// `{fold}-{source}-{take}-{class}`.
pub(super) fn esc50(stem: &str) -> Label {
    field(stem, 3, &ESC50)
}

/// `{source}-{class}-{occurrence}-{slice}`.
pub(super) fn urbansound8k(stem: &str) -> Label {
    field(stem, 1, &URBANSOUND8K)
}

fn field(stem: &str, position: usize, names: &[&str]) -> Label {
    let fields: Vec<&str> = stem.split('-').collect();
    let class = fields.get(position).and_then(|text| Some((*text, text.parse::<usize>().ok()?)));
    match class.and_then(|(text, number)| Some((text, *names.get(number)?))) {
        Some((id, name)) if fields.len() == 4 => Label { id: id.to_owned(), name: name.to_owned() },
        _ => Label::default(),
    }
}
