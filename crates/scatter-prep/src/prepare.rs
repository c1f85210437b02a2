//! The main job: a folder or a recording becomes a dataset.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, bail};
use scatter_audio::Excerpt;
use scatter_dataset::{
    AUDIO_FILE, AudioLayout, Classes, ColumnInfo, Config, Created, FORMAT_VERSION, Kind, ModelInfo,
    POINTS_FILE, PROJECTIONS_FILE, Projections, Shown, SpriteLayout, round_to,
};
use scatter_embed::{ClassNames, Model, ModelInput, ModelSpec};

use crate::assembly::{self, Media, Points};
use crate::charting::{self, Charted};
use crate::events::{EVENTS_VERSION, Event};
use crate::heard::{self, Hearing, StoreChoice};
use crate::interrupt;
use crate::isolation::ReaderSettings;
use crate::map::{self, Map};
use crate::metadata::{self, NamedColumn};
use crate::model::{self, Chosen};
use crate::output::catalogue;
use crate::output::folder::DatasetFolder;
use crate::pipeline::listing::{Listing, list};
use crate::pipeline::{self, Plan, Tools};
use crate::progress::Progress;
use crate::report::{DuplicateCounts, Report, Skipped, peak_memory_bytes, stage_seconds};
use crate::runtime::{self, Running};
use crate::settings::{Input, Settings};
use crate::stage::{Stage, StageClock};

/// What is said where the small model names sounds: on sounds that it never met, its best class is YAMNet's in four or five
/// of ten (models/scatter-mini.md).
const COARSE_NAMES: &str = "The small model's names are coarse: take them as hints. With YAMNet, --labels audioset names more surely.";

