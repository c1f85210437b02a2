//! A JSON text with any of its parts taken away, put in another's place, or written twice.

use proptest::prelude::*;
use serde_json::{Value, json};

/// What happens to one node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    Delete,
    /// Key and value, or entry, twice.
    Double,
    /// By the n-th of [`others`].
    Replace(u8),
}

impl Arbitrary for Change {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        prop_oneof![1 => Just(Self::Delete), 1 => Just(Self::Double), 4 => any::<u8>().prop_map(Self::Replace)].boxed()
    }
}

/// What may stand anywhere: as JSON, and as what only looks like it.
fn others() -> Vec<String> {
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(-1),
        json!(2),
        json!(0.5),
        json!(65_536),
        json!(u32::MAX),
        json!(1_000_000_000_000u64),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!(-1e300),
        json!(""),
        json!("x"),
        json!("../x"),
        json!("http://x"),
        json!("a\u{202e}b\n\0"),
        json!("<script>"),
        json!("constructor"),
        json!([]),
        json!({}),
        json!([[]]),
        json!([1, 2, 3]),
        json!({"a": {"a": [null]}}),
        json!(["a", "b", "c"]),
        json!("x".repeat(999)),
    ];
    let mut all: Vec<String> = values.iter().map(Value::to_string).collect();
    all.extend(["NaN", "-Infinity", "1e999", "01", "'x'", ",", "]", "\"", "/**/"].map(str::to_owned));
    all
}

/// `whole` as text after `changes`, each of the node with that number (modulo their count, in the order of the text).
pub fn change(whole: &Value, changes: &[(u16, Change)]) -> String {
    let nodes = count(whole);
    let changes: Vec<_> = changes.iter().map(|&(node, change)| (usize::from(node) % nodes, change)).collect();
    let mut writer = Writer { changes, next: 0, others: others() };
    writer.node(whole, None).join("")
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0usize,
    }
}

struct Writer {
    changes: Vec<(usize, Change)>,
    next: usize,
    others: Vec<String>,
}

impl Writer {
    /// The node as it stands in its parent: not at all, once or twice.
    fn node(&mut self, value: &Value, key: Option<&str>) -> Vec<String> {
        let number = self.next;
        self.next += 1;
        let inner = match value {
            Value::Array(items) => {
                let items: Vec<String> = items.iter().flat_map(|item| self.node(item, None)).collect();
                format!("[{}]", items.join(","))
            }
            Value::Object(fields) => {
                let fields: Vec<String> =
                    fields.iter().flat_map(|(key, v)| self.node(v, Some(key))).collect();
                format!("{{{}}}", fields.join(","))
            }
            plain => plain.to_string(),
        };
        let with_key =
            |text: &str| key.map_or_else(|| text.to_owned(), |key| format!("{}:{text}", json!(key)));
        let change = self.changes.iter().find(|(node, _)| *node == number).map(|(_, change)| *change);
        match change {
            None => vec![with_key(&inner)],
            Some(Change::Delete) => vec![],
            Some(Change::Double) => vec![with_key(&inner); 2],
            Some(Change::Replace(other)) => {
                vec![with_key(&self.others[usize::from(other) % self.others.len()])]
            }
        }
    }
}
