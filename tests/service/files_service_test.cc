// SPDX-License-Identifier: Apache-2.0
#include "server/service/files_service.h"

#include <cstdlib>
#include <ctime>

#include "tests/service/files_service_testing.h"

namespace scamper::service {
namespace {

using files::AList;
using files::APing;
using grpc::StatusCode;
using records::ReadRecording;
using records::RecordOf;
using records::SplitRecords;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(FilesServiceTest, ConversionOfARecordingIsThatOfTheLibrary) {
  Start();
  const std::string file = ReadRecording("20260420", "trace.warts");
  for (const size_t size : {size_t{100}, file.size()}) {
    const auto same = Convert(Requests(ConvertTo(v1::OUTPUT_FORMAT_WARTS), file, size));
    EXPECT_TRUE(same.status.ok()) << same.status.error_message();
    EXPECT_TRUE(same.Bytes() == file);
    EXPECT_EQ(same.summary().records(), SplitRecords(file).size());
    EXPECT_EQ(same.summary().bytes_in(), file.size());
    EXPECT_EQ(same.summary().bytes_out(), file.size());
    EXPECT_EQ(same.summary().records_by_type().at(6) + 3, same.summary().records());
  }
  v1::ConvertRequest to_json = ConvertTo(v1::OUTPUT_FORMAT_JSON);
  to_json.mutable_options()->mutable_output()->set_scamper_json(true);
  setenv("TZ", "UTC", 1);
  tzset();
  EXPECT_EQ(Convert(Requests(to_json, file)).Bytes(), ReadRecording("20260420", "trace.json"));
  EXPECT_EQ(Convert(Requests(ConvertTo(v1::OUTPUT_FORMAT_TEXT), file)).Bytes(),
            ReadRecording("20260420", "trace.txt"));
}

TEST_F(FilesServiceTest, CompressionGoesBothWays) {
  Start();
  const std::string file = ReadRecording("20260420", "ping.warts");
  for (const auto compression : {v1::COMPRESSION_GZIP, v1::COMPRESSION_BZIP2, v1::COMPRESSION_XZ}) {
    v1::ConvertRequest first = ConvertTo(v1::OUTPUT_FORMAT_WARTS);
    first.mutable_options()->mutable_output()->set_compression(compression);
    const std::string small = Convert(Requests(first, file)).Bytes();
    EXPECT_LT(small.size(), file.size());
    EXPECT_TRUE(Convert(Requests(ConvertTo(v1::OUTPUT_FORMAT_WARTS), small)).Bytes() == file);
  }
}

TEST_F(FilesServiceTest, ChunksOfTheOutputAreSmallWhateverTheRecord) {
  Start();
  const std::string file = RecordOf(99, std::string(3000000, 'x'));
  const auto out = Convert(Requests(ConvertTo(v1::OUTPUT_FORMAT_WARTS), file, 1000000));
  EXPECT_TRUE(out.Bytes() == file);
  for (const v1::ConvertResponse& response : out.responses)
    EXPECT_LE(response.chunk().size(), size_t{512} << 10);
}

TEST_F(FilesServiceTest, DamageIsDataLossBehindAllThatPrecedesIt) {
  Start();
  const std::string file = APing(0, 0, 1) + APing(0, 0, 2);
  const auto out = Convert(Requests(ConvertTo(v1::OUTPUT_FORMAT_WARTS), file + "rubbish"));
  EXPECT_EQ(out.status.error_code(), StatusCode::DATA_LOSS);
  EXPECT_THAT(out.status.error_message(), HasSubstr("record 2"));
  EXPECT_EQ(out.Bytes(), file);
  v1::ReadRequest options;
  options.mutable_options();
  const auto read = Read(Requests(options, file + "rubbish"));
  EXPECT_EQ(read.status.error_code(), StatusCode::DATA_LOSS);
  ASSERT_EQ(read.responses.size(), 1u);
  EXPECT_EQ(read.responses[0].records().records_size(), 2);
}

TEST_F(FilesServiceTest, RecoveryReportsRegionsInOrderAmongTheRecords) {
  Start();
  v1::ReadRequest first;
  first.mutable_options()->mutable_input()->set_recover(true);
  const std::string file =
      APing(0, 0, 1) + "rubbish" + APing(0, 0, 2) + RecordOf(6, "\xff\xff\xff") + APing(0, 0, 3);
  const auto out = Read(Requests(first, file));
  EXPECT_TRUE(out.status.ok()) << out.status.error_message();
  std::vector<std::string> seen;
  for (const v1::ReadResponse& response : out.responses) {
    for (const v1::FileRecord& record : response.records().records())
      seen.push_back(absl::StrCat("ping ", record.record().ping().userid()));
    if (response.has_skipped())
      seen.push_back(absl::StrCat("skipped ", response.skipped().length()));
  }
  EXPECT_THAT(seen, ElementsAre("ping 1", "skipped 7", "ping 2", "skipped 11", "ping 3"));
  EXPECT_EQ(out.summary().regions_skipped(), 2u);
  EXPECT_EQ(out.summary().bytes_skipped(), 18u);

  v1::ConvertRequest convert = ConvertTo(v1::OUTPUT_FORMAT_WARTS);
  convert.mutable_options()->mutable_input()->set_recover(true);
  const auto converted = Convert(Requests(convert, file));
  EXPECT_EQ(converted.Bytes(), APing(0, 0, 1) + APing(0, 0, 2) + APing(0, 0, 3));
  EXPECT_EQ(converted.responses[0].skipped().offset(), APing(0, 0, 1).size());
}

TEST_F(FilesServiceTest, FilterDeliversTheTypesItNames) {
  Start();
  v1::ReadRequest first;
  first.mutable_options()->mutable_input()->add_filter_types(7);
  const auto out = Read(Requests(first, AList(1, "a") + RecordOf(99, "other") + APing(1, 0)));
  ASSERT_EQ(out.responses.size(), 2u);
  ASSERT_EQ(out.responses[0].records().records_size(), 1);
  const v1::FileRecord& record = out.responses[0].records().records(0);
  EXPECT_EQ(record.index(), 2u);
  EXPECT_EQ(record.list().name(), "a");
  EXPECT_FALSE(record.has_warts());
  EXPECT_EQ(record.addresses_size(), 0);
}

TEST_F(FilesServiceTest, RecordsComeWithTheirBytesAndAddressesWhenAsked) {
  Start();
  const std::string file = ReadRecording("20260420", "ping.warts");
  v1::ReadRequest first;
  first.mutable_options()->set_warts(true);
  first.mutable_options()->set_addresses(true);
  const auto out = Read(Requests(first, file));
  EXPECT_TRUE(out.status.ok()) << out.status.error_message();
  std::string bytes;
  int addresses = 0;
  for (const v1::ReadResponse& response : out.responses) {
    for (const v1::FileRecord& record : response.records().records()) {
      EXPECT_EQ(record.offset(), bytes.size());
      bytes += record.warts();
      addresses += record.addresses_size();
    }
  }
  EXPECT_TRUE(bytes == file);
  EXPECT_GT(addresses, 0);
}

TEST_F(FilesServiceTest, RecordsComeWhileTheClientStillMeasures) {
  Start();
  grpc::ClientContext context;
  const auto stream = stub_->Read(&context);
  v1::ReadRequest first;
  first.mutable_options();
  stream->Write(first);
  for (uint32_t i = 0; i < 3; ++i) {
    stream->Write(Chunk<v1::ReadRequest>(APing(0, 0, i)));
    v1::ReadResponse response;
    ASSERT_TRUE(stream->Read(&response));
    ASSERT_EQ(response.records().records_size(), 1);
    EXPECT_EQ(response.records().records(0).record().ping().userid(), i);
  }
  stream->WritesDone();
  v1::ReadResponse last;
  ASSERT_TRUE(stream->Read(&last));
  EXPECT_EQ(last.summary().records(), 3u);
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(FilesServiceTest, WhatWasReadIsWrittenAgain) {
  Start();
  const std::string file = ReadRecording("20260420", "trace.warts");
  v1::ReadRequest read;
  read.mutable_options();
  std::vector<v1::WriteRequest> requests(1);
  requests[0].mutable_options()->mutable_output()->set_format(v1::OUTPUT_FORMAT_WARTS);
  for (const v1::ReadResponse& response : Read(Requests(read, file)).responses) {
    if (!response.has_records()) continue;
    *requests.emplace_back().mutable_records()->mutable_records() = response.records().records();
  }
  const auto out = Write(requests);
  EXPECT_TRUE(out.status.ok()) << out.status.error_message();
  EXPECT_TRUE(out.Bytes() == file);
  EXPECT_EQ(out.summary().records(), SplitRecords(file).size());
  EXPECT_EQ(out.summary().bytes_out(), file.size());
}

TEST_F(FilesServiceTest, RecordThatCannotBeWrittenIsNamedByItsNumberInTheCall) {
  Start();
  std::vector<v1::WriteRequest> requests(3);
  requests[0].mutable_options()->mutable_output()->set_format(v1::OUTPUT_FORMAT_WARTS);
  for (int i = 0; i < 2; ++i) {
    *requests[1].mutable_records()->add_records()->mutable_record() = records::ReadOk(APing(0, 0));
  }
  v1::Record* bad = requests[2].mutable_records()->add_records()->mutable_record();
  *bad = records::ReadOk(APing(7, 0));
  EXPECT_THAT(Fields(Write(requests).status), ElementsAre("records[2].record.ping.list_id"));
  bad->mutable_ping()->clear_list_id();
  bad->mutable_ping()->set_ttl(256);
  const auto out = Write(requests);
  EXPECT_THAT(Fields(out.status), ElementsAre("records[2].record"));
  EXPECT_THAT(out.status.error_message(), HasSubstr("ttl"));
}

TEST_F(FilesServiceTest, RequestsThatAreNotRightNameTheirField) {
  Start();
  const auto chunk = Chunk<v1::ConvertRequest>(APing(0, 0));
  const v1::ConvertRequest options = ConvertTo(v1::OUTPUT_FORMAT_WARTS);
  EXPECT_THAT(Fields(Convert({}).status), ElementsAre("options"));
  EXPECT_THAT(Fields(Convert({chunk}).status), ElementsAre("options"));
  EXPECT_THAT(Fields(Convert({options, chunk, options}).status), ElementsAre("options"));
  EXPECT_THAT(Fields(Convert({options, {}}).status), ElementsAre("part"));
  EXPECT_THAT(
      Fields(Convert({options, Chunk<v1::ConvertRequest>(std::string(4200000, 'x'))}).status),
      ElementsAre("chunk"));
  v1::ConvertRequest bad;
  v1::ConvertOptions* all = bad.mutable_options();
  all->mutable_input()->set_file("../x");
  all->mutable_input()->add_filter_types(7);
  all->mutable_input()->add_filter_types(0);
  all->mutable_output()->set_scamper_json(true);
  EXPECT_THAT(Fields(Convert({bad}).status),
              ElementsAre("options.input.file", "options.input.filter_types[1]",
                          "options.output.format", "options.output.scamper_json"));
  v1::ConvertRequest named;
  named.mutable_options()->mutable_output()->set_file("what.zip");
  EXPECT_THAT(Fields(Convert({named}).status), ElementsAre("options.output.file"));
  EXPECT_THAT(Fields(Upload("a/b", "")), ElementsAre("options.file"));
  EXPECT_THAT(Fields(Write({}).status), ElementsAre("options"));
  EXPECT_THAT(Fields(Read({}).status), ElementsAre("options"));
}

TEST_F(FilesServiceTest, InputOfNoKnownKindIsAnInvalidArgument) {
  Start();
  const auto out = Convert(Requests(ConvertTo(v1::OUTPUT_FORMAT_JSON), "rubbish"));
  EXPECT_EQ(out.status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(out.status.error_message(), HasSubstr("no known kind"));
}

// A conversion that is at work: it has told of a region that it skipped, and waits for more.
class AtWork {
 public:
  explicit AtWork(v1::ScamperFiles::Stub& stub) : stream_(stub.Convert(&context_)) {
    v1::ConvertRequest first = ConvertTo(v1::OUTPUT_FORMAT_WARTS);
    first.mutable_options()->mutable_input()->set_recover(true);
    stream_->Write(first);
    stream_->Write(Chunk<v1::ConvertRequest>("rubbish" + APing(0, 0) + APing(0, 0)));
    v1::ConvertResponse response;
    EXPECT_TRUE(stream_->Read(&response));
    EXPECT_TRUE(response.has_skipped());
  }

  void Cancel() { context_.TryCancel(); }
  void Complete() { stream_->WritesDone(); }
  // To the end.
  grpc::Status Finish() {
    v1::ConvertResponse response;
    while (stream_->Read(&response)) continue;
    return stream_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ConvertRequest, v1::ConvertResponse>> stream_;
};

TEST_F(FilesServiceTest, MoreCallsThanThereIsRoomForAreRefusedUntilOneEnds) {
  Start(2);
  AtWork first(*stub_);
  AtWork second(*stub_);
  EXPECT_EQ(Convert({ConvertTo(v1::OUTPUT_FORMAT_WARTS)}).status.error_code(),
            StatusCode::RESOURCE_EXHAUSTED);
  Download("a", StatusCode::RESOURCE_EXHAUSTED);
  first.Complete();
  EXPECT_TRUE(first.Finish().ok());
  EXPECT_TRUE(Convert({ConvertTo(v1::OUTPUT_FORMAT_WARTS)}).status.ok());
  second.Complete();
  EXPECT_TRUE(second.Finish().ok());
}

TEST_F(FilesServiceTest, CancelledCallMakesRoom) {
  Start(1);
  AtWork call(*stub_);
  call.Cancel();
  EXPECT_EQ(call.Finish().error_code(), StatusCode::CANCELLED);
  WaitForRoom();
}

TEST_F(FilesServiceTest, CancelledCallThatWaitsForItsReaderMakesRoom) {
  Start(1);
  ASSERT_TRUE(Upload("large", std::string(4000000, 'x')).ok());
  {
    grpc::ClientContext context;
    v1::DownloadRequest request;
    request.set_file("large");
    const auto stream = stub_->Download(&context, request);
    v1::DownloadResponse response;
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(Upload("b", "").error_code(), StatusCode::RESOURCE_EXHAUSTED);
    context.TryCancel();
    while (stream->Read(&response)) continue;
    stream->Finish();
  }
  WaitForRoom();
}

TEST_F(FilesServiceTest, ShutDownEndsCallsAndRefusesNewOnes) {
  Start();
  AtWork call(*stub_);
  service_->ShutDown();
  EXPECT_EQ(call.Finish().error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(Convert({ConvertTo(v1::OUTPUT_FORMAT_WARTS)}).status.error_code(),
            StatusCode::UNAVAILABLE);
}

TEST_F(FilesServiceTest, ManyCallsAtATimeDoNotMixTheirFiles) {
  Start(16);
  std::vector<std::thread> clients;
  for (uint32_t c = 0; c < 8; ++c) {
    clients.emplace_back([this, c] {
      std::string file;
      while (file.size() < 2000000) file += APing(0, 0, c);
      for (int i = 0; i < 3; ++i) {
        const auto out = Convert(Requests(ConvertTo(v1::OUTPUT_FORMAT_WARTS), file, 50000));
        EXPECT_TRUE(out.status.ok()) << out.status.error_message();
        EXPECT_TRUE(out.Bytes() == file);
      }
    });
  }
  for (std::thread& client : clients) client.join();
}

}  // namespace
}  // namespace scamper::service
