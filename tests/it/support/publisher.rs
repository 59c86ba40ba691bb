//! A small publisher on 127.0.0.1 that can misbehave in every way: it writes raw bytes, so that
//! no well-meaning HTTP library corrects them. It counts every byte in and out.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// With the query.
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// How often this path was asked for before.
    pub before: usize,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// What the publisher does with a request.
pub enum Does {
    /// Sends these bytes and keeps the connection.
    Says(Vec<u8>),
    /// Thinks for a while, then sends these bytes and keeps the connection.
    Thinks(Duration, Vec<u8>),
    /// Sends these bytes and closes the connection.
    Ends(Vec<u8>),
    /// Sends the first bytes, then the second again and again with a pause between.
    Drips(Vec<u8>, Vec<u8>, Duration),
    /// Says nothing, and keeps the connection open.
    IsSilent,
    /// Breaks the connection with a TCP reset, after these bytes.
    Resets(Vec<u8>),
}

/// Stops when dropped.
pub struct Publisher {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

type Handler = Box<dyn Fn(&Asked) -> Does + Send + Sync>;

struct Shared {
    handler: Handler,
    asked: Mutex<Vec<Asked>>,
    wire: AtomicU64,
    open: AtomicU64,
    most_open: AtomicU64,
}

impl Publisher {
    pub async fn start(handler: impl Fn(&Asked) -> Does + Send + Sync + 'static) -> Publisher {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            handler: Box::new(handler),
            asked: Mutex::default(),
            wire: AtomicU64::new(0),
            open: AtomicU64::new(0),
            most_open: AtomicU64::new(0),
        });
        let serving = Arc::clone(&shared);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&serving)));
            }
        });
        Publisher { address, shared, accepting }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Everything asked for so far, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().expect("not poisoned").clone()
    }

    pub fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }

    /// Bytes received and sent so far, without TCP and IP headers.
    pub fn wire(&self) -> u64 {
        self.shared.wire.load(Ordering::SeqCst)
    }

    /// Most requests that were being answered at the same time.
    pub fn most_open(&self) -> u64 {
        self.shared.most_open.load(Ordering::SeqCst)
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// An answer with its Content-Length.
pub fn answer(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let length = body.len().to_string();
    let mut headers = headers.to_vec();
    headers.push(("Content-Length", &length));
    [head(status, &headers), body.to_vec()].concat()
}

/// Status line and headers only.
pub fn head(status: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status}\r\n{lines}\r\n").into_bytes()
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    let mut unread = Vec::new();
    while let Some(text) = request(&mut stream, &mut unread, &shared).await {
        let asked = {
            let mut all = shared.asked.lock().expect("not poisoned");
            let asked = parse(&text, &all);
            all.push(asked.clone());
            asked
        };
        let open = shared.open.fetch_add(1, Ordering::SeqCst) + 1;
        shared.most_open.fetch_max(open, Ordering::SeqCst);
        let keep = act(&mut stream, (shared.handler)(&asked), &shared).await;
        shared.open.fetch_sub(1, Ordering::SeqCst);
        if !keep {
            return;
        }
    }
}

/// Reads one request without a body.
async fn request(stream: &mut TcpStream, unread: &mut Vec<u8>, shared: &Shared) -> Option<String> {
    loop {
        if let Some(end) = unread.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = unread.split_off(end + 4);
            let text = String::from_utf8_lossy(unread).into_owned();
            *unread = rest;
            return Some(text);
        }
        let mut part = [0; 4096];
        let n = stream.read(&mut part).await.ok().filter(|n| *n > 0)?;
        shared.wire.fetch_add(n as u64, Ordering::SeqCst);
        unread.extend_from_slice(&part[..n]);
    }
}

fn parse(text: &str, all: &[Asked]) -> Asked {
    let mut lines = text.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let method = first.next().unwrap_or_default().to_owned();
    let path = first.next().unwrap_or_default().to_owned();
    let headers = lines.filter_map(|line| line.split_once(':')).map(|(k, v)| (k.to_lowercase(), v.trim().to_owned())).collect();
    let before = all.iter().filter(|asked| asked.path == path).count();
    Asked { method, path, headers, before }
}

/// Whether the connection is kept.
async fn act(stream: &mut TcpStream, does: Does, shared: &Shared) -> bool {
    match does {
        Does::Says(bytes) => send(stream, &bytes, shared).await,
        Does::Thinks(pause, bytes) => {
            tokio::time::sleep(pause).await;
            send(stream, &bytes, shared).await
        }
        Does::Ends(bytes) => {
            send(stream, &bytes, shared).await;
            let _ = stream.shutdown().await;
            false
        }
        Does::Drips(first, again, pause) => {
            let mut open = send(stream, &first, shared).await;
            while open {
                open = send(stream, &again, shared).await;
                tokio::time::sleep(pause).await;
            }
            false
        }
        Does::IsSilent => {
            // until the other side has had enough
            let _ = stream.read(&mut [0; 1]).await;
            false
        }
        Does::Resets(bytes) => {
            send(stream, &bytes, shared).await;
            let _ = stream.set_zero_linger();
            false
        }
    }
}

async fn send(stream: &mut TcpStream, bytes: &[u8], shared: &Shared) -> bool {
    shared.wire.fetch_add(bytes.len() as u64, Ordering::SeqCst);
    stream.write_all(bytes).await.is_ok()
}
