// SPDX-License-Identifier: Apache-2.0
// Measurements that come while others run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "scamper/v1/control.pb.h"
#include "scamper/v1/session.pb.h"
#include "server/runs/task_stream.h"

namespace scamper::runs {

struct SessionOptions {
  JournalOptions journal;
  v1::ResultOptions results;
  // Submissions that may wait in the broker for one instance before the client is not asked for
  // more; at least 1.
  size_t more_window = 64;
  // Submissions of the session that may wait in the broker in all; above it no request is read.
  size_t queued = 100000;
  // Which instances are the session's, now and later.
  std::function<bool(const v1::Instance&)> selects;
  // With it the session has connections of its own, that attach so.
  std::optional<broker::Attachment> attachment;
};

class Session final : public TaskStream {
 public:
  Session(const Context& context, SessionOptions options);
  ~Session() override;

  // Begins: the events of the instances come. Once, and not from the constructor of what holds it.
  void Start();

  // The next request. A number that was taken already is ignored. An error ends the connection:
  // INVALID_ARGUMENT, with what is wrong; the session is as before.
  absl::Status Take(const v1::SessionRequest& request);
  // The number of the last request that was taken.
  uint64_t last_request() const { return last_request_; }

  // False: so much waits that no request should be read. Then `wanted` is called once, when that is
  // over; a further call takes the place of the one before.
  bool WantsRequests(std::function<void()> wanted);

  void ForgetWanted() { wanted_ = nullptr; }

  // The server shuts down: nothing more is taken on, and the session ends with what is out.
  void ShutDown();

  const v1::ResultOptions& results() const { return options_.results; }

 private:
  struct Place {
    std::shared_ptr<const std::string> name;
    bool ready = false;
    // Whether the connection that the session needs of its own was opened, and why not.
    absl::Status opened;
    bool done = false;
    bool done_said = false;
    // Submissions that the client was asked for and has not made.
    size_t asked = 0;
    size_t queued = 0;
    size_t open = 0;
  };

  void Issued(const Where& where) override;
  void Ended(broker::TaskId task, const Where& where, v1::TaskOutcome outcome) override;
  void Drained() override;
  void CannotRecord(const absl::Status& status) override;

  void OnOwnChanged(const v1::Instance& instance) override;
  void Changed(const v1::Instance& instance);
  void Open(Place& place);
  // `instance` is the connection that the session uses.
  void Follow(Place& place, const v1::Instance& instance);
  void SayEof(Place& place, absl::Status why);
  absl::Status Dispatch(const v1::SessionRequest& request);
  void Submit(const v1::SessionSubmit& submit);
  absl::Status Try(const v1::SessionSubmit& submit);
  void Halt(const v1::SessionHalt& halt);
  absl::Status InstanceDone(absl::string_view name);
  absl::StatusOr<Place*> Find(absl::string_view name);
  // `ask`: the instance may have another one in its place.
  void Unqueue(Place& place, bool ask);
  // Asks for as many submissions as there is room for.
  void Ask(Place& place);
  void SayDone(Place& place);
  void FinishIfOver();

  const SessionOptions options_;
  absl::flat_hash_map<std::string, std::unique_ptr<Place>> places_;
  uint64_t watch_ = 0;
  uint64_t last_request_ = 0;
  size_t queued_ = 0;
  std::function<void()> wanted_;
  bool done_ = false;
  absl::Status status_;
};

}  // namespace scamper::runs
