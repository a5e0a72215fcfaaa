//! How elements get into a program and out of it.

use burn::tensor::{DType, DispatchTensor, Element, TensorData};
use thalweg_autodiff::executor::{type_of, with_bytes};
use thalweg_autodiff::{Error, Result, TensorType};

use super::Program;
use super::check::{bytes_of, no_such};
use crate::buffer::BufferId;
use crate::command::Carry;
use crate::layout::Layout;
use crate::loops::copy_view;

impl Program {
    /// Gives input number `k` its elements; they stay until they are set again or a result is carried to them.
    ///
    /// # Errors
    /// [`Error::Argument`] if there is no such input or the elements have another type.
    pub fn set_input(&mut self, k: usize, data: &TensorData) -> Result<()> {
        self.check_input(k, data)?;
        self.copy_in(k, data.as_bytes());
        Ok(())
    }

    /// Gives input number `k` the elements of a tensor, as [`Program::set_input`] does, without a copy on the way where the
    /// tensor is on Burn's Flex device.
    ///
    /// # Errors
    /// As [`Program::set_input`], and those of the tensor's device.
    pub fn set_tensor(&mut self, k: usize, tensor: &DispatchTensor) -> Result<()> {
        self.check_type(k, &type_of(tensor))?;
        with_bytes(tensor, |bytes| self.copy_in(k, bytes))
    }

