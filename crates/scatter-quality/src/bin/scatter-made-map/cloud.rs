//! Where the points are: groups of unlike size and shape, as a map of sounds has them.

use scatter_map::curve_order;

/// Groups.
pub const GROUPS: usize = 40;

/// The points, along a curve through the map.
pub struct Cloud {
    /// Where each is.
    pub points: Vec<[f32; 3]>,
    /// Group of each.
    pub groups: Vec<u8>,
    /// How far each is from its group's middle, 0 to 1.
    pub depths: Vec<f32>,
}

impl Cloud {
    /// `count` points, the same for the same number.
    pub fn new(count: usize) -> Self {
        let mut random = Random(count as u64);
        let groups: Vec<Group> = (0..GROUPS).map(|_| Group::new(&mut random)).collect();
        let shares: f32 = groups.iter().map(|group| group.share).sum();
        let mut all = Vec::with_capacity(count);
        for _ in 0..count {
            let mut left = random.unit() * shares;
            let met = groups.iter().position(|group| {
                left -= group.share;
                left <= 0.0
            });
            let group = met.unwrap_or(0);
            let (point, depth) = groups[group].point(&mut random);
            all.push((point, group as u8, depth));
        }
        let places: Vec<[f32; 3]> = all.iter().map(|(point, ..)| *point).collect();
        let order = curve_order(&places);
        let ordered = || order.iter().map(|&k| &all[k as usize]);
        Self {
            points: ordered().map(|(point, ..)| *point).collect(),
            groups: ordered().map(|(_, group, _)| *group).collect(),
            depths: ordered().map(|(.., depth)| *depth).collect(),
        }
    }

    /// Mean shade of each point's tile.
    pub fn levels(&self) -> Vec<u8> {
        self.depths.iter().map(|depth| (40.0 + 120.0 * (1.0 - depth)) as u8).collect()
    }
}

struct Group {
    middle: [f32; 3],
    /// How far it reaches along each of its axes.
    reach: [f32; 3],
    /// How strongly it is bent, so that it is no ball.
    bend: f32,
    /// Its part of all points.
    share: f32,
}

impl Group {
    fn new(random: &mut Random) -> Self {
        let middle = std::array::from_fn(|_| 16.0 * random.unit() - 8.0);
        let reach = std::array::from_fn(|_| 0.2 + 1.2 * random.unit().powi(2));
        Self { middle, reach, bend: random.unit() - 0.5, share: 0.1 + random.unit().powi(3) }
    }

    fn point(&self, random: &mut Random) -> ([f32; 3], f32) {
        let from_middle: [f32; 3] = std::array::from_fn(|_| random.normal());
        let length = from_middle.iter().map(|x| x * x).sum::<f32>().sqrt();
        let mut point = std::array::from_fn(|axis| self.middle[axis] + self.reach[axis] * from_middle[axis]);
        point[1] += self.bend * from_middle[0] * from_middle[0];
        let rounded = point.map(|x: f32| (x * 1e4).round() / 1e4);
        (rounded, (length / 4.0).min(1.0))
    }
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// From 0 up to 1.
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 24) as f32
    }

    /// Normal, by the sum of twelve (Irwin and Hall).
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }
}
