// SPDX-License-Identifier: Apache-2.0
// Durations as whole microseconds, and as milliseconds in text.
#pragma once

#include <cstdint>
#include <string>

#include "google/protobuf/duration.pb.h"

namespace scamper::records {

uint64_t Micros(const google::protobuf::Duration& duration);
void SetMicros(uint64_t micros, google::protobuf::Duration* out);

// Milliseconds with three decimals, e.g. "0.098", at the end of `out`.
void AppendMillis(const google::protobuf::Duration& duration, std::string* out);

}  // namespace scamper::records
