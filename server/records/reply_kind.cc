// SPDX-License-Identifier: Apache-2.0
#include "server/records/reply_kind.h"

namespace scamper::records {
namespace {

v1::ReplyKind Icmp4Kind(uint32_t type, uint32_t code) {
  switch (type) {
    case 0:
      return v1::REPLY_KIND_ICMP_ECHO_REPLY;
    case 3:
      if (code == 3) return v1::REPLY_KIND_ICMP_UNREACHABLE_PORT;
      return code == 4 ? v1::REPLY_KIND_ICMP_PACKET_TOO_BIG : v1::REPLY_KIND_ICMP_UNREACHABLE;
    case 11:
      return v1::REPLY_KIND_ICMP_TTL_EXPIRED;
    case 14:
      return v1::REPLY_KIND_ICMP_TIMESTAMP_REPLY;
    default:
      return v1::REPLY_KIND_ICMP_OTHER;
  }
}

v1::ReplyKind Icmp6Kind(uint32_t type, uint32_t code) {
  switch (type) {
    case 1:
      return code == 4 ? v1::REPLY_KIND_ICMP_UNREACHABLE_PORT : v1::REPLY_KIND_ICMP_UNREACHABLE;
    case 2:
      return v1::REPLY_KIND_ICMP_PACKET_TOO_BIG;
    case 3:
      return v1::REPLY_KIND_ICMP_TTL_EXPIRED;
    case 129:
      return v1::REPLY_KIND_ICMP_ECHO_REPLY;
    default:
      return v1::REPLY_KIND_ICMP_OTHER;
  }
}

}  // namespace

v1::ReplyKind IcmpKind(bool v6, uint32_t type, uint32_t code) {
  return v6 ? Icmp6Kind(type, code) : Icmp4Kind(type, code);
}

bool QuotesProbe(bool v6, uint32_t type) {
  return v6 ? type == 1 || type == 2 || type == 3 : type == 3 || type == 11;
}

}  // namespace scamper::records
