// SPDX-License-Identifier: Apache-2.0
#include "server/runs/event_codec.h"

#include <cstring>
#include <utility>

#include "server/records/rpc_status.h"

namespace scamper::runs {
namespace {

// In front of a TaskError that says the rest. The bytes end with the process.
struct Header {
  Event::Kind kind = Event::Kind::kAccepted;
  uint32_t under = 0;
};

}  // namespace

uint32_t EventCodec::NumberOf(const std::shared_ptr<const Under>& under) {
  if (under == nullptr) return 0;
  absl::MutexLock lock(&mutex_);
  const auto [it, added] =
      numbers_.try_emplace(under.get(), static_cast<uint32_t>(under_.size() + 1));
  if (added) under_.push_back(under);
  return it->second;
}

std::string EventCodec::Encode(const Event& event) {
  v1::TaskError error;
  error.mutable_task()->set_id(event.end.task);
  error.mutable_task()->set_reference(event.reference);
  if (event.instance != nullptr) error.mutable_task()->set_instance(*event.instance);
  error.set_outcome(event.end.outcome);
  if (!event.end.status.ok()) *error.mutable_status() = records::ToRpc(event.end.status);
  error.set_warts(event.end.record);
  const Header header{event.kind, NumberOf(event.end.under)};
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof(header));
  error.AppendToString(&bytes);
  return bytes;
}

absl::StatusOr<Event> EventCodec::Decode(absl::string_view bytes) const {
  const absl::Status lost = absl::DataLossError("what waited on disk is not what was written");
  Header header;
  if (bytes.size() < sizeof(header)) return lost;
  std::memcpy(&header, bytes.data(), sizeof(header));
  bytes.remove_prefix(sizeof(header));
  v1::TaskError error;
  if (!error.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return lost;
  Event event;
  event.kind = header.kind;
  event.reference = error.task().reference();
  if (event.kind != Event::Kind::kFinished) {
    event.instance =
        std::make_shared<const std::string>(std::move(*error.mutable_task()->mutable_instance()));
  }
  event.end.task = error.task().id();
  event.end.outcome = error.outcome();
  event.end.status = records::FromRpc(error.status());
  event.end.record = std::move(*error.mutable_warts());
  if (header.under == 0) return event;
  absl::MutexLock lock(&mutex_);
  if (header.under > under_.size()) return lost;
  event.end.under = under_[header.under - 1];
  return event;
}

}  // namespace scamper::runs
