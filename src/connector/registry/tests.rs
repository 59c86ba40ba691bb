use super::*;

fn file<'f>(files: &'f [(PathBuf, String)], name: &str) -> &'f str {
    &files.iter().find(|(path, _)| path.ends_with(name)).unwrap().1
}

/// Loads the embedded files with one of them edited.
fn with(name: &str, edit: impl Fn(&str) -> String) -> Result<Registry, Faults> {
    let mut files = embedded::files();
    for (path, text) in &mut files {
        if path.ends_with(name) {
            *text = edit(text);
        }
    }
    Registry::load(&files)
}

fn told(result: Result<Registry, Faults>) -> String {
    result.map(|_| "accepted".to_owned()).unwrap_or_else(|faults| faults.to_string())
}

#[test]
fn everything_that_comes_with_the_program_is_sound() {
    let registry = Registry::embedded().unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(registry.connectors.len(), embedded::FILES.len() - 1);
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("connectors");
    let names = |files: Vec<(PathBuf, String)>| {
        files.iter().filter_map(|(path, _)| path.file_stem().map(ToOwned::to_owned)).collect::<Vec<_>>()
    };
    let embedded: Vec<_> = embedded::files().into_iter().filter(|(path, _)| path.starts_with("connectors")).collect();
    assert_eq!(names(toml_files(&folder).unwrap()), names(embedded));
}

#[test]
fn every_measure_is_read_from_somewhere() {
    let registry = Registry::embedded().unwrap();
    let read = |id: &str| registry.connectors.values().flat_map(|c| &c.layout).any(|layout| layout.columns.contains_key(id));
    let unread: Vec<&str> = registry.measures.ids().filter(|id| !read(id)).collect();
    assert!(unread.is_empty(), "{unread:?}");
}

#[test]
fn faults_of_several_files_come_together() {
    let mut files = embedded::files();
    for (path, text) in &mut files {
        if path.ends_with("absence.toml") {
            *text = text.replace("publisher =", "publsher =");
        }
        if path.ends_with("workforce.toml") {
            *text = text.replace("workforce.mean-salary", "workforce.mean-salery");
        }
    }
    let faults = Registry::load(&files).unwrap_err().to_string();
    assert!(faults.contains("connectors/absence.toml:3: publsher: there is no such key (did you mean `publisher`?)"), "{faults}");
    assert!(faults.contains("there is no measure `workforce.mean-salery` (did you mean `workforce.mean-salary`?)"), "{faults}");
}

