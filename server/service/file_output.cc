// SPDX-License-Identifier: Apache-2.0
#include "server/service/file_output.h"

#include <algorithm>
#include <utility>

#include "server/io/callback_io.h"
#include "server/service/file_options.h"

namespace scamper::service {
namespace {

constexpr size_t kMaxChunk = size_t{512} << 10;

}  // namespace

absl::Status FileOutput::Open(const v1::OutputOptions& options, store::Store* store,
                              SendChunk send) {
  send_ = std::move(send);
  if (options.file().empty()) return absl::OkStatus();
  if (absl::Status status = CheckStore(store); !status.ok()) return status;
  absl::StatusOr<std::unique_ptr<store::NewFile>> file =
      store->Create(options.file(), options.overwrite());
  if (!file.ok()) return file.status();
  file_ = *std::move(file);
  return absl::OkStatus();
}

std::unique_ptr<io::ByteSink> FileOutput::Sink() {
  if (stored()) return file_->Sink();
  return std::make_unique<io::CallbackSink>([this](absl::string_view bytes) {
    absl::Status status;
    for (; status.ok() && !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kMaxChunk)))
      status = send_(bytes.substr(0, kMaxChunk));
    return status;
  });
}

absl::Status FileOutput::Commit(v1::StoredFile* stored) {
  const absl::StatusOr<store::FileInfo> file = file_->Commit();
  if (file.ok()) ToProto(*file, stored);
  return file.status();
}

}  // namespace scamper::service
