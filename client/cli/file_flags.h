// SPDX-License-Identifier: Apache-2.0
// The flags of the commands for result files.
#pragma once

#include <functional>
#include <vector>

#include <CLI/CLI.hpp>

#include "client/cli/file_options.h"

namespace scamper::cli {

struct FileCommand {
  // The command, below the app that it was added to.
  CLI::App* app = nullptr;
  // What its flags were parsed into; `before` are the options before the command. Throws
  // CLI::ParseError where flags do not go together. REQUIRES: app->parsed().
  std::function<FileOptions(const CommonOptions& before)> options;
};

// Adds the commands to `app`.
std::vector<FileCommand> AddFileCommands(CLI::App* app);

}  // namespace scamper::cli
