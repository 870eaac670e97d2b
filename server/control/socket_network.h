// SPDX-License-Identifier: Apache-2.0
// Network over real sockets.
#pragma once

#include <memory>

#include "server/base/executor.h"
#include "server/control/source.h"

namespace asio {
class io_context;
}  // namespace asio

namespace scamper::control {

// See socket_session.h, remote_dir.h and mux_source.h. Both must outlive all that it makes.
std::unique_ptr<Network> MakeSocketNetwork(asio::io_context* io_context, base::Executor* executor);

}  // namespace scamper::control
