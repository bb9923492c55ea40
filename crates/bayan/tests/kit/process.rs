//! The program as a process: started, asked over HTTP, stopped.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use serde_json::Value;

/// The program that is tested.
pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_bayan"))
}

/// Runs the program to its end.
pub fn run(arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).output().unwrap()
}

/// Runs the program on what cannot be, and gives the one line it says.
pub fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert_eq!((output.stdout.len(), message.lines().count()), (0, 1), "{message}");
    message.trim_end().to_owned()
}

/// A program that runs until it is stopped; dropped, it is killed.
pub struct Running {
    child: Child,
}

impl Running {
    /// Starts it.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_of(program(), arguments)
    }

    /// Starts another version of it.
    pub fn start_of(program: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        let child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Running { child }
    }

    /// The first line on standard output.
    pub fn first_line(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        if line.is_empty() {
            let mut why = String::new();
            self.child.stderr.as_mut().unwrap().read_to_string(&mut why).unwrap();
            panic!("it ended: {why}");
        }
        line
    }

    /// The first line on standard error that is a JSON object with this message.
    pub fn log_line(&mut self, message: &str) -> Value {
        let mut all = String::new();
        let lines = BufReader::new(self.child.stderr.as_mut().unwrap()).lines();
        for line in lines.map(Result::unwrap) {
            all.push_str(&line);
            if let Ok(value) = serde_json::from_str::<Value>(&line)
                && value["fields"]["message"] == message
            {
                return value;
            }
        }
        panic!("it ended without saying {message}: {all}");
    }

    /// Its standard error, for whoever reads it from now on.
    pub fn standard_error(&mut self) -> ChildStderr {
        self.child.stderr.take().unwrap()
    }

    /// Sends it a signal, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", self.child.id())).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended by itself and well.
    pub fn wait(mut self) {
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(self) {
        self.signal("TERM");
        self.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}

/// One request, and its answer as status and JSON.
pub fn ask(address: &str, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> (u16, Value) {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        request.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    }
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
