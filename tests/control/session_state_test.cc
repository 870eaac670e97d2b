// SPDX-License-Identifier: Apache-2.0
#include "server/control/session_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/control/event_listener.h"
#include "tests/fakes/uuencode.h"

namespace scamper::control {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kHandshake[] = "get version\nget pps\nget monitorname\nattach\n";
constexpr char kAnswers[] = "OK version 20211212b\nOK pps 20\nOK monitorname vp 1\nOK\n";

std::string RecordOfType(char type) {
  return std::string("\x12\x05\x00", 3) + type + std::string("\0\0\0\1z", 5);
}

class SessionStateTest : public testing::Test, public SessionTransport {
 protected:
  void Write(absl::string_view bytes) override { writes_.emplace_back(bytes); }
  void Close() override { ++closes_; }

  // As far as attached, with nothing noted yet.
  void Attach() {
    state_.Connected();
    state_.Receive(kAnswers);
    ASSERT_THAT(listener_.events, ElementsAre("attached"));
    listener_.events.clear();
    writes_.clear();
  }
  void ExpectClosed(absl::StatusCode code, const std::string& message) {
    ASSERT_TRUE(listener_.closed.has_value());
    EXPECT_EQ(listener_.closed->code(), code) << *listener_.closed;
    EXPECT_THAT(std::string(listener_.closed->message()),
                AllOf(HasSubstr("unix:/run/vp"), HasSubstr(message)));
    EXPECT_EQ(closes_, 1);
    EXPECT_TRUE(state_.closed());
  }

