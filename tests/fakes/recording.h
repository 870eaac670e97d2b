// SPDX-License-Identifier: Apache-2.0
// A control connection that was recorded from a real daemon (TYPE.session.json).
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scamper::control {

struct Recording {
  struct Entry {
    double seconds = 0;
    bool sent = false;  // to the daemon
    std::string bytes;
  };
  std::vector<Entry> log;

  // All that the daemon sent.
  std::string Received() const;
};

absl::StatusOr<Recording> LoadRecording(const std::string& path);

// What the recorded daemon answered to each command line: enough to play it again.
struct ReplayScript {
  struct Result {
    std::string record;
    bool in_progress = false;
  };
  struct Answer {
    bool accepted = false;
    std::string error;            // text behind "ERR " when not accepted
    std::vector<Result> results;  // of a daemon that gives ids
  };
  // A result of a daemon that gives no ids.
  struct UnnamedResult {
    std::string record;
    // It came when that many commands of `accepted` had been taken.
    size_t after = 0;
  };
  std::map<std::string, Answer> answers;
  // Commands that were taken, in order.
  std::vector<std::string> accepted;
  std::vector<UnnamedResult> unnamed;
  std::string list_record, cycle_record, stop_record;  // the last may be empty

  // Joins recordings of one daemon version; the first gives the list and cycle records. A command
  // that several hold is answered as in the last.
  static absl::StatusOr<ReplayScript> Make(const std::vector<Recording>& recordings);
};

}  // namespace scamper::control
