// SPDX-License-Identifier: Apache-2.0
// What happens in a run or a session, in the form in which it waits to be sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "server/broker/broker.h"

namespace scamper::runs {

// Becomes a message only when it is sent, so that what waits for a slow reader is small and the
// control thread does not decode.
struct Event {
  enum class Kind : uint8_t {
    kAccepted,      // end: only the task
    kProgress,      // end: task, record, under
    kEnd,           // end; where the task was not taken on its number is 0 and the status says why
    kMore,          // the instance can take one more
    kEof,           // the instance was lost; end.status says why
    kInstanceDone,  // nothing more comes of the instance
    kFinished,      // the last; see Journal::Finish
  };

  Kind kind = Kind::kAccepted;
  // Of the task, as its submitter knows it.
  uint64_t reference = 0;
  // Name; null with kFinished.
  std::shared_ptr<const std::string> instance;
  broker::TaskEnd end;

  // What it occupies.
  size_t bytes() const { return sizeof(Event) + end.record.size(); }
};

}  // namespace scamper::runs
