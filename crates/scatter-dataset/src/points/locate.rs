//! Where the buffers of an Arrow file lie, from its own footer (Arrow columnar format 1.5, "IPC File Format").

use arrow_ipc::{Block, RecordBatch, root_as_footer, root_as_message};
use arrow_schema::{DataType, Schema};
use thiserror::Error;

use super::{Span, Stored};

/// The file is not laid out as this crate writes it.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct Unlocatable(String);

/// Bytes behind the footer: its length, and the mark.
const TAIL: usize = 4 + MARK.len();
const MARK: &[u8] = b"ARROW1";
/// What stands before a message's metadata: a mark and a length.
const PREFIX: usize = 8;

/// Where the columns of `schema` lie in `file`, which holds one batch of them.
pub(super) fn locate(file: &[u8], schema: &Schema) -> Result<Vec<Stored>, Unlocatable> {
    let odd = |what: &str| Unlocatable(format!("its {what} cannot be read"));
    let tail = file.len().checked_sub(TAIL).ok_or_else(|| odd("end"))?;
    let length = file[tail..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes)) as usize;
    let start = tail.checked_sub(length).ok_or_else(|| odd("end"))?;
    let footer = root_as_footer(&file[start..tail]).map_err(|_| odd("footer"))?;
    let batches = footer.recordBatches().ok_or_else(|| odd("batches"))?;
    if batches.len() != 1 {
        return Err(odd("one batch"));
    }
    let mut buffers = spans(file, batches.get(0)).ok_or_else(|| odd("batch"))?.into_iter();
    let mut words = Vec::new();
    for block in footer.dictionaries().iter().flatten() {
        words.push(spans(file, block).ok_or_else(|| odd("dictionary"))?);
    }
    let mut words = words.into_iter();
    let mut next = |skipped: usize| buffers.nth(skipped).ok_or_else(|| odd("buffers"));
    // Each array begins with the marks of what is missing.
    let column = |field: &arrow_schema::FieldRef| {
        Ok(match field.data_type() {
            DataType::UInt8 => Stored::Uint8 { at: next(1)? },
            DataType::UInt32 => Stored::Uint32 { at: next(1)? },
            DataType::Float32 => Stored::Float32 { at: next(1)? },
            DataType::Float64 => Stored::Float64 { at: next(1)? },
            DataType::Utf8 => Stored::Texts { offsets: next(1)?, text: next(0)? },
            DataType::FixedSizeList(..) => Stored::Points { at: next(2)? },
            DataType::List(item) => {
                let (offsets, at) = (next(1)?, next(1)?);
                match item.data_type() {
                    DataType::UInt32 => Stored::Uint32Lists { offsets, at },
                    _ => Stored::Float32Lists { offsets, at },
                }
            }
            DataType::Dictionary(..) => {
                let codes = next(1)?;
                match words.next().as_deref() {
                    Some(&[_, offsets, text]) => Stored::Words { offsets, text, codes },
                    _ => return Err(odd("dictionaries")),
                }
            }
            other => return Err(Unlocatable(format!("it holds a column of {other}"))),
        })
    };
    schema.fields().iter().map(column).collect()
}

/// Where the buffers of a batch lie.
fn spans(file: &[u8], block: &Block) -> Option<Vec<Span>> {
    let start = usize::try_from(block.offset()).ok()?;
    let metadata = usize::try_from(block.metaDataLength()).ok()?;
    let message = root_as_message(file.get(start + PREFIX..start + metadata)?).ok()?;
    let batch: RecordBatch<'_> = match message.header_as_dictionary_batch() {
        Some(dictionary) => dictionary.data()?,
        None => message.header_as_record_batch()?,
    };
    let body = (start + metadata) as u64;
    let span = |offset: i64, length: i64| {
        Some(Span { start: body + u64::try_from(offset).ok()?, bytes: u64::try_from(length).ok()? })
    };
    batch.buffers()?.iter().map(|buffer| span(buffer.offset(), buffer.length())).collect()
}
