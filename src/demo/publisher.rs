//! A publisher on this machine that behaves as the real ones do, their bad manners included.
//!
//! - The register: one file a day under a URL with the day in it; `HEAD` answers 500, a day whose
//!   file is not there (yet) answers 404, and there are no validators.
//! - GOV.UK: a content page that lists all months, oldest first, among other attachments, whose
//!   assets have another id each time.
//! - Explore Education Statistics: a data set with versions; its CSV is always gzipped, whatever
//!   the client accepts, and has no validators either.
//! - A folder into which a person puts what they downloaded.
//!
//! What is visible is decided by [`Publisher::publish`]: the publisher's clock is that of the demo.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path as UrlPath, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use jiff::civil::Date;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::spoil;
use super::timeline::{KS4_DATA_SET, Publication, Served};
use crate::fetch::FetchSpec;

const PAGE: &str =
    "/api/content/government/statistical-data-sets/monthly-management-information-ofsteds-school-inspections-outcomes";
const DOWNLOADS: &str = "/edubase/downloads/public";
const STATISTICS: &str = "/statistics";

/// A running publisher; it stops when dropped.
#[derive(Debug)]
pub struct Publisher {
    shelf: Arc<Shelf>,
    address: SocketAddr,
    folder: PathBuf,
    server: JoinHandle<()>,
}

/// What has been written and how much of it is out.
#[derive(Debug)]
struct Shelf {
    all: Vec<Publication>,
    out: AtomicUsize,
    base: String,
}

impl Publisher {
    /// Listens on a free port of 127.0.0.1. Nothing is visible yet. Files for people to put down
    /// go below `folder`.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn start(all: Vec<Publication>, folder: &Path) -> std::io::Result<Publisher> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shelf = Arc::new(Shelf { all, out: AtomicUsize::new(0), base: format!("http://{address}") });
        let app = Router::new()
            .route(&format!("{DOWNLOADS}/{{file}}"), any(download))
            .route(PAGE, get(page))
            .route("/media/{id}/{file}", get(asset))
            .route(&format!("{STATISTICS}/v1/data-sets/{{id}}"), get(data_set))
            .route(&format!("{STATISTICS}/v1/data-sets/{{id}}/versions"), get(versions))
            .route(&format!("{STATISTICS}/v1/data-sets/{{id}}/csv"), get(data_set_csv))
            .fallback(async || not_found())
            .with_state(shelf.clone());
        #[expect(clippy::disallowed_methods, reason = "the publisher plays the world outside and ends with the demonstration")]
        let server = tokio::spawn(async move {
            // ends only with the listener
            let _ = axum::serve(listener, app).await;
        });
        Ok(Publisher { shelf, address, folder: folder.to_owned(), server })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn publications(&self) -> &[Publication] {
        &self.shelf.all
    }

    /// How many publications are out.
    pub fn out(&self) -> usize {
        self.shelf.out.load(Ordering::SeqCst)
    }

