// SPDX-License-Identifier: Apache-2.0
// Bytes as hexadecimal text.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace scamper::base {

// Two lower-case digits for each byte.
std::string HexEncode(absl::string_view bytes);

// Accepts an even number of digits of either case and nothing else.
std::optional<std::string> HexDecode(absl::string_view text);

// Appends two lower-case digits for each byte, joined with `separator`, e.g. "00:00:5e:00:53:99".
void AppendHexBytes(absl::string_view bytes, char separator, std::string* out);

// The reverse of AppendHexBytes: exactly two digits of either case for each byte.
std::optional<std::string> ParseHexBytes(absl::string_view text, char separator);

}  // namespace scamper::base
