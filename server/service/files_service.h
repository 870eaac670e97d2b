// SPDX-License-Identifier: Apache-2.0
// ScamperFiles for gRPC: thin; what it does stands in files/ and store/.
#pragma once

#include <cstddef>

#include "scamper/v1/files.grpc.pb.h"
#include "server/service/call_pool.h"
#include "server/store/store.h"

namespace scamper::service {

// Thread-safe, as gRPC calls it. Outlives the server that it is registered with.
class FilesService final : public v1::ScamperFiles::CallbackService {
 public:
  // At most `calls` of them at work at a time. `store` may be null, and outlives this.
  FilesService(store::Store* store, size_t calls) : store_(store), pool_(calls) {}

  // Ends the calls with UNAVAILABLE, also those to come.
  void ShutDown() { pool_.ShutDown(); }

  grpc::ServerBidiReactor<v1::ConvertRequest, v1::ConvertResponse>* Convert(
      grpc::CallbackServerContext* context) override;
  grpc::ServerBidiReactor<v1::ReadRequest, v1::ReadResponse>* Read(
      grpc::CallbackServerContext* context) override;
  grpc::ServerBidiReactor<v1::WriteRequest, v1::WriteResponse>* Write(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ListFiles(grpc::CallbackServerContext* context,
                                      const v1::ListFilesRequest* request,
                                      v1::ListFilesResponse* response) override;
  grpc::ServerReadReactor<v1::UploadRequest>* Upload(grpc::CallbackServerContext* context,
                                                     v1::UploadResponse* response) override;
  grpc::ServerWriteReactor<v1::DownloadResponse>* Download(
      grpc::CallbackServerContext* context, const v1::DownloadRequest* request) override;
  grpc::ServerUnaryReactor* DeleteFile(grpc::CallbackServerContext* context,
                                       const v1::DeleteFileRequest* request,
                                       v1::DeleteFileResponse* response) override;

 private:
  store::Store* const store_;
  CallPool pool_;
};

}  // namespace scamper::service
