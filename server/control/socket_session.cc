// SPDX-License-Identifier: Apache-2.0
#include "server/control/socket_session.h"

#include <asio/io_context.hpp>
#include <string>
#include <utility>

#include "server/control/session_state.h"
#include "server/control/stream_connection.h"

namespace scamper::control {
namespace {

bool IsRelayed(const Endpoint& endpoint) { return endpoint.kind == Endpoint::Kind::kRemote; }

class Connection : public StreamConnection, public SessionTransport {
 public:
  Connection(const Endpoint& endpoint, asio::io_context& io, SessionListener* listener,
             std::string attach)
      : StreamConnection(endpoint, io),
        state_(FormatEndpoint(endpoint), listener, this,
               IsRelayed(endpoint) ? Handshake::kRelayed : Handshake::kAttach, std::move(attach)) {}

  SessionState& state() { return state_; }

  void Write(absl::string_view bytes) override { StreamConnection::Write(bytes); }
  void Close() override { StreamConnection::Close(); }

 private:
  void OnConnected() override { state_.Connected(); }
  void OnReceived(absl::string_view bytes) override { state_.Receive(bytes); }
  void OnEnded(absl::Status why) override { state_.Ended(std::move(why)); }

  SessionState state_;
};

class SocketSession : public Session {
 public:
  explicit SocketSession(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)) {}
  ~SocketSession() override { connection_->state().Detach(); }

  absl::Status Send(absl::string_view command) override {
    return connection_->state().Send(command);
  }
  void Halt(uint32_t id) override { connection_->state().Halt(id); }
  void Done() override { connection_->state().Done(); }

 private:
  std::shared_ptr<Connection> connection_;
};

class SocketConnector : public Connector {
 public:
  SocketConnector(Endpoint endpoint, asio::io_context* io, std::string attach)
      : endpoint_(std::move(endpoint)), io_(*io), attach_(std::move(attach)) {}

  std::unique_ptr<Session> Connect(SessionListener* listener) override {
    auto connection = std::make_shared<Connection>(endpoint_, io_, listener, attach_);
    connection->Start();
    return std::make_unique<SocketSession>(std::move(connection));
  }

  std::unique_ptr<Connector> Attaching(const Attachment& attachment) const override {
    if (IsRelayed(endpoint_)) return nullptr;
    return std::make_unique<SocketConnector>(endpoint_, &io_, AttachCommand(attachment).value());
  }

 private:
  const Endpoint endpoint_;
  asio::io_context& io_;
  const std::string attach_;
};

}  // namespace

std::unique_ptr<Connector> MakeSocketConnector(Endpoint endpoint, asio::io_context* io_context) {
  return std::make_unique<SocketConnector>(std::move(endpoint), io_context, "attach");
}

}  // namespace scamper::control
