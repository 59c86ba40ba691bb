//! Who may know whom, how long a file may be, that every folder opens with its story, and that the
//! documents speak of what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A module, those it may use, and what to do rather than use another. A row may name only rows
/// above it, so there are no circles.
const LAYERS: &[(&str, &[&str], &str)] = &[
    ("faults", &[], "it is what everybody reports with; it knows nothing"),
    ("toml_file", &["faults"], "it knows no file of ours: let the module that owns the file pass its type in"),
    ("model", &["faults"], "the words of the field do no work: put the work into the stage that does it"),
    ("runtime", &[], "it knows no stage and no school: give the task a function"),
    ("telemetry", &[], "it knows no stage: let the stage name its own figure"),
    ("fetch", &[], "it brings bytes and knows nothing of what is in them: pass in what it must know"),
    ("decode", &["faults"], "it makes rows and knows nothing of what they mean: give the meaning to normalise"),
    ("connector", &["faults", "toml_file", "model", "fetch", "decode"], "a manifest only says what the stages shall do"),
    ("release_gate", &["faults", "model", "connector"], "it judges what it is given: pass it in with `Incoming` or `Before`"),
    ("normalise", &["faults", "model", "decode", "connector", "release_gate"], "it is pure: pass in what is known"),
    ("register", &["faults", "toml_file", "model"], "it is pure: pass the history of a school in"),
    ("partnership", &["faults", "toml_file", "model", "register"], "it is pure: pass a school's standing and the day in"),
    ("assess", &["faults", "toml_file", "model"], "it is pure: pass a `School` and a `World` in"),
    ("alert", &["model", "register"], "it is pure: pass the concern before and the outcome in"),
    ("store", &["faults", "model", "release_gate", "normalise", "register"], "it keeps and decides nothing: decide in pipeline"),
    ("deliver", &["model", "runtime", "fetch", "store"], "it sends what the log holds: write it to the log first"),
    (
        "web",
        &["faults", "model", "register", "partnership", "runtime", "telemetry", "store", "deliver"],
        "it reads through store and changes nothing",
    ),
    (
        "config",
        &["faults", "toml_file", "connector", "fetch", "deliver", "register", "partnership"],
        "settings say how, not what happens",
    ),
    (
        "pipeline",
        &[
            "faults",
            "toml_file",
            "model",
            "runtime",
            "telemetry",
            "fetch",
            "decode",
            "connector",
            "release_gate",
            "normalise",
            "register",
            "partnership",
            "assess",
            "alert",
            "store",
            "deliver",
            "web",
            "config",
        ],
        "it joins the stages and knows neither the terminal nor the demonstration",
    ),
    ("demo", &["model", "fetch"], "it plays the world outside, which sees only files, HTTP and webhooks"),
    (
        "cli",
        &[
            "faults",
            "toml_file",
            "model",
            "runtime",
            "telemetry",
            "fetch",
            "decode",
            "connector",
            "release_gate",
            "normalise",
            "register",
            "partnership",
            "assess",
            "alert",
            "store",
            "deliver",
            "web",
            "config",
            "pipeline",
            "demo",
        ],
        "it is the outermost",
    ),
];

fn sources() -> Vec<PathBuf> {
    fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, into);
            } else if path.extension().is_some_and(|end| end == "rs") {
                into.push(path);
            }
        }
    }
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    assert!(found.len() > 100, "only {} source files found", found.len());
    found
}

fn below_src(path: &Path) -> String {
    path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap().to_str().unwrap().to_owned()
}

/// The modules that a file's code names, each with the line: comments and the tests at its end
/// left out.
fn named(text: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(4).position(|four| {
        four[0] == "#[cfg(test)]" && four[1..].iter().any(|line| line.starts_with("mod ") && line.ends_with('{'))
    });
    let mut found = Vec::new();
    for (no, line) in lines.iter().enumerate().take(tests.unwrap_or(lines.len())) {
        let code = line.split("//").next().unwrap();
        for (at, _) in code.match_indices("crate::") {
            let rest = &code[at + "crate::".len()..];
            // `use crate::{a::B, c};` on one line; rustfmt breaks it only when it is long
            let group = rest.strip_prefix('{').map(|inner| inner.split('}').next().unwrap());
            for path in group.map_or(vec![rest], |inner| inner.split(',').collect()) {
                let name: String = path.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if !name.is_empty() {
                    found.push((no + 1, name));
                }
            }
        }
    }
    found
}

