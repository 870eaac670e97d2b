// SPDX-License-Identifier: Apache-2.0
#include "server/control/socket_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/control/event_listener.h"
#include "tests/control/golden_sessions.h"
#include "tests/control/scamper_daemon.h"
#include "tests/fakes/recording.h"

namespace scamper::control {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr char kAnswers[] = "OK version 20260420\nOK pps 20\nOK null monitorname\nOK\nMORE\n";

std::string Message(const EventListener& listener) {
  return listener.closed.has_value() ? listener.closed->ToString() : "not closed";
}

class SocketSessionTest : public testing::Test {
 protected:
  std::unique_ptr<Session> Connect(const std::string& endpoint, EventListener* listener) {
    const auto parsed = ParseEndpoint(endpoint);
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    // The connector need not outlive its sessions.
    return MakeSocketConnector(*parsed, &io_)->Connect(listener);
  }

  // Runs the loop until `condition` holds; fails the test when it does not come about.
  void RunUntil(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    io_.restart();
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(100));
    }
    ASSERT_TRUE(condition()) << "the last event is "
                             << (listener_.events.empty() ? "none" : listener_.events.back());
  }
  void RunUntilEvent(const std::string& event) {
    RunUntil([&] { return listener_.Saw(event); });
  }
  void RunUntilClosed() {
    RunUntil([&] { return listener_.closed.has_value(); });
  }

  asio::io_context io_;
  EventListener listener_;
};

TEST_F(SocketSessionTest, MissingSocketIsUnavailableAndNamed) {
  const auto session = Connect("unix:/nonexistent/vp.sock", &listener_);
  EXPECT_THAT(listener_.events, IsEmpty()) << "no callback from inside Connect";
  RunUntilClosed();
  EXPECT_EQ(listener_.closed->code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Message(listener_), AllOf(HasSubstr("unix:/nonexistent/vp.sock: connect"),
                                        HasSubstr("No such file or directory")));
}

TEST_F(SocketSessionTest, ClosedPortIsUnavailableAndNamed) {
  asio::ip::tcp::acceptor acceptor(io_, {asio::ip::make_address("127.0.0.1"), 0});
  const std::string endpoint = absl::StrCat("inet:127.0.0.1:", acceptor.local_endpoint().port());
  acceptor.close();
  const auto session = Connect(endpoint, &listener_);
  RunUntilClosed();
  EXPECT_EQ(listener_.closed->code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Message(listener_),
              AllOf(HasSubstr(endpoint), HasSubstr("connect: Connection refused")));
}

TEST_F(SocketSessionTest, NameThatDoesNotResolveIsUnavailable) {
  const auto session = Connect("inet:" + std::string(300, 'a') + ":1", &listener_);
  EXPECT_THAT(listener_.events, IsEmpty()) << "no callback from inside Connect";
  RunUntilClosed();
  EXPECT_EQ(listener_.closed->code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Message(listener_), HasSubstr(": resolve: "));
}

// A daemon that says what the test wants, one byte in a write.
class ScriptedPeerTest : public SocketSessionTest {
 protected:
  ScriptedPeerTest() {
    acceptor_.async_accept(peer_, [this](const asio::error_code& error) {
      ASSERT_FALSE(error) << error.message();
      peer_.set_option(asio::ip::tcp::no_delay(true));
      Read();
    });
  }

  std::string endpoint(const std::string& host = "127.0.0.1") {
    return absl::StrCat("inet:", host, ":", acceptor_.local_endpoint().port());
  }
  void Say(const std::string& bytes) {
    const bool idle = to_say_.empty();
    to_say_ += bytes;
    if (idle) SayNext();
  }
  // Connects and answers the handshake.
  void Attach() {
    session_ = Connect(endpoint(), &listener_);
    RunUntil([&] { return absl::EndsWith(heard_, "attach\n"); });
    Say(kAnswers);
    RunUntilEvent("more");
    heard_.clear();
    listener_.events.clear();
  }

  asio::ip::tcp::acceptor acceptor_{io_, {asio::ip::make_address("127.0.0.1"), 0}};
  asio::ip::tcp::socket peer_{io_};
  std::string heard_;
  bool peer_eof_ = false;
  bool reading_ = true;
  std::unique_ptr<Session> session_;

 private:
  void Read() {
    peer_.async_read_some(asio::buffer(buffer_),
                          [this](const asio::error_code& error, size_t size) {
                            heard_.append(buffer_.data(), size);
                            peer_eof_ = static_cast<bool>(error);
                            if (!error && reading_) Read();
                          });
  }
  void SayNext() {
    byte_ = to_say_[0];
    asio::async_write(peer_, asio::buffer(&byte_, 1),
                      [this](const asio::error_code& error, size_t) {
                        to_say_.erase(0, 1);
                        if (!error && !to_say_.empty()) SayNext();
                      });
  }

