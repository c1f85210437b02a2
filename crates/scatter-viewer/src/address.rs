//! Addresses: which dataset the page's query asks for, and where its files are.
//!
//! [`data_address`] is the only place that builds an address, and it can only build one below `data/`.

use scatter_dataset::{DatasetName, FormatError, Layout, base_name};

use crate::escape::escape;

/// The data folder as seen from `web/index.html`: relative, so that any host and any subfolder will do.
const DATA: &str = "../data";

/// The dataset that a query such as `?dataset=esc10` asks for; `None` where it asks for none.
///
/// # Errors
/// [`FormatError::Name`] when what it asks for is not a dataset's name.
pub fn requested(query: &str) -> Result<Option<DatasetName>, FormatError> {
    let value = query
        .trim_start_matches('?')
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == "dataset")
        .map(|(_, value)| value);
    match value {
        None | Some("") => Ok(None),
        // A valid name has no character that a query escapes, so an escape is a breach of the rule itself.
        Some(name) => DatasetName::new(name).map(Some),
    }
}

/// The query that opens `name`.
pub fn query_for(name: &DatasetName) -> String {
    format!("?dataset={name}")
}

/// Address of `file`, relative to the page: in the folder of `dataset`, or beside the folders.
///
/// # Errors
/// [`FormatError::FileName`] when `file` is more than a plain file name.
pub fn data_address(dataset: Option<&DatasetName>, file: &str) -> Result<String, FormatError> {
    let file = escape(base_name("config.json", file)?);
    Ok(match dataset {
        Some(name) => format!("{DATA}/{name}/{file}"),
        None => format!("{DATA}/{file}"),
    })
}

/// The folder of `name`'s files; `None` where they lie beside the folders.
pub fn folder(name: &DatasetName, layout: Layout) -> Option<&DatasetName> {
    match layout {
        Layout::Folder => Some(name),
        Layout::Flat => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_query_names_a_dataset_or_none_or_is_refused() {
        assert_eq!(requested("").unwrap(), None);
        assert_eq!(requested("?a=b").unwrap(), None);
        assert_eq!(requested("?dataset=").unwrap(), None);
        assert_eq!(requested("?a=b&dataset=esc-10").unwrap().unwrap().as_str(), "esc-10");
        for hostile in ["..", "%2e%2e%2fsecret", "a/b", "//host", "https:x", "a%00", "<b>"] {
            assert!(requested(&format!("?dataset={hostile}")).is_err(), "{hostile}");
        }
    }

    #[test]
    fn a_dataset_opened_by_its_query_is_the_one_that_was_meant() {
        let name = DatasetName::new("ESC_50.v2").unwrap();
        assert_eq!(requested(&query_for(&name)).unwrap(), Some(name));
    }

    proptest! {
        #[test]
        fn no_file_name_leads_out_of_the_data_folder(file in "\\PC{0,40}") {
            let name = DatasetName::new("set").unwrap();
            for dataset in [None, Some(&name)] {
                if let Ok(address) = data_address(dataset, &file) {
                    let below = address.strip_prefix("../data/").unwrap();
                    let below = if dataset.is_some() { below.strip_prefix("set/").unwrap() } else { below };
                    prop_assert!(!below.is_empty() && !below.starts_with('.'));
                    prop_assert!(below.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
                }
            }
        }
    }
}