/// Does one run, and says what it did.
///
/// # Errors
/// When no file could be read, or anything failed that is not one file's own fault. The dataset's folder is then
/// as it was.
pub fn run(settings: &Settings, progress: Progress) -> anyhow::Result<Report> {
    let began = Instant::now();
    let clock = StageClock::default();
    let listing = listing(&settings.input)?;
    // Before any work: a missing model would waste it.
    let Chosen { model, advice } = model::choose(settings.model.as_ref(), settings.fetch_model)?;
    let mut advice: Vec<String> = advice.into_iter().collect();
    let spec = model.spec()?;
    let model_name = spec.name.clone().unwrap_or_else(|| model.name().to_owned());
    if settings.input.is_labelled_by_class() && !hears_audioset(&spec) {
        bail!(
            "--labels audioset: the model {model_name} has no AudioSet scores; choose another rule or model"
        );
    }
    if settings.input.is_labelled_by_class() && model == Model::Mini {
        advice.push(COARSE_NAMES.to_owned());
    }
    let Running { runtime, advice: slow } = runtime::choose(settings.onnxruntime.as_deref())?;
    advice.extend(slow);
    // Without it Ctrl-C still ends the run, and the next one clears up.
    let _ = interrupt::listen(last_words(progress, settings.store != StoreChoice::Nowhere));
    let source = settings.input.number().with_context(|| unopenable(&settings.input))?;
    let folder = DatasetFolder::create(&settings.output, &settings.name, &source, settings.replace)?;
    let sha256 = model.sha256();
    let hearing = hearing(settings, &sha256, &spec);
    let (mut store, not_kept) = heard::open(&settings.store, &hearing, settings.afresh, folder.path())?;

    let readers = ReaderSettings {
        excerpt: excerpt(&spec),
        timeout: settings.file.timeout,
        max_seconds: settings.file.max_seconds,
        memory: settings.file.memory,
    };
    let tools = Tools {
        runtime: &runtime,
        model: &model,
        spec: &spec,
        jobs: settings.jobs.get(),
        readers: &readers,
        clock: &clock,
    };
    let plan = Plan::new(&settings.input, &listing)?;
    let Listing { files, skipped: mut unread, others: other_files } = listing;
    store.forget_all_but(&plan.files())?;
    let kept = plan.heard_before(&store);
    let found = {
        let files = files.len();
        let clips = settings.input.kind() == Kind::Clips;
        progress.tell(&Event::Started {
            version: EVENTS_VERSION,
            name: &settings.name,
            kind: settings.input.kind(),
            files: clips.then_some(files),
            kept,
        });
        for Skipped { file, reason } in &unread {
            progress.tell(&Event::Skipped { file, reason });
        }
        let bar = if clips {
            progress.counted("hear", "files", files as u64, kept)
        } else {
            progress.open_end("hear", "windows")
        };
        pipeline::run(&settings.input, &plan, &tools, &mut store, &bar)?
    };
    unread.extend(found.skipped);
    let planned = plan.points(&store, found.end.as_ref());
    check_enough(settings, planned.len(), &unread)?;

    let Points { rows, embeddings, classes: heard_classes, partial, notes } =
        assembly::points(&planned, found.end.as_ref(), &mut store.reader()?)?;
    let hop_samples = audio_layout(&settings.input, 0).hop_samples;
    let make_map = || map::make(embeddings, &settings.map, &clock, progress);
    let Charted { map, order, media } = match settings.input.kind() {
        Kind::Recording => charting::recording(&planned, hop_samples, make_map, &store, &folder, &clock)?,
        Kind::Clips => charting::clips(planned, hop_samples, make_map, &store, &folder, &clock)?,
    };
    let (rows, heard_classes) = (order.apply(rows), order.apply(heard_classes));
    let Media { samples: audio_samples, sprite, shades } = media;
    let bar = progress.steps("write", 3);
    let labels = metadata::labels(&settings.input, &rows, &heard_classes);
    let duplicates = DuplicateCounts::of(&map.duplicates);
    let table = metadata::columns(&settings.input, &rows, &labels, &map.duplicates);
    let columns: Vec<ColumnInfo> = table.iter().map(metadata::column_info).collect();
    let classes = spec.scores.is_some().then(|| metadata::classes(&heard_classes, &spec.classes));
    let (infos, projections) = projections(map, table, order.places(), classes);
    let published = clock.time(Stage::Write, || {
        bar.begin("projections");
        folder.write_json(PROJECTIONS_FILE, &projections)?;
        bar.step();
        bar.begin("points");
        let points = folder.write_points(&projections, &infos, &columns, &shades)?;
        bar.step();
        bar.begin("checksums");
        let mut files = BTreeMap::new();
        for name in sprite.pages.iter().map(String::as_str).chain([AUDIO_FILE, PROJECTIONS_FILE, POINTS_FILE])
        {
            files.insert(name.to_owned(), folder.facts(name)?);
        }
        bar.step();
        let config = Config {
            format_version: FORMAT_VERSION,
            name: settings.name.clone(),
            kind: settings.input.kind(),
            count: rows.len(),
            audio_file: Some(AUDIO_FILE.to_owned()),
            sprite_file: sprite.pages.first().cloned(),
            projections_file: PROJECTIONS_FILE.to_owned(),
            img_dim: sprite.tile_width,
            audio: audio_layout(&settings.input, audio_samples),
            sprite: rounded(sprite),
            model: Some(ModelInfo { name: model_name.clone(), sha256 }),
            projections: infos,
            columns,
            points: Some(points),
            files,
            created: Some(Created {
                tool: env!("CARGO_PKG_NAME").to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                source: Some(source),
            }),
        };
        folder.discard_scratch()?;
        let published = folder.publish(&config)?;
        catalogue::refresh(&settings.output)?;
        anyhow::Ok(published)
    })?;
    drop(bar);
    Ok(Report {
        name: settings.name.clone(),
        folder: published,
        kind: settings.input.kind(),
        points: rows.len(),
        files_read: if settings.input.kind() == Kind::Clips { rows.len() } else { 1 },
        points_kept: kept,
        files_partial: partial,
        files_skipped: unread,
        other_files,
        duplicates,
        unlabelled: labels.iter().filter(|label| label.id.is_empty() && label.name.is_empty()).count(),
        notes,
        model: model_name,
        advice,
        stages: stage_seconds(&clock),
        seconds: (began.elapsed().as_secs_f64() * 1_000.0).round() / 1_000.0,
        peak_memory_bytes: peak_memory_bytes(),
        kept_bytes: if store.is_kept() { store.bytes() } else { 0 },
        not_kept,
        open: open_command(settings),
    })
}

fn unopenable(input: &Input) -> String {
    format!("{} cannot be opened", input.path().display())
}

/// What is said when the run is interrupted.
fn last_words(progress: Progress, kept: bool) -> impl Fn(u8) + Send {
    move |exit_code| {
        let error = if kept {
            "interrupted; earlier maps are as they were, and the same command goes on from what was heard"
        } else {
            "interrupted; earlier maps are as they were"
        };
        progress.tell(&Event::Failed { error, exit_code });
        eprintln!("\nscatter-prep: {error}");
    }
}

