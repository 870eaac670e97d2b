// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/fake_files.h"

#include <stdlib.h>
#include <unistd.h>

#include <chrono>

namespace scamper::cli {
namespace {

grpc::Status NotFound(const std::string& name) {
  return grpc::Status(grpc::StatusCode::NOT_FOUND, "no file '" + name + "'");
}

}  // namespace

FakeFiles::FakeFiles() {
  char directory[] = "/tmp/scamper-cli-test-XXXXXX";
  directory_ = mkdtemp(directory);
  address_ = "unix:" + directory_ + "/s";
  server_ = grpc::ServerBuilder()
                .AddListeningPort(address_, grpc::InsecureServerCredentials())
                .RegisterService(this)
                .BuildAndStart();
}

FakeFiles::~FakeFiles() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  unlink((directory_ + "/s").c_str());
  rmdir(directory_.c_str());
}

v1::ConvertOptions FakeFiles::options() {
  std::lock_guard<std::mutex> lock(mutex_);
  return options_;
}

std::string FakeFiles::sent() {
  std::lock_guard<std::mutex> lock(mutex_);
  return sent_;
}

bool FakeFiles::ended() {
  std::lock_guard<std::mutex> lock(mutex_);
  return ended_;
}

std::map<std::string, std::string> FakeFiles::store() {
  std::lock_guard<std::mutex> lock(mutex_);
  return stored;
}

grpc::Status FakeFiles::Convert(grpc::ServerContext* context, ConvertStream* stream) {
  v1::ConvertRequest request;
  if (!stream->Read(&request)) return grpc::Status::CANCELLED;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    options_ = request.options();
    sent_.clear();
  }
  if (convert) return convert(context, stream);
  while (stream->Read(&request) && request.has_chunk()) {
    stream->Write(Chunk(request.chunk()));
    std::lock_guard<std::mutex> lock(mutex_);
    sent_ += request.chunk();
  }
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ended_ = request.has_end();
  }
  v1::ConvertResponse summary;
  summary.mutable_summary();
  stream->Write(summary);
  return grpc::Status::OK;
}

grpc::Status FakeFiles::ListFiles(grpc::ServerContext*, const v1::ListFilesRequest* request,
                                  v1::ListFilesResponse* response) {
  std::lock_guard<std::mutex> lock(mutex_);
  auto file = stored.upper_bound(request->page_token());
  for (int i = 0; i < 2 && file != stored.end(); ++i, ++file) {
    v1::StoredFile* listed = response->add_files();
    listed->set_name(file->first);
    listed->set_size(file->second.size());
    listed->mutable_modified()->set_seconds(1'700'000'000);
    if (i == 1) response->set_next_page_token(file->first);
  }
  response->set_total_size(1234);
  response->set_max_size(5'000'000);
  return end;
}

grpc::Status FakeFiles::Upload(grpc::ServerContext*, grpc::ServerReader<v1::UploadRequest>* reader,
                               v1::UploadResponse* response) {
  v1::UploadRequest request;
  if (!reader->Read(&request)) return grpc::Status::CANCELLED;
  const v1::UploadOptions options = request.options();
  std::string contents;
  while (reader->Read(&request)) contents += request.chunk();
  if (!request.has_end()) return grpc::Status::CANCELLED;
  std::lock_guard<std::mutex> lock(mutex_);
  if (!options.overwrite() && stored.count(options.file()) > 0) {
    return grpc::Status(grpc::StatusCode::ALREADY_EXISTS, "is there already");
  }
  stored[options.file()] = contents;
  response->mutable_file()->set_name(options.file());
  return end;
}

grpc::Status FakeFiles::Download(grpc::ServerContext*, const v1::DownloadRequest* request,
                                 grpc::ServerWriter<v1::DownloadResponse>* writer) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto file = stored.find(request->file());
  if (file == stored.end()) return NotFound(request->file());
  v1::DownloadResponse response;
  for (size_t at = 0; at < file->second.size(); at += 7) {
    response.set_chunk(file->second.substr(at, 7));
    writer->Write(response);
  }
  return end;
}

grpc::Status FakeFiles::DeleteFile(grpc::ServerContext*, const v1::DeleteFileRequest* request,
                                   v1::DeleteFileResponse*) {
  std::lock_guard<std::mutex> lock(mutex_);
  return stored.erase(request->file()) == 0 ? NotFound(request->file()) : end;
}

v1::ConvertResponse Chunk(const std::string& bytes) {
  v1::ConvertResponse response;
  response.set_chunk(bytes);
  return response;
}

}  // namespace scamper::cli
