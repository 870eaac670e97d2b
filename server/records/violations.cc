// SPDX-License-Identifier: Apache-2.0
#include "server/records/violations.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"

namespace scamper::records {
namespace {

// What fits in the trailers of a call.
constexpr int kMaxViolations = 20;

}  // namespace

absl::Status ViolationsError(const std::vector<FieldViolation>& violations) {
  google::rpc::BadRequest bad;
  for (const FieldViolation& v : violations) {
    if (bad.field_violations_size() == kMaxViolations) break;
    auto* violation = bad.add_field_violations();
    violation->set_field(v.field);
    violation->set_description(v.description);
  }
  std::string text = absl::StrCat(violations[0].field, ": ", violations[0].description);
  if (violations.size() > 1) absl::StrAppend(&text, " (and ", violations.size() - 1, " more)");
  absl::Status status = absl::InvalidArgumentError(text);
  status.SetPayload("type.googleapis.com/google.rpc.BadRequest",
                    absl::Cord(bad.SerializeAsString()));
  return status;
}

}  // namespace scamper::records
