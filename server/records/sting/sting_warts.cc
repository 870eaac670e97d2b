// SPDX-License-Identifier: Apache-2.0
#include "server/records/sting/sting_warts.h"

#include "server/records/items.h"
#include "server/warts/data_rows.h"

namespace scamper::records {
namespace {

using v1::Sting;
using v1::StingPacket;
using warts::Addr;
using warts::Cursor;
using warts::Millis16;
using warts::ReadState;
using warts::Tv;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Writer;
using warts::WriteState;

constexpr warts::Row<Sting> kStingRows[] = {
    WARTS_NUMBER(Sting, 1, U32, list_id),
    WARTS_NUMBER(Sting, 2, U32, cycle_id),
    WARTS_NUMBER(Sting, 3, U32, userid),
    WARTS_OBJECT(Sting, 4, Addr, src),
    WARTS_OBJECT(Sting, 5, Addr, dst),
    WARTS_NUMBER(Sting, 6, U16, sport),
    WARTS_NUMBER(Sting, 7, U16, dport),
    WARTS_NUMBER(Sting, 8, U16, count),
    WARTS_OBJECT(Sting, 9, Millis16, mean),
    WARTS_OBJECT(Sting, 10, Millis16, inter),
    WARTS_NUMBER(Sting, 11, U8, dist),
    WARTS_NUMBER(Sting, 12, U8, synretx),
    WARTS_NUMBER(Sting, 13, U8, dataretx),
    WARTS_NUMBER(Sting, 14, U8, seqskip),
    WARTS_KEPT_DATA_LENGTH(Sting, 15, 16, data_length, data),
    WARTS_KEPT_DATA(Sting, 16, data_length, data),
    WARTS_OBJECT(Sting, 17, Tv, start),
    WARTS_OBJECT(Sting, 18, warts::TvDuration, hsrtt),
    WARTS_NUMBER(Sting, 19, U16, dataackc),
    WARTS_NUMBER(Sting, 20, U16, holec),
    WARTS_NUMBER(Sting, 21, U32, packet_count),
    WARTS_NUMBER(Sting, 22, U8, result),
    WARTS_TEXT(Sting, 23, errmsg),
};

constexpr warts::Row<StingPacket> kPacketRows[] = {
    WARTS_NUMBER(StingPacket, 1, U8, flags),
    WARTS_OBJECT(StingPacket, 2, Tv, time),
    WARTS_DATA_LENGTH(StingPacket, 3, 4, data),
    WARTS_DATA(StingPacket, 4, data),
};

bool ReadPacket(Cursor& body, ReadState& state, StingPacket* packet) {
  const size_t at = body.offset();
  state.pending_size = 0;
  if (!warts::ReadParams(kPacketRows, body, state, packet)) return false;
  state.place.field = "data";
  return !packet->data().empty() || state.Fail(at, "data of the packet");
}

bool WritePacket(const StingPacket& packet, Writer& writer, WriteState& state) {
  state.place.field = "data";
  if (packet.data().empty()) return state.Fail("must not be empty");
  return warts::WriteParams(kPacketRows, packet, writer, state);
}

}  // namespace

bool ReadStingParams(Cursor& body, ReadState& state, Sting* out) {
  const size_t at = body.offset();
  state.pending_size = 0;
  if (!warts::ReadParams(kStingRows, body, state, out)) return false;
  state.place.field = "src";
  if (!out->has_src()) return state.Fail(at, "a source");
  state.place.field = "dst";
  return out->has_dst() || state.Fail(at, "a destination");
}

bool ReadSting(Cursor& body, ReadState& state, Sting* out) {
  if (!ReadStingParams(body, state, out)) return false;
  if (!ReadItems("packet_count", "packet", out->packet_count(), body, state, out->mutable_packets(),
                 ReadPacket)) {
    return false;
  }
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteSting(const Sting& sting, Writer& writer, WriteState& state) {
  state.place.field = "src";
  if (!sting.has_src()) return state.Fail("must be present");
  state.place.field = "dst";
  if (!sting.has_dst()) return state.Fail("must be present");
  if (!warts::WriteParams(kStingRows, sting, writer, state)) return false;
  if (!WriteItems("packet_count", "packet", sting.packet_count(), sting.packets(), writer, state,
                  WritePacket)) {
    return false;
  }
  writer.Bytes(sting.trailing());
  return true;
}

void VisitSting(const Sting& sting, warts::AddressVisitor visit) {
  warts::VisitParams(kStingRows, sting, visit);
}

std::span<const warts::Row<Sting>> StingRows() { return kStingRows; }
std::span<const warts::Row<StingPacket>> StingPacketRows() { return kPacketRows; }

}  // namespace scamper::records
