// SPDX-License-Identifier: Apache-2.0
// A batch of measurements over instances, until all is done or a stop rule holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "scamper/v1/control.pb.h"
#include "server/base/executor.h"
#include "server/runs/task_stream.h"

namespace scamper::runs {

// What one instance has to do: indexes into RunRequest.measurements, which are the references of
// the tasks.
struct Plan {
  std::string instance;
  std::vector<uint32_t> measurements;
};

class Run final : public TaskStream {
 public:
  // REQUIRES: the measurements and the stop rules of the request were found right. Of a plan at
  // most `tasks_per_instance` tasks are with the broker at a time.
  Run(const Context& context, JournalOptions options, std::shared_ptr<const v1::RunRequest> request,
      std::vector<Plan> plans, size_t tasks_per_instance);

  // Begins. Once, and not from the constructor of what holds it.
  void Start();

  const v1::RunRequest& request() const { return *request_; }

 private:
  struct State {
    Plan plan;
    std::shared_ptr<const std::string> instance;
    // Index of its next measurement; tasks not ended; those of them in the broker's queue.
    size_t next = 0;
    size_t running = 0;
    size_t queued = 0;
  };
  struct Destination {
    uint64_t results = 0;
    absl::flat_hash_set<broker::TaskId> tasks;
  };

  void Issued(const Where& where) override;
  void Ended(broker::TaskId task, const Where& where, v1::TaskOutcome outcome) override;
  void Drained() override;
  void CannotRecord(const absl::Status& status) override;

  // Hands the broker as many tasks of the plan as it may have.
  void Fill(State& state);
  // All of them, from where the broker may be called.
  void FillLater();
  void FinishIfOver();
  // A stop rule over all holds.
  void Stop(v1::StopReason reason, v1::TaskOutcome outcome);
  void CountResult(broker::TaskId task, const Where& where, v1::TaskOutcome outcome);
  bool Satisfied(uint32_t measurement) const;
  void WaitQuietly(absl::Duration rest);

  const std::shared_ptr<const v1::RunRequest> request_;
  const size_t tasks_per_instance_;
  std::vector<State> states_;
  absl::flat_hash_map<std::string, State*> by_name_;

  // Of each measurement, with the rule results_per_destination.
  std::vector<Destination*> destination_;
  absl::flat_hash_map<std::string, std::unique_ptr<Destination>> destinations_;
  uint64_t results_ = 0;
  uint64_t not_accepted_ = 0;
  absl::Time last_end_;
  std::unique_ptr<base::Timer> quiet_timer_;
  std::unique_ptr<base::Timer> limit_timer_;
  std::unique_ptr<base::Timer> fill_timer_;
  // Nothing more is taken on.
  bool stopped_ = false;
  v1::StopReason stopped_by_ = v1::STOP_REASON_UNSPECIFIED;
  absl::Status status_;
};

}  // namespace scamper::runs
