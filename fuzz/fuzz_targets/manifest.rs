//! A connector's manifest: any text is read or refused, and what was read can be written and read
//! again without change.
#![no_main]

use headwater_fuzz::connector::Manifest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(manifest) = toml::from_str::<Manifest>(text) else { return };
    let Ok(written) = toml::to_string(&manifest) else { return };
    if written.contains("nan") {
        return; // equal to nothing, itself included
    }
    match toml::from_str::<Manifest>(&written) {
        Ok(again) => assert_eq!(again, manifest),
        Err(error) => panic!("what was written cannot be read: {error}\n{written}"),
    }
});
