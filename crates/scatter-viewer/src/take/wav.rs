//! A WAV file of one channel and 16 bits (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications",
//! 1991).

/// Bytes of a WAV file of `samples` (-1 to 1, the rest is cut) at `rate` Hz.
///
/// A sample is `round(x · 32768)`, as in the dataset's own sound: 16-bit sound comes back exactly.
pub fn wav(samples: &[f32], rate: u32) -> Vec<u8> {
    let bytes = (samples.len() * 2) as u32;
    let mut file = Vec::with_capacity(44 + samples.len() * 2);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + bytes).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16u32.to_le_bytes());
    // Plain integers, one channel.
    file.extend_from_slice(&[1, 0, 1, 0]);
    file.extend_from_slice(&rate.to_le_bytes());
    file.extend_from_slice(&(rate * 2).to_le_bytes());
    file.extend_from_slice(&[2, 0, 16, 0]);
    file.extend_from_slice(b"data");
    file.extend_from_slice(&bytes.to_le_bytes());
    for &sample in samples {
        let value = (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16;
        file.extend_from_slice(&value.to_le_bytes());
    }
    file
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sixteen_bit_sound_comes_back_exactly(sound in prop::collection::vec(any::<i16>(), 0..300)) {
            let samples: Vec<f32> = sound.iter().map(|&s| f32::from(s) / 32_768.0).collect();
            let file = wav(&samples, 16_000);
            prop_assert_eq!(file.len(), 44 + sound.len() * 2);
            prop_assert_eq!(&file[..4], b"RIFF");
            prop_assert_eq!(u32::from_le_bytes([file[4], file[5], file[6], file[7]]) as usize + 8, file.len());
            prop_assert_eq!(&file[8..16], b"WAVEfmt ");
            let read: Vec<i16> = file[44..].chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect();
            prop_assert_eq!(read, sound);
        }
    }

    #[test]
    fn what_is_too_loud_is_cut() {
        let file = wav(&[1.0, -2.0, f32::NAN], 16_000);
        assert_eq!(file[44..], [0xff, 0x7f, 0x00, 0x80, 0, 0]);
    }
}
