// SPDX-License-Identifier: Apache-2.0
#include "server/records/result_key.h"

#include "server/base/ip_address.h"

namespace scamper::records {
namespace {

void AppendNumber(uint32_t n, std::string* key) {
  for (int shift = 0; shift < 32; shift += 8) key->push_back(static_cast<char>(n >> shift));
}

}  // namespace

std::string ResultKey(int type, absl::string_view dst, uint32_t userid) {
  std::string key;
  key.reserve(24);
  key.push_back(static_cast<char>(type));
  AppendNumber(userid, &key);
  if (const auto address = base::ParseIpAddress(dst)) {
    key.append(reinterpret_cast<const char*>(address->bytes.data()), address->v6 ? 16 : 4);
  }
  return key;
}

}  // namespace scamper::records
