// SPDX-License-Identifier: Apache-2.0
#include "server/records/ping/ping_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/records/micros.h"
#include "server/records/reply_kind.h"
#include "server/records/tcp_flags.h"

namespace scamper::records {
namespace {

using v1::Ping;
using v1::PingReply;

constexpr size_t kMaxReplyText = 255;
constexpr uint32_t kTcp = 6;
constexpr uint32_t kUdp = 17;

bool IsIcmpReply(const PingReply& reply) {
  return reply.summary().proto() == (IsIpv6Text(reply.src()) ? 58u : 1u);
}

void AppendTcpState(uint32_t flags, std::string* out) {
  if ((flags & kTcpRst) != 0) {
    out->append("closed");
  } else if ((flags & kTcpSyn) != 0 && (flags & kTcpAck) != 0) {
    out->append((flags & kTcpEce) != 0 ? "open,ecn" : "open");
  } else {
    absl::StrAppendFormat(out, "0x%02x", flags);
  }
}

void AppendTtlAndTime(const PingReply& reply, std::string* out) {
  absl::StrAppend(out, "ttl=", reply.reply_ttl(), " time=");
  AppendMillis(reply.rtt(), out);
  out->append(" ms");
}

void AppendTimeOfDay(const char* name, uint32_t millis, std::string* out) {
  const uint32_t seconds = millis / 1000;
  absl::StrAppendFormat(out, " %s=%02u:%02u:%02u.%03u", name, seconds / 3600, seconds / 60 % 60,
                        seconds % 60, millis % 1000);
}

void AppendReplyLine(const PingReply& reply, std::string* out) {
  absl::StrAppend(out, reply.reply_size(), " bytes from ", reply.src(), ", seq=", reply.probe_id(),
                  " ");
  const bool icmp = IsIcmpReply(reply);
  if (icmp || reply.summary().proto() == kUdp) {
    AppendTtlAndTime(reply, out);
  } else if (reply.summary().proto() == kTcp) {
    out->append("tcp=");
    AppendTcpState(reply.tcp_flags(), out);
    out->push_back(' ');
    AppendTtlAndTime(reply, out);
  }
  if (icmp && reply.has_icmp_timestamps()) {
    AppendTimeOfDay("tso", reply.icmp_timestamps().originate(), out);
    AppendTimeOfDay("tsr", reply.icmp_timestamps().receive(), out);
    AppendTimeOfDay("tst", reply.icmp_timestamps().transmit(), out);
  }
  out->push_back('\n');
}

void AppendOptions(const PingReply& reply, std::string* out) {
  for (int i = 0; i < reply.record_route_size(); ++i) {
    absl::StrAppend(out, i == 0 ? " RR: " : "     ", reply.record_route(i), "\n");
  }
  const v1::IpTimestamps& timestamps = reply.timestamps();
  for (int i = 0; i < timestamps.timestamps_size(); ++i) {
    out->append(i == 0 ? " TS: " : "     ");
    if (i < timestamps.addrs_size()) absl::StrAppendFormat(out, "%-15s ", timestamps.addrs(i));
    absl::StrAppend(out, timestamps.timestamps(i), "\n");
  }
}

void AppendReply(const PingReply& reply, std::string* out) {
  const size_t begin = out->size();
  AppendReplyLine(reply, out);
  AppendOptions(reply, out);
  if (out->size() - begin > kMaxReplyText) out->resize(begin + kMaxReplyText);
}

// By probe, then by arrival.
void AppendReplies(const Ping& ping, std::string* out) {
  const auto before = [](const PingReply* a, const PingReply* b) {
    return a->probe_id() < b->probe_id();
  };
  std::vector<const PingReply*> replies;
  replies.reserve(static_cast<size_t>(ping.replies_size()));
  for (const PingReply& reply : ping.replies()) replies.push_back(&reply);
  if (!std::is_sorted(replies.begin(), replies.end(), before)) {
    std::stable_sort(replies.begin(), replies.end(), before);
  }
  for (const PingReply* reply : replies) AppendReply(*reply, out);
}

void AppendStatistics(const Ping& ping, std::string* out) {
  const v1::PingSummary& summary = ping.summary();
  absl::StrAppend(out, "--- ", ping.dst(), " ping statistics ---\n", ping.probe_count(),
                  " packets transmitted, ", summary.nreplies(), " packets received");
  if (summary.ndups() > 0) absl::StrAppend(out, ", +", summary.ndups(), " duplicates");
  if (summary.nerrs() > 0) absl::StrAppend(out, ", +", summary.nerrs(), " errors");
  if (ping.probe_count() > 0) {
    absl::StrAppend(out, ", ", summary.nloss() * 100 / ping.probe_count(), "% packet loss");
  }
  out->push_back('\n');
  if (summary.nreplies() == 0) return;
  out->append("round-trip min/avg/max/stddev = ");
  AppendMillis(summary.min_rtt(), out);
  out->push_back('/');
  AppendMillis(summary.avg_rtt(), out);
  out->push_back('/');
  AppendMillis(summary.max_rtt(), out);
  out->push_back('/');
  AppendMillis(summary.stddev_rtt(), out);
  out->append(" ms\n");
}

}  // namespace

void AppendPingText(const Ping& ping, std::string* out) {
  out->append("ping");
  if (ping.has_src()) absl::StrAppend(out, " from ", ping.src());
  absl::StrAppend(out, " to ", ping.dst(), ": ", ping.probe_size(), " byte packets\n");
  AppendReplies(ping, out);
  AppendStatistics(ping, out);
}

}  // namespace scamper::records
