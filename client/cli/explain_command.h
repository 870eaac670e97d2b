// SPDX-License-Identifier: Apache-2.0
// scamper-grpc ping --dry-run, and every other measurement
#pragma once

#include "client/cli/command_line.h"
#include "client/cli/connection.h"
#include "client/cli/console.h"

namespace scamper::cli {

// Shows what RunMeasurementCommand would do: a table of the tasks and one of the instances, or with
// --json a v1.ExplainedTask, with "dst" before it, or a v1.ExplainedInstance a line. kTaskFailed
// where a task would not be sent.
ExitCode RunExplainCommand(Connection& connection, const RunOptions& options,
                           const Console& console);

}  // namespace scamper::cli
