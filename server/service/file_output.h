// SPDX-License-Identifier: Apache-2.0
// Where the output of a call of ScamperFiles goes: to the client, or to the store.
#pragma once

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "scamper/v1/files.pb.h"
#include "server/io/byte_sink.h"
#include "server/store/store.h"

namespace scamper::service {

// Not thread-safe.
class FileOutput {
 public:
  // Takes a chunk of at most 512 KiB. May block.
  using SendChunk = std::function<absl::Status(absl::string_view)>;

  // To the store where `options` names a file, else to `send`. Errors as of Store::Create;
  // FAILED_PRECONDITION where there is no store.
  absl::Status Open(const v1::OutputOptions& options, store::Store* store, SendChunk send);

  // REQUIRES: Open was OK. One, which this outlives.
  std::unique_ptr<io::ByteSink> Sink();

  bool stored() const { return file_ != nullptr; }
  // Makes the output a file of the store, once its sink was closed; not called, nothing of it
  // remains. REQUIRES: stored().
  absl::Status Commit(v1::StoredFile* stored);

 private:
  std::unique_ptr<store::NewFile> file_;
  SendChunk send_;
};

}  // namespace scamper::service
