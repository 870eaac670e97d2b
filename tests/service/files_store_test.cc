// SPDX-License-Identifier: Apache-2.0
// Files that the server keeps.
#include "tests/service/files_service_testing.h"

namespace scamper::service {
namespace {

using files::APing;
using grpc::StatusCode;
using records::ReadRecording;
using records::SplitRecords;
using testing::ElementsAre;

TEST_F(FilesServiceTest, StoreKeepsListsAndGivesBack) {
  Start();
  v1::StoredFile file;
  ASSERT_TRUE(Upload("b.warts", std::string(700000, 'x'), false, true, &file).ok());
  ASSERT_TRUE(Upload("a.warts", "hello").ok());
  EXPECT_EQ(file.name(), "b.warts");
  EXPECT_EQ(file.size(), 700000u);
  EXPECT_GT(file.modified().seconds(), 0);
  EXPECT_THAT(Names(), ElementsAre("a.warts", "b.warts"));
  EXPECT_EQ(Download("a.warts"), "hello");
  EXPECT_EQ(Download("b.warts"), std::string(700000, 'x'));
  EXPECT_EQ(Upload("a.warts", "again").error_code(), StatusCode::ALREADY_EXISTS);
  ASSERT_TRUE(Upload("a.warts", "again", true).ok());
  EXPECT_EQ(Download("a.warts"), "again");
  v1::DeleteFileRequest deletion;
  deletion.set_file("a.warts");
  v1::DeleteFileResponse deleted;
  grpc::ClientContext first;
  EXPECT_TRUE(stub_->DeleteFile(&first, deletion, &deleted).ok());
  grpc::ClientContext second;
  EXPECT_EQ(stub_->DeleteFile(&second, deletion, &deleted).error_code(), StatusCode::NOT_FOUND);
  Download("a.warts", StatusCode::NOT_FOUND);
}

TEST_F(FilesServiceTest, PagesGoThroughAllFiles) {
  Start();
  for (const char* name : {"a", "b", "c", "d", "e"}) ASSERT_TRUE(Upload(name, "12").ok());
  v1::ListFilesRequest request;
  request.set_page_size(2);
  std::vector<std::string> names;
  do {
    grpc::ClientContext context;
    v1::ListFilesResponse response;
    ASSERT_TRUE(stub_->ListFiles(&context, request, &response).ok());
    EXPECT_LE(response.files_size(), 2);
    EXPECT_EQ(response.total_size(), 10u);
    for (const v1::StoredFile& file : response.files()) names.push_back(file.name());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre("a", "b", "c", "d", "e"));
}

TEST_F(FilesServiceTest, WhatIsNotSaidToBeCompleteDoesNotAppear) {
  Start();
  EXPECT_THAT(Fields(Upload("a", "hello", false, false)), ElementsAre("end"));
  v1::ConvertRequest convert;
  convert.mutable_options()->mutable_output()->set_file("a.warts");
  EXPECT_THAT(Fields(Convert({convert, Chunk<v1::ConvertRequest>(APing(0, 0))}).status),
              ElementsAre("end"));
  v1::WriteRequest write;
  write.mutable_options()->mutable_output()->set_file("a.warts");
  EXPECT_THAT(Fields(Write({write}).status), ElementsAre("end"));
  EXPECT_THAT(Names(), ElementsAre());
}

TEST_F(FilesServiceTest, FilesAreConvertedReadAndWrittenByName) {
  Start();
  const std::string file = ReadRecording("20260420", "ping.warts");
  ASSERT_TRUE(Upload("in.warts", file).ok());
  v1::ConvertRequest convert;
  convert.mutable_options()->mutable_input()->set_file("in.warts");
  convert.mutable_options()->mutable_output()->set_file("out.warts.gz");
  const auto out = Convert({convert});
  ASSERT_TRUE(out.status.ok()) << out.status.error_message();
  ASSERT_EQ(out.responses.size(), 1u);
  EXPECT_EQ(out.summary().file().name(), "out.warts.gz");
  EXPECT_EQ(out.summary().file().size(), out.summary().bytes_out());
  EXPECT_TRUE(
      Convert(Requests(ConvertTo(v1::OUTPUT_FORMAT_WARTS), Download("out.warts.gz"))).Bytes() ==
      file);
  EXPECT_EQ(Convert({convert}).status.error_code(), StatusCode::ALREADY_EXISTS);

  v1::ReadRequest read;
  read.mutable_options()->mutable_input()->set_file("out.warts.gz");
  EXPECT_EQ(Read({read}).summary().records(), SplitRecords(file).size());
  read.mutable_options()->mutable_input()->set_file("absent");
  EXPECT_EQ(Read({read}).status.error_code(), StatusCode::NOT_FOUND);

  std::vector<v1::WriteRequest> write(2);
  write[0].mutable_options()->mutable_output()->set_file("new.warts");
  *write[1].mutable_records()->add_records()->mutable_record() = records::ReadOk(APing(0, 0));
  write.push_back(End<v1::WriteRequest>());
  const auto written = Write(write);
  ASSERT_TRUE(written.status.ok()) << written.status.error_message();
  EXPECT_EQ(written.summary().file().size(), APing(0, 0).size());
  EXPECT_EQ(written.summary().bytes_out(), APing(0, 0).size());
  EXPECT_EQ(Download("new.warts"), APing(0, 0));
}

TEST_F(FilesServiceTest, DamageLeavesNothingInTheStore) {
  Start();
  v1::ConvertRequest convert;
  convert.mutable_options()->mutable_output()->set_file("out.warts");
  auto requests = Requests(convert, APing(0, 0) + "rubbish");
  requests.push_back(End<v1::ConvertRequest>());
  EXPECT_EQ(Convert(requests).status.error_code(), StatusCode::DATA_LOSS);
  EXPECT_THAT(Names(), ElementsAre());
}

TEST_F(FilesServiceTest, ServerWithoutAStoreSaysSo) {
  Start(8, false);
  EXPECT_EQ(Upload("a", "").error_code(), StatusCode::FAILED_PRECONDITION);
  Download("a", StatusCode::FAILED_PRECONDITION);
  grpc::ClientContext context;
  v1::ListFilesResponse list;
  EXPECT_EQ(stub_->ListFiles(&context, {}, &list).error_code(), StatusCode::FAILED_PRECONDITION);
  grpc::ClientContext deleting;
  v1::DeleteFileResponse deleted;
  v1::DeleteFileRequest deletion;
  deletion.set_file("a");
  EXPECT_EQ(stub_->DeleteFile(&deleting, deletion, &deleted).error_code(),
            StatusCode::FAILED_PRECONDITION);
  v1::ConvertRequest by_name = ConvertTo(v1::OUTPUT_FORMAT_WARTS);
  by_name.mutable_options()->mutable_input()->set_file("a");
  EXPECT_EQ(Convert({by_name}).status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_TRUE(Convert({ConvertTo(v1::OUTPUT_FORMAT_WARTS)}).status.ok());
}

}  // namespace
}  // namespace scamper::service
