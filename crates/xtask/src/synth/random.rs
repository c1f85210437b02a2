//! A small random number generator whose numbers are the same on every machine.

/// SplitMix64 (Steele, Lea, Flood 2014): 64 bits of state, good enough for sound, nothing for secrets.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// A generator for one clip: the same collection seed, class and number give the same sound,
    /// however many other clips are made.
    pub fn for_clip(seed: u64, class: &str, number: usize) -> Self {
        // FNV-1a over the class name, then mixed with the rest.
        let name = class.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut random = Self { state: seed ^ name.rotate_left(17) };
        random.state = random.next().wrapping_add((number as u64).wrapping_mul(0x2545_f491_4f6c_dd1d));
        random
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform on a logarithmic scale in [low, high): how pitch and decay times are heard.
    pub fn log_between(&mut self, low: f64, high: f64) -> f64 {
        low * libm::pow(high / low, self.unit())
    }

    /// A whole number in [low, high].
    pub fn whole(&mut self, low: usize, high: usize) -> usize {
        low + (self.unit() * (high - low + 1) as f64) as usize
    }

    /// One of the choices, the first if there is but one.
    pub fn pick<T: Copy, const N: usize>(&mut self, choices: [T; N]) -> T {
        choices[self.whole(0, N - 1)]
    }

    /// White noise in [-1, 1).
    pub fn noise(&mut self) -> f64 {
        self.between(-1.0, 1.0)
    }
}
