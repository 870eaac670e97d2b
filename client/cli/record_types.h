// SPDX-License-Identifier: Apache-2.0
// Record types as people name them: the kinds of v1.Record, by reflection.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"

namespace scamper::cli {

// "trace", "cycle-start"; "type-42" where the type is not known.
std::string RecordTypeName(uint32_t type);

// Each item is a name as above, in any case and with '_' or '-', or a number from 1 to 65535.
// INVALID_ARGUMENT names every item that is neither, and the names there are.
absl::StatusOr<absl::flat_hash_set<uint32_t>> ParseRecordTypes(
    const std::vector<std::string>& items);

}  // namespace scamper::cli
