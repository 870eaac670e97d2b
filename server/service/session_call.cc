// SPDX-License-Identifier: Apache-2.0
#include "server/service/session_call.h"

#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "server/control/attachment.h"
#include "server/records/micros.h"
#include "server/records/violations.h"
#include "server/service/event_message.h"
#include "server/service/event_writer.h"
#include "server/service/run_request.h"
#include "server/service/selection.h"
#include "server/service/status.h"

namespace scamper::service {
namespace {

constexpr uint32_t kMaxMoreWindow = 1000;

// Nobody guesses it.
std::string MakeToken() {
  std::random_device random;
  std::string token;
  for (int i = 0; i < 4; ++i) absl::StrAppend(&token, absl::Hex(random(), absl::kZeroPad8));
  return token;
}

control::Attachment AttachmentOf(const v1::SessionMetadata& metadata) {
  control::Attachment attachment;
  if (metadata.has_list_id()) attachment.list_id = metadata.list_id();
  if (metadata.has_list_name()) attachment.list_name = metadata.list_name();
  if (metadata.has_list_descr()) attachment.list_descr = metadata.list_descr();
  if (metadata.has_cycle_id()) attachment.cycle_id = metadata.cycle_id();
  if (metadata.has_monitor()) attachment.monitor = metadata.monitor();
  return attachment;
}

absl::Status CheckOpen(const v1::SessionOpen& open) {
  std::vector<records::FieldViolation> all;
  if (!open.token().empty()) {
    if (!open.instances().empty() || open.all_instances() || open.has_options() ||
        open.has_more_window() || open.has_recording() || open.has_metadata() ||
        !open.instance_filter().empty()) {
      all.push_back({"open", "with a token only last_event: the rest is as it was"});
    }
  } else if (open.last_event() != 0) {
    all.push_back({"open.last_event", "only with a token"});
  }
  if (open.has_more_window() && (open.more_window() < 1 || open.more_window() > kMaxMoreWindow)) {
    all.push_back({"open.more_window", absl::StrCat("must be within 1 - ", kMaxMoreWindow, ", is ",
                                                    open.more_window())});
  }
  if (open.has_recording()) CheckRecording(open.recording(), "open.recording", &all);
  const absl::Status attach = control::AttachCommand(AttachmentOf(open.metadata())).status();
  if (!attach.ok()) {
    // Begins with the name of the field.
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(attach.message(), absl::MaxSplits(' ', 1));
    all.push_back({absl::StrCat("open.metadata.", parts.first), parts.second});
  }
  return all.empty() ? absl::OkStatus() : records::ViolationsError(all);
}

}  // namespace

// Members are the control thread's, but for what belongs to the one read (request_) and the one
// write under way (response_).
class SessionCall final : public grpc::ServerBidiReactor<v1::SessionRequest, v1::SessionResponse>,
                          public EventWriter::Stream {
 public:
  SessionCall(const runs::Context& runs, Sessions* sessions, const RunLimits& limits)
      : runs_(runs), sessions_(sessions), limits_(limits) {}

  void Start() { StartRead(&request_); }

  void OnReadDone(bool ok) override {
    // Half-closed or broken; OnCancel tells the latter.
    runs_.control->Post([this, ok] { ok ? Take() : NothingMore(); });
  }
  void OnWriteDone(bool ok) override { writer_->WriteDone(ok); }
  void OnCancel() override {
    runs_.control->Post([this] { Leave(absl::CancelledError("the client cancelled")); });
  }
  void OnDone() override {
    runs_.control->Post([this] {
      Leave(absl::OkStatus());
      // Whoever called Finish has left it.
      mutex_.Lock();
      mutex_.Unlock();
      delete this;
    });
  }

  void Write(runs::Journal::Item item) override {
    response_.Clear();
    response_.set_number(item.number);
    Fill(std::move(item.event));
    grpc::WriteOptions options;
    if (item.more) options.set_buffer_hint();
    StartWrite(&response_, options);
  }
  void End(const absl::Status& status) override { FinishOnce(ToGrpc(status)); }

  // Once: the session has another call, or the stream is over.
  void Leave(const absl::Status& status) {
    if (std::exchange(left_, true)) return;
    if (writer_ == nullptr) return FinishOnce(ToGrpc(status));
    session_->ForgetWanted();
    writer_->Close(status);
    session_->journal().Detach(writer_.get());
    sessions_->calls.erase(token_);
    sessions_->table.Leave(token_);
  }

 private:
  void Take() {
    if (left_) return;
    const absl::Status status = writer_ == nullptr ? Open() : session_->Take(request_);
    if (!status.ok()) return Leave(status);
    if (session_->WantsRequests([this] { ReadNext(); })) ReadNext();
  }

  void NothingMore() {
    if (writer_ == nullptr) {
      Leave(records::ViolationsError({{"open", "must be the first request"}}));
    }
  }

  absl::Status Open() {
    if (!request_.has_open()) {
      return records::ViolationsError({{"open", "must be the first request"}});
    }
    const v1::SessionOpen& open = request_.open();
    if (absl::Status status = CheckOpen(open); !status.ok()) return status;
    if (sessions_->shut_down) return absl::UnavailableError("server is shutting down");
    token_ = open.token();
    const bool made = token_.empty();
    if (absl::Status status = made ? Make(open) : Find(); !status.ok()) return status;
    auto writer = std::make_shared<EventWriter>(&session_->journal(), this, /*writing=*/true);
    if (absl::Status status = session_->journal().Attach(writer, open.last_event()); !status.ok()) {
      return status;
    }
    if (const auto before = sessions_->calls.find(token_); before != sessions_->calls.end()) {
      before->second->Leave(absl::AbortedError("another call went on with the session"));
    }
    writer_ = std::move(writer);
    sessions_->calls[token_] = this;
    sessions_->table.Enter(token_);
    if (open.last_event() > 0) session_->journal().Acknowledge(open.last_event());
    WriteOpened();
    if (made) session_->Start();
    return absl::OkStatus();
  }

  absl::Status Make(const v1::SessionOpen& open) {
    absl::StatusOr<std::function<bool(const v1::Instance&)>> selects =
        SelectForSession(*runs_.broker, open);
    if (!selects.ok()) return selects.status();
    absl::StatusOr<std::unique_ptr<recorder::Recording>> recording =
        StartRecording(runs_.recorder, open.recording());
    if (!recording.ok()) return recording.status();
    runs::SessionOptions options;
    options.journal = JournalOf(limits_, /*keep=*/true);
    options.results = open.options();
    if (open.has_more_window()) options.more_window = open.more_window();
    options.selects = *std::move(selects);
    if (open.has_metadata()) options.attachment = AttachmentOf(open.metadata());
    session_ = std::make_shared<runs::Session>(runs_, std::move(options));
    session_->Record(*std::move(recording));
    token_ = MakeToken();
    sessions_->table.Add(token_, session_);
    return absl::OkStatus();
  }

  absl::Status Find() {
    session_ = sessions_->table.Find(token_);
    if (session_ != nullptr) return absl::OkStatus();
    return absl::NotFoundError(absl::StrCat("no session has that token; it is kept for ",
                                            absl::FormatDuration(sessions_->table.grace()),
                                            " without a connection"));
  }

  void WriteOpened() {
    v1::SessionOpened* opened = response_.mutable_opened();
    opened->set_token(token_);
    opened->set_last_request(session_->last_request());
    records::SetMicros(static_cast<uint64_t>(absl::ToInt64Microseconds(sessions_->table.grace())),
                       opened->mutable_grace());
    StartWrite(&response_);
  }

  void Fill(runs::Event event) {
    using Kind = runs::Event::Kind;
    switch (event.kind) {
      case Kind::kMore:
        return response_.mutable_more()->set_instance(*event.instance);
      case Kind::kEof:
        response_.mutable_eof()->set_instance(*event.instance);
        *response_.mutable_eof()->mutable_status() = ToRpc(event.end.status);
        return;
      case Kind::kInstanceDone:
        return response_.mutable_instance_done()->set_instance(*event.instance);
      case Kind::kFinished:
        return FillFinished(session_->journal().summary(), response_.mutable_finished());
      case Kind::kAccepted:
      case Kind::kProgress:
      case Kind::kEnd:
        return FillTaskEvent(std::move(event), session_->results(), &response_);
    }
  }

  static void FillFinished(const runs::Summary& summary, v1::SessionFinished* finished) {
    *finished->mutable_ledger() = summary.ledger;
    if (summary.recording) ToProto(*summary.recording, finished->mutable_recording());
  }

  // Behind Finish, which the writer may call at any time, the call may be gone.
  void ReadNext() {
    absl::MutexLock lock(&mutex_);
    if (!finished_) StartRead(&request_);
  }

  // Several may see the end of the stream at the same time.
  void FinishOnce(const grpc::Status& status) {
    absl::MutexLock lock(&mutex_);
    if (!std::exchange(finished_, true)) Finish(status);
  }

  const runs::Context runs_;
  Sessions* const sessions_;
  const RunLimits limits_;
  std::string token_;
  std::shared_ptr<runs::Session> session_;
  // There once the session was opened.
  std::shared_ptr<EventWriter> writer_;
  bool left_ = false;
  absl::Mutex mutex_;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  v1::SessionRequest request_;
  v1::SessionResponse response_;
};

grpc::ServerBidiReactor<v1::SessionRequest, v1::SessionResponse>* StartSessionCall(
    const runs::Context& runs, Sessions* sessions, const RunLimits& limits) {
  auto* call = new SessionCall(runs, sessions, limits);
  call->Start();
  return call;
}

void ShutDown(Sessions& sessions) {
  sessions.shut_down = true;
  for (const std::shared_ptr<runs::Session>& session : sessions.table.All()) session->ShutDown();
}

}  // namespace scamper::service
