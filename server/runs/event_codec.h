// SPDX-License-Identifier: Apache-2.0
// Events as bytes, for the time that they wait on disk.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/runs/event.h"

namespace scamper::runs {

// Lists and cycles, of which there are few, stay in memory: bytes can be decoded only by the object
// that made them. Thread-safe.
class EventCodec {
 public:
  std::string Encode(const Event& event);
  // DATA_LOSS where the bytes are not those of Encode.
  absl::StatusOr<Event> Decode(absl::string_view bytes) const;

 private:
  using Under = broker::RecordedUnder;

  // 0 of null.
  uint32_t NumberOf(const std::shared_ptr<const Under>& under);

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<const Under*, uint32_t> numbers_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<const Under>> under_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scamper::runs
