//! A graph that is ready to run.

mod arena;
mod check;
mod in_place;
mod multi_step;
#[cfg(debug_assertions)]
mod reference;
mod threads;
mod transfer;

use std::fmt;
use std::time::{Duration, Instant};

use arena::Arena;
use burn::tensor::TensorData;
use check::{bytes_of, check_pairs};
use rustc_hash::FxHashMap;
use thalweg_autodiff::{Func, Result, TensorType};

use crate::buffer::{BufferId, Buffers, Storage, align_up, assign_offsets};
use crate::command::{Carry, Command, Executable};
use crate::explain;
use crate::indices::Indices;
use crate::isa::Isa;
use crate::lower::lower;
use crate::options::Options;
use crate::pool::Team;

/// A graph compiled for this machine's CPU: its commands in order, and all memory that they need.
///
/// Inputs are set once and stay; results that are *carried* become inputs of the next run, in place where the assignment of buffers
/// allows it. Running allocates nothing, except inside of matrix products and of the operations that
/// [`explain`](Program::explain) names as falling back.
///
/// ```
/// use burn::tensor::{Device, Tensor, TensorData};
/// use thalweg_autodiff::trace;
/// use thalweg_cpu::Program;
///
/// let x = Tensor::<1>::from_floats([1.0, 2.0], &Device::flex());
/// let halved = trace(|x: Tensor<1>| x * 0.5, &x)?;
/// let mut program = Program::new(halved.func(), &[(0, 0)])?;
/// program.set_input(0, &TensorData::from([8.0_f32, 4.0]))?;
/// program.run_n(3, None)?;
/// assert_eq!(program.input(0)?.try_to_vec::<f32>().unwrap(), [1.0, 0.5]);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
pub struct Program {
    commands: Vec<Command>,
    storage: Vec<Storage>,
    inputs: Vec<Option<BufferId>>,
    input_types: Vec<TensorType>,
    outputs: Vec<BufferId>,
    output_types: Vec<TensorType>,
    carries: Vec<Carry>,
    pairs: Vec<(usize, usize)>,
    transposed: FxHashMap<BufferId, usize>,
    /// Indices among the inputs and constants of a program with carried results: looked at before anything is overwritten.
    indices: Vec<Indices>,
    is_random: bool,
    isa: Isa,
    team: Team,
    /// Threads for many steps of which each thread makes its own.
    multi_step_team: Team,
    pointers: Vec<*mut u8>,
    scratch_per_thread: usize,
    scratch: *mut u8,
    partials: *mut u8,
    bytes: explain::Bytes,
    /// Where each buffer lies in the memory; where the threads' scratch and partial results begin, and where all ends.
    offsets: Vec<usize>,
    scratch_offsets: [usize; 3],
    /// The graph, until the first run is compared with what the interpreter makes of it.
    #[cfg(debug_assertions)]
    graph: Option<Func>,
    /// What the pointers point into.
    memory: Arena,
}

/// A program without memory.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use thalweg_autodiff::trace;
/// use thalweg_cpu::Program;
///
/// let x = Tensor::<1>::from_floats([1.0, 2.0], &Device::flex());
/// let doubled = trace(|x: Tensor<1>| x * 2.0, &x)?;
/// let parked = Program::new(doubled.func(), &[])?.park();
/// let results = parked.resume().call(&[x.to_data()])?;
/// assert_eq!(results[0].try_to_vec::<f32>().unwrap(), [2.0, 4.0]);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
#[derive(Debug)]
pub struct Parked(Program);

impl Parked {
    /// The program with memory, in which all inputs are zero.
    pub fn resume(mut self) -> Program {
        self.0.allocate();
        self.0
    }

    /// As [`Program::explain`].
    pub fn explain(&self) -> String {
        self.0.explain()
    }
}

// SAFETY: the pointers point into the program's own memory, and running takes `&mut self`.
unsafe impl Send for Program {}

impl Program {
    /// Compiles a graph. Each pair in `carried` is the number of an output and of an input with the same type: after a
    /// run, that output is the input of the next one.
    ///
    /// # Errors
    /// [`Error::Argument`](thalweg_autodiff::Error::Argument) for a pair that does not exist or whose types differ, for two results carried to one input, and for a
    /// tensor of more than 32 axes.
    pub fn new(func: &Func, carried: &[(usize, usize)]) -> Result<Self> {
        Program::with_options(func, carried, Options::default())
    }

