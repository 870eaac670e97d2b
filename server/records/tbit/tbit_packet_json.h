// SPDX-License-Identifier: Apache-2.0
// A packet of a TCP behaviour inference in JSON.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "scamper/v1/tbit.pb.h"
#include "server/records/json.h"

namespace scamper::records {

// First sequence numbers, once they were seen.
struct TbitSequence {
  std::optional<uint32_t> client;
  std::optional<uint32_t> server;
};

// Appends the object and notes the first sequence numbers that the packet shows.
void AppendTbitPacketJson(const v1::Tbit& tbit, const v1::TbitPacket& packet,
                          const JsonContext& context, TbitSequence* sequence, std::string* out);

// The bits that are set, lowest first, without brackets: quoted names, numbers without a name.
void AppendTbitBits(uint32_t bits, const absl::string_view* names, size_t count, std::string* out);

}  // namespace scamper::records
