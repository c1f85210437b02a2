//! A large table comes while its map is seen already.

use scatter_dataset::{Config, Parts, PointsStream, PointsTable, Projections};

use super::app::{App, Shared, Shown};
use super::fetch::{Download, Size};
use super::load::Progress;
use super::start::tell_loading;
use super::{controls, legend};
use crate::columns::Attributes;
use crate::layouts::Layouts;
use crate::trouble::Trouble;

/// Below this nothing is seen before all is there: it takes no longer than the page itself.
const SMALL: u64 = 4 << 20;
/// Largest table: of the ten million points that a dataset may have.
const MOST: u64 = 4_000_000_000;

/// What the page says while the rest comes.
pub const STAGE: &str = "Loading the table";

/// What is there of a dataset.
pub struct Arrived {
    pub config: Config,
    pub data: Projections,
    /// Mean shade of each point's tile.
    pub levels: Option<Vec<u8>>,
    /// What is still to come.
    pub rest: Option<Rest>,
}

/// The part of a table that is still to come.
pub struct Rest {
    config: Config,
    table: PointsTable,
    stream: PointsStream,
    parts: Parts,
    download: Download,
}

/// Reads `table`, at `address`, until the map of `config` can be drawn, or to its end if it is small.
///
/// # Errors
/// [`Trouble`] when it cannot be fetched, or is not as the configuration says.
pub async fn open(
    config: Config,
    table: PointsTable,
    address: &str,
    progress: Progress<'_>,
) -> Result<Arrived, Trouble> {
    let size = config.files.get(&table.file).map(|facts| facts.bytes);
    let download = Download::begin(address, Size::of(size, MOST)).await?;
    let (stream, drawable) = (PointsStream::new(table.clone()), table.drawable());
    let mut rest = Rest { config, table, stream, parts: Parts::default(), download };
    let waits = size.is_some_and(|size| size > SMALL) && drawable > 0;
    let mut whole = 0;
    while !waits || whole < drawable {
        match rest.step().await? {
            Some(columns) => whole += columns,
            None => return rest.whole(),
        }
        progress(rest.download.length, size);
    }
    let (config, data) = rest.parts.drawable(&rest.table.file, &rest.config)?;
    let levels = rest.levels();
    Ok(Arrived { config, data, levels, rest: Some(rest) })
}

impl Rest {
    /// Takes the next bytes; gives the number of columns that became whole by them, `None` at the end of the file.
    async fn step(&mut self) -> Result<Option<usize>, Trouble> {
        let Some(bytes) = self.download.next().await? else { return Ok(None) };
        self.stream.push(&bytes.to_vec())?;
        let finished = self.stream.take();
        let count = finished.len();
        for (column, values) in finished {
            self.parts.add(&self.table.columns[column].part, values)?;
        }
        Ok(Some(count))
    }

    fn levels(&self) -> Option<Vec<u8>> {
        (!self.parts.levels.is_empty()).then(|| self.parts.levels.clone())
    }

    fn whole(self) -> Result<Arrived, Trouble> {
        let levels = self.levels();
        let data = self.parts.whole(&self.table, &self.config)?;
        Ok(Arrived { config: self.config, data, levels, rest: None })
    }

    /// Reads to the end.
    async fn read(mut self, mut progress: impl FnMut(u64, Option<u64>)) -> Result<Arrived, Trouble> {
        let size = self.config.files.get(&self.table.file).map(|facts| facts.bytes);
        while self.step().await?.is_some() {
            progress(self.download.length, size);
        }
        self.whole()
    }
}

/// Takes in the rest of the table, and says how far it is.
pub async fn complete(app: &Shared, rest: Rest) {
    app.borrow_mut().table_comes = true;
    tell_loading(&app.borrow().page, STAGE, 0, None);
    let arrived = rest.read(|n, all| tell_loading(&app.borrow().page, STAGE, n, all)).await;
    let mut app = app.borrow_mut();
    app.table_comes = false;
    app.page.sound_loading.set_hidden(true);
    match arrived {
        Ok(Arrived { config, data, .. }) => app.complete(config, data),
        Err(trouble) => app.page.note(&format!("Only a part of the table is there. {trouble}")),
    }
}

impl App {
    /// The whole table is there: everything that offers a choice of it is filled anew, and what was chosen stays.
    fn complete(&mut self, config: Config, data: Projections) {
        let asked = self.asked_view();
        let (attributes, layouts) = (Attributes::of(&config, &data), Layouts::of(&config, &data));
        let has_tiles = self.shown.as_ref().is_some_and(|shown| shown.has_tiles);
        self.shown = Some(Shown { config, data, attributes, layouts, has_tiles });
        self.tools.finder.forget();
        self.open_tags();
        self.show_link(&asked);
        controls::fill(self);
        self.open_table_of_dataset();
        legend::fill(self);
        self.describe_again();
        self.refresh_player();
    }
}
