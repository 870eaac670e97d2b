// SPDX-License-Identifier: Apache-2.0
#include "server/runs/journal.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace scamper::runs {

void Journal::Append(Event event) {
  std::vector<std::shared_ptr<Reader>> wake;
  {
    absl::MutexLock lock(&mutex_);
    const size_t bytes = event.bytes();
    bytes_ += bytes;
    unread_bytes_ += bytes;
    events_.push_back(std::move(event));
    DropReadBeyondBound();
    for (auto& [key, reading] : readers_) {
      if (std::exchange(reading.waiting, false)) wake.push_back(reading.reader);
    }
  }
  for (const std::shared_ptr<Reader>& reader : wake) reader->Readable();
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
    readable = next < end();
    readers_[reader.get()] = {reader, next, !readable};
    last_ = reader.get();
    drained = SetRead(next);
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
    if (reading.next == end()) {
      reading.waiting = true;
      return std::nullopt;
    }
    item.number = reading.next++;
    Event& event = events_[item.number - first_];
    if (options_.keep) {
      item.event = event;
      drained = reader == last_ && SetRead(reading.next);
    } else {
      const size_t before = event.bytes();
      item.event = std::move(event);
      event.end.record.clear();
      bytes_ -= before - event.bytes();
      unread_bytes_ -= before - event.bytes();
      drained = SetRead(reading.next);
      DropFirst();
    }
    item.more = reading.next < end();
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
  if (unread_bytes_ < options_.unread_bytes) return true;
  paused_ = true;
  return false;
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
  for (; read_ < next; ++read_) unread_bytes_ -= events_[read_ - first_].bytes();
  for (; read_ > next; --read_) unread_bytes_ += events_[read_ - 1 - first_].bytes();
  DropReadBeyondBound();
  return paused_ && unread_bytes_ < options_.unread_bytes / 2 && std::exchange(paused_, false);
}

}  // namespace scamper::runs
