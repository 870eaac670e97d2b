// SPDX-License-Identifier: Apache-2.0
// scamper-grpc instances, attach and detach
#pragma once

#include <string>

#include "client/cli/command_line.h"
#include "client/cli/connection.h"
#include "client/cli/console.h"

namespace scamper::cli {

// Prints the instances, as a table or one JSON object (v1.Instance) a line; behind the table one of
// the sources.
ExitCode RunInstancesCommand(Connection& connection, const InstancesOptions& options,
                             const Console& console);

// attach prints the name.
ExitCode RunAttachCommand(Connection& connection, const AttachOptions& options,
                          const Console& console);
ExitCode RunDetachCommand(Connection& connection, const DetachOptions& options,
                          const Console& console);

// Aligned columns below a line of titles; "-" for what is not known. What vantage
// points are known for has columns only where there is something.
std::string InstancesTable(const v1::ListInstancesResponse& response);

}  // namespace scamper::cli
