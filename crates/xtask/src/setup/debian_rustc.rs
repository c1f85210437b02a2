//! A compiler for wasm32-unknown-unknown without rustup: Debian's `rustc-web`, unpacked into a folder of its own, with
//! the standard library built once from `rust-web-src`.
//!
//! Nothing of it is installed in the system, where it would replace the machine's own compiler.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::apt;
use crate::process;

/// The oldest compiler the workspace builds with.
const OLDEST: (u32, u32) = (1, 95);

/// Whether the folder holds a finished compiler. It gets its name only when whole; its linker is the machine's own and
/// may have gone since.
pub fn is_whole(folder: &Path) -> bool {
    folder.join("bin/rustc").is_file() && linker(folder).is_ok_and(|linker| linker.is_file())
}

/// Fetches, unpacks and builds into a folder beside the final one, then renames it.
///
/// # Errors
/// When apt does not offer a compiler new enough, or a step fails; nothing is left behind then.
pub fn build(folder: &Path, own_sysroot: &Path) -> Result<()> {
    let version = apt::candidate("rustc-web")?;
    let Some(release) = release(&version).filter(|release| (release.major, release.minor) >= OLDEST) else {
        bail!("apt offers rustc-web {version}, older than {}.{}", OLDEST.0, OLDEST.1);
    };
    println!("setup: setting up Debian's compiler for the web {version} (137 MB, takes a minute or two)");
    let parent = folder.parent().context("the cache folder has no parent")?;
    let temporary = parent.join(format!(".wasm-rustc-{}", std::process::id()));
    let built = fs::create_dir_all(&temporary)
        .with_context(|| format!("cannot make the folder {}", temporary.display()))
        .and_then(|()| assemble(&temporary, &version, &release, own_sysroot))
        .and_then(|()| {
            if folder.exists() {
                fs::remove_dir_all(folder)?;
            }
            fs::rename(&temporary, folder).with_context(|| format!("cannot write {}", folder.display()))
        });
    if built.is_err() {
        // The reason is on its way up; half a compiler is of no use.
        let _ = fs::remove_dir_all(&temporary);
    }
    built
}

/// A release of Rust, as in `1.96.0`.
#[derive(Debug, PartialEq, Eq)]
struct Release {
    major: u32,
    minor: u32,
    text: String,
}

fn assemble(folder: &Path, version: &str, release: &Release, own_sysroot: &Path) -> Result<()> {
    let std_package = format!("libstd-rust-web-{}.{}", release.major, release.minor);
    let llvm = apt::depends(&format!("{std_package}={version}"))?
        .into_iter()
        .find(|name| name.starts_with("libllvm"))
        .with_context(|| format!("{std_package} names no LLVM"))?;
    unpack(folder, version, release, &std_package, &llvm)?;
    for program in ["rustc", "clippy-driver"] {
        write_launcher(folder, program)?;
    }
    let rustc = folder.join("bin/rustc");
    if !process::works(&rustc, &["--version"]) {
        // A slim system lacks the libraries that LLVM needs in turn; its package brings them.
        apt::install(&[&llvm])?;
        process::output(Command::new(&rustc).arg("--version"))?;
    }
    let linker = linker(folder)?;
    let host = own_sysroot.join("lib/rustlib").join(host()?).join("bin/rust-lld");
    if !host.is_file() {
        bail!("this machine's Rust has no {}; install Rust by rustup", host.display());
    }
    fs::create_dir_all(linker.parent().context("no folder for the linker")?)?;
    symlink(&host, &linker)?;
    build_std(folder, release)
}

fn unpack(folder: &Path, version: &str, release: &Release, std_package: &str, llvm: &str) -> Result<()> {
    let archives = folder.join("debs");
    fs::create_dir_all(&archives)?;
    let ours = ["rustc-web", std_package, "libstd-rust-web-dev", "rust-web-clippy", "rust-web-src"];
    let mut packages: Vec<String> = ours.iter().map(|name| format!("{name}={version}")).collect();
    packages.push(llvm.to_owned());
    apt::download(&archives, &packages)?;
    for entry in fs::read_dir(&archives)? {
        let archive = entry?.path();
        let is_source =
            archive.file_name().is_some_and(|name| name.to_string_lossy().starts_with("rust-web-src"));
        // Of the source only the library is wanted: a tenth of it.
        let what = if is_source { source(Path::new("./"), release) } else { "--exclude=./usr/share".into() };
        let mut reader = Command::new("dpkg-deb")
            .arg("--fsys-tarfile")
            .arg(&archive)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .context("cannot start `dpkg-deb`")?;
        let tar = reader.stdout.take().context("`dpkg-deb` gives no output")?;
        process::run(Command::new("tar").args(["-x", "-C"]).arg(folder).arg(what).stdin(tar))?;
        // tar may close its input before the padding is read, and dpkg-deb then complains: tar's word counts.
        reader.wait()?;
    }
    Ok(fs::remove_dir_all(&archives)?)
}

