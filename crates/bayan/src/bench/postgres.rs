//! The rival: the same bid as a stored function of PostgreSQL, where that is installed. It gets what it wants from its
//! default configuration, the connections it needs, prepared statements, and the best of three numbers of them.

use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant as Moment};

use super::figures::{Runs, Unit};
use super::machine::Scratch;
use super::market::{LATE_ONE_IN, Market};
use super::report::Row;
use super::server::Ends;
use super::{Bench, Trouble};

/// Connections of which the best counts.
const CONNECTIONS: [u32; 3] = [16, 64, 256];
/// So many times its rate is wanted of ours.
const WANTED: f64 = 2.0;
/// How long one run is, its connecting included.
const RUN: Duration = Duration::from_secs(4);
/// How long a server may take to start.
const START: Duration = Duration::from_secs(30);
const SCHEMA: &str = include_str!("postgres.sql");
/// Where distributions keep the programs that are not for everybody's path.
const VERSIONS: &str = "/usr/lib/postgresql";
/// A PostgreSQL never runs as root; then it runs as this user of the system.
const USERS: [&str; 2] = ["postgres", "nobody"];

/// The programs, where all are installed.
struct Programs {
    initdb: PathBuf,
    postgres: PathBuf,
    psql: PathBuf,
    pgbench: PathBuf,
}

impl Programs {
    fn find() -> Option<Self> {
        let mut folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
        let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
        let mut versions: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
        versions.sort();
        folders.extend(versions.into_iter().rev());
        let find = |name: &str| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
        let (initdb, postgres) = (find("initdb")?, find("postgres")?);
        Some(Programs { initdb, postgres, psql: find("psql")?, pgbench: find("pgbench")? })
    }
}

/// The line, beside our closed loop over HTTP; nothing where PostgreSQL is not installed.
pub fn line(bench: &Bench, ours: &Runs) -> Result<Vec<Row>, Trouble> {
    let Some(programs) = Programs::find() else {
        bench.note("PostgreSQL is not installed here (initdb, postgres, psql, pgbench); its line is left out.");
        return Ok(Vec::new());
    };
    let scratch = bench.scratch("postgres")?;
    let rival = Rival::start(programs, &scratch)?;
    let mut best: Option<(u32, Runs)> = None;
    let mut all = Vec::new();
    for connections in CONNECTIONS {
        let mut rates = Vec::new();
        for _ in 0..bench.runs {
            rates.push(rival.rate(connections, RUN)?);
        }
        let rates = Runs::new(rates);
        all.push(format!("{connections} connections {}", Unit::PerSecond.show(rates.median())));
        if best.as_ref().is_none_or(|(_, best)| rates.median() > best.median()) {
            best = Some((connections, rates));
        }
    }
    let (connections, best) = best.ok_or_else(|| Trouble::new("pgbench measured nothing"))?;
    let share = rival.accepted_share()?;
    bench.accepted("PostgreSQL", share)?;
    bench.note(format!(
        "{}, default configuration but max_connections = 300, `synchronous_commit = on`, over TCP, prepared statements: {}; \
         {:.0} % of the bids were accepted.",
        rival.version,
        all.join(", "),
        share * 100.0
    ));
    let rival_rate = best.median();
    Ok(vec![
        Row::tells(format!("PostgreSQL, stored function, {connections} connections"), best, Unit::PerSecond),
        Row::tells("… our closed loop over HTTP", ours.clone(), Unit::PerSecond)
            .beside("PostgreSQL", rival_rate)
            .at_least(WANTED * rival_rate)
            .because("2 × PostgreSQL"),
    ])
}

/// A running server; it ends with the value.
struct Rival {
    programs: Programs,
    port: u16,
    script: PathBuf,
    version: String,
    _server: Ends,
}

impl Rival {
    fn start(programs: Programs, scratch: &Scratch) -> Result<Self, Trouble> {
        let user = rustix::process::geteuid().is_root().then(unprivileged).transpose()?;
        let data = scratch.path().join("data");
        fs::create_dir(&data).map_err(Trouble::on("making a folder for PostgreSQL"))?;
        if let Some((_, uid, gid)) = &user {
            chown(&data, Some(*uid), Some(*gid)).map_err(Trouble::on("giving PostgreSQL its folder"))?;
        }
        let as_user = |program: &Path| match &user {
            None => Command::new(program),
            Some((_, uid, gid)) => {
                let mut command = Command::new("setpriv");
                command.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}")).arg("--clear-groups").arg(program);
                command
            }
        };
        let mut initdb = as_user(&programs.initdb);
        initdb.args(["--auth=trust", "--username=bench", "--encoding=UTF8", "--locale=C", "--pgdata"]).arg(&data);
        succeed("initdb", initdb.current_dir(&data).output())?;

