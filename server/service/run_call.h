// SPDX-License-Identifier: Apache-2.0
// The Run RPC: many measurements, events as they happen, at the end the ledger.
#pragma once

#include <cstddef>

#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "scamper/v1/control.pb.h"
#include "server/base/executor.h"
#include "server/broker/broker.h"
#include "server/policy/policy.h"

namespace scamper::service {

struct RunLimits {
  // Of events not yet sent; above it no further task of the call is issued.
  size_t buffer_bytes = 8 << 20;
  // Tasks of one call at one instance, queued and out.
  size_t tasks_per_instance = 10000;
  // What is refused; null: nothing. Must outlive the tasks.
  const policy::Policy* policy = nullptr;
};

// The stream ends with the event done and OK; with UNAVAILABLE behind done when the
// server shuts down before all tasks were taken on.
grpc::ServerWriteReactor<v1::RunResponse>* StartRunCall(grpc::CallbackServerContext* context,
                                                        broker::Broker* broker,
                                                        base::Executor* control,
                                                        const RunLimits& limits,
                                                        const v1::RunRequest* request);

}  // namespace scamper::service
