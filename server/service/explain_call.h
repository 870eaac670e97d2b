// SPDX-License-Identifier: Apache-2.0
// The Explain RPC: what a run would do.
#pragma once

#include "grpcpp/support/server_callback.h"
#include "scamper/v1/explain.pb.h"
#include "server/base/executor.h"
#include "server/broker/broker.h"
#include "server/policy/policy.h"

namespace scamper::service {

// Errors as those of Run. `policy` may be null; it, `broker` and `control` must outlive the call.
grpc::ServerWriteReactor<v1::ExplainResponse>* StartExplainCall(broker::Broker* broker,
                                                                base::Executor* control,
                                                                const policy::Policy* policy,
                                                                const v1::ExplainRequest* request);

}  // namespace scamper::service
