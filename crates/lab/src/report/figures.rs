//! The pictures of a report, which `thalweg figure` gives one by one.

use thalweg_landscapes::Landscape;
use thalweg_landscapes::analysis::{Slice, Surface, contour_levels, contour_lines, field};
use thalweg_plot::{Axis, Chart, Map, Mark, Series, Shade};

use super::order;
use crate::error::{Error, Result};
use crate::method::Method;
use crate::problem::{OnLandscape, path, start_point};
use crate::summary::{CellResult, PartSummary, Summary};

/// Places of the grid of a map along each side.
const GRID: usize = 80;

/// Contour lines of a map.
const LEVELS: usize = 11;

/// The most points of a way that are drawn.
const POINTS: usize = 100;

/// The share of targets over evaluations.
pub fn ecdf(part: &PartSummary) -> Chart {
    let mut chart = Chart::new(
        "",
        Axis::log("evaluations"),
        Axis::linear("share of targets hit").from_to(0.0, 1.0),
    )
    .description(
        "For each optimizer, the share of all pairs of target and run that it has hit, with its 95 % interval, over evaluations.",
    )
    .size(860.0, 440.0);
    for (style, e) in order(part).into_iter().enumerate() {
        let band = &part.ecdf[e];
        let points = band.x.iter().zip(&band.middle).map(|(x, y)| [*x, *y]).collect();
        let edges = band.low.iter().zip(&band.high).map(|(low, high)| [*low, *high]).collect();
        chart = chart.with(Series::line(&part.entrants[e].label, points).band(edges).steps().style(style));
    }
    chart
}

/// The performance profile.
pub fn performance(part: &PartSummary) -> Chart {
    let x = Axis::log("factor τ of the fastest");
    let mut chart = Chart::new("", x, Axis::linear("share of problems").from_to(0.0, 1.0))
        .description(
            "For each optimizer, the share of problems that it solves within a factor of the fastest one.",
        )
        .size(860.0, 440.0);
    for (style, e) in order(part).into_iter().enumerate() {
        let curve = &part.performance[e];
        let points = curve.x.iter().zip(&curve.y).map(|(x, y)| [*x, *y]).collect();
        chart = chart.with(Series::line(&part.entrants[e].label, points).steps().style(style));
    }
    chart
}

/// The data profile.
pub fn data(part: &PartSummary) -> Chart {
    let x = Axis::log("evaluations ÷ (coordinates + 1)");
    let mut chart = Chart::new("", x, Axis::linear("share of problems").from_to(0.0, 1.0))
        .description(
            "For each optimizer, the share of problems solved within so many evaluations per coordinate.",
        )
        .size(860.0, 440.0);
    for (style, e) in order(part).into_iter().enumerate() {
        let curve = &part.data[e];
        let points = curve.x.iter().zip(&curve.y).map(|(x, y)| [*x, *y]).collect();
        chart = chart.with(Series::line(&part.entrants[e].label, points).steps().style(style));
    }
    chart
}

/// The value over evaluations on one problem.
pub fn progress(part: &PartSummary, problem: usize) -> Chart {
    let is_task = part.problems[problem].dimension == 0;
    let label = if is_task { "held-out loss" } else { "value above the lowest" };
    let mut chart = Chart::new("", Axis::log("evaluations"), Axis::log(label))
        .description(
            "The median over instances of the lowest value so far, with its quartiles, over evaluations.",
        )
        .size(860.0, 440.0);
    for (style, e) in order(part).into_iter().enumerate() {
        let Some(cell) = part.result(problem, e) else { continue };
        let band = &cell.band;
        // What is below the last target is as good as zero, which a logarithm has no place for.
        let floor = |y: f64| if is_task { y } else { y.max(1e-9) };
        let points = band.x.iter().zip(&band.middle).map(|(x, y)| [*x, floor(*y)]).collect();
        let edges = band.low.iter().zip(&band.high).map(|(low, high)| [floor(*low), floor(*high)]).collect();
        chart = chart.with(Series::line(&part.entrants[e].label, points).band(edges).style(style));
    }
    chart
}

/// The share of targets over learning rates on one problem.
pub fn sensitivity(part: &PartSummary, problem: usize) -> Option<Chart> {
    let mut chart =
        Chart::new("", Axis::log("learning rate"), Axis::linear("share of targets hit").from_to(0.0, 1.0))
            .description("The share of targets hit on the instances for tuning, over learning rates.")
            .size(860.0, 400.0);
    for (style, e) in order(part).into_iter().enumerate() {
        let Some(cell) = part.result(problem, e).filter(|cell| cell.trials.len() > 1) else { continue };
        let points = rates(cell);
        chart = chart.with(Series::line(&part.entrants[e].label, points).style(style));
    }
    (!chart.series.is_empty()).then_some(chart)
}

/// The share of targets of each trial, by learning rate.
pub fn rates(cell: &CellResult) -> Vec<[f64; 2]> {
    let tried = cell.trials.iter().filter_map(|t| t.share.map(|share| [t.trial.lr, share]));
    let mut points: Vec<[f64; 2]> = tried.collect();
    points.sort_by(|a, b| a[0].total_cmp(&b[0]));
    points
}

