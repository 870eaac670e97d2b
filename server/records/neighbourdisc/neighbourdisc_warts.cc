// SPDX-License-Identifier: Apache-2.0
#include "server/records/neighbourdisc/neighbourdisc_warts.h"

#include <string>

#include "absl/strings/match.h"
#include "server/records/items.h"

namespace scamper::records {
namespace {

using v1::Neighbourdisc;
using v1::NeighbourdiscProbe;
using v1::NeighbourdiscReply;
using warts::Addr;
using warts::Cursor;
using warts::ReadState;
using warts::Tv;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Writer;
using warts::WriteState;

constexpr warts::Row<Neighbourdisc> kNeighbourdiscRows[] = {
    WARTS_NUMBER(Neighbourdisc, 1, U32, list_id),
    WARTS_NUMBER(Neighbourdisc, 2, U32, cycle_id),
    WARTS_NUMBER(Neighbourdisc, 3, U32, userid),
    WARTS_TEXT(Neighbourdisc, 4, ifname),
    WARTS_OBJECT(Neighbourdisc, 5, Tv, start),
    WARTS_NUMBER(Neighbourdisc, 6, U8, method),
    WARTS_OBJECT(Neighbourdisc, 7, warts::Millis16, wait_timeout),
    WARTS_NUMBER(Neighbourdisc, 8, U8, flags),
    WARTS_NUMBER(Neighbourdisc, 9, U16, attempts),
    WARTS_NUMBER(Neighbourdisc, 10, U16, stop_count),
    WARTS_OBJECT(Neighbourdisc, 11, Addr, src_ip),
    WARTS_OBJECT(Neighbourdisc, 12, Addr, src_mac),
    WARTS_OBJECT(Neighbourdisc, 13, Addr, dst_ip),
    WARTS_OBJECT(Neighbourdisc, 14, Addr, dst_mac),
    WARTS_NUMBER(Neighbourdisc, 15, U16, probe_count),
    WARTS_TEXT(Neighbourdisc, 16, errmsg),
};

constexpr warts::Row<NeighbourdiscProbe> kProbeRows[] = {
    WARTS_OBJECT(NeighbourdiscProbe, 1, Tv, tx),
    WARTS_NUMBER(NeighbourdiscProbe, 2, U16, reply_count),
};

constexpr warts::Row<NeighbourdiscReply> kReplyRows[] = {
    WARTS_OBJECT(NeighbourdiscReply, 1, Tv, rx),
    WARTS_OBJECT(NeighbourdiscReply, 2, Addr, mac),
};

bool ReadReply(Cursor& body, ReadState& state, NeighbourdiscReply* reply) {
  const size_t at = body.offset();
  if (!warts::ReadParams(kReplyRows, body, state, reply)) return false;
  state.place.field = "mac";
  return reply->has_mac() || state.Fail(at, "an address of the reply");
}

bool ReadProbe(Cursor& body, ReadState& state, NeighbourdiscProbe* probe) {
  return warts::ReadParams(kProbeRows, body, state, probe) &&
         ReadItems("reply_count", "reply", probe->reply_count(), body, state,
                   probe->mutable_replies(), ReadReply);
}

template <typename ReadF>
bool ReadProbes(Cursor& body, ReadState& state, Neighbourdisc* out, ReadF read) {
  return ReadItems("probe_count", "probe", out->probe_count(), body, state, out->mutable_probes(),
                   read);
}

// As scamper 20211212 writes them: where a probe has replies, the length of its parameters says two
// bytes more than there are, and the record ends with two zero bytes more. False: this is no such
// record, and nothing was read of it.
bool ReadProbesOf20211212(Cursor& body, ReadState state, Neighbourdisc* out) {
  // Both flags, and the length.
  constexpr absl::string_view kWrong("\x03\x00\x0c", 3);
  std::string mended(body.rest());
  Cursor cursor(mended, body.offset());
  size_t surplus = 0;
  out->clear_probes();
  const bool read =
      ReadProbes(cursor, state, out, [&](Cursor& at, ReadState& s, NeighbourdiscProbe* probe) {
        if (absl::StartsWith(at.rest(), kWrong)) {
          mended[mended.size() - at.left() + 2] = 10;
          surplus += 2;
        }
        return ReadProbe(at, s, probe);
      });
  if (!read || cursor.rest() != std::string(surplus, '\0')) return false;
  body = Cursor("", body.offset() + body.left());
  return true;
}

bool WriteReply(const NeighbourdiscReply& reply, Writer& writer, WriteState& state) {
  state.place.field = "mac";
  if (!reply.has_mac()) return state.Fail("must be present");
  return warts::WriteParams(kReplyRows, reply, writer, state);
}

bool WriteProbe(const NeighbourdiscProbe& probe, Writer& writer, WriteState& state) {
  return warts::WriteParams(kProbeRows, probe, writer, state) &&
         WriteItems("reply_count", "reply", probe.reply_count(), probe.replies(), writer, state,
                    WriteReply);
}

}  // namespace

bool ReadNeighbourdiscParams(Cursor& body, ReadState& state, Neighbourdisc* out) {
  return warts::ReadParams(kNeighbourdiscRows, body, state, out);
}

bool ReadNeighbourdisc(Cursor& body, ReadState& state, Neighbourdisc* out) {
  if (!ReadNeighbourdiscParams(body, state, out)) return false;
  Cursor probes = body;
  const ReadState before = state;
  if (!ReadProbes(body, state, out, ReadProbe)) {
    if (!ReadProbesOf20211212(probes, before, out)) return false;
    body = probes;
  }
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteNeighbourdisc(const Neighbourdisc& neighbourdisc, Writer& writer, WriteState& state) {
  if (!warts::WriteParams(kNeighbourdiscRows, neighbourdisc, writer, state)) return false;
  if (!WriteItems("probe_count", "probe", neighbourdisc.probe_count(), neighbourdisc.probes(),
                  writer, state, WriteProbe)) {
    return false;
  }
  writer.Bytes(neighbourdisc.trailing());
  return true;
}

void VisitNeighbourdisc(const Neighbourdisc& neighbourdisc, warts::AddressVisitor visit) {
  warts::VisitParams(kNeighbourdiscRows, neighbourdisc, visit);
  for (const NeighbourdiscProbe& probe : neighbourdisc.probes()) {
    for (const NeighbourdiscReply& reply : probe.replies())
      warts::VisitParams(kReplyRows, reply, visit);
  }
}

std::span<const warts::Row<Neighbourdisc>> NeighbourdiscRows() { return kNeighbourdiscRows; }
std::span<const warts::Row<NeighbourdiscProbe>> NeighbourdiscProbeRows() { return kProbeRows; }
std::span<const warts::Row<NeighbourdiscReply>> NeighbourdiscReplyRows() { return kReplyRows; }

}  // namespace scamper::records
