// SPDX-License-Identifier: Apache-2.0
// The events of one run or session, by number from 1, between the control thread that appends
// them and the connections that read them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "scamper/v1/control.pb.h"
#include "server/runs/event.h"
#include "server/store/store.h"

namespace scamper::runs {

// What became of a recording.
struct Recorded {
  absl::StatusOr<store::FileInfo> file;
  // Results that are not in the file, as they could not be read.
  uint64_t left_out = 0;
};

// How a run or session ended.
struct Summary {
  v1::Ledger ledger;
  uint64_t not_accepted = 0;
  v1::StopReason stopped_by = v1::STOP_REASON_UNSPECIFIED;
  std::optional<Recorded> recording;
  // What its call ends with.
  absl::Status status;
};

struct JournalOptions {
  // Bytes of events that the last reader has not read; above it the journal wants no more.
  size_t unread_bytes = 8 << 20;
  // Whether events are kept once they were read, until they are acknowledged; else one reader may
  // come, once ...
  bool keep = false;
  // ... or until there are so many bytes of them; the oldest that were read then go.
  size_t kept_bytes = 16 << 20;
  // After WantsMore said false: it would say true again. Called on any thread.
  std::function<void()> drained;
};

// Thread-safe.
class Journal {
 public:
  // One connection.
  class Reader {
   public:
    virtual ~Reader() = default;
    // Next has something, after it had nothing. Called on any thread; may call Next.
    virtual void Readable() = 0;
  };
  struct Item {
    uint64_t number = 0;
    Event event;
    // Another one waits behind it.
    bool more = false;
  };

  explicit Journal(JournalOptions options) : options_(std::move(options)) {}

  // No event comes after Finish.
  void Append(Event event);
  void Finish(Summary summary);
  // REQUIRES: the event kFinished was read.
  const Summary& summary() const { return summary_; }

  // The reader begins behind event `after`, which it is told of at once where there is something.
  // It decides from now on what counts as read. OUT_OF_RANGE: events behind `after` are no longer
  // kept, or there is no event `after` yet.
  absl::Status Attach(const std::shared_ptr<Reader>& reader, uint64_t after);
  void Detach(const Reader* reader);
  // nullopt: nothing yet, Readable will be called. OUT_OF_RANGE: the event that is due is no longer
  // kept, as another reader is ahead. FAILED_PRECONDITION: not attached.
  absl::StatusOr<std::optional<Item>> Next(const Reader* reader);

  // Events up to this one need not be kept; what was not appended yet, or not read, is.
  void Acknowledge(uint64_t number);

  // Whether there is room for the results of further tasks. After false, drained will be called.
  bool WantsMore();

 private:
  struct Reading {
    std::shared_ptr<Reader> reader;
    uint64_t next = 0;
    bool waiting = false;
  };

  uint64_t end() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return first_ + events_.size(); }
  void DropFirst() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropReadBeyondBound() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Moves the border between read and unread. True when drained is to be called.
  bool SetRead(uint64_t next) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const JournalOptions options_;
  mutable absl::Mutex mutex_;
  // The number of events_.front(), or of the next event.
  uint64_t first_ ABSL_GUARDED_BY(mutex_) = 1;
  std::deque<Event> events_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // The next event of the last reader that came, and the bytes from there on.
  uint64_t read_ ABSL_GUARDED_BY(mutex_) = 1;
  size_t unread_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<const Reader*, Reading> readers_ ABSL_GUARDED_BY(mutex_);
  const Reader* last_ ABSL_GUARDED_BY(mutex_) = nullptr;
  Summary summary_;
};

}  // namespace scamper::runs
