// SPDX-License-Identifier: Apache-2.0
#include "server/runs/journal.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/runs/event_codec.h"
#include "server/store/spill_queue.h"

namespace scamper::runs {
namespace {

// Of events that wait to be written; above it the journal wants no more.
constexpr size_t kTailBytes = 2 << 20;
// What is written, and read, at a time.
constexpr size_t kWriteBytes = 256 << 10;
constexpr size_t kReadBytes = 1 << 20;

}  // namespace

struct Journal::Disk {
  explicit Disk(store::Store* store) : queue(store) {}
  store::SpillQueue queue;
  EventCodec codec;
};

struct Journal::Job {
  enum class Kind { kNone, kWrite, kRead };
  void Do(Disk& disk);
  void Write(Disk& disk);
  void Read(Disk& disk);

  Kind kind = Kind::kNone;
  std::vector<Event> events;
  // Place in the queue of the first of them.
  uint64_t first = 0;
  // Of them there.
  uint64_t bytes = 0;
  absl::Status status;
};

Journal::Journal(JournalOptions options)
    : options_(std::move(options)),
      disk_(options_.keep && options_.disk.store != nullptr
                ? std::make_shared<Disk>(options_.disk.store)
                : nullptr) {
  absl::MutexLock lock(&link_->mutex);
  link_->journal = this;
}

Journal::~Journal() {
  absl::MutexLock lock(&link_->mutex);
  link_->journal = nullptr;
}

void Journal::Append(Event event) {
  std::vector<std::shared_ptr<Reader>> wake;
  {
    absl::MutexLock lock(&mutex_);
    if (disk_ != nullptr &&
        (Parted() || !tail_.empty() || unread_bytes_ >= options_.unread_bytes)) {
      tail_bytes_ += event.bytes();
      tail_.push_back(std::move(event));
      StartJob();
    } else {
      AppendToFront(std::move(event));
      DropReadBeyondBound();
    }
    wake = Wake();
  }
  for (const std::shared_ptr<Reader>& reader : wake) reader->Readable();
}

void Journal::AppendToFront(Event event) {
  bytes_ += event.bytes();
  unread_bytes_ += event.bytes();
  events_.push_back(std::move(event));
}

void Journal::JoinTail() {
  for (Event& event : tail_) AppendToFront(std::move(event));
  tail_.clear();
  tail_bytes_ = 0;
  disk_full_ = false;
}

std::vector<std::shared_ptr<Journal::Reader>> Journal::Wake() {
  std::vector<std::shared_ptr<Reader>> wake;
  for (auto& [key, reading] : readers_) {
    if (!reading.waiting || (!Reachable(reading.next) && disk_error_.ok())) continue;
    reading.waiting = false;
    wake.push_back(reading.reader);
  }
  return wake;
}

void Journal::Finish(Summary summary) {
  summary_ = std::move(summary);
  Event event;
  event.kind = Event::Kind::kFinished;
  Append(std::move(event));
}

absl::Status Journal::Attach(const std::shared_ptr<Reader>& reader, uint64_t after) {
  bool readable = false;
  bool drained = false;
  {
    absl::MutexLock lock(&mutex_);
    const uint64_t next = after + 1;
    if (next < first_) {
      return absl::OutOfRangeError(absl::StrCat(
          "events behind ", after, " are no longer kept, only those behind ", first_ - 1));
    }
    if (next > end()) {
      return absl::OutOfRangeError(absl::StrCat("there is no event ", after, " yet"));
    }
    readable = Reachable(next);
    readers_[reader.get()] = {reader, next, !readable};
    last_ = reader.get();
    drained = SetRead(next);
    StartJob();
  }
  if (drained) options_.drained();
  if (readable) reader->Readable();
  return absl::OkStatus();
}

void Journal::Detach(const Reader* reader) {
  // Destroyed without the lock.
  std::shared_ptr<Reader> gone;
  absl::MutexLock lock(&mutex_);
  const auto it = readers_.find(reader);
  if (it == readers_.end()) return;
  gone = std::move(it->second.reader);
  readers_.erase(it);
  if (last_ == reader) last_ = nullptr;
}

absl::StatusOr<std::optional<Journal::Item>> Journal::Next(const Reader* reader) {
  Item item;
  bool drained = false;
  {
    absl::MutexLock lock(&mutex_);
    const auto it = readers_.find(reader);
    if (it == readers_.end()) return absl::FailedPreconditionError("not attached");
    Reading& reading = it->second;
    if (reading.next < first_) {
      return absl::OutOfRangeError("another call has read on, and the events are no longer kept");
    }
    if (reading.next >= front_end() && !Parted()) JoinTail();
    if (reading.next >= front_end()) {
      if (Parted() && !disk_error_.ok()) return disk_error_;
      reading.waiting = true;
      StartJob();
      return std::nullopt;
    }
    item.number = reading.next++;
    Event& event = events_[item.number - first_];
    if (options_.keep) {
      item.event = event;
      drained = reader == last_ && SetRead(reading.next);
    } else {
      const size_t before = event.bytes();
      item.event = std::exchange(event, Event());
      bytes_ -= before - event.bytes();
      unread_bytes_ -= before - event.bytes();
      drained = SetRead(reading.next);
      DropFirst();
    }
    item.more = Reachable(reading.next);
  }
  if (drained) options_.drained();
  return item;
}

void Journal::Acknowledge(uint64_t number) {
  absl::MutexLock lock(&mutex_);
  while (first_ <= number && first_ < read_) DropFirst();
}

bool Journal::WantsMore() {
  absl::MutexLock lock(&mutex_);
  if (HasRoom(1)) return true;
  paused_ = true;
  return false;
}

bool Journal::HasRoom(size_t times) const {
  if (disk_ == nullptr) return unread_bytes_ < options_.unread_bytes / times;
  return !disk_full_ && tail_bytes_ < kTailBytes / times &&
         disk_bytes_ < options_.disk.max_bytes / times;
}

void Journal::DropFirst() {
  bytes_ -= events_.front().bytes();
  events_.pop_front();
  ++first_;
}

void Journal::DropReadBeyondBound() {
  while (bytes_ > options_.kept_bytes && first_ < read_) DropFirst();
}

bool Journal::SetRead(uint64_t next) {
  next = std::min(next, front_end());
  for (; read_ < next; ++read_) unread_bytes_ -= events_[read_ - first_].bytes();
  for (; read_ > next; --read_) unread_bytes_ += events_[read_ - 1 - first_].bytes();
  DropReadBeyondBound();
  return paused_ && HasRoom(2) && std::exchange(paused_, false);
}

// ---- the disk

bool Journal::MustRead() const {
  if (on_disk_ == 0 || !disk_error_.ok()) return false;
  return std::any_of(readers_.begin(), readers_.end(),
                     [](const auto& reader) { return reader.second.waiting; });
}

bool Journal::MustWrite() const { return !disk_full_ && tail_bytes_ >= kWriteBytes; }

void Journal::StartJob() {
  if (job_ || (!MustRead() && !MustWrite())) return;
  job_ = true;
  options_.disk.executor->Post([link = link_] { RunJob(link); });
}

void Journal::RunJob(const std::shared_ptr<Link>& link) {
  Job job;
  std::shared_ptr<Disk> disk;
  {
    absl::MutexLock lock(&link->mutex);
    if (link->journal == nullptr) return;
    disk = link->journal->disk_;
    job = link->journal->TakeJob();
  }
  job.Do(*disk);
  absl::MutexLock lock(&link->mutex);
  if (link->journal != nullptr) link->journal->FinishJob(std::move(job));
}

Journal::Job Journal::TakeJob() {
  absl::MutexLock lock(&mutex_);
  Job job;
  if (MustRead()) {
    job.kind = Job::Kind::kRead;
    job.first = disk_first_;
  } else if (MustWrite()) {
    job.kind = Job::Kind::kWrite;
    for (size_t bytes = 0; bytes < kWriteBytes; tail_.pop_front()) {
      bytes += tail_.front().bytes();
      tail_bytes_ -= tail_.front().bytes();
      job.events.push_back(std::move(tail_.front()));
    }
    being_written_ = job.events.size();
  }
  return job;
}

void Journal::Job::Do(Disk& disk) {
  if (kind == Kind::kWrite) Write(disk);
  if (kind == Kind::kRead) Read(disk);
}

void Journal::Job::Write(Disk& disk) {
  std::vector<std::string> items;
  items.reserve(events.size());
  for (const Event& event : events) {
    items.push_back(disk.codec.Encode(event));
    bytes += items.back().size();
  }
  const absl::StatusOr<uint64_t> written = disk.queue.Append(items);
  status = written.status();
  if (written.ok()) first = *written;
}

void Journal::Job::Read(Disk& disk) {
  const absl::StatusOr<std::vector<std::string>> items = disk.queue.Read(first, kReadBytes);
  status = items.status();
  if (!items.ok()) return;
  for (const std::string& item : *items) {
    absl::StatusOr<Event> event = disk.codec.Decode(item);
    status = event.status();
    if (!event.ok()) return;
    events.push_back(*std::move(event));
    bytes += item.size();
  }
  disk.queue.Trim(first + events.size());
}

void Journal::FinishJob(Job job) {
  std::vector<std::shared_ptr<Reader>> wake;
  bool drained = false;
  {
    absl::MutexLock lock(&mutex_);
    job_ = false;
    if (job.kind == Job::Kind::kWrite) FinishWrite(job);
    if (job.kind == Job::Kind::kRead) FinishRead(job);
    wake = Wake();
    const auto last = readers_.find(last_);
    drained = SetRead(last == readers_.end() ? read_ : last->second.next);
    StartJob();
  }
  for (const std::shared_ptr<Reader>& reader : wake) reader->Readable();
  if (drained) options_.drained();
}

void Journal::FinishWrite(Job& job) {
  being_written_ = 0;
  if (!job.status.ok()) {
    disk_full_ = true;
    for (auto event = job.events.rbegin(); event != job.events.rend(); ++event) {
      tail_bytes_ += event->bytes();
      tail_.push_front(std::move(*event));
    }
    return;
  }
  if (on_disk_ == 0) disk_first_ = job.first;
  on_disk_ += job.events.size();
  disk_bytes_ += job.bytes;
}

void Journal::FinishRead(Job& job) {
  disk_error_ = job.status;
  if (!job.status.ok()) return;
  for (Event& event : job.events) AppendToFront(std::move(event));
  on_disk_ -= job.events.size();
  disk_first_ += job.events.size();
  disk_bytes_ -= job.bytes;
  disk_full_ = false;
}

}  // namespace scamper::runs
