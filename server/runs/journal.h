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
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "scamper/v1/control.pb.h"
#include "server/base/executor.h"
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

// Where events wait that memory has no room for.
struct DiskOptions {
  // Null: nowhere.
  store::Store* store = nullptr;
  // Where it is waited for the disk.
  base::Executor* executor = nullptr;
  // Of events of one journal; above it the journal wants no more.
  uint64_t max_bytes = 1 << 30;
};

struct JournalOptions {
  // Bytes in memory of events that the last reader has not read; above it further ones go to the
  // disk or, without one, the journal wants no more.
  size_t unread_bytes = 8 << 20;
  // Whether events are kept once they were read, until they are acknowledged; else one reader may
  // come, once ...
  bool keep = false;
  // ... or until there are so many bytes of them; the oldest that were read then go.
  size_t kept_bytes = 16 << 20;
  // Used with `keep` only.
  DiskOptions disk = {};
  // After WantsMore said false: it would say true again. Called on any thread.
  std::function<void()> drained;
};

// Events lie, by number, in three parts: those in front and the newest ones in memory, what is
// between them on disk. With nothing on disk there may be no newest ones either. One job at a time
// writes the newest or reads to the front, what a reader waits for first. Memory: kept_bytes, where
// there is a disk unread_bytes and some 3 MiB beside, and what comes in spite of WantsMore.
//
// Thread-safe; nothing waits for the disk.
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

  explicit Journal(JournalOptions options);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

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
  // kept, as another reader is ahead. FAILED_PRECONDITION: not attached. Another error: what is due
  // cannot be read from the disk.
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

  struct Disk;
  struct Job;
  // For jobs, that the journal may be gone.
  struct Link {
    absl::Mutex mutex;
    Journal* journal ABSL_GUARDED_BY(mutex) = nullptr;
  };

  uint64_t front_end() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return first_ + events_.size(); }
  uint64_t end() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return front_end() + on_disk_ + being_written_ + tail_.size();
  }
  // Something is between front and tail.
  bool Parted() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return on_disk_ + being_written_ > 0; }
  // Next has event `number`.
  bool Reachable(uint64_t number) const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return number < front_end() || (!Parted() && number < end());
  }
  void AppendToFront(Event event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // REQUIRES: not Parted.
  void JoinTail() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // There is room for the results of further tasks, and `times` as much as need be.
  bool HasRoom(size_t times) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::vector<std::shared_ptr<Reader>> Wake() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Starts a job where there is something to do.
  void StartJob() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool MustRead() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool MustWrite() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // On the disk's executor.
  static void RunJob(const std::shared_ptr<Link>& link);
  Job TakeJob() ABSL_LOCKS_EXCLUDED(mutex_);
  void FinishJob(Job job) ABSL_LOCKS_EXCLUDED(mutex_);
  void FinishWrite(Job& job) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FinishRead(Job& job) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void DropFirst() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropReadBeyondBound() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Moves the border between read and unread. True when drained is to be called.
  bool SetRead(uint64_t next) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const JournalOptions options_;
  mutable absl::Mutex mutex_;
  // The front. The number of events_.front(), or of what is next to be there.
  uint64_t first_ ABSL_GUARDED_BY(mutex_) = 1;
  std::deque<Event> events_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // The next event of the last reader that came, and the bytes from there on.
  uint64_t read_ ABSL_GUARDED_BY(mutex_) = 1;
  size_t unread_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<const Reader*, Reading> readers_ ABSL_GUARDED_BY(mutex_);
  const Reader* last_ ABSL_GUARDED_BY(mutex_) = nullptr;

  // Null without a disk.
  const std::shared_ptr<Disk> disk_;
  const std::shared_ptr<Link> link_ = std::make_shared<Link>();
  // Events, the place of the first in the queue, their bytes there.
  uint64_t on_disk_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t disk_first_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t disk_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t being_written_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Event> tail_ ABSL_GUARDED_BY(mutex_);
  size_t tail_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool job_ ABSL_GUARDED_BY(mutex_) = false;
  // The last attempt to write failed, and nothing was read since.
  bool disk_full_ ABSL_GUARDED_BY(mutex_) = false;
  // Of reading.
  absl::Status disk_error_ ABSL_GUARDED_BY(mutex_);
  Summary summary_;
};

}  // namespace scamper::runs