/// A landscape from above with its known critical points: the plane of the first two coordinates, through the lowest
/// minimum that is known, or the middle of the box. Nothing for landscapes of one coordinate.
///
/// # Errors
/// What evaluating the landscape gives.
pub fn map(landscape: &Landscape) -> Result<Option<Map>> {
    let n = landscape.dimension();
    if n < 2 {
        return Ok(None);
    }
    let lowest = landscape.minima().map(|m| m.value).min_by(f64::total_cmp);
    let best = landscape.minima().find(|m| Some(m.value) == lowest).map(|m| m.x.clone());
    let middle = || landscape.bounds().iter().map(|[low, high]| (low + high) / 2.0).collect();
    let through: Vec<f64> = best.unwrap_or_else(middle);
    let slice = Slice::axes(&through, landscape.bounds(), 0, 1);
    let grid = field(&Surface::of(landscape), &slice, GRID, GRID)?;
    let levels = contour_levels(&grid.values, LEVELS);
    let mut map = Map::new("", slice.ranges);
    map.contours = levels.iter().flat_map(|level| contour_lines(&grid, *level)).collect();
    map.shade = Some(Shade { columns: GRID, values: grid.values, levels });
    for minimum in landscape.minima() {
        let mark = if Some(minimum.value) == lowest { Mark::Lowest } else { Mark::Minimum };
        map.marks.push(([minimum.x[0], minimum.x[1]], mark));
    }
    map.marks.extend(landscape.saddles().map(|s| ([s.x[0], s.x[1]], Mark::Saddle(s.index))));
    Ok(Some(map))
}

/// The map of a problem with the ways of all optimizers from the first instance's start, each at the settings that were
/// chosen for it. Nothing for tasks and for problems that were brought along.
///
/// # Errors
/// What running them gives.
pub fn ways(summary: &Summary, part: usize, problem: usize) -> Result<Option<Map>> {
    let (study, part) = (&summary.study.parts[part], &summary.parts[part]);
    let info = &part.problems[problem];
    let Some(landscape) = info.reads_back.then(|| thalweg_landscapes::parse(&info.text).ok()).flatten() else {
        return Ok(None);
    };
    let on = OnLandscape::new(landscape)?.instance(1)?;
    let Some(mut map) = map(on.landscape())? else { return Ok(None) };
    let start = start_point(on.landscape(), study.start, 1, summary.study.seed)?;
    for (style, e) in order(part).into_iter().enumerate() {
        let Some(cell) = part.result(problem, e) else { continue };
        let Some(trial) = cell.trials.get(cell.chosen) else { continue };
        let method: Method = part.contenders[part.entrants[e].contender].text.parse()?;
        let method = method.with(&trial.trial)?;
        let own =
            path(on.landscape(), &method, trial.trial.lr, &start, POINTS, summary.study.seed, study.precision)?;
        let points = own.points.iter().map(|x| [x[0], x[1]]).collect();
        map.ways.push(Series::line(&part.entrants[e].label, points).style(style));
    }
    map.marks.push(([start[0], start[1]], Mark::Start));
    map.size = [860.0, 560.0];
    map.description = format!(
        "The landscape {} from above, with the ways of {} optimizers from one start.",
        part.problems[problem].text,
        map.ways.len()
    );
    Ok(Some(map))
}

/// The names of all pictures of a report.
pub fn figure_names(summary: &Summary) -> Vec<String> {
    let mut names = vec![];
    for (p, part) in summary.parts.iter().enumerate() {
        names.extend(["ecdf", "performance", "data"].map(|kind| format!("{kind}-{p}")));
        for problem in &part.problems {
            let slug = &problem.file;
            names.extend(["map", "progress", "sensitivity"].map(|kind| format!("{kind}-{p}-{slug}")));
        }
    }
    names
}

/// A picture of a report by its name, as SVG.
///
/// # Errors
/// [`Error::Missing`] if the report has no such picture.
pub fn figure(summary: &Summary, name: &str) -> Result<String> {
    let missing =
        || Error::Missing(format!("There is no picture `{name}`; `thalweg figure --list` names them all."));
    for (p, part) in summary.parts.iter().enumerate() {
        if name == format!("ecdf-{p}") {
            return Ok(ecdf(part).svg());
        }
        if name == format!("data-{p}") {
            return Ok(data(part).svg());
        }
        if name == format!("performance-{p}") {
            return Ok(performance(part).svg());
        }
        for (k, problem) in part.problems.iter().enumerate() {
            let slug = &problem.file;
            let is = |kind: &str| name == format!("{kind}-{p}-{slug}");
            if is("map") {
                return Ok(ways(summary, p, k)?.ok_or_else(missing)?.svg());
            }
            if is("progress") {
                return Ok(progress(part, k).svg());
            }
            if is("sensitivity") {
                return Ok(sensitivity(part, k).ok_or_else(missing)?.svg());
            }
        }
    }
    Err(missing())
}