        let port = free_port()?;
        let log = fs::File::create(scratch.path().join("log")).map_err(Trouble::on("making PostgreSQL's log"))?;
        let mut command = as_user(&programs.postgres);
        command.arg("-D").arg(&data).args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k", ""]);
        for setting in ["max_connections=300", "synchronous_commit=on"] {
            command.args(["-c", setting]);
        }
        command.current_dir(&data).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let server = Ends::start(&mut command).map_err(Trouble::on("starting PostgreSQL"))?;
        let script = scratch.path().join("bid.sql");
        let market = Market::USUAL;
        let text = format!(
            "\\set trader random(1, {})\n\\set lot random(0, {} - 1)\n\\set late random(1, {LATE_ONE_IN})\n\
             \\set steps case when :late = 1 then 0 else 1 end\n\\set key random(1, 9000000000000000000)\n\
             select * from bid(:trader, 1, :lot, :steps, :key::text);\n",
            market.traders, market.lots
        );
        fs::write(&script, text).map_err(Trouble::on("writing pgbench's script"))?;
        let mut rival = Rival { programs, port, script, version: String::new(), _server: server };
        let start = Moment::now();
        while rival.query("select 1").is_err() {
            if start.elapsed() > START {
                let log = fs::read_to_string(scratch.path().join("log")).unwrap_or_default();
                return Err(Trouble::new(format!("PostgreSQL did not start; it says: {log}")));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let version = rival.query("select split_part(version(), ' on ', 1)")?;
        rival.version = version.trim().to_owned();
        let schema = scratch.path().join("schema.sql");
        fs::write(&schema, SCHEMA).map_err(Trouble::on("writing PostgreSQL's schema"))?;
        let mut psql = rival.psql();
        psql.args(["-v", &format!("members={}", market.members), "-v", &format!("traders={}", market.traders)]);
        psql.args(["-v", &format!("lots={}", market.lots), "-f"]).arg(&schema);
        succeed("psql with the schema", psql.output())?;
        Ok(rival)
    }

    fn client(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "bench"]).env("PGDATABASE", "postgres");
        command
    }

    fn psql(&self) -> Command {
        let mut command = self.client(&self.programs.psql);
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]);
        command
    }

    fn query(&self, sql: &str) -> Result<String, Trouble> {
        succeed("psql", self.psql().args(["-c", sql]).output())
    }

    /// Bids a second.
    fn rate(&self, connections: u32, lasts: Duration) -> Result<f64, Trouble> {
        let mut pgbench = self.client(&self.programs.pgbench);
        let seconds = lasts.as_secs().max(1).to_string();
        let connections = connections.to_string();
        pgbench.args(["-n", "-M", "prepared", "-c", &connections, "-j", "2", "-T", &seconds, "-f"]).arg(&self.script);
        let said = succeed("pgbench", pgbench.output())?;
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")).and_then(|rest| rest.split(' ').next());
        let rate = rate.and_then(|rate| rate.parse().ok());
        rate.ok_or_else(|| Trouble::new(format!("pgbench said no rate: {said}")))
    }

    fn accepted_share(&self) -> Result<f64, Trouble> {
        let share = self.query("select sum(accepted)::float / sum(accepted + rejected) from lots")?;
        share.trim().parse().map_err(Trouble::on("reading PostgreSQL's share of accepted bids"))
    }
}

/// Name and numbers of a user that is not root.
fn unprivileged() -> Result<(String, u32, u32), Trouble> {
    let passwd = fs::read_to_string("/etc/passwd").map_err(Trouble::on("reading /etc/passwd"))?;
    let find = |name: &&str| {
        let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
        let fields: Vec<&str> = line.split(':').collect();
        Some(((*name).to_owned(), fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    };
    USERS
        .iter()
        .find_map(find)
        .ok_or_else(|| Trouble::new("PostgreSQL does not run as root, and there is no other user"))
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<u16, Trouble> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(Trouble::on("looking for a free port"))?;
    listener.local_addr().map(|address| address.port()).map_err(Trouble::on("looking for a free port"))
}

/// What a program said, where it ended well.
fn succeed(name: impl AsRef<OsStr>, output: std::io::Result<Output>) -> Result<String, Trouble> {
    let name = name.as_ref().to_string_lossy().into_owned();
    let output = output.map_err(Trouble::on(format!("running {name}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Trouble::new(format!("{name} ended with {}: {said}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
