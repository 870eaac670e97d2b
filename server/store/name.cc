// SPDX-License-Identifier: Apache-2.0
#include "server/store/name.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace scamper::store {
namespace {

bool IsAllowed(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::string_view("._-+:@").find(c) != absl::string_view::npos;
}

}  // namespace

absl::Status CheckName(absl::string_view name) {
  if (name.empty() || name.size() > 255)
    return absl::InvalidArgumentError("a file's name must be 1 to 255 bytes long");
  if (name.front() == '.')
    return absl::InvalidArgumentError("a file's name must not begin with '.'");
  if (!std::all_of(name.begin(), name.end(), IsAllowed)) {
    return absl::InvalidArgumentError(
        "a file's name must have letters, digits, '.', '_', '-', '+', ':' and '@' only");
  }
  return absl::OkStatus();
}

}  // namespace scamper::store
