// SPDX-License-Identifier: Apache-2.0
// Between the control thread and the thread that writes a stream.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace scamper::service {

// Events of one stream with one writer at a time. Thread-safe. Whoever gets an event from
// Push or Next writes it and calls Next (or Fail) when that write is over; nobody else writes
// meanwhile.
template <typename Event>
class EventQueue {
 public:
  // Appends. Returns the event itself when no write is under way: the caller writes it.
  // After Close or Fail the event is dropped.
  std::optional<Event> Push(Event event, size_t bytes) {
    absl::MutexLock lock(&mutex_);
    if (closed_) return std::nullopt;
    bytes_ += bytes;
    if (!writing_) {
      writing_ = true;
      writing_bytes_ = bytes;
      return event;
    }
    queue_.emplace_back(std::move(event), bytes);
    return std::nullopt;
  }

  // The last write is over. Returns the next event to write, if any.
  std::optional<Event> Next() {
    absl::MutexLock lock(&mutex_);
    bytes_ -= writing_bytes_;
    writing_bytes_ = 0;
    if (queue_.empty()) {
      writing_ = false;
      return std::nullopt;
    }
    Event event = std::move(queue_.front().first);
    writing_bytes_ = queue_.front().second;
    queue_.pop_front();
    return event;
  }

  // The last write failed, and so would all others.
  void Fail() {
    absl::MutexLock lock(&mutex_);
    Drop();
    writing_ = false;
  }

  // Drops what is not being written. True when no write is under way: the caller
  // finishes the stream; else whoever writes does, once Next has returned nothing.
  bool Close() {
    absl::MutexLock lock(&mutex_);
    Drop();
    return !writing_;
  }

  bool closed() const {
    absl::MutexLock lock(&mutex_);
    return closed_;
  }

  // Bytes of the events not yet written.
  size_t bytes() const {
    absl::MutexLock lock(&mutex_);
    return bytes_;
  }

  // More events wait behind the one that is being written.
  bool more() const {
    absl::MutexLock lock(&mutex_);
    return !queue_.empty();
  }

 private:
  void Drop() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    closed_ = true;
    queue_.clear();
    bytes_ = writing_bytes_;
  }

  mutable absl::Mutex mutex_;
  std::deque<std::pair<Event, size_t>> queue_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t writing_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace scamper::service
