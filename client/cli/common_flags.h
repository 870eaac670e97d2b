// SPDX-License-Identifier: Apache-2.0
// Flags that several commands have.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace scamper::cli {

// What all commands share.
struct CommonOptions {
  // gRPC target: "host:port" or "unix:path".
  std::string server;
  bool json = false;
  // For the whole command; infinite where not given.
  absl::Duration timeout = absl::InfiniteDuration();
};

// Refuses the command line: "FLAG: message".
[[noreturn]] void Wrong(const std::string& flag, const absl::Status& status);

// A flag that takes one value and may be repeated; it does not swallow arguments behind it.
CLI::Option* AddList(CLI::App* app, const std::string& name,
                     std::function<void(const std::vector<std::string>&)> set,
                     const std::string& help);

void AddServer(CLI::App* app, CommonOptions* common);
void AddJson(CLI::App* app, CommonOptions* common);
void AddTimeout(CLI::App* app, CommonOptions* common, const std::string& help);

// Options that stand before the command hold where the command does not repeat them.
CommonOptions Merge(const CommonOptions& before, const CommonOptions& in_command);

}  // namespace scamper::cli
