//! The ways in which new releases are discovered, against publishers like the real ones.

use headwater::fetch::{FaultCode, FetchSpec, Known, Polled};
use jiff::civil::date;

use super::misbehaviour::gzip;
use super::{CSV, Desk, NOW, hosts, new_files, unchanged};
use crate::support::publisher::{Asked, Does, answer, head};

/// The register: no HEAD, no validators, today's file not there until it is made.
fn register(days: &'static [&'static str]) -> impl Fn(&Asked) -> Does + Send + Sync + 'static {
    move |asked| {
        let there = days.iter().any(|day| asked.path == format!("/edubasealldata{day}.csv"));
        Does::Says(match (asked.method.as_str(), there) {
            ("GET", true) => answer("200 OK", &[("Content-Type", "text/csv")], &[CSV, asked.path.as_bytes()].concat()),
            ("GET", false) => answer(
                "404 Not Found",
                &[("Content-Type", "text/html")],
                b"<html>The resource you are looking for has been removed",
            ),
            _ => answer("500 Internal Server Error", &[], b""),
        })
    }
}

fn dated(desk: &Desk, walk_back_days: u16) -> FetchSpec {
    FetchSpec::DatedUrl { url: desk.publisher.url("/edubasealldata{yyyymmdd}.csv"), walk_back_days, hosts: hosts() }
}

#[tokio::test]
async fn todays_file_may_not_be_there_and_yesterdays_is_taken_once() {
    let desk = Desk::new(register(&["20260713", "20260714"])).await;
    let spec = dated(&desk, 5);
    let (files, known) = new_files(desk.poll(&spec, &Known::default()).await);
    assert_eq!(files[0].0.as_at, Some(date(2026, 7, 14)));
    assert_eq!(files[0].0.file_name, "edubasealldata20260714.csv");
    let (why, known) = unchanged(desk.poll(&spec, &known).await);
    assert!(why.contains("2026-07-14"), "{why}");
    let expected = ["20260715", "20260714", "20260715"].map(|day| format!("/edubasealldata{day}.csv"));
    assert_eq!(desk.publisher.paths(), expected, "a day that we have is not asked about again");
    // just after midnight in England, which is the day before in UTC
    unchanged(desk.poll_at(&spec, &known, "2026-07-15T23:30:00Z").await);
    assert_eq!(desk.publisher.paths()[3], "/edubasealldata20260716.csv");
}

#[tokio::test]
async fn a_register_without_files_is_not_there_yet() {
    let desk = Desk::new(register(&["20260709"])).await;
    let polled = desk.poll(&dated(&desk, 3), &Known::default()).await;
    let Ok(Polled::NotYet { tried, .. }) = polled else { panic!("{polled:?}") };
    assert_eq!(tried.len(), 4);
    assert!(desk.publisher.asked().iter().all(|asked| asked.method == "GET"));
}

#[tokio::test]
async fn a_corrected_file_of_the_same_day_is_found_where_the_server_has_validators() {
    let desk = Desk::new(|asked| {
        let corrected = asked.before >= 2;
        let etag = if corrected { "\"2\"" } else { "\"1\"" };
        Does::Says(match asked.header("if-none-match") {
            Some(sent) if sent == etag => head("304 Not Modified", &[("ETag", etag)]),
            _ => answer("200 OK", &[("ETag", etag)], &[CSV, etag.as_bytes()].concat()),
        })
    })
    .await;
    let spec = dated(&desk, 3);
    let (_, known) = new_files(desk.poll(&spec, &Known::default()).await);
    let (_, known) = unchanged(desk.poll(&spec, &known).await);
    let (files, known) = new_files(desk.poll(&spec, &known).await);
    assert_eq!(files[0].0.as_at, Some(date(2026, 7, 15)));
    unchanged(desk.poll(&spec, &known).await);
    assert_eq!(desk.publisher.asked().len(), 4);
}

const TITLE: &str = "Management information - state-funded schools - latest inspections as at";

fn page(files: &[(&str, &str)]) -> Vec<u8> {
    let attachments: Vec<_> = files
        .iter()
        .map(|(day, url)| serde_json::json!({ "title": format!("{TITLE} {day}"), "url": url, "content_type": "text/csv" }))
        .collect();
    let page = serde_json::json!({ "public_updated_at": "2026-07-14T23:30:00Z", "details": { "attachments": attachments } });
    serde_json::to_vec(&page).expect("json")
}

fn govuk(desk: &Desk) -> FetchSpec {
    let title_has = vec!["state-funded schools".to_owned(), "latest inspections as at".to_owned()];
    FetchSpec::GovukContent { url: desk.publisher.url("/api/content/mi"), title_has, url_ends: ".csv".to_owned(), hosts: hosts() }
}

