//! https with a certificate authority made for the test by the `openssl` program.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use headwater::fetch::{self, Client, FaultCode, FetchFault, FetchSpec, Known, Options, Polled};

use super::{CSV, hosts, new_files, patient};

/// A server with a certificate for 127.0.0.1, and the file of the authority that signed it.
struct Server {
    process: Child,
    /// Held open: the server would die of writing to a closed pipe.
    output: BufReader<ChildStdout>,
    port: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn openssl(folder: &Path, arguments: &str) -> Option<()> {
    let mut command = Command::new("openssl");
    command.current_dir(folder).args(arguments.split(' ')).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().ok().filter(|status| status.success()).map(|_| ())
}

/// None where there is no `openssl`, or too old a one.
fn server(folder: &Path) -> Option<Server> {
    let ec = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    std::fs::write(folder.join("x.csv"), CSV).ok()?;
    std::fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1").ok()?;
    let ca = "-addext basicConstraints=critical,CA:TRUE";
    openssl(folder, &format!("req -x509 {ec} -keyout ca.key -out ca.pem -days 2 -subj /CN=Wexcombe {ca}"))?;
    openssl(folder, &format!("req {ec} -keyout s.key -out s.csr -subj /CN=publisher"))?;
    openssl(folder, "x509 -req -in s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out s.pem -extfile names")?;
    let mut command = Command::new("openssl");
    command.current_dir(folder).args("s_server -accept 127.0.0.1:0 -cert s.pem -key s.key -WWW".split(' '));
    let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let output = BufReader::new(process.stdout.take()?);
    let mut server = Server { process, output, port: String::new() };
    // it says where it listens: `ACCEPT 127.0.0.1:40123`
    while server.port.is_empty() {
        let mut line = String::new();
        server.output.read_line(&mut line).ok().filter(|n| *n > 0)?;
        if line.starts_with("ACCEPT") {
            server.port = line.trim().rsplit(':').next()?.to_owned();
        }
    }
    Some(server)
}

async fn poll(options: Options, server: &Server, spool: &Path) -> Result<Polled, FetchFault> {
    let client = Client::new(options)?;
    let spec = FetchSpec::Url { url: format!("https://127.0.0.1:{}/x.csv", server.port), hosts: hosts() };
    fetch::poll(&client, &spec, &Known::default(), super::NOW.parse().expect("a timestamp"), spool).await
}

#[tokio::test]
async fn a_certificate_is_believed_when_its_authority_is_and_only_then() {
    let (folder, spool) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let Some(server) = server(folder.path()) else {
        println!("skipped: no usable openssl program is installed");
        return;
    };
    let known_authority = Options { ca_file: Some(folder.path().join("ca.pem")), ..patient() };
    let (files, _) = new_files(poll(known_authority, &server, spool.path()).await);
    assert_eq!(files[0].1, CSV);
    let fault = poll(patient(), &server, spool.path()).await.expect_err("nobody vouches for it");
    assert_eq!(fault.code, FaultCode::Transport, "{fault}");
    assert!(fault.what.contains("UnknownIssuer"), "{fault}");
    let no_certificate = Options { ca_file: Some(folder.path().join("x.csv")), ..patient() };
    let fault = poll(no_certificate, &server, spool.path()).await.expect_err("not a certificate");
    assert_eq!(fault.code, FaultCode::Settings, "{fault}");
}
