// SPDX-License-Identifier: Apache-2.0
// A file in the store's folder that is at work and not one of the store: the quota counts it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scamper::store {

class Store;

// Grows at its end. Errors of the system have the code of absl::ErrnoToStatus. Blocks as the
// disk does. Not thread-safe.
class WorkFile {
 public:
  // Closes it; what remains of it on disk is the owner's matter.
  ~WorkFile();
  WorkFile(const WorkFile&) = delete;
  WorkFile& operator=(const WorkFile&) = delete;

  // Bytes.
  uint64_t size() const { return size_; }

  // All of `bytes` or nothing, with one write(2) unless the system takes them in parts. What was
  // appended outlives the process, and after Sync the machine. RESOURCE_EXHAUSTED beyond the quota.
  // After an error it may be tried again.
  absl::Status Append(absl::string_view bytes);
  // Fills `buffer` as far as the file has bytes from `offset` on; how many those are.
  absl::StatusOr<size_t> Read(uint64_t offset, char* buffer, size_t size) const;
  // May be called while another thread appends.
  absl::Status Sync() const;
  // Cuts off what is behind the first `size` bytes. REQUIRES: there are as many.
  absl::Status Truncate(uint64_t size);

 private:
  friend class Journal;
  friend class Store;

  // `size` bytes are reserved and at the start of the file.
  WorkFile(Store* store, int fd, uint64_t size, std::string what);
  // What is reserved is another's from now on.
  void HandOver() { size_ = 0; }

  Store* const store_;
  const int fd_;
  // For errors.
  const std::string what_;
  uint64_t size_ = 0;
};

}  // namespace scamper::store