#[tokio::test]
async fn the_newest_attachment_is_taken_and_the_page_asked_conditionally() {
    let months =
        [("31 Oct 2023", "/media/1/a.csv"), ("30 June 2026", "/media/3/mi_30_June_2026.csv"), ("31 May 2026", "/media/2/b.csv")];
    let desk = Desk::new(move |asked| match asked.path.as_str() {
        "/api/content/mi" => Does::Says(match asked.header("if-none-match") {
            Some("\"p\"") => head("304 Not Modified", &[]),
            _ => answer("200 OK", &[("ETag", "\"p\""), ("Content-Type", "application/json")], &page(&months)),
        }),
        _ => Does::Says(answer("200 OK", &[], CSV)),
    })
    .await;
    let (files, known) = new_files(desk.poll(&govuk(&desk), &Known::default()).await);
    let arrival = &files[0].0;
    assert_eq!((arrival.as_at, arrival.file_name.as_str()), (Some(date(2026, 6, 30)), "mi_30_June_2026.csv"));
    assert_eq!(arrival.published, Some(date(2026, 7, 15)), "in England");
    let before = desk.publisher.wire();
    unchanged(desk.poll(&govuk(&desk), &known).await);
    assert!(desk.publisher.wire() - before < 1000);
    assert_eq!(desk.publisher.paths(), ["/api/content/mi", "/media/3/mi_30_June_2026.csv", "/api/content/mi"]);
    desk.assert_spool_holds(1);
}

#[tokio::test]
async fn a_new_file_for_the_same_day_is_a_correction_and_an_older_page_is_none() {
    let desk = Desk::new(|asked| match (asked.path.as_str(), asked.before) {
        ("/api/content/mi", 0) => Does::Says(answer("200 OK", &[], &page(&[("30 June 2026", "/media/1/a.csv")]))),
        ("/api/content/mi", 1) => Does::Says(answer("200 OK", &[], &page(&[("30 June 2026", "/media/2/a.csv")]))),
        ("/api/content/mi", 2) => Does::Says(answer("200 OK", &[], &page(&[("31 May 2026", "/media/0/a.csv")]))),
        ("/api/content/mi", _) => {
            Does::Says(answer("200 OK", &[], &page(&[("30 June 2026", "/media/1/a.csv"), ("30 June 2026", "/media/2/a.csv")])))
        }
        (path, _) => Does::Says(answer("200 OK", &[], &[CSV, path.as_bytes()].concat())),
    })
    .await;
    let (_, known) = new_files(desk.poll(&govuk(&desk), &Known::default()).await);
    let (files, known) = new_files(desk.poll(&govuk(&desk), &known).await);
    assert!(files[0].0.url.ends_with("/media/2/a.csv"));
    let (why, known) = unchanged(desk.poll(&govuk(&desk), &known).await);
    assert!(why.contains("older"), "{why}");
    let fault = desk.poll(&govuk(&desk), &known).await.expect_err("two of one day");
    assert_eq!(fault.code, FaultCode::Ambiguous, "{fault}");
}

#[tokio::test]
async fn a_page_that_cannot_be_understood_is_a_fault() {
    let bodies: [&[u8]; 4] = [b"{\"details\":{}}", b"[]", b"{\"details\":", b"{\"details\":{\"attachments\":[{\"title\":7}]}}"];
    for body in bodies {
        let desk = Desk::new(move |_| Does::Says(answer("200 OK", &[("Content-Type", "application/json")], body))).await;
        let fault = desk.poll(&govuk(&desk), &Known::default()).await.expect_err("a fault");
        assert_eq!(fault.code, FaultCode::Listing, "{fault}");
        desk.assert_spool_holds(0);
    }
    let elsewhere = page(&[("30 June 2026", "https://evil.example/a.csv")]);
    let desk = Desk::new(move |_| Does::Says(answer("200 OK", &[], &elsewhere))).await;
    let fault = desk.poll(&govuk(&desk), &Known::default()).await.expect_err("a fault");
    assert_eq!(fault.code, FaultCode::Egress, "{fault}");
}

fn data_set(version: &str, status: &str, successor: &str) -> Vec<u8> {
    let body = format!(
        r#"{{"id":"d1","title":"Absence","status":"{status}","supersedingDataSetId":{successor},"latestVersion":{{"version":"{version}",
        "published":"2026-03-19T09:30:00Z","totalResults":9,"file":{{"id":"f"}},"timePeriods":{{"start":"2016/17","end":"2024/25"}}}}}}"#
    );
    answer("200 OK", &[("Content-Type", "application/json")], body.as_bytes())
}

