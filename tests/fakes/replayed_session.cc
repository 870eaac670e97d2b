// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/replayed_session.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/control/session_state.h"
#include "tests/fakes/uuencode.h"

namespace scamper::control {
namespace {

struct Replay {
  ReplayScript script;
  ReplayOptions options;
};

class ReplayedDaemon : public SessionTransport,
                       public std::enable_shared_from_this<ReplayedDaemon> {
 public:
  ReplayedDaemon(std::shared_ptr<const Replay> replay, base::Executor* executor,
                 SessionListener* listener)
      : replay_(std::move(replay)), executor_(executor), state_("replay", listener, this) {}

  SessionState& state() { return state_; }

  void Start() { Post(&ReplayedDaemon::Connect); }

  void Write(absl::string_view bytes) override {
    received_.append(bytes.data(), bytes.size());
    Post(&ReplayedDaemon::ReadLines);
  }

  void Close() override { timers_.clear(); }

 private:
  void Post(void (ReplayedDaemon::*f)()) {
    executor_->Post([self = shared_from_this(), f] {
      if (!self->state_.closed()) (self.get()->*f)();
    });
  }
  void Connect() { state_.Connected(); }
  void ReadLines();
  void Answer(absl::string_view line);
  void AnswerCommand(const std::string& command);
  void AnswerHalt(absl::string_view number);
  std::string AnswerGet(absl::string_view name) const;
  void Schedule(uint32_t id);
  void Deliver(uint32_t id);
  void AppendResults(uint32_t id);
  void AppendUnnamed();
  void MaybeFinish();
  void SendOut() { state_.Receive(std::exchange(out_, std::string())); }

  const std::shared_ptr<const Replay> replay_;
  base::Executor* const executor_;
  SessionState state_;
  std::string received_;
  std::string out_;
  uint32_t last_id_ = 0;
  // Tasks with results to come. Those of a daemon without ids have an empty answer.
  std::map<uint32_t, const ReplayScript::Answer*> tasks_;
  std::map<uint32_t, std::unique_ptr<base::Timer>> timers_;
  std::set<std::string> taken_;
  size_t unnamed_sent_ = 0;
  bool done_ = false;
};

void ReplayedDaemon::ReadLines() {
  for (size_t lf; !state_.closed() && (lf = received_.find('\n')) != std::string::npos;) {
    const std::string line = received_.substr(0, lf);
    received_.erase(0, lf + 1);
    Answer(line);
  }
  if (state_.closed()) return;
  SendOut();
  MaybeFinish();
}

void ReplayedDaemon::Answer(absl::string_view line) {
  absl::string_view rest = line;
  if (absl::ConsumePrefix(&rest, "get ")) {
    absl::StrAppend(&out_, AnswerGet(rest));
  } else if (line == "attach") {
    absl::StrAppend(&out_, "OK\nMORE\n", DataReply(replay_->script.list_record, ""),
                    DataReply(replay_->script.cycle_record, ""));
  } else if (line == "done") {
    out_ += "OK\n";
    done_ = true;
  } else if (absl::ConsumePrefix(&rest, "halt ")) {
    AnswerHalt(rest);
  } else {
    AnswerCommand(std::string(line));
  }
}

std::string ReplayedDaemon::AnswerGet(absl::string_view name) const {
  const DaemonInfo& info = replay_->options.info;
  if (name == "version") return absl::StrCat("OK version ", info.version, "\n");
  if (name == "pps" && info.pps.has_value()) return absl::StrCat("OK pps ", *info.pps, "\n");
  if (name == "monitorname" && info.monitor_name.has_value()) {
    return absl::StrCat("OK monitorname ", *info.monitor_name, "\n");
  }
  return absl::StrCat("OK null ", name, "\n");
}

void ReplayedDaemon::AnswerCommand(const std::string& command) {
  const auto& answers = replay_->script.answers;
  const auto answer = answers.find(command);
  if (answer == answers.end()) {
    SendOut();
    state_.Ended(absl::NotFoundError(absl::StrCat("no recorded answer to '", command, "'")));
    return;
  }
  if (!answer->second.accepted) {
    absl::StrAppend(&out_, "ERR ", answer->second.error, "\n");
    return;
  }
  const uint32_t id = ++last_id_;
  absl::StrAppend(&out_, "OK id-", id, done_ ? "\n" : "\nMORE\n");
  taken_.insert(command);
  if (answer->second.results.empty() && replay_->script.unnamed.empty()) return;
  tasks_[id] = &answer->second;
  Schedule(id);
}

void ReplayedDaemon::AnswerHalt(absl::string_view number) {
  uint32_t id = 0;
  if (!absl::SimpleAtoi(number, &id) || tasks_.count(id) == 0 || tasks_[id]->results.empty()) {
    absl::StrAppend(&out_, "ERR no task id-", number, "\n");
    return;
  }
  absl::StrAppend(&out_, "OK halted ", id, "\n");
  AppendResults(id);
}

void ReplayedDaemon::Schedule(uint32_t id) {
  auto deliver = [weak = weak_from_this(), id] {
    const std::shared_ptr<ReplayedDaemon> self = weak.lock();
    if (self != nullptr && !self->state_.closed()) self->Deliver(id);
  };
  if (replay_->options.result_delay == absl::ZeroDuration()) {
    executor_->Post(std::move(deliver));
  } else {
    timers_[id] = executor_->After(replay_->options.result_delay, std::move(deliver));
  }
}

void ReplayedDaemon::Deliver(uint32_t id) {
  if (tasks_.count(id) == 0) return;
  AppendResults(id);
  AppendUnnamed();
  SendOut();
  MaybeFinish();
}

void ReplayedDaemon::AppendResults(uint32_t id) {
  for (const ReplayScript::Result& result : tasks_[id]->results) {
    out_ += DataReply(result.record, absl::StrCat(" id-", id, result.in_progress ? " inprog" : ""));
  }
  tasks_.erase(id);
}

void ReplayedDaemon::AppendUnnamed() {
  const ReplayScript& script = replay_->script;
  size_t taken = 0;
  while (taken < script.accepted.size() && taken_.count(script.accepted[taken]) > 0) ++taken;
  while (unnamed_sent_ < script.unnamed.size() && script.unnamed[unnamed_sent_].after <= taken) {
    out_ += DataReply(script.unnamed[unnamed_sent_++].record, "");
  }
}

void ReplayedDaemon::MaybeFinish() {
  if (!done_ || !tasks_.empty() || state_.closed()) return;
  if (!replay_->script.stop_record.empty()) {
    out_ = DataReply(replay_->script.stop_record, "");
    SendOut();
  }
  state_.Ended(absl::OkStatus());
}

class ReplayedSession : public Session {
 public:
  explicit ReplayedSession(std::shared_ptr<ReplayedDaemon> daemon) : daemon_(std::move(daemon)) {}
  ~ReplayedSession() override { daemon_->state().Detach(); }

  absl::Status Send(absl::string_view command) override { return daemon_->state().Send(command); }
  void Halt(uint32_t id) override { daemon_->state().Halt(id); }
  void Done() override { daemon_->state().Done(); }

 private:
  std::shared_ptr<ReplayedDaemon> daemon_;
};

class ReplayConnector : public Connector {
 public:
  ReplayConnector(Replay replay, base::Executor* executor)
      : replay_(std::make_shared<const Replay>(std::move(replay))), executor_(executor) {}

  std::unique_ptr<Session> Connect(SessionListener* listener) override {
    auto daemon = std::make_shared<ReplayedDaemon>(replay_, executor_, listener);
    daemon->Start();
    return std::make_unique<ReplayedSession>(std::move(daemon));
  }

 private:
  const std::shared_ptr<const Replay> replay_;
  base::Executor* const executor_;
};

}  // namespace

std::unique_ptr<Connector> MakeReplayConnector(ReplayScript script, ReplayOptions options,
                                               base::Executor* executor) {
  return std::make_unique<ReplayConnector>(Replay{std::move(script), std::move(options)}, executor);
}

}  // namespace scamper::control