  std::array<char, 4096> buffer_;
  std::string to_say_;
  char byte_ = 0;
};

TEST_F(ScriptedPeerTest, OneByteAtATimeGivesAllRecords) {
  const std::string path = SCAMPER_TESTDATA "/sessions/scamper-20260420/udpprobe";
  const auto recording = LoadRecording(path + ".session.json");
  ASSERT_TRUE(recording.ok()) << recording.status();
  session_ = Connect(endpoint(), &listener_);
  listener_.on_event = [&](const std::string& event) {
    if (event != "attached") return;
    for (const Recording::Entry& entry : recording->log) {
      if (!entry.sent || absl::StartsWith(entry.bytes, "attach")) continue;
      if (entry.bytes == "done\n") {
        session_->Done();
      } else {
        EXPECT_TRUE(session_->Send(entry.bytes.substr(0, entry.bytes.size() - 1)).ok());
      }
    }
  };
  RunUntil([&] { return absl::EndsWith(heard_, "attach\n"); });
  Say("OK version 20260420\nOK pps 20\nOK null monitorname\nOK\n");
  RunUntil([&] { return absl::EndsWith(heard_, "done\n"); });
  Say(recording->Received().substr(3));
  RunUntilEvent("record type 4");
  peer_.close();
  RunUntilClosed();
  EXPECT_TRUE(listener_.closed->ok()) << *listener_.closed;
  EXPECT_EQ(listener_.Joined(), ReadFile(path + ".warts"));
}

TEST_F(ScriptedPeerTest, ANameIsResolvedAndItsAddressesTried) {
  session_ = Connect(endpoint("localhost"), &listener_);
  RunUntil([&] { return absl::EndsWith(heard_, "attach\n"); });
  Say(kAnswers);
  RunUntilEvent("attached");
}

TEST_F(ScriptedPeerTest, PeerThatNeverAnswersKeepsTheSessionOpenUntilItIsDestroyed) {
  session_ = Connect(endpoint(), &listener_);
  RunUntil([&] { return absl::EndsWith(heard_, "attach\n"); });
  EXPECT_EQ(heard_, "get version\nget pps\nget monitorname\nattach\n");
  for (int i = 0; i < 100; ++i) io_.poll();
  EXPECT_THAT(listener_.events, IsEmpty());
  EXPECT_FALSE(peer_eof_);
  session_.reset();
  RunUntil([&] { return peer_eof_; });
  EXPECT_THAT(listener_.events, IsEmpty());
}

TEST_F(ScriptedPeerTest, ManyCommandsArriveWholeAndInOrder) {
  Attach();
  std::string expected;
  for (int i = 0; i < 20000; ++i) {
    const std::string command = absl::StrCat("ping -U ", i, " 192.0.2.1");
    ASSERT_TRUE(session_->Send(command).ok());
    expected += command + "\n";
    if (i % 1000 == 0) io_.poll();
  }
  RunUntil([&] { return heard_.size() >= expected.size(); });
  EXPECT_EQ(heard_, expected);
}

TEST_F(ScriptedPeerTest, NothingIsCalledWhenDestroyedBeforeConnected) {
  Connect(endpoint(), &listener_).reset();
  Connect("inet:localhost:1", &listener_).reset();
  for (int i = 0; i < 20; ++i) {
    io_.restart();
    io_.run_one_for(std::chrono::milliseconds(10));
  }
  EXPECT_THAT(listener_.events, IsEmpty());
}

TEST_F(ScriptedPeerTest, DestroyedWithAWriteUnderWay) {
  reading_ = false;
  Attach();
  const std::string command = "ping " + std::string(1 << 20, 'x');
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(session_->Send(command).ok());
    io_.poll();
  }
  session_.reset();
  io_.poll();
  EXPECT_THAT(listener_.events, IsEmpty());
}

class DestroyedInsideCallbackTest : public ScriptedPeerTest,
                                    public testing::WithParamInterface<const char*> {};

