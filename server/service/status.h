// SPDX-License-Identifier: Apache-2.0
// The one place where statuses become those of gRPC.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "server/records/command.h"

namespace scamper::service {

// Same code, same text; payloads, which are of google.protobuf.Any's kind, become details.
grpc::Status ToGrpc(const absl::Status& status);
google::rpc::Status ToRpc(const absl::Status& status);

// records::ViolationsError. REQUIRES: not empty.
grpc::Status InvalidArgument(const std::vector<records::FieldViolation>& violations);

}  // namespace scamper::service