    /// Copies the elements of input number `k`, which are known to have its type.
    fn copy_in(&mut self, k: usize, bytes: &[u8]) {
        let expected = bytes_of(&self.input_types[k]);
        assert_eq!(bytes.len(), expected, "elements of the type that was compared");
        if let Some(buffer) = self.inputs[k] {
            let to = self.pointers[buffer.index()];
            let size = self.input_types[k].dtype.size();
            // SAFETY: the buffer has the bytes of the type, which were counted.
            unsafe {
                match self.transposed.get(&buffer) {
                    Some(lanes) => copy_view(
                        bytes.as_ptr(),
                        &by_element(bytes.len() / size, *lanes),
                        size,
                        0,
                        bytes.len() / size,
                        to,
                    ),
                    None => std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()),
                }
            }
        }
    }

    /// The elements of result number `k` of the last run.
    ///
    /// # Errors
    /// [`Error::Argument`] if there is no such result.
    pub fn output(&self, k: usize) -> Result<TensorData> {
        let ty = self.output_types.get(k).ok_or_else(|| no_such("result", k, self.output_types.len()))?;
        Ok(self.read(self.result_slot(k), ty))
    }

    /// The elements of input number `k`: as they were set, or as a carried result has left them.
    ///
    /// # Errors
    /// [`Error::Argument`] if there is no such input, or nothing uses it.
    pub fn input(&self, k: usize) -> Result<TensorData> {
        let buffer = self.inputs.get(k).ok_or_else(|| no_such("input", k, self.inputs.len()))?;
        let buffer = buffer.ok_or_else(|| {
            Error::Argument(format!(
                "Input number {k} does not influence any result, so the program does not keep it."
            ))
        })?;
        Ok(self.read(buffer, &self.input_types[k]))
    }

    /// Copies the elements of input number `k` to `to`, as [`Program::input`] gives them, without allocating.
    ///
    /// # Errors
    /// As [`Program::input`], and [`Error::Argument`] if `to` has another length or element type.
    pub fn copy_input<E: Element>(&self, k: usize, to: &mut [E]) -> Result<()> {
        let buffer = self.inputs.get(k).copied().flatten();
        let buffer = buffer.ok_or_else(|| no_such("input that is kept", k, self.inputs.len()))?;
        self.copy(buffer, &self.input_types[k], to)
    }

    /// Copies the elements of result number `k` of the last run to `to`, without allocating.
    ///
    /// # Errors
    /// As [`Program::output`], and [`Error::Argument`] if `to` has another length or element type.
    pub fn copy_output<E: Element>(&self, k: usize, to: &mut [E]) -> Result<()> {
        let ty = self.output_types.get(k).ok_or_else(|| no_such("result", k, self.output_types.len()))?;
        self.copy(self.result_slot(k), ty, to)
    }

    fn copy<E: Element>(&self, buffer: BufferId, ty: &TensorType, to: &mut [E]) -> Result<()> {
        let n = ty.num_elements();
        if to.len() != n || E::dtype() != ty.dtype {
            return Err(Error::Argument(format!(
                "There is room for {} elements of {:?}, but the program holds {ty}; give room for exactly that.",
                to.len(),
                E::dtype()
            )));
        }
        let from = self.pointers[buffer.index()].cast_const();
        // SAFETY: the buffer holds `n` elements of this type, and so does `to`.
        unsafe {
            match self.transposed.get(&buffer) {
                Some(lanes) => {
                    let layout = by_element(n, n / lanes.max(&1));
                    copy_view(from, &layout, size_of::<E>(), 0, n, to.as_mut_ptr().cast());
                }
                None => std::ptr::copy_nonoverlapping(from.cast::<E>(), to.as_mut_ptr(), n),
            }
        }
        Ok(())
    }

    fn result_slot(&self, k: usize) -> BufferId {
        let carried = self.carries.iter().zip(&self.pairs).find(|(_, pair)| pair.0 == k);
        match carried {
            Some((Carry::Swap { to, .. }, _)) => *to,
            _ => self.outputs[k],
        }
    }

    pub(super) fn check_input(&self, k: usize, data: &TensorData) -> Result<()> {
        self.check_type(k, &TensorType::new(data.shape().to_vec(), data.dtype()))?;
        if data.as_bytes().len() == bytes_of(&self.input_types[k]) {
            return Ok(());
        }
        Err(Error::Argument(format!(
            "Input number {k} has another number of bytes than its type says; make it by `TensorData::new`."
        )))
    }

    fn check_type(&self, k: usize, given: &TensorType) -> Result<()> {
        let ty = self.input_types.get(k).ok_or_else(|| no_such("input", k, self.input_types.len()))?;
        if given == ty {
            return Ok(());
        }
        Err(Error::Argument(format!(
            "Input number {k} is {given}, but the program was compiled for {ty}. Compile it again for the new type, or \
             convert the input."
        )))
    }

    /// Checks the number of inputs; the key of a random graph may be left out.
    pub(super) fn check_inputs(&self, inputs: &[TensorData]) -> Result<()> {
        let most = self.input_types.len();
        if inputs.len() == most || inputs.len() + usize::from(self.is_random) == most {
            return Ok(());
        }
        let given = inputs.len();
        Err(Error::Argument(format!(
            "The program takes {most} inputs, but {given} are given; give one for each."
        )))
    }

    pub(super) fn set_key(&mut self, key: Option<i64>) {
        let last = self.inputs.last().copied().flatten().filter(|_| self.is_random);
        if let Some(buffer) = last {
            let key = key.unwrap_or_else(thalweg_autodiff::executor::next_key);
            // SAFETY: a key is one number of 64 bits, and the buffer starts on a line.
            unsafe { self.pointers[buffer.index()].cast::<i64>().write(key) };
        }
    }

    pub(super) fn read(&self, buffer: BufferId, ty: &TensorType) -> TensorData {
        let n = ty.num_elements();
        let mut from = self.pointers[buffer.index()].cast_const();
        let mut by_lane = vec![0_u64; if self.transposed.contains_key(&buffer) { n } else { 0 }];
        if let Some(lanes) = self.transposed.get(&buffer) {
            let layout = by_element(n, n / lanes.max(&1));
            // SAFETY: both have room for all elements, of eight bytes at most.
            unsafe { copy_view(from, &layout, ty.dtype.size(), 0, n, by_lane.as_mut_ptr().cast()) };
            from = by_lane.as_ptr().cast();
        }
        /// # Safety
        /// `from` is the first of as many elements as the type has, aligned for `T`.
        unsafe fn read<T: Element>(from: *const u8, ty: &TensorType) -> TensorData {
            // SAFETY: the caller's promise.
            let all = unsafe { std::slice::from_raw_parts(from.cast::<T>(), ty.num_elements()) };
            TensorData::new(all.to_vec(), ty.shape.clone())
        }
        // SAFETY: the buffer holds as many elements of its type, on a line.
        let numbers = unsafe {
            match ty.dtype {
                DType::F32 => Some(read::<f32>(from, ty)),
                DType::F64 => Some(read::<f64>(from, ty)),
                DType::I32 => Some(read::<i32>(from, ty)),
                DType::I64 => Some(read::<i64>(from, ty)),
                _ => None,
            }
        };
        numbers.unwrap_or_else(|| {
            // SAFETY: the buffer has the bytes of its type.
            let bytes = unsafe { std::slice::from_raw_parts(from, bytes_of(ty)) }.to_vec();
            TensorData::from_bytes_vec(bytes, ty.shape.clone(), ty.dtype)
        })
    }
}

/// Elements of `rows` rows, read column by column.
fn by_element(n: usize, rows: usize) -> Layout {
    Layout::contiguous(&[rows, n / rows.max(1)]).permute(&[1, 0])
}

/// Where the elements of a tensor lie, if it owns them and they are numbers.
pub(crate) fn pointer_to(data: &mut TensorData) -> Option<*mut u8> {
    match data.dtype() {
        DType::F32 => data.as_mut_slice::<f32>().ok().map(|x| x.as_mut_ptr().cast()),
        DType::F64 => data.as_mut_slice::<f64>().ok().map(|x| x.as_mut_ptr().cast()),
        DType::I32 => data.as_mut_slice::<i32>().ok().map(|x| x.as_mut_ptr().cast()),
        DType::I64 => data.as_mut_slice::<i64>().ok().map(|x| x.as_mut_ptr().cast()),
        _ => None,
    }
}
