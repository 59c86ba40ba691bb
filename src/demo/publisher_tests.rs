//! The publisher's manners, over real sockets and without a client that would smooth them out.

use std::io::Read;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::demo::timeline::Expect;
use crate::demo::wexcombe;

struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

async fn ask(publisher: &Publisher, method: &str, path: &str) -> Answer {
    let mut socket = tokio::net::TcpStream::connect(publisher.address()).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", publisher.address());
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    socket.read_to_end(&mut bytes).await.unwrap();
    let split = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let headers = String::from_utf8(bytes[..split].to_vec()).unwrap().to_ascii_lowercase();
    let status = headers[9..12].parse().unwrap();
    Answer { status, headers, body: bytes[split + 4..].to_vec() }
}

async fn start(folder: &tempfile::TempDir) -> Publisher {
    Publisher::start(wexcombe().timeline.clone(), folder.path()).await.unwrap()
}

fn place(publisher: &Publisher, which: impl Fn(&Publication) -> bool) -> usize {
    publisher.publications().iter().position(which).unwrap()
}

#[tokio::test]
async fn the_register_refuses_head_and_has_no_file_before_its_day() {
    let folder = tempfile::tempdir().unwrap();
    let publisher = start(&folder).await;
    let path = "/edubase/downloads/public/edubasealldata20161003.csv";
    assert_eq!(ask(&publisher, "GET", path).await.status, 404);
    publisher.publish(1).unwrap();
    assert_eq!(ask(&publisher, "HEAD", path).await.status, 500);
    let answer = ask(&publisher, "GET", path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, publisher.publications()[0].bytes);
    assert!(!answer.headers.contains("etag") && !answer.headers.contains("last-modified"));
    assert_eq!(ask(&publisher, "GET", "/edubase/downloads/public/edubasealldata20161004.csv").await.status, 404);
}

#[tokio::test]
async fn an_error_page_of_the_register_calls_itself_a_success() {
    let folder = tempfile::tempdir().unwrap();
    let publisher = start(&folder).await;
    publisher.publish(1 + place(&publisher, |p| p.file_name == "edubasealldata20181001.csv")).unwrap();
    let answer = ask(&publisher, "GET", "/edubase/downloads/public/edubasealldata20181001.csv").await;
    assert_eq!(answer.status, 200);
    assert!(answer.headers.contains("text/html") && answer.body.starts_with(b"<!DOCTYPE html"));
}

#[tokio::test]
async fn the_content_page_lists_all_months_oldest_first_among_others() {
    let folder = tempfile::tempdir().unwrap();
    let publisher = start(&folder).await;
    publisher.publish(usize::MAX / 2).unwrap();
    let answer = ask(&publisher, "GET", PAGE).await;
    let content: Value = serde_json::from_slice(&answer.body).unwrap();
    let attachments = content["details"]["attachments"].as_array().unwrap();
    let latest: Vec<&Value> = attachments
        .iter()
        .filter(|a| a["title"].as_str().unwrap().contains("latest inspections") && a["content_type"] == "text/csv")
        .collect();
    assert_eq!(latest.len(), 7);
    assert!(attachments.len() > 2 * latest.len());
    assert!(latest[0]["title"].as_str().unwrap().ends_with("31 Aug 2019"));
    let urls: std::collections::BTreeSet<&str> = latest.iter().map(|a| a["url"].as_str().unwrap()).collect();
    assert_eq!(urls.len(), 7);
    let url = latest[6]["url"].as_str().unwrap();
    let path = &url[url.find("/media").unwrap()..];
    assert_eq!(path.split('/').nth(2).unwrap().len(), 24);
    let file = ask(&publisher, "GET", path).await;
    assert_eq!(file.body, publisher.publications().last().unwrap().bytes);
}

#[tokio::test]
async fn the_statistics_service_always_gzips_and_knows_no_validators() {
    let folder = tempfile::tempdir().unwrap();
    let publisher = start(&folder).await;
    let path = format!("/statistics/v1/data-sets/{KS4_DATA_SET}");
    assert_eq!(ask(&publisher, "GET", &path).await.status, 404);
    let at = place(&publisher, |p| matches!(p.served, Served::EesVersion { .. }));
    publisher.publish(at + 1).unwrap();
    let described: Value = serde_json::from_slice(&ask(&publisher, "GET", &path).await.body).unwrap();
    assert_eq!(described["latestVersion"]["version"], "1.0");
    let answer = ask(&publisher, "GET", &format!("{path}/csv")).await;
    assert!(answer.headers.contains("content-encoding: gzip") && !answer.headers.contains("etag"));
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(answer.body.as_slice()).read_to_end(&mut plain).unwrap();
    assert_eq!(plain, publisher.publications()[at].bytes);
}

#[tokio::test]
async fn files_for_people_land_in_the_folder_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let publisher = start(&folder).await;
    publisher.publish(usize::MAX / 2).unwrap();
    assert_eq!(publisher.out(), publisher.publications().len());
    for publication in publisher.publications() {
        let there = publisher.folder_of(publication.connector).join(&publication.file_name);
        assert_eq!(there.exists(), publication.served == Served::Folder, "{}", publication.file_name);
    }
    let empty = publisher.publications().iter().find(|p| p.bytes.is_empty()).unwrap();
    assert_eq!(empty.expect, Expect::Refused);
}
