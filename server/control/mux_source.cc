// SPDX-License-Identifier: Apache-2.0
#include "server/control/mux_source.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/control/mux_link.h"
#include "server/control/retry.h"

namespace scamper::control {
namespace {

// The same process keeps number and time of arrival when it calls in again; a new sc_remoted
// begins to count anew.
std::string KeyOf(uint32_t id, const v1::VantagePoint& vp) {
  return absl::StrCat(id, "/", vp.arrival_time().seconds(), ".", vp.arrival_time().nanos(), "/",
                      vp.monitor_name());
}

constexpr absl::Duration kBeforeSurvey = absl::Seconds(1);

// Reads the list of vantage points once, over a connection of its own.
class Survey : public MuxLinkListener {
 public:
  using Seen = std::function<void(uint32_t, v1::VantagePoint)>;

  // `over` is called once, when the list has ended or cannot be read; never from inside.
  Survey(const Endpoint& endpoint, asio::io_context& io, base::Executor* executor, Seen seen,
         std::function<void()> over)
      : executor_(executor),
        seen_(std::move(seen)),
        over_(std::move(over)),
        link_(std::make_shared<MuxLink>(endpoint, io, executor, this)) {
    link_->Start();
  }
  ~Survey() override {
    link_->Detach();
    link_->Shut(absl::CancelledError("the list was read"));
  }

  void OnUpdate(uint32_t id, v1::VantagePoint vantage_point) override {
    if (timer_ == nullptr) seen_(id, std::move(vantage_point));
  }
  void OnDepart(uint32_t) override {}
  void OnGo() override { End(); }
  void OnLinkClosed(absl::Status) override { End(); }

 private:
  void End() {
    if (timer_ == nullptr) timer_ = executor_->After(absl::ZeroDuration(), over_);
  }

  base::Executor* const executor_;
  const Seen seen_;
  const std::function<void()> over_;
  std::unique_ptr<base::Timer> timer_;
  const std::shared_ptr<MuxLink> link_;
};

// Shared with the connectors, which outlive the source.
class Mux : public MuxLinkListener, public std::enable_shared_from_this<Mux> {
 public:
  Mux(Endpoint endpoint, asio::io_context& io, base::Executor* executor, SourceListener* listener)
      : endpoint_(std::move(endpoint)),
        io_(io),
        executor_(executor),
        retry_(executor),
        listener_(listener) {}

  void Start() {
    retry_.Soon([this] { Connect(); });
  }
  void Stop();

  base::Executor* executor() { return executor_; }
  // The link, where it has the vantage point now.
  std::shared_ptr<MuxLink> LinkTo(uint32_t id, const std::string& key) const;
  std::string Describe(uint32_t id) const {
    return absl::StrCat(FormatEndpoint(endpoint_), "#", id);
  }

  void OnUpdate(uint32_t id, v1::VantagePoint vantage_point) override;
  void OnDepart(uint32_t id) override;
  void OnGo() override;
  void OnLinkClosed(absl::Status why) override;

 private:
  void Connect();
  void LookAgain();
  void Find(uint32_t id, const std::string& key, v1::VantagePoint vantage_point);

  const Endpoint endpoint_;
  asio::io_context& io_;
  base::Executor* const executor_;
  Retry retry_;
  SourceListener* listener_;  // nullptr once stopped
  std::shared_ptr<MuxLink> link_;
  // Present, or due, when something is there that was not announced.
  std::unique_ptr<Survey> survey_;
  std::unique_ptr<base::Timer> survey_timer_;
  // On this link: key of each vantage point.
  std::map<uint32_t, std::string> announced_;
  // Told to the listener, also on links before: key to number.
  std::map<std::string, uint32_t> told_;
};

class MuxSession : public Session {
 public:
  explicit MuxSession(std::shared_ptr<MuxChannel> channel) : channel_(std::move(channel)) {}
  ~MuxSession() override { channel_->state().Detach(); }

  absl::Status Send(absl::string_view command) override { return channel_->state().Send(command); }
  void Halt(uint32_t id) override { channel_->state().Halt(id); }
  void Done() override { channel_->state().Done(); }

 private:
  const std::shared_ptr<MuxChannel> channel_;
};

// One that fails at once.
class NoSession : public Session {
 public:
  NoSession(base::Executor* executor, SessionListener* listener, absl::Status why)
      : timer_(
            executor->After(absl::ZeroDuration(), [listener, why] { listener->OnClosed(why); })) {}
  absl::Status Send(absl::string_view) override {
    return absl::FailedPreconditionError("not attached");
  }
  void Halt(uint32_t) override {}
  void Done() override {}

