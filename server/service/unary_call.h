// SPDX-License-Identifier: Apache-2.0
// A unary RPC that does one measurement on one instance.
#pragma once

#include <string>

#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "scamper/v1/task.pb.h"
#include "server/base/executor.h"
#include "server/broker/broker.h"
#include "server/policy/policy.h"

namespace scamper::service {

// What the unary RPCs of all measurements come down to.
struct UnaryRequest {
  std::string instance;
  v1::Measurement measurement;
  v1::ResultOptions options;
};

// From the request of any of these RPCs: by its fields instance and options, and the one whose name
// and type are those of a kind of v1.Measurement. REQUIRES: it has them.
UnaryRequest MakeUnaryRequest(const google::protobuf::Message& request);

// Validates, does the measurement and finishes the call; `result` is part of the
// response. When the client cancels or its deadline passes the task is halted.
grpc::ServerUnaryReactor* StartUnaryCall(grpc::CallbackServerContext* context,
                                         broker::Broker* broker, base::Executor* control,
                                         const policy::Policy* policy, UnaryRequest request,
                                         v1::Result* result);

}  // namespace scamper::service
