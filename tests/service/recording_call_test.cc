// SPDX-License-Identifier: Apache-2.0
// Runs and sessions that are recorded, over gRPC.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/recorder/recorder.h"
#include "server/store/store.h"
#include "tests/recorder/recorder_testing.h"
#include "tests/service/service_testing.h"

namespace scamper::service {
namespace {

using testing::HasSubstr;

class RecordingCallTest : public ServiceTest {
 protected:
  RecordingCallTest() {
    char pattern[] = "/tmp/recording_call_test-XXXXXX";
    folder_ = mkdtemp(pattern);
  }
  ~RecordingCallTest() override {
    StopServer();
    recorder_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  // A server on `names`, with a store of that quota.
  void StartWithStore(std::vector<std::string> names, uint64_t max_bytes = 0) {
    absl::StatusOr<std::unique_ptr<store::Store>> store = store::Store::Open(folder_, max_bytes);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    recorder_ = std::make_unique<recorder::Recorder>(store_.get(), thread_.executor(),
                                                     recorder::RecorderOptions{});
    Start(std::move(names), {}, {}, recorder_.get());
  }

  // Pings 0 to `count` - 1 from all instances, recorded as `file`.
  static v1::RunRequest Request(const std::string& file, uint32_t count = 1) {
    v1::RunRequest request;
    for (uint32_t u = 0; u < count; ++u) *request.add_measurements() = Ping("192.0.2.6", u);
    request.set_all_instances(true);
    request.mutable_recording()->set_file(file);
    return request;
  }
  std::string Refused(const v1::RunRequest& request) {
    grpc::Status status;
    EXPECT_TRUE(Run(request, &status).empty());
    return absl::StrCat(status.error_code(), " ", status.error_message());
  }

  // How many there are in a file of plain warts, each with its list and cycle.
  size_t Pings(const std::string& name) {
    std::ifstream file(folder_ + "/" + name, std::ios::binary);
    EXPECT_TRUE(file.good()) << name;
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    size_t pings = 0;
    for (const v1::FileRecord& record : recorder::ReadBack(content)) {
      if (!record.record().has_ping()) continue;
      ++pings;
      EXPECT_FALSE(record.list().name().empty());
      EXPECT_TRUE(record.cycle().has_start());
    }
    return pings;
  }

  std::string folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<recorder::Recorder> recorder_;
};

TEST_F(RecordingCallTest, ARunIsAFileBeforeItIsDone) {
  StartWithStore({"vp1", "vp2"});
  grpc::Status status;
  const std::vector<v1::RunResponse> events = Run(Request("a.warts", 50), &status);
  EXPECT_TRUE(status.ok()) << status.error_message();
  const v1::RunDone& done = events.back().done();
  EXPECT_EQ(done.ledger().results(), 100u);
  EXPECT_EQ(done.recording().file().name(), "a.warts");
  EXPECT_EQ(done.recording().file().size(), std::filesystem::file_size(folder_ + "/a.warts"));
  EXPECT_FALSE(done.recording().has_error());
  EXPECT_EQ(done.recording().left_out(), 0u);
  EXPECT_EQ(Pings("a.warts"), 100u);
}

TEST_F(RecordingCallTest, WhatCannotBeRecordedDoesNotBegin) {
  StartWithStore({"vp1"});
  EXPECT_THAT(Refused(Request("a.unknown")), HasSubstr("3 recording.file: "));
  EXPECT_THAT(Refused(Request("../a.warts")), HasSubstr("3 recording.file: "));
  EXPECT_THAT(Refused(Request("")), HasSubstr("3 recording.file: must be set"));
  grpc::Status status;
  Run(Request("a.warts"), &status);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(Refused(Request("a.warts")), HasSubstr("6 "));
  v1::RunRequest again = Request("a.warts", 3);
  again.mutable_recording()->set_overwrite(true);
  Run(again, &status);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(Pings("a.warts"), 3u);
}

TEST_F(RecordingCallTest, WithoutAStoreARecordingIsRefused) {
  Start({"vp1"});
  EXPECT_THAT(Refused(Request("a.warts")), HasSubstr("9 the server keeps no store"));
}

TEST_F(RecordingCallTest, AFullStoreEndsTheRunAndEveryResultIsDelivered) {
  StartWithStore({"vp1"}, 2000);
  grpc::Status status;
  const std::vector<v1::RunResponse> events = Run(Request("a.warts", 150), &status);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  const v1::RunDone& done = events.back().done();
  EXPECT_EQ(done.recording().error().code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  uint64_t results = 0;
  for (const v1::RunResponse& event : events) {
    results += event.has_result() && event.result().outcome() == v1::TASK_OUTCOME_RESULT ? 1 : 0;
  }
  EXPECT_EQ(results, done.ledger().results());
  EXPECT_EQ(done.ledger().accepted() + done.not_accepted(), 150u);
  EXPECT_LT(Pings("a.warts"), 150u);
}

TEST_F(RecordingCallTest, ACallThatIsGivenUpLeavesWhatItGot) {
  StartWithStore({"vp1"});
  grpc::ClientContext context;
  auto stream = stub_->Run(&context, Request("a.warts", 150));
  v1::RunResponse event;
  for (int results = 0; results < 4 && stream->Read(&event);) results += event.has_result() ? 1 : 0;
  context.TryCancel();
  while (stream->Read(&event)) {
  }
  stream->Finish();
  while (!std::filesystem::exists(folder_ + "/a.warts")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_GE(Pings("a.warts"), 4u);
}

TEST_F(RecordingCallTest, ASessionIsRecorded) {
  StartWithStore({"vp1"});
  grpc::ClientContext context;
  auto stream = stub_->Session(&context);
  v1::SessionRequest request;
  request.mutable_open()->mutable_recording()->set_file("s.warts");
  stream->Write(request);
  for (uint32_t u = 0; u < 10; ++u) {
    request.mutable_submit()->set_reference(u);
    *request.mutable_submit()->mutable_measurement() = Ping("192.0.2.6", u);
    stream->Write(request);
  }
  request.mutable_done();
  stream->Write(request);
  v1::SessionResponse last, event;
  while (stream->Read(&event)) last = event;
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(last.finished().recording().file().name(), "s.warts");
  EXPECT_EQ(Pings("s.warts"), 10u);
}

}  // namespace
}  // namespace scamper::service
