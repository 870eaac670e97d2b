// SPDX-License-Identifier: Apache-2.0
#include "server/records/trace/trace_match.h"

#include "server/base/ip_address.h"

namespace scamper::records {
namespace {

v1::TraceMethod Effective(const v1::TraceParameters& wanted) {
  if (wanted.method() != v1::TRACE_METHOD_UNSPECIFIED) return wanted.method();
  const bool icmp = wanted.has_icmp_sum() || wanted.has_icmp_id();
  return icmp ? v1::TRACE_METHOD_ICMP_PARIS : v1::TRACE_METHOD_UDP_PARIS;
}

}  // namespace

bool TraceMatches(const v1::TraceParameters& wanted, const v1::Trace& trace) {
  if (wanted.userid() != trace.userid() || Effective(wanted) != trace.method()) return false;
  const auto dst = base::ParseIpAddress(wanted.dst());
  return dst && dst == base::ParseIpAddress(trace.dst());
}

}  // namespace scamper::records