/// What decides what is heard of a file.
fn hearing<'a>(settings: &'a Settings, model: &'a str, spec: &'a ModelSpec) -> Hearing<'a> {
    Hearing {
        input: settings.input.path(),
        kind: settings.input.kind(),
        hop_samples: match settings.input {
            Input::Folder { .. } => 0,
            Input::Recording { hop_samples, .. } => hop_samples,
        },
        max_seconds: settings.file.max_seconds,
        model,
        spec,
    }
}

/// What must be cut out of the sound beside the clip; nothing for a model that hears log-mel patches.
fn excerpt(spec: &ModelSpec) -> Option<Excerpt> {
    match spec.input {
        ModelInput::LogMel => None,
        ModelInput::Waveform { sample_rate, samples } => Some(Excerpt { sample_rate, samples }),
    }
}

fn hears_audioset(spec: &ModelSpec) -> bool {
    spec.scores.is_some() && spec.classes == ClassNames::AudioSet
}

fn listing(input: &Input) -> anyhow::Result<Listing> {
    let path = input.path();
    let shown = path.display();
    let metadata = std::fs::metadata(path).with_context(|| unopenable(input))?;
    match input {
        Input::Recording { .. } if metadata.is_dir() => bail!("{shown} is a folder: use -d"),
        Input::Recording { .. } if !metadata.is_file() => {
            bail!("{shown} is not a regular file (a pipe, a socket or a device): save it to a file first")
        }
        Input::Recording { .. } => Ok(Listing::default()),
        Input::Folder { .. } if !metadata.is_dir() => bail!("{shown} is a file: use -f"),
        Input::Folder { .. } => {
            std::fs::read_dir(path).with_context(|| format!("{shown} cannot be read"))?;
            let listing = list(path);
            if listing.files.is_empty() {
                bail!(
                    "{shown} holds no audio file ({} other files): is it the right folder?",
                    listing.others
                );
            }
            Ok(listing)
        }
    }
}

/// Enough to make a map of, and nothing skipped where `--strict` forbids it.
fn check_enough(settings: &Settings, points: usize, skipped: &[Skipped]) -> anyhow::Result<()> {
    let shown = settings.input.path().display();
    let reasons = || -> String {
        let rows = skipped.iter().take(10);
        rows.map(|s| format!("\n  {}: {}", Shown(&s.file), Shown(&s.reason))).collect()
    };
    if points == 0 {
        bail!("no file of {shown} could be read:{}", reasons());
    }
    if settings.strict && !skipped.is_empty() {
        bail!("{} files of {shown} cannot be read, and --strict was asked for:{}", skipped.len(), reasons());
    }
    Ok(())
}

fn projections(
    map: Map,
    table: Vec<NamedColumn>,
    order: &[u32],
    classes: Option<Classes>,
) -> (Vec<scatter_dataset::ProjectionInfo>, Projections) {
    let mut infos = Vec::new();
    let mut first = scatter_dataset::Projected { points: Vec::new(), spherical: Vec::new() };
    let mut further = BTreeMap::new();
    for (position, (info, projected)) in map.projections.into_iter().enumerate() {
        if position == 0 {
            first = projected;
        } else {
            further.insert(info.name.clone(), projected);
        }
        infos.push(info);
    }
    let projections = Projections {
        idx: order.iter().map(|&earlier| u64::from(earlier)).collect(),
        metadata: table.into_iter().map(|(name, _, column)| (name, column)).collect(),
        first,
        further,
        neighbours: map.neighbours,
        classes,
    };
    (infos, projections)
}

fn audio_layout(input: &Input, samples: u64) -> AudioLayout {
    match input {
        Input::Folder { .. } => AudioLayout::clips(samples),
        Input::Recording { hop_samples, .. } => AudioLayout::recording(*hop_samples, samples),
    }
}

fn rounded(sprite: SpriteLayout) -> SpriteLayout {
    let round = |energy: f32| round_to(f64::from(energy), 4) as f32;
    SpriteLayout { floor: round(sprite.floor), ceiling: round(sprite.ceiling), ..sprite }
}

fn open_command(settings: &Settings) -> String {
    if settings.output.as_os_str() == "data" {
        "scatter-prep serve --open".to_owned()
    } else {
        format!("scatter-prep serve --open --data {}", settings.output.display())
    }
}
