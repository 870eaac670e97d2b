// SPDX-License-Identifier: Apache-2.0
// One object of an arts file, the format of CAIDA's skitter (arts-format.md), as a trace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "scamper/v1/trace.pb.h"
#include "server/warts/cursor.h"
#include "server/warts/state.h"

namespace scamper::files {

inline constexpr absl::string_view kArtsMagic("\xdf\xb0", 2);
inline constexpr size_t kArtsHeaderSize = 20;
// Id of the objects that are traces.
inline constexpr uint32_t kArtsTrace = 0x3000;

struct ArtsHeader {
  // 28 bits.
  uint32_t id = 0;
  // 4 bits; those above 3 are read as 3.
  uint32_t version = 0;
  // Bit 0: hops have an RTT, from version 2 on.
  uint32_t flags = 0;
  // Bytes.
  uint32_t attributes_length = 0;
  uint32_t data_length = 0;

  uint64_t size() const {
    return kArtsHeaderSize + uint64_t{attributes_length} + uint64_t{data_length};
  }
};

// Nothing where there are fewer than 20 bytes or the magic is another one.
std::optional<ArtsHeader> ReadArtsHeader(absl::string_view bytes);

// From version 3 on.
struct ArtsIds {
  std::optional<uint32_t> list;
  std::optional<uint32_t> cycle;
};

// Reads what is behind the header of a trace; list_id, cycle_id and summary are left out. Fields
// that the format does not have are absent but for the method, ICMP, and the size of probes, 40.
// A hop's attempt (see TraceHopSummary) is the number in the file, which counts from 0. The reply
// of the destination is at the distance that the file says; scamper's own reader puts it one TTL
// before that where no other probe of that hop was answered. False: the state says why.
bool ReadArtsTrace(const ArtsHeader& header, warts::Cursor body, warts::ReadState& state,
                   v1::Trace* out, ArtsIds* ids);

}  // namespace scamper::files
