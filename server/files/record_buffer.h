// SPDX-License-Identifier: Apache-2.0
// The bytes of a source that a reader of records looks at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/io/byte_source.h"

namespace scamper::files {

// A window that slides over a source. Beyond a first block it takes room for at most twice
// what it is asked to hold, and for at most four times what the source has supplied.
class RecordBuffer {
 public:
  explicit RecordBuffer(std::unique_ptr<io::ByteSource> source);

  // Place in the source of the first byte of the window.
  uint64_t offset() const { return offset_; }
  // Valid until the next call of a method that is not const.
  absl::string_view window() const {
    return absl::string_view(buffer_).substr(begin_, end_ - begin_);
  }

  // Whether the window holds n bytes, after reading what that takes.
  bool Fill(size_t n);
  // Moves on by up to n bytes, reading them where they are not in the window; returns
  // how many there were.
  uint64_t Skip(uint64_t n);

  // OK while reading goes well and after a clean end.
  const absl::Status& status() const { return status_; }

 private:
  // Reads once; false at the end of the source.
  bool ReadMore();
  // Moves the window to the front, and takes more room where it fills half of it.
  void MakeRoom(size_t n);

  std::unique_ptr<io::ByteSource> source_;
  std::string buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  uint64_t offset_ = 0;
  bool ended_ = false;
  absl::Status status_;
};

}  // namespace scamper::files
