// SPDX-License-Identifier: Apache-2.0
#include "server/control/mux_source.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/control/event_listener.h"
#include "tests/control/source_testing.h"
#include "tests/fakes/fake_mux.h"

namespace scamper::control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Record(char type, const std::string& body) {
  return std::string("\x12\x05\x00", 3) + type + std::string("\0\0\0", 3) +
         static_cast<char>(body.size()) + body;
}

class MuxSourceTest : public SourceTest {
 protected:
  MuxSourceTest() {
    fakes::FakeMuxOptions options;
    options.path = path();
    options.list_record = Record(1, "list");
    options.cycle_record = Record(2, "cycle");
    options.cycle_stop_record = Record(4, "stop");
    options.result = [](std::string_view command) { return Record(7, std::string(command)); };
    mux_ = std::make_unique<fakes::FakeMux>(&io_, options);
  }
  ~MuxSourceTest() override { EXPECT_THAT(mux_->violations(), IsEmpty()); }

  std::string path() const { return directory_ + "/mux"; }
  uint32_t AddVp(const std::string& name) {
    return mux_->AddVp({{1, name}, {2, "1700000000.000001"}, {5, "NZ"}});
  }
  void Watch() {
    source_ = WatchMux(ParseEndpoint("mux:" + path()).value(), &io_, executor_.get(), &listener_);
    EXPECT_THAT(listener_.events, IsEmpty()) << "nothing is told from inside the call";
    RunUntilEvent("watched");
  }
  std::unique_ptr<Session> Connect(const std::string& vp, EventListener* listener) {
    return listener_.found.at(vp).connector->Connect(listener);
  }
  std::unique_ptr<Session> Attach(const std::string& vp, EventListener* listener) {
    auto session = Connect(vp, listener);
    EXPECT_THAT(listener->events, IsEmpty()) << "nothing is told from inside Connect";
    RunUntil([&] { return listener->Saw("record type 2"); });
    EXPECT_THAT(listener->events,
                ElementsAre("attached", "more", "record type 1", "record type 2"));
    listener->events.clear();
    return session;
  }

  std::unique_ptr<fakes::FakeMux> mux_;
  std::unique_ptr<Source> source_;
};

TEST_F(MuxSourceTest, VantagePointsAreFoundWithWhatIsKnownOfThem) {
  AddVp("hlz");
  AddVp("akl");
  Watch();
  EXPECT_THAT(listener_.events, ElementsAre("found vp-1", "found vp-2", "watched"));
  AddVp("chc");
  RunUntilEvent("found vp-3");
  const FoundVp& vp = listener_.found.at("vp-3");
  EXPECT_EQ(vp.vantage_point.monitor_name(), "chc");
  EXPECT_EQ(vp.vantage_point.country(), "NZ");
  EXPECT_EQ(vp.endpoint, "mux:" + path() + "#3");
}

TEST_F(MuxSourceTest, CommandsAndResultsGoByTheirChannels) {
  AddVp("hlz");
  AddVp("akl");
  Watch();
  EventListener one, two;
  const auto first = Attach("vp-1", &one);
  const auto second = Attach("vp-2", &two);
  ASSERT_TRUE(first->Send("ping 192.0.2.1").ok());
  ASSERT_TRUE(first->Send("bad command").ok());
  ASSERT_TRUE(second->Send("trace silent").ok());
  RunUntil([&] { return one.Saw("rejected command not accepted: bad") && two.Saw("accepted 1"); });
  EXPECT_THAT(one.events, ElementsAre("accepted 1", "more", "record type 7 id 1",
                                      "rejected command not accepted: bad"));
  EXPECT_THAT(one.records.back(), HasSubstr("ping 192.0.2.1"));
  second->Halt(1);
  RunUntil([&] { return two.Saw("record type 7 id 1"); });
  EXPECT_TRUE(two.Saw("halted 1"));
  EXPECT_EQ(mux_->connections(), 1u);
}

