// SPDX-License-Identifier: Apache-2.0
#include "server/records/trace/trace_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/records/micros.h"
#include "server/records/reply_kind.h"
#include "server/records/tcp_flags.h"
#include "server/records/trace/trace_mtu_text.h"
#include "server/records/trace/trace_summary.h"

namespace scamper::records {
namespace {

using v1::Trace;
using v1::TraceHop;

void AppendTcpState(uint32_t flags, std::string* out) {
  if ((flags & kTcpRst) != 0) {
    out->append(" [closed]");
    return;
  }
  if ((flags & kTcpSyn) != 0 && (flags & kTcpAck) != 0) {
    out->append((flags & kTcpEce) != 0 ? " [open, ecn]" : " [open]");
    return;
  }
  if (flags == 0) {
    out->append(" [unknown, no flags]");
    return;
  }
  constexpr struct {
    uint32_t bit;
    const char* name;
  } kNames[] = {{kTcpRst, " RST"}, {kTcpSyn, " SYN"}, {kTcpAck, " ACK"}, {kTcpPsh, " PSH"},
                {kTcpFin, " FIN"}, {kTcpUrg, " URG"}, {kTcpCwr, " CWR"}, {kTcpEce, " ECE"}};
  out->append(" [unknown,");
  for (const auto& name : kNames) {
    if ((flags & name.bit) != 0) out->append(name.name);
  }
  out->push_back(']');
}

// The letter of an unreachable's code; 0 for a code without one, ' ' for none needed.
char UnreachableLetter(bool v6, uint32_t code) {
  constexpr char kIpv4[] = {'N', 'H', 'P', ' ', 'F', 'S'};
  constexpr char kIpv6[] = {'N', 'P', 'S', 'A', ' '};
  if (v6) return code < sizeof kIpv6 ? kIpv6[code] : '\0';
  if (code == 13) return 'X';
  return code < sizeof kIpv4 ? kIpv4[code] : '\0';
}

void AppendIcmp(bool v6, uint32_t type, uint32_t code, std::string* out) {
  const bool expected = v6 ? type == 3 || type == 129 : type == 11 || type == 0;
  if (expected) return;
  if (v6 && type == 2) {
    out->append(" !F");
  } else if (type == (v6 ? 1u : 3u)) {
    const char letter = UnreachableLetter(v6, code);
    if (letter == '\0') {
      absl::StrAppend(out, " !<", code, ">");
    } else if (letter != ' ') {
      out->append(" !");
      out->push_back(letter);
    }
  } else {
    absl::StrAppend(out, " !<", type, ",", code, ">");
  }
}

void AppendRttAndKind(const TraceHop& hop, std::string* out) {
  AppendMillis(hop.rtt(), out);
  out->append(" ms");
  if ((hop.flags() & v1::TRACE_HOP_FLAG_TCP) != 0) {
    AppendTcpState(hop.tcp_flags(), out);
  } else if ((hop.flags() & v1::TRACE_HOP_FLAG_UDP) == 0) {
    AppendIcmp(IsIpv6Text(hop.src()), hop.icmp().type(), hop.icmp().code(), out);
  }
}

// In two columns, or more where it needs them.
void AppendTtl(uint32_t ttl, std::string* out) {
  if (ttl < 10) out->push_back(' ');
  absl::StrAppend(out, ttl);
}

void AppendSilence(const Trace& trace, uint32_t ttl, std::string* out) {
  if ((trace.flags() & v1::TRACE_FLAG_ALLATTEMPTS) == 0) {
    AppendTtl(ttl, out);
    out->append("  *");
    return;
  }
  // The number takes three columns, with a blank where there is room.
  AppendTtl(ttl, out);
  if (ttl < 100) out->push_back(' ');
  const uint32_t attempts = std::min(trace.attempts(), 255u);
  for (uint32_t i = 0; i < attempts; ++i) out->append(" *");
}

using Replies = std::vector<const TraceHop*>;

void AppendLine(const Trace& trace, uint32_t ttl, Replies::const_iterator begin,
                Replies::const_iterator end, std::string* out) {
  if (begin == end) {
    AppendSilence(trace, ttl, out);
    return;
  }
  AppendTtl(ttl, out);
  const std::string* last = nullptr;
  for (auto it = begin; it != end; ++it) {
    out->append("  ");
    if (last == nullptr || *last != (*it)->src()) absl::StrAppend(out, (*it)->src(), "  ");
    last = &(*it)->src();
    AppendRttAndKind(**it, out);
  }
}

// By TTL, then in the order of the record.
Replies RepliesByTtl(const Trace& trace) {
  const auto before = [](const TraceHop* a, const TraceHop* b) {
    return a->probe_ttl() < b->probe_ttl();
  };
  Replies replies;
  replies.reserve(static_cast<size_t>(trace.hops_size()));
  for (const TraceHop& hop : trace.hops()) replies.push_back(&hop);
  if (!std::is_sorted(replies.begin(), replies.end(), before)) {
    std::stable_sort(replies.begin(), replies.end(), before);
  }
  return replies;
}

}  // namespace

void AppendTraceText(const Trace& trace, std::string* out) {
  out->append("traceroute");
  if (trace.has_src()) absl::StrAppend(out, " from ", trace.src());
  absl::StrAppend(out, " to ", trace.dst());
  if (trace.has_rtr()) absl::StrAppend(out, " via ", trace.rtr());
  out->push_back('\n');
  const uint32_t hop_count = HopCount(trace);
  const Replies replies = RepliesByTtl(trace);
  std::vector<std::string> annotations;
  if (trace.has_pmtud()) annotations = MtuAnnotations(trace, hop_count);
  auto begin = replies.begin();
  for (uint32_t ttl = 1; ttl <= hop_count; ++ttl) {
    while (begin != replies.end() && (*begin)->probe_ttl() < ttl) ++begin;
    auto end = begin;
    while (end != replies.end() && (*end)->probe_ttl() == ttl) ++end;
    AppendLine(trace, ttl, begin, end, out);
    if (!annotations.empty()) out->append(annotations[ttl]);
    out->push_back('\n');
    begin = end;
  }
}

}  // namespace scamper::records
