//! Steps compiled for the CPU, which keep the state in place.

use burn::tensor::{Device, DispatchTensor, TensorData};
use thalweg_autodiff::Result;
use thalweg_autodiff::execute::{download, upload};
use thalweg_cpu::Program;

use super::executor::{Executor, Now};
use super::graph::{Args, Graph};

struct Compiled {
    program: Program,
    /// The places of the state that the program keeps and moves; the rest it only reads.
    keeps: Vec<usize>,
    is_random: bool,
}

/// Runs programs of `thalweg-cpu`. A tensor of the state is in one place: in the program that has run last, if it moves
/// the tensor, else here.
pub(crate) struct ByPrograms {
    device: Device,
    threads: Option<usize>,
    here: Vec<Option<TensorData>>,
    programs: Vec<Compiled>,
    /// The program that has run last, unless the state was replaced since.
    last: Option<usize>,
}

impl ByPrograms {
    pub fn new(device: Device, threads: Option<usize>) -> Self {
        ByPrograms { device, threads, here: vec![], programs: vec![], last: None }
    }

    /// A tensor of the state, wherever it is.
    fn read(&self, place: usize) -> Result<TensorData> {
        match (&self.here[place], self.last) {
            (Some(data), _) => Ok(data.clone()),
            (None, Some(last)) => self.programs[last].program.input(place),
            (None, None) => unreachable!("without a program, the whole state is here"),
        }
    }

    /// Moves the state into a program.
    fn enter(&mut self, graph: usize) -> Result<()> {
        if self.last == Some(graph) {
            return Ok(());
        }
        for place in 0..self.here.len() {
            if self.here[place].is_none() {
                self.here[place] = Some(self.read(place)?);
            }
        }
        let Compiled { program, keeps, .. } = &mut self.programs[graph];
        for (place, data) in self.here.iter().enumerate() {
            data.iter().try_for_each(|data| program.set_input(place, data))?;
        }
        keeps.iter().for_each(|place| self.here[*place] = None);
        self.last = Some(graph);
        Ok(())
    }
}

impl Executor for ByPrograms {
    fn load(&mut self, state: Vec<DispatchTensor>) -> Result<()> {
        self.here = state.into_iter().map(|t| download(t).map(Some)).collect::<Result<_>>()?;
        self.last = None;
        Ok(())
    }

    fn state(&self) -> Result<Vec<DispatchTensor>> {
        (0..self.here.len()).map(|place| Ok(upload(self.read(place)?, &self.device))).collect()
    }

    fn add(&mut self, graph: Graph, args: &Args) -> Result<()> {
        let Graph { traced, carried, .. } = graph;
        let mut program = Program::new(traced.func(), &carried)?;
        if let Some(threads) = self.threads {
            program = program.with_threads(threads);
        }
        let own = args.0.len() + 2 + args.3.len();
        for (k, taken_in) in traced.inputs(args)?.into_iter().enumerate().skip(own) {
            program.set_tensor(k, &taken_in)?;
        }
        let keeps = carried.into_iter().map(|(_, place)| place).collect();
        self.programs.push(Compiled { program, keeps, is_random: traced.func().is_random() });
        Ok(())
    }

    fn run(&mut self, graph: usize, now: Now<'_>) -> Result<()> {
        self.enter(graph)?;
        let Compiled { program, is_random, .. } = &mut self.programs[graph];
        let start = self.here.len();
        program.set_input(start, &now.lr)?;
        program.set_input(start + 1, &now.count)?;
        for (k, tensor) in now.batch.iter().enumerate() {
            program.set_tensor(start + 2 + k, &tensor.0)?;
        }
        program.run(is_random.then_some(now.key))
    }

    fn output(&self, graph: usize, k: usize) -> Result<TensorData> {
        self.programs[graph].program.output(k)
    }

    fn explain(&self, graph: usize) -> Option<String> {
        Some(self.programs[graph].program.explain())
    }

    fn profile(&mut self, graph: usize, times: usize) -> Result<Option<String>> {
        self.programs[graph].program.profile(times).map(Some)
    }
}
