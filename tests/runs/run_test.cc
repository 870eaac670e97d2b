// SPDX-License-Identifier: Apache-2.0
#include "server/runs/run.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/runs/testing.h"

namespace scamper::runs {
namespace {

class RunTest : public RunsTest {
 protected:
  // Every measurement on every instance; begins at once.
  void Begin(v1::RunRequest request, const std::vector<std::string>& instances,
             size_t tasks_per_instance = 100) {
    std::vector<Plan> plans;
    for (const std::string& name : instances) {
      plans.push_back({name, {}});
      for (int m = 0; m < request.measurements_size(); ++m) plans.back().measurements.push_back(m);
    }
    run_ = std::make_unique<runs::Run>(MakeContext(), JournalOptions{},
                                       std::make_shared<const v1::RunRequest>(std::move(request)),
                                       std::move(plans), tasks_per_instance);
    reader_of_run_ = std::make_shared<NotingReader>(&run_->journal());
    ASSERT_TRUE(run_->journal().Attach(reader_of_run_, 0).ok());
    run_->Start();
    Settle();
  }
  ~RunTest() override { run_.reset(); }

  static v1::RunRequest Request(const std::vector<std::string>& destinations) {
    v1::RunRequest request;
    for (const std::string& dst : destinations) *request.add_measurements() = Ping(dst);
    return request;
  }
  // The daemon reads and starts all that there is.
  void StartAll(const std::string& name) {
    for (bool some = true; some;) {
      some = false;
      while (daemon(name).ReadLine()) some = true;
      while (daemon(name).StartNext()) some = true;
      Settle();
    }
  }
  void FinishOne(const std::string& name, size_t running = 0) {
    ASSERT_TRUE(daemon(name).Finish(running));
    daemon(name).Write();
    Settle();
  }
  bool over() const { return reader_of_run_->Count(Event::Kind::kFinished) == 1; }
  const Summary& summary() const { return run_->journal().summary(); }
  void CheckLedger() {
    EXPECT_EQ(summary().ledger.accepted(), broker::Ended(summary().ledger));
    CheckLedgers();
  }

