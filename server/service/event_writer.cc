// SPDX-License-Identifier: Apache-2.0
#include "server/service/event_writer.h"

#include <utility>

namespace scamper::service {

void EventWriter::Readable() {
  {
    absl::MutexLock lock(&mutex_);
    if (writing_ || broken_ || ended_) return;
    writing_ = true;
  }
  Next();
}

void EventWriter::WriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    if (last_ && ok && !closing_) closing_ = journal_->summary().status;
    if (!ok) {
      broken_ = true;
      writing_ = false;
      if (!closing_ || ended_) return;
    }
  }
  Next();
}

void EventWriter::Close(absl::Status status) {
  {
    absl::MutexLock lock(&mutex_);
    if (closing_ || ended_) return;
    closing_ = std::move(status);
    if (writing_) return;
    writing_ = true;
  }
  Next();
}

void EventWriter::Next() {
  runs::Journal::Item item;
  absl::Status end;
  {
    absl::MutexLock lock(&mutex_);
    if (!closing_) {
      // With the lock: an event that comes in between finds that nothing is being written.
      absl::StatusOr<std::optional<runs::Journal::Item>> next = journal_->Next(this);
      if (!next.ok()) {
        closing_ = next.status();
      } else if (*next) {
        item = **std::move(next);
        last_ = item.event.kind == runs::Event::Kind::kFinished;
      } else {
        writing_ = false;
        return;
      }
    }
    if (closing_) {
      ended_ = true;
      end = *closing_;
    }
  }
  // Not with the lock: the end of the write may be told at once.
  if (item.number == 0) return stream_->End(end);
  stream_->Write(std::move(item));
}

}  // namespace scamper::service