    /// Compiles in another way than the best one for this CPU.
    ///
    /// # Errors
    /// As [`Program::new`].
    pub fn with_options(func: &Func, carried: &[(usize, usize)], options: Options) -> Result<Self> {
        let isa = options.isa;
        check_pairs(func, carried)?;
        let Executable {
            commands: command,
            storage,
            inputs,
            outputs,
            carries,
            indices,
            transposed: lane_major,
        } = lower(func, carried, options)?;
        let all = Team::of(usize::MAX);
        let team = if threads::is_short(&command) { Team::of(1) } else { all };
        let largest = |f: &dyn Fn(&Command) -> usize| command.iter().map(f).max().unwrap_or(0);
        let scratch_per_thread = align_up(largest(&|w| match w {
            Command::Loop(l) => l.scratch_bytes(),
            Command::Op(s) => s.scratch_bytes(),
        }));
        let partial_bytes = align_up(largest(&|w| match w {
            Command::Loop(l) => l.partial_bytes(),
            Command::Op(s) => s.partial_bytes(),
        }));
        let func_type = |v: &thalweg_autodiff::Var| func.ty(*v).clone();
        let input_types: Vec<TensorType> = func.inputs().iter().map(func_type).collect();
        let size = |storage: &Storage| match storage {
            Storage::Input(k) => bytes_of(&input_types[*k]),
            Storage::Own { bytes } => *bytes,
            Storage::Constant { content } => content.len(),
            Storage::Arena { .. } => 0,
        };
        let own: Vec<usize> = storage.iter().map(|h| align_up(size(h))).collect();
        let scratch = scratch_per_thread * all.threads();
        let of = |wanted: fn(&Storage) -> bool| {
            (0..storage.len()).filter(|k| wanted(&storage[*k])).map(|k| own[k]).sum()
        };
        let (offsets, arena) = assign_offsets(&storage);
        let bytes = explain::Bytes {
            arena,
            inputs: of(|h| matches!(h, Storage::Input(_))),
            results: of(|h| matches!(h, Storage::Own { .. })),
            constants: of(|h| matches!(h, Storage::Constant { .. })),
            scratch: scratch + partial_bytes,
        };
        // Temporary values first, then what is the program's own, then scratch for the threads.
        let mut next = arena;
        let place = |(k, storage): (usize, &Storage)| match storage {
            Storage::Arena { .. } => offsets[k],
            _ => {
                next += own[k];
                next - own[k]
            }
        };
        let offsets: Vec<usize> = storage.iter().enumerate().map(place).collect();
        let (scratch, partials) = (next, next + scratch);
        let total = partials + partial_bytes;
        let mut program = Program {
            commands: command,
            storage,
            inputs,
            input_types,
            outputs,
            output_types: func.outputs().iter().map(func_type).collect(),
            carries,
            pairs: carried.to_vec(),
            transposed: lane_major,
            indices,
            is_random: func.uses_rng(),
            isa,
            team,
            multi_step_team: all,
            pointers: vec![],
            scratch_per_thread,
            scratch: std::ptr::null_mut(),
            partials: std::ptr::null_mut(),
            bytes,
            offsets,
            scratch_offsets: [scratch, partials, total],
            #[cfg(debug_assertions)]
            graph: Some(func.clone()),
            memory: Arena::new(0),
        };
        program.allocate();
        Ok(program)
    }

    /// Takes memory, in which inputs are zero and constants are what they are.
    fn allocate(&mut self) {
        let [scratch, partials, total] = self.scratch_offsets;
        self.memory = Arena::new(total);
        self.pointers = self.offsets.iter().map(|offset| self.memory.at(*offset)).collect();
        for (storage, place) in self.storage.iter().zip(&self.pointers) {
            if let Storage::Constant { content } = storage {
                // SAFETY: the place has room for the content, and nothing else points to it yet.
                unsafe { std::ptr::copy_nonoverlapping(content.as_ptr(), *place, content.len()) };
            }
        }
        (self.scratch, self.partials) = (self.memory.at(scratch), self.memory.at(partials));
    }

    /// Gives the memory back, with the inputs and results in it, until the program is [resumed](Parked::resume).
    pub fn park(mut self) -> Parked {
        self.pointers.clear();
        self.memory = Arena::new(0);
        Parked(self)
    }

