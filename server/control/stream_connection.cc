// SPDX-License-Identifier: Apache-2.0
#include "server/control/stream_connection.h"

#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/ip/address.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/post.hpp>
#include <asio/write.hpp>
#include <utility>

#include "absl/strings/str_cat.h"

namespace scamper::control {
namespace {

using Socket = asio::generic::stream_protocol::socket;

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

}  // namespace

void StreamConnection::Start() {
  asio::error_code error;
  if (!endpoint_.path.empty()) {
    addresses_.emplace_back(asio::local::stream_protocol::endpoint(endpoint_.path));
  } else if (const auto address = asio::ip::make_address(endpoint_.host, error); !error) {
    addresses_.emplace_back(asio::ip::tcp::endpoint(address, endpoint_.port));
  } else {
    return Resolve();
  }
  asio::post(io_, [self = shared_from_this()] { self->ConnectNext({}); });
}

void StreamConnection::Resolve() {
  resolver_.async_resolve(
      endpoint_.host, absl::StrCat(endpoint_.port), asio::ip::resolver_base::numeric_service,
      [self = shared_from_this()](const asio::error_code& error,
                                  const asio::ip::tcp::resolver::results_type& results) {
        if (self->closed_) return;
        if (error) return self->OnEnded(SystemError("resolve", error));
        for (const auto& result : results) self->addresses_.emplace_back(result.endpoint());
        self->ConnectNext(asio::error::host_not_found);
      });
}

void StreamConnection::ConnectNext(asio::error_code last_error) {
  if (closed_) return;
  asio::error_code ignored;
  socket_.close(ignored);
  if (next_address_ == addresses_.size()) return OnEnded(SystemError("connect", last_error));
  socket_.async_connect(addresses_[next_address_++],
                        [self = shared_from_this()](const asio::error_code& error) {
                          if (error) return self->ConnectNext(error);
                          self->Connected();
                        });
}

void StreamConnection::Connected() {
  if (closed_) return;
  if (endpoint_.path.empty()) KeepAlive(socket_);
  asio::error_code ignored;
  socket_.non_blocking(true, ignored);
  OnConnected();
  if (!closed_) Read();
}

void StreamConnection::Read() {
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const asio::error_code& error) {
    if (self->closed_) return;
    if (error) return self->OnEnded(SystemError("read", error));
    self->ReadSome();
  });
}

void StreamConnection::ReadSome() {
  // One for all connections of the thread: it is in use only between reading and the return of
  // OnReceived.
  static thread_local std::array<char, 64 << 10> buffer;
  asio::error_code error;
  const size_t size = socket_.read_some(asio::buffer(buffer), error);
  if (error == asio::error::would_block) return Read();
  if (size > 0) OnReceived(absl::string_view(buffer.data(), size));
  if (closed_) return;
  if (!error) return Read();
  const bool eof = error == asio::error::eof;
  OnEnded(eof ? absl::OkStatus() : SystemError("read", error));
}

void StreamConnection::Write(absl::string_view bytes) {
  pending_.append(bytes.data(), bytes.size());
  if (writing_) return;
  writing_ = true;
  asio::post(io_, [self = shared_from_this()] { self->Flush(); });
}

void StreamConnection::Flush() {
  if (closed_) return;
  in_flight_.clear();
  std::swap(in_flight_, pending_);
  asio::async_write(socket_, asio::buffer(in_flight_),
                    [self = shared_from_this()](const asio::error_code& error, size_t) {
                      self->OnWritten(error);
                    });
}

void StreamConnection::OnWritten(const asio::error_code& error) {
  if (closed_) return;
  // The peer is gone, but results that it sent before may still be there to read: the read
  // ends the session behind them. `writing_` stays, so nothing is written again.
  if (error == asio::error::broken_pipe || error == asio::error::connection_reset) return;
  if (error) return OnEnded(SystemError("write", error));
  in_flight_.clear();
  writing_ = !pending_.empty();
  if (writing_) Flush();
}

bool StreamConnection::Drained() {
  int unread = 0;
  return unsent() == 0 && ::ioctl(socket_.native_handle(), SIOCOUTQ, &unread) == 0 && unread == 0;
}

void StreamConnection::Close() {
  closed_ = true;
  asio::error_code ignored;
  resolver_.cancel();
  socket_.close(ignored);
}

}  // namespace scamper::control
