// SPDX-License-Identifier: Apache-2.0
// Bytes out, wherever they go.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace scamper::io {

// A stream of bytes that is written once, to the end. Sinks stack: a
// compressing sink owns the sink of its compressed bytes.
//
// The first error is final: each further Write and Close returns it. Write and
// Close after a Close that succeeded are FAILED_PRECONDITION.
//
// Not thread-safe; may move between threads from one call to the next.
class ByteSink {
 public:
  // A sink destroyed before Close abandons its output: it is incomplete at the
  // destination, and for compressed output a reader finds it truncated.
  virtual ~ByteSink() = default;

  // Takes all of `bytes`, or fails. May block. Sinks of this folder that do not
  // compress do not buffer: give them whole blocks.
  virtual absl::Status Write(absl::string_view bytes) = 0;

  // Completes the output, and closes the sink below where there is one. Only
  // after OK was the whole output handed over.
  virtual absl::Status Close() = 0;
};

}  // namespace scamper::io
