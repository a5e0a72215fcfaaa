use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "muller_brown",
    family: Family::Saddle,
    formula: "Σₖ Aₖ exp(aₖ(x − pₖ)² + bₖ(x − pₖ)(y − qₖ) + cₖ(y − qₖ)²)",
    dims: Dims::Fixed(2),
    note: "The standard surface of reaction paths in chemistry: three minima and two saddles of index 1.",
    source: "K. Müller and L. D. Brown, Location of saddle points and minimum energy paths by a constrained \
             simplex optimization procedure, Theoretica Chimica Acta 53 (1979) 75–93",
    make: |_, _| {
        let facts = Facts::in_box(vec![[-1.5, 1.2], [-0.2, 2.0]])
            .start([-0.7, 0.6])
            .minimum([-0.5582236346330243, 1.4417258418046686], -146.69951720995402)
            .minimum([0.6234994049308765, 0.028037758528685664], -108.16672411685235)
            .minimum([-0.050010822998206056, 0.4666941048719721], -80.76781812965903)
            .saddle([-0.8220015587327321, 0.6243128028148713], -40.664843508657405, 1, 0)
            .saddle([0.212486582000662, 0.2929883251073678], -72.24894011232522, 1, 0);
        Made::new(facts.lowest(Lowest::Everywhere(-146.69951720995402)), |x| {
            let [x, y] = coordinates(x);
            let (x, y) = (x - constant(P, &y), y.clone() - constant(Q, &y));
            let form = x.clone().square() * constant(FORM[0], &x)
                + x.clone() * y.clone() * constant(FORM[1], &x)
                + y.clone().square() * constant(FORM[2], &x);
            (form.exp() * constant(HEIGHT, &y)).sum()
        })
    },
    ..Entry::COMMON
};

const HEIGHT: [f64; 4] = [-200.0, -100.0, -170.0, 15.0];
const FORM: [[f64; 4]; 3] = [[-1.0, -1.0, -6.5, 0.7], [0.0, 0.0, 11.0, 0.6], [-10.0, -10.0, -6.5, 0.7]];
const P: [f64; 4] = [1.0, 0.0, -0.5, -1.0];
const Q: [f64; 4] = [0.0, 0.5, 1.5, 1.0];
