// SPDX-License-Identifier: Apache-2.0
// Files, pipes and sockets as sources and sinks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/io/byte_sink.h"
#include "server/io/byte_source.h"

namespace scamper::io {

enum class FdOwnership {
  kBorrow,  // the caller closes the descriptor, after the source or sink is gone
  kOwn,     // closed with the source or sink
};

// Reads a descriptor from its current position to its end. Waits where a
// non-blocking descriptor has nothing yet. An error of the system has the code
// of absl::ErrnoToStatus, and names `name` and the number of bytes read before.
class FdSource : public ByteSource {
 public:
  FdSource(int fd, FdOwnership ownership, std::string name)
      : fd_(fd), ownership_(ownership), name_(std::move(name)) {}
  ~FdSource() override;
  FdSource(const FdSource&) = delete;
  FdSource& operator=(const FdSource&) = delete;

  // NOT_FOUND, PERMISSION_DENIED and the like where the file cannot be opened.
  static absl::StatusOr<std::unique_ptr<FdSource>> Open(const std::string& path);

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override;

 private:
  const int fd_;
  const FdOwnership ownership_;
  const std::string name_;
  uint64_t position_ = 0;
  bool ended_ = false;
  absl::Status status_;
};

// Writes to a descriptor. Waits where a non-blocking descriptor is full. Close
// reports the error of closing an owned descriptor; it does not sync to disk:
// who needs that borrows the descriptor and syncs after Close. The program must
// ignore SIGPIPE to see a closed pipe as an error (FAILED_PRECONDITION).
class FdSink : public ByteSink {
 public:
  FdSink(int fd, FdOwnership ownership, std::string name)
      : fd_(fd), ownership_(ownership), name_(std::move(name)) {}
  ~FdSink() override;
  FdSink(const FdSink&) = delete;
  FdSink& operator=(const FdSink&) = delete;

  // Creates the file with mode 0666 less the umask, or empties it.
  static absl::StatusOr<std::unique_ptr<FdSink>> Create(const std::string& path);

  absl::Status Write(absl::string_view bytes) override;
  absl::Status Close() override;

 private:
  const int fd_;
  const FdOwnership ownership_;
  const std::string name_;
  uint64_t position_ = 0;
  bool closed_ = false;
  absl::Status status_;
};

}  // namespace scamper::io
