//! The pages in a real browser, where there is one: they are understood, fit a telephone, and run
//! nothing that a school's name might bring along.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{Folder, Pages};

/// The page as the browser holds it after loading, at this width; none without a browser.
async fn dom(url: &str, width: u32) -> Option<String> {
    let profile = tempfile::tempdir().unwrap();
    let mut command = Command::new("chromium");
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]);
    command.args(["--disable-component-update", "--disable-sync", "--timeout=20000", "--dump-dom"]);
    command.arg(format!("--user-data-dir={}", profile.path().display())).arg(format!("--window-size={width},900")).arg(url);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let done = tokio::task::spawn_blocking(move || child.wait_with_output());
    let done = tokio::time::timeout(Duration::from_secs(60), done).await.expect("the browser hangs").unwrap().unwrap();
    Some(String::from_utf8(done.stdout).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_shows_the_pages_and_runs_nothing() {
    let folder = Folder::new();
    folder.log(&[900_001, 900_002]);
    let pages = Pages::of(&folder, |_| {}).await;
    for (path, words) in [("/", "newest first"), ("/alerts/00000000000000000000000000000001", "What the rule asks")] {
        let Some(page) = dom(&format!("{}{path}", pages.url), 500).await else {
            println!("pages in a browser: skipped, there is no chromium on this machine");
            return;
        };
        assert!(page.contains(words) && page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{path}: {page}");
        // what a parser would have made of a name that is not escaped
        assert!(!page.contains("<script") && !page.contains("<a href=\"http"), "{path}: {page}");
    }
}
