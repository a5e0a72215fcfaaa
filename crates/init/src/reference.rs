//! Schemes by the calls that stand for them in PyTorch and JAX.

use crate::error::{Error, Result};
use crate::place::{Axes, Place};
use crate::scheme::AnyScheme;

/// A function of another library: its parameters in order, each with our setting, and our scheme with what is fixed.
struct Reference {
    function: &'static str,
    parameters: &'static [(&'static str, &'static str)],
    scheme: &'static str,
    fixed: &'static str,
}

/// A parameter that is the tensor itself, and those that are axes; no settings of ours bear these names.
const TENSOR: &str = "tensor";
const IN_AXIS: &str = "in_axis";
const OUT_AXIS: &str = "out_axis";

macro_rules! references {
    ($( $function:literal ( $($parameter:ident : $setting:ident),* ) => $scheme:literal $($fixed:literal)?; )*) => {
        const REFERENCES: &[Reference] = &[ $( Reference {
            function: $function,
            parameters: &[$((stringify!($parameter), stringify!($setting))),*],
            scheme: $scheme,
            fixed: concat!($($fixed)?),
        }, )* ];
    };
}

references! {
    "torch.nn.init.uniform_"(w: tensor, a: low, b: high) => "uniform";
    "torch.nn.init.normal_"(w: tensor, mean: mean, std: std) => "normal";
    "torch.nn.init.trunc_normal_"(w: tensor, mean: mean, std: std, a: low, b: high) => "trunc_normal";
    "torch.nn.init.constant_"(w: tensor, val: value) => "constant";
    "torch.nn.init.ones_"(w: tensor) => "ones";
    "torch.nn.init.zeros_"(w: tensor) => "zeros";
    "torch.nn.init.eye_"(w: tensor) => "identity";
    "torch.nn.init.dirac_"(w: tensor, groups: groups) => "dirac";
    "torch.nn.init.xavier_uniform_"(w: tensor, gain: gain) => "xavier_uniform";
    "torch.nn.init.xavier_normal_"(w: tensor, gain: gain) => "xavier_normal";
    "torch.nn.init.kaiming_uniform_"(w: tensor, a: a, mode: mode, nonlinearity: nonlinearity) => "kaiming_uniform";
    "torch.nn.init.kaiming_normal_"(w: tensor, a: a, mode: mode, nonlinearity: nonlinearity) => "kaiming_normal";
    "torch.nn.init.orthogonal_"(w: tensor, gain: gain) => "orthogonal";
    "torch.nn.init.sparse_"(w: tensor, sparsity: sparsity, std: std) => "sparse";
    "jax.nn.initializers.constant"(value: value) => "constant";
    "jax.nn.initializers.zeros"() => "zeros";
    "jax.nn.initializers.ones"() => "ones";
    "jax.nn.initializers.uniform"(scale: high) => "uniform" "high=0.01";
    "jax.nn.initializers.normal"(stddev: std) => "normal" "std=0.01";
    "jax.nn.initializers.truncated_normal"(stddev: std, dtype: dtype, lower: lower, upper: upper) => "truncated_normal";
    "jax.nn.initializers.variance_scaling"(scale: scale, mode: mode, distribution: distribution, in_axis: in_axis,
        out_axis: out_axis) => "variance_scaling";
    "jax.nn.initializers.glorot_uniform"(in_axis: in_axis, out_axis: out_axis) => "xavier_uniform";
    "jax.nn.initializers.glorot_normal"(in_axis: in_axis, out_axis: out_axis) => "variance_scaling" "mode=fan_avg";
    "jax.nn.initializers.lecun_uniform"(in_axis: in_axis, out_axis: out_axis) => "lecun_uniform";
    "jax.nn.initializers.lecun_normal"(in_axis: in_axis, out_axis: out_axis) => "lecun_normal";
    "jax.nn.initializers.he_uniform"(in_axis: in_axis, out_axis: out_axis) => "kaiming_uniform";
    "jax.nn.initializers.he_normal"(in_axis: in_axis, out_axis: out_axis) => "variance_scaling" "scale=2";
    "jax.nn.initializers.orthogonal"(scale: gain, column_axis: out_axis) => "orthogonal";
    "jax.nn.initializers.delta_orthogonal"(scale: gain, column_axis: out_axis) => "delta_orthogonal";
}

