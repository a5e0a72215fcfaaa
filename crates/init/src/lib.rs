//! Initializers for any [Burn](burn) module.
//!
//! Burn's own `Initializer` is a closed list of ten, and draws a layer's bias by the rule for its weight. Here a [`Plan`] says
//! which [`Scheme`] each parameter of a module has, by path and kind, with biases of zero unless it says otherwise:
//!
//! ```
//! use burn::nn::{Linear, LinearConfig};
//! use burn::module::Module;
//! use burn::tensor::Device;
//! use thalweg_init::plan;
//! use thalweg_init::schemes::{Kaiming, Normal, Xavier};
//!
//! #[derive(Module, Debug)]
//! struct Net {
//!     hidden: Linear,
//!     head: Linear,
//! }
//!
//! let device = Device::flex();
//! let net = Net { hidden: LinearConfig::new(4, 16).init(&device), head: LinearConfig::new(16, 2).init(&device) };
//! let plan = plan! {
//!     "head.weight" => Xavier::normal(),
//!     _ => Kaiming::normal().relu(),
//! };
//! println!("{}", plan.explain(&net)?);
//! let net = plan.apply(&net, 7)?;
//! # let _ = (net, Normal::default());
//! # Ok::<(), thalweg_init::Error>(())
//! ```
//!
//! * **Schemes** are in [`schemes`], each with its formula, source and reference; [`ENTRIES`] lists them. They are read from
//!   text, `kaiming_normal(mode=fan_out)`, and so are plans.
//! * **Values** are computed on the host as a function of the seed, the parameter's path and the place in the tensor, with a
//!   portable generator and [`libm`]: the same seed gives the same start on every device, in any order of layers, on any
//!   number of threads.
//! * **Data**: [`Lsuv`] takes a model and a batch; [`propagate`] tells how activations and gradients go through a model.
//! * **Fans** are those of Burn's layouts; see [`Place`] and [`Fans`].

mod data;
mod draws;
mod error;
mod law;
mod math;
mod place;
mod plan;
mod real;
mod reference;
mod registry;
mod scheme;
pub mod schemes;
mod setting;
pub mod text;
mod values;
mod ziggurat;

pub use data::{LayerReport, Lsuv, LsuvStep, Outputs, Probe, Propagation, Scope, VarianceOf, propagate};
pub use draws::{CHUNK, Draws, Stream};
pub use error::{Error, Result};
pub use law::Law;
pub use place::{Axes, Fans, Geometry, Kind, Layer, Place};
pub use plan::{Explanation, Plan, Row, Rule, Selector};
pub use reference::from_reference;
pub use registry::{ENTRIES, entry};
pub use scheme::{AnyScheme, Entry, Scheme, SettingInfo};
pub use schemes::{Nonlinearity, calculate_gain};
pub use setting::{Domain, Setting};
pub use values::Values;
