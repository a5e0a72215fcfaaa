/// Points in order, drawn as a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// What the legend calls it.
    pub name: String,
    /// The points; one that has no place on an axis breaks the line.
    pub points: Vec<[f64; 2]>,
    /// For each point, the lower and upper end of a band around it.
    pub band: Vec<[f64; 2]>,
    /// Whether the line goes in steps: level until the next point.
    pub steps: bool,
    /// Whether points are marked by dots.
    pub dots: bool,
    /// The number of its colour and dash; its place among the series where none is given.
    pub style: Option<usize>,
}

impl Series {
    /// A line through points.
    pub fn line(name: &str, points: Vec<[f64; 2]>) -> Self {
        Series { name: name.into(), points, ..Series::default() }
    }

    /// With a band.
    pub fn band(self, band: Vec<[f64; 2]>) -> Self {
        Series { band, ..self }
    }

    /// In steps.
    pub fn steps(self) -> Self {
        Series { steps: true, ..self }
    }

    /// With a dot at each point.
    pub fn dots(self) -> Self {
        Series { dots: true, ..self }
    }

    /// In the colour and dash of this number.
    pub fn style(self, number: usize) -> Self {
        Series { style: Some(number), ..self }
    }
}
