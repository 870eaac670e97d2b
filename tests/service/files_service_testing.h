// SPDX-License-Identifier: Apache-2.0
// ScamperFiles over gRPC in process.
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"
#include "server/service/files_service.h"
#include "tests/files/files_testing.h"

namespace scamper::service {

// All that a call gave.
template <typename Response>
struct Outcome {
  grpc::Status status;
  std::vector<Response> responses;

  // The chunks as one.
  std::string Bytes() const {
    std::string bytes;
    for (const Response& r : responses) {
      if (r.has_chunk()) bytes += r.chunk();
    }
    return bytes;
  }
  // Of the last response.
  const v1::FileSummary& summary() const { return responses.back().summary(); }
};

// The paths of the fields at fault.
inline std::vector<std::string> Fields(const grpc::Status& status) {
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
  google::rpc::Status rpc;
  EXPECT_TRUE(rpc.ParseFromString(status.error_details()));
  std::vector<std::string> fields;
  for (const auto& any : rpc.details()) {
    google::rpc::BadRequest bad;
    if (!any.UnpackTo(&bad)) continue;
    for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  }
  return fields;
}

inline v1::ConvertRequest ConvertTo(v1::OutputFormat format) {
  v1::ConvertRequest request;
  request.mutable_options()->mutable_output()->set_format(format);
  return request;
}

template <typename Request>
Request Chunk(const std::string& bytes) {
  Request request;
  request.set_chunk(bytes);
  return request;
}

template <typename Request>
Request End() {
  Request request;
  request.mutable_end();
  return request;
}

// `first`, and then the file in chunks.
template <typename Request>
std::vector<Request> Requests(const Request& first, const std::string& file, size_t size = 1000) {
  std::vector<Request> requests = {first};
  for (size_t at = 0; at < file.size(); at += size)
    requests.push_back(Chunk<Request>(file.substr(at, size)));
  return requests;
}

class FilesServiceTest : public testing::Test {
 protected:
  FilesServiceTest() {
    char pattern[] = "/tmp/files_service_test-XXXXXX";
    folder_ = mkdtemp(pattern);
    auto store = store::Store::Open(folder_ / "data", 0);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  ~FilesServiceTest() override {
    service_->ShutDown();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
    server_->Wait();
    server_.reset();
    service_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Start(size_t calls = 8, bool with_store = true) {
    service_ = std::make_unique<FilesService>(with_store ? store_.get() : nullptr, calls);
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(64 << 20);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::ScamperFiles::NewStub(server_->InProcessChannel({}));
  }

  // Sends all the requests while it reads.
  template <typename Request, typename Response>
  static Outcome<Response> Exchange(
      std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> stream,
      const std::vector<Request>& requests) {
    std::thread writer([&] {
      for (const Request& request : requests) {
        if (!stream->Write(request)) return;
      }
      stream->WritesDone();
    });
    Outcome<Response> outcome;
    Response response;
    while (stream->Read(&response)) outcome.responses.push_back(response);
    writer.join();
    outcome.status = stream->Finish();
    return outcome;
  }

  Outcome<v1::ConvertResponse> Convert(const std::vector<v1::ConvertRequest>& requests) {
    grpc::ClientContext context;
    return Exchange(stub_->Convert(&context), requests);
  }
  Outcome<v1::ReadResponse> Read(const std::vector<v1::ReadRequest>& requests) {
    grpc::ClientContext context;
    return Exchange(stub_->Read(&context), requests);
  }
  Outcome<v1::WriteResponse> Write(const std::vector<v1::WriteRequest>& requests) {
    grpc::ClientContext context;
    return Exchange(stub_->Write(&context), requests);
  }

  grpc::Status Upload(const std::string& name, const std::string& bytes, bool overwrite = false,
                      bool complete = true, v1::StoredFile* file = nullptr) {
    grpc::ClientContext context;
    v1::UploadResponse response;
    auto stream = stub_->Upload(&context, &response);
    v1::UploadRequest first;
    first.mutable_options()->set_file(name);
    first.mutable_options()->set_overwrite(overwrite);
    stream->Write(first);
    stream->Write(Chunk<v1::UploadRequest>(bytes));
    if (complete) stream->Write(End<v1::UploadRequest>());
    stream->WritesDone();
    const grpc::Status status = stream->Finish();
    if (file != nullptr) *file = response.file();
    return status;
  }

  std::string Download(const std::string& name, grpc::StatusCode code = grpc::StatusCode::OK) {
    grpc::ClientContext context;
    v1::DownloadRequest request;
    request.set_file(name);
    auto stream = stub_->Download(&context, request);
    std::string bytes;
    v1::DownloadResponse response;
    while (stream->Read(&response)) bytes += response.chunk();
    EXPECT_EQ(stream->Finish().error_code(), code) << name;
    return bytes;
  }

  std::vector<std::string> Names() {
    grpc::ClientContext context;
    v1::ListFilesResponse response;
    EXPECT_TRUE(stub_->ListFiles(&context, {}, &response).ok());
    std::vector<std::string> names;
    for (const v1::StoredFile& file : response.files()) names.push_back(file.name());
    return names;
  }

  // Until a call finds room.
  void WaitForRoom() {
    while (Convert({ConvertTo(v1::OUTPUT_FORMAT_WARTS)}).status.error_code() ==
           grpc::StatusCode::RESOURCE_EXHAUSTED) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<FilesService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::ScamperFiles::Stub> stub_;
};

}  // namespace scamper::service
