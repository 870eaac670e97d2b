// SPDX-License-Identifier: Apache-2.0
// "  45% [=====>      ]  1.24 GB  310 MB/s  4 s left" on a terminal, refreshed in place.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/cli/progress.h"
#include "server/io/byte_source.h"

namespace scamper::cli {

// How far a transfer is. Writes no escape sequences and no colour. Thread safe, so that what is
// said during the transfer does not mix with the bar.
class TransferProgress {
 public:
  using Clock = std::function<absl::Time()>;

  // The bar is shown only if `enabled`. `total` in bytes, nothing where it is not known. `err`
  // must outlive this, which alone writes to it.
  TransferProgress(std::ostream& err, bool enabled, std::optional<uint64_t> total,
                   Clock now = absl::Now);

  // So many bytes more are done. Draws at most five times a second.
  void Advance(uint64_t bytes);

  // A line of its own, "scamper-grpc: line"; nothing for an empty one.
  void Say(const std::string& line);

 private:
  std::ostream& err_;
  const bool enabled_;
  const std::optional<uint64_t> total_;
  const Clock now_;
  const absl::Time start_;
  std::mutex mutex_;
  // Guarded by mutex_.
  Progress bar_;
  absl::Time drawn_;
  uint64_t done_ = 0;
};

// The bar; without a total how much was done and how fast. At most 79 characters.
std::string TransferText(uint64_t done, std::optional<uint64_t> total, absl::Duration elapsed);

// Advances `progress`, which must outlive the source, by what is read from `source`.
std::unique_ptr<io::ByteSource> Metered(std::unique_ptr<io::ByteSource> source,
                                        TransferProgress* progress);

// Three digits and a decimal unit: "999 B", "1.24 GB".
std::string BytesText(uint64_t bytes);

}  // namespace scamper::cli
