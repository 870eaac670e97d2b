// SPDX-License-Identifier: Apache-2.0
#include "server/runs/session.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/runs/testing.h"

namespace scamper::runs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SessionTest : public RunsTest {
 protected:
  void Open(size_t more_window = 2, size_t queued = 1000,
            std::optional<control::Attachment> attachment = std::nullopt) {
    SessionOptions options;
    options.attachment = std::move(attachment);
    options.journal.keep = true;
    options.more_window = more_window;
    options.queued = queued;
    options.selects = [](const v1::Instance&) { return true; };
    session_ = std::make_unique<Session>(MakeContext(), std::move(options));
    events_ = std::make_shared<NotingReader>(&session_->journal());
    ASSERT_TRUE(session_->journal().Attach(events_, 0).ok());
    session_->Start();
    Settle();
  }
  ~SessionTest() override { session_.reset(); }

  static v1::SessionRequest SubmitOf(uint64_t reference, const std::string& dst,
                                     const std::string& instance = "") {
    v1::SessionRequest request;
    request.mutable_submit()->set_reference(reference);
    request.mutable_submit()->set_instance(instance);
    *request.mutable_submit()->mutable_measurement() = Ping(dst);
    return request;
  }
  void Take(const v1::SessionRequest& request) {
    const absl::Status status = session_->Take(request);
    EXPECT_TRUE(status.ok()) << status;
    Settle();
  }
  void Done() {
    v1::SessionRequest request;
    request.mutable_done();
    Take(request);
  }
  // What came since the last call.
  std::vector<std::string> New() {
    std::vector<std::string> texts = events_->Texts(seen_);
    seen_ = events_->items.size();
    return texts;
  }

  std::unique_ptr<Session> session_;
  std::shared_ptr<NotingReader> events_;
  size_t seen_ = 0;
};

TEST_F(SessionTest, AsksForAsManyAsMayWaitAndForAnotherWithEachThatIsSent) {
  Add("vp");
  Open(2);
  EXPECT_THAT(New(), ElementsAre("more vp", "more vp"));
  Take(SubmitOf(7, "192.0.2.1"));
  EXPECT_THAT(New(), ElementsAre("accepted 7", "more vp"));
  RunDry("vp");
  EXPECT_THAT(New(), ElementsAre("RESULT 7"));
}

TEST_F(SessionTest, OneTaskForEachMoreKeepsAnInstanceBusyToTheEnd) {
  broker::BrokerOptions options;
  options.queue_window = 3;
  Start(options);
  Add("vp");
  Open(4);
  size_t asked = 0;
  size_t submitted = 0;
  while (submitted < 200) {
    const size_t more = events_->Count(Event::Kind::kMore);
    ASSERT_GT(more, asked) << "nothing was asked for after " << submitted;
    for (; asked < more; ++asked, ++submitted) {
      Take(SubmitOf(submitted, absl::StrCat("192.0.2.", submitted % 250)));
    }
    // What the daemon has not started is as much as it may have.
    EXPECT_GE(daemon("vp").queued() + daemon("vp").unread(), 3u);
    RunDry("vp");
  }
  Done();
  RunDry("vp");
  EXPECT_EQ(session_->journal().summary().ledger.results(), submitted);
}

TEST_F(SessionTest, ARequestThatWasTakenIsNotTakenAgainAndAGapIsAnError) {
  Add("vp");
  Open();
  v1::SessionRequest first = SubmitOf(1, "192.0.2.1");
  first.set_number(1);
  Take(first);
  Take(first);
  EXPECT_EQ(events_->Count(Event::Kind::kAccepted), 1u);
  v1::SessionRequest third = SubmitOf(3, "192.0.2.3");
  third.set_number(3);
  const absl::Status gap = session_->Take(third);
  EXPECT_EQ(gap.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(gap.message()), HasSubstr("the next is 2"));
  EXPECT_EQ(session_->last_request(), 1u);
}