fn ees(desk: &Desk) -> FetchSpec {
    FetchSpec::EesApi { url: desk.publisher.url("/statistics/"), data_set: "d1".to_owned(), hosts: hosts() }
}

#[tokio::test]
async fn a_new_version_of_a_data_set_is_fetched_and_an_old_one_costs_one_small_request() {
    let desk = Desk::new(|asked| match (asked.path.as_str(), asked.before) {
        ("/statistics/v1/data-sets/d1", 0..=1) => Does::Says(data_set("1.0", "Published", "null")),
        ("/statistics/v1/data-sets/d1", 2) => Does::Says(data_set("1.0.1", "Published", "null")),
        ("/statistics/v1/data-sets/d1", 3) => Does::Says(data_set("1.0.1", "Deprecated", "\"d2\"")),
        ("/statistics/v1/data-sets/d1", _) => Does::Says(data_set("1.0.1", "Withdrawn", "null")),
        // the gzip is stored, and sent whatever was asked for
        (path, _) => Does::Says(answer(
            "200 OK",
            &[
                ("Content-Encoding", "gzip"),
                ("Content-Type", "text/csv"),
                ("Content-Disposition", "attachment; filename=d1_v1.csv"),
            ],
            &gzip(&[CSV, path.as_bytes()].concat()),
        )),
    })
    .await;
    let (files, known) = new_files(desk.poll(&ees(&desk), &Known::default()).await);
    let arrival = &files[0].0;
    assert_eq!((arrival.version.as_deref(), arrival.period.as_deref()), (Some("1.0"), Some("2024/25")));
    assert_eq!((arrival.published, arrival.file_name.as_str()), (Some(date(2026, 3, 19)), "d1_v1.csv"));
    let before = desk.publisher.wire();
    let (_, known) = unchanged(desk.poll(&ees(&desk), &known).await);
    assert!(desk.publisher.wire() - before < 1000);
    let (files, known) = new_files(desk.poll(&ees(&desk), &known).await);
    assert!(files[0].1.ends_with(b"dataSetVersion=1.0.1"));
    let (why, known) = unchanged(desk.poll(&ees(&desk), &known).await);
    assert!(why.contains("data set d2 supersedes it"), "{why}");
    let fault = desk.poll(&ees(&desk), &known).await.expect_err("withdrawn");
    assert_eq!(fault.code, FaultCode::Withdrawn, "{fault}");
    assert_eq!(desk.publisher.asked().len(), 7);
}

#[tokio::test]
async fn a_problem_document_is_told() {
    let problem = br#"{"title":"Not allowed","status":403,"errors":[{"message":"The version is a draft.","code":"Draft"}]}"#;
    let desk =
        Desk::new(move |_| Does::Says(answer("403 Forbidden", &[("Content-Type", "application/problem+json")], problem))).await;
    let fault = desk.poll_at(&ees(&desk), &Known::default(), NOW).await.expect_err("a fault");
    assert_eq!(fault.code, FaultCode::Status);
    assert!(fault.to_string().contains("403 Forbidden: Not allowed; The version is a draft. (Draft)"), "{fault}");
}

/// The manifest was edited: what is known of the old address must not hide the new one.
#[tokio::test]
async fn another_address_in_the_manifest_is_looked_at_afresh() {
    let desk = Desk::new(|asked| {
        let page_like = asked.path.starts_with("/api/content/");
        let about = asked.path.starts_with("/statistics/") && !asked.path.contains("/csv");
        match (page_like, about) {
            (true, _) => Does::Says(answer(
                "200 OK",
                &[("ETag", "\"1\"")],
                &page(&[("30 June 2026", &format!("/media{}.csv", asked.path))]),
            )),
            (_, true) => Does::Says(data_set("1.0", "Published", "null")),
            _ => Does::Says(answer("200 OK", &[], &[CSV, asked.path.as_bytes()].concat())),
        }
    })
    .await;
    let renamed = |spec: &FetchSpec, from: &str, to: &str| {
        let text = serde_json::to_string(spec).expect("json");
        serde_json::from_str::<FetchSpec>(&text.replace(from, to)).expect("json")
    };
    for (spec, from, to) in
        [(dated(&desk, 2), "edubase", "links_edubase"), (govuk(&desk), "content/mi", "content/mi2"), (ees(&desk), "d1", "d2")]
    {
        let (_, known) = new_files(desk.poll(&spec, &Known::default()).await);
        unchanged(desk.poll(&spec, &known).await);
        let (_, known) = new_files(desk.poll(&renamed(&spec, from, to), &known).await);
        unchanged(desk.poll(&renamed(&spec, from, to), &known).await);
    }
}
