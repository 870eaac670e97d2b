// SPDX-License-Identifier: Apache-2.0
// The list and the cycle that a record of any type names.
#pragma once

#include <cstdint>
#include <optional>

#include "scamper/v1/record.pb.h"

namespace scamper::files {

struct ReferenceIds {
  // Absent where the field is absent, or the type has no such field.
  std::optional<uint32_t> list_id;
  std::optional<uint32_t> cycle_id;
};

// The fields list_id and cycle_id of whatever the record holds.
ReferenceIds ReferenceIdsOf(const v1::Record& record);

// Overwrites those that are present in `ids`. REQUIRES: the type has such a field.
void SetReferenceIds(const ReferenceIds& ids, v1::Record* record);

}  // namespace scamper::files
