// SPDX-License-Identifier: Apache-2.0
// scamper-grpc info
#pragma once

#include "client/cli/console.h"
#include "client/cli/file_options.h"
#include "client/cli/interrupt.h"

namespace scamper::cli {

// Says of each file what is in it, for people or as one JSON object a line. Returns the exit
// code: an ExitCode, or that of a signal.
int RunInfoCommand(const InfoOptions& options, const Console& console, Interrupt* interrupt);

}  // namespace scamper::cli
