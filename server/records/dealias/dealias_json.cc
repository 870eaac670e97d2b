// SPDX-License-Identifier: Apache-2.0
#include "server/records/dealias/dealias_json.h"

#include <span>

#include "server/base/ip_address.h"
#include "server/records/dealias/dealias_summary.h"
#include "server/records/json_text.h"
#include "server/records/micros.h"
#include "server/records/reply_kind.h"

namespace scamper::records {
namespace {

using google::protobuf::Duration;
using v1::Dealias;
using v1::DealiasProbe;
using v1::DealiasProbedef;
using v1::DealiasReply;

constexpr absl::string_view kMethods[] = {"",           "mercator", "ally",     "radargun",
                                          "prefixscan", "bump",     "midarest", "midardisc"};
constexpr absl::string_view kResults[] = {"none",   "aliases",   "not-aliases",
                                          "halted", "ipid-echo", "error"};
constexpr absl::string_view kProbeMethods[] = {
    "", "icmp-echo", "tcp-ack", "udp", "tcp-ack-sport", "udp-dport", "tcp-syn-sport"};

void AppendMillis16(absl::string_view prefix, const Duration& duration, std::string* out) {
  JsonU16(prefix, Micros(duration) / 1000, out);
}

void AppendSeconds(absl::string_view prefix, const Duration& duration, std::string* out) {
  JsonU32(prefix, static_cast<uint64_t>(duration.seconds()), out);
}

void AppendTimeOf(absl::string_view prefix, const Duration& duration, std::string* out) {
  JsonLiteral(prefix, out);
  JsonTime(duration, ", ", out);
}

// The bits that are set, by name or number; nothing where none is.
void AppendFlags(uint32_t flags, std::span<const absl::string_view> names, std::string* out) {
  if ((flags & 0xff) == 0) return;
  JsonLiteral(", \"flags\":[", out);
  JsonJoin bits(",", out);
  for (size_t i = 0; i < 8; ++i) {
    if ((flags >> i & 1) == 0) continue;
    bits.Next();
    if (i < names.size()) {
      JsonPlainString("\"", names[i], out);
    } else {
      JsonU32(uint64_t{1} << i, out);
    }
  }
  out->push_back(']');
}

void AppendTechnique(const v1::DealiasMercator& mercator, std::string* out) {
  JsonU8(", \"attempts\":", mercator.attempts(), out);
  AppendSeconds(", \"wait_timeout\":", mercator.wait_timeout(), out);
}

constexpr absl::string_view kAllyFlags[] = {"nobs"};

void AppendTechnique(const v1::DealiasAlly& ally, std::string* out) {
  AppendMillis16(", \"wait_probe\":", ally.wait_probe(), out);
  AppendSeconds(", \"wait_timeout\":", ally.wait_timeout(), out);
  JsonU8(", \"attempts\":", ally.attempts(), out);
  JsonU16(", \"fudge\":", ally.fudge(), out);
  AppendFlags(ally.flags(), kAllyFlags, out);
}

// As the tool names it, though the bit means shuffle.
constexpr absl::string_view kRadargunFlags[] = {"nobs"};

void AppendTechnique(const v1::DealiasRadargun& radargun, std::string* out) {
  JsonU16(", \"attempts\":", radargun.rounds(), out);
  AppendMillis16(", \"wait_probe\":", radargun.wait_probe(), out);
  AppendMillis16(", \"wait_round\":", radargun.wait_round(), out);
  AppendSeconds(", \"wait_timeout\":", radargun.wait_timeout(), out);
  AppendFlags(radargun.flags(), kRadargunFlags, out);
}

// Whether the bits of an IPv4 address behind the prefix are all zeros or all ones.
bool IsNetworkOrBroadcast(const base::IpAddress& address, int prefix) {
  uint32_t bits = 0;
  for (size_t i = 0; i < 4; ++i) bits = bits << 8 | address.bytes[i];
  const uint32_t mask = prefix == 0 ? 0xffffffff : (uint32_t{1} << (32 - prefix)) - 1;
  return (bits & mask) == 0 || (bits & mask) == mask;
}

// The longest prefix in which both IPv4 addresses can be hosts.
int PrefixOfBoth(const base::IpAddress& a, const base::IpAddress& b) {
  int prefix = base::CommonPrefixLength(a, b);
  if (prefix >= 31) return prefix;
  while (prefix > 0 && (IsNetworkOrBroadcast(a, prefix) || IsNetworkOrBroadcast(b, prefix)))
    --prefix;
  return prefix;
}

void AppendAlias(const v1::DealiasPrefixscan& prefixscan, std::string* out) {
  if (!prefixscan.has_b() || !prefixscan.has_ab()) return;
  const auto b = base::ParseIpAddress(prefixscan.b());
  const auto ab = base::ParseIpAddress(prefixscan.ab());
  if (!b || !ab || b->v6 || ab->v6) return;
  JsonLiteral(", \"ab\":\"", out);
  JsonLiteral(prefixscan.ab(), out);
  JsonU8("/", static_cast<uint64_t>(PrefixOfBoth(*b, *ab)), out);
  out->push_back('"');
}

constexpr absl::string_view kPrefixscanFlags[] = {"nobs", "csa"};

void AppendTechnique(const v1::DealiasPrefixscan& prefixscan, std::string* out) {
  if (prefixscan.has_a()) JsonPlainString(", \"a\":\"", prefixscan.a(), out);
  if (prefixscan.has_b()) {
    JsonLiteral(", \"b\":\"", out);
    JsonLiteral(prefixscan.b(), out);
    JsonU8("/", prefixscan.prefix(), out);
    out->push_back('"');
  }
  AppendAlias(prefixscan, out);
  if (prefixscan.xs_size() > 0) {
    JsonLiteral(", \"xs\":[", out);
    JsonJoin addresses(",", out);
    for (const std::string& address : prefixscan.xs()) {
      addresses.Next();
      JsonPlainString("\"", address, out);
    }
    out->push_back(']');
  }
  JsonU8(", \"attempts\":", prefixscan.attempts(), out);
  JsonU8(", \"replyc\":", prefixscan.has_reply_count() ? prefixscan.reply_count() : 5, out);
  JsonU16(", \"fudge\":", prefixscan.fudge(), out);
  AppendMillis16(", \"wait_probe\":", prefixscan.wait_probe(), out);
  AppendSeconds(", \"wait_timeout\":", prefixscan.wait_timeout(), out);
  AppendFlags(prefixscan.flags(), kPrefixscanFlags, out);
}

void AppendTechnique(const v1::DealiasBump& bump, std::string* out) {
  AppendMillis16(", \"wait_probe\":", bump.wait_probe(), out);
  JsonU16(", \"bump_limit\":", bump.bump_limit(), out);
  JsonU8(", \"attempts\":", bump.attempts(), out);
}

// The two that scamper's tool does not print.
void AppendTechnique(const v1::DealiasMidarest& midarest, std::string* out) {
  JsonU8(", \"rounds\":", midarest.rounds(), out);
  AppendTimeOf(", \"wait_probe\":", midarest.wait_probe(), out);
  AppendTimeOf(", \"wait_round\":", midarest.wait_round(), out);
  AppendTimeOf(", \"wait_timeout\":", midarest.wait_timeout(), out);
}

void AppendTechnique(const v1::DealiasMidardisc& midardisc, std::string* out) {
  AppendTimeOf(", \"wait_timeout\":", midardisc.wait_timeout(), out);
  if (midardisc.has_startat()) {
    JsonLiteral(", \"startat\":", out);
    JsonTime(midardisc.startat(), ", ", out);
  }
  JsonLiteral(", \"schedule\":[", out);
  JsonJoin rounds(", ", out);
  for (const v1::DealiasMidardiscRound& round : midardisc.schedule()) {
    rounds.Next();
    AppendTimeOf("{\"start\":", round.start(), out);
    JsonU32(", \"begin\":", round.begin(), out);
    JsonU32(", \"end\":", round.end(), out);
    out->push_back('}');
  }
  out->push_back(']');
}

void AppendTechniqueOf(const Dealias& dealias, std::string* out) {
  if (dealias.has_mercator()) AppendTechnique(dealias.mercator(), out);
  if (dealias.has_ally()) AppendTechnique(dealias.ally(), out);
  if (dealias.has_radargun()) AppendTechnique(dealias.radargun(), out);
  if (dealias.has_prefixscan()) AppendTechnique(dealias.prefixscan(), out);
  if (dealias.has_bump()) AppendTechnique(dealias.bump(), out);
  if (dealias.has_midarest()) AppendTechnique(dealias.midarest(), out);
  if (dealias.has_midardisc()) AppendTechnique(dealias.midardisc(), out);
}

void AppendHeader(const Dealias& dealias, const JsonContext& context, std::string* out) {
  JsonFragment header(context, 4095, out);
  JsonLiteral("{\"type\":\"dealias\",\"version\":\"0.2\",\"method\":\"", out);
  JsonName(kMethods, static_cast<uint32_t>(dealias.method()), out);
  JsonU32("\", \"userid\":", dealias.userid(), out);
  JsonLiteral(", \"result\":\"", out);
  JsonName(kResults, static_cast<uint32_t>(dealias.result()), out);
  JsonLiteral("\", \"start\":", out);
  JsonTime(dealias.start(), ", ", out);
  if (dealias.has_errmsg()) JsonString(",\"errmsg\":\"", dealias.errmsg(), context, 511, out);
  AppendTechniqueOf(dealias, out);
  JsonMonitor(context, out);
  header.End();
}

void AppendProbedef(const DealiasProbedef& def, const JsonContext& context, std::string* out) {
  JsonFragment fragment(context, 255, out);
  JsonU32("{\"id\":", def.id(), out);
  if (def.has_src()) JsonPlainString(", \"src\":\"", def.src(), out);
  if (def.has_dst()) JsonPlainString(", \"dst\":\"", def.dst(), out);
  JsonU8(", \"ttl\":", def.ttl(), out);
  JsonU16(", \"size\":", def.size(), out);
  JsonLiteral(", \"method\":\"", out);
  JsonName(kProbeMethods, static_cast<uint32_t>(def.method()), out);
  out->push_back('"');
  const v1::DealiasProbedefSummary& summary = def.summary();
  if (IsIcmp(def.method())) {
    JsonU16(", \"icmp_id\":", summary.icmp_id(), out);
    JsonU16(", \"icmp_csum\":", summary.icmp_sum(), out);
  } else if (IsUdp(def.method())) {
    JsonU16(", \"udp_sport\":", summary.sport(), out);
    JsonU16(", \"udp_dport\":", summary.dport(), out);
  } else if (IsTcp(def.method())) {
    JsonU16(", \"tcp_sport\":", summary.sport(), out);
    JsonU16(", \"tcp_dport\":", summary.dport(), out);
    JsonU8(", \"tcp_flags\":", def.tcp_flags(), out);
  }
  if (def.mtu() > 0) JsonU16(", \"mtu\":", def.mtu(), out);
  out->push_back('}');
  fragment.End();
}

void AppendReply(const DealiasReply& reply, const JsonContext& context, std::string* out) {
  JsonFragment fragment(context, 255, out);
  JsonPlainString("{\"src\":\"", reply.src(), out);
  JsonLiteral(",\"rx\":", out);
  JsonTime(reply.rx(), ",", out);
  JsonU8(",\"ttl\":", reply.ttl(), out);
  if (reply.size() != 0) JsonU16(", \"size\":", reply.size(), out);
  if (reply.summary().has_ipid()) JsonU32(", \"ipid\":", reply.summary().ipid(), out);
  const uint32_t proto = reply.summary().proto();
  JsonU8(", \"proto\":", proto, out);
  if (proto == 1 || proto == 58) {
    JsonU8(", \"icmp_type\":", reply.icmp().type(), out);
    JsonU8(", \"icmp_code\":", reply.icmp().code(), out);
  }
  if (reply.summary().has_icmp_q_ttl()) JsonU8(", \"icmp_q_ttl\":", reply.icmp_q_ttl(), out);
  if (proto == 6) JsonU8(", \"tcp_flags\":", reply.tcp_flags(), out);
  out->push_back('}');
  fragment.End();
}

void AppendProbe(const Dealias& dealias, const DealiasProbe& probe, const JsonContext& context,
                 std::string* out) {
  const bool has_def = probe.probedef() < static_cast<uint32_t>(dealias.probedefs_size());
  const DealiasProbedef& def = has_def ? dealias.probedefs(static_cast<int>(probe.probedef()))
                                       : DealiasProbedef::default_instance();
  JsonFragment prefix(context, 255, out);
  out->push_back('{');
  if (has_def) {
    JsonU32("\"probedef_id\":", def.id(), out);
    out->push_back(',');
  }
  JsonU32("\"seq\":", probe.seq(), out);
  JsonLiteral(",\"tx\":", out);
  JsonTime(probe.tx(), ",", out);
  if (has_def && !IsIpv6Text(def.dst())) JsonU16(", \"ipid\":", probe.ipid(), out);
  JsonLiteral(", \"replies\":[", out);
  prefix.End();
  JsonJoin replies(", ", out);
  for (const DealiasReply& reply : probe.replies()) {
    replies.Next();
    AppendReply(reply, context, out);
  }
  JsonLiteral("]}", out);
}

}  // namespace

bool AppendDealiasJson(const Dealias& dealias, const JsonContext& context, std::string* out) {
  const bool printed = dealias.has_mercator() || dealias.has_ally() || dealias.has_radargun() ||
                       dealias.has_prefixscan() || dealias.has_bump();
  if (context.scamper_quirks && !printed) return false;
  AppendHeader(dealias, context, out);
  JsonLiteral(", \"probedefs\":[", out);
  JsonJoin definitions(", ", out);
  for (const DealiasProbedef& def : dealias.probedefs()) {
    definitions.Next();
    AppendProbedef(def, context, out);
  }
  JsonLiteral("], \"probes\":[", out);
  JsonJoin probes(", ", out);
  for (const DealiasProbe& probe : dealias.probes()) {
    probes.Next();
    AppendProbe(dealias, probe, context, out);
  }
  JsonLiteral("]}\n", out);
  return true;
}

}  // namespace scamper::records
