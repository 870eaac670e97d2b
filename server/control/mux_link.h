// SPDX-License-Identifier: Apache-2.0
// One connection to sc_remoted's mux socket and the channels on it. Internal to control/:
// includes Asio.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/base/executor.h"
#include "server/control/mux_parser.h"
#include "server/control/session_state.h"
#include "server/control/stream_connection.h"

namespace scamper::control {

// What happens on a link; on the loop's thread. After OnLinkClosed nothing more is called.
class MuxLinkListener {
 public:
  virtual ~MuxLinkListener() = default;
  virtual void OnUpdate(uint32_t id, v1::VantagePoint vantage_point) = 0;
  virtual void OnDepart(uint32_t id) = 0;
  virtual void OnGo() = 0;
  virtual void OnLinkClosed(absl::Status why) = 0;
};

class MuxLink;

// A vantage point's control connection on a link; owned by shared_ptr as a link is.
class MuxChannel : public SessionTransport, public std::enable_shared_from_this<MuxChannel> {
 public:
  MuxChannel(std::string peer, uint32_t id, std::shared_ptr<MuxLink> link,
             SessionListener* listener)
      : id_(id),
        link_(std::move(link)),
        state_(std::move(peer), listener, this, Handshake::kRelayed) {}

  uint32_t id() const { return id_; }
  SessionState& state() { return state_; }

  void Write(absl::string_view bytes) override;
  // sc_remoted ends a channel only by `done`: sends it unless that was said.
  void Close() override;

 private:
  const uint32_t id_;
  std::shared_ptr<MuxLink> link_;
  SessionState state_;
};

// sc_remoted loses an open frame that reaches it in two reads, or dies of it. So these are sent
// only when it has read all that was sent before, a few at a time, and what channels say waits
// until it has read them. See also MuxOpenFrame.
//
// A channel is known until sc_remoted closes it, the vantage point departs or the link ends.
// Nothing is sent on a channel that is not known.
class MuxLink : public StreamConnection {
 public:
  MuxLink(Endpoint endpoint, asio::io_context& io, base::Executor* executor,
          MuxLinkListener* listener)
      : StreamConnection(std::move(endpoint), io), executor_(executor), listener_(listener) {}

  // No callback from here on; what is connected stays so until the last reference is gone or Close.
  void Detach() { listener_ = nullptr; }
  // Closes, and ends all channels.
  void Shut(const absl::Status& why);

  // REQUIRES: the vantage point was announced on this link and did not depart. Its listener is told
  // later that it is attached.
  std::shared_ptr<MuxChannel> Open(uint32_t vantage_point, std::string peer,
                                   SessionListener* listener);

 private:
  friend class MuxChannel;
  struct Known {
    std::shared_ptr<MuxChannel> channel;
    uint32_t vantage_point = 0;
    bool done_sent = false;
  };

  void OnConnected() override {}
  void OnReceived(absl::string_view bytes) override;
  void OnEnded(absl::Status why) override;

  void Handle(MuxEvent& event);
  void EndChannelsOf(uint32_t vantage_point);
  void EndChannel(uint32_t id, const absl::Status& why);
  void Say(uint32_t channel, absl::string_view bytes);
  // Sends the next open frames, or what was held back, as soon as it may.
  void Proceed();

  base::Executor* const executor_;
  MuxLinkListener* listener_;
  MuxParser parser_;
  absl::flat_hash_map<uint32_t, Known> channels_;
  uint32_t last_channel_ = 0;
  // Channels whose open frames are to be sent, and what to send behind them.
  std::deque<uint32_t> opening_;
  bool holding_ = false;
  std::string held_;
  std::string frame_;  // kept for its memory
  std::unique_ptr<base::Timer> timer_;
  bool shut_ = false;
};

}  // namespace scamper::control
