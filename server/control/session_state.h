// SPDX-License-Identifier: Apache-2.0
// What a session says when, and what the daemon's replies mean: the protocol as
// a state machine. No I/O; SocketSession and ReplayedSession share it.
//
//   Connected()  -> sends `get version`, `get pps`, `get monitorname` and `attach` in one write;
//                   a relayed connection is attached at once, and nothing can be asked
//   OK to attach -> attached: Send, Halt, Done
//   Done()       -> nothing more is ever sent
//   closed       -> after OnClosed, or Detach()
//
// A `get` that a daemon refuses leaves its value unknown. A refused `attach`, or a relayed
// socket that is taken for a scamper's own, closes with FAILED_PRECONDITION;
// bytes that are not the protocol with DATA_LOSS; a lost connection with UNAVAILABLE.
//
// On the control thread only. A listener may do anything inside a callback,
// destroying its Session included: that calls Detach(), and the owner keeps this
// object alive until Receive returns.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/control/reply_parser.h"
#include "server/control/session.h"

namespace scamper::control {

// The bytes' way out. Must not call back into the state.
class SessionTransport {
 public:
  virtual ~SessionTransport() = default;
  virtual void Write(absl::string_view bytes) = 0;
  // Called once, before OnClosed; nothing is received after it.
  virtual void Close() = 0;
};

enum class Handshake {
  kAttach,   // A scamper's own socket.
  kRelayed,  // sc_remoted's: attached already; version, pps and monitor name stay unknown.
};

class SessionState {
 public:
  // `peer` names the endpoint in every status. Both pointers must outlive Detach or OnClosed.
  // `attach` is the command of that name.
  SessionState(std::string peer, SessionListener* listener, SessionTransport* transport,
               Handshake handshake = Handshake::kAttach, std::string attach = "attach");

  // From the transport.
  void Connected();
  void Receive(absl::string_view bytes);
  // The connection has ended: OK at the end of the stream, else the system's error.
  void Ended(absl::Status why);

  // From the session; see session.h. Send is FAILED_PRECONDITION before attached and after
  // Done; then Halt and Done do nothing.
  absl::Status Send(absl::string_view command);
  void Halt(uint32_t id);
  void Done();

  // No callback from here on. Closes the transport unless closed.
  void Detach();

  bool closed() const { return phase_ == Phase::kClosed; }
  const std::string& peer() const { return peer_; }

 private:
  enum class Phase { kConnecting, kHandshake, kAttached, kClosed };
  // What was sent and has no answer, in order.
  struct Question {
    enum Kind { kVersion, kPps, kMonitorName, kAttach, kCommand, kHalt, kDone } kind;
    uint32_t halted_id = 0;
  };

  bool can_send() const { return phase_ == Phase::kAttached && !done_sent_; }
  void Handle(Reply& reply);
  void HandleRecord(Reply& reply);
  void HandleAnswer(const Question& question, const Reply& reply);
  void HandleInfo(const Question& question, const Reply& reply);
  void HandleAttach(const Reply& reply);
  void Unexpected(const Reply& reply);
  bool EndsWell(const absl::Status& why) const;
  absl::Status Lost(const absl::Status& why) const;
  void Close(absl::Status status);

  const std::string peer_;
  SessionListener* listener_;
  SessionTransport* transport_;
  const Handshake handshake_;
  const std::string attach_;
  Phase phase_ = Phase::kConnecting;
  ReplyParser parser_;
  std::deque<Question> questions_;
  DaemonInfo info_;
  bool done_sent_ = false;
  bool cycle_stopped_ = false;
};

}  // namespace scamper::control
