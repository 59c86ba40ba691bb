//! `/api/v1/alerts`: CloudEvents from the log, as they are.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::Web;
use super::read::{self, ReadError};

const USUAL: u32 = 100;
const MOST: u32 = 1000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Sequence after which the list begins.
    #[serde(default)]
    after: i64,
    limit: Option<u32>,
}

/// Alerts after a sequence, in order: `alerts`, `next` to go on after, `last` in the log.
pub async fn list(State(web): State<Web>, query: Result<Query<ListQuery>, QueryRejection>) -> Response {
    let query = match query {
        Ok(Query(query)) => query,
        Err(wrong) => return problem(StatusCode::BAD_REQUEST, &wrong.body_text()),
    };
    let limit = query.limit.unwrap_or(USUAL).clamp(1, MOST);
    let found = web.readers.read(move |db| Ok((read::after(db, query.after, limit)?, read::last(db)?))).await;
    match found {
        Ok((entries, last)) => {
            let next = entries.last().map_or(query.after, |entry| entry.seq);
            let bodies: Vec<&str> = entries.iter().map(|entry| entry.body.as_str()).collect();
            json(format!("{{\"alerts\":[{}],\"next\":{next},\"last\":{last}}}\n", bodies.join(",")))
        }
        Err(error) => failed(&error),
    }
}

/// One alert by its CloudEvents id.
pub async fn alert(State(web): State<Web>, Path(id): Path<String>) -> Response {
    match web.readers.read(move |db| read::by_id(db, &id)).await {
        Ok(Some(entry)) => ([(header::CONTENT_TYPE, "application/cloudevents+json; charset=utf-8")], entry.body).into_response(),
        Ok(None) => problem(StatusCode::NOT_FOUND, "there is no alert with that id"),
        Err(error) => failed(&error),
    }
}

pub fn json(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Problem details of RFC 9457.
pub fn problem(status: StatusCode, detail: &str) -> Response {
    let title = status.canonical_reason().unwrap_or("problem");
    let body = serde_json::json!({ "status": status.as_u16(), "title": title, "detail": detail });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], format!("{body}\n")).into_response()
}

pub fn failed(error: &ReadError) -> Response {
    tracing::error!(error = error as &dyn std::error::Error, "the log could not be read");
    problem(StatusCode::SERVICE_UNAVAILABLE, &error.to_string())
}
