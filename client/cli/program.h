// SPDX-License-Identifier: Apache-2.0
// The whole program but for the process around it.
#pragma once

#include <string>
#include <vector>

#include "client/cli/connection.h"
#include "client/cli/console.h"

namespace scamper::cli {

// Runs the command line, without the program's name, and returns the exit code. `default_server`
// stands in for --server; empty means localhost:50151. `interrupt` may be null.
int RunProgram(const std::vector<std::string>& arguments, const std::string& default_server,
               const Console& console, Interrupt* interrupt);

}  // namespace scamper::cli
