// SPDX-License-Identifier: Apache-2.0
// What the server is told when it starts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/control/endpoint.h"

namespace scamper::config {

// One scamper daemon to connect to, or a source of them.
struct InstanceConfig {
  // As given, else control::DefaultName's.
  std::string name;
  control::Endpoint endpoint;
};

struct ServerConfig {
  // "host:port" or "unix:PATH"; never empty.
  std::vector<std::string> listen;
  // Plain text beyond loopback is allowed.
  bool insecure = false;
  bool reflection = true;
  std::vector<InstanceConfig> instances;
  // Of instances and sources that cannot be asked: scamper's version by their name.
  std::map<std::string, std::string> versions;
  // Clients may attach and detach instances.
  bool allow_attach = false;
  // Tasks out at one instance; those of them that scamper has not started.
  int window = 10000;
  int queue_window = 128;
  // Seconds that a session, or a run with a request_id, is kept without a call.
  int session_grace = 60;
  // Of events of one session, or run with an id, that wait in the store's folder; bytes.
  uint64_t session_disk_bytes = uint64_t{1} << 30;
  // Folder of the store of files; empty: there is none.
  std::string data_dir;
  // Bytes of all files of the store; 0: no limit.
  uint64_t data_dir_max_bytes = 0;
  // Policy: files of prefixes; names of kinds of measurement (none: all); spoofed sources.
  std::vector<std::string> do_not_probe;
  std::vector<std::string> allow_measurements;
  bool allow_spoofing = false;
  // Limits of each client; 0: none.
  int client_max_tasks = 0;
  double client_tasks_per_second = 0;
  double client_probes_per_second = 0;
  // Calls of ScamperFiles at work at a time, a thread each.
  int file_calls = 32;
};

// "[NAME=]PATH", "[NAME=]HOST:PORT" or "[NAME=][ADDRESS]:PORT" as `scheme` ("unix:", "inet:",
// "remote:", "remote_dir:", "mux:") takes it; a name has no '/'. INVALID_ARGUMENT says what is
// wrong.
absl::StatusOr<InstanceConfig> ParseInstance(absl::string_view scheme, absl::string_view text);

// Whether only this host can reach the address that is listened on.
bool IsLocal(absl::string_view listen);

// From the command line, and from the environment (SCAMPER_GRPC_LISTEN, ...) where a flag is
// absent. When the program has nothing more to do (--help, --version, a bad flag) the text is
// printed and `exit_code` set.
struct ParsedConfig {
  ServerConfig config;
  int exit_code = -1;  // -1: go on.
};
ParsedConfig ParseCommandLine(int argc, char** argv);

}  // namespace scamper::config
