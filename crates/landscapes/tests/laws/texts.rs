//! Names, texts and errors.

use std::collections::HashSet;

use thalweg_landscapes::{Error, Family, Landscape, decorators, entries, filter, parse};

use crate::cases::{all, hold};

#[test]
fn texts_read_back() {
    let decorated = |l: &Landscape| {
        [l.clone(), l.rotate(3).unwrap().noise(0.5, 0.0).unwrap(), l.shift(&vec![1e-3; l.dimension()]).unwrap()]
    };
    hold(all().iter().flat_map(decorated).collect(), |landscape| {
        let again = parse(&landscape.to_string()).map_err(|e| e.to_string())?;
        match again.to_string() == landscape.to_string() && again.facts() == landscape.facts() {
            true => Ok(()),
            false => Err(format!("reads back as {again}")),
        }
    });
}

#[test]
fn parameters_read_back() {
    for entry in entries() {
        for parameter in entry.parameters {
            let other = if parameter.whole { parameter.default + 1.0 } else { parameter.default * 1.5 + 0.5 };
            if other > parameter.range[1] {
                continue;
            }
            let landscape = entry.landscape(&[(parameter.name, other)]).unwrap();
            let again = parse(&landscape.to_string()).unwrap();
            assert_eq!(again.parameters(), landscape.parameters());
            assert!(again.parameters().contains(&(parameter.name, other)), "{again}");
        }
    }
}

#[test]
fn the_registry_is_complete() {
    let count = |family| filter(Some(family), None).count();
    let classical = [Family::Saddle, Family::Ravine, Family::Plateau, Family::Multimodal].map(count);
    assert_eq!(classical, [16, 23, 9, 27]);
    assert_eq!([Family::Mgh, Family::Bbob, Family::Network].map(count), [35, 24, 5]);
    let names: HashSet<&str> = entries().map(|e| e.name).collect();
    assert_eq!(names.len(), entries().count());
    for entry in entries() {
        assert!(!entry.formula.is_empty() && !entry.source.is_empty(), "{} says too little", entry.name);
        // A file that left out `make` would have this box and nothing known.
        let landscape = entry.landscape(&[]).unwrap();
        let facts = landscape.facts();
        assert!(facts.start.is_some() || !facts.critical_points.is_empty(), "{} knows too little", entry.name);
    }
    for decorator in decorators() {
        assert!(!decorator.about.is_empty());
    }
    for (family, parameter) in [("mgh", "problem"), ("bbob", "f")] {
        for number in 1..=count(family.parse().unwrap()) {
            let landscape = parse(&format!("{family}({parameter}={number})")).unwrap();
            assert_eq!(landscape.entry().unwrap().number, number);
        }
    }
}

#[test]
fn errors_say_what_to_do() {
    let error = |text: &str| parse(text).unwrap_err();
    let cases = [
        ("rosenbrok(n=3)", "There is no landscape `rosenbrok`; did you mean `rosenbrock`?"),
        ("rosenbrock(m=3)", "There is no parameter of `rosenbrock` named `m`; did you mean `n`?"),
        (
            "rosenbrock(n=1)",
            "`rosenbrock` has no landscape of 1 coordinates; their number must be at least 2 and at most 1000000.",
        ),
        ("beale(n=3)", "`beale` has no landscape of 3 coordinates; their number must be exactly 2."),
        ("ellipsoid(condition=0.5)", "`condition` of `ellipsoid` is 0.5, but must be between 1 and"),
        ("saddle_index_k(k=1.5)", "`k` of `saddle_index_k` is 1.5, but must be a whole number."),
        ("saddle_index_k(n=2)", "lower `k` or raise `n`"),
        ("bbob(f=25)", "`f` of `bbob` is 25, but must be a whole number from 1 to 24."),
        ("bbob(dim=2)", "write `bbob(f=1)`"),
        ("rotat(beale)", "There is no decorator `rotat`; did you mean `rotate`?"),
        ("rotate(seed=1)", "write `rotate(rosenbrock)`"),
        ("beale(rosenbrock)", "`beale` decorates nothing; take `rosenbrock` out of it"),
        ("beale(", "the text ends where an argument is expected"),
        ("beale)", "stands `)` where the end is expected"),
        ("beale(n=x)", "`n` of `beale` must be one number, but it is `x`."),
        ("beale(5)", "`5` has no name; write a landscape as"),
        (
            "shift(beale, by=[1, x])",
            "`by` of `shift` must be a number or a list of numbers, but it is `[1, x]`.",
        ),
        ("beale(n=2, n=2)", "`n` is given twice"),
        ("shift(beale, by=[1, 2, 3])", "`by` has 3 numbers, but the landscape has 2 coordinates"),
        ("scale(beale, by=0)", "positive factors"),
    ];
    for (text, says) in cases {
        assert!(error(text).to_string().contains(says), "{text}: {}", error(text));
    }
    assert!(matches!(error("rosenbrok"), Error::Unknown(_)));
    assert!(matches!(error("rosenbrock(n=1)"), Error::Dimension(_)));
}

#[test]
fn points_that_are_none_are_refused() {
    let landscape = parse("rosenbrock(n=3)").unwrap();
    let short = landscape.evaluate(&[1.0, 2.0]).unwrap_err().to_string();
    assert!(short.contains("takes a point of 3 coordinates, not of 2"), "{short}");
    let nan = landscape.evaluate(&[1.0, f64::NAN, 2.0]).unwrap_err().to_string();
    assert!(nan.contains("Coordinate 1 of the point is NaN"), "{nan}");
}
