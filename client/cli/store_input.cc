// SPDX-License-Identifier: Apache-2.0
#include "client/cli/store_input.h"

#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"
#include "server/io/callback_io.h"

namespace scamper::cli {
namespace {

class Download {
 public:
  Download(Connection& connection, const std::string& name, grpc::Status* end)
      : connection_(connection), scope_(connection.interrupt(), &context_), end_(end) {
    connection.SetDeadline(&context_);
    v1::DownloadRequest request;
    request.set_file(name);
    reader_ = connection.files().Download(&context_, request);
  }

  ~Download() {
    if (finished_) return;
    context_.TryCancel();
    while (reader_->Read(&response_)) {
    }
    reader_->Finish();
  }

  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;

  absl::StatusOr<std::optional<std::string>> Next() {
    if (reader_->Read(&response_)) return std::move(*response_.mutable_chunk());
    finished_ = true;
    *end_ = reader_->Finish();
    if (end_->ok()) return std::nullopt;
    const std::string why = absl::StrJoin(connection_.Explain(*end_, {}), "; ");
    return absl::Status(static_cast<absl::StatusCode>(end_->error_code()),
                        why.empty() ? "interrupted" : why);
  }

 private:
  const Connection& connection_;
  grpc::ClientContext context_;
  const Interrupt::Scope scope_;
  grpc::Status* const end_;
  std::unique_ptr<grpc::ClientReader<v1::DownloadResponse>> reader_;
  v1::DownloadResponse response_;
  bool finished_ = false;
};

}  // namespace

std::unique_ptr<io::ByteSource> OpenStored(Connection& connection, const std::string& name,
                                           grpc::Status* end) {
  auto download = std::make_shared<Download>(connection, name, end);
  return std::make_unique<io::CallbackSource>([download] { return download->Next(); });
}

}  // namespace scamper::cli