    /// Lets the program use so many threads, the caller's included, or all of them if there are fewer; results are the
    /// same for any number. By default it uses all cores, or as many as the environment variable `THALWEG_THREADS` says,
    /// but only the caller's thread where the commands are too short for others to gain anything.
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.team = Team::of(threads);
        self.multi_step_team = self.team;
        self
    }

    /// The types of the inputs, in order; the last one of a random graph is its key.
    pub fn input_types(&self) -> &[TensorType] {
        &self.input_types
    }

    /// The types of the results, in order.
    pub fn output_types(&self) -> &[TensorType] {
        &self.output_types
    }

    /// Runs the program once. A random graph draws by `key`, or by this thread's next one where none is given; see
    /// [`seed`](thalweg_autodiff::seed).
    ///
    /// # Errors
    /// [`Error::Device`](thalweg_autodiff::Error::Device) for an index outside of its axis; carried inputs are then as they were. What one of Burn's own
    /// operations fails with; carried inputs may then be those of the next run.
    pub fn run(&mut self, key: Option<i64>) -> Result<()> {
        self.set_key(key);
        self.check_indices()?;
        #[cfg(debug_assertions)]
        let reference = self.graph.take().and_then(|func| reference::Reference::new(func, self));
        let (memory, team) = (self.buffers(), &self.team);
        for command in &self.commands {
            // SAFETY: the buffers are those of this command, and `&mut self` keeps others away.
            unsafe { command.run(memory, team)? };
        }
        #[cfg(debug_assertions)]
        reference.map_or(Ok(()), |reference| reference.compare(self))?;
        self.carry();
        Ok(())
    }

    /// Runs the program `times` times and says how long each command of it took, beside what [`Program::explain`] says.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn profile(&mut self, times: usize) -> Result<String> {
        let mut spent = vec![Duration::ZERO; self.commands.len()];
        for _ in 0..times {
            self.set_key(None);
            self.check_indices()?;
            let (memory, team) = (self.buffers(), &self.team);
            for (command, spent) in self.commands.iter().zip(&mut spent) {
                let start = Instant::now();
                // SAFETY: as in `run`.
                unsafe { command.run(memory, team)? };
                *spent += start.elapsed();
            }
            self.carry();
        }
        let times = times.max(1) as u32;
        let each: Vec<Duration> = spent.into_iter().map(|s| s / times).collect();
        Ok(explain::explain(&self.commands, Some(&each), &self.bytes, self.isa, self.team.threads()))
    }

    fn check_indices(&self) -> Result<()> {
        // SAFETY: the buffers hold as many indices.
        self.indices.iter().try_for_each(|indices| unsafe { indices.check(self.buffers()) })
    }

    fn buffers(&self) -> Buffers<'_> {
        Buffers {
            pointers: &self.pointers,
            scratch: self.scratch,
            scratch_per_thread: self.scratch_per_thread,
            partials: self.partials,
        }
    }

    /// Makes carried results the inputs of the next run.
    fn carry(&mut self) {
        for carry in &self.carries {
            match *carry {
                Carry::InPlace => {}
                Carry::Swap { from, to } => self.pointers.swap(from.index(), to.index()),
                // SAFETY: both buffers have the bytes, and are different ones.
                Carry::Copy { from, to, bytes } => unsafe {
                    std::ptr::copy(self.pointers[from.index()].cast_const(), self.pointers[to.index()], bytes);
                },
            }
        }
    }

    /// Sets all inputs, runs, and gives all results.
    ///
    /// # Errors
    /// As [`Program::set_input`] and [`Program::run`].
    pub fn call(&mut self, inputs: &[TensorData]) -> Result<Vec<TensorData>> {
        self.check_inputs(inputs)?;
        for (k, data) in inputs.iter().enumerate() {
            self.set_input(k, data)?;
        }
        let key = inputs.last().filter(|_| self.is_random && inputs.len() == self.inputs.len());
        self.run(key.and_then(|key| key.iter::<i64>().next()))?;
        (0..self.outputs.len()).map(|k| self.output(k)).collect()
    }

    /// What the program does, command by command: kernels, operations, bytes, what runs on Burn's own operations, the
    /// threads that it uses, and the memory that it holds.
    pub fn explain(&self) -> String {
        explain::explain(&self.commands, None, &self.bytes, self.isa, self.team.threads())
    }

    /// Bytes of memory that the program holds for temporary values, beside inputs, results and constants.
    pub fn workspace_bytes(&self) -> usize {
        self.bytes.arena + self.bytes.scratch
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Program({} steps, {} buffers)", self.commands.len(), self.storage.len())
    }
}
