// SPDX-License-Identifier: Apache-2.0
// From the journal of a run or session to one stream.
#pragma once

#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "server/runs/journal.h"

namespace scamper::service {

// Thread-safe. One write is under way at a time; the stream is ended once, when none is, and used
// no more from then on.
class EventWriter final : public runs::Journal::Reader {
 public:
  class Stream {
   public:
    // Begins to write; WriteDone is to follow.
    virtual void Write(runs::Journal::Item item) = 0;
    virtual void End(const absl::Status& status) = 0;

   protected:
    ~Stream() = default;
  };

  // What is pointed to must be there until Journal::Detach. `writing`: a write of the stream's own
  // is under way; the events come behind it.
  EventWriter(runs::Journal* journal, Stream* stream, bool writing)
      : journal_(journal), stream_(stream), writing_(writing) {}

  void Readable() override;
  // The write is over. The stream ends behind the event kFinished, with the journal's summary;
  // when a write failed it ends with Close, which the caller owes then.
  void WriteDone(bool ok);
  // Ends the stream, once no write is under way. The first call counts.
  void Close(absl::Status status);

 private:
  void Next() ABSL_LOCKS_EXCLUDED(mutex_);

  runs::Journal* const journal_;
  Stream* const stream_;
  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_);
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  bool last_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<absl::Status> closing_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scamper::service
