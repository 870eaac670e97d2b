// SPDX-License-Identifier: Apache-2.0
// Ten thousand random steps of clients and daemons; after each, what the broker guarantees is
// checked.
#include <random>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/broker/testing.h"

namespace scamper::broker {
namespace {

constexpr int kSteps = 10000;
const char* const kInstances[] = {"new", "old"};

struct Note {
  Broker::ClientId client = 0;
  std::string instance;
  bool issued = false;
};

class ChaosTest : public BrokerTest, public testing::WithParamInterface<unsigned> {
 protected:
  ChaosTest() : random_(GetParam()) {
    options_.window = 1 + Below(12);
    options_.queue_window = 1 + Below(6);
    Start(options_);
    for (const char* name : kInstances) {
      daemons_[name] = std::make_unique<fakes::FakeDaemon>(&executor_);
      if (name == std::string("old")) {
        daemon(name).ids_in_records = false;
        daemon(name).version_date = 20211212;
      }
      Add(name);
    }
  }

  int Below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool Chance(int percent) { return Below(100) < percent; }
  fakes::FakeDaemon& AnyDaemon() {
    fakes::FakeDaemon& shared = daemon(kInstances[Below(2)]);
    const std::vector<fakes::FakeDaemon*> own = shared.owns();
    if (own.empty() || Chance(30)) return shared;
    return *own[static_cast<size_t>(Below(static_cast<int>(own.size())))];
  }

  void AddOne() {
    auto client = std::make_unique<NotingClient>();
    client->on_end = [this](const TaskEnd& end) { CheckEnd(end); };
    const Broker::ClientId id = broker_->AddClient(client.get());
    clients_[id] = std::move(client);
  }

  std::pair<const Broker::ClientId, std::unique_ptr<NotingClient>>& AnyClient() {
    return *std::next(clients_.begin(), Below(static_cast<int>(clients_.size())));
  }

  void SubmitOne(Broker::ClientId client) {
    const std::string instance = kInstances[Below(2)];
    const std::string destination = absl::StrCat("d", Below(3));
    const auto note = std::make_shared<Note>(Note{client, instance});
    const TaskId next = submitted_ + 1;
    const std::string line = absl::StrCat(Chance(5)   ? "bad "
                                          : Chance(3) ? "unsendable "
                                                      : "ping ",
                                          destination, " ", next);
    const bool fails = Chance(3);
    TaskSpec spec{instance,
                  [=](int) -> absl::StatusOr<std::string> {
                    note->issued = true;
                    if (fails) return absl::FailedPreconditionError("no");
                    return line;
                  },
                  destination};
    // Of half the tasks to this destination, so that others overtake.
    if (destination == "d0" && next % 2 == 0) spec.exclusion = "even d0";
    const absl::StatusOr<TaskId> task = broker_->Submit(client, std::move(spec));
    ASSERT_TRUE(task.ok());
    ASSERT_EQ(*task, next);
    submitted_ = next;
    notes_[next] = note;
  }

  // The record, if any, is that task's own.
  void CheckEnd(const TaskEnd& end) {
    EXPECT_EQ(end.status.ok(), !end.record.empty());
    if (!end.record.empty()) {
      const std::vector<std::string> words = absl::StrSplit(Body(end.record), ' ');
      EXPECT_EQ(words.at(1), absl::StrCat(end.task));
      if (words.at(2) == "halted") {
        EXPECT_NE(end.outcome, v1::TASK_OUTCOME_RESULT);
      }
    }
    if (Chance(20) && !draining_) {
      for (auto& [id, client] : clients_) {
        if (!client->removed && client->ends.contains(end.task)) return SubmitOne(id);
      }
    }
  }

