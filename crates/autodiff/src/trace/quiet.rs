//! Panics that a trace expects: they become errors, and print nothing.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::thread;

thread_local! {
    /// How many catches are open on this thread.
    static OPEN: Cell<usize> = const { Cell::new(0) };
    /// What the panic hook would have printed.
    static REPORT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A panic that was caught.
pub(crate) struct Caught {
    payload: Box<dyn Any + Send>,
    report: Option<String>,
}

impl Caught {
    /// The panic's message.
    pub fn message(&self) -> String {
        let text = self.payload.downcast_ref::<String>().cloned();
        text.or(self.payload.downcast_ref::<&str>().map(|s| s.to_string())).unwrap_or_default()
    }

    /// Lets the panic go on, with the report that it would have printed where it began.
    pub fn resume(self) -> ! {
        if let Some(report) = self.report {
            let current = thread::current();
            eprintln!("\nthread '{}' {report}", current.name().unwrap_or("<unnamed>"));
        }
        panic::resume_unwind(self.payload)
    }
}

/// Runs `f`; a panic in it is caught, and prints nothing.
pub(crate) fn catch<R>(f: impl FnOnce() -> R) -> Result<R, Caught> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| match OPEN.get() {
            0 => before(info),
            _ => REPORT.with_borrow_mut(|report| *report = Some(info.to_string())),
        }));
    });
    OPEN.set(OPEN.get() + 1);
    let result = panic::catch_unwind(AssertUnwindSafe(f));
    OPEN.set(OPEN.get() - 1);
    result.map_err(|payload| Caught { payload, report: REPORT.take() })
}
