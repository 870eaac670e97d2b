// SPDX-License-Identifier: Apache-2.0
// A stream socket that connects, reads and writes. Internal to control/: includes Asio.
#pragma once

#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/control/endpoint.h"

namespace scamper::control {

// Owned by shared_ptr: each operation that is under way holds a reference, so that whoever uses
// it may let go at any time. On the loop's thread only. After Close, or OnEnded, nothing more is
// called.
class StreamConnection : public std::enable_shared_from_this<StreamConnection> {
 public:
  virtual ~StreamConnection() = default;

  // Connects to the endpoint's path, or host and port; a name is resolved without blocking the
  // loop and its addresses are tried in order. Calls nothing from inside.
  void Start();
  // Buffers without bound; what is written within one turn of the loop goes out in one write.
  void Write(absl::string_view bytes);
  void Close();
  // Bytes given to Write that the system has not taken yet.
  size_t unsent() const { return pending_.size() + in_flight_.size(); }
  // Nothing is unsent, and the peer has read all that was sent: exactly so on a unix socket; with
  // TCP its system has all.
  bool Drained();

 protected:
  StreamConnection(Endpoint endpoint, asio::io_context& io)
      : endpoint_(std::move(endpoint)), io_(io), resolver_(io), socket_(io) {}
  const Endpoint& endpoint() const { return endpoint_; }

  virtual void OnConnected() = 0;
  virtual void OnReceived(absl::string_view bytes) = 0;
  // OK at the end of the stream. Else the system's error: UNAVAILABLE, or PERMISSION_DENIED when
  // the socket may not be opened.
  virtual void OnEnded(absl::Status why) = 0;

 private:
  void Resolve();
  void ConnectNext(asio::error_code last_error);
  void Connected();
  void Read();
  void ReadSome();
  void Flush();
  void OnWritten(const asio::error_code& error);

  const Endpoint endpoint_;
  asio::io_context& io_;
  asio::ip::tcp::resolver resolver_;
  asio::generic::stream_protocol::socket socket_;
  bool closed_ = false;
  std::vector<asio::generic::stream_protocol::endpoint> addresses_;
  size_t next_address_ = 0;
  std::string pending_;    // to be written next
  std::string in_flight_;  // being written
  bool writing_ = false;   // a write is under way or posted
};

}  // namespace scamper::control
