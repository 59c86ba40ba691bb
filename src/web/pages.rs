//! Pages for people: the alerts, newest first, and one alert with its evidence down to the cell.

mod alert;
mod frame;
mod list;
mod school;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::Web;
use super::answers::{self, About, Days, NoAnswer};
use super::read::{self, ReadError};
use super::school::School;

/// Alerts on one page.
const PAGE: u32 = 50;

#[derive(Debug, Deserialize)]
pub struct ListQuery {
    before: Option<i64>,
    urn: Option<u32>,
}

pub async fn list(State(web): State<Web>, query: Result<Query<ListQuery>, QueryRejection>) -> Response {
    let Ok(Query(ListQuery { before, urn })) = query else {
        return sorry(StatusCode::BAD_REQUEST, "The address of this page is not complete", "Go back to the list of alerts.");
    };
    let found = web.readers.read(move |db| {
        // one more than shown, to know whether there are older ones
        Ok((read::before(db, before.unwrap_or(i64::MAX), urn, PAGE + 1)?, read::last(db)?))
    });
    match found.await {
        Ok((entries, last)) => list::page(&entries, PAGE as usize, before, urn, last).into_response(),
        Err(error) => unreadable(&error),
    }
}

pub async fn alert(State(web): State<Web>, Path(id): Path<String>) -> Response {
    let found = web.readers.read(move |db| {
        let Some(entry) = read::by_id(db, &id)? else { return Ok(None) };
        let others = read::before(db, i64::MAX, Some(entry.urn), 200)?;
        Ok(Some((entry, others)))
    });
    match found.await {
        Ok(Some((entry, others))) => alert::page(&entry, &others).into_response(),
        Ok(None) => sorry(StatusCode::NOT_FOUND, "There is no such alert", "Its id may have been copied incompletely."),
        Err(error) => unreadable(&error),
    }
}

pub async fn school(State(web): State<Web>, Path(urn): Path<String>, query: Result<Query<Days>, QueryRejection>) -> Response {
    let asked = query.map_err(|wrong| wrong.body_text()).and_then(|Query(days)| days.question(About::School, urn));
    let question = match asked {
        Ok(question) => question,
        Err(wrong) => return sorry(StatusCode::BAD_REQUEST, "This cannot be asked", &wrong),
    };
    let urn = question.id.parse().ok();
    let body = match answers::answer(&web, question).await {
        Ok(Ok(body)) => body,
        Ok(Err(NoAnswer::Wrong(why))) => return sorry(StatusCode::BAD_REQUEST, "This cannot be asked", &why),
        Ok(Err(NoAnswer::Nothing(why))) => return sorry(StatusCode::NOT_FOUND, "Nothing is known about this school", &why),
        Ok(Err(NoAnswer::Failed(why))) => {
            tracing::error!(why, "a school could not be shown");
            return sorry(StatusCode::SERVICE_UNAVAILABLE, "The data cannot be read at the moment", &why);
        }
        Err(error) => return unreadable(&error),
    };
    match (School::read(&body), web.readers.read(move |db| read::before(db, i64::MAX, urn, 200)).await) {
        (Ok(school), Ok(log)) => school::page(&school, &log).into_response(),
        (Err(error), _) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the answer about a school cannot be shown");
            sorry(StatusCode::INTERNAL_SERVER_ERROR, "This school cannot be shown", "What is known of it is at /api/v1/schools.")
        }
        (_, Err(error)) => unreadable(&error),
    }
}

pub async fn nothing_here() -> Response {
    sorry(StatusCode::NOT_FOUND, "There is no such page", "The list of alerts is at the start.")
}

fn unreadable(error: &ReadError) -> Response {
    tracing::error!(error = error as &dyn std::error::Error, "the log could not be read for a page");
    sorry(StatusCode::SERVICE_UNAVAILABLE, "The data cannot be read at the moment", &error.to_string())
}

fn sorry(status: StatusCode, what: &str, more: &str) -> Response {
    let body = maud::html! { h1 { (what) } p { (more) } };
    (status, frame::frame(what, body)).into_response()
}
