//! What one request makes the program do: the statements it sends, the faults it logs.

use std::fmt;
use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex, Once};
use std::task::Poll;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::{Layer, Registry};

const STATEMENTS: &str = "sqlx::query";

tokio::task_local! {
    static SEEN: Arc<Mutex<Seen>>;
}

/// What was seen during one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Statements sent, without begin, commit and what the driver asks about types.
    pub(crate) statements: Vec<String>,
    /// Faults logged.
    pub(crate) faults: Vec<String>,
}

/// Runs a request and tells what was seen. A transaction begins in a task of its own, so its
/// beginning is not among it.
pub(crate) async fn watched<F: Future>(request: F) -> (F::Output, Seen) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let wanted = Targets::new()
            .with_target(STATEMENTS, LevelFilter::DEBUG)
            .with_target("street_whistle", LevelFilter::ERROR);
        let subscriber = Registry::default().with(Watch.with_filter(wanted));
        tracing::subscriber::set_global_default(subscriber).expect("nobody else listens");
    });
    let seen = Arc::<Mutex<Seen>>::default();
    let answer = SEEN.scope(seen.clone(), request).await;
    let seen = seen.lock().unwrap().clone();
    (answer, seen)
}

/// Lets several people act at once and waits for all of them.
pub(crate) async fn all_at_once<F: Future>(acts: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut acts: Vec<_> = acts.into_iter().map(Box::pin).collect();
    let mut answers: Vec<Option<F::Output>> = acts.iter().map(|_| None).collect();
    let every = poll_fn(|context| {
        for (act, answer) in acts.iter_mut().zip(&mut answers) {
            if answer.is_none()
                && let Poll::Ready(done) = act.as_mut().poll(context)
            {
                *answer = Some(done);
            }
        }
        if answers.iter().all(Option::is_some) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    });
    every.await;
    answers.into_iter().flatten().collect()
}

struct Watch;

impl<S: Subscriber> Layer<S> for Watch {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // Outside a request nobody asks.
        let _ = SEEN.try_with(|seen| {
            let mut said = Said::default();
            event.record(&mut said);
            let mut seen = seen.lock().unwrap();
            if event.metadata().target() != STATEMENTS {
                // The first line says what; the rest is where from.
                let first = said.all.lines().next().unwrap_or_default();
                seen.faults.push(first.to_owned());
            } else if said.is_the_programs_own() {
                seen.statements.push(said.statement());
            }
        });
    }
}

#[derive(Default)]
struct Said {
    summary: String,
    whole: String,
    all: String,
}

impl Said {
    /// The driver writes the whole statement only where it is longer than its summary.
    fn statement(self) -> String {
        if self.whole.trim().is_empty() {
            self.summary
        } else {
            self.whole.split_whitespace().collect::<Vec<_>>().join(" ")
        }
    }

    fn is_the_programs_own(&self) -> bool {
        let begins = self.summary.to_lowercase();
        let frame = ["begin", "commit", "rollback"];
        let types = ["pg_catalog.", "pg_type", "pg_enum"];
        !frame.iter().any(|word| begins.starts_with(word))
            && !types.iter().any(|word| self.whole.contains(word))
    }
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.whole),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        use fmt::Write as _;
        let _ = write!(self.all, "{}={value:?} ", field.name());
    }
}
