//! Lines of equal value.

use std::collections::HashMap;

use super::slice::Field;

/// `count` levels for contour lines such that the bands between them cover equal areas: quantiles of the values on a grid.
/// So a function and any increasing function of it have the same lines. Values that are not finite are left out.
///
/// ```
/// use thalweg_landscapes::analysis::contour_levels;
/// assert_eq!(contour_levels(&[0.0, 1.0, 4.0, 9.0, 16.0], 3), [1.0, 4.0, 9.0]);
/// ```
pub fn contour_levels(values: &[f64], count: usize) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return vec![] };
    let quantile = |k: usize| {
        let at = last as f64 * k as f64 / (count + 1) as f64;
        let (below, part) = (at as usize, at.fract());
        sorted[below] + part * (sorted[(below + 1).min(last)] - sorted[below])
    };
    let mut levels: Vec<f64> = (1..=count).map(quantile).collect();
    levels.dedup();
    levels
}

/// An edge of the grid: the place where it starts, and whether it goes up.
type Edge = (usize, bool);

/// The lines on which the values of a field, interpolated along the edges of its grid, equal `level`: each a list of places
/// `(s, t)`, closed if the first is the last.
pub fn contour_lines(field: &Field, level: f64) -> Vec<Vec<[f64; 2]>> {
    // Each cell joins edges of its border; an edge belongs to two cells at most.
    let mut joined: HashMap<Edge, Vec<Edge>> = HashMap::new();
    for cell in cells(field) {
        for (a, b) in segments(field, cell, level) {
            joined.entry(a).or_default().push(b);
            joined.entry(b).or_default().push(a);
        }
    }
    let mut starts: Vec<Edge> = joined.keys().copied().collect();
    // Open lines first, from their ends; the order of the grid makes the result the same every time.
    starts.sort_by_key(|edge| (joined[edge].len(), *edge));
    let mut lines = vec![];
    for start in starts {
        let mut line = vec![start];
        let mut at = start;
        while let Some(next) = joined.get_mut(&at).and_then(Vec::pop) {
            if let Some(back) =
                joined.get_mut(&next).and_then(|all| all.iter().position(|e| *e == at).map(|i| (all, i)))
            {
                back.0.swap_remove(back.1);
            }
            line.push(next);
            at = next;
        }
        if line.len() > 1 {
            lines.push(line.into_iter().map(|edge| crossing(field, edge, level)).collect());
        }
    }
    lines
}

/// The lower left places of all cells.
fn cells(field: &Field) -> impl Iterator<Item = usize> + '_ {
    let columns = field.columns;
    (0..field.rows.saturating_sub(1))
        .flat_map(move |row| (0..columns.saturating_sub(1)).map(move |column| row * columns + column))
}

/// The edges of a cell that a line joins.
fn segments(field: &Field, cell: usize, level: f64) -> Vec<(Edge, Edge)> {
    let columns = field.columns;
    let corners = [cell, cell + 1, cell + columns + 1, cell + columns];
    let values = corners.map(|corner| field.values[corner]);
    if values.iter().any(|v| !v.is_finite()) {
        return vec![];
    }
    let above = values.map(|v| v >= level);
    let edges: [Edge; 4] = [(cell, false), (cell + 1, true), (cell + columns, false), (cell, true)];
    let crossed: Vec<Edge> = (0..4).filter(|k| above[*k] != above[(*k + 1) % 4]).map(|k| edges[k]).collect();
    match crossed[..] {
        [a, b] => vec![(a, b)],
        [a, b, c, d] => {
            // A saddle of the grid: the mean tells which corners belong together.
            let middle = values.iter().sum::<f64>() / 4.0 >= level;
            if middle == above[0] { vec![(a, b), (c, d)] } else { vec![(d, a), (b, c)] }
        }
        _ => vec![],
    }
}

/// Where a line crosses an edge.
fn crossing(field: &Field, (from, up): Edge, level: f64) -> [f64; 2] {
    let to = if up { from + field.columns } else { from + 1 };
    let (a, b) = (field.values[from], field.values[to]);
    let part = (level - a) / (b - a);
    let ([s, t], [s1, t1]) = (field.places[from], field.places[to]);
    [s + part * (s1 - s), t + part * (t1 - t)]
}
