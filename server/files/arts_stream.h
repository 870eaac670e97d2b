// SPDX-License-Identifier: Apache-2.0
// Reading an arts file trace by trace.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scamper/v1/record.pb.h"
#include "server/files/arts_trace.h"
#include "server/files/file_record.h"
#include "server/files/frame_scanner.h"
#include "server/files/record_buffer.h"
#include "server/files/record_source.h"
#include "server/files/record_stream.h"
#include "server/io/byte_source.h"

namespace scamper::files {

// Traces come as records of the type that traces have in warts, always decoded and without
// bytes. A trace of version 3 names a list and a cycle, which have an id each and nothing else;
// they are not records of their own. Objects that are no traces are left out, and counted in
// FileRecord::index. Memory: a block of the input, the largest object, the lists and cycles.
class ArtsStream : public RecordSource {
 public:
  // `source` delivers arts, decompressed. Of the options count types, recover, on_skipped
  // and max_body, which is the limit of a whole object.
  ArtsStream(std::unique_ptr<io::ByteSource> source, StreamOptions options);

  absl::StatusOr<const FileRecord*> Next() override;

 private:
  enum class Step { kDeliver, kGoOn, kEnd };

  Step Advance();
  Step AtInputEnd(absl::string_view expected);
  // `length_holds`: the object ends where its header says.
  Step Damaged(absl::string_view what, bool length_holds);
  absl::Status Decode();
  void Resolve(const ArtsIds& ids);

  RecordBuffer buffer_;
  const StreamOptions options_;
  FrameScanner scanner_;
  // The object at the start of the window; its id is 0 where there is none.
  ArtsHeader header_;
  uint64_t index_ = 0;
  v1::Record record_;
  FileRecord current_;
  bool ended_ = false;
  absl::Status status_;

  absl::flat_hash_map<uint32_t, std::unique_ptr<v1::List>> lists_;
  // By list and id.
  absl::flat_hash_map<std::pair<uint32_t, uint32_t>, std::unique_ptr<v1::Cycle>> cycles_;
};

}  // namespace scamper::files
