// SPDX-License-Identifier: Apache-2.0
#include "server/service/run_call.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "server/service/event_message.h"
#include "server/service/event_writer.h"
#include "server/service/run_request.h"
#include "server/service/selection.h"
#include "server/service/status.h"

namespace scamper::service {
namespace {

// Members are the control thread's, but for what belongs to the one write under way
// (response_).
class RunCall final : public grpc::ServerWriteReactor<v1::RunResponse>, public EventWriter::Stream {
 public:
  RunCall(grpc::CallbackServerContext* context, const runs::Context& runs,
          runs::Table<runs::Run>* kept, const RunLimits& limits, const v1::RunRequest* request)
      : context_(context), runs_(runs), kept_(kept), limits_(limits), request_(request) {}

  void Start() {
    const std::vector<records::FieldViolation> violations = ValidateRun(*request_);
    if (!violations.empty()) {
      FinishOnce(InvalidArgument(violations));
      return;
    }
    runs_.control->Post([this] { Begin(); });
  }

  void OnWriteDone(bool ok) override { writer_->WriteDone(ok); }

  void OnCancel() override {
    runs_.control->Post([this] { Cancelled(); });
  }

  void OnDone() override {
    runs_.control->Post([this] {
      Leave();
      delete this;
    });
  }

  void Write(runs::Journal::Item item) override {
    response_.Clear();
    if (item.event.kind == runs::Event::Kind::kFinished) {
      FillDone(run_->journal().summary(), response_.mutable_done());
    } else {
      FillTaskEvent(std::move(item.event), request_->options(), &response_);
    }
    grpc::WriteOptions options;
    // gRPC sends the initial metadata with the first message, and waits for them to be out: for
    // ever where nothing is to be written that ends the buffering.
    if (std::exchange(begun_, true) && item.more) options.set_buffer_hint();
    StartWrite(&response_, options);
  }

  void End(const absl::Status& status) override { FinishOnce(ToGrpc(status)); }

 private:
  void Begin() {
    if (cancelled_) return FinishOnce(grpc::Status::CANCELLED);
    const std::string& id = request_->request_id();
    const absl::Status joined = id.empty() ? MakeRun() : JoinOrMake(id);
    if (!joined.ok()) return FinishOnce(ToGrpc(joined));
    writer_ = std::make_shared<EventWriter>(&run_->journal(), this, /*writing=*/false);
    const absl::Status attached = run_->journal().Attach(writer_, 0);
    if (!attached.ok()) return writer_->Close(attached);
    if (made_) run_->Start();
  }

  absl::Status JoinOrMake(const std::string& id) {
    run_ = kept_->Find(id);
    if (run_ == nullptr) {
      if (absl::Status made = MakeRun(); !made.ok()) return made;
      kept_->Add(id, run_);
    } else if (!google::protobuf::util::MessageDifferencer::Equals(*request_, run_->request())) {
      run_ = nullptr;
      return absl::InvalidArgumentError(
          absl::StrCat("request_id: a run with another request has the id '", id, "'"));
    }
    kept_->Enter(id);
    entered_ = true;
    return absl::OkStatus();
  }

  absl::Status MakeRun() {
    absl::StatusOr<std::vector<runs::Plan>> plans = SelectForRun(*runs_.broker, *request_);
    if (!plans.ok()) return plans.status();
    absl::StatusOr<std::unique_ptr<recorder::Recording>> recording =
        StartRecording(runs_.recorder, request_->recording());
    if (!recording.ok()) return recording.status();
    const bool keep = !request_->request_id().empty();
    // gRPC's request is there until OnDone; a run that can outlive it has a copy, one that was
    // abandoned does not look at it.
    auto request = keep ? std::make_shared<const v1::RunRequest>(*request_)
                        : std::shared_ptr<const v1::RunRequest>(std::shared_ptr<void>(), request_);
    run_ = std::make_shared<runs::Run>(runs_, JournalOf(limits_, keep), std::move(request),
                                       *std::move(plans), limits_.tasks_per_instance);
    run_->Record(*std::move(recording));
    made_ = true;
    return absl::OkStatus();
  }

  static void FillDone(const runs::Summary& summary, v1::RunDone* done) {
    *done->mutable_ledger() = summary.ledger;
    done->set_not_accepted(summary.not_accepted);
    done->set_stopped_by(summary.stopped_by);
    if (summary.recording) ToProto(*summary.recording, done->mutable_recording());
  }

  void Cancelled() {
    if (cancelled_) return;
    cancelled_ = true;
    if (writer_ == nullptr) return;
    const bool late = std::chrono::system_clock::now() >= context_->deadline();
    if (!entered_) run_->Abandon(late ? v1::TASK_OUTCOME_EXPIRED : v1::TASK_OUTCOME_HALTED);
    writer_->Close(late ? absl::DeadlineExceededError("the deadline passed")
                        : absl::CancelledError("the client cancelled"));
    Leave();
  }

  void Leave() {
    if (writer_ != nullptr) run_->journal().Detach(writer_.get());
    if (std::exchange(entered_, false)) kept_->Leave(request_id_);
  }

  // Several may see the end of the stream at the same time.
  void FinishOnce(const grpc::Status& status) {
    if (!finished_.exchange(true)) Finish(status);
  }

  grpc::CallbackServerContext* const context_;
  const runs::Context runs_;
  runs::Table<runs::Run>* const kept_;
  const RunLimits limits_;
  const v1::RunRequest* const request_;
  // request_ is gone when the call leaves.
  const std::string request_id_ = request_->request_id();
  std::shared_ptr<runs::Run> run_;
  std::shared_ptr<EventWriter> writer_;
  bool made_ = false;
  bool entered_ = false;
  // A message was written.
  bool begun_ = false;
  bool cancelled_ = false;
  std::atomic<bool> finished_{false};
  v1::RunResponse response_;
};

}  // namespace

runs::JournalOptions JournalOf(const RunLimits& limits, bool keep) {
  runs::JournalOptions journal;
  journal.unread_bytes = limits.buffer_bytes;
  journal.keep = keep;
  journal.kept_bytes = limits.kept_bytes;
  journal.disk = limits.disk;
  return journal;
}

grpc::ServerWriteReactor<v1::RunResponse>* StartRunCall(grpc::CallbackServerContext* context,
                                                        const runs::Context& runs,
                                                        runs::Table<runs::Run>* kept,
                                                        const RunLimits& limits,
                                                        const v1::RunRequest* request) {
  auto* call = new RunCall(context, runs, kept, limits, request);
  call->Start();
  return call;
}

}  // namespace scamper::service
