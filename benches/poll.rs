//! Polls a source that answers 304, as often as told, and prints the bytes on the wire of each poll.
//! scripts/bench takes the CPU of many polls less that of none. The publisher runs in the same
//! process, so what is measured is above what the daemon spends.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use headwater::fetch::{self, Client, FetchSpec, Known, Options, Polled};
use jiff::Timestamp;

const BODY: &str = "URN,EstablishmentName\n900001,Wexcombe Primary School\n";

/// Answers on one connection: the file, or 304 to those who know its ETag.
fn serve(stream: TcpStream, wire: &AtomicU64) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut out = stream;
    loop {
        let (mut knows, mut line) = (false, String::new());
        loop {
            line.clear();
            let n = lines.read_line(&mut line)?;
            if n == 0 {
                return Ok(());
            }
            wire.fetch_add(n as u64, Ordering::SeqCst);
            knows |= line.to_ascii_lowercase().starts_with("if-none-match:");
            if line == "\r\n" {
                break;
            }
        }
        let head = "ETag: \"1\"\r\nLast-Modified: Wed, 15 Jul 2026 05:00:00 GMT\r\n";
        let answer = if knows {
            format!("HTTP/1.1 304 Not Modified\r\n{head}\r\n")
        } else {
            format!("HTTP/1.1 200 OK\r\n{head}Content-Length: {}\r\n\r\n{BODY}", BODY.len())
        };
        wire.fetch_add(answer.len() as u64, Ordering::SeqCst);
        out.write_all(answer.as_bytes())?;
    }
}

#[expect(clippy::print_stdout, reason = "a program of its own")]
fn main() -> Result<(), Box<dyn Error>> {
    let Some(polls) = std::env::args().nth(1).and_then(|n| n.parse::<u64>().ok()) else {
        println!("poll: run by scripts/bench with a number of polls");
        return Ok(());
    };
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let wire = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&wire);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let counted = Arc::clone(&counted);
            // ends with the connection
            std::thread::spawn(move || drop(serve(stream, &counted)));
        }
    });
    let spool = tempfile::tempdir()?;
    let spec = FetchSpec::Url { url: format!("http://{address}/x.csv"), hosts: vec!["127.0.0.1".to_owned()] };
    let now: Timestamp = "2026-07-15T06:00:00Z".parse()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let client = Client::new(Options::local())?;
        let Polled::New { mut known, .. } = fetch::poll(&client, &spec, &Known::default(), now, spool.path()).await? else {
            return Err("the first poll brought nothing".into());
        };
        let before = wire.load(Ordering::SeqCst);
        for n in 0..polls {
            match fetch::poll(&client, &spec, &known, now, spool.path()).await? {
                Polled::Unchanged { known: next, .. } => known = next,
                _ => return Err(format!("poll {n} did not end in `unchanged`").into()),
            }
        }
        let bytes = wire.load(Ordering::SeqCst) - before;
        println!("{polls} polls, {bytes} bytes, {} bytes a poll", bytes.checked_div(polls).unwrap_or(0));
        Ok(())
    })
}
