//! A ZIP archive whose files are stored as they are (PKWARE, APPNOTE 6.3): sound does not shrink by deflating.
//!
//! The archive is handed out piece by piece, so that it need not lie in memory as a whole.

/// Why no more can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ZipError {
    /// The format counts files in 16 bits.
    #[error("a ZIP archive holds 65,535 files at most: select fewer sounds")]
    TooMany,
    /// The format counts bytes in 32 bits.
    #[error("a ZIP archive holds 4 GB at most: select fewer sounds")]
    TooLarge,
}

/// An archive in the making.
#[derive(Debug, Default)]
pub struct Zip {
    directory: Vec<u8>,
    files: u16,
    written: u32,
}

/// Version 2.0 of the format; names in UTF-8 (bit 11); stored; midnight of 1 January 1980, the first time there is, so
/// that the same sounds give the same bytes.
const COMMON: [u8; 10] = [20, 0, 0, 0x08, 0, 0, 0, 0, 0x21, 0];

impl Zip {
    /// Adds a file: what to write before its `bytes`, which follow as they are.
    ///
    /// # Errors
    /// When the archive is full; it can still be finished.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<Vec<u8>, ZipError> {
        let files = self.files.checked_add(1).filter(|&n| n < u16::MAX).ok_or(ZipError::TooMany)?;
        let (name_bytes, size) = (name.len() as u64, bytes.len() as u64);
        let after = u64::from(self.written) + 30 + name_bytes + size;
        // The directory must fit as well.
        let whole = after + self.directory.len() as u64 + 46 + name_bytes + 22;
        if whole >= u64::from(u32::MAX) || name_bytes >= u64::from(u16::MAX) {
            return Err(ZipError::TooLarge);
        }
        let mut facts = Vec::with_capacity(26);
        facts.extend_from_slice(&COMMON);
        facts.extend_from_slice(&crc32(bytes).to_le_bytes());
        facts.extend_from_slice(&(size as u32).to_le_bytes());
        facts.extend_from_slice(&(size as u32).to_le_bytes());
        facts.extend_from_slice(&(name_bytes as u16).to_le_bytes());
        facts.extend_from_slice(&[0, 0]);
        let mut head = b"PK\x03\x04".to_vec();
        head.extend_from_slice(&facts);
        head.extend_from_slice(name.as_bytes());

        self.directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        self.directory.extend_from_slice(&facts);
        // No comment, first disk, no attributes.
        self.directory.extend_from_slice(&[0; 10]);
        self.directory.extend_from_slice(&self.written.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        self.files = files;
        self.written = after as u32;
        Ok(head)
    }

    /// What to write at the end.
    pub fn finish(self) -> Vec<u8> {
        let mut end = self.directory;
        let size = end.len() as u32;
        end.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        end.extend_from_slice(&self.files.to_le_bytes());
        end.extend_from_slice(&self.files.to_le_bytes());
        end.extend_from_slice(&size.to_le_bytes());
        end.extend_from_slice(&self.written.to_le_bytes());
        end.extend_from_slice(&[0, 0]);
        end
    }
}

/// The remainders of all bytes by the reversed polynomial 0xEDB88320.
const REMAINDERS: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut rest = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            rest = if rest & 1 == 1 { rest >> 1 ^ 0xedb8_8320 } else { rest >> 1 };
            bit += 1;
        }
        table[byte] = rest;
        byte += 1;
    }
    table
};

/// CRC-32 (ISO 3309, ITU-T V.42).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, &byte| sum >> 8 ^ REMAINDERS[usize::from(sum as u8 ^ byte)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn checksums_are_those_of_the_standard() {
        // The check value that every catalogue of CRCs gives.
        assert_eq!((crc32(b"123456789"), crc32(b"")), (0xcbf4_3926, 0));
    }

    fn number(bytes: &[u8], at: usize, size: usize) -> usize {
        bytes[at..at + size].iter().rev().fold(0, |n, &b| n << 8 | usize::from(b))
    }

    /// Reads an archive by its directory, as any program does: from its end.
    fn read(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
        let end = archive.len() - 22;
        assert_eq!(&archive[end..end + 4], b"PK\x05\x06");
        let mut at = number(archive, end + 16, 4);
        assert_eq!(at + number(archive, end + 12, 4), end);
        let mut files = Vec::new();
        for _ in 0..number(archive, end + 10, 2) {
            assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
            let (sum, size, name) =
                (number(archive, at + 16, 4), number(archive, at + 24, 4), number(archive, at + 28, 2));
            let local = number(archive, at + 42, 4);
            assert_eq!(&archive[local..local + 4], b"PK\x03\x04");
            assert_eq!(archive[local + 4..local + 30], archive[at + 6..at + 32]);
            let start = local + 30 + name;
            let bytes = archive[start..start + size].to_vec();
            assert_eq!(crc32(&bytes) as usize, sum);
            files.push((String::from_utf8(archive[at + 46..at + 46 + name].to_vec()).unwrap(), bytes));
            at += 46 + name;
        }
        assert_eq!(at, end);
        files
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(
            files in prop::collection::vec((".{0,20}", prop::collection::vec(any::<u8>(), 0..90)), 0..12),
        ) {
            let (mut zip, mut archive) = (Zip::default(), Vec::new());
            for (name, bytes) in &files {
                archive.extend(zip.add(name, bytes).unwrap());
                archive.extend_from_slice(bytes);
            }
            archive.extend(zip.finish());
            prop_assert_eq!(read(&archive), files);
        }
    }

    #[test]
    fn a_full_archive_says_so_and_can_still_be_finished() {
        let mut zip = Zip { files: u16::MAX - 1, ..Zip::default() };
        assert_eq!(zip.add("a", b"x"), Err(ZipError::TooMany));
        let mut zip = Zip { written: u32::MAX - 100, ..Zip::default() };
        assert_eq!(zip.add("a", &[0; 90]), Err(ZipError::TooLarge));
        assert_eq!(zip.finish().len(), 22);
    }
}
