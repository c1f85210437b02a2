//! The reference implementations: Python programs of `oracle/`, run on arrays in files.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use ndarray::{Array2, ArrayView2};
use ndarray_npy::{ReadNpyExt, ReadableElement, WriteNpyExt};

/// A Python that has what `oracle/requirements.txt` lists.
#[derive(Debug)]
pub struct Oracle {
    python: PathBuf,
    /// Where arrays are passed.
    folder: PathBuf,
}

impl Oracle {
    /// An oracle that passes its arrays in `folder`.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(python: PathBuf, folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { python, folder: folder.to_owned() })
    }

    /// umap-learn's map of `points`, `[points, dims]`, and the seconds it took.
    ///
    /// # Errors
    /// When Python fails.
    pub fn umap(&self, points: ArrayView2<'_, f32>, dims: usize, seed: u64) -> Result<(Array2<f32>, f64)> {
        let (map, said) = self.transform("umap_learn.py", points, &[dims.to_string(), seed.to_string()])?;
        Ok((map, said.trim().parse().context("umap_learn.py did not print its seconds")?))
    }

    /// scikit-learn's t-SNE of `points`, `[points, dims]`.
    ///
    /// # Errors
    /// When Python fails.
    pub fn tsne(&self, points: ArrayView2<'_, f32>, dims: usize, seed: u64) -> Result<Array2<f32>> {
        Ok(self.transform("tsne.py", points, &[dims.to_string(), seed.to_string()])?.0)
    }

    /// scikit-learn's principal components of `points`, `[points, dims]`.
    ///
    /// # Errors
    /// When Python fails.
    pub fn pca(&self, points: ArrayView2<'_, f32>, dims: usize) -> Result<Array2<f64>> {
        Ok(self.transform("principal_axes.py", points, &[dims.to_string()])?.0)
    }

    /// scikit-learn's trustworthiness of `map`.
    ///
    /// # Errors
    /// When Python fails.
    pub fn trustworthiness(
        &self,
        points: ArrayView2<'_, f32>,
        map: ArrayView2<'_, f32>,
        k: usize,
    ) -> Result<f64> {
        let (given, placed) = (self.put("points.npy", points)?, self.put("map.npy", map)?);
        let said =
            self.run("trustworthiness.py", &[given.as_os_str(), placed.as_os_str(), k.to_string().as_ref()])?;
        said.trim().parse().context("trustworthiness.py did not print a number")
    }

    fn transform<T: ReadableElement>(
        &self,
        program: &str,
        points: ArrayView2<'_, f32>,
        arguments: &[String],
    ) -> Result<(Array2<T>, String)> {
        let (given, taken) = (self.put("points.npy", points)?, self.folder.join("result.npy"));
        let files = [given.as_os_str(), taken.as_os_str()];
        let words: Vec<_> = files.into_iter().chain(arguments.iter().map(AsRef::as_ref)).collect();
        let said = self.run(program, &words)?;
        let file = File::open(&taken).with_context(|| format!("{program} left no result"))?;
        Ok((Array2::read_npy(file).with_context(|| format!("{program} left no array"))?, said))
    }

    fn put(&self, name: &str, points: ArrayView2<'_, f32>) -> Result<PathBuf> {
        let path = self.folder.join(name);
        let write = || -> Result<()> { Ok(points.as_standard_layout().write_npy(File::create(&path)?)?) };
        write().with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    fn run(&self, program: &str, arguments: &[&std::ffi::OsStr]) -> Result<String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle").join(program);
        let done = Command::new(&self.python)
            .arg(script)
            .args(arguments)
            .output()
            .with_context(|| format!("cannot start {}", self.python.display()))?;
        if !done.status.success() {
            bail!("{program} failed:\n{}", String::from_utf8_lossy(&done.stderr));
        }
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }
}
