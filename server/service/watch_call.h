// SPDX-License-Identifier: Apache-2.0
// The WatchInstances RPC.
#pragma once

#include <memory>

#include "absl/container/flat_hash_set.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "scamper/v1/control.pb.h"
#include "server/base/executor.h"
#include "server/broker/broker.h"

namespace scamper::service {

class WatchCall;

// The watches that are open. Members are the control thread's.
struct Watches {
  absl::flat_hash_set<WatchCall*> open;
  bool shut_down = false;
};

grpc::ServerWriteReactor<v1::WatchInstancesResponse>* StartWatchCall(
    broker::Broker* broker, base::Executor* control, std::shared_ptr<Watches> watches);

// Ends every watch with UNAVAILABLE, also those to come. On the control thread.
void ShutDown(Watches& watches);

}  // namespace scamper::service
