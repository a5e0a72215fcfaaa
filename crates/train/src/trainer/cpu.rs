//! Steps compiled for the CPU, which keep the state in place.

use burn::tensor::{Device, DispatchTensor, TensorData};
use thalweg_autodiff::Result;
use thalweg_autodiff::executor::{download, upload};
use thalweg_cpu::{Parked, Program};

use super::executor::{Executor, StepInputs};
use super::graph::{Args, Graph};

struct Compiled {
    program: Residence,
    /// What the graph has taken in, by the number of the input.
    taken_in: Vec<(usize, DispatchTensor)>,
    /// The places of the state that the program keeps and moves; the rest it only reads.
    updated: Vec<usize>,
    is_random: bool,
}

/// Where a program is: only the one that has run last has memory, so that the state is held once however many shapes of
/// batches there are.
enum Residence {
    Ready(Box<Program>),
    Parked(Box<Parked>),
    /// Between the two.
    Moving,
}

impl Residence {
    fn ready(&self) -> &Program {
        match self {
            Residence::Ready(program) => program,
            _ => unreachable!("the program that has run last has memory"),
        }
    }

    fn ready_mut(&mut self) -> &mut Program {
        match self {
            Residence::Ready(program) => program,
            _ => unreachable!("the program that has run last has memory"),
        }
    }

    fn park(&mut self) {
        *self = match std::mem::replace(self, Residence::Moving) {
            Residence::Ready(program) => Residence::Parked(Box::new(program.park())),
            other => other,
        };
    }

    fn resume(&mut self) {
        *self = match std::mem::replace(self, Residence::Moving) {
            Residence::Parked(program) => Residence::Ready(Box::new(program.resume())),
            other => other,
        };
    }
}

/// Runs programs of `thalweg-cpu`. A tensor of the state is in one place: in the program that has run last, if it moves
/// the tensor, else here.
pub(crate) struct CompiledExecutor {
    device: Device,
    threads: Option<usize>,
    host_state: Vec<Option<TensorData>>,
    programs: Vec<Compiled>,
    /// The program that has run last, unless the state was replaced since.
    last: Option<usize>,
}

impl CompiledExecutor {
    pub fn new(device: Device, threads: Option<usize>) -> Self {
        CompiledExecutor { device, threads, host_state: vec![], programs: vec![], last: None }
    }

    /// A tensor of the state, wherever it is.
    fn read(&self, place: usize) -> Result<TensorData> {
        match (&self.host_state[place], self.last) {
            (Some(data), _) => Ok(data.clone()),
            (None, Some(last)) => self.programs[last].program.ready().input(place),
            (None, None) => unreachable!("without a program, the whole state is here"),
        }
    }

    /// Moves the state into a program.
    fn enter(&mut self, graph: usize) -> Result<()> {
        if self.last == Some(graph) {
            return Ok(());
        }
        for place in 0..self.host_state.len() {
            if self.host_state[place].is_none() {
                self.host_state[place] = Some(self.read(place)?);
            }
        }
        self.programs.iter_mut().for_each(|other| other.program.park());
        self.last = None;
        let Compiled { program, updated: keeps, taken_in, .. } = &mut self.programs[graph];
        program.resume();
        let program = program.ready_mut();
        for (place, data) in self.host_state.iter().enumerate() {
            data.iter().try_for_each(|data| program.set_input(place, data))?;
        }
        taken_in.iter().try_for_each(|(k, tensor)| program.set_tensor(*k, tensor))?;
        keeps.iter().for_each(|place| self.host_state[*place] = None);
        self.last = Some(graph);
        Ok(())
    }
}

impl Executor for CompiledExecutor {
    fn load(&mut self, state: Vec<DispatchTensor>) -> Result<()> {
        self.host_state = state.into_iter().map(|t| download(t).map(Some)).collect::<Result<_>>()?;
        self.last = None;
        Ok(())
    }

    fn state(&self) -> Result<Vec<DispatchTensor>> {
        (0..self.host_state.len()).map(|place| Ok(upload(self.read(place)?, &self.device))).collect()
    }

    fn add(&mut self, graph: Graph, args: &Args) -> Result<()> {
        let Graph { traced, carried, .. } = graph;
        let mut program = Program::new(traced.func(), &carried)?;
        if let Some(threads) = self.threads {
            program = program.with_threads(threads);
        }
        let own = args.0.len() + 2 + args.3.len();
        let taken_in = traced.flatten_args(args)?.into_iter().enumerate().skip(own).collect();
        let keeps = carried.into_iter().map(|(_, place)| place).collect();
        let program = Residence::Parked(Box::new(program.park()));
        self.programs.push(Compiled { program, taken_in, updated: keeps, is_random: traced.func().uses_rng() });
        Ok(())
    }

    fn remove(&mut self, graph: usize) -> Result<()> {
        if self.last == Some(graph) {
            for place in 0..self.host_state.len() {
                self.host_state[place] = Some(self.read(place)?);
            }
            self.last = None;
        }
        self.programs.swap_remove(graph);
        if self.last == Some(self.programs.len()) {
            self.last = Some(graph);
        }
        Ok(())
    }

    fn run(&mut self, graph: usize, now: StepInputs<'_>) -> Result<()> {
        self.enter(graph)?;
        let Compiled { program, is_random, .. } = &mut self.programs[graph];
        let program = program.ready_mut();
        let start = self.host_state.len();
        program.set_input(start, &now.lr)?;
        program.set_input(start + 1, &now.count)?;
        for (k, tensor) in now.batch.iter().enumerate() {
            program.set_tensor(start + 2 + k, &tensor.0)?;
        }
        program.run(is_random.then_some(now.key))
    }

    fn output(&self, graph: usize, k: usize) -> Result<TensorData> {
        self.programs[graph].program.ready().output(k)
    }

    fn explain(&self, graph: usize) -> Option<String> {
        Some(match &self.programs[graph].program {
            Residence::Ready(program) => program.explain(),
            Residence::Parked(program) => program.explain(),
            Residence::Moving => return None,
        })
    }

    fn profile(&mut self, graph: usize, times: usize) -> Result<Option<String>> {
        self.programs[graph].program.ready_mut().profile(times).map(Some)
    }
}
