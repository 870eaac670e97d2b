// SPDX-License-Identifier: Apache-2.0
#include "server/runs/session.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/records/registry.h"
#include "server/records/violations.h"

namespace scamper::runs {
namespace {

absl::Status Invalid(absl::string_view field, absl::string_view description) {
  return records::ViolationsError({{std::string(field), std::string(description)}});
}

absl::Status NotReady(absl::string_view instance) {
  return absl::UnavailableError(absl::StrCat("instance ", instance, " is not ready"));
}

}  // namespace

Session::Session(const Context& context, SessionOptions options)
    : TaskStream(context, options.journal), options_(std::move(options)) {}

Session::~Session() {
  if (watch_ != 0) broker().Unwatch(watch_);
}

void Session::Start() {
  watch_ = broker().Watch([this](const v1::Instance& instance) { Changed(instance); });
}

// ---- requests

absl::Status Session::Take(const v1::SessionRequest& request) {
  const uint64_t number = request.has_number() ? request.number() : last_request_ + 1;
  if (number <= last_request_) return absl::OkStatus();
  if (number != last_request_ + 1) {
    return Invalid("number", absl::StrCat("is ", number, ", the next is ", last_request_ + 1));
  }
  if (absl::Status status = Dispatch(request); !status.ok()) return status;
  last_request_ = number;
  return absl::OkStatus();
}

absl::Status Session::Dispatch(const v1::SessionRequest& request) {
  switch (request.request_case()) {
    case v1::SessionRequest::kSubmit:
      Submit(request.submit());
      return absl::OkStatus();
    case v1::SessionRequest::kHalt:
      Halt(request.halt());
      return absl::OkStatus();
    case v1::SessionRequest::kInstanceDone:
      return InstanceDone(request.instance_done().instance());
    case v1::SessionRequest::kDone:
      done_ = true;
      FinishIfOver();
      return absl::OkStatus();
    case v1::SessionRequest::kAck:
      journal().Acknowledge(request.ack().event());
      return absl::OkStatus();
    case v1::SessionRequest::kOpen:
      return Invalid("open", "only as the first request on a connection");
    case v1::SessionRequest::REQUEST_NOT_SET:
      break;
  }
  return Invalid("request", "must say what to do, e.g. submit");
}

absl::StatusOr<Session::Place*> Session::Find(absl::string_view name) {
  if (name.empty() && places_.size() == 1) return places_.begin()->second.get();
  if (name.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the session has ", places_.size(), " instances, name one"));
  }
  const auto it = places_.find(name);
  if (it != places_.end()) return it->second.get();
  return absl::NotFoundError(absl::StrCat("no instance of the session is named '", name, "'"));
}

void Session::Submit(const v1::SessionSubmit& submit) {
  const absl::Status status = Try(submit);
  if (status.ok()) return;
  broker::TaskEnd end;
  end.status = status;
  Append({Event::Kind::kEnd, submit.reference(),
          std::make_shared<const std::string>(submit.instance()), std::move(end)});
}

absl::Status Session::Try(const v1::SessionSubmit& submit) {
  if (!submit.measurement().instances().empty()) {
    return Invalid("measurement.instances", "must be empty: a submission is for one instance");
  }
  std::vector<records::FieldViolation> violations = records::Validate(submit.measurement());
  if (!violations.empty()) {
    for (records::FieldViolation& v : violations) v.field = absl::StrCat("measurement.", v.field);
    return records::ViolationsError(violations);
  }
  absl::StatusOr<Place*> found = Find(submit.instance());
  if (!found.ok()) return found.status();
  Place& place = **found;
  if (!place.opened.ok()) return place.opened;
  if (done_ || place.done) {
    return absl::FailedPreconditionError(done_ ? "the session is done"
                                               : absl::StrCat("done was said for ", *place.name));
  }
  absl::StatusOr<broker::TaskId> task =
      TaskStream::Submit(place.name, submit.reference(),
                         std::make_shared<const v1::Measurement>(submit.measurement()));
  if (!task.ok()) return task.status();
  if (place.asked > 0) --place.asked;
  ++place.queued;
  ++place.open;
  ++queued_;
  return absl::OkStatus();
}

void Session::Halt(const v1::SessionHalt& halt) {
  std::vector<broker::TaskId> halted;
  switch (halt.what_case()) {
    case v1::SessionHalt::kTask:
      if (tasks().contains(halt.task())) halted.push_back(halt.task());
      break;
    case v1::SessionHalt::kReference:
      for (const auto& [task, where] : tasks()) {
        if (where.reference == halt.reference()) halted.push_back(task);
      }
      break;
    case v1::SessionHalt::kAll:
      if (halt.all()) HaltAll(v1::TASK_OUTCOME_HALTED);
      break;
    case v1::SessionHalt::WHAT_NOT_SET:
      break;
  }
  for (broker::TaskId task : halted) TaskStream::Halt(task, v1::TASK_OUTCOME_HALTED);
}

absl::Status Session::InstanceDone(absl::string_view name) {
  absl::StatusOr<Place*> found = Find(name);
  if (!found.ok()) return found.status();
  (*found)->done = true;
  SayDone(**found);
  return absl::OkStatus();
}

bool Session::WantsRequests(std::function<void()> wanted) {
  wanted_ = nullptr;
  if (queued_ < options_.queued) return true;
  wanted_ = std::move(wanted);
  return false;
}

// ---- what becomes of them

void Session::Changed(const v1::Instance& instance) {
  const bool gone = instance.state() == v1::INSTANCE_STATE_GONE;
  auto it = places_.find(instance.name());
  if (it == places_.end()) {
    if (gone || !options_.selects(instance)) return;
    auto place = std::make_unique<Place>();
    place->name = std::make_shared<const std::string>(instance.name());
    if (options_.attachment) place->opened = NotReady(instance.name());
    it = places_.emplace(instance.name(), std::move(place)).first;
  }
  Place& place = *it->second;
  if (!options_.attachment) return Follow(place, instance);
  if (gone) place.opened = NotReady(instance.name());
  if (instance.state() == v1::INSTANCE_STATE_READY && !place.opened.ok()) Open(place);
}

void Session::Open(Place& place) {
  const absl::Status before =
      std::exchange(place.opened, OpenOwn(*place.name, *options_.attachment));
  if (!place.opened.ok() && place.opened != before) SayEof(place, place.opened);
}

void Session::OnOwnChanged(const v1::Instance& instance) {
  Follow(*places_.at(instance.name()), instance);
}

void Session::Follow(Place& place, const v1::Instance& instance) {
  const bool was_ready = std::exchange(place.ready, instance.state() == v1::INSTANCE_STATE_READY);
  const bool never_was = options_.attachment && instance.state() == v1::INSTANCE_STATE_LOST;
  if ((was_ready || never_was) && !place.ready)
    SayEof(place, absl::UnavailableError(instance.error()));
  Ask(place);
}

void Session::SayEof(Place& place, absl::Status why) {
  place.asked = 0;
  broker::TaskEnd end;
  end.status = std::move(why);
  Append({Event::Kind::kEof, 0, place.name, std::move(end)});
}

void Session::Issued(const Where& where) { Unqueue(*places_.at(*where.instance), true); }

void Session::Unqueue(Place& place, bool ask) {
  --place.queued;
  --queued_;
  if (ask) Ask(place);
  if (wanted_ && queued_ < options_.queued / 2 + 1) std::exchange(wanted_, nullptr)();
}

void Session::Ended(broker::TaskId, const Where& where, v1::TaskOutcome outcome) {
  Place& place = *places_.at(*where.instance);
  --place.open;
  if (where.queued) Unqueue(place, outcome != v1::TASK_OUTCOME_INSTANCE_LOST);
  SayDone(place);
  FinishIfOver();
}

void Session::Drained() {}

void Session::CannotRecord(const absl::Status& status) {
  if (status_.ok()) status_ = status;
  done_ = true;
  HaltAll(v1::TASK_OUTCOME_HALTED);
  FinishIfOver();
}

void Session::Ask(Place& place) {
  if (!place.ready || place.done || done_ || finished()) return;
  for (; place.asked + place.queued < options_.more_window; ++place.asked) {
    Append({Event::Kind::kMore, 0, place.name, {}});
  }
}

void Session::SayDone(Place& place) {
  if (!place.done || place.open > 0 || std::exchange(place.done_said, true)) return;
  Append({Event::Kind::kInstanceDone, 0, place.name, {}});
}

void Session::FinishIfOver() {
  if (!done_ || !tasks().empty()) return;
  Summary summary;
  summary.status = status_;
  Finish(std::move(summary));
}

void Session::ShutDown() {
  if (!done_) status_ = absl::UnavailableError("server is shutting down");
  done_ = true;
  FinishIfOver();
}

}  // namespace scamper::runs
