//! `etcd-puts SECONDS WARM-UP-SECONDS CONNECTIONS ADDRESS…`: puts of 100 bytes into etcd by gRPC, each connection with one
//! under way (closed loop), spread over all addresses. Prints what was found as one line of JSON.

use std::cell::RefCell;
use std::env;
use std::error::Error;
use std::rc::Rc;
use std::time::{Duration, Instant};

use etcd_client::Client;
use tokio::task::LocalSet;

const VALUE: [u8; 100] = [b'b'; 100];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("etcd-puts SECONDS WARM-UP-SECONDS CONNECTIONS ADDRESS…");
    let lasts = Duration::from_secs_f64(next()?.parse()?);
    let warm_up = Duration::from_secs_f64(next()?.parse()?);
    let connections = next()?.parse()?;
    let addresses: Vec<String> = arguments.collect();
    // One thread, like the other load generators: the rest of the machine is the rival's.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, drive(lasts, warm_up, connections, &addresses))
}

async fn drive(
    lasts: Duration,
    warm_up: Duration,
    connections: usize,
    addresses: &[String],
) -> Result<(), Box<dyn Error>> {
    let mut clients = Vec::new();
    for address in addresses.iter().cycle().take(connections) {
        clients.push(Client::connect([address], None).await?);
    }
    let from = Instant::now() + warm_up;
    let ends = from + lasts;
    let times = Rc::new(RefCell::new(Vec::new()));
    let work = clients.into_iter().enumerate().map(|(number, mut client)| {
        let times = Rc::clone(&times);
        tokio::task::spawn_local(async move {
            for count in 0_u64.. {
                let since = Instant::now();
                if since >= ends {
                    break;
                }
                client.put(format!("{number}/{count}"), VALUE, None).await?;
                let now = Instant::now();
                if now >= from && now < ends {
                    times.borrow_mut().push((now - since).as_secs_f64() * 1e3);
                }
            }
            Ok::<_, etcd_client::Error>(())
        })
    });
    for one in work.collect::<Vec<_>>() {
        one.await??;
    }
    let mut times = times.take();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(f64::NAN);
    let per_second = times.len() as f64 / lasts.as_secs_f64();
    println!("{{\"per_second\":{per_second},\"p50_ms\":{},\"p99_ms\":{}}}", at(50), at(99));
    Ok(())
}
