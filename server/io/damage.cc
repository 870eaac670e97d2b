// SPDX-License-Identifier: Apache-2.0
#include "server/io/damage.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

namespace scamper::io {
namespace {

constexpr char kOffsetPayload[] = "scamper.io/offset";

}  // namespace

absl::Status ErrorAt(absl::StatusCode code, absl::string_view what, uint64_t offset) {
  absl::Status status(code, absl::StrCat(what, " at byte ", offset));
  status.SetPayload(kOffsetPayload, absl::Cord(absl::StrCat(offset)));
  return status;
}

std::optional<uint64_t> OffsetOf(const absl::Status& status) {
  absl::optional<absl::Cord> payload = status.GetPayload(kOffsetPayload);
  uint64_t offset = 0;
  if (!payload.has_value() || !absl::SimpleAtoi(std::string(*payload), &offset))
    return std::nullopt;
  return offset;
}

}  // namespace scamper::io
