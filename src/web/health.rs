//! Is it alive, is it ready, how is it doing.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Web, read};

/// Alive means progress: every task has shown a sign of life within its own bound.
pub async fn live(State(web): State<Web>) -> Response {
    let stuck = web.options.statuses.stuck(web.options.clock.now());
    if stuck.is_empty() {
        return "ok\n".into_response();
    }
    let lines: Vec<String> = stuck.iter().map(|(task, why)| format!("task {task}: {why}\n")).collect();
    (StatusCode::SERVICE_UNAVAILABLE, lines.concat()).into_response()
}

/// Ready means that the store can be read and is up to date, and that nobody has asked to stop.
pub async fn ready(State(web): State<Web>) -> Response {
    let wrong = if web.options.stop.intake_is_stopped() {
        Some("stopping\n".to_owned())
    } else {
        match web.readers.read(read::version).await {
            Ok(version) if version == web.options.migrations => None,
            Ok(version) => Some(format!("the database has {version} migrations of {}\n", web.options.migrations)),
            Err(error) => Some(format!("{error}\n")),
        }
    };
    match wrong {
        None => "ok\n".into_response(),
        Some(why) => (StatusCode::SERVICE_UNAVAILABLE, why).into_response(),
    }
}

pub async fn metrics(State(web): State<Web>) -> Response {
    if let Ok(last) = web.readers.read(read::last).await {
        metrics::gauge!("headwater_log_sequence").set(last as f64);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], web.options.metrics.render()).into_response()
}
