// SPDX-License-Identifier: Apache-2.0
// Statuses as messages.
#pragma once

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"

namespace scamper::records {

// Same code, same text; payloads, which are of google.protobuf.Any's kind, become details.
google::rpc::Status ToRpc(const absl::Status& status);
absl::Status FromRpc(const google::rpc::Status& rpc);

}  // namespace scamper::records
