// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/fake_daemon.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace scamper::broker {

std::string FakeRecord(int type, absl::string_view key, bool halted) {
  std::string record("\x12\x05\x00", 3);
  record.push_back(static_cast<char>(type));
  record.append("\0\0\0", 3);
  record.push_back(static_cast<char>(key.size() + 1));
  record.push_back(halted ? 1 : 0);
  return absl::StrCat(record, key);
}

absl::Status FakeReader::ReadList(absl::string_view record, v1::List* list) const {
  list->set_name(std::string(record.substr(9)));
  return absl::OkStatus();
}

absl::Status FakeReader::ReadCycle(absl::string_view record, v1::Cycle* cycle) const {
  cycle->set_hostname(std::string(record.substr(9)));
  return absl::OkStatus();
}

absl::StatusOr<ResultKey> FakeReader::Key(absl::string_view record) const {
  return ResultKey{std::string(record.substr(9)), record[8] == 1};
}

class FakeDaemon::FakeSession final : public control::Session {
 public:
  FakeSession(FakeDaemon* daemon, control::SessionListener* its_listener)
      : listener(its_listener), daemon_(daemon) {}
  ~FakeSession() override {
    if (daemon_->session_ == this) daemon_->session_ = nullptr;
    daemon_->queue_.clear();
    daemon_->running_.clear();
  }

  absl::Status Send(absl::string_view command) override {
    arrived.push_back(std::string(command));
    const size_t halts = std::count_if(arrived.begin(), arrived.end(), [](const std::string& line) {
      return absl::StartsWith(line, "halt ");
    });
    daemon_->most_out =
        std::max(daemon_->most_out,
                 arrived.size() - halts + daemon_->queue_.size() + daemon_->running_.size());
    return absl::OkStatus();
  }
  void Halt(uint32_t id) override { arrived.push_back(absl::StrCat("halt ", id)); }
  void Done() override {}

  control::SessionListener* const listener;
  std::deque<std::string> arrived;

 private:
  FakeDaemon* const daemon_;
};

class FakeDaemon::FakeConnector final : public control::Connector {
 public:
  explicit FakeConnector(FakeDaemon* daemon) : daemon_(daemon) {}

  std::unique_ptr<control::Session> Connect(control::SessionListener* listener) override {
    ++daemon_->connects;
    auto session = std::make_unique<FakeSession>(daemon_, listener);
    daemon_->session_ = session.get();
    daemon_->executor_->Post([daemon = daemon_, raw = session.get()] {
      if (daemon->session_ == raw) daemon->Attach();
    });
    return session;
  }

 private:
  FakeDaemon* const daemon_;
};

std::unique_ptr<control::Connector> FakeDaemon::MakeConnector() {
  return std::make_unique<FakeConnector>(this);
}

void FakeDaemon::Attach() {
  if (mute) return;
  control::SessionListener* listener = session_->listener;
  if (!up) return listener->OnClosed(absl::UnavailableError("connection refused"));
  last_id_ = 0;
  listener->OnAttached({absl::StrCat(version), version, 100, "monitor"});
  listener->OnMore();
  listener->OnRecord(std::nullopt, false, FakeRecord(1, "list", false));
  listener->OnRecord(std::nullopt, false, FakeRecord(2, "host", false));
}

void FakeDaemon::Emit(const Out& task, bool halted) {
  std::optional<uint32_t> id;
  if (gives_ids) id = task.id;
  session_->listener->OnRecord(id, false, FakeRecord(7, task.key, halted));
}

void FakeDaemon::Read() {
  while (session_ != nullptr && !session_->arrived.empty()) {
    const std::string line = session_->arrived.front();
    session_->arrived.pop_front();
    if (absl::StartsWith(line, "halt ")) {
      const uint32_t id = static_cast<uint32_t>(std::stoul(line.substr(5)));
      bool known = false;
      for (std::deque<Out>* tasks : {&queue_, &running_}) {
        auto it =
            std::find_if(tasks->begin(), tasks->end(), [&](const Out& o) { return o.id == id; });
        if (it == tasks->end()) continue;
        known = true;
        const Out task = *it;
        tasks->erase(it);
        session_->listener->OnHalted(id, true);
        if (session_ != nullptr) Emit(task, true);
        break;
      }
      if (!known) session_->listener->OnHalted(id, false);
      continue;
    }
    commands.push_back(line);
    if (absl::StartsWith(line, "bad")) {
      session_->listener->OnRejected("command not accepted");
      continue;
    }
    queue_.push_back({++last_id_, line.substr(line.rfind(' ') + 1)});
    most_queued = std::max(most_queued, queue_.size());
    session_->listener->OnAccepted(last_id_);
  }
}

void FakeDaemon::StartTasks(size_t n) {
  while (n-- > 0 && session_ != nullptr && !queue_.empty()) {
    running_.push_back(queue_.front());
    queue_.pop_front();
    if (queue_.empty()) session_->listener->OnMore();
  }
}

void FakeDaemon::Finish(size_t n) {
  const Out task = running_[n];
  running_.erase(running_.begin() + static_cast<ptrdiff_t>(n));
  Emit(task, false);
}

void FakeDaemon::Interim() {
  session_->listener->OnRecord(running_[0].id, true, FakeRecord(7, running_[0].key, false));
}

void FakeDaemon::RunAll(const std::function<void()>& between) {
  for (;;) {
    between();
    Read();
    if (session_ == nullptr || (queue_.empty() && running_.empty())) {
      if (session_ == nullptr || session_->arrived.empty()) return;
      continue;
    }
    StartTasks(1);
    if (!running_.empty()) Finish();
  }
}

void FakeDaemon::Kill(const std::string& why) {
  if (session_ == nullptr) return;
  session_->listener->OnClosed(absl::UnavailableError(why));
}

}  // namespace scamper::broker
