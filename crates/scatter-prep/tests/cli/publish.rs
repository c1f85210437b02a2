//! `publish`: a folder that any host of plain files serves, whole or not at all.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use scatter_dataset::{Index, Layout};

use crate::support::{Workspace, complaint, report};

/// A workspace with two maps, a flat dataset of the original project and a small page.
fn workspace(test: &str) -> Option<Workspace> {
    let workspace = Workspace::new(test)?;
    workspace.tones();
    for name in ["bells", "birds"] {
        report(&workspace.prepare(&["-d", "sounds", "--name", name, "--json"]));
    }
    let data = workspace.path().join("data");
    fs::write(data.join("fold1_config.json"), flat()).unwrap();
    fs::write(data.join("fold1_projections.json"), r#"{"metadata":{},"projections":[[1,2,3]]}"#).unwrap();
    fs::write(data.join("thesis.doc"), b"not a map's").unwrap();
    let web = workspace.path().join("page");
    fs::create_dir_all(web.join("pkg")).unwrap();
    fs::write(web.join("index.html"), "<!doctype html>").unwrap();
    fs::write(web.join("pkg/x.wasm"), b"\0asm").unwrap();
    fs::write(web.join("pkg/.gitignore"), b"*").unwrap();
    Some(workspace)
}

fn flat() -> &'static str {
    r#"{"audioFile":"./data/fold1.flac","spriteFile":"","projectionsFile":"./data/fold1_projections.json","imgDim":150}"#
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    found
}

#[test]
fn maps_and_page_become_a_folder_that_gives_way_to_the_next() {
    let Some(workspace) = workspace("publish") else { return };
    let publish = |arguments: &[&str]| {
        let output = workspace.run(&[&["publish", "--web", "page"], arguments].concat());
        assert!(output.status.success(), "{}", complaint(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let site = workspace.path().join("out/site");
    let said = publish(&["birds", "out/site"]);
    let dataset = workspace.dataset("birds");
    let own: Vec<String> = files(&dataset.folder).iter().map(|name| format!("data/birds/{name}")).collect();
    assert!(own.len() >= 4, "{own:?}");
    let further =
        [".nojekyll", "data/index.json", "index.html", "published.json", "web/index.html", "web/pkg/x.wasm"];
    let expected: BTreeSet<String> = own.iter().cloned().chain(further.map(str::to_owned)).collect();
    assert_eq!(files(&site), expected);
    for file in &own {
        let name = file.rsplit('/').next().unwrap();
        assert_eq!(
            fs::read(site.join(file)).unwrap(),
            fs::read(dataset.folder.join(name)).unwrap(),
            "{file}"
        );
    }
    let bytes: u64 = expected.iter().map(|file| fs::metadata(site.join(file)).unwrap().len()).sum();
    let list = fs::metadata(site.join("published.json")).unwrap().len();
    let tenths = (bytes - list) / 100_000;
    let told =
        format!("published 1 map to out/site: {} files, {}.{} MB", expected.len(), tenths / 10, tenths % 10);
    assert!(said.starts_with(&told), "{said}");
    let entry = fs::read_to_string(site.join("index.html")).unwrap();
    assert!(entry.contains("url=web/index.html?dataset=birds"), "{entry}");

    // All of them, in place of it.
    publish(&["--all", "out/site"]);
    let index = Index::from_json(&fs::read(site.join("data/index.json")).unwrap()).unwrap();
    let listed: Vec<_> = index.datasets.iter().map(|e| (e.name.as_str(), e.layout)).collect();
    assert_eq!(listed, [("bells", Layout::Folder), ("birds", Layout::Folder), ("fold1", Layout::Flat)]);
    let found = files(&site);
    assert!(found.contains("data/fold1_projections.json") && !found.contains("data/thesis.doc"), "{found:?}");
    // Two, and the first one named is opened first.
    publish(&["birds", "bells", "out/site"]);
    assert!(fs::read_to_string(site.join("index.html")).unwrap().contains("dataset=birds"));
    assert!(!files(&site).contains("data/fold1_config.json"));
    assert_eq!(fs::read_dir(workspace.path().join("out")).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn what_cannot_be_published_is_said_and_what_stands_there_stays() {
    let Some(workspace) = workspace("publish_refused") else { return };
    let path = workspace.path();
    fs::create_dir_all(path.join("home/.git")).unwrap();
    fs::write(path.join("home/.git/HEAD"), b"ref").unwrap();
    fs::write(path.join("note.txt"), b"x").unwrap();
    let audio = fs::read(path.join("data/bells/audio.flac")).unwrap();
    fs::write(path.join("data/bells/audio.flac"), &audio[..audio.len() / 2]).unwrap();
    fs::create_dir(path.join("bare")).unwrap();
    let before = files(path);
    for (arguments, code, said) in [
        (&["whales", "out"][..], 1, "there is no map whales in data: there is bells, birds, fold1"),
        (&["data/birds", "out"], 1, "names no map: a folder of maps is named with --data"),
        (&["out"], 1, "name the maps, then the folder to write"),
        (&["--all", "birds", "out"], 1, "--all takes every map"),
        (&[], 2, "MAP"),
        (&["birds", "data"], 1, "lie in one another"),
        (&["birds", "data/site"], 1, "lie in one another"),
        (&["birds", "."], 1, "lie in one another"),
        (&["birds", "home"], 1, "which scatter-prep did not publish and would be lost"),
        (&["birds", "note.txt"], 1, "note.txt is no folder"),
        (&["bells", "out"], 1, "audio.flac has"),
        (&["bells", "out"], 1, "prepare this map again"),
        (&["--data", "nowhere", "birds", "out"], 1, "nowhere is no folder of maps"),
        (&["--data", "bare", "--all", "out"], 1, "there is no map in bare"),
    ] {
        let output = workspace.run(&[&["publish", "--web", "page"], arguments].concat());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", complaint(&output));
        assert!(complaint(&output).contains(said), "{arguments:?}: {}", complaint(&output));
        assert_eq!(files(path), before, "{arguments:?} left something");
    }
    let output = workspace.run(&["publish", "--web", "bare", "birds", "out"]);
    assert!(complaint(&output).contains("bare holds no index.html"), "{}", complaint(&output));
    assert_eq!(files(path), before);
}
