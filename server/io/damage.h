// SPDX-License-Identifier: Apache-2.0
// Errors that know their place in the input.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace scamper::io {

// The status `code` with the message "`what` at byte `offset`", where `offset`
// counts from 0 in the bytes of the file as it is stored: for compressed input,
// in the compressed bytes.
absl::Status ErrorAt(absl::StatusCode code, absl::string_view what, uint64_t offset);

// The offset that ErrorAt was given; nothing for other statuses.
std::optional<uint64_t> OffsetOf(const absl::Status& status);

}  // namespace scamper::io