#[test]
fn parts_that_do_not_fit_are_refused_with_their_line() {
    let cases: &[(&str, &str, &str, &str)] = &[
        (
            "gias-links.toml",
            "id = \"gias-links\"",
            "id = \"gias-link\"",
            "gias-links.toml:1: id: `gias-link` is not the file's name",
        ),
        ("gias-links.toml", "20 6,12 * * *", "35 6,12 * *", "schedule: `35 6,12 * *` has 4 fields"),
        ("gias-links.toml", "20 6,12 * * *", "75 6,12 * * *", "is not a schedule"),
        ("gias-links.toml", "20 6,12 * * *", "35 6,12 * * 1", "days of the week by name"),
        ("gias-links.toml", "{yyyymmdd}", "{ddmmyy}", "fetch.url: only {yyyymmdd}"),
        ("gias-links.toml", "{yyyymmdd}", "", "fetch.url: there is no day in it"),
        ("gias-links.toml", "hosts = [\"ea-", "hosts = [\"eb-", "the address's own host `ea-edubase-api-prod.azurewebsites.net`"),
        ("gias-links.toml", "stage = \"as-at\"", "stage = \"final\"", "stage: files as at a day have no other stage"),
        ("gias-links.toml", "dates = [\"dd-mm-yyyy\"]", "dates = [\"d-m-y\"]", "`d-m-y` is not a date pattern"),
        ("gias-links.toml", "from = [\"LinkName\"]", "from = [\"LinkType\"]", "column `LinkType` is read for"),
        (
            "gias-links.toml",
            "\"links.other\", \"links.type\"]",
            "\"links.othr\"]",
            "layout.0.require: this layout does not read `links.othr`",
        ),
        ("gias-groups.toml", "from = [\"Group Name\"]", "from = [\"Head of Group Title\"]", "listed as personal"),
        (
            "sector-establishments.toml",
            "\"HeadFirstName\", \"HeadLastName\",",
            "",
            "column `HeadLastName` is about a person: list it under `personal` too",
        ),
        ("sector-establishments.toml", "\"Vacant\", ", "\" - \", ", "a phrase in `vacant` is empty"),
        ("sector-establishments.toml", "\"sector.trust\" = 0.05", "\"sector.trst\" = 0.05", "did you mean `sector.trust`?"),
        ("sector-establishments.toml", "\"sector.trust\" = 0.05", "\"sector.trust\" = 5", "`5` is not a share"),
        (
            "gias-groups.toml",
            "subject = \"group\"",
            "subject = \"group\"\nregister = 3",
            "a register describes schools as at a day",
        ),
        ("ks2-performance.toml", "area = \"england/all\"", "area = \"england\"", "`england` is not an area"),
        (
            "ks2-performance.toml",
            "area = \"england/all\"",
            "skip = \"x\", area = \"england/all\"",
            "either the figure of an `area` or one to `skip`",
        ),
        ("ks2-performance.toml", "shape = \"tidy\"", "shape = \"wide\"", "`where` is for tidy layouts"),
        ("ks2-performance.toml", "periods = \"2015/16..\"", "periods = \"2015\"", "`2015` is not a span of years"),
        ("ks2-performance.toml", "\"2\" = \"special\"", "\"2\" = \"specal\"", "`specal` is not a value of this measure"),
        ("ks2-performance.toml", "[5.0, 99.0]", "[99.0, 5.0]", "the first figure should be below the second"),
        ("ks2-performance.toml", "rows-fall = 0.2", "rows-fall = 20", "`20` is not a share"),
        (
            "ks2-performance.toml",
            "missing-max = 0.5",
            "missing-mx = 0.5",
            "gate.missing-mx: there is no such key (did you mean `missing-max`?)",
        ),
        (
            "ks4-performance.toml",
            "performance-tables-provisional",
            "performance-tables",
            "two layouts called `performance-tables`",
        ),
        (
            "absence.toml",
            "periods = \"2015/16..\"",
            "periods = \"2000/01..\"",
            "`performance-tables` above it is always taken first",
        ),
        ("absence.toml", "kind = \"folder\"", "kind = \"foldr\"", "did you mean `folder`?"),
        ("measures.toml", "cohort = \"ks4.p8-pupils\"", "cohort = \"ks4.p8-pupil\"", "there is no measure `ks4.p8-pupil`"),
        ("measures.toml", "published = [\"2016/17..", "published = [\"2016..", "is not a span of years"),
        ("measures.toml", "kind = \"category\"", "kind = \"text\"", "only a category has values"),
    ];
    for (name, from, to, expected) in cases {
        let embedded = embedded::files();
        assert!(file(&embedded, name).contains(from), "{name} has no `{from}` any more");
        let faults = told(with(name, |text| text.replacen(from, to, 1)));
        assert!(faults.contains(expected), "{name}: {from} -> {to}: {faults}");
        assert!(faults.lines().all(|fault| fault.split(':').nth(1).is_some_and(|line| line.parse::<u32>().is_ok())), "{faults}");
    }
}

#[test]
fn an_id_that_two_files_use_is_refused() {
    let mut files = embedded::files();
    let text = file(&files, "gias-links.toml").to_owned();
    files.push((PathBuf::from("local/gias-links.toml"), text));
    assert!(told(Registry::load(&files)).contains("`gias-links` is the id of connectors/gias-links.toml too"));
}

