// SPDX-License-Identifier: Apache-2.0
#include "server/records/sniff/sniff_warts.h"

#include "server/records/items.h"
#include "server/records/row_kinds.h"

namespace scamper::records {
namespace {

using v1::Sniff;
using v1::SniffPkt;
using warts::Cursor;
using warts::ReadState;
using warts::Tv;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Writer;
using warts::WriteState;

constexpr warts::Row<Sniff> kSniffRows[] = {
    WARTS_NUMBER(Sniff, 1, U32, list_id),
    WARTS_NUMBER(Sniff, 2, U32, cycle_id),
    WARTS_NUMBER(Sniff, 3, U32, userid),
    WARTS_OBJECT(Sniff, 4, warts::Addr, src),
    WARTS_OBJECT(Sniff, 5, Tv, start),
    WARTS_OBJECT(Sniff, 6, Tv, finish),
    WARTS_NUMBER(Sniff, 7, U8, stop_reason),
    WARTS_NUMBER(Sniff, 8, U32, limit_pkt_count),
    WARTS_OBJECT(Sniff, 9, Seconds16, limit_time),
    WARTS_NUMBER(Sniff, 10, U32, pkt_count),
    WARTS_NUMBER(Sniff, 11, U16, icmp_id),
    WARTS_TEXT(Sniff, 12, errmsg),
};

constexpr warts::Row<SniffPkt> kPktRows[] = {
    WARTS_OBJECT(SniffPkt, 1, Tv, rx),
    WARTS_SIZE_OF(SniffPkt, 2, 3, data_length, data),
    WARTS_SIZED_BYTES(SniffPkt, 3, data_length, data),
};

}  // namespace

bool ReadSniffParams(Cursor& body, ReadState& state, Sniff* out) {
  const size_t at = body.offset();
  if (!warts::ReadParams(kSniffRows, body, state, out)) return false;
  state.place.field = "src";
  return out->has_src() || state.Fail(at, "a source");
}

bool ReadSniff(Cursor& body, ReadState& state, Sniff* out) {
  if (!ReadSniffParams(body, state, out)) return false;
  const auto read = [](Cursor& c, ReadState& s, SniffPkt* pkt) {
    return warts::ReadParams(kPktRows, c, s, pkt);
  };
  if (!ReadItems("pkts", "packet", out->pkt_count(), body, state, out->mutable_pkts(), read))
    return false;
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteSniff(const Sniff& sniff, Writer& writer, WriteState& state) {
  state.place.field = "src";
  if (!sniff.has_src()) return state.Fail("must be present");
  if (!warts::WriteParams(kSniffRows, sniff, writer, state)) return false;
  const auto write = [](const SniffPkt& pkt, Writer& w, WriteState& s) {
    return warts::WriteParams(kPktRows, pkt, w, s);
  };
  if (!WriteItems("pkt_count", "packet", sniff.pkt_count(), sniff.pkts(), writer, state, write))
    return false;
  writer.Bytes(sniff.trailing());
  return true;
}

void VisitSniff(const Sniff& sniff, warts::AddressVisitor visit) {
  warts::VisitParams(kSniffRows, sniff, visit);
}

std::span<const warts::Row<Sniff>> SniffRows() { return kSniffRows; }
std::span<const warts::Row<SniffPkt>> SniffPktRows() { return kPktRows; }

}  // namespace scamper::records
