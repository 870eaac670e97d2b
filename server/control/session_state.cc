// SPDX-License-Identifier: Apache-2.0
#include "server/control/session_state.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/control/command_check.h"

namespace scamper::control {
namespace {

constexpr uint8_t kCycleStop = 4;

}  // namespace

int VersionDate(absl::string_view version) {
  int date = 0;
  if (version.size() < 8 || !absl::SimpleAtoi(version.substr(0, 8), &date)) return 0;
  return date >= 19700101 ? date : 0;
}

SessionState::SessionState(std::string peer, SessionListener* listener, SessionTransport* transport,
                           Handshake handshake, std::string attach)
    : peer_(std::move(peer)),
      listener_(listener),
      transport_(transport),
      handshake_(handshake),
      attach_(std::move(attach)) {}

void SessionState::Connected() {
  if (phase_ != Phase::kConnecting) return;
  if (handshake_ == Handshake::kRelayed) {
    phase_ = Phase::kAttached;
    return listener_->OnAttached(info_);
  }
  phase_ = Phase::kHandshake;
  questions_ = {
      {Question::kVersion}, {Question::kPps}, {Question::kMonitorName}, {Question::kAttach}};
  transport_->Write(absl::StrCat("get version\nget pps\nget monitorname\n", attach_, "\n"));
}

absl::Status SessionState::Send(absl::string_view command) {
  if (absl::Status status = CheckCommand(command); !status.ok()) return status;
  if (!can_send()) {
    return absl::FailedPreconditionError(
        absl::StrCat(peer_, done_sent_ ? ": no command is sent after done" : ": not attached"));
  }
  questions_.push_back({Question::kCommand});
  transport_->Write(absl::StrCat(command, "\n"));
  return absl::OkStatus();
}

void SessionState::Halt(uint32_t id) {
  if (!can_send()) return;
  questions_.push_back({Question::kHalt, id});
  transport_->Write(absl::StrCat("halt ", id, "\n"));
}

void SessionState::Done() {
  if (!can_send()) return;
  done_sent_ = true;
  questions_.push_back({Question::kDone});
  transport_->Write("done\n");
}

void SessionState::Detach() {
  listener_ = nullptr;
  if (std::exchange(phase_, Phase::kClosed) != Phase::kClosed) transport_->Close();
}

void SessionState::Receive(absl::string_view bytes) {
  if (closed()) return;
  parser_.Feed(bytes);
  while (!closed()) {
    absl::StatusOr<std::optional<Reply>> reply = parser_.Next();
    if (!reply.ok()) {
      Close(reply.status());
      return;
    }
    if (!reply->has_value()) return;
    Handle(**reply);
  }
}

void SessionState::Handle(Reply& reply) {
  const bool unasked = reply.kind == ReplyKind::kMore || reply.kind == ReplyKind::kData;
  if (unasked && phase_ == Phase::kHandshake) {
    Close(absl::FailedPreconditionError(absl::StrCat(
        "the peer sent ", Describe(reply),
        " before attach was answered: it is attached already, as the sockets of sc_remoted are")));
  } else if (reply.kind == ReplyKind::kMore) {
    listener_->OnMore();
  } else if (reply.kind == ReplyKind::kData) {
    HandleRecord(reply);
  } else if (questions_.empty() || reply.kind == ReplyKind::kInfo) {
    Unexpected(reply);
  } else {
    const Question question = questions_.front();
    questions_.pop_front();
    HandleAnswer(question, reply);
  }
}

void SessionState::HandleRecord(Reply& reply) {
  // Behind the magic number comes the type, 16 bits.
  if (reply.record[2] == 0 && reply.record[3] == kCycleStop) cycle_stopped_ = true;
  listener_->OnRecord(reply.id, reply.in_progress, std::move(reply.record));
}

void SessionState::HandleAnswer(const Question& question, const Reply& reply) {
  const bool error = reply.kind == ReplyKind::kErr;
  switch (question.kind) {
    case Question::kVersion:
    case Question::kPps:
    case Question::kMonitorName:
      return HandleInfo(question, reply);
    case Question::kAttach:
      return HandleAttach(reply);
    case Question::kCommand:
      if (reply.kind == ReplyKind::kAccepted && reply.id.has_value()) {
        return listener_->OnAccepted(*reply.id);
      }
      if (error) return listener_->OnRejected(reply.text);
      break;
    case Question::kHalt:
      if (error) return listener_->OnHalted(question.halted_id, false);
      if (reply.kind == ReplyKind::kHalted && reply.id == question.halted_id) {
        return listener_->OnHalted(question.halted_id, true);
      }
      break;
    case Question::kDone:
      if (reply.kind == ReplyKind::kOk) return;
      break;
  }
  Unexpected(reply);
}

void SessionState::HandleInfo(const Question& question, const Reply& reply) {
  if (reply.kind == ReplyKind::kErr || reply.kind == ReplyKind::kNull) return;
  const bool value = reply.kind == ReplyKind::kValue;
  int pps = 0;
  if (value && question.kind == Question::kVersion && reply.name == "version") {
    info_.version = reply.text;
    info_.version_date = VersionDate(reply.text);
  } else if (value && question.kind == Question::kPps && reply.name == "pps" &&
             absl::SimpleAtoi(reply.text, &pps)) {
    info_.pps = pps;
  } else if (value && question.kind == Question::kMonitorName && reply.name == "monitorname") {
    info_.monitor_name = reply.text;
  } else {
    Unexpected(reply);
  }
}

void SessionState::HandleAttach(const Reply& reply) {
  if (reply.kind == ReplyKind::kOk) {
    phase_ = Phase::kAttached;
    listener_->OnAttached(info_);
  } else if (reply.kind == ReplyKind::kErr) {
    Close(absl::FailedPreconditionError(absl::StrCat("attach was refused: ", reply.text)));
  } else {
    Unexpected(reply);
  }
}

void SessionState::Unexpected(const Reply& reply) {
  Close(absl::DataLossError(
      absl::StrCat("the peer sent '", Describe(reply), "', which answers nothing that was asked")));
}

void SessionState::Ended(absl::Status why) {
  if (closed()) return;
  Close(EndsWell(why) ? absl::OkStatus() : Lost(why));
}

// A daemon that was told to shut down when idle may exit without a word once it reads our `done`.
bool SessionState::EndsWell(const absl::Status& why) const {
  if (!done_sent_ || !parser_.AtBoundary()) return false;
  if (questions_.empty()) return cycle_stopped_;
  return why.ok() && questions_.front().kind == Question::kDone;
}

absl::Status SessionState::Lost(const absl::Status& why) const {
  absl::string_view when;
  if (phase_ == Phase::kHandshake) {
    when = attach_ == "attach" ? " before attach was answered"
                               : " before attach was answered, as it does where the name of the "
                                 "list is in use";
  } else if (done_sent_) {
    when = " before all tasks were finished";
  }
  std::string message = absl::StrCat(
      why.ok() ? absl::string_view("the daemon closed the connection") : why.message(), when);
  if (!parser_.AtBoundary()) absl::StrAppend(&message, ", cutting off ", parser_.Unfinished());
  return absl::Status(why.ok() ? absl::StatusCode::kUnavailable : why.code(), message);
}

void SessionState::Close(absl::Status status) {
  phase_ = Phase::kClosed;
  transport_->Close();
  if (listener_ == nullptr) return;
  if (!status.ok()) {
    status = absl::Status(status.code(), absl::StrCat(peer_, ": ", status.message()));
  }
  std::exchange(listener_, nullptr)->OnClosed(std::move(status));
}

}  // namespace scamper::control
