//! One process of the program, from its start to its end or its death.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Where the daemon that lives now serves; none while there is no such daemon.
pub type Address = Arc<Mutex<Option<String>>>;

pub struct Life {
    child: Child,
    born: Instant,
    /// Everything said on standard error.
    saying: JoinHandle<String>,
    address: Address,
}

/// How it ended.
#[derive(Debug)]
pub enum End {
    /// The kill found it alive.
    Killed,
    Exited {
        code: i32,
        after: Duration,
        said: String,
    },
}

impl Life {
    /// Starts a process; `address` is told when it says that it is ready.
    pub fn start(command: &mut Command, address: Address) -> Life {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (born, stderr, tell) = (Instant::now(), child.stderr.take().unwrap(), address.clone());
        let saying = std::thread::spawn(move || listen(stderr, &tell));
        Life { child, born, saying, address }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL after a while, whatever it is doing.
    pub fn kill_after(self, delay: Duration) -> End {
        // the instant of the kill is what is drawn; nothing is waited for
        std::thread::sleep(delay);
        self.end(|child| child.kill().unwrap())
    }

    /// Asks a daemon to stop, and waits until it has.
    pub fn stop(self) -> End {
        self.end(|child| {
            let id = child.id().to_string();
            assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        })
    }

    fn end(mut self, how: impl FnOnce(&mut Child)) -> End {
        how(&mut self.child);
        let status = self.child.wait().unwrap();
        let after = self.born.elapsed();
        *self.address.lock().unwrap() = None;
        let said = self.saying.join().unwrap();
        assert!(!said.contains("panicked"), "{said}");
        match (status.signal(), status.code()) {
            (Some(9), _) => End::Killed,
            (_, Some(code)) => End::Exited { code, after, said },
            other => panic!("ended by {other:?}: {said}"),
        }
    }
}

fn listen(stderr: impl Read, address: &Address) -> String {
    let mut said = String::new();
    for line in BufReader::new(stderr).lines() {
        let Ok(line) = line else { break };
        if line.contains("\"message\":\"ready\"") {
            let event: serde_json::Value = serde_json::from_str(&line).unwrap();
            *address.lock().unwrap() = event["address"].as_str().map(str::to_owned);
        }
        said.push_str(&line);
        said.push('\n');
    }
    said
}
