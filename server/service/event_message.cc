// SPDX-License-Identifier: Apache-2.0
#include "server/service/event_message.h"

#include <utility>

#include "server/service/result.h"
#include "server/service/status.h"

namespace scamper::service {
namespace {

void SetReference(uint64_t reference, const v1::RunResponse*, v1::Task* task) {
  task->set_measurement(static_cast<uint32_t>(reference));
}
void SetReference(uint64_t reference, const v1::SessionResponse*, v1::Task* task) {
  task->set_reference(reference);
}

template <typename Response>
void FillTask(const runs::Event& event, const Response* response, v1::Task* task) {
  task->set_id(event.end.task);
  task->set_instance(*event.instance);
  SetReference(event.reference, response, task);
}

template <typename Response>
void FillEnd(runs::Event event, const v1::ResultOptions& options, Response* response) {
  absl::Status status = event.end.status;
  v1::Result malformed;
  if (status.ok()) {
    v1::Result* result = response->mutable_result();
    FillTask(event, response, result->mutable_task());
    result->set_outcome(event.end.outcome);
    status = MakeResult(std::move(event.end.record), event.end.under.get(), options, result);
    if (status.ok()) return;
    malformed = std::move(*result);
  }
  v1::TaskError* error = response->mutable_error();
  FillTask(event, response, error->mutable_task());
  error->set_outcome(event.end.outcome);
  *error->mutable_status() = ToRpc(status);
  if (malformed.has_warts()) *error->mutable_warts() = std::move(*malformed.mutable_warts());
}

template <typename Response>
void Fill(runs::Event event, const v1::ResultOptions& options, Response* response) {
  if (event.kind == runs::Event::Kind::kAccepted) {
    return FillTask(event, response, response->mutable_accepted()->mutable_task());
  }
  if (event.kind == runs::Event::Kind::kEnd) return FillEnd(std::move(event), options, response);
  v1::Result* progress = response->mutable_progress();
  FillTask(event, response, progress->mutable_task());
  MakeResult(std::move(event.end.record), event.end.under.get(), options, progress).IgnoreError();
}

}  // namespace

void FillTaskEvent(runs::Event event, const v1::ResultOptions& options, v1::RunResponse* response) {
  Fill(std::move(event), options, response);
}

void FillTaskEvent(runs::Event event, const v1::ResultOptions& options,
                   v1::SessionResponse* response) {
  Fill(std::move(event), options, response);
}

}  // namespace scamper::service
