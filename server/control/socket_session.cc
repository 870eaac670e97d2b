// SPDX-License-Identifier: Apache-2.0
#include "server/control/socket_session.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/address.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/post.hpp>
#include <asio/write.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/control/session_state.h"

namespace scamper::control {
namespace {

using Socket = asio::generic::stream_protocol::socket;
using SocketAddress = asio::generic::stream_protocol::endpoint;

constexpr size_t kReadSize = 64 << 10;

absl::Status SystemError(absl::string_view what, const asio::error_code& error) {
  const bool denied = error == asio::error::access_denied || error == asio::error::no_permission;
  return absl::Status(denied ? absl::StatusCode::kPermissionDenied : absl::StatusCode::kUnavailable,
                      absl::StrCat(what, ": ", error.message()));
}

// Finds a dead peer on an idle connection in about two minutes. Best effort.
void KeepAlive(Socket& socket) {
  const auto set = [&](int level, int name, int value) {
    ::setsockopt(socket.native_handle(), level, name, &value, sizeof value);
  };
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 60);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 10);
  set(IPPROTO_TCP, TCP_KEEPCNT, 6);
}

// The socket and its operations. Each operation that is under way holds a reference, so that
// the session may be destroyed at any time.
class Connection : public SessionTransport, public std::enable_shared_from_this<Connection> {
 public:
  Connection(const Endpoint& endpoint, asio::io_context& io, SessionListener* listener)
      : endpoint_(endpoint),
        io_(io),
        resolver_(io),
        socket_(io),
        state_(FormatEndpoint(endpoint), listener, this) {}

  SessionState& state() { return state_; }

  void Start();
  void Write(absl::string_view bytes) override;
  void Close() override;

 private:
  void Resolve();
  void ConnectNext(asio::error_code last_error);
  void OnConnected();
  void Read();
  void Flush();
  void OnWritten(const asio::error_code& error);

  const Endpoint endpoint_;
  asio::io_context& io_;
  asio::ip::tcp::resolver resolver_;
  Socket socket_;
  SessionState state_;
  std::vector<SocketAddress> addresses_;
  size_t next_address_ = 0;
  std::array<char, kReadSize> read_buffer_;
  std::string pending_;    // to be written next
  std::string in_flight_;  // being written
  bool writing_ = false;   // a write is under way or posted
};

void Connection::Start() {
  asio::error_code error;
  if (endpoint_.is_unix()) {
    addresses_.emplace_back(asio::local::stream_protocol::endpoint(endpoint_.path));
  } else if (const auto address = asio::ip::make_address(endpoint_.host, error); !error) {
    addresses_.emplace_back(asio::ip::tcp::endpoint(address, endpoint_.port));
  } else {
    return Resolve();
  }
  asio::post(io_, [self = shared_from_this()] { self->ConnectNext({}); });
}

void Connection::Resolve() {
  resolver_.async_resolve(
      endpoint_.host, absl::StrCat(endpoint_.port), asio::ip::resolver_base::numeric_service,
      [self = shared_from_this()](const asio::error_code& error,
                                  const asio::ip::tcp::resolver::results_type& results) {
        if (error) return self->state_.Ended(SystemError("resolve", error));
        for (const auto& result : results) self->addresses_.emplace_back(result.endpoint());
        self->ConnectNext(asio::error::host_not_found);
      });
}

void Connection::ConnectNext(asio::error_code last_error) {
  if (state_.closed()) return;
  asio::error_code ignored;
  socket_.close(ignored);
  if (next_address_ == addresses_.size()) {
    return state_.Ended(SystemError("connect", last_error));
  }
  socket_.async_connect(addresses_[next_address_++],
                        [self = shared_from_this()](const asio::error_code& error) {
                          if (error) return self->ConnectNext(error);
                          self->OnConnected();
                        });
}

void Connection::OnConnected() {
  if (state_.closed()) return;
  if (!endpoint_.is_unix()) KeepAlive(socket_);
  state_.Connected();
  Read();
}

void Connection::Read() {
  socket_.async_read_some(
      asio::buffer(read_buffer_),
      [self = shared_from_this()](const asio::error_code& error, size_t size) {
        if (size > 0) self->state_.Receive(absl::string_view(self->read_buffer_.data(), size));
        if (self->state_.closed()) return;
        if (!error) return self->Read();
        const bool eof = error == asio::error::eof;
        self->state_.Ended(eof ? absl::OkStatus() : SystemError("read", error));
      });
}

void Connection::Write(absl::string_view bytes) {
  pending_.append(bytes.data(), bytes.size());
  if (writing_) return;
  // What is sent within one turn of the loop goes out in one write.
  writing_ = true;
  asio::post(io_, [self = shared_from_this()] { self->Flush(); });
}

void Connection::Flush() {
  if (state_.closed()) return;
  in_flight_.clear();
  std::swap(in_flight_, pending_);
  asio::async_write(socket_, asio::buffer(in_flight_),
                    [self = shared_from_this()](const asio::error_code& error, size_t) {
                      self->OnWritten(error);
                    });
}

void Connection::OnWritten(const asio::error_code& error) {
  if (state_.closed()) return;
  // The peer is gone, but results that it sent before may still be there to read: the read
  // ends the session behind them. `writing_` stays, so nothing is written again.
  if (error == asio::error::broken_pipe || error == asio::error::connection_reset) return;
  if (error) return state_.Ended(SystemError("write", error));
  writing_ = !pending_.empty();
  if (writing_) Flush();
}

void Connection::Close() {
  asio::error_code ignored;
  resolver_.cancel();
  socket_.close(ignored);
}

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
  SocketConnector(Endpoint endpoint, asio::io_context* io)
      : endpoint_(std::move(endpoint)), io_(*io) {}

  std::unique_ptr<Session> Connect(SessionListener* listener) override {
    auto connection = std::make_shared<Connection>(endpoint_, io_, listener);
    connection->Start();
    return std::make_unique<SocketSession>(std::move(connection));
  }

 private:
  const Endpoint endpoint_;
  asio::io_context& io_;
};

}  // namespace

std::unique_ptr<Connector> MakeSocketConnector(Endpoint endpoint, asio::io_context* io_context) {
  return std::make_unique<SocketConnector>(std::move(endpoint), io_context);
}

}  // namespace scamper::control
