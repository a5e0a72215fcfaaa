//! The page that says what every number is.

use super::html;
use crate::summary::Summary;

/// Terms and what they mean.
const TERMS: &[(&str, &str)] = &[
    (
        "Run",
        "One optimizer with one choice of settings on one instance of a problem, until it hits the last target or its \
             evaluations are used up. A run is named by a hash of all that determines its numbers; the same name gives the \
             same bits, whoever runs beside it and on however many threads. Where a study limits the seconds of a run, those that \
             are cut off depend on the machine: they are reported, but not kept.",
    ),
    (
        "Evaluation",
        "A gradient with its value, or a value alone, counts one; a product of the Hessian with a vector counts two, a \
                    whole Hessian two for each coordinate. Of tasks, a step of training counts one.",
    ),
    (
        "Instance",
        "Instance i of a landscape starts from another point, drawn by the study's seed and i alone, so that every optimizer \
                  starts from the same ones. Landscapes of the saddle family start near the stable manifold: away from a saddle by a tenth of the box \
                  along directions that lead back to it, by a millionth along those that lead away. Others start at their standard start \
                  for instance 1 and uniformly in the box for the rest. Functions of BBOB are shifted and rotated by the instance as in COCO. \
                  Instances of a task are seeds of its model and of the order of its data.",
    ),
    (
        "Target",
        "51 values from 10² to 10⁻⁸ above the lowest value, five in each factor of ten, as in COCO. Where a landscape has no \
                lowest value they stand above one unit below its saddle, so that to hit the last one is to have left the saddle. Of \
                tasks, 51 held-out losses at equal ratios, looked at ten times in each factor of ten of steps and after each twentieth of the budget, from where a model starts to the median of 20 reruns of a baseline.",
    ),
    (
        "Tuning",
        "Every optimizer gets the same trials on instances that are not reported. The best trial hits the most targets; of \
                several, it needs the fewest evaluations on a logarithmic scale; of several, it ends lowest; then the smaller rate. What is reported \
                is the best trial on other instances. An optimizer without a learning rate has nothing to tune.",
    ),
    (
        "Targets hit",
        "The share of all pairs of run and target that were hit. Its interval is that of a percentile bootstrap of 1,000 resamples of \
                     instances within problems, at 95 %; so are the bands of its curve over evaluations.",
    ),
    (
        "Expected running time",
        "All evaluations that were used until the last target was hit, or in vain, divided by the number of runs that hit it: what \
                               independent restarts need on average (Hansen et al. 2010). Never, if no run hits it.",
    ),
    (
        "Rank",
        "Rows are ordered by the share of targets hit, then by the area under it over the logarithm of evaluations. Two have the same rank if \
              Wilcoxon's signed-rank test of the shares of the same runs does not tell them apart at 5 %, with Holm's correction for all \
              tests of a row against those below. The last column has the ranks by share in 95 % of resamples of the instances.",
    ),
    (
        "Decades that work",
        "How many factors of ten of learning rates hit at least nine tenths of the targets that the best rate hits, on the instances for \
                           tuning; the median over problems.",
    ),
    (
        "Ends",
        "Converged: the last target was hit. Diverged: a number was not finite, or the value ended a thousand times farther from the lowest \
              one than it began. The others used up their evaluations. If the value still fell by more than 1 % of what was left in the second half of the budget, it is \
              out of budget. Else the Hessian decides: within 2 % of the box of a critical point by Newton's step, the run is at a saddle of the index that is the number of \
              negative eigenvalues, or in a wrong basin if there are none and the quadratic model has nothing lower to offer; farther from any critical point it is on a plateau.",
    ),
    (
        "Performance profile",
        "The share of problems whose last target is reached within a factor τ of the fastest entrant's expected running time (Dolan and Moré 2002).",
    ),
];

pub fn page(summary: &Summary) -> String {
    let term = |(term, meaning): &(&str, &str)| format!("<dt>{term}</dt><dd>{meaning}</dd>");
    let terms: String = TERMS.iter().map(term).collect();
    let parts: String = summary
        .study
        .parts
        .iter()
        .map(|part| {
            format!(
                "<li>{}: {:?} tuning with {} trials on {} instances, {} instances reported, at most {} evaluations, {:?}</li>",
                thalweg_plot::escape(&part.title),
                part.tuning.strategy,
                part.tuning.trials,
                part.tuning_instances,
                part.instances,
                part.budget,
                part.precision
            )
        })
        .collect();
    let body = format!("<dl>{terms}</dl><h2>This study</h2><ul>{parts}</ul>");
    html::page(summary, "Method", "What every number of this report is.", &body)
}