  std::unique_ptr<runs::Run> run_;
  std::shared_ptr<NotingReader> reader_of_run_;
};

TEST_F(RunTest, EveryTaskIsAcceptedAndEndsOnce) {
  Add("left");
  Add("right");
  Begin(Request({"a", "b"}), {"left", "right"});
  RunDry("left");
  RunDry("right");
  EXPECT_EQ(reader_of_run_->Count(Event::Kind::kAccepted), 4u);
  EXPECT_EQ(reader_of_run_->Count(Event::Kind::kEnd), 4u);
  ASSERT_TRUE(over());
  EXPECT_EQ(summary().ledger.results(), 4u);
  EXPECT_EQ(summary().not_accepted, 0u);
  EXPECT_EQ(summary().stopped_by, v1::STOP_REASON_UNSPECIFIED);
  CheckLedger();
}

TEST_F(RunTest, TasksAreTakenOnAsEarlierOnesAreSentThoughNoneEnds) {
  Add("vp");
  std::vector<std::string> destinations;
  for (int i = 0; i < 3000; ++i) destinations.push_back(absl::StrCat("d", i));
  Begin(Request(destinations), {"vp"}, 2500);
  EXPECT_LE(reader_of_run_->Count(Event::Kind::kAccepted), 1000u);
  for (int i = 0; i < 100; ++i) {
    StartAll("vp");
    daemon("vp").Write();
    executor_.Advance(absl::ZeroDuration());
  }
  EXPECT_EQ(reader_of_run_->Count(Event::Kind::kAccepted), 2500u);
  EXPECT_EQ(reader_of_run_->Count(Event::Kind::kEnd), 0u);
  RunDry("vp");
  EXPECT_EQ(reader_of_run_->Count(Event::Kind::kAccepted), 3000u);
  ASSERT_TRUE(over());
  EXPECT_EQ(summary().ledger.results(), 3000u);
  CheckLedger();
}

TEST_F(RunTest, TheFirstResultsEndTheRunAndTheRestIsHalted) {
  Add("vp");
  v1::RunRequest request = Request({"a", "b", "c", "d", "e"});
  request.mutable_stop()->set_results(2);
  Begin(std::move(request), {"vp"}, 4);
  StartAll("vp");
  FinishOne("vp");
  EXPECT_FALSE(over());
  FinishOne("vp");
  EXPECT_FALSE(over());
  RunDry("vp");
  ASSERT_TRUE(over());
  EXPECT_EQ(summary().ledger.results(), 2u);
  // The fifth came when the first had ended.
  EXPECT_EQ(summary().ledger.halted(), 3u);
  EXPECT_EQ(summary().not_accepted, 0u);
  EXPECT_EQ(summary().stopped_by, v1::STOP_REASON_RESULTS);
  EXPECT_EQ(daemon("vp").halts(), 3u);
  CheckLedger();
}

TEST_F(RunTest, WhatWasNotTakenOnWhenARuleHeldIsCounted) {
  Add("vp");
  v1::RunRequest request = Request({"a", "b", "c", "d", "e"});
  request.mutable_stop()->set_results(1);
  Begin(std::move(request), {"vp"}, 1);
  RunDry("vp");
  ASSERT_TRUE(over());
  EXPECT_EQ(summary().ledger.accepted(), 1u);
  EXPECT_EQ(summary().not_accepted, 4u);
}

TEST_F(RunTest, EnoughResultsForADestinationStopOnlyThatOne) {
  Add("left");
  Add("right");
  Add("third");
  v1::RunRequest request = Request({"a", "b"});
  request.mutable_stop()->set_results_per_destination(1);
  Begin(std::move(request), {"left", "right", "third"}, 1);
  StartAll("left");
  StartAll("right");
  FinishOne("left");
  // The others' "a" is halted, at scamper or in the queue; "b" goes on everywhere.
  RunDry("right");
  StartAll("left");
  RunDry("third");
  RunDry("left");
  ASSERT_TRUE(over());
  EXPECT_EQ(summary().ledger.results(), 2u);
  EXPECT_EQ(summary().ledger.accepted() + summary().not_accepted, 6u);
  EXPECT_EQ(summary().stopped_by, v1::STOP_REASON_UNSPECIFIED);
  CheckLedger();
}

TEST_F(RunTest, QuietTimeCountsFromTheLastEnd) {
  Add("vp");
  v1::RunRequest request = Request({"a", "b", "c"});
  request.mutable_stop()->mutable_quiet_time()->set_seconds(10);
  Begin(std::move(request), {"vp"});
  StartAll("vp");
  executor_.Advance(absl::Seconds(8));
  FinishOne("vp");
  executor_.Advance(absl::Seconds(8));
  EXPECT_EQ(daemon("vp").halts(), 0u);
  executor_.Advance(absl::Seconds(3));
  EXPECT_EQ(daemon("vp").halts(), 2u);
  RunDry("vp");
  ASSERT_TRUE(over());
  EXPECT_EQ(summary().ledger.results(), 1u);
  EXPECT_EQ(summary().ledger.halted(), 2u);
  EXPECT_EQ(summary().stopped_by, v1::STOP_REASON_QUIET_TIME);
}

TEST_F(RunTest, AtTheTimeLimitWhatIsOutEndsAsExpired) {
  Add("vp");
  v1::RunRequest request = Request({"a", "b"});
  request.mutable_stop()->mutable_time_limit()->set_seconds(5);
  Begin(std::move(request), {"vp"});
  StartAll("vp");
  FinishOne("vp");
  executor_.Advance(absl::Seconds(6));
  RunDry("vp");
  ASSERT_TRUE(over());
  EXPECT_EQ(summary().ledger.results(), 1u);
  EXPECT_EQ(summary().ledger.expired(), 1u);
  EXPECT_EQ(summary().stopped_by, v1::STOP_REASON_TIME_LIMIT);
}

TEST_F(RunTest, ARunThatIsGivenUpHaltsItsTasks) {
  Add("vp");
  Begin(Request({"a", "b"}), {"vp"});
  StartAll("vp");
  run_->Abandon(v1::TASK_OUTCOME_HALTED);
  Settle();
  RunDry("vp");
  EXPECT_EQ(broker_->ledger().halted(), 2u);
  EXPECT_EQ(reader_of_run_->Count(Event::Kind::kEnd), 0u);
  CheckLedgers();
}

}  // namespace
}  // namespace scamper::runs
