// SPDX-License-Identifier: Apache-2.0
// Where scamper daemons are reached, as people write it.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scamper::control {

struct Endpoint {
  enum class Kind {
    kUnix,       // a scamper's own unix socket
    kInet,       // a scamper's own TCP port
    kRemote,     // sc_remoted's unix socket of one vantage point: attached already
    kRemoteDir,  // a directory of those
    kMux,        // sc_remoted's socket for all vantage points: unix, or TCP where it is relayed
  };

  Kind kind = Kind::kUnix;
  // Of the socket or the directory; empty with TCP.
  std::string path;
  // TCP: a name or a numeric address without brackets, and the port 1-65535.
  std::string host;
  uint16_t port = 0;
};

// Reads "unix:PATH", "inet:HOST:PORT", "remote:PATH", "remote_dir:PATH", "mux:PATH" or
// "mux:HOST:PORT"; HOST is a name, an IPv4 address, or an IPv6 address in brackets. Behind "mux:"
// what has a '/' or no ':' is a path. INVALID_ARGUMENT saying what is wrong.
absl::StatusOr<Endpoint> ParseEndpoint(absl::string_view text);

// The same form back.
std::string FormatEndpoint(const Endpoint& endpoint);

// Whether vantage points appear and go there.
bool IsSource(const Endpoint& endpoint);

// How what was given no name is called: the path, "host:port" or "[address]:port" of a daemon;
// the whole endpoint of a source.
std::string DefaultName(const Endpoint& endpoint);

}  // namespace scamper::control