TEST_P(DestroyedInsideCallbackTest, NothingIsCalledAfterIt) {
  session_ = Connect(endpoint(), &listener_);
  listener_.on_event = [&](const std::string& event) {
    if (event == "attached") {
      EXPECT_TRUE(session_->Send("ping 192.0.2.1").ok());
    }
    if (event == GetParam()) session_.reset();
  };
  RunUntil([&] { return absl::EndsWith(heard_, "attach\n"); });
  // In one piece, so that the rest is in the session's hands when it is destroyed.
  asio::write(peer_, asio::buffer(absl::StrCat(kAnswers, "OK id-1\nnonsense\nMORE\n")));
  RunUntilEvent(GetParam());
  RunUntil([&] { return peer_eof_; });
  EXPECT_EQ(listener_.events.back(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, DestroyedInsideCallbackTest,
                         testing::Values("attached", "more", "accepted 1", "closed"),
                         [](const auto& test) {
                           const std::string name = test.param;
                           return name.substr(0, name.find(' '));
                         });

TEST_F(ScriptedPeerTest, ResultsOfAPeerThatIsGoneAreReadBeforeTheEnd) {
  Attach();
  Say("MORE\n");
  RunUntil([&] { return listener_.Saw("more"); });
  asio::write(peer_, asio::buffer("OK id-1\nOK id-2\n", 16));
  ASSERT_TRUE(session_->Send("ping 192.0.2.1").ok());
  ASSERT_TRUE(session_->Send("ping 192.0.2.2").ok());
  peer_.shutdown(asio::ip::tcp::socket::shutdown_both);
  RunUntilClosed();
  EXPECT_TRUE(listener_.Saw("accepted 2"));
  EXPECT_EQ(listener_.closed->code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Message(listener_), HasSubstr(endpoint()));
}

class RealScamperTest : public SocketSessionTest, public testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    if (const std::string why = ScamperDaemon::WhyNot(); !why.empty()) GTEST_SKIP() << why;
    daemon_ = std::make_unique<ScamperDaemon>();
    endpoint_ = GetParam() ? daemon_->unix_endpoint() : daemon_->inet_endpoint();
    session_ = Connect(endpoint_, &listener_);
    RunUntilEvent("record type 2");
  }
  size_t PingRecords() const {
    size_t count = 0;
    for (const std::string& record : listener_.records) count += record[3] == 7;
    return count;
  }

  std::unique_ptr<ScamperDaemon> daemon_;
  std::string endpoint_;
  std::unique_ptr<Session> session_;
};

TEST_P(RealScamperTest, AttachTellsOfTheDaemonAndItsListAndCycle) {
  EXPECT_EQ(listener_.events[0], "attached");
  EXPECT_TRUE(listener_.Saw("more"));
  EXPECT_TRUE(listener_.Saw("record type 1"));
  EXPECT_GE(listener_.info.version_date, 20110623);
  EXPECT_GT(listener_.info.pps.value_or(0), 0);
  EXPECT_EQ(listener_.info.monitor_name, std::nullopt);
}

TEST_P(RealScamperTest, PingGivesARecordAndDoneEndsWithOk) {
  ASSERT_TRUE(session_->Send("ping -c 1 127.0.0.1").ok());
  RunUntil([&] { return PingRecords() == 1; });
  EXPECT_TRUE(listener_.Saw("accepted 1"));
  session_->Done();
  RunUntilClosed();
  EXPECT_TRUE(listener_.closed->ok()) << *listener_.closed;
  EXPECT_TRUE(listener_.Saw("record type 4"));
}

TEST_P(RealScamperTest, HaltStopsARunningTaskAndKnowsNoOther) {
  ASSERT_TRUE(session_->Send("ping -c 1000 127.0.0.1").ok());
  RunUntilEvent("accepted 1");
  session_->Halt(1);
  session_->Halt(2);
  RunUntil([&] { return PingRecords() == 1; });
  RunUntilEvent("halted 2 unknown");
  EXPECT_TRUE(listener_.Saw("halted 1"));
}

TEST_P(RealScamperTest, RefusedCommandIsRejectedWithItsText) {
  ASSERT_TRUE(session_->Send("ping -c 0 127.0.0.1").ok());
  ASSERT_TRUE(session_->Send("ping -c 1 127.0.0.1").ok());
  RunUntilEvent("accepted 1");
  EXPECT_THAT(listener_.events, Contains(StartsWith("rejected command not accepted")));
}

TEST_P(RealScamperTest, KilledDaemonIsUnavailableAndNamed) {
  ASSERT_TRUE(session_->Send("ping -c 1000 127.0.0.1").ok());
  RunUntilEvent("accepted 1");
  daemon_->Kill();
  RunUntilClosed();
  EXPECT_EQ(listener_.closed->code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Message(listener_), HasSubstr(endpoint_));
  EXPECT_EQ(session_->Send("ping 127.0.0.1").code(), absl::StatusCode::kFailedPrecondition);
}

TEST_P(RealScamperTest, DestroyedSessionLeavesTheDaemonFreeForTheNext) {
  ASSERT_TRUE(session_->Send("ping -c 1000 127.0.0.1").ok());
  RunUntilEvent("accepted 1");
  session_.reset();
  EventListener next;
  const auto session = Connect(endpoint_, &next);
  RunUntil([&] { return next.Saw("attached"); });
  ASSERT_TRUE(session->Send("ping -c 1 127.0.0.1").ok());
  RunUntil([&] { return next.Saw("record type 7") || next.Saw("record type 7 id 1"); });
}

INSTANTIATE_TEST_SUITE_P(All, RealScamperTest, testing::Bool(),
                         [](const auto& test) { return test.param ? "Unix" : "Inet"; });

}  // namespace
}  // namespace scamper::control
