//! The store: what goes in comes out, and what is wrong with a file is said.

use std::path::PathBuf;

use proptest::prelude::*;
use thalweg_lab::Result;
use thalweg_lab::run::{Finished, Outcome, Precision, Record, Run};
use thalweg_lab::store::{Claim, Store};

fn file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("store-{name}.sqlite"));
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
    let _ = std::fs::remove_dir_all(format!("{}.owners", path.display()));
    path
}

fn a_run(instance: u64) -> Finished {
    let run = Run {
        problem: "rosenbrock(n=2)".into(),
        instance,
        start: "auto of seed 0".into(),
        optimizer: "adam(lr=0.1)".into(),
        lr: 0.1,
        initializer: None,
        seed: 0,
        budget: 100,
        precision: Precision::F64,
    };
    Finished {
        run,
        outcome: Outcome::Saddle { index: 3 },
        evaluations: 100,
        value: 0.5,
        best: 0.25,
        gradient: f64::NAN,
        distance: f64::INFINITY,
        seconds: 0.001,
        is_cut: false,
        hits: vec![Some(3), None],
        records: vec![],
    }
}

/// As text, in which NaN equals itself and every other number is exact.
fn exact(run: &Finished) -> String {
    format!("{run:?}")
}

fn anything() -> impl Strategy<Value = Finished> {
    let number = || any::<u64>().prop_map(f64::from_bits);
    let record = (any::<u64>(), prop::array::uniform4(number()), prop::collection::vec(number(), 3)).prop_map(
        |(evaluations, [value, gradient, distance, seconds], point)| Record {
            evaluations,
            value,
            gradient,
            distance,
            seconds,
            point,
        },
    );
    let hits = prop::collection::vec(prop::option::of(0..u64::MAX), 0..60);
    let outcome = prop_oneof![
        Just(Outcome::Converged),
        any::<u32>().prop_map(|index| Outcome::Saddle { index }),
        Just(Outcome::Diverged),
        Just(Outcome::OutOfBudget),
    ];
    let texts = (".{0,20}", ".{0,20}", prop::option::of(".{0,9}"));
    (
        any::<[u64; 3]>(),
        prop::array::uniform5(number()),
        hits,
        prop::collection::vec(record, 0..20),
        outcome,
        texts,
    )
        .prop_map(
            |(
                [instance, seed, evaluations],
                [value, best, gradient, distance, seconds],
                hits,
                records,
                outcome,
                texts,
            )| {
                let (problem, optimizer, initializer) = texts;
                let run = Run { problem, optimizer, initializer, instance, seed, ..a_run(1).run };
                // SQLite counts in 63 bits.
                let evaluations = evaluations >> 1;
                Finished {
                    run,
                    outcome,
                    evaluations,
                    value,
                    best,
                    gradient,
                    distance,
                    seconds,
                    is_cut: false,
                    hits,
                    records,
                }
            },
        )
}

proptest! {
    #[test]
    fn what_goes_in_comes_out_bit_for_bit(run in anything()) {
        let store = Store::in_memory().expect("memory is there");
        store.save(std::slice::from_ref(&run)).expect("it is saved");
        let back = store.load(&[run.run.name()]).expect("it is read").remove(0).expect("it is there");
        let bits = |run: &Finished| -> Vec<u64> {
            let records = run.records.iter().flat_map(|r| [r.value, r.gradient, r.distance, r.seconds].into_iter().chain(r.point.clone()));
            [run.value, run.best, run.gradient, run.distance, run.seconds].into_iter().chain(records).map(f64::to_bits).collect()
        };
        prop_assert_eq!(bits(&back), bits(&run));
        prop_assert_eq!(exact(&back), exact(&run));
    }
}

#[test]
fn a_run_that_is_there_stays_but_gets_moments() -> Result<()> {
    let store = Store::in_memory()?;
    let first = a_run(1);
    store.save(std::slice::from_ref(&first))?;
    store.save(&[Finished { outcome: Outcome::Diverged, ..first.clone() }])?;
    let name = first.run.name();
    let load = || store.load(&[name]).map(|mut all| all.remove(0).expect("it is there"));
    assert_eq!(load()?.outcome, first.outcome);
    let moment = Record {
        evaluations: 1,
        value: 1.0,
        gradient: 1.0,
        distance: 1.0,
        seconds: 0.0,
        point: vec![1.0, 2.0],
    };
    store.save(&[Finished { records: vec![moment.clone()], ..first }])?;
    assert_eq!(load()?.records, [moment]);
    assert_eq!(store.count()?, 1);
    Ok(())
}

#[test]
fn stores_merge_by_name() -> Result<()> {
    let (one, two) = (file("one"), file("two"));
    Store::open(&one)?.save(&[a_run(1), a_run(2)])?;
    Store::open(&two)?.save(&[a_run(2), a_run(3)])?;
    let connection = rusqlite::Connection::open(&one).expect("it opens");
    let merge =
        format!("ATTACH '{}' AS other; INSERT OR IGNORE INTO run SELECT * FROM other.run", two.display());
    connection.execute_batch(&merge).expect("it merges");
    drop(connection);
    let store = Store::open(&one)?;
    assert_eq!(store.count()?, 3);
    assert!(store.load(&[a_run(3).run.name()])?[0].is_some());
    Ok(())
}

