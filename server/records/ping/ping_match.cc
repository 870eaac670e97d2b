// SPDX-License-Identifier: Apache-2.0
#include "server/records/ping/ping_match.h"

#include "server/base/ip_address.h"

namespace scamper::records {
namespace {

v1::PingMethod Effective(v1::PingMethod method) {
  return method == v1::PING_METHOD_UNSPECIFIED ? v1::PING_METHOD_ICMP_ECHO : method;
}

}  // namespace

bool PingMatches(const v1::PingParameters& wanted, const v1::Ping& ping) {
  if (wanted.userid() != ping.userid() || Effective(wanted.method()) != Effective(ping.method())) return false;
  const auto dst = base::ParseIpAddress(wanted.dst());
  return dst && dst == base::ParseIpAddress(ping.dst());
}

}  // namespace scamper::records
