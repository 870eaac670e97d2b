// SPDX-License-Identifier: Apache-2.0
// A file that a command reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cli/file_options.h"
#include "server/io/byte_source.h"

namespace scamper::cli {

// A path or standard input.
class FileInput final : public io::ByteSource {
 public:
  // Errors name the file. Read is DEADLINE_EXCEEDED from `deadline` on.
  // REQUIRES: `place` is not in the store; `standard_input` stays open.
  static absl::StatusOr<std::unique_ptr<FileInput>> Open(const Place& place, int standard_input,
                                                         absl::Time deadline);
  ~FileInput() override;
  FileInput(const FileInput&) = delete;
  FileInput& operator=(const FileInput&) = delete;

  // Bytes from where reading begins to the end; nothing where that is not known beforehand.
  std::optional<uint64_t> size() const { return size_; }

  // Whether `fd` is open on the same regular file.
  bool IsSameFile(int fd) const;

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override;

  // A Read that waits, and each further one, returns CANCELLED. Thread safe.
  void Stop();

 private:
  FileInput(int fd, bool owned, const std::string& name, absl::Time deadline);

  const int fd_;
  // Becomes readable with Stop.
  const int stop_;
  const absl::Time deadline_;
  const std::unique_ptr<io::ByteSource> source_;
  std::optional<uint64_t> size_;
  absl::Status status_;
};

}  // namespace scamper::cli
