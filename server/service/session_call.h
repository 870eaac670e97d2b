// SPDX-License-Identifier: Apache-2.0
// The Session RPC: one connection of a session.
#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "scamper/v1/session.pb.h"
#include "server/base/executor.h"
#include "server/runs/session.h"
#include "server/runs/table.h"
#include "server/service/run_call.h"

namespace scamper::service {

class SessionCall;

// The sessions of a server, by token. On the control thread.
struct Sessions {
  Sessions(base::Executor* control, absl::Duration grace) : table(control, grace) {}

  runs::Table<runs::Session> table;
  // The call that each is connected by.
  absl::flat_hash_map<std::string, SessionCall*> calls;
  bool shut_down = false;
};

// `sessions` outlives the call.
grpc::ServerBidiReactor<v1::SessionRequest, v1::SessionResponse>* StartSessionCall(
    const runs::Context& runs, Sessions* sessions, const RunLimits& limits);

// Takes on nothing more; the sessions end with what is out.
void ShutDown(Sessions& sessions);

}  // namespace scamper::service
