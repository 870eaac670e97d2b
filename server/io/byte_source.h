// SPDX-License-Identifier: Apache-2.0
// Bytes in, whatever they come from.
#pragma once

#include <cstddef>

#include "absl/status/statusor.h"

namespace scamper::io {

// A stream of bytes that is read once, from the front. Sources stack: a
// decompressing source owns the source of its compressed bytes.
//
// Not thread-safe; may move between threads from one call to the next.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Three outcomes:
  //   n > 0   the first n bytes of `buffer` are filled, 1 <= n <= size. Fewer
  //           than `size` says nothing about what follows.
  //   0       clean end: everything was delivered and was whole.
  //   error   what follows could not be read. Every byte before the fault was
  //           delivered by earlier calls. Damage is DATA_LOSS (see damage.h for
  //           its place); other codes are the fault of the device or the peer.
  // A clean end and an error are final: each further call returns the same.
  // May block. REQUIRES: size > 0.
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t size) = 0;
};

}  // namespace scamper::io
