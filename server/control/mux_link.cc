// SPDX-License-Identifier: Apache-2.0
#include "server/control/mux_link.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace scamper::control {
namespace {

// sc_remoted reads 8192 bytes at once.
constexpr int kOpensAtOnce = 64;
constexpr absl::Duration kPause = absl::Milliseconds(1);
constexpr char kDone[] = "done\n";

}  // namespace

void MuxChannel::Write(absl::string_view bytes) {
  if (link_ != nullptr) link_->Say(id_, bytes);
}

void MuxChannel::Close() {
  if (link_ == nullptr) return;
  const std::shared_ptr<MuxLink> link = std::exchange(link_, nullptr);
  link->Say(id_, kDone);
}

std::shared_ptr<MuxChannel> MuxLink::Open(uint32_t vantage_point, std::string peer,
                                          SessionListener* listener) {
  const uint32_t id = ++last_channel_;
  auto self = std::static_pointer_cast<MuxLink>(shared_from_this());
  auto channel = std::make_shared<MuxChannel>(std::move(peer), id, std::move(self), listener);
  channels_[id] = {channel, vantage_point, false};
  opening_.push_back(id);
  if (!std::exchange(holding_, true)) {
    timer_ = executor_->After(absl::ZeroDuration(), [this] { Proceed(); });
  }
  return channel;
}

void MuxLink::Proceed() {
  timer_.reset();
  if (shut_) return;
  const auto self = shared_from_this();
  if (Drained()) {
    if (opening_.empty()) {
      holding_ = false;
      if (!held_.empty()) Write(std::exchange(held_, {}));
      return;
    }
    std::string frames;
    std::vector<std::shared_ptr<MuxChannel>> opened;
    for (int i = 0; i < kOpensAtOnce && !opening_.empty(); ++i) {
      const auto known = channels_.find(opening_.front());
      opening_.pop_front();
      if (known == channels_.end()) continue;  // It departed meanwhile.
      frames += MuxOpenFrame(known->second.vantage_point, known->first);
      opened.push_back(known->second.channel);
    }
    if (!frames.empty()) Write(frames);
    for (const auto& channel : opened) channel->state().Connected();
  }
  timer_ = executor_->After(kPause, [this] { Proceed(); });
}

void MuxLink::Say(uint32_t channel, absl::string_view bytes) {
  const auto known = channels_.find(channel);
  if (known == channels_.end() || known->second.done_sent || shut_) return;
  known->second.done_sent = bytes == kDone;
  if (holding_) return AppendMuxData(channel, bytes, &held_);
  frame_.clear();
  AppendMuxData(channel, bytes, &frame_);
  Write(frame_);
}

void MuxLink::OnReceived(absl::string_view bytes) {
  parser_.Feed(bytes);
  while (!shut_) {
    absl::StatusOr<std::optional<MuxEvent>> event = parser_.Next();
    if (!event.ok()) return OnEnded(event.status());
    if (!event->has_value()) return;
    Handle(**event);
  }
}

void MuxLink::Handle(MuxEvent& event) {
  switch (event.kind) {
    case MuxEvent::Kind::kData: {
      const auto known = channels_.find(event.id);
      if (known == channels_.end()) return;
      const std::shared_ptr<MuxChannel> channel = known->second.channel;
      return channel->state().Receive(event.data);
    }
    case MuxEvent::Kind::kClose:
      return EndChannel(event.id, absl::OkStatus());
    case MuxEvent::Kind::kUpdate:
      if (listener_ != nullptr) listener_->OnUpdate(event.id, std::move(*event.vantage_point));
      return;
    case MuxEvent::Kind::kDepart:
      EndChannelsOf(event.id);
      if (listener_ != nullptr) listener_->OnDepart(event.id);
      return;
    case MuxEvent::Kind::kGo:
      if (listener_ != nullptr) listener_->OnGo();
      return;
  }
}

void MuxLink::EndChannelsOf(uint32_t vantage_point) {
  std::vector<uint32_t> ids;
  for (const auto& [id, known] : channels_) {
    if (known.vantage_point == vantage_point) ids.push_back(id);
  }
  for (uint32_t id : ids) {
    EndChannel(id, absl::UnavailableError("sc_remoted gave the vantage point up"));
  }
}

void MuxLink::EndChannel(uint32_t id, const absl::Status& why) {
  auto ended = channels_.extract(id);
  if (!ended.empty()) ended.mapped().channel->state().Ended(why);
}

void MuxLink::OnEnded(absl::Status why) {
  if (why.ok()) why = absl::UnavailableError("sc_remoted closed the connection");
  Shut(why);
  if (listener_ != nullptr) std::exchange(listener_, nullptr)->OnLinkClosed(std::move(why));
}

void MuxLink::Shut(const absl::Status& why) {
  if (std::exchange(shut_, true)) return;
  timer_.reset();
  Close();
  for (auto& [id, known] : std::exchange(channels_, {})) known.channel->state().Ended(why);
}

}  // namespace scamper::control
