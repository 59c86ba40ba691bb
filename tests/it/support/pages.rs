//! The web server on a real socket, over a folder.

use std::path::Path;
use std::time::Duration;

use headwater::runtime::{Clock, Nudge, Stop};
use headwater::telemetry::Metrics;
use headwater::web::{self, Options};
use reqwest::Response;

use super::{Folder, folder};

pub struct Pages {
    pub url: String,
    pub log_grew: Nudge,
    pub stop: Stop,
    pub client: reqwest::Client,
}

impl Pages {
    pub async fn of(folder: &Folder, set: impl FnOnce(&mut Options)) -> Pages {
        Pages::over(folder.path(), set).await
    }

    pub async fn over(folder: &Path, set: impl FnOnce(&mut Options)) -> Pages {
        headwater::fetch::install_crypto();
        let (clock, stop) = (Clock::fixed("2027-03-01T09:00:00Z".parse().unwrap()), Stop::new());
        let open: web::Open = |dir| folder::connect(dir).map_err(|error| error.to_string());
        let mut options = Options::new(folder.to_owned(), open, 0, clock, stop.clone(), Metrics::install());
        options.heartbeat = Duration::from_millis(200);
        set(&mut options);
        let log_grew = options.log_grew.clone();
        let listener = web::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(web::serve(listener, options));
        Pages { url, log_grew, stop, client: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    pub async fn text(&self, path: &str) -> String {
        self.get(path).await.text().await.unwrap()
    }
}
