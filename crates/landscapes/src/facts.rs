//! What is known about a landscape beside its formula.

/// How smooth a landscape is inside its box. The text says where a derivative is missing, and which one is taken there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Smoothness {
    /// It has derivatives of every order.
    Smooth,
    /// The Hessian is continuous; higher derivatives are missing where the text says.
    Twice(&'static str),
    /// The gradient is continuous; second derivatives are missing or jump where the text says.
    Once(&'static str),
    /// It is continuous; the gradient is missing or jumps where the text says.
    Kinks(&'static str),
    /// It jumps where the text says.
    Jumps(&'static str),
}

/// The lowest value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lowest {
    /// Attained, and nothing is lower anywhere.
    Everywhere(f64),
    /// Attained, and nothing is lower inside the box; outside there may be.
    InBox(f64),
    /// Nothing is lower, but it is not attained, or not known to be.
    Bound(f64),
    /// It falls below every number.
    Unbounded,
    /// Not known.
    Unknown,
}

impl Lowest {
    /// The number below which no value lies inside the box.
    pub fn in_box(self) -> Option<f64> {
        match self {
            Lowest::Everywhere(f) | Lowest::InBox(f) | Lowest::Bound(f) => Some(f),
            Lowest::Unbounded | Lowest::Unknown => None,
        }
    }

    pub(crate) fn map(self, f: impl Fn(f64) -> f64) -> Lowest {
        match self {
            Lowest::Everywhere(v) => Lowest::Everywhere(f(v)),
            Lowest::InBox(v) => Lowest::InBox(f(v)),
            Lowest::Bound(v) => Lowest::Bound(f(v)),
            Lowest::Unbounded | Lowest::Unknown => self,
        }
    }
}

/// In which sense a known point is critical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// The gradient vanishes there.
    Smooth,
    /// The gradient vanishes there, and there is no Hessian; the value rises in every direction.
    Rough,
    /// There is no gradient there; the value rises in every direction.
    Kink,
    /// It is on the edge of the box, and the value rises in every direction into the box.
    Edge,
}

/// A point where the gradient vanishes, or a minimum without one.
#[derive(Clone, Debug, PartialEq)]
pub struct CriticalPoint {
    /// The coordinates.
    pub x: Vec<f64>,
    /// The value there.
    pub value: f64,
    /// The Morse index: how many eigenvalues of the Hessian are negative.
    pub index: usize,
    /// How many eigenvalues of the Hessian are zero.
    pub nullity: usize,
    /// Whether it is a minimum, of this neighbourhood at least.
    pub minimum: bool,
    /// Smooth, rough, a kink or on the edge; only at the first there is an index.
    pub site: Site,
}

/// The box, the start, the critical points and the lowest value of one landscape.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// For each coordinate, the interval in which the landscape is usually searched.
    pub bounds: Vec<[f64; 2]>,
    /// The standard start, if there is one.
    pub start: Option<Vec<f64>>,
    /// Known critical points; not all that there are, unless the landscape's note says so.
    pub critical_points: Vec<CriticalPoint>,
    /// The lowest value.
    pub lowest: Lowest,
}

impl Facts {
    /// Facts with this box, and nothing else known.
    pub fn in_box(bounds: Vec<[f64; 2]>) -> Self {
        Facts { bounds, start: None, critical_points: vec![], lowest: Lowest::Unknown }
    }

    /// Facts with the same interval for each of `n` coordinates.
    pub fn in_cube(n: usize, low: f64, high: f64) -> Self {
        Self::in_box(vec![[low, high]; n])
    }

    /// With this standard start.
    pub fn start(mut self, x: impl Into<Vec<f64>>) -> Self {
        self.start = Some(x.into());
        self
    }

    /// With a minimum that nothing anywhere lies below, and a positive definite Hessian.
    pub fn global(self, x: impl Into<Vec<f64>>, value: f64) -> Self {
        self.minimum(x, value).lowest(Lowest::Everywhere(value))
    }

    /// With a minimum that has a positive definite Hessian.
    pub fn minimum(self, x: impl Into<Vec<f64>>, value: f64) -> Self {
        self.flat_minimum(x, value, 0)
    }

    /// With a minimum where `nullity` eigenvalues of the Hessian vanish.
    pub fn flat_minimum(mut self, x: impl Into<Vec<f64>>, value: f64, nullity: usize) -> Self {
        let (x, site) = (x.into(), Site::Smooth);
        self.critical_points.push(CriticalPoint { x, value, index: 0, nullity, minimum: true, site });
        self
    }

    /// With a minimum without a gradient.
    pub fn kink(self, x: impl Into<Vec<f64>>, value: f64) -> Self {
        self.at_site(x, value, Site::Kink)
    }

    /// With a minimum on the edge of the box.
    pub fn edge(self, x: impl Into<Vec<f64>>, value: f64) -> Self {
        self.at_site(x, value, Site::Edge)
    }

    /// With a minimum of this sort.
    pub fn at_site(mut self, x: impl Into<Vec<f64>>, value: f64, site: Site) -> Self {
        let x = x.into();
        self.critical_points.push(CriticalPoint { x, value, index: 0, nullity: 0, minimum: true, site });
        self
    }

    /// With a critical point that is no minimum: a saddle or a maximum.
    pub fn saddle(mut self, x: impl Into<Vec<f64>>, value: f64, index: usize, nullity: usize) -> Self {
        let (x, site) = (x.into(), Site::Smooth);
        self.critical_points.push(CriticalPoint { x, value, index, nullity, minimum: false, site });
        self
    }

    /// With this lowest value.
    pub fn lowest(mut self, lowest: Lowest) -> Self {
        self.lowest = lowest;
        self
    }

    /// The lowest value of a known minimum, or else the bound below.
    pub fn best_known(&self) -> Option<f64> {
        let minima = self.critical_points.iter().filter(|p| p.minimum).map(|p| p.value);
        minima.min_by(f64::total_cmp).or(self.lowest.in_box())
    }

    /// With all points moved by `to`.
    pub(crate) fn moved(mut self, bounds: Vec<[f64; 2]>, to: impl Fn(&[f64]) -> Vec<f64>) -> Self {
        self.bounds = bounds;
        self.start = self.start.map(|x| to(&x));
        self.critical_points.iter_mut().for_each(|p| p.x = to(&p.x));
        self
    }

    /// With all values changed by an increasing function.
    pub(crate) fn revalued(mut self, f: impl Fn(f64) -> f64) -> Self {
        self.critical_points.iter_mut().for_each(|p| p.value = f(p.value));
        self.lowest = self.lowest.map(f);
        self
    }
}
