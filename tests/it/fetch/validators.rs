//! Conditional requests: the server's own validators, and servers whose validators lie.

use headwater::fetch::Known;

use super::{CSV, Desk, NOW, new_files, unchanged};
use crate::support::publisher::{Asked, Does, answer, head};

const LATER: &str = "2026-07-15T07:00:00Z";
const A_FORTNIGHT_ON: &str = "2026-07-29T06:00:00Z";

fn honest(asked: &Asked) -> Does {
    const ETAG: &str = "W/\"0x8DC:1\"";
    const DAY: &str = "Wed, 15 Jul 2026 05:00:00 GMT";
    let same = asked.header("if-none-match") == Some(ETAG) && asked.header("if-modified-since") == Some(DAY);
    let headers = [("ETag", ETAG), ("Last-Modified", DAY)];
    Does::Says(if same { head("304 Not Modified", &headers) } else { answer("200 OK", &headers, CSV) })
}

#[tokio::test]
async fn an_unchanged_poll_costs_less_than_a_kilobyte() {
    let desk = Desk::new(honest).await;
    let spec = desk.fixed("/x.csv");
    let (_, known) = new_files(desk.poll(&spec, &Known::default()).await);
    let before = desk.publisher.wire();
    let (why, same) = unchanged(desk.poll_at(&spec, &known, LATER).await);
    let wire = desk.publisher.wire() - before;
    assert!(wire < 1000, "{wire} bytes");
    assert!(why.contains("not modified"), "{why}");
    assert_eq!(same, known);
    println!("an unchanged poll: {wire} bytes on the wire");
}

#[tokio::test]
async fn what_is_known_survives_being_written_down() {
    let desk = Desk::new(honest).await;
    let (_, known) = new_files(desk.poll(&desk.fixed("/x.csv"), &Known::default()).await);
    let text = serde_json::to_string(&known).expect("json");
    assert_eq!(serde_json::from_str::<Known>(&text).expect("json"), known);
    assert_eq!(serde_json::from_str::<Known>("{}").expect("json"), Known::default());
}

#[tokio::test]
async fn validators_go_to_the_url_that_they_came_from_only() {
    let desk = Desk::new(honest).await;
    let (_, known) = new_files(desk.poll(&desk.fixed("/x.csv"), &Known::default()).await);
    unchanged(desk.poll(&desk.fixed("/y.csv"), &known).await);
    assert_eq!(desk.publisher.asked()[1].header("if-none-match"), None);
}

#[tokio::test]
async fn the_same_bytes_with_200_are_unchanged() {
    let desk = Desk::new(|asked| Does::Says(answer("200 OK", &[("ETag", &format!("\"{}\"", asked.before))], CSV))).await;
    let spec = desk.fixed("/x.csv");
    let (_, known) = new_files(desk.poll(&spec, &Known::default()).await);
    let (why, after) = unchanged(desk.poll_at(&spec, &known, LATER).await);
    assert!(why.contains("bytes"), "{why}");
    assert_eq!(after.validators.etag.as_deref(), Some("\"1\""), "the newest validator is kept");
    desk.assert_spool_holds(1);
}

#[tokio::test]
async fn an_etag_that_lies_is_found_out_and_not_believed_again() {
    // other bytes from the third answer on, always the same ETag
    let desk = Desk::new(|asked| {
        let body = if asked.before < 2 { CSV.to_vec() } else { [CSV, b"900003,Lower Wexcombe School,990\n"].concat() };
        match asked.header("if-none-match") {
            Some("\"1\"") => Does::Says(head("304 Not Modified", &[("ETag", "\"1\"")])),
            _ => Does::Says(answer("200 OK", &[("ETag", "\"1\"")], &body)),
        }
    })
    .await;
    let spec = desk.fixed("/x.csv");
    let (_, known) = new_files(desk.poll_at(&spec, &Known::default(), NOW).await);
    let (_, known) = unchanged(desk.poll_at(&spec, &known, LATER).await);
    let (files, known) = new_files(desk.poll_at(&spec, &known, A_FORTNIGHT_ON).await);
    assert_eq!(files[0].1.len(), CSV.len() + 33);
    assert!(known.validators_lie);
    // from now on the hash alone decides
    let (why, known) = unchanged(desk.poll_at(&spec, &known, A_FORTNIGHT_ON).await);
    assert!(why.contains("bytes"), "{why}");
    assert!(known.validators_lie);
    let conditional: Vec<bool> = desk.publisher.asked().iter().map(|asked| asked.header("if-none-match").is_some()).collect();
    assert_eq!(conditional, [false, true, false, false]);
}
