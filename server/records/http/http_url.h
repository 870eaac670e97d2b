// SPDX-License-Identifier: Apache-2.0
// URLs as scamper's http and tbit commands take them.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace scamper::records {

struct Url {
  bool https = false;
  // Where the URL says one.
  std::optional<uint32_t> port;
};

// SCHEME://HOST[:PORT][/PATH], printable ASCII: scheme http or https, host of letters, digits, '-'
// and '.', port 1 - 65535. Nothing where the text is none.
std::optional<Url> ParseUrl(absl::string_view text);

// What a URL must be, to follow a field's name.
inline constexpr absl::string_view kUrlForm =
    "must be http:// or https://, a host name, perhaps :1-65535, then nothing or a path that "
    "begins "
    "with '/', in printable ASCII";

}  // namespace scamper::records
