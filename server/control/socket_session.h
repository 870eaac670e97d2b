// SPDX-License-Identifier: Apache-2.0
// Sessions over a unix or TCP stream socket.
#pragma once

#include <memory>

#include "server/control/endpoint.h"
#include "server/control/session.h"

namespace asio {
class io_context;
}  // namespace asio

namespace scamper::control {

// Connects to `endpoint`. A name is resolved at each Connect, without blocking the loop; its
// addresses are tried in order until one takes the connection.
//
// A session's OnClosed names the endpoint and the system's error: UNAVAILABLE when it cannot be
// reached or was lost, PERMISSION_DENIED when the socket may not be opened, and what
// session_state.h says. There are no timeouts here: a peer that stays silent keeps the
// session open until it is destroyed. What is sent is buffered without bound.
//
// All on the loop's thread. `io_context` must outlive the connector and its sessions, which must be
// destroyed on that thread or when it has stopped.
std::unique_ptr<Connector> MakeSocketConnector(Endpoint endpoint, asio::io_context* io_context);

}  // namespace scamper::control
