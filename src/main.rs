//! See `headwater --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    headwater::cli::main()
}