/// No misspelt key slips through, wherever it stands.
#[test]
fn a_misspelt_key_is_always_refused() {
    let keys = ["cadence", "stage", "kind", "url", "hosts", "header-has", "rows-min", "overlap-min", "name", "recognise", "key"];
    let keys = [&keys[..], &["year", "shape", "rows", "markers", "require", "from", "recode", "dates", "where", "when", "skip"]]
        .concat();
    let mut random = fastrand::Rng::with_seed(20_261_122);
    let files = embedded::files();
    let mut tried = 0;
    while tried < 200 {
        let (path, text) = &files[random.usize(1..files.len())];
        let key = keys[random.usize(..keys.len())];
        let places: Vec<usize> = text.match_indices(&format!("{key} = ")).map(|(at, _)| at).collect();
        let bounded = |at: &usize| *at == 0 || !text.as_bytes()[at - 1].is_ascii_graphic();
        let places: Vec<usize> = places.into_iter().filter(bounded).collect();
        if places.is_empty() {
            continue;
        }
        tried += 1;
        let at = places[random.usize(..places.len())] + random.usize(..key.len());
        let (before, after) = text.split_at(at);
        let wrong = format!("{before}j{}", if random.bool() { &after[1..] } else { after });
        let line = u32::try_from(before.matches('\n').count()).unwrap() + 1;
        let Err(faults) = Registry::load(&[files[0].clone(), (path.clone(), wrong.clone())]) else {
            panic!("{}:{line}: accepted {:?}", path.display(), wrong.lines().nth(line as usize - 1));
        };
        assert!(faults.0.iter().any(|fault| fault.line == Some(line)), "{key} in line {line}: {faults}");
    }
}

/// A mutated manifest is refused, or it is the same manifest, or one that still passes every
/// check; it never makes the reader panic.
#[test]
fn mutated_manifests_are_refused_or_sound() {
    let mut random = fastrand::Rng::with_seed(20_261_121);
    let files = embedded::files();
    let sound = Registry::embedded().unwrap();
    let (mut refused, mut same, mut other) = (0, 0, 0);
    for round in 0..200 {
        let (path, text) = &files[random.usize(1..files.len())];
        match Registry::load(&[files[0].clone(), (path.clone(), mutate(text, &mut random))]) {
            Err(faults) => {
                assert!(!faults.0.is_empty(), "round {round}");
                assert!(faults.0.iter().all(|fault| fault.file == *path), "round {round}: {faults}");
                refused += 1;
            }
            Ok(registry) if registry.connectors.iter().all(|(id, manifest)| sound.connectors.get(id) == Some(manifest)) => {
                same += 1;
            }
            Ok(_) => other += 1,
        }
    }
    // texts for people, header names and limits may change and still be sound
    assert!(refused >= 80 && refused + same + other == 200, "refused {refused}, same {same}, other {other}");
}

fn mutate(text: &str, random: &mut fastrand::Rng) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let sound: Vec<usize> = (0..lines.len()).filter(|n| !lines[*n].trim().is_empty()).collect();
    let n = sound[random.usize(..sound.len())];
    match random.usize(..6) {
        0 => drop(lines.remove(n)),
        1 => lines.insert(n, lines[n].clone()),
        2 => {
            let m = sound[random.usize(..sound.len())];
            lines.swap(n, m);
        }
        3 => {
            let at = random.usize(..=lines[n].chars().count());
            lines[n] = lines[n].chars().take(at).collect();
        }
        4 => {
            let at = random.usize(..lines[n].chars().count());
            let new = random.choice("aZ9=\"[]{},.-# \u{fc}".chars().collect::<Vec<_>>()).unwrap_or('x');
            lines[n] = lines[n].chars().enumerate().map(|(i, c)| if i == at { new } else { c }).collect();
        }
        _ => {
            let at = random.usize(..lines[n].chars().count());
            lines[n] = lines[n].chars().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c).collect();
        }
    }
    lines.join("\n")
}
