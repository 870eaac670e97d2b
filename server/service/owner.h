// SPDX-License-Identifier: Apache-2.0
// Whose call it is, for the limits that all calls of one have together.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "grpcpp/server_context.h"

namespace scamper::service {

// The identity of a client that proved it, else where the call comes from.
std::string OwnerOf(const grpc::ServerContextBase& context);

// "ipv4:192.0.2.1" of "ipv4:192.0.2.1:50000": gRPC's name of a peer without the port; "unix" for
// those on a unix socket.
std::string WithoutPort(absl::string_view peer);

}  // namespace scamper::service
