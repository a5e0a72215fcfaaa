//! The text of a graph: what [`Func`] prints, and reading it back.
//!
//! ```text
//! fn(%0: f32[2,3], %1: f32[3,4]) -> (%3)
//!   %2: f32[2,4] = matmul %0 %1
//!   %3: f32[2,1] = sum(axes=[1]) %2
//! ```
//!
//! A line is a value, its type, the primitive with its attributes, and the operands. Each primitive prints and reads its own
//! attributes, so the language grows with the list of primitives.

use std::fmt;

use burn::tensor::{BoolStore, DType};
use rustc_hash::FxHashMap;

use super::{Defaults, Eqn, Func, TensorType, Var};
use crate::error::{Error, Result};
use crate::primitives::{Input, Prim};

impl fmt::Display for Func {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |vars: &[Var]| vars.iter().map(Var::to_string).collect::<Vec<_>>().join(", ");
        let inputs: Vec<String> = self.inputs.iter().map(|v| format!("{v}: {}", self.ty(*v))).collect();
        writeln!(f, "fn({}) -> ({})", inputs.join(", "), list(&self.outputs))?;
        for (i, eqn) in self.eqns.iter().enumerate() {
            match &eqn.prim {
                Prim::Input(_) => continue,
                Prim::Constant(c) if f.alternate() => {
                    write!(f, "  %{i}: {} = constant({})", eqn.ty, c.elements())?
                }
                prim => write!(f, "  %{i}: {} = {prim}", eqn.ty)?,
            }
            for a in &eqn.args {
                write!(f, " {a}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// A primitive as it stands in the text: name, attributes, types of the operands and of the result.
pub(crate) struct Call<'t> {
    pub name: &'t str,
    /// Names and values; a number or a list alone has no name, a word alone is both.
    attributes: Vec<(&'t str, &'t str)>,
    args: Vec<&'t TensorType>,
    pub out: &'t TensorType,
}

impl<'t> Call<'t> {
    fn new(text: &'t str, args: Vec<&'t TensorType>, out: &'t TensorType) -> Result<Self, String> {
        let Some((name, rest)) = text.split_once('(') else {
            return Ok(Call { name: text, attributes: vec![], args, out });
        };
        let inside = rest.strip_suffix(')').ok_or(format!("`{text}` has no closing bracket"))?;
        let attribute = |text: &'t str| match (text.find('='), text.find('(')) {
            (Some(k), None) => (&text[..k], &text[k + 1..]),
            // A distribution, as uniform(0.0,1.0).
            (_, Some(k)) => (&text[..k], text[k + 1..].trim_end_matches(')')),
            _ if text.starts_with(|c: char| c.is_ascii_alphabetic()) => (text, text),
            _ => ("", text),
        };
        Ok(Call { name, attributes: parts(inside)?.into_iter().map(attribute).collect(), args, out })
    }

    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// Whether there are no attributes.
    pub fn has_none(&self) -> bool {
        self.attributes.is_empty()
    }

    pub fn has(&self, key: &str) -> bool {
        self.attributes.iter().any(|(own, _)| *own == key)
    }

    /// The attribute of this name; of no name, the first number, list or word that stands alone.
    pub fn value(&self, key: &str) -> Result<&'t str, String> {
        let alone = |(own, value): &&(&str, &str)| key.is_empty() && own == value;
        let found = self.attributes.iter().find(|(own, _)| *own == key).or(self.attributes.iter().find(alone));
        found.map(|(_, value)| *value).ok_or_else(|| match key {
            "" => format!("`{}` lacks its attribute", self.name),
            key => format!("`{}` lacks the attribute `{key}`", self.name),
        })
    }

    pub fn number(&self, key: &str) -> Result<usize, String> {
        number(self.value(key)?)
    }

    pub fn numbers(&self, key: &str) -> Result<Vec<usize>, String> {
        elements(self.value(key)?)?.into_iter().map(number).collect()
    }

    pub fn operand(&self, k: usize) -> Result<&'t TensorType, String> {
        self.args.get(k).copied().ok_or(format!("`{}` lacks operand {k}", self.name))
    }
}

pub(crate) fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("`{text}` is no whole number"))
}

/// What stands between square brackets, separated by commas.
pub(crate) fn elements(text: &str) -> Result<Vec<&str>, String> {
    let inside = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    let inside = inside.ok_or(format!("`{text}` is no list in square brackets"))?;
    Ok(if inside.is_empty() { vec![] } else { inside.split(',').collect() })
}

