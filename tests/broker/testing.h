// SPDX-License-Identifier: Apache-2.0
// What the tests of the broker share: a client that notes what it is told, and a broker over
// fake daemons.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "scamper/v1/control.pb.h"
#include "server/broker/broker.h"
#include "tests/fakes/fake_executor.h"
#include "tests/fakes/fake_session.h"

namespace scamper::broker {

class NotingClient : public TaskClient {
 public:
  void OnProgress(TaskId task, std::string record,
                  std::shared_ptr<const RecordedUnder> under) override;
  void OnEnd(TaskEnd end) override;
  bool WantsMore() override { return wants; }

  // How many tasks ended so.
  size_t Count(v1::TaskOutcome outcome) const;

  bool wants = true;
  // A call is a failure.
  bool removed = false;
  std::map<TaskId, TaskEnd> ends;
  std::vector<std::pair<TaskId, std::string>> progress;
  // Called after the end is noted.
  std::function<void(const TaskEnd&)> on_end;
};

// The text behind a record's header.
std::string Body(const std::string& record);
uint64_t Ended(const v1::Ledger& ledger);

class BrokerTest : public testing::Test {
 protected:
  BrokerTest();

  // Makes the broker anew with these options; no instances.
  void Start(const BrokerOptions& options = {});
  // Adds an instance of that name on a daemon of its own. It is ready when the daemon answers so.
  fakes::FakeDaemon& Add(const std::string& name);
  fakes::FakeDaemon& daemon(const std::string& name) { return *daemons_.at(name); }
  v1::Instance Get(const std::string& name) { return broker_->Find(name).value(); }
  // "ping DESTINATION TOKEN" with the key DESTINATION.
  TaskId Submit(Broker::ClientId client, const std::string& instance,
                const std::string& destination, const std::string& token = "x");
  TaskId SubmitLine(Broker::ClientId client, const std::string& instance, const std::string& line);
  void Settle() { executor_.RunPosted(); }
  // Until daemon and broker have nothing to do.
  void RunDry(const std::string& name);
  // Fails unless the ledgers add up.
  void CheckLedgers();

  fakes::FakeExecutor executor_;
  fakes::FakeRecordReader reader_;
  std::map<std::string, std::unique_ptr<fakes::FakeDaemon>> daemons_;
  NotingClient client_;
  std::unique_ptr<Broker> broker_;
  Broker::ClientId id_ = 0;
};

}  // namespace scamper::broker
