// SPDX-License-Identifier: Apache-2.0
// The uuencoding of a DATA payload in warts format.
//
// Lines of one length character (32 + decoded bytes), groups of 4 characters
// for each 3 bytes, and LF; all lines but the last carry 45 bytes. The value 0 is a
// back-quote, never a space. A last line holds only a back-quote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scamper::control {

// Whether a text of `length` characters, all lines included, can be the encoding
// of a warts record (8 bytes or more).
bool IsPossibleUuLength(uint64_t length);

// Decodes the whole text. DATA_LOSS naming the byte and what was expected there
// when it departs from the encoding in any way; `offset` is the position of
// text[0], for that message.
absl::StatusOr<std::string> UuDecode(absl::string_view text, uint64_t offset);

}  // namespace scamper::control
