// SPDX-License-Identifier: Apache-2.0
// A scamper daemon, as control-protocol.md has it, that does each step when the test says so.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/base/executor.h"
#include "server/broker/broker.h"
#include "server/control/session.h"

namespace scamper::broker {

// A record of that type: the header, then the key and whether it was halted.
std::string FakeRecord(int type, absl::string_view key, bool halted);

// Reads the records above; a list or cycle takes its name from the key.
class FakeReader final : public RecordReader {
 public:
  absl::Status ReadList(absl::string_view record, v1::List* list) const override;
  absl::Status ReadCycle(absl::string_view record, v1::Cycle* cycle) const override;
  absl::StatusOr<ResultKey> Key(absl::string_view record) const override;
};

// What answers one endpoint. Commands are "ping KEY"; "bad ..." is rejected.
class FakeDaemon {
 public:
  explicit FakeDaemon(base::Executor* executor) : executor_(executor) {}

  std::unique_ptr<control::Connector> MakeConnector();

  // Refuses connections while false.
  bool up = true;
  // Never answers the handshake.
  bool mute = false;
  // Says which task a record is of, as daemons since 20230224 do.
  bool gives_ids = true;
  int version = 20260420;
  int connects = 0;
  // Of the connection: most commands out, and most of them not started, that were ever seen.
  size_t most_out = 0;
  size_t most_queued = 0;
  // Every command in the order of arrival.
  std::vector<std::string> commands;

  bool connected() const { return session_ != nullptr; }
  // Reads the commands and halts that have arrived, and answers them.
  void Read();
  // Takes up to `n` commands off its queue; says MORE when that empties it.
  void StartTasks(size_t n);
  // Ends a running task, the n-th oldest.
  void Finish(size_t n = 0);
  void Interim();
  size_t queued() const { return queue_.size(); }
  size_t running() const { return running_.size(); }
  // Reads, starts and finishes until nothing is left.
  void RunAll(const std::function<void()>& between);
  void Kill(const std::string& why = "connection reset");

 private:
  class FakeSession;
  class FakeConnector;
  struct Out {
    uint32_t id;
    std::string key;
  };

  void Attach();
  void Emit(const Out& task, bool halted);

  base::Executor* const executor_;
  FakeSession* session_ = nullptr;
  uint32_t last_id_ = 0;
  std::deque<Out> queue_;
  std::deque<Out> running_;
};

}  // namespace scamper::broker
