// SPDX-License-Identifier: Apache-2.0
// ScamperFiles as a test says.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "scamper/v1/files.grpc.pb.h"

namespace scamper::cli {

// Listens on a unix socket of its own. What is public must be set before a client calls.
class FakeFiles final : public v1::ScamperFiles::Service {
 public:
  using ConvertStream = grpc::ServerReaderWriter<v1::ConvertResponse, v1::ConvertRequest>;

  FakeFiles();
  ~FakeFiles() override;

  const std::string& address() const { return address_; }
  // The options of the last call of Convert.
  v1::ConvertOptions options();
  // All chunks of the last call that has some.
  std::string sent();
  // Whether it said its end.
  bool ended();
  // The store by name.
  std::map<std::string, std::string> store();

  // What Convert does behind the options; without it, every chunk comes back, and then an empty
  // summary.
  std::function<grpc::Status(grpc::ServerContext*, ConvertStream*)> convert;
  // How the calls of the store end, behind what they do.
  grpc::Status end;
  std::map<std::string, std::string> stored;

  grpc::Status Convert(grpc::ServerContext* context, ConvertStream* stream) override;
  // Two files a page.
  grpc::Status ListFiles(grpc::ServerContext*, const v1::ListFilesRequest* request,
                         v1::ListFilesResponse* response) override;
  grpc::Status Upload(grpc::ServerContext*, grpc::ServerReader<v1::UploadRequest>* reader,
                      v1::UploadResponse* response) override;
  // In chunks of seven bytes.
  grpc::Status Download(grpc::ServerContext*, const v1::DownloadRequest* request,
                        grpc::ServerWriter<v1::DownloadResponse>* writer) override;
  grpc::Status DeleteFile(grpc::ServerContext*, const v1::DeleteFileRequest* request,
                          v1::DeleteFileResponse*) override;

 private:
  std::string directory_;
  std::string address_;
  std::mutex mutex_;
  v1::ConvertOptions options_;  // Guarded by mutex_.
  std::string sent_;            // Guarded by mutex_.
  bool ended_ = false;          // Guarded by mutex_.
  std::unique_ptr<grpc::Server> server_;
};

v1::ConvertResponse Chunk(const std::string& bytes);

}  // namespace scamper::cli
