// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "server/base/ip_address.h"
#include "server/records/json_text.h"
#include "server/records/trace/trace_hop_json.h"

namespace scamper::records {
namespace {

using v1::TraceHop;
using v1::TracePmtud;
using v1::TracePmtudNote;

constexpr size_t kNoteCapacity = 255;
constexpr absl::string_view kNoteTypes[] = {"", "ptb", "ptb-bad", "silence"};

// Addresses of one subnet of a point-to-point link.
bool OnOneLink(const std::string& a, const std::string& b) {
  const auto left = base::ParseIpAddress(a);
  const auto right = base::ParseIpAddress(b);
  if (!left || !right) return false;
  return base::CommonPrefixLength(*left, *right) >= (left->v6 ? 126 : 30);
}

// Finds the TTLs that notes are about; notes are asked for in their order.
class Distances {
 public:
  Distances(const v1::Trace& trace, uint32_t last_hop) : last_hop_(last_hop), first_(last_hop + 2) {
    for (const TraceHop& hop : trace.hops()) {
      if (hop.probe_ttl() < first_.size() && first_[hop.probe_ttl()] == nullptr)
        first_[hop.probe_ttl()] = &hop;
    }
  }

  // Below 0 where it is not known.
  int Of(const TracePmtudNote& note, const TraceHop* reply) {
    const int distance = Find(note, reply);
    lowest_ = std::max(lowest_, distance);
    return distance;
  }

 private:
  int Find(const TracePmtudNote& note, const TraceHop* reply) const {
    if (note.type() == v1::TRACE_PMTUD_NOTE_TYPE_SILENCE) {
      return reply == nullptr ? 0 : static_cast<int>(reply->probe_ttl());
    }
    if (reply == nullptr) return -1;
    for (uint32_t ttl = static_cast<uint32_t>(std::max(lowest_, 1)); ttl <= last_hop_; ++ttl) {
      if (first_[ttl] != nullptr && first_[ttl]->src() == reply->src())
        return static_cast<int>(ttl);
    }
    const uint32_t quoted = reply->summary().icmp_q_ttl();
    if (reply->probe_ttl() <= quoted) return -1;
    const uint32_t ttl = reply->probe_ttl() - quoted;
    if (ttl >= last_hop_) return -1;
    const TraceHop* next = first_[ttl + 1];
    return static_cast<int>(next != nullptr && OnOneLink(next->src(), reply->src()) ? ttl
                                                                                    : ttl + 1);
  }

  const uint32_t last_hop_;
  // The first reply of each TTL.
  std::vector<const TraceHop*> first_;
  int lowest_ = 0;
};

const TraceHop* ReplyOf(const TracePmtudNote& note, const TracePmtud& pmtud) {
  const bool found = note.has_hop() && note.hop() < static_cast<uint32_t>(pmtud.hops_size());
  return found ? &pmtud.hops(static_cast<int>(note.hop())) : nullptr;
}

void AppendNote(const TracePmtudNote& note, const TraceHop* reply, int distance,
                const JsonContext& context, std::string* out) {
  JsonFragment fragment(context, kNoteCapacity, out);
  JsonU16("{\"nhmtu\":", note.nhmtu(), out);
  if (reply != nullptr) JsonU32(",\"hop_id\":", note.hop(), out);
  if (distance >= 0) JsonU8(",\"dist\":", static_cast<uint32_t>(distance), out);
  JsonLiteral(",\"type\":\"", out);
  JsonName(kNoteTypes, static_cast<uint32_t>(note.type()), out);
  out->push_back('"');
  if (reply != nullptr) {
    if (reply->summary().kind() == v1::REPLY_KIND_ICMP_PACKET_TOO_BIG) {
      JsonU16(",\"icmp_nhmtu\":", reply->icmp_nhmtu(), out);
    }
    JsonPlainString(",\"addr\":\"", reply->src(), out);
  }
  out->push_back('}');
  fragment.End();
}

// The first note is about the link that out_mtu is of, and has no reply.
bool HasNotes(const TracePmtud& pmtud) {
  if (pmtud.notes_size() == 0) return false;
  if (pmtud.out_mtu() == 0) return true;
  return pmtud.notes(0).type() == v1::TRACE_PMTUD_NOTE_TYPE_SILENCE &&
         ReplyOf(pmtud.notes(0), pmtud) == nullptr;
}

void AppendNotes(const v1::Trace& trace, uint32_t last_hop, const JsonContext& context,
                 std::string* out) {
  Distances distances(trace, last_hop);
  JsonLiteral(",\"notes\":[", out);
  JsonJoin join(",", out);
  for (const TracePmtudNote& note : trace.pmtud().notes()) {
    const TraceHop* reply = ReplyOf(note, trace.pmtud());
    join.Next();
    AppendNote(note, reply, distances.Of(note, reply), context, out);
  }
  out->push_back(']');
}

void AppendHops(const TracePmtud& pmtud, bool rxerr, const JsonContext& context, std::string* out) {
  if (pmtud.hops_size() == 0) return;
  JsonLiteral(",\"hops\":[", out);
  JsonJoin join(",", out);
  const TraceHop* probe = &pmtud.hops(0);
  for (int i = 0; i < pmtud.hops_size(); ++i) {
    if (i > 0 && !OfOneProbe(pmtud.hops(i - 1), pmtud.hops(i))) probe = &pmtud.hops(i);
    join.Next();
    AppendHopJson(pmtud.hops(i), *probe, rxerr, context, out);
  }
  out->push_back(']');
}

uint32_t ProbeCount(const TracePmtud& pmtud) {
  uint32_t count = pmtud.hops_size() == 0 ? 0 : 1;
  for (int i = 1; i < pmtud.hops_size(); ++i) {
    if (!OfOneProbe(pmtud.hops(i - 1), pmtud.hops(i))) ++count;
  }
  return count;
}

}  // namespace

void AppendPmtudJson(const v1::Trace& trace, uint32_t last_hop, const JsonContext& context,
                     std::string* out) {
  const TracePmtud& pmtud = trace.pmtud();
  if (!trace.has_pmtud() || pmtud.version() != 2) return;
  JsonU16(",\"pmtud\":{\"if_mtu\":", pmtud.if_mtu(), out);
  JsonU16(",\"out_mtu\":", pmtud.summary().out_mtu(), out);
  JsonU16(",\"path_mtu\":", pmtud.path_mtu(), out);
  JsonU16(",\"probec\":", ProbeCount(pmtud), out);
  JsonU8(",\"notec\":", static_cast<uint32_t>(pmtud.notes_size()), out);
  if (HasNotes(pmtud)) AppendNotes(trace, last_hop, context, out);
  AppendHops(pmtud, (trace.flags() & v1::TRACE_FLAG_RXERR) != 0, context, out);
  out->push_back('}');
}

}  // namespace scamper::records
