//! One misbehaviour, one outcome, and always an end.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use headwater::fetch::{FaultCode, Known, Options, Polled};

use super::{CSV, Desk, hurried, new_files, patient};
use crate::support::publisher::{Does, answer, head};

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn csv(headers: &[(&str, &str)]) -> Vec<u8> {
    answer("200 OK", headers, CSV)
}

/// Whatever the publisher does, always, leads to this fault after so many requests; and the
/// poll ends well within its time.
async fn always(what: impl Fn() -> Does + Send + Sync + 'static, code: FaultCode, requests: usize) {
    always_with(patient(), what, code, requests).await;
}

async fn always_with(options: Options, what: impl Fn() -> Does + Send + Sync + 'static, code: FaultCode, requests: usize) {
    let desk = Desk::with(options, move |_| what()).await;
    let begun = Instant::now();
    let fault = desk.poll(&desk.fixed("/x.csv"), &Known::default()).await.expect_err("a fault");
    assert_eq!(fault.code, code, "{fault}");
    assert!(fault.url.as_deref().is_some_and(|url| url.ends_with("/x.csv")), "{fault}");
    assert_eq!(desk.publisher.asked().len(), requests, "{fault}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    desk.assert_spool_holds(0);
}

#[tokio::test]
async fn an_html_page_with_200_is_no_data() {
    always(|| Does::Says(answer("200 OK", &[("Content-Type", "text/csv")], b"<!DOCTYPE html><h1>Sorry")), FaultCode::HtmlPage, 1)
        .await;
    always(|| Does::Says(answer("200 OK", &[("Content-Type", "text/html")], CSV)), FaultCode::HtmlPage, 1).await;
}

#[tokio::test]
async fn an_empty_body_is_no_data() {
    always(|| Does::Says(answer("200 OK", &[], b"")), FaultCode::EmptyBody, 1).await;
    always(|| Does::Says(head("204 No Content", &[])), FaultCode::EmptyBody, 1).await;
}

#[tokio::test]
async fn a_body_shorter_than_announced_is_tried_again_and_then_a_fault() {
    let short = || Does::Ends([head("200 OK", &[("Content-Length", "5000")]), CSV.to_vec()].concat());
    always(short, FaultCode::Truncated, 4).await;
    let chunked = || Does::Ends([head("200 OK", &[("Transfer-Encoding", "chunked")]), b"5\r\nURN,N\r\n".to_vec()].concat());
    always(chunked, FaultCode::Truncated, 4).await;
    let whole = gzip(&CSV.repeat(50));
    let cut = move || Does::Says(answer("200 OK", &[("Content-Encoding", "gzip")], &whole[..whole.len() - 20]));
    always(cut, FaultCode::Truncated, 4).await;
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again_and_then_a_fault() {
    always(|| Does::Resets(Vec::new()), FaultCode::Transport, 4).await;
    always(|| Does::Ends(Vec::new()), FaultCode::Transport, 4).await;
    always(|| Does::Resets([head("200 OK", &[("Content-Length", "5000")]), CSV.to_vec()].concat()), FaultCode::Truncated, 4)
        .await;
}

#[tokio::test]
async fn what_is_not_http_is_a_fault() {
    always(|| Does::Ends(b"ICY 200 OK\r\n\r\nnoise".to_vec()), FaultCode::Transport, 4).await;
    always(|| Does::Ends(vec![0; 3000]), FaultCode::Transport, 4).await;
    always(|| Does::Ends(head("200 OK", &[("Content-Length", "many")])), FaultCode::Transport, 4).await;
}

#[tokio::test]
async fn huge_headers_are_a_fault() {
    always(|| Does::Ends(head("200 OK", &[("X-Much", &"y".repeat(2 << 20))])), FaultCode::Transport, 4).await;
    always(|| Does::Ends(head("200 OK", &[("X-Many", "y"); 5000])), FaultCode::Transport, 4).await;
}

#[tokio::test]
async fn slow_silent_and_endless_answers_end() {
    let pause = Duration::from_millis(50);
    let drip = move || Does::Drips(head("200 OK", &[]), b"URN,".to_vec(), pause);
    let stall = || {
        Does::Drips([head("200 OK", &[("Content-Length", "99999")]), CSV.to_vec()].concat(), Vec::new(), Duration::from_secs(9))
    };
    let slow_head = move || Does::Drips(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-A: b\r\n".to_vec(), pause);
    tokio::join!(
        always_with(hurried(), drip, FaultCode::Timeout, 4),
        always_with(hurried(), || Does::IsSilent, FaultCode::Timeout, 4),
        always_with(hurried(), stall, FaultCode::Timeout, 4),
        always_with(hurried(), slow_head, FaultCode::Timeout, 4),
    );
}

/// However the times of one request are set, the poll as a whole ends.
#[tokio::test]
async fn the_poll_as_a_whole_ends() {
    let mut options = patient();
    options.poll = Duration::from_millis(300);
    options.request = Duration::from_secs(60);
    options.read = Duration::from_secs(60);
    let desk = Desk::with(options, |_| Does::IsSilent).await;
    let begun = Instant::now();
    let fault = desk.poll(&desk.fixed("/x.csv"), &Known::default()).await.expect_err("a fault");
    assert_eq!(fault.code, FaultCode::Timeout, "{fault}");
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_body_without_end_is_cut_at_the_limit() {
    let mut options = patient();
    options.body.wire = 1 << 20;
    let desk = Desk::with(options, |asked| match asked.path.as_str() {
        "/announced.csv" => Does::Says(head("200 OK", &[("Content-Length", "1073741824")])),
        _ => Does::Drips(head("200 OK", &[]), vec![b'x'; 64 << 10], Duration::ZERO),
    })
    .await;
    for path in ["/endless.csv", "/announced.csv"] {
        let fault = desk.poll(&desk.fixed(path), &Known::default()).await.expect_err("a fault");
        assert_eq!(fault.code, FaultCode::TooLarge, "{fault}");
    }
    assert_eq!(desk.publisher.asked().len(), 2);
    assert!(desk.publisher.wire() < 32 << 20, "{}", desk.publisher.wire());
    desk.assert_spool_holds(0);
}

#[tokio::test]
async fn a_gzip_bomb_does_not_go_off() {
    let bomb = gzip(&vec![0; 4 << 20]);
    let headers = [("Content-Encoding", "gzip"), ("Content-Type", "text/csv")];
    always(move || Does::Says(answer("200 OK", &headers, &bomb)), FaultCode::TooLarge, 1).await;
    always(|| Does::Says(answer("200 OK", &[("Content-Encoding", "gzip")], CSV)), FaultCode::Encoding, 1).await;
    always(|| Does::Says(answer("200 OK", &[("Content-Encoding", "br")], CSV)), FaultCode::Encoding, 1).await;
}

#[tokio::test]
async fn gzip_is_undone_and_other_content_types_do_not_matter() {
    let desk = Desk::new(|asked| {
        let kind = ("Content-Type", "application/x-something");
        Does::Says(match asked.path.as_str() {
            "/gzip.csv" => answer("200 OK", &[("Content-Encoding", "gzip"), kind], &gzip(CSV)),
            "/no-length.csv" => [head("200 OK", &[kind, ("Transfer-Encoding", "chunked")]), chunks(CSV)].concat(),
            _ => csv(&[kind]),
        })
    })
    .await;
    for path in ["/gzip.csv", "/plain.csv", "/no-length.csv"] {
        let (files, _) = new_files(desk.poll(&desk.fixed(path), &Known::default()).await);
        assert_eq!(files[0].1, CSV, "{path}");
        assert_eq!(files[0].0.file_name, &path[1..]);
    }
    desk.assert_spool_holds(3);
    assert!(desk.publisher.asked().iter().all(|asked| asked.method == "GET"));
}

fn chunks(bytes: &[u8]) -> Vec<u8> {
    let mut all: Vec<u8> =
        bytes.chunks(7).flat_map(|part| [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat()).collect();
    all.extend(b"0\r\n\r\n");
    all
}

#[tokio::test]
async fn statuses_that_may_pass_are_tried_again_and_others_not() {
    always(|| Does::Says(answer("500 Oops", &[], b"")), FaultCode::Unavailable, 4).await;
    always(|| Does::Says(answer("503 Busy", &[], b"")), FaultCode::Unavailable, 4).await;
    for status in
        ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "418 Teapot", "404 Not Found", "410 Gone", "206 Partial Content"]
    {
        always(move || Does::Says(answer(status, &[], b"")), FaultCode::Status, 1).await;
    }
    // nobody asked conditionally
    always(|| Does::Says(head("304 Not Modified", &[])), FaultCode::Status, 1).await;
}

#[tokio::test]
async fn a_server_that_recovers_is_forgiven() {
    let desk = Desk::new(|asked| match asked.before {
        0 => Does::Says(answer("503 Busy", &[], b"")),
        1 => Does::Resets(Vec::new()),
        2 => Does::Ends([head("200 OK", &[("Content-Length", "5000")]), CSV.to_vec()].concat()),
        _ => Does::Says(csv(&[])),
    })
    .await;
    let (files, _) = new_files(desk.poll(&desk.fixed("/x.csv"), &Known::default()).await);
    assert_eq!(files[0].1, CSV);
    assert_eq!(desk.publisher.asked().len(), 4);
    desk.assert_spool_holds(1);
}

#[tokio::test]
async fn retry_after_is_obeyed_in_both_forms() {
    // short: waited for
    let desk = Desk::new(|asked| match asked.before {
        0 => Does::Says(answer("429 Too Many Requests", &[("Retry-After", "1")], b"")),
        _ => Does::Says(csv(&[])),
    })
    .await;
    let begun = Instant::now();
    new_files(desk.poll(&desk.fixed("/x.csv"), &Known::default()).await);
    assert!(begun.elapsed() >= Duration::from_secs(1));
    // long: the poll ends, and says when to come back
    for (header, expected) in [
        ("3600", "2026-07-15T07:00:00Z"),
        ("Wed, 15 Jul 2026 09:30:00 GMT", "2026-07-15T09:30:00Z"),
        ("Wednesday, 15-Jul-26 09:30:00 GMT", "2026-07-15T09:30:00Z"),
    ] {
        for status in ["429 Too Many Requests", "503 Service Unavailable"] {
            let desk = Desk::new(move |_| Does::Says(answer(status, &[("Retry-After", header)], b""))).await;
            let polled = desk.poll(&desk.fixed("/x.csv"), &Known::default()).await;
            let Ok(Polled::Later { not_before, why }) = polled else { panic!("{header}: {polled:?}") };
            let late = not_before.duration_since(expected.parse().expect("a timestamp"));
            assert!((0..=25).contains(&late.as_secs()), "{header}: {not_before} {why}");
            assert_eq!(desk.publisher.asked().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_server_that_asks_for_patience_slowly_is_understood() {
    let slowly = || Does::Drips(head("503 Busy", &[("Retry-After", "3600")]), b"wait ".to_vec(), Duration::from_millis(50));
    let desk = Desk::new(move |_| slowly()).await;
    let polled = desk.poll(&desk.fixed("/x.csv"), &Known::default()).await;
    assert!(matches!(polled, Ok(Polled::Later { .. })), "{polled:?}");
}

#[tokio::test]
async fn a_host_is_asked_one_thing_at_a_time() {
    let mut options = patient();
    options.gap = Duration::from_millis(20);
    let desk = Desk::with(options, |_| Does::Thinks(Duration::from_millis(60), csv(&[]))).await;
    let begun = Instant::now();
    let (known, specs) =
        (Known::default(), [desk.fixed("/a.csv"), desk.fixed("/b.csv"), desk.fixed("/c.csv"), desk.fixed("/d.csv")]);
    let polls = specs.iter().map(|spec| desk.poll(spec, &known));
    for polled in futures_util::future::join_all(polls).await {
        new_files(polled);
    }
    assert_eq!(desk.publisher.most_open(), 1);
    assert!(begun.elapsed() >= Duration::from_millis(4 * 60 + 3 * 20));
    let agent = desk.publisher.asked()[0].header("user-agent").map(str::to_owned);
    assert_eq!(agent.as_deref(), Some("headwater/0.1 (+no-contact-configured)"));
}
