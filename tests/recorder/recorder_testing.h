// SPDX-License-Identifier: Apache-2.0
// Results to record, and an executor of a test.
#pragma once

#include <deque>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "gtest/gtest.h"
#include "scamper/v1/files.pb.h"
#include "server/base/executor.h"
#include "server/files/record_stream.h"
#include "server/io/string_io.h"
#include "server/recorder/numbering.h"
#include "tests/records/records_testing.h"

namespace scamper::recorder {

struct Result {
  Under under;
  std::string record;
};

// A connection to an instance of that name, which numbers its list and cycle as it likes.
inline Under MakeUnder(const std::string& name, uint32_t number = 1,
                       int64_t start = 1'700'000'000) {
  auto list = std::make_shared<v1::List>();
  list->set_warts_id(number);
  list->set_name(name);
  list->set_monitor(name + "-monitor");
  auto cycle = std::make_shared<v1::Cycle>();
  cycle->set_warts_id(number);
  cycle->set_list_id(number);
  cycle->set_id(1);
  cycle->mutable_start()->set_seconds(start);
  cycle->set_hostname(name + ".example");
  return {std::move(list), std::move(cycle)};
}

// A ping as that connection gives it, with `userid`.
inline Result MakePing(const Under& under, uint32_t userid) {
  static const std::vector<std::string>* const records = new std::vector<std::string>(
      records::SplitRecords(records::ReadRecording("20260420", "ping.warts")));
  v1::Record ping;
  EXPECT_TRUE(records::Read(records->at(2), &ping).ok());
  ping.mutable_ping()->set_userid(userid);
  ping.mutable_ping()->set_list_id(under.list->warts_id());
  ping.mutable_ping()->set_cycle_id(under.cycle->warts_id());
  return {under, records::Write(ping).value()};
}

// Every record of a warts file, with its list and cycle; the file is whole.
inline std::vector<v1::FileRecord> ReadBack(const std::string& file) {
  files::RecordStream stream(std::make_unique<io::StringSource>(file), {});
  std::vector<v1::FileRecord> records;
  while (true) {
    const auto record = stream.Next();
    EXPECT_TRUE(record.ok()) << record.status();
    if (!record.ok() || *record == nullptr) return records;
    files::ToProto(**record, &records.emplace_back());
  }
}

// "type name-of-its-list" of each record, and of pings the userid.
inline std::vector<std::string> Summary(const std::string& file) {
  std::vector<std::string> lines;
  for (const v1::FileRecord& item : ReadBack(file)) {
    const v1::Record& record = item.record();
    std::string line = v1::Record::descriptor()->FindFieldByNumber(record.kind_case())->name();
    if (record.has_list()) line += " " + record.list().name();
    if (item.has_list()) line += " " + item.list().name();
    if (record.has_ping()) line += " " + std::to_string(record.ping().userid());
    if (record.has_cycle_stop()) line += " " + std::to_string(record.cycle_stop().stop().seconds());
    lines.push_back(std::move(line));
  }
  return lines;
}

// Runs what is posted on the thread of the test. The clock stands.
class TestExecutor : public base::Executor {
 public:
  void Post(std::function<void()> f) override {
    absl::MutexLock lock(&mutex_);
    posted_.push_back(std::move(f));
    ++posts_;
  }
  std::unique_ptr<base::Timer> After(absl::Duration, std::function<void()>) override {
    return nullptr;
  }
  absl::Time Now() override { return absl::FromUnixSeconds(1'800'000'000); }

  // Runs what comes until `done`.
  void RunUntil(const std::function<bool()>& done) {
    const auto any = [this] { return !posted_.empty(); };
    while (!done()) {
      std::function<void()> f;
      {
        absl::MutexLock lock(&mutex_);
        if (!mutex_.AwaitWithTimeout(absl::Condition(&any), absl::Seconds(60))) {
          ADD_FAILURE() << "nothing is posted";
          return;
        }
        f = std::move(posted_.front());
        posted_.pop_front();
      }
      f();
    }
  }

  int posts() {
    absl::MutexLock lock(&mutex_);
    return posts_;
  }

 private:
  absl::Mutex mutex_;
  std::deque<std::function<void()>> posted_;
  int posts_ = 0;
};

}  // namespace scamper::recorder
