// SPDX-License-Identifier: Apache-2.0
// The command line of scamper-grpc, parsed.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "client/cli/common_flags.h"
#include "client/cli/console.h"
#include "client/cli/exit_code.h"
#include "client/cli/file_options.h"
#include "scamper/v1/control.pb.h"

namespace scamper::cli {

// The command `instances`.
struct InstancesOptions {
  CommonOptions common;
  // ListInstancesRequest.instance_filter.
  std::string filter;
};

// The command `attach`.
struct AttachOptions {
  CommonOptions common;
  std::string endpoint;
  std::string name;
  std::string version;
};

// The command `detach`.
struct DetachOptions {
  CommonOptions common;
  std::string name;
};

// A measurement of any kind.
struct RunOptions {
  CommonOptions common;
  // Parameters for all destinations, which are not set in it.
  v1::Measurement measurement;
  // In the order given, at least one, a measurement each. Where a measurement has several addresses
  // they are separated by blanks; empty where its parameters say all.
  std::vector<std::string> destinations;
  // Each once; empty with `all` and `filter`, and where none was named.
  std::vector<std::string> instances;
  bool all = false;
  std::string filter;
  bool addresses = false;
  // Show what would be done.
  bool dry_run = false;
  // When to stop, what to record, how the run is named; nothing else.
  v1::RunRequest run;
  // File for the warts records; empty for none.
  std::string warts;
};

using CommandLine =
    std::variant<InstancesOptions, AttachOptions, DetachOptions, RunOptions, FileOptions>;

// Without the program's name. Where nothing is to be run, prints help or the version to console.out
// (kSuccess), or what is wrong to console.err (kUsageError), and returns the exit code. Reads
// console.in where a destination is "-". `default_server` is for a command line without --server.
//
// Every kind of v1.Measurement is a command, and every field of its parameters a flag.
std::variant<CommandLine, ExitCode> ParseCommandLine(const std::vector<std::string>& arguments,
                                                     const std::string& default_server,
                                                     const Console& console);

// The measurement of one of RunOptions.destinations.
v1::Measurement WithDestination(const v1::Measurement& measurement, const std::string& dst);

}  // namespace scamper::cli