/// A launcher that finds the libraries beside it, wherever the folder is.
fn write_launcher(folder: &Path, program: &str) -> Result<()> {
    let libraries = format!("$root/usr/lib/{}", multiarch()?);
    let launcher = folder.join("bin").join(program);
    fs::create_dir_all(folder.join("bin"))?;
    let script = format!(
        "#!/bin/sh\nroot=$(cd \"${{0%/*}}/..\" && pwd)\n\
         LD_LIBRARY_PATH={libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}} exec \"$root/usr/bin/{program}\" \"$@\"\n"
    );
    fs::write(&launcher, script)?;
    Ok(fs::set_permissions(&launcher, fs::Permissions::from_mode(0o755))?)
}

/// Builds the standard library with its own lock file, as the distribution of Rust does.
fn build_std(folder: &Path, release: &Release) -> Result<()> {
    let built = folder.join("std-target");
    let manifest = source(folder, release).join("sysroot/Cargo.toml");
    let mut cargo = process::cargo();
    // The caller's settings are for the caller's build.
    for name in ["CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_TARGET"]
    {
        cargo.env_remove(name);
    }
    cargo
        .current_dir(folder)
        .env("RUSTC", folder.join("bin/rustc"))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zforce-unstable-if-unmarked -Cembed-bitcode=yes")
        .env("CARGO_INCREMENTAL", "0")
        .args([
            "build",
            "--quiet",
            "--release",
            "--locked",
            "--target=wasm32-unknown-unknown",
            "--manifest-path",
        ])
        .arg(&manifest)
        .arg("--target-dir")
        .arg(&built);
    process::run(&mut cargo)?;
    let libraries = folder.join("usr/lib/rustlib/wasm32-unknown-unknown/lib");
    fs::create_dir_all(&libraries)?;
    for entry in fs::read_dir(built.join("wasm32-unknown-unknown/release/deps"))? {
        let path = entry?.path();
        if let (Some(name), Some("rlib")) = (path.file_name(), path.extension().and_then(|e| e.to_str())) {
            fs::copy(&path, libraries.join(name))?;
        }
    }
    fs::remove_dir_all(built)?;
    Ok(fs::remove_dir_all(folder.join("usr/src"))?)
}

fn source(root: &Path, release: &Release) -> PathBuf {
    PathBuf::from(format!(
        "{}/usr/src/rustc-{}/library",
        root.display().to_string().trim_end_matches('/'),
        release.text
    ))
}

fn linker(folder: &Path) -> Result<PathBuf> {
    Ok(folder.join("usr/lib/rustlib").join(host()?).join("bin/rust-lld"))
}

/// The machine's own target, as Rust calls it. Debian builds for GNU.
fn host() -> Result<&'static str> {
    match std::env::consts::ARCH {
        "x86_64" => Ok("x86_64-unknown-linux-gnu"),
        "aarch64" => Ok("aarch64-unknown-linux-gnu"),
        other => bail!("Debian's compiler for the web is not known for {other}"),
    }
}

/// The machine's own target, as Debian names library folders.
fn multiarch() -> Result<String> {
    Ok(host()?.replace("-unknown", ""))
}

/// Reads `1.96.0` out of `1.96.0+dfsg1-1~deb12u2`.
fn release(version: &str) -> Option<Release> {
    let text = version.split(['+', '-', '~']).next()?;
    let mut numbers = text.split('.').map(str::parse);
    match (numbers.next()?, numbers.next()?) {
        (Ok(major), Ok(minor)) => Some(Release { major, minor, text: text.to_owned() }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_read_out_of_debians_version() {
        let read = release("1.96.0+dfsg1-1~deb12u2").unwrap();
        assert_eq!((read.major, read.minor, read.text.as_str()), (1, 96, "1.96.0"));
        assert_eq!(release("1.100.2-3").unwrap().minor, 100);
        assert_eq!(release("unknown"), None);
    }

    #[test]
    fn a_launcher_works_after_its_folder_was_renamed() {
        let parent = tempfile::tempdir().unwrap();
        let (before, after) = (parent.path().join("a b"), parent.path().join("c d"));
        fs::create_dir_all(before.join("usr/bin")).unwrap();
        write_launcher(&before, "rustc").unwrap();
        let inner = before.join("usr/bin/rustc");
        fs::write(&inner, "#!/bin/sh\necho \"$1 $LD_LIBRARY_PATH\"\n").unwrap();
        fs::set_permissions(&inner, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(&before, &after).unwrap();
        let said = process::output(Command::new(after.join("bin/rustc")).arg("hello")).unwrap();
        let expected = format!("hello {}/usr/lib/", after.canonicalize().unwrap().display());
        assert!(said.starts_with(&expected), "{said} does not start with {expected}");
    }
}
