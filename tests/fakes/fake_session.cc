// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/fake_session.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace scamper::fakes {
namespace {

constexpr size_t kHeader = 8;

}  // namespace

class FakeSession : public control::Session {
 public:
  FakeSession(FakeDaemon* daemon, control::SessionListener* listener)
      : daemon_(daemon), listener_(listener) {
    daemon->attempts_.push_back(daemon->executor_->Now());
    daemon->executor_->Post([this, alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired()) Answer();
    });
  }
  ~FakeSession() override {
    if (daemon_->listener_ == listener_) daemon_->Forget();
  }

  absl::Status Send(absl::string_view command) override {
    if (absl::StartsWith(command, "unsendable")) return absl::InvalidArgumentError("unsendable");
    daemon_->commands_.emplace_back(command);
    daemon_->input_.emplace_back(command);
    return absl::OkStatus();
  }
  void Halt(uint32_t id) override {
    ++daemon_->halts_;
    daemon_->input_.push_back(absl::StrCat("halt ", id));
  }
  void Done() override {}

 private:
  void Answer() {
    if (daemon_->answer == FakeDaemon::Answer::kReady) daemon_->Connected(listener_);
    if (daemon_->answer == FakeDaemon::Answer::kRefused) {
      listener_->OnClosed(absl::UnavailableError("connection refused"));
    }
  }

  FakeDaemon* const daemon_;
  control::SessionListener* const listener_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

std::unique_ptr<control::Connector> FakeDaemon::MakeConnector() {
  class FakeConnector : public control::Connector {
   public:
    explicit FakeConnector(FakeDaemon* daemon) : daemon_(daemon) {}
    std::unique_ptr<control::Session> Connect(control::SessionListener* listener) override {
      return std::make_unique<FakeSession>(daemon_, listener);
    }
    std::unique_ptr<control::Connector> Attaching(
        const control::Attachment& attachment) const override {
      if (daemon_->version_date == 0) return nullptr;
      const std::string attach = control::AttachCommand(attachment).value();
      std::unique_ptr<FakeDaemon>& own = daemon_->own_[attach];
      if (own == nullptr) own = std::make_unique<FakeDaemon>(daemon_->executor_);
      own->version_date = daemon_->version_date;
      own->answer = daemon_->own_answer;
      own->list_record = FakeRecord(1, attach);
      return own->MakeConnector();
    }

   private:
    FakeDaemon* const daemon_;
  };
  if (list_record.empty()) list_record = FakeRecord(1, "list");
  if (cycle_record.empty()) cycle_record = FakeRecord(2, "cycle");
  return std::make_unique<FakeConnector>(this);
}

std::vector<FakeDaemon*> FakeDaemon::owns() const {
  std::vector<FakeDaemon*> all;
  for (const auto& [attach, daemon] : own_) all.push_back(daemon.get());
  return all;
}

std::vector<std::string> FakeDaemon::Unfinished() const {
  std::vector<std::string> all(input_.begin(), input_.end());
  for (const std::deque<Job>* jobs : {&queue_, &parked_, &running_}) {
    for (const Job& job : *jobs) all.push_back(absl::StrCat(job.destination, " ", job.token));
  }
  return all;
}

void FakeDaemon::Connected(control::SessionListener* listener) {
  listener_ = listener;
  control::DaemonInfo info;
  if (version_date != 0) {
    info.version = absl::StrCat(version_date);
    info.version_date = version_date;
    info.pps = 100;
    info.monitor_name = "monitor";
  }
  listener->OnAttached(info);
  listener->OnMore();
  listener->OnRecord(std::nullopt, false, list_record);
  if (listener_ != nullptr) listener->OnRecord(std::nullopt, false, cycle_record);
}

void FakeDaemon::Forget() {
  listener_ = nullptr;
  last_id_ = 0;
  input_.clear();
  queue_.clear();
  parked_.clear();
  running_.clear();
  lines_.clear();
  data_.clear();
}

void FakeDaemon::Kill() {
  if (listener_ == nullptr) return;
  control::SessionListener* const listener = listener_;
  Forget();
  listener->OnClosed(absl::UnavailableError("connection reset"));
}