  EventListener listener_;
  std::vector<std::string> writes_;
  int closes_ = 0;
  SessionState state_{"unix:/run/vp", &listener_, this};
};

TEST_F(SessionStateTest, HandshakeIsOneWriteAndTellsOfTheDaemon) {
  EXPECT_THAT(writes_, IsEmpty());
  state_.Connected();
  EXPECT_THAT(writes_, ElementsAre(kHandshake));
  state_.Receive(kAnswers);
  EXPECT_THAT(listener_.events, ElementsAre("attached"));
  EXPECT_EQ(listener_.info.version, "20211212b");
  EXPECT_EQ(listener_.info.version_date, 20211212);
  EXPECT_EQ(listener_.info.pps, 20);
  EXPECT_EQ(listener_.info.monitor_name, "vp 1");
}

TEST_F(SessionStateTest, WhatTheDaemonDoesNotKnowIsAbsent) {
  state_.Connected();
  state_.Receive("OK version cvs\nERR unhandled get command 'pps'\nOK null monitorname\nOK\n");
  EXPECT_THAT(listener_.events, ElementsAre("attached"));
  EXPECT_EQ(listener_.info.version, "cvs");
  EXPECT_EQ(listener_.info.version_date, 0);
  EXPECT_EQ(listener_.info.pps, std::nullopt);
  EXPECT_EQ(listener_.info.monitor_name, std::nullopt);
}

TEST_F(SessionStateTest, AttachesAsItIsToldAndSaysWhyThatMayHaveEndedIt) {
  SessionState own("unix:/run/vp", &listener_, this, Handshake::kAttach, "attach name \"mine\"");
  own.Connected();
  EXPECT_THAT(writes_,
              ElementsAre("get version\nget pps\nget monitorname\nattach name \"mine\"\n"));
  own.Receive("OK version 20260420\nOK pps 20\nOK null monitorname\n");
  own.Ended(absl::OkStatus());
  ASSERT_TRUE(listener_.closed.has_value());
  EXPECT_EQ(listener_.closed->code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(listener_.closed->message()), HasSubstr("name of the list is in use"));
}

class RelayedSessionStateTest : public SessionStateTest {
 protected:
  SessionState relayed_{"remote:/run/vp", &listener_, this, Handshake::kRelayed};
};

TEST_F(RelayedSessionStateTest, IsAttachedOnceConnectedAndSendsNothing) {
  relayed_.Connected();
  EXPECT_THAT(listener_.events, ElementsAre("attached"));
  EXPECT_THAT(writes_, IsEmpty());
  EXPECT_EQ(listener_.info.version_date, 0);
  EXPECT_EQ(listener_.info.monitor_name, std::nullopt);
  const std::string list = DataReply(RecordOfType(1), "");
  relayed_.Receive("MORE\n" + list);
  ASSERT_TRUE(relayed_.Send("ping 192.0.2.1").ok());
  relayed_.Receive("OK id-1\n");
  EXPECT_THAT(writes_, ElementsAre("ping 192.0.2.1\n"));
  EXPECT_THAT(listener_.events, ElementsAre("attached", "more", "record type 1", "accepted 1"));
}

TEST_F(RelayedSessionStateTest, ReplyThatNothingAskedForCloses) {
  relayed_.Connected();
  relayed_.Receive("OK\n");
  ASSERT_TRUE(listener_.closed.has_value());
  EXPECT_EQ(listener_.closed->code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(listener_.closed->message()), HasSubstr("remote:/run/vp"));
}

TEST_F(SessionStateTest, RefusedAttachCloses) {
  state_.Connected();
  state_.Receive("OK version 1\nOK pps 20\nOK null monitorname\nERR invalid list_id\n");
  ExpectClosed(absl::StatusCode::kFailedPrecondition, "attach was refused: invalid list_id");
}

TEST_F(SessionStateTest, AnswerToAnotherQuestionCloses) {
  state_.Connected();
  state_.Receive("OK pps 20\n");
  ExpectClosed(absl::StatusCode::kDataLoss, "'OK pps 20'");
}

TEST_F(SessionStateTest, PeerThatIsAttachedAlreadyIsToldApart) {
  state_.Connected();
  state_.Receive("MORE\n");
  ExpectClosed(absl::StatusCode::kFailedPrecondition, "attached already");
}

TEST_F(SessionStateTest, PeerThatSpeaksAnotherProtocolCloses) {
  state_.Connected();
  state_.Receive("SSH-2.0-OpenSSH_9.2\r\n");
  ExpectClosed(absl::StatusCode::kDataLoss, "byte 0: expected OK");
}

TEST_F(SessionStateTest, EndDuringHandshakeIsUnavailable) {
  state_.Connected();
  state_.Receive("OK version 20211212\n");
  state_.Ended(absl::OkStatus());
  ExpectClosed(absl::StatusCode::kUnavailable, "before attach was answered");
}

TEST_F(SessionStateTest, FailedConnectGivesTheSystemsError) {
  state_.Ended(absl::UnavailableError("connect: Connection refused"));
  ExpectClosed(absl::StatusCode::kUnavailable, "connect: Connection refused");
  EXPECT_THAT(writes_, IsEmpty());
}

TEST_F(SessionStateTest, NothingIsSentBeforeAttached) {
  state_.Connected();
  writes_.clear();
  EXPECT_EQ(state_.Send("ping 192.0.2.1").code(), absl::StatusCode::kFailedPrecondition);
  state_.Halt(1);
  state_.Done();
  EXPECT_THAT(writes_, IsEmpty());
  state_.Receive(kAnswers);
  EXPECT_TRUE(state_.Send("ping 192.0.2.1").ok());
}

TEST_F(SessionStateTest, PipelinedCommandsAreAnsweredInOrder) {
  Attach();
  EXPECT_TRUE(state_.Send("ping 192.0.2.1").ok());
  EXPECT_TRUE(state_.Send("trace -Z 192.0.2.1").ok());
  state_.Halt(9);
  state_.Halt(1);
  EXPECT_TRUE(state_.Send("ping 192.0.2.2").ok());
  EXPECT_THAT(writes_, ElementsAre("ping 192.0.2.1\n", "trace -Z 192.0.2.1\n", "halt 9\n",
                                   "halt 1\n", "ping 192.0.2.2\n"));
  state_.Receive("OK id-1\nERR command not accepted: could not parse trace command\n" +
                 DataReply(RecordOfType(7), " id-1 inprog") + "MORE\nERR no task id-9\n" +
                 "OK halted 1\n" + DataReply(RecordOfType(7), " id-1") + "OK id-2\n");
  EXPECT_THAT(
      listener_.events,
      ElementsAre("accepted 1", "rejected command not accepted: could not parse trace command",
                  "record type 7 id 1 inprog", "more", "halted 9 unknown", "halted 1",
                  "record type 7 id 1", "accepted 2"));
}

TEST_F(SessionStateTest, RecordsWithoutIdCarryNone) {
  Attach();
  state_.Receive("MORE\n" + DataReply(RecordOfType(1), "") + DataReply(RecordOfType(2), ""));
  EXPECT_THAT(listener_.events, ElementsAre("more", "record type 1", "record type 2"));
  EXPECT_EQ(listener_.records[0], RecordOfType(1));
}

TEST_F(SessionStateTest, RefusedCommandIsNotSent) {
  Attach();
  EXPECT_EQ(state_.Send("halt ").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(state_.Send("ping 1\nping 2").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(writes_, IsEmpty());
}

TEST_F(SessionStateTest, AnswerWithoutAQuestionCloses) {
  Attach();
  state_.Receive("OK id-1\n");
  ExpectClosed(absl::StatusCode::kDataLoss, "'OK id-1'");
}

TEST_F(SessionStateTest, AnswerOfAnotherKindCloses) {
  Attach();
  ASSERT_TRUE(state_.Send("ping 192.0.2.1").ok());
  state_.Receive("OK halted 1\n");
  ExpectClosed(absl::StatusCode::kDataLoss, "'OK halted 1'");
}

TEST_F(SessionStateTest, HaltAnsweredForAnotherTaskCloses) {
  Attach();
  state_.Halt(1);
  state_.Receive("OK halted 2\n");
  ExpectClosed(absl::StatusCode::kDataLoss, "'OK halted 2'");
}

TEST_F(SessionStateTest, NothingIsSentAfterDone) {
  Attach();
  state_.Done();
  state_.Done();
  state_.Halt(1);
  EXPECT_EQ(state_.Send("ping 192.0.2.1").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(writes_, ElementsAre("done\n"));
}

TEST_F(SessionStateTest, DoneEndsWithOkAfterTheCycleStopRecord) {
  Attach();
  state_.Done();
  state_.Receive("OK\n" + DataReply(RecordOfType(7), " id-1") + DataReply(RecordOfType(4), ""));
  EXPECT_THAT(listener_.events, ElementsAre("record type 7 id 1", "record type 4"));
  state_.Ended(absl::OkStatus());
  EXPECT_EQ(listener_.closed, absl::OkStatus());
}

TEST_F(SessionStateTest, ResetBehindTheCycleStopRecordIsStillOk) {
  Attach();
  state_.Done();
  state_.Receive("OK\n" + DataReply(RecordOfType(4), ""));
  state_.Ended(absl::UnavailableError("read: Connection reset by peer"));
  EXPECT_EQ(listener_.closed, absl::OkStatus());
}

// `shutdown done`: the daemon exits on our `done` without an answer.
TEST_F(SessionStateTest, EndInPlaceOfTheAnswerToDoneIsOk) {
  Attach();
  state_.Done();
  state_.Ended(absl::OkStatus());
  EXPECT_EQ(listener_.closed, absl::OkStatus());
}

TEST_F(SessionStateTest, EndAfterDoneWithACommandUnansweredIsUnavailable) {
  Attach();
  ASSERT_TRUE(state_.Send("ping 192.0.2.1").ok());
  state_.Done();
  state_.Ended(absl::OkStatus());
  ExpectClosed(absl::StatusCode::kUnavailable, "before all tasks were finished");
}

TEST_F(SessionStateTest, EndWithoutCycleStopRecordIsUnavailable) {
  Attach();
  state_.Done();
  state_.Receive("OK\n");
  state_.Ended(absl::OkStatus());
  ExpectClosed(absl::StatusCode::kUnavailable, "before all tasks were finished");
}

TEST_F(SessionStateTest, EndWithoutDoneIsUnavailable) {
  Attach();
  state_.Ended(absl::OkStatus());
  ExpectClosed(absl::StatusCode::kUnavailable, "the daemon closed the connection");
}

TEST_F(SessionStateTest, EndInsideAPayloadSaysWhatIsCutOff) {
  Attach();
  const std::string data = DataReply(RecordOfType(7), " id-1");
  state_.Receive(data.substr(0, data.size() - 3));
  state_.Ended(absl::OkStatus());
  ExpectClosed(absl::StatusCode::kUnavailable, "a DATA payload after 13 of 16 bytes");
  EXPECT_THAT(listener_.events, ElementsAre("closed"));
}

TEST_F(SessionStateTest, MalformedBytesCloseBehindTheRepliesBeforeThem) {
  Attach();
  state_.Receive("MORE\nMOR\nMORE\n");
  EXPECT_THAT(listener_.events, ElementsAre("more", "closed"));
  ExpectClosed(absl::StatusCode::kDataLoss, "got 'MOR'");
  state_.Receive("MORE\n");
  state_.Ended(absl::OkStatus());
  EXPECT_THAT(listener_.events, ElementsAre("more", "closed"));
  EXPECT_EQ(state_.Send("ping 192.0.2.1").code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(SessionStateTest, NoCallbackAfterDetachInsideAnyCallback) {
  for (const char* in :
       {"attached", "more", "accepted 1", "rejected x", "halted 1", "record type 7 id 1"}) {
    EventListener listener;
    SessionState state("unix:/run/vp", &listener, this);
    closes_ = 0;
    state.Connected();
    listener.on_event = [&](const std::string& event) {
      if (event == in) {
        state.Detach();
      } else if (event == "attached") {
        ASSERT_TRUE(state.Send("ping 192.0.2.1").ok());
        ASSERT_TRUE(state.Send("ping 192.0.2.2").ok());
        state.Halt(1);
      }
    };
    state.Receive(kAnswers + ("MORE\nOK id-1\nERR x\nOK halted 1\n" +
                              DataReply(RecordOfType(7), " id-1") + "oops\n"));
    EXPECT_EQ(listener.events.back(), in);
    EXPECT_EQ(closes_, 1);
    state.Ended(absl::OkStatus());
    EXPECT_EQ(listener.events.back(), in);
    EXPECT_EQ(closes_, 1);
  }
}

}  // namespace
}  // namespace scamper::control
