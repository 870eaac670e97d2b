// SPDX-License-Identifier: Apache-2.0
// Differences of times.
#pragma once

#include <cstdint>

#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace scamper::records {

// later - earlier, to the microsecond; negative where `later` is the earlier one.
inline void SetDifference(const google::protobuf::Timestamp& later,
                          const google::protobuf::Timestamp& earlier,
                          google::protobuf::Duration* out) {
  const int64_t nanos =
      (later.seconds() - earlier.seconds()) * 1000000000 + (later.nanos() - earlier.nanos());
  out->set_seconds(nanos / 1000000000);
  out->set_nanos(static_cast<int32_t>(nanos % 1000000000));
}

inline bool IsZero(const google::protobuf::Timestamp& time) {
  return time.seconds() == 0 && time.nanos() == 0;
}

}  // namespace scamper::records
