// SPDX-License-Identifier: Apache-2.0
// One attached control connection to a scamper daemon.
//
// A session connects, asks for version, pps and monitor name, attaches in warts
// format, and then carries measurement commands. All calls and callbacks are on
// the control thread. Implementations: SocketSession (unix, TCP), ReplayedSession.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/control/attachment.h"

namespace scamper::control {

// What a daemon says of itself before it is attached to.
struct DaemonInfo {
  // As it says, e.g. "20211212b".
  std::string version;
  // The date of it as a number, e.g. 20211212. 0 where not understood.
  int version_date = 0;
  std::optional<int> pps;
  std::optional<std::string> monitor_name;
};

// 20211212 of "20211212b"; 0 where it is no such date.
int VersionDate(absl::string_view version);

// Called by a session. After OnClosed nothing more is called.
class SessionListener {
 public:
  virtual ~SessionListener() = default;
  // `attach` was answered with OK; commands may be sent.
  virtual void OnAttached(const DaemonInfo& info) = 0;
  // The oldest command without an answer was taken; its id on this connection.
  virtual void OnAccepted(uint32_t id) = 0;
  // The oldest command without an answer was refused; scamper's text behind "ERR ".
  virtual void OnRejected(absl::string_view text) = 0;
  // One whole warts record, header included. `id` is absent for list and cycle records,
  // and for all before scamper 20230224.
  virtual void OnRecord(std::optional<uint32_t> id, bool in_progress, std::string record) = 0;
  // The daemon's queue of this connection is empty.
  virtual void OnMore() = 0;
  // A halt was answered: true when the task was still known.
  virtual void OnHalted(uint32_t id, bool known) = 0;
  // The connection is gone: OK after Done(), else why.
  virtual void OnClosed(absl::Status status) = 0;
};

class Session {
 public:
  virtual ~Session() = default;  // Closes without a further callback.
  // `command` is one line without LF that passes CheckCommand (command_check.h); INVALID_ARGUMENT
  // otherwise. FAILED_PRECONDITION when not attached or after Done. Nothing is sent then.
  virtual absl::Status Send(absl::string_view command) = 0;
  // REQUIRES: attached; id from OnAccepted. After Done nothing is sent and OnHalted does not come.
  virtual void Halt(uint32_t id) = 0;
  // No further commands; the daemon closes when all is finished.
  virtual void Done() = 0;
};

// Makes sessions to one endpoint. Each call is one attempt; its failure comes as OnClosed,
// never from inside Connect.
class Connector {
 public:
  virtual ~Connector() = default;
  virtual std::unique_ptr<Session> Connect(SessionListener* listener) = 0;
  // One to the same endpoint, whose sessions attach with that. Null where they are attached before
  // they are connected to. REQUIRES: AttachCommand takes it.
  virtual std::unique_ptr<Connector> Attaching(const Attachment&) const { return nullptr; }
};

}  // namespace scamper::control
