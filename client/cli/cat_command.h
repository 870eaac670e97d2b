// SPDX-License-Identifier: Apache-2.0
// scamper-grpc cat
#pragma once

#include "client/cli/console.h"
#include "client/cli/file_options.h"
#include "client/cli/interrupt.h"

namespace scamper::cli {

// Prints the files, one after the other; what is wrong with one does not keep the others from being
// printed. Returns the exit code: an ExitCode, or that of a signal.
int RunCatCommand(const CatOptions& options, const Console& console, Interrupt* interrupt);

}  // namespace scamper::cli
