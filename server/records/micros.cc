// SPDX-License-Identifier: Apache-2.0
#include "server/records/micros.h"

#include "absl/strings/str_format.h"

namespace scamper::records {

uint64_t Micros(const google::protobuf::Duration& duration) {
  return static_cast<uint64_t>(duration.seconds()) * 1000000 +
         static_cast<uint64_t>(duration.nanos()) / 1000;
}

void SetMicros(uint64_t micros, google::protobuf::Duration* out) {
  out->set_seconds(static_cast<int64_t>(micros / 1000000));
  out->set_nanos(static_cast<int32_t>(micros % 1000000) * 1000);
}

void AppendMillis(const google::protobuf::Duration& duration, std::string* out) {
  const uint32_t micros = static_cast<uint32_t>(Micros(duration));
  absl::StrAppendFormat(out, "%u.%03u", micros / 1000, micros % 1000);
}

}  // namespace scamper::records
