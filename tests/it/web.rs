//! Pages, API and health over a real socket.

use std::time::Duration;

use headwater::runtime::{Again, Clock, Stop, Task, Tasks};

use crate::support::{Folder, Pages};

#[tokio::test]
async fn a_hostile_school_name_is_shown_and_does_nothing() {
    let folder = Folder::new();
    folder.log(&[900_001, 900_002, 900_001]);
    let pages = Pages::of(&folder, |_| {}).await;
    for path in ["/", "/?urn=900001", "/alerts/00000000000000000000000000000001"] {
        let answer = pages.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"));
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
        let page = answer.text().await.unwrap();
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;alert(1)&lt;/script&gt; =HYPERLINK("), "{path}");
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"en-GB\">") && page.contains("<h1>") && page.contains("<caption>"));
        assert!(!page.contains(" href=\"http"));
    }
    let list = pages.text("/").await;
    let place = |seq: i64| list.find(&format!("/alerts/{seq:032x}")).unwrap();
    assert!(place(3) < place(2) && place(2) < place(1), "newest first");
    assert!(!pages.text("/?urn=900002").await.contains("/alerts/00000000000000000000000000000001"));
}

#[tokio::test]
async fn the_page_of_an_alert_leads_to_the_cell() {
    let folder = Folder::new();
    folder.log(&[900_001, 900_001]);
    let pages = Pages::of(&folder, |_| {}).await;
    let page = pages.text("/alerts/00000000000000000000000000000001").await;
    let hash = "ab".repeat(32);
    for shown in [
        "the overall judgement is requires improvement or worse",
        "Overall effectiveness",
        "212",
        "-0.61 to -0.12",
        "ofsted as-at 2026-05-31 v1",
        hash.as_str(),
        "row 17, column <code>Overall effectiveness</code>, which reads <code>3</code></td>",
        "Stuck school",
        "new release",
        "Other alerts of this concern",
        "/alerts/00000000000000000000000000000002",
    ] {
        assert!(page.contains(shown), "{shown}\n{page}");
    }
    for missing in ["/alerts/none", "/nothing", "/?before=soon"] {
        let answer = pages.get(missing).await;
        assert!(answer.status().is_client_error());
        assert!(answer.text().await.unwrap().contains("<h1>"), "{missing}");
    }
}

#[tokio::test]
async fn the_list_goes_on_page_by_page_and_the_api_sequence_by_sequence() {
    let folder = Folder::new();
    folder.log(&[900_001; 120]);
    let pages = Pages::of(&folder, |_| {}).await;
    let (mut path, mut shown) = ("/".to_owned(), 0);
    loop {
        let page = pages.text(&path).await;
        shown += page.matches(">Evidence<").count() - 1;
        let Some(older) = page.split("<a href=\"").find(|part| part.contains(">Older<")) else { break };
        path = older.split('"').next().unwrap().replace("&amp;", "&");
    }
    assert_eq!(shown, 120);

    let (mut after, mut seqs) = (0, Vec::new());
    loop {
        let part: serde_json::Value =
            serde_json::from_str(&pages.text(&format!("/api/v1/alerts?after={after}&limit=50")).await).unwrap();
        assert_eq!(part["last"], 120);
        let alerts = part["alerts"].as_array().unwrap();
        seqs.extend(alerts.iter().map(|alert| alert["sequence"].as_str().unwrap().parse::<i64>().unwrap()));
        after = part["next"].as_i64().unwrap();
        if alerts.is_empty() {
            break;
        }
    }
    assert_eq!(seqs, (1..=120).collect::<Vec<i64>>());
    let one = pages.get("/api/v1/alerts/00000000000000000000000000000007").await;
    assert_eq!(one.headers()["content-type"], "application/cloudevents+json; charset=utf-8");
    assert_eq!(one.text().await.unwrap(), crate::support::folder::body(7, 900_001));
    assert_eq!(pages.get("/api/v1/alerts?after=x").await.status(), 400);
    assert_eq!(pages.get("/api/v1/alerts?limt=3").await.status(), 400);
    assert_eq!(pages.get("/api/v1/alerts/none").await.status(), 404);
}

#[tokio::test]
async fn a_name_that_was_made_to_point_here_gets_nothing() {
    let folder = Folder::new();
    folder.log(&[900_001]);
    let pages = Pages::of(&folder, |_| {}).await;
    for (host, status) in [("evil.example", 421), ("127.0.0.1.evil.example:80", 421), ("localhost:1234", 200), ("[::1]", 200)] {
        for path in ["/", "/api/v1/alerts", "/metrics"] {
            let answer = pages.client.get(format!("{}{path}", pages.url)).header("host", host).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{host}{path}");
            assert!(status == 200 || !answer.text().await.unwrap().contains("900001"));
        }
    }
}

#[tokio::test]
async fn alive_means_progress_and_ready_means_up_to_date() {
    let (folder, clock, stop) = (Folder::new(), Clock::fixed("2027-03-01T09:00:00Z".parse().unwrap()), Stop::new());
    let mut tasks = Tasks::new(clock.clone(), stop.clone());
    let task = Task::intake("poll").at_once().within(Duration::from_secs(60));
    tasks.spawn(task, |_| std::future::pending::<Result<Again, String>>());
    let (statuses, time) = (tasks.statuses(), clock.clone());
    let pages = Pages::of(&folder, |options| (options.statuses, options.clock) = (statuses, time)).await;
    while tasks.statuses().read()["poll"].running.is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(pages.get("/livez").await.status(), 200);
    clock.advance(Duration::from_secs(61));
    let answer = pages.get("/livez").await;
    assert_eq!(answer.status(), 503);
    assert!(answer.text().await.unwrap().contains("task poll: running without a sign of life for 61 s"));

    assert_eq!(pages.get("/readyz").await.status(), 200);
    folder.open().pragma_update(None, "user_version", 9).unwrap();
    let answer = pages.get("/readyz").await;
    assert_eq!(answer.status(), 503);
    assert!(answer.text().await.unwrap().contains("9 migrations of 0"));
    folder.log(&[900_001, 900_001]);
    let text = pages.text("/metrics").await;
    assert!(text.contains("headwater_log_sequence"), "{text}");
    stop.everything();
}
