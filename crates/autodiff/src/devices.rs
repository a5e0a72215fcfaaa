//! Burn's devices on the CPU.

use burn::tensor::Device;

/// Burn's devices on the CPU that this build has: `flex`, and with the feature `ndarray` also `ndarray`, which Burn is to drop.
///
/// ```
/// use burn::tensor::Device;
/// assert_eq!(thalweg_autodiff::cpu_devices()[0], Device::flex());
/// ```
pub fn cpu_devices() -> Vec<Device> {
    [
        Device::flex(),
        #[cfg(feature = "ndarray")]
        #[allow(deprecated)] // Burn discourages it.
        Device::ndarray(),
    ]
    .to_vec()
}
