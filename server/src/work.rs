//! Where the work of a request is done.
//!
//! A query costs some 4 µs, and to hand work to another thread and back costs 10 to 20 µs of processor time. So a
//! request of few parties is screened by the very thread that reads and answers it. A larger one would keep that
//! thread from its other connections: it goes to a pool of its own, in slices, behind a bounded queue. The threads of the
//! pool have a lower priority (on Linux), so that a large request takes what the small ones leave, and not the reverse.
//!
//! Each thread keeps one [`Scratch`], with the caches of its queries.

use crate::error::ApiError;
use axum::http::StatusCode;
use interdict::screen::Scratch;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};

/// Bytes of a request that are screened by its own thread: some 70 parties, which take about as long as twenty hand-overs.
/// Bytes tell the cost better than the number of parties, since a query costs as its name is long.
pub const INLINE_BYTES: usize = 4 << 10;
/// Parties of a slice: some 0.3 ms, after which a thread of the pool looks for other work.
pub const SLICE: usize = 64;

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Calls a function with the scratch of this thread. It must not call this function itself.
pub fn with_scratch<R>(f: impl FnOnce(&mut Scratch) -> R) -> R {
    SCRATCH.with_borrow_mut(f)
}

/// The threads for larger requests, and their queue.
#[derive(Debug)]
pub struct Pool {
    threads: rayon::ThreadPool,
    /// Requests at a time: more would only divide the processors.
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
    /// How long a request waits for a place.
    deadline: Duration,
}

impl Pool {
    pub(crate) fn new(most_waiting: usize, deadline: Duration) -> Pool {
        let builder = rayon::ThreadPoolBuilder::new().thread_name(|i| format!("screen-{i}"));
        let threads = builder
            .start_handler(|_| lower_priority())
            // A panic is an error of one request: its answer says so.
            .panic_handler(|_| tracing::error!("a thread of the pool panicked"))
            .build()
            .expect("threads can be started");
        let places = Arc::new(Semaphore::new(threads.current_num_threads()));
        Pool { threads, places, waiting: AtomicUsize::new(0), most_waiting, deadline }
    }

    /// Requests that wait for a place.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Relaxed)
    }

    /// The result of a function that runs on the pool, and may use all its threads by rayon.
    ///
    /// # Errors
    ///
    /// 429 if too many requests wait already or the request waits for too long, and the caller does not want to wait in any case.
    pub async fn run<R: Send + 'static>(
        &self,
        patience: Patience,
        f: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, ApiError> {
        let place = self.place(patience).await?;
        let (send, receive) = oneshot::channel();
        self.threads.spawn(move || {
            let result = f();
            drop(place);
            // Nobody may wait for it any more.
            let _ = send.send(result);
        });
        receive.await.map_err(|_| {
            let message = "the screening broke off; this is an error of the program";
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
        })
    }

    async fn place(&self, patience: Patience) -> Result<tokio::sync::OwnedSemaphorePermit, ApiError> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(place);
        }
        let _waiting = Waiting::enter(&self.waiting);
        let busy = || {
            let message = "too many large requests wait; try again later, or send fewer parties";
            let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "busy", message);
            ApiError { retry_after: Some(1), ..error }
        };
        if patience == Patience::Refuse && self.waiting.load(Relaxed) > self.most_waiting {
            return Err(busy());
        }
        let place = Arc::clone(&self.places).acquire_owned();
        let place = match patience {
            Patience::Wait => place.await,
            Patience::Refuse => tokio::time::timeout(self.deadline, place).await.map_err(|_| busy())?,
        };
        place.map_err(|_| ApiError::unavailable("stopping", "the service stops"))
    }
}

/// What to do when many requests wait already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Refuse the request.
    Refuse,
    /// Wait: the request is answered in part already.
    Wait,
}

/// Counts a request as waiting for as long as it lives, also if its client goes away.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Relaxed);
        Waiting(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// Lowers the priority of this thread alone, which is what `nice` does on Linux.
#[cfg(target_os = "linux")]
fn lower_priority() {
    let _ = rustix::process::nice(5);
}

#[cfg(not(target_os = "linux"))]
fn lower_priority() {}
