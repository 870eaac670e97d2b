// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/replayed_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "server/control/asio_executor.h"
#include "tests/control/event_listener.h"
#include "tests/control/golden_sessions.h"

namespace scamper::control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAreArray;

ReplayScript Script(const std::string& path) {
  const auto recording = LoadRecording(path + ".session.json");
  EXPECT_TRUE(recording.ok()) << recording.status();
  auto script = ReplayScript::Make({*recording});
  EXPECT_TRUE(script.ok()) << script.status();
  return *std::move(script);
}

std::vector<std::string> SplitRecords(std::string warts) {
  std::vector<std::string> records;
  while (warts.size() >= 8) {
    size_t size = 8;
    for (size_t i = 4, shift = 24; i < 8; ++i, shift -= 8) {
      size += static_cast<size_t>(static_cast<unsigned char>(warts[i])) << shift;
    }
    records.push_back(warts.substr(0, size));
    warts.erase(0, size);
  }
  EXPECT_TRUE(warts.empty());
  return records;
}

class ReplayedSessionTest : public testing::Test {
 protected:
  void Connect(ReplayScript script, absl::Duration result_delay = absl::ZeroDuration()) {
    ReplayOptions options;
    options.info = {"20260420", 20260420, 500, "vp1"};
    options.result_delay = result_delay;
    connector_ = MakeReplayConnector(std::move(script), options, executor_.get());
    session_ = connector_->Connect(&listener_);
    EXPECT_TRUE(listener_.events.empty()) << "no callback from inside Connect";
  }
  void Run() {
    io_.restart();
    io_.run();
  }

  asio::io_context io_;
  std::unique_ptr<base::Executor> executor_ = MakeAsioExecutor(&io_);
  EventListener listener_;
  std::unique_ptr<Connector> connector_;
  std::unique_ptr<Session> session_;
};

ReplayScript Udpprobe() { return Script(SCAMPER_TESTDATA "/sessions/scamper-20260420/udpprobe"); }
constexpr char kProbe[] = "udpprobe -U 1 -d 7007 -p 68656c6c6f 192.0.2.9";

TEST_F(ReplayedSessionTest, AttachesAsTheDaemonThatWasDescribed) {
  Connect(Udpprobe());
  Run();
  EXPECT_THAT(listener_.events, ElementsAre("attached", "more", "record type 1", "record type 2"));
  EXPECT_EQ(listener_.info.version, "20260420");
  EXPECT_EQ(listener_.info.version_date, 20260420);
  EXPECT_EQ(listener_.info.pps, 500);
  EXPECT_EQ(listener_.info.monitor_name, "vp1");
}

TEST_F(ReplayedSessionTest, ACommandSentTwiceHasItsResultUnderBothIds) {
  Connect(Udpprobe());
  Run();
  listener_.events.clear();
  ASSERT_TRUE(session_->Send(kProbe).ok());
  ASSERT_TRUE(session_->Send(kProbe).ok());
  Run();
  EXPECT_TRUE(listener_.Saw("accepted 1"));
  EXPECT_TRUE(listener_.Saw("accepted 2"));
  ASSERT_EQ(listener_.records.size(), 4u);
  EXPECT_EQ(listener_.events[listener_.events.size() - 2], "record type 16 id 1");
  EXPECT_EQ(listener_.events.back(), "record type 16 id 2");
  EXPECT_EQ(listener_.records[2], listener_.records[3]);
}

TEST_F(ReplayedSessionTest, HaltBeforeTheResultBringsItAtOnceAndOnce) {
  Connect(Udpprobe(), absl::Milliseconds(20));
  Run();
  listener_.events.clear();
  ASSERT_TRUE(session_->Send(kProbe).ok());
  listener_.on_event = [&](const std::string& event) {
    if (event == "accepted 1") session_->Halt(1);
  };
  Run();
  EXPECT_THAT(listener_.events,
              ElementsAre("accepted 1", "more", "halted 1", "record type 16 id 1"));
  session_->Halt(1);
  Run();
  EXPECT_EQ(listener_.events.back(), "halted 1 unknown");
}

TEST_F(ReplayedSessionTest, UnknownCommandClosesWithItsText) {
  Connect(Udpprobe());
  Run();
  ASSERT_TRUE(session_->Send("ping 192.0.2.1").ok());
  Run();
  ASSERT_TRUE(listener_.closed.has_value());
  EXPECT_EQ(listener_.closed->code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(listener_.closed->message()), HasSubstr("'ping 192.0.2.1'"));
}

TEST_F(ReplayedSessionTest, NoCallbackAfterTheSessionIsDestroyedInOne) {
  Connect(Udpprobe());
  listener_.on_event = [&](const std::string&) { session_.reset(); };
  Run();
  EXPECT_THAT(listener_.events, ElementsAre("attached"));
}

class ReplayedGoldenTest : public ReplayedSessionTest,
                           public testing::WithParamInterface<std::string> {};

TEST_P(ReplayedGoldenTest, AllItsCommandsGiveAllItsRecords) {
  const ReplayScript script = Script(GetParam());
  Connect(script);
  Run();
  size_t refused = 0;
  for (const auto& [command, answer] : script.answers) {
    ASSERT_TRUE(session_->Send(command).ok()) << command;
    refused += !answer.accepted;
  }
  session_->Done();
  Run();
  size_t rejected = 0, accepted = 0;
  for (const std::string& event : listener_.events) {
    rejected += event.rfind("rejected command not accepted", 0) == 0;
    accepted += event.rfind("accepted ", 0) == 0;
  }
  EXPECT_EQ(rejected, refused);
  EXPECT_EQ(accepted, script.accepted.size());
  EXPECT_THAT(listener_.records,
              UnorderedElementsAreArray(SplitRecords(ReadFile(GetParam() + ".warts"))));
  ASSERT_TRUE(listener_.closed.has_value());
  EXPECT_EQ(listener_.closed->ok(), !script.stop_record.empty()) << *listener_.closed;
}

INSTANTIATE_TEST_SUITE_P(All, ReplayedGoldenTest, testing::ValuesIn(GoldenSessions()),
                         [](const auto& test) { return GoldenName(test.param); });

}  // namespace
}  // namespace scamper::control
