// SPDX-License-Identifier: Apache-2.0
// The Run RPC: many measurements, events as they happen, at the end the ledger.
#pragma once

#include <cstddef>

#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "scamper/v1/control.pb.h"
#include "server/policy/policy.h"
#include "server/runs/run.h"
#include "server/runs/table.h"

namespace scamper::service {

struct RunLimits {
  // Of events not yet sent; above it no further task of the call is issued.
  size_t buffer_bytes = 8 << 20;
  // Where events wait that there is no room for, of what can be joined or resumed.
  runs::DiskOptions disk = {};
  // Of events that were sent and are kept for a call that joins or resumes.
  size_t kept_bytes = 16 << 20;
  // Tasks of one run at one instance, queued and out.
  size_t tasks_per_instance = 10000;
  // What is refused; null: nothing. Must outlive the tasks.
  const policy::Policy* policy = nullptr;
  // How long what can be joined or resumed is kept without a call.
  absl::Duration grace = absl::Seconds(60);
};

// Of one run or session; `keep` as there.
runs::JournalOptions JournalOf(const RunLimits& limits, bool keep);

// The stream ends with the event done and OK; with UNAVAILABLE behind done when the
// server shuts down before all tasks were taken on. `kept` holds the runs with a request_id.
grpc::ServerWriteReactor<v1::RunResponse>* StartRunCall(grpc::CallbackServerContext* context,
                                                        const runs::Context& runs,
                                                        runs::Table<runs::Run>* kept,
                                                        const RunLimits& limits,
                                                        const v1::RunRequest* request);

}  // namespace scamper::service