 private:
  const std::unique_ptr<base::Timer> timer_;
};

class MuxConnector : public Connector {
 public:
  MuxConnector(std::shared_ptr<Mux> mux, uint32_t id, std::string key)
      : mux_(std::move(mux)), id_(id), key_(std::move(key)) {}

  std::unique_ptr<Session> Connect(SessionListener* listener) override {
    const std::shared_ptr<MuxLink> link = mux_->LinkTo(id_, key_);
    const std::string peer = mux_->Describe(id_);
    if (link != nullptr) return std::make_unique<MuxSession>(link->Open(id_, peer, listener));
    return std::make_unique<NoSession>(
        mux_->executor(), listener,
        absl::UnavailableError(absl::StrCat(peer, ": the mux does not announce it now")));
  }

 private:
  const std::shared_ptr<Mux> mux_;
  const uint32_t id_;
  const std::string key_;
};

void Mux::Connect() {
  announced_.clear();
  link_ = std::make_shared<MuxLink>(endpoint_, io_, executor_, this);
  link_->Start();
}

void Mux::Stop() {
  listener_ = nullptr;
  retry_.Cancel();
  survey_.reset();
  survey_timer_.reset();
  announced_.clear();
  if (link_ == nullptr) return;
  link_->Detach();
  link_->Shut(absl::UnavailableError("the mux was detached"));
  link_.reset();
}

std::shared_ptr<MuxLink> Mux::LinkTo(uint32_t id, const std::string& key) const {
  const auto it = announced_.find(id);
  return it != announced_.end() && it->second == key ? link_ : nullptr;
}

void Mux::OnUpdate(uint32_t id, v1::VantagePoint vantage_point) {
  const std::string key = KeyOf(id, vantage_point);
  const auto [it, first] = announced_.try_emplace(id, key);
  // A number whose vantage point is another one now.
  if (!first && it->second != key) {
    OnDepart(id);
    announced_[id] = key;
  }
  if (told_.contains(key)) {
    listener_->OnChanged(key, std::move(vantage_point));
  } else {
    Find(id, key, std::move(vantage_point));
  }
}

void Mux::Find(uint32_t id, const std::string& key, v1::VantagePoint vantage_point) {
  told_[key] = id;
  FoundVp vp;
  vp.key = key;
  vp.endpoint = Describe(id);
  vp.fallback_name = absl::StrCat("vp-", id);
  vp.vantage_point = std::move(vantage_point);
  vp.connector = std::make_unique<MuxConnector>(shared_from_this(), id, key);
  listener_->OnFound(std::move(vp));
}

void Mux::OnDepart(uint32_t id) {
  if (id == 0) return LookAgain();
  const auto it = announced_.find(id);
  if (it == announced_.end()) return;  // One that was never announced here.
  const std::string key = std::move(it->second);
  announced_.erase(it);
  told_.erase(key);
  listener_->OnGone(key, "sc_remoted gave it up");
}

void Mux::LookAgain() {
  if (survey_ != nullptr || survey_timer_ != nullptr) return;
  survey_timer_ = executor_->After(kBeforeSurvey, [this] {
    survey_timer_.reset();
    survey_ = std::make_unique<Survey>(
        endpoint_, io_, executor_,
        [this](uint32_t id, v1::VantagePoint vp) {
          if (link_ != nullptr && !announced_.contains(id)) OnUpdate(id, std::move(vp));
        },
        [this] { survey_.reset(); });
  });
}

void Mux::OnGo() {
  retry_.Succeeded();
  std::set<std::string> here;
  for (const auto& [id, key] : announced_) here.insert(key);
  std::vector<std::string> gone;
  for (const auto& [key, id] : told_) {
    if (!here.contains(key)) gone.push_back(key);
  }
  for (const std::string& key : gone) {
    told_.erase(key);
    listener_->OnGone(key, "sc_remoted does not announce it any more");
  }
  listener_->OnStatus(absl::OkStatus());
}

void Mux::OnLinkClosed(absl::Status why) {
  announced_.clear();
  link_.reset();
  retry_.Later([this] { Connect(); });
  listener_->OnStatus(
      absl::Status(why.code(), absl::StrCat(FormatEndpoint(endpoint_), ": ", why.message())));
}

class MuxSource : public Source {
 public:
  explicit MuxSource(std::shared_ptr<Mux> mux) : mux_(std::move(mux)) {}
  ~MuxSource() override { mux_->Stop(); }

 private:
  const std::shared_ptr<Mux> mux_;
};

}  // namespace

std::unique_ptr<Source> WatchMux(Endpoint endpoint, asio::io_context* io_context,
                                 base::Executor* executor, SourceListener* listener) {
  auto mux = std::make_shared<Mux>(std::move(endpoint), *io_context, executor, listener);
  mux->Start();
  return std::make_unique<MuxSource>(std::move(mux));
}

}  // namespace scamper::control
