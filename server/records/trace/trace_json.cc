// SPDX-License-Identifier: Apache-2.0
#include "server/records/trace/trace_json.h"

#include <algorithm>
#include <vector>

#include "server/records/json_text.h"
#include "server/records/micros.h"
#include "server/records/trace/trace_hop_json.h"
#include "server/records/trace/trace_summary.h"

namespace scamper::records {
namespace {

using v1::Trace;
using v1::TraceHop;

constexpr size_t kHeaderCapacity = 1023;
constexpr size_t kErrorCapacity = 511;

constexpr absl::string_view kMethods[] = {"",          "icmp-echo", "udp", "tcp", "icmp-echo-paris",
                                          "udp-paris", "tcp-ack"};
constexpr absl::string_view kStopReasons[] = {"NONE", "COMPLETED", "UNREACH",   "ICMP",
                                              "LOOP", "GAPLIMIT",  "ERROR",     "HOPLIMIT",
                                              "GSS",  "HALTED",    "INPROGRESS"};
constexpr absl::string_view kFlags[] = {
    "all-attempts",  "pmtud", "dl",  "ignorettldst", "doubletree", "icmp-csum-dport",
    "const-payload", "rxerr", "ptr", "raw",          "back"};

void AppendFlags(uint32_t flags, std::string* out) {
  if (flags == 0) return;
  JsonLiteral(",\"flags\":[", out);
  JsonJoin join(",", out);
  for (uint32_t bit = 0; bit < 32; ++bit) {
    if ((flags >> bit & 1) == 0) continue;
    join.Next();
    out->push_back('"');
    if (bit < std::size(kFlags)) {
      JsonLiteral(kFlags[bit], out);
    } else {
      const uint32_t digit = 7 - bit / 4;
      JsonLiteral("0x", out);
      for (uint32_t i = 0; i < 8; ++i)
        out->push_back(i == digit ? static_cast<char>('0' + (1 << bit % 4)) : '0');
    }
    out->push_back('"');
  }
  out->push_back(']');
}

void AppendPorts(const Trace& trace, std::string* out) {
  const v1::TraceSummary& summary = trace.summary();
  if (summary.has_probe_sport()) {
    JsonU16(",\"sport\":", summary.probe_sport(), out);
    JsonU16(",\"dport\":", summary.probe_dport(), out);
  } else if ((trace.flags() & v1::TRACE_FLAG_ICMPCSUMDP) != 0) {
    JsonU16(",\"icmp_sum\":", trace.dport(), out);
  }
}

void AppendStart(const Trace& trace, std::string* out) {
  JsonU32(",\"start\":{\"sec\":", static_cast<uint64_t>(trace.start().seconds()), out);
  JsonU32(",\"usec\":", static_cast<uint32_t>(trace.start().nanos() / 1000), out);
  JsonLiteral(",\"ftime\":\"", out);
  JsonLocalTime(trace.start(), out);
  JsonLiteral("\"}", out);
}

void AppendNumbers(const Trace& trace, uint32_t last_hop, uint32_t first_hop, std::string* out) {
  JsonPiece piece(out);
  piece.U32(",\"hop_count\":", last_hop);
  piece.U8(",\"attempts\":", trace.attempts());
  piece.U8(",\"hoplimit\":", trace.hoplimit());
  piece.U8(",\"firsthop\":", first_hop);
  piece.U32(",\"wait\":", static_cast<uint64_t>(trace.wait_timeout().seconds()));
  piece.U32(",\"wait_probe\":", Micros(trace.wait_probe()) / 10000);
  piece.U8(",\"tos\":", trace.tos());
  piece.U16(",\"probe_size\":", trace.probe_size());
  piece.U16(",\"probe_count\":", trace.probe_count());
}

void AppendHeader(const Trace& trace, uint32_t last_hop, uint32_t first_hop,
                  const JsonContext& context, std::string* out) {
  JsonFragment header(context, kHeaderCapacity, out);
  JsonU32("\"type\":\"trace\",\"version\":\"0.1\",\"userid\":", trace.userid(), out);
  JsonLiteral(",\"method\":\"", out);
  JsonName(kMethods, static_cast<uint32_t>(trace.method()), out);
  out->push_back('"');
  if (trace.has_src()) JsonPlainString(",\"src\":\"", trace.src(), out);
  if (trace.has_dst()) JsonPlainString(",\"dst\":\"", trace.dst(), out);
  if (trace.has_rtr()) JsonPlainString(",\"rtr\":\"", trace.rtr(), out);
  AppendPorts(trace, out);
  JsonLiteral(",\"stop_reason\":\"", out);
  JsonName(kStopReasons, static_cast<uint32_t>(trace.stop_reason()), out);
  JsonU8("\",\"stop_data\":", trace.stop_data(), out);
  if (trace.has_errmsg())
    JsonString(",\"errmsg\":\"", trace.errmsg(), context, kErrorCapacity, out);
  AppendStart(trace, out);
  AppendNumbers(trace, last_hop, first_hop, out);
  JsonMonitor(context, out);
  AppendFlags(trace.flags(), out);
  header.End();
}

// Replies with a TTL from `first` to `last`, of replies that are in the order of their TTLs.
void AppendHops(absl::string_view name, const std::vector<const TraceHop*>& hops, uint32_t first,
                uint32_t last, bool rxerr, const JsonContext& context, std::string* out) {
  bool any = false;
  const TraceHop* probe = nullptr;
  const TraceHop* before = nullptr;
  for (const TraceHop* hop : hops) {
    if (probe == nullptr || !OfOneProbe(*before, *hop)) probe = hop;
    before = hop;
    if (hop->probe_ttl() < first || hop->probe_ttl() > last) continue;
    if (any) {
      out->push_back(',');
    } else {
      JsonLiteral(name, out);
    }
    any = true;
    AppendHopJson(*hop, *probe, rxerr, context, out);
  }
  if (any) out->push_back(']');
}

std::vector<const TraceHop*> HopsByTtl(const Trace& trace) {
  const auto before = [](const TraceHop* a, const TraceHop* b) {
    return a->probe_ttl() < b->probe_ttl();
  };
  std::vector<const TraceHop*> hops;
  hops.reserve(static_cast<size_t>(trace.hops_size()));
  for (const TraceHop& hop : trace.hops()) hops.push_back(&hop);
  if (!std::is_sorted(hops.begin(), hops.end(), before))
    std::stable_sort(hops.begin(), hops.end(), before);
  return hops;
}

}  // namespace

void AppendTraceJson(const Trace& trace, const JsonContext& context, std::string* out) {
  const uint32_t hop_count = HopCount(trace);
  const bool stops_early = trace.stop_hop() > 0 && trace.stop_hop() < hop_count;
  const uint32_t last_hop = stops_early ? trace.stop_hop() : hop_count;
  const uint32_t first_hop = trace.firsthop() == 0 ? 1 : trace.firsthop();
  const bool rxerr = (trace.flags() & v1::TRACE_FLAG_RXERR) != 0;
  out->push_back('{');
  AppendHeader(trace, last_hop, first_hop, context, out);
  const std::vector<const TraceHop*> hops = HopsByTtl(trace);
  AppendHops(",\"hops\":[", hops, first_hop, last_hop, rxerr, context, out);
  if (stops_early) {
    AppendHops(",\"extra_hops\":[", hops, std::max(first_hop, last_hop + 1), hop_count, rxerr,
               context, out);
  }
  AppendPmtudJson(trace, last_hop, context, out);
  JsonLiteral("}\n", out);
}

}  // namespace scamper::records
