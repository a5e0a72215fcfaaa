//! What all pictures share.

use std::fmt::Write;

/// Colours of series, told apart by readers with any kind of colour vision: Paul Tol's bright and muted schemes, ordered so
/// that neighbours differ in lightness as well.
pub const COLOURS: [&str; 8] =
    ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#ee7733", "#888888"];

/// The style that a picture carries in itself. A page that has it once may leave it out of its pictures.
pub const STYLE: &str = "\
.plot{font:13px/1.3 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:#24292f;--grid:#d8dee4;--plate:#fff}\
.plot text{fill:currentColor}.plot .title{font-size:15px;font-weight:600}.plot .small{font-size:11.5px}\
.plot .grid{stroke:var(--grid);stroke-width:1}.plot .frame{fill:none;stroke:currentColor;stroke-opacity:.35}\
.plot .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.plot .band{stroke:none;fill-opacity:.16}\
.plot .contour{fill:none;stroke:currentColor;stroke-opacity:.28;stroke-width:.8}\
.plot .mark{stroke:var(--plate);stroke-width:1.2}\
@media (prefers-color-scheme:dark){.plot{color:#e6edf3;--grid:#30363d;--plate:#0d1117}}\
.light .plot{color:#24292f;--grid:#d8dee4;--plate:#fff}.dark .plot{color:#e6edf3;--grid:#30363d;--plate:#0d1117}";

/// Dashes of series beyond the colours, so that each pair of colour and dash is one series.
const DASHES: [&str; 4] = ["", "6 4", "2 3", "9 3 2 3"];

/// Text as it stands in markup.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// The colour of series number `k`.
pub fn colour(k: usize) -> String {
    let k = k % (COLOURS.len() * DASHES.len());
    format!("var(--s{},{})", k % COLOURS.len(), COLOURS[k % COLOURS.len()])
}

/// The attribute for the dash of series number `k`, or nothing.
pub fn dash(k: usize) -> String {
    match DASHES[k / COLOURS.len() % DASHES.len()] {
        "" => String::new(),
        dashes => format!(" stroke-dasharray=\"{dashes}\""),
    }
}

/// A number with as few digits as tell a tenth of a pixel.
pub fn px(x: f64) -> String {
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map(str::to_string).unwrap_or(text)
}

/// The data of a path through points.
pub fn path(points: &[[f64; 2]]) -> String {
    let mut data = String::new();
    let mut pen = 'M';
    for [x, y] in points {
        if !(x.is_finite() && y.is_finite()) {
            pen = 'M';
            continue;
        }
        data.push(pen);
        data.push_str(&px(*x));
        data.push(' ');
        data.push_str(&px(*y));
        pen = 'L';
    }
    data
}

/// Where the frame of a picture begins, right of the labels of its vertical axis.
pub const LEFT: f64 = 62.0;

/// The height of a title above what it stands over; none without one.
pub fn title_height(text: &str) -> f64 {
    if text.is_empty() { 0.0 } else { 34.0 }
}

/// The title above a picture, if it has one.
pub fn title(svg: &mut String, text: &str, left: f64) {
    if !text.is_empty() {
        let _ = write!(svg, "<text class=\"title\" x=\"{left}\" y=\"20\">{}</text>", escape(text));
    }
}

/// Letters of a name that a legend shows.
pub const LETTERS: usize = 34;

/// The height of a line of a legend.
pub const LINE: f64 = 19.0;

/// The width that a legend of names needs; nothing but a margin without any.
pub fn legend_width<'a>(names: impl Iterator<Item = &'a str>) -> f64 {
    // A letter is at most so many pixels wide on average.
    names
        .map(|name| name.chars().count())
        .max()
        .map_or(16.0, |letters| 8.3 * letters.min(LETTERS) as f64 + 46.0)
}

/// The legend: series with their colours, one below the other.
pub fn legend<'a>(svg: &mut String, series: impl Iterator<Item = (&'a str, usize)>, [left, top]: [f64; 2]) {
    for (k, (name, style)) in series.enumerate() {
        let row = top + 8.0 + LINE * k as f64;
        let shown: String = name.chars().take(LETTERS).collect();
        let _ = write!(
            svg,
            "<g class=\"key\" data-key=\"{}\"><path class=\"line\" stroke=\"{}\"{} d=\"M{} {}h20\"/><text x=\"{}\" \
             y=\"{}\">{}</text></g>",
            escape(name),
            colour(style),
            dash(style),
            px(left + 14.0),
            px(row - 4.0),
            px(left + 40.0),
            px(row),
            escape(&shown)
        );
    }
}

/// The beginning of a picture: its size, its title for those who do not see it, and its style.
pub fn open(width: f64, height: f64, title: &str, description: &str) -> String {
    format!(
        "<svg class=\"plot\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\" role=\"img\" \
         aria-label=\"{}\"><title>{}</title><desc>{}</desc><style>{STYLE}</style>",
        px(width),
        px(height),
        px(width),
        px(height),
        escape(title),
        escape(title),
        escape(description)
    )
}
