// SPDX-License-Identifier: Apache-2.0
// scamper-grpc instances
#pragma once

#include <string>

#include "client/cli/command_line.h"
#include "client/cli/connection.h"
#include "client/cli/console.h"

namespace scamper::cli {

// Prints the instances, as a table or one JSON object (v1.Instance) a line.
ExitCode RunInstancesCommand(Connection& connection, const InstancesOptions& options,
                             const Console& console);

// Aligned columns below a line of titles; "-" for what is not known.
std::string InstancesTable(const v1::ListInstancesResponse& response);

}  // namespace scamper::cli