TEST_F(SessionTest, WhatIsNotTakenOnIsSaidAndTheSessionGoesOn) {
  Add("vp");
  Open();
  New();
  Take(SubmitOf(1, "no address"));
  Take(SubmitOf(2, "192.0.2.1", "elsewhere"));
  v1::SessionRequest own = SubmitOf(3, "192.0.2.1");
  own.mutable_submit()->mutable_measurement()->add_instances("vp");
  Take(own);
  EXPECT_THAT(New(), ElementsAre("not taken 1", "not taken 2", "not taken 3"));
  EXPECT_EQ(events_->items[2].event.end.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(events_->items[2].event.end.status.message()),
              HasSubstr("measurement.ping.dst"));
  EXPECT_EQ(events_->items[3].event.end.status.code(), absl::StatusCode::kNotFound);
  Done();
  EXPECT_THAT(New(), ElementsAre("finished"));
  EXPECT_EQ(session_->journal().summary().ledger.accepted(), 0u);
}

TEST_F(SessionTest, HaltsATaskAReferenceOrAll) {
  Add("vp");
  Open(100);
  for (uint64_t i = 1; i <= 5; ++i) Take(SubmitOf(i, absl::StrCat("192.0.2.", i)));
  while (daemon("vp").ReadLine() || daemon("vp").StartNext()) {
  }
  while (daemon("vp").Write()) {
  }
  Settle();
  v1::SessionRequest halt;
  halt.mutable_halt()->set_reference(4);
  Take(halt);
  EXPECT_EQ(daemon("vp").halts(), 1u);
  for (const Journal::Item& item : events_->items) {
    if (item.event.kind == Event::Kind::kAccepted && item.event.reference == 2) {
      halt.mutable_halt()->set_task(item.event.end.task);
    }
  }
  Take(halt);
  EXPECT_EQ(daemon("vp").halts(), 2u);
  halt.mutable_halt()->set_all(true);
  Take(halt);
  EXPECT_EQ(daemon("vp").halts(), 5u);
  Done();
  RunDry("vp");
  EXPECT_EQ(session_->journal().summary().ledger.halted(), 5u);
}

TEST_F(SessionTest, AnInstanceThatIsLostAndComesBackIsAskedForAgain) {
  Add("vp");
  Open(2);
  Take(SubmitOf(1, "192.0.2.1"));
  New();
  daemon("vp").Kill();
  Settle();
  EXPECT_THAT(New(), ElementsAre("INSTANCE_LOST 1", "eof vp"));
  executor_.Advance(absl::Seconds(10));
  EXPECT_THAT(New(), ElementsAre("more vp", "more vp"));
}

class OwnConnectionTest : public SessionTest {
 protected:
  OwnConnectionTest() { attachment_.list_id = 5; }
  void OpenOwn() { Open(1, 1000, attachment_); }
  fakes::FakeDaemon* Own() { return daemon("vp").own("attach list_id 5"); }
  void RunOwnDry() {
    Own()->RunDry();
    Settle();
  }

  control::Attachment attachment_;
};

TEST_F(OwnConnectionTest, IsAskedForMoreByItAndMeasuresOverIt) {
  Add("vp");
  OpenOwn();
  EXPECT_THAT(New(), ElementsAre("more vp"));
  Take(SubmitOf(1, "192.0.2.1"));
  RunOwnDry();
  EXPECT_THAT(New(), ElementsAre("accepted 1", "more vp", "RESULT 1"));
  EXPECT_EQ(events_->items[3].event.end.under->list.name(), "attach list_id 5");
  EXPECT_THAT(daemon("vp").commands(), IsEmpty());
  Own()->Kill();
  Settle();
  EXPECT_THAT(New(), ElementsAre("eof vp"));
  executor_.Advance(absl::Seconds(10));
  EXPECT_THAT(New(), ElementsAre("more vp"));
}

TEST_F(OwnConnectionTest, IsGoneWhenTheSessionIsOverThoughItsEventsAreKept) {
  Add("vp");
  OpenOwn();
  EXPECT_TRUE(Own()->connected());
  Done();
  EXPECT_EQ(New().back(), "finished");
  EXPECT_FALSE(Own()->connected());
  EXPECT_TRUE(daemon("vp").connected());
}

