// SPDX-License-Identifier: Apache-2.0
#include "server/records/udpprobe/udpprobe_warts.h"

#include "server/records/items.h"
#include "server/records/row_kinds.h"

namespace scamper::records {
namespace {

using v1::Udpprobe;
using v1::UdpprobeProbe;
using v1::UdpprobeReply;
using warts::AddrStatic;
using warts::Cursor;
using warts::ReadState;
using warts::Tv;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Us32;
using warts::Writer;
using warts::WriteState;

constexpr warts::Row<Udpprobe> kUdpprobeRows[] = {
    WARTS_NUMBER(Udpprobe, 1, U32, list_id),
    WARTS_NUMBER(Udpprobe, 2, U32, cycle_id),
    WARTS_NUMBER(Udpprobe, 3, U32, userid),
    WARTS_OBJECT(Udpprobe, 4, AddrStatic, src),
    WARTS_OBJECT(Udpprobe, 5, AddrStatic, dst),
    WARTS_NUMBER(Udpprobe, 6, U16, sport),
    WARTS_NUMBER(Udpprobe, 7, U16, dport),
    WARTS_OBJECT(Udpprobe, 8, Tv, start),
    WARTS_OBJECT(Udpprobe, 9, Us32, wait_timeout),
    WARTS_NUMBER(Udpprobe, 10, U8, flags),
    WARTS_NUMBER(Udpprobe, 11, U8, stop_reason),
    WARTS_SIZE_OF(Udpprobe, 12, 13, payload_length, payload),
    WARTS_SIZED_BYTES(Udpprobe, 13, payload_length, payload),
    WARTS_NUMBER(Udpprobe, 14, U8, reply_count),
    WARTS_NUMBER(Udpprobe, 15, U8, probe_count),
    WARTS_NUMBER(Udpprobe, 16, U8, probe_sent),
    WARTS_NUMBER(Udpprobe, 17, U8, stop_count),
    WARTS_NUMBER(Udpprobe, 18, U16, sport_wanted),
    WARTS_OBJECT(Udpprobe, 19, Us32, wait_probe),
    WARTS_TEXT(Udpprobe, 20, errmsg),
};

constexpr warts::Row<UdpprobeProbe> kProbeRows[] = {
    WARTS_OBJECT(UdpprobeProbe, 1, Tv, tx),
    WARTS_NUMBER(UdpprobeProbe, 2, U16, sport),
    WARTS_NUMBER(UdpprobeProbe, 3, U8, reply_count),
};

constexpr warts::Row<UdpprobeReply> kReplyRows[] = {
    WARTS_OBJECT(UdpprobeReply, 1, Tv, rx),
    WARTS_SIZE_OF(UdpprobeReply, 2, 3, payload_length, payload),
    WARTS_SIZED_BYTES(UdpprobeReply, 3, payload_length, payload),
    WARTS_OBJECT(UdpprobeReply, 4, warts::Ifname, ifname),
};

uint32_t ProbeSent(const Udpprobe& udpprobe) {
  return udpprobe.has_probe_sent() ? udpprobe.probe_sent() : 1;
}

bool ReadReply(Cursor& body, ReadState& state, UdpprobeReply* reply) {
  return warts::ReadParams(kReplyRows, body, state, reply);
}

bool ReadReplies(uint32_t count, Cursor& body, ReadState& state, UdpprobeProbe* probe) {
  return ReadItems("replies", "reply", count, body, state, probe->mutable_replies(), ReadReply);
}

bool ReadProbe(Cursor& body, ReadState& state, UdpprobeProbe* probe) {
  return warts::ReadParams(kProbeRows, body, state, probe);
}

bool WriteReplies(uint32_t count, const UdpprobeProbe& probe, Writer& writer, WriteState& state) {
  return WriteItems("reply_count", "reply", count, probe.replies(), writer, state,
                    [](const UdpprobeReply& reply, Writer& w, WriteState& s) {
                      return warts::WriteParams(kReplyRows, reply, w, s);
                    });
}

// Nothing of the first probe but its replies is stored with it.
bool CheckFirstProbe(const UdpprobeProbe& probe, WriteState& state) {
  state.place = {"probe", 0, "tx"};
  if (probe.has_tx()) return state.Fail("of the first probe is start of the record");
  state.place.field = "sport";
  if (probe.has_sport()) return state.Fail("of the first probe is sport of the record");
  state.place.field = "reply_count";
  if (probe.has_reply_count()) return state.Fail("of the first probe is that of the record");
  state.place.field = "uninterpreted";
  if (probe.has_uninterpreted()) return state.Fail("must be absent of the first probe");
  state.place = {};
  return true;
}

}  // namespace

bool ReadUdpprobeParams(Cursor& body, ReadState& state, Udpprobe* out) {
  return warts::ReadParams(kUdpprobeRows, body, state, out);
}

bool ReadUdpprobe(Cursor& body, ReadState& state, Udpprobe* out) {
  if (!ReadUdpprobeParams(body, state, out)) return false;
  const uint32_t sent = ProbeSent(*out);
  for (uint32_t i = 0; i < sent; ++i) {
    UdpprobeProbe* probe = out->add_probes();
    state.place = {"probe", i, "replies"};
    if (i == 0 ? !ReadReplies(out->reply_count(), body, state, probe)
               : !ReadProbe(body, state, probe))
      return false;
  }
  for (uint32_t i = 1; i < sent; ++i) {
    UdpprobeProbe* probe = out->mutable_probes(static_cast<int>(i));
    state.place = {"probe", i, "replies"};
    if (!ReadReplies(probe->reply_count(), body, state, probe)) return false;
  }
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteUdpprobe(const Udpprobe& udpprobe, Writer& writer, WriteState& state) {
  state.place.field = "probe_sent";
  if (ProbeSent(udpprobe) != static_cast<uint32_t>(udpprobe.probes_size()))
    return state.Fail("must be the number of items");
  if (udpprobe.probes_size() > 0 && !CheckFirstProbe(udpprobe.probes(0), state)) return false;
  if (!warts::WriteParams(kUdpprobeRows, udpprobe, writer, state)) return false;
  for (int i = 0; i < udpprobe.probes_size(); ++i) {
    state.place = {"probe", static_cast<uint32_t>(i), nullptr};
    if (i == 0 ? !WriteReplies(udpprobe.reply_count(), udpprobe.probes(0), writer, state)
               : !warts::WriteParams(kProbeRows, udpprobe.probes(i), writer, state))
      return false;
  }
  for (int i = 1; i < udpprobe.probes_size(); ++i) {
    if (!WriteReplies(udpprobe.probes(i).reply_count(), udpprobe.probes(i), writer, state))
      return false;
  }
  writer.Bytes(udpprobe.trailing());
  return true;
}

void VisitUdpprobe(const Udpprobe& udpprobe, warts::AddressVisitor visit) {
  warts::VisitParams(kUdpprobeRows, udpprobe, visit);
}

std::span<const warts::Row<Udpprobe>> UdpprobeRows() { return kUdpprobeRows; }
std::span<const warts::Row<UdpprobeProbe>> UdpprobeProbeRows() { return kProbeRows; }
std::span<const warts::Row<UdpprobeReply>> UdpprobeReplyRows() { return kReplyRows; }

}  // namespace scamper::records
