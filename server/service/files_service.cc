// SPDX-License-Identifier: Apache-2.0
#include "server/service/files_service.h"

#include "server/service/convert_call.h"
#include "server/service/read_call.h"
#include "server/service/store_calls.h"
#include "server/service/write_call.h"

namespace scamper::service {

grpc::ServerBidiReactor<v1::ConvertRequest, v1::ConvertResponse>* FilesService::Convert(
    grpc::CallbackServerContext*) {
  return StartConvertCall(&pool_, store_);
}

grpc::ServerBidiReactor<v1::ReadRequest, v1::ReadResponse>* FilesService::Read(
    grpc::CallbackServerContext*) {
  return StartReadCall(&pool_, store_);
}

grpc::ServerBidiReactor<v1::WriteRequest, v1::WriteResponse>* FilesService::Write(
    grpc::CallbackServerContext*) {
  return StartWriteCall(&pool_, store_);
}

grpc::ServerUnaryReactor* FilesService::ListFiles(grpc::CallbackServerContext* context,
                                                  const v1::ListFilesRequest* request,
                                                  v1::ListFilesResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(service::ListFiles(store_, *request, response));
  return reactor;
}

grpc::ServerReadReactor<v1::UploadRequest>* FilesService::Upload(grpc::CallbackServerContext*,
                                                                 v1::UploadResponse* response) {
  return StartUploadCall(&pool_, store_, response);
}

grpc::ServerWriteReactor<v1::DownloadResponse>* FilesService::Download(
    grpc::CallbackServerContext*, const v1::DownloadRequest* request) {
  return StartDownloadCall(&pool_, store_, *request);
}

grpc::ServerUnaryReactor* FilesService::DeleteFile(grpc::CallbackServerContext*,
                                                   const v1::DeleteFileRequest* request,
                                                   v1::DeleteFileResponse*) {
  return StartDeleteFileCall(&pool_, store_, *request);
}

}  // namespace scamper::service
