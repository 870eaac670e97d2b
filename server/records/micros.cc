// SPDX-License-Identifier: Apache-2.0
#include "server/records/micros.h"

#include <charconv>

namespace scamper::records {

absl::Duration ToAbsl(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

uint64_t Micros(const google::protobuf::Duration& duration) {
  return static_cast<uint64_t>(duration.seconds()) * 1000000 +
         static_cast<uint64_t>(duration.nanos()) / 1000;
}

void SetMicros(uint64_t micros, google::protobuf::Duration* out) {
  out->set_seconds(static_cast<int64_t>(micros / 1000000));
  out->set_nanos(static_cast<int32_t>(micros % 1000000) * 1000);
}

void AppendMillis(const google::protobuf::Duration& duration, std::string* out) {
  AppendMillis(static_cast<uint32_t>(Micros(duration)), out);
}

void AppendMillis(uint32_t micros, std::string* out) {
  char text[kMaxMillis];
  out->append(text, PutMillis(micros, text));
}

size_t PutMillis(uint32_t micros, char* text) {
  char* end = std::to_chars(text, text + kMaxMillis, micros / 1000).ptr;
  *end++ = '.';
  *end++ = static_cast<char>('0' + micros / 100 % 10);
  *end++ = static_cast<char>('0' + micros / 10 % 10);
  *end++ = static_cast<char>('0' + micros % 10);
  return static_cast<size_t>(end - text);
}

}  // namespace scamper::records
