//! The processes that the bench starts, the real program among them, and how they end: by their number, always.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant as Moment};

use rustix::process::{Pid, Signal, kill_process};

use super::Trouble;
use super::postgres::free_port;
use crate::config::Config;

/// How long the program may take until it is ready.
const START: Duration = Duration::from_secs(60);
/// How long a process may take to end when it is asked to.
const STOP: Duration = Duration::from_secs(30);
/// How often it is asked whether it is ready.
const ASK_EVERY: Duration = Duration::from_millis(1);

/// What must not outlive the bench when it is interrupted: processes and folders.
static LEFT: Mutex<Left> = Mutex::new(Left { processes: Vec::new(), folders: Vec::new() });

struct Left {
    processes: Vec<u32>,
    folders: Vec<PathBuf>,
}

/// A folder goes when the bench is interrupted.
pub fn goes(folder: &Path) {
    if let Ok(mut left) = LEFT.lock() {
        left.folders.push(folder.to_owned());
    }
}

/// Ends what the bench has started, when the bench itself is told to end.
pub fn end_on_signal() -> Result<(), Trouble> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Trouble::on("starting the runtime"))?;
    let (mut interrupt, mut terminate) = {
        let _inside = runtime.enter();
        let interrupt = signal(SignalKind::interrupt()).map_err(Trouble::on("listening for signals"))?;
        (interrupt, signal(SignalKind::terminate()).map_err(Trouble::on("listening for signals"))?)
    };
    std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! { _ = interrupt.recv() => (), _ = terminate.recv() => () }
        });
        if let Ok(left) = LEFT.lock() {
            for process in &left.processes {
                // One that has ended by itself needs no signal.
                let _ = send(*process, Signal::KILL);
            }
            for folder in &left.folders {
                let _ = fs::remove_dir_all(folder);
            }
        }
        std::process::exit(130);
    });
    Ok(())
}

fn send(process: u32, signal: Signal) -> io::Result<()> {
    let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or_else(|| io::Error::other("no number of a process"))?;
    kill_process(pid, signal).map_err(Into::into)
}

/// A process that ends with this value.
pub struct Ends(Child);

impl Ends {
    /// Starts it.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let child = command.spawn()?;
        if let Ok(mut left) = LEFT.lock() {
            left.processes.push(child.id());
        }
        Ok(Ends(child))
    }

    /// The process.
    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Asks it to end and waits; one that does not is killed.
    pub fn end(&mut self, signal: Signal) -> io::Result<()> {
        if self.0.try_wait()?.is_none() {
            send(self.0.id(), signal)?;
        }
        let start = Moment::now();
        while self.0.try_wait()?.is_none() {
            if start.elapsed() > STOP {
                self.0.kill()?;
                self.0.wait()?;
                return Err(io::Error::other("it did not end when asked to, and was killed"));
            }
            std::thread::sleep(ASK_EVERY);
        }
        Ok(())
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        if let Err(error) = self.end(Signal::INT) {
            eprintln!("bayan bench: process {}: {error}", self.0.id());
        }
        let process = self.0.id();
        if let Ok(mut left) = LEFT.lock() {
            left.processes.retain(|other| *other != process);
        }
    }
}

/// This very program.
pub fn program() -> Result<PathBuf, Trouble> {
    std::env::current_exe().map_err(Trouble::on("finding this program"))
}

/// The resident memory of a process.
pub fn resident_bytes(process: u32) -> Result<u64, Trouble> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).map_err(Trouble::on("reading memory"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok());
    kib.map(|kib| kib * 1024).ok_or_else(|| Trouble::new("the system does not say how much memory is resident"))
}

/// The processor time of a process, in all its threads.
pub fn processor_seconds(process: u32) -> Result<f64, Trouble> {
    /// In what the kernel tells it to programs, on every machine (`proc_pid_stat(5)`, `USER_HZ`).
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).map_err(Trouble::on("reading processor time"))?;
    // The name of the program comes first, in brackets, and may hold anything.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok());
    match (ticks(11), ticks(12)) {
        (Some(user), Some(system)) => Ok((user + system) / TICKS_PER_SECOND),
        _ => Err(Trouble::new("the system does not say how much processor time was used")),
    }
}

