// SPDX-License-Identifier: Apache-2.0
#include "tests/broker/testing.h"

#include "absl/strings/str_cat.h"

namespace scamper::broker {

void NotingClient::OnProgress(TaskId task, std::string record,
                              std::shared_ptr<const RecordedUnder>) {
  EXPECT_FALSE(removed);
  EXPECT_FALSE(ends.contains(task));
  progress.emplace_back(task, std::move(record));
}

void NotingClient::OnEnd(TaskEnd end) {
  EXPECT_FALSE(removed);
  const auto [it, first] = ends.try_emplace(end.task, end);
  EXPECT_TRUE(first) << "task " << end.task << " ended twice";
  if (on_end) on_end(end);
}

size_t NotingClient::Count(v1::TaskOutcome outcome) const {
  size_t count = 0;
  for (const auto& [task, end] : ends) count += end.outcome == outcome ? 1 : 0;
  return count;
}

std::string Body(const std::string& record) { return record.size() < 8 ? "" : record.substr(8); }

uint64_t Ended(const v1::Ledger& ledger) {
  return ledger.results() + ledger.rejected() + ledger.halted() + ledger.instance_lost() +
         ledger.expired() + ledger.refused();
}

BrokerTest::BrokerTest() { Start(); }

void BrokerTest::Start(const BrokerOptions& options) {
  broker_.reset();
  daemons_.clear();
  broker_ = MakeBroker(options, &executor_, &reader_);
  id_ = broker_->AddClient(&client_);
}

fakes::FakeDaemon& BrokerTest::Add(const std::string& name) {
  auto& daemon = daemons_[name];
  if (daemon == nullptr) daemon = std::make_unique<fakes::FakeDaemon>(&executor_);
  EXPECT_TRUE(broker_->AddInstance({name, "unix:" + name, daemon->MakeConnector()}).ok());
  Settle();
  return *daemon;
}

TaskId BrokerTest::Submit(Broker::ClientId client, const std::string& instance,
                          const std::string& destination, const std::string& token) {
  const std::string line = absl::StrCat("ping ", destination, " ", token);
  return broker_->Submit(client, {instance, [line](int) { return line; }, destination}).value();
}

TaskId BrokerTest::SubmitLine(Broker::ClientId client, const std::string& instance,
                              const std::string& line) {
  return broker_->Submit(client, {instance, [line](int) { return line; }, ""}).value();
}

void BrokerTest::RunDry(const std::string& name) {
  fakes::FakeDaemon& d = daemon(name);
  do {
    Settle();
    d.RunDry();
    Settle();
  } while (d.unread() > 0);
}

void BrokerTest::CheckLedgers() {
  v1::Ledger sum;
  uint64_t open = 0;
  for (const v1::Instance& instance : broker_->Instances()) {
    ASSERT_EQ(instance.ledger().accepted(),
              Ended(instance.ledger()) + instance.outstanding() + instance.queued());
    sum.set_accepted(sum.accepted() + instance.ledger().accepted());
    open += instance.outstanding() + instance.queued();
  }
  ASSERT_EQ(broker_->ledger().accepted(), sum.accepted());
  ASSERT_EQ(broker_->ledger().accepted(), Ended(broker_->ledger()) + open);
}

}  // namespace scamper::broker
