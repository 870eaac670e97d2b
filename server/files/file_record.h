// SPDX-License-Identifier: Apache-2.0
// A record together with what its file says around it.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "scamper/v1/files.pb.h"
#include "scamper/v1/record.pb.h"

namespace scamper::files {

// Nothing here is owned: all of it is valid until the stream that it came from moves on.
struct FileRecord {
  // Of its first byte, in the decompressed input.
  uint64_t offset = 0;
  // Number of records before it, those that a filter left out as well.
  uint64_t index = 0;
  // Record type of the warts format.
  uint32_t type = 0;
  // Header and body; empty where the record did not come from a warts file.
  absl::string_view bytes;
  // Null where records are not decoded.
  const v1::Record* record = nullptr;
  // Those that the record names, as defined last before it; null where it names none,
  // or one that the file does not define. Cycles that were stopped count. Of a cycle
  // record itself: the list is that of the cycle, the cycle itself; of a cycle stop,
  // the cycle that it ends and its list.
  const v1::List* list = nullptr;
  const v1::Cycle* cycle = nullptr;
  // The list that the cycle is over.
  const v1::List* cycle_list = nullptr;
  // Number of definitions of lists and cycles that came before or with it: records of one input
  // that agree in it have the same list where they have the same pointer, likewise cycle. 0 where
  // it has neither.
  uint64_t definitions = 0;
};

// All but the bytes. REQUIRES: a decoded record.
void ToProto(const FileRecord& record, v1::FileRecord* proto);

}  // namespace scamper::files