#[test]
fn files_that_are_no_store_are_named_and_left_alone() -> Result<()> {
    let says = |path: &PathBuf, sentence: &str| {
        let error = Store::open(path).expect_err(sentence).to_string();
        assert!(error.contains(sentence), "{error}");
    };
    let newer = file("newer");
    Store::open(&newer)?.save(&[a_run(1)])?;
    let connection = rusqlite::Connection::open(&newer).expect("it opens");
    connection.pragma_update(None, "user_version", 99).expect("it is written");
    drop(connection);
    says(&newer, "has format 99");

    let other = file("other");
    let connection = rusqlite::Connection::open(&other).expect("it opens");
    connection.execute_batch("CREATE TABLE mine (x)").expect("it is written");
    drop(connection);
    says(&other, "but no store of runs");

    let torn = file("torn");
    Store::open(&torn)?.save(&(0..500).map(a_run).collect::<Vec<_>>())?;
    // What is in the log goes to the file, of which half is cut away.
    let connection = rusqlite::Connection::open(&torn).expect("it opens");
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("it is written");
    drop(connection);
    let bytes = std::fs::read(&torn).expect("it is read");
    std::fs::write(&torn, &bytes[..bytes.len() / 2]).expect("it is written");
    let names: Vec<_> = (0..500).map(|k| a_run(k).run.name()).collect();
    let error =
        Store::open(&torn).and_then(|store| store.load(&names).map(|_| ())).expect_err("half is missing");
    assert!(error.to_string().contains("is damaged"), "{error}");

    says(&std::env::temp_dir(), "is no file that could keep runs");
    Ok(())
}

#[test]
fn a_full_disk_is_said_and_what_was_saved_stays() -> Result<()> {
    let path = file("full");
    let store = Store::open(&path)?;
    store.save(&[a_run(0)])?;
    store.limit_pages(40)?;
    let many: Vec<Finished> = (1..5000).map(a_run).collect();
    let error = store.save(&many).expect_err("there is no room").to_string();
    assert!(error.contains("no room left") && error.contains("is kept"), "{error}");
    drop(store);
    assert_eq!(Store::open(&path)?.count()?, 1);
    Ok(())
}

#[test]
fn a_job_is_with_one_owner_while_that_lives() -> Result<()> {
    let path = file("owners");
    let (one, two) = (Store::open(&path)?, Store::open(&path)?);
    assert_eq!(one.claim("job")?, Claim::Mine);
    assert_eq!(one.claim("job")?, Claim::Mine, "it is this owner's already");
    assert_eq!(two.claim("job")?, Claim::Other);
    one.release("job")?;
    assert_eq!(two.claim("job")?, Claim::Mine);
    assert_eq!(one.claim("job")?, Claim::Other);
    // A store that goes without releasing is as a process that was killed.
    drop(two);
    assert_eq!(one.claim("job")?, Claim::Mine);
    Ok(())
}

#[test]
fn threads_save_and_load_side_by_side() -> Result<()> {
    let path = file("threads");
    let store = Store::open(&path)?;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4u64)
            .map(|thread| {
                let store = &store;
                scope.spawn(move || -> Result<()> {
                    for k in 0..50 {
                        // Every run is saved by two threads.
                        store.save(&[a_run(50 * (thread / 2) + k)])?;
                        assert!(store.load(&[a_run(50 * (thread / 2) + k).run.name()])?[0].is_some());
                    }
                    Ok(())
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("no thread panics"))
    })?;
    assert_eq!(store.count()?, 100);
    Ok(())
}

#[test]
fn what_determines_a_run_is_read_by_plain_sql() -> Result<()> {
    let path = file("plain");
    Store::open(&path)?.save(&[a_run(7)])?;
    let connection = rusqlite::Connection::open(&path).expect("it opens");
    let row = connection.query_row(
        "SELECT problem, instance, optimizer, lr, budget, outcome, saddle, evaluations FROM run",
        [],
        |row| {
            let words: (String, i64, String, f64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            let numbers: (i64, String, i64, i64) = (row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?);
            Ok((words, numbers))
        },
    );
    let (words, numbers) = row.expect("it is there");
    assert_eq!(words, ("rosenbrock(n=2)".into(), 7, "adam(lr=0.1)".into(), 0.1));
    assert_eq!((numbers.0, numbers.2, numbers.3), (100, 3, 100));
    assert!(numbers.1.contains("saddle"), "{}", numbers.1);
    Ok(())
}

#[test]
fn rates_of_either_zero_name_one_run() -> Result<()> {
    let store = Store::in_memory()?;
    let minus = Finished { run: Run { lr: -0.0, ..a_run(1).run }, ..a_run(1) };
    store.save(std::slice::from_ref(&minus))?;
    assert_eq!(minus.run.name(), Run { lr: 0.0, ..a_run(1).run }.name());
    assert!(store.load(&[minus.run.name()])?[0].is_some());
    Ok(())
}
