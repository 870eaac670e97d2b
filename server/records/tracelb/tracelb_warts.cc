// SPDX-License-Identifier: Apache-2.0
#include "server/records/tracelb/tracelb_warts.h"

#include <vector>

#include "server/records/items.h"

namespace scamper::records {
namespace {

using v1::Tracelb;
using v1::TracelbLink;
using v1::TracelbNode;
using v1::TracelbProbe;
using v1::TracelbProbeset;
using v1::TracelbReply;
using warts::Addr;
using warts::Cursor;
using warts::ReadState;
using warts::Tv;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Writer;
using warts::WriteState;

constexpr warts::Row<Tracelb> kTracelbRows[] = {
    WARTS_NUMBER(Tracelb, 1, U32, list_id),
    WARTS_NUMBER(Tracelb, 2, U32, cycle_id),
    WARTS_FILE_ADDRESS(Tracelb, 3, src),
    WARTS_FILE_ADDRESS(Tracelb, 4, dst),
    WARTS_OBJECT(Tracelb, 5, Tv, start),
    WARTS_NUMBER(Tracelb, 6, U16, sport),
    WARTS_NUMBER(Tracelb, 7, U16, dport),
    WARTS_NUMBER(Tracelb, 8, U16, probe_size),
    WARTS_NUMBER(Tracelb, 9, U8, method),
    WARTS_NUMBER(Tracelb, 10, U8, firsthop),
    WARTS_OBJECT(Tracelb, 11, warts::Seconds8, wait_timeout),
    WARTS_OBJECT(Tracelb, 12, warts::Centiseconds8, wait_probe),
    WARTS_NUMBER(Tracelb, 13, U8, attempts),
    WARTS_NUMBER(Tracelb, 14, U8, confidence),
    WARTS_NUMBER(Tracelb, 15, U8, tos),
    WARTS_NUMBER(Tracelb, 16, U16, node_count),
    WARTS_NUMBER(Tracelb, 17, U16, link_count),
    WARTS_NUMBER(Tracelb, 18, U32, probe_count),
    WARTS_NUMBER(Tracelb, 19, U32, probe_count_limit),
    WARTS_NUMBER(Tracelb, 20, U8, gaplimit),
    WARTS_OBJECT(Tracelb, 21, Addr, src),
    WARTS_OBJECT(Tracelb, 22, Addr, dst),
    WARTS_NUMBER(Tracelb, 23, U32, userid),
    WARTS_NUMBER(Tracelb, 24, U8, flags),
    WARTS_OBJECT(Tracelb, 25, warts::AddrStatic, rtr),
    WARTS_TEXT(Tracelb, 26, errmsg),
};

constexpr warts::Row<TracelbNode> kTracelbNodeRows[] = {
    WARTS_FILE_ADDRESS(TracelbNode, 1, src),       WARTS_NUMBER(TracelbNode, 2, U8, flags),
    WARTS_NUMBER(TracelbNode, 3, U16, link_count), WARTS_NUMBER(TracelbNode, 4, U8, icmp_q_ttl),
    WARTS_OBJECT(TracelbNode, 5, Addr, src),       WARTS_TEXT(TracelbNode, 6, name),
};

constexpr warts::Row<TracelbLink> kTracelbLinkRows[] = {
    WARTS_NUMBER(TracelbLink, 1, U16, near),
    WARTS_NUMBER(TracelbLink, 2, U16, far),
    WARTS_NUMBER(TracelbLink, 3, U8, length),
};

constexpr warts::Row<TracelbProbeset> kTracelbProbesetRows[] = {
    WARTS_NUMBER(TracelbProbeset, 1, U16, probe_count),
};

constexpr warts::Row<TracelbProbe> kTracelbProbeRows[] = {
    WARTS_OBJECT(TracelbProbe, 1, Tv, tx),           WARTS_NUMBER(TracelbProbe, 2, U16, flowid),
    WARTS_NUMBER(TracelbProbe, 3, U8, ttl),          WARTS_NUMBER(TracelbProbe, 4, U8, attempt),
    WARTS_NUMBER(TracelbProbe, 5, U16, reply_count),
};

// The format has no form for an extension without objects.
bool HasIcmpExts(const TracelbReply& reply, warts::FlagSet) { return reply.icmp_exts_size() > 0; }

constexpr warts::Row<TracelbReply> kTracelbReplyRows[] = {
    WARTS_OBJECT(TracelbReply, 1, Tv, rx),
    WARTS_NUMBER(TracelbReply, 2, U16, ipid),
    WARTS_NUMBER(TracelbReply, 3, U8, ttl),
    WARTS_NUMBER(TracelbReply, 4, U8, flags),
    WARTS_OBJECT(TracelbReply, 5, warts::IcmpTypeCode, icmp),
    WARTS_NUMBER(TracelbReply, 6, U8, tcp_flags),
    WARTS_OBJECT_IF(TracelbReply, 7, warts::IcmpExts, icmp_exts, HasIcmpExts),
    WARTS_NUMBER(TracelbReply, 8, U8, icmp_q_ttl),
    WARTS_NUMBER(TracelbReply, 9, U8, icmp_q_tos),
    WARTS_FILE_ADDRESS(TracelbReply, 10, src),
    WARTS_OBJECT(TracelbReply, 11, Addr, src),
};

bool ReadNode(Cursor& body, ReadState& state, TracelbNode* node) {
  return warts::ReadParams<kTracelbNodeRows>(body, state, node);
}

bool ReadReply(Cursor& body, ReadState& state, TracelbReply* reply) {
  const size_t at = body.offset();
  if (!warts::ReadParams<kTracelbReplyRows>(body, state, reply)) return false;
  state.place.field = "src";
  return reply->has_src() || state.Fail(at, "an address of the reply");
}

bool ReadProbe(Cursor& body, ReadState& state, TracelbProbe* probe) {
  return warts::ReadParams<kTracelbProbeRows>(body, state, probe) &&
         ReadItems("reply_count", "reply", probe->reply_count(), body, state,
                   probe->mutable_replies(), ReadReply);
}

bool ReadProbeset(Cursor& body, ReadState& state, TracelbProbeset* set) {
  return warts::ReadParams<kTracelbProbesetRows>(body, state, set) &&
         ReadItems("probe_count", "probe", set->probe_count(), body, state, set->mutable_probes(),
                   ReadProbe);
}

bool ReadLink(uint32_t node_count, Cursor& body, ReadState& state, TracelbLink* link) {
  const size_t at = body.offset();
  if (!warts::ReadParams<kTracelbLinkRows>(body, state, link)) return false;
  state.place.field = "near";
  if (link->near() >= node_count) return state.Fail(at, "the index of a node");
  state.place.field = "far";
  if (link->has_far() && link->far() >= node_count) return state.Fail(at, "the index of a node");
  return ReadItems("length", "probeset", link->length(), body, state, link->mutable_probesets(),
                   ReadProbeset);
}

// The index of a node that says another number of links than there are from it; -1 for none.
// REQUIRES: links start at nodes.
int NodeWithOtherLinkCount(const Tracelb& tracelb) {
  std::vector<uint32_t> links(static_cast<size_t>(tracelb.nodes_size()));
  for (const TracelbLink& link : tracelb.links()) ++links[link.near()];
  for (int i = 0; i < tracelb.nodes_size(); ++i) {
    if (tracelb.nodes(i).link_count() != links[static_cast<size_t>(i)]) return i;
  }
  return -1;
}

bool WriteNode(const TracelbNode& node, Writer& writer, WriteState& state) {
  return warts::WriteParams<kTracelbNodeRows>(node, writer, state);
}

bool WriteReply(const TracelbReply& reply, Writer& writer, WriteState& state) {
  state.place.field = "src";
  if (!reply.has_src()) return state.Fail("must be present");
  return warts::WriteParams<kTracelbReplyRows>(reply, writer, state);
}

bool WriteProbe(const TracelbProbe& probe, Writer& writer, WriteState& state) {
  return warts::WriteParams<kTracelbProbeRows>(probe, writer, state) &&
         WriteItems("reply_count", "reply", probe.reply_count(), probe.replies(), writer, state,
                    WriteReply);
}

bool WriteProbeset(const TracelbProbeset& set, Writer& writer, WriteState& state) {
  return warts::WriteParams<kTracelbProbesetRows>(set, writer, state) &&
         WriteItems("probe_count", "probe", set.probe_count(), set.probes(), writer, state,
                    WriteProbe);
}

bool WriteLink(const TracelbLink& link, Writer& writer, WriteState& state) {
  return warts::WriteParams<kTracelbLinkRows>(link, writer, state) &&
         WriteItems("length", "probeset", link.length(), link.probesets(), writer, state,
                    WriteProbeset);
}

// Whether links lead from node to node, as many from each as it says.
bool CheckGraph(const Tracelb& tracelb, WriteState& state) {
  const uint32_t node_count = static_cast<uint32_t>(tracelb.nodes_size());
  for (int i = 0; i < tracelb.links_size(); ++i) {
    const TracelbLink& link = tracelb.links(i);
    state.place = {"link", static_cast<uint32_t>(i), "near"};
    if (link.near() >= node_count) return state.Fail("must be the index of a node");
    state.place.field = "far";
    if (link.has_far() && link.far() >= node_count)
      return state.Fail("must be the index of a node");
  }
  const int node = NodeWithOtherLinkCount(tracelb);
  state.place = {"node", static_cast<uint32_t>(node), "link_count"};
  if (node >= 0) return state.Fail("must be the number of links from the node");
  state.place = {};
  return true;
}

}  // namespace

bool ReadTracelbParams(Cursor& body, ReadState& state, Tracelb* out) {
  const size_t at = body.offset();
  if (!warts::ReadParams<kTracelbRows>(body, state, out)) return false;
  state.place.field = "dst";
  return out->has_dst() || state.Fail(at, "a destination");
}

bool ReadTracelb(Cursor& body, ReadState& state, Tracelb* out) {
  if (!ReadTracelbParams(body, state, out)) return false;
  const size_t nodes_at = body.offset();
  if (!ReadItems("node_count", "node", out->node_count(), body, state, out->mutable_nodes(),
                 ReadNode)) {
    return false;
  }
  const auto read_link = [out](Cursor& links, ReadState& link_state, TracelbLink* link) {
    return ReadLink(out->node_count(), links, link_state, link);
  };
  if (!ReadItems("link_count", "link", out->link_count(), body, state, out->mutable_links(),
                 read_link)) {
    return false;
  }
  const int node = NodeWithOtherLinkCount(*out);
  state.place = {"node", static_cast<uint32_t>(node), "link_count"};
  if (node >= 0) return state.Fail(nodes_at, "the number of links from the node");
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteTracelb(const Tracelb& tracelb, Writer& writer, WriteState& state) {
  state.place.field = "dst";
  if (!tracelb.has_dst()) return state.Fail("must be present");
  if (!CheckGraph(tracelb, state)) return false;
  if (!warts::WriteParams<kTracelbRows>(tracelb, writer, state)) return false;
  if (!WriteItems("node_count", "node", tracelb.node_count(), tracelb.nodes(), writer, state,
                  WriteNode) ||
      !WriteItems("link_count", "link", tracelb.link_count(), tracelb.links(), writer, state,
                  WriteLink)) {
    return false;
  }
  writer.Bytes(tracelb.trailing());
  return true;
}

void VisitTracelb(const Tracelb& tracelb, warts::AddressVisitor visit) {
  warts::VisitParams(kTracelbRows, tracelb, visit);
  for (const TracelbNode& node : tracelb.nodes()) warts::VisitParams(kTracelbNodeRows, node, visit);
  for (const TracelbLink& link : tracelb.links()) {
    for (const TracelbProbeset& set : link.probesets()) {
      for (const TracelbProbe& probe : set.probes()) {
        for (const TracelbReply& reply : probe.replies())
          warts::VisitParams(kTracelbReplyRows, reply, visit);
      }
    }
  }
}

std::span<const warts::Row<Tracelb>> TracelbRows() { return kTracelbRows; }
std::span<const warts::Row<TracelbNode>> TracelbNodeRows() { return kTracelbNodeRows; }
std::span<const warts::Row<TracelbLink>> TracelbLinkRows() { return kTracelbLinkRows; }
std::span<const warts::Row<TracelbProbeset>> TracelbProbesetRows() { return kTracelbProbesetRows; }
std::span<const warts::Row<TracelbProbe>> TracelbProbeRows() { return kTracelbProbeRows; }
std::span<const warts::Row<TracelbReply>> TracelbReplyRows() { return kTracelbReplyRows; }

}  // namespace scamper::records
