// SPDX-License-Identifier: Apache-2.0
#include "server/service/store_calls.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/service/blocking_call.h"
#include "server/service/chunk_input.h"
#include "server/service/file_options.h"
#include "server/store/name.h"

namespace scamper::service {
namespace {

constexpr size_t kBlockSize = size_t{256} << 10;
constexpr uint32_t kMaxPage = 1000;

using UploadBase =
    Receiving<PooledCall<grpc::ServerReadReactor<v1::UploadRequest>>, v1::UploadRequest>;

class UploadCall final : public UploadBase {
 public:
  UploadCall(CallPool* pool, store::Store* store, v1::UploadResponse* response)
      : UploadBase(pool), store_(store), response_(response) {}

 private:
  grpc::Status Work() override {
    const absl::Status status = Upload();
    if (chunks_.violation()) violations_.push_back(*chunks_.violation());
    return violations_.empty() ? ToGrpc(status) : InvalidArgument(violations_);
  }

  // OK where there are violations.
  absl::Status Upload() {
    if (absl::Status status = CheckStore(store_); !status.ok()) return status;
    const absl::StatusOr<v1::UploadRequest> first = chunks_.Options();
    if (!first.ok()) return first.status();
    const v1::UploadOptions& options = first->options();
    CheckFileName(options.file(), "options.file", &violations_);
    if (!violations_.empty()) return absl::OkStatus();
    const auto file = store_->Create(options.file(), options.overwrite());
    if (!file.ok()) return file.status();
    if (absl::Status status = Fill(**file); !status.ok()) return status;
    if (!chunks_.complete()) {
      violations_.push_back(EndIsMissing());
      return absl::OkStatus();
    }
    const absl::StatusOr<store::FileInfo> stored = (*file)->Commit();
    if (stored.ok()) ToProto(*stored, response_->mutable_file());
    return stored.status();
  }

  absl::Status Fill(store::NewFile& file) {
    const std::unique_ptr<io::ByteSink> sink = file.Sink();
    while (true) {
      const absl::StatusOr<std::optional<std::string>> chunk = chunks_.Next();
      if (!chunk.ok()) return chunk.status();
      if (!chunk->has_value()) return sink->Close();
      if (absl::Status status = sink->Write(**chunk); !status.ok()) return status;
    }
  }

  store::Store* const store_;
  v1::UploadResponse* const response_;
  ChunkInput<UploadCall, v1::UploadRequest> chunks_{this};
  std::vector<records::FieldViolation> violations_;
};

using DownloadBase =
    Sending<PooledCall<grpc::ServerWriteReactor<v1::DownloadResponse>>, v1::DownloadResponse>;

class DownloadCall final : public DownloadBase {
 public:
  DownloadCall(CallPool* pool, store::Store* store, std::string file)
      : DownloadBase(pool), store_(store), file_(std::move(file)) {}

 private:
  grpc::Status Work() override {
    std::vector<records::FieldViolation> violations;
    CheckFileName(file_, "file", &violations);
    return violations.empty() ? ToGrpc(Download()) : InvalidArgument(violations);
  }

  absl::Status Download() {
    if (absl::Status status = CheckStore(store_); !status.ok()) return status;
    const absl::StatusOr<std::unique_ptr<io::ByteSource>> source = store_->Read(file_);
    if (!source.ok()) return source.status();
    while (true) {
      v1::DownloadResponse response;
      std::string* chunk = response.mutable_chunk();
      chunk->resize(kBlockSize);
      const absl::StatusOr<size_t> n = (*source)->Read(chunk->data(), chunk->size());
      if (!n.ok() || *n == 0) return n.status();
      chunk->resize(*n);
      if (absl::Status status = Send(std::move(response)); !status.ok()) return status;
    }
  }

  store::Store* const store_;
  const std::string file_;
};

class DeleteFileCall final : public PooledCall<grpc::ServerUnaryReactor> {
 public:
  DeleteFileCall(CallPool* pool, store::Store* store, std::string file)
      : PooledCall(pool), store_(store), file_(std::move(file)) {}

 private:
  grpc::Status Work() override {
    std::vector<records::FieldViolation> violations;
    CheckFileName(file_, "file", &violations);
    if (!violations.empty()) return InvalidArgument(violations);
    if (absl::Status status = CheckStore(store_); !status.ok()) return ToGrpc(status);
    return ToGrpc(store_->Delete(file_));
  }

  store::Store* const store_;
  const std::string file_;
};

}  // namespace

grpc::ServerReadReactor<v1::UploadRequest>* StartUploadCall(CallPool* pool, store::Store* store,
                                                            v1::UploadResponse* response) {
  auto* call = new UploadCall(pool, store, response);
  call->Start();
  return call;
}

grpc::ServerWriteReactor<v1::DownloadResponse>* StartDownloadCall(
    CallPool* pool, store::Store* store, const v1::DownloadRequest& request) {
  auto* call = new DownloadCall(pool, store, request.file());
  call->Start();
  return call;
}

grpc::ServerUnaryReactor* StartDeleteFileCall(CallPool* pool, store::Store* store,
                                              const v1::DeleteFileRequest& request) {
  auto* call = new DeleteFileCall(pool, store, request.file());
  call->Start();
  return call;
}

grpc::Status ListFiles(const store::Store* store, const v1::ListFilesRequest& request,
                       v1::ListFilesResponse* response) {
  if (absl::Status status = CheckStore(store); !status.ok()) return ToGrpc(status);
  if (!request.page_token().empty() && !store::CheckName(request.page_token()).ok())
    return InvalidArgument({{"page_token", "must be that of an earlier response"}});
  const uint32_t limit =
      request.page_size() == 0 ? kMaxPage : std::min(request.page_size(), kMaxPage);
  const store::Store::Page page = store->List(request.page_token(), limit);
  for (const store::FileInfo& file : page.files) ToProto(file, response->add_files());
  if (page.more) response->set_next_page_token(page.files.back().name);
  response->set_total_size(page.total_size);
  response->set_max_size(store->max_bytes());
  return grpc::Status::OK;
}

}  // namespace scamper::service
