use crate::prelude::*;

single! {
    ["optax.centralize(;layout=torch)"]
    /// Gradient centralization: each output's update less its mean, for tensors of two axes and more.
    ///
    /// The mean is over all axes but that of the outputs. optax subtracts the mean over all axes but the first, whatever
    /// the layer, which is `layout=torch`.
    ///
    /// H. Yong, J. Huang, X. Hua and L. Zhang, Gradient centralization: a new optimization technique for deep neural
    /// networks, ECCV (2020), arXiv:2004.01461.
    pub struct Centralize = "centralize" {
        /// Which axis counts the outputs.
        layout: Layout = Layout::Burn, in Any;
    }
}

impl Transform for Centralize {
    fn update(&self, update: Tensor<1>, _state: &mut State, param: &Parameter, _step: &Step) -> Tensor<1> {
        let shape = &param.shape;
        if shape.len() < 2 {
            return update;
        }
        let outputs = self.layout.outputs(shape);
        let all = cube(update, shape, outputs..outputs + 1);
        let new = all.clone() - all.mean_dims(&[0, 2]);
        let n = new.dims().iter().product::<usize>();
        new.reshape([n])
    }
}
