//! What runs a traced step and keeps the state between steps.

use burn::tensor::{Device, DispatchTensor, TensorData};
use thalweg_autodiff::executor::{DynTensor, download, upload};
use thalweg_autodiff::{Result, with_rng_key};

use super::graph::{Args, Graph};

/// What differs from step to step.
pub(crate) struct StepInputs<'a> {
    pub lr: TensorData,
    pub count: TensorData,
    pub batch: &'a [DynTensor],
    pub key: i64,
}

/// Runs steps; the home of the state.
pub(crate) trait Executor: Send {
    /// Takes a new state in.
    fn load(&mut self, state: Vec<DispatchTensor>) -> Result<()>;

    /// The state as it is now.
    fn state(&self) -> Result<Vec<DispatchTensor>>;

    /// Takes a graph in, whose number is how many there have been before. `args` are like those that it is run with.
    fn add(&mut self, graph: Graph, args: &Args) -> Result<()>;

    /// Forgets a graph; the last one gets its number.
    fn remove(&mut self, graph: usize) -> Result<()>;

    /// Runs a graph, which moves the state.
    fn run(&mut self, graph: usize, now: StepInputs<'_>) -> Result<()>;

    /// Result number `k` of the last run of a graph, for one that is not carried.
    fn output(&self, graph: usize, k: usize) -> Result<TensorData>;

    /// What a graph's program does, if it is compiled.
    fn explain(&self, graph: usize) -> Option<String>;

    /// The same with how long each part takes in the mean of so many runs, which move the state.
    fn profile(&mut self, graph: usize, times: usize) -> Result<Option<String>>;
}

/// Runs op by op through Burn, on any device.
pub(crate) struct InterpretedExecutor {
    device: Device,
    state: Vec<DispatchTensor>,
    graphs: Vec<Graph>,
    outputs: Vec<DispatchTensor>,
}

impl InterpretedExecutor {
    pub fn new(device: Device) -> Self {
        InterpretedExecutor { device, state: vec![], graphs: vec![], outputs: vec![] }
    }
}

impl Executor for InterpretedExecutor {
    fn load(&mut self, state: Vec<DispatchTensor>) -> Result<()> {
        self.state = state;
        Ok(())
    }

    fn state(&self) -> Result<Vec<DispatchTensor>> {
        Ok(self.state.clone())
    }

    fn add(&mut self, graph: Graph, _args: &Args) -> Result<()> {
        self.graphs.push(graph);
        Ok(())
    }

    fn remove(&mut self, graph: usize) -> Result<()> {
        self.graphs.swap_remove(graph);
        Ok(())
    }

    fn run(&mut self, graph: usize, now: StepInputs<'_>) -> Result<()> {
        let Graph { traced, carried, .. } = &self.graphs[graph];
        let state = self.state.iter().cloned().map(DynTensor).collect();
        let number = |data| DynTensor(upload(data, &self.device));
        let args: Args = (state, number(now.lr), number(now.count), now.batch.to_vec());
        let results = with_rng_key(now.key as u64, || traced.call(&args))?;
        self.outputs = results.into_iter().map(|t| t.0).collect();
        for (out, place) in carried {
            self.state[*place] = self.outputs[*out].clone();
        }
        Ok(())
    }

    fn output(&self, _graph: usize, k: usize) -> Result<TensorData> {
        download(self.outputs[k].clone())
    }

    fn explain(&self, _graph: usize) -> Option<String> {
        None
    }

    fn profile(&mut self, _graph: usize, _times: usize) -> Result<Option<String>> {
        Ok(None)
    }
}
