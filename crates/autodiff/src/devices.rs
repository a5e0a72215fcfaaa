//! The devices that graphs are compiled for.

use burn::tensor::Device;

/// The devices whose tensors compiled programs take: Burn's `flex`, and with this crate's feature `ndarray` also Burn's `ndarray`,
/// which Burn is to drop. On every other device a graph runs by Burn's operations.
///
/// ```
/// use burn::tensor::Device;
/// assert_eq!(thalweg_autodiff::compiled_devices()[0], Device::flex());
/// ```
pub fn compiled_devices() -> Vec<Device> {
    [
        Device::flex(),
        #[cfg(feature = "ndarray")]
        #[allow(deprecated)] // Burn discourages it.
        Device::ndarray(),
    ]
    .to_vec()
}