TEST_F(MuxSourceTest, DoneEndsOneChannelOnly) {
  AddVp("hlz");
  AddVp("akl");
  Watch();
  EventListener one, two;
  const auto first = Attach("vp-1", &one);
  const auto second = Attach("vp-2", &two);
  first->Done();
  EXPECT_FALSE(first->Send("ping 192.0.2.1").ok());
  RunUntil([&] { return one.closed.has_value(); });
  EXPECT_TRUE(one.closed->ok()) << *one.closed;
  EXPECT_FALSE(two.closed.has_value());
  EXPECT_EQ(mux_->channels(), 1u);
}

TEST_F(MuxSourceTest, SessionThatIsDestroyedEndsItsChannelWithDone) {
  AddVp("hlz");
  Watch();
  EventListener one;
  auto session = Attach("vp-1", &one);
  session.reset();
  RunUntil([&] { return mux_->channels() == 0; });
  EXPECT_THAT(one.events, IsEmpty());
  // The vantage point can be attached to again.
  EventListener two;
  session = Attach("vp-1", &two);
}

TEST_F(MuxSourceTest, DepartedVantagePointLosesItsSessionsAndIsGone) {
  const uint32_t hlz = AddVp("hlz");
  AddVp("akl");
  Watch();
  EventListener one, two;
  const auto first = Attach("vp-1", &one);
  const auto second = Attach("vp-2", &two);
  mux_->Depart(hlz);
  RunUntilEvent("gone vp-1");
  ASSERT_TRUE(one.closed.has_value());
  EXPECT_EQ(one.closed->code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(one.closed->message()),
              ::testing::AllOf(HasSubstr("mux:" + path() + "#1"), HasSubstr("gave")));
  EXPECT_FALSE(two.closed.has_value());
  // A channel to it would make sc_remoted close everything.
  EventListener late;
  const auto session = Connect("vp-1", &late);
  RunUntil([&] { return late.closed.has_value(); });
  EXPECT_EQ(late.closed->code(), absl::StatusCode::kUnavailable);
}

TEST_F(MuxSourceTest, DepartureOfUnknownNumbersIsIgnored) {
  AddVp("hlz");
  Watch();
  mux_->Say(std::string("\0\0\0\0\0\0\0\6\0\1\0\0\0\0", 14));  // VP_DEPART 0
  mux_->Say(fakes::MuxUpdateFrame(1, {{1, "hlz"}, {2, "1700000000.000001"}, {5, "AU"}}));
  RunUntilEvent("changed vp-1 AU");
  EXPECT_THAT(listener_.events, ElementsAre("found vp-1", "watched", "changed vp-1 AU"));
}

TEST_F(MuxSourceTest, ResumedVantagePointIsFoundThoughItIsNotAnnounced) {
  AddVp("hlz");
  Watch();
  EventListener one;
  const auto session = Attach("vp-1", &one);
  mux_->ResumeVp({{1, "akl"}, {2, "1700000000.000001"}});
  RunUntilEvent("found vp-2");
  EventListener two;
  const auto second = Attach("vp-2", &two);
  EXPECT_FALSE(one.closed.has_value());
  // The second connection, which read the list, is closed again.
  RunUntil([&] { return mux_->clients() == 1; });
  EXPECT_EQ(mux_->connections(), 2u);
}

