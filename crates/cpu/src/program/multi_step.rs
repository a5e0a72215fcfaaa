//! Many steps in one call.

use thalweg_autodiff::Result;
use thalweg_autodiff::executor::{fold_in, next_key};

use super::Program;
use crate::buffer::BufferId;
use crate::command::{Carry, Command};
use crate::loops::ScalarCarry;

impl Program {
    /// Runs the program `times` times, its carried results being the inputs of the next run; run `i` of a random graph
    /// draws by part `i` of `key`. Where lanes have nothing to do with each other, threads make all runs of some lanes
    /// before they turn to others.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn run_n(&mut self, times: usize, key: Option<i64>) -> Result<()> {
        let key = if self.is_random { Some(key.unwrap_or_else(next_key)) } else { None };
        if let (true, false, Some(handed)) = (times > 1, self.is_random, self.handed()) {
            let (memory, team) = (self.buffers(), &self.multi_step_team);
            for command in &self.commands {
                if let Command::Loop(l) = command {
                    // SAFETY: as in `run`.
                    unsafe { l.run_n(times, &handed, memory, team) };
                }
            }
            self.carry();
            return Ok(());
        }
        for i in 0..times {
            self.run(key.map(|key| fold_in(key, i as u32)))?;
        }
        Ok(())
    }

    /// What steps hand on, if the program is one loop whose blocks need nothing of each other, so that each can make all
    /// steps by itself.
    fn handed(&self) -> Option<Vec<ScalarCarry>> {
        let [Command::Loop(l)] = &self.commands[..] else { return None };
        let copied: Option<Vec<(BufferId, BufferId)>> = self
            .carries
            .iter()
            .filter(|carry| **carry != Carry::InPlace)
            .map(|carry| match *carry {
                Carry::Copy { from, to, .. } => Some((from, to)),
                Carry::InPlace | Carry::Swap { .. } => None,
            })
            .collect();
        l.scalar_carries(&copied?)
    }
}