/// The scheme that a call of PyTorch or JAX stands for, as it is written in Python, and the place that a tensor of this shape
/// is in that library's layout: `[out, in, k…]` for PyTorch; for JAX `[k…, in, out]`, or the axes that the call names.
///
/// ```
/// let (scheme, place) =
///     thalweg_init::from_reference("torch.nn.init.kaiming_uniform_(w, a=math.sqrt(5))", &[3, 5])?;
/// assert_eq!(scheme.to_string(), format!("kaiming_uniform(a={})", 5f64.sqrt()));
/// assert_eq!(place.fans.unwrap().input, 5.0);
/// # Ok::<(), thalweg_init::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unknown`] for a function that no scheme stands for, [`Error::Syntax`] for an argument that cannot be read, and
/// [`Error::Setting`] for one that the scheme does not allow.
pub fn from_reference(call: &str, shape: &[usize]) -> Result<(AnyScheme, Place)> {
    let (function, arguments) = call.trim().split_once('(').unwrap_or((call.trim(), ")"));
    let reference = REFERENCES.iter().find(|r| r.function == function).ok_or_else(|| {
        Error::Unknown(format!("No scheme here stands for `{function}`; `ENTRIES` lists the schemes."))
    })?;
    let problem =
        |argument: &str| Error::Syntax(format!("In `{call}`, the argument `{argument}` cannot be read."));
    let arguments = arguments.strip_suffix(')').ok_or_else(|| problem(arguments))?;
    let mut axes = if function.starts_with("jax") { Axes::jax(shape.len()) } else { Axes::TORCH };
    let mut settings: Vec<(&str, String)> = vec![];
    if let Some((name, value)) = reference.fixed.split_once('=') {
        settings.push((name, value.into()));
    }
    for (k, argument) in arguments.split(',').map(str::trim).filter(|a| !a.is_empty()).enumerate() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name.trim(), value.trim()),
            None => (reference.parameters.get(k).ok_or_else(|| problem(argument))?.0, argument),
        };
        let (_, setting) =
            reference.parameters.iter().find(|(own, _)| *own == name).ok_or_else(|| problem(argument))?;
        let axis = || {
            let number: isize = value.parse().map_err(|_| problem(argument))?;
            let axis = if number < 0 { number + shape.len() as isize } else { number };
            usize::try_from(axis).ok().filter(|axis| *axis < shape.len()).ok_or_else(|| problem(argument))
        };
        match *setting {
            TENSOR => {}
            IN_AXIS => axes.input = axis()?,
            OUT_AXIS => axes.output = axis()?,
            setting => {
                settings.retain(|(own, _)| *own != setting);
                settings.push((setting, python(value).ok_or_else(|| problem(argument))?));
            }
        }
    }
    // A call that names only the columns means all other axes as rows.
    if axes.input == axes.output {
        axes.input = if axes.output == 0 { 1 } else { 0 };
    }
    let settings: Vec<String> = settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let scheme = format!("{}({})", reference.scheme, settings.join(", ")).parse()?;
    Ok((scheme, Place::new(shape, axes)))
}

/// An argument as text of ours: a word in quotes, a number, a square root, or a quotient of numbers.
fn python(value: &str) -> Option<String> {
    if let Some(word) = value.strip_prefix(['\'', '"']) {
        return word.strip_suffix(['\'', '"']).map(String::from);
    }
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let root = |text: &str| number(text.trim().strip_prefix("math.sqrt(")?.strip_suffix(')')?).map(f64::sqrt);
    let quotient = |(above, below): (&str, &str)| Some(number(above)? / number(below)?);
    let read = number(value).or_else(|| root(value)).or_else(|| value.split_once('/').and_then(quotient));
    read.map(|x| x.to_string())
}
