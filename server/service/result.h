// SPDX-License-Identifier: Apache-2.0
// From the bytes that scamper returned to the typed result.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "scamper/v1/task.pb.h"
#include "server/broker/broker.h"

namespace scamper::service {

// Fills in all of `result` but the task. DATA_LOSS when the record is malformed; with
// options.warts its bytes are then in `result` all the same.
absl::Status MakeResult(std::string record, const broker::RecordedUnder* under,
                        const v1::ResultOptions& options, v1::Result* result);

}  // namespace scamper::service