    /// Makes the next `n` publications visible and returns them; those for the folder are put
    /// there, whole or not at all.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn publish(&self, n: usize) -> std::io::Result<&[Publication]> {
        let before = self.out();
        let after = (before + n).min(self.shelf.all.len());
        let fresh = &self.shelf.all[before..after];
        for publication in fresh.iter().filter(|p| p.served == Served::Folder) {
            let folder = self.folder_of(publication.connector);
            std::fs::create_dir_all(&folder)?;
            let unfinished = folder.join(format!(".{}.part", publication.file_name));
            std::fs::write(&unfinished, &publication.bytes)?;
            std::fs::rename(&unfinished, folder.join(&publication.file_name))?;
        }
        self.shelf.out.store(after, Ordering::SeqCst);
        Ok(fresh)
    }

    /// Where files of a connector are put down.
    pub fn folder_of(&self, connector: &str) -> PathBuf {
        self.folder.join(connector)
    }

    /// The `[fetch]` block under which a connector finds this publication here.
    pub fn fetch_spec(&self, publication: &Publication) -> FetchSpec {
        let base = &self.shelf.base;
        let hosts = vec!["127.0.0.1".to_owned()];
        match &publication.served {
            Served::DatedUrl { .. } => {
                let stem = publication.file_name.trim_end_matches(".csv").trim_end_matches(|c: char| c.is_ascii_digit());
                FetchSpec::DatedUrl { url: format!("{base}{DOWNLOADS}/{stem}{{yyyymmdd}}.csv"), walk_back_days: 7, hosts }
            }
            Served::GovukAttachment { .. } => FetchSpec::GovukContent {
                url: format!("{base}{PAGE}"),
                title_has: vec!["state-funded".to_owned(), "latest inspections".to_owned()],
                url_ends: ".csv".to_owned(),
                hosts,
            },
            Served::EesVersion { .. } => {
                FetchSpec::EesApi { url: format!("{base}{STATISTICS}"), data_set: KS4_DATA_SET.to_owned(), hosts }
            }
            Served::Folder => FetchSpec::Folder {
                path: self.folder_of(publication.connector).to_string_lossy().into_owned(),
                files: "*.csv*".to_owned(),
            },
        }
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shelf {
    /// Publications that are out, oldest first.
    fn visible(&self) -> &[Publication] {
        &self.all[..self.out.load(Ordering::SeqCst)]
    }

    fn attachments(&self) -> Vec<(String, &Publication)> {
        let visible = self.visible().iter().enumerate();
        visible.filter(|(_, p)| matches!(p.served, Served::GovukAttachment { .. })).map(|(n, p)| (asset_id(n), p)).collect()
    }

    fn versions(&self) -> Vec<(&'static str, &Publication)> {
        let version = |p: &Publication| if let Served::EesVersion { version } = p.served { Some(version) } else { None };
        self.visible().iter().filter_map(|p| Some((version(p)?, p))).collect()
    }
}

type On = State<Arc<Shelf>>;

async fn download(State(shelf): On, method: Method, UrlPath(file): UrlPath<String>) -> Response {
    if method == Method::HEAD {
        return (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, "text/html")], "").into_response();
    }
    if method != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let found = shelf.visible().iter().find(|p| matches!(p.served, Served::DatedUrl { .. }) && p.file_name == file);
    match found {
        // a page instead of the file still calls itself a success
        Some(p) if p.bytes.starts_with(b"<!DOCTYPE") => ([(header::CONTENT_TYPE, "text/html")], p.bytes.clone()).into_response(),
        Some(p) => ([(header::CONTENT_TYPE, "application/octet-stream")], p.bytes.clone()).into_response(),
        None => not_found(),
    }
}

async fn page(State(shelf): On) -> Response {
    let mut attachments = vec![
        attachment(
            &shelf.base,
            "Management information - schools - 1 September 2015 to 31 August 2019",
            "5f6b4b76d3bf7f72337b6ef7",
            "csv",
        ),
        attachment(&shelf.base, "Guidance on using this management information", "5f6b4b76d3bf7f72337b6e00", "odt"),
    ];
    for (id, publication) in shelf.attachments() {
        let Served::GovukAttachment { title } = &publication.served else { continue };
        let day = publication.period;
        let to_date =
            format!("Management information - state-funded schools - all inspections - year to date published by {day}");
        attachments.push(attachment(&shelf.base, &to_date, &format!("{}a", &id[..23]), "csv"));
        attachments.push(attachment(&shelf.base, title, &format!("{}b", &id[..23]), "xlsx"));
        attachments.push(attachment(&shelf.base, title, &id, "csv"));
    }
    let updated = shelf.visible().iter().map(|p| p.published).max().map(|day: Date| format!("{day}T09:30:00Z"));
    let content = json!({
        "base_path": PAGE.trim_start_matches("/api/content"),
        "document_type": "statistical_data_set",
        "title": "Monthly management information: Ofsted's school inspections outcomes",
        "public_updated_at": updated,
        "updated_at": updated,
        "details": { "attachments": attachments },
    });
    ([(header::CACHE_CONTROL, "max-age=300, public")], axum::Json(content)).into_response()
}

