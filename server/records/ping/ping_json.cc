// SPDX-License-Identifier: Apache-2.0
#include "server/records/ping/ping_json.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <vector>

#include "server/records/json_text.h"
#include "server/records/ping/ping_reply_json.h"
#include "server/records/ping/ping_summary.h"

namespace scamper::records {
namespace {

using v1::Ping;
using v1::PingReply;

constexpr size_t kHeaderCapacity = 1023;
constexpr size_t kErrorCapacity = 511;

constexpr absl::string_view kMethods[] = {
    "icmp-echo", "tcp-ack",    "tcp-ack-sport", "udp",           "udp-dport", "icmp-time",
    "tcp-syn",   "tcp-synack", "tcp-rst",       "tcp-syn-sport", "udp-sport"};
constexpr absl::string_view kStopReasons[] = {"none", "done", "error", "halted", "inprogress"};
constexpr absl::string_view kFlags[] = {"v4rr",      "spoof",   "payload", "tsonly",
                                        "tsandaddr", "icmpsum", "dl",      "tbt",
                                        "nosrc",     "raw",     "sockrx",  "dltx"};

// Whole seconds, and microseconds where there are some.
void AppendWait(absl::string_view seconds, absl::string_view micros,
                const google::protobuf::Duration& wait, std::string* out) {
  JsonU8(seconds, static_cast<uint64_t>(wait.seconds()), out);
  if (wait.nanos() >= 1000) JsonU32(micros, static_cast<uint32_t>(wait.nanos() / 1000), out);
}

void AppendProbe(const Ping& ping, std::string* out) {
  JsonU16(",\"ping_sent\":", ping.probe_count(), out);
  JsonU16(",\"probe_size\":", ping.probe_size(), out);
  JsonU32(",\"userid\":", ping.userid(), out);
  JsonU8(",\"ttl\":", ping.ttl(), out);
  JsonU8(",\"tos\":", ping.tos(), out);
  AppendWait(",\"wait\":", ",\"wait_us\":", ping.wait_probe(), out);
  AppendWait(",\"timeout\":", ",\"timeout_us\":", ping.summary().wait_timeout(), out);
  const v1::PingMethod method = ping.summary().method();
  if (IsUdp(method) || IsTcp(method)) {
    JsonU16(",\"sport\":", ping.sport(), out);
    JsonU16(",\"dport\":", ping.dport(), out);
  }
  if (IsTcp(method)) {
    JsonU32(",\"tcp_seq\":", ping.tcp_seq(), out);
    JsonU32(",\"tcp_ack\":", ping.tcp_ack(), out);
  }
}

void AppendFlags(uint32_t flags, std::string* out) {
  if (flags == 0) return;
  JsonLiteral(",\"flags\":[", out);
  JsonJoin join(",", out);
  for (size_t bit = 0; bit < std::size(kFlags); ++bit) {
    if ((flags >> bit & 1) == 0) continue;
    join.Next();
    JsonPlainString("\"", kFlags[bit], out);
  }
  out->push_back(']');
}

void AppendTsps(const Ping& ping, const JsonContext& context, std::string* out) {
  if (ping.tsps_size() == 0) return;
  JsonLiteral(",\"probe_tsps\":[", out);
  // The tool forgets the commas.
  JsonJoin join(context.scamper_quirks ? "" : ",", out);
  for (const std::string& address : ping.tsps()) {
    join.Next();
    JsonPlainString("\"", address, out);
  }
  out->push_back(']');
}

void AppendHeader(const Ping& ping, const JsonContext& context, std::string* out) {
  JsonFragment header(context, kHeaderCapacity, out);
  JsonLiteral("{\"type\":\"ping\",\"version\":\"0.4\",\"method\":\"", out);
  JsonName(kMethods, static_cast<uint32_t>(ping.summary().method()) - 1, out);
  out->push_back('"');
  if (ping.has_src()) JsonPlainString(",\"src\":\"", ping.src(), out);
  if (ping.has_dst()) JsonPlainString(",\"dst\":\"", ping.dst(), out);
  if (ping.has_rtr()) JsonPlainString(",\"rtr\":\"", ping.rtr(), out);
  JsonLiteral(",\"start\":", out);
  JsonTime(ping.start(), ",", out);
  JsonLiteral(",\"stop_reason\":\"", out);
  JsonName(kStopReasons, static_cast<uint32_t>(ping.stop_reason()), out);
  JsonU8("\",\"stop_data\":", ping.stop_data(), out);
  if (ping.has_errmsg()) JsonString(",\"errmsg\":\"", ping.errmsg(), context, kErrorCapacity, out);
  AppendProbe(ping, out);
  if (!ping.data().empty()) {
    JsonLiteral((ping.flags() & v1::PING_FLAG_PAYLOAD) != 0 ? ",\"payload\":\"" : ",\"pattern\":\"",
                out);
    header.Hex(ping.data());
    out->push_back('"');
  }
  AppendFlags(ping.flags(), out);
  if (IsIcmp(ping.summary().method()) && (ping.flags() & v1::PING_FLAG_ICMPSUM) != 0) {
    JsonU16(",\"icmp_csum\":", ping.icmp_sum(), out);
  }
  AppendTsps(ping, context, out);
  JsonMonitor(context, out);
  header.End();
}

// By probe, then by arrival.
void AppendResponses(const Ping& ping, const JsonContext& context, std::string* out) {
  const auto before = [](const PingReply* a, const PingReply* b) {
    return a->probe_id() < b->probe_id();
  };
  std::vector<const PingReply*> replies;
  replies.reserve(static_cast<size_t>(ping.replies_size()));
  for (const PingReply& reply : ping.replies()) replies.push_back(&reply);
  if (!std::is_sorted(replies.begin(), replies.end(), before)) {
    std::stable_sort(replies.begin(), replies.end(), before);
  }
  JsonJoin join(",", out);
  const PingReply* probe = nullptr;
  for (const PingReply* reply : replies) {
    if (probe == nullptr || probe->probe_id() != reply->probe_id()) probe = reply;
    join.Next();
    AppendPingReplyJson(ping, *reply, *probe, context, out);
  }
}

// In single precision, as the tool does.
void AppendLoss(uint32_t sent, uint32_t replies, std::string* out) {
  JsonLiteral(",\"loss\":", out);
  if (replies == 0 || replies == sent) {
    out->push_back(replies == 0 ? '1' : '0');
    return;
  }
  const float loss = static_cast<float>(sent - replies) / static_cast<float>(sent);
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%.2f", static_cast<double>(loss));
  out->append(text, static_cast<size_t>(size));
}

void AppendStatistics(const Ping& ping, std::string* out) {
  const v1::PingSummary& summary = ping.summary();
  JsonU32("\"statistics\":{\"replies\":", summary.nreplies(), out);
  if (ping.probe_count() > 0) AppendLoss(ping.probe_count(), summary.nreplies(), out);
  if (summary.nreplies() > 0) {
    JsonLiteral(",\"min\":", out);
    JsonMillis(summary.min_rtt(), out);
    JsonLiteral(",\"max\":", out);
    JsonMillis(summary.max_rtt(), out);
    JsonLiteral(",\"avg\":", out);
    JsonMillis(summary.avg_rtt(), out);
    JsonLiteral(",\"stddev\":", out);
    JsonMillis(summary.stddev_rtt(), out);
  }
  if (summary.ndups() > 0) JsonU32(",\"ndups\":", summary.ndups(), out);
  if (summary.nerrs() > 0) JsonU32(",\"nerrs\":", summary.nerrs(), out);
  out->push_back('}');
}

}  // namespace

void AppendPingJson(const Ping& ping, const JsonContext& context, std::string* out) {
  AppendHeader(ping, context, out);
  JsonLiteral(",\"responses\":[", out);
  AppendResponses(ping, context, out);
  // Probes without a reply are not recorded.
  JsonLiteral("],\"no_responses\":[],", out);
  AppendStatistics(ping, out);
  JsonLiteral("}\n", out);
}

}  // namespace scamper::records
