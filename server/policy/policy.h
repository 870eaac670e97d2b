// SPDX-License-Identifier: Apache-2.0
// Which measurements the server does not do, whoever asks for them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace scamper::v1 {
class Measurement;
}

namespace scamper::policy {

class PrefixRules;

struct PolicyOptions {
  // Files of prefixes that must not be probed; see PrefixRules::Parse.
  std::vector<std::string> do_not_probe = {};
  // Names of the kinds of measurement that are done ("ping"); none: all are.
  std::vector<std::string> allow_measurements = {};
  // Whether packets may bear source addresses that are not the host's.
  bool allow_spoofing = false;
};

// Thread-safe.
class Policy {
 public:
  // Reads the files. INVALID_ARGUMENT naming the file and the line, or a kind of measurement that
  // there is not; or why a file cannot be read.
  static absl::StatusOr<std::unique_ptr<Policy>> Make(PolicyOptions options);
  ~Policy();

  // OK, or PERMISSION_DENIED naming the rule that refuses the measurement:
  //   ping.dst 192.0.2.1 is refused by do_not_probe FILE:12 (192.0.2.0/24, "asked by X")
  //   ping is refused by allow_measurements (trace, dns)
  //   ping.spoof is refused: spoofed sources need allow_spoofing
  // A rule of IPv4 holds as well for an IPv6 address of a translator or relay that leads there
  // (64:ff9b::192.0.2.1, 2002:c000:201::).
  // REQUIRES: records::Validate found nothing.
  absl::Status Check(const v1::Measurement& measurement) const;

  // Reads those files again that changed before the last call and have not changed since, so that
  // none is read while it is being written. What was read before stays where a file cannot be read
  // or is wrong. Tells of both.
  void Refresh(const std::function<void(const std::string&)>& log);
  // Calls Refresh at that interval on a thread of its own, as long as this lives; at most once.
  void KeepFresh(absl::Duration interval, std::function<void(const std::string&)> log);

 private:
  struct File;

  explicit Policy(PolicyOptions options);
  absl::Status CheckTargets(const v1::Measurement& measurement) const;

  const PolicyOptions options_;
  // The numbers of options_.allow_measurements in v1.Measurement.
  absl::flat_hash_set<int> allowed_;
  mutable absl::Mutex mutex_;
  std::vector<std::unique_ptr<File>> files_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace scamper::policy
