// SPDX-License-Identifier: Apache-2.0
// Names of DNS numbers; a number without a name is its decimal form.
#pragma once

#include <cstdint>
#include <string>

namespace scamper::records {

std::string HostTypeName(uint32_t type);
std::string HostClassName(uint32_t rclass);
// As registered, e.g. "NXDomain".
std::string HostRcodeName(uint32_t rcode);
// As scamper's tool prints them: no name for 12 - 15, and 19 and 20 run together, so that the
// ones behind are one off.
std::string HostRcodeToolName(uint32_t rcode);

}  // namespace scamper::records
