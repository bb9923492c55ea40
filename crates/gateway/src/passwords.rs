//! Argon2id on a few threads of low priority with a bounded queue: a flood of sign-ins waits for itself, never bids for it.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::oneshot;

use crate::config::{GatewayConfig, PasswordCost};
use crate::problem::Problem;

type Job = Box<dyn FnOnce() + Send>;

/// The pool that checks and hashes passwords.
pub struct Passwords {
    queue: SyncSender<Job>,
    argon2: Argon2<'static>,
    /// What the password of an unknown login is checked against, so that it takes as long as that of a known one.
    nobody: Arc<str>,
}

/// Hashes a password in PHC form, on the calling thread.
///
/// # Errors
/// The cost cannot be, or the system gave no random salt.
pub fn hash(cost: PasswordCost, password: &str) -> Result<String, String> {
    hash_with(&argon2(cost)?, password)
}

fn argon2(cost: PasswordCost) -> Result<Argon2<'static>, String> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None)
        .map_err(|e| format!("the cost of a password cannot be: {e}; use the defaults"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_with(argon2: &Argon2<'_>, password: &str) -> Result<String, String> {
    let hash: PasswordHash =
        argon2.hash_password(password.as_bytes()).map_err(|e| format!("a password could not be hashed: {e}"))?;
    Ok(hash.to_string())
}

impl Passwords {
    /// Starts the threads.
    ///
    /// # Errors
    /// The configured cost cannot be, or no thread could be started.
    pub fn start(config: &GatewayConfig) -> Result<Self, String> {
        let argon2 = argon2(config.password)?;
        let nobody = hash_with(&argon2, "the password of nobody")?.into();
        let (queue, jobs) = sync_channel::<Job>(config.password_queue_max.max(1));
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..config.password_threads.max(1) {
            let jobs = Arc::clone(&jobs);
            std::thread::Builder::new()
                .name("passwords".to_owned())
                .spawn(move || work(&jobs))
                .map_err(|e| format!("no thread for passwords could be started: {e}"))?;
        }
        Ok(Passwords { queue, argon2, nobody })
    }

    /// Whether the password has one of these hashes; with none it takes as long and is wrong.
    ///
    /// # Errors
    /// 503: too many passwords wait already.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Problem> {
        let nobody = Arc::clone(&self.nobody);
        self.run(move || {
            let (checked, known) = checked(hash.as_deref(), &nobody);
            let right = PasswordHash::new(checked)
                .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
            right && known
        })
        .await
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// 503: too many passwords wait already, or the system gave no random salt.
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        let argon2 = self.argon2.clone();
        self.run(move || hash_with(&argon2, &password)).await?.map_err(|why| Problem::unavailable("unavailable", why))
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move || {
            // Whoever asked may have gone meanwhile; then nobody wants the answer.
            let _ = answer.send(work());
        });
        let busy = || Problem::unavailable("busy", "too many sign-ins at once; try again in a moment");
        self.queue.try_send(job).map_err(|(TrySendError::Full(_) | TrySendError::Disconnected(_))| busy())?;
        answered.await.map_err(|_| busy())
    }
}

/// What a password is checked against, and whether that is somebody's. Who was forgotten has no hash any more, and the answer must
/// take as long as that to everybody else, or it would tell that there was somebody.
fn checked<'h>(hash: Option<&'h str>, nobody: &'h str) -> (&'h str, bool) {
    match hash.filter(|hash| PasswordHash::new(hash).is_ok()) {
        Some(hash) => (hash, true),
        None => (nobody, false),
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    if let Err(error) = rustix::process::nice(10) {
        tracing::warn!(%error, "the threads for passwords run at normal priority");
    }
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that only the right password of a known user is right.
    #[tokio::test]
    async fn tells_right_from_wrong() {
        let cost = PasswordCost { memory_kib: 64, passes: 1, lanes: 1 };
        let pool = Passwords::start(&GatewayConfig { password: cost, ..GatewayConfig::default() }).unwrap();
        let stored = pool.hash("right".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert!(pool.verify("right".to_owned(), Some(stored.clone())).await.unwrap());
        assert!(!pool.verify("wrong".to_owned(), Some(stored)).await.unwrap());
        assert!(!pool.verify("the password of nobody".to_owned(), None).await.unwrap());
        assert!(!pool.verify("right".to_owned(), Some("no hash".to_owned())).await.unwrap());
        assert!(!pool.verify("the password of nobody".to_owned(), Some(String::new())).await.unwrap());
    }

    /// Protects who was forgotten: signing in as that person costs the same work as signing in as anybody.
    #[test]
    fn everybody_costs_the_same_work() {
        let cost = PasswordCost { memory_kib: 64, passes: 1, lanes: 1 };
        let (nobody, own) = (hash(cost, "nobody").unwrap(), hash(cost, "own").unwrap());
        assert_eq!(checked(Some(&own), &nobody), (own.as_str(), true));
        for none in [None, Some(""), Some("no hash")] {
            assert_eq!(checked(none, &nobody), (nobody.as_str(), false), "{none:?}");
        }
    }
}
