// SPDX-License-Identifier: Apache-2.0
// Where a scamper daemon listens, as people write it.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scamper::control {

struct Endpoint {
  // unix: the path of the socket; otherwise empty.
  std::string path;
  // TCP: a name or a numeric address without brackets, and the port 1-65535.
  std::string host;
  uint16_t port = 0;

  bool is_unix() const { return !path.empty(); }
};

// Reads "unix:PATH" or "inet:HOST:PORT"; HOST is a name, an IPv4 address, or an IPv6 address in
// brackets. INVALID_ARGUMENT saying what is wrong.
absl::StatusOr<Endpoint> ParseEndpoint(absl::string_view text);

// The same form back.
std::string FormatEndpoint(const Endpoint& endpoint);

}  // namespace scamper::control
