// SPDX-License-Identifier: Apache-2.0
// scamper-grpc convert
#pragma once

#include "client/cli/console.h"
#include "client/cli/file_options.h"
#include "client/cli/interrupt.h"

namespace scamper::cli {

// Converts here, or through ScamperFiles.Convert. Returns the exit code: an ExitCode, or
// that of a signal.
int RunConvertCommand(const ConvertOptions& options, const Console& console, Interrupt* interrupt);

}  // namespace scamper::cli
