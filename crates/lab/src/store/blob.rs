//! Numbers as bytes, and back. What is not as long as it says is nothing.

use crate::run::Record;

/// What stands for a target that was not hit.
const NEVER: u64 = u64::MAX;

/// Numbers, bit for bit.
pub fn numbers(all: &[f64]) -> Vec<u8> {
    all.iter().flat_map(|x| x.to_bits().to_le_bytes()).collect()
}

/// As many numbers as are expected.
pub fn read_numbers<const N: usize>(bytes: &[u8]) -> Option<[f64; N]> {
    if bytes.len() != 8 * N {
        return None;
    }
    let all: Vec<f64> = words(bytes).map(f64::from_bits).collect();
    all.try_into().ok()
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word))
}

/// The evaluations until each target was hit.
pub fn hits(all: &[Option<u64>]) -> Vec<u8> {
    all.iter().flat_map(|hit| hit.unwrap_or(NEVER).to_le_bytes()).collect()
}

/// The hits of these bytes.
pub fn read_hits(bytes: &[u8]) -> Option<Vec<Option<u64>>> {
    let whole = bytes.len().is_multiple_of(8);
    whole.then(|| words(bytes).map(|hit| (hit != NEVER).then_some(hit)).collect())
}

/// Moments, column by column.
pub fn records(all: &[Record]) -> Vec<u8> {
    // Points are kept of all moments of a run or of none.
    let n = all.iter().map(|r| r.point.len()).min().unwrap_or(0);
    let mut bytes = Vec::with_capacity(8 + all.len() * 8 * (5 + n));
    bytes.extend((all.len() as u32).to_le_bytes());
    bytes.extend((n as u32).to_le_bytes());
    bytes.extend(all.iter().flat_map(|r| r.evaluations.to_le_bytes()));
    for column in
        [|r: &Record| r.value, |r: &Record| r.gradient, |r: &Record| r.distance, |r: &Record| r.seconds]
    {
        bytes.extend(all.iter().flat_map(|r| column(r).to_bits().to_le_bytes()));
    }
    bytes.extend(all.iter().flat_map(|r| r.point.iter().take(n)).flat_map(|x| x.to_bits().to_le_bytes()));
    bytes
}

/// The moments of these bytes.
pub fn read_records(bytes: &[u8]) -> Option<Vec<Record>> {
    let (head, rest) = bytes.split_at_checked(8)?;
    let sizes = u64::from_le_bytes(head.try_into().ok()?);
    let (count, n) = ((sizes & 0xffff_ffff) as usize, (sizes >> 32) as usize);
    let expected = count.checked_mul(n.checked_add(5)?)?.checked_mul(8)?;
    if rest.len() != expected {
        return None;
    }
    let all: Vec<u64> = words(rest).collect();
    let number = |column: usize, k: usize| f64::from_bits(all[column * count + k]);
    let record = |k: usize| Record {
        evaluations: all[k],
        value: number(1, k),
        gradient: number(2, k),
        distance: number(3, k),
        seconds: number(4, k),
        point: (0..n).map(|i| f64::from_bits(all[5 * count + k * n + i])).collect(),
    };
    Some((0..count).map(record).collect())
}
