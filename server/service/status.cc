// SPDX-License-Identifier: Apache-2.0
#include "server/service/status.h"

#include <string>

#include "server/records/violations.h"

namespace scamper::service {

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status rpc = ToRpc(status);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), rpc.message(),
                      rpc.details().empty() ? "" : rpc.SerializeAsString());
}

grpc::Status InvalidArgument(const std::vector<records::FieldViolation>& violations) {
  return ToGrpc(records::ViolationsError(violations));
}

}  // namespace scamper::service
