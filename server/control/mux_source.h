// SPDX-License-Identifier: Apache-2.0
// All vantage points of one sc_remoted, over its mux socket.
#pragma once

#include <memory>

#include "server/base/executor.h"
#include "server/control/endpoint.h"
#include "server/control/source.h"

namespace asio {
class io_context;
}  // namespace asio

namespace scamper::control {

// One connection carries everything, a channel for each session. When it is lost all sessions
// end and it is made again; vantage points that are then announced as before are the same, those
// that are not are gone.
//
// sc_remoted does not say when a vantage point loses its connection, only when it gives the
// vantage point up (15 minutes later, if not told otherwise); meanwhile commands wait there. One
// that had lost it when this connected is not announced, not even when it calls in again: but then
// a departure of nobody (0) is, and the list is read anew, over a connection of its own.
//
// `io_context` and `executor` must outlive the source and its connectors' sessions.
std::unique_ptr<Source> WatchMux(Endpoint endpoint, asio::io_context* io_context,
                                 base::Executor* executor, SourceListener* listener);

}  // namespace scamper::control
