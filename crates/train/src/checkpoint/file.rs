//! Writing and reading files.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use burn::tensor::{BoolStore, DType, TensorData};
use flate2::Crc;
use safetensors::{Dtype, SafeTensorError, SafeTensors, View};

use super::{Checkpoint, Meta};
use crate::error::{Error, Result};

/// The name of this crate's entry in the file's metadata.
const KEY: &str = "thalweg";
const VERSION: u32 = 1;
/// Stands for the checksum while it is computed.
const BLANK: &str = "00000000";
/// What the JSON starts with, up to the checksum's digits.
const PREFIX: &str = "{\"checksum\":\"";

/// Element types of Burn beside those of the format.
const TYPES: [(DType, Dtype); 13] = [
    (DType::F64, Dtype::F64),
    (DType::F32, Dtype::F32),
    (DType::F16, Dtype::F16),
    (DType::BF16, Dtype::BF16),
    (DType::I64, Dtype::I64),
    (DType::I32, Dtype::I32),
    (DType::I16, Dtype::I16),
    (DType::I8, Dtype::I8),
    (DType::U64, Dtype::U64),
    (DType::U32, Dtype::U32),
    (DType::U16, Dtype::U16),
    (DType::U8, Dtype::U8),
    (DType::Bool(BoolStore::Native), Dtype::BOOL),
];

fn to_file(dtype: DType) -> Option<Dtype> {
    TYPES.iter().find(|(own, _)| *own == dtype).map(|(_, file)| *file)
}

fn from_file(dtype: Dtype) -> Option<DType> {
    TYPES.iter().find(|(_, file)| *file == dtype).map(|(own, _)| *own)
}

struct Entry<'a> {
    data: &'a TensorData,
    dtype: Dtype,
    shape: Vec<usize>,
}

impl View for Entry<'_> {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self.data.as_bytes())
    }

    fn data_len(&self) -> usize {
        self.data.as_bytes().len()
    }
}

/// The checksum over JSON whose own checksum is blank, and the tensors.
fn checksum(json: &str, tensors: &BTreeMap<String, TensorData>) -> String {
    let mut crc = Crc::new();
    crc.update(json.as_bytes());
    for (name, data) in tensors {
        crc.update(format!("{name} {:?} {:?}", data.dtype(), data.shape().to_vec()).as_bytes());
        crc.update(data.as_bytes());
    }
    format!("{:08x}", crc.sum())
}

/// The name under which a file is written before it takes its place. It is the same each time, so that what a killed
/// process has left is written over.
fn partial(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_string_lossy();
    Some(path.with_file_name(format!(".{name}.partial")))
}

/// Makes a file of this content appear at `path` as a whole, or not at all.
fn write_whole(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let partial = partial(path).ok_or_else(|| std::io::Error::other("the path names no file"))?;
    let written = File::create(&partial).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&partial, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&partial);
        return written;
    }
    // The rename itself is on the disk once the folder is; other systems than Unix give no handle to one.
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

impl Checkpoint {
    pub(super) fn meta_version() -> u32 {
        VERSION
    }

    /// Writes the checkpoint to a file, which is replaced as a whole or stays as it was.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] if the file cannot be written, or a tensor's element type has no place in the format.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let refuse = |why: String| {
            Error::Checkpoint(format!("The checkpoint `{}` cannot be written: {why}.", path.display()))
        };
        let mut meta = self.meta.clone();
        meta.checksum = BLANK.into();
        let blank = serde_json::to_string(&meta).map_err(|e| refuse(e.to_string()))?;
        let json = blank.replacen(BLANK, &checksum(&blank, &self.tensors), 1);
        let entry = |(name, data): (&String, &'_ TensorData)| {
            let dtype = to_file(data.dtype());
            let dtype =
                dtype.ok_or_else(|| refuse(format!("`{name}` has the element type {:?}", data.dtype())))?;
            Ok((name.clone(), dtype, data.shape().to_vec()))
        };
        let types = self.tensors.iter().map(entry).collect::<Result<Vec<_>>>()?;
        let entries = types.into_iter().zip(self.tensors.values());
        let entries = entries.map(|((name, dtype, shape), data)| (name, Entry { data, dtype, shape }));
        let content = safetensors::serialize(entries, Some(HashMap::from([(KEY.to_string(), json)])));
        let content = content.map_err(|e| refuse(e.to_string()))?;
        write_whole(path, &content)
            .map_err(|e| refuse(format!("{e}; give a path in a folder that exists and may be written to")))
    }

    /// Reads a checkpoint from a file.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] if the file cannot be read, is no checkpoint, or is not as it was written; the text says
    /// which.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let refuse = |why: String| Error::Checkpoint(format!("`{}` {why}", path.display()));
        let bytes = fs::read(path).map_err(|e| refuse(format!("cannot be read: {e}.")))?;
        parse(&bytes).map_err(refuse)
    }
}

fn parse(bytes: &[u8]) -> Result<Checkpoint, String> {
    let damaged = "is not as it was written; take another checkpoint";
    let file = SafeTensors::deserialize(bytes).map_err(|e| match e {
        SafeTensorError::InvalidHeaderLength | SafeTensorError::MetadataIncompleteBuffer => format!(
            "is truncated or no checkpoint: it has {} bytes, which are fewer or more than its header says; take another \
             checkpoint.",
            bytes.len()
        ),
        e => format!("is no checkpoint: it is not in the safetensors format ({e})."),
    })?;
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| e.to_string())?;
    let Some(json) = header.metadata().as_ref().and_then(|all| all.get(KEY)) else {
        return Err(
            "holds tensors, but is no checkpoint of a training: its metadata has no entry `thalweg`. Load a \
                    model from it by `burn-store`."
                .into(),
        );
    };
    #[derive(serde::Deserialize)]
    struct Version {
        version: u32,
    }
    let version: Version = serde_json::from_str(json).map_err(|e| format!("{damaged} (its metadata: {e})."))?;
    if version.version != VERSION {
        return Err(format!(
            "is a checkpoint of format {}, but this version of thalweg-train reads format {VERSION}; use the version \
             that has written it.",
            version.version
        ));
    }
    let mut tensors = BTreeMap::new();
    for (name, view) in file.iter() {
        let dtype = from_file(view.dtype());
        let dtype = dtype.ok_or_else(|| format!("holds `{name}` of the element type {:?}.", view.dtype()))?;
        let data = TensorData::from_bytes_vec(view.data().to_vec(), view.shape().to_vec(), dtype);
        tensors.insert(name.to_string(), data);
    }
    let own = json.strip_prefix(PREFIX).and_then(|rest| rest.get(..BLANK.len()));
    let own = own.ok_or_else(|| format!("{damaged} (its checksum is missing)."))?;
    let found = checksum(&json.replacen(own, BLANK, 1), &tensors);
    if found != own {
        return Err(format!("{damaged} (its checksum is {own}, but its content has {found})."));
    }
    let meta: Meta = serde_json::from_str(json).map_err(|e| format!("{damaged} (its metadata: {e})."))?;
    Ok(Checkpoint { meta, tensors })
}
