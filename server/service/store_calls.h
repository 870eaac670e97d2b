// SPDX-License-Identifier: Apache-2.0
// The RPCs on the files of the store: Upload, Download, DeleteFile, ListFiles.
#pragma once

#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "scamper/v1/files.pb.h"
#include "server/service/call_pool.h"
#include "server/store/store.h"

namespace scamper::service {

// In each `store` may be null: FAILED_PRECONDITION.
grpc::ServerReadReactor<v1::UploadRequest>* StartUploadCall(CallPool* pool, store::Store* store,
                                                            v1::UploadResponse* response);
grpc::ServerWriteReactor<v1::DownloadResponse>* StartDownloadCall(
    CallPool* pool, store::Store* store, const v1::DownloadRequest& request);
grpc::ServerUnaryReactor* StartDeleteFileCall(CallPool* pool, store::Store* store,
                                              const v1::DeleteFileRequest& request);
// Does not block: done at once.
grpc::Status ListFiles(const store::Store* store, const v1::ListFilesRequest& request,
                       v1::ListFilesResponse* response);

}  // namespace scamper::service
