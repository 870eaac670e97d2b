// SPDX-License-Identifier: Apache-2.0
#include "server/control/remote_name.h"

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "server/base/ip_address.h"

namespace scamper::control {
namespace {

bool IsPort(absl::string_view text) {
  uint32_t port = 0;
  return text.find_first_not_of("0123456789") == absl::string_view::npos &&
         absl::SimpleAtoi(text, &port) && port > 0 && port <= 65535;
}

// "ADDRESS<separator>PORT" of that family.
bool ReadAddress(absl::string_view text, char separator, bool ipv6, std::string* address) {
  const size_t at = text.rfind(separator);
  if (at == absl::string_view::npos || !IsPort(text.substr(at + 1))) return false;
  const auto parsed = base::ParseIpAddress(text.substr(0, at));
  if (!parsed || parsed->v6 != ipv6) return false;
  *address = base::FormatIpAddress(*parsed);
  return true;
}

}  // namespace

v1::VantagePoint ReadRemoteName(absl::string_view file_name) {
  v1::VantagePoint vp;
  const size_t dash = file_name.rfind('-');
  const absl::string_view address =
      dash == absl::string_view::npos ? file_name : file_name.substr(dash + 1);
  std::string text;
  if (ReadAddress(address, ':', false, &text)) {
    vp.set_ipv4(text);
  } else if (ReadAddress(address, '.', true, &text)) {
    vp.set_ipv6(text);
  } else {
    return vp;
  }
  if (dash != absl::string_view::npos && dash > 0) {
    vp.set_monitor_name(std::string(file_name.substr(0, dash)));
  }
  return vp;
}

}  // namespace scamper::control
