// SPDX-License-Identifier: Apache-2.0
// A scamper daemon played step by step, behind control::Connector. Its rules are those of
// the control protocol: ids from 1; one queue, MORE when taking from it leaves it empty; tasks to a
// destination that is being measured are set aside and come back to the front of the queue; a
// halted task ends at once, wherever it is, without MORE; status lines overtake records not yet
// written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/executor.h"
#include "server/broker/broker.h"
#include "server/control/session.h"

namespace scamper::fakes {

// Commands are "ping DESTINATION TOKEN"; those that begin with "bad" are rejected. The record of
// one is a warts header of type 7 and the text "DESTINATION TOKEN done|halted|interim".
class FakeDaemon {
 public:
  enum class Answer {
    kReady,    // attach succeeds, list and cycle follow
    kRefused,  // the connection fails
    kSilent,   // nothing comes
  };

  explicit FakeDaemon(base::Executor* executor) : executor_(executor) {}

  // The daemon must outlive the connectors.
  std::unique_ptr<control::Connector> MakeConnector();

  // What the next attempts to connect find.
  Answer answer = Answer::kReady;
  // The same, of daemons that play connections that attach with something.
  Answer own_answer = Answer::kReady;
  // 0: one that cannot be asked, and is attached already.
  int version_date = 20260420;
  std::string rejection = "command not accepted";
  // False before 20230224.
  bool ids_in_records = true;
  std::string list_record;
  std::string cycle_record;

  bool connected() const { return listener_ != nullptr; }
  // Times of the attempts to connect.
  const std::vector<absl::Time>& attempts() const { return attempts_; }
  // A connection that attaches with something is played by a daemon of its own, whose list is named
  // as the command that it attached with. Null before the connector for it was made.
  FakeDaemon* own(const std::string& attach) { return own_[attach].get(); }
  std::vector<FakeDaemon*> owns() const;
  // All commands since the start, in the order of sending.
  const std::vector<std::string>& commands() const { return commands_; }
  size_t halts() const { return halts_; }

  // Each step does nothing when there is nothing to do, and says whether there was.
  bool ReadLine();
  bool StartNext();
  bool Finish(size_t running);
  bool Interim(size_t running);
  // Writes all status lines, then one record.
  bool Write();
  // Reads, starts, finishes and writes all.
  void RunDry();
  void Kill();

  size_t unread() const { return input_.size(); }
  size_t queued() const { return queue_.size(); }
  size_t running() const { return running_.size(); }
  // Of what was sent and is not done: the commands unread, then "DESTINATION TOKEN" of the others.
  std::vector<std::string> Unfinished() const;
  control::SessionListener* listener() { return listener_; }

 private:
  friend class FakeSession;
  struct Job {
    uint32_t id;
    std::string destination;
    std::string token;
  };
  struct Data {
    std::optional<uint32_t> id;
    bool in_progress;
    std::string record;
  };
  using Line = std::function<void(control::SessionListener*)>;

  void Connected(control::SessionListener* listener);
  void Forget();
  void HaltJob(uint32_t id);
  bool TakeOut(std::deque<Job>& jobs, uint32_t id, Job* job);
  void Emit(const Job& job, absl::string_view how, bool in_progress);
  void Unpark(const std::string& destination);

  base::Executor* const executor_;
  control::SessionListener* listener_ = nullptr;
  std::vector<absl::Time> attempts_;
  std::map<std::string, std::unique_ptr<FakeDaemon>> own_;
  std::vector<std::string> commands_;
  size_t halts_ = 0;
  uint32_t last_id_ = 0;
  std::deque<std::string> input_;
  std::deque<Job> queue_, parked_, running_;
  std::deque<Line> lines_;
  std::deque<Data> data_;
};

// A warts record of that type with that body.
std::string FakeRecord(uint16_t type, absl::string_view body);

// Reads FakeDaemon's records: the key is the destination; list and cycle have the body as name
// and host name, and "damaged" is an error.
class FakeRecordReader : public broker::RecordReader {
 public:
  absl::Status ReadList(absl::string_view record, v1::List* list) const override;
  absl::Status ReadCycle(absl::string_view record, v1::Cycle* cycle) const override;
  absl::StatusOr<broker::ResultKey> Key(absl::string_view record) const override;
};

}  // namespace scamper::fakes
