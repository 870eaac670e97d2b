// SPDX-License-Identifier: Apache-2.0
// scamper-grpc ping, trace and every other measurement
#pragma once

#include "client/cli/command_line.h"
#include "client/cli/connection.h"
#include "client/cli/console.h"

namespace scamper::cli {

// Runs the measurement to each destination from each instance that is selected, in one call of Run,
// and prints results and errors as they come. Returns as exit_code.h says.
ExitCode RunMeasurementCommand(Connection& connection, const RunOptions& options,
                               const Console& console);

}  // namespace scamper::cli
