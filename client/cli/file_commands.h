// SPDX-License-Identifier: Apache-2.0
// The commands for result files.
#pragma once

#include "client/cli/console.h"
#include "client/cli/file_options.h"
#include "client/cli/interrupt.h"

namespace scamper::cli {

// Runs the command. Returns the exit code: an ExitCode, or that of a signal.
int RunFileCommand(const FileOptions& options, const Console& console, Interrupt* interrupt);

}  // namespace scamper::cli
