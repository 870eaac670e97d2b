// SPDX-License-Identifier: Apache-2.0
// Durations as people type them.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/duration.pb.h"

namespace scamper::cli {

// A decimal number and a unit: us, ms or s; no unit means seconds. "1", "0.5", "500ms", "20us",
// "2s". Exact to the microsecond; INVALID_ARGUMENT for anything else, for what is finer than a
// microsecond, and above 10,000 years.
absl::StatusOr<google::protobuf::Duration> ParseDuration(std::string_view text);

}  // namespace scamper::cli