TEST_F(OwnConnectionTest, WhereThereCanBeNoneItIsSaidAndNothingIsMeasuredWithoutIt) {
  Add("vp").version_date = 20211212;
  daemon("vp").Kill();
  executor_.Advance(absl::Seconds(10));
  OpenOwn();
  EXPECT_THAT(New(), ElementsAre("eof vp"));
  EXPECT_EQ(events_->items[0].event.end.status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(events_->items[0].event.end.status.message()), HasSubstr("20211212"));
  Take(SubmitOf(1, "192.0.2.1"));
  EXPECT_THAT(New(), ElementsAre("not taken 1"));
  EXPECT_EQ(events_->items[1].event.end.status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(daemon("vp").commands(), IsEmpty());
}

TEST_F(OwnConnectionTest, IsMadeWhenTheInstanceIsThereAndThatMayHappenTwice) {
  daemons_["vp"] = std::make_unique<fakes::FakeDaemon>(&executor_);
  daemon("vp").answer = fakes::FakeDaemon::Answer::kRefused;
  Add("vp");
  OpenOwn();
  Take(SubmitOf(1, "192.0.2.1"));
  EXPECT_THAT(New(), ElementsAre("not taken 1"));
  EXPECT_EQ(events_->items[0].event.end.status.code(), absl::StatusCode::kUnavailable);
  daemon("vp").answer = fakes::FakeDaemon::Answer::kReady;
  executor_.Advance(absl::Seconds(10));
  EXPECT_THAT(New(), ElementsAre("more vp"));
  Take(SubmitOf(2, "192.0.2.1"));
  New();
  EXPECT_TRUE(broker_->RemoveInstance("vp", "detached"));
  Settle();
  EXPECT_THAT(New(), testing::UnorderedElementsAre("INSTANCE_LOST 2", "eof vp"));
  Add("vp");
  EXPECT_THAT(New(), ElementsAre("more vp"));
}

TEST_F(OwnConnectionTest, OneThatTheDaemonRefusesIsAnEofAndTriedAgain) {
  Add("vp").own_answer = fakes::FakeDaemon::Answer::kRefused;
  OpenOwn();
  EXPECT_THAT(New(), ElementsAre("eof vp"));
  EXPECT_EQ(events_->items[0].event.end.status.code(), absl::StatusCode::kUnavailable);
  executor_.Advance(absl::Seconds(20));
  EXPECT_THAT(New(), IsEmpty());
  Own()->answer = fakes::FakeDaemon::Answer::kReady;
  executor_.Advance(absl::Seconds(20));
  EXPECT_THAT(New(), ElementsAre("more vp"));
}

TEST_F(SessionTest, AnInstanceThatComesLaterBelongsToIt) {
  Add("left");
  Open(1);
  EXPECT_THAT(New(), ElementsAre("more left"));
  Add("right");
  EXPECT_THAT(New(), ElementsAre("more right"));
}

TEST_F(SessionTest, InstanceDoneComesWhenItsTasksHaveEnded) {
  Add("left");
  Add("right");
  Open(1);
  Take(SubmitOf(1, "192.0.2.1", "left"));
  New();
  v1::SessionRequest done;
  done.mutable_instance_done()->set_instance("left");
  Take(done);
  EXPECT_THAT(New(), IsEmpty());
  RunDry("left");
  EXPECT_THAT(New(), ElementsAre("RESULT 1", "instance done left"));
  Take(SubmitOf(2, "192.0.2.2", "left"));
  EXPECT_THAT(New(), ElementsAre("not taken 2"));
  Done();
  EXPECT_THAT(New(), ElementsAre("finished"));
  // Nothing comes behind the last event.
  daemon("right").Kill();
  Settle();
  EXPECT_THAT(New(), IsEmpty());
}

TEST_F(SessionTest, ReadsNoRequestsWhileTooMuchWaits) {
  broker::BrokerOptions options;
  options.queue_window = 1;
  Start(options);
  Add("vp");
  Open(1, 2);
  int wanted = 0;
  Take(SubmitOf(1, "192.0.2.1"));
  EXPECT_TRUE(session_->WantsRequests([&] { ++wanted; }));
  Take(SubmitOf(2, "192.0.2.2"));
  Take(SubmitOf(3, "192.0.2.3"));
  EXPECT_FALSE(session_->WantsRequests([&] { ++wanted; }));
  RunDry("vp");
  EXPECT_EQ(wanted, 1);
}

TEST_F(SessionTest, TheEndOfTheServerEndsItWithWhatIsOut) {
  Add("vp");
  Open();
  Take(SubmitOf(1, "192.0.2.1"));
  session_->ShutDown();
  Take(SubmitOf(2, "192.0.2.2"));
  RunDry("vp");
  EXPECT_EQ(New().back(), "finished");
  EXPECT_EQ(session_->journal().summary().status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(session_->journal().summary().ledger.accepted(), 1u);
}

}  // namespace
}  // namespace scamper::runs