/// Parts separated by commas that stand in no bracket.
fn parts(text: &str) -> Result<Vec<&str>, String> {
    let (mut all, mut depth, mut start) = (vec![], 0_i32, 0);
    for (i, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                all.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    if depth != 0 {
        return Err(format!("brackets do not match in `{text}`"));
    }
    all.push(&text[start..]);
    Ok(all)
}

/// What has been read of a graph.
#[derive(Default)]
struct Reader {
    eqns: Vec<Eqn>,
    vars: FxHashMap<u32, Var>,
}

impl Reader {
    fn name(text: &str) -> Result<u32, String> {
        let number = text.strip_prefix('%').and_then(|n| n.parse().ok());
        number.ok_or(format!("`{text}` is no value, as %0 is"))
    }

    fn var(&self, text: &str) -> Result<Var, String> {
        self.vars.get(&Self::name(text)?).copied().ok_or(format!("{text} is used before it is defined"))
    }

    /// The value's name, and its type.
    fn typed(text: &str) -> Result<(u32, TensorType), String> {
        let (name, ty) = text.split_once(": ").ok_or(format!("`{text}` lacks a type, as in %0: f32[2]"))?;
        Ok((Self::name(name)?, ty.parse()?))
    }

    fn push(&mut self, name: u32, eqn: Eqn) -> Result<Var, String> {
        let var = Var::new(self.eqns.len());
        self.eqns.push(eqn);
        match self.vars.insert(name, var) {
            None => Ok(var),
            Some(_) => Err(format!("%{name} is defined twice")),
        }
    }

    fn equation(&mut self, line: &str) -> Result<(), String> {
        let (left, right) = line.split_once(" = ").ok_or("it is not of the form `%2: f32[2] = add %0 %1`")?;
        let (name, ty) = Self::typed(left)?;
        let mut words = right.split_whitespace();
        let call = words.next().ok_or("it lacks a primitive")?;
        let args: Vec<Var> = words.map(|word| self.var(word)).collect::<Result<_, _>>()?;
        let types = args.iter().map(|a| &self.eqns[a.index()].ty).collect();
        let prim = Prim::parse(&Call::new(call, types, &ty)?)?;
        self.push(name, Eqn { prim, args, ty }).map(|_| ())
    }

    /// Element types that follow from what stands there: those of comparisons and of index searches.
    fn defaults(&self) -> Defaults {
        let bool = self.eqns.iter().map(|eqn| eqn.ty.dtype).find(DType::is_bool);
        let is_search =
            |prim: &Prim| matches!(prim, Prim::ArgReduce(_) | Prim::ArgSort(_) | Prim::MaxPoolIndices(_));
        let int = self.eqns.iter().find(|eqn| is_search(&eqn.prim)).map(|eqn| eqn.ty.dtype);
        Defaults { int: int.unwrap_or(DType::I64), bool: bool.unwrap_or(DType::Bool(BoolStore::Native)) }
    }
}

fn parse(text: &str) -> Result<Func, (usize, String)> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let (k, header) = lines.next().ok_or((0, "the text is empty".to_string()))?;
    let at = |k: usize| move |why: String| (k, why);
    let form = || (k, "the first line is not of the form `fn(%0: f32[2]) -> (%1)`".to_string());
    let inside = header.trim().strip_prefix("fn(").and_then(|h| h.strip_suffix(')')).ok_or_else(form)?;
    let (inputs, outputs) = inside.split_once(") -> (").ok_or_else(form)?;
    let mut reader = Reader::default();
    let mut own = vec![];
    for (index, input) in inputs.split(", ").filter(|input| !input.is_empty()).enumerate() {
        let (name, ty) = Reader::typed(input).map_err(at(k))?;
        let prim = Prim::Input(Input { index, ty: ty.clone() });
        own.push(reader.push(name, Eqn { prim, args: vec![], ty }).map_err(at(k))?);
    }
    for (k, line) in lines {
        reader.equation(line.trim()).map_err(at(k))?;
    }
    let given = outputs.split(", ").filter(|output| !output.is_empty());
    let outputs = given.map(|output| reader.var(output)).collect::<Result<Vec<Var>, _>>().map_err(at(k))?;
    let defaults = reader.defaults();
    let func = Func { eqns: reader.eqns, inputs: own, outputs, defaults };
    func.verify().map_err(at(k))?;
    Ok(func)
}

impl Func {
    /// Reads a graph from its text, in which constants are whole: what `format!("{func:#}")` gives, or `func.to_string()` where
    /// no constant has more than sixteen elements.
    ///
    /// ```
    /// use thalweg_autodiff::Func;
    /// let text = "fn(%0: f32[2]) -> (%2)\n  %1: f32[2] = mul %0 %0\n  %2: f32[1] = sum(axes=[0]) %1\n";
    /// assert_eq!(Func::parse(text)?.to_string(), text);
    /// let error = Func::parse("fn(%0: f32[2]) -> (%1)\n  %1: f32[2] = sinus %0\n").unwrap_err();
    /// assert_eq!(error.to_string(), "Line 2 of the graph's text: there is no primitive `sinus` with these attributes.");
    /// # Ok::<(), thalweg_autodiff::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Argument`] with the line that cannot be read, or the equation that is malformed.
    pub fn parse(text: &str) -> Result<Func> {
        parse(text).map_err(|(k, why)| Error::Argument(format!("Line {} of the graph's text: {why}.", k + 1)))
    }
}
