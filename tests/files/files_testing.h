// SPDX-License-Identifier: Apache-2.0
// Files in memory for tests of reading and writing them.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/files/record_stream.h"
#include "tests/records/records_testing.h"

namespace scamper::files {

using records::ReadRecording;
using records::RecordOf;
using records::SplitRecords;
using records::WriteOk;

// Delivers a string a few bytes at a time, then ends or fails.
class DribblingSource : public io::ByteSource {
 public:
  explicit DribblingSource(std::string bytes, size_t step = 7, absl::Status end = absl::OkStatus())
      : bytes_(std::move(bytes)), step_(step), end_(std::move(end)) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    largest_ = std::max(largest_, size);
    const size_t n = std::min({size, step_, bytes_.size() - at_});
    if (n == 0 && !end_.ok()) return end_;
    std::memcpy(buffer, bytes_.data() + at_, n);
    at_ += n;
    return n;
  }

  // The most room that was ever offered.
  size_t largest() const { return largest_; }

 private:
  std::string bytes_;
  size_t step_;
  absl::Status end_;
  size_t at_ = 0;
  size_t largest_ = 0;
};

// All that a file gives.
struct Result {
  // Bytes of each record.
  std::vector<std::string> records;
  std::vector<SkippedRegion> skipped;
  // OK: a clean end.
  absl::Status end;
};

inline Result ReadAll(std::unique_ptr<io::ByteSource> source, StreamOptions options = {}) {
  Result result;
  options.on_skipped = [&](const SkippedRegion& region) { result.skipped.push_back(region); };
  RecordStream stream(std::move(source), std::move(options));
  while (true) {
    const auto record = stream.Next();
    result.end = record.status();
    if (!record.ok() || *record == nullptr) break;
    result.records.emplace_back((*record)->bytes);
  }
  const auto again = stream.Next();
  EXPECT_EQ(again.status(), result.end);
  return result;
}

inline Result ReadAll(const std::string& file, StreamOptions options = {}) {
  return ReadAll(std::make_unique<DribblingSource>(file, 1000), std::move(options));
}

inline StreamOptions Recovering() {
  StreamOptions options;
  options.recover = true;
  return options;
}

inline std::string Join(const std::vector<std::string>& records) {
  std::string file;
  for (const std::string& record : records) file += record;
  return file;
}

inline std::string APing(uint32_t list, uint32_t cycle, uint32_t userid = 0) {
  v1::Record record;
  record.mutable_ping()->set_dst("192.0.2.2");
  if (list != 0) record.mutable_ping()->set_list_id(list);
  if (cycle != 0) record.mutable_ping()->set_cycle_id(cycle);
  record.mutable_ping()->set_userid(userid);
  return WriteOk(record);
}

inline std::string AList(uint32_t warts_id, const std::string& name) {
  v1::Record record;
  record.mutable_list()->set_warts_id(warts_id);
  record.mutable_list()->set_id(0);
  record.mutable_list()->set_name(name);
  return WriteOk(record);
}

inline std::string ACycle(uint32_t warts_id, uint32_t list_id, uint32_t id, bool start = true) {
  v1::Record record;
  v1::Cycle* cycle = start ? record.mutable_cycle_start() : record.mutable_cycle_definition();
  cycle->set_warts_id(warts_id);
  cycle->set_list_id(list_id);
  cycle->set_id(id);
  cycle->mutable_start()->set_seconds(1000);
  return WriteOk(record);
}

inline std::string ACycleStop(uint32_t warts_id) {
  v1::Record record;
  record.mutable_cycle_stop()->set_cycle_id(warts_id);
  record.mutable_cycle_stop()->mutable_stop()->set_seconds(2000);
  return WriteOk(record);
}

}  // namespace scamper::files
