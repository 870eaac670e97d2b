// SPDX-License-Identifier: Apache-2.0
// Reading a warts file record by record.
//
// Reads what is well formed even where scamper's own reader gives up: ids of lists and
// cycles in any order, and measurements after the stop of their cycle.
//
// Memory: a block of the input, the largest record met, and the file's lists, cycles and
// address records. Nothing is allocated on the word of a header: room for a body grows
// only as the input supplies it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/files/definitions.h"
#include "server/files/file_record.h"
#include "server/files/frame_scanner.h"
#include "server/files/record_buffer.h"
#include "server/files/record_source.h"
#include "server/io/byte_source.h"
#include "server/records/registry.h"
#include "server/warts/address.h"
#include "server/warts/header.h"

namespace scamper::files {

// A part of the input that recovery left out.
struct SkippedRegion {
  // In the decompressed input.
  uint64_t offset = 0;
  // Bytes.
  uint64_t length = 0;
  // What was expected at the offset, and what was found.
  std::string why;
};

struct StreamOptions {
  // Record types to deliver; empty: all. The others are skipped by their length and not
  // decoded, but for types 1 to 5 (lists, cycles, addresses), which tell about records
  // that follow.
  absl::flat_hash_set<uint32_t> types;
  // Deliver types 1 to 5 whatever `types` says, as a copy of the file needs them.
  bool keep_definitions = false;
  // False: FileRecord has the bytes only. A malformed body is then not noticed.
  bool decode = true;
  // Of the records that are decoded.
  records::Derived derived = records::Derived::kFillIn;
  // Go on after damage. A malformed body is left out by its length; where a header is
  // not one, or its length is wrong, the next header that is plausible is looked for. The
  // numbers of address records are kept, by their check values, where some were lost.
  bool recover = false;
  // Called for each region that recovery leaves out, in order.
  std::function<void(const SkippedRegion&)> on_skipped;
  // A longer body is taken for damage. Bytes.
  uint32_t max_body = uint32_t{64} << 20;
};

class RecordStream : public RecordSource {
 public:
  // `source` delivers warts, decompressed.
  RecordStream(std::unique_ptr<io::ByteSource> source, StreamOptions options);

  absl::StatusOr<const FileRecord*> Next() override;

 private:
  enum class Step { kDeliver, kGoOn, kEnd };

  Step Advance();
  Step ReadOne();
  Step AtInputEnd(absl::string_view expected);
  Step SkipFiltered();
  Step Damaged(absl::string_view what, bool length_holds);
  absl::Status Decode(bool deliver);
  // Moves to the next plausible record behind the start of the window, or to the end.
  void Resync(std::string why);
  void Report(uint64_t offset, std::string why);
  absl::Status DefineAddress(const v1::Record& record);

  RecordBuffer buffer_;
  const StreamOptions options_;
  FrameScanner scanner_;
  // The record at the start of the window.
  warts::Header header_;
  // Bytes of the record delivered last, which the window still begins with.
  size_t held_ = 0;
  uint64_t index_ = 0;
  // The one delivered last of each type, whose memory the next takes over: with that, records of
  // messages whose fields are all `optional`, repeated or numbers are read without allocating.
  absl::flat_hash_map<uint32_t, v1::Record> records_;
  FileRecord current_;
  bool ended_ = false;
  absl::Status status_;

  Definitions definitions_;
  warts::AddressTable addresses_;
  // The record at the start of the window was found by looking for one.
  bool found_ = false;
  // Address records may have been lost since the last one.
  bool addresses_lost_ = false;
};

}  // namespace scamper::files
