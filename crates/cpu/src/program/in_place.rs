//! Runs on memory of the caller.

use burn::tensor::TensorData;
use thalweg_autodiff::Result;

use super::Program;
use super::check::bytes_of;
use super::transfer::pointer_to;
use crate::command::Carry;

impl Program {
    /// Runs on the caller's memory: the inputs are read where they are, and carried results are written over them.
    /// Other results are given by [`Program::output`]; inputs that were set before stay as they were.
    ///
    /// # Errors
    /// As [`Program::call`].
    pub fn run_in_place(&mut self, inputs: &mut [TensorData], key: Option<i64>) -> Result<()> {
        self.check_inputs(inputs)?;
        for (k, data) in inputs.iter().enumerate() {
            self.check_input(k, data)?;
        }
        if !self.transposed.is_empty() {
            return self.run_on_copies(inputs, key);
        }
        self.set_key(key);
        let mut copied = vec![];
        {
            let lent = Lent::new(self);
            for (k, data) in inputs.iter_mut().enumerate() {
                match (lent.program.inputs[k], pointer_to(data)) {
                    (Some(buffer), Some(pointer)) => lent.program.pointers[buffer.index()] = pointer,
                    (Some(_), None) => {
                        lent.program.set_input(k, data)?;
                        copied.push(k);
                    }
                    (None, _) => {}
                }
            }
            let own = &*lent.program;
            own.check_indices()?;
            // SAFETY: as in `run`; the inputs have the types of their buffers and are borrowed for the whole call.
            own.commands.iter().try_for_each(|command| unsafe { command.run(own.buffers(), &own.team) })?;
            for (carry, (_, input)) in own.carries.iter().zip(&own.pairs) {
                if let Carry::Swap { from, to } | Carry::Copy { from, to, .. } = *carry {
                    let bytes = bytes_of(&own.input_types[*input]);
                    // SAFETY: both buffers have the bytes, and are different ones.
                    unsafe {
                        std::ptr::copy(own.pointers[from.index()].cast_const(), own.pointers[to.index()], bytes)
                    };
                }
            }
        }
        // What cannot be written where it is was carried in the program's own memory.
        for (_, input) in self.pairs.clone().into_iter().filter(|(_, input)| copied.contains(input)) {
            inputs[input] = self.input(input)?;
        }
        Ok(())
    }

    /// [`Program::run_in_place`] for programs whose own memory is ordered otherwise than the caller's.
    fn run_on_copies(&mut self, inputs: &mut [TensorData], key: Option<i64>) -> Result<()> {
        for (k, data) in inputs.iter().enumerate() {
            self.set_input(k, data)?;
        }
        self.run(key)?;
        for (_, input) in self.pairs.clone() {
            inputs[input] = self.input(input)?;
        }
        Ok(())
    }
}

/// A program that works on memory of its caller. It has its own back however the work ends, also by a panic.
struct Lent<'p> {
    program: &'p mut Program,
    own: Vec<*mut u8>,
}

impl<'p> Lent<'p> {
    fn new(program: &'p mut Program) -> Self {
        Lent { own: program.pointers.clone(), program }
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.program.pointers = std::mem::take(&mut self.own);
    }
}