TEST_F(MuxSourceTest, ManyChannelsAreOpenedWithoutHarm) {
  constexpr int kMany = 1000;
  for (int i = 0; i < kMany; ++i) AddVp(absl::StrCat("vp", i));
  Watch();
  std::vector<EventListener> listeners(kMany);
  std::vector<std::unique_ptr<Session>> sessions;
  for (int i = 0; i < kMany; ++i) {
    sessions.push_back(Connect(absl::StrCat("vp-", i + 1), &listeners[i]));
  }
  RunUntil([&] { return mux_->channels() == kMany; });
  // Others are opened amid the traffic of those that are there.
  const uint32_t late = AddVp("late");
  RunUntilEvent(absl::StrCat("found vp-", late));
  for (int i = 0; i < kMany; ++i) {
    RunUntil([&] { return listeners[i].Saw("record type 2"); });
    for (int n = 0; n < 20; ++n) ASSERT_TRUE(sessions[i]->Send("ping 192.0.2.1").ok());
  }
  EventListener late_listener;
  const auto session = Connect(absl::StrCat("vp-", late), &late_listener);
  for (int i = 0; i < kMany; ++i) ASSERT_TRUE(sessions[i]->Send("ping 192.0.2.1").ok());
  RunUntil([&] { return late_listener.Saw("record type 2"); });
  RunUntil([&] { return mux_->commands() == kMany * 21; });
  for (int i = 0; i < kMany; ++i) {
    RunUntil([&] { return listeners[i].Saw("record type 7 id 21"); });
  }
  EXPECT_EQ(mux_->connections(), 1u);
}

TEST_F(MuxSourceTest, LostMuxEndsSessionsAndIsFoundAgain) {
  AddVp("hlz");
  AddVp("akl");
  Watch();
  EventListener one;
  const auto session = Attach("vp-1", &one);
  listener_.events.clear();
  mux_->Restart();
  // Numbers and times of arrival as before: the same; the other is not there any more.
  AddVp("hlz");
  RunUntilEvent("watched");
  EXPECT_THAT(listener_.events, ElementsAre("lost", "changed vp-1 NZ", "gone vp-2", "watched"));
  ASSERT_TRUE(one.closed.has_value());
  EXPECT_EQ(one.closed->code(), absl::StatusCode::kUnavailable);
  EventListener again;
  const auto second = Attach("vp-1", &again);
}

TEST_F(MuxSourceTest, AnotherVantagePointOfTheSameNumberIsAnother) {
  AddVp("hlz");
  Watch();
  const auto old_connector = std::move(listener_.found.at("vp-1").connector);
  listener_.events.clear();
  mux_->Restart();
  AddVp("akl");
  RunUntilEvent("watched");
  EXPECT_TRUE(listener_.Saw("found vp-1"));
  EXPECT_EQ(listener_.found.at("vp-1").vantage_point.monitor_name(), "akl");
  EventListener stale;
  const auto session = old_connector->Connect(&stale);
  RunUntil([&] { return stale.closed.has_value(); });
  EXPECT_THAT(std::string(stale.closed->message()), HasSubstr("does not announce it"));
}

TEST_F(MuxSourceTest, WhatIsNoMuxIsLostAndTriedAgain) {
  AddVp("hlz");
  Watch();
  mux_->Say("no mux at all");
  RunUntilEvent("lost");
  EXPECT_EQ(listener_.last_status.code(), absl::StatusCode::kDataLoss);
  listener_.events.clear();
  RunUntilEvent("watched");
}

TEST_F(MuxSourceTest, MissingSocketIsLostAndNamed) {
  source_ = WatchMux(ParseEndpoint("mux:" + directory_ + "/none").value(), &io_, executor_.get(),
                     &listener_);
  RunUntilEvent("lost");
  EXPECT_THAT(std::string(listener_.last_status.message()),
              ::testing::AllOf(HasSubstr("mux:" + directory_ + "/none"), HasSubstr("connect")));
}

TEST_F(MuxSourceTest, DetachedSourceClosesTheConnectionAndTellsSessions) {
  AddVp("hlz");
  Watch();
  EventListener one;
  const auto session = Attach("vp-1", &one);
  source_.reset();
  RunUntil([&] { return mux_->clients() == 0; });
  ASSERT_TRUE(one.closed.has_value());
  EXPECT_FALSE(session->Send("ping 192.0.2.1").ok());
  EventListener late;
  const auto second = Connect("vp-1", &late);
  RunUntil([&] { return late.closed.has_value(); });
}

}  // namespace
}  // namespace scamper::control