fn attachment(base: &str, title: &str, id: &str, extension: &str) -> Value {
    let filename = format!("{}.{extension}", title.replace(' ', "_"));
    let content_type = match extension {
        "csv" => "text/csv",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/vnd.oasis.opendocument.text",
    };
    json!({
        "attachment_type": "file",
        "title": title,
        "url": format!("{base}/media/{id}/{filename}"),
        "filename": filename,
        "content_type": content_type,
        "id": filename,
    })
}

async fn asset(State(shelf): On, UrlPath((id, _file)): UrlPath<(String, String)>) -> Response {
    match shelf.attachments().into_iter().find(|(asset, _)| *asset == id) {
        Some((_, publication)) => ([(header::CONTENT_TYPE, "text/csv")], publication.bytes.clone()).into_response(),
        None => not_found(),
    }
}

/// 24 hexadecimal digits, another for each release.
fn asset_id(n: usize) -> String {
    format!("68{:08x}ce5{:011x}", (n + 1) * 48_271, n * n * 7_919 + 1_000_003)
}

async fn data_set(State(shelf): On, UrlPath(id): UrlPath<String>) -> Response {
    let versions = shelf.versions();
    let Some((version, publication)) = versions.last().filter(|_| id == KS4_DATA_SET) else { return problem() };
    axum::Json(json!({
        "id": id,
        "title": "Key stage 4 performance: schools",
        "summary": "Performance of schools at the end of key stage 4",
        "status": "Published",
        "supersedingDataSetId": null,
        "latestVersion": {
            "version": version,
            "published": format!("{}T09:30:00Z", publication.published),
            "totalResults": publication.rows.all(),
            "file": { "id": format!("84ee3cc9-21bf-44d8-89fd-{:012}", versions.len()) },
            "timePeriods": { "start": publication.period.to_string(), "end": publication.period.to_string() },
            "geographicLevels": ["School"],
            "filters": ["Breakdown", "Sex"],
            "indicators": ["Average Progress 8 score"],
        },
    }))
    .into_response()
}

async fn versions(State(shelf): On, UrlPath(id): UrlPath<String>) -> Response {
    let versions = shelf.versions();
    if versions.is_empty() || id != KS4_DATA_SET {
        return problem();
    }
    let results: Vec<Value> = versions
        .iter()
        .rev()
        .map(|(version, p)| {
            json!({
                "version": version, "type": "Major", "status": "Published",
                "published": format!("{}T09:30:00Z", p.published), "notes": "",
                "release": { "title": format!("Academic year {}", p.period), "slug": p.period.to_string().replace('/', "-") },
            })
        })
        .collect();
    let paging = json!({ "page": 1, "pageSize": 10, "totalPages": 1, "totalResults": results.len() });
    axum::Json(json!({ "paging": paging, "results": results })).into_response()
}

async fn data_set_csv(State(shelf): On, UrlPath(id): UrlPath<String>) -> Response {
    let versions = shelf.versions();
    let Some((version, publication)) = versions.last().filter(|_| id == KS4_DATA_SET) else { return problem() };
    let Ok(packed) = spoil::gzip(&publication.bytes) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let disposition = format!("attachment; filename=\"{id}_v{version}.csv\"");
    Response::builder()
        .header(header::CONTENT_TYPE, "text/csv")
        .header(header::CONTENT_ENCODING, "gzip")
        .header(header::CONTENT_DISPOSITION, disposition)
        .header("x-robots-tag", "noindex")
        .body(Body::from(packed))
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn problem() -> Response {
    let body = json!({ "title": "Not Found", "type": "https://tools.ietf.org/html/rfc9110#section-15.5.5", "status": 404, "errors": [] });
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

fn not_found() -> Response {
    let page = "<!DOCTYPE html><html><body>The resource you are looking for has been removed.</body></html>";
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

#[cfg(test)]
#[path = "publisher_tests.rs"]
mod tests;