  void Step() {
    auto& [id, client] = AnyClient();
    fakes::FakeDaemon& d = AnyDaemon();
    switch (Below(16)) {
      case 0:
      case 1:
      case 2:
        if (!client->removed) SubmitOne(id);
        break;
      case 3:
        client->wants = Chance(50);
        if (client->wants) broker_->Resume(id);
        break;
      case 4:
        broker_->Halt(submitted_ - static_cast<TaskId>(Below(30)),
                      Chance(50) ? v1::TASK_OUTCOME_HALTED : v1::TASK_OUTCOME_EXPIRED);
        break;
      case 5:
        if (Chance(3)) d.Kill();
        executor_.Advance(absl::Milliseconds(Below(40)));
        break;
      case 6:
        if (Chance(10) && !client->removed) {
          control::Attachment attachment;
          attachment.list_id = static_cast<uint32_t>(id);
          broker_->OpenOwn(id, "new", attachment).IgnoreError();
        }
        if (Chance(10)) {
          broker_->RemoveClient(id);
          client->removed = true;
          AddOne();
        }
        break;
      case 7:
        d.Interim(0);
        break;
      case 8:
      case 9:
        d.StartNext();
        break;
      case 10:
      case 11:
        d.Finish(static_cast<size_t>(Below(3)));
        break;
      case 12:
      case 13:
        d.Write();
        break;
      default:
        d.ReadLine();
    }
  }

  void Check() {
    CheckLedgers();
    std::map<std::string, bool> willing;
    for (const auto& [task, note] : notes_) {
      const NotingClient& client = *clients_.at(note->client);
      if (!note->issued && client.wants && !client.removed && !client.ends.contains(task)) {
        willing[note->instance] = true;
      }
    }
    for (const v1::Instance& instance : broker_->Instances()) {
      const size_t connections = 1 + daemon(instance.name()).owns().size();
      ASSERT_LE(instance.outstanding(), static_cast<uint64_t>(options_.window) * connections);
      // Nothing stalls: what is out will end, and frees a place.
      if (willing[instance.name()]) {
        ASSERT_GT(instance.outstanding(), 0u) << instance.name();
      }
    }
    ASSERT_EQ(broker_->ledger().accepted(), submitted_);
    CheckExclusion();
  }

  void CheckExclusion() {
    int out = 0;
    for (const std::string& command : daemon("old").Unfinished()) {
      const std::vector<std::string> words = absl::StrSplit(command, ' ');
      TaskId task = 0;
      if (words[words.size() - 2] == "d0" && absl::SimpleAtoi(words.back(), &task) && task % 2 == 0)
        ++out;
    }
    ASSERT_LE(out, 1);
  }

  void Drain() {
    draining_ = true;
    for (auto& [id, client] : clients_) {
      client->wants = true;
      broker_->Resume(id);
    }
    for (const char* name : kInstances) RunDry(name);
    for (fakes::FakeDaemon* own : daemon("new").owns()) {
      do {
        Settle();
        own->RunDry();
        Settle();
      } while (own->unread() > 0);
    }
  }

  std::mt19937 random_;
  BrokerOptions options_;
  std::map<Broker::ClientId, std::unique_ptr<NotingClient>> clients_;
  std::map<TaskId, std::shared_ptr<Note>> notes_;
  TaskId submitted_ = 0;
  bool draining_ = false;
};

TEST_P(ChaosTest, LedgerWindowsAndRecordsAreRightAfterEachStep) {
  for (int i = 0; i < 4; ++i) AddOne();
  for (int i = 0; i < kSteps && !HasFailure(); ++i) {
    Step();
    if (Chance(70)) {
      Settle();
      Check();
    }
  }
  Drain();
  CheckLedgers();
  EXPECT_GT(submitted_, 500u);
  EXPECT_EQ(Ended(broker_->ledger()), submitted_);
  EXPECT_EQ(broker_->unmatched_records(), 0u);
  for (const auto& [task, note] : notes_) {
    const NotingClient& client = *clients_.at(note->client);
    if (!client.removed) {
      EXPECT_TRUE(client.ends.contains(task)) << task;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ChaosTest, testing::Range(1u, 21u));

}  // namespace
}  // namespace scamper::broker