/// The default configuration on a folder, with addresses that are free.
pub fn config(data: &Path) -> Result<Config, Trouble> {
    let address = || Ok::<_, Trouble>(SocketAddr::from(([127, 0, 0, 1], free_port()?)));
    let mut config = Config::default();
    config.node.data = data.to_owned();
    (config.http.listen, config.http.metrics_listen) = (address()?, address()?);
    Ok(config)
}

/// `bayan serve` on a folder, with its default configuration but for folder and addresses.
pub struct Server {
    process: Ends,
    api: SocketAddr,
    metrics: SocketAddr,
    log: PathBuf,
    began: Moment,
    /// From its start to readiness.
    pub took: Duration,
}

impl Server {
    /// Starts it and waits until it is ready.
    pub fn start(data: &Path) -> Result<Self, Trouble> {
        let mut server = Server::spawn(&config(data)?)?;
        server.until_ready()?;
        Ok(server)
    }

    /// Starts it by a configuration, and waits for nothing.
    pub fn spawn(config: &Config) -> Result<Self, Trouble> {
        let data = &config.node.data;
        let (file, log) = (data.with_extension("toml"), data.with_extension("log"));
        fs::write(&file, config.to_toml()).map_err(Trouble::on("writing a configuration"))?;
        let said = fs::File::create(&log).map_err(Trouble::on("making the program's log"))?;
        let mut command = Command::new(program()?);
        command.arg("serve").arg("--config").arg(&file).args(config.cluster.is_reader().then_some("--reader"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        let process = Ends::start(&mut command).map_err(Trouble::on("starting bayan serve"))?;
        let (api, metrics) = (config.http.listen, config.http.metrics_listen);
        Ok(Server { process, api, metrics, log, began: Moment::now(), took: Duration::ZERO })
    }

    /// Waits until it is ready.
    pub fn until_ready(&mut self) -> Result<(), Trouble> {
        loop {
            if get(self.api, "/readyz").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                self.took = self.began.elapsed();
                return Ok(());
            }
            let ended = self.process.child().try_wait().map_err(Trouble::on("watching bayan serve"))?;
            if ended.is_some() || self.began.elapsed() > START {
                let said = fs::read_to_string(&self.log).unwrap_or_default();
                return Err(Trouble::new(format!("bayan serve did not become ready; it says: {said}")));
            }
            std::thread::sleep(ASK_EVERY);
        }
    }

    /// Where its API is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.api
    }

    /// Its process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.process.0.id()
    }

    /// Its resident memory.
    pub fn resident_bytes(&self) -> Result<u64, Trouble> {
        resident_bytes(self.process.0.id())
    }

    /// The processor time that it has used.
    pub fn processor_seconds(&self) -> Result<f64, Trouble> {
        processor_seconds(self.process.0.id())
    }

    /// One of its metrics.
    pub fn metric(&self, name: &str) -> Result<f64, Trouble> {
        let page = get(self.metrics, "/metrics").map_err(Trouble::on("reading the metrics"))?;
        let value = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let value = value.and_then(|value| value.trim().parse().ok());
        value.ok_or_else(|| Trouble::new(format!("the metrics have no {name}")))
    }

    /// Stops it as an operator does.
    pub fn stop(mut self) -> Result<(), Trouble> {
        self.process.end(Signal::TERM).map_err(Trouble::on("stopping bayan serve"))
    }

    /// Ends it as a crash does.
    pub fn kill(mut self) -> Result<(), Trouble> {
        self.process.end(Signal::KILL).map_err(Trouble::on("killing bayan serve"))
    }
}

/// A whole answer to a GET.
fn get(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(STOP))?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
