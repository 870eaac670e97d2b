// SPDX-License-Identifier: Apache-2.0
// A queue of byte strings on disk, for what waits for a client that is slow or away.
//
// It ends with the process: its files have no names. Memory: 16 bytes for each 64 KiB on disk,
// and what a call moves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"

namespace scamper::store {

class Store;
class WorkFile;

// Items have indexes from 0 on, one after the other. They lie in segments of a file each;
// Trim frees those that are not needed any more, as a whole. Thread-safe; every call may wait for
// the disk.
class SpillQueue {
 public:
  // The quota of the store counts the segments. The store outlives the queue. A segment
  // that has reached `segment_bytes` gets no more items.
  explicit SpillQueue(Store* store, size_t segment_bytes = size_t{16} << 20);
  ~SpillQueue();
  SpillQueue(const SpillQueue&) = delete;
  SpillQueue& operator=(const SpillQueue&) = delete;

  // Appends all of `items` or, with an error, none; the index of the first. An item has less than
  // 4 GiB (INVALID_ARGUMENT). RESOURCE_EXHAUSTED beyond the quota or on a full disk. May be tried
  // again.
  absl::StatusOr<uint64_t> Append(absl::Span<const std::string> items);
  absl::StatusOr<uint64_t> Append(const std::string& item) {
    return Append(absl::MakeConstSpan(&item, 1));
  }

  // Items from `first` on: one, and as many more as together have up to `max_bytes` and lie in the
  // same segment. Reading on where the last call ended is the fast way. OUT_OF_RANGE unless begin()
  // <= first < end().
  absl::StatusOr<std::vector<std::string>> Read(uint64_t first, size_t max_bytes);

  // Items before `begin` are not needed any more. One that is behind the end stands for the end.
  void Trim(uint64_t begin);

  // The first item that is there, and the one behind the last.
  uint64_t begin() const ABSL_LOCKS_EXCLUDED(mutex_);
  uint64_t end() const ABSL_LOCKS_EXCLUDED(mutex_);
  // On disk.
  uint64_t bytes() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Place {
    uint64_t index = 0;
    uint64_t offset = 0;
  };
  struct Segment;

  // The last segment, or a new one where there is none or it is full.
  absl::StatusOr<Segment*> Tail() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Store* const store_;
  const size_t segment_bytes_;
  mutable absl::Mutex mutex_;
  std::deque<std::unique_ptr<Segment>> segments_ ABSL_GUARDED_BY(mutex_);
  uint64_t begin_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t end_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace scamper::store
