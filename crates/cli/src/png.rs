//! Pictures as pixels.

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// Pixels for each unit of a picture, so that it is sharp on fine screens.
const SCALE: f32 = 2.0;

/// Fonts to write with, the first that the system has.
const PREFERRED: [&str; 5] = ["Inter", "Segoe UI", "Roboto", "DejaVu Sans", "Liberation Sans"];

/// A picture of ours as a PNG file, light on white.
///
/// # Errors
/// What is wrong with the picture, without a period.
pub fn png(svg: &str) -> Result<Vec<u8>, String> {
    let mut options = Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_system_fonts();
    // The renderer knows no system font by its role, so the first one that is there stands for all.
    let first =
        PREFERRED.into_iter().find(|name| fonts.faces().any(|face| face.families.iter().any(|f| f.0 == *name)));
    fonts.set_sans_serif_family(first.unwrap_or("DejaVu Sans"));
    let tree = Tree::from_str(&plain(svg), &options).map_err(|e| e.to_string())?;
    let size = tree.size();
    let (width, height) = ((SCALE * size.width()) as u32, (SCALE * size.height()) as u32);
    let mut pixels = Pixmap::new(width, height).ok_or("it has no size")?;
    pixels.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| e.to_string())
}

/// The picture without variables and media queries, which the renderer does not know: every variable becomes its default.
fn plain(svg: &str) -> String {
    let mut text = String::with_capacity(svg.len());
    let mut rest = svg;
    // The light scheme is what the style begins with; the others follow it.
    if let (Some(from), Some(to)) = (svg.find("@media"), svg.find("</style>")) {
        text.push_str(&variables(&svg[..from.min(to)]));
        rest = &svg[to..];
    }
    text + &variables(rest)
}

fn variables(text: &str) -> String {
    let known = [("--grid", "#d8dee4"), ("--plate", "#fff")];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("var(") {
        let Some(end) = rest[at..].find(')') else { break };
        let inner = &rest[at + 4..at + end];
        out.push_str(&rest[..at]);
        out.push_str(match inner.split_once(',') {
            Some((_, default)) => default,
            None => known.iter().find(|(name, _)| *name == inner).map_or("none", |(_, value)| value),
        });
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    let font = "font:13px/1.3 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
    out.replace("currentColor", "#24292f").replace(font, "font-size:13px;font-family:sans-serif")
}