bool FakeDaemon::ReadLine() {
  if (input_.empty()) return false;
  const std::string line = std::move(input_.front());
  input_.pop_front();
  uint32_t id = 0;
  if (absl::StartsWith(line, "halt ") && absl::SimpleAtoi(line.substr(5), &id)) {
    HaltJob(id);
  } else if (absl::StartsWith(line, "bad")) {
    lines_.push_back([text = rejection](control::SessionListener* l) { l->OnRejected(text); });
  } else {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    queue_.push_back({++last_id_, words.at(1), words.at(2)});
    lines_.push_back([id = last_id_](control::SessionListener* l) { l->OnAccepted(id); });
  }
  return true;
}

bool FakeDaemon::TakeOut(std::deque<Job>& jobs, uint32_t id, Job* job) {
  const auto it = std::find_if(jobs.begin(), jobs.end(), [&](const Job& j) { return j.id == id; });
  if (it == jobs.end()) return false;
  *job = *it;
  jobs.erase(it);
  return true;
}

void FakeDaemon::HaltJob(uint32_t id) {
  Job job;
  const bool ran = TakeOut(running_, id, &job);
  const bool known = ran || TakeOut(queue_, id, &job) || TakeOut(parked_, id, &job);
  lines_.push_back([id, known](control::SessionListener* l) { l->OnHalted(id, known); });
  if (known) Emit(job, "halted", false);
  if (ran) Unpark(job.destination);
}

bool FakeDaemon::StartNext() {
  if (queue_.empty()) return false;
  const Job job = queue_.front();
  queue_.pop_front();
  const bool busy = std::any_of(running_.begin(), running_.end(), [&](const Job& other) {
    return other.destination == job.destination;
  });
  (busy ? parked_ : running_).push_back(job);
  if (queue_.empty()) lines_.push_back([](control::SessionListener* l) { l->OnMore(); });
  return true;
}

bool FakeDaemon::Finish(size_t running) {
  if (running >= running_.size()) return false;
  const Job job = running_[running];
  running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(running));
  Emit(job, "done", false);
  Unpark(job.destination);
  return true;
}

bool FakeDaemon::Interim(size_t running) {
  if (running >= running_.size()) return false;
  Emit(running_[running], "interim", true);
  return true;
}

void FakeDaemon::Emit(const Job& job, absl::string_view how, bool in_progress) {
  data_.push_back({ids_in_records ? std::make_optional(job.id) : std::nullopt, in_progress,
                   FakeRecord(7, absl::StrCat(job.destination, " ", job.token, " ", how))});
}

void FakeDaemon::Unpark(const std::string& destination) {
  std::deque<Job> back, stay;
  for (Job& job : parked_) (job.destination == destination ? back : stay).push_back(job);
  parked_ = std::move(stay);
  queue_.insert(queue_.begin(), back.begin(), back.end());
}

bool FakeDaemon::Write() {
  if (lines_.empty() && data_.empty()) return false;
  while (listener_ != nullptr && !lines_.empty()) {
    const Line line = std::move(lines_.front());
    lines_.pop_front();
    line(listener_);
  }
  if (listener_ != nullptr && !data_.empty()) {
    Data data = std::move(data_.front());
    data_.pop_front();
    listener_->OnRecord(data.id, data.in_progress, std::move(data.record));
  }
  return true;
}

void FakeDaemon::RunDry() {
  while (ReadLine() || StartNext() || Finish(0) || Write()) {
  }
}

std::string FakeRecord(uint16_t type, absl::string_view body) {
  const auto size = static_cast<uint32_t>(body.size());
  std::string record = {0x12, 0x05, static_cast<char>(type >> 8), static_cast<char>(type)};
  for (int shift = 24; shift >= 0; shift -= 8) record += static_cast<char>(size >> shift);
  return absl::StrCat(record, body);
}

absl::Status FakeRecordReader::ReadList(absl::string_view record, v1::List* list) const {
  if (record.substr(kHeader) == "damaged") return absl::DataLossError("damaged");
  list->set_name(std::string(record.substr(kHeader)));
  return absl::OkStatus();
}

absl::Status FakeRecordReader::ReadCycle(absl::string_view record, v1::Cycle* cycle) const {
  if (record.substr(kHeader) == "damaged") return absl::DataLossError("damaged");
  cycle->set_hostname(std::string(record.substr(kHeader)));
  return absl::OkStatus();
}

absl::StatusOr<broker::ResultKey> FakeRecordReader::Key(absl::string_view record) const {
  const std::vector<std::string> words = absl::StrSplit(record.substr(kHeader), ' ');
  if (words.size() != 3) return absl::DataLossError("damaged");
  return broker::ResultKey{words[0], words[2] == "halted"};
}

}  // namespace scamper::fakes
