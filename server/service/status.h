// SPDX-License-Identifier: Apache-2.0
// The one place where statuses become those of gRPC.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"
#include "server/records/command.h"
#include "server/records/rpc_status.h"

namespace scamper::service {

using records::ToRpc;

// With what ToRpc says as details.
grpc::Status ToGrpc(const absl::Status& status);

// records::ViolationsError. REQUIRES: not empty.
grpc::Status InvalidArgument(const std::vector<records::FieldViolation>& violations);

}  // namespace scamper::service
