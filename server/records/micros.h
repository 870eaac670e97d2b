// SPDX-License-Identifier: Apache-2.0
// Durations as those of Abseil, as whole microseconds, and as milliseconds in text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"

namespace scamper::records {

absl::Duration ToAbsl(const google::protobuf::Duration& duration);

uint64_t Micros(const google::protobuf::Duration& duration);
void SetMicros(uint64_t micros, google::protobuf::Duration* out);

// Milliseconds with three decimals, e.g. "0.098", at the end of `out`. Of a duration, its
// microseconds modulo 2^32.
void AppendMillis(uint32_t micros, std::string* out);
void AppendMillis(const google::protobuf::Duration& duration, std::string* out);
// The same at `text`, which has room for kMaxMillis; returns its size.
inline constexpr size_t kMaxMillis = 11;
size_t PutMillis(uint32_t micros, char* text);

}  // namespace scamper::records
