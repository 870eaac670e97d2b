// SPDX-License-Identifier: Apache-2.0
// Instances by what is known of them.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/filter/filter.h"

namespace scamper::v1 {
class Instance;
}  // namespace scamper::v1

namespace scamper::service {

// An expression over the fields that ListInstancesRequest tells of. INVALID_ARGUMENT
// "instance_filter: at 13: ...".
absl::StatusOr<filter::Filter> ParseInstanceFilter(absl::string_view text);

bool Matches(const filter::Filter& filter, const v1::Instance& instance);

}  // namespace scamper::service
