// SPDX-License-Identifier: Apache-2.0
// A broker on fake daemons, and a client that keeps what it is told.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/broker/broker.h"
#include "tests/fakes/fake_daemon.h"
#include "tests/fakes/fake_executor.h"

namespace scamper::broker {

class FakeClient final : public TaskClient {
 public:
  void OnProgress(TaskId task, std::string, std::shared_ptr<const RecordedUnder>) override {
    progress.push_back(task);
  }
  void OnEnd(TaskEnd end) override {
    const TaskId id = end.task;
    EXPECT_TRUE(ends.emplace(id, std::move(end)).second) << "task " << id << " ended twice";
  }
  bool WantsMore() override { return wants_more; }

  int Count(v1::TaskOutcome outcome) const {
    int n = 0;
    for (const auto& [id, end] : ends) n += end.outcome == outcome;
    return n;
  }

  bool wants_more = true;
  std::vector<TaskId> progress;
  std::map<TaskId, TaskEnd> ends;
};

inline TaskSpec Spec(std::string instance, std::string key, std::string word = "ping") {
  TaskSpec spec;
  spec.instance = std::move(instance);
  spec.key = key;
  spec.command = [line = absl::StrCat(word, " ", key)](int) -> absl::StatusOr<std::string> {
    return line;
  };
  return spec;
}

inline uint64_t Sum(const v1::Ledger& l) {
  return l.results() + l.rejected() + l.halted() + l.instance_lost() + l.expired() + l.refused();
}

class BrokerTest : public testing::Test {
 protected:
  void Make(int instances, BrokerOptions options = {}) {
    broker_ = MakeBroker(options, &executor_, &reader_);
    for (int i = 0; i < instances; ++i) {
      daemons_.push_back(std::make_unique<FakeDaemon>(&executor_));
      EXPECT_TRUE(broker_->AddInstance(Name(i), "fake:", daemons_.back()->MakeConnector()).ok());
    }
    executor_.Run();
  }
  static std::string Name(int i) { return absl::StrCat("vp", i); }

  TaskId Submit(Broker::ClientId client, TaskSpec spec) {
    absl::StatusOr<TaskId> task = broker_->Submit(client, std::move(spec));
    EXPECT_TRUE(task.ok()) << task.status();
    return task.ok() ? *task : 0;
  }
  v1::InstanceState State(int i) { return broker_->Find(Name(i))->state(); }

  base::FakeExecutor executor_;
  FakeReader reader_;
  std::vector<std::unique_ptr<FakeDaemon>> daemons_;
  std::unique_ptr<Broker> broker_;
};

}  // namespace scamper::broker