#[test]
fn a_module_uses_only_what_it_may_know() {
    let may: BTreeMap<&str, (&[&str], &str)> = LAYERS.iter().map(|(name, uses, instead)| (*name, (*uses, *instead))).collect();
    let mut wrong = Vec::new();
    for path in sources() {
        let name = below_src(&path);
        let module = name.split('/').next().unwrap().trim_end_matches(".rs");
        let is_test = name.rsplit('/').next().unwrap().ends_with("tests.rs") || name.contains("/tests/");
        if ["lib", "main"].contains(&module) || is_test {
            continue;
        }
        let Some((uses, instead)) = may.get(module) else {
            wrong.push(format!("src/{name}: `{module}` has no row in LAYERS: say whom it may know"));
            continue;
        };
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("use crate::{\n"), "src/{name}: one `use crate::…` a module, so that this test can read it");
        for (line, used) in named(&text) {
            if used != module && may.contains_key(used.as_str()) && !uses.contains(&used.as_str()) {
                wrong.push(format!("src/{name}:{line}: {module} may not use {used}: {instead}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn nobody_knows_whom_knows_them() {
    let mut above = BTreeSet::new();
    for (name, uses, _) in LAYERS {
        for used in *uses {
            assert!(above.contains(used), "{name} uses {used}, which does not stand above it in LAYERS");
        }
        assert!(above.insert(*name), "{name} stands twice in LAYERS");
    }
}

#[test]
fn the_reader_of_paths_sees_them() {
    let text = "use crate::store::facts; // crate::web\nlet x = crate::model::Urn(1);\nuse crate::{alert::Alert, cli};\n\
                #[cfg(test)]\nmod tests {\nuse crate::demo::County;\n}\n";
    let found: Vec<String> = named(text).into_iter().map(|(line, name)| format!("{line} {name}")).collect();
    assert_eq!(found, ["1 store", "2 model", "3 alert", "3 cli"]);
}

#[test]
fn no_file_is_too_long_to_be_read_in_one_sitting() {
    let long: Vec<String> = sources()
        .iter()
        .map(|path| (fs::read_to_string(path).unwrap().lines().count(), below_src(path)))
        .filter(|(lines, _)| *lines > 600)
        .map(|(lines, name)| format!("src/{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "one idea a file, 600 lines at the most: {}", long.join(", "));
}

#[test]
fn every_folder_opens_with_its_story() {
    let silent: Vec<String> = sources()
        .iter()
        .filter(|path| path.file_name().is_some_and(|name| name == "mod.rs" || name == "lib.rs"))
        .filter(|path| !fs::read_to_string(path).unwrap().starts_with("//! "))
        .map(|path| below_src(path))
        .collect();
    assert!(silent.is_empty(), "say first, with //!, what it is and what it does not do: {}", silent.join(", "));
}

/// What stands between backticks in the documents for people who work on the code.
fn quoted() -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(document)).unwrap();
        for part in text.split('`').skip(1).step_by(2) {
            found.push((document, part.to_owned()));
        }
    }
    found
}

#[test]
fn the_documents_name_files_and_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (document, part) in quoted() {
        let (path, test) = part.split_once("::").map_or((part.as_str(), None), |(path, test)| (path, Some(test)));
        let ours =
            ["src/", "tests/", "config/", "connectors/", "scripts/", "benches/", "fuzz/"].iter().any(|top| path.starts_with(top));
        if !ours || path.contains(['*', ' ']) || path.contains("ID.toml") {
            continue;
        }
        seen += 1;
        match (fs::metadata(root.join(path)), test) {
            (Err(_), _) => wrong.push(format!("{document}: there is no {path}")),
            (Ok(_), Some(test)) if !fs::read_to_string(root.join(path)).unwrap().contains(&format!("fn {test}(")) => {
                wrong.push(format!("{document}: {path} has no test {test}"));
            }
            (Ok(_), _) => {}
        }
    }
    assert!(wrong.is_empty() && seen > 60, "{seen} places looked at\n{}", wrong.join("\n"));
}

#[test]
fn the_code_map_names_every_part_of_the_code() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let missing: Vec<&str> = LAYERS
        .iter()
        .map(|(name, ..)| *name)
        .filter(|name| !map.contains(&format!("`src/{name}/`")) && !map.contains(&format!("`src/{name}.rs`")))
        .collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md has no line about {}", missing.join(", "));
}
